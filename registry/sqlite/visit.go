// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// Visit implements [registry.Store].
func (s *Store) Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error) {
	v, err := form.ScanVisit(s.read.row(ctx, "SELECT "+stored.VisitColumns+" FROM visit WHERE key = ?", repo.Key()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("visit of %s: %w", repo, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the visit of %s", repo)
	}
	return v, nil
}

// Source and outcome are in three indexes: they are written only where they
// differ, which most visits do not.
const (
	putVisit = `INSERT INTO visit (key, source, outcome, document) VALUES (?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET document = excluded.document WHERE source = excluded.source AND outcome = excluded.outcome`
	changeVisit = "UPDATE visit SET source = ?2, outcome = ?3, document = ?4 WHERE key = ?1"
)

// PutVisit implements [registry.Store].
func (s *Store) PutVisit(ctx context.Context, v *registry.Visit) error {
	return s.PutVisits(ctx, []*registry.Visit{v})
}

// PutVisits implements [registry.Store].
func (s *Store) PutVisits(ctx context.Context, visits []*registry.Visit) error {
	documents := make([]string, len(visits))
	for i, v := range visits {
		if err := v.Check(); err != nil {
			return err
		}
		var err error
		if documents[i], _, err = form.EncodeVisit(v); err != nil {
			return err
		}
	}
	if len(visits) == 0 {
		return nil
	}
	err := s.write.update(ctx, func(ctx context.Context) error {
		for i, v := range visits {
			values := []any{v.Repo.Key(), v.Source, v.Outcome, documents[i]}
			n, err := s.write.count(ctx, putVisit, values...)
			if err == nil && n == 0 {
				_, err = s.write.exec(ctx, changeVisit, values...)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fail(ctx, err, "write the visits of %s and %d more", visits[0].Repo, len(visits)-1)
	}
	return nil
}

// Visits implements [registry.Store], in order of the repositories.
func (s *Store) Visits(ctx context.Context, source string, outcomes ...registry.Outcome) iter.Seq2[*registry.Visit, error] {
	query, args := stored.VisitsQuery(source, outcomes)
	query += fmt.Sprintf(" ORDER BY key LIMIT $%d", len(args)+2)
	return pages(ctx, s.read, strings.TrimSpace("list the visits "+source), "", query,
		func(row *sql.Rows) (*registry.Visit, error) { return form.ScanVisit(row, new(string)) },
		func(v *registry.Visit) string { return v.Repo.Key() }, args...)
}
