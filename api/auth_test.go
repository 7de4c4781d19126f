// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// writeSamples are requests that write, by method and route, and what they need.
var writeSamples = map[string]struct {
	target, body string
	status       int
}{
	"POST /v1/tokens":           {"/v1/tokens", `{"name": "Amt", "scopes": ["crawl"]}`, http.StatusCreated},
	"DELETE /v1/tokens/:token":  {"/v1/tokens/{token}", "", http.StatusNoContent},
	"PUT /v1/overrides/*id":     {"/v1/overrides/" + fullID, `{"field": "developmentStatus", "value": "beta", "reason": "Noch nicht fertig"}`, http.StatusOK},
	"DELETE /v1/overrides/*id":  {"/v1/overrides/" + fullID + "?field=licence", "", http.StatusOK},
	"PUT /v1/publishers/:id":    {"/v1/publishers/kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [{"url": "https://git.kiel.example"}]}`, http.StatusCreated},
	"DELETE /v1/publishers/:id": {"/v1/publishers/luebeck", "", http.StatusNoContent},
	"POST /v1/crawls":           {"/v1/crawls", `{"url": "https://github.com/nordland"}`, http.StatusAccepted},
}

// readingPosts change nothing that is kept for callers with a token, and take none.
var readingPosts = []string{"POST /v1/validate", "POST /v1/dossiers"}

// prepare keeps what the samples change, and tells what their addresses need.
func (o *office) prepare(t *testing.T) *strings.Replacer {
	t.Helper()
	token, _ := o.makeToken(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeCrawl}, Regions: []string{"DE-SH"}}, time.Time{})
	licence := registry.Override{Field: registry.OverrideLicence, Value: []byte(`"MIT"`), Reason: "Irrtum", By: "Amt", Time: time.Now()}
	luebeck := registry.ManagedPublisher{Publisher: registry.Publisher{ID: "luebeck", Name: "Lübeck", Region: "DE-SH"}}
	if err := o.PutDocuments(t.Context(), licence.Document(fullID, 0), luebeck.Document(0)); err != nil {
		t.Fatal(err)
	}
	if err := o.amend(t.Context(), fullID); err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("{token}", token.ID)
}

// TestNoWriteWithoutLeave sends every write there is with all that must not open it.
func TestNoWriteWithoutLeave(t *testing.T) {
	o := newOffice(t)
	fill := o.prepare(t)
	elsewhere := registry.Grant{Regions: []string{"DE-TH"}}
	expired := o.spoilt(t, func(token *registry.Token) { token.Expires = time.Now().Add(-time.Second) })
	revoked := o.spoilt(t, func(token *registry.Token) { token.Revoked = time.Now() })
	valid := o.token(t, registry.Grant{})
	other := strings.Repeat("a", 52)
	tokens := map[string]string{
		"none": "", "unknown": "almd_" + strings.Repeat("a", 12) + "_" + other, "wrong secret": valid[:len(valid)-52] + other,
		"expired": expired, "revoked": revoked, "no token": "abc", "like a JWT": "e30.e30.e30",
		"no scope": o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}}), "elsewhere": o.token(t, elsewhere),
	}
	before := o.kept(t)
	seen := 0
	for _, r := range new(api).routes() {
		name := r.method + " " + r.path
		if r.method == "" || slices.Contains(readingPosts, name) || r.compat() {
			continue
		}
		seen++
		sample, ok := writeSamples[name]
		if !ok { // that of another file: it is enough that nothing is written
			sample.target, sample.body = strings.NewReplacer("*id", fullID, ":id", "eins").Replace(r.path), `{}`
		}
		for who, token := range tokens {
			w := o.ask(t, r.method, fill.Replace(sample.target), token, sample.body)
			want := []int{http.StatusUnauthorized}
			if who == "no scope" || who == "elsewhere" {
				want = []int{http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest}
				if ok && who == "no scope" {
					want = want[:1]
				}
			}
			if !ok {
				want = append(want, http.StatusNotFound, http.StatusBadRequest, http.StatusForbidden)
			}
			if !slices.Contains(want, w.Code) {
				t.Errorf("%s with the token %q: status %d, want one of %v: %.200s", name, who, w.Code, want, w.Body)
			}
			if w.Code == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s with the token %q: WWW-Authenticate %q", name, who, w.Header().Get("WWW-Authenticate"))
			}
		}
	}
	if seen < len(writeSamples) {
		t.Errorf("%d writes were tried, and there are samples of %d", seen, len(writeSamples))
	}
	if diff := cmp.Diff(before, o.kept(t)); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
	if len(o.crawling.asked) > 0 {
		t.Errorf("asked for %v", o.crawling.asked)
	}
}

// compat reports a route of another API, which has tests of its own.
func (r route) compat() bool { return !strings.HasPrefix(r.path, "/v1/") }

// spoilt is the value of a token that was made and then changed.
func (o *office) spoilt(t *testing.T, change func(*registry.Token)) string {
	t.Helper()
	token, value := o.makeToken(t, registry.Grant{}, time.Time{})
	d, err := o.Document(t.Context(), registry.TokenDocument, token.ID)
	if err != nil {
		t.Fatal(err)
	}
	change(token)
	changed := token.Document()
	changed.Version = d.Version
	if err := o.PutDocuments(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestEveryWriteHasOneLine sends every sample with a token that may.
func TestEveryWriteHasOneLine(t *testing.T) {
	for name, sample := range writeSamples {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			fill := o.prepare(t)
			token, value := o.makeToken(t, registry.Grant{Regions: []string{"DE-SH"}}, time.Time{})
			body := strings.Replace(sample.body, `"scopes"`, `"regions": ["DE-SH"], "scopes"`, 1)
			method, _, _ := strings.Cut(name, " ")
			w := o.ask(t, method, fill.Replace(sample.target), value, body)
			if w.Code != sample.status {
				t.Fatalf("status %d, want %d: %s", w.Code, sample.status, w.Body)
			}
			if got := w.Header().Get("Cache-Control"); got != "private, no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			lines := o.lines(t)
			if len(lines) != 1 || lines[0].Actor != "token:"+token.ID || lines[0].Object == "" || lines[0].Action == "" {
				t.Errorf("audit log %+v", lines)
			}
		})
	}
}

func TestLastUseOfAToken(t *testing.T) {
	o := newOffice(t)
	token, value := o.makeToken(t, registry.Grant{}, time.Time{})
	used := func() (time.Time, int64) {
		d, err := o.Document(t.Context(), registry.TokenDocument, token.ID)
		if err != nil {
			t.Fatal(err)
		}
		read, err := registry.ReadDocument[registry.Token](d)
		if err != nil {
			t.Fatal(err)
		}
		return read.Used, d.Version
	}
	for range 3 {
		decode[tokenList](t, o.ask(t, http.MethodGet, "/v1/tokens", value, ""), http.StatusOK)
	}
	at, version := used()
	if at.IsZero() || version != 2 {
		t.Errorf("used %v, version %d: want one write", at, version)
	}
	// A store that takes no writes does not keep anybody out.
	ill := officeOver(t, unwritable{o.Documents})
	decode[tokenList](t, ill.ask(t, http.MethodGet, "/v1/tokens", value, ""), http.StatusOK)
}

type unwritable struct{ registry.Documents }

func (unwritable) PutDocuments(context.Context, ...*registry.Document) error {
	return fmt.Errorf("disk full")
}

// TestRevocationHolds has many write with a token while it is revoked: what begins
// after that opens nothing.
func TestRevocationHolds(t *testing.T) {
	o := newOffice(t)
	admin := o.token(t, registry.Grant{})
	token, value := o.makeToken(t, registry.Grant{}, time.Time{})
	var gone sync.WaitGroup
	revoked := make(chan struct{})
	for i := range 4 {
		gone.Go(func() {
			for n := 0; ; n++ {
				late := false
				select {
				case <-revoked:
					late = true
				default:
				}
				r := httptest.NewRequest(http.MethodPost, "/v1/tokens", strings.NewReader(fmt.Sprintf(`{"name": "Kind %d %d", "scopes": ["crawl"]}`, i, n)))
				r.Header.Set("Authorization", "Bearer "+value)
				r.Header.Set("Content-Type", typeJSON)
				w := serve(o, r)
				if late && w.Code != http.StatusUnauthorized {
					t.Errorf("after the revocation: status %d", w.Code)
				}
				if w.Code != http.StatusCreated && w.Code != http.StatusUnauthorized {
					t.Errorf("status %d: %s", w.Code, w.Body)
				}
				if late {
					return
				}
			}
		})
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			r := httptest.NewRequest(http.MethodDelete, "/v1/tokens/"+token.ID, nil)
			r.Header.Set("Authorization", "Bearer "+admin)
			if w := serve(o, r); w.Code != http.StatusNoContent {
				t.Errorf("revoke: status %d: %s", w.Code, w.Body)
			}
		})
	}
	both.Wait()
	close(revoked)
	gone.Wait()
	made, revocations := 0, 0
	for _, l := range o.lines(t) {
		switch l.Action {
		case "token.create":
			made++
		case "token.revoke":
			revocations++
		}
	}
	if children := len(o.kept(t)) - made - revocations - 2; children != made || revocations != 1 {
		t.Errorf("%d tokens were made and %d lines say so; %d lines of revocations", children, made, revocations)
	}
}

// TestSecretsStaySecret looks for the token in the log and in answers.
func TestSecretsStaySecret(t *testing.T) {
	var log bytes.Buffer
	documents := registrytest.NewDocuments()
	o := &office{Documents: documents, shelf: newShelf(), crawling: newCrawling()}
	o.Handler = handlerOf(t, o.shelf, Options{Documents: documents, Amend: o.amend, Crawling: o.crawling, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	value := o.token(t, registry.Grant{})
	made := decode[tokenItem](t, o.ask(t, http.MethodPost, "/v1/tokens", value, `{"name": "Neu", "scopes": ["audit"]}`), http.StatusCreated)
	if _, _, ok := registry.CutToken(made.Token); !ok {
		t.Fatalf("token %q", made.Token)
	}
	answers := o.ask(t, http.MethodGet, "/v1/tokens", value, "").Body.String() + o.ask(t, http.MethodGet, "/v1/audit-log", made.Token, "").Body.String() +
		o.ask(t, http.MethodGet, "/v1/tokens", value+"x", "").Body.String()
	for _, secret := range []string{value[len(value)-52:], made.Token[len(made.Token)-52:]} {
		if strings.Contains(answers+log.String(), secret) {
			t.Error("a secret is told again")
		}
		for at, body := range o.kept(t) {
			if strings.Contains(body, secret) {
				t.Errorf("a secret is kept in %s", at)
			}
		}
	}
}

func TestNodeThatTakesNoWrites(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for name, sample := range writeSamples {
		method, _, _ := strings.Cut(name, " ")
		w := send(t, h, method, sample.target, strings.NewReader(sample.body), "Content-Type", typeJSON, "Authorization", "Bearer abc")
		decode[problem](t, w, http.StatusNotFound)
	}
}

func TestPreflightOfWrites(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for target, methods := range map[string]string{
		"/v1/tokens": "GET, HEAD, POST, OPTIONS", "/v1/tokens/x": "DELETE, OPTIONS", "/v1/overrides/" + fullID: "GET, HEAD, PUT, DELETE, OPTIONS",
	} {
		w := ask(t, h, http.MethodOptions, target, "Origin", "https://page.example", "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "authorization")
		if got := w.Header().Get("Access-Control-Allow-Methods"); got != methods {
			t.Errorf("%s: methods %q, want %q", target, got, methods)
		}
		if got := w.Header().Get("Access-Control-Allow-Headers"); !strings.Contains(got, "Authorization") || !strings.Contains(got, "If-Match") {
			t.Errorf("%s: headers %q", target, got)
		}
		if w.Header().Get("Access-Control-Allow-Credentials") != "" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: credentials are spoken of", target)
		}
	}
}

func TestBearer(t *testing.T) {
	for name, tt := range map[string]struct {
		fields []string
		token  string
		ok     bool
	}{
		"none":          {nil, "", true},
		"plain":         {[]string{"Bearer abc"}, "abc", true},
		"any case":      {[]string{"bEARER   abc "}, "abc", true},
		"not for us":    {[]string{"Basic YTpi"}, "", true},
		"beside others": {[]string{"Basic YTpi", "Bearer abc"}, "abc", true},
		"two":           {[]string{"Bearer abc", "Bearer def"}, "", false},
		"empty":         {[]string{"Bearer "}, "", false},
		"two words":     {[]string{"Bearer a b"}, "", false},
		"no token68":    {[]string{"Bearer ä"}, "", false},
		"too long":      {[]string{"Bearer " + strings.Repeat("a", maxBearer+1)}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if token, ok := bearer(tt.fields); token != tt.token || ok != tt.ok {
				t.Errorf("token %q, %v", token, ok)
			}
		})
	}
}

// FuzzBearer sends any header: what is taken out of it is a token by its form, and
// opens nothing.
func FuzzBearer(f *testing.F) {
	for _, s := range []string{"Bearer abc", "bearer almd_aaaaaaaaaaaa_" + strings.Repeat("b", 52), "Basic x", "Bearer e30.e30.e30", "Bearer\t", ""} {
		f.Add(s)
	}
	o := newOffice(f)
	f.Fuzz(func(t *testing.T, field string) {
		token, ok := bearer([]string{field})
		if !ok && token != "" || len(token) > maxBearer || strings.ContainsFunc(token, notInToken) {
			t.Errorf("token %q, %v", token, ok)
		}
		r := httptest.NewRequest(http.MethodGet, "/v1/tokens", nil)
		r.Header["Authorization"] = []string{field}
		if w := serve(o, r); w.Code != http.StatusUnauthorized {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	})
}

// illTokens are documents of which the tokens cannot be read.
type illTokens struct {
	registry.Documents
	body []byte // of what is read in place of an error
}

func (i illTokens) Document(_ context.Context, kind registry.DocumentKind, key string) (*registry.Document, error) {
	if i.body != nil {
		return &registry.Document{Kind: kind, Key: key, Version: 1, Body: i.body}, nil
	}
	return nil, fmt.Errorf("disk on fire")
}

// TestNobodyPassesUnread lets nobody write while tokens cannot be read.
func TestNobodyPassesUnread(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	for name, tt := range map[string]struct {
		documents registry.Documents
		status    int
	}{
		"ill":     {illTokens{Documents: o.Documents}, http.StatusServiceUnavailable},
		"damaged": {illTokens{Documents: o.Documents, body: []byte(`[]`)}, http.StatusInternalServerError},
		"empty":   {illTokens{Documents: o.Documents, body: []byte(`{}`)}, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			p := decode[problem](t, officeOver(t, tt.documents).ask(t, http.MethodPost, "/v1/tokens", value, `{"name": "A", "scopes": ["crawl"]}`), tt.status)
			if strings.Contains(p.Detail, "fire") {
				t.Errorf("detail %q", p.Detail)
			}
		})
	}
	if lines := o.lines(t); len(lines) > 0 {
		t.Errorf("audit log %+v", lines)
	}
}
