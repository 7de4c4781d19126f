// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func mustRead(t testing.TB, src []byte) *Document {
	t.Helper()
	d, err := Read(src)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// product is the sample of SPDX 2, whatever its encoding.
var product = &Document{
	Standard: SPDX, Version: "2.3",
	Name: "meldewesen-4.2.0", URI: "https://sbom.example.org/meldewesen/4.2.0",
	Created:  time.Date(2024, 11, 5, 9, 30, 0, 0, time.UTC),
	Creators: []Party{{Kind: organisation, Name: "Stadtwerke Köln & Söhne", Email: "sbom@example.org"}, {Kind: tool, Name: "stueckliste-1.4"}},
	Roots:    []string{"SPDXRef-app"},
	Packages: []Package{
		{
			Ref: "SPDXRef-app", Name: "meldewesen", Version: "4.2.0", Type: "application",
			PURL: "pkg:generic/meldewesen@4.2.0", CPEs: []string{"cpe:2.3:a:example:meldewesen:4.2.0:*:*:*:*:*:*:*"},
			Supplier:   &Party{Kind: organisation, Name: "Stadtwerke Köln & Söhne", URL: "https://example.org/kontakt"},
			Originator: &Party{Kind: person, Name: "Erika Muster", Email: "erika@example.org"},
			Concluded:  "NOASSERTION", Declared: "EUPL-1.2", Copyright: "2024 Stadtwerke Köln & Söhne",
			Filename: "meldewesen-4.2.0.tar.gz", DownloadURL: "https://example.org/meldewesen-4.2.0.tar.gz",
			Hashes: []Hash{
				{Algorithm: "SHA-256", Value: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
				{Algorithm: "SHA-1", Value: "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"},
			},
		},
		{Ref: "SPDXRef-lib", Name: "formular", Version: "1.0", SourceURL: "git+https://example.org/formular.git@v1.0", Concluded: "Apache-2.0 OR MIT", Declared: "NONE"},
		{Ref: "SPDXRef-part", Name: "datum", Version: "0.3.1", Concluded: "GPL-2.0-only WITH Classpath-exception-2.0", Declared: "LicenseRef-haus"},
	},
	Relationships: []Relationship{
		{"SPDXRef-app", "depends-on", "SPDXRef-lib"},
		{"SPDXRef-lib", "depends-on", "SPDXRef-part"},
		{"SPDXRef-part", "build-tool-of", "SPDXRef-app"},
	},
	Leaves: []string{"SPDXRef-part"},
}

func sortedPackages(d *Document) *Document {
	slices.SortFunc(d.Packages, func(a, b Package) int { return cmp.Compare(a.Ref, b.Ref) })
	slices.SortFunc(d.Relationships, func(a, b Relationship) int { return cmp.Compare(a.From+a.Type+a.To, b.From+b.Type+b.To) })
	return d
}

// The same document says the same in every encoding and version.
func TestSPDX2(t *testing.T) {
	for file, encoding := range map[string]string{
		"product.spdx.json": "json", "product.spdx.yaml": "yaml", "product.spdx": "tag-value",
		"product.spdx.xml": "xml", "product.spdx.rdf": "rdf",
	} {
		for _, version := range []string{"2.1", "2.2", "2.3"} {
			t.Run(encoding+" "+version, func(t *testing.T) {
				src := strings.ReplaceAll(string(sample(t, file)), "SPDX-2.3", "SPDX-"+version)
				got := sortedPackages(mustRead(t, []byte(src)))
				want := *product
				want.Encoding, want.Version = encoding, version
				if diff := gocmp.Diff(&want, got); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
			})
		}
	}
}
