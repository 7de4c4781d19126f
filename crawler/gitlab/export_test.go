// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/allmende-registry/allmende/crawler"
)

// CheckQueries validates the package's queries against a schema.
func CheckQueries(schema string) (problems []error) {
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: schema})
	if err != nil {
		return []error{err}
	}
	for _, q := range []string{
		instanceQuery(briefly), instanceQuery(marks), instanceQuery(full), groupsQuery(3, briefly), groupsQuery(3, marks),
		idsQuery(marks), idsQuery(metadata), idsQuery(full), idsQuery(facts), pathsQuery(2, marks), pathsQuery(1, briefly),
		foldersQuery([]string{"docs", `a"b\c`}), helpQuery(len(crawler.HelpLabels())), strangersQuery,
	} {
		if _, err := gqlparser.LoadQueryWithRules(s, q, nil); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}
