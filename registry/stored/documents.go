// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// Documents are the rows of a table of that name, in the form that a store gives
// its documents. The table document_version has one row, with the version given
// last: whoever has changed it is alone until the transaction ends.

// The columns that Form.ScanKept reads.
const (
	documentColumns = "kind, key, version, body"
	FindDocument    = "SELECT " + documentColumns + " FROM document WHERE kind = $1 AND key = $2"
	LoadDocument    = "INSERT INTO document (" + documentColumns + ") VALUES ($1, $2, $3, $4)"
	LoadVersion     = "UPDATE document_version SET given = $1"
)

// PutDocuments writes documents, which registry.CheckDocuments has looked over, in
// a transaction, and returns their versions; one that is removed has none.
func (f Form) PutDocuments(ctx context.Context, in Session, documents []*registry.Document) ([]int64, error) {
	var given int64
	if _, err := in.Exec(ctx, "UPDATE document_version SET given = given + $1", len(documents)); err != nil {
		return nil, err
	}
	err := in.Each(ctx, func(row Row) error { return row.Scan(&given) }, "SELECT given FROM document_version")
	if err != nil {
		return nil, err
	}
	versions := make([]int64, len(documents))
	for i, d := range documents {
		if d.Body != nil {
			versions[i] = given - int64(len(documents)-1-i)
		}
		n, err := f.putDocument(ctx, in, d, versions[i])
		if err != nil {
			return nil, err
		}
		if n == 0 && (d.Body != nil || d.Version != 0) {
			return nil, fmt.Errorf("%s %q: %w", d.Kind, d.Key, registry.ErrConflict)
		}
	}
	return versions, nil
}

// SetVersions sets on documents that are written the versions that PutDocuments
// returned.
func SetVersions(documents []*registry.Document, versions []int64) {
	for i, d := range documents {
		if d.Body != nil {
			d.Version = versions[i]
		}
	}
}

// putDocument returns how many rows it wrote: none where the document is another
// one than was thought.
func (f Form) putDocument(ctx context.Context, in Session, d *registry.Document, version int64) (int, error) {
	switch {
	case d.Body == nil && d.Version == 0:
		return in.Exec(ctx, "DELETE FROM document WHERE kind = $1 AND key = $2", d.Kind, d.Key)
	case d.Body == nil:
		return in.Exec(ctx, "DELETE FROM document WHERE kind = $1 AND key = $2 AND version = $3", d.Kind, d.Key, d.Version)
	}
	body, err := f.PackBody(d)
	if err != nil {
		return 0, err
	}
	if d.Version == 0 {
		return in.Exec(ctx, LoadDocument+" ON CONFLICT DO NOTHING", d.Kind, d.Key, version, body)
	}
	return in.Exec(ctx, "UPDATE document SET version = $1, body = $2 WHERE kind = $3 AND key = $4 AND version = $5",
		version, body, d.Kind, d.Key, d.Version)
}

// PackBody is the body of a document as it is kept.
func (f Form) PackBody(d *registry.Document) (string, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, d.Body); err != nil {
		return "", fmt.Errorf("%w: %s %q: %w", registry.ErrInvalid, d.Kind, d.Key, err)
	}
	body := compact.String()
	if f.Seal != nil {
		body = f.Seal(body)
	}
	return body, nil
}

// ScanKept reads a row of FindDocument. It returns the name of a document that is
// damaged, too.
func (f Form) ScanKept(row Row) (*registry.Document, error) {
	var d registry.Document
	var body string
	if err := row.Scan(&d.Kind, &d.Key, &d.Version, &body); err != nil {
		return &d, err
	}
	plain, err := f.unsealed([]byte(body))
	if err != nil {
		return &d, err
	}
	d.Body = plain
	if err := d.Check(); err != nil {
		return &d, Damaged(err)
	}
	return &d, nil
}

// beyond comes after whatever may follow in a key: it is longer.
var beyond = strings.Repeat("\U0010ffff", 257)

// ListDocuments does what [registry.Documents] says of it. read reads the rows of
// a page with Form.ScanKept, fail makes an error of one of read, or of nil where
// the context ended.
func ListDocuments(ctx context.Context, list registry.DocumentList,
	read func(query string, args ...any) ([]*registry.Document, error), fail func(error) error,
) iter.Seq2[*registry.Document, error] {
	if err := list.Check(); err != nil {
		return func(yield func(*registry.Document, error) bool) { yield(nil, err) }
	}
	// A page begins at the one bound, which follows the last key, up to the other.
	query, start, end := "key >= $2 AND key < $3 ORDER BY key", list.Prefix, list.Prefix+beyond
	next := func(key string) string { return key + "\x01" } // no key has it
	if list.Backward {
		query, start, end = "key < $2 AND key >= $3 ORDER BY key DESC", end, start
		next = func(key string) string { return key }
	}
	if after := next(list.After); list.After != "" && (after < start) == list.Backward {
		start = after
	}
	query = "SELECT " + documentColumns + " FROM document WHERE kind = $1 AND " + query + " LIMIT $4"
	return Pages(ctx, start,
		func(from string) ([]*registry.Document, error) { return read(query, list.Kind, from, end, Page) },
		func(d *registry.Document) string { return next(d.Key) }, fail)
}
