// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"fmt"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Row is a row of a query.
type Row interface{ Scan(into ...any) error }

// ScanContent reads size, zlib and content of a row.
func ScanContent(row Row) ([]byte, error) {
	var c Content
	if err := row.Scan(&c.Size, &c.Packed, &c.Bytes); err != nil {
		return nil, err
	}
	return c.Unpacked()
}

// ScanHashed is ScanContent with the hash before it.
func ScanHashed(row Row) (hash string, b []byte, err error) {
	var c Content
	if err := row.Scan(&c.Hash, &c.Size, &c.Packed, &c.Bytes); err != nil {
		return c.Hash, nil, err
	}
	b, err = c.Unpacked()
	return c.Hash, b, err
}

// ScanRevision reads entry, rev, size, zlib and content of a row.
func (f Form) ScanRevision(row Row) (*registry.RevisionRecord, error) {
	var v registry.RevisionRecord
	var c Content
	err := row.Scan(&v.Entry, &v.Rev, &c.Size, &c.Packed, &c.Bytes)
	if err == nil {
		v.Software, err = f.State(c)
	}
	return &v, err
}

// Revision is an entry as a change left it, given what the revision has of it.
func (f Form) Revision(change registry.Change, c Content, firstSeen time.Time) (*registry.Revision, error) {
	r := &registry.Revision{Change: change}
	var err error
	if r.Software, err = f.State(c); err != nil {
		return nil, fmt.Errorf("revision %d: %w", change.Rev, err)
	}
	if r.Software != nil {
		r.Software.FirstSeen, r.Software.Changed, r.Software.Rev = firstSeen, r.Time, r.Rev
	}
	return r, nil
}

// State is an entry as a revision has it; nil where it has none.
func (f Form) State(c Content) (*registry.Software, error) {
	if c.Bytes == nil {
		return nil, nil
	}
	document, err := c.Unpacked()
	if err != nil {
		return nil, err
	}
	return DecodeIn[registry.Software](f, string(document))
}

// ScanDocument reads document of a row, and more behind it.
func ScanDocument[T any](f Form, row Row, more ...any) (*T, error) {
	var document string
	if err := row.Scan(append([]any{&document}, more...)...); err != nil {
		return nil, err
	}
	return DecodeIn[T](f, document)
}
