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
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

func historyCommand() *cobra.Command {
	var configFile, lang, at, between string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history URL --config FILE",
		Short: "Show what changed in an entry, when, from what to what",
		Long: `List the changes of an entry, the newest first, with the values before and after;
also of the time when it had another address, and of one that is removed. What
the registry wrote before it kept histories begins with its last state.

--at prints the entry as it was, as JSON; --between what differs between two dates.
A date is 2026-11-22, and means the end of that day in UTC, or a moment such as
2026-11-22T08:00:00+01:00.

Exit codes: 0 it is printed; 1 there is no such entry, or there was none at that
date; 2 unusable configuration, address or date; 4 any other failure.`,
		Example: `  allmende history https://github.com/stadt/wahl --config allmende.yml
  allmende history https://github.com/stadt/wahl --config allmende.yml --at 2026-06-30
  allmende history https://github.com/stadt/wahl --config allmende.yml --between 2026-01-01 2026-06-30`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			ask, err := askHistory(args, at, between)
			if err != nil {
				return err
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			err = ask.answer(cmd.Context(), store, cmd.OutOrStdout(), asJSON, lang)
			if errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone) {
				err = &exitError{exitFindings, err}
			}
			return err
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&at, "at", "", "the entry as it was at a `date`")
	cmd.Flags().StringVar(&between, "between", "", "what differs between this `date` and the one that follows")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	languageFlag(cmd, &lang)
	return cmd
}

// historyQuestion is what is asked of the history of an entry: all of it, its
// state at one moment, or what differs between two.
type historyQuestion struct {
	id      registry.ID
	moments []time.Time
}

// askHistory reads the command line. The second date of --between is an argument
// beside the address, whichever comes first.
func askHistory(args []string, at, between string) (ask historyQuestion, err error) {
	wanted, usage := 1, "name one repository by its address; see 'allmende history --help'"
	if between != "" {
		wanted, usage = 2, "--between takes two dates: history URL --between 2026-01-01 2026-06-30"
	}
	if len(args) != wanted || at != "" && between != "" {
		return ask, usageError(errors.New(usage))
	}
	dates := []string{at}
	if between != "" {
		if _, err := moment(args[0]); err == nil {
			args[0], args[1] = args[1], args[0]
		}
		dates = []string{between, args[1]}
	}
	for _, date := range dates {
		if date == "" {
			break
		}
		m, err := moment(date)
		if err != nil {
			return ask, err
		}
		ask.moments = append(ask.moments, m)
	}
	if !slices.IsSortedFunc(ask.moments, time.Time.Compare) {
		return ask, usageError(fmt.Errorf("--between: %s is after %s", dates[0], dates[1]))
	}
	if ask.id, err = registry.ReadID(args[0]); err != nil {
		err = usageError(err)
	}
	return ask, err
}

// moment reads a date, which means the last moment of its day in UTC, or an
// instant of RFC 3339.
func moment(s string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.AddDate(0, 0, 1).Add(-1), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		err = usageError(fmt.Errorf("%q is no date; write 2026-11-22 or 2026-11-22T08:00:00Z", s))
	}
	return t, err
}

func (ask historyQuestion) answer(ctx context.Context, store registry.Store, out io.Writer, asJSON bool, lang string) error {
	revisions, err := changesOf(ctx, store, ask.id)
	var moved *registry.MovedError
	if errors.As(err, &moved) {
		ask.id = moved.To
		revisions, err = changesOf(ctx, store, ask.id)
	}
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	switch {
	case len(ask.moments) == 1:
		software, err := store.At(ctx, ask.id, ask.moments[0])
		if err != nil {
			return err
		}
		return encoder.Encode(software)
	case len(ask.moments) == 2:
		differences, err := ask.differences(ctx, store)
		if err != nil {
			return err
		}
		if asJSON {
			return encoder.Encode(differences)
		}
		printDifferences(out, differences, lang)
	case asJSON:
		return encoder.Encode(entryHistory{ask.id, revisions})
	default:
		entryHistory{ask.id, revisions}.print(out, lang)
	}
	return nil
}

// differences compares the two states asked for. One that is not there differs
// as a whole.
func (ask historyQuestion) differences(ctx context.Context, store registry.Store) ([]registry.Difference, error) {
	var states [2]*registry.Software
	for i, at := range ask.moments {
		var err error
		states[i], err = store.At(ctx, ask.id, at)
		if err != nil && !errors.Is(err, registry.ErrNotFound) && !errors.Is(err, registry.ErrGone) {
			return nil, err
		}
	}
	return append([]registry.Difference{}, registry.Compare(states[0], states[1])...), nil
}

// entryHistory is what the history of an entry is printed from.
type entryHistory struct {
	ID        registry.ID     `json:"id"`
	Revisions []revisionLines `json:"revisions"` // the newest first
}

// revisionLines is a change with what it changed, of a restored entry since it
// was removed; nothing where there was no state before it.
type revisionLines struct {
	registry.Change
	Differences []registry.Difference `json:"differences,omitempty"`
}

// changesOf compares each state of an entry with the one before it.
func changesOf(ctx context.Context, store registry.Store, id registry.ID) ([]revisionLines, error) {
	var all []revisionLines
	var later *registry.Software // whose state before is still to come, that of all[of]
	var of int
	for r, err := range store.History(ctx, id) {
		if err != nil {
			return nil, err
		}
		if r.Software != nil {
			if later != nil {
				all[of].Differences = registry.Compare(r.Software, later)
			}
			later, of = r.Software, len(all)
		}
		all = append(all, revisionLines{Change: r.Change})
	}
	return all, nil
}
