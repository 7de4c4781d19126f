// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
	"github.com/allmende-registry/allmende/sbom"
)

// Dump implements [registry.Store]: a transaction that reads sees one moment, and
// keeps no writer waiting. The write-ahead log grows as long as it lasts.
func (s *Store) Dump(ctx context.Context) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		if err := s.dump(ctx, yield); err != nil {
			yield(registry.Record{}, fail(ctx, err, "read all of the registry"))
		}
	}
}

// errStopped says that the consumer wants no more.
var errStopped = errors.New("stopped")

func (s *Store) dump(ctx context.Context, yield func(registry.Record, error) bool) error {
	tx, err := s.read.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	head := registry.HeadRecord{Version: registry.DumpVersion}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(rev), 0) FROM change").Scan(&head.Rev); err != nil {
		return err
	}
	end := registry.EndRecord{Records: 1}
	if !yield(registry.Record{Head: &head}, nil) {
		return nil
	}
	for _, part := range parts {
		err := dumpRows(ctx, tx, part, func(r registry.Record, err error) bool {
			if err == nil {
				end.Records++
			}
			return yield(r, err)
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

// part is the records of one kind.
type part struct {
	query string
	// scan reads a row. Where it fails, where says of what.
	scan func(row scanner) (r registry.Record, where string, err error)
}

func dumpRows(ctx context.Context, tx *sql.Tx, p part, yield func(registry.Record, error) bool) (err error) {
	rows, err := tx.QueryContext(ctx, p.query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		r, where, err := p.scan(rows)
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		if err != nil {
			r, err = registry.Record{}, stored.Damaged(err, where)
		}
		if !yield(r, err) {
			return errStopped
		}
	}
	return rows.Err()
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
			r.Document, err = decode[sbom.Document](string(b))
		}
		return registry.Record{SBOM: &r}, "the SBOM " + hash, err
	}},
	{"SELECT " + columns + ", n, id, key IS NULL, removed FROM entry ORDER BY n", func(row scanner) (registry.Record, string, error) {
		var e registry.EntryRecord
		var id string
		var err error
		e.Software, err = scan(row, &e.N, &id, &e.Lost, &e.Removed)
		return registry.Record{Entry: &e}, "the entry " + id, err
	}},
	{"SELECT entry, path, origin, rev, hash, commit_hash FROM entry_file ORDER BY entry, path, origin, rev", func(row scanner) (registry.Record, string, error) {
		var u registry.UseRecord
		err := row.Scan(&u.Entry, &u.Path, &u.Origin, &u.Rev, &u.Hash, &u.Commit)
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
		var c stored.Content
		d, err := scanDossier(row, &c.Size, &c.Packed, &c.Bytes)
		r := registry.DossierRecord{Hash: d.Hash, ID: d.ID, Rev: d.Rev, Made: d.Made}
		if err == nil {
			r.Bytes, err = c.Unpacked()
		}
		return registry.Record{Dossier: &r}, "the dossier " + d.Hash, errors.Join(err, stored.CheckSum(r.Bytes, d.Hash))
	}},
	{"SELECT " + visitColumns + ", key FROM visit ORDER BY key", func(row scanner) (registry.Record, string, error) {
		var key string
		v, err := scanVisit(row, &key)
		return registry.Record{Visit: v}, "the visit of " + key, err
	}},
	{"SELECT document, name FROM source ORDER BY name", func(row scanner) (registry.Record, string, error) {
		var name string
		state, err := scanState(row, &name)
		return registry.Record{Source: state}, "the state of the source " + name, err
	}},
	{"SELECT document, date FROM day ORDER BY date", func(row scanner) (registry.Record, string, error) {
		var date string
		d, err := scanDay(row, &date)
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
		v.Software, err = decode[registry.Software](string(document))
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

// Load implements [registry.Store] in one transaction.
func (s *Store) Load(ctx context.Context, dump iter.Seq2[registry.Record, error]) error {
	err := s.write.update(ctx, func(inside context.Context) error {
		if err := empty(inside, s.write); err != nil {
			return err
		}
		for r, err := range registry.CheckDump(dump) {
			if err == nil {
				err = ctx.Err() // inside does not end with it
			}
			if err == nil {
				err = load(inside, s.write, &r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fail(ctx, err, "fill the registry %s", s.path)
	}
	return nil
}

func empty(ctx context.Context, w *writer) error {
	var filled bool
	// What is not named here rests on what is.
	err := w.row(ctx, `SELECT EXISTS (SELECT 1 FROM change) OR EXISTS (SELECT 1 FROM file) OR EXISTS (SELECT 1 FROM sbom)
		OR EXISTS (SELECT 1 FROM dossier) OR EXISTS (SELECT 1 FROM visit) OR EXISTS (SELECT 1 FROM source) OR EXISTS (SELECT 1 FROM day)`).Scan(&filled)
	if err == nil && filled {
		err = registry.ErrNotEmpty
	}
	return err
}

func load(ctx context.Context, w *writer, r *registry.Record) error {
	insert := func(query string, args ...any) error {
		_, err := w.exec(ctx, query, args...)
		return err
	}
	switch {
	case r.Change != nil:
		c := r.Change
		return insert("INSERT INTO change (rev, id, kind, former, reason, time) VALUES (?, ?, ?, ?, ?, ?)",
			c.Rev, c.ID, c.Kind, c.From, c.Reason, c.Time.Format(stamp))
	case r.File != nil:
		c := stored.Pack(r.File.Hash, r.File.Bytes)
		return insert("INSERT INTO file (hash, size, zlib, content) VALUES (?, ?, ?, ?)", c.Hash, c.Size, c.Packed, c.Bytes)
	case r.SBOM != nil:
		c, err := packSBOM(r.SBOM.Hash, r.SBOM.Document)
		if err != nil {
			return err
		}
		return putSBOMs(ctx, w, []stored.Content{c})
	case r.Entry != nil:
		return loadEntry(insert, r.Entry)
	case r.Use != nil:
		u := r.Use
		return insert("INSERT INTO entry_file (entry, path, origin, rev, hash, commit_hash) VALUES (?, ?, ?, ?, ?, ?)",
			u.Entry, u.Path, u.Origin, u.Rev, u.Hash, u.Commit)
	case r.Alias != nil:
		return insert("INSERT INTO alias (key, id, entry) VALUES (?, ?, ?)", r.Alias.ID.Key(), r.Alias.ID, r.Alias.Entry)
	case r.Revision != nil:
		return loadRevision(insert, r.Revision)
	case r.Dossier != nil:
		return putDossier(ctx, w, &registry.Dossier{Hash: r.Dossier.Hash, ID: r.Dossier.ID, Rev: r.Dossier.Rev, Made: r.Dossier.Made, Bytes: r.Dossier.Bytes})
	case r.Visit != nil:
		return loadVisit(insert, r.Visit)
	case r.Source != nil:
		document, err := stateDocument(r.Source)
		if err != nil {
			return err
		}
		return insert(putState, r.Source.Source, document)
	case r.Day != nil:
		return putDay(ctx, w, r.Day)
	}
	return nil // the head and the end
}

func loadEntry(insert func(string, ...any) error, e *registry.EntryRecord) error {
	s := e.Software
	document, err := encode(s.Content())
	if err != nil {
		return fmt.Errorf("the entry %s: %w", s.ID, err)
	}
	key := sql.NullString{String: s.ID.Key(), Valid: !e.Lost}
	return insert(`INSERT INTO entry (n, key, id, host, forge_id, folder, removed, document, first_seen, changed, rev)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.N, key, s.ID, s.ID.Host(), s.Repository.ForgeID, folder(s.ID), e.Removed, document,
		s.FirstSeen.Format(stamp), s.Changed.Format(stamp), s.Rev)
}

func loadRevision(insert func(string, ...any) error, v *registry.RevisionRecord) error {
	var c stored.Content
	if v.Software != nil {
		document, err := encode(v.Software.Content())
		if err != nil {
			return fmt.Errorf("revision %d: %w", v.Rev, err)
		}
		c = stored.Pack("", []byte(document))
	}
	return insert("INSERT INTO revision (rev, entry, size, zlib, content) VALUES (?, ?, ?, ?, ?)", v.Rev, v.Entry, c.Size, c.Packed, c.Bytes)
}

func loadVisit(insert func(string, ...any) error, v *registry.Visit) error {
	document, err := visitDocument(v)
	if err != nil {
		return err
	}
	return insert("INSERT INTO visit (key, source, outcome, document, seen) VALUES (?, ?, ?, ?, ?)",
		v.Repo.Key(), v.Source, v.Outcome, document, formatSeen(v.Seen))
}
