// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package sqlite keeps the registry in one SQLite file: the embedded store, for
// a node that runs as one process on one machine. Other processes may open the
// same file at the same time.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver, without cgo

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
	"github.com/allmende-registry/allmende/registry/stored"
)

const (
	readers = 4
	// maxWAL is the size in bytes from which the write-ahead log is emptied
	// and cut off. Left alone, SQLite reuses the file and never shrinks it.
	maxWAL = 64 << 20
	// checkpointPages of 4 KiB are written to the log before they are moved to
	// the database: what a crawl writes again and again meanwhile is moved once.
	checkpointPages = 4000
	// busyMillis is how long a statement waits for another process.
	busyMillis = "10000"
)

// Store is a registry.Store in an SQLite file. One connection writes, a few
// others read beside it, so that a reader never waits for a writer.
type Store struct {
	path   string
	schema [2]int // see Schema
	write  *writer
	read   *reader
	added  hosts.Bell // rings when this process added tasks
	held   sync.Map   // locks; one that nothing refers to any more is closed, and so free

	close    sync.Once
	closeErr error
}

var _ registry.Store = (*Store)(nil)

// Open opens the registry in the file at path and brings its schema up to
// date. A missing file is made, readable by its owner alone, and so are missing
// folders. A file that a newer version wrote, or another program, is an error.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open the registry %s: %w", path, explain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string) (*Store, error) {
	if path == "" {
		return nil, fmt.Errorf("%w: empty path", registry.ErrInvalid)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return nil, err
	}
	// SQLite would make the file with the umask's mode; -wal and -shm follow
	// the mode of the file.
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}

	write, err := sql.Open("sqlite", address(abs, url.Values{"_txlock": {"immediate"}}))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", address(abs, url.Values{"_query_only": {"1"}}))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)

	schema, err := migrate(ctx, write)
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	w, err := newWriter(ctx, write, abs)
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	return &Store{path: abs, schema: schema, write: w, read: newReader(read)}, nil
}

// address is the data source name of a file, with what holds for every
// connection. A commit reaches the disk before it returns (synchronous FULL):
// a revision that somebody has seen must not be given out anew after a power
// cut.
func address(abs string, more url.Values) string {
	q := url.Values{
		"_busy_timeout": {busyMillis},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"1"},
		"_dqs":          {"0"},
		"_pragma":       {fmt.Sprintf("journal_size_limit(%d)", maxWAL), fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPages)},
	}
	for k, v := range more {
		q[k] = v
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: q.Encode()}
	return u.String()
}

// Close empties the write-ahead log into the file and closes it. Further calls
// return what the first did.
func (s *Store) Close() error {
	s.close.Do(func() {
		// First the readers: they hold the log.
		if err := errors.Join(s.read.db.Close(), s.write.close()); err != nil {
			s.closeErr = fmt.Errorf("close the registry %s: %w", s.path, err)
		}
	})
	return s.closeErr
}

// fail wraps an error with what was being done. Where the context ended the
// error is the context's: SQLite only says that it was interrupted.
func fail(ctx context.Context, err error, format string, args ...any) error {
	if cause := ctx.Err(); cause != nil {
		err = cause
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), explain(err))
}

// stamp is how times are kept: text in UTC that sorts, with milliseconds.
const stamp = "2006-01-02T15:04:05.000Z"

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(stamp, s)
	if err != nil {
		err = stored.Damaged(err)
	}
	return t, err
}
