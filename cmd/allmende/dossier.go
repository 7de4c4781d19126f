// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/dossier"
	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

func dossierCommand() *cobra.Command {
	var configFile, out string
	cmd := &cobra.Command{
		Use:   "dossier URL --config FILE",
		Short: "Write the dossier of an entry, for an award file",
		Long: `Write down what is known of an entry at this moment, with the source of each
statement: which software in which state, its publisher, what each source says of
the licence and whether they agree, what the licence obliges to, policies, bills
of materials, maintenance, security contact, and what is not known. It is no legal
advice.

The dossier is kept in the registry and never changes; of one state of an entry
there is one a day. Four files are written: dossier.json, to which the checksum
belongs, dossier.de.html and dossier.en.html to read and print, and
dossier.spdx.json (SPDX 2.3). The address may also be the ID of an entry or the
checksum of a dossier that was made before.`,
		Example: "  allmende dossier https://github.com/stadt/wahl --config allmende.yml --out akte",
		Args:    oneAddress,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			kept, err := wantedDossier(cmd, dossierDesk(store, siteName, cfg.BaseURL, cfg.policies), args[0])
			if err != nil {
				return err
			}
			if err := writeDossier(out, kept); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, made %s\nsha256 %s\n", out, kept.ID, kept.Made.Format("2006-01-02 15:04:05 UTC"), kept.Hash)
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&out, "out", ".", "folder to write to; made where it is missing")
	return cmd
}

// siteName is what a catalogue is called in a dossier.
const siteName = "Allmende"

func dossierDesk(store dossier.Store, name, baseURL string, policies []licence.Policy) *dossier.Desk {
	return &dossier.Desk{Store: store, Catalogue: dossier.Catalogue{Name: name, URL: baseURL}, Policies: policies}
}

// wantedDossier makes the dossier of an entry, or finds one by its hash.
func wantedDossier(cmd *cobra.Command, desk *dossier.Desk, what string) (*registry.Dossier, error) {
	if kept, _, err := desk.Get(cmd.Context(), what); err == nil || !errors.Is(err, registry.ErrNotFound) {
		return kept, err
	}
	id, err := registry.ReadID(what)
	if err != nil {
		return nil, usageError(err)
	}
	kept, err := desk.Make(cmd.Context(), id)
	var moved *registry.MovedError
	if errors.As(err, &moved) {
		kept, err = desk.Make(cmd.Context(), moved.To)
	}
	if errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone) {
		return nil, &exitError{exitFindings, fmt.Errorf("%w; 'allmende why %s' says why it is not in the catalogue", err, what)}
	}
	return kept, err
}

func writeDossier(dir string, kept *registry.Dossier) error {
	d, err := dossier.Read(kept.Bytes)
	if err != nil {
		return err
	}
	files := map[string][]byte{"dossier.json": kept.Bytes}
	links := dossier.Links{JSON: "dossier.json", SPDX: "dossier.spdx.json"}
	for lang, other := range map[string]string{"de": "en", "en": "de"} {
		var page bytes.Buffer
		links.Other = "dossier." + other + ".html"
		if err := d.HTML(&page, lang, kept.Hash, links); err != nil {
			return err
		}
		files["dossier."+lang+".html"] = page.Bytes()
	}
	var spdx bytes.Buffer
	if err := d.SPDX(&spdx, kept.Hash, ""); err != nil {
		return err
	}
	files["dossier.spdx.json"] = spdx.Bytes()
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // to hand on
		return usageError(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil { //nolint:gosec // to hand on
			return usageError(err)
		}
	}
	return nil
}
