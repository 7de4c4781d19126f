// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"mime"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// compressed sends what is text by gzip or zstd to clients that take it; a page
// is a fifth as long then. It is for the site alone, whose entity tags are weak
// and so hold for every encoding (RFC 9110, section 8.8.1); the API has its own
// answers made beforehand.
func compressed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypeFilter(textual))
	if err != nil {
		return nil, err
	}
	return wrap(h), nil
}

// textual reports whether content of a type gets shorter by compression: fonts,
// pictures but drawings, and what is compressed already do not.
func textual(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "xml") || strings.HasSuffix(t, "json") || strings.HasSuffix(t, "javascript"))
}
