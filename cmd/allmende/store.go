// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// store keeps the catalogue, what is beside it, and what is to be done.
type store interface {
	registry.Store
	registry.Documents
	registry.Queue
}

// stores open a registry at an address, by the address's scheme. Opening brings
// the schema up to date, and makes what is missing.
var stores = map[string]func(ctx context.Context, address string) (store, error){
	"sqlite": func(ctx context.Context, address string) (store, error) {
		return sqlite.Open(ctx, sqlitePath(address))
	},
	"postgres":   func(ctx context.Context, address string) (store, error) { return postgres.Open(ctx, address) },
	"postgresql": func(ctx context.Context, address string) (store, error) { return postgres.Open(ctx, address) },
}

// storeForm says what an address may look like.
const storeForm = "sqlite:PATH, such as sqlite:data/allmende.db, or postgres://USER@HOST/DATABASE"

// checkStore reports an address that openStore does not know.
func checkStore(address string) error {
	scheme, rest, _ := strings.Cut(address, ":")
	if stores[scheme] == nil || rest == "" {
		return fmt.Errorf("store must be %s, not %q", storeForm, storeName(address))
	}
	if strings.HasPrefix(scheme, "postgres") {
		if err := postgres.CheckAddress(address); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	}
	return nil
}

// openStore opens the registry at an address such as sqlite:data/allmende.db.
func openStore(ctx context.Context, address string) (store, error) {
	if err := checkStore(address); err != nil {
		return nil, usageError(err)
	}
	scheme, _, _ := strings.Cut(address, ":")
	return stores[scheme](ctx, address)
}

// openExisting opens a registry that must be there already: opening a file makes
// one.
func openExisting(ctx context.Context, address string) (store, error) {
	if path := sqlitePath(address); path != address {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, usageError(fmt.Errorf("there is no registry at %s yet; fill it with 'allmende crawl' or 'allmende serve'", path))
		}
	}
	return openStore(ctx, address)
}

// sqlitePath is the path of a database file, the address itself where it is none
// of SQLite. A relative one is taken from the working directory.
func sqlitePath(address string) string {
	path, ok := strings.CutPrefix(address, "sqlite:")
	if !ok {
		return address
	}
	return filepath.FromSlash(path)
}

// storeName is an address without what is secret in it, for messages.
func storeName(address string) string {
	if sqlitePath(address) != address {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		scheme, _, _ := strings.Cut(address, ":")
		return scheme + ":"
	}
	u.RawQuery, u.Fragment = "", "" // may have a password too
	return u.Redacted()
}
