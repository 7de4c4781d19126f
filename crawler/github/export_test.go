// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"fmt"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/allmende-registry/allmende/crawler"
)

// WithoutPause makes a Forge ask for a smaller page at once.
func (f *Forge) WithoutPause() { f.pause = 0 }

// CheckQueries validates the package's queries against a schema.
func CheckQueries(schema string) (problems []error) {
	doc, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Name: "schema", Input: schema})
	if err != nil {
		return []error{err}
	}
	for _, def := range doc.Definitions { // the published schema has a field twice
		seen := make(map[string]bool)
		def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool {
			twice := seen[f.Name]
			seen[f.Name] = true
			return twice
		})
	}
	s, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		return []error{err}
	}
	for name, q := range queries() {
		if _, err := gqlparser.LoadQueryWithRules(s, q, nil); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w in %s", name, err, q))
		}
	}
	return problems
}

// queries are one of each kind that the package makes.
func queries() map[string]string {
	owner, after := &target{owner: "o"}, &target{owner: "o", after: atCursor + "x\"\u0000"}
	single := &target{owner: "o", name: "n"}
	year := crawler.YearTo(time.Now())
	of := &subject{owner: "o", name: "n", rev: "HEAD"}
	return map[string]string{
		"listing":       sharedQuery([]part{{owner, 7}, {after, 3}, {single, 1}}, []*target{owner}, false),
		"light listing": sharedQuery([]part{{owner, 7}, {after, 3}, {single, 1}}, []*target{owner}, true),
		"instance":      nodesQuery(slices.Repeat([]string{"R_1"}, 101), false),
		"light":         nodesQuery(slices.Repeat([]string{"R_1"}, 101), true),
		"files":         filesQuery([]wanted{{"o", "n", &native{commit: "c"}}, {"o", "m", &native{commit: "c"}}}),
		"facts":         factsQuery([]*subject{{owner: "o", name: "n", rev: "HEAD"}, {owner: "o", name: "m", rev: "HEAD"}}, year),
		"slow facts":    factsQuery([]*subject{{owner: "o", name: "n", rev: "HEAD", partly: true}}, year),
		"commits":       commitsQuery([]window{{of, year[0], year[1], ""}, {of, year[1], year[2], "x"}}),
	}
}
