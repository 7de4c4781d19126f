// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"iter"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// Dump implements [registry.Store]: a transaction that reads sees one moment, and
// keeps no writer waiting.
func (s *Store) Dump(ctx context.Context) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		if err := s.dump(ctx, yield); err != nil {
			yield(registry.Record{}, fail(ctx, err, "read all of the registry"))
		}
	}
}

// unhurried is for a transaction that goes as fast as who reads it, or what it
// reads.
const unhurried = "SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true)"

func (s *Store) dump(ctx context.Context, yield func(registry.Record, error) bool) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // it has written nothing
	if _, err := tx.Exec(ctx, unhurried); err != nil {
		return err
	}
	head, err := rowOf(ctx, tx, stored.ScanHead, stored.Newest)
	if err != nil {
		return err
	}
	part := 0
	return columns.Dump(ctx, head, func(p stored.Part, f func(scanner) error) error {
		part++
		return eachByCursor(ctx, tx, "part_"+strconv.Itoa(part), p.Query, f)
	}, yield)
}

var columns = stored.Columns{Form: form, Change: scanChange, Entry: scanEntryAnd, Dossier: scanDossierAnd}

// eachByCursor calls f with every row until it returns an error. By a cursor whoever
// wants no more need not be sent the rest.
func eachByCursor(ctx context.Context, tx pgx.Tx, cursor, query string, f func(scanner) error) error {
	if _, err := tx.Exec(ctx, "DECLARE "+cursor+" NO SCROLL CURSOR FOR "+query); err != nil {
		return err
	}
	for {
		n := 0
		err := work{tx}.Each(ctx, func(row scanner) error { n++; return f(row) }, "FETCH "+strconv.Itoa(stored.Page)+" FROM "+cursor)
		if n < stored.Page || err != nil {
			return err
		}
	}
}
