// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

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

// hashFiles returns the files with their hashes set from their bytes.
func hashFiles(files []registry.File) ([]registry.File, error) {
	hashed := slices.Clone(files)
	for i := range hashed {
		f := &hashed[i]
		if f.Bytes == nil && f.Hash != "" {
			continue
		}
		hash := stored.Sum(f.Bytes)
		if f.Hash != "" && f.Hash != hash {
			return nil, fmt.Errorf("%w: the bytes of the file %q have the hash %s, not %s", registry.ErrInvalid, f.Path, hash, f.Hash)
		}
		f.Hash = hash
	}
	return hashed, nil
}

// sizeFiles sets the sizes of files, given those that are stored by their hashes,
// and returns the contents that are not, by hash. A file given by its hash alone
// must be stored already. What is stored stays unless it is pruned, see
// unlessPruned, so that no transaction is needed.
func sizeFiles(files []registry.File, sizes map[string]int) (fresh []stored.Content, err error) {
	for i := range files {
		f := &files[i]
		size, known := sizes[f.Hash]
		if !known {
			if f.Bytes == nil && f.Hash != stored.Sum(nil) {
				return nil, fmt.Errorf("%w: the file %q has no bytes, and none with its hash %s are stored", registry.ErrInvalid, f.Path, f.Hash)
			}
			size = len(f.Bytes)
			fresh = append(fresh, stored.Pack(f.Hash, f.Bytes))
			sizes[f.Hash] = size
		}
		f.Size = size
	}
	slices.SortFunc(fresh, func(a, b stored.Content) int { return cmp.Compare(a.Hash, b.Hash) })
	return fresh, nil
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
