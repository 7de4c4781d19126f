// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
	"github.com/allmende-registry/allmende/sbom"
)

// SBOM implements [registry.Store].
func (s *Store) SBOM(ctx context.Context, hash string) (*sbom.Document, error) {
	b, err := read(ctx, s, stored.ScanContent, "SELECT size, zlib, content FROM sbom WHERE hash = $1", hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("SBOM %s: %w", hash, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the SBOM %s", hash)
	}
	return stored.Decode[sbom.Document](string(b))
}

func putSBOMs(batch *pgx.Batch, sboms []stored.Content) {
	for _, c := range sboms {
		batch.Queue(`INSERT INTO sbom (hash, size, zlib, content) VALUES ($1, $2, $3, $4)
			ON CONFLICT (hash) DO UPDATE SET size = excluded.size, zlib = excluded.zlib, content = excluded.content
			WHERE sbom.content <> excluded.content`, c.Hash, c.Size, c.Packed, c.Bytes)
	}
}
