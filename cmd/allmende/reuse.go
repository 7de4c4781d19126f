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

func reuseCommand() *cobra.Command {
	var configFile, lang, from, to string
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use:   "reuse --config FILE",
		Short: "Count which states use what of which others",
		Long: `Count the entries of each state that are used at others, as far as organisations
confirm it in public and for today: who publishes what somebody else uses, and who
uses what of others. What usedBy claims is not counted, nor what is restricted; how
the numbers are come by is written in docs/reuse.md.

With --from or --to they are those of each recorded day of the period, as they were
counted then. Days on which reuse was not counted are left out: of these it is not
known.`,
		Example: `  allmende reuse --config allmende.yml
  allmende reuse --config allmende.yml --csv > reuse.csv
  allmende reuse --config allmende.yml --from 2026-01-01 --csv > reuse-2026.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			if asJSON && asCSV {
				return usageError(errors.New("--json or --csv, not both"))
			}
			for _, day := range []string{from, to} {
				if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
					return usageError(fmt.Errorf("%.40q is no day; write it as 2026-01-31", day))
				}
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			if from != "" || to != "" {
				days, err := reuseOver(cmd.Context(), store, from, to)
				if err != nil {
					return err
				}
				switch out := cmd.OutOrStdout(); {
				case asJSON:
					return json.NewEncoder(out).Encode(days)
				case asCSV:
					return registry.WriteReuseCSV(out, days...)
				default:
					return printReuseOver(out, days, lang)
				}
			}
			counted, err := registry.CountReuse(cmd.Context(), store, time.Now())
			if err != nil {
				return err
			}
			switch out := cmd.OutOrStdout(); {
			case asJSON:
				return json.NewEncoder(out).Encode(counted.Numbers())
			case asCSV:
				return registry.WriteReuseCSV(out, counted.Numbers())
			default:
				return printReuse(out, counted, lang)
			}
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&from, "from", "", "first `day` of a period, 2026-01-31: print its recorded days")
	cmd.Flags().StringVar(&to, "to", "", "last `day` of a period")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON: the numbers of each place, and of each pair that has any")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV: a line a place (and day), a column for each that uses its entries")
	languageFlag(cmd, &lang)
	return cmd
}

// reuseOver are the numbers of the days of a period on which they were counted;
// an end that is "" is open.
func reuseOver(ctx context.Context, store registry.Store, from, to string) ([]registry.ReuseNumbers, error) {
	days := []registry.ReuseNumbers{}
	for d, err := range store.Days(ctx, from, to) {
		if err != nil {
			return nil, err
		}
		if d.Reuse != nil {
			days = append(days, *d.Reuse)
		}
	}
	return days, nil
}

// printReuseOver prints the sums over all places, a line a day.
func printReuseOver(out io.Writer, days []registry.ReuseNumbers, lang string) error {
	words := reuseWords[lang]
	if len(days) == 0 {
		_, err := fmt.Fprintln(out, words.noDay)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, words.days)
	for _, d := range days {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", d.Day, d.Total.Published, d.Total.Shared, d.Total.Within, d.Total.Users)
	}
	return w.Flush()
}

// reuseWords are what the text of reuse says, by language.
var reuseWords = map[string]struct{ head, all, pairs, claims, none, how, days, noDay string }{
	"de": {
		head: "Land\tVeröffentlicht\tAnderswo genutzt\tIm Land genutzt\tNutzt von anderen\tOrganisationen", all: "Zusammen",
		pairs: "Veröffentlicht von\tGenutzt von\tEinträge", claims: "Nicht gezählt: %d Angaben in usedBy, in %d Einträgen.\n",
		none:  "Noch hat keine Organisation bestätigt, dass sie Software anderer nutzt.",
		how:   "Bestätigte Nutzung am %s. Was fehlt, ist nicht bekannt; zur Zählweise siehe docs/reuse.md.\n",
		days:  "Tag\tVeröffentlicht\tAnderswo genutzt\tIm Land genutzt\tOrganisationen",
		noDay: "An keinem Tag dieser Zeit ist die Nutzung gezählt worden.",
	},
	"en": {
		head: "State\tPublished\tUsed elsewhere\tUsed within\tUses from others\tOrganisations", all: "Together",
		pairs: "Published by\tUsed by\tEntries", claims: "Not counted: %d names in usedBy, in %d entries.\n",
		none:  "No organisation has confirmed yet that it uses software of others.",
		how:   "Confirmed use on %s. What is missing is not known; see docs/reuse.md for how it is counted.\n",
		days:  "Day\tPublished\tUsed elsewhere\tUsed within\tOrganisations",
		noDay: "Use was counted on no day of that time.",
	},
}

func printReuse(out io.Writer, r *registry.Reuse, lang string) error {
	words, n := reuseWords[lang], r.Numbers()
	fmt.Fprintf(out, words.how+"\n", n.Day)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name string, p registry.PlaceReuse) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", name, p.Published, p.Shared, p.Within, p.Used, p.Users)
	}
	fmt.Fprintln(w, words.head)
	for _, p := range n.Places {
		if p.PlaceReuse != (registry.PlaceReuse{}) {
			line(registry.PlaceName(p.Code, lang), p.PlaceReuse)
		}
	}
	line(words.all, n.Total)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if len(n.Pairs) == 0 {
		fmt.Fprintln(out, words.none)
	} else {
		fmt.Fprintln(w, words.pairs)
		for _, p := range n.Pairs {
			fmt.Fprintf(w, "%s\t%s\t%d\n", registry.PlaceName(p.PublishedBy, lang), registry.PlaceName(p.UsedBy, lang), p.Entries)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\n"+words.claims, n.Claims, n.Total.Claimed)
	return err
}
