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
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// SourceState implements [registry.Store].
func (s *Store) SourceState(ctx context.Context, source string) (*registry.SourceState, error) {
	state, err := stored.ScanDocument[registry.SourceState](form, s.read.row(ctx, "SELECT document FROM source WHERE name = ?", source))
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
		func(row *sql.Rows) (*registry.SourceState, error) {
			return stored.ScanDocument[registry.SourceState](form, row)
		},
		func(state *registry.SourceState) string { return state.Source })
}

// Checkpoint implements [registry.Store].
func (s *Store) Checkpoint(ctx context.Context, state *registry.SourceState, seen []registry.ID) error {
	if err := state.Check(); err != nil {
		return err
	}
	document, err := form.EncodeState(state)
	if err != nil {
		return err
	}
	err = s.write.update(ctx, func(ctx context.Context) error {
		if _, err := s.write.exec(ctx, putState, state.Source, document); err != nil {
			return err
		}
		return markSeen(ctx, s.write, state.Started, seen)
	})
	if err != nil {
		return fail(ctx, err, "write the state of the source %s", state.Source)
	}
	return nil
}

const putState = "INSERT OR REPLACE INTO source (name, document) VALUES (?, ?)"

func markSeen(ctx context.Context, w *writer, at time.Time, repos []registry.ID) error {
	seen := stored.FormatSeen(at)
	for _, id := range repos {
		if _, err := w.exec(ctx, "UPDATE visit SET seen = ? WHERE key = ?", seen, id.Key()); err != nil {
			return err
		}
	}
	return nil
}
