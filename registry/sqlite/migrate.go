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
// processes out.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := migrateIn(ctx, tx, files); err != nil {
		if undo := tx.Rollback(); !errors.Is(undo, sql.ErrTxDone) { // done already where the context ended
			err = errors.Join(err, undo)
		}
		return err
	}
	return tx.Commit()
}

func migrateIn(ctx context.Context, tx *sql.Tx, files []fs.DirEntry) error {
	var version, application, tables int
	row := tx.QueryRowContext(ctx, `SELECT
		(SELECT user_version FROM pragma_user_version),
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema)`)
	if err := row.Scan(&version, &application, &tables); err != nil {
		return err
	}
	switch {
	case application == 0 && version == 0 && tables == 0: // new
	case application != applicationID:
		return fmt.Errorf("%w: the SQLite file belongs to another program; name another path", registry.ErrInvalid)
	case version > len(files):
		return fmt.Errorf("%w: a newer version of the program wrote it (schema %d, this one knows %d); update the program or name another path",
			registry.ErrInvalid, version, len(files))
	}
	for i := version; i < len(files); i++ {
		name := files[i].Name()
		script, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(script)); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(files)))
	return err
}
