// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"
)

// Sum is the hash by which bytes are known: SHA-256, hex.
func Sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Content is bytes as they are kept.
type Content struct {
	Hash   string
	Size   int    // of the bytes before they were packed
	Packed bool   // Bytes are compressed (zlib)
	Bytes  []byte // never nil after Pack
}

// writers are kept because a new one takes close to a megabyte.
var writers = sync.Pool{New: func() any { return zlib.NewWriter(io.Discard) }}

// Pack compresses b where that saves something.
func Pack(hash string, b []byte) Content {
	c := Content{Hash: hash, Size: len(b), Bytes: b}
	if b == nil {
		c.Bytes = []byte{} // NULL is refused
	}
	var out bytes.Buffer
	w := writers.Get().(*zlib.Writer)
	defer writers.Put(w)
	w.Reset(&out)
	_, err := w.Write(b)
	if err = errors.Join(err, w.Close()); err == nil && out.Len() < len(b) {
		c.Packed, c.Bytes = true, out.Bytes()
	}
	return c
}

// Unpacked are the bytes before they were packed. They are bounded by Size,
// whatever the stream claims.
func (c *Content) Unpacked() ([]byte, error) {
	if !c.Packed {
		return c.Bytes, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(c.Bytes))
	if err != nil {
		return nil, Damaged(err)
	}
	b, err := io.ReadAll(io.LimitReader(r, int64(c.Size)+1))
	if err != nil {
		return nil, Damaged(err)
	}
	return b, nil
}

// CheckSum says where bytes are not those of a hash.
func CheckSum(b []byte, hash string) error {
	if Sum(b) != hash {
		return Damaged(errors.New("its bytes have another hash"))
	}
	return nil
}
