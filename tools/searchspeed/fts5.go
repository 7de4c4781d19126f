// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" //nolint:depguard // the driver that the project has

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

var facets = func() (all []string) {
	for _, f := range registrytest.FiveFacets() {
		all = append(all, string(f))
	}
	return all
}()

// fts5 is SQLite's full-text search: words as they are but for diacritics, with an
// index of prefixes; the values of facets in a table beside it. What matches is
// kept for the counts, so that it is looked for once.
type fts5 struct {
	db  *sql.DB
	dir string
}

func newFTS5(dir string) (engine, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "fts5.db")+"?_pragma=cache_size(-200000)&_pragma=temp_store(memory)&_pragma=journal_mode(wal)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // the temporary table belongs to a connection
	_, err = db.ExecContext(context.Background(), `
		CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize="unicode61 remove_diacritics 2", prefix='2 3 4');
		CREATE TABLE entry (n INTEGER PRIMARY KEY, id TEXT, name TEXT, pushed INTEGER, first INTEGER);
		CREATE TABLE value (facet TEXT, value TEXT, n INTEGER, PRIMARY KEY (facet, value, n)) WITHOUT ROWID;
		CREATE TABLE of (n INTEGER, facet TEXT, value TEXT, PRIMARY KEY (n, facet, value)) WITHOUT ROWID;
		CREATE TEMP TABLE hit (n INTEGER PRIMARY KEY, rank REAL)`)
	return &fts5{db, dir}, err
}

func (f *fts5) build(ctx context.Context, entries iter.Seq[*registry.Software]) (err error) {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	n := 0
	insert := func(query string, args ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, query, args...)
		}
	}
	for s := range entries {
		n++
		insert("INSERT INTO words (rowid, text) VALUES (?, ?)", n, textOf(s))
		insert("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", n, s.ID, strings.ToLower(s.PublicCode.Name), s.Repository.Pushed.Unix(), s.FirstSeen.Unix())
		for facet, values := range valuesOf(s) {
			for _, v := range values {
				insert("INSERT OR IGNORE INTO value VALUES (?, ?, ?)", facet, v, n)
				insert("INSERT OR IGNORE INTO of VALUES (?, ?, ?)", n, facet, v)
			}
		}
		if err != nil {
			return err
		}
	}
	insert("CREATE INDEX by_name ON entry (name, id)")
	insert("CREATE INDEX by_pushed ON entry (pushed DESC, name)")
	insert("CREATE INDEX by_first ON entry (first DESC, name)")
	insert("INSERT INTO words (words) VALUES ('optimize')")
	insert("ANALYZE") //nolint:misspell // as SQLite spells it
	if err != nil {
		return err
	}
	return tx.Commit()
}

func (f *fts5) search(ctx context.Context, q registry.Query, page int) (total int, ok bool, err error) {
	asked, ok := understood(q.Text)
	if !ok || asked.typos {
		return 0, false, nil
	}
	from, order, args := "SELECT n, 0 FROM entry WHERE 1", "name, id", []any{}
	if q.Text != "" {
		from, order, args = "SELECT rowid, rank FROM words WHERE words MATCH ?", "rank", append(args, expression(asked))
	}
	for facet, values := range q.Filters {
		column := "n" // a plus keeps SQLite from looking each of them up among the words
		if q.Text != "" {
			column = "+rowid"
		}
		from += " AND " + column + " IN (SELECT n FROM value WHERE facet = ? AND value = ?)"
		args = append(args, facet, values[0])
	}
	switch q.Sort {
	case registry.ByUpdated:
		order = "pushed DESC, name"
	case registry.ByNew:
		order = "first DESC, name"
	}
	if _, err := f.db.ExecContext(ctx, "DELETE FROM hit"); err != nil {
		return 0, false, err
	}
	if _, err := f.db.ExecContext(ctx, "INSERT INTO hit "+from, args...); err != nil { //nolint:gosec // of constants
		return 0, false, err
	}
	if err := f.db.QueryRowContext(ctx, "SELECT count(*) FROM hit").Scan(&total); err != nil {
		return 0, false, err
	}
	err = f.each(ctx, "SELECT id FROM hit JOIN entry USING (n) ORDER BY "+order+" LIMIT ? OFFSET ?", []any{perPage, page * perPage}, new(string))
	if err != nil {
		return 0, false, err
	}
	// All have the five facets and no other.
	err = f.each(ctx, "SELECT facet, value, count(*) FROM hit CROSS JOIN of USING (n) GROUP BY facet, value", nil, new(string), new(string), new(int))
	return total, true, err
}

func (f *fts5) each(ctx context.Context, query string, args []any, into ...any) (err error) {
	rows, err := f.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// expression is a question in the language of FTS5.
func expression(q question) string {
	quoted := func(word string) string { return `"` + word + `"` }
	if q.phrase != "" {
		return quoted(q.phrase)
	}
	var all []string
	for _, w := range q.words {
		w = quoted(w)
		if q.begun {
			w += "*"
		}
		all = append(all, w)
	}
	text := strings.Join(all, " AND ")
	for _, w := range q.without {
		text += " NOT " + quoted(w)
	}
	return text
}

func (f *fts5) disk() int64  { return sizeOf(f.dir) }
func (f *fts5) close() error { return f.db.Close() }
