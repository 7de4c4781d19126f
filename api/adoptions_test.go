// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

const townURI = "https://stadt.example/"

// townSays is a body for PUT /v1/adoptions.
func townSays(region string, statements ...string) string {
	return fmt.Sprintf(`{"adoptionsYmlVersion": "1.0", "organisation": {"uri": %q, "name": "Stadt", "region": %q, "ags": "01051044", "ars": "010510044044"}, "adoptions": [%s]}`,
		townURI, region, strings.Join(statements, ","))
}

// townTogether is a body with all that is said of looking after software together.
var townTogether = strings.TrimSuffix(townSays("DE-SH"), "}") + `, "comaintenance": [{"software": "https://` + fullID + `", "seeks": "coMaintainers",
	"community": {"name": "Stadtrunde", "uri": "https://runde.example/"}, "partners": [{"name": "Kreis", "uri": "https://kreis.example/", "region": "DE-SH", "role": "funds"}],
	"steering": "Alle", "decisions": "Mehrheit", "joining": {"text": "Kommen", "url": "https://runde.example/", "contact": "runde@stadt.example"},
	"funding": [{"purpose": "Suche", "status": "open", "amount": {"amount": 300, "currency": "EUR"}, "by": "Bund", "until": "2999-01-01", "url": "https://bund.example/"}],
	"confirmedUntil": "2999-12-31"}]}`

func townUses(id registry.ID, more string) string {
	return fmt.Sprintf(`{"software": "https://%s", "role": "uses"%s}`, id, more)
}

const all = `, "version": "2.1", "since": "2024-05-01", "confirmedUntil": "2999-12-31", "purpose": "Anträge", "contact": "it@stadt.example"`

// files are what crawls found: two adoptions.yml of one publisher.
func (o *office) files(t testing.TB) {
	t.Helper()
	publisher := registry.Publisher{ID: "verbund", Name: "Verbund", Region: "DE-SH", URI: "https://verbund.example"}
	said := func(name, region string, statements ...adoption.Statement) *registry.Document {
		a := &registry.Adoptions{
			Word: registry.Word{
				Organisation: adoption.Organisation{URI: "https://" + name + ".example/", Name: name, Region: region},
				Repository:   registry.ID("github.com/verbund/" + name), Publisher: publisher, URL: "https://github.com/verbund/" + name, Time: time.Now().UTC(),
			},
			Statements: statements,
		}
		return a.Document(0)
	}
	err := o.PutDocuments(t.Context(),
		said("verbund", "", adoption.Statement{Software: "https://" + fullID, Role: adoption.Operates}, adoption.Statement{Software: "https://github.com/ur/weg", Role: adoption.Funds}),
		said("kreis", "DE-SH", adoption.Statement{Software: "https://" + fullID, Role: adoption.Uses, Version: "geheim", Visibility: adoption.Restricted, ConfirmedUntil: "2020-01-01"}),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// driveAdoptions drives the operations into what is documented of them.
func driveAdoptions(t *testing.T) {
	o := newOffice(t)
	o.files(t)
	token := o.token(t, registry.Grant{Regions: []string{"DE-SH"}})
	o.ask(t, http.MethodPut, adoptionsPath, token, townTogether)
	o.ask(t, http.MethodPut, adoptionsPath, token, townSays("DE-SH", townUses(fullID, all), townUses(partID, `, "visibility": "restricted"`)))
	o.ask(t, http.MethodPut, adoptionsPath, token, `{"organisation": {}, "adoptions": []}`)
	o.ask(t, http.MethodPut, adoptionsPath, o.token(t, registry.Grant{Regions: []string{"DE-BY"}}), townSays("DE-SH"))
	o.ask(t, http.MethodPut, adoptionsPath, "", townSays("DE-SH"))
	o.ask(t, http.MethodPut, adoptionsPath, token, strings.Repeat(" ", maxBody+1))
	send(t, o, http.MethodPut, adoptionsPath, strings.NewReader("a: b"), "Authorization", "Bearer "+token, "Content-Type", typeYAML)
	for _, target := range []string{adoptionsPath, adoptionsPath + "?perPage=1", organisationsPath, organisationsPath + "?perPage=1", adoptionsPath + "?role=none", reusePath, reusePath + endCSV} {
		w := get(t, o, target)
		get(t, o, target, "If-None-Match", w.Header().Get("ETag"))
		o.ask(t, http.MethodGet, target, token, "")
	}
	get(t, o, adoptionsPath, "Authorization", "Bearer nonsense")
	get(t, o, softwarePath+fullID)
	remove := adoptionsPath + "?organisation=" + url.QueryEscape(townURI)
	o.ask(t, http.MethodDelete, remove, "", "")
	o.ask(t, http.MethodDelete, remove, o.token(t, registry.Grant{Regions: []string{"DE-BY"}}), "")
	o.ask(t, http.MethodDelete, adoptionsPath, token, "")
	o.ask(t, http.MethodDelete, remove, token, "")
	o.ask(t, http.MethodDelete, remove, token, "")
	without := handlerOf(t, newShelf(), Options{})
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		ask(t, without, method, adoptionsPath)
	}
	get(t, without, organisationsPath)
	for _, err := range []error{errors.New("disk on fire"), errContended} {
		ill := officeOver(t, ailing{o.Documents, err})
		for _, target := range []string{adoptionsPath, organisationsPath} {
			get(t, ill, target)
		}
		ill.ask(t, http.MethodPut, adoptionsPath, token, townSays("DE-SH", townUses(fullID, "")))
		ill.ask(t, http.MethodDelete, remove, token, "")
	}
}

func (o *office) statements(t testing.TB, target, token string) (list []string) {
	t.Helper()
	for target != "" {
		page := decode[statementList](t, o.ask(t, http.MethodGet, target, token, ""), http.StatusOK)
		for _, s := range page.Items {
			list = append(list, fmt.Sprint(s.Organisation.Name, " ", s.Role, " ", s.Software, " ", s.Version, " ", s.Visibility, " ", s.Proof))
		}
		target = page.Links.Next
	}
	return list
}

func TestAdoptions(t *testing.T) {
	o := newOffice(t)
	o.files(t)
	north := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Regions: []string{"DE-SH"}})
	w := o.ask(t, http.MethodPut, adoptionsPath, north, townSays("DE-SH", townUses(fullID, all), townUses(partID, `, "version": "3", "visibility": "restricted"`)))
	if said := decode[statementList](t, w, http.StatusOK); len(said.Items) != 2 || said.Items[1].Visibility != adoption.Restricted {
		t.Fatalf("said %+v", said)
	}
	verbund := "verbund operates " + fullID + "  public source"
	stranger := "verbund funds github.com/ur/weg  public source"
	kreis := "kreis uses " + fullID + " geheim restricted publisher"
	town := "Stadt uses " + fullID + " 2.1 public token"
	hidden := "Stadt uses " + partID + " 3 restricted token"
	south := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Regions: []string{"DE-BY"}})
	everywhere := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}})
	security := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}, Regions: []string{"DE-BY"}})
	own := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Organisation: "http://stadt.example"})
	tests := []struct {
		query, token string
		want         []string
	}{
		{"", "", []string{town, verbund, stranger}},
		{"", south, []string{town, verbund, stranger}},
		{"", everywhere, []string{town, verbund, stranger}},
		{"", own, []string{town, hidden, verbund, stranger}},
		{"", north, []string{town, hidden, kreis, verbund, stranger}},
		{"", security, []string{town, hidden, kreis, verbund, stranger}},
		{"software=" + fullID, "", []string{town, verbund}},
		{"software=" + movedID, north, []string{town, kreis, verbund}},
		{"software=github.com/UR/weg", "", []string{stranger}},
		{"software=" + partID, "", nil},
		{"organisation=http://stadt.example", "", []string{town}},
		{"region=SH", "", []string{town, verbund, stranger}},
		{"region=DE", north, []string{town, hidden, kreis, verbund, stranger}},
		{"region=DE-BY", north, nil},
		{"role=funds,operates", "", []string{verbund, stranger}},
		{"role=evaluates", "", nil},
	}
	for _, tt := range tests {
		for _, size := range []string{"&perPage=1", "&perPage=100"} {
			have := o.statements(t, adoptionsPath+"?"+strings.TrimPrefix(tt.query+size, "&"), tt.token)
			slices.Sort(have)
			want := slices.Clone(tt.want)
			slices.Sort(want)
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s%s: want (-), have (+):\n%s", tt.query, size, diff)
			}
		}
	}
	for token, cache := range map[string]string{"": cacheMinute, south: cachePrivate, north: cachePrivate} {
		w := o.ask(t, http.MethodGet, adoptionsPath, token, "")
		if got := w.Header().Get("Cache-Control"); got != cache {
			t.Errorf("Cache-Control %q, want %q", got, cache)
		}
		if vary := w.Header().Get("Vary"); token == "" && !strings.HasPrefix(vary, "Authorization") {
			t.Errorf("Vary %q", vary)
		}
	}

	e := decode[entry](t, get(t, o, softwarePath+fullID), http.StatusOK)
	if len(e.Adoptions) != 2 || e.Adoptions[0].Version != "2.1" || !e.Adoptions[0].Current || e.ConfirmedBy != 2 {
		t.Errorf("the entry has %+v, confirmed by %d", e.Adoptions, e.ConfirmedBy)
	}
	if e := decode[entry](t, get(t, o, softwarePath+partID), http.StatusOK); len(e.Adoptions) != 0 {
		t.Errorf("what is restricted is in the entry: %+v", e.Adoptions)
	}
	orgs := decode[organisationList](t, get(t, o, organisationsPath), http.StatusOK)
	if orgs.Total != 2 || orgs.Items[0].Name != "Stadt" || orgs.Items[0].Statements != 1 || orgs.Items[1].Name != "verbund" || orgs.Items[1].Software != 2 {
		t.Errorf("organisations %+v", orgs)
	}
	if got := o.statements(t, orgs.Items[0].Links.Adoptions, ""); !slices.Equal(got, []string{town}) {
		t.Errorf("the link of an organisation leads to %v", got)
	}

	// What is said anew takes the place of what was said.
	decode[statementList](t, o.ask(t, http.MethodPut, adoptionsPath, north, townSays("DE-SH", townUses(partID, ""))), http.StatusOK)
	for id, want := range map[string]int{fullID: 1, partID: 1} {
		if e := decode[entry](t, get(t, o, softwarePath+id), http.StatusOK); e.ConfirmedBy != want {
			t.Errorf("%s is confirmed by %d, want %d", id, e.ConfirmedBy, want)
		}
	}
	remove := adoptionsPath + "?organisation=" + url.QueryEscape(townURI)
	if w := o.ask(t, http.MethodDelete, remove, north, ""); w.Code != http.StatusNoContent {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if e := decode[entry](t, get(t, o, softwarePath+partID), http.StatusOK); e.ConfirmedBy != 0 || len(e.Adoptions) != 0 {
		t.Errorf("taken back: %+v", e.Adoptions)
	}
	if w := o.ask(t, http.MethodDelete, remove, north, ""); w.Code != http.StatusNotFound {
		t.Errorf("taken back twice: status %d", w.Code)
	}
	var lines []string
	for _, l := range o.lines(t) {
		lines = append(lines, l.Action+" "+l.Object+" "+l.Detail)
	}
	want := []string{"adoptions.put " + townURI + " 1 public, others restricted", "adoptions.put " + townURI + " 1 public", "adoptions.delete " + townURI + " "}
	slices.Sort(lines)
	slices.Sort(want)
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("audit log, want (-), have (+):\n%s", diff)
	}
}

func TestWhoMaySayWhat(t *testing.T) {
	grant := func(org string, regions ...string) registry.Grant {
		return registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Regions: regions, Organisation: org}
	}
	tests := map[string]struct {
		grant  registry.Grant
		region string
		status int
	}{
		"its region":           {grant("", "DE-SH"), "DE-SH", 200},
		"its country":          {grant("", "DE"), "DE-SH", 200},
		"everywhere":           {grant(""), "DE-SH", 200},
		"another region":       {grant("", "DE-HH"), "DE-SH", 403},
		"no known region":      {grant("", "DE-SH"), "", 403},
		"its organisation":     {grant("http://stadt.example", "DE-SH"), "DE-SH", 200},
		"another organisation": {grant("https://kreis.example/", "DE-SH"), "DE-SH", 403},
		"another scope":        {registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}}, "DE-SH", 403},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			body := townSays(tt.region, townUses(fullID, ""))
			if tt.region == "" {
				body = strings.NewReplacer(`"region": "", `, "", `, "ags": "01051044", "ars": "010510044044"`, "").Replace(body)
			}
			if w := o.ask(t, http.MethodPut, adoptionsPath, o.token(t, tt.grant), body); w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
		})
	}

	// Nobody takes over what an organisation of another region said.
	o := newOffice(t)
	decode[statementList](t, o.ask(t, http.MethodPut, adoptionsPath, o.token(t, grant("", "DE-SH")), townSays("DE-SH", townUses(fullID, ""))), http.StatusOK)
	south := strings.NewReplacer(`, "ags": "01051044", "ars": "010510044044"`, "").Replace(townSays("DE-BY"))
	if w := o.ask(t, http.MethodPut, adoptionsPath, o.token(t, grant("", "DE-BY")), south); w.Code != http.StatusForbidden {
		t.Errorf("taken over: status %d", w.Code)
	}
}

func TestBadStatementsAreNamed(t *testing.T) {
	o := newOffice(t)
	token := o.token(t, registry.Grant{})
	for body, pointer := range map[string]string{
		townSays("DE-SH", `{"software": "https://github.com/a/b", "role": "owns"}`): "/adoptions/0/role",
		townSays("DE-SH", townUses(fullID, ""), `{"role": "uses"}`):                 "/adoptions/1/software",
		townSays("Nord"): "/organisation/region",
		townSays("DE-SH", townUses(fullID, `, "colour": "red"`)):                                           "/adoptions/0/colour",
		`{"organisation": {"name": "Stadt"}, "adoptions": []}`:                                             "/organisation/uri",
		strings.Replace(townSays("DE-SH"), townURI, "https://stadt.example/"+strings.Repeat("a", 1100), 1): "/organisation/uri",
	} {
		w := o.ask(t, http.MethodPut, adoptionsPath, token, body)
		var p problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusBadRequest {
			t.Errorf("%.200s: status %d: %s", body, w.Code, w.Body)
			continue
		}
		if !slices.ContainsFunc(p.Errors, func(f fault) bool { return f.Location != nil && f.Location.Pointer == pointer }) {
			t.Errorf("%.200s: no fault at %s: %s", body, pointer, w.Body)
		}
	}
	for _, after := range []string{"x", "-1 a", "01 a", "1"} {
		if w := get(t, o, adoptionsPath+"?after="+url.QueryEscape(after)); w.Code != http.StatusBadRequest {
			t.Errorf("the cursor %q: status %d", after, w.Code)
		}
	}
}

// TestComaintenanceByAPI: what an organisation says of looking after software together
// is in the entry at once, and gone when it is taken back.
func TestComaintenanceByAPI(t *testing.T) {
	o := newOffice(t)
	token := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Regions: []string{"DE-SH"}})
	said := func() (names []string) {
		t.Helper()
		for _, c := range decode[entry](t, get(t, o, softwarePath+fullID), http.StatusOK).Comaintenance {
			if c.Proof == registry.ProvenToken && c.Community != nil && c.Current && !c.ByPublisher {
				names = append(names, c.Community.Name)
			}
		}
		return names
	}
	if w := o.ask(t, http.MethodPut, adoptionsPath, token, townTogether); w.Code != http.StatusOK || !slices.Equal(said(), []string{"Stadtrunde"}) {
		t.Errorf("%d %s: %q", w.Code, w.Body, said())
	}
	if w := o.ask(t, http.MethodDelete, adoptionsPath+"?organisation="+url.QueryEscape(townURI), token, ""); w.Code != http.StatusNoContent || len(said()) != 0 {
		t.Errorf("%d %s: %q", w.Code, w.Body, said())
	}
}
