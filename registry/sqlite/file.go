// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// File implements [registry.Store].
func (s *Store) File(ctx context.Context, hash string) ([]byte, error) {
	b, err := scanContent(s.read.row(ctx, "SELECT size, zlib, content FROM file WHERE hash = ?", hash))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("file %s: %w", hash, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the file %s", hash)
	}
	if err := sameHash(b, hash); err != nil {
		return nil, fmt.Errorf("file %s: %w", hash, err)
	}
	return b, nil
}

// scanContent reads size, zlib and content of a row.
func scanContent(row scanner) ([]byte, error) {
	var c content
	if err := row.Scan(&c.size, &c.packed, &c.bytes); err != nil {
		return nil, err
	}
	return c.unpacked()
}

// content is the bytes of a file as they are stored.
type content struct {
	hash   string
	size   int
	packed bool
	bytes  []byte
}

// unpacked are the bytes before they were packed.
func (c *content) unpacked() ([]byte, error) {
	if !c.packed {
		return c.bytes, nil
	}
	b, err := unpack(c.bytes, int64(c.size))
	if err != nil {
		err = damaged(err)
	}
	return b, err
}

// sealFiles returns the files with hash and size set from their bytes, and the
// contents that are not stored yet. A file given by its hash alone must be
// stored already. What is stored stays, so that no transaction is needed.
func (s *Store) sealFiles(ctx context.Context, files []registry.File) (sealed []registry.File, fresh []content, err error) {
	sealed = slices.Clone(files)
	for i := range sealed {
		f := &sealed[i]
		if f.Bytes == nil && f.Hash != "" {
			continue
		}
		hash := sum(f.Bytes)
		if f.Hash != "" && f.Hash != hash {
			return nil, nil, fmt.Errorf("%w: the bytes of the file %q have the hash %s, not %s", registry.ErrInvalid, f.Path, hash, f.Hash)
		}
		f.Hash = hash
	}
	sizes, err := s.fileSizes(ctx, sealed)
	if err != nil {
		return nil, nil, err
	}
	for i := range sealed {
		f := &sealed[i]
		size, stored := sizes[f.Hash]
		if !stored {
			if f.Bytes == nil && f.Hash != sum(nil) {
				return nil, nil, fmt.Errorf("%w: the file %q has no bytes, and none with its hash %s are stored", registry.ErrInvalid, f.Path, f.Hash)
			}
			size = len(f.Bytes)
			c := content{hash: f.Hash, size: size}
			c.bytes, c.packed = pack(f.Bytes)
			fresh = append(fresh, c)
			sizes[f.Hash] = size
		}
		f.Size = size
	}
	return sealed, fresh, nil
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
func putFiles(ctx context.Context, w *writer, entry int64, rev registry.Rev, files []registry.File, fresh []content) error {
	for _, c := range fresh {
		if _, err := w.exec(ctx, "INSERT INTO file (hash, size, zlib, content) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
			c.hash, c.size, c.packed, c.bytes); err != nil {
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

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// writers are kept because a new one takes close to a megabyte.
var writers = sync.Pool{New: func() any { return zlib.NewWriter(io.Discard) }}

// pack compresses b where that saves something.
func pack(b []byte) (content []byte, packed bool) {
	var out bytes.Buffer
	w := writers.Get().(*zlib.Writer)
	defer writers.Put(w)
	w.Reset(&out)
	_, err := w.Write(b)
	if err = errors.Join(err, w.Close()); err != nil || out.Len() >= len(b) {
		if b == nil {
			b = []byte{} // NULL is refused
		}
		return b, false
	}
	return out.Bytes(), true
}

// unpack is bounded by the size on record, whatever the stream claims.
func unpack(b []byte, size int64) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, size+1))
}
