// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// The bounds of what Load sends at a time.
const (
	loadRecords = 100
	loadBytes   = 4 << 20 // of files, dossiers and documents
)

// Load implements [registry.Store] in one transaction, which keeps others from
// writing. A dump can be read once: it is not tried again.
func (s *Store) Load(ctx context.Context, dump iter.Seq2[registry.Record, error]) error {
	err := s.locksHold()
	if err == nil {
		err = s.transact(ctx, func(ctx context.Context, tx pgx.Tx) error { return loadAll(ctx, tx, dump) })
	}
	if err != nil {
		return fail(ctx, err, "fill the registry %s", s.name)
	}
	return nil
}

func loadAll(ctx context.Context, tx pgx.Tx, dump iter.Seq2[registry.Record, error]) error {
	if err := empty(ctx, tx); err != nil {
		return err
	}
	var batch pgx.Batch
	bytes := 0
	flush := func() error {
		err := tx.SendBatch(ctx, &batch).Close()
		batch, bytes = pgx.Batch{}, 0
		return err
	}
	for r, err := range registry.CheckDump(dump) {
		if err == nil {
			err = load(&batch, &r)
		}
		bytes += size(&r)
		if err == nil && (batch.Len() >= loadRecords || bytes >= loadBytes) {
			err = flush()
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	batch.Queue(notify)
	return flush()
}

func size(r *registry.Record) int {
	switch {
	case r.File != nil:
		return len(r.File.Bytes)
	case r.Dossier != nil:
		return len(r.Dossier.Bytes)
	case r.Document != nil:
		return len(r.Document.Body)
	}
	return 0
}

// empty keeps others from writing, and says whether there is nothing.
func empty(ctx context.Context, tx pgx.Tx) error {
	var batch pgx.Batch
	batch.Queue(unhurried)
	batch.Queue(lockLog)
	batch.Queue("LOCK TABLE file, dossier, visit, source, day, document_version IN SHARE ROW EXCLUSIVE MODE")
	var filled bool
	// What is not named here rests on what is.
	batch.Queue(`SELECT EXISTS (SELECT FROM change) OR EXISTS (SELECT FROM file) OR EXISTS (SELECT FROM sbom)
		OR EXISTS (SELECT FROM dossier) OR EXISTS (SELECT FROM visit) OR EXISTS (SELECT FROM source) OR EXISTS (SELECT FROM day)
		OR EXISTS (SELECT FROM document_version WHERE given > 0)`).
		QueryRow(func(row pgx.Row) error { return row.Scan(&filled) })
	err := tx.SendBatch(ctx, &batch).Close()
	if err == nil && filled {
		err = registry.ErrNotEmpty
	}
	return err
}

func load(batch *pgx.Batch, r *registry.Record) error {
	switch {
	case r.Head != nil:
		batch.Queue(stored.LoadVersion, r.Head.Document)
	case r.Change != nil:
		logChange(batch, *r.Change)
	case r.File != nil:
		putContents(batch, []stored.Content{stored.Pack(r.File.Hash, r.File.Bytes)})
	case r.SBOM != nil:
		c, err := form.PackSBOM(r.SBOM.Hash, r.SBOM.Document)
		if err != nil {
			return err
		}
		putSBOMs(batch, []stored.Content{c})
	case r.Entry != nil:
		return loadEntry(batch, r.Entry)
	case r.Use != nil:
		u := r.Use
		batch.Queue("INSERT INTO entry_file (entry, path, origin, rev, hash, commit_hash) VALUES ($1, $2, $3, $4, $5, $6)",
			u.Entry, []byte(u.Path), []byte(u.Origin), u.Rev, u.Hash, []byte(u.Commit))
	case r.Alias != nil:
		putAlias(batch, r.Alias.ID, r.Alias.Entry)
	case r.Revision != nil:
		return loadRevision(batch, r.Revision)
	case r.Dossier != nil:
		d := r.Dossier
		putDossier(batch, &registry.Dossier{Hash: d.Hash, ID: d.ID, Rev: d.Rev, Made: d.Made, Bytes: d.Bytes})
	case r.Visit != nil:
		return loadVisit(batch, r.Visit)
	case r.Source != nil:
		document, err := form.EncodeState(r.Source)
		batch.Queue(putState, r.Source.Source, document)
		return err
	case r.Day != nil:
		document, err := stored.Encode(r.Day)
		batch.Queue(putDay, r.Day.Date, document)
		return err
	case r.Document != nil:
		body, err := form.PackBody(r.Document)
		batch.Queue(stored.LoadDocument, r.Document.Kind, r.Document.Key, r.Document.Version, body)
		return err
	}
	return nil // the end
}

func loadEntry(batch *pgx.Batch, e *registry.EntryRecord) error {
	s := e.Software
	document, err := stored.Encode(s.Content())
	if err != nil {
		return fmt.Errorf("the entry %s: %w", s.ID, err)
	}
	key := s.ID.Key()
	at := &key
	if e.Lost {
		at = nil
	}
	insertEntry(batch, e.N, at, e.Removed, s, document)
	return nil
}

func loadRevision(batch *pgx.Batch, v *registry.RevisionRecord) error {
	var c stored.Content
	if v.Software != nil {
		document, err := stored.Encode(v.Software.Content())
		if err != nil {
			return fmt.Errorf("revision %d: %w", v.Rev, err)
		}
		c = stored.Pack("", []byte(document))
	}
	putRevision(batch, v.Rev, v.Entry, c)
	return nil
}

func loadVisit(batch *pgx.Batch, v *registry.Visit) error {
	document, seen, err := form.EncodeVisit(v)
	batch.Queue("INSERT INTO visit (key, source, outcome, document, seen) VALUES ($1, $2, $3, $4, $5)",
		v.Repo.Key(), v.Source, v.Outcome, document, seen)
	return err
}
