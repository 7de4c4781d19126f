// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command apispeed measures how many requests a second the real program answers:
// it fills a registry with generated entries, starts allmende serve with its cache
// of answers and without, both with their log going to a file, and has wrk ask
// them by turns. It prints a table in Markdown: the median of the rounds, the time
// in which half of the answers and 99 of 100 came, the time of processors that the
// server took for a request, which says more than the others where the machine is
// shared, and its memory after each kind of request.
//
//	go run ./tools/apispeed [-n 20000] [-d 5s] [-rounds 3] [-distinct 1000000] [-db FILE]
//
// With -distinct it asks in the end that many queries of which none is like
// another, to see that memory stays bounded. wrk has to be there (Debian: wrk).
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	var m measurement
	flag.IntVar(&m.n, "n", 20_000, "entries")
	flag.DurationVar(&m.duration, "d", 5*time.Second, "how long each kind is asked for in a round")
	flag.IntVar(&m.rounds, "rounds", 3, "rounds; the median counts")
	flag.IntVar(&m.connections, "c", 16, "connections")
	flag.IntVar(&m.distinct, "distinct", 0, "distinct queries to ask in the end")
	flag.StringVar(&m.db, "db", "", "SQLite file to keep the registry in; made where it is missing")
	flag.StringVar(&m.only, "only", "", "kinds of request, with commas between; all where empty")
	flag.StringVar(&m.binary, "binary", "", "program to measure instead of the one that is built here")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := m.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "apispeed:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to be done
	}
}

type measurement struct {
	n, rounds, connections, distinct int
	duration                         time.Duration
	db, only, binary, dir            string
}

// variants are the servers that are measured beside one another.
var variants = []struct{ name, cache string }{{"cache", "64"}, {"no cache", "0"}}

func (m *measurement) run(ctx context.Context) (err error) {
	if _, err := exec.LookPath("wrk"); err != nil {
		return fmt.Errorf("%w; Debian has it in the package wrk", err)
	}
	if m.dir, err = os.MkdirTemp("", "apispeed"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(m.dir) }()
	if m.db == "" {
		m.db = filepath.Join(m.dir, "registry.db")
	}
	if err := fill(ctx, m.db, m.n); err != nil {
		return fmt.Errorf("fill %s: %w", m.db, err)
	}
	if m.binary == "" {
		m.binary = filepath.Join(m.dir, "allmende")
		build := exec.CommandContext(ctx, "go", "build", "-o", m.binary, "./cmd/allmende")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the program: %w\n%s", err, out)
		}
	}
	if err := m.scripts(); err != nil {
		return err
	}
	fmt.Printf("%d entries, %d processors, %s, wrk with one thread and %d connections, %d rounds of %s each; load before: %s\n\n",
		m.n, runtime.NumCPU(), runtime.Version(), m.connections, m.rounds, m.duration, load())
	return m.compare(ctx)
}

// compare asks both variants by turns.
func (m *measurement) compare(ctx context.Context) error {
	results := map[string][]result{} // by variant and kind
	kinds := m.kinds()
	for round := range m.rounds {
		for _, v := range variants {
			s, err := m.start(ctx, v.cache)
			if err != nil {
				return fmt.Errorf("start the server (%s): %w", v.name, err)
			}
			for _, k := range kinds {
				r, err := m.ask(ctx, s, k, round)
				if err != nil {
					s.stop()
					return fmt.Errorf("%s (%s): %w", k.name, v.name, err)
				}
				results[v.name+k.name] = append(results[v.name+k.name], r)
			}
			s.stop()
		}
	}
	heads := "requests/s | p50, ms | p99, ms | processor, µs | memory, MB"
	fmt.Printf("| | %s | without cache: %s | ratio |\n|%s\n", heads, heads, strings.Repeat(" --- |", 12))
	for _, k := range kinds {
		with, without := median(results[variants[0].name+k.name]), median(results[variants[1].name+k.name])
		fmt.Printf("| %s | %s | %s | %.1f |\n", k.name, with, without, with.Rate/without.Rate)
	}
	if m.distinct == 0 {
		return nil
	}
	return m.flood(ctx)
}

// flood asks distinct queries and prints how the memory grows meanwhile.
func (m *measurement) flood(ctx context.Context) error {
	s, err := m.start(ctx, variants[0].cache)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Printf("\n| distinct queries | memory, MB | most so far, MB | requests/s | p99, ms |\n| --- | --- | --- | --- | --- |\n")
	now, most := s.memory()
	fmt.Printf("| 0 | %d | %d | | |\n", now, most)
	for asked := 0; asked < m.distinct; {
		r, err := m.wrk(ctx, s, 20*time.Second, "counted.lua", fmt.Sprint(asked), flooding)
		if err != nil {
			return err
		}
		asked += r.Requests
		now, most := s.memory()
		fmt.Printf("| %d | %d | %d | %.0f | %.1f |\n", asked, now, most, r.Rate, r.P99)
	}
	return nil
}

// result is what wrk found.
type result struct {
	Requests int     `json:"requests"`
	Rate     float64 `json:"rate"` // requests a second
	P50      float64 `json:"p50"`  // milliseconds
	P99      float64 `json:"p99"`
	Failed   int     `json:"failed"` // answers of 400 and above, and requests without one

	processor float64 // of the server for a request, microseconds
	memory    int     // of the server after it, MB
}

func (r result) String() string {
	return fmt.Sprintf("%.0f | %.2f | %.2f | %.0f | %d", r.Rate, r.P50, r.P99, r.processor, r.memory)
}

func median(all []result) result {
	slices.SortFunc(all, func(a, b result) int { return int(a.Rate - b.Rate) })
	return all[len(all)/2]
}

func (m *measurement) ask(ctx context.Context, s *server, k kind, round int) (result, error) {
	args, err := k.prepare(ctx, m, s, round)
	if err != nil {
		return result{}, err
	}
	before := s.processor()
	r, err := m.wrk(ctx, s, m.duration, k.script, args...)
	if err != nil {
		return r, err
	}
	r.processor = float64((s.processor() - before).Microseconds()) / float64(r.Requests)
	r.memory, _ = s.memory()
	return r, nil
}

// wrk runs it with a script that prints a result as JSON in the end.
func (m *measurement) wrk(ctx context.Context, s *server, d time.Duration, script string, args ...string) (r result, err error) {
	call := append([]string{
		"-t1", fmt.Sprint("-c", m.connections), fmt.Sprintf("-d%ds", max(1, int(d.Seconds()))),
		"-s", filepath.Join(m.dir, script), s.address, "--",
	}, args...)
	cmd := exec.CommandContext(ctx, "wrk", call...) //nolint:gosec // what this command put together
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, err
	}
	_, last, ok := strings.Cut(string(out), "RESULT ")
	if !ok {
		return r, fmt.Errorf("wrk said %.500s", out)
	}
	if err := json.Unmarshal([]byte(last), &r); err != nil {
		return r, err
	}
	if r.Failed > 0 {
		return r, fmt.Errorf("%d of %d requests failed", r.Failed, r.Requests)
	}
	return r, nil
}

func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}
