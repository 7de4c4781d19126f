// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command buildspeed measures how quickly the site is written, and has Hugo write
// as many pages of the same data in the same run: it makes a registry of generated
// entries, has allmende build write the site in both languages, changes one entry of
// a hundred and has it go on, twice, then has it go on where nothing changed. Hugo gets the
// entries as JSON, makes a page of each in both languages, one of its history, and
// lists by publisher, region, category and licence; see hugo/. It prints a table in
// Markdown with pages, time, processor time and peak memory.
//
//	go run ./tools/buildspeed [-n 20000] [-rounds 1] [-hugo PATH] [-dir DIR]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite" //nolint:depguard // the registry of the program that is measured
)

func main() {
	var m measurement
	flag.IntVar(&m.n, "n", 20_000, "entries")
	flag.IntVar(&m.rounds, "rounds", 1, "rounds, each from the beginning")
	flag.StringVar(&m.hugo, "hugo", "", "Hugo to measure beside; without it ours alone is measured")
	flag.StringVar(&m.dir, "dir", "", "folder to work in, which is left there; a temporary one where empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := m.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "buildspeed:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to be done
	}
}

type measurement struct {
	n, rounds          int
	hugo, dir          string
	binary, db, config string
}

func (m *measurement) run(ctx context.Context) (err error) {
	if m.dir == "" {
		if m.dir, err = os.MkdirTemp("", "buildspeed"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(m.dir) }()
	}
	m.binary, m.db, m.config = filepath.Join(m.dir, "allmende"), filepath.Join(m.dir, "registry.db"), filepath.Join(m.dir, "allmende.yml")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", m.binary, "./cmd/allmende").CombinedOutput(); err != nil { //nolint:gosec // our own program
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	if err := os.WriteFile(m.config, []byte("store: sqlite:"+m.db+"\nbaseURL: https://example.org/\n"), 0o600); err != nil {
		return err
	}
	fmt.Printf("%d entries, %d processors, %s\n\n| | pages | seconds | pages/s | processor, s | memory, MB |\n| --- | --- | --- | --- | --- | --- |\n", m.n, runtime.NumCPU(), runtime.Version())
	for range m.rounds {
		if err := m.round(ctx); err != nil {
			return err
		}
	}
	return nil
}

// round builds everything once. The entries are put anew, so that each round
// changes the same.
func (m *measurement) round(ctx context.Context) error {
	site := filepath.Join(m.dir, "site")
	for _, old := range []string{m.db, m.db + ".index", site, filepath.Join(m.dir, ".site.allmende-next")} {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	if err := m.inStore(ctx, func(s *sqlite.Store) error { return registrytest.Populate(ctx, s, m.n) }); err != nil {
		return err
	}
	if m.hugo != "" {
		if err := m.inStore(ctx, func(s *sqlite.Store) error { return writeHugo(ctx, s, filepath.Join(m.dir, "hugo")) }); err != nil {
			return err
		}
		err := m.measure(ctx, "Hugo", m.hugo, "--source", filepath.Join(m.dir, "hugo"), "--destination", filepath.Join(m.dir, "hugo-site"), "--cleanDestinationDir", "--quiet")
		if err != nil {
			return err
		}
	}
	for _, step := range []struct {
		name   string
		change func(*sqlite.Store) error
	}{
		{"all", nil},
		{"1 % changed", func(s *sqlite.Store) error { return m.change(ctx, s) }},
		{"1 % changed again", func(s *sqlite.Store) error { return m.change(ctx, s) }},
		{"nothing changed", nil},
	} {
		if step.change != nil {
			if err := m.inStore(ctx, step.change); err != nil {
				return err
			}
		}
		if err := m.measure(ctx, step.name, m.binary, "build", "--config", m.config, "--out", site, "--json"); err != nil {
			return err
		}
	}
	return nil
}

func (m *measurement) inStore(ctx context.Context, do func(*sqlite.Store) error) error {
	store, err := sqlite.Open(ctx, m.db)
	if err != nil {
		return err
	}
	return errors.Join(do(store), store.Close())
}

// change writes another short text into every hundredth entry.
func (m *measurement) change(ctx context.Context, store *sqlite.Store) error {
	i := 0
	var changed []*registry.Software
	for s, err := range store.All(ctx) {
		if err != nil {
			return err
		}
		if i++; i%100 == 0 {
			d := s.PublicCode.Description["de"]
			d.ShortDescription = "Neu gefasst: " + d.ShortDescription
			s.PublicCode.Description["de"] = d
			changed = append(changed, s)
		}
	}
	for _, s := range changed {
		if _, err := store.Put(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// measure runs a command and prints its row of the table.
func (m *measurement) measure(ctx context.Context, name, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // ours, or what the caller named
	cmd.Stderr = os.Stderr
	begin := time.Now()
	out, err := cmd.Output()
	took := time.Since(begin).Seconds()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	var report struct{ Pages int }
	if json.Unmarshal(out, &report) != nil { // Hugo's
		if report.Pages, err = countPages(filepath.Join(m.dir, "hugo-site")); err != nil {
			return err
		}
	}
	used := cmd.ProcessState
	memory := int64(0)
	if r, ok := used.SysUsage().(*syscall.Rusage); ok {
		memory = r.Maxrss >> 10
	}
	fmt.Printf("| %s | %d | %.1f | %.0f | %.1f | %d |\n", name, report.Pages, took, float64(report.Pages)/took, (used.UserTime() + used.SystemTime()).Seconds(), memory)
	return nil
}
