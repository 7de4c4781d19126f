// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/publiccode"
)

// Format is adoptions.yml among the formats that can be reported.
var Format = publiccode.Format{
	Name: FileName,
	// Of MaxStatements with the keys that one needs; a statement with all of them is
	// so long that the bound of bytes comes first.
	MaxNodes: 150_000,
	Rules:    sync.OnceValue(func() map[string]publiccode.Rule { return readRules(documentation) }),
}

// NeedsFormat is needs.yml, with the same rules.
var NeedsFormat = publiccode.Format{
	Name:     NeedsFileName,
	MaxNodes: 100_000,
	Rules:    sync.OnceValue(func() map[string]publiccode.Rule { return readRules(needsDocumentation) }),
}

// The addresses of the descriptions of the formats.
const (
	documentation      = "https://github.com/allmende-registry/allmende/blob/main/docs/adoptions.md"
	needsDocumentation = "https://github.com/allmende-registry/allmende/blob/main/docs/needs.md"
)

// ofNeeds begins the codes of what only a needs.yml can have.
const ofNeeds = "AD06"

//go:embed rules.yml
var rulesFile []byte

// readRules reads the rules as those of one format: they rest on its description.
func readRules(documentation string) map[string]publiccode.Rule {
	var all map[string]struct {
		Severity publiccode.Severity `yaml:"severity"`
		Section  string              `yaml:"section"` // of the documentation
		DE       string              `yaml:"de"`
		EN       string              `yaml:"en"`
		HelpDE   string              `yaml:"helpDe"`
		HelpEN   string              `yaml:"helpEn"`
		Bad      string              `yaml:"bad"`
		Good     string              `yaml:"good"`
		WhyDE    string              `yaml:"whyDe"`
		WhyEN    string              `yaml:"whyEn"`
	}
	if err := yaml.Unmarshal(rulesFile, &all); err != nil {
		panic("adoption: rules.yml: " + err.Error()) // part of the program, read by its tests
	}
	rules := make(map[string]publiccode.Rule, len(all))
	for code, r := range all {
		rules[code] = publiccode.NewRule(code, r.Severity,
			publiccode.Wording{DE: r.DE, EN: r.EN, HelpDE: r.HelpDE, HelpEN: r.HelpEN, Source: documentation + "#" + r.Section},
			publiccode.Example{Bad: r.Bad, Good: r.Good, DE: r.WhyDE, EN: r.WhyEN})
	}
	return rules
}

// Rules are all kinds of findings of both formats, by code. Of those that say that a
// file is no YAML, PC00, package publiccode knows.
func Rules() []publiccode.Rule {
	all := maps.Clone(Format.Rules())
	for code, r := range NeedsFormat.Rules() {
		if strings.HasPrefix(code, ofNeeds) {
			all[code] = r
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b publiccode.Rule) int { return strings.Compare(a.Code, b.Code) })
}
