// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// SourceState implements [registry.Store].
func (s *Store) SourceState(ctx context.Context, source string) (*registry.SourceState, error) {
	state, err := read(ctx, s, scanDocument[registry.SourceState], "SELECT document FROM source WHERE name = $1", source)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("crawl of %s: %w", source, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the state of the source %s", source)
	}
	return state, nil
}

// SourceStates implements [registry.Store].
func (s *Store) SourceStates(ctx context.Context) iter.Seq2[*registry.SourceState, error] {
	return pages(ctx, s, "list the states of the sources",
		"SELECT document FROM source WHERE name > $1 ORDER BY name LIMIT $2", scanDocument[registry.SourceState],
		[]any{""}, func(state *registry.SourceState) []any { return []any{state.Source} })
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
	keys := make([]string, len(seen))
	for i, id := range seen {
		keys[i] = id.Key()
	}
	err = s.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var batch pgx.Batch
		batch.Queue(putState, state.Source, document)
		// Locked in order of their keys, as PutVisits does.
		batch.Queue(`WITH named AS (SELECT key FROM visit WHERE key = ANY ($2::text[]) ORDER BY key FOR UPDATE)
			UPDATE visit SET seen = $1 FROM named WHERE visit.key = named.key`, stored.FormatSeen(state.Started), keys)
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err != nil {
		return fail(ctx, err, "write the state of the source %s", state.Source)
	}
	return nil
}

const putState = "INSERT INTO source (name, document) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET document = excluded.document"
