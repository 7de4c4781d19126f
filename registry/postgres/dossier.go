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
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// PutDossier implements [registry.Store].
func (s *Store) PutDossier(ctx context.Context, d *registry.Dossier) error {
	if err := d.Check(); err != nil {
		return err
	}
	if sum := stored.Sum(d.Bytes); d.Hash != sum {
		return fmt.Errorf("%w: the bytes of the dossier of %s have the hash %s, not %s", registry.ErrInvalid, d.ID, sum, d.Hash)
	}
	err := s.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var batch pgx.Batch
		putDossier(&batch, d)
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err != nil {
		return fail(ctx, err, "write the dossier of %s", d.ID)
	}
	return nil
}

func putDossier(batch *pgx.Batch, d *registry.Dossier) {
	c := stored.Pack(d.Hash, d.Bytes)
	batch.Queue(`INSERT INTO dossier (hash, key, id, rev, made, size, zlib, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (hash) DO NOTHING`,
		d.Hash, d.ID.Key(), d.ID, d.Rev, d.Made.UTC().Truncate(time.Millisecond), c.Size, c.Packed, c.Bytes)
}

func scanDossier(row scanner) (*registry.Dossier, error) { return scanDossierAnd(row) }

func scanDossierAnd(row scanner, more ...any) (*registry.Dossier, error) {
	var d registry.Dossier
	err := row.Scan(append([]any{&d.Hash, &d.ID, &d.Rev, &d.Made}, more...)...)
	d.Made = d.Made.UTC()
	return &d, err
}

// Dossier implements [registry.Store].
func (s *Store) Dossier(ctx context.Context, hash string) (*registry.Dossier, error) {
	d, err := read(ctx, s, columns.ScanDossier, "SELECT "+stored.DossierColumns+", size, zlib, content FROM dossier WHERE hash = $1", hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("dossier %s: %w", hash, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the dossier %s", hash)
	}
	if err := stored.CheckSum(d.Bytes, hash); err != nil {
		return nil, fmt.Errorf("dossier %s: %w", hash, err)
	}
	return d, nil
}

// Dossiers implements [registry.Store].
func (s *Store) Dossiers(ctx context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error] {
	afterAll := pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	return pages(ctx, s, "list the dossiers",
		"SELECT "+stored.DossierColumns+" FROM dossier WHERE key = $1 AND (made, hash) < ($2, $3) ORDER BY made DESC, hash DESC LIMIT $4", scanDossier,
		[]any{afterAll, ""}, func(d *registry.Dossier) []any { return []any{d.Made, d.Hash} }, id.Key())
}
