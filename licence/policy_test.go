// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestBuiltInPolicies(t *testing.T) {
	var ids []string
	for _, p := range Policies() {
		ids = append(ids, p.ID)
		checkText(t, p.Name)
		checkText(t, p.Description)
		if p.Source == "" {
			t.Errorf("%s has no source", p.ID)
		}
	}
	if got := strings.Join(ids, " "); got != "opencode osi" {
		t.Errorf("policies: %s", got)
	}
}

func TestJudge(t *testing.T) {
	policies := map[string]Policy{}
	for _, p := range Policies() {
		policies[p.ID] = p
	}
	for name, src := range map[string]string{
		"free":   "{id: free, name: Frei, require: [osi, fsf]}",
		"list":   "{id: list, name: Liste, allow: [MIT, GPL-3.0, GPL-2.0-only, public-domain, LicenseRef-Haus, Apache-2.0 WITH LLVM-exception]}",
		"ban":    "{id: ban, name: Sperre, deny: [AGPL-3.0, source-available, LicenseRef-Sperre]}",
		"mixed":  "{id: mixed, name: Gemischt, allow: [osi, CC0-1.0, LicenseRef-Haus], deny: [network-copyleft, GPL-3.0-only, mit]}",
		"asking": "{id: asking, name: Nachfrage, allow: [permissive], deny: [JSON], otherwise: unknown}",
		"lax":    "{id: lax, name: Weit, allow: [MIT], deny: [proprietary], otherwise: allowed}",
	} {
		p, err := ParsePolicy([]byte(src))
		if err != nil {
			t.Fatal(err)
		}
		policies[name] = p
	}
	for _, tt := range []struct {
		policy, expression string
		want               State
		chosen             string
		in                 string // what the reasons say, in English
	}{
		{"osi", "MIT", Allowed, "MIT", "has approved MIT"},
		{"osi", "EUPL-1.2", Allowed, "EUPL-1.2", ""},
		{"osi", "GPL-2.0+", Allowed, "GPL-2.0+", ""},
		{"osi", "GPL-3.0", Allowed, "GPL-3.0", ""},
		{"osi", "GPL-2.0-with-classpath-exception", Allowed, "GPL-2.0-with-classpath-exception", ""},
		{"osi", "GPL-2.0-only WITH Classpath-exception-2.0", Allowed, "GPL-2.0-only WITH Classpath-exception-2.0", ""},
		{"osi", "CC-BY-4.0", Denied, "CC-BY-4.0", "not approved"},
		{"osi", "SSPL-1.0 OR MIT", Allowed, "MIT", ""},
		{"osi", "SSPL-1.0 AND MIT", Denied, "SSPL-1.0 MIT", ""},
		{"osi", "MIT AND LicenseRef-x", Undecided, "MIT LicenseRef-x", "LicenseRef-x"},
		{"osi", "LicenseRef-x OR CC-BY-4.0", Undecided, "LicenseRef-x", ""},
		{"osi", "MIT WITH AdditionRef-x", Undecided, "MIT WITH AdditionRef-x", ""},
		{"osi", "NOASSERTION", Undecided, "", "Nobody"},
		{"osi", "NONE", Denied, "", ""},
		{"osi", "Apache License", Undecided, "", "Apache"},
		{"osi", "", Undecided, "", ""},

		{"opencode", "EUPL-1.2", Allowed, "EUPL-1.2", "own list"},
		{"opencode", "CC-BY-4.0", Undecided, "CC-BY-4.0", "Ask whoever"},
		{"opencode", "SSPL-1.0", Undecided, "SSPL-1.0", ""},
		{"opencode", "LicenseRef-x", Undecided, "LicenseRef-x", ""},

		{"free", "MIT", Allowed, "MIT", ""},
		{"free", "Artistic-1.0", Denied, "Artistic-1.0", "not consider"},
		{"free", "MIT-0", Undecided, "MIT-0", "fsf"}, // the list of SPDX does not say

		{"list", "mit", Allowed, "MIT", ""},
		{"list", "ISC", Denied, "ISC", "does not name"},
		{"list", "GPL-3.0-or-later", Allowed, "GPL-3.0-or-later", "GPL-3.0"},
		{"list", "GPL-3.0+", Allowed, "GPL-3.0+", ""},
		{"list", "GPL-2.0-only", Allowed, "GPL-2.0-only", ""},
		{"list", "GPL-2.0-only WITH Classpath-exception-2.0", Allowed, "GPL-2.0-only WITH Classpath-exception-2.0", ""},
		{"list", "GPL-2.0-or-later", Denied, "GPL-2.0-or-later", ""},
		{"list", "GPL-2.0", Undecided, "GPL-2.0", ""}, // leaves open which of the two
		{"list", "Unlicense", Allowed, "Unlicense", "public-domain"},
		{"list", "LicenseRef-Haus", Allowed, "LicenseRef-Haus", ""},
		{"list", "LicenseRef-Nachbar", Undecided, "LicenseRef-Nachbar", ""},
		{"list", "Apache-2.0 WITH LLVM-exception", Allowed, "Apache-2.0 WITH LLVM-exception", ""},
		{"list", "Apache-2.0", Denied, "Apache-2.0", ""},
		{"list", "any-OSI", Undecided, "any-OSI", "public-domain"}, // no source sorts it
		{"list", "ISC OR MIT AND Unlicense", Allowed, "MIT Unlicense", ""},

		{"ban", "MIT", Allowed, "MIT", "not excluded"},
		{"ban", "AGPL-3.0-or-later", Denied, "AGPL-3.0-or-later", "AGPL-3.0"},
		{"ban", "AGPL-3.0-only WITH AdditionRef-x", Undecided, "AGPL-3.0-only WITH AdditionRef-x", ""},
		{"ban", "AGPL-3.0-only OR MIT", Allowed, "MIT", ""},
		{"ban", "BUSL-1.1", Denied, "BUSL-1.1", "source-available"},
		{"ban", "LicenseRef-Sperre", Denied, "LicenseRef-Sperre", ""},
		{"ban", "LicenseRef-x", Undecided, "LicenseRef-x", ""},

		{"mixed", "MIT", Denied, "MIT", ""}, // deny goes before allow
		{"mixed", "ISC", Allowed, "ISC", "osi"},
		{"mixed", "CC0-1.0", Allowed, "CC0-1.0", ""},
		{"mixed", "AGPL-3.0-only", Denied, "AGPL-3.0-only", "network-copyleft"},
		{"mixed", "GPL-3.0-only", Denied, "GPL-3.0-only", ""},
		{"mixed", "GPL-3.0-or-later", Allowed, "GPL-3.0-or-later", ""},
		{"mixed", "GPL-3.0", Undecided, "GPL-3.0", "GPL-3.0-only"},
		{"mixed", "LicenseRef-Haus", Allowed, "LicenseRef-Haus", ""}, // what it names it knows
		{"mixed", "JSON", Denied, "JSON", "does not name"},

		{"asking", "JSON", Denied, "JSON", ""},
		{"asking", "MIT", Allowed, "MIT", ""},
		{"asking", "GPL-3.0-only", Undecided, "GPL-3.0-only", "Ask whoever"},
		{"lax", "GPL-3.0-only", Allowed, "GPL-3.0-only", ""},
		{"lax", "LicenseRef-x", Undecided, "LicenseRef-x", ""},
	} {
		t.Run(tt.policy+" "+tt.expression, func(t *testing.T) {
			p := policies[tt.policy]
			j := p.Judge(tt.expression)
			var reasons string
			for _, r := range j.Reasons {
				checkText(t, r)
				reasons += r.EN + " "
			}
			if got := strings.Join(j.Chosen, " "); j.State != tt.want || got != tt.chosen || j.Policy != p.ID {
				t.Errorf("%s of %q by %s, want %s of %q: %s", j.State, got, j.Policy, tt.want, tt.chosen, reasons)
			}
			if reasons == "" || !strings.Contains(reasons, tt.in) {
				t.Errorf("no %q in %q", tt.in, reasons)
			}
		})
	}
}

func TestParsePolicy(t *testing.T) {
	p, err := ParsePolicy([]byte(`# of a town
id: stadt
name: {de: Richtlinie der Stadt, en: The town's policy}
description: >-
  Was die Stadt
  einsetzt.
source: https://example.org/lizenzen
require: [osi]
allow: [permissive, eupl-1.2, gpl-2.0+]
deny:
  - AGPL-3.0
  - GPL-2.0-only with classpath-exception-2.0
otherwise: unknown
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Policy{
		ID: "stadt", Name: Bilingual{"Richtlinie der Stadt", "The town's policy"},
		Description: Bilingual{"Was die Stadt einsetzt.", "Was die Stadt einsetzt."},
		Source:      "https://example.org/lizenzen",
		Require:     []string{"osi"}, Allow: []string{"permissive", "EUPL-1.2", "GPL-2.0-or-later"},
		Deny: []string{"AGPL-3.0", "GPL-2.0-only WITH Classpath-exception-2.0"}, Otherwise: Undecided,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("%+v", p)
	}
	// JSON is YAML.
	src, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParsePolicy(src); err != nil || !reflect.DeepEqual(again, p) {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestRefusedPolicies(t *testing.T) {
	for name, tt := range map[string]struct{ src, want string }{
		"empty":               {"", "empty"},
		"comment":             {"# nothing\n", "empty"},
		"a list":              {"- MIT\n", "line 1: write keys"},
		"a text":              {"MIT\n", "line 1: write keys"},
		"no YAML":             {"id: [\n", "cannot be read as YAML"},
		"two documents":       {"id: ab\nname: A\nallow: [MIT]\n---\nid: cd\n", "first document"},
		"too large":           {"id: " + strings.Repeat("a", MaxPolicy), "64 KiB"},
		"too deep":            {"id: ab\nname: A\nallow: [[[[[[[[[[MIT]]]]]]]]]]\n", "more than 6 deep"},
		"no id":               {"name: A\nallow: [MIT]\n", "line 1: id: the key is missing"},
		"no name":             {"id: ab\nallow: [MIT]\n", "line 1: name: the key is missing"},
		"no list":             {"id: ab\nname: A\n", "add one of require, allow and deny"},
		"bad id":              {"id: Meine Liste\nname: A\nallow: [MIT]\n", "line 1: id: \"Meine Liste\""},
		"unknown key":         {"id: ab\nname: A\nallows: [MIT]\n", "line 3: the file: there is no key \"allows\""},
		"key twice":           {"id: ab\nname: A\nallow: [MIT]\nallow: [ISC]\n", "allow"},
		"no list but text":    {"id: ab\nname: A\nallow: MIT\n", "line 3: allow: write a list"},
		"empty list":          {"id: ab\nname: A\nallow: []\n", "line 3: allow: the list is empty"},
		"unknown licence":     {"id: ab\nname: A\nallow:\n  - MIT\n  - MITT\n", "line 5: allow[1]: \"MITT\""},
		"expression":          {"id: ab\nname: A\ndeny: [MIT OR ISC]\n", "deny[0]: \"MIT OR ISC\": is an expression of several"},
		"NONE":                {"id: ab\nname: A\ndeny: [NONE]\n", "deny[0]"},
		"empty entry":         {"id: ab\nname: A\ndeny: [MIT, '']\n", "deny[1]: has no value"},
		"null entry":          {"id: ab\nname: A\ndeny: [MIT, null]\n", "deny[1]: has no value"},
		"entry is a mapping":  {"id: ab\nname: A\ndeny: [{MIT: 1}]\n", "deny[0]: write one text"},
		"alias":               {"id: ab\nname: &x A\nallow: [*x]\n", "line 3: allow[0]"},
		"unknown category":    {"id: ab\nname: A\nallow: [unknown]\n", "allow[0]"},
		"required licence":    {"id: ab\nname: A\nrequire: [MIT]\n", "line 3: require: \"MIT\" cannot be required"},
		"bad source":          {"id: ab\nname: A\nallow: [MIT]\nsource: mein Haus\n", "line 4: source"},
		"bad otherwise":       {"id: ab\nname: A\nallow: [MIT]\notherwise: maybe\n", "line 4: otherwise: \"maybe\""},
		"otherwise of all":    {"id: ab\nname: A\ndeny: [MIT]\notherwise: denied\n", "line 4: otherwise"},
		"one language":        {"id: ab\nname: {de: A}\nallow: [MIT]\n", "line 2: name.en: the key is missing"},
		"name null":           {"id: ab\nname:\nallow: [MIT]\n", "line 2: name: has no value"},
		"lines":               {"id: ab\nname: \"A\\nB\"\nallow: [MIT]\n", "line 2: name: must be one line"},
		"long text":           {"id: ab\nname: " + strings.Repeat("a", 1001) + "\nallow: [MIT]\n", "line 2: name: is longer"},
		"long list":           {"id: ab\nname: A\nallow: [" + strings.Repeat("MIT,", 1001) + "]\n", "more than 1000"},
		"many mistakes":       {"id: ab\nname: A\nallow: [" + strings.Repeat("Q,", 100) + "]\n", "allow[19]"},
		"several at one time": {"id: A\nnam: B\n", "there is no key \"nam\""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := ParsePolicy([]byte(tt.src))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
			if !reflect.DeepEqual(p, Policy{}) {
				t.Errorf("policy %+v", p)
			}
			if n := strings.Count(err.Error(), "\n"); n > maxPolicyFaults || len(err.Error()) > 20_000 {
				t.Errorf("%d lines, %d bytes", n, len(err.Error()))
			}
		})
	}
}

func ExamplePolicy_Judge() {
	p, err := ParsePolicy([]byte("{id: stadt, name: Richtlinie der Stadt, allow: [osi], deny: [network-copyleft]}"))
	if err != nil {
		fmt.Println(err)
		return
	}
	j := p.Judge("AGPL-3.0-only OR MIT")
	fmt.Println(j.State, j.Chosen)
	// Output: allowed [MIT]
}

func BenchmarkJudge(b *testing.B) {
	p := Policies()[0]
	for b.Loop() {
		p.Judge("GPL-2.0-only WITH Classpath-exception-2.0 OR MIT AND Apache-2.0")
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte("id: ab\nname: {de: A, en: B}\nallow: [MIT, osi]\ndeny: [GPL-3.0]\notherwise: unknown\n"), "MIT OR GPL-3.0+")
	f.Add([]byte("{\"id\":\"ab\",\"name\":null,\"allow\":[null]}"), "NONE")
	f.Add([]byte("a: &x [*x]\n"), "LicenseRef-x")
	f.Fuzz(func(t *testing.T, src []byte, expression string) {
		p, err := ParsePolicy(src)
		if err != nil {
			return
		}
		if j := p.Judge(expression); len(j.Reasons) == 0 || j.State == "" {
			t.Errorf("%+v of %+v", j, p)
		}
		// What is read can be written and read again.
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := ParsePolicy(again); err != nil || !reflect.DeepEqual(p, q) {
			t.Errorf("%s: %v", again, err)
		}
	})
}
