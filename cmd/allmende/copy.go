// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func copyCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "copy --from STORE --to STORE",
		Short: "Copy a registry into another store",
		Long: `Copy all that a registry holds, as it is at one moment, into an empty one, such
as from a file into a PostgreSQL database. Changes and times stay exactly as they
are, so that feeds and peers go on where they were. What was copied is read again
and compared. What is written to the old one after that moment is not in the new
one: end what crawls before.

A store is ` + storeForm + ".",
		Example: "  allmende copy --from sqlite:data/allmende.db --to postgres://allmende@db.example/allmende",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" || from == to {
				return usageError(errors.New("name two stores with --from STORE and --to STORE"))
			}
			if err := checkStore(to); err != nil {
				return usageError(err)
			}
			source, err := openExisting(cmd.Context(), from)
			if err != nil {
				return err
			}
			defer source.Close()
			digest, err := fill(cmd.Context(), to, source.Dump(cmd.Context()))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s, verified\nsha256 of the records %s\n", contents(digest), digest.SHA256())
			return nil
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "store to read (required)")
	cmd.Flags().StringVar(&to, "to", "", "empty store to fill (required)")
	return cmd
}

func migrateCommand() *cobra.Command {
	var configFile string
	cmd := &cobra.Command{
		Use:   "migrate --config FILE",
		Short: "Bring the registry's schema up to date",
		Long: `Bring the schema of the registry up to what this version of the program needs, and
say from which version to which. Every command that opens the registry does so too;
this one is for those who want to choose the moment. It is done in one transaction,
with PostgreSQL in one for each step: where it fails the registry is as it was, or as
the steps before left it, and the next start goes on from there. Make a backup before
with the version of the program that you have.`,
		Example: "  allmende migrate --config allmende.yml",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			from, to := store.(interface{ Schema() (from, to int) }).Schema()
			if from == to {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: schema %d, up to date\n", storeName(cfg.Store), to)
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: schema %d, was %d\n", storeName(cfg.Store), to, from)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	return cmd
}
