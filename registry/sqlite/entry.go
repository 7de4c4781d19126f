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

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

func encode(v any) (string, error) { return form.Encode(v) }

func decode[T any](document string) (*T, error) { return stored.DecodeIn[T](form, document) }

// row is an entry as it is kept.
type row struct {
	n                            int64
	document, firstSeen, changed string
	rev                          registry.Rev
}

func scan(from scanner, more ...any) (*registry.Software, error) {
	var r row
	if err := from.Scan(append([]any{&r.document, &r.firstSeen, &r.changed, &r.rev}, more...)...); err != nil {
		return nil, err
	}
	s, err := decode[registry.Software](r.document)
	if err != nil {
		return nil, err
	}
	return s, r.stamp(s)
}

// stamp sets what is kept beside the document.
func (r *row) stamp(s *registry.Software) (err error) {
	var err2 error
	s.FirstSeen, err = parseTime(r.firstSeen)
	s.Changed, err2 = parseTime(r.changed)
	s.Rev = r.rev
	return errors.Join(err, err2)
}

// Get implements [registry.Store].
func (s *Store) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	var removed bool
	row := s.read.row(ctx, "SELECT "+stored.EntryColumns+", removed FROM entry WHERE key = ?", id.Key())
	software, err := scan(row, &removed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, absent(ctx, &s.read.statements, id)
	case err != nil:
		return nil, fail(ctx, err, "read the entry %s", id)
	case removed:
		return nil, fmt.Errorf("entry %s: %w", id, registry.ErrGone)
	}
	return software, nil
}

// absent is the error for an ID that no entry has.
func absent(ctx context.Context, q *statements, id registry.ID) error {
	var to registry.ID
	var lost bool
	err := q.row(ctx, `SELECT entry.id, entry.key IS NULL FROM alias JOIN entry ON entry.n = alias.entry
		WHERE alias.key = ?`, id.Key()).Scan(&to, &lost)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("entry %s: %w", id, registry.ErrNotFound)
	case err != nil:
		return fail(ctx, err, "read the entry %s", id)
	case lost:
		return fmt.Errorf("entry %s: %w", id, registry.ErrGone)
	}
	return fmt.Errorf("entry %s: %w", id, &registry.MovedError{To: to})
}

// All implements [registry.Store]. It is no snapshot: an entry written while
// the loop runs is seen as it is when its turn comes.
func (s *Store) All(ctx context.Context) iter.Seq2[*registry.Software, error] {
	return pages(ctx, s.read, "list the entries", "",
		"SELECT "+stored.EntryColumns+" FROM entry WHERE removed = 0 AND id > ? ORDER BY id LIMIT ?",
		func(row *sql.Rows) (*registry.Software, error) { return scan(row) },
		func(software *registry.Software) string { return string(software.ID) })
}

// Searched is All for a search index: see [stored.Form.Searched]. The entries come
// in no order, each as a function that decodes it, on whatever processor.
func (s *Store) Searched(ctx context.Context) iter.Seq2[func() (*registry.Software, error), error] {
	rows := pages(ctx, s.read, "list the entries", int64(0),
		"SELECT n, "+stored.EntryColumns+" FROM entry WHERE removed = 0 AND n > ? ORDER BY n LIMIT ?",
		func(from *sql.Rows) (r row, err error) {
			err = from.Scan(&r.n, &r.document, &r.firstSeen, &r.changed, &r.rev)
			return r, err
		},
		func(r row) int64 { return r.n })
	return stored.Later(rows, func(r row) (*registry.Software, error) {
		software, err := form.Searched(r.document)
		if err == nil {
			err = r.stamp(software)
		}
		if err != nil {
			return nil, fail(ctx, err, "list the entries")
		}
		return software, nil
	})
}

// Aliases implements [registry.Store].
func (s *Store) Aliases(ctx context.Context) (map[registry.ID]registry.ID, error) {
	type alias struct {
		key      string
		from, to registry.ID
	}
	all := pages(ctx, s.read, "list the aliases", "", `
		SELECT alias.key, alias.id, entry.id FROM alias JOIN entry ON entry.n = alias.entry
		WHERE entry.key IS NOT NULL AND alias.key > ? ORDER BY alias.key LIMIT ?`,
		func(row *sql.Rows) (a alias, err error) { return a, row.Scan(&a.key, &a.from, &a.to) },
		func(a alias) string { return a.key })
	m := map[registry.ID]registry.ID{}
	for a, err := range all {
		if err != nil {
			return nil, err
		}
		m[a.from] = a.to
	}
	return m, nil
}

// pages yields the rows of a query that takes the key of the last row seen and
// a limit as its last two parameters.
func pages[T, K any](ctx context.Context, db *reader, what string, start K, query string,
	scan func(*sql.Rows) (T, error), key func(T) K, args ...any,
) iter.Seq2[T, error] {
	return stored.Pages(ctx, start,
		func(last K) ([]T, error) {
			return onePage(ctx, db, query, scan, append(args[:len(args):len(args)], last, stored.Page))
		},
		key, func(err error) error { return fail(ctx, err, "%s", what) })
}

func onePage[T any](ctx context.Context, db *reader, query string, scan func(*sql.Rows) (T, error), args []any) (_ []T, err error) {
	rows, err := db.rows(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var all []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
