// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// secretShare is more than all public shares together.
const secretShare = 1 << 40

// needsFile is where the organisation with a number says what it needs.
func needsFile(n int) registry.ID { return registry.ID(fmt.Sprintf("git.example/stadt%d/allmende", n)) }

func needKeyOf(n int, id string) string { return string(needsFile(n)) + "#" + id }

// randomNeeds are random ones of the organisation with a number, made so that they match and
// join those of others. What is restricted has a secret in all that is text.
func (v *vault) randomNeeds(n int) (list []adoption.Need) {
	for i := range 3 + v.rnd.IntN(5) {
		need := adoption.Need{
			ID: fmt.Sprint("bedarf", i), Title: anyOf(v.rnd, "Terminbuchung im Bürgeramt", "Terminbuchung für Trauungen", "Teil 3 mit Karte", "Hundesteuer anmelden"),
			Description: anyOf(v.rnd, "", "Trauungen im Bürgeramt."), Categories: anyOf(v.rnd, nil, []string{"gis"}),
			Software:   anyOf(v.rnd, "", "https://"+string(anyOf(v.rnd, v.ids[:2]...))),
			Joins:      anyOf(v.rnd, "", "https://"+needKeyOf(v.rnd.IntN(8), fmt.Sprint("bedarf", v.rnd.IntN(5)))),
			Share:      anyOf(v.rnd, adoption.Money{}, adoption.Money{Amount: 10, Currency: "EUR"}),
			OpenUntil:  anyOf(v.rnd, "", "2020-01-01", "2999-12-31"),
			Visibility: anyOf(v.rnd, "", adoption.Public, adoption.Restricted),
		}
		if need.Visibility == adoption.Restricted {
			mark := fmt.Sprintf("geheim%dq", n)
			need.ID, need.Title, need.Contact = fmt.Sprint(mark, i), need.Title+" "+mark, mark+"@stadt.example"
			need.Description, need.By = "Für "+mark, "2030-01-01"
			need.Share = adoption.Money{Amount: secretShare, Currency: "EUR"}
			need.Procurement = adoption.Procurement{URL: "https://vergabe.example/" + mark}
		}
		list = append(list, need)
	}
	return list
}

// want has the organisation with a number need something else, and what is new of that
// is noted.
func (v *vault) want(t *testing.T, n int) {
	t.Helper()
	next := &registry.Needs{Word: v.said[n].Word, Needs: v.randomNeeds(n)}
	next.Repository, next.Publisher.ID = needsFile(n), "nord"
	next.Time = time.Now().UTC().Truncate(time.Millisecond)
	version := int64(0)
	if d, err := v.Document(t.Context(), registry.NeedsDocument, next.Document(0).Key); err == nil {
		version = d.Version
	}
	if err := v.PutDocuments(t.Context(), next.Document(version)); err != nil {
		t.Fatal(err)
	}
	for len(v.needs) <= n {
		v.needs = append(v.needs, nil)
	}
	v.needs[n] = next
	board, err := registry.ReadBoard(t.Context(), v.catalogue, nil, time.Now())
	if err == nil {
		err = registry.NoteNeeds(t.Context(), v.store, board, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// needTargets are where needs may show, with those that are there and those that are
// not for everybody.
func (v *vault) needTargets() []string {
	targets := []string{
		"/v1/needs?perPage=100", "/v1/needs?perPage=2", "/v1/needs?joint=true", "/v1/needs.atom", "/v1/needs.atom?lang=en", "/v1/communities", "/v1/claims",
		"/needs/", "/en/needs/", "/communities/", "/en/communities/", "/feeds/", "/sitemap.xml", "/v1/needs?category=gis", "/v1/needs?region=DE-SH",
	}
	for _, id := range v.ids {
		targets = append(targets, "/v1/needs?software="+string(id))
	}
	for n, said := range v.needs {
		targets = append(targets, "/v1/needs?organisation="+url.QueryEscape(said.Organisation.URI))
		for _, need := range said.Needs {
			targets = append(targets, v.needPath(n, need.ID), "/needs/"+string(needsFile(n))+"/"+need.ID+"/", "/needs/?q="+need.ID)
		}
	}
	return targets
}

func (v *vault) needPath(n int, id string) string {
	return "/v1/needs/" + url.PathEscape(needKeyOf(n, id))
}

// visible are the needs that stand and that a grant lets see, by key.
func (v *vault) visible(g registry.Grant) map[string]adoption.Need {
	found := map[string]adoption.Need{}
	for n, said := range v.needs {
		for _, need := range said.Needs {
			if stands := need.OpenUntil != "2020-01-01"; stands && (need.Visibility != adoption.Restricted || g.Sees(v.said[n])) {
				found[needKeyOf(n, need.ID)] = need
			}
		}
	}
	return found
}

// tellsNeeds holds what each sees of the needs against what it may see: all of that,
// and nothing else, also in numbers and sums. It returns how many secrets were told.
func (v *vault) tellsNeeds(t *testing.T, token string, g registry.Grant) (secrets int) {
	t.Helper()
	may := v.visible(g)
	_, answer := v.fetch(http.MethodGet, "/v1/needs?perPage=100", token, "")
	var told struct {
		Items []struct{ Key, Visibility string }
		Total int
		Joint []struct {
			Needs  []string
			Shares []adoption.Money
		}
	}
	if err := json.Unmarshal([]byte(answer), &told); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	if told.Total != len(may) || len(told.Items) != len(may) {
		t.Errorf("%+v is told of %d needs, %d in all, and may see %d", g, len(told.Items), told.Total, len(may))
	}
	for _, item := range told.Items {
		if need, ok := may[item.Key]; !ok || (need.Visibility == adoption.Restricted) != (item.Visibility == string(adoption.Restricted)) {
			t.Errorf("%+v is told of %s as %s", g, item.Key, item.Visibility)
		}
		if item.Visibility == string(adoption.Restricted) {
			secrets++
		}
	}
	for _, j := range told.Joint {
		sum := int64(0)
		for _, key := range j.Needs {
			sum += may[key].Share.Amount
		}
		shares := int64(0)
		for _, m := range j.Shares {
			shares += m.Amount
		}
		if sum != shares {
			t.Errorf("%+v is told of %d EUR for %v, it may see %d", g, shares, j.Needs, sum)
		}
	}
	for n, said := range v.needs {
		for _, need := range said.Needs {
			want := http.StatusNotFound
			if _, ok := may[needKeyOf(n, need.ID)]; ok {
				want = http.StatusOK
			}
			if status, _ := v.fetch(http.MethodGet, v.needPath(n, need.ID), token, ""); status != want {
				t.Errorf("%+v asks for %s: %d, want %d", g, needKeyOf(n, need.ID), status, want)
			}
		}
	}
	return secrets
}

// asksAssistant asks all tools for assistants, which see what everybody sees.
func (v *vault) asksAssistant(t *testing.T, token string) {
	t.Helper()
	var calls []string
	for _, id := range v.ids {
		calls = append(calls, `"name":"list_needs","arguments":{"software":"`+string(id)+`"}`, `"name":"who_uses","arguments":{"id":"`+string(id)+`"}`, `"name":"get_software","arguments":{"id":"`+string(id)+`"}`)
	}
	calls = append(calls, `"name":"list_needs","arguments":{}`, `"name":"list_needs","arguments":{"category":"gis"}`, `"name":"find_communities","arguments":{}`, `"name":"search_software","arguments":{"query":"Terminbuchung"}`)
	for _, call := range calls {
		r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{`+call+`}}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		v.ServeHTTP(w, r)
		if leaked := v.leaks(w.Body.String(), registry.Grant{}); len(leaked) > 0 || w.Code != http.StatusOK {
			t.Errorf("an assistant gets %v of %s: %d", leaked, call, w.Code)
		}
	}
}

// keepsNeeds holds what is kept of needs beside their own documents, and what the
// commands tell, to what everybody may see.
func (v *vault) keepsNeeds(t *testing.T) {
	t.Helper()
	var kept bytes.Buffer
	enc := json.NewEncoder(&kept)
	for _, kind := range []registry.DocumentKind{
		registry.NeedNewsDocument, registry.NeedHeadDocument, registry.DeliveryDocument, registry.DeadLetterDocument, registry.SubscriptionDocument,
	} {
		for d, err := range v.ListDocuments(t.Context(), registry.DocumentList{Kind: kind}) {
			if err != nil || enc.Encode(d) != nil {
				t.Fatal(err)
			}
		}
	}
	board, err := needsBoard(t.Context(), v.catalogue, nil, nil, time.Now())
	if err == nil {
		err = enc.Encode(board)
	}
	if err == nil {
		err = printNeeds(&kept, board, "de")
	}
	if err != nil {
		t.Fatal(err)
	}
	if found := secret.FindString(kept.String()); found != "" {
		t.Errorf("%s is in what is kept or printed of needs", found)
	}
	if !slices.ContainsFunc(board.Needs, func(n registry.BoardNeed) bool { return n.Joint != "" }) || !slices.ContainsFunc(board.Needs, func(n registry.BoardNeed) bool { return len(n.Others) > 0 }) {
		t.Error("the needs neither match nor join")
	}
}
