// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Assistants are answered beside the API, with its headers, and no foreign page is.
func TestAssistants(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example"})
	for _, tt := range []struct {
		method, body, origin string
		status               int
		want                 string
	}{
		{"POST", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_software","arguments":{"id":"` + fullID + `"}}}`, "", 200, `https://katalog.example/software/github.com/nordland/Akte/`},
		{"POST", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_software","arguments":{"id":"` + fullID + `"}}}`, "https://fremd.example", 403, ""},
		{"GET", "", "", 405, ""},
		{"OPTIONS", "", "https://fremd.example", 405, ""},
		{"POST", "unsinn", "", 400, ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, "/mcp", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		w := serve(h, r)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s from %q: %d %.1000s", tt.method, tt.origin, w.Code, w.Body)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "" || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Cache-Control") == "" {
			t.Errorf("%s: headers %v", tt.method, w.Header())
		}
	}
}

func TestLLMs(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example"})
	text := get(t, h, "/llms.txt").Body.String()
	if !strings.HasPrefix(text, "# Allmende\n\n> ") {
		t.Errorf("it begins with %.80s", text)
	}
	links := 0
	for line := range strings.Lines(text) {
		_, rest, ok := strings.Cut(line, "](https://katalog.example")
		if !ok {
			continue
		}
		links++
		path, _, _ := strings.Cut(rest, ")")
		if path == "/" || path == "/mcp" || strings.Contains(path, "owner") {
			continue
		}
		if w := serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)); w.Code != http.StatusOK {
			t.Errorf("%s leads to %d", path, w.Code)
		}
	}
	if links < 10 {
		t.Errorf("%d links", links)
	}
}
