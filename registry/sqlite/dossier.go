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

// PutDossier implements [registry.Store].
func (s *Store) PutDossier(ctx context.Context, d *registry.Dossier) error {
	if err := d.Check(); err != nil {
		return err
	}
	if d.Hash != stored.Sum(d.Bytes) {
		return fmt.Errorf("%w: the bytes of the dossier of %s have the hash %s, not %s", registry.ErrInvalid, d.ID, stored.Sum(d.Bytes), d.Hash)
	}
	if err := s.write.update(ctx, func(ctx context.Context) error { return putDossier(ctx, s.write, d) }); err != nil {
		return fail(ctx, err, "write the dossier of %s", d.ID)
	}
	return nil
}

func putDossier(ctx context.Context, w *writer, d *registry.Dossier) error {
	c := stored.Pack(d.Hash, d.Bytes)
	_, err := w.exec(ctx, `INSERT INTO dossier (hash, key, id, rev, made, size, zlib, content)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
		d.Hash, d.ID.Key(), d.ID, d.Rev, d.Made.UTC().Format(stamp), c.Size, c.Packed, c.Bytes)
	return err
}

func scanDossier(row scanner, more ...any) (*registry.Dossier, error) {
	var d registry.Dossier
	var made string
	err := row.Scan(append([]any{&d.Hash, &d.ID, &d.Rev, &made}, more...)...)
	if err == nil {
		d.Made, err = parseTime(made)
	}
	return &d, err
}

// Dossier implements [registry.Store].
func (s *Store) Dossier(ctx context.Context, hash string) (*registry.Dossier, error) {
	d, err := columns.ScanDossier(s.read.row(ctx, "SELECT "+stored.DossierColumns+", size, zlib, content FROM dossier WHERE hash = ?", hash))
	if errors.Is(err, sql.ErrNoRows) {
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
	const afterAll = "~"
	return pages(ctx, s.read, "list the dossiers", afterAll,
		"SELECT "+stored.DossierColumns+" FROM dossier WHERE key = ? AND made || hash < ? ORDER BY made DESC, hash DESC LIMIT ?",
		func(row *sql.Rows) (*registry.Dossier, error) { return scanDossier(row) },
		func(d *registry.Dossier) string { return d.Made.Format(stamp) + d.Hash }, id.Key())
}
