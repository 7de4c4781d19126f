// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
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

var columns = stored.Columns{
	Form:    form,
	Change:  func(row scanner) (registry.Change, error) { return scanChange(row) },
	Entry:   scan,
	Dossier: scanDossier,
}

func (s *Store) dump(ctx context.Context, yield func(registry.Record, error) bool) error {
	tx, err := s.read.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	head, err := stored.ScanHead(tx.QueryRowContext(ctx, stored.Newest))
	if err != nil {
		return err
	}
	return columns.Dump(ctx, head, func(p stored.Part, f func(scanner) error) error {
		rows, err := tx.QueryContext(ctx, p.Query)
		if err != nil {
			return err
		}
		return forEach(rows, f)
	}, yield)
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
		OR EXISTS (SELECT 1 FROM dossier) OR EXISTS (SELECT 1 FROM visit) OR EXISTS (SELECT 1 FROM source) OR EXISTS (SELECT 1 FROM day)
		OR EXISTS (SELECT 1 FROM document_version WHERE given > 0)`).Scan(&filled)
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
	case r.Head != nil:
		return insert(stored.LoadVersion, r.Head.Document)
	case r.Change != nil:
		c := r.Change
		return insert("INSERT INTO change (rev, id, kind, former, reason, time) VALUES (?, ?, ?, ?, ?, ?)",
			c.Rev, c.ID, c.Kind, c.From, c.Reason, c.Time.Format(stamp))
	case r.File != nil:
		c := stored.Pack(r.File.Hash, r.File.Bytes)
		return insert("INSERT INTO file (hash, size, zlib, content) VALUES (?, ?, ?, ?)", c.Hash, c.Size, c.Packed, c.Bytes)
	case r.SBOM != nil:
		c, err := form.PackSBOM(r.SBOM.Hash, r.SBOM.Document)
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
		document, err := form.EncodeState(r.Source)
		if err != nil {
			return err
		}
		return insert(putState, r.Source.Source, document)
	case r.Day != nil:
		return putDay(ctx, w, r.Day)
	case r.Document != nil:
		body, err := form.PackBody(r.Document)
		if err != nil {
			return err
		}
		return insert(stored.LoadDocument, r.Document.Kind, r.Document.Key, r.Document.Version, body)
	}
	return nil // the end
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
	document, seen, err := form.EncodeVisit(v)
	if err != nil {
		return err
	}
	return insert("INSERT INTO visit (key, source, outcome, document, seen) VALUES (?, ?, ?, ?, ?)",
		v.Repo.Key(), v.Source, v.Outcome, document, seen)
}
