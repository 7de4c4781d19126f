// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/allmende-registry/allmende/registry"
)

// migrations are named NNNN_words.sql and numbered from 0001 without a gap. The
// number of the last one applied is the file's user_version. A published one
// never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours in SQLite's header: "Allm".
const applicationID = 0x416c6c6d

// migrate applies what the file lacks, in one transaction that keeps other
// processes out, and returns the numbers of the last migration before and after.
func migrate(ctx context.Context, db *sql.DB) (schema [2]int, err error) {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return schema, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return schema, err
	}
	version, err := migrateIn(ctx, tx, files)
	if err != nil {
		if undo := tx.Rollback(); !errors.Is(undo, sql.ErrTxDone) { // done already where the context ended
			err = errors.Join(err, undo)
		}
		return schema, err
	}
	return [2]int{version, len(files)}, tx.Commit()
}

// migrateIn returns the version that it found.
func migrateIn(ctx context.Context, tx *sql.Tx, files []fs.DirEntry) (version int, err error) {
	var application, tables int
	row := tx.QueryRowContext(ctx, `SELECT
		(SELECT user_version FROM pragma_user_version),
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema)`)
	if err := row.Scan(&version, &application, &tables); err != nil {
		return version, err
	}
	switch {
	case application == 0 && version == 0 && tables == 0: // new
	case application != applicationID:
		return version, fmt.Errorf("%w: the SQLite file belongs to another program; name another path", registry.ErrInvalid)
	case version > len(files):
		return version, fmt.Errorf("%w: a newer version of the program wrote it (schema %d, this one knows %d); update the program or name another path",
			registry.ErrInvalid, version, len(files))
	}
	for i := version; i < len(files); i++ {
		name := files[i].Name()
		script, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			return version, err
		}
		if _, err := tx.ExecContext(ctx, string(script)); err != nil {
			return version, fmt.Errorf("migration %s: %w", name, err)
		}
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(files)))
	return version, err
}
