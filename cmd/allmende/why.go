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
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func whyCommand() *cobra.Command {
	var configFile, lang string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why URL --config FILE",
		Short: "Say why a repository is, or is not, in the catalogue",
		Long: `Say what the crawl log knows of a repository: when it was last visited, what was
found, why it is or is not in the catalogue, and what to do about it. The address
may also be the ID of an entry, or that of a source as it is configured, which
tells how its last crawl went. Nothing is asked of the network.

Exit codes: 0 it is in the catalogue, or the last crawl of the source came to its
end; 1 it is not, or did not; 2 unusable configuration or address; 4 any other
failure.`,
		Example: "  allmende why https://github.com/stadt/wahl --config allmende.yml",
		Args:    oneAddress,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			cfg, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			found, err := explainAddress(cmd.Context(), store, cfg, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(found)
			} else {
				printStanding(cmd.OutOrStdout(), found, lang)
			}
			if err == nil && !found.Well() {
				err = &exitError{code: exitFindings}
			}
			return err
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	languageFlag(cmd, &lang)
	return cmd
}

// openFilled opens the registry of a configuration, which must be there already.
func openFilled(ctx context.Context, configFile string) (*config, store, error) {
	cfg, err := loadConfig(configFile)
	if err != nil {
		return nil, nil, err
	}
	store, err := openExisting(ctx, cfg.Store)
	return cfg, store, err
}

func oneAddress(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError(fmt.Errorf("name one repository by its address; see '%s --help'", cmd.CommandPath()))
	}
	return nil
}

// explainAddress takes the address of a repository, or of a source.
func explainAddress(ctx context.Context, store store, cfg *config, address string) (*registry.Standing, error) {
	source := cfg.source(address)
	id, err := registry.ReadID(address)
	if err == nil {
		claims, err := claiming(cfg, store)
		if err != nil {
			return nil, err
		}
		found, err := registry.FindStanding(ctx, store, id, claims)
		if err != nil || found.Listed || found.Visit != nil || source == "" {
			return found, err
		}
	} else if source == "" {
		return nil, usageError(err)
	}
	found := &registry.Standing{Source: source}
	if found.State, err = store.SourceState(ctx, source); err != nil && !errors.Is(err, registry.ErrNotFound) {
		return nil, err
	}
	return found, nil
}

// source is the configured source that has an address, "" where there is none.
func (c *config) source(address string) string {
	for _, p := range c.Publishers {
		for _, src := range p.Sources {
			if strings.TrimRight(src.URL, "/") == strings.TrimRight(address, "/") {
				return src.URL
			}
		}
	}
	return ""
}

// claiming tells the source that would list a repository: one that is configured,
// or one that a catalogue or search led to and that was crawled.
func claiming(cfg *config, store store) (func(context.Context, registry.ID) (string, error), error) {
	forges, err := newForges(cfg, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	all, err := newSources(cfg, forges, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, usageError(err)
	}
	all.documents = store
	return func(ctx context.Context, id registry.ID) (string, error) {
		if src, ok := crawler.NewClaims(all.latest(ctx)).Closest(id); ok {
			return src.URL, nil
		}
		for path := string(id.Repository()); strings.Contains(path, "/"); path = path[:strings.LastIndexByte(path, '/')] {
			for _, scheme := range []string{"https://", "http://"} {
				_, err := store.SourceState(ctx, scheme+path)
				if err == nil || !errors.Is(err, registry.ErrNotFound) {
					return scheme + path, err
				}
			}
		}
		return "", nil
	}, nil
}

// whyWords are the headings of what is printed.
type whyWords struct {
	next, entry, visited, source, detail, todo, findings string
	severities                                           map[publiccode.Severity]string
}

var whyTexts = map[string]whyWords{
	"de": {
		next: "Nächster Durchgang", entry: "Eintrag", visited: "Letzter Besuch", source: "Quelle",
		detail: "Einzelheiten", todo: "Was zu tun ist", findings: "Befunde",
		severities: explanations["de"].severities,
	},
	"en": {
		next: "Next crawl", entry: "Entry", visited: "Last visit", source: "Source",
		detail: "Details", todo: "What to do", findings: "Findings",
		severities: explanations["en"].severities,
	},
}

func printStanding(w io.Writer, s *registry.Standing, lang string) {
	say := whyTexts[lang]
	line := func(heading, text string) {
		if text != "" {
			fmt.Fprintf(w, "%s: %s\n", heading, text)
		}
	}
	fmt.Fprintf(w, "%s\n\n", cmp.Or(string(s.ID), s.Source))
	for _, sentence := range s.Meaning(lang) {
		fmt.Fprintln(w, printable(sentence))
	}
	line(say.entry, string(s.Entry))
	if v := s.Visit; v != nil {
		line(say.visited, v.Time.Format(time.RFC3339))
		line(say.detail, printable(v.Detail))
		line(say.todo, s.Advice(lang))
		if len(s.Findings) > 0 {
			fmt.Fprintf(w, "%s:\n", say.findings)
		}
		for _, f := range s.Findings {
			fmt.Fprintf(w, "  %d:%d %s %s: %s\n", f.Line, f.Column, say.severities[f.Severity], f.Code, printable(f.Message(lang)))
		}
	} else if s.State != nil && !s.State.Next.IsZero() {
		line(say.next, s.State.Next.Format(time.RFC3339))
	}
	line(say.source, s.Source)
}
