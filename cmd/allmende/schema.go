// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

func schemaCommand() *cobra.Command {
	var version string
	var list bool
	newest := publiccode.Versions[len(publiccode.Versions)-1]
	cmd := &cobra.Command{
		Use:   "schema [adoptions|needs] [--version " + newest + "] [--list]",
		Short: "Print a JSON Schema, so that editors complete and check publiccode.yml",
		Long: `Print the JSON Schema (draft-07) of a version of publiccode.yml, or with
"adoptions" or "needs" that of adoptions.yml or needs.yml (2020-12). With it an
editor completes keys and values, explains each key in English and German, and
underlines what is wrong or deprecated while you type.

    allmende schema > publiccode.schema.json

VS Code (with the YAML extension), Neovim, Helix and other editors that use the
YAML language server find the schema by the first line of publiccode.yml:

    # yaml-language-server: $schema=publiccode.schema.json

The path is relative to the file; an https address does as well. In JetBrains
editors, add the schema under Settings, Languages & Frameworks, Schemas and
DTDs, JSON Schema Mappings.

A schema cannot tell all that 'allmende validate' finds: that a file is UTF-8,
that a key stands there twice, whether a day or a language exists.`,
		Example: "  allmende schema --version 0.5 > publiccode.schema.json\n  allmende schema adoptions > adoptions.schema.json\n  allmende schema --list",
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, f := range adoption.Formats() {
				if len(args) == 1 && args[0] == f.Name {
					_, err := cmd.OutOrStdout().Write(f.Schema())
					return err
				}
			}
			if len(args) > 0 {
				return usageError(fmt.Errorf("schema takes \"adoptions\", \"needs\" or nothing, not %q", strings.Join(args, " ")))
			}
			versions := publiccode.SchemaVersions()
			if list {
				fmt.Fprintln(cmd.OutOrStdout(), strings.Join(versions, "\n"))
				return nil
			}
			if !slices.Contains(versions, version) {
				return usageError(fmt.Errorf("--version must be one of %s, not %q", strings.Join(versions, ", "), version))
			}
			schema, err := publiccode.JSONSchema(version)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(schema)
			return err
		},
	}
	cmd.Flags().StringVar(&version, "version", newest, "version of the standard")
	cmd.Flags().BoolVar(&list, "list", false, "print the versions that there is a schema for, one a line")
	return cmd
}
