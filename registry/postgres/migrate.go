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
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/allmende-registry/allmende/registry"
)

// migrations are named NNNN_words.sql and numbered from 0001 without a gap. The
// number of the last one applied is the highest in the table allmende_migration. A
// published one never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// rivers are the versions of River's tables, in the same schema, that come before
// a migration. They are named so that whoever has that migration has the same ones.
var rivers = map[string]int{"0003_river.sql": 4, "0004_queue.sql": 8}

// migrate applies what the schema lacks, each migration in a transaction of its
// own. One process does so at a time; where nothing is lacking nobody waits. It
// sets s.schema.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		var version int
		err := s.transact(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
			version, err = s.migrateNext(ctx, tx, files)
			return err
		})
		if first {
			s.schema = [2]int{version, len(files)}
		}
		if err != nil || version == len(files) {
			return err
		}
	}
}

// Schema is the version of the tables that Open found, 0 for none, and the one
// that it brought them to.
func (s *Store) Schema() (from, to int) { return s.schema[0], s.schema[1] }

// migrateNext applies the next migration and returns the version that it found.
func (s *Store) migrateNext(ctx context.Context, tx pgx.Tx, files []fs.DirEntry) (version int, err error) {
	version, err = schemaVersion(ctx, tx, len(files))
	if err != nil || version == len(files) {
		return version, err
	}
	// 'allm' keeps apart from the locks of other programs.
	if _, err := tx.Exec(ctx, "SELECT set_config('statement_timeout', '0', true), pg_advisory_xact_lock(x'616c6c6d'::int, 0)"); err != nil {
		return version, err
	}
	// Another process may have done it meanwhile.
	version, err = schemaVersion(ctx, tx, len(files))
	if err != nil || version == len(files) {
		return version, err
	}
	name := files[version].Name()
	script, err := migrations.ReadFile("migrations/" + name)
	if err != nil {
		return version, err
	}
	if version == 0 {
		if _, err := tx.Exec(ctx, "CREATE TABLE allmende_migration (number int PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())"); err != nil {
			return version, err
		}
	}
	if err := s.migrateRiver(ctx, tx, rivers[name]); err != nil {
		return version, fmt.Errorf("migration %s: %w", name, err)
	}
	if _, err := tx.Exec(ctx, string(script)); err != nil {
		return version, fmt.Errorf("migration %s: %w", name, err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO allmende_migration (number, name) VALUES ($1, $2)", version+1, name)
	return version, err
}

// migrateRiver brings River's tables to a version; 0 leaves them as they are.
func (s *Store) migrateRiver(ctx context.Context, tx pgx.Tx, version int) error {
	if version == 0 {
		return nil
	}
	m, err := rivermigrate.New(riverpgxv5.New(nil), &rivermigrate.Config{Logger: s.log})
	if err != nil {
		return err
	}
	_, err = m.MigrateTx(ctx, tx, rivermigrate.DirectionUp, //nolint:staticcheck // what cannot be in one transaction is in two
		&rivermigrate.MigrateOpts{TargetVersion: version})
	return err
}

// maxSchema is what PostgreSQL's 63 bytes of a channel's name leave for a schema.
const maxSchema = 63 - len(".river_leadership")

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
	case len(*schema) > maxSchema:
		return 0, fmt.Errorf("%w: the schema's name %s has %d bytes; River notifies by names of which %d are left for it; name another one",
			registry.ErrInvalid, *schema, len(*schema), maxSchema)
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
