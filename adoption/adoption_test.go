// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
)

// today is the moment of all tests.
var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func parse(src string) *Result { return Parse([]byte(src), Options{Now: today}) }

func parseNeeds(src string) *NeedsResult { return ParseNeeds([]byte(src), Options{Now: today}) }

func codes(r *Result) []string { return codesOf(r.Report) }

func codesOf(r *publiccode.Result) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, f.Code)
	}
	return all
}

func base(t *testing.T) string { return file(t, "base.yml") }

func file(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// checked is what is said of a file of either format.
func checked(t testing.TB, src string) *publiccode.Result {
	t.Helper()
	f, ok := FormatOf([]byte(src))
	if !ok {
		t.Fatalf("of no format:\n%s", src)
	}
	return f.Check([]byte(src), Options{Now: today})
}

// ruleBase is the file that the example of a rule belongs in.
func ruleBase(t testing.TB, rule publiccode.Rule) string {
	t.Helper()
	if strings.HasPrefix(rule.Code, ofNeeds) {
		return file(t, "needs.yml")
	}
	return file(t, "base.yml")
}

// with puts lines in place of the part of a file that begins with the same key.
func with(src, lines string) string {
	name, _, _ := strings.Cut(lines, ":")
	if name == "organization" {
		name = "organisation"
	}
	from := strings.Index("\n"+src, "\n"+name+":")
	if from < 0 {
		return src + lines
	}
	to := strings.Index(src[from:]+"\n\n", "\n\n")
	return src[:from] + strings.TrimSuffix(lines, "\n") + src[min(len(src), from+to):]
}

// TestRules holds each rule against its own example.
func TestRules(t *testing.T) {
	var noExample []string
	for _, rule := range Rules() {
		src := ruleBase(t, rule)
		if r := checked(t, src); len(r.Findings) > 0 {
			t.Fatalf("the base has findings: %v", r.Findings)
		}
		bad, good := rule.Example()
		if bad == "" {
			noExample = append(noExample, rule.Code)
			continue
		}
		if got := codesOf(checked(t, with(src, bad))); !slices.Equal(got, []string{rule.Code}) {
			t.Errorf("%s: the bad lines lead to %v", rule.Code, got)
		}
		if got := codesOf(checked(t, with(src, good))); len(got) > 0 {
			t.Errorf("%s: the good lines lead to %v", rule.Code, got)
		}
		for _, lang := range []string{"de", "en"} {
			if rule.Title(lang) == "" || rule.Help(lang) == "" || strings.ContainsAny(rule.Title(lang)+rule.Help(lang), "{}") {
				t.Errorf("%s: wording %q, %q", rule.Code, rule.Title(lang), rule.Help(lang))
			}
		}
		if s := rule.Severity; s != publiccode.Error && s != publiccode.Warning && s != publiccode.Advice {
			t.Errorf("%s: severity %q", rule.Code, s)
		}
	}
	if want := []string{"AD0205", "AD0207", "AD0502", "AD0901"}; !slices.Equal(noExample, want) {
		t.Errorf("rules without example: %v, want %v", noExample, want)
	}
}
