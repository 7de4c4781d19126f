// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCompressed(t *testing.T) {
	const tag = `W/"1"`
	h, err := compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(strings.Repeat("Verwaltung ", 500)))
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		contentType, accepted, known string
		encoding                     string
		status                       int
	}{
		{"text/html; charset=utf-8", "gzip, deflate, br", "", "gzip", 200},
		{"text/html; charset=utf-8", "gzip, zstd", "", "zstd", 200},
		{"text/html; charset=utf-8", "", "", "", 200},
		{"text/html; charset=utf-8", "gzip;q=0", "", "", 200},
		{"text/html; charset=utf-8", "gzip", tag, "", 304},
		{"image/svg+xml", "gzip", "", "gzip", 200},
		{"application/opensearchdescription+xml", "gzip", "", "gzip", 200},
		{"font/woff2", "gzip", "", "", 200},
		{"image/png", "gzip", "", "", 200},
		{"application/gzip", "gzip", "", "", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = "type=" + strings.NewReplacer("+", "%2B", " ", "%20", ";", "%3B").Replace(test.contentType)
		r.Header.Set("Accept-Encoding", test.accepted)
		r.Header.Set("If-None-Match", test.known)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Header()
		if w.Code != test.status || got.Get("Content-Encoding") != test.encoding || got.Get("ETag") != tag || got.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s for %q: %d, encoding %q, tag %s, vary %q", test.contentType, test.accepted, w.Code, got.Get("Content-Encoding"), got.Get("ETag"), got.Get("Vary"))
		}
		if length := w.Body.Len(); test.encoding != "" && length > 1000 {
			t.Errorf("%s for %q: %d bytes", test.contentType, test.accepted, length)
		}
	}
}
