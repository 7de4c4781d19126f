// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// entityTag is the strong validator of a body (RFC 9110, section 8.8.3).
func entityTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// tagIn is the entity tag of an answer in a content coding: each has its own
// (RFC 9110, section 8.8.3.3), and can be told from that of another without the
// bytes.
func tagIn(etag, coding string) string {
	if etag == "" || coding == "" {
		return etag
	}
	return etag[:len(etag)-1] + "-" + coding + `"`
}

// tagOf is the entity tag without a content coding.
func tagOf(etag string) string {
	for _, coding := range codings {
		if whole, ok := strings.CutSuffix(etag, "-"+coding+`"`); ok {
			return whole + `"`
		}
	}
	return etag
}

// matches reports whether If-None-Match names the entity tag, see known.
func matches(fields []string, etag string) bool {
	_, ok := known(fields, etag)
	return ok
}

// known evaluates If-None-Match (RFC 9110, section 13.1.2) against the current
// entity tag: weak comparison, and * for any. The tag is the one that the client
// has the answer under: in whichever coding it does, the answer is the current one.
// A field that breaks the grammar matches as far as it could be read.
func known(fields []string, etag string) (tag string, ok bool) {
	for _, f := range fields {
		for f = strings.TrimLeft(f, " \t,"); f != ""; f = strings.TrimLeft(f, " \t,") {
			if f[0] == '*' {
				return etag, true
			}
			tag := strings.TrimPrefix(f, "W/")
			if tag[:min(1, len(tag))] != `"` {
				break
			}
			end := strings.IndexByte(tag[1:], '"')
			if end < 0 {
				break
			}
			f, tag = tag[end+2:], tag[:end+2]
			if tag == etag || tagOf(tag) == tagOf(etag) {
				return tag, true
			}
		}
	}
	return "", false
}
