// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// heldUp is a catalogue that says when it is asked for suggestions, and answers
// when it may.
type heldUp struct {
	Catalogue
	asked, answer chan struct{}
}

func (h heldUp) Suggest(ctx context.Context, typed string, n int) ([]registry.Suggestion, error) {
	h.asked <- struct{}{}
	select {
	case <-h.answer:
		return h.Catalogue.Suggest(ctx, typed, n)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// driveConduct asks for every documented operation of a node that is full and of
// one that has enough of who asks.
func driveConduct(t *testing.T) {
	t.Helper()
	c := theContract(t)
	slow := heldUp{newShelf(), make(chan struct{}), make(chan struct{})}
	full := handlerOf(t, slow, Options{Limits: Limits{Concurrent: 1}})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		get(t, full, "/v1/suggestions?q=A")
	}()
	<-slow.asked
	limited := handlerOf(t, newShelf(), Options{Limits: Limits{Requests: 1}})
	get(t, limited, "/v1/regions")
	for path, at := range c.paths() {
		for method := range c.at(at).(map[string]any) {
			if method == "servers" || path == "/livez" || path == "/readyz" {
				continue
			}
			method, target := strings.ToUpper(method), filled.Replace(path)
			waits := path == "/v1/changes" || path == "/v1/changes/events"
			if w := ask(t, full, method, target); w.Code != http.StatusServiceUnavailable && !waits {
				t.Errorf("%s %s of a full node: status %d", method, target, w.Code)
			}
			w := ask(t, limited, method, target)
			if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || w.Header().Get("RateLimit") == "" {
				t.Errorf("%s %s beyond the limit: status %d %v", method, target, w.Code, w.Header())
			}
		}
	}
	for _, path := range []string{"/livez", "/readyz"} {
		if w := get(t, limited, path); w.Code != http.StatusOK {
			t.Errorf("%s beyond the limit: status %d", path, w.Code)
		}
	}
	close(slow.answer)
	<-ended
	safe := handlerOf(t, newShelf(), Options{Security: Security{Contact: []string{"mailto:sicherheit@stadt.example"}}})
	w := get(t, safe, securityPath)
	get(t, safe, securityPath, "If-None-Match", w.Header().Get("ETag"))
}

func TestHeadersOfAllAnswers(t *testing.T) {
	want := map[string]string{
		"Api-Version": "1.0.0", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "cross-origin", "Cross-Origin-Opener-Policy": "same-origin",
	}
	for base, transport := range map[string]string{"": "", "http://katalog.example": "", "https://katalog.example": "max-age=31536000"} {
		h := handlerOf(t, newShelf(), Options{BaseURL: base})
		for path := range theContract(t).paths() {
			for _, method := range []string{http.MethodGet, http.MethodOptions, http.MethodDelete, "FEED"} {
				w := serve(h, httptest.NewRequest(method, filled.Replace(path), nil))
				for name, value := range want {
					if got := w.Header().Get(name); got != value {
						t.Errorf("%s %s: %s is %q, want %q", method, path, name, got, value)
					}
				}
				if got := w.Header().Get("Strict-Transport-Security"); got != transport {
					t.Errorf("%s: Strict-Transport-Security is %q, want %q", base, got, transport)
				}
				if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
					t.Errorf("%s %s: policy %q", method, path, csp)
				}
			}
		}
	}
}

// A handler that adds to a header of all answers changes none but its own.
func TestHeadersOfAllAreNotShared(t *testing.T) {
	all := headersOfAll("1.0.0", "")
	h := http.Header{}
	for name, value := range all {
		h[name] = value
	}
	h.Add("Content-Security-Policy", "more")
	h.Set("Referrer-Policy", "origin")
	if len(all["Content-Security-Policy"]) != 1 || all.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("changed to %v", all)
	}
}

func TestRequestID(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{Limits: Limits{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}})
	id := func(peer, given string) string {
		r := httptest.NewRequest(http.MethodGet, "/v1/regions", nil)
		r.RemoteAddr = peer
		if given != "" {
			r.Header.Set("X-Request-Id", given)
		}
		return serve(h, r).Header().Get("X-Request-Id")
	}
	if got := id("10.1.2.3:44", "proxy-17.a_B"); got != "proxy-17.a_B" {
		t.Errorf("the id of a proxy became %q", got)
	}
	own := regexp.MustCompile(`^[A-Z2-7]{26}$`)
	seen := map[string]bool{}
	for _, c := range [][2]string{
		{"192.0.2.1:44", "client"}, {"10.1.2.3:44", "a b"}, {"10.1.2.3:44", "<script>"}, {"10.1.2.3:44", strings.Repeat("a", 65)}, {"10.1.2.3:44", ""}, {"@", "x"},
	} {
		got := id(c[0], c[1])
		if !own.MatchString(got) || seen[got] {
			t.Errorf("peer %s with id %q: %q", c[0], c[1], got)
		}
		seen[got] = true
	}
}

func TestAccessLogHasNothingOfWhoAsks(t *testing.T) {
	var log bytes.Buffer
	h := handlerOf(t, newShelf(), Options{
		Logger: slog.New(slog.NewJSONHandler(&log, nil)),
		Limits: Limits{Requests: 1000, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
	})
	for _, path := range []string{"/v1/software?q=Geheimnis", "/v1/software/github.com/Geheimnis/b", "/Geheimnis"} {
		log.Reset()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("User-Agent", "Geheimnis")
		r.Header.Set("X-Forwarded-For", "203.0.113.77")
		r.Header.Set("Authorization", "Bearer Geheimnis")
		w := serve(h, r)
		var line map[string]any
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, &log)
		}
		for _, name := range []string{"request", "method", "route", "status", "bytes", "duration"} {
			if line[name] == nil {
				t.Errorf("no %s in %s", name, &log)
			}
		}
		if line["request"] != w.Header().Get("X-Request-Id") {
			t.Errorf("the log names the request %v, the answer %s", line["request"], w.Header().Get("X-Request-Id"))
		}
		if s := log.String(); strings.Contains(s, "Geheimnis") || strings.Contains(s, "203.0.113") || strings.Contains(s, "192.0.2") {
			t.Errorf("the log tells who asks, or for what: %s", s)
		}
	}
}

// Who handed over the request finds the route in it.
func TestRouteIsThePattern(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for path, want := range map[string]string{"/v1/software/github.com/a/b": "/v1/software/*id", "/livez": "/livez", "/nothing": ""} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if serve(h, r); r.Pattern != want {
			t.Errorf("%s: pattern %q, want %q", path, r.Pattern, want)
		}
	}
}

func TestTimeout(t *testing.T) {
	stuck := heldUp{newShelf(), make(chan struct{}, 1), make(chan struct{})}
	h := handlerOf(t, stuck, Options{Limits: Limits{Timeout: time.Millisecond}})
	if w := get(t, h, "/v1/suggestions?q=A"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", w.Code)
	}
}

// TestDesignRules holds the API against the API Design Rules of the Dutch
// government (NLGov REST API Design Rules 2.1), by the names of the rules. What the
// other tests of the contract hold already is not here: openapi, content types of
// problems, stateless.
func TestDesignRules(t *testing.T) {
	c := theContract(t)
	h := handlerOf(t, newShelf(), Options{})
	kebab := regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*|(publiccode|openapi)\.[a-z]+|\{[a-z][a-zA-Z0-9]*\}(\.[a-z]+)*|[a-z0-9-]+\.(csv|json|yaml|xml|atom|ndjson|txt|svg)(\.[a-z]+)?)$`)
	camel := regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	t.Run("core/uri-version", func(t *testing.T) {
		if url := c.at("#/servers").([]any)[0].(map[string]any)["url"]; url != "/v1" {
			t.Errorf("the server is %v", url)
		}
	})
	t.Run("core/semver", func(t *testing.T) {
		if v := c.at("#/info/version").(string); !regexp.MustCompile(`^1\.\d+\.\d+$`).MatchString(v) {
			t.Errorf("version %s under /v1", v)
		}
	})
	for path, at := range c.paths() {
		item := c.at(at).(map[string]any)
		_, outside := item["servers"] // what others have given form, and what is for people
		t.Run("core/naming-resources"+path, func(t *testing.T) {
			for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
				if !outside && !kebab.MatchString(segment) {
					t.Errorf("segment %q is not in kebab-case", segment)
				}
			}
			if path != referencePath && strings.HasSuffix(path, "/") {
				t.Error("a slash at the end")
			}
		})
		t.Run("core/no-trailing-slash"+path, func(t *testing.T) {
			if w := serve(h, httptest.NewRequest(http.MethodGet, strings.TrimRight(filled.Replace(path), "/")+"//", nil)); w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusBadRequest && w.Code != http.StatusUnauthorized {
				t.Errorf("with a slash at the end: status %d", w.Code)
			}
		})
		for method, operation := range item {
			o, ok := operation.(map[string]any)
			if !ok {
				continue
			}
			t.Run("core/http-methods "+method+path, func(t *testing.T) {
				if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
					t.Errorf("method %s", method)
				}
				w := serve(h, httptest.NewRequest(http.MethodOptions, filled.Replace(path), nil))
				if w.Code != http.StatusNoContent || !slices.Contains(strings.Split(w.Header().Get("Allow"), ", "), strings.ToUpper(method)) {
					t.Errorf("OPTIONS: status %d, Allow %q", w.Code, w.Header().Get("Allow"))
				}
			})
			t.Run("core/query-keys-camel-case "+method+path, func(t *testing.T) {
				parameters, _ := o["parameters"].([]any)
				for _, p := range parameters {
					_, m := c.deref(p.(map[string]any)["$ref"].(string))
					if name := m["name"].(string); m["in"] == "query" && !outside && !camel.MatchString(name) {
						t.Errorf("parameter %s", name)
					}
				}
			})
			t.Run("core/version-header "+method+path, func(t *testing.T) {
				if v := ask(t, h, strings.ToUpper(method), filled.Replace(path)).Header().Get("API-Version"); v != c.at("#/info/version") {
					t.Errorf("API-Version %q", v)
				}
			})
		}
	}
	t.Run("core/error-handling", func(t *testing.T) {
		p := decode[map[string]any](t, get(t, h, "/v1/software?perPage=many"), http.StatusBadRequest)
		for _, member := range []string{"status", "title", "detail"} {
			if p[member] == nil {
				t.Errorf("a problem without %s: %v", member, p)
			}
		}
	})
	t.Run("core/publish-openapi", func(t *testing.T) {
		w := get(t, h, "/openapi.json")
		if w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("status %d, %v", w.Code, w.Header())
		}
	})
}
