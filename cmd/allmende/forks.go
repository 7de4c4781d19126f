// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

func forksCommand() *cobra.Command {
	var configFile, lang string
	var drifting, asJSON bool
	cmd := &cobra.Command{
		Use:   "forks [ID] --config FILE",
		Short: "List how far forks and their originals are apart",
		Long: `List the forks of entries, or of one, that the crawl knows: how many commits each is
ahead and behind, whether it drifts apart, and the newest work that the original does
not have. Their forge tells it; what is not known is said so.`,
		Example: "  allmende forks --config allmende.yml --drifting",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError(fmt.Errorf("name one entry, or none; see '%s --help'", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			list, err := readForks(cmd.Context(), store, args, drifting)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			return printForks(cmd.OutOrStdout(), list, lang)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&drifting, "drifting", false, "only those that drift apart")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	languageFlag(cmd, &lang)
	return cmd
}

// forkOf is a fork with the entry that it is of.
type forkOf struct {
	Original registry.ID    `json:"original"`
	Drift    registry.Drift `json:"drift"`
	registry.Fork
}

func readForks(ctx context.Context, store registry.Store, of []string, drifting bool) ([]forkOf, error) {
	list := []forkOf{}
	add := func(s *registry.Software) {
		for _, f := range s.Forks {
			if drift := s.Drift(f); !drifting || drift == registry.Drifting {
				list = append(list, forkOf{s.ID, drift, f})
			}
		}
	}
	if len(of) > 0 {
		s, err := registry.Find(ctx, store, registry.ID(of[0]))
		if err != nil {
			return nil, err
		}
		add(s)
		return list, nil
	}
	for s, err := range store.All(ctx) {
		if err != nil {
			return nil, err
		}
		add(s)
	}
	return list, nil
}

func printForks(out io.Writer, list []forkOf, lang string) error {
	var text strings.Builder
	of := registry.ID("")
	for _, f := range list {
		if f.Original != of {
			of = f.Original
			fmt.Fprintln(&text, of)
		}
		apart := ""
		if f.Ahead != nil && f.Behind != nil {
			apart = "  +" + strconv.Itoa(*f.Ahead) + " -" + strconv.Itoa(*f.Behind)
		}
		fmt.Fprintf(&text, "  %s%s  %s\n", f.ID, apart, f.Drift.Label(lang))
		if f.Unknown != "" {
			fmt.Fprintf(&text, "    %s\n", f.Unknown.Meaning(lang))
		}
		for _, c := range f.Commits {
			fmt.Fprintf(&text, "    %.10s  %s\n", c.Hash, printable(c.Title))
		}
	}
	if text.Len() == 0 {
		fmt.Fprintln(&text, map[string]string{"de": "Keine solchen Forks sind bekannt.", "en": "No such forks are known."}[lang])
	}
	_, err := io.WriteString(out, text.String())
	return err
}
