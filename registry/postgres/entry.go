// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

func scanEntry(row scanner) (*registry.Software, error) { return scanEntryAnd(row) }

func scanEntryAnd(row scanner, more ...any) (*registry.Software, error) {
	var document string
	var firstSeen, changed time.Time
	var rev registry.Rev
	if err := row.Scan(append([]any{&document, &firstSeen, &changed, &rev}, more...)...); err != nil {
		return nil, err
	}
	s, err := stored.Decode[registry.Software](document)
	if err != nil {
		return nil, err
	}
	s.FirstSeen, s.Changed, s.Rev = firstSeen.UTC(), changed.UTC(), rev
	return s, nil
}

// Get implements [registry.Store].
func (s *Store) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	var removed bool
	software, err := read(ctx, s, func(row scanner) (*registry.Software, error) { return scanEntryAnd(row, &removed) },
		"SELECT "+stored.EntryColumns+", removed FROM entry WHERE key = $1", id.Key())
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, absent(ctx, s.pool, id)
	case err != nil:
		return nil, fail(ctx, err, "read the entry %s", id)
	case removed:
		return nil, fmt.Errorf("entry %s: %w", id, registry.ErrGone)
	}
	return software, nil
}

// absent is the error for an ID that no entry has.
func absent(ctx context.Context, q querier, id registry.ID) error {
	type target struct {
		to   registry.ID
		lost bool
	}
	found, err := rowOf(ctx, q, func(row scanner) (t target, err error) { return t, row.Scan(&t.to, &t.lost) },
		"SELECT entry.id, entry.key IS NULL FROM alias JOIN entry ON entry.n = alias.entry WHERE alias.key = $1", id.Key())
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("entry %s: %w", id, registry.ErrNotFound)
	case err != nil:
		return fail(ctx, err, "read the entry %s", id)
	case found.lost:
		return fmt.Errorf("entry %s: %w", id, registry.ErrGone)
	}
	return fmt.Errorf("entry %s: %w", id, &registry.MovedError{To: found.to})
}

// All implements [registry.Store]. It is no snapshot: an entry written while
// the loop runs is seen as it is when its turn comes.
func (s *Store) All(ctx context.Context) iter.Seq2[*registry.Software, error] {
	return pages(ctx, s, "list the entries",
		"SELECT "+stored.EntryColumns+" FROM entry WHERE NOT removed AND id > $1 ORDER BY id LIMIT $2", scanEntry,
		[]any{""}, func(software *registry.Software) []any { return []any{software.ID} })
}

// Searched is All for a search index: see [stored.Form.Searched]. The entries come
// in no order, each as a function that decodes it, on whatever processor.
func (s *Store) Searched(ctx context.Context) iter.Seq2[func() (*registry.Software, error), error] {
	type row struct {
		n                  int64
		document           string
		firstSeen, changed time.Time
		rev                registry.Rev
	}
	rows := pages(ctx, s, "list the entries",
		"SELECT n, "+stored.EntryColumns+" FROM entry WHERE NOT removed AND n > $1 ORDER BY n LIMIT $2",
		func(from scanner) (r row, err error) {
			err = from.Scan(&r.n, &r.document, &r.firstSeen, &r.changed, &r.rev)
			return r, err
		},
		[]any{0}, func(r row) []any { return []any{r.n} })
	return stored.Later(rows, func(r row) (*registry.Software, error) {
		software, err := stored.Form{}.Searched(r.document)
		if err != nil {
			return nil, fail(ctx, err, "list the entries")
		}
		software.FirstSeen, software.Changed, software.Rev = r.firstSeen.UTC(), r.changed.UTC(), r.rev
		return software, nil
	})
}

// Aliases implements [registry.Store].
func (s *Store) Aliases(ctx context.Context) (map[registry.ID]registry.ID, error) {
	type alias struct {
		key      string
		from, to registry.ID
	}
	all := pages(ctx, s, "list the aliases", `
		SELECT alias.key, alias.id, entry.id FROM alias JOIN entry ON entry.n = alias.entry
		WHERE entry.key IS NOT NULL AND alias.key > $1 ORDER BY alias.key LIMIT $2`,
		func(row scanner) (a alias, err error) { err = row.Scan(&a.key, &a.from, &a.to); return a, err },
		[]any{""}, func(a alias) []any { return []any{a.key} })
	m := map[registry.ID]registry.ID{}
	for a, err := range all {
		if err != nil {
			return nil, err
		}
		m[a.from] = a.to
	}
	return m, nil
}
