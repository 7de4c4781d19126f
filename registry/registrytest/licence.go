// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// licenceReport is one with every kind of value in it.
func licenceReport() *registry.LicenceReport {
	seen := time.Date(2026, 3, 1, 0, 30, 0, 5, time.FixedZone("", 3600))
	return &registry.LicenceReport{
		Verdict: registry.LicenceConflict,
		Reasons: []registry.LicenceReason{{Code: "other-text", Args: []string{"AGPL-3.0-only", "LICENSE"}}},
		Declared: &registry.LicenceEvidence{
			Source: registry.FromPublicCode, State: registry.LicenceStated, SPDX: "AGPL-3.0-only", Written: "agpl-3.0-only",
			Path: "publiccode.yml", Commit: "0123abcd", Hash: strings.Repeat("a", 64), Seen: seen, Confidence: 1,
		},
		Detected: []registry.LicenceEvidence{{Source: registry.FromText, State: registry.LicenceStated, SPDX: "EUPL-1.2", Path: "LICENSE", Seen: seen, Confidence: 0.98}},
		Forge:    &registry.LicenceEvidence{Source: registry.FromForge, State: registry.LicenceNotAssured, Seen: seen},
		SBOM:     []registry.LicenceEvidence{{Source: registry.FromSBOM, State: registry.LicenceStated, SPDX: "EUPL-1.2", Seen: seen, Confidence: 1}},
	}
}

// document is a bill of materials, other for each name.
func document(name string) *sbom.Document {
	return &sbom.Document{
		Standard: sbom.SPDX, Version: "2.3", Encoding: "json", Name: name, Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Roots:         []string{"a"},
		Packages:      []sbom.Package{{Ref: "a", Name: name}, {Ref: "b", Name: "Siel", Version: "1.0", PURL: "pkg:golang/siel@1.0", Declared: "MIT"}},
		Relationships: []sbom.Relationship{{From: "a", Type: "depends-on", To: "b"}},
	}
}

func bill(path, hash string, d *sbom.Document) registry.SBOM {
	return registry.SBOM{
		Path: path, Hash: hash, Seen: time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 3600)),
		Standard: sbom.SPDX, Version: "2.3", Encoding: "json", Root: &sbom.Package{Ref: "a", Name: "Deichbuch"},
		Dependencies: registry.Dependencies{Packages: 1, Licences: []registry.LicenceCount{{SPDX: "MIT", Packages: 1}}},
		Checklists:   []sbom.Checklist{{Guideline: "NTIA", Lines: []sbom.Line{{ID: "timestamp", Level: sbom.Must, State: sbom.Met}}}},
		Document:     d,
	}
}

func testSBOMs(t *testing.T, s registry.Store) {
	one, two := strings.Repeat("1", 64), strings.Repeat("2", 64)
	wantSBOM := func(hash string, want *sbom.Document) {
		t.Helper()
		got, err := s.SBOM(t.Context(), hash)
		if err != nil {
			t.Fatalf("SBOM: %v", err)
		}
		same(t, "SBOM", want, got)
	}
	software := Software("forge.example/a/b", "1")
	software.SBOMs = []registry.SBOM{bill("sbom.json", one, document("first")), bill("unread.json", two, nil)}
	put(t, s, software)
	if d := get(t, s, software.ID).SBOMs[0].Document; d != nil {
		t.Errorf("the store returned a document with the entry: %+v", d)
	}
	wantSBOM(one, document("first"))
	if _, err := s.SBOM(t.Context(), two); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("SBOM that was not given: %v, want ErrNotFound", err)
	}

	t.Log("read again by newer code: no change of the entry, yet another document")
	software.SBOMs[0].Document = document("second")
	if c := put(t, s, software); c.Rev != 0 {
		t.Errorf("the same entry is a change: %+v", c)
	}
	wantSBOM(one, document("second"))

	t.Log("it stays when the entry no longer has it, and when it is removed")
	software.SBOMs = nil
	put(t, s, software)
	remove(t, s, software.ID)
	wantSBOM(one, document("second"))

	software.SBOMs = []registry.SBOM{bill("sbom.json", "", nil)}
	_, err := s.Put(t.Context(), software)
	wantErr(t, "SBOM without a hash", err, registry.ErrInvalid)
}

func dossier(id registry.ID, made time.Time, text string) *registry.Dossier {
	b := []byte(text)
	return &registry.Dossier{Hash: hash(b), ID: id, Rev: 7, Made: made, Bytes: b}
}

func testDossiers(t *testing.T, s registry.Store) {
	at := time.Date(2026, 3, 1, 0, 30, 0, 0, time.UTC)
	var want []*registry.Dossier
	for i := range 250 {
		d := dossier("forge.example/a/B", at.Add(time.Duration(-i)*time.Second), fmt.Sprintf(`{"n":%d}`, i))
		want = append(want, d)
	}
	large := dossier("forge.example/a/c", at.In(time.FixedZone("", 3600)), string(bytes.Repeat([]byte("Deich "), 1<<18)))
	for _, d := range append([]*registry.Dossier{large, large}, want...) {
		if err := s.PutDossier(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Dossier(t.Context(), large.Hash)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "dossier", large, got)

	var list []*registry.Dossier
	for d, err := range s.Dossiers(t.Context(), "forge.example/A/b") {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, d)
	}
	for _, d := range want {
		d.Bytes = nil
	}
	same(t, "list", want, list)

	if _, err := s.Dossier(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("unknown dossier: %v, want ErrNotFound", err)
	}
	for name, d := range map[string]*registry.Dossier{
		"another hash": {Hash: large.Hash, ID: large.ID, Made: at, Bytes: []byte("x")},
		"no hash":      {ID: large.ID, Made: at, Bytes: []byte("x")},
		"no bytes":     {Hash: hash(nil), ID: large.ID, Made: at},
		"no date":      {Hash: hash([]byte("x")), ID: large.ID, Bytes: []byte("x")},
		"no ID":        {Hash: hash([]byte("x")), Made: at, Bytes: []byte("x")},
	} {
		wantErr(t, name, s.PutDossier(t.Context(), d), registry.ErrInvalid)
	}
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("dossiers are no changes, and yet the revision is %d", rev)
	}
}
