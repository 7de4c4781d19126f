// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
	"github.com/allmende-registry/allmende/sbom"
)

// SBOM implements [registry.Store].
func (s *Store) SBOM(ctx context.Context, hash string) (*sbom.Document, error) {
	b, err := stored.ScanContent(s.read.row(ctx, "SELECT size, zlib, content FROM sbom WHERE hash = ?", hash))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("SBOM %s: %w", hash, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the SBOM %s", hash)
	}
	return decode[sbom.Document](string(b))
}

func putSBOMs(ctx context.Context, w *writer, sboms []stored.Content) error {
	for _, c := range sboms {
		if _, err := w.exec(ctx, "INSERT OR REPLACE INTO sbom (hash, size, zlib, content) VALUES (?, ?, ?, ?)",
			c.Hash, c.Size, c.Packed, c.Bytes); err != nil {
			return err
		}
	}
	return nil
}
