// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package folder

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

const gitFolder = ".git"

// The bounds of what is read of a .git.
const (
	maxConfig = 256 << 10
	maxRef    = 4 << 10
	maxPacked = 16 << 20
)

// head is what .git says of the working tree.
type head struct {
	branch string // "" where HEAD leads to a commit of none
	commit string // in hex; "" where it cannot be told
}

// readHead follows HEAD as gitrepository-layout(5) says. A .git that is a file
// leads elsewhere, as that of a linked working tree does, and is not followed;
// nor are references in a database of their own (reftable).
func readHead(root *os.Root) (h head) {
	text := string(bytes.TrimSpace(content(root, gitFolder+"/HEAD", maxRef)))
	ref, symbolic := strings.CutPrefix(text, "ref:")
	if !symbolic {
		if isHash(text) {
			h.commit = text
		}
		return h
	}
	ref = strings.TrimSpace(ref)
	if !strings.HasPrefix(ref, "refs/") || !fs.ValidPath(ref) {
		return h
	}
	if branch, ok := strings.CutPrefix(ref, "refs/heads/"); ok && branch != ".invalid" {
		h.branch = strings.ToValidUTF8(branch, "\uFFFD")
	}
	if hash := string(bytes.TrimSpace(content(root, gitFolder+"/"+ref, maxRef))); isHash(hash) {
		h.commit = hash
		return h
	}
	for line := range bytes.SplitSeq(content(root, gitFolder+"/packed-refs", maxPacked), []byte("\n")) {
		hash, name, ok := strings.Cut(string(bytes.TrimSpace(line)), " ")
		if ok && name == ref && isHash(hash) {
			h.commit = hash
		}
	}
	return h
}

func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// origin is the web address of the remote called origin; "" where there is
// none, or it is none of the web. User and password are left out.
func origin(root *os.Root) string {
	address := remote(content(root, gitFolder+"/config", maxConfig))
	id, err := registry.ParseID(address)
	if err != nil {
		return ""
	}
	scheme := "https"
	if u, err := url.Parse(address); err == nil && u.Scheme == "http" {
		scheme = u.Scheme
	}
	return scheme + "://" + string(id)
}

// remote finds the address of the remote called origin in a configuration
// (git-config(1), "CONFIGURATION FILE"), without what it includes. Where there
// are several the first counts, as with git fetch.
func remote(config []byte) string {
	inside := false
	for line := range strings.SplitSeq(string(config), "\n") {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "["); ok {
			section, after, closed := strings.Cut(rest, "]")
			kind, name, _ := strings.Cut(section, " ")
			inside = closed && strings.EqualFold(kind, "remote") && strings.TrimSpace(name) == `"origin"`
			line = strings.TrimSpace(after)
		}
		key, value, ok := strings.Cut(line, "=")
		if inside && ok && strings.EqualFold(strings.TrimSpace(key), "url") {
			return unquote(strings.TrimSpace(value))
		}
	}
	return ""
}

// unquote reads a value: quotation marks are left out, a backslash keeps what is
// behind it, and a comment ends it.
func unquote(value string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value):
			i++
			b.WriteByte(value[i])
		case c == '"':
			quoted = !quoted
		case (c == '#' || c == ';') && !quoted:
			return strings.TrimSpace(b.String())
		default:
			b.WriteByte(c)
		}
	}
	return strings.TrimSpace(b.String())
}

// content is a file of at most limit bytes; nil where it cannot be read.
func content(root *os.Root, name string, limit int64) []byte {
	b, err := read(root, name, limit)
	if err != nil {
		return nil
	}
	return b
}
