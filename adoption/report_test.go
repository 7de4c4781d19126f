// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"bytes"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/report"
)

// The reports of publiccode.yml can show an adoptions.yml: with its name, its rules
// with their examples and the places that they rest on, and without offering to mend
// it.
func TestReports(t *testing.T) {
	files := []report.File{{Path: FileName, Result: parse(replaced(base(t), "    ", "role", "operate")).Report}}
	for format, wants := range map[string][]string{
		"text":   {"adoptions.yml:10:11: Fehler AD0315: „operate“", "role: operate\n", "nicht gültig (adoptions.yml 1.0, 1 Fehler)"},
		"json":   {`"code": "AD0315"`, `"endColumn": 18`, `"key": "adoptions[0].role"`, documentation + "#roles"},
		"sarif":  {`"ruleId": "AD0315"`, "docs/findings/AD0315.md", "role: operates", documentation + "#roles"},
		"gitlab": {`"check_name": "AD0315"`},
		"github": {"::error file=adoptions.yml,line=10", "AD0315"},
		"junit":  {"AD0315 adoptions[0].role", documentation + "#roles"},
	} {
		var out bytes.Buffer
		if err := report.Formats[format](&out, files, report.Options{Lang: "de"}); err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s does not say %q:\n%s", format, want, out.String())
			}
		}
		for _, not := range []string{"allmende fix", "publiccode.yml\""} {
			if strings.Contains(out.String(), not) && format != "junit" {
				t.Errorf("%s says %q:\n%s", format, not, out.String())
			}
		}
	}
}

// Findings about YAML are those of package publiccode, and rest on YAML.
func TestSharedRules(t *testing.T) {
	r := parse("\ufffe\x00")
	if len(r.Findings) == 0 {
		t.Fatal("nothing is wrong with no YAML")
	}
	for _, f := range r.Findings {
		if !strings.HasPrefix(f.Code, "PC00") || strings.Contains(f.Standard(), "publiccode") && f.Code != "PC0002" {
			t.Errorf("%s rests on %s", f.Code, f.Standard())
		}
	}
	known := map[string]bool{}
	for _, r := range publiccode.Rules() {
		known[r.Code] = true
	}
	for _, r := range Rules() {
		if known[r.Code] || !strings.HasPrefix(r.Standard(), documentation+"#") && !strings.HasPrefix(r.Standard(), needsDocumentation+"#") {
			t.Errorf("%s rests on %s", r.Code, r.Standard())
		}
	}
}

// A finding whose arguments were kept back, since they quote what is restricted, says
// what is wrong all the same.
func TestWithoutArguments(t *testing.T) {
	f := parse(replaced(base(t), "    ", "role", "operate")).Findings[0]
	f.Args = nil
	if got, want := f.Message("en"), "“…” at “adoptions[0].role” is no role; the nearest is “…”."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
