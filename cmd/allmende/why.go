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
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

func whyCommand() *cobra.Command {
	var configFile, lang string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why URL --config FILE",
		Short: "Say why a repository is, or is not, in the catalogue",
		Long: `Say what the crawl log knows of a repository: when it was last visited, what was
found, why it is or is not in the catalogue, and what to do about it. Nothing is
asked of the network.

Exit codes: 0 it is in the catalogue; 1 it is not; 2 unusable configuration or
address; 4 any other failure.`,
		Example: "  allmende why https://github.com/stadt/wahl --config allmende.yml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			id, err := registry.ParseID(args[0])
			if err != nil {
				return usageError(err)
			}
			store, err := sqlite.Open(cmd.Context(), cfg.storePath())
			if err != nil {
				return err
			}
			defer store.Close()
			found, err := explainListing(cmd.Context(), store, cfg, id)
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(found)
			} else {
				found.print(cmd.OutOrStdout(), lang)
			}
			if err == nil && !found.Listed {
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

// standing is what is known of a repository's place in the catalogue.
type standing struct {
	ID     registry.ID     `json:"id"`
	Listed bool            `json:"listed"`
	Entry  registry.ID     `json:"entry,omitempty"` // its ID now, or that of the entry it belongs to
	Visit  *registry.Visit `json:"visit,omitempty"` // nil where it was never visited
	// Source is the configured source that would list it, "" for none, and
	// State how its last crawl went; nil where there was none.
	Source string                `json:"source,omitempty"`
	State  *registry.SourceState `json:"state,omitempty"`
}

func explainListing(ctx context.Context, store registry.Store, cfg *config, id registry.ID) (*standing, error) {
	found := &standing{ID: id}
	var moved *registry.MovedError
	entry, err := store.Get(ctx, id)
	if errors.As(err, &moved) {
		entry, err = store.Get(ctx, moved.To)
	}
	switch {
	case err == nil:
		found.Listed, found.Entry = true, entry.ID
	case !errors.Is(err, registry.ErrNotFound) && !errors.Is(err, registry.ErrGone):
		return nil, err
	}
	visited := id.Repository()
	if found.Entry != "" {
		visited = found.Entry.Repository()
	}
	if found.Visit, err = store.Visit(ctx, visited); err != nil && !errors.Is(err, registry.ErrNotFound) {
		return nil, err
	}
	if found.Visit != nil {
		found.Source = found.Visit.Source
		if found.Visit.Outcome == registry.AtOther {
			found.Entry = found.Visit.Of
		}
	} else if found.Source, err = claiming(cfg, id); err != nil {
		return nil, err
	}
	if found.Source == "" {
		return found, nil
	}
	if found.State, err = store.SourceState(ctx, found.Source); err != nil && !errors.Is(err, registry.ErrNotFound) {
		return nil, err
	}
	return found, nil
}

// claiming is the configured source that would list a repository.
func claiming(cfg *config, id registry.ID) (string, error) {
	forges, err := newForges(cfg, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	all, err := newSources(cfg, forges, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", usageError(err)
	}
	src, _ := crawler.NewClaims(all.named).Closest(id)
	return src.URL, nil
}

// why holds the words of what is printed around the outcome.
type whyWords struct {
	noSource, notYet, crawlFailed, listedThere     string
	entry, visited, source, detail, todo, findings string
	severities                                     map[publiccode.Severity]string
}

var whyTexts = map[string]whyWords{
	"de": {
		noSource:    "Keine eingetragene Quelle führt zu diesem Repository. Bitten Sie den Betrieb des Katalogs, Ihre Organisation als Quelle aufzunehmen.",
		notYet:      "Das Repository gehört zu einer eingetragenen Quelle, wurde aber noch nicht besucht.",
		crawlFailed: "Der letzte Durchgang dieser Quelle kam nicht zu Ende: %s",
		listedThere: "Die Quelle wurde zuletzt am %s vollständig gelesen; das Repository war nicht dabei. Ist es öffentlich?",
		entry:       "Eintrag", visited: "Letzter Besuch", source: "Quelle", detail: "Einzelheiten", todo: "Was zu tun ist", findings: "Befunde",
		severities: explanations["de"].severities,
	},
	"en": {
		noSource:    "No configured source leads to this repository. Ask those who run the catalogue to add your organisation as a source.",
		notYet:      "The repository belongs to a configured source, but has not been visited yet.",
		crawlFailed: "The last crawl of that source did not come to its end: %s",
		listedThere: "The source was last read completely on %s; the repository was not there. Is it public?",
		entry:       "Entry", visited: "Last visit", source: "Source", detail: "Details", todo: "What to do", findings: "Findings",
		severities: explanations["en"].severities,
	},
}

func (s *standing) print(w io.Writer, lang string) {
	say := whyTexts[lang]
	fmt.Fprintf(w, "%s\n\n", s.ID)
	line := func(heading, text string) {
		if text != "" {
			fmt.Fprintf(w, "%s: %s\n", heading, text)
		}
	}
	defer line(say.source, s.Source)
	if s.Visit == nil {
		switch {
		case s.Listed:
			fmt.Fprintln(w, registry.Entry.Meaning(lang))
		case s.Source == "":
			fmt.Fprintln(w, say.noSource)
		default:
			fmt.Fprintln(w, say.notYet)
			s.printState(w, say)
		}
		line(say.entry, string(s.Entry))
		return
	}
	v := s.Visit
	outcome := v.Outcome
	if s.ID.Folder() != "" && !s.Listed {
		outcome = registry.NoFile
	}
	fmt.Fprintln(w, outcome.Meaning(lang))
	line(say.entry, string(s.Entry))
	line(say.visited, v.Time.Format(time.RFC3339))
	line(say.detail, printable(v.Detail))
	line(say.todo, outcome.Advice(lang))
	if len(v.Findings) > 0 {
		fmt.Fprintf(w, "%s:\n", say.findings)
	}
	for _, f := range v.Findings {
		fmt.Fprintf(w, "  %d:%d %s %s: %s\n", f.Line, f.Column, say.severities[f.Severity], f.Code, printable(f.Message(lang)))
	}
}

func (s *standing) printState(w io.Writer, say whyWords) {
	switch {
	case s.State == nil:
	case s.State.Error != "":
		fmt.Fprintf(w, say.crawlFailed+"\n", printable(s.State.Error))
	case !s.State.Finished.IsZero():
		fmt.Fprintf(w, say.listedThere+"\n", s.State.Finished.Format(time.RFC3339))
	}
}
