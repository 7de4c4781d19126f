// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command searchspeed measures the search index beside bleve and SQLite's FTS5 in
// the same run: the same generated entries, kinds of questions, page of 20 and
// counts of five facets. Of each question it prints the time in which half of the
// answers and 99 of 100 came, and how many entries were found: FTS5 and bleve have
// no compounds, FTS5 no forms of words and no typing errors.
//
//	go run -C tools/searchspeed . [-n 100000] [-only allmende,bleve,fts5] [-cold FILE]
//
// With -cold it measures in addition how long serve takes to have its index from a
// registry in an SQLite file, which is made with n entries where it is missing.
// Above 200,000 entries are made while they are read, so that the time to build has
// the time to make them in it.
package main

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// engine is what is measured.
type engine interface {
	build(ctx context.Context, entries iter.Seq[*registry.Software]) error
	// search reports how many entries match, having found the page's and the
	// counts of the facets; ok is false where it cannot answer such a question.
	search(ctx context.Context, q registry.Query, page int) (total int, ok bool, err error)
	disk() int64 // bytes
	close() error
}

// engines by the name that -only takes.
var engines = []struct {
	name string
	open func(dir string) (engine, error)
}{
	{"allmende", newAllmende},
	{"bleve", newBleve},
	{"fts5", newFTS5},
}

// kept is up to how many entries are held in memory to be read from there.
const kept = 200_000

const (
	rounds = 200
	// enough time for a kind of question of a slow engine; it is asked 3 times at
	// least.
	enough   = 5 * time.Second
	deepPage = 100
)

func main() {
	n := flag.Int("n", 100_000, "entries")
	only := flag.String("only", "allmende,bleve,fts5", "engines, with commas between")
	cold := flag.String("cold", "", "SQLite file to measure a cold start from")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := measure(ctx, *n, strings.Split(*only, ","))
	if err == nil && *cold != "" {
		err = coldStart(ctx, *cold, *n)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "searchspeed:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to be done
	}
}

// times are of the answers to one kind of question; nil where there were none.
type times struct {
	all   []time.Duration
	found int // on average
}

func (t *times) String() string {
	if t == nil {
		return "-\t-\t-"
	}
	slices.Sort(t.all)
	return fmt.Sprintf("%.3f\t%.3f\t%d", ms(t.all[len(t.all)/2]), ms(t.all[len(t.all)*99/100]), t.found)
}

func measure(ctx context.Context, n int, names []string) error {
	fmt.Printf("%d entries, %d processors, %s; load before: %s\n\n", n, runtime.GOMAXPROCS(0), runtime.Version(), load())
	entries := registrytest.Realistic(n)
	if n <= kept {
		entries = slices.Values(slices.Collect(entries))
	}
	questions := registrytest.AllQuestions()
	deep := registrytest.Questions{Kind: "deep page"}
	for _, q := range []registry.Query{{}, {Text: "Verwaltung"}, {Sort: registry.ByUpdated}} {
		q.Counted = registrytest.FiveFacets()
		deep.Queries = append(deep.Queries, q)
	}
	questions = append(questions, deep)

	table := make([][]*times, len(questions))
	var heads, made []string
	for _, e := range engines {
		if !slices.Contains(names, e.name) {
			continue
		}
		dir, err := os.MkdirTemp("", "searchspeed")
		if err != nil {
			return err
		}
		engine, err := e.open(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		before, processor, start := heap(), processorTime(), time.Now()
		if err := engine.build(ctx, entries); err != nil {
			return fmt.Errorf("%s: build: %w", e.name, err)
		}
		built, processor := time.Since(start), processorTime()-processor
		memory := heap() - before
		made = append(made, fmt.Sprintf("%s\t%.1f\t%.1f\t%d\t%d", e.name, built.Seconds(), processor.Seconds(), memory/int64(n), engine.disk()/int64(n)))
		heads = append(heads, e.name)
		for i, q := range questions {
			page := 0
			if q.Kind == deep.Kind {
				page = deepPage
			}
			t, err := ask(ctx, engine, q.Queries, page)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", e.name, q.Kind, err)
			}
			table[i] = append(table[i], t)
		}
		if err := engine.close(); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}

	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tbuilt in s\tprocessor s\tmemory B an entry\tdisk B an entry\t")
	for _, line := range made {
		fmt.Fprintf(w, "%s\t\n", line)
	}
	fmt.Fprintln(w)
	fmt.Fprint(w, "ms\t")
	for _, name := range heads {
		fmt.Fprintf(w, "%s p50\tp99\tfinds\t", name)
	}
	fmt.Fprintln(w)
	for i, q := range questions {
		fmt.Fprintf(w, "%s\t", q.Kind)
		for _, t := range table[i] {
			fmt.Fprintf(w, "%s\t", t)
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Printf("\nload after: %s\n", load())
	return nil
}

// ask asks each query once to warm up, and then again and again.
func ask(ctx context.Context, e engine, queries []registry.Query, page int) (*times, error) {
	t := &times{}
	for _, q := range queries {
		total, ok, err := e.search(ctx, q, page)
		if err != nil || !ok {
			return nil, err
		}
		t.found += total / len(queries)
	}
	start := time.Now()
	for round := 0; round < rounds && (round < 3 || time.Since(start) < enough); round++ {
		for _, q := range queries {
			start := time.Now()
			if _, _, err := e.search(ctx, q, page); err != nil {
				return nil, err
			}
			t.all = append(t.all, time.Since(start))
		}
	}
	return t, nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // far below
}

// load is how busy the machine is, for who reads the figures.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}
