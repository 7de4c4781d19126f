// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestFields(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, test := range []struct {
		target string
		want   string // of an entry, or of the first item
	}{
		{"/v1/software/" + fullID + "?fields=id", `{"id":"github.com/nordland/Akte"}`},
		{"/v1/software/" + fullID + "?fields=name,id", `{"id":"github.com/nordland/Akte","name":"Akte <1> & mehr"}`},
		{"/v1/software/" + fullID + "?fields=name&fields=id", `{"id":"github.com/nordland/Akte","name":"Akte <1> & mehr"}`},
		{"/v1/software/" + fullID + "?fields=%20name%20,%20publisher.name", `{"name":"Akte <1> & mehr","publisher":{"name":"Nordland"}}`},
		{"/v1/software/" + fullID + "?fields=publisher,publisher.name", `{"publisher":{"id":"nord","name":"Nordland","region":"DE-SH","uri":"https://nord.example/"}}`},
		{"/v1/software/" + fullID + "?fields=publisher.name,publisher", `{"publisher":{"id":"nord","name":"Nordland","region":"DE-SH","uri":"https://nord.example/"}}`},
		{"/v1/software/" + fullID + "?fields=names.de", `{"names":{"de":"Akte"}}`},
		{"/v1/software/" + fullID + "?fields=names.tlh", `{"names":{}}`},
		{"/v1/software/" + fullID + "?fields=locations.id,stale", `{"stale":"the file is not YAML any more","locations":[{"id":"gitlab.example/nordland/akte"}]}`},
		{"/v1/software/" + bareID + "?fields=activity.commits.total", `{}`}, // there is none
		{"/v1/software?sort=name&q=akte&fields=id,publisher.region", `{"id":"github.com/nordland/Akte","publisher":{"region":"DE-SH"}}`},
	} {
		w := get(t, h, test.target)
		got := strings.TrimSpace(w.Body.String())
		if strings.HasPrefix(test.target, "/v1/software?") {
			list := decode[struct{ Items []json.RawMessage }](t, w, http.StatusOK)
			got = string(list.Items[0])
		}
		if got != test.want {
			t.Errorf("%s: %.500s, want %s", test.target, got, test.want)
		}
		if w.Header().Get("ETag") != entityTag(w.Body.Bytes()) {
			t.Errorf("%s: the ETag is not that of what is sent", test.target)
		}
	}
	if w := get(t, h, "/v1/software/"+movedID+"?fields=id"); w.Code != http.StatusPermanentRedirect {
		t.Errorf("status %d of what moved", w.Code)
	}
}

// TestFieldsAreKept follows the pages of a sparse list.
func TestFieldsAreKept(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	page := decode[softwareList](t, get(t, h, "/v1/software?fields=publisher.name,name&fields=publisher.id&perPage=2"), http.StatusOK)
	const want = "/v1/software?perPage=2&fields=name&fields=publisher.id&fields=publisher.name"
	if page.Links.Self != want {
		t.Errorf("self is %s, want %s", page.Links.Self, want)
	}
	next := get(t, h, page.Links.Next)
	if link := next.Header().Get("Link"); !strings.Contains(link, "&fields=publisher.id&") {
		t.Errorf("Link %s", link)
	}
	for _, item := range decode[struct{ Items []map[string]any }](t, next, http.StatusOK).Items {
		if _, ok := item["name"]; !ok || len(item) != 2 {
			t.Errorf("item %v", item)
		}
	}
	if again := decode[softwareList](t, get(t, h, want), http.StatusOK); again.Links.Self != want {
		t.Errorf("self of itself is %s", again.Links.Self)
	}
	meant := decode[softwareList](t, get(t, h, "/v1/software?q=nichts+dergleichen&fields=name"), http.StatusOK)
	if meant.DidYouMean == nil || !strings.HasSuffix(meant.DidYouMean.Links.Software, "&fields=name") {
		t.Errorf("didYouMean %+v", meant.DidYouMean)
	}
}

func TestUnknownFields(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, test := range []struct{ query, code, detail string }{
		{"fields=surprise", codeForbidden, "Known are id, name"},
		{"fields=id,licence.surprise", codeForbidden, "Below licence there are "},
		{"fields=id.name", codeForbidden, "There is nothing below id."},
		{"fields=publisher..name", codeForbidden, "Below publisher there are "},
		{"fields=ID", codeForbidden, "Known are id"},
		{"fields=", codeMalformed, "not empty"},
		{"fields=id,", codeMalformed, "not empty"},
		{"fields=a%00b", codeMalformed, "control"},
		{"fields=" + strings.Repeat("id,", 50) + "id", codeTooMany, "50"},
	} {
		for _, target := range []string{"/v1/software?", "/v1/software/" + fullID + "?"} {
			p := decode[problem](t, get(t, h, target+test.query), http.StatusBadRequest)
			if len(p.Errors) == 0 || p.Errors[0].Code != test.code || !strings.Contains(p.Errors[0].Detail, test.detail) {
				t.Errorf("%s%.50s: %+v", target, test.query, p.Errors)
			}
		}
	}
	// What only an entry has, items have not.
	get(t, h, "/v1/software/"+fullID+"?fields=findings.code")
	if w := get(t, h, "/v1/software?fields=findings"); w.Code != http.StatusBadRequest {
		t.Errorf("status %d", w.Code)
	}
}

// TestEveryMemberCanBeChosen holds the members of whole answers against those that
// can be chosen: all of them together are the whole answer.
func TestEveryMemberCanBeChosen(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, target := range []string{"/v1/software/" + fullID, "/v1/software/" + fullID + "?at=2026-05-06"} {
		whole := get(t, h, target)
		var members map[string]json.RawMessage
		if err := json.Unmarshal(whole.Body.Bytes(), &members); err != nil {
			t.Fatal(err)
		}
		_, known := membersOf(entryForm, "")
		for name := range members {
			if !slices.Contains(known, name) {
				t.Errorf("%s cannot be chosen", name)
			}
		}
		joint := "?"
		if strings.Contains(target, "?") {
			joint = "&"
		}
		all := get(t, h, target+joint+url.Values{"fields": {strings.Join(known, ",")}}.Encode())
		if all.Body.String() != whole.Body.String() {
			t.Errorf("all members of %s are\n%s, and whole it is\n%s", target, all.Body, whole.Body)
		}
	}
}

// FuzzFields chooses whatever comes, and holds what is sent against the whole.
func FuzzFields(f *testing.F) {
	h := handlerOf(f, newShelf(), Options{})
	var whole map[string]any
	if err := json.Unmarshal(serve(h, request(f, http.MethodGet, "/v1/software/"+fullID)).Body.Bytes(), &whole); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"id", "licence.declared.spdx,name", "publiccode.description.de.features", "files.sha256", "..", "names.de.x", "activity.commits.byMonth.month"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, chosen string) {
		w := serve(h, request(t, http.MethodGet, "/v1/software/"+fullID+"?"+url.Values{"fields": {chosen}}.Encode()))
		if w.Code == http.StatusBadRequest {
			return
		}
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Fatalf("status %d: %v", w.Code, err)
		}
		if !within(got, whole) {
			t.Errorf("%s is not in the whole entry", w.Body)
		}
	})
}

// within reports whether a value is another with members left out.
func within(part, whole any) bool {
	switch part := part.(type) {
	case map[string]any:
		w, _ := whole.(map[string]any)
		for name, v := range part {
			if of, ok := w[name]; !ok || !within(v, of) {
				return false
			}
		}
		return true
	case []any:
		w, _ := whole.([]any)
		for i, v := range part {
			if len(w) != len(part) || !within(v, w[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(part, whole)
}
