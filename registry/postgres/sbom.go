// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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

// packSBOMs makes contents of the documents that came with an entry, by hash. Of
// two of one file the last one stays.
func packSBOMs(sboms []registry.SBOM) ([]stored.Content, error) {
	byHash := map[string]stored.Content{}
	for _, d := range sboms {
		if d.Document == nil {
			continue
		}
		c, err := packSBOM(d.Hash, d.Document)
		if err != nil {
			return nil, fmt.Errorf("the SBOM %s: %w", d.Path, err)
		}
		byHash[d.Hash] = c
	}
	return slices.SortedFunc(maps.Values(byHash), func(a, b stored.Content) int { return cmp.Compare(a.Hash, b.Hash) }), nil
}

func packSBOM(hash string, d *sbom.Document) (stored.Content, error) {
	document, err := stored.Encode(d)
	return stored.Pack(hash, []byte(document)), err
}

func putSBOMs(batch *pgx.Batch, sboms []stored.Content) {
	for _, c := range sboms {
		batch.Queue(`INSERT INTO sbom (hash, size, zlib, content) VALUES ($1, $2, $3, $4)
			ON CONFLICT (hash) DO UPDATE SET size = excluded.size, zlib = excluded.zlib, content = excluded.content
			WHERE sbom.content <> excluded.content`, c.Hash, c.Size, c.Packed, c.Bytes)
	}
}
