// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"os"
	"slices"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

func crawlCommand() *cobra.Command {
	var configFile string
	var asJSON, verbose bool
	cmd := &cobra.Command{
		Use:   "crawl --config FILE",
		Short: "Visit every configured source once and write what is found to the registry",
		Long: `Visit every configured source once: list its repositories, read their
publiccode.yml and write entries, raw files and the crawl log to the registry.

What has not changed since the last sweep is not read again, and one that was cut
off is gone on with. One broken source or repository never stops the others.
Nothing is removed the first time it is missing: an entry goes when two sweeps in
a row did not find its repository.

Exit codes: 0 all sources were read; 2 unusable configuration; 3 some source or
repository could not be read (named in the summary); 4 any other failure.`,
		Example: "  allmende crawl --config allmende.yml\n  allmende crawl --config allmende.yml --json | jq .entries",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			progress := newProgress(cmd.ErrOrStderr(), verbose)
			sum, err := crawl(cmd.Context(), cfg, nil, progress)
			progress.done()
			if sum != nil {
				if asJSON {
					err = cmp.Or(err, json.NewEncoder(cmd.OutOrStdout()).Encode(sum))
				} else {
					sum.print(cmd.OutOrStdout())
				}
			}
			if errors.Is(err, context.Canceled) {
				return errors.New("stopped before the end; what was read is in the registry, and the next crawl goes on from there")
			}
			if err != nil {
				return err
			}
			if len(sum.Failures) > 0 {
				return &exitError{code: exitPartial}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as one JSON object on standard output")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "log every request that is repeated and every source")
	return cmd
}

// sweepSummary is what crawl prints.
type sweepSummary struct {
	crawler.Summary
	Requests map[string]int `json:"requests"` // by host
	Seconds  float64        `json:"seconds"`
}

// crawl runs one sweep. The summary is nil where there was none.
func crawl(ctx context.Context, cfg *config, standIns map[string]string, progress *progress) (*sweepSummary, error) {
	started := time.Now()
	forges, err := newForges(cfg, standIns, progress.log)
	if err != nil {
		return nil, err
	}
	sources, err := newSources(cfg, forges, progress.log)
	if err != nil {
		return nil, usageError(err)
	}
	store, err := openStore(ctx, cfg.Store)
	if err != nil {
		return nil, err
	}
	sources.documents = store
	all := sources.all(ctx)
	c := newCrawler(store, forges, progress.log)
	c.Sources, c.Progress = all, progress.show
	sum, err := c.Sweep(ctx, all)
	if err == nil {
		err = recordDay(ctx, store, time.Now())
	}
	if err == nil {
		keepIndex(ctx, store, cfg.Store, progress.log)
	}
	err = cmp.Or(err, store.Close())
	if errors.Is(err, registry.ErrLocked) {
		return nil, err
	}
	sum.Failures = append(slices.Clone(sources.failures), sum.Failures...)
	if sum.Failures == nil {
		sum.Failures = []crawler.Failure{}
	}
	return &sweepSummary{
		Summary:  sum,
		Requests: forges.client.Requests(),
		Seconds:  math.Round(time.Since(started).Seconds()*1000) / 1000,
	}, err
}

// newCrawler makes the crawler over a store.
func newCrawler(store crawler.Store, forges *forges, log *slog.Logger) *crawler.Crawler {
	return &crawler.Crawler{Store: store, Getter: forges.client, Domains: forges.domains, Log: log}
}

func (s *sweepSummary) print(w io.Writer) {
	fmt.Fprintf(w, "repositories  %d\n", s.Repositories)
	fmt.Fprintf(w, "entries       %d (%d new, %d changed, %d unchanged), %d gone\n", s.Entries, s.New, s.Changed, s.Unchanged, s.Gone)
	files := "files"
	if s.Unreadable == 1 {
		files = "file"
	}
	fmt.Fprintf(w, "              %d incomplete, %d %s unreadable\n", s.Incomplete, s.Unreadable, files)
	fmt.Fprintf(w, "no entries    %d technical forks, %d other locations of entries\n", s.Forks, s.Locations)
	fmt.Fprintf(w, "findings      %d errors, %d warnings, %d advice\n", s.Findings.Error, s.Findings.Warning, s.Findings.Advice)
	if s.Pending > 0 {
		fmt.Fprintf(w, "SBOMs         of %d entries the forge allows only later; the next crawl asks for them\n", s.Pending)
	}
	for _, host := range slices.Sorted(maps.Keys(s.Requests)) {
		fmt.Fprintf(w, "requests      %d to %s\n", s.Requests[host], host)
	}
	fmt.Fprintf(w, "duration      %s\n", time.Duration(s.Seconds*float64(time.Second)).Round(time.Millisecond))
	for _, f := range s.Failures {
		fmt.Fprintf(w, "FAILED        %s: %s\n", f.Source, f.Error)
	}
}

// progress shows how far a sweep is: one line that changes on a terminal, log
// lines otherwise.
type progress struct {
	w     io.Writer
	live  bool
	log   *slog.Logger
	shown time.Time
}

func newProgress(w io.Writer, verbose bool) *progress {
	p := &progress{w: w}
	if f, ok := w.(*os.File); ok {
		p.live = isatty.IsTerminal(f.Fd())
	}
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	p.log = slog.New(slog.NewTextHandler(&aboveLine{p}, &slog.HandlerOptions{Level: level}))
	return p
}

// show is called with the sweep's counts, one call at a time.
func (p *progress) show(s crawler.Summary) {
	if !p.live || time.Since(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.w, "\r\x1b[K%d repositories, %d entries, %d failures", s.Repositories, s.Entries, len(s.Failures))
}

func (p *progress) done() {
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// aboveLine writes log lines over the changing line.
type aboveLine struct{ p *progress }

func (a *aboveLine) Write(line []byte) (int, error) {
	a.p.done()
	return a.p.w.Write(line)
}
