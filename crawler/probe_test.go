// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

func TestProbe(t *testing.T) {
	answers := func(byPath map[string]string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			answer, ok := byPath[r.URL.Path]
			if !ok {
				answer = `404 {"message":"Not Found"}`
			}
			status, body, _ := strings.Cut(answer, " ")
			w.WriteHeader(map[string]int{"200": 200, "401": 401, "404": 404}[status])
			_, _ = io.WriteString(w, body)
		}
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		kind    string // "" is an error
	}{
		"Forgejo":                   {answers(map[string]string{"/api/v1/version": `200 {"version":"13.0.2+gitea-1.22.0"}`}), crawler.Forgejo},
		"GitLab for strangers":      {answers(map[string]string{"/api/v4/version": `401 {"message":"401 Unauthorized"}`}), crawler.GitLab},
		"GitLab with a token":       {answers(map[string]string{"/api/v4/version": `200 {"version":"18.1.0","revision":"a"}`}), crawler.GitLab},
		"GitHub":                    {answers(nil, "X-GitHub-Request-Id", "AB:12"), crawler.GitHub},
		"GitHub behind a proxy":     {answers(map[string]string{"/api/v3/meta": `200 {"installed_version":"3.14"}`}), crawler.GitHub},
		"below a path":              {answers(map[string]string{"/code/api/v4/version": `401 {"message":"401 Unauthorized"}`}), crawler.GitLab},
		"something else":            {answers(nil), ""},
		"page for every address":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<h1>Hi</h1>") }, ""},
		"wants to know who asks":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, ""},
		"Forgejo with a bad token":  {answers(map[string]string{"/api/v1/version": `401 {"message":"user does not exist"}`, "/api/v4/version": `401 {"message":"user does not exist"}`}), ""},
		"version that is no string": {answers(map[string]string{"/api/v1/version": `200 {"version":1}`}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tt.handler)
			defer server.Close()
			base, _ := url.Parse(server.URL)
			if name == "below a path" {
				base = base.JoinPath("code")
			}
			kind, err := crawler.Probe(t.Context(), server.Client(), base)
			if kind != tt.kind || (err == nil) != (tt.kind != "") {
				t.Errorf("got %q, %v", kind, err)
			}
			if err != nil && (!errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), "kind")) {
				t.Errorf("the error does not help: %v", err)
			}
		})
	}
}

func TestProbeByHost(t *testing.T) {
	for _, address := range []string{"https://bitbucket.org", "https://www.Bitbucket.org/amt"} {
		base, _ := url.Parse(address)
		if kind, err := crawler.Probe(t.Context(), nil, base); err != nil || kind != crawler.Bitbucket {
			t.Errorf("%s: %q, %v", address, kind, err)
		}
	}
}

func TestProbeOfAnAddressThatIsRefused(t *testing.T) {
	base, _ := url.Parse("http://127.0.0.1:1")
	_, err := crawler.Probe(t.Context(), fetch.New(fetch.Options{}).HTTP(), base)
	if !errors.Is(err, fetch.ErrGuarded) || strings.Count(err.Error(), "allowPrivate") != 1 {
		t.Errorf("got %v", err)
	}
}
