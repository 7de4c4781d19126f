// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

func statsCommand() *cobra.Command {
	var configFile, lang string
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use:   "stats --config FILE",
		Short: "Show the statistics of the catalogue, a line a day",
		Long: `Show what the catalogue was like at the end of each day on which it was crawled:
entries, how many of them incomplete, and how many were new, changed and removed.
--csv and --json have the entries by region, licence, licence verdict, development
status and finding besides, and who uses what of whom ('allmende reuse' has that alone).`,
		Example: "  allmende stats --config allmende.yml --csv > stats.csv",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			if asJSON && asCSV {
				return usageError(errors.New("--json or --csv, not both"))
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			days := []*registry.Day{}
			for d, err := range store.Days(cmd.Context(), "", "") {
				if err != nil {
					return err
				}
				days = append(days, d)
			}
			switch out := cmd.OutOrStdout(); {
			case asJSON:
				return json.NewEncoder(out).Encode(days)
			case asCSV:
				return registry.WriteDaysCSV(out, days)
			default:
				return printDays(out, days, lang)
			}
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array of days")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV, a line a day and a column a value")
	languageFlag(cmd, &lang)
	return cmd
}

func numbers(d *registry.Day) []int {
	return []int{d.Entries, d.Incomplete, d.New, d.Changed, d.Removed}
}

func printDays(out io.Writer, days []*registry.Day, lang string) error {
	head := "Day\tEntries\tIncomplete\tNew\tChanged\tRemoved"
	none := "No day is recorded yet; 'allmende crawl' and 'allmende serve' record one with each crawl."
	if lang == "de" {
		head = "Tag\tEinträge\tUnvollständig\tNeu\tGeändert\tEntfernt"
		none = "Noch ist kein Tag aufgezeichnet; „allmende crawl“ und „allmende serve“ tun das mit jedem Durchgang."
	}
	if len(days) == 0 {
		_, err := fmt.Fprintln(out, none)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head)
	for _, d := range days {
		fmt.Fprint(w, d.Date)
		for _, n := range numbers(d) {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// recordDay writes the statistics of the day of now, where the catalogue has
// changed since they were written.
func recordDay(ctx context.Context, store registry.Store, now time.Time) error {
	rev, err := store.Rev(ctx)
	if err != nil {
		return err
	}
	today := now.UTC().Format(time.DateOnly)
	for d, err := range store.Days(ctx, today, today) {
		if err != nil || d.Rev == rev {
			return err
		}
	}
	d, err := registry.CountDay(ctx, store, now)
	if err != nil {
		return err
	}
	return store.PutDay(ctx, d)
}
