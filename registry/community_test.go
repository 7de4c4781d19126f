// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// cares is what an organisation at NAME.example says of co-maintenance.
func cares(name string, repository registry.ID, publisher string, at int, all ...adoption.Comaintenance) *registry.Adoptions {
	a := said(name, repository, publisher, at)
	a.Comaintenance = all
	return a
}

func TestWhichComaintenanceCounts(t *testing.T) {
	of := func(software, steering string) adoption.Comaintenance {
		return adoption.Comaintenance{Software: software, Steering: steering}
	}
	tests := map[string]struct {
		all  []*registry.Adoptions
		want []string // organisation and steering
	}{
		"the publisher first, then by URI": {[]*registry.Adoptions{
			cares("b", "f.example/b/x", "b", 1, of(dykes, "1")), cares("z", "f.example/own/x", "own", 1, of(dykes, "2")), cares("a", "f.example/a/x", "a", 1, of(dykes, "3")),
		}, []string{"z 2", "a 3", "b 1"}},
		"in its own repository": {[]*registry.Adoptions{
			cares("a", "f.example/a/x", "a", 2, of(dykes, "1")), cares("z", "forge.example/a/dykes", "verbund", 1, of(dykes, "2")),
		}, []string{"z 2", "a 1"}},
		"of one organisation the newer": {[]*registry.Adoptions{
			cares("a", "f.example/a/x", "a", 1, of(dykes, "old")), cares("a", "f.example/a/y", "a", 2, of(dykes, "new")),
		}, []string{"a new"}},
		"of one organisation its own": {[]*registry.Adoptions{
			cares("a", "f.example/a/x", "a", 1, of(dykes, "own")), cares("a", "f.example/b/y", "b", 2, of(dykes, "other")),
		}, []string{"a own"}},
		"of two publishers for one": {[]*registry.Adoptions{
			cares("a", "f.example/b/x", "b", 1, of(dykes, "1")), cares("a", "f.example/c/x", "c", 2, of(dykes, "2")),
		}, []string{"a 2", "a 1"}},
		"by a former ID and a location": {[]*registry.Adoptions{
			cares("a", "f.example/a/x", "a", 1, of("https://forge.example/a/sluices", "1")), cares("b", "f.example/b/x", "b", 1, of("https://Mirror.example/dykes/dykes.git", "2")),
		}, []string{"a 1", "b 2"}},
		"of another software": {[]*registry.Adoptions{cares("a", "f.example/a/x", "a", 1, of("https://forge.example/a/other", "1"), of("urn:x", "2"))}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			for _, a := range tt.all {
				if err := store.PutDocuments(t.Context(), a.Document(0)); err != nil {
					t.Fatal(err)
				}
			}
			put(t, store, &registry.Software{ID: "forge.example/a/sluices", Repository: registry.Repository{ForgeID: "7"}, PublicCode: publiccode.PublicCode{Name: "Dykes"}})
			put(t, store, &registry.Software{
				ID: "forge.example/a/dykes", Repository: registry.Repository{ForgeID: "7"}, PublicCode: publiccode.PublicCode{Name: "Dykes"},
				Publisher: registry.Publisher{ID: "o", URI: "https://own.example/"},
				Locations: []registry.Location{{ID: "mirror.example/dykes/dykes", URL: "https://mirror.example/dykes/dykes"}},
			})
			for range 2 { // the second time nothing changes
				if err := registry.Amend(t.Context(), store, "forge.example/a/sluices"); err != nil {
					t.Fatal(err)
				}
			}
			s, err := store.Get(t.Context(), "forge.example/a/dykes")
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, c := range s.Comaintenance {
				have = append(have, c.Organisation.Name+" "+c.Steering)
			}
			if diff := cmp.Diff(tt.want, have); diff != "" {
				t.Errorf("want (-), have (+):\n%s", diff)
			}
			changes := registry.Rev(2)
			if tt.want != nil {
				changes++
			}
			if rev, _ := store.Rev(t.Context()); rev != changes {
				t.Errorf("%d changes, want %d", rev, changes)
			}
		})
	}
}

func TestCommunities(t *testing.T) {
	store := open(t)
	publisher := registry.Publisher{ID: "o", Name: "O", URI: "https://own.example/"}
	for id, name := range map[registry.ID]string{"forge.example/a/dykes": "Dykes", "forge.example/a/sluices": "Alte Siele", "forge.example/a/other": "Other"} {
		put(t, store, &registry.Software{ID: id, Publisher: publisher, PublicCode: publiccode.PublicCode{Name: name}})
	}
	euro := func(n int64, status adoption.FundingStatus) adoption.Funding {
		return adoption.Funding{Purpose: "p", Status: status, Amount: adoption.Money{Amount: n, Currency: "EUR"}}
	}
	coast := adoption.Community{Name: "Küste", URI: "https://kueste.example/"}
	const sluices = "https://forge.example/a/sluices"
	docs := []*registry.Adoptions{
		cares("own", "f.example/own/x", "own", 1,
			adoption.Comaintenance{
				Software: dykes, Community: coast, Seeks: adoption.NewMaintainer, Partners: []adoption.Partner{{Name: "Siel", URI: "https://siel.example"}, {Name: "Hafen"}},
				Funding: []adoption.Funding{euro(500, adoption.OpenFunding), euro(900, adoption.CommittedFunding), euro(math.MaxInt64, adoption.OpenFunding)},
			},
			adoption.Comaintenance{Software: sluices, Community: adoption.Community{Name: "anders"}, Joining: adoption.Joining{Text: "Schreiben Sie."}},
			adoption.Comaintenance{Software: "https://forge.example/a/other", Community: coast, ConfirmedUntil: "2026-01-01"}),
		cares("town", "f.example/town/x", "town", 1,
			adoption.Comaintenance{
				Software: sluices, Community: adoption.Community{Name: "Kueste", URI: "http://KUESTE.example"}, Seeks: adoption.CoMaintainers,
				Partners: []adoption.Partner{{Name: "Amt Siel", URI: "https://siel.example/"}, {Name: "HAFEN"}}, Funding: []adoption.Funding{euro(7, adoption.OpenFunding)},
			}),
	}
	for _, a := range docs {
		if err := store.PutDocuments(t.Context(), a.Document(0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := registry.Amend(t.Context(), store, "forge.example/a/dykes", "forge.example/a/sluices", "forge.example/a/other"); err != nil {
		t.Fatal(err)
	}
	have, err := registry.Communities(t.Context(), store, day(5))
	if err != nil {
		t.Fatal(err)
	}
	own, town := docs[0].Organisation, docs[1].Organisation
	want := []registry.CommunityEntry{
		{
			Community: adoption.Community{Name: "anders"}, Key: "name anders", Partners: []adoption.Partner{},
			Software: []registry.CommunitySoftware{{ID: "forge.example/a/sluices", Name: "Alte Siele", Publisher: publisher, By: own, SaidByPublisher: true, Joining: adoption.Joining{Text: "Schreiben Sie."}}},
		},
		{
			Community: coast, Key: "https://kueste.example", Partners: []adoption.Partner{{Name: "Hafen"}, {Name: "Siel", URI: "https://siel.example"}},
			Open: []adoption.Money{{Amount: 1 << 53, Currency: "EUR"}},
			Software: []registry.CommunitySoftware{
				{ID: "forge.example/a/sluices", Name: "Alte Siele", Publisher: publisher, By: town}, // what others seek there, and look for, is not its publisher's word
				{
					ID: "forge.example/a/dykes", Name: "Dykes", Publisher: publisher, By: own, SaidByPublisher: true, Seeks: adoption.NewMaintainer,
					Open: []adoption.Funding{euro(500, adoption.OpenFunding), euro(math.MaxInt64, adoption.OpenFunding)},
				},
			},
		},
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}

// What was stored before needs and proofs by domain is read as it was.
func TestAdoptionsAsTheyWereStored(t *testing.T) {
	const stored = `{"organisation":{"uri":"https://stadt.example/","name":"Stadt"},"statements":[{"software":"https://forge.example/a/dykes","role":"uses"}],` +
		`"repository":"f.example/stadt/x","publisher":{"id":"stadt","name":"Stadt","uri":"https://stadt.example"},"hash":"ab","time":"2026-01-02T12:00:00Z","missed":"2026-01-03T12:00:00Z","unread":"cannot be read"}`
	a, err := registry.ReadDocument[registry.Adoptions](&registry.Document{Kind: registry.AdoptionsDocument, Key: "f.example/stadt/x", Body: json.RawMessage(stored)})
	if err != nil {
		t.Fatal(err)
	}
	if a.Key() != "f.example/stadt/x" || a.Proof() != registry.ProvenSource || !a.Time.Equal(day(2)) || !a.Missed.Equal(day(3)) || a.Unread == "" || len(a.Statements) != 1 {
		t.Errorf("%+v", a)
	}
	var before, after any
	if json.Unmarshal([]byte(stored), &before) != nil || json.Unmarshal(a.Document(0).Body, &after) != nil {
		t.Fatal("no JSON")
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("written anew, was (-), is (+):\n%s", diff)
	}
}

func TestClaimsOf(t *testing.T) {
	var known adoption.Directory
	for _, name := range []string{"Stadt Fichtenau", "Kreis Ulmen (KU)", "Amt Erle (KUX)"} {
		known.Add(adoption.Organisation{URI: "https://" + name[len(name)-3:len(name)-1] + ".example/", Name: name})
	}
	for _, region := range []string{"DE-BY", "DE-SH"} { // one name, two towns
		known.Add(adoption.Organisation{URI: "https://neustadt-" + region + ".example/", Name: "Stadt Neustadt", Region: region})
	}
	s := &registry.Software{ID: "forge.example/a/dykes", PublicCode: publiccode.PublicCode{UsedBy: []string{"Stadt Neustadt", "Stadt Fichtenau", "KUX", "niemand"}}}
	var have []string
	for _, c := range registry.ClaimsOf(s, &known, day(1)) {
		who := "nobody"
		if c.Organisation != nil {
			who = c.Organisation.Name
		}
		have = append(have, c.Text+": "+who)
	}
	want := []string{"Stadt Neustadt: nobody", "Stadt Fichtenau: Stadt Fichtenau", "KUX: Amt Erle (KUX)", "niemand: nobody"}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}
