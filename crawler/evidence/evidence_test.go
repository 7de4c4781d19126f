// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler/evidence"
	"github.com/allmende-registry/allmende/registry"
)

// says is a statement in short.
func says(e registry.LicenceEvidence) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s%s %s %s", e.Source, e.State, e.Origin, e.Path, e.SPDX, e.Written))
}

func TestEvidenceIsNeverCollapsed(t *testing.T) {
	got, bills := report(entry(t, "eupl-1.2", "GPL-3.0",
		"LICENSE", "{{text MIT}}\n\n{{text Apache-2.0}}",
		"LICENSE.own", ownLicence,
		"NOTICE", "{{text BSD-3-Clause}}",
		"LICENSES/LicenseRef-Amt.txt", ownLicence,
		"LICENSES/Classpath-exception-2.0.txt", "{{text Classpath-exception-2.0}}",
		"REUSE.toml", allEUPL,
		"codemeta.json", `{"license":"Apache License 2.0"}`,
		"CITATION.cff", "license: [MIT, EUPL-1.2]\n",
		"README.md", "# Karte\n\n## Lizenz\n\nKarte is licensed under the Apache License, Version 2.0.\n",
		"bom.json", bom("NOASSERTION"), asset, bom("MIT"),
	))
	var all []string
	for _, e := range slices.Concat([]registry.LicenceEvidence{*got.Declared, *got.Forge}, got.Detected, got.SBOM) {
		all = append(all, says(e))
		if e.Seen != now {
			t.Errorf("%s was seen %s", says(e), e.Seen)
		}
		if e.Path != "" && e.Origin == "" && (e.Commit != "c0ffee" || len(e.Hash) != 64) {
			t.Errorf("%s of commit %q, hash %q", says(e), e.Commit, e.Hash)
		}
		if e.Confidence < 0 || e.Confidence > 1 || e.Confidence == 0 && e.State == registry.LicenceStated {
			t.Errorf("%s with confidence %v", says(e), e.Confidence)
		}
	}
	want := []string{
		"publiccode stated publiccode.yml EUPL-1.2 eupl-1.2",
		"forge deprecated  GPL-3.0",
		"text stated LICENSE Apache-2.0",
		"text stated LICENSE MIT",
		"text unknown LICENSE.own",
		"text stated NOTICE BSD-3-Clause",
		"licenses-dir reference LICENSES/LicenseRef-Amt.txt LicenseRef-Amt",
		"licenses-dir stated LICENSES/Classpath-exception-2.0.txt Classpath-exception-2.0",
		"reuse stated REUSE.toml EUPL-1.2",
		"reuse stated REUSE.toml CC0-1.0",
		"metadata invalid codemeta.json Apache-2.0 Apache License 2.0",
		"metadata stated CITATION.cff MIT OR EUPL-1.2",
		"readme stated README.md Apache-2.0",
		"sbom noassertion bom.json",
		"sbom stated https://git.example/amt/karte/releases/1/bom.jsonbom.json MIT",
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	if len(bills) != 2 || bills[0].Error != "" || bills[0].Hash == "" || bills[0].Document == nil || bills[1].Origin == "" {
		t.Errorf("SBOMs %+v", bills)
	}
}

// TestSeen is about dates: what was seen before keeps its own, unless the file
// has another commit.
func TestSeen(t *testing.T) {
	s := entry(t, "MIT", "MIT", "LICENSE", "{{text MIT}}", "README.md", "# Karte\n\nLicense: MIT License\n", "bom.json", bom("MIT", "ISC"))
	first, bills := report(s)
	former := *s
	former.Licence, former.SBOMs = first, bills
	for i := range former.SBOMs {
		former.SBOMs[i].Document = nil // as the store returns it
	}
	for i, f := range s.Files {
		if f.Path == "LICENSE" {
			s.Files[i].Commit = "beef"
		}
	}
	s.Repository.Licence = "Apache-2.0"
	later := now.Add(time.Hour)
	var asked []string
	second, again := evidence.Report(evidence.Input{Software: s, Former: &former, Now: later, Read: func(f registry.File) ([]byte, error) {
		asked = append(asked, f.Path)
		return f.Bytes, nil
	}})
	if !second.Declared.Seen.Equal(now) || !second.SBOM[0].Seen.Equal(now) {
		t.Errorf("what was there before was seen %s and %s", second.Declared.Seen, second.SBOM[0].Seen)
	}
	if !second.Forge.Seen.Equal(later) {
		t.Errorf("the forge said so %s", second.Forge.Seen)
	}
	for _, e := range second.Detected {
		want := now
		if e.Path == "LICENSE" {
			want = later
		}
		if !e.Seen.Equal(want) {
			t.Errorf("%s seen %s", e.Path, e.Seen)
		}
	}
	if diff := cmp.Diff(bills, again); diff != "" {
		t.Error(diff)
	}

	// An SBOM of a known hash is not read again; one that failed is.
	hashed := *s
	hashed.Files = slices.Clone(s.Files)
	for i := range hashed.Files {
		if hashed.Files[i].Path == "bom.json" {
			hashed.Files[i].Hash = bills[0].Hash
		}
	}
	asked = nil
	in := evidence.Input{Software: &hashed, Former: &former, Now: later, Read: func(f registry.File) ([]byte, error) {
		asked = append(asked, f.Path)
		return f.Bytes, nil
	}}
	evidence.Report(in)
	if slices.Contains(asked, "bom.json") {
		t.Error("a known SBOM is read again")
	}
	first.Analyser--
	if evidence.Report(in); !slices.Contains(asked, "bom.json") {
		t.Error("an SBOM that another version has read is not read again")
	}
	first.Analyser++
	asked = nil
	former.SBOMs[0].Error = "no connection"
	if _, bills := evidence.Report(in); !slices.Contains(asked, "bom.json") || bills[0].Error != "" || !bills[0].Seen.Equal(now) {
		t.Errorf("one that failed is not read again: %+v", bills)
	}
}

// TestNothingChangesByItself holds that a second visit to the same files gives
// the same report, to the byte, dates included.
func TestNothingChangesByItself(t *testing.T) {
	check := func(name string, s *registry.Software) {
		t.Helper()
		first, bills := report(s)
		former := *s
		former.Licence, former.SBOMs = first, bills
		second, again := evidence.Report(evidence.Input{Software: s, Former: &former, Read: read, Now: now.Add(time.Hour)})
		if was, is := asJSON(t, first, bills), asJSON(t, second, again); was != is {
			t.Errorf("%s:\n%s\n%s", name, was, is)
		}
	}
	for _, c := range situations {
		check(c.name, entry(t, c.declared, c.forge, c.files...))
	}
	check("an SBOM that cannot be read", entry(t, "MIT", "", "bom.json", unreadable, asset, unreadable))
	large := entry(t, "MIT", "", "bom.json", "{}")
	large.Files[0].Size = 1 << 30
	check("an SBOM that is too large", large)
}

func asJSON(t *testing.T, report *registry.LicenceReport, bills []registry.SBOM) string {
	t.Helper()
	src, err := json.Marshal([]any{report, bills})
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func TestDependencies(t *testing.T) {
	packages := []string{"MIT", "mit", "MIT OR Apache-2.0", "(MIT or Apache-2.0)", "", "NOASSERTION", "Our own terms", "MIT"}
	_, bills := report(entry(t, "", "", "bom.json", bom("EUPL-1.2", packages...)))
	want := registry.Dependencies{Packages: 8, Unasserted: 2, Licences: []registry.LicenceCount{
		{SPDX: "MIT", Packages: 3}, {SPDX: "MIT OR Apache-2.0", Packages: 2}, {SPDX: "Our own terms", Packages: 1},
	}}
	if diff := cmp.Diff(want, bills[0].Dependencies); diff != "" {
		t.Error(diff)
	}
	if bills[0].Root == nil || bills[0].Root.Name != "Karte" || len(bills[0].Checklists) == 0 || bills[0].Standard != "CycloneDX" {
		t.Errorf("%+v", bills[0])
	}

	var many []string
	for i := range registry.MaxDependencyLicences + 5 {
		many = append(many, fmt.Sprintf("LicenseRef-%02d", i))
	}
	_, bills = report(entry(t, "", "", "bom.json", bom("", append(many, "LicenseRef-64")...)))
	d := bills[0].Dependencies
	if len(d.Licences) != registry.MaxDependencyLicences || d.Others != 5 || d.Licences[0].SPDX != "LicenseRef-64" || d.Packages != len(many)+1 {
		t.Errorf("%d licences, %d others, of %d", len(d.Licences), d.Others, d.Packages)
	}
}

func TestBounds(t *testing.T) {
	var files []string
	for i := range 300 {
		files = append(files, fmt.Sprintf("LICENSE.%d", i), tag+"MIT\n")
	}
	var toml strings.Builder
	toml.WriteString("version = 1\n")
	for i := range 500 {
		fmt.Fprintf(&toml, "[[annotations]]\npath = \"%d\"\nSPDX-License-Identifier = \"LicenseRef-%d\"\n", i, i)
	}
	s := entry(t, "EUPL-1.2 AND "+strings.Repeat("(", 1000)+"\x1b[31m\u202e", strings.Repeat("x", 1<<20), append([]string{
		"publiccode.yml", "", "REUSE.toml", toml.String(), "LICENSE\nof\u202emany\x00lines", ownLicence,
	}, files...)...)
	got, _ := report(s)
	if len(got.Detected) > 150 || len(got.Reasons) > 20 || len(got.Reasons) == 0 {
		t.Errorf("%d statements, %d reasons", len(got.Detected), len(got.Reasons))
	}
	reuse := 0
	for _, e := range append(slices.Clone(got.Detected), *got.Declared, *got.Forge) {
		if e.Source == registry.FromREUSE {
			reuse++
		}
		if len([]rune(e.Written)) > 300 || strings.ContainsAny(e.Written, "\x1b\u202e\n") {
			t.Errorf("written %q", e.Written)
		}
	}
	if reuse > 20 {
		t.Errorf("%d statements of one file", reuse)
	}
	for _, r := range got.Reasons {
		for _, arg := range r.Args {
			if len([]rune(arg)) > 300 || strings.ContainsAny(arg, "\x00\x1b\u202e\n") {
				t.Errorf("%s: %q", r.Code, arg)
			}
		}
	}
}

// TestTextsAreBounded holds that many large licence files are not all read, and
// that the report says of which.
func TestTextsAreBounded(t *testing.T) {
	text := strings.Repeat("Of parts by others more below.\n", 8000)
	var files []string
	for i := range 40 {
		files = append(files, fmt.Sprintf("LICENSE.%02d", i), text)
	}
	got, _ := report(entry(t, "MIT", "", files...))
	unread := 0
	for _, r := range got.Reasons {
		if r.Code == registry.ReasonTextUnread {
			unread++
		}
	}
	if unread == 0 {
		t.Errorf("all are read: %+v", got.Reasons)
	}
}

func TestNothingToRead(t *testing.T) {
	for name, in := range map[string]evidence.Input{
		"nothing":     {},
		"no reader":   {Software: &registry.Software{Files: []registry.File{{Path: "LICENSE", Role: registry.RoleLicence}, {Role: registry.RoleSBOM}}}},
		"empty files": {Software: &registry.Software{Files: []registry.File{{Role: registry.RoleREUSE}, {Role: registry.RoleCitation}, {Role: registry.RoleCodemeta}, {Role: registry.RoleReadme}, {Role: registry.RoleLicence}}}, Former: &registry.Software{}},
	} {
		if got, _ := evidence.Report(in); got == nil || got.Verdict != registry.LicenceMissing || len(got.Reasons) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
