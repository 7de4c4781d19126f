// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxFont bounds a font once unpacked, in bytes.
const maxFont = 4 << 20

var errNotWOFF = errors.New("no WOFF file, or cut off")

// unpack turns a WOFF file (WOFF File Format 1.0) into the OpenType font that
// it holds: the same tables, each compressed by itself, under another header.
func unpack(woff []byte) ([]byte, error) {
	const header, entry = 44, 20 // sizes in a WOFF file
	big := binary.BigEndian
	if len(woff) < header || string(woff[:4]) != "wOFF" {
		return nil, errNotWOFF
	}
	n := int(big.Uint16(woff[12:]))
	if len(woff) < header+n*entry {
		return nil, errNotWOFF
	}
	font := make([]byte, 12+16*n)
	copy(font, woff[4:8])              // flavour
	big.PutUint16(font[4:], uint16(n)) // what the table is searched by is not read
	for i := range n {
		dir := woff[header+i*entry:]
		offset, packed, size := uint64(big.Uint32(dir[4:])), uint64(big.Uint32(dir[8:])), uint64(big.Uint32(dir[12:]))
		if offset+packed > uint64(len(woff)) || packed > size || uint64(len(font))+size > maxFont {
			return nil, errNotWOFF
		}
		record := font[12+16*i:]
		copy(record, dir[:4])         // tag
		copy(record[4:8], dir[16:20]) // checksum
		big.PutUint32(record[8:], uint32(len(font)))
		big.PutUint32(record[12:], uint32(size))
		table := woff[offset : offset+packed]
		if packed < size {
			r, err := zlib.NewReader(bytes.NewReader(table))
			if err == nil {
				table, err = io.ReadAll(io.LimitReader(r, int64(size)+1))
			}
			if err != nil {
				return nil, fmt.Errorf("table %q: %w", dir[:4], err)
			}
			if uint64(len(table)) != size {
				return nil, fmt.Errorf("table %q: %w", dir[:4], errNotWOFF)
			}
		}
		font = append(font, table...)
		for len(font)%4 != 0 {
			font = append(font, 0)
		}
	}
	return font, nil
}
