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
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func adoptionsCommand() *cobra.Command {
	var configFile, lang, software, organisation string
	var restricted, asJSON bool
	cmd := &cobra.Command{
		Use:   "adoptions --config FILE",
		Short: "List what organisations say themselves that they use",
		Long: `List what organisations say themselves that they use, operate, maintain, fund or
evaluate: in an adoptions.yml that was crawled, or by the API. Where an organisation
says the same in two places, both are listed; an entry shows what counts of them.

What is restricted is listed with --restricted: where which version runs is of use
to those who attack it, so mind where the list ends up.`,
		Example: `  allmende adoptions --config allmende.yml
  allmende adoptions --config allmende.yml --software github.com/stadt/wahl --restricted`,
		Args: noArgs,
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
			wanted, err := adoptedUnder(cmd.Context(), store, software)
			if err != nil {
				return err
			}
			list := []adopted{}
			for a, err := range registry.EachAdoptions(cmd.Context(), store) {
				if err != nil {
					return err
				}
				if organisation != "" && registry.OrganisationKey(organisation) != registry.OrganisationKey(a.Organisation.URI) {
					continue
				}
				for _, s := range a.Statements {
					hidden := s.Visibility == adoption.Restricted
					id, err := registry.ParseID(s.Software)
					if err != nil || hidden && !restricted || wanted != nil && !slices.Contains(wanted, id.Key()) {
						continue
					}
					list = append(list, adopted{id, hidden, a.Adoption(s).Proof(), a.Adoption(s)})
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			return printAdoptions(cmd.OutOrStdout(), list, lang, time.Now())
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&software, "software", "", "only those about the software with this address or ID")
	cmd.Flags().StringVar(&organisation, "organisation", "", "only those of the organisation with this URI")
	cmd.Flags().BoolVar(&restricted, "restricted", false, "also those that are not for everybody")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	languageFlag(cmd, &lang)
	return cmd
}

// adopted is a line of the list.
type adopted struct {
	Software   registry.ID    `json:"software"`
	Restricted bool           `json:"restricted"`
	Proof      registry.Proof `json:"proof"`
	registry.Adoption
}

// adoptedUnder are the keys of the IDs by which statements may name a software; nil
// for all.
func adoptedUnder(ctx context.Context, store registry.Store, address string) ([]string, error) {
	if address == "" {
		return nil, nil
	}
	id, err := registry.ReadID(address)
	if err != nil {
		return nil, usageError(err)
	}
	names, err := registry.NamesOf(ctx, store, id)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, name := range names {
		keys = append(keys, name.Key())
	}
	return keys, nil
}

func printAdoptions(out io.Writer, list []adopted, lang string, now time.Time) error {
	head := "Organisation\tRole\tSoftware\tVersion\tConfirmed until\t"
	none, expired, restricted := "No organisation says anything yet; see docs/adoptions.md for how one does.", "expired", "restricted"
	if lang == "de" {
		head = "Organisation\tRolle\tSoftware\tVersion\tBestätigt bis\t"
		none, expired, restricted = "Noch sagt keine Organisation etwas; wie das geht, steht in docs/adoptions.md.", "abgelaufen", "eingeschränkt"
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, none)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head)
	for _, a := range list {
		remark := ""
		if !a.Current(now) {
			remark = expired
		}
		if a.Restricted {
			remark = restricted
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", printable(a.Organisation.Name), adoption.RoleLabel(string(a.Role), lang), a.Software, printable(a.Version), a.ConfirmedUntil, remark)
	}
	return w.Flush()
}
