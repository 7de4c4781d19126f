// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func TestMakeToken(t *testing.T) {
	o := newOffice(t)
	north := registry.Grant{
		Scopes: []registry.Scope{registry.ScopeTokens, registry.ScopeOverrides, registry.ScopeCrawl}, Regions: []string{"DE-SH", "DE-HH"},
	}
	_, value := o.makeToken(t, north, time.Now().AddDate(0, 1, 0))
	for name, tt := range map[string]struct {
		body   string
		status int
		at     string // pointer of the fault
	}{
		"less":                 {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH"], "expires": "3d"}`, http.StatusCreated, ""},
		"for an organisation":  {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH"], "organisation": "https://nord.example/"}`, http.StatusCreated, ""},
		"another scope":        {`{"name": "Kiel", "scopes": ["audit"], "regions": ["DE-SH"]}`, http.StatusForbidden, ""},
		"another region":       {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH", "DE-BY"]}`, http.StatusForbidden, ""},
		"everywhere":           {`{"name": "Kiel", "scopes": ["crawl"]}`, http.StatusForbidden, ""},
		"a whole country":      {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE"]}`, http.StatusForbidden, ""},
		"for longer":           {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH"], "expires": "90d"}`, http.StatusForbidden, ""},
		"for good":             {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH"], "expires": "never"}`, http.StatusForbidden, ""},
		"no time":              {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH"], "expires": "bald"}`, http.StatusBadRequest, "/expires"},
		"expired":              {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-SH"], "expires": "2020-01-01"}`, http.StatusBadRequest, ""},
		"no name":              {`{"scopes": ["crawl"], "regions": ["DE-SH"]}`, http.StatusBadRequest, ""},
		"no scope":             {`{"name": "Kiel"}`, http.StatusBadRequest, ""},
		"no such scope":        {`{"name": "Kiel", "scopes": ["everything"]}`, http.StatusBadRequest, ""},
		"no such region":       {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["SH"]}`, http.StatusForbidden, ""},
		"no region of Germany": {`{"name": "Kiel", "scopes": ["crawl"], "regions": ["DE-XX"]}`, http.StatusBadRequest, ""},
		"unknown member":       {`{"name": "Kiel", "scopes": ["crawl"], "expire": "never"}`, http.StatusBadRequest, "/expire"},
		"wrong form":           {`{"name": "Kiel", "scopes": [7]}`, http.StatusBadRequest, "/scopes/0"},
	} {
		t.Run(name, func(t *testing.T) {
			w := o.ask(t, http.MethodPost, "/v1/tokens", value, tt.body)
			if tt.status == http.StatusCreated {
				made := decode[tokenItem](t, w, tt.status)
				decode[tokenList](t, o.ask(t, http.MethodGet, "/v1/tokens", value, ""), http.StatusOK)
				if w := o.ask(t, http.MethodPost, "/v1/crawls", made.Token, `{"url": "https://github.com/nordland"}`); w.Code != http.StatusAccepted {
					t.Errorf("the new token opens nothing: status %d: %s", w.Code, w.Body)
				}
				return
			}
			p := decode[problem](t, w, tt.status)
			if tt.at != "" && (len(p.Errors) != 1 || p.Errors[0].In != "body" || p.Errors[0].Location == nil || p.Errors[0].Location.Pointer != tt.at) {
				t.Errorf("faults %+v", p.Errors)
			}
		})
	}
}

func TestTokenWithoutATimeHoldsNoLongerThanItsMaker(t *testing.T) {
	o := newOffice(t)
	until := time.Now().Add(time.Hour).Truncate(time.Second).UTC()
	_, value := o.makeToken(t, registry.Grant{}, until)
	made := decode[tokenItem](t, o.ask(t, http.MethodPost, "/v1/tokens", value, `{"name": "A", "scopes": ["crawl"]}`), http.StatusCreated)
	if made.Expires != until.Format(time.RFC3339) {
		t.Errorf("expires %s, want %s", made.Expires, until)
	}
}

// TestTokensOfOthersAreNotSeen has a caller see and revoke no token that allows more
// than theirs.
func TestTokensOfOthersAreNotSeen(t *testing.T) {
	o := newOffice(t)
	scopes := []registry.Scope{registry.ScopeTokens, registry.ScopeCrawl}
	mine, value := o.makeToken(t, registry.Grant{Scopes: scopes, Regions: []string{"DE"}}, time.Time{})
	below, _ := o.makeToken(t, registry.Grant{Scopes: scopes, Regions: []string{"DE-SH"}}, time.Time{})
	above, _ := o.makeToken(t, registry.Grant{}, time.Time{})
	beside, _ := o.makeToken(t, registry.Grant{Scopes: scopes, Regions: []string{"AT"}}, time.Time{})
	var seen []string
	for _, item := range decode[tokenList](t, o.ask(t, http.MethodGet, "/v1/tokens", value, ""), http.StatusOK).Items {
		seen = append(seen, item.ID)
	}
	want := []string{mine.ID, below.ID}
	slices.Sort(want)
	if !slices.Equal(seen, want) {
		t.Errorf("sees %v, want %v", seen, want)
	}
	for id, status := range map[string]int{below.ID: http.StatusNoContent, above.ID: http.StatusNotFound, beside.ID: http.StatusNotFound, "nichts": http.StatusNotFound} {
		for range 2 { // once more is no mistake
			if w := o.ask(t, http.MethodDelete, "/v1/tokens/"+id, value, ""); w.Code != status {
				t.Errorf("revoke %s: status %d, want %d", id, w.Code, status)
			}
		}
	}
	if lines := o.lines(t); len(lines) != 1 || lines[0].Object != below.ID {
		t.Errorf("audit log %+v", lines)
	}
}

func TestAuditLogInPages(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	for i := range 5 {
		decode[tokenItem](t, o.ask(t, http.MethodPost, "/v1/tokens", value, fmt.Sprintf(`{"name": "Nr. %d", "scopes": ["crawl"]}`, i)), http.StatusCreated)
		time.Sleep(time.Millisecond) // lines of one millisecond have no order
	}
	var details []string
	for target := "/v1/audit-log?perPage=2"; target != ""; {
		list := decode[auditList](t, o.ask(t, http.MethodGet, target, value, ""), http.StatusOK)
		for _, l := range list.Items {
			details = append(details, l.Detail[:5])
		}
		target = list.Links.Next
	}
	if want := []string{"Nr. 4", "Nr. 3", "Nr. 2", "Nr. 1", "Nr. 0"}; !slices.Equal(details, want) {
		t.Errorf("lines %v, want %v", details, want)
	}
	decode[problem](t, o.ask(t, http.MethodGet, "/v1/audit-log?after="+strings.Repeat("%C3%A4", 600), value, ""), http.StatusBadRequest)
	bounded := o.token(t, registry.Grant{Regions: []string{"DE"}})
	decode[problem](t, o.ask(t, http.MethodGet, "/v1/audit-log", bounded, ""), http.StatusForbidden)
}
