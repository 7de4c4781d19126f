// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func joinCommand() *cobra.Command {
	var configFile, lang string
	var want wantedHelp
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "join --config FILE",
		Short: "List where help is wanted: software that seeks others, and open issues",
		Long: `List software whose publishers seek co-maintainers or somebody who takes it over, and
the open issues of all forges that carry a label for those who want to help, the
newest first. Archived repositories have none.`,
		Example: "  allmende join --config allmende.yml --region DE-SH --programming-language Go",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			list, err := readOpenings(cmd.Context(), store, want, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			return list.print(cmd.OutOrStdout(), lang)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&want.region, "region", "", "only of publishers there, such as DE-SH; a country takes in its parts")
	cmd.Flags().StringVar(&want.language, "programming-language", "", "only where the repository is mostly written in it")
	cmd.Flags().StringVar(&want.label, "label", "", "only issues with this label")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	languageFlag(cmd, &lang)
	return cmd
}

// wantedHelp says which openings are meant; "" takes all.
type wantedHelp struct{ region, language, label string }

func (w wantedHelp) takes(publisher registry.Publisher, language string) bool {
	return (w.region == "" || publisher.Region != "" && registry.SpeaksWithin(strings.ToUpper(w.region), publisher.Region)) &&
		(w.language == "" || strings.EqualFold(w.language, language))
}

// openings are where help is wanted.
type openings struct {
	Seeking []seeking             `json:"seeking"` // by ID
	Issues  []registry.HelpWanted `json:"issues"`  // the newest first
}

// seeking is an entry whose publisher looks for others.
type seeking struct {
	Software registry.ID      `json:"software"`
	Name     string           `json:"name"`
	Seeks    adoption.Seeks   `json:"seeks"`
	Joining  adoption.Joining `json:"joining,omitzero"`
}

func readOpenings(ctx context.Context, store registry.Store, want wantedHelp, now time.Time) (openings, error) {
	list := openings{Seeking: []seeking{}, Issues: []registry.HelpWanted{}}
	for s, err := range store.All(ctx) {
		if err != nil {
			return list, err
		}
		what := s.Seeks(now)
		if what == "" || !want.takes(s.Publisher, s.Repository.Language) {
			continue
		}
		one := seeking{Software: s.ID, Name: s.PublicCode.Name, Seeks: what}
		if i := slices.IndexFunc(s.Comaintenance, func(c registry.Comaintenance) bool { return s.SaidByPublisher(c) && c.Seeks == what }); i >= 0 {
			one.Joining = s.Comaintenance[i].Joining
		}
		list.Seeking = append(list.Seeking, one)
	}
	all, err := registry.AllHelpWanted(ctx, store)
	for _, h := range all {
		labelled := want.label == "" || slices.ContainsFunc(h.Labels, func(l string) bool { return strings.EqualFold(l, want.label) })
		if labelled && want.takes(h.Publisher, h.Language) {
			list.Issues = append(list.Issues, h)
		}
	}
	return list, err
}

func (o openings) print(out io.Writer, lang string) error {
	words := communityWords[lang]
	var text strings.Builder
	for _, s := range o.Seeking {
		fmt.Fprintf(&text, "%s  %s  %s\n", printable(s.Name), s.Software, words.seeks[s.Seeks])
		if how := howToJoin(s.Joining); how != "" {
			fmt.Fprintf(&text, "  %s %s\n", words.join, printable(how))
		}
	}
	for _, h := range o.Issues {
		day := ""
		if !h.Created.IsZero() {
			day = h.Created.Format(time.DateOnly) + "  "
		}
		fmt.Fprintf(&text, "%s%s  %s\n  %s\n", day, printable(h.Name), printable(h.Title), printable(h.URL))
	}
	if text.Len() == 0 {
		fmt.Fprintln(&text, map[string]string{"de": "Niemand sucht Hilfe, soweit bekannt.", "en": "Nobody asks for help, as far as is known."}[lang])
	}
	_, err := io.WriteString(out, text.String())
	return err
}
