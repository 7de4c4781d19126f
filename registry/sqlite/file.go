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
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// File implements [registry.Store].
func (s *Store) File(ctx context.Context, hash string) ([]byte, error) {
	var size int64
	var packed bool
	var content []byte
	row := s.read.QueryRowContext(ctx, "SELECT size, zlib, content FROM file WHERE hash = ?", hash)
	err := row.Scan(&size, &packed, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("file %s: %w", hash, registry.ErrNotFound)
	}
	if err == nil && packed {
		content, err = unpack(content, size)
	}
	if err != nil {
		return nil, fail(ctx, err, "read the file %s", hash)
	}
	if sum(content) != hash {
		return nil, fmt.Errorf("file %s: its bytes have another hash; the database is damaged, restore it from a copy", hash)
	}
	return content, nil
}

// sealFiles returns the files with hash and size set from their bytes. A file
// given by its hash alone must be stored already.
func sealFiles(ctx context.Context, tx *sql.Tx, files []registry.File) ([]registry.File, error) {
	sealed := make([]registry.File, len(files))
	for i, f := range files {
		if f.Bytes == nil && f.Hash != "" {
			err := tx.QueryRowContext(ctx, "SELECT size FROM file WHERE hash = ?", f.Hash).Scan(&f.Size)
			if err == nil {
				sealed[i] = f
				continue
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return nil, err
			}
		}
		hash := sum(f.Bytes)
		if f.Hash != "" && f.Hash != hash {
			return nil, fmt.Errorf("%w: the bytes of the file %q have the hash %s, not %s", registry.ErrInvalid, f.Path, hash, f.Hash)
		}
		f.Hash, f.Size = hash, len(f.Bytes)
		sealed[i] = f
	}
	return sealed, nil
}

// putFiles writes the bytes that are not there yet, and the lines of the
// entry's history that are new with rev.
func putFiles(ctx context.Context, tx *sql.Tx, entry int64, rev registry.Rev, files []registry.File) error {
	for _, f := range files {
		var have bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM file WHERE hash = ?)", f.Hash).Scan(&have); err != nil {
			return err
		}
		if !have {
			content, packed := pack(f.Bytes)
			if _, err := tx.ExecContext(ctx, "INSERT INTO file (hash, size, zlib, content) VALUES (?, ?, ?, ?)",
				f.Hash, f.Size, packed, content); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `
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
