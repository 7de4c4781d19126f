// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
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
	var configFile, lang string
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use:   "reuse --config FILE",
		Short: "Count which states use what of which others",
		Long: `Count the entries of each state that are used at others, as far as organisations
confirm it in public and for today: who publishes what somebody else uses, and who
uses what of others. What usedBy claims is not counted, nor what is restricted; how
the numbers are come by is written in docs/reuse.md.`,
		Example: `  allmende reuse --config allmende.yml
  allmende reuse --config allmende.yml --csv > reuse.csv`,
		Args: noArgs,
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
			counted, err := registry.CountReuse(cmd.Context(), store, time.Now())
			if err != nil {
				return err
			}
			switch out := cmd.OutOrStdout(); {
			case asJSON:
				return json.NewEncoder(out).Encode(counted.Numbers())
			case asCSV:
				return registry.WriteReuseCSV(out, counted)
			default:
				return printReuse(out, counted, lang)
			}
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON: the numbers of each place, and of each pair that has any")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV: a line a place, a column for each that uses its entries")
	languageFlag(cmd, &lang)
	return cmd
}

// reuseWords are what the text of reuse says, by language.
var reuseWords = map[string]struct{ head, all, pairs, claims, none, how string }{
	"de": {
		head: "Land\tVeröffentlicht\tAnderswo genutzt\tIm Land genutzt\tNutzt von anderen\tOrganisationen", all: "Zusammen",
		pairs: "Veröffentlicht von\tGenutzt von\tEinträge", claims: "Nicht gezählt: %d Angaben in usedBy, in %d Einträgen.\n",
		none: "Noch hat keine Organisation bestätigt, dass sie Software anderer nutzt.",
		how:  "Bestätigte Nutzung am %s. Was fehlt, ist nicht bekannt; zur Zählweise siehe docs/reuse.md.\n",
	},
	"en": {
		head: "State\tPublished\tUsed elsewhere\tUsed within\tUses from others\tOrganisations", all: "Together",
		pairs: "Published by\tUsed by\tEntries", claims: "Not counted: %d names in usedBy, in %d entries.\n",
		none: "No organisation has confirmed yet that it uses software of others.",
		how:  "Confirmed use on %s. What is missing is not known; see docs/reuse.md for how it is counted.\n",
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
