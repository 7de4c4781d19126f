// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// wholes are steps that read something from its beginning to its end: lists that
// are parameters, and, when something is pruned, the documents that may speak of it.
var wholes = regexp.MustCompile(`^SCAN (json_each |CONSTANT ROW$|dossier$)`)

// No statement reads a table or an index from its beginning to its end.
func TestStatementsUseIndexes(t *testing.T) {
	s := openHere(t)
	useAll(t, s)
	searches := 0
	for _, kept := range []*statements{&s.read.statements, &s.write.statements} {
		kept.kept.Range(func(query, _ any) bool {
			for _, step := range plan(t, s, query.(string)) {
				if strings.HasPrefix(step, "SCAN ") && !wholes.MatchString(step) {
					t.Errorf("%s: %s", step, query)
				}
				if strings.HasPrefix(step, "SEARCH ") {
					searches++
				}
			}
			return true
		})
	}
	if searches < 20 {
		t.Errorf("%d searches in all, want more: are all statements kept?", searches)
	}
}

// useAll makes the store prepare every statement that it has.
func useAll(t *testing.T, s *Store) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(id registry.ID, forgeID string) *registry.Software {
		t.Helper()
		software := registrytest.Software(id, forgeID)
		_, err := s.Put(t.Context(), software)
		check(err)
		return software
	}
	a, b := registry.ID("forge.example/a/a"), registry.ID("forge.example/a/b")
	put(a, "1")
	put(b, "2")
	software := put(a, "2") // renamed onto the other
	software.Repository.Stars++
	_, err := s.Put(t.Context(), software)
	check(err)
	_, err = s.File(t.Context(), software.Files[0].Hash)
	check(err)
	_, err = s.Get(t.Context(), a)
	check(err)
	var moved *registry.MovedError
	if _, err := s.Get(t.Context(), b); !errors.As(err, &moved) {
		t.Fatal(err)
	}
	if _, err := s.Remove(t.Context(), b, registry.FileGone); !errors.As(err, &moved) {
		t.Fatal(err)
	}
	_, err = s.Remove(t.Context(), a, registry.FileGone)
	check(err)
	_, err = s.Aliases(t.Context())
	check(err)
	_, err = s.Rev(t.Context())
	check(err)

	visit := &registry.Visit{Repo: a, Source: "s", Outcome: registry.Entry}
	check(s.PutVisit(t.Context(), visit))
	visit.Outcome = registry.NoFile
	check(s.PutVisit(t.Context(), visit))
	_, err = s.Visit(t.Context(), a)
	check(err)
	check(s.Checkpoint(t.Context(), &registry.SourceState{Source: "s"}, []registry.ID{a}))
	_, err = s.SourceState(t.Context(), "s")
	check(err)
	for _, source := range []string{"", "s"} {
		for _, outcomes := range [][]registry.Outcome{nil, {registry.Entry}, {registry.Entry, registry.NoFile}} {
			for _, err := range s.Visits(t.Context(), source, outcomes...) {
				check(err)
			}
		}
	}
	for _, err := range s.SourceStates(t.Context()) {
		check(err)
	}
	for _, err := range s.Changes(t.Context(), 0) {
		check(err)
	}
	for _, err := range s.All(t.Context()) {
		check(err)
	}
	for _, err := range s.Searched(t.Context()) {
		check(err)
	}
	_, err = s.Remove(t.Context(), a, registry.FileGone)
	check(err)
	later := time.Now().Add(time.Hour)
	for _, dry := range []bool{true, false} {
		_, err = s.Prune(t.Context(), registry.Retention{History: later, Visits: later, Removed: later, DryRun: dry})
		check(err)
	}
}

// plan is what SQLite does for a query.
func plan(t *testing.T, s *Store, query string) (steps []string) {
	t.Helper()
	// Without values: the plan does not depend on them.
	values := make([]any, strings.Count(query, "?")+strings.Count(query, "$"))
	rows, err := s.write.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, values...)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close() //nolint:errcheck // only read from
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
