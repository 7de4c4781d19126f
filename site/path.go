// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

func publisherPath(id string) string { return "/publishers/" + url.PathEscape(id) + "/" }

func regionPath(code string) string { return "/regions/" + url.PathEscape(code) + "/" }

// usablePathSegment reports whether a string can be one segment of an address
// and the name of a directory alike.
func usablePathSegment(s string) bool {
	if s == "" || s == "." || s == ".." || s == "index.html" || len(s) > 200 || !utf8.ValidString(s) {
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
