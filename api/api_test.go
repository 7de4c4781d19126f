// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestNewRefuses(t *testing.T) {
	for name, opt := range map[string]Options{
		"no scheme":   {BaseURL: "catalogue.example"},
		"other":       {BaseURL: "ftp://catalogue.example"},
		"with query":  {BaseURL: "https://catalogue.example/?a=b"},
		"credentials": {BaseURL: "https://me:secret@catalogue.example/"},
		"unreadable":  {BaseURL: "https://[::1"},
	} {
		if _, err := New(newShelf(), opt); err == nil {
			t.Errorf("%s: base URL %q is accepted", name, opt.BaseURL)
		}
	}
	if _, err := New(nil, Options{}); err == nil {
		t.Error("no catalogue is accepted")
	}
}

func TestHeadIsGetWithoutBody(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, target := range []string{
		"/v1/software", "/v1/software/" + fullID, "/v1/publiccode/" + fullID, "/v1/publishers", "/v1/regions",
		"/v1/openapi.json", "/openapi.json", "/openapi.yaml", "/livez", "/readyz", "/v1/nothing", "/v1/software?perPage=0",
		"/v1/sboms/" + billHash, "/v1/dossiers?software=" + fullID, "/v1/dossiers/" + madeHash, "/v1/dossiers/" + madeHash + ".html",
		"/v1/history/" + fullID, "/v1/differences/" + fullID + "?from=2026-05-03&to=2026-05-06", "/v1/similar/" + fullID + "?limit=3",
		"/v1/suggestions?q=A", "/v1/changes?perPage=2", "/v1/statistics?from=2026-05-02",
		"/v1/dossiers/" + madeHash + ".spdx.json", "/v1/licences/explain?expression=MIT", "/v1/licences/numbers", "/v1/licences/MIT",
	} {
		full := get(t, h, target)
		head := ask(t, h, http.MethodHead, target)
		if head.Code != full.Code || head.Body.Len() != 0 {
			t.Errorf("HEAD %s: status %d with %d bytes, GET has status %d", target, head.Code, head.Body.Len(), full.Code)
		}
		for _, w := range []*httptest.ResponseRecorder{head, full} {
			w.Header().Del(headerRequestID) // every request has its own
		}
		if got, want := fmt.Sprint(head.Header()), fmt.Sprint(full.Header()); got != want {
			t.Errorf("HEAD %s: headers\n%s\nand for GET\n%s", target, got, want)
		}
		if got := full.Header().Get("Content-Length"); got != fmt.Sprint(full.Body.Len()) {
			t.Errorf("GET %s: Content-Length %s for %d bytes", target, got, full.Body.Len())
		}
	}
}

func TestOptions(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, target := range []string{"/v1/software", "/v1/software/" + fullID, "/v1/publiccode/" + fullID, "/livez", "/openapi.json"} {
		w := ask(t, h, http.MethodOptions, target, "Origin", "https://page.example", "Access-Control-Request-Method", "GET")
		if w.Code != http.StatusNoContent || w.Body.Len() != 0 {
			t.Errorf("OPTIONS %s: status %d, %d bytes", target, w.Code, w.Body.Len())
		}
		for name, want := range map[string]string{
			"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
			"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("OPTIONS %s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
	if got := ask(t, h, http.MethodOptions, "/v1/dossiers").Header().Get("Access-Control-Allow-Methods"); got != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("OPTIONS of the dossiers: methods %q", got)
	}
	w := ask(t, h, http.MethodOptions, "/v1/validate", "Origin", "https://page.example", "Access-Control-Request-Method", "POST")
	if got := w.Header().Get("Access-Control-Allow-Methods"); w.Code != http.StatusNoContent || got != "POST, OPTIONS" || got != w.Header().Get("Allow") {
		t.Errorf("OPTIONS of the validation: status %d, methods %q", w.Code, got)
	}
	if w := ask(t, h, http.MethodOptions, "/nothing"); w.Code != http.StatusNotFound {
		t.Errorf("OPTIONS of nothing: status %d", w.Code)
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} {
		for _, target := range []string{"/v1/software", "/v1/software/" + fullID, "/readyz", "/v1/dossiers/" + madeHash, "/v1/licences/explain"} {
			w := ask(t, h, method, target)
			p := decode[problem](t, w, http.StatusMethodNotAllowed)
			if p.Title != "Method Not Allowed" || p.Instance != target || w.Header().Get("Content-Type") != typeProblem {
				t.Errorf("%s %s: %+v as %s", method, target, p, w.Header().Get("Content-Type"))
			}
			allowed := strings.Split(w.Header().Get("Allow"), ", ")
			slices.Sort(allowed)
			if want := []string{"GET", "HEAD", "OPTIONS"}; !slices.Equal(allowed, want) {
				t.Errorf("%s %s: Allow %v", method, target, allowed)
			}
		}
	}
}

func TestEveryAnswerIsProtected(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, target := range []string{"/v1/software", "/v1/software?x=y", "/nothing", "/openapi.yaml", "/v1/publiccode/" + fullID, "/livez", "/v1/dossiers/" + madeHash, "/v1/licences/explain"} {
		w := get(t, h, target)
		for name, want := range map[string]string{
			"X-Content-Type-Options":      "nosniff",
			"Content-Security-Policy":     "default-src 'none'; frame-ancestors 'none'",
			"Referrer-Policy":             "no-referrer",
			"Access-Control-Allow-Origin": "*",
			"API-Version":                 "1.0.0",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, target := range []string{
		"/v1/software?perPage=3", "/v1/software/" + fullID, "/v1/publiccode/" + fullID, "/v1/publishers", "/v1/regions", "/openapi.json", "/v1/openapi.yaml",
		"/v1/sboms/" + billHash, "/v1/dossiers?software=" + fullID, "/v1/dossiers/" + madeHash, "/v1/dossiers/" + madeHash + ".html?lang=en",
		"/v1/history/" + fullID, "/v1/history/" + goneID, "/v1/differences/" + fullID + "?from=2026-05-03&to=2026-05-06", "/v1/software/" + fullID + "?at=2026-05-05",
		"/v1/similar/" + fullID, "/v1/suggestions?q=A", "/v1/changes", "/v1/statistics", "/v1/statistics.csv",
		"/v1/dossiers/" + madeHash + ".spdx.json", "/v1/licences/compatibility?situation=use&licence=MIT", "/v1/licences/numbers", "/v1/licences/MIT",
	} {
		first := get(t, h, target)
		tag := first.Header().Get("ETag")
		if entityTag(first.Body.Bytes()) != tag {
			t.Errorf("%s: ETag %s is not the hash of the body", target, tag)
		}
		for _, header := range []string{tag, "*", "W/" + tag, `"other", ` + tag, `W/"other",,` + tag + ` , "more"`} {
			w := get(t, h, target, "If-None-Match", header)
			if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
				t.Errorf("%s with If-None-Match %s: status %d, %d bytes", target, header, w.Code, w.Body.Len())
			}
			for _, name := range []string{"ETag", "Cache-Control", "Vary"} {
				if got, want := w.Header().Get(name), first.Header().Get(name); got != want {
					t.Errorf("%s: %s of 304 is %q, of 200 %q", target, name, got, want)
				}
			}
		}
		for _, header := range []string{`"other"`, strings.Trim(tag, `"`), `"`, `W/`, ``, `other, ` + tag} {
			if w := get(t, h, target, "If-None-Match", header); w.Code != http.StatusOK {
				t.Errorf("%s with If-None-Match %q: status %d", target, header, w.Code)
			}
		}
	}
	german := get(t, h, "/v1/software/"+fullID).Header().Get("ETag")
	if w := get(t, h, "/v1/software/"+fullID, "If-None-Match", german, "Accept-Language", "en"); w.Code != http.StatusOK {
		t.Errorf("the ETag of the German form matches the English one: status %d", w.Code)
	}
}

func TestPanicsStayInside(t *testing.T) {
	var log bytes.Buffer
	h := handlerOf(t, panicking{}, Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	w := get(t, h, "/v1/software?q=krankheit")
	p := decode[problem](t, w, http.StatusInternalServerError)
	if strings.Contains(w.Body.String(), "machine room") || strings.Contains(w.Body.String(), ".go") || p.Detail == "" {
		t.Errorf("problem is %s", w.Body)
	}
	if !strings.Contains(log.String(), "machine room") || !strings.Contains(log.String(), "catalogue_test.go") {
		t.Errorf("the log does not tell the cause: %s", &log)
	}
}

func TestAbortedAnswersAreLeftToTheServer(t *testing.T) {
	h := handlerOf(t, aborting{}, Options{})
	defer func() {
		if r := recover(); r != http.ErrAbortHandler {
			t.Errorf("recovered %v, want http.ErrAbortHandler", r)
		}
	}()
	get(t, h, "/v1/software")
}

func TestAccessLogHasNoPersonalData(t *testing.T) {
	var log bytes.Buffer
	h := handlerOf(t, newShelf(), Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/software?q=krankheit", nil)
	r.RemoteAddr = "198.51.100.7:4711"
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	r.Header.Set("User-Agent", "Browser of somebody")
	h.ServeHTTP(httptest.NewRecorder(), r)
	line := log.String()
	for _, want := range []string{`"method":"GET"`, `"route":"/v1/software"`, `"status":200`, `"duration":`} {
		if !strings.Contains(line, want) {
			t.Errorf("log has no %s: %s", want, line)
		}
	}
	for _, secret := range []string{"198.51.100.7", "203.0.113.9", "krankheit", "somebody"} {
		if strings.Contains(line, secret) {
			t.Errorf("log has %s: %s", secret, line)
		}
	}

	log.Reset()
	get(t, h, "/v1/software/"+strings.Repeat("long/", 2000)+"%0Aforged=line")
	if strings.Count(log.String(), "\n") != 1 || log.Len() > 1000 {
		t.Errorf("a long path makes a log of %d bytes in %d lines", log.Len(), strings.Count(log.String(), "\n"))
	}
}

func TestHealth(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for target, want := range map[string]string{
		"/livez":  `{"status":"live"}`,
		"/readyz": `{"status":"ready","revision":17}`,
	} {
		w := get(t, h, target)
		if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusOK || got != want || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s, want %s", target, w.Code, got, want)
		}
	}
	h = handlerOf(t, failing{fmt.Errorf("disk on fire")}, Options{})
	if w := get(t, h, "/livez"); w.Code != http.StatusOK {
		t.Errorf("livez depends on the catalogue: status %d", w.Code)
	}
	w := get(t, h, "/readyz")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "fire") {
		t.Errorf("readyz of a broken catalogue: %d %s", w.Code, w.Body)
	}
}
