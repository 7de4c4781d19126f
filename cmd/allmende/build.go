// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/site"
)

func buildCommand() *cobra.Command {
	var configFile, out string
	cmd := &cobra.Command{
		Use:   "build --config FILE --out DIR",
		Short: "Write the site as static files",
		Long: `Write the whole site, German and English, as files that any web server can
serve. Files are written only where their content changed; files of entries
that are gone are removed; files that build did not write are left alone.`,
		Example: "  allmende build --config allmende.yml --out public",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError(errors.New("name the folder to write to with --out DIR"))
			}
			cat, opt, err := configuredCatalogue(cmd, configFile)
			if err != nil {
				return err
			}
			defer cat.Close()
			pages, err := site.New(cat, opt)
			if err != nil {
				return err
			}
			report, err := pages.Build(cmd.Context(), out)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d pages; %d files written, %d unchanged, %d removed\n", out, report.Pages, report.Written, report.Unchanged, report.Removed)
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&out, "out", "", "folder to write to (required); created where missing")
	return cmd
}
