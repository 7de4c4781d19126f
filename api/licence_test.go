// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// fullReport is a report with everything in it.
func fullReport(at time.Time) *registry.LicenceReport {
	declared := registry.LicenceEvidence{
		Source: registry.FromPublicCode, State: registry.LicenceDeprecated, SPDX: "AGPL-3.0", Written: "agpl 3.0",
		Path: "publiccode.yml", Commit: strings.Repeat("c", 40), Hash: strings.Repeat("d", 64), Seen: at, Confidence: 1,
	}
	text := declared
	text.Source, text.State, text.SPDX, text.Written, text.Path, text.Confidence = registry.FromText, registry.LicenceStated, "EUPL-1.2", "", "LICENSE", 0.97
	unknown := registry.LicenceEvidence{Source: registry.FromText, State: registry.LicenceUnknown, Path: "COPYING"}
	forge := registry.LicenceEvidence{Source: registry.FromForge, State: registry.LicenceStated, SPDX: "EUPL-1.2", Origin: "https://github.com/nordland/Akte", Confidence: 1}
	bill := registry.LicenceEvidence{Source: registry.FromSBOM, State: registry.LicenceNotAssured, Written: "NOASSERTION", Path: "akte.spdx.json", Confidence: 1}
	return &registry.LicenceReport{
		Verdict:  registry.LicenceConflict,
		Analyser: 1,
		Reasons: []registry.LicenceReason{
			{Code: registry.ReasonTextDiffers, Args: []string{"AGPL-3.0", "EUPL-1.2", "LICENSE"}},
			{Code: registry.ReasonNothing},
		},
		Declared: &declared, Detected: []registry.LicenceEvidence{text, unknown}, Forge: &forge, SBOM: []registry.LicenceEvidence{bill},
	}
}

func TestLicenceOfAnEntry(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, lang := range []string{german, english} {
		e := decode[entry](t, get(t, h, "/v1/software/"+fullID, "Accept-Language", lang), http.StatusOK)
		l := e.Licence
		report := fullReport(time.Now())
		message, advice := report.Reasons[0].Wording(lang)
		if want := (licenceReason{registry.ReasonTextDiffers, report.Reasons[0].Args, message, advice}); l.Verdict != "conflict" || len(l.Reasons) != 2 || !reflect.DeepEqual(l.Reasons[0], want) || message == "" {
			t.Errorf("verdict %s because of %+v, want %+v", l.Verdict, l.Reasons, want)
		}
		if d := l.Declared; d == nil || d.SPDX != "AGPL-3.0" || d.Written != "agpl 3.0" || d.State != registry.LicenceDeprecated || d.Seen != "2026-05-06T07:08:09Z" || *d.Confidence != 1 {
			t.Errorf("declared %+v", d)
		}
		if len(l.Detected) != 2 || l.Detected[0].Path != "LICENSE" || *l.Detected[0].Confidence != 0.97 || *l.Detected[1].Confidence != 0 || l.Detected[1].SPDX != "" {
			t.Errorf("detected %+v", l.Detected)
		}
		if l.Forge == nil || l.Forge.SPDX != "EUPL-1.2" || len(l.SBOM) != 1 || l.SBOM[0].State != registry.LicenceNotAssured {
			t.Errorf("forge %+v, SBOM %+v", l.Forge, l.SBOM)
		}
		full, _ := newShelf().Get(t.Context(), fullID)
		if title, body := registry.IssueText(full, lang); l.Issue == nil || l.Issue.Title != title || l.Issue.Body != body {
			t.Errorf("issue %+v", l.Issue)
		}
		for i, p := range licence.Policies() {
			if want := p.Judge("AGPL-3.0"); len(e.Policies) <= i || e.Policies[i].Policy != p.ID || e.Policies[i].Name != p.Name.In(lang) ||
				e.Policies[i].State != want.State || e.Policies[i].Reasons[0] != want.Reasons[0].In(lang) {
				t.Errorf("policies %+v, want %+v", e.Policies, want)
			}
		}
	}
}

// In lists there is no more than before, and the verdict.
func TestLicenceInLists(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	list := decode[struct{ Items []map[string]any }](t, get(t, h, "/v1/software?verdict=conflict"), http.StatusOK)
	want := map[string]any{
		"verdict": "conflict", "declared": map[string]any{"spdx": "EUPL-1.2", "path": "publiccode.yml"}, "forge": map[string]any{"spdx": "EUPL-1.2"},
	}
	if items := list.Items; len(items) != 1 || !reflect.DeepEqual(items[0]["licence"], want) {
		t.Errorf("items %v, want the licence %v", items, want)
	}
}

// What was stored before there was a report says what it said.
func TestLicenceWithoutReport(t *testing.T) {
	s := newShelf()
	full, _ := s.Get(t.Context(), fullID)
	full.Licence = nil
	h := handlerOf(t, s, Options{})
	e := decode[map[string]any](t, get(t, h, "/v1/software/"+fullID), http.StatusOK)
	want := map[string]any{
		"declared": map[string]any{"spdx": "EUPL-1.2", "path": "publiccode.yml"}, "forge": map[string]any{"spdx": "EUPL-1.2"},
	}
	if !reflect.DeepEqual(e["licence"], want) || !reflect.DeepEqual(e["policies"], []any{}) {
		t.Errorf("licence %v, policies %v", e["licence"], e["policies"])
	}
	if n := decode[verdictNumbers](t, get(t, h, "/v1/licences/numbers"), http.StatusOK); n.Unreported != n.Entries-1 {
		t.Errorf("%d of %d are unreported", n.Unreported, n.Entries)
	}
}

func TestJudgedExpression(t *testing.T) {
	text := func(source registry.LicenceSource, spdx string) registry.LicenceEvidence {
		return registry.LicenceEvidence{Source: source, SPDX: spdx}
	}
	for name, tt := range map[string]struct {
		report *registry.LicenceReport
		want   string
	}{
		"no report":      {nil, ""},
		"nothing":        {&registry.LicenceReport{}, ""},
		"declared":       {&registry.LicenceReport{Declared: &registry.LicenceEvidence{SPDX: "MIT"}, Detected: []registry.LicenceEvidence{text(registry.FromText, "ISC")}}, "MIT"},
		"one text":       {&registry.LicenceReport{Declared: &registry.LicenceEvidence{Written: "frei"}, Detected: []registry.LicenceEvidence{text(registry.FromText, "ISC")}}, "ISC"},
		"the same twice": {&registry.LicenceReport{Detected: []registry.LicenceEvidence{text(registry.FromText, "ISC"), text(registry.FromNotice, "ISC")}}, "ISC"},
		"two texts":      {&registry.LicenceReport{Detected: []registry.LicenceEvidence{text(registry.FromText, "ISC"), text(registry.FromText, "MIT")}}, ""},
		"a README":       {&registry.LicenceReport{Detected: []registry.LicenceEvidence{text(registry.FromReadme, "ISC")}}, ""},
	} {
		if got := tt.report.Judged(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// fullSBOMs are one with everything in it, and one that could not be read.
func fullSBOMs(at time.Time) []registry.SBOM {
	return []registry.SBOM{
		{
			Path: "akte.spdx.json", Origin: "https://github.com/nordland/Akte/akte.spdx.json", Hash: billHash, Seen: at,
			Standard: sbom.SPDX, Version: "2.3", Encoding: "json", Created: at, Remarks: []string{"two packages had one id"},
			Root:         &sbom.Package{Ref: "a", Name: "Akte", Version: "2.1.0", PURL: "pkg:generic/akte@2.1.0", Copyright: strings.Repeat("©", 1000)},
			Dependencies: registry.Dependencies{Packages: 4, Unasserted: 1, Licences: []registry.LicenceCount{{SPDX: "MIT", Packages: 2}}, Others: 1},
			Checklists: []sbom.Checklist{{
				Guideline: "NTIA", Version: "2021-07-12",
				Lines: []sbom.Line{{ID: "supplier", Level: sbom.Must, State: sbom.Partly, Passed: 3, Of: 4, Evidence: []string{"left-pad"}}},
			}},
		},
		{Path: "bom.xml", Hash: strings.Repeat("f", 64), Seen: at, Error: "no bill of materials"},
	}
}

const (
	billHash = "b111000000000000000000000000000000000000000000000000000000000000"
	noHash   = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

func fullBill(at time.Time) *sbom.Document {
	yes := true
	party := sbom.Party{Kind: "organisation", Name: "Nordland", Email: "a@nord.example", URL: "https://nord.example/"}
	return &sbom.Document{
		Standard: sbom.SPDX, Version: "2.3", Encoding: "json", Name: "Akte", URI: "https://nord.example/akte", Created: at,
		Creators: []sbom.Party{party}, Signed: true, Roots: []string{"a"},
		Packages: []sbom.Package{{
			Ref: "a", Name: "Akte", Version: "2.1.0", Type: "application", PURL: "pkg:generic/akte@2.1.0", CPEs: []string{"cpe:2.3:a:nord:akte"},
			Supplier: &party, Originator: &party, SWID: "akte", Concluded: "EUPL-1.2", Declared: "EUPL-1.2", Effective: "EUPL-1.2",
			Copyright: "Nordland", Filename: "akte.zip", Hashes: []sbom.Hash{{Algorithm: "SHA-256", Value: "00", Source: true}},
			DownloadURL: "https://nord.example/akte.zip", SourceURL: "https://nord.example/akte.git", SecurityTxt: "https://nord.example/security.txt",
			Executable: &yes, Archive: &yes, Structured: &yes,
		}, {Ref: "b"}},
		Relationships: []sbom.Relationship{{From: "a", Type: "depends-on", To: "b"}},
		Complete:      []string{"a"}, Incomplete: []string{"b"}, Leaves: []string{"b"}, Vulnerabilities: 1, Remarks: []string{"odd"},
	}
}

func TestSBOMsOfAnEntry(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	w := get(t, h, "/v1/software/"+fullID, "Accept-Language", "en")
	e := decode[entry](t, w, http.StatusOK)
	if len(e.SBOMs) != 2 {
		t.Fatalf("SBOMs %+v", e.SBOMs)
	}
	b := e.SBOMs[0]
	if b.SHA256 != billHash || *b.Root != (sbomRoot{"Akte", "2.1.0", "pkg:generic/akte@2.1.0"}) || b.Created != "2026-05-06T07:08:09Z" || b.Links.Packages != "/v1/sboms/"+billHash {
		t.Errorf("SBOM %+v", b)
	}
	if d := b.Dependencies; d.Packages != 4 || d.Unasserted != 1 || d.Share == nil || *d.Share != 0.25 || d.Licences[0] != (licenceCount{"MIT", 2}) || d.Others != 1 {
		t.Errorf("dependencies %+v", d)
	}
	title, detail := fullSBOMs(time.Now())[0].Checklists[0].Wording("supplier", "en")
	if l := b.Checklists[0].Lines[0]; l.Title != title || l.Detail != detail || l.State != sbom.Partly || l.Passed != 3 || l.Of != 4 || l.Evidence[0] != "left-pad" {
		t.Errorf("line %+v", l)
	}
	if strings.Contains(w.Body.String(), "©") {
		t.Error("the root package comes with its bulk")
	}
	if b := e.SBOMs[1]; b.Error == "" || b.Links.Packages != "" || b.Dependencies.Share != nil {
		t.Errorf("an SBOM that could not be read is %+v", b)
	}
}

func TestSBOM(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	w := get(t, h, "/v1/sboms/"+billHash)
	d := decode[sbom.Document](t, w, http.StatusOK)
	want := fullBill(d.Created)
	if d.Created.Format(time.RFC3339) != "2026-05-06T07:08:09Z" || !reflect.DeepEqual(&d, want) {
		t.Errorf("document %+v, want %+v", d, want)
	}
	if w.Header().Get("ETag") != entityTag(w.Body.Bytes()) {
		t.Errorf("ETag %s", w.Header().Get("ETag"))
	}
	for _, hash := range []string{noHash, strings.ToUpper(billHash), billHash[1:], "x", billHash + "0", "..", strings.Repeat("%00", 64)} {
		p := decode[problem](t, get(t, h, "/v1/sboms/"+hash), http.StatusNotFound)
		if !strings.Contains(p.Detail, "bill of materials") {
			t.Errorf("%s: %s", hash, p.Detail)
		}
	}
	s := newShelf()
	s.bills[noHash] = &sbom.Document{Standard: sbom.CycloneDX, Version: "1.6", Encoding: "xml"}
	if body := get(t, handlerOf(t, s, Options{}), "/v1/sboms/"+noHash).Body.String(); !strings.Contains(body, `"packages":[]`) || !strings.Contains(body, `"relationships":[]`) || strings.Contains(body, "created") {
		t.Errorf("an empty document is %s", body)
	}
}
