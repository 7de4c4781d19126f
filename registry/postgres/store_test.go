// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func open(t *testing.T, address string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func errorSays(err error, want string) bool { return err != nil && strings.Contains(err.Error(), want) }

// openIn opens the store that belongs to a folder, for tests of several
// processes: the folder has its address.
func openIn(t *testing.T, dir string) *postgres.Store {
	t.Helper()
	path := filepath.Join(dir, "address")
	address, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		address = []byte(postgrestest.Address(t))
		err = os.WriteFile(path, address, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return open(t, string(address))
}

func TestStore(t *testing.T) {
	registrytest.TestStore(t, func(t *testing.T) registry.Store { return open(t, postgrestest.Address(t)) })
}

func TestDocuments(t *testing.T) {
	registrytest.TestDocuments(t, func(t *testing.T) registry.Documents { return open(t, postgrestest.Address(t)) })
}

func TestDurable(t *testing.T) {
	registrytest.TestDurable(t, func(t *testing.T, dir string) registry.Store { return openIn(t, dir) })
}

func TestLock(t *testing.T) {
	registrytest.TestLock(t, func(t *testing.T, dir string) registry.Store { return openIn(t, dir) })
}

func TestQueue(t *testing.T) {
	registrytest.TestQueue(t, func(t *testing.T, dir string) registrytest.Queue { return openIn(t, dir) })
}

func TestQueueCrash(t *testing.T) {
	postgrestest.Server(t) // of all the processes
	registrytest.TestQueueCrash(t, func(t *testing.T, dir string) registrytest.Queue { return openIn(t, dir) })
}

func TestCrash(t *testing.T) {
	postgrestest.Server(t) // of all the processes
	registrytest.TestCrash(t, func(t *testing.T, dir string) registry.Store {
		address, err := os.ReadFile(filepath.Join(dir, "address"))
		if err != nil {
			return openIn(t, dir)
		}
		// The server may still be at what the process that was killed asked for.
		schema := postgrestest.Query(t, string(address), "SELECT current_schema()")
		terminate(t, string(address), schema, "")
		return open(t, postgrestest.With(t, string(address), "application_name", schema))
	})
}
