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
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// SourceState implements [registry.Store].
func (s *Store) SourceState(ctx context.Context, source string) (*registry.SourceState, error) {
	state, err := scanState(s.read.QueryRowContext(ctx, "SELECT document FROM source WHERE name = ?", source))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("crawl of %s: %w", source, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the state of the source %s", source)
	}
	return state, nil
}

// SourceStates implements [registry.Store].
func (s *Store) SourceStates(ctx context.Context) iter.Seq2[*registry.SourceState, error] {
	return pages(ctx, s.read, "list the states of the sources", "",
		"SELECT document FROM source WHERE name > ? ORDER BY name LIMIT ?",
		func(row *sql.Rows) (*registry.SourceState, error) { return scanState(row) },
		func(state *registry.SourceState) string { return state.Source })
}

// Checkpoint implements [registry.Store].
func (s *Store) Checkpoint(ctx context.Context, state *registry.SourceState, seen []registry.ID) error {
	if err := state.Check(); err != nil {
		return err
	}
	c := *state
	c.Started, c.Finished, c.Next = c.Started.UTC(), c.Finished.UTC(), c.Next.UTC()
	document, err := encode(&c)
	if err != nil {
		return fmt.Errorf("the state of the source %s %w", state.Source, err)
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO source (name, document) VALUES (?, ?)", c.Source, document); err != nil {
			return err
		}
		return markSeen(ctx, tx, c.Started, seen)
	})
	if err != nil {
		return fail(ctx, err, "write the state of the source %s", state.Source)
	}
	return nil
}

func markSeen(ctx context.Context, tx *sql.Tx, at time.Time, repos []registry.ID) error {
	if len(repos) == 0 {
		return nil
	}
	keys := make([]string, len(repos))
	for i, id := range repos {
		keys[i] = id.Key()
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE visit SET seen = ? WHERE key IN (SELECT value FROM json_each(?))", formatSeen(at), string(list))
	return err
}

func scanState(row interface{ Scan(...any) error }) (*registry.SourceState, error) {
	var document string
	if err := row.Scan(&document); err != nil {
		return nil, err
	}
	return decode[registry.SourceState](document)
}
