// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

func yes() *bool { b := true; return &b }

const aSHA512 = "ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db27ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff"

func TestSPDX3(t *testing.T) {
	const at = "https://sbom.example.org/m#"
	stadt := Party{Kind: organisation, Name: "Stadt Musterhausen", Email: "it@musterhausen.example"}
	want := &Document{
		Standard: SPDX, Version: "3.0.1", Encoding: "jsonld", Name: "meldewesen", URI: at + "doc",
		Created:  time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Creators: []Party{stadt, {Kind: tool, Name: "stueckliste 2"}},
		Roots:    []string{at + "app"},
		Packages: []Package{
			{
				Ref: at + "app", Name: "meldewesen", Version: "5.0.0", Type: "application",
				PURL: "pkg:generic/meldewesen@5.0.0", CPEs: []string{"cpe:2.3:a:example:meldewesen:5.0.0:*:*:*:*:*:*:*"}, SWID: "example.org-meldewesen-5",
				Supplier: &stadt, Originator: &stadt,
				Concluded: "EUPL-1.2 AND (MIT OR LicenseRef-haus)", Declared: "EUPL-1.2", Effective: "EUPL-1.2",
				Copyright: "2026 Stadt Musterhausen", Filename: "meldewesen.deb",
				Hashes:      []Hash{{Algorithm: "SHA-512", Value: aSHA512}},
				DownloadURL: "https://example.org/meldewesen.deb", SourceURL: "https://example.org/meldewesen-src.tar.gz",
				SecurityTxt: "https://example.org/.well-known/security.txt",
				Executable:  yes(), Archive: yes(), Structured: yes(),
			},
			{Ref: at + "lib", Name: "formular", Version: "1.0", Declared: "NOASSERTION"},
		},
		Relationships: []Relationship{{at + "app", "depends-on", at + "lib"}, {at + "app", "has-static-link", at + "lib"}},
		Complete:      []string{at + "app"},
		Incomplete:    []string{at + "lib"},
		Remarks:       []string{`relationships to what is not in the document, which were dropped ("https://sbom.example.org/m#gone")`},
	}
	src := string(sample(t, "product.spdx3.json"))
	for _, version := range []string{"3.0.1", "3.0.0", "3.0"} {
		want.Version = version
		got := mustRead(t, []byte(strings.ReplaceAll(src, "3.0.1", version)))
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", version, diff)
		}
	}
}

// Elements may stand where they are referred to, and licences refer to one
// another in a circle.
func TestSPDX3InPlace(t *testing.T) {
	got := mustRead(t, []byte(`{
		"@context": ["https://spdx.org/rdf/3.0.1/spdx-context.jsonld", {"x": "https://example.org/"}],
		"type": "SpdxDocument", "spdxId": "urn:d",
		"creationInfo": {"type": "CreationInfo", "created": "2026-03-01T08:00:00Z", "specVersion": "3.0.1", "createdBy": [{"type": "Person", "spdxId": "urn:p", "name": "Erika"}]},
		"rootElement": [{"type": "software_File", "spdxId": "urn:f", "name": "a.bin"}],
		"element": [
			{"type": "Relationship", "spdxId": "urn:r", "relationshipType": "hasDeclaredLicense", "from": "urn:f", "to": [{"type": "expandedlicensing_ConjunctiveLicenseSet", "spdxId": "urn:l", "expandedlicensing_member": ["urn:l", "https://spdx.org/licenses/MIT"]}]},
			{"type": "Relationship", "spdxId": "urn:s", "relationshipType": "dependsOn", "from": "urn:f", "to": ["https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"]}
		]
	}`))
	want := []Package{{Ref: "urn:f", Name: "a.bin", Filename: "a.bin", Type: "file"}}
	got.Packages[0].Declared = ""
	if diff := gocmp.Diff(want, got.Packages); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := gocmp.Diff([]Party{{Kind: person, Name: "Erika"}}, got.Creators); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := gocmp.Diff([]string{"urn:f"}, got.Leaves); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
