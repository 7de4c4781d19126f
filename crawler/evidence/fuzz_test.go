// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// FuzzReport holds that every report has a verdict that there is and reasons
// that there are words for, and that the same input gives the same report.
func FuzzReport(f *testing.F) {
	f.Add("EUPL-1.2", "MIT", "LICENSE", tag+"GPL-2.0-only WITH Classpath-exception-2.0", "version = 1\n", "license: MIT", "## License\nMIT License", bom("MIT", "ISC"))
	f.Add("NONE", "other", "LICENSES/MIT.txt", "", allMIT, "license: [ISC]", "Licence: EUPL 1.2", `{"bomFormat":"CycloneDX","components":[null]}`)
	f.Add("LicenseRef-A OR GPL-2.0+", "", "LICENSES/LicenseRef-A.txt", "x", dep5MIT, "", "", `{"spdxVersion":"SPDX-2.3","packages":[null]}`)
	for _, s := range situations[:10] {
		f.Add(s.declared, s.forge, "COPYING", s.name, "", "", "", "")
	}
	f.Fuzz(func(t *testing.T, declared, forge, name, licence, reuse, citation, readme, bill string) {
		s := &registry.Software{Files: []registry.File{
			{Path: "a/publiccode.yml", Role: registry.RolePublicCode},
			{Path: name, Role: registry.RoleLicence, Bytes: []byte(licence)},
			{Path: "a/LICENSES/" + name, Role: registry.RoleLicence, Bytes: []byte(licence)},
			{Path: "REUSE.toml", Role: registry.RoleREUSE, Bytes: []byte(reuse)},
			{Path: ".reuse/dep5", Role: registry.RoleREUSE, Bytes: []byte(reuse)},
			{Path: "CITATION.cff", Role: registry.RoleCitation, Bytes: []byte(citation)},
			{Path: "README.md", Role: registry.RoleReadme, Bytes: []byte(readme)},
			{Path: "bom.json", Role: registry.RoleSBOM, Bytes: []byte(bill)},
		}}
		s.PublicCode.Legal.License, s.Repository.Licence = declared, forge
		got, bills := report(s)
		if !slices.Contains(registry.LicenceVerdicts(), got.Verdict) || len(got.Reasons) == 0 || len(bills) != 1 {
			t.Fatalf("%+v", got)
		}
		for _, r := range got.Reasons {
			if sentence, _ := r.Wording("de"); sentence == "" {
				t.Errorf("no words for %s", r.Code)
			}
		}
		s.Licence = got
		if _, body := registry.IssueText(s, "en"); strings.Contains(body, "{1}") && !strings.Contains(declared+forge+name+licence+reuse+citation+readme+bill, "{1}") {
			t.Errorf("a place is left open:\n%s", body)
		}
		again, _ := report(s)
		if again.Verdict != got.Verdict || len(again.Reasons) != len(got.Reasons) || len(again.Detected) != len(got.Detected) {
			t.Errorf("once %+v, once %+v", got, again)
		}
	})
}

// BenchmarkReport is an entry's whole report: a licence text of 35 KB, a README,
// an SBOM of 500 KB.
func BenchmarkReport(b *testing.B) {
	packages := make([]string, 0, 4000)
	for i := 0; len(packages) < cap(packages); i++ {
		packages = append(packages, []string{"MIT", "Apache-2.0", "MIT OR Apache-2.0", "BSD-3-Clause", ""}[i%5])
	}
	s := entry(b, "GPL-3.0-or-later", "GPL-3.0", "LICENSE", "{{text GPL-3.0}}",
		"README.md", "# Karte\n\n"+strings.Repeat("The map shows what there is to see. ", 500)+"\n\n## License\n\nGPL-3.0-or-later\n",
		"bom.json", bom("GPL-3.0-or-later", packages...))
	for _, f := range s.Files {
		b.Logf("%s: %d bytes", f.Path, len(f.Bytes))
	}
	report(s) // unpacks the known texts
	for b.Loop() {
		report(s)
	}
}
