// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"slices"
	"strings"
	"testing"
)

// organisation parses the base with other lines for its organisation.
func organisation(t *testing.T, lines ...string) (Organisation, []string) {
	t.Helper()
	r := parse(with(base(t), "organisation:\n  name: Amt\n  "+strings.Join(lines, "\n  ")+"\n"))
	if r.File == nil {
		t.Fatalf("%q: %v", lines, codes(r))
	}
	return r.File.Organisation, codes(r)
}

func TestURI(t *testing.T) {
	for uri, want := range map[string]struct{ read, code string }{
		"https://www.musterhafen.example":               {"https://www.musterhafen.example", ""},
		"http://amt.example:8080/x?y#z":                 {"http://amt.example:8080/x?y#z", ""},
		"https://münster.example":                       {"https://münster.example", ""},
		"https://192.0.2.7/amt":                         {"https://192.0.2.7/amt", ""},
		"https://[2001:db8::1]/":                        {"https://[2001:db8::1]/", ""},
		"urn:de:musterland:amt-7":                       {"urn:de:musterland:amt-7", ""},
		"URN:isbn:0-395-36341-1":                        {"URN:isbn:0-395-36341-1", ""},
		"urn:x":                                         {"", "AD0302"},
		"urn:-:y":                                       {"", "AD0302"},
		"www.musterhafen.example":                       {"", "AD0302"},
		"mailto:amt@musterhafen.example":                {"", "AD0302"},
		"https://":                                      {"", "AD0302"},
		"https://a..b/":                                 {"", "AD0302"},
		"https://a.example:99999":                       {"", "AD0302"},
		"https://ein amt.example":                       {"", "AD0302"},
		"javascript:alert(1)":                           {"", "AD0302"},
		"https://nutzer:geheim@www.musterhafen.example": {"", "AD0303"},
		"ftp://nutzer:geheim@www.musterhafen.example":   {"", "AD0302"},
	} {
		o, got := organisation(t, `uri: "`+uri+`"`, "region: DE")
		if o.URI != want.read || strings.Join(got, " ") != want.code {
			t.Errorf("%q: read as %q, findings %v", uri, o.URI, got)
		}
	}
}

func TestRegion(t *testing.T) {
	for region, want := range map[string]struct{ read, code string }{
		"DE": {"DE", ""}, "DE-SH": {"DE-SH", ""}, "DE-TH": {"DE-TH", ""}, "AT": {"AT", ""}, "AT-9": {"AT-9", ""}, "CH-ZH": {"CH-ZH", ""},
		"FR-75": {"FR-75", ""}, "GB-ENG": {"GB-ENG", ""}, "NO": {"NO", ""},
		"DE-XX": {"", "AD0308"}, "DE-S": {"", "AD0308"}, "XX": {"", "AD0308"}, "ZZ-1": {"", "AD0308"}, "UK": {"", "AD0308"}, "EUR": {"", "AD0308"},
		"276": {"", "AD0308"}, "DE-SHXX": {"", "AD0308"}, "Nordsee": {"", "AD0308"}, "AT-": {"", "AD0308"},
		"de-sh": {"DE-SH", "AD0309"}, "DE_SH": {"DE-SH", "AD0309"}, "NW": {"DE-NW", "AD0309"}, "SH": {"SH", ""}, "Österreich": {"AT", "AD0309"}, "bayern": {"DE-BY", "AD0309"}, "de": {"DE", "AD0309"},
		"Baden-Württemberg": {"DE-BW", "AD0309"}, "Deutschland": {"DE", "AD0309"}, "fr-75": {"FR-75", "AD0309"},
	} {
		o, got := organisation(t, "uri: https://a.example", `region: "`+region+`"`)
		if o.Region != want.read || strings.Join(got, " ") != want.code {
			t.Errorf("%q: read as %q, findings %v", region, o.Region, got)
		}
	}
}

func TestOfficialKeys(t *testing.T) {
	for lines, want := range map[string]string{
		`region: DE-SH; ags: "01"`:                                    "",
		`region: DE-SH; ags: "010"`:                                   "",
		`region: DE-SH; ags: "01099"`:                                 "",
		`region: DE-SH; ags: "01099901"`:                              "",
		`region: DE-SH; ags: "01 0 99 901"`:                           "",
		`region: DE; ags: "16"`:                                       "",
		`region: DE-SH; ags: "0"`:                                     "AD0310",
		`region: DE-SH; ags: "0109"`:                                  "AD0310",
		`region: DE-SH; ags: "010999"`:                                "AD0310",
		`region: DE-SH; ags: "0109990"`:                               "AD0310",
		`region: DE-SH; ags: "010999011"`:                             "AD0310",
		`region: DE-SH; ags: "00"`:                                    "AD0310",
		`region: DE-SH; ags: "17"`:                                    "AD0310",
		`region: DE-SH; ags: "01a99901"`:                              "AD0310",
		`region: DE-SH; ags: "０１"`:                                    "AD0310",
		`region: DE-SH; ars: "01"`:                                    "",
		`region: DE-SH; ars: "010"`:                                   "",
		`region: DE-SH; ars: "01099"`:                                 "",
		`region: DE-SH; ars: "010995099"`:                             "",
		`region: DE-SH; ars: "010995099901"`:                          "",
		`region: DE-SH; ars: "01099901"`:                              "AD0311",
		`region: DE-SH; ars: "0109950999011"`:                         "AD0311",
		`region: DE-NI; ags: "01099901"`:                              "AD0312",
		`region: DE-NI; ars: "010995099901"`:                          "AD0312",
		`region: AT; ags: "01"`:                                       "AD0312",
		`ags: "01"`:                                                   "AD0408",
		`region: DE-SH; ags: "01099901"; ars: "010995099901"`:         "",
		`region: DE-SH; ags: "01099"; ars: "010995099901"`:            "",
		`region: DE-SH; ags: "01099901"; ars: "01099"`:                "",
		`region: DE-SH; ags: "01099901"; ars: "010985099901"`:         "AD0313",
		`region: DE-SH; ags: "01099901"; ars: "010995099902"`:         "AD0313",
		`region: DE; ags: "01"; ars: "02"`:                            "AD0313",
		`region: DE-SH; ags: 010; ars: 01099`:                         "AD0204 AD0204",
		`region: DE-SH; ags: "01099901"; ars: ["010995099901", "01"]`: "AD0201",
	} {
		o, got := organisation(t, append([]string{"uri: https://a.example"}, strings.Split(lines, "; ")...)...)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: findings %v, want %s: %+v", lines, got, want, o)
		}
	}
	seen := map[string]bool{}
	for i, s := range states {
		if s.digits[0] != '0'+byte((i+1)/10) || s.digits[1] != '0'+byte((i+1)%10) || seen[s.region] || !isRegion(s.region) || stateOf(s.digits+"999") != s.region {
			t.Errorf("state %d is %+v", i+1, s)
		}
		seen[s.region] = true
	}
}

func TestSoftware(t *testing.T) {
	for address, want := range map[string]struct{ read, codes string }{
		"https://github.com/musterhafen/karten":                {"https://github.com/musterhafen/karten", ""},
		"https://gitlab.opencode.example/land/amt/karten":      {"https://gitlab.opencode.example/land/amt/karten", ""},
		"https://code.example.org/karten":                      {"https://code.example.org/karten", ""},
		"https://code.example.org:8443/land/karten":            {"https://code.example.org:8443/land/karten", ""},
		"https://github.com/musterhafen/karten/~/apps/web":     {"https://github.com/musterhafen/karten/~/apps/web", ""},
		"https://github.com/musterhafen/tree":                  {"https://github.com/musterhafen/tree", ""},
		"https://github.com/musterhafen/karten.git":            {"https://github.com/musterhafen/karten.git", "AD0306"},
		"https://github.com/musterhafen/karten/":               {"https://github.com/musterhafen/karten/", "AD0306"},
		"https://www.github.com/musterhafen/karten":            {"https://www.github.com/musterhafen/karten", "AD0306"},
		"https://GitHub.com/musterhafen/karten":                {"https://GitHub.com/musterhafen/karten", "AD0306"},
		"https://github.com/musterhafen/karten/tree/main/src":  {"https://github.com/musterhafen/karten/tree/main/src", "AD0306"},
		"https://github.com/musterhafen/karten#readme":         {"https://github.com/musterhafen/karten", "AD0306"},
		"https://code.example.org/karten?private_token=geheim": {"https://code.example.org/karten", "AD0306"},
		"http://code.example.org/karten":                       {"http://code.example.org/karten", "AD0307"},
		"https://leser@code.example.org/karten":                {"https://code.example.org/karten", "AD0303"},
		"https://leser:geheim@code.example.org/karten":         {"https://code.example.org/karten", "AD0303"},
		"git@code.example.org:land/karten.git":                 {"https://code.example.org/land/karten", "AD0305"},
		"ssh://git@code.example.org:2222/land/karten.git":      {"https://code.example.org/land/karten", "AD0305"},
		"git+https://code.example.org/karten.git":              {"https://code.example.org/karten", "AD0305"},
		"github.com/musterhafen/karten":                        {"https://github.com/musterhafen/karten", "AD0305"},
		"https://github.com/musterhafen":                       {"", "AD0304"},
		"https://www.github.com/musterhafen":                   {"", "AD0304"},
		"https://code.example.org":                             {"", "AD0304"},
		"https://code.example.org/":                            {"", "AD0304"},
		"https://code.example.org//karten":                     {"", "AD0304"},
		"https:///karten":                                      {"", "AD0304"},
		"karten":                                               {"", "AD0304"},
		"musterhafen/karten":                                   {"", "AD0304"},
		"svn://code.example.org/karten":                        {"", "AD0304"},
		"https://code.example.org/ein name":                    {"", "AD0304"},
		"javascript:alert(1)":                                  {"", "AD0304"},
		"https://code.example.org:0/karten":                    {"", "AD0304"},
	} {
		r := parse(with(base(t), "adoptions:\n  - role: uses\n    software: \""+address+"\"\n"))
		read := ""
		if len(r.File.Adoptions) > 0 {
			read = r.File.Adoptions[0].Software
		}
		if read != want.read || strings.Join(codes(r), " ") != want.codes {
			t.Errorf("%q: read as %q, findings %v", address, read, codes(r))
		}
		if strings.Contains(read, "geheim") {
			t.Errorf("%q: a secret is in the model: %q", address, read)
		}
	}
}

func TestRole(t *testing.T) {
	for _, role := range Roles() {
		if r := parse(replaced(base(t), "    ", "role", string(role))); len(r.Findings) > 0 || r.File.Adoptions[0].Role != role {
			t.Errorf("%s: %v", role, codes(r))
		}
	}
	for word, want := range map[string]struct {
		role Role
		code string
	}{
		"Operates": {Operates, "AD0315"}, "betreibt": {Operates, "AD0315"}, "Fördert": {Funds, "AD0315"},
		"maintain": {"", "AD0315"}, "user": {"", "AD0315"}, "besitzt": {"", "AD0314"},
	} {
		r := parse(replaced(base(t), "    ", "role", word))
		var read Role
		if len(r.File.Adoptions) > 0 {
			read = r.File.Adoptions[0].Role
		}
		if read != want.role || strings.Join(codes(r), " ") != want.code {
			t.Errorf("%q: read as %q, findings %v", word, read, codes(r))
		}
	}
}

func TestDates(t *testing.T) {
	for date, want := range map[string]struct{ read, code string }{
		"2024-02-29": {"2024-02-29", ""}, "0001-01-01": {"0001-01-01", ""},
		"2023-02-29": {"", "AD0316"}, "2024-13-01": {"", "AD0316"}, "2024": {"", "AD0316"}, "2024-04": {"", "AD0316"}, "gestern": {"", "AD0316"},
		"29.2.2024": {"2024-02-29", "AD0317"}, "01.04.2024": {"2024-04-01", "AD0317"}, "2024/04/01": {"2024-04-01", "AD0317"},
		"2024-4-1": {"2024-04-01", "AD0317"}, "2024-04-01T10:00:00Z": {"2024-04-01", "AD0317"}, "31.2.2024": {"", "AD0316"},
	} {
		if r, s := statement(t, `since: "`+date+`"`); s.Since != want.read || strings.Join(codes(r), " ") != want.code {
			t.Errorf("%q: read as %q, findings %v", date, s.Since, codes(r))
		}
	}
	for until, want := range map[string]string{"2024-04-01": "AD0401", "2024-03-31": "AD0318", "2026-11-22": "", "2026-11-21": "AD0401", "2029-11-22": "", "2029-11-23": "AD0402"} {
		if r, _ := statement(t, "since: 2024-04-01", "confirmedUntil: "+until); strings.Join(codes(r), " ") != want {
			t.Errorf("until %s: findings %v", until, codes(r))
		}
	}
}

// A contact that may be a mailbox of an office is never called a person.
func TestContact(t *testing.T) {
	persons := []string{
		"erika.mustermann@musterhafen.example", "Erika Mustermann <erika.mustermann@musterhafen.example>", "e.mustermann@musterhafen.example",
		"erika_mustermann2@a.example", "hans.peter.muster@a.example", "Frau Muster", "Herr Dr. Muster", "Ansprechpartnerin: Frau Muster, Zimmer 3",
		"Dr. Muster", "Prof. Muster", "Mrs Sample", "jürgen.größe@a.example",
	}
	offices := []string{
		"opensource@musterhafen.example", "open.source@musterhafen.example", "digitale.verwaltung@musterhafen.example", "it-service@a.example",
		"it.service@a.example", "info@a.example", "poststelle@a.example", "team.geodaten@a.example", "e.government@a.example", "ozg@land.example",
		"Referat IT 3", "Amt für Digitales, Zimmer 4", "https://www.musterhafen.example/kontakt", "+49 431 0000", "support@erika.mustermann.example",
		"IT-Leitung", "o.k@a.example", "fachverfahren.wohnen_team@a.example", "ref.21@a.example", "Frauenbeauftragte der Stadt", "Herrenberg, Bauamt",
	}
	for contact, want := range map[bool][]string{true: persons, false: offices} {
		for _, c := range want {
			r, s := statement(t, `contact: "`+c+`"`)
			if got := slices.Contains(codes(r), "AD0406"); got != contact || s.Contact != c || len(r.Findings) > 1 {
				t.Errorf("%q: read as %q, findings %v", c, s.Contact, codes(r))
			}
		}
	}
}
