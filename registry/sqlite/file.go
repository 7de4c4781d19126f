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

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// File implements [registry.Store].
func (s *Store) File(ctx context.Context, hash string) ([]byte, error) {
	b, err := stored.ScanContent(s.read.row(ctx, "SELECT size, zlib, content FROM file WHERE hash = ?", hash))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("file %s: %w", hash, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the file %s", hash)
	}
	if err := stored.CheckSum(b, hash); err != nil {
		return nil, fmt.Errorf("file %s: %w", hash, err)
	}
	return b, nil
}

// sealFiles returns the files with hash and size set from their bytes, and the
// contents that are not stored yet, see stored.SizeFiles and unlessPruned.
func (s *Store) sealFiles(ctx context.Context, files []registry.File) (sealed []registry.File, fresh []stored.Content, err error) {
	if sealed, err = stored.HashFiles(files); err != nil {
		return nil, nil, err
	}
	sizes, err := s.fileSizes(ctx, sealed)
	if err != nil {
		return nil, nil, err
	}
	fresh, err = stored.SizeFiles(sealed, sizes)
	return sealed, fresh, err
}

// fileSizes are those of the files that are stored, by their hashes.
func (s *Store) fileSizes(ctx context.Context, files []registry.File) (_ map[string]int, err error) {
	hashes := make([]string, len(files))
	for i, f := range files {
		hashes[i] = f.Hash
	}
	list, err := json.Marshal(hashes)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.rows(ctx, "SELECT hash, size FROM file WHERE hash IN (SELECT value FROM json_each(?))", string(list))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	sizes := make(map[string]int, len(files))
	for rows.Next() {
		var hash string
		var size int
		if err := rows.Scan(&hash, &size); err != nil {
			return nil, err
		}
		sizes[hash] = size
	}
	return sizes, rows.Err()
}

// putFiles writes the bytes that were not there, and the lines of the entry's
// history that are new with rev.
func putFiles(ctx context.Context, w *writer, entry int64, rev registry.Rev, files []registry.File, fresh []stored.Content) error {
	for _, c := range fresh {
		if _, err := w.exec(ctx, "INSERT INTO file (hash, size, zlib, content) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
			c.Hash, c.Size, c.Packed, c.Bytes); err != nil {
			return err
		}
	}
	for _, f := range files {
		if _, err := w.exec(ctx, `
			INSERT INTO entry_file (entry, path, origin, rev, hash, commit_hash) SELECT ?1, ?2, ?3, ?4, ?5, ?6
			WHERE (?5, ?6) IS NOT (
				SELECT hash, commit_hash FROM entry_file WHERE entry = ?1 AND path = ?2 AND origin = ?3 ORDER BY rev DESC LIMIT 1)`,
			entry, f.Path, f.Origin, rev, f.Hash, f.Commit); err != nil {
			return err
		}
	}
	return nil
}
