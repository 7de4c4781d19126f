// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

func open(t *testing.T) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func put(t *testing.T, store registry.Store, s *registry.Software) {
	t.Helper()
	if _, err := store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func day(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

const dykes = "https://forge.example/a/dykes"

// said is what an organisation at NAME.example says: in a repository, or by the API
// where that is "".
func said(name string, repository registry.ID, publisher string, at int, statements ...adoption.Statement) *registry.Adoptions {
	a := &registry.Adoptions{
		Word:       registry.Word{Organisation: adoption.Organisation{URI: "https://" + name + ".example/", Name: name}, Repository: repository, Time: day(at)},
		Statements: statements,
	}
	if publisher != "" {
		a.Publisher = registry.Publisher{ID: publisher, URI: "http://" + publisher + ".example"}
	}
	return a
}

func statement(version string) adoption.Statement {
	return adoption.Statement{Software: dykes, Role: adoption.Uses, Version: version}
}

func TestWhichStatementCounts(t *testing.T) {
	restricted := statement("secret")
	restricted.Visibility = adoption.Restricted
	odd := statement("odd")
	odd.Visibility = "whatever"
	tests := map[string]struct {
		all  []*registry.Adoptions
		want []string // organisation and version
		n    int      // who confirm it
	}{
		"file and token, the newer one": {[]*registry.Adoptions{
			said("x", "f.example/x/a", "x", 1, statement("1")), said("x", "", "", 2, statement("2")),
		}, []string{"x 2"}, 1},
		"token and file, the newer one": {[]*registry.Adoptions{
			said("x", "f.example/x/a", "x", 2, statement("1")), said("x", "", "", 1, statement("2")),
		}, []string{"x 1"}, 1},
		"itself before another, however new": {[]*registry.Adoptions{
			said("x", "f.example/x/a", "x", 1, statement("1")), said("x", "f.example/y/a", "y", 2, statement("2")),
		}, []string{"x 1"}, 1},
		"two others, side by side": {[]*registry.Adoptions{
			said("x", "f.example/y/a", "y", 1, statement("1")), said("x", "f.example/z/a", "z", 2, statement("2")),
		}, []string{"x 1", "x 2"}, 2},
		"one publisher for many is one": {[]*registry.Adoptions{
			said("x", "f.example/v/a", "v", 1, statement("1")), said("y", "f.example/v/b", "v", 1, statement("1")), said("v", "f.example/v/c", "v", 1, statement("1")),
		}, []string{"v 1", "x 1", "y 1"}, 1},
		"two versions in one place": {[]*registry.Adoptions{
			said("x", "f.example/x/a", "x", 1, statement("2"), statement("1")),
		}, []string{"x 1", "x 2"}, 1},
		"restricted beside public": {[]*registry.Adoptions{
			said("x", "f.example/x/a", "x", 1, statement(""), restricted, odd),
		}, []string{"x "}, 1},
		"restricted alone":       {[]*registry.Adoptions{said("x", "", "", 1, restricted)}, nil, 0},
		"of its own publisher":   {[]*registry.Adoptions{said("own", "f.example/own/a", "own", 1, statement("1"))}, []string{"own 1"}, 0},
		"evaluated":              {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: dykes, Role: adoption.Evaluates})}, []string{"x "}, 0},
		"denied":                 {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: dykes, Role: adoption.None})}, []string{"x "}, 0},
		"expired":                {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: dykes, Role: adoption.Uses, ConfirmedUntil: "2026-01-09"})}, []string{"x "}, 0},
		"until today":            {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: dykes, Role: adoption.Uses, ConfirmedUntil: "2026-01-10"})}, []string{"x "}, 1},
		"by a location":          {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: "https://Mirror.example/dykes/dykes.git", Role: adoption.Uses})}, []string{"x "}, 1},
		"by a former ID":         {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: "https://forge.example/a/sluices", Role: adoption.Uses})}, []string{"x "}, 1},
		"by two IDs":             {[]*registry.Adoptions{said("x", "", "", 1, statement("1"), adoption.Statement{Software: "https://forge.example/a/sluices", Role: adoption.Uses, Version: "1"})}, []string{"x 1"}, 1},
		"of another software":    {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: "https://forge.example/a/other", Role: adoption.Uses})}, nil, 0},
		"of what is no software": {[]*registry.Adoptions{said("x", "", "", 1, adoption.Statement{Software: "urn:x", Role: adoption.Uses})}, nil, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			docs := make([]*registry.Document, len(tt.all))
			for i, a := range tt.all {
				docs[i] = a.Document(0)
			}
			if err := store.PutDocuments(t.Context(), docs...); err != nil {
				t.Fatal(err)
			}
			put(t, store, &registry.Software{
				ID: "forge.example/a/sluices", Repository: registry.Repository{ForgeID: "7"}, PublicCode: publiccode.PublicCode{Name: "Dykes"},
			})
			s := &registry.Software{
				ID: "forge.example/a/dykes", Repository: registry.Repository{ForgeID: "7"}, PublicCode: publiccode.PublicCode{Name: "Dykes"},
				Publisher: registry.Publisher{ID: "o", URI: "https://own.example/"},
				Locations: []registry.Location{{ID: "mirror.example/dykes/dykes", URL: "https://mirror.example/dykes/dykes"}},
			}
			put(t, store, s)
			if err := registry.Amend(t.Context(), store, "forge.example/a/sluices"); err != nil {
				t.Fatal(err)
			}
			s, err := store.Get(t.Context(), s.ID)
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, a := range s.Adoptions {
				have = append(have, a.Organisation.Name+" "+a.Version)
			}
			if diff := cmp.Diff(tt.want, have); diff != "" {
				t.Errorf("want (-), have (+):\n%s", diff)
			}
			if n := s.ConfirmedBy(day(10)); n != tt.n {
				t.Errorf("%d confirm it, want %d", n, tt.n)
			}
			rev, _ := store.Rev(t.Context())
			if err := registry.Amend(t.Context(), store, s.ID); err != nil {
				t.Fatal(err)
			}
			if again, _ := store.Rev(t.Context()); again != rev {
				t.Error("amended once more it changes")
			}
		})
	}
}

func TestAmendOfNoEntry(t *testing.T) {
	store := open(t)
	if err := registry.Amend(t.Context(), store, "forge.example/a/none"); err != nil {
		t.Error(err)
	}
}

func TestCorrect(t *testing.T) {
	fresh := func() *registry.Software {
		return &registry.Software{
			ID: "forge.example/a/b", Publisher: registry.Publisher{ID: "o", Name: "O"},
			PublicCode: publiccode.PublicCode{Name: "N", Categories: []string{"cms"}, Legal: publiccode.Legal{License: "MIT"}},
		}
	}
	override := func(f registry.OverrideField, value string) registry.Override {
		return registry.Override{Field: f, Value: json.RawMessage(value), Reason: "r", By: "b", Time: day(1)}
	}
	s := fresh()
	s.Correct([]registry.Override{
		override(registry.OverrideCategories, `["gis","erp"]`), override(registry.OverrideStatus, `"stable"`),
		override(registry.OverrideLicence, `17`), override("name", `"x"`), override(registry.OverridePublisher, `{"id":"p","name":"P"}`),
	})
	want := fresh()
	want.PublicCode.Categories, want.PublicCode.DevelopmentStatus = []string{"gis", "erp"}, "stable"
	want.Publisher = registry.Publisher{ID: "p", Name: "P"}
	want.Overrides = []registry.Override{
		override(registry.OverrideCategories, `["gis","erp"]`), override(registry.OverrideStatus, `"stable"`), override(registry.OverridePublisher, `{"id":"p","name":"P"}`),
	}
	want.Overrides[0].Was, want.Overrides[2].Was = json.RawMessage(`["cms"]`), json.RawMessage(`{"id":"o","name":"O"}`)
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
	s.Correct(s.Overrides[:1])
	if s.PublicCode.DevelopmentStatus != "" || s.Publisher.ID != "o" || len(s.PublicCode.Categories) != 2 || string(s.Overrides[0].Was) != `["cms"]` {
		t.Errorf("two taken back: %+v", s)
	}
	s.Correct(nil)
	if diff := cmp.Diff(fresh(), s); diff != "" {
		t.Errorf("all taken back, want (-), have (+):\n%s", diff)
	}
}

func TestWhoSeesWhatIsRestricted(t *testing.T) {
	a := &registry.Adoptions{Word: registry.Word{Organisation: adoption.Organisation{URI: "https://kreis.example/", Region: "DE-SH"}}}
	tests := map[string]struct {
		grant registry.Grant
		want  bool
	}{
		"anybody":                 {registry.Grant{}, false},
		"everywhere":              {registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}}, false},
		"the region":              {registry.Grant{Scopes: []registry.Scope{registry.ScopeWebhooks}, Regions: []string{"DE-SH"}}, true},
		"the country":             {registry.Grant{Scopes: []registry.Scope{registry.ScopeWebhooks}, Regions: []string{"DE"}}, true},
		"another region":          {registry.Grant{Scopes: []registry.Scope{registry.ScopeWebhooks}, Regions: []string{"DE-S"}}, false},
		"security":                {registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}, Regions: []string{"DE-BY"}}, true},
		"the organisation itself": {registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Organisation: "http://KREIS.example"}, true},
		"another organisation":    {registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Organisation: "https://stadt.example/"}, false},
	}
	for name, tt := range tests {
		if tt.grant.Sees(a) != tt.want {
			t.Errorf("%s: sees it %v, want %v", name, !tt.want, tt.want)
		}
	}
	a.Organisation.Region, a.Publisher.Region = "", "DE-HH"
	if g := (registry.Grant{Regions: []string{"DE-HH"}}); !g.Sees(a) {
		t.Error("the region of the publisher does not see it")
	}
	a.Publisher.Region = ""
	if g := (registry.Grant{Regions: []string{"DE-HH"}}); g.Sees(a) {
		t.Error("a region sees what is of none")
	}
}

func TestOrganisationKey(t *testing.T) {
	for _, uri := range []string{"https://stadt.example", "http://STADT.example/", " HTTPS://stadt.example/#a "} {
		if key := registry.OrganisationKey(uri); key != "https://stadt.example" {
			t.Errorf("%q is %q", uri, key)
		}
	}
	for _, pair := range [][2]string{{"https://a.example/x", "https://a.example/y"}, {"urn:a", "urn:b"}, {"https://a.example", "https://a.example:8443"}} {
		if registry.OrganisationKey(pair[0]) == registry.OrganisationKey(pair[1]) {
			t.Errorf("%v are one", pair)
		}
	}
}
