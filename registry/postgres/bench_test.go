// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// BenchmarkStores measures both stores beside one another: 10,000 entries are put,
// then one operation is one entry, one page of 100 visits, or all entries.
func BenchmarkStores(b *testing.B) {
	for _, store := range []struct {
		name string
		open func(b *testing.B) (registry.Store, error)
	}{
		{"sqlite", func(b *testing.B) (registry.Store, error) {
			return sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "allmende.db"))
		}},
		{"postgres", func(b *testing.B) (registry.Store, error) {
			return postgres.Open(b.Context(), postgrestest.Address(b))
		}},
	} {
		b.Run(store.name, func(b *testing.B) {
			s, err := store.open(b)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close() //nolint:errcheck // thrown away
			benchmarkStore(b, s)
		})
	}
}

func benchmarkStore(b *testing.B, s registry.Store) {
	const entries, page = 10_000, 100
	entry := func(i, version int) *registry.Software {
		software := registrytest.Software(registry.ID(fmt.Sprintf("forge.example/owner-%03d/%d", i%997, i)), fmt.Sprint(i))
		software.Repository.Stars = version
		software.Files[0].Bytes = fmt.Appendf(nil, "name: Deichbuch %d\n", i)
		for _, name := range []string{"LICENSE", "README.md", "sbom.json"} {
			software.Files = append(software.Files, registry.File{
				Path: name, Commit: "0123abcd", Bytes: bytes.Repeat(fmt.Appendf(nil, "%s %d %d\n", name, i, version), 100),
			})
		}
		return software
	}
	put := func(b *testing.B, software *registry.Software) {
		if _, err := s.Put(b.Context(), software); err != nil {
			b.Error(err)
		}
	}
	var next atomic.Int64
	fill := func(n, writers int) {
		start := time.Now()
		until := next.Load() + int64(n)
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for i := next.Add(1); i <= until; i = next.Add(1) {
					put(b, entry(int(i), 0))
				}
			})
		}
		all.Wait()
		next.Store(until)
		b.Logf("Put of %d new entries, %d at once: %.0f/s", n, writers, float64(n)/time.Since(start).Seconds())
	}
	fill(entries/2, 1)
	fill(entries/2, 24)
	b.Run("Put changed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			put(b, entry(1+i%entries, 1+i/entries))
		}
	})
	b.Run("Put unchanged", func(b *testing.B) {
		software := entry(entries, 0)
		for b.Loop() {
			put(b, software)
		}
	})
	b.Run("Get", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := s.Get(b.Context(), registry.ID(fmt.Sprintf("forge.example/owner-%03d/%d", (1+i%entries)%997, 1+i%entries))); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Rev", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Rev(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("All", func(b *testing.B) {
		n := 0
		for b.Loop() {
			for _, err := range s.All(b.Context()) {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
	})
	b.Run("PutVisits", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			visits := make([]*registry.Visit, page)
			for j := range visits {
				visits[j] = &registry.Visit{
					Repo:   registry.ID(fmt.Sprintf("forge.example/owner-%03d/repository-%d", j*7+i%7, i%100)),
					Source: fmt.Sprint("https://forge.example/", i%100), ForgeID: fmt.Sprint(i*page + j), Version: "0123456789abcdef",
					Analyser: 7, Time: time.Now(), Outcome: registry.NoFile, Detail: "no publiccode.yml at the root of the default branch",
				}
			}
			if err := s.PutVisits(b.Context(), visits); err != nil {
				b.Fatal(err)
			}
		}
	})
}
