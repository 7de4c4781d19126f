// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notInLines are the rules that a few lines cannot show.
var notInLines = []string{
	"PC0001", "PC0007", "PC0008", "PC0014", "PC0326", // too much of something
	"PC0002", "PC0003", // bytes that are no text
	"PC0005",                                         // nothing at all
	"PC0510", "PC0511", "PC0512", "PC0513", "PC0514", // what only the network or other files tell
}

// topKey finds the keys that lines name at their beginning, also in a comment.
var topKey = regexp.MustCompile(`(?m)^(?:# )?([A-Za-z][\w-]*):`)

// splice puts the lines of an example into base: the keys that they name are
// taken out of it, and the lines follow at its end. Lines that name no key are
// a whole file.
func splice(lines string) string {
	keys := topKey.FindAllStringSubmatch(lines, -1)
	if keys == nil {
		return lines
	}
	rest := base
	for _, k := range keys {
		block := regexp.MustCompile(`(?mi)^` + regexp.QuoteMeta(k[1]) + `:.*\n(?:[ ].*\n)*`)
		rest = block.ReplaceAllString(rest, "")
	}
	return rest + lines
}

func parseExample(lines string) *Result {
	return Parse([]byte(splice(lines)), Options{RepositoryURL: "https://git.example.org/stadt/fahrradkeller"})
}

func TestExamplesOfTheStandard(t *testing.T) {
	for _, r := range standardRules() {
		bad, good := r.Example()
		if slices.Contains(notInLines, r.Code) || strings.HasPrefix(r.Code, "PC07") {
			if bad != "" || good != "" {
				t.Errorf("%s has an example, but is listed as a rule that lines cannot show", r.Code)
			}
			continue
		}
		if bad == "" || good == "" {
			t.Errorf("%s has no example: add one to examples.yml, or the code to notInLines", r.Code)
			continue
		}
		if res := parseExample(bad); !hasCode(res, r.Code) {
			t.Errorf("%s: the wrong example does not lead to it, but to %+v", r.Code, res.Findings)
		}
		res := parseExample(good)
		if hasCode(res, r.Code) {
			t.Errorf("%s: the right example leads to it", r.Code)
		}
		if topKey.MatchString(good) && topKey.MatchString(bad) && !res.Valid() {
			t.Errorf("%s: the right example is not valid: %+v", r.Code, res.Findings)
		}
	}
}

// TestExamplesOfProfiles holds that each rule of a built-in profile that asks for
// nothing but the publiccode.yml itself has an example.
func TestExamplesOfProfiles(t *testing.T) {
	for _, p := range Profiles() {
		filesNeeded := parseExample("name: Fahrradkeller\n").CheckProfile(p, Place{})
		check := func(lines string) *Result {
			res := parseExample(lines)
			res.CheckProfile(p, Place{})
			return res
		}
		for _, r := range p.Rules {
			bad, good := Rule{Code: r.Code}.Example()
			switch {
			case slices.Contains(filesNeeded, r.Code):
				if bad != "" || good != "" {
					t.Errorf("%s has an example, though it looks at files", r.Code)
				}
			case bad == "" || good == "":
				t.Errorf("%s of the profile %s has no example: add one to examples.yml", r.Code, p.Name)
			case !hasCode(check(bad), r.Code):
				t.Errorf("%s: the wrong example does not lead to it", r.Code)
			case hasCode(check(good), r.Code):
				t.Errorf("%s: the right example leads to it", r.Code)
			case !parseExample(good).Valid():
				t.Errorf("%s: the right example is not valid: %+v", r.Code, parseExample(good).Findings)
			}
		}
	}
}

func hasCode(r *Result, code string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code })
}

// TestExamplesAreText holds the form of what examples.yml says.
func TestExamplesAreText(t *testing.T) {
	var known []string
	for _, r := range Rules() {
		known = append(known, r.Code)
		de, en := r.Background("de"), r.Background("en")
		if (de == "") != (en == "") {
			t.Errorf("%s has a background in one language only", r.Code)
		}
		for _, s := range []string{de, en} {
			if s != "" && !strings.HasSuffix(s, ".") || strings.Contains(s, "  ") {
				t.Errorf("%s: no sentences: %q", r.Code, s)
			}
		}
		if strings.Count(de, "„") != strings.Count(de, "“") || strings.Count(en, "“") != strings.Count(en, "”") {
			t.Errorf("%s: quotation marks without a partner", r.Code)
		}
	}
	for code := range examples() {
		if !slices.Contains(known, code) {
			t.Errorf("examples.yml explains %s, which does not exist", code)
		}
	}
}

var yamlBlock = regexp.MustCompile("(?m)^( *)```yaml\n((?s:.*?))^ *```$")

// TestGuide holds the examples of the guide for maintainers: the whole file has
// no finding, and parts of files are right.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../docs/maintainers.md")
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for _, m := range yamlBlock.FindAllStringSubmatch(string(guide), -1) {
		lines := strings.TrimPrefix(strings.ReplaceAll("\n"+m[2], "\n"+m[1], "\n"), "\n")
		if strings.HasPrefix(lines, "publiccodeYmlVersion") {
			whole++
			if res := Parse([]byte(lines), Options{}); len(res.Findings) > 0 {
				t.Errorf("findings in the example file: %+v", res.Findings)
			}
		} else if res := Parse([]byte(splice(lines+"publiccodeYmlVersion: \"0.7\"\n")), Options{}); len(res.Findings) > 0 {
			t.Errorf("findings in %q: %+v", lines, res.Findings)
		}
	}
	if whole == 0 {
		t.Error("no example of a whole file")
	}
}
