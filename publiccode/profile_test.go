// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// profileHead begins a profile of an operator.
const profileHead = `
name: amt
title: {de: Amt, en: Office}
description: {de: Was ein Amt verlangt., en: What an office asks.}
source: https://amt.example/
rules:
`

// ruleWith is a rule with one condition.
func ruleWith(code, condition string) string {
	return fmt.Sprintf(`
  - code: %s
    severity: warning
    require: %s
    message: {de: Fehlt., en: Missing.}
    help: {de: Ergänzen., en: Add it.}
`, code, condition)
}

func mustProfile(t testing.TB, src string) *Profile {
	t.Helper()
	p, err := ParseProfile([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func file(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }

func TestConditions(t *testing.T) {
	files := fstest.MapFS{
		"README.md":           file("# Fahrradkeller\n\nText\n\n## Installation und Betrieb\n"),
		"docs/Security.MD":    file(""),
		"charts/x/Chart.yaml": file(""),
		"LICENSES/MIT.txt":    file(""),
	}
	for _, c := range []struct {
		condition string
		want      verdict
	}{
		{`{key: name}`, yes},
		{`{key: description.*.documentation}`, yes},
		{`{key: description.*.apiDocumentation}`, no},
		{`{key: maintenance.contacts.*.email}`, yes},
		{`{key: "maintenance.contacts[0].phone"}`, no},
		{`{key: de.leika.themenfeld}`, no},
		{`{count: {key: categories.*, min: 2}}`, yes},
		{`{count: {key: categories.*, min: 3}}`, no},
		{`{count: {key: description.*, min: 1}}`, yes},
		{`{value: {key: maintenance.type, in: [internal, contract]}}`, yes},
		{`{value: {key: maintenance.type, in: none}}`, no},
		{`{value: {key: platforms.*, in: [linux]}}`, yes},
		{`{value: {key: url, matches: '^https://git\.example\.org/'}}`, yes},
		{`{value: {key: url, matches: '^http:'}}`, no},
		{`{value: {key: applicationSuite, matches: '.'}}`, no},
		{`{language: de}`, yes},
		{`{language: en}`, no},
		{`{licence: osi}`, yes},
		{`{min-version: "0.5"}`, yes},
		{`{min-version: "0.6"}`, no},
		{`{file-name: publiccode.yml}`, yes},
		{`{file-name: [publiccode.yaml, .publiccode.yml]}`, no},
		{`{file: readme.MD}`, yes},
		{`{file: [INSTALL*, docs/SECURITY*]}`, yes},
		{`{file: "*/*/Chart.yaml"}`, yes},
		{`{file: LICENSES}`, no}, // a folder
		{`{file: LICENSES/*}`, yes},
		{`{file: CHANGELOG*}`, no},
		{`{heading: {file: README*, words: [INSTALL]}}`, yes},
		{`{heading: {file: README*, words: [lizenz]}}`, no},
		{`{heading: {file: INSTALL*, words: [install]}}`, no},
		{`{all: [{key: name}, {language: de}]}`, yes},
		{`{all: [{key: name}, {language: en}]}`, no},
		{`{any: [{key: roadmap}, {language: en}]}`, yes},
		{`{any: [{language: fr}, {language: en}]}`, no},
		{`{not: {language: en}}`, yes},
		{`{not: {not: {language: en}}}`, no},
	} {
		p := mustProfile(t, profileHead+ruleWith("AMT01", c.condition))
		r := Parse([]byte(base), Options{})
		before := len(r.Findings)
		unchecked := r.CheckProfile(p, Place{FileName: "./publiccode.yml", Files: files})
		if added := len(r.Findings) > before; added != (c.want == no) || len(unchecked) > 0 {
			t.Errorf("%s: finding %v, unchecked %v", c.condition, added, unchecked)
		}
	}
}

// TestUnknown: what cannot be looked at is neither kept nor broken.
func TestUnknown(t *testing.T) {
	for _, c := range []struct {
		condition string
		want      verdict
	}{
		{`{file-name: publiccode.yml}`, unknown},
		{`{file: README*}`, unknown},
		{`{heading: {file: README*, words: [install]}}`, unknown},
		{`{not: {file: README*}}`, unknown},
		{`{all: [{key: name}, {file: README*}]}`, unknown},
		{`{all: [{language: en}, {file: README*}]}`, no},
		{`{all: [{file: README*}, {language: en}]}`, no},
		{`{any: [{file: README*}, {key: name}]}`, yes},
		{`{any: [{file: README*}, {language: en}]}`, unknown},
	} {
		p := mustProfile(t, profileHead+ruleWith("AMT01", c.condition))
		r := Parse([]byte(base), Options{})
		before := len(r.Findings)
		unchecked := r.CheckProfile(p, Place{})
		got := yes
		switch {
		case len(unchecked) > 0:
			got = unknown
		case len(r.Findings) > before:
			got = no
		}
		if got != c.want {
			t.Errorf("%s = %d, want %d", c.condition, got, c.want)
		}
	}

	// Of a file that is no YAML nobody knows what it says.
	p, _ := FindProfile("reuse-ready")
	r := Parse([]byte("name: [\n"), Options{})
	before := len(r.Findings)
	if unchecked := r.CheckProfile(p, Place{}); len(unchecked) != len(p.Rules) || len(r.Findings) != before {
		t.Errorf("unreadable file: unchecked %v of %d, %d findings more", unchecked, len(p.Rules), len(r.Findings)-before)
	}
}

func TestWhen(t *testing.T) {
	rule := ruleWith("AMT01", "{key: roadmap}") + "    when: %s\n"
	for when, want := range map[string]int{
		`{language: de}`:  1,
		`{language: en}`:  0,
		`{file: README*}`: 0,
	} {
		src := strings.Replace(base, "roadmap:", "x-roadmap:", 1)
		r := Parse([]byte(src), Options{})
		before := len(r.Findings)
		unchecked := r.CheckProfile(mustProfile(t, profileHead+fmt.Sprintf(rule, when)), Place{})
		if got := len(r.Findings) - before; got != want || (len(unchecked) == 1) != strings.Contains(when, "file") {
			t.Errorf("when %s: %d findings, unchecked %v", when, got, unchecked)
		}
	}
}

func TestFindingOfProfile(t *testing.T) {
	p := mustProfile(t, profileHead+`
  - code: AMT01
    severity: error
    key: legal.license
    require: {value: {key: legal.license, in: [MIT]}}
    message: {de: '„{key}“ ist {value}.', en: '“{key}” is {value}.'}
    help: {de: 'Statt {value} MIT.', en: 'MIT, not {value}.'}
    source: https://amt.example/lizenz
`)
	r := Parse([]byte(base), Options{})
	r.CheckProfile(p, Place{})
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Code == "AMT01" })
	if i < 0 {
		t.Fatal("no finding")
	}
	f := r.Findings[i]
	before, _, _ := strings.Cut(base, "EUPL-1.2\n  main")
	line := 1 + strings.Count(before, "\n")
	if f.Severity != Error || f.Line != line || f.Column != 12 || f.EndColumn != 20 || f.Key != "legal.license" {
		t.Errorf("%+v", f)
	}
	if got, want := f.Message("de")+" "+f.Help("en"), "„legal.license“ ist EUPL-1.2. MIT, not EUPL-1.2."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if r.Valid() {
		t.Error("an error of a profile leaves the file valid")
	}
	if got := p.Rules[0].Wording.Source; got != "https://amt.example/lizenz" {
		t.Error(got)
	}
}

// TestProfileMistakes: every mistake is named with its line, its key and what
// to do.
func TestProfileMistakes(t *testing.T) {
	rule := ruleWith("AMT01", "{key: name}")
	for _, c := range []struct{ src, want string }{
		{"", "line 1: cannot be read: The file is empty"},
		{"- x", "does not consist of keys"},
		{"name: [", "line 2: cannot be read: The file is not valid YAML"},
		{strings.Repeat("# long\n", 10_000), "larger than 64 KiB"},
		{profileHead + rule + "---\nname: x\n", "A further YAML document"},
		{"name: amt\n", `line 1: the key "title" is missing; add it`},
		{strings.Replace(profileHead, "source", "sorce", 1) + rule, `line 5: sorce: no such key; did you mean "source"?`},
		{strings.Replace(profileHead, "name: amt", "name: Amt 1", 1) + rule, `name: "Amt 1" is no name; use`},
		{strings.Replace(profileHead, "name: amt", "name: opencode", 1) + rule, `choose another name`},
		{strings.Replace(profileHead, "name: amt", "name: amt\nname: b", 1) + rule, `line 3: name: the key stands here twice`},
		{strings.Replace(profileHead, "https://amt.example/", "amt.example", 1) + rule, `source: "amt.example" is no web address`},
		{strings.Replace(profileHead, ", en: Office", "", 1) + rule, `line 3: title: the key "en" is missing`},
		{strings.Replace(profileHead, "Office", "''", 1) + rule, `title.en: has no value`},
		{strings.Replace(profileHead, "Office", "["+"a]", 1) + rule, `title.en: write one text here`},
		{strings.Replace(profileHead, "Office", strings.Repeat("a", 600), 1) + rule, `title.en: is longer than 500 characters`},
		{strings.Replace(profileHead, "Office", `"a\u202eb"`, 1) + rule, `must be one line without control characters`},
		{strings.Replace(profileHead, "Office", "&a Office", 1) + strings.Replace(rule, "Missing.", "*a", 1), `write the value out`},
		{profileHead + " x", "rules: write a list"},
		{profileHead + strings.Repeat("  - x\n", 201), "more than 200 rules"},
		{profileHead + "  - x\n", "rules[0]: write keys and values here"},
		{profileHead + rule + rule, "line 14: rules[1].code: there is a rule AMT01 already"},
		{profileHead + strings.Replace(rule, "AMT01", "PC0601", 1), "rules[0].code: codes that begin with PC"},
		{profileHead + strings.Replace(rule, "AMT01", "amt-1", 1), `"amt-1" is no code; write two to eight`},
		{profileHead + strings.Replace(rule, "warning", "fatal", 1), `line 9: rules[0].severity: "fatal" is no severity`},
		{profileHead + strings.Replace(rule, "Missing.", "'Missing {0}.'", 1), "only {key} and {value} may stand in braces"},
		{profileHead + strings.Replace(rule, "Missing.", "'Missing }.'", 1), "only {key} and {value} may stand in braces"},
		{profileHead + strings.Replace(rule, "Missing.", "'Missing {value}.'", 1), "the rule has no key; add one"},
		{profileHead + rule + "    key: description.*.documentation\n", "name the section without *"},
		{profileHead + rule + "    exec: rm\n", "rules[0].exec: no such key; the keys here are code"},
		{"extends: [standard, amtlich]" + profileHead + rule, `extends: there is no built-in profile "amtlich"; there are standard, opencode, reuse-ready`},
		{"extends: opencode\nwithout: PC0699" + profileHead + rule, `without: no extended profile has a rule "PC0699"`},
	} {
		_, err := ParseProfile([]byte(c.src))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.300s\n  gives %v\n  and not %s", c.src, err, c.want)
		}
	}

	for condition, want := range map[string]string{
		`name`:                              "write one condition here",
		`{}`:                                "has no value",
		`{key: name, language: de}`:         "write one condition here",
		`{keys: name}`:                      `require.keys: no such key; did you mean "key"?`,
		`{key: [name]}`:                     "require.key: write one text here",
		`{key: description.*.documentaton}`: `no key "documentaton" at this place; did you mean "documentation"?`,
		`{key: maintenance.contacts.*.fax}`: `no key "fax" at this place`,
		`{key: ...}`:                        "is no path of a key",
		`{key: ` + strings.Repeat("x.", 20) + `x}`:                        "is no path of a key",
		`{count: {key: categories.*, min: many}}`:                         `min: "many" is no number`,
		`{count: {key: categories.*, min: 0}}`:                            `is no number from 1`,
		`{count: {min: 1}}`:                                               `count: the key "key" is missing`,
		`{value: {key: name}}`:                                            "write either in, with a list of values, or matches",
		`{value: {key: name, in: [a], matches: b}}`:                       "write either in",
		`{value: {key: name, matches: '('}}`:                              "is no regular expression",
		`{value: {key: name, matches: '((a{99}){99}){99}'}}`:              "is no regular expression",
		`{value: {key: name, matches: ` + strings.Repeat("a", 501) + `}}`: "is longer than 500",
		`{value: {key: name, in: [[a]]}}`:                                 "in[0]: write one text here",
		`{value: {key: name, in: ['']}}`:                                  "in[0]: is empty",
		`{value: {key: name, in: {a: b}}}`:                                "in: write a list here",
		`{value: {key: name, in: [` + strings.Repeat("a,", 101) + `]}}`:   "in: has more than 100 entries",
		`{language: Deutsch}`:                                             `"Deutsch" is no language`,
		`{licence: fsf}`:                                                  `"fsf" is no list of licences; write osi`,
		`{min-version: "0.45"}`:                                           `"0.45" is no version of the standard`,
		`{file: /etc/passwd}`:                                             "is no path from the root",
		`{file: ../secret}`:                                               "is no path from the root",
		`{file: a//b}`:                                                    "is no path from the root",
		`{file: "**/README"}`:                                             "** is not known",
		`{file: "[a"}`:                                                    "bracket that is not closed",
		`{file: a/b/c/d/e/f/g/h/i}`:                                       "more than 8 folders deep",
		`{heading: {file: README*}}`:                                      `the key "words" is missing`,
		`{all: []}`:                                                       "all: has no value",
		`{all: {key: name}}`:                                              "all: write a list of at most 100 conditions",
		`{any: [x]}`:                                                      "any[0]: write one condition here",
		strings.Repeat("{not: ", 7) + "{key: name}" + strings.Repeat("}", 7):   "more than 6 deep",
		strings.Repeat("{not: ", 50) + "{key: name}" + strings.Repeat("}", 50): "nested more than 40",
	} {
		_, err := ParseProfile([]byte(profileHead + ruleWith("AMT01", condition)))
		if err == nil || !strings.Contains(err.Error(), want) || !regexp.MustCompile(`line \d+:`).MatchString(err.Error()) {
			t.Errorf("%.300s\n  gives %v\n  and not %s", condition, err, want)
		}
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	_, err := ParseProfile([]byte(profileHead + ruleWith("AMT01", "{kee: name}") + ruleWith("amt", "{language: xxxx}")))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("not three mistakes: %v", err)
	}
	_, err = ParseProfile([]byte(profileHead + strings.Repeat("  - {}\n", 200)))
	if err == nil || strings.Count(err.Error(), "\n") != maxMistakes-1 {
		t.Errorf("the list of mistakes is not bounded: %d", strings.Count(err.Error(), "\n"))
	}
}

func TestExtends(t *testing.T) {
	p := mustProfile(t, "extends: [opencode, reuse-ready]\nwithout: [PC0602]"+profileHead+ruleWith("AMT01", "{key: name}"))
	opencode, _ := FindProfile("opencode")
	reuse, _ := FindProfile("reuse-ready")
	if len(p.Rules) != len(opencode.Rules)+len(reuse.Rules) || hasRule(p, "PC0602") || !hasRule(p, "PC0601") || !hasRule(p, "AMT01") {
		t.Errorf("%d rules", len(p.Rules))
	}
	if !hasRule(opencode, "PC0602") {
		t.Error("the profile that is extended has changed")
	}
	if got := p.Rules[0].Wording.Source; got != opencode.Rules[0].Wording.Source {
		t.Errorf("the source of an inherited rule became %s", got)
	}
}

func TestBuiltInProfiles(t *testing.T) {
	var names []string
	codes := map[string]bool{}
	for _, p := range Profiles() {
		names = append(names, p.Name)
		for _, lang := range []string{"de", "en"} {
			if p.Title(lang) == "" || p.About(lang) == "" {
				t.Errorf("%s: no title or description in %s", p.Name, lang)
			}
		}
		for _, rule := range p.Rules {
			if codes[rule.Code] {
				t.Errorf("%s twice", rule.Code)
			}
			codes[rule.Code] = true
			w := rule.Wording
			for _, s := range []string{w.DE, w.EN, w.HelpDE, w.HelpEN} {
				if !strings.HasSuffix(s, ".") {
					t.Errorf("%s: %q is no sentence", rule.Code, s)
				}
			}
		}
	}
	if want := []string{"standard", "opencode", "reuse-ready"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	if _, there := FindProfile("amt"); there {
		t.Error("a profile amt")
	}
}

// rich and poor are repositories as a profile likes and dislikes them.
var (
	rich = fstest.MapFS{
		"README.md":       file("Fahrradkeller\n=============\n\nInstallation\n------------\n\n## Mitmachen\n"),
		"LICENSE":         file("text"),
		"SECURITY.md":     file("text"),
		"CHANGELOG.md":    file("text"),
		"CONTRIBUTING.md": file("text"),
	}
	poor = fstest.MapFS{
		"readme.txt": file("Fahrradkeller\n\n```\n# install\n```\n"),
		"Dockerfile": file("FROM scratch"),
	}
)

func TestProfilesGolden(t *testing.T) {
	good := strings.NewReplacer(
		"https://git.example.org/stadt/", "https://gitlab.opencode.de/stadt/",
		"description:\n", "description:\n  en:\n    shortDescription: Manages parking spaces in the bicycle cellars of a town.\n    longDescription: >\n"+
			"      "+strings.Repeat("Shows where there is room and lends the keys to it. ", 4)+"\n    features: [Rooms]\n",
	).Replace(base)
	bad := strings.NewReplacer(
		"https://git.example.org/stadt/fahrradkeller.git", "https://gitlab.opencode.de/stadt",
		"EUPL-1.2\n  main", "LicenseRef-amt\n  main",
		"type: internal", "type: none",
		"developmentStatus: stable", "developmentStatus: concept",
		"releaseDate: 2024-01-02\n", "",
		"logo: docs/logo.svg\n", "",
		"    documentation: https://docs.example.org/fahrradkeller\n", "",
		"      email: ada@beispielhausen.example\n", "",
		"  uri: https://www.beispielhausen.example/\n", "",
		"  de:\n", "  en:\n",
	).Replace(base)
	bad, _, _ = strings.Cut(bad, "dependsOn:")

	var out strings.Builder
	for _, p := range Profiles() {
		for _, c := range []struct {
			what, src string
			at        Place
		}{
			{"good", good, Place{"publiccode.yml", rich}},
			{"poor", bad, Place{"publiccode.yaml", poor}},
			{"alone", base, Place{}},
		} {
			r := Parse([]byte(c.src), Options{})
			unchecked := r.CheckProfile(p, c.at)
			fmt.Fprintf(&out, "== %s, %s: unchecked %v\n", p.Name, c.what, unchecked)
			for _, f := range r.Findings {
				if f.Wording != nil {
					fmt.Fprintf(&out, "%d:%d-%d:%d %s %s %s\n  %s\n  %s\n  %s\n  %s\n", f.Line, f.Column, f.EndLine, f.EndColumn,
						f.Code, f.Severity, f.Key, f.Message("de"), f.Help("de"), f.Message("en"), f.Help("en"))
				}
			}
		}
	}
	golden := filepath.Join("testdata", "profiles.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("differs from %s (write it anew with -update):\n%s", golden, out.String())
	}
}

// TestProfilesGuide: the examples of the guide are profiles.
func TestProfilesGuide(t *testing.T) {
	guide, err := os.ReadFile("../docs/profiles.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(name: .*?)```").FindAllSubmatch(guide, -1)
	if len(blocks) < 2 {
		t.Fatalf("%d examples, not one in each language", len(blocks))
	}
	for _, b := range blocks {
		p := mustProfile(t, string(b[1]))
		r := Parse([]byte(base), Options{})
		r.CheckProfile(p, Place{FileName: "publiccode.yml", Files: poor})
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Wording != nil }) {
			t.Errorf("the example %s finds nothing in a poor repository", p.Name)
		}
	}
	for _, p := range Profiles() {
		for _, rule := range p.Rules {
			if n := strings.Count(string(guide), "| "+rule.Code+" |"); n != 2 {
				t.Errorf("%s stands in the guide %d times, not once in each language", rule.Code, n)
			}
		}
	}
	for _, kind := range conditionKinds {
		if n := strings.Count(string(guide), "| `"+kind+": "); n != 2 {
			t.Errorf("the condition %s stands in the tables %d times, not once in each language", kind, n)
		}
	}
}

func FuzzParseProfile(f *testing.F) {
	for _, name := range []string{"standard", "opencode", "reuse-ready"} {
		src, err := profileFiles.ReadFile("profiles/" + name + ".yml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.ReplaceAll(strings.Replace(string(src), "name: ", "name: a", 1), "code: PC", "code: AMT"))
	}
	f.Add(profileHead + ruleWith("AMT01", "{any: [{not: {key: name}}, {file: 'a*/[b-c]?'}]}"))
	f.Fuzz(func(t *testing.T, src string) {
		p, err := ParseProfile([]byte(src))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "profile: ") {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		r := Parse([]byte(base), Options{})
		before := len(r.Findings)
		unchecked := r.CheckProfile(p, Place{FileName: "publiccode.yml", Files: poor})
		if len(r.Findings)-before+len(unchecked) > len(p.Rules) {
			t.Error("more answers than rules")
		}
		for _, finding := range r.Findings {
			if finding.Line < 1 || finding.Column < 1 || finding.Message("de") == "" {
				t.Errorf("%+v", finding)
			}
		}
	})
}

// TestProfilesCorpus counts how many real repositories keep the built-in
// profiles, where a collection of them lies beside the repository. It holds a
// part of the files only: README, licence, security and contribution notes.
func TestProfilesCorpus(t *testing.T) {
	files, err := filepath.Glob("../../shared/corpus/forge/*/*/*/publiccode.y*ml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no corpus beside the repository")
	}
	for _, p := range Profiles() {
		passed, codes := 0, map[string]int{}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r := Parse(src, Options{})
			r.Findings = nil
			unchecked := r.CheckProfile(p, Place{FileName: filepath.Base(name), Files: os.DirFS(filepath.Dir(name))})
			if r.Valid() && len(unchecked) == 0 {
				passed++
			}
			for _, code := range unchecked {
				codes[code+" unchecked"]++
			}
			for _, f := range r.Findings {
				codes[f.Code+" "+string(f.Severity)]++
			}
			unknownLicence := func(code string) bool { return code == "PC0604" || code == "PC0631" }
			if r.PublicCode != nil && len(slices.DeleteFunc(unchecked, unknownLicence)) > 0 {
				t.Errorf("%s: %s: unchecked %v", p.Name, name, unchecked)
			}
		}
		t.Logf("%s: %d of %d without an error of the profile", p.Name, passed, len(files))
		var lines []string
		for code, n := range codes {
			lines = append(lines, fmt.Sprintf("  %-18s %3d", code, n))
		}
		slices.Sort(lines)
		t.Log("\n" + strings.Join(lines, "\n"))
	}
}
