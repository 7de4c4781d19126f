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
)

// File implements [registry.Store].
func (s *Store) File(ctx context.Context, hash string) ([]byte, error) {
	b, err := read(ctx, s, stored.ScanContent, "SELECT size, zlib, content FROM file WHERE hash = $1", hash)
	if errors.Is(err, pgx.ErrNoRows) {
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

// queueSizes asks for the sizes of those of the files that are stored.
func queueSizes(batch *pgx.Batch, files []registry.File, sizes map[string]int) {
	hashes := make([]string, len(files))
	for i, f := range files {
		hashes[i] = f.Hash
	}
	batch.Queue("SELECT hash, size FROM file WHERE hash = ANY ($1)", hashes).Query(func(rows pgx.Rows) error {
		var hash string
		var size int
		_, err := pgx.ForEachRow(rows, []any{&hash, &size}, func() error {
			sizes[hash] = size
			return nil
		})
		return err
	})
}

// putContents writes the bytes that were not there. In order of their hashes, no
// two transactions wait for one another.
func putContents(batch *pgx.Batch, fresh []stored.Content) {
	for _, c := range fresh {
		batch.Queue("INSERT INTO file (hash, size, zlib, content) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
			c.Hash, c.Size, c.Packed, c.Bytes)
	}
}

// putFiles writes the lines of the entry's history that are new with rev.
func putFiles(batch *pgx.Batch, entry int64, rev registry.Rev, files []registry.File) {
	paths, origins, commits := make([][]byte, len(files)), make([][]byte, len(files)), make([][]byte, len(files))
	hashes := make([]string, len(files))
	for i, f := range files {
		paths[i], origins[i], commits[i], hashes[i] = []byte(f.Path), []byte(f.Origin), []byte(f.Commit), f.Hash
	}
	batch.Queue(`
		INSERT INTO entry_file (entry, path, origin, rev, hash, commit_hash)
		SELECT $1, f.path, f.origin, $2, f.hash, f.commit_hash
		FROM unnest($3::bytea[], $4::bytea[], $5::text[], $6::bytea[]) AS f (path, origin, hash, commit_hash)
		LEFT JOIN LATERAL (
			SELECT hash, commit_hash FROM entry_file AS e
			WHERE e.entry = $1 AND sha256(e.path) = sha256(f.path) AND sha256(e.origin) = sha256(f.origin)
			ORDER BY rev DESC LIMIT 1) AS last ON true
		WHERE (f.hash, f.commit_hash) IS DISTINCT FROM (last.hash, last.commit_hash)`,
		entry, rev, paths, origins, hashes, commits)
}
