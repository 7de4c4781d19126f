// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry/export"
)

// The files of an export beside those of its formats.
const (
	manifestFile = "catalogue.json"
	schemaOfLine = "software.json"
)

func exportCommand() *cobra.Command {
	var configFile, out string
	var formats []string
	cmd := &cobra.Command{
		Use:   "export --config FILE --out DIR",
		Short: "Write the whole catalogue into files for other programs",
		Long: `Write all entries of the catalogue as it is at one revision: catalogue.ndjson has a
JSON object a line, as software.json describes it, catalogue.csv is a table for
spreadsheets. catalogue.json says of which revision they are, with their sizes and
checksums and the meaning of the columns. Of the same revision the files are always
the same, byte for byte, and the same that the API hands out at /v1/catalogue.json.`,
		Example: "  allmende export --config allmende.yml --format csv --out data",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError(errors.New("name the folder to write to with --out DIR"))
			}
			wanted, err := exportFormats(formats)
			if err != nil {
				return usageError(err)
			}
			cfg, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			m, err := exportTo(cmd.Context(), store, out, wanted, cfg.DataLicence)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d entries, revision %d\n", out, m.Entries, m.Revision)
			for _, f := range m.Files {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s\n", f.SHA256, f.Name)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&out, "out", "", "folder to write to; made where it is missing (required)")
	cmd.Flags().StringSliceVar(&formats, "format", nil, "forms to write: "+strings.Join(exportNames(), ", ")+"; all where none is named")
	return cmd
}

func exportNames() []string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// exportFormats are the formats with these names, in the order of export.Formats.
func exportFormats(names []string) ([]export.Format, error) {
	for _, name := range names {
		if !slices.Contains(exportNames(), name) {
			return nil, fmt.Errorf("there is no format %q; there are %s", name, strings.Join(exportNames(), ", "))
		}
	}
	return slices.DeleteFunc(export.Formats(), func(f export.Format) bool {
		return len(names) > 0 && !slices.Contains(names, f.Name)
	}), nil
}

// exportTo writes files beside those of before, and puts them in their place when all
// are there.
func exportTo(ctx context.Context, from export.Source, dir string, formats []export.Format, licence string) (m export.Manifest, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // to hand on
		return m, usageError(err)
	}
	files := map[string]*os.File{} // by name
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	create := func(name string) (*os.File, error) {
		f := files[name]
		if f != nil {
			_, err := f.Seek(0, 0)
			return f, errors.Join(err, f.Truncate(0))
		}
		f, err := os.CreateTemp(dir, ".catalogue-*")
		if err != nil {
			return nil, usageError(err)
		}
		files[name] = f
		return f, nil
	}
	done, err := export.Write(ctx, from, func() (outputs []export.Output, err error) {
		for _, format := range formats {
			f, err := create(format.File())
			if err != nil {
				return nil, err
			}
			outputs = append(outputs, export.Output{Format: format, To: f})
		}
		return outputs, nil
	})
	if err != nil {
		return m, err
	}
	m = done.Manifest(formats)
	m.Licence, m.Schema = licence, schemaOfLine
	described, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	for name, content := range map[string][]byte{manifestFile: append(described, '\n'), schemaOfLine: export.Schema} {
		f, err := create(name)
		if err != nil {
			return m, err
		}
		if _, err := f.Write(content); err != nil {
			return m, err
		}
	}
	for name, f := range files {
		err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close(), os.Rename(f.Name(), filepath.Join(dir, name)))
		if err != nil {
			return m, err
		}
		delete(files, name)
	}
	return m, nil
}
