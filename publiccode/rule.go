// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Rule is a kind of finding.
type Rule struct {
	Code     string // PC0123
	Severity Severity
	wording  message
	source   string   // what a rule of a profile, or of another format, rests on
	example  *Example // of a rule of another format
}

// NewRule makes a rule of a format beside publiccode.yml. An example without Bad has
// no lines to show.
func NewRule(code string, severity Severity, w Wording, e Example) Rule {
	return Rule{code, severity, message{severity, w.DE, w.EN, w.HelpDE, w.HelpEN}, w.Source, &e}
}

// words are those of a rule as its findings carry them.
func (r Rule) words() *Wording {
	w := r.wording
	return &Wording{DE: w.de, EN: w.en, HelpDE: w.helpDE, HelpEN: w.helpEN, Source: r.source}
}

// Rules returns all kinds of findings, those of the standard and those that the
// built-in profiles add, by code.
func Rules() []Rule {
	all := standardRules()
	for _, p := range Profiles() {
		for _, r := range p.Rules {
			if !slices.ContainsFunc(all, func(known Rule) bool { return known.Code == r.Code }) {
				w := r.Wording
				all = append(all, Rule{r.Code, r.Severity, message{r.Severity, w.DE, w.EN, w.HelpDE, w.HelpEN}, w.Source, nil})
			}
		}
	}
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.Code, b.Code) })
	return all
}

func standardRules() []Rule {
	var out []Rule
	for _, code := range slices.Sorted(maps.Keys(messages)) {
		out = append(out, Rule{Code: code, Severity: messages[code].severity, wording: messages[code]})
	}
	return out
}

// What stands for an argument in a template, and what for the key or an argument.
var (
	named       = regexp.MustCompile(`\{[0-9]\}`)
	placeholder = regexp.MustCompile(`\{(key|[0-9])\}`)
)

// Title is the message of the rule with "…" where a finding names something, in
// German ("de") or English (all other tags).
func (r Rule) Title(lang string) string {
	if isGerman(lang) {
		return open(r.wording.de, placeholder)
	}
	return open(r.wording.en, placeholder)
}

// Help says what to do about it, with "…" where a finding names something.
func (r Rule) Help(lang string) string {
	if isGerman(lang) {
		return open(r.wording.helpDE, placeholder)
	}
	return open(r.wording.helpEN, placeholder)
}

// open puts "…" where a template names something. At the end of a sentence it
// swallows the full stop.
func open(template string, what *regexp.Regexp) string {
	return strings.ReplaceAll(what.ReplaceAllString(template, "…"), "….", "…")
}

// Standard is the address of what the rule rests on.
func (r Rule) Standard() string {
	if r.source != "" {
		return r.source
	}
	return Finding{Code: r.Code}.Standard()
}

const (
	standardURL = "https://yml.publiccode.tools/v0/"
	schemaURL   = standardURL + "schema.core.html"
	yamlURL     = "https://yaml.org/spec/1.2.2/"
)

// restsOn are the places that codes rest on whatever their key is.
var restsOn = map[string]string{
	"PC0001": yamlURL,
	"PC0002": schemaURL + "#encoding",
	"PC0003": yamlURL + "#51-character-set",
	"PC0004": yamlURL,
	"PC0005": yamlURL,
	"PC0006": yamlURL,
	"PC0007": yamlURL,
	"PC0008": yamlURL,
	"PC0009": yamlURL,
	"PC0010": yamlURL + "#3213-node-comparison",
	"PC0011": yamlURL + "#92-streams",
	"PC0012": schemaURL + "#encoding",
	"PC0013": yamlURL + "#51-character-set",
	"PC0014": yamlURL,
	"PC0015": schemaURL + "#encoding",
	"PC0016": "https://yaml.org/type/merge.html",
	"PC0106": schemaURL + "#key-maintenance-contractors",
	"PC0107": schemaURL + "#key-maintenance-contractors",
	"PC0108": schemaURL + "#section-description",
	"PC0212": standardURL + "country.html",
	"PC0213": standardURL + "country.html",
	"PC0303": standardURL + "categories-list.html",
	"PC0304": standardURL + "scope-list.html",
	"PC0309": schemaURL + "#dates",
	"PC0318": schemaURL + "#key-legal-license",
	"PC0319": schemaURL + "#key-legal-license",
	"PC0320": schemaURL + "#key-legal-license",
	"PC0321": standardURL + "aliases-list.html",
	"PC0325": schemaURL + "#key-legal-license",
	"PC0333": standardURL + "country.html",
	"PC0406": standardURL + "categories-list.html",
	"PC0413": standardURL + "country.html",
	"PC0414": standardURL + "country.html",
}

// deprecatedKeys are those that the headings of the standard call deprecated,
// which makes a part of their addresses.
var deprecatedKeys = []string{
	"monochromeLogo", "inputTypes", "outputTypes", "genericName", "authorsFile", "repoOwner",
}

// Standard is the address of the place in the standard that the finding rests
// on: the description of the key, as a rule.
func (f Finding) Standard() string {
	if f.Wording != nil && f.Wording.Source != "" {
		return f.Wording.Source
	}
	if at, ok := restsOn[f.Code]; ok {
		return at
	}
	steps := splitPath(f.Key)
	steps = slices.DeleteFunc(steps, func(s string) bool { return strings.Trim(s, "0123456789") == "" })
	if len(steps) == 0 {
		return schemaURL
	}
	last := steps[len(steps)-1]
	switch steps[0] {
	case "organisation", "intendedAudience", "legal", "maintenance", "localisation", "dependsOn":
		switch {
		case len(steps) == 1:
			return schemaURL + "#section-" + strings.ToLower(steps[0])
		case len(steps) > 2 && steps[0] == "maintenance":
			return schemaURL + "#" + strings.TrimSuffix(steps[1], "s") // contact, contractor
		case len(steps) > 2 && steps[0] == "dependsOn":
			return schemaURL + "#dependency"
		}
	case "fundedBy":
		if len(steps) > 1 {
			return schemaURL + "#organisation"
		}
	case "description":
		if len(steps) < 3 {
			return schemaURL + "#section-description"
		}
		steps[1] = "lang"
	default:
		if k, _ := findKey(rootKeys, steps[0]); k == nil {
			if len(steps[0]) == 2 {
				return standardURL + "country.html"
			}
			return schemaURL + "#top-level-keys-and-sections"
		}
		steps = steps[:1]
	}
	anchor := "#key-" + strings.ToLower(strings.Join(steps, "-"))
	if slices.Contains(deprecatedKeys, last) {
		anchor += "-deprecated"
	}
	return schemaURL + anchor
}
