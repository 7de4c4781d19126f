// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"context"
	"errors"
	"fmt"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// The columns that Columns.Change, Entry and Dossier and Form.ScanVisit read first.
const (
	ChangeColumns  = "rev, id, kind, former, reason, time"
	EntryColumns   = "document, first_seen, changed, rev"
	DossierColumns = "hash, id, rev, made"
	VisitColumns   = "document, seen"
)

// Columns is how a store reads what others keep in another way. What is asked for
// more stands behind the columns.
type Columns struct {
	Form    Form
	Change  func(row Row) (registry.Change, error)
	Entry   func(row Row, more ...any) (*registry.Software, error)
	Dossier func(row Row, more ...any) (*registry.Dossier, error) // never nil
}

// Part is the records of one kind.
type Part struct {
	Query string
	// scan reads a row. Where it fails, where says of what.
	scan func(row Row) (r registry.Record, where string, err error)
}

var errStopped = errors.New("stopped")

// Newest asks for what ScanHead reads.
const Newest = "SELECT (SELECT coalesce(max(rev), 0) FROM change), (SELECT given FROM document_version)"

// ScanHead reads the head of a dump.
func ScanHead(row Row) (*registry.HeadRecord, error) {
	h := registry.HeadRecord{Version: registry.DumpVersion}
	return &h, row.Scan(&h.Rev, &h.Document)
}

// Dump yields the records of a store. each calls f with every row of a part until
// it returns an error.
func (c Columns) Dump(ctx context.Context, head *registry.HeadRecord, each func(p Part, f func(row Row) error) error, yield func(registry.Record, error) bool) error {
	if !yield(registry.Record{Head: head}, nil) {
		return nil
	}
	end := registry.EndRecord{Records: 1}
	for _, part := range c.parts() {
		err := each(part, func(row Row) error {
			r, where, err := part.scan(row)
			if cause := ctx.Err(); cause != nil {
				return cause
			}
			if err != nil {
				r, err = registry.Record{}, Damaged(err, where)
			} else {
				end.Records++
			}
			if !yield(r, err) {
				return errStopped
			}
			return nil
		})
		if errors.Is(err, errStopped) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	yield(registry.Record{End: &end}, nil)
	return nil
}

// parts are in the order of the kinds of records.
func (c Columns) parts() []Part {
	return []Part{
		{"SELECT " + ChangeColumns + " FROM change ORDER BY rev", func(row Row) (registry.Record, string, error) {
			change, err := c.Change(row)
			return registry.Record{Change: &change}, fmt.Sprint("the change ", change.Rev), err
		}},
		{"SELECT hash, size, zlib, content FROM file ORDER BY hash", func(row Row) (registry.Record, string, error) {
			hash, b, err := ScanHashed(row)
			return registry.Record{File: &registry.FileRecord{Hash: hash, Bytes: b}}, "the file " + hash, errors.Join(err, CheckSum(b, hash))
		}},
		{"SELECT hash, size, zlib, content FROM sbom ORDER BY hash", func(row Row) (registry.Record, string, error) {
			hash, b, err := ScanHashed(row)
			r := registry.SBOMRecord{Hash: hash}
			if err == nil {
				r.Document, err = DecodeIn[sbom.Document](c.Form, string(b))
			}
			return registry.Record{SBOM: &r}, "the SBOM " + hash, err
		}},
		{"SELECT " + EntryColumns + ", n, id, key IS NULL, removed FROM entry ORDER BY n", func(row Row) (registry.Record, string, error) {
			var e registry.EntryRecord
			var id string
			var err error
			e.Software, err = c.Entry(row, &e.N, &id, &e.Lost, &e.Removed)
			return registry.Record{Entry: &e}, "the entry " + id, err
		}},
		{"SELECT entry, path, origin, rev, hash, commit_hash FROM entry_file ORDER BY entry, path, origin, rev", func(row Row) (registry.Record, string, error) {
			var u registry.UseRecord
			var path, origin, commit []byte
			err := row.Scan(&u.Entry, &path, &origin, &u.Rev, &u.Hash, &commit)
			u.Path, u.Origin, u.Commit = string(path), string(origin), string(commit)
			return registry.Record{Use: &u}, fmt.Sprintf("what is kept of the file %q of the entry %d", u.Path, u.Entry), err
		}},
		{"SELECT id, entry FROM alias ORDER BY key", func(row Row) (registry.Record, string, error) {
			var a registry.AliasRecord
			err := row.Scan(&a.ID, &a.Entry)
			return registry.Record{Alias: &a}, fmt.Sprint("the alias ", a.ID), err
		}},
		{"SELECT entry, rev, size, zlib, content FROM revision ORDER BY entry, rev", func(row Row) (registry.Record, string, error) {
			v, err := c.Form.ScanRevision(row)
			return registry.Record{Revision: v}, fmt.Sprintf("the revision %d of the entry %d", v.Rev, v.Entry), err
		}},
		{"SELECT " + DossierColumns + ", size, zlib, content FROM dossier ORDER BY hash", func(row Row) (registry.Record, string, error) {
			d, err := c.ScanDossier(row)
			r := registry.DossierRecord{Hash: d.Hash, ID: d.ID, Rev: d.Rev, Made: d.Made, Bytes: d.Bytes}
			return registry.Record{Dossier: &r}, "the dossier " + d.Hash, errors.Join(err, CheckSum(r.Bytes, d.Hash))
		}},
		{"SELECT " + VisitColumns + ", key FROM visit ORDER BY key", func(row Row) (registry.Record, string, error) {
			var key string
			v, err := c.Form.ScanVisit(row, &key)
			return registry.Record{Visit: v}, "the visit of " + key, err
		}},
		{"SELECT document, name FROM source ORDER BY name", func(row Row) (registry.Record, string, error) {
			var name string
			state, err := ScanDocument[registry.SourceState](c.Form, row, &name)
			return registry.Record{Source: state}, "the state of the source " + name, err
		}},
		{"SELECT document, date FROM day ORDER BY date", func(row Row) (registry.Record, string, error) {
			var date string
			d, err := ScanDocument[registry.Day](c.Form, row, &date)
			return registry.Record{Day: d}, "the statistics of " + date, err
		}},
		{"SELECT " + documentColumns + " FROM document ORDER BY kind, key", func(row Row) (registry.Record, string, error) {
			d, err := c.Form.ScanKept(row)
			return registry.Record{Document: d}, fmt.Sprintf("the document %s %q", d.Kind, d.Key), err
		}},
	}
}

// ScanDossier reads DossierColumns, size, zlib and content of a row.
func (c Columns) ScanDossier(row Row) (*registry.Dossier, error) {
	var content Content
	d, err := c.Dossier(row, &content.Size, &content.Packed, &content.Bytes)
	if err == nil {
		d.Bytes, err = content.Unpacked()
	}
	return d, err
}
