// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/allmende-registry/allmende/registry"
)

// Visit implements [registry.Store].
func (s *Store) Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error) {
	v, err := scanVisit(s.read.QueryRowContext(ctx, "SELECT document FROM visit WHERE key = ?", repo.Key()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("visit of %s: %w", repo, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the visit of %s", repo)
	}
	return v, nil
}

// PutVisit implements [registry.Store].
func (s *Store) PutVisit(ctx context.Context, v *registry.Visit) error {
	if err := v.Check(); err != nil {
		return err
	}
	c := *v
	c.Time = c.Time.UTC()
	document, err := json.Marshal(&c)
	if err != nil {
		return fmt.Errorf("write the visit of %s: %w", v.Repo, err)
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO visit (key, source, document) VALUES (?, ?, ?)",
			v.Repo.Key(), v.Source, string(document))
		return err
	})
	if err != nil {
		return fail(ctx, err, "write the visit of %s", v.Repo)
	}
	return nil
}

// Visits implements [registry.Store], in order of the repositories.
func (s *Store) Visits(ctx context.Context, source string) iter.Seq2[*registry.Visit, error] {
	key := func(v *registry.Visit) string { return v.Repo.Key() }
	scan := func(row *sql.Rows) (*registry.Visit, error) { return scanVisit(row) }
	if source == "" {
		return pages(ctx, s.read, "list the visits", "",
			"SELECT document FROM visit WHERE key > ? ORDER BY key LIMIT ?", scan, key)
	}
	return pages(ctx, s.read, "list the visits of "+source, "",
		"SELECT document FROM visit WHERE source = ? AND key > ? ORDER BY key LIMIT ?", scan, key, source)
}

func scanVisit(row interface{ Scan(...any) error }) (*registry.Visit, error) {
	var document string
	if err := row.Scan(&document); err != nil {
		return nil, err
	}
	v := new(registry.Visit)
	if err := json.Unmarshal([]byte(document), v); err != nil {
		return nil, fmt.Errorf("stored document: %w", err)
	}
	return v, nil
}
