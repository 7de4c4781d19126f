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
	"net"
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
				found.print(cmd.OutOrStdout(), lang)
			}
			if err == nil && !found.well() {
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
func openFilled(ctx context.Context, configFile string) (*config, registry.Store, error) {
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

// addressed is the ID of a repository's address, or the ID that is given itself.
func addressed(s string) (registry.ID, error) {
	if host, _, ok := strings.Cut(s, "/"); ok && !strings.ContainsAny(host, ":@") || ok && isHostPort(host) {
		s = "https://" + s
	}
	return registry.ParseID(s)
}

// isHostPort tells HOST:PORT from a scheme and from git@host:path.
func isHostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && port != "" && strings.Trim(port, "0123456789") == ""
}

// standing is what is known of a repository's place in the catalogue.
type standing struct {
	ID     registry.ID     `json:"id,omitempty"` // "" where the address is that of a source
	Listed bool            `json:"listed"`
	Entry  registry.ID     `json:"entry,omitempty"` // its ID now, or that of the entry it belongs to
	Visit  *registry.Visit `json:"visit,omitempty"` // nil where it was never visited
	// Source is the source that leads or would lead to it, "" for none, and State
	// how its last crawl went; nil where there was none.
	Source string                `json:"source,omitempty"`
	State  *registry.SourceState `json:"state,omitempty"`

	findings []publiccode.Finding // of the entry, or of what the visit found
}

// well reports an entry, or a source whose last crawl came to its end.
func (s *standing) well() bool {
	if s.ID == "" {
		return s.State != nil && s.State.Error == "" && !s.State.Finished.IsZero()
	}
	return s.Listed
}

// explainAddress takes the address of a repository, or of a source.
func explainAddress(ctx context.Context, store registry.Store, cfg *config, address string) (*standing, error) {
	source := cfg.source(address)
	id, err := addressed(address)
	if err == nil {
		found, err := explainListing(ctx, store, cfg, id)
		if err != nil || found.Listed || found.Visit != nil || source == "" {
			return found, err
		}
	} else if source == "" {
		return nil, usageError(err)
	}
	found := &standing{Source: source}
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

func explainListing(ctx context.Context, store registry.Store, cfg *config, id registry.ID) (*standing, error) {
	found := &standing{ID: id}
	var moved *registry.MovedError
	entry, err := store.Get(ctx, id)
	if errors.As(err, &moved) {
		entry, err = store.Get(ctx, moved.To)
	}
	switch {
	case err == nil:
		found.Listed, found.Entry, found.findings = true, entry.ID, entry.Findings
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
		// Those of a visit are of all files in the repository.
		if !found.Listed && id.Folder() == "" {
			found.findings = found.Visit.Findings
		}
		if found.Visit.Outcome == registry.AtOther {
			found.Entry = found.Visit.Of
		}
	} else if found.Source, err = claiming(ctx, store, cfg, id); err != nil {
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

// claiming is the source that would list a repository: one that is configured,
// or one that a catalogue or search led to and that was crawled.
func claiming(ctx context.Context, store registry.Store, cfg *config, id registry.ID) (string, error) {
	forges, err := newForges(cfg, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	all, err := newSources(cfg, forges, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", usageError(err)
	}
	if src, ok := crawler.NewClaims(all.named).Closest(id); ok || len(all.leads) == 0 {
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
}

// why holds the words of what is printed around the outcome.
type whyWords struct {
	noSource, notYet, crawlFailed, listedThere     string
	isSource, neverRead, readThere, next, noPart   string
	entry, visited, source, detail, todo, findings string
	severities                                     map[publiccode.Severity]string
}

var whyTexts = map[string]whyWords{
	"de": {
		noSource:    "Keine eingetragene Quelle führt zu diesem Repository. Bitten Sie den Betrieb des Katalogs, Ihre Organisation als Quelle aufzunehmen.",
		notYet:      "Das Repository gehört zu einer eingetragenen Quelle, wurde aber noch nicht besucht.",
		crawlFailed: "Der letzte Durchgang dieser Quelle kam nicht zu Ende: %s",
		listedThere: "Die Quelle wurde zuletzt am %s vollständig gelesen; das Repository war nicht dabei. Ist es öffentlich?",
		isSource:    "Das ist die Adresse einer Quelle.",
		neverRead:   "Sie wurde noch nie vollständig gelesen.",
		readThere:   "Sie wurde zuletzt am %s vollständig gelesen und hatte %d Repositorys.",
		next:        "Nächster Durchgang",
		noPart:      "Dieser Ordner ist kein Eintrag: Er hat keine publiccode.yml, oder die Quelle nennt ihn nicht unter „folders“.",
		entry:       "Eintrag", visited: "Letzter Besuch", source: "Quelle", detail: "Einzelheiten", todo: "Was zu tun ist", findings: "Befunde",
		severities: explanations["de"].severities,
	},
	"en": {
		noSource:    "No configured source leads to this repository. Ask those who run the catalogue to add your organisation as a source.",
		notYet:      "The repository belongs to a configured source, but has not been visited yet.",
		crawlFailed: "The last crawl of that source did not come to its end: %s",
		listedThere: "The source was last read completely on %s; the repository was not there. Is it public?",
		isSource:    "This is the address of a source.",
		neverRead:   "It was never read completely.",
		readThere:   "It was last read completely on %s and had %d repositories.",
		next:        "Next crawl",
		noPart:      "This folder is no entry: it has no publiccode.yml, or the source does not name it under “folders”.",
		entry:       "Entry", visited: "Last visit", source: "Source", detail: "Details", todo: "What to do", findings: "Findings",
		severities: explanations["en"].severities,
	},
}

func (s *standing) print(w io.Writer, lang string) {
	say := whyTexts[lang]
	line := func(heading, text string) {
		if text != "" {
			fmt.Fprintf(w, "%s: %s\n", heading, text)
		}
	}
	fmt.Fprintf(w, "%s\n\n", cmp.Or(string(s.ID), s.Source))
	defer line(say.source, s.Source)
	if s.Visit == nil {
		s.printUnvisited(w, say, lang)
		line(say.entry, string(s.Entry))
		if s.State != nil && !s.State.Next.IsZero() {
			line(say.next, s.State.Next.Format(time.RFC3339))
		}
		return
	}
	v := s.Visit
	meaning, advice := v.Outcome.Meaning(lang), v.Outcome.Advice(lang)
	if s.ID.Folder() != "" && !s.Listed {
		meaning, advice = say.noPart, ""
	}
	fmt.Fprintln(w, meaning)
	line(say.entry, string(s.Entry))
	line(say.visited, v.Time.Format(time.RFC3339))
	line(say.detail, printable(v.Detail))
	line(say.todo, advice)
	if len(s.findings) > 0 {
		fmt.Fprintf(w, "%s:\n", say.findings)
	}
	for _, f := range s.findings {
		fmt.Fprintf(w, "  %d:%d %s %s: %s\n", f.Line, f.Column, say.severities[f.Severity], f.Code, printable(f.Message(lang)))
	}
}

// printUnvisited says why there is no visit, as far as that is known.
func (s *standing) printUnvisited(w io.Writer, say whyWords, lang string) {
	state := s.State
	if state == nil {
		state = &registry.SourceState{}
	}
	switch {
	case s.Listed:
		fmt.Fprintln(w, registry.Entry.Meaning(lang))
		return
	case s.Source == "":
		fmt.Fprintln(w, say.noSource)
		return
	case s.ID == "":
		fmt.Fprintln(w, say.isSource)
	default:
		fmt.Fprintln(w, say.notYet)
	}
	finished := state.Finished.Format(time.RFC3339)
	switch {
	case state.Error != "":
		fmt.Fprintf(w, say.crawlFailed+"\n", printable(state.Error))
	case s.ID != "" && !state.Finished.IsZero():
		fmt.Fprintf(w, say.listedThere+"\n", finished)
	case s.ID != "":
	case state.Finished.IsZero():
		fmt.Fprintln(w, say.neverRead)
	default:
		fmt.Fprintf(w, say.readThere+"\n", finished, state.Repositories)
	}
}
