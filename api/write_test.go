// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func TestBodyIsRefused(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	large := `{"url": "` + strings.Repeat("a", maxBody) + `"}`
	for name, tt := range map[string]struct {
		media, encoding, body string
		status                int
		code, at              string
	}{
		"no type":         {"", "", `{}`, http.StatusUnsupportedMediaType, "", ""},
		"a form":          {"application/x-www-form-urlencoded", "", `url=a`, http.StatusUnsupportedMediaType, "", ""},
		"text":            {"text/plain", "", `{}`, http.StatusUnsupportedMediaType, "", ""},
		"compressed":      {typeJSON, "gzip", `{}`, http.StatusUnsupportedMediaType, "", ""},
		"with a charset":  {typeJSON + "; charset=utf-8", "identity", `{"url": "https://github.com/nordland"}`, http.StatusAccepted, "", ""},
		"too large":       {typeJSON, "", large, http.StatusRequestEntityTooLarge, "", ""},
		"nothing":         {typeJSON, "", ``, http.StatusBadRequest, codeMalformed, ""},
		"no JSON":         {typeJSON, "", `{"url": `, http.StatusBadRequest, codeMalformed, "/url"},
		"a list":          {typeJSON, "", `[]`, http.StatusBadRequest, codeMalformed, ""},
		"a number":        {typeJSON, "", `{"url": 1}`, http.StatusBadRequest, codeMalformed, "/url"},
		"unknown":         {typeJSON, "", `{"url": "a", "uri": "b"}`, http.StatusBadRequest, codeUnknown, "/uri"},
		"another case":    {typeJSON, "", `{"URL": "a"}`, http.StatusBadRequest, codeUnknown, "/URL"},
		"twice":           {typeJSON, "", `{"url": "a", "url": "b"}`, http.StatusBadRequest, codeRepeated, "/url"},
		"two values":      {typeJSON, "", `{"url": "a"} {}`, http.StatusBadRequest, codeMalformed, ""},
		"no UTF-8":        {typeJSON, "", "{\"url\": \"\xff\"}", http.StatusBadRequest, codeMalformed, "/url"},
		"a name to repel": {typeJSON, "", `{"<script>\u0007": 1}`, http.StatusBadRequest, codeUnknown, "/<script>?"},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{"Authorization", "Bearer " + value}
			if tt.media != "" {
				headers = append(headers, "Content-Type", tt.media)
			}
			if tt.encoding != "" {
				headers = append(headers, "Content-Encoding", tt.encoding)
			}
			w := send(t, o, http.MethodPost, "/v1/crawls", strings.NewReader(tt.body), headers...)
			if tt.status == http.StatusAccepted && w.Code == tt.status {
				return
			}
			p := decode[problem](t, w, tt.status)
			if tt.code == "" {
				return
			}
			if len(p.Errors) != 1 || p.Errors[0].In != "body" || p.Errors[0].Code != tt.code {
				t.Fatalf("faults %+v", p.Errors)
			}
			at := ""
			if l := p.Errors[0].Location; l != nil {
				at = l.Pointer
			}
			if at != tt.at {
				t.Errorf("pointer %q, want %q", at, tt.at)
			}
		})
	}
}

// FuzzDecodeBody holds that what is taken can be written and read again, and what is
// not is one fault in the body.
func FuzzDecodeBody(f *testing.F) {
	for _, s := range []string{
		`{"name": "A", "scopes": ["crawl"], "regions": ["DE"]}`, `{"field": "licence", "value": {"a": [1]}, "reason": ""}`, `{"name": 1}`,
		`{"sources": [{"url": "a", "x": 1}]}`, `{"a": 1, "a": 2}`, `[`, "\xff", `{"~/": 1}`, strings.Repeat("[", 20_000),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, v := range []any{&newToken{}, &newOverride{}, &newManaged{}, &newCrawl{}, &newWebhook{}, &webhookChange{}} {
			err := decodeBody(src, v)
			if err == nil {
				again, err := json.Marshal(v)
				if err != nil {
					t.Fatalf("%T: %v", v, err)
				}
				if err := decodeBody(again, v); err != nil {
					t.Errorf("%T: %s is not taken again: %v", v, again, err)
				}
				continue
			}
			var p *problem
			if !errors.As(err, &p) || p.Status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].In != "body" || !readable(p.Detail, 1000) {
				t.Errorf("%T: %v", v, err)
			}
		}
	})
}

// TestWritesThatCollide tells one of two that somebody else was there, and not that
// it is done.
func TestWritesThatCollide(t *testing.T) {
	o := officeOver(t, &colliding{Documents: registrytest.NewDocuments()})
	value := o.token(t, registry.Grant{})
	o.Documents.(*colliding).left = 2
	body := `{"field": "developmentStatus", "value": "beta", "reason": "R"}`
	decode[fieldList](t, o.ask(t, http.MethodPut, overridesOfFull, value, body), http.StatusOK)
	o.Documents.(*colliding).left = 1000
	decode[problem](t, o.ask(t, http.MethodPut, overridesOfFull, value, body), http.StatusServiceUnavailable)
}

// colliding are documents that others write just before, a number of times.
type colliding struct {
	registry.Documents
	left int
}

func (c *colliding) PutDocuments(ctx context.Context, documents ...*registry.Document) error {
	if documents[0].Kind == registry.OverrideDocument && c.left > 0 {
		c.left--
		return registry.ErrConflict
	}
	return c.Documents.PutDocuments(ctx, documents...)
}

// driveWriting drives the operations that write, and those that show what was
// written, into every documented status.
func driveWriting(t *testing.T) {
	documents := registrytest.NewDocuments()
	o := officeOver(t, documents)
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	o.shelf.states = map[string]*registry.SourceState{
		"https://github.com/nordland": {Started: at, Finished: at, Next: at, Error: "asleep", Repositories: 1},
	}
	value := o.token(t, registry.Grant{})
	bounded := o.token(t, registry.Grant{Regions: []string{"DE-TH"}})
	scopeless := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}, Organisation: "https://amt.example/"})
	kiel := `{"name": "Kiel", "region": "DE-SH", "uri": "https://kiel.example/", "sources": [{"url": "https://git.kiel.example", "exclude": ["a/*"], "folders": ["b"]}]}`
	override := `{"field": "licence", "value": "MIT", "reason": "R"}`
	requests := []struct{ method, target, body string }{
		{http.MethodPut, "/v1/publishers/kiel", kiel},
		{http.MethodPut, "/v1/publishers/kiel", kiel},
		{http.MethodPost, "/v1/tokens", `{"name": "Amt", "scopes": ["crawl"], "regions": ["DE-SH"], "organisation": "https://amt.example/", "expires": "90d"}`},
		{http.MethodPost, "/v1/crawls", `{"url": "https://github.com/nordland"}`},
		{http.MethodPut, overridesOfFull, override},
		{http.MethodGet, "/v1/software/" + fullID, ""},
		{http.MethodGet, overridesOfFull, ""},
		{http.MethodGet, "/v1/tokens", ""},
		{http.MethodGet, "/v1/audit-log", ""},
		{http.MethodGet, "/v1/sources", ""},
		{http.MethodGet, "/v1/publishers/kiel", ""},
		{http.MethodDelete, overridesOfFull + "?field=licence", ""},
		{http.MethodDelete, "/v1/tokens/nichts", ""},
		{http.MethodDelete, "/v1/publishers/kiel", ""},
	}
	for _, r := range requests {
		o.ask(t, r.method, r.target, value, r.body)
	}
	gone, _ := o.makeToken(t, registry.Grant{}, time.Time{})
	valid, _ := o.makeToken(t, registry.Grant{}, time.Time{})
	o.ask(t, http.MethodDelete, "/v1/tokens/"+gone.ID, value, "")
	o.ask(t, http.MethodGet, "/v1/tokens", value, "")

	luebeck := registry.ManagedPublisher{Publisher: registry.Publisher{ID: "kiel", Name: "Kiel", Region: "DE-SH"}}
	if err := documents.PutDocuments(t.Context(), luebeck.Document(0)); err != nil {
		t.Fatal(err)
	}
	ill := officeOver(t, ailing{documents, errors.New("disk on fire")})
	slow := officeOver(t, ailing{documents, fmt.Errorf("read: %w", context.DeadlineExceeded)})
	bare := &office{Handler: handlerOf(t, o.shelf, Options{})}
	for _, f := range []*office{ill, slow} {
		f.crawling.err = f.Documents.(ailing).err
		f.shelf.states = nil
	}
	for _, r := range requests {
		for _, token := range []string{"", bounded, scopeless} {
			o.ask(t, r.method, r.target, token, r.body)
		}
		o.ask(t, r.method, r.target+"?surprise=1", value, r.body)
		bare.ask(t, r.method, r.target, value, r.body)
		for _, f := range []*office{ill, slow} {
			f.ask(t, r.method, r.target, value, r.body)
		}
		o.ask(t, r.method, r.target, value, r.body, "If-Match", `"other"`)
		if etag := o.ask(t, http.MethodGet, r.target, value, "").Header().Get("ETag"); r.method == http.MethodGet && etag != "" {
			o.ask(t, r.method, r.target, value, "", "If-None-Match", etag)
		}
		if r.body == "" {
			continue
		}
		o.ask(t, r.method, r.target, value, `{"surprise": 1}`)
		o.ask(t, r.method, r.target, value, `"`+strings.Repeat("a", maxBody)+`"`)
		send(t, o, r.method, r.target, strings.NewReader(r.body), "Authorization", "Bearer "+value, "Content-Type", "text/plain")
	}
	for _, id := range []string{movedID, goneID, "github.com/nobody/nothing"} {
		o.ask(t, http.MethodPut, "/v1/overrides/"+id, value, override)
		o.ask(t, http.MethodDelete, "/v1/overrides/"+id+"?field=licence", value, "")
	}
	for _, h := range []*office{ill, slow, o} {
		h.ask(t, http.MethodDelete, "/v1/publishers/nord", value, "")
		h.ask(t, http.MethodPut, "/v1/publishers/nord", value, kiel)
		h.ask(t, http.MethodGet, "/v1/publishers/nord", "", "")
		h.ask(t, http.MethodDelete, "/v1/tokens/"+valid.ID, value, "")
	}
}
