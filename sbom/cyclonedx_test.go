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

// The same document says the same as JSON and as XML, but for the order of
// components.
func TestCycloneDX(t *testing.T) {
	want := &Document{
		Standard: CycloneDX, Name: "meldewesen", URI: "urn:uuid:8f14e45f-ceea-467f-a8b4-8a5c1f1a9f10",
		Created: time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC),
		Creators: []Party{
			{Kind: organisation, Name: "Stadt Köln", Email: "sbom@koeln.example", URL: "https://koeln.example"},
			{Kind: person, Name: "Erika Muster", Email: "erika@example.org"},
			{Kind: tool, Name: "Beispiel stueckliste 3.1"},
		},
		Roots: []string{"app"},
		Packages: []Package{
			{Ref: "#4", Name: "ohne-kennung", Version: "2", Type: "library", Originator: &Party{Name: "Max Muster"}},
			{
				Ref: "app", Name: "meldewesen", Version: "5.0.0", Type: "application",
				Supplier: &Party{Kind: organisation, Name: "Rechenzentrum Süd", URL: "https://rz.example"},
				Declared: "EUPL-1.2", Effective: "EUPL-1.2", Filename: "meldewesen.deb",
				Executable: yes(), Archive: yes(), Structured: yes(),
			},
			{Ref: "inner", Name: "datum.class", Type: "file"},
			{
				Ref: "lib", Name: "org.example/formular", Version: "1.0", Type: "library",
				PURL: "pkg:maven/org.example/formular@1.0", CPEs: []string{"cpe:2.3:a:example:formular:1.0:*:*:*:*:*:*:*"}, SWID: "example.org-formular-1",
				Originator: &Party{Kind: organisation, Name: "Beispiel GmbH", Email: "kontakt@beispiel.example"},
				Concluded:  "MIT", Declared: "Apache-2.0 AND LicenseRef-Hauslizenz--alt", Copyright: "2025 Beispiel GmbH",
				Hashes: []Hash{
					{Algorithm: "SHA-256", Value: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
					{Algorithm: "SHA-512", Value: aSHA512},
					{Algorithm: "SHA-1", Value: "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", Source: true},
				},
				DownloadURL: "https://example.org/formular.jar", SourceURL: "https://example.org/formular-src.jar",
				SecurityTxt: "https://example.org/.well-known/security.txt",
			},
		},
		Relationships: []Relationship{{"app", "depends-on", "lib"}, {"lib", "contains", "inner"}},
		Complete:      []string{"app"}, Incomplete: []string{"lib"}, Leaves: []string{"inner"},
		Vulnerabilities: 1,
		Remarks: []string{
			`licences that are no SPDX expression, which stay as they are ("Hauslizenz (alt)")`,
			`packages without an identifier, which were given one ("ohne-kennung")`,
			`relationships with packages of other documents, which were dropped ("app urn:cdx:8f14e45f-ceea-467f-a8b4-8a5c1f1a9f10/1#x")`,
			`relationships to what is not in the document, which were dropped ("gone")`,
		},
	}
	for _, encoding := range []string{"json", "xml"} {
		for _, version := range []string{"1.5", "1.6", "1.7"} {
			t.Run(encoding+" "+version, func(t *testing.T) {
				src := string(sample(t, "product.cdx."+encoding))
				src = strings.NewReplacer(`"specVersion": "1.6"`, `"specVersion": "`+version+`"`, "bom/1.6", "bom/"+version).Replace(src)
				got := sortedPackages(mustRead(t, []byte(src)))
				want.Encoding, want.Version = encoding, version
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
			})
		}
	}
}

// The early versions have less, and tools as a list.
func TestCycloneDXEarly(t *testing.T) {
	for v := range 5 {
		version := fmt.Sprint("1.", v)
		src := fmt.Sprintf(`<bom xmlns="http://cyclonedx.org/schema/bom/%s" version="eins"><metadata><tools><tool><vendor>A</vendor><name>b</name></tool></tools></metadata><components>
			<component type="library"><name>formular</name><version>1.0</version><licenses><license><id>mit</id></license><license><id>Apache-2.0</id></license></licenses><purl>pkg:npm/formular@1.0</purl><modified>false</modified></component>
		</components></bom>`, version)
		got := mustRead(t, []byte(src))
		want := []Package{{Ref: "pkg:npm/formular@1.0", Name: "formular", Version: "1.0", Type: "library", PURL: "pkg:npm/formular@1.0", Declared: "MIT AND Apache-2.0"}}
		if diff := gocmp.Diff(want, got.Packages); diff != "" || got.Version != version || got.Encoding != "xml" {
			t.Errorf("%s: %s %s -want +got\n%s", version, got.Version, got.Encoding, diff)
		}
		if diff := gocmp.Diff([]Party{{Kind: tool, Name: "A b"}}, got.Creators); diff != "" {
			t.Errorf("%s: -want +got\n%s", version, diff)
		}
	}
	got := mustRead(t, []byte(`{"bomFormat":"CycloneDX","specVersion":"1.2","metadata":{"tools":[{"vendor":"A","name":"b"}],"manufacture":{"name":"M"},"component":{"name":"x","type":"application"}}}`))
	if diff := gocmp.Diff([]Package{{Ref: "#1", Name: "x", Type: "application", Originator: &Party{Kind: organisation, Name: "M"}}}, got.Packages); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLicencesJoined(t *testing.T) {
	for _, c := range []struct{ licences, declared, concluded string }{
		{`[]`, "", ""},
		{`null`, "", ""},
		{`[{"license":{"id":"MIT"}}]`, "MIT", ""},
		{`[{"license":{"name":"Apache License 2.0"}}]`, "Apache-2.0", ""},
		{`[{"license":{"name":"Our own"}}]`, "Our own", ""},
		{`[{"license":{"id":"MIT"}},{"license":{"id":"MIT"}}]`, "MIT", ""},
		{`[{"expression":"MIT OR ISC"},{"license":{"id":"Zlib"}}]`, "(MIT OR ISC) AND Zlib", ""},
		{`[{"expression":"MIT AND ISC"},{"license":{"id":"MIT"}}]`, "MIT AND ISC", ""},
		{`[{"license":{"id":"MIT"}},{"license":{"name":"NOASSERTION"}}]`, "NOASSERTION", ""},
		{`[{"license":{"id":"MIT","acknowledgement":"declared"}},{"license":{"id":"ISC","acknowledgement":"concluded"}}]`, "MIT", "ISC"},
		{`{"license":{"id":"MIT"}}`, "MIT", ""},
		{`[{"license":null},null,{},7,"MIT",{"license":{"id":"ISC"}}]`, "ISC", ""},
	} {
		got := mustRead(t, []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x","licenses":`+c.licences+`}]}`)).Packages[0]
		if got.Declared != c.declared || got.Concluded != c.concluded {
			t.Errorf("%s: declared %q, concluded %q, want %q, %q", c.licences, got.Declared, got.Concluded, c.declared, c.concluded)
		}
	}
}
