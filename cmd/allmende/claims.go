// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func claimsCommand() *cobra.Command {
	var configFile, lang string
	var all, asJSON bool
	cmd := &cobra.Command{
		Use:   "claims --config FILE",
		Short: "List whom publishers name as users of their software",
		Long: `List whom publishers name as users of their software in usedBy, with the
organisation that is meant: one that publishes here, or states what it uses. It is
found by its address, its name or its short form, and where two could be meant, none
is. A claim confirms nothing; ask the organisation to say so itself, and the list
tells where it did, or denied it. Lines that mean no known organisation are listed with --all.`,
		Example: "  allmende claims --config allmende.yml --json",
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
			list := []registry.Claim{}
			for c, err := range registry.Claims(cmd.Context(), store, time.Now()) {
				if err != nil {
					return err
				}
				if all || c.Organisation != nil {
					list = append(list, c)
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			return printClaims(cmd.OutOrStdout(), list, lang)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&all, "all", false, "also lines that mean no known organisation")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	languageFlag(cmd, &lang)
	return cmd
}

// claimWords are the words of the list, by language.
var claimWords = map[string]struct {
	head, none, confirmed, denied string
	means                         map[adoption.Means]string
}{
	"de": {
		"Software\tAngabe\tGemeint ist\tErkannt an\t", "Kein Herausgeber nennt eine bekannte Organisation; alle Angaben zeigt --all.", "bestätigt", "bestritten",
		map[adoption.Means]string{adoption.ByURI: "Adresse", adoption.ByName: "Name", adoption.ByAcronym: "Kurzform"},
	},
	"en": {
		"Software\tClaim\tMeans\tFound by\t", "No publisher names a known organisation; --all lists all they say.", "confirmed", "denied",
		map[adoption.Means]string{adoption.ByURI: "address", adoption.ByName: "name", adoption.ByAcronym: "short form"},
	},
}

func printClaims(out io.Writer, list []registry.Claim, lang string) error {
	words := claimWords[lang]
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, words.none)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, words.head)
	for _, c := range list {
		who, said := "–", ""
		if c.Organisation != nil {
			who = printable(c.Organisation.Name)
		}
		switch {
		case c.Denied:
			said = words.denied
		case c.Confirmed:
			said = words.confirmed
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.Software, printable(c.Text), who, words.means[c.Means], said)
	}
	return w.Flush()
}
