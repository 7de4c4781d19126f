// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func communitiesCommand() *cobra.Command {
	var configFile, lang string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "communities --config FILE",
		Short: "List who looks after software together, and how to join",
		Long: `List the communities that look after entries of the catalogue: with their software,
who takes part, what publishers look for and how to join, and what money is looked
for. It is made of what adoptions.yml files say under comaintenance, as far as that is
confirmed still.`,
		Example: "  allmende communities --config allmende.yml --json",
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
			list, err := registry.Communities(cmd.Context(), store, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			return printCommunities(cmd.OutOrStdout(), list, lang)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	languageFlag(cmd, &lang)
	return cmd
}

// communityWords are the words of the list, by language.
var communityWords = map[string]struct {
	none, partners, join, open string
	seeks                      map[adoption.Seeks]string
}{
	"de": {
		"Noch nennt niemand eine Gemeinschaft; wie das geht, steht in docs/adoptions.md.", "Beteiligt:", "Mitmachen:", "Gesucht:",
		map[adoption.Seeks]string{adoption.CoMaintainers: "sucht Mitstreiter für die Pflege", adoption.NewMaintainer: "ist abzugeben"},
	},
	"en": {
		"Nobody names a community yet; see docs/adoptions.md for how to.", "Taking part:", "To join:", "Looked for:",
		map[adoption.Seeks]string{adoption.CoMaintainers: "seeks co-maintainers", adoption.NewMaintainer: "to be handed over"},
	},
}

// howToJoin is the shortest way to it; "" where nothing is said.
func howToJoin(j adoption.Joining) string { return cmp.Or(j.URL, j.Contact, j.Text) }

func printCommunities(out io.Writer, list []registry.CommunityEntry, lang string) error {
	words := communityWords[lang]
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, words.none)
		return err
	}
	var failed error
	line := func(format string, args ...any) {
		_, err := fmt.Fprintf(out, format+"\n", args...)
		failed = cmp.Or(failed, err)
	}
	for _, c := range list {
		line("%s", strings.TrimSpace(printable(c.Name)+"  "+printable(c.URI)))
		for _, s := range c.Software {
			state := ""
			if s.Seeks != "" {
				state = "  " + words.seeks[s.Seeks]
			}
			line("  %s  %s%s", printable(s.Name), s.ID, state)
			if how := howToJoin(s.Joining); how != "" {
				line("    %s %s", words.join, printable(how))
			}
		}
		var partners []string
		for _, p := range c.Partners {
			partners = append(partners, printable(p.Name))
		}
		if len(partners) > 0 {
			line("  %s %s", words.partners, strings.Join(partners, ", "))
		}
		if sums := sumsOf(c.Open); sums != "" {
			line("  %s %s", words.open, strings.TrimPrefix(sums, "; "))
		}
	}
	return failed
}
