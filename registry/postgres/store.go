// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package postgres keeps the registry in a PostgreSQL database: the store of
// several processes, also on several machines.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
)

const (
	// maxConns bounds the connections of a process, but for one a lock, one a
	// Listen and one a Work, unless the address says pool_max_conns.
	maxConns = 8
	// maxWriters of a process wait for the log at a time: while one writes the
	// next one makes ready, and the other connections are free to read.
	maxWriters = 2
)

// session is what holds for every connection where the address says nothing
// else: no statement and no transaction hangs, nor does the server keep a lock
// for a machine that is gone.
var session = map[string]string{
	"application_name":                    "allmende",
	"statement_timeout":                   "60s",
	"idle_in_transaction_session_timeout": "30s",
	"tcp_keepalives_idle":                 "30",
	"tcp_keepalives_interval":             "10",
	"tcp_keepalives_count":                "3",
}

// Store is a registry.Store in a PostgreSQL database, in the first schema of the
// connection's search_path.
type Store struct {
	name    string // address without password and parameters
	schema  [2]int // see Schema
	pool    *pgxpool.Pool
	writers chan struct{}
	jobs    *river.Client[pgx.Tx] // adds tasks
	added   hosts.Bell            // rings when this process added tasks
	log     *slog.Logger          // of the queue

	ending context.Context // ends with Close
	end    context.CancelFunc
	wg     sync.WaitGroup // what runs until then

	mu    sync.Mutex
	locks map[string]*lock // held by this process
}

var _ registry.Store = (*Store)(nil)

// Open opens the registry at an address, postgres://USER@HOST/DATABASE with
// parameters as libpq and pgxpool have them, and brings its schema up to date.
// What the address leaves out is taken from the environment (PGPASSWORD and so
// on). A schema that a newer version made, or another program, is an error. No
// error names the password.
func Open(ctx context.Context, address string) (*Store, error) {
	s, err := open(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("open the registry %s: %w", displayName(address), err)
	}
	return s, nil
}

func open(ctx context.Context, address string) (*Store, error) {
	config, err := parse(address)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &Store{
		name: displayName(address), pool: pool, writers: make(chan struct{}, maxWriters), locks: map[string]*lock{},
	}
	s.log = slog.New(slog.DiscardHandler)
	s.ending, s.end = context.WithCancel(context.Background())
	if s.jobs, err = river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: s.log}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(explain(ctx, err), s.Close())
	}
	return s, nil
}

// CheckAddress reports, as ErrInvalid, what Open would not understand, and a
// password: it belongs in the environment or a password file, for addresses are
// shown and written down.
func CheckAddress(address string) error {
	if _, err := parse(address); err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return err // parse has had it
	}
	if _, ok := u.User.Password(); ok || u.Query().Has("password") || u.Query().Has("sslpassword") {
		return fmt.Errorf("%w: the address has a password in it; give it by the environment variable PGPASSWORD or a password file (PGPASSFILE)", registry.ErrInvalid)
	}
	return nil
}

// parse reads an address. Its errors are ErrInvalid.
func parse(address string) (*pgxpool.Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		// The cause may quote a part of the password.
		return nil, fmt.Errorf("%w: the address of a PostgreSQL database is postgres://USER@HOST/DATABASE, with special characters as %%XX", registry.ErrInvalid)
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		// What comes before quotes the address.
		what := err.Error()
		what = what[strings.LastIndex(what, "`: ")+1:]
		return nil, fmt.Errorf("%w: %s", registry.ErrInvalid, withoutPassword(u, strings.TrimPrefix(what, ": ")))
	}
	if !u.Query().Has("pool_max_conns") {
		config.MaxConns = maxConns
	}
	for _, name := range slices.Sorted(maps.Keys(session)) {
		if _, ok := config.ConnConfig.RuntimeParams[name]; !ok {
			config.ConnConfig.RuntimeParams[name] = session[name]
		}
	}
	return config, nil
}

func withoutPassword(u *url.URL, text string) string {
	secrets := []string{u.Query().Get("password"), u.Query().Get("sslpassword")}
	if password, ok := u.User.Password(); ok {
		secrets = append(secrets, password, url.QueryEscape(password), url.PathEscape(password))
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "xxxxx")
		}
	}
	return text
}

// displayName is an address as it may be shown: with user, host and database.
func displayName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" && u.Path == "" && u.RawQuery == "" {
		return "in PostgreSQL"
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.User.Username() != "" {
		shown.User = url.User(u.User.Username())
	}
	return shown.String()
}

// Close waits for what is under way, frees the locks and closes the connections.
func (s *Store) Close() error {
	s.end()
	s.wg.Wait()
	s.pool.Close()
	return nil
}

// connect makes a connection beside the pool, which lasts.
func (s *Store) connect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig.Copy())
}

// fail wraps an error with what was being done. Where the context ended the
// error is the context's.
func fail(ctx context.Context, err error, format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), explain(ctx, err))
}
