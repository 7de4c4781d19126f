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
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

const visitColumns = "document, seen"

// Visit implements [registry.Store].
func (s *Store) Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error) {
	v, err := scanVisit(s.read.row(ctx, "SELECT "+visitColumns+" FROM visit WHERE key = ?", repo.Key()))
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
		if documents[i], err = visitDocument(v); err != nil {
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

// visitDocument is a visit without Seen.
func visitDocument(v *registry.Visit) (string, error) {
	c := *v
	c.Time, c.Seen = c.Time.UTC(), time.Time{}
	document, err := encode(&c)
	if err != nil {
		return "", fmt.Errorf("the visit of %s %w", v.Repo, err)
	}
	return document, nil
}

// Visits implements [registry.Store], in order of the repositories.
func (s *Store) Visits(ctx context.Context, source string, outcomes ...registry.Outcome) iter.Seq2[*registry.Visit, error] {
	query, args := visitQuery(source, outcomes)
	return pages(ctx, s.read, strings.TrimSpace("list the visits "+source), "", query,
		func(row *sql.Rows) (*registry.Visit, error) { return scanVisit(row, new(string)) },
		func(v *registry.Visit) string { return v.Repo.Key() }, args...)
}

// visitQuery asks for a page of visits. With several outcomes the rows of each
// are read in order of the key and merged, so that no page is sorted.
func visitQuery(source string, outcomes []registry.Outcome) (query string, args []any) {
	var where string
	if source != "" {
		args = append(args, source)
		where = "source = ?1 AND "
	}
	outcomes = slices.Compact(slices.Sorted(slices.Values(outcomes)))
	wheres := []string{where}
	if len(outcomes) > 0 {
		wheres = wheres[:0]
	}
	for _, o := range outcomes {
		args = append(args, o)
		wheres = append(wheres, fmt.Sprintf("%soutcome = ?%d AND ", where, len(args)))
	}
	selects := make([]string, len(wheres))
	for i, where := range wheres {
		selects[i] = fmt.Sprintf("SELECT %s, key FROM visit WHERE %skey > ?%d", visitColumns, where, len(args)+1)
	}
	return strings.Join(selects, " UNION ALL ") + fmt.Sprintf(" ORDER BY key LIMIT ?%d", len(args)+2), args
}

func scanVisit(row scanner, more ...any) (*registry.Visit, error) {
	var document, seen string
	if err := row.Scan(append([]any{&document, &seen}, more...)...); err != nil {
		return nil, err
	}
	v, err := decode[registry.Visit](document)
	if err == nil && seen != "" {
		v.Seen, err = time.Parse(time.RFC3339Nano, seen)
	}
	return v, err
}

// formatSeen keeps every nanosecond: what a listing has seen is compared with
// when it began.
func formatSeen(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}
