// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The documentation has the sections that rules rest on and names all keys and roles;
// its examples have no finding but the honest one about what is restricted.
func TestDocumentation(t *testing.T) {
	src, err := os.ReadFile("../docs/adoptions.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	sections := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (\S+)$`).FindAllStringSubmatch(text, -1) {
		sections[documentation+"#"+strings.ToLower(m[1])] = true
	}
	for _, r := range Rules() {
		if !sections[r.Standard()] {
			t.Errorf("%s rests on %s", r.Code, r.Standard())
		}
	}
	for _, section := range rootKeys {
		for _, k := range append(section.keys, section) {
			if !strings.Contains(text, "`"+k.name) && !strings.Contains(text, "."+k.name) {
				t.Errorf("%s is not described", k.name)
			}
		}
	}
	for _, r := range Roles() {
		if strings.Count(text, "| `"+string(r)+"` |") != 2 {
			t.Errorf("%s is not described in both languages", r)
		}
	}
	examples := 0
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1) {
		example := strings.ReplaceAll("\n"+m[1], "\n   ", "\n")
		if strings.Contains(example, "adoptionsYmlVersion") {
			examples++
			if r := parse(example); len(r.Findings) > 0 {
				t.Errorf("%v of\n%s", codes(r), example)
			}
		} else if strings.Contains(example, "software:") {
			examples++
			example = with(base(t), strings.TrimPrefix("\n"+m[1], "\n"))
			if r := parse(example); strings.Join(codes(r), " ") != "AD0405" || len(r.File.Adoptions) != 2 {
				t.Errorf("%v of\n%s", codes(r), example)
			}
		}
	}
	if examples != 4 {
		t.Errorf("%d examples", examples)
	}
}
