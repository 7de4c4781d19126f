// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"net/url"
	"strings"
	"testing"
)

func TestStandard(t *testing.T) {
	for _, c := range []struct{ code, key, want string }{
		{"PC0101", "name", "#key-name"},
		{"PC0302", "developmentStatus", "#key-developmentstatus"},
		{"PC0302", "categories[3]", "#key-categories"},
		{"PC0101", "legal", "#section-legal"},
		{"PC0319", "legal.license", "#key-legal-license"},
		{"PC0404", "legal.repoOwner", "#key-legal-repoowner-deprecated"},
		{"PC0316", "description.de-AT.shortDescription", "#key-description-lang-shortdescription"},
		{"PC0403", "description.de.genericName", "#key-description-lang-genericname-deprecated"},
		{"PC0307", "description.xx", "#section-description"},
		{"PC0101", "maintenance.contacts[0].name", "#contact"},
		{"PC0309", "maintenance.contractors[0].until", "#dates"},
		{"PC0101", "dependsOn.open[1].name", "#dependency"},
		{"PC0101", "fundedBy[0].name", "#organisation"},
		{"PC0207", "farbe", "#top-level-keys-and-sections"},
		{"PC0101", "", ""},
	} {
		if got := (Finding{Code: c.code, Key: c.key}).Standard(); got != schemaURL+c.want {
			t.Errorf("%s %s rests on %s, want %s", c.code, c.key, got, c.want)
		}
	}
	for _, r := range standardRules() {
		if u, err := url.Parse(r.Standard()); err != nil || u.Scheme != "https" {
			t.Errorf("%s rests on %q", r.Code, r.Standard())
		}
		for _, s := range []string{r.Title("de"), r.Title("en"), r.Help("de"), r.Help("en")} {
			if s == "" || strings.ContainsAny(s, "{}") {
				t.Errorf("%s: %q", r.Code, s)
			}
		}
	}
}
