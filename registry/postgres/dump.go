// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
	"github.com/allmende-registry/allmende/sbom"
)

// Dump implements [registry.Store]: a transaction that reads sees one moment, and
// keeps no writer waiting.
func (s *Store) Dump(ctx context.Context) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		err := s.dump(ctx, yield)
		if err != nil && !errors.Is(err, errStopped) {
			yield(registry.Record{}, fail(ctx, err, "read all of the registry"))
		}
	}
}

// errStopped says that the consumer wants no more.
var errStopped = errors.New("stopped")

// unhurried is for a transaction that goes as fast as who reads it, or what it
// reads.
const unhurried = "SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true)"

func (s *Store) dump(ctx context.Context, yield func(registry.Record, error) bool) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // it has written nothing
	if _, err := tx.Exec(ctx, unhurried); err != nil {
		return err
	}
	head := registry.HeadRecord{Version: registry.DumpVersion}
	if head.Rev, err = rowOf(ctx, tx, scanRev, newestRev); err != nil {
		return err
	}
	end := registry.EndRecord{Records: 1}
	if !yield(registry.Record{Head: &head}, nil) {
		return errStopped
	}
	for i, part := range parts {
		err := dumpRows(ctx, tx, "part_"+strconv.Itoa(i), part, func(r registry.Record, err error) bool {
			if err == nil {
				end.Records++
			}
			return yield(r, err)
		})
		if err != nil {
			return err
		}
	}
	yield(registry.Record{End: &end}, nil)
	return nil
}

// part is the records of one kind.
type part struct {
	query string
	// scan reads a row. Where it fails, where says of what.
	scan func(row scanner) (r registry.Record, where string, err error)
}

// dumpRows reads by a cursor, so that whoever wants no more need not be sent the
// rest.
func dumpRows(ctx context.Context, tx pgx.Tx, cursor string, p part, yield func(registry.Record, error) bool) error {
	if _, err := tx.Exec(ctx, "DECLARE "+cursor+" NO SCROLL CURSOR FOR "+p.query); err != nil {
		return err
	}
	for {
		n, err := dumpPage(ctx, tx, cursor, p, yield)
		if n < page || err != nil {
			return err
		}
	}
}

func dumpPage(ctx context.Context, tx pgx.Tx, cursor string, p part, yield func(registry.Record, error) bool) (n int, err error) {
	rows, err := tx.Query(ctx, "FETCH "+strconv.Itoa(page)+" FROM "+cursor)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		r, where, err := p.scan(rows)
		if cause := ctx.Err(); cause != nil {
			return n, cause
		}
		if err != nil {
			r, err = registry.Record{}, stored.Damaged(err, where)
		}
		if !yield(r, err) {
			return n, errStopped
		}
	}
	return n, rows.Err()
}

// parts are in the order of the kinds of records.
var parts = []part{
	{"SELECT " + changeColumns + " FROM change ORDER BY rev", func(row scanner) (registry.Record, string, error) {
		c, err := scanChange(row)
		return registry.Record{Change: &c}, fmt.Sprint("the change ", c.Rev), err
	}},
	{"SELECT hash, size, zlib, content FROM file ORDER BY hash", func(row scanner) (registry.Record, string, error) {
		hash, b, err := scanHashed(row)
		return registry.Record{File: &registry.FileRecord{Hash: hash, Bytes: b}}, "the file " + hash, errors.Join(err, stored.CheckSum(b, hash))
	}},
	{"SELECT hash, size, zlib, content FROM sbom ORDER BY hash", func(row scanner) (registry.Record, string, error) {
		hash, b, err := scanHashed(row)
		r := registry.SBOMRecord{Hash: hash}
		if err == nil {
			r.Document, err = stored.Decode[sbom.Document](string(b))
		}
		return registry.Record{SBOM: &r}, "the SBOM " + hash, err
	}},
	{"SELECT " + columns + ", n, id, key IS NULL, removed FROM entry ORDER BY n", func(row scanner) (registry.Record, string, error) {
		var e registry.EntryRecord
		var id string
		var err error
		e.Software, err = scanEntryAnd(row, &e.N, &id, &e.Lost, &e.Removed)
		return registry.Record{Entry: &e}, "the entry " + id, err
	}},
	{"SELECT entry, path, origin, rev, hash, commit_hash FROM entry_file ORDER BY entry, path, origin, rev", func(row scanner) (registry.Record, string, error) {
		var u registry.UseRecord
		var path, origin, commit []byte
		err := row.Scan(&u.Entry, &path, &origin, &u.Rev, &u.Hash, &commit)
		u.Path, u.Origin, u.Commit = string(path), string(origin), string(commit)
		return registry.Record{Use: &u}, fmt.Sprintf("what is kept of the file %q of the entry %d", u.Path, u.Entry), err
	}},
	{"SELECT id, entry FROM alias ORDER BY key", func(row scanner) (registry.Record, string, error) {
		var a registry.AliasRecord
		err := row.Scan(&a.ID, &a.Entry)
		return registry.Record{Alias: &a}, fmt.Sprint("the alias ", a.ID), err
	}},
	{"SELECT entry, rev, size, zlib, content FROM revision ORDER BY entry, rev", func(row scanner) (registry.Record, string, error) {
		v, err := scanKept(row)
		return registry.Record{Revision: v}, fmt.Sprintf("the revision %d of the entry %d", v.Rev, v.Entry), err
	}},
	{"SELECT " + dossierColumns + ", size, zlib, content FROM dossier ORDER BY hash", func(row scanner) (registry.Record, string, error) {
		d, err := scanWholeDossier(row)
		r := registry.DossierRecord{Hash: d.Hash, ID: d.ID, Rev: d.Rev, Made: d.Made, Bytes: d.Bytes}
		return registry.Record{Dossier: &r}, "the dossier " + d.Hash, errors.Join(err, stored.CheckSum(r.Bytes, d.Hash))
	}},
	{"SELECT " + visitColumns + ", key FROM visit ORDER BY key", func(row scanner) (registry.Record, string, error) {
		var key string
		v, err := scanVisitAnd(row, &key)
		return registry.Record{Visit: v}, "the visit of " + key, err
	}},
	{"SELECT document, name FROM source ORDER BY name", func(row scanner) (registry.Record, string, error) {
		var name string
		state, err := scanDocumentAnd[registry.SourceState](row, &name)
		return registry.Record{Source: state}, "the state of the source " + name, err
	}},
	{"SELECT document, date FROM day ORDER BY date", func(row scanner) (registry.Record, string, error) {
		var date string
		d, err := scanDocumentAnd[registry.Day](row, &date)
		return registry.Record{Day: d}, "the statistics of " + date, err
	}},
}

func scanKept(row scanner) (*registry.RevisionRecord, error) {
	var v registry.RevisionRecord
	var c stored.Content
	err := row.Scan(&v.Entry, &v.Rev, &c.Size, &c.Packed, &c.Bytes)
	if err != nil || c.Bytes == nil {
		return &v, err
	}
	document, err := c.Unpacked()
	if err == nil {
		v.Software, err = stored.Decode[registry.Software](string(document))
	}
	return &v, err
}

func scanHashed(row scanner) (hash string, b []byte, err error) {
	var c stored.Content
	if err := row.Scan(&c.Hash, &c.Size, &c.Packed, &c.Bytes); err != nil {
		return c.Hash, nil, err
	}
	b, err = c.Unpacked()
	return c.Hash, b, err
}
