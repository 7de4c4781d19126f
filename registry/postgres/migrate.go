// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
)

// migrations are named NNNN_words.sql and numbered from 0001 without a gap. The
// number of the last one applied is the highest in the table allmende_migration. A
// published one never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies what the schema lacks, in one transaction. One process does so
// at a time; where nothing is lacking nobody waits. It sets s.schema.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return err
	}
	return s.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		version, err := schemaVersion(ctx, tx, len(files))
		s.schema = [2]int{version, len(files)}
		if err != nil || version == len(files) {
			return err
		}
		// 'allm' keeps apart from the locks of other programs.
		if _, err := tx.Exec(ctx, "SELECT set_config('statement_timeout', '0', true), pg_advisory_xact_lock(x'616c6c6d'::int, 0)"); err != nil {
			return err
		}
		// Another process may have done it meanwhile.
		if version, err = schemaVersion(ctx, tx, len(files)); err != nil {
			return err
		}
		return migrateFrom(ctx, tx, files, version)
	})
}

// Schema is the version of the tables that Open found, 0 for none, and the one
// that it brought them to.
func (s *Store) Schema() (from, to int) { return s.schema[0], s.schema[1] }

func migrateFrom(ctx context.Context, tx pgx.Tx, files []fs.DirEntry, version int) error {
	for i := version; i < len(files); i++ {
		name := files[i].Name()
		script, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			return err
		}
		if i == 0 {
			if _, err := tx.Exec(ctx, "CREATE TABLE allmende_migration (number int PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())"); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, string(script)); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO allmende_migration (number, name) VALUES ($1, $2)", i+1, name); err != nil {
			return err
		}
	}
	return nil
}

// schemaVersion is the number of the last migration applied, 0 for an empty
// schema. What this program cannot use is ErrInvalid.
func schemaVersion(ctx context.Context, tx pgx.Tx, known int) (version int, err error) {
	var schema *string
	var encoding string
	var tables int
	var marked bool
	err = tx.QueryRow(ctx, `SELECT current_schema(), current_setting('server_encoding'),
		(SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind IN ('r', 'p', 'v', 'm')),
		EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relname = 'allmende_migration')`).
		Scan(&schema, &encoding, &tables, &marked)
	switch {
	case err != nil:
		return 0, err
	case schema == nil:
		return 0, fmt.Errorf("%w: none of the schemas in search_path exists or may be used; create one, or name another", registry.ErrInvalid)
	case encoding != "UTF8":
		return 0, fmt.Errorf("%w: the database has the encoding %s; create one with UTF8", registry.ErrInvalid, encoding)
	case tables == 0:
		return 0, nil
	case !marked:
		return 0, fmt.Errorf("%w: the schema %s belongs to another program; name another database or schema", registry.ErrInvalid, *schema)
	}
	if err := tx.QueryRow(ctx, "SELECT coalesce(max(number), 0) FROM allmende_migration").Scan(&version); err != nil {
		return 0, fmt.Errorf("%w: the schema %s belongs to another program; name another database or schema: %w", registry.ErrInvalid, *schema, err)
	}
	if version > known {
		return 0, fmt.Errorf("%w: a newer version of the program wrote it (schema %d, this one knows %d); update the program or name another database",
			registry.ErrInvalid, version, known)
	}
	return version, nil
}
