// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

// retentionConfig says how long what is over is kept.
type retentionConfig struct {
	History period `yaml:"history"`
	Visits  period `yaml:"visits"`
	Removed period `yaml:"removed"`
}

// period is a number of years, months or days, written 5y, 18m or 90d; "" is for
// good.
type period string

// The bounds of a period: what is over for less than a month may still be waited
// for, as the crawl of a source is.
const (
	minPeriodDays = 30
	maxPeriodDays = 100 * 365
)

var periodPattern = regexp.MustCompile(`^([0-9]{1,5})([ymd])$`)

// parts are the years, months and days of a period.
func (p period) parts() (years, months, days int, err error) {
	m := periodPattern.FindStringSubmatch(string(p))
	if m == nil {
		return 0, 0, 0, fmt.Errorf("must be a number of years, months or days, such as 5y, 18m or 90d, not %q", string(p))
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, 0, 0, err
	}
	length := 0
	switch m[2] {
	case "y":
		years, length = n, 365
	case "m":
		months, length = n, 30
	case "d":
		days, length = n, 1
	}
	if n*length < minPeriodDays || n*length > maxPeriodDays {
		err = fmt.Errorf("must be from %dd to %dy, not %s", minPeriodDays, maxPeriodDays/365, string(p))
	}
	return years, months, days, err
}

// before is the moment a period before another one; the zero time where it is for
// good.
func (p period) before(now time.Time) time.Time {
	years, months, days, err := p.parts()
	if err != nil {
		return time.Time{} // "", as checked
	}
	return now.AddDate(-years, -months, -days)
}

func (c retentionConfig) at(now time.Time) registry.Retention {
	return registry.Retention{History: c.History.before(now), Visits: c.Visits.before(now), Removed: c.Removed.before(now)}
}

func pruneCommand() *cobra.Command {
	var configFile string
	var dry bool
	cmd := &cobra.Command{
		Use:   "prune --config FILE",
		Short: "Drop what the configuration does not keep any longer",
		Long: `Drop for good what the key retention of the configuration does not keep any
longer: former states of entries, the content of entries that were removed, lines of
the crawl log without an entry, and the raw files that only these rest on. The change
log, former addresses, statistics and dossiers stay. Others may crawl and serve
meanwhile. A server that crawls, and a worker, does so once a day by itself.`,
		Example: "  allmende prune --config allmende.yml --dry-run",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			if cfg.Retention == (retentionConfig{}) {
				return usageError(errors.New("the configuration keeps everything for good; say under retention how long to keep what"))
			}
			done, err := prune(cmd.Context(), store, cfg.Retention, time.Now(), dry)
			verb := "dropped"
			if dry {
				verb = "would drop"
			}
			if err == nil || done != (registry.Pruned{}) {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %d former states of entries, the content of %d removed entries, %d visits, %d files\n",
					verb, done.Revisions, done.Entries, done.Visits, done.Files)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say how much it would be")
	return cmd
}

// pruneLock keeps two processes from doing the same work.
const pruneLock = "prune"

func prune(ctx context.Context, store registry.Store, keep retentionConfig, now time.Time, dry bool) (registry.Pruned, error) {
	unlock, err := store.Lock(ctx, pruneLock)
	if err != nil {
		return registry.Pruned{}, err
	}
	defer unlock()
	r := keep.at(now)
	r.DryRun = dry
	return store.Prune(ctx, r)
}

// crawledLately reports whether a source was crawled within the shortest period by
// this machine's clock, or none ever. Else the clock may be ahead.
func crawledLately(ctx context.Context, store registry.Store, now time.Time) (bool, error) {
	ever := false
	for state, err := range store.SourceStates(ctx) {
		if err != nil || now.Sub(state.Started) < minPeriodDays*24*time.Hour {
			return err == nil, err
		}
		ever = true
	}
	return !ever, nil
}

// pruneDaily drops what a configuration does not keep, at once and then every day
// until the context ends, of several processes one. What fails is logged, and tried
// again the next day. It drops nothing where no source was crawled lately.
func pruneDaily(ctx context.Context, store registry.Store, keep retentionConfig, log *slog.Logger) {
	if keep == (retentionConfig{}) {
		return
	}
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		var done registry.Pruned
		now := time.Now()
		lately, err := crawledLately(ctx, store, now)
		if lately {
			done, err = prune(ctx, store, keep, now, false)
		}
		switch {
		case err == nil && !lately:
			log.Warn("nothing is pruned: by this machine's clock no source was crawled for a month; see that it is right", "clock", now)
		case errors.Is(err, registry.ErrLocked), ctx.Err() != nil: // another one does it, or this one ends
		case err != nil:
			log.Error("what is kept no longer was not dropped, or not all of it; tried again tomorrow", "error", err)
		case done != registry.Pruned{}:
			log.Info("pruned", "states", done.Revisions, "removed", done.Entries, "visits", done.Visits, "files", done.Files)
		}
		select {
		case <-day.C:
		case <-ctx.Done():
			return
		}
	}
}
