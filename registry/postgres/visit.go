// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// Visit implements [registry.Store].
func (s *Store) Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error) {
	v, err := read(ctx, s, scanVisit, "SELECT "+stored.VisitColumns+" FROM visit WHERE key = $1", repo.Key())
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("visit of %s: %w", repo, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the visit of %s", repo)
	}
	return v, nil
}

// PutVisit implements [registry.Store].
func (s *Store) PutVisit(ctx context.Context, v *registry.Visit) error {
	return s.PutVisits(ctx, []*registry.Visit{v})
}

// PutVisits implements [registry.Store]. In order of their keys, two pages that
// share repositories do not wait for one another.
func (s *Store) PutVisits(ctx context.Context, visits []*registry.Visit) error {
	type row struct{ source, outcome, document string }
	rows := make(map[string]row, len(visits))
	for _, v := range visits {
		if err := v.Check(); err != nil {
			return err
		}
		document, _, err := form.EncodeVisit(v)
		if err != nil {
			return err
		}
		rows[v.Repo.Key()] = row{v.Source, string(v.Outcome), document}
	}
	if len(visits) == 0 {
		return nil
	}
	keys := slices.Sorted(maps.Keys(rows))
	sources, outcomes, documents := make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys))
	for i, key := range keys {
		sources[i], outcomes[i], documents[i] = rows[key].source, rows[key].outcome, rows[key].document
	}
	err := s.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO visit (key, source, outcome, document)
			SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
			ON CONFLICT (key) DO UPDATE SET source = excluded.source, outcome = excluded.outcome, document = excluded.document`,
			keys, sources, outcomes, documents)
		return err
	})
	if err != nil {
		return fail(ctx, err, "write the visits of %s and %d more", visits[0].Repo, len(visits)-1)
	}
	return nil
}

// Visits implements [registry.Store], in order of the repositories.
func (s *Store) Visits(ctx context.Context, source string, outcomes ...registry.Outcome) iter.Seq2[*registry.Visit, error] {
	query, args := stored.VisitsQuery(source, outcomes)
	query = fmt.Sprintf("SELECT %s FROM (%s) AS v ORDER BY key LIMIT $%d", stored.VisitColumns, query, len(args)+2)
	return pages(ctx, s, strings.TrimSpace("list the visits "+source), query, scanVisit,
		[]any{""}, func(v *registry.Visit) []any { return []any{v.Repo.Key()} }, args...)
}

func scanVisit(row scanner) (*registry.Visit, error) { return form.ScanVisit(row) }
