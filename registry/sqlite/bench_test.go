// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// BenchmarkCrawlLog measures what a crawl of 100,000 repositories writes to and
// reads from the log: one operation is one visit, one page of 100, or the whole
// log.
func BenchmarkCrawlLog(b *testing.B) {
	const repositories, page = 100_000, 100
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "allmende.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // thrown away
	pages := make([][]*registry.Visit, repositories/page)
	seen := make([][]registry.ID, len(pages))
	for i := range pages {
		for j := range page {
			// A forge lists in an order that is not that of the names.
			v := &registry.Visit{
				Repo:   registry.ID(fmt.Sprintf("forge.example/owner-%03d/repository-%d", j*7+i%7, i)),
				Source: fmt.Sprint("https://forge.example/", i%100), ForgeID: fmt.Sprint(i*page + j),
				Version: "0123456789abcdef0123456789abcdef", Analyser: 7, Time: time.Now(),
				Outcome: registry.NoFile, Detail: "no publiccode.yml at the root of the default branch",
			}
			switch {
			case j%10 == 0:
				v.Outcome, v.Detail, v.Findings = registry.Entry, "", registrytest.Software("", "").Findings
			case j == 1:
				v.Outcome, v.Detail = registry.TechnicalFork, "a fork"
			}
			pages[i] = append(pages[i], v)
			seen[i] = append(seen[i], v.Repo)
		}
	}
	again := func(v *registry.Visit) *registry.Visit {
		v.Time = v.Time.Add(time.Second)
		return v
	}
	putPage := func(b *testing.B, i int) {
		for _, v := range pages[i%len(pages)] {
			again(v)
		}
		if err := s.PutVisits(b.Context(), pages[i%len(pages)]); err != nil {
			b.Fatal(err)
		}
	}
	start := time.Now()
	for i := range pages {
		putPage(b, i)
	}
	b.Logf("first PutVisits of %d pages of %d: %.0f pages/s", len(pages), page, float64(len(pages))/time.Since(start).Seconds())

	perPage := func(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s") }
	b.Run("PutVisit", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if err := s.PutVisit(b.Context(), again(pages[i%len(pages)][i/len(pages)%page])); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("PutVisits", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			putPage(b, i)
		}
		perPage(b)
	})
	b.Run("Checkpoint", func(b *testing.B) {
		state := &registry.SourceState{Source: "https://forge.example"}
		for i := 0; b.Loop(); i++ {
			state.Started = time.Now()
			if err := s.Checkpoint(b.Context(), state, seen[i%len(seen)]); err != nil {
				b.Fatal(err)
			}
		}
		perPage(b)
	})
	b.Run("Visit", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := s.Visit(b.Context(), seen[i%len(seen)][i/len(seen)%page]); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, list := range []struct {
		name, source string
		outcomes     []registry.Outcome
		want         int
	}{
		{"all", "", nil, repositories},
		{"one source", "https://forge.example/7", nil, repositories / 100},
		{"two outcomes", "", []registry.Outcome{registry.Entry, registry.TechnicalFork}, repositories * 11 / 100},
		{"one source and two outcomes", "https://forge.example/7", []registry.Outcome{registry.Entry, registry.TechnicalFork}, repositories * 11 / 10000},
	} {
		b.Run("Visits of "+list.name, func(b *testing.B) {
			for b.Loop() {
				n := 0
				for _, err := range s.Visits(b.Context(), list.source, list.outcomes...) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != list.want {
					b.Fatalf("%d visits, want %d", n, list.want)
				}
			}
		})
	}
}

// BenchmarkPut measures entries in a registry that has 5,000 of them; one
// operation is one entry.
func BenchmarkPut(b *testing.B) {
	const entries = 5000
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "allmende.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // thrown away
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
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	for range entries {
		put(b, entry(int(next.Add(1)), 0))
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			put(b, entry(int(next.Add(1)), 0))
		}
	})
	b.Run("new, 24 at once", func(b *testing.B) {
		b.SetParallelism(24 / runtime.GOMAXPROCS(0))
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				put(b, entry(int(next.Add(1)), 0))
			}
		})
	})
	b.Run("changed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			put(b, entry(1+i%entries, 1+i/entries))
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		software := entry(1, 0)
		put(b, software)
		for b.Loop() {
			put(b, software)
		}
	})
	b.Run("Get", func(b *testing.B) {
		ids := make([]registry.ID, entries)
		for i := range ids {
			ids[i] = entry(1+i, 0).ID
		}
		for i := 0; b.Loop(); i++ {
			if _, err := s.Get(b.Context(), ids[i%entries]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
