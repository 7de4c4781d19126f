// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

//go:generate go run ../tools/findings --out ../docs/findings

import (
	_ "embed"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Example shows a rule in a few lines of a file and says why it is there.
type Example struct {
	Bad  string `yaml:"bad"`
	Good string `yaml:"good"`
	DE   string `yaml:"de"`
	EN   string `yaml:"en"`
}

//go:embed examples.yml
var examplesFile []byte

// examples by code. They are read when first asked for, since a program that
// only checks files never does.
var examples = sync.OnceValue(func() map[string]Example {
	var all map[string]Example
	if err := yaml.Unmarshal(examplesFile, &all); err != nil {
		panic("publiccode: examples.yml: " + err.Error()) // part of the program, read by its tests
	}
	return all
})

// Example returns lines that lead to the finding, and the same lines put right.
// Both are part of a file, and "" where a few lines cannot show the
// rule: the file is too large, its encoding is wrong.
func (r Rule) Example() (bad, good string) {
	e := r.shown()
	return e.Bad, e.Good
}

func (r Rule) shown() Example {
	if r.example != nil {
		return *r.example
	}
	return examples()[r.Code]
}

// Background says in a few sentences why the rule is there and what happens to
// those who read the file otherwise, in German ("de") or English (all other
// tags). It is "" where the message says all there is to say.
func (r Rule) Background(lang string) string {
	e := r.shown()
	if isGerman(lang) {
		return e.DE
	}
	return e.EN
}
