// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite_test

import (
	"fmt"
	"path/filepath"
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
	putPage := func(b *testing.B, i int) {
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
			if err := s.PutVisit(b.Context(), pages[i%len(pages)][i/len(pages)%page]); err != nil {
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

func BenchmarkPut(b *testing.B) {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "allmende.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // thrown away
	for i := 0; b.Loop(); i++ {
		software := registrytest.Software(registry.ID(fmt.Sprint("forge.example/a/", i)), fmt.Sprint(i))
		software.Files[0].Bytes = fmt.Appendf(nil, "name: Deichbuch %d\n", i)
		if _, err := s.Put(b.Context(), software); err != nil {
			b.Fatal(err)
		}
	}
}
