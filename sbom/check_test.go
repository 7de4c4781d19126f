// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// states are the lines of a checklist in short: identifier, state, and of how
// many components.
func states(c Checklist) string {
	var out strings.Builder
	for _, l := range c.Lines {
		fmt.Fprintf(&out, "%s %s", l.ID, l.State)
		if l.Of > 0 {
			fmt.Fprintf(&out, " %d/%d", l.Passed, l.Of)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ file, date, version, bsi, ntia string }{
		{"product.spdx.json", "", "2.0.0", `
format met
creator met
timestamp met
sbom-uri met
component-creator partly 1/3
name met 3/3
version met 3/3
filename partly 1/3
dependencies-listed met 3/3
associated-licences partly 2/3
hash-deployable not-met 0/3
executable impossible 0/3
archive impossible 0/3
structured impossible 0/3
source-uri unknown 1/3
deployable-uri unknown 1/3
unique-ids unknown 1/3
concluded-licences unknown 2/3
declared-licences partly 2/3
hash-source impossible 0/3
no-vulnerabilities met
one-per-version unknown
depth unknown
licence-ids partly 2/3
signature unknown
`, `
supplier partly 1/3
name met 3/3
version met 3/3
unique-ids partly 1/3
dependencies-listed met 3/3
author met
timestamp met
machine-readable met
frequency unknown
depth unknown
known-unknowns partly 1/3
distribution-and-delivery unknown
access-control unknown
accommodation-of-mistakes unknown
`},
		{"product.spdx.json", "2026-06-01", "2.1.0", `
format not-met
creator met
timestamp met
sbom-uri met
component-creator partly 1/3
name met 3/3
version met 3/3
filename partly 1/3
dependencies partly 1/3
distribution-licences partly 2/3
hash-deployable not-met 0/3
executable impossible 0/3
archive impossible 0/3
structured impossible 0/3
source-uri unknown 1/3
deployable-uri unknown 1/3
unique-ids unknown 1/3
original-licences unknown 2/3
effective-licence impossible 0/3
hash-source impossible 0/3
security-txt-url impossible 0/3
no-vulnerabilities met
one-per-version unknown
depth unknown
licence-ids partly 2/3
signature unknown
`, ""},
		{"product.cdx.json", "", "2.1.0", `
format met
creator met
timestamp met
sbom-uri met
component-creator partly 2/4
name met 4/4
version partly 3/4
filename partly 1/4
dependencies partly 2/4
distribution-licences partly 1/4
hash-deployable partly 1/4
executable partly 1/4
archive partly 1/4
structured partly 1/4
source-uri unknown 1/4
deployable-uri unknown 1/4
unique-ids unknown 1/4
original-licences unknown 2/4
effective-licence partly 1/4
hash-source partly 1/4
security-txt-url partly 1/4
no-vulnerabilities not-met
one-per-version unknown
depth unknown
licence-ids met 2/2
signature unknown
`, ""},
		{"product.spdx3.json", "", "2.1.0", `
format met
creator met
timestamp met
sbom-uri met
component-creator partly 1/2
name met 2/2
version met 2/2
filename partly 1/2
dependencies met 2/2
distribution-licences partly 1/2
hash-deployable partly 1/2
executable partly 1/2
archive partly 1/2
structured partly 1/2
source-uri unknown 1/2
deployable-uri unknown 1/2
unique-ids unknown 1/2
original-licences unknown 1/2
effective-licence partly 1/2
hash-source not-met 0/2
security-txt-url partly 1/2
no-vulnerabilities met
one-per-version unknown
depth unknown
licence-ids not-met 0/1
signature unknown
`, ""},
	} {
		t.Run(c.file+" "+c.version, func(t *testing.T) {
			d := mustRead(t, sample(t, c.file))
			if c.date != "" {
				d.Created, _ = time.Parse(time.DateOnly, c.date)
			}
			lists := Check(d, time.Time{})
			if lists[0].Guideline != BSI || lists[0].Version != c.version || lists[1].Guideline != NTIA {
				t.Fatalf("%s %s, %s", lists[0].Guideline, lists[0].Version, lists[1].Guideline)
			}
			if diff := gocmp.Diff(strings.TrimPrefix(c.bsi, "\n"), states(lists[0])); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if diff := gocmp.Diff(strings.TrimPrefix(c.ntia, "\n"), states(lists[1])); c.ntia != "" && diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Everything that the guideline asks for and a document can show can be met.
func TestCheckMet(t *testing.T) {
	b := false
	stadt := &Party{Kind: organisation, Name: "Stadt", Email: "sbom@stadt.example"}
	d := &Document{
		Standard: CycloneDX, Version: "1.6", Encoding: "json", URI: "urn:uuid:1", Signed: true,
		Created: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Creators: []Party{*stadt}, Roots: []string{"a"}, Complete: []string{"a"},
		Packages: []Package{{
			Ref: "a", Name: "a", Version: "1", PURL: "pkg:generic/a@1", Supplier: stadt, Originator: stadt,
			Concluded: "EUPL-1.2", Declared: "LicenseRef-scancode-x", Effective: "EUPL-1.2", Filename: "a.deb",
			Hashes:      []Hash{{Algorithm: "SHA-512", Value: aSHA512}, {Algorithm: "SHA-512", Value: aSHA512, Source: true}},
			DownloadURL: "https://a.example/a.deb", SourceURL: "https://a.example/a.git", SecurityTxt: "https://a.example/security.txt",
			Executable: &b, Archive: &b, Structured: &b,
		}},
	}
	for _, list := range Check(d, time.Time{}) {
		for _, l := range list.Lines {
			untold := l.ID == "one-per-version" || l.ID == "depth" || l.ID == "frequency" || l.ID == "distribution-and-delivery" || l.ID == "access-control" || l.ID == "accommodation-of-mistakes"
			if (l.State != Met) != untold {
				t.Errorf("%s %s: %s is %s", list.Guideline, list.Version, l.ID, l.State)
			}
		}
	}
}

func TestCheckVersion(t *testing.T) {
	for _, c := range []struct {
		standard Standard
		version  string
		date     string
		want     string
	}{
		{SPDX, "2.3", "2019-01-01", "2.0.0"},
		{CycloneDX, "1.6", "2025-08-19", "2.0.0"},
		{CycloneDX, "1.6", "2025-08-20", "2.1.0"},
		{CycloneDX, "1.5", "2025-08-20", "2.0.0"},
		{SPDX, "2.3", "2026-02-19", "2.0.0"},
		{SPDX, "3.0.1", "2026-02-19", "2.1.0"},
		{SPDX, "3.0", "2026-02-19", "2.0.0"},
		{SPDX, "2.3", "2026-02-20", "2.1.0"},
	} {
		at, _ := time.Parse(time.DateOnly, c.date)
		d := &Document{Standard: c.standard, Version: c.version, Encoding: "json"}
		if got := Check(d, at)[0].Version; got != c.want {
			t.Errorf("%s %s of %s: measured against %s, want %s", c.standard, c.version, c.date, got, c.want)
		}
		d.Created = at
		if got := Check(d, at.AddDate(-9, 0, 0))[0].Version; got != c.want {
			t.Errorf("%s %s made on %s: measured against %s, want %s", c.standard, c.version, c.date, got, c.want)
		}
	}
	if Check(nil, time.Now()) != nil {
		t.Error("no document has a checklist")
	}
}

func TestCheckEvidence(t *testing.T) {
	d := mustRead(t, sample(t, "product.cdx.json"))
	want := map[string][]string{
		"creator":            {"Stadt Köln sbom@koeln.example"},
		"timestamp":          {"2026-04-01T08:00:00Z"},
		"format":             {"CycloneDX 1.6, json"},
		"version":            {"datum.class"},
		"no-vulnerabilities": {"1"},
		"depth":              {"2"},
		"one-per-version":    {"meldewesen 5.0.0"},
	}
	for _, l := range Check(d, time.Time{})[0].Lines {
		if w, ok := want[l.ID]; ok {
			if diff := gocmp.Diff(w, l.Evidence); diff != "" {
				t.Errorf("%s: -want +got\n%s", l.ID, diff)
			}
		}
	}
}

// Dependencies in a circle end.
func TestCheckCircle(t *testing.T) {
	d := &Document{Roots: []string{"a"}, Packages: []Package{{Ref: "a"}, {Ref: "b"}}, Relationships: []Relationship{{"a", "depends-on", "b"}, {"b", "depends-on", "a"}}}
	for _, l := range Check(d, time.Time{})[0].Lines {
		if l.ID == "depth" && l.Evidence[0] != "1" {
			t.Errorf("%q levels, want 1", l.Evidence)
		}
	}
}

func TestWording(t *testing.T) {
	used := map[string]bool{}
	for _, c := range []struct {
		guideline string
		rules     []rule
	}{{BSI, bsi200Rules}, {BSI, bsi210Rules}, {NTIA, ntiaRules}} {
		list := Checklist{Guideline: c.guideline}
		for _, r := range c.rules {
			used[r.id], used[c.guideline+" "+r.id] = true, true
			de, deDetail := list.Wording(r.id, "de")
			en, enDetail := list.Wording(r.id, "en")
			if de == "" || en == "" || de == r.id || deDetail == "" || enDetail == "" || deDetail == enDetail {
				t.Errorf("%s %s: %q %q %q %q", c.guideline, r.id, de, deDetail, en, enDetail)
			}
		}
	}
	for id := range lineWords {
		if !used[id] {
			t.Errorf("there are words for %s, which is no line", id)
		}
	}
	if title, detail := (Checklist{}).Wording("no such line", "de"); title != "no such line" || detail != "" {
		t.Errorf("%q, %q", title, detail)
	}
	bsi, _ := Checklist{Guideline: BSI}.Wording("unique-ids", "en")
	ntia, _ := Checklist{Guideline: NTIA}.Wording("unique-ids", "en")
	if bsi == ntia {
		t.Error("the two guidelines mean different things by unique-ids")
	}
}
