// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// advice says what to do about errors of SQLite, by their primary code.
var advice = map[int]error{
	// The program's own statements are right, so the tables are wrong.
	sqlite3.SQLITE_ERROR:      registry.ErrDamaged,
	sqlite3.SQLITE_CONSTRAINT: registry.ErrDamaged,
	sqlite3.SQLITE_CORRUPT:    registry.ErrDamaged,
	sqlite3.SQLITE_NOTADB:     fmt.Errorf("no database of SQLite, or %w", registry.ErrDamaged),
	sqlite3.SQLITE_FULL:       errors.New("the disk is full and nothing of this was written: make room and try again"),
	sqlite3.SQLITE_IOERR:      errors.New("the disk cannot be read or written: see whether it is full, and what the system says of it"),
	sqlite3.SQLITE_READONLY:   errors.New("the file or its folder cannot be written to: give the user of this process the right to"),
	sqlite3.SQLITE_CANTOPEN:   errors.New("the file or its folder cannot be opened: see that it is there and may be read and written"),
	sqlite3.SQLITE_BUSY:       errors.New("another process is writing: try again when it has ended"),
}

// explain adds to an error of SQLite what to do about it.
func explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		// A value that is none of its column's; database/sql has no type for it.
		if strings.Contains(err.Error(), "sql: Scan error on column") {
			err = stored.Damaged(err)
		}
		return err
	}
	if what, ok := advice[e.Code()&0xff]; ok {
		return fmt.Errorf("%w (%w)", what, err)
	}
	return err
}

// Damage lists what SQLite finds wrong with the file itself, at most 100 lines:
// pages, indexes, and rows that refer to others.
func (s *Store) Damage(ctx context.Context) ([]string, error) {
	var found []string
	for _, check := range []string{
		"PRAGMA integrity_check(100)",
		`SELECT 'a row of the table ' || "table" || ' refers to one in ' || parent || ' that is not there' FROM pragma_foreign_key_check LIMIT 100`,
	} {
		err := func() (err error) {
			rows, err := s.read.db.QueryContext(ctx, check)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, rows.Close()) }()
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				if line != "ok" {
					found = append(found, line)
				}
			}
			return rows.Err()
		}()
		if err != nil {
			return found, fail(ctx, err, "check the database")
		}
	}
	return found, nil
}

// Schema is the version of the tables that Open found, 0 for none, and the one
// that it brought them to.
func (s *Store) Schema() (from, to int) { return s.schema[0], s.schema[1] }
