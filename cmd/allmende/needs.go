// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

func needsCommand() *cobra.Command {
	var configFile, lang string
	var restricted, asJSON bool
	cmd := &cobra.Command{
		Use:   "needs [FILE] --config FILE",
		Short: "List what organisations need, and what fits it",
		Long: `List what organisations say in a needs.yml that they need, with the entries that
may be what they look for, the needs of others that are alike, and the wishes that
several have together. Each match has its reason: the words and categories that both
have in common.

With FILE, or - for standard input, it tells the same of a needs.yml that is not
published yet: what is there already, before a tender is written.

What is restricted is listed with --restricted, so mind where the list ends up.`,
		Example: `  allmende needs --config allmende.yml
  allmende needs needs.yml --config allmende.yml --json`,
		Args: atMostOneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			var own *registry.Needs
			if len(args) == 1 {
				if own, err = readNeedsFile(cmd.InOrStdin(), args[0], time.Now()); err != nil {
					return err
				}
			}
			cfg, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			c := &catalogue{store: store, index: search.New(store), snapshot: snapshotPath(cfg.Store)}
			c.loaded(cmd.Context(), slog.New(slog.DiscardHandler), false)
			see := func(*registry.Needs) bool { return restricted }
			board, err := needsBoard(cmd.Context(), c, own, see, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(board)
			}
			return printNeeds(cmd.OutOrStdout(), board, lang)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&restricted, "restricted", false, "also those that are not for everybody")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	languageFlag(cmd, &lang)
	return cmd
}

func atMostOneFile(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError(fmt.Errorf("name one needs.yml, or none; see '%s --help'", cmd.CommandPath()))
	}
	return nil
}

// readNeedsFile reads a needs.yml that is not published.
func readNeedsFile(stdin io.Reader, path string, now time.Time) (*registry.Needs, error) {
	src, err := readPublicCode(stdin, path)
	if err != nil {
		return nil, usageError(err)
	}
	read := adoption.ParseNeeds(src, adoption.Options{Now: now})
	if read.File == nil || len(read.File.Needs) == 0 {
		return nil, &exitError{exitFindings, fmt.Errorf("%s has no need that could be read; 'allmende validate %[1]s' tells why", path)}
	}
	own := &registry.Needs{Needs: read.File.Needs}
	own.Organisation, own.Time = read.File.Organisation, now
	return own, nil
}

// needsBoard is the board, or what it says of the needs of a file alone.
func needsBoard(ctx context.Context, c *catalogue, own *registry.Needs, see func(*registry.Needs) bool, now time.Time) (*registry.Board, error) {
	if own == nil {
		return registry.ReadBoard(ctx, c, see, now)
	}
	all, err := registry.StandingNeeds(ctx, c, see, now)
	if err != nil {
		return nil, err
	}
	mine := func(n registry.BoardNeed) bool { return strings.HasPrefix(n.Key, "#") }
	for _, n := range own.Needs {
		b := own.BoardNeed(n)
		b.Proof = ""
		all = append(all, b)
	}
	board, err := registry.MatchNeeds(ctx, c, all)
	if err != nil {
		return nil, err
	}
	board.Needs = slices.DeleteFunc(board.Needs, func(n registry.BoardNeed) bool { return !mine(n) })
	board.Joint = slices.DeleteFunc(board.Joint, func(j registry.JointNeed) bool {
		return !slices.ContainsFunc(board.Needs, func(n registry.BoardNeed) bool { return n.Joint == j.Key })
	})
	return board, nil
}

// needsWords are the words of the list, by language.
var needsWords = map[string]struct {
	none, by, until, solutions, others, nothing, joint, restricted string
}{
	"de": {
		"Noch steht kein Bedarf offen; wie eine Organisation einen nennt, steht in docs/needs.md.",
		"bis", "offen bis", "Im Verzeichnis:", "Andere mit ähnlichem Bedarf:", "Im Verzeichnis ist nichts gefunden worden, was passt.",
		"Gemeinsame Wünsche:", "eingeschränkt",
	},
	"en": {
		"No need stands open yet; see docs/needs.md for how an organisation names one.",
		"by", "open until", "In the catalogue:", "Others with a need that is alike:", "Nothing in the catalogue was found that fits.",
		"Joint wishes:", "restricted",
	},
}

func printNeeds(out io.Writer, board *registry.Board, lang string) error {
	words := needsWords[lang]
	if len(board.Needs) == 0 {
		_, err := fmt.Fprintln(out, words.none)
		return err
	}
	var failed error
	line := func(format string, args ...any) {
		_, err := fmt.Fprintf(out, format+"\n", args...)
		failed = cmp.Or(failed, err)
	}
	for _, n := range board.Needs {
		facts := []string{printable(n.Organisation.Name)}
		if n.By != "" {
			facts = append(facts, words.by+" "+n.By)
		}
		facts = append(facts, words.until+" "+n.OpenUntil)
		if n.Visibility == adoption.Restricted {
			facts = append(facts, words.restricted)
		}
		line("%s\n  %s", printable(n.Title), strings.Join(facts, ", "))
		switch {
		case len(n.Solutions) > 0:
			line("  %s", words.solutions)
			for _, m := range n.Solutions {
				line("    %s  %s  (%s)", printable(m.Name), m.Software, reasonOf(m))
			}
		case n.Software == "":
			line("  %s", words.nothing)
		default:
			line("  %s", cmp.Or(string(n.Subject), printable(n.Software)))
		}
		if len(n.Others) > 0 {
			line("  %s", words.others)
		}
		for _, m := range n.Others {
			line("    %s  %s  (%s)", printable(m.Name), printable(m.Need), reasonOf(m))
		}
	}
	if len(board.Joint) > 0 {
		line("\n%s", words.joint)
	}
	for _, j := range board.Joint {
		line("  %s: %s%s", printable(j.Title), printable(strings.Join(j.Backers, ", ")), sumsOf(j.Shares))
	}
	return failed
}

// reasonOf is why something fits.
func reasonOf(m registry.NeedMatch) string {
	return printable(strings.Join(append(slices.Clone(m.Words), m.Category...), ", "))
}

// sumsOf writes sums behind what they are for; "" for none.
func sumsOf(sums []adoption.Money) string {
	var list []string
	for _, m := range sums {
		list = append(list, fmt.Sprintf("%d %s", m.Amount, printable(m.Currency)))
	}
	if len(list) == 0 {
		return ""
	}
	return "; " + strings.Join(list, ", ")
}
