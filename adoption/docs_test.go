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

// document reads a file of the documentation, and the names of its sections.
func document(t *testing.T, name string) (text string, sections map[string]bool) {
	t.Helper()
	src, err := os.ReadFile("../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	sections = map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(string(src), -1) {
		sections[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
	}
	return string(src), sections
}

// examples are the files and parts of files that a text shows.
func examples(text string) []string {
	var all []string
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[1], "YmlVersion") { // it stands in a list
			all = append(all, strings.TrimPrefix(strings.ReplaceAll("\n"+m[1], "\n   ", "\n"), "\n"))
		} else if strings.Contains(m[1], "software:") {
			all = append(all, m[1])
		}
	}
	return all
}

// describes holds that a text names all keys of a format in both languages.
func describes(t *testing.T, text string, keys []key) {
	t.Helper()
	for _, k := range keys {
		if strings.Count(text, "`"+k.name+"`")+strings.Count(text, "`."+k.name+"`")+strings.Count(text, "`"+k.name+".")+strings.Count(text, "."+k.name+"`")+strings.Count(text, k.name+":") < 2 {
			t.Errorf("%s is not described", k.name)
		}
		describes(t, text, k.keys)
	}
}

// The documentation has the sections that rules rest on and names all keys and words;
// its examples have no finding but the honest one about what is restricted.
func TestDocumentation(t *testing.T) {
	text, sections := document(t, "adoptions.md")
	for _, r := range Format.Rules() {
		_, section, _ := strings.Cut(r.Standard(), "#")
		if !strings.HasPrefix(r.Standard(), documentation+"#") || !sections[section] && !strings.HasPrefix(r.Code, ofNeeds) {
			t.Errorf("%s rests on %s", r.Code, r.Standard())
		}
	}
	describes(t, text, fileKeys)
	for _, r := range Roles() {
		if strings.Count(text, "| `"+string(r)+"` |") != 2 {
			t.Errorf("%s is not described in both languages", r)
		}
	}
	for _, word := range append(texts(AllSeeks()), fundingWords.words...) {
		if strings.Count(text, "`"+word+"` (") != 2 {
			t.Errorf("%s is not described in both languages", word)
		}
	}
	whole, statements, together := 0, 0, 0
	for _, example := range examples(text) {
		switch {
		case strings.HasPrefix(example, "adoptionsYmlVersion"):
			whole++
			if r := parse(example); len(r.Findings) > 0 {
				t.Errorf("%v of\n%s", codes(r), example)
			}
		case strings.HasPrefix(example, "adoptions:"):
			statements++
			if r := parse(with(base(t), example)); strings.Join(codes(r), " ") != "AD0405" || len(r.File.Adoptions) != 2 {
				t.Errorf("%v of\n%s", codes(r), example)
			}
		default:
			together++
			if r := parse(with(base(t), example)); len(r.Findings) > 0 || len(r.File.Comaintenance) != 1 || len(r.File.Comaintenance[0].Funding) == 0 {
				t.Errorf("%v of\n%s", codes(r), example)
			}
		}
	}
	if whole != 2 || statements != 2 || together != 2 {
		t.Errorf("%d, %d and %d examples", whole, statements, together)
	}
}

// That of needs.yml does, too. It leaves what only an adoptions.yml can have to the
// other.
func TestNeedsDocumentation(t *testing.T) {
	text, sections := document(t, "needs.md")
	for _, r := range NeedsFormat.Rules() {
		_, section, _ := strings.Cut(r.Standard(), "#")
		if !strings.HasPrefix(r.Standard(), needsDocumentation+"#") || !sections[section] && section != "roles" && section != "comaintenance" {
			t.Errorf("%s rests on %s", r.Code, r.Standard())
		}
	}
	describes(t, text, needsKeys)
	for _, o := range Offers() {
		if strings.Count(text, "| `"+string(o)+"` |") != 2 {
			t.Errorf("%s is not described in both languages", o)
		}
	}
	all := examples(text)
	for _, example := range all {
		needs := 1
		if strings.HasPrefix(example, "needs:") {
			example, needs = with(file(t, "needs.yml"), example), 2
		}
		if r := parseNeeds(example); len(r.Findings) > 0 || len(r.File.Needs) != needs {
			t.Errorf("%v of\n%s", codesOf(r.Report), example)
		}
	}
	if len(all) != 4 {
		t.Errorf("%d examples", len(all))
	}
}
