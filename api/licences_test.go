// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

func explainURL(expression string) string {
	return "/v1/licences/explain?" + url.Values{"expression": {expression}}.Encode()
}

func compatibilityURL(situation, into string, parts ...string) string {
	v := url.Values{"situation": {situation}, "licence": parts}
	if into != "" {
		v.Set("into", into)
	}
	return "/v1/licences/compatibility?" + v.Encode()
}

// driveLicences leads the questions into all their answers, and sees all members
// of them.
func driveLicences(t *testing.T, h http.Handler) {
	t.Helper()
	targets := []string{
		explainURL("GPL-2.0 WITH Classpath-exception-2.0 OR MIT"), explainURL("LicenseRef-Amt AND Apache-2.0 AND AGPL-3.0-only"),
		explainURL("NONE"), explainURL("Sleepycat"), explainURL("Beerware"),
		compatibilityURL("combine", "EUPL-1.2", "MIT", "Apache-2.0 OR GPL-2.0-only"), compatibilityURL("combine", "", "MIT", "GPL-3.0-or-later"),
		compatibilityURL("service", "", "AGPL-3.0-only"),
		"/v1/licences/check?expression=MIT", "/v1/licences/GPL-3.0+", explainURL("GPL-3.0+"), "/v1/licences/CC-BY-NC-4.0", "/v1/licences/MIT",
		"/v1/licences/BlueOak-1.0.0",
	}
	own := handlerOf(t, newShelf(), Options{Policies: []licence.Policy{{ID: "haus", Deny: []string{"MIT"}}}})
	get(t, own, "/v1/licences/policies")
	for _, target := range targets {
		w := get(t, h, target)
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d: %.300s", target, w.Code, w.Body)
		}
		get(t, h, target, "If-None-Match", w.Header().Get("ETag"))
	}
}

func TestOwnPolicies(t *testing.T) {
	own := licence.Policy{ID: "haus", Name: licence.Bilingual{DE: "Unsere", EN: "Ours"}, Deny: []string{"AGPL-3.0"}}
	h := handlerOf(t, newShelf(), Options{Policies: []licence.Policy{own}})
	if all := decode[policyList](t, get(t, h, "/v1/licences/policies"), http.StatusOK); all.Total != 1 || all.Items[0].Deny[0] != "AGPL-3.0" {
		t.Errorf("policies %+v", all)
	}
	e := decode[entry](t, get(t, h, "/v1/software/"+fullID, "Accept-Language", "en"), http.StatusOK)
	if len(e.Policies) != 1 || e.Policies[0].Name != "Ours" || e.Policies[0].State != licence.Denied {
		t.Errorf("judgements %+v", e.Policies)
	}
	if w := get(t, h, "/v1/licences/check?expression=MIT&policy=osi"); w.Code != http.StatusBadRequest {
		t.Errorf("a policy of others: status %d", w.Code)
	}
}

func TestExplainLicence(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, expression := range []string{"EUPL-1.2", "mit or apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "(MIT AND ISC) OR LicenseRef-Haus"} {
		e, _, err := spdx.Parse(expression)
		if err != nil {
			t.Fatal(err)
		}
		want := licence.Explain(e)
		got := decode[licence.Explanation](t, get(t, h, explainURL(expression)), http.StatusOK)
		if got.Expression != want.Expression || got.Category != want.Category || len(got.Alternatives) != len(want.Alternatives) ||
			got.Summary[0].Text != want.Summary[0].Text || got.Disclaimer.DE == "" || got.Disclaimer.EN == "" {
			t.Errorf("%s: %+v", expression, got)
		}
	}
	for _, word := range []string{"NONE", "noassertion"} {
		if got := decode[licence.Explanation](t, get(t, h, explainURL(word)), http.StatusOK); got.Expression != "" || len(got.Summary) == 0 || len(got.Licences) != 0 {
			t.Errorf("%s: %+v", word, got)
		}
	}
}

// manyLicences are more than a whole can have.
var manyLicences = strings.Fields("0BSD AAL ADSL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AML AMPAS ANTLR-PD APAFML APL-1.0 APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 " +
	"Abstyles Adobe-2006 Afmparse Aladdin Apache-1.0 Apache-1.1 Apache-2.0 BSD-1-Clause BSD-2-Clause BSD-3-Clause BSL-1.0 Bahyph Barr Beerware Borceux " +
	"CATOSL-1.1 CDDL-1.0 CDDL-1.1 CNRI-Jython CPAL-1.0 CPL-1.0 Caldera Crossword Cube D-FSL-1.0 DOC DSDP Dotseqn ECL-1.0 ECL-2.0 EFL-1.0 EFL-2.0 EPL-1.0 EPL-2.0 EUPL-1.2")

// A problem says what is wrong, where, and what to write instead.
func TestBadQuestionsAreNamed(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for query, want := range map[string][]string{ // name:code:index, and what the detail says
		"explain":                                                {"expression:missing:-"},
		"explain?expression=":                                    {"expression:malformed:-", "empty"},
		"explain?expression=%20":                                 {"expression:malformed:-", "empty"},
		"explain?expression=MIT&expression=MIT":                  {"expression:repeated:-"},
		"explain?expression=%00":                                 {"expression:malformed:-"},
		"explain?expression=Apache+License,+Version+2.0":         {"expression:malformed:-", "“Apache-2.0” was probably meant"},
		"explain?expression=GPL+v3":                              {"expression:malformed:-", "-or-later"},
		"explain?expression=MIT%2FISC":                           {"expression:malformed:-", "“MIT OR ISC”", "“MIT AND ISC”"},
		"explain?expression=MIT+AND":                             {"expression:malformed:-", "at the end"},
		"explain?expression=MIT+Quark":                           {"expression:malformed:-", "“Quark” at position 5"},
		"explain?expression=" + strings.Repeat("(", 30):          {"expression:malformed:-", "position 21"},
		"explain?expression=" + strings.Repeat("x", 2001):        {"expression:malformed:-"},
		"explain?expression=MIT&policy=osi":                      {"policy:unknown:-"},
		"check":                                                  {"expression:missing:-"},
		"check?expression=Quark":                                 {"expression:malformed:-", "Quark"},
		"check?expression=MIT&policy=mine":                       {"policy:forbidden:0", "Allowed are opencode, osi."},
		"compatibility":                                          {"situation:missing:-", "licence:missing:-"},
		"compatibility?situation=use":                            {"licence:missing:-"},
		"compatibility?situation=steal&licence=MIT":              {"situation:forbidden:-"},
		"compatibility?situation=change&licence=MIT":             {"situation:forbidden:-"},
		"compatibility?situation=use&into=MIT&licence=MIT":       {"into:forbidden:-"},
		"compatibility?situation=combine&into=Quark&licence=MIT": {"into:malformed:-", "Quark"},
		"compatibility?situation=combine&licence=MIT&licence=Quark&licence=GPL+v3":                               {"licence:malformed:1", "licence:malformed:2", "“Quark” at position 1", "-only"},
		"compatibility?situation=combine&licence=MIT&into=" + strings.Join(manyLicences, "+OR+"):                 {"into:too-many:-", "in several questions"},
		"compatibility?situation=use&licence=MIT,,ISC":                                                           {"licence:malformed:1", "licence:malformed:1"},
		"compatibility?situation=use&licence=" + strings.Repeat("MIT,", 100) + "MIT":                             {"licence:too-many:-"},
		"compatibility?situation=use&licence=" + strings.Repeat(strings.Repeat("MIT+OR+", 90)+"MIT,", 9) + "MIT": {"licence:too-many:-", "in several questions"},
		"compatibility?situation=use&licence=" + strings.Repeat("x", 2001):                                       {"licence:malformed:0"},
		"policies?id=osi": {"id:unknown:-"},
	} {
		p := decode[problem](t, get(t, h, "/v1/licences/"+query), http.StatusBadRequest)
		var got []string
		for _, f := range p.Errors {
			index := "-"
			if f.Location.Index != nil {
				index = fmt.Sprint(*f.Location.Index)
			}
			got = append(got, f.Location.Name+":"+f.Code+":"+index)
		}
		for _, w := range want {
			if strings.Count(w, ":") == 2 && !slices.Contains(got, w) || strings.Count(w, ":") != 2 && !strings.Contains(p.Detail, w) {
				t.Errorf("%.80s: faults %v with %q lack %q", query, got, p.Detail, w)
			}
		}
	}
}

func TestCompatibility(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, q := range []licence.Question{
		{Situation: licence.Combine, Licences: []string{"MIT", "Apache-2.0 OR GPL-2.0-only"}, Into: "EUPL-1.2"},
		{Situation: licence.Combine, Licences: []string{"GPL-2.0-only", "Apache-2.0"}},
		{Situation: licence.RunService, Licences: []string{"AGPL-3.0-only", "NONE"}},
		{Situation: licence.UseInternally, Licences: []string{"NOASSERTION"}},
		{Situation: licence.Distribute, Licences: []string{"LicenseRef-Haus", "MIT"}},
	} {
		want, err := licence.Ask(q)
		if err != nil {
			t.Fatal(err)
		}
		got := decode[compatibility](t, get(t, h, compatibilityURL(string(q.Situation), q.Into, q.Licences...)), http.StatusOK)
		if got.Verdict != want.Verdict || got.Into != want.Into || got.Reason != want.Reason || !slices.Equal(got.Under, want.Under) || len(got.Parts) != len(want.Parts) {
			t.Errorf("%+v: %+v, want %+v", q, got, want)
		}
		for _, p := range got.Parts {
			for _, s := range p.Steps {
				for _, id := range s.Sources {
					if !slices.ContainsFunc(got.Sources, func(s licence.Source) bool { return s.ID == id }) {
						t.Errorf("%+v: the source %s is not named", q, id)
					}
				}
			}
		}
		// Commas do as well as several parameters.
		v := url.Values{"situation": {string(q.Situation)}, "licence": {strings.Join(q.Licences, ", ")}}
		if q.Into != "" {
			v.Set("into", q.Into)
		}
		if again := decode[compatibility](t, get(t, h, "/v1/licences/compatibility?"+v.Encode()), http.StatusOK); again.Verdict != want.Verdict || len(again.Parts) != len(want.Parts) {
			t.Errorf("%+v with commas: %+v", q, again)
		}
	}
}

func TestPolicies(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	all := decode[policyList](t, get(t, h, "/v1/licences/policies"), http.StatusOK)
	if all.Total != len(licence.Policies()) || len(all.Items) != all.Total || all.Items[0].ID != licence.Policies()[0].ID || all.Items[0].Name.DE == "" {
		t.Errorf("policies %+v", all)
	}
	for query, want := range map[string]int{"": all.Total, "&policy=osi": 1, "&policy=OSI,opencode": 2, "&policy=osi&policy=osi": 1} {
		for _, expression := range []string{"SSPL-1.0 OR mit", "SSPL-1.0", "NONE", "NOASSERTION", "LicenseRef-Haus"} {
			got := decode[judgementList](t, get(t, h, "/v1/licences/check?"+url.Values{"expression": {expression}}.Encode()+query), http.StatusOK)
			if len(got.Judgements) != want {
				t.Errorf("%s: %d judgements, want %d", query, len(got.Judgements), want)
			}
			for _, j := range got.Judgements {
				i := slices.IndexFunc(all.Items, func(p licence.Policy) bool { return p.ID == j.Policy })
				wanted := licence.Policies()[i].Judge(expression)
				if j.State != wanted.State || j.Name != all.Items[i].Name || !slices.Equal(j.Chosen, wanted.Chosen) || !slices.Equal(j.Reasons, wanted.Reasons) || got.Expression != wanted.Expression {
					t.Errorf("%s: %+v, want %+v", expression, j, wanted)
				}
			}
		}
	}
}

func TestLicenceFacts(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example"})
	f := decode[licenceFacts](t, get(t, h, "/v1/licences/eupl-1.2"), http.StatusOK)
	known, _ := licence.Lookup("EUPL-1.2")
	if f.ID != "EUPL-1.2" || f.OSI != known.OSI || f.Category != known.Category || len(f.Conditions) != len(known.Conditions) || len(f.Sources) == 0 {
		t.Errorf("facts %+v", f)
	}
	label, text := licence.Tag{ID: known.Conditions[0], Kind: licence.Condition}.Words("de")
	if c := f.Conditions[0]; c.ID != known.Conditions[0] || c.Label.DE != label || c.Text.DE != text || c.Label.EN == "" || c.Label.EN == c.Label.DE {
		t.Errorf("condition %+v", c)
	}
	if want := (licenceLinks{
		"https://katalog.example/v1/licences/EUPL-1.2", "https://katalog.example/v1/licences/explain?expression=EUPL-1.2",
		"https://katalog.example/v1/software?licence=EUPL-1.2&perPage=25",
	}); f.Links != want {
		t.Errorf("links %+v, want %+v", f.Links, want)
	}
	if f := decode[licenceFacts](t, get(t, h, "/v1/licences/GPL-3.0%2B"), http.StatusOK); !f.Deprecated || f.Successor != "GPL-3.0-or-later" {
		t.Errorf("a deprecated one is %+v", f)
	}
	for _, id := range []string{"Quark-1.0", "LicenseRef-Haus", "MIT%20OR%20ISC", "%00", strings.Repeat("x", 5000), "NONE", "MIT/ISC", ""} {
		if w := get(t, h, "/v1/licences/"+id); w.Code != http.StatusNotFound {
			t.Errorf("%.40s: status %d", id, w.Code)
		}
	}
	if p := decode[problem](t, get(t, h, "/v1/licences/Quark-1.0"), http.StatusNotFound); !strings.Contains(p.Detail, "SPDX list") {
		t.Errorf("detail %s", p.Detail)
	}
}

func TestNumbers(t *testing.T) {
	s := newShelf()
	for i, v := range []registry.LicenceVerdict{registry.LicenceMatch, registry.LicenceMatch, registry.LicenceAmbiguous, registry.LicenceConflict} {
		s.entries[len(s.entries)-1-i].Licence = &registry.LicenceReport{Verdict: v}
	}
	h := handlerOf(t, s, Options{})
	n := decode[verdictNumbers](t, get(t, h, "/v1/licences/numbers"), http.StatusOK)
	holds := func(where string, c verdictCounts, want map[registry.LicenceVerdict]int) {
		t.Helper()
		left := c.Entries
		for i, v := range registry.LicenceVerdicts() {
			got := c.Verdicts[i]
			if got.Verdict != v || got.Entries != want[v] || got.Label.DE != v.Wording("de") || got.Label.EN != v.Wording("en") {
				t.Errorf("%s: %+v, want %d of %s", where, got, want[v], v)
			}
			if listed := decode[softwareList](t, get(t, h, got.Links.Software), http.StatusOK).Total; listed != got.Entries {
				t.Errorf("%s: %s has %d entries, its link leads to %d", where, v, got.Entries, listed)
			}
			left -= got.Entries
		}
		if listed := decode[softwareList](t, get(t, h, c.Links.Software), http.StatusOK).Total; listed != c.Entries || c.Unreported != left {
			t.Errorf("%s: %d entries, %d unreported; its link leads to %d", where, c.Entries, c.Unreported, listed)
		}
	}
	holds("all", n.verdictCounts, map[registry.LicenceVerdict]int{"match": 2, "ambiguous": 1, "conflict": 2, "missing": 1})
	if len(n.Regions) != 3 || n.Entries != len(s.entries) {
		t.Fatalf("%d entries, regions %+v", n.Entries, n.Regions)
	}
	for _, r := range n.Regions {
		want := map[string]map[registry.LicenceVerdict]int{
			"DE-BY": {"match": 2, "ambiguous": 1, "conflict": 1, "missing": 1}, "DE-SH": {"conflict": 1}, "BE": {},
		}[r.Code]
		if holds(r.Code, r.verdictCounts, want); r.Names["de"] == "" {
			t.Errorf("%s has the names %v", r.Code, r.Names)
		}
	}
}
