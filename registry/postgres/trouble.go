// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/allmende-registry/allmende/registry"
)

// The SQLSTATEs that are acted upon, two of them the beginnings of several. See
// the PostgreSQL manual, appendix A, for these and those below.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	lockNotAvailable     = "55P03"
	connectionException  = "08"
	operatorIntervention = "57P" // the server is shut down, or starts
)

var errNotKept = fmt.Errorf("%w: cannot be kept in PostgreSQL", registry.ErrInvalid)

// advice says what to do about errors of the server, by their SQLSTATE.
var advice = map[string]error{
	"22021": errNotKept, // a NUL in text, or what is no UTF-8
	"54000": errNotKept, // text that is too long for an index
	"25006": errors.New("the server takes no writes, as a copy of another one does not: name the server that does"),
	"28000": errRefused,
	"28P01": errRefused,
	"3D000": errors.New("the database does not exist: create it, or name another one"),
	"42501": errors.New("the user has no right to this: give it the ownership of the schema"),
	"42P01": registry.ErrDamaged, // the program's own statements are right, so the tables are wrong
	"42703": registry.ErrDamaged,
	"53100": errors.New("the disk of the server is full and nothing of this was written: make room and try again"),
	"53300": errors.New("the server has no connection left: raise its max_connections, or lower pool_max_conns in the address"),
	"57014": errors.New("it took longer than statement_timeout allows: see what keeps the server busy"),
	"XX001": registry.ErrDamaged,
	"XX002": registry.ErrDamaged,
}

var errRefused = errors.New("the server refuses the user: see its name, the password (PGPASSWORD, or a password file) and pg_hba.conf")

// explain adds to an error of the server what to do about it. Where the context
// ended the error is the context's.
func explain(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	if what, ok := advice[e.Code]; ok {
		return fmt.Errorf("%w (%w)", what, err)
	}
	return err
}
