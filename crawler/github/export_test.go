// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"slices"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
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
	for _, q := range []string{ownerQuery, singleQuery, nodesQuery} {
		if _, err := gqlparser.LoadQueryWithRules(s, q, nil); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}
