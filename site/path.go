// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// languages of the site. The first is at /, each other under its name.
var languages = []string{"de", "en"}

// localPath puts a path ("/software/") under its language.
func localPath(lang, path string) string {
	if lang == languages[0] {
		return path
	}
	return "/" + lang + path
}

// splitLanguage is the inverse of localPath.
func splitLanguage(path string) (lang, rest string) {
	for _, l := range languages[1:] {
		if rest, ok := strings.CutPrefix(path, "/"+l+"/"); ok {
			return l, "/" + rest
		}
	}
	return languages[0], path
}

// softwarePath is the address of an entry's page, escaped for a link; ok is
// false where the ID cannot be both a path on the web and one in a file system.
func softwarePath(id registry.ID) (path string, ok bool) {
	segments := strings.Split(string(id), "/")
	if len(segments) < 2 || segments[0] == "page" {
		return "", false
	}
	if !slices.ContainsFunc(segments, func(s string) bool { return !usablePathSegment(s) }) {
		return "/software/" + id.EscapedPath() + "/", true
	}
	return "", false
}

// historyPath is the address of the page of an entry's changes; see
// softwarePath.
func historyPath(id registry.ID) (path string, ok bool) {
	path, ok = softwarePath(id)
	return strings.Replace(path, "/software/", "/history/", 1), ok
}

// partPath is the address of the n-th page, from 1, of a list that begins at path.
func partPath(path string, n int) string {
	if n == 1 {
		return path
	}
	return path + "page/" + strconv.Itoa(n) + "/"
}

func publisherPath(id string) string { return "/publishers/" + url.PathEscape(id) + "/" }

func regionPath(code string) string { return "/regions/" + url.PathEscape(code) + "/" }

const (
	categoriesPath = "/categories/"
	standardsPath  = "/standards/"
)

// categoryPath is the address of the page about a category, standardPath that of
// one about what supports names; "" for a value that has none, see segmentOf.
func categoryPath(code string) string { return valuePath(categoriesPath, categoryKey(code)) }

func standardPath(value string) string { return valuePath(standardsPath, standardKey(value)) }

func valuePath(section, key string) string {
	if key == "" {
		return ""
	}
	return section + url.PathEscape(key) + "/"
}

// categoryKey and standardKey are the last segment of the address of a value.
// Values that differ in nothing but letter case share one, and so do an alias of
// the standard and the address that it stands for.
func categoryKey(code string) string { return segmentOf(code) }

func standardKey(value string) string {
	return segmentOf(cmp.Or(strings.TrimPrefix(publiccode.SupportAlias(value), "alias:"), value))
}

// maxSegment bounds what can be read of a value in its address, in bytes.
const maxSegment = 80

// segmentOf is a segment of an address for a value of a file, which may hold
// anything. It is the value itself in lower case where that is a plain word; else
// what can be read of it and, behind a sign that no plain word has, a checksum,
// so that no two values share one. Texts longer than a line have none.
func segmentOf(value string) string {
	folded := strings.ToLower(norm.NFC.String(strings.TrimSpace(strings.ToValidUTF8(value, "\uFFFD"))))
	if folded == "" || len(value) > maxLine {
		return ""
	}
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.' || r == '+'
	}
	readable := strings.Join(strings.FieldsFunc(folded, func(r rune) bool { return !plain(r) }), "-")
	readable = strings.Trim(strings.ToValidUTF8(readable[:min(len(readable), maxSegment)], ""), "-.")
	if readable == folded && usablePathSegment(readable) {
		return readable
	}
	sum := sha256.Sum256([]byte(folded))
	return readable + "~" + hex.EncodeToString(sum[:6])
}

// usablePathSegment reports whether a string can be one segment of an address
// and the name of a directory alike.
func usablePathSegment(s string) bool {
	if s == "" || s == "." || s == ".." || s == "index.html" || s == previewName || s == dataName || len(s) > 200 || !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r == '/' || r == '\\' || unicode.IsControl(r)
	})
}

// filePath is the file that holds the page at an escaped path, relative to the
// root of the site, with slashes.
func filePath(path string) (string, error) {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return "", err
	}
	plain = strings.TrimPrefix(plain, "/")
	if plain == "" || strings.HasSuffix(plain, "/") {
		plain += "index.html"
	}
	return plain, nil
}

// webLink returns a URL of the catalogue's data where it is safe to follow:
// absolute, http or https, with a host; "" otherwise.
func webLink(raw string) string {
	if len(raw) > 2000 {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
