// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Session is a database, or a transaction in one. Statements are such as SQLite
// and PostgreSQL both understand, with parameters $1, $2 and so on.
type Session interface {
	// Each calls f with every row of a query until it returns an error.
	Each(ctx context.Context, f func(row Row) error, query string, args ...any) error
	// Exec returns how many rows a statement wrote.
	Exec(ctx context.Context, statement string, args ...any) (int, error)
}

// Pruner is how stores prune, whose tables have the same names.
type Pruner struct {
	Read Session
	// Update runs f in a transaction, beside which nobody writes to the log. f may
	// be run again.
	Update func(ctx context.Context, f func(ctx context.Context, in Session) error) error
	Time   func(time.Time) any // as times are compared with
	Name   func(string) any    // as paths and origins are
	Form   Form

	keep  registry.Retention
	cited map[string]bool // hashes in dossiers; nil until they are needed
	ended map[string]int  // lines of entry_file that a dry run would drop, by hash
}

// The bounds of what is looked at, and of what is dropped in one transaction.
const (
	pruneLook = 100
	pruneDrop = 20
)

// Prune does what [registry.Store] says of it. A Pruner does so once.
func (p *Pruner) Prune(ctx context.Context, keep registry.Retention) (done registry.Pruned, err error) {
	p.keep, p.ended = keep, map[string]int{}
	if !keep.Removed.IsZero() {
		err = pruneAll(ctx, p, &done, 0, p.gone, p.empty)
	}
	if !keep.History.IsZero() && err == nil {
		err = pruneAll(ctx, p, &done, 0, p.aged, p.forget)
	}
	if !keep.Visits.IsZero() && err == nil {
		err = pruneAll(ctx, p, &done, visitRow{}, p.unseen, p.unvisit)
	}
	if err == nil && keep.DryRun {
		done.Files, err = p.endedFiles(ctx)
	}
	return done, err
}

// pruneAll drops what find finds, a few at a time. find is given the last one that
// it found.
func pruneAll[T any](ctx context.Context, p *Pruner, done *registry.Pruned, last T,
	find func(context.Context, T) ([]T, error), drop func(context.Context, Session, T, *registry.Pruned) error,
) error {
	for {
		found, err := find(ctx, last)
		if len(found) == 0 || err != nil {
			return err
		}
		if err := p.cite(ctx); err != nil {
			return err
		}
		for len(found) > 0 {
			some := found[:min(len(found), pruneDrop)]
			found, last = found[len(some):], some[len(some)-1]
			var now registry.Pruned
			err := p.update(ctx, func(ctx context.Context, in Session) error {
				now = registry.Pruned{}
				for _, one := range some {
					if err := drop(ctx, in, one, &now); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			done.Add(now)
		}
	}
}

func (p *Pruner) update(ctx context.Context, f func(context.Context, Session) error) error {
	if p.keep.DryRun {
		return f(ctx, p.Read)
	}
	return p.Update(ctx, f)
}

// drop deletes the rows that a clause is about, or counts them, and says how many.
func (p *Pruner) drop(ctx context.Context, in Session, clause string, args ...any) (n int, err error) {
	if !p.keep.DryRun {
		return in.Exec(ctx, "DELETE "+clause, args...)
	}
	err = in.Each(ctx, func(row Row) error { return row.Scan(&n) }, "SELECT count(*) "+clause, args...)
	return n, err
}

// rows are all that a query yields.
func rows[T any](ctx context.Context, in Session, scan func(Row) (T, error), query string, args ...any) (all []T, err error) {
	err = in.Each(ctx, func(row Row) error {
		one, err := scan(row)
		all = append(all, one)
		return err
	}, query, args...)
	return all, err
}

func scanOne[T any](row Row) (v T, err error) { return v, row.Scan(&v) }

// goneRow is a removed entry.
type goneRow struct {
	n   int64
	rev registry.Rev
	// document is what it has, tombstone what it should have.
	document, tombstone string
}

const goneEntries = "SELECT n, rev, id, forge_id, document FROM entry WHERE removed AND changed <= $1 AND "

func (p *Pruner) scanGone(row Row) (g goneRow, err error) {
	var s registry.Software
	var forgeID []byte
	if err := row.Scan(&g.n, &g.rev, &s.ID, &forgeID, &g.document); err != nil {
		return g, err
	}
	s.Repository.ForgeID = string(forgeID)
	g.tombstone, err = p.Form.Encode(s.Tombstone().Content())
	return g, err
}

// gone finds entries that still have the content which they are to lose.
func (p *Pruner) gone(ctx context.Context, last int64) (full []int64, err error) {
	for {
		found, err := rows(ctx, p.Read, p.scanGone, goneEntries+"n > $2 ORDER BY n LIMIT $3", p.Time(p.keep.Removed), last, pruneLook)
		for _, g := range found {
			if last = g.n; g.document != g.tombstone {
				full = append(full, g.n)
			}
		}
		if len(full) > 0 || len(found) < pruneLook || err != nil {
			return full, err
		}
	}
}

// empty drops the content of a removed entry, unless it came back meanwhile.
func (p *Pruner) empty(ctx context.Context, in Session, n int64, done *registry.Pruned) error {
	found, err := rows(ctx, in, p.scanGone, goneEntries+"n = $2", p.Time(p.keep.Removed), n)
	if len(found) == 0 || err != nil {
		return err
	}
	done.Entries++
	if !p.keep.DryRun {
		if _, err := in.Exec(ctx, "UPDATE entry SET document = $1 WHERE n = $2", found[0].tombstone, n); err != nil {
			return err
		}
	}
	return p.shorten(ctx, in, n, found[0].rev, false, done)
}

// aged finds entries with states before the one that they were in at the moment.
func (p *Pruner) aged(ctx context.Context, last int64) ([]int64, error) {
	return rows(ctx, p.Read, scanOne[int64], `
		SELECT n FROM entry WHERE n > $1 AND NOT (removed AND changed <= $2) AND EXISTS (
			SELECT 1 FROM revision AS old WHERE old.entry = n AND (changed <= $3 OR EXISTS (
				SELECT 1 FROM revision AS later JOIN change USING (rev)
				WHERE later.entry = n AND later.rev > old.rev AND time <= $3)))
		ORDER BY n LIMIT $4`,
		last, p.Time(p.keep.Removed), p.Time(p.keep.History), pruneLook)
}

// forget drops the states of an entry before the one that it was in at the moment.
func (p *Pruner) forget(ctx context.Context, in Session, n int64, done *registry.Pruned) error {
	oldest, err := rows(ctx, in, scanOne[registry.Rev], `
		SELECT coalesce(max(rev), 0) FROM (SELECT rev FROM revision WHERE entry = $1 UNION ALL SELECT rev FROM entry WHERE n = $1) AS state
		JOIN change USING (rev) WHERE time <= $2`, n, p.Time(p.keep.History))
	if err != nil {
		return err
	}
	return p.shorten(ctx, in, n, oldest[0], true, done)
}

// shorten drops the states of an entry before one, and the files on which none of
// its states rests any more; where it is not full, its row does not count.
func (p *Pruner) shorten(ctx context.Context, in Session, n int64, oldest registry.Rev, full bool, done *registry.Pruned) error {
	revisions, err := p.drop(ctx, in, "FROM revision WHERE entry = $1 AND rev < $2", n, oldest)
	if err != nil {
		return err
	}
	done.Revisions += revisions
	uses, err := p.unused(ctx, in, n, oldest, full)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if _, err := p.drop(ctx, in, "FROM entry_file WHERE entry = $1 AND path = $2 AND origin = $3 AND rev = $4",
			n, p.Name(u.path), p.Name(u.origin), u.rev); err != nil {
			return err
		}
		if p.keep.DryRun {
			p.ended[u.hash]++
			continue
		}
		files, err := p.dropFile(ctx, in, u.hash)
		if err != nil {
			return err
		}
		done.Files += files
	}
	return nil
}

// use is a line of entry_file.
type use struct {
	fileName
	rev  registry.Rev
	hash string
}

type fileName struct{ path, origin string }

func scanUse(row Row) (u use, err error) {
	var path, origin []byte
	err = row.Scan(&path, &origin, &u.rev, &u.hash)
	u.path, u.origin = string(path), string(origin)
	return u, err
}

// unused are the lines of files on which no state of an entry rests from a revision
// on: those that a later one took the place of until then, and those of files that
// were no longer in the repository.
func (p *Pruner) unused(ctx context.Context, in Session, n int64, oldest registry.Rev, full bool) (ended []use, err error) {
	all, err := rows(ctx, in, scanUse, "SELECT path, origin, rev, hash FROM entry_file WHERE entry = $1 AND rev <= $2 ORDER BY rev", n, oldest)
	if err != nil {
		return nil, err
	}
	last := map[fileName]use{}
	for _, u := range all {
		if before, ok := last[u.fileName]; ok {
			ended = append(ended, before)
		}
		last[u.fileName] = u
	}
	if full {
		err = p.states(ctx, in, n, oldest, func(s *registry.Software) error {
			for _, f := range s.Files {
				name := fileName{f.Path, f.Origin}
				if last[name].hash == f.Hash {
					delete(last, name)
				}
			}
			if len(last) == 0 {
				return errEnough
			}
			return nil
		})
	}
	for _, u := range all {
		if last[u.fileName] == u {
			ended = append(ended, u)
		}
	}
	return ended, err
}

var errEnough = errors.New("enough")

// states yields what an entry is, and what it was from a revision on, until f
// returns an error.
func (p *Pruner) states(ctx context.Context, in Session, n int64, oldest registry.Rev, f func(*registry.Software) error) error {
	err := in.Each(ctx, func(row Row) error {
		var document string
		if err := row.Scan(&document); err != nil {
			return err
		}
		s, err := DecodeIn[registry.Software](p.Form, document)
		if err != nil {
			return err
		}
		return f(s)
	}, "SELECT document FROM entry WHERE n = $1", n)
	if err == nil {
		err = in.Each(ctx, func(row Row) error {
			v, err := p.Form.ScanRevision(row)
			if err != nil {
				return err
			}
			return f(v.Software)
		}, "SELECT entry, rev, size, zlib, content FROM revision WHERE entry = $1 AND rev >= $2 AND content IS NOT NULL ORDER BY rev", n, oldest)
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	return err
}

// dropFile drops a raw file, with the SBOM that was read from it, where no entry
// rests on it and no dossier has its hash. It returns how many that were.
func (p *Pruner) dropFile(ctx context.Context, in Session, hash string) (int, error) {
	if p.cited[hash] {
		return 0, nil
	}
	const clause = " WHERE hash = $1 AND NOT EXISTS (SELECT 1 FROM entry_file WHERE entry_file.hash = $1)"
	if _, err := in.Exec(ctx, "DELETE FROM sbom"+clause, hash); err != nil {
		return 0, err
	}
	return in.Exec(ctx, "DELETE FROM file"+clause, hash)
}

// endedFiles is how many files a dry run would drop.
func (p *Pruner) endedFiles(ctx context.Context) (files int, err error) {
	for hash, ended := range p.ended {
		uses, err := rows(ctx, p.Read, scanOne[int], "SELECT count(*) FROM entry_file WHERE hash = $1", hash)
		if err != nil {
			return files, err
		}
		if uses[0] == ended && !p.cited[hash] {
			files++
		}
	}
	return files, nil
}

var hashes = regexp.MustCompile(`"[0-9a-f]{64}"`)

// cite reads which hashes dossiers have, once.
func (p *Pruner) cite(ctx context.Context) error {
	if p.cited != nil {
		return nil
	}
	cited := map[string]bool{}
	err := p.Read.Each(ctx, func(row Row) error {
		_, b, err := ScanHashed(row)
		for _, quoted := range hashes.FindAll(b, -1) {
			cited[string(quoted[1:len(quoted)-1])] = true
		}
		return err
	}, "SELECT hash, size, zlib, content FROM dossier")
	p.cited = cited
	return err
}

// visitRow is a line of the crawl log.
type visitRow struct{ key, document, seen string }

// unseen finds lines whose repositories have no entry, and which nobody has named
// or made since.
func (p *Pruner) unseen(ctx context.Context, last visitRow) (old []visitRow, err error) {
	for {
		// The day comes first in both, and has the same length in all.
		found, err := rows(ctx, p.Read, func(row Row) (v visitRow, err error) { return v, row.Scan(&v.key, &v.document, &v.seen) }, `
			SELECT key, document, seen FROM visit WHERE key > $1 AND substr(seen, 1, 10) <= $2
				AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.key = visit.key AND NOT removed)
				AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.key > visit.key || '/~/' AND entry.key < visit.key || '/~0' AND NOT removed)
			ORDER BY key LIMIT $3`,
			last.key, p.keep.Visits.UTC().Format(time.DateOnly), pruneLook)
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			last = row
			v, err := p.Form.visit(row.document, row.seen)
			if err != nil {
				return nil, err
			}
			if !v.Time.After(p.keep.Visits) && !v.Seen.After(p.keep.Visits) {
				old = append(old, row)
			}
		}
		if len(old) > 0 || len(found) < pruneLook {
			return old, nil
		}
	}
}

// unvisit drops a line, unless it was written again meanwhile.
func (p *Pruner) unvisit(ctx context.Context, in Session, v visitRow, done *registry.Pruned) error {
	n, err := p.drop(ctx, in, "FROM visit WHERE key = $1 AND document = $2 AND seen = $3", v.key, v.document, v.seen)
	done.Visits += n
	return err
}
