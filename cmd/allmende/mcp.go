// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/api/mcp"
	"github.com/allmende-registry/allmende/registry"
)

func mcpCommand() *cobra.Command {
	var configFile, node string
	cmd := &cobra.Command{
		Use:   "mcp --config FILE | --server URL",
		Short: "Let an AI assistant ask the catalogue, by the Model Context Protocol",
		Long: `Answer an AI assistant that starts this command, on standard input and output, by
the Model Context Protocol: it can search the catalogue, look at entries and compare
them, ask who uses a software, who looks after it and what is wanted, and have
licences explained. It only reads.

With --config it reads the registry of the configuration itself, with --server it
asks a node that serves. A node answers assistants at /mcp, too.`,
		Example: "  allmende mcp --server https://katalog.example.org\n  allmende mcp --config allmende.yml",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, out := io.NopCloser(cmd.InOrStdin()), writeCloser{cmd.OutOrStdout()}
			switch {
			case (configFile == "") == (node == ""):
				return usageError(errors.New("name either a configuration with --config FILE or a node with --server URL"))
			case node != "":
				return mcp.Forward(cmd.Context(), node, programVersion(), &http.Client{Timeout: time.Minute}, in, out)
			}
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			cat, err := openCatalogue(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer cat.Close()
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			server := mcp.New(cat, mcp.Options{
				BaseURL: cfg.BaseURL, Claims: cat.claims, Version: programVersion(), Logger: log,
				Board: func(ctx context.Context) (*registry.Board, error) {
					return registry.ReadBoard(ctx, cat, nil, time.Now())
				},
				Communities: func(ctx context.Context) ([]registry.CommunityEntry, error) {
					return registry.Communities(ctx, cat, time.Now())
				},
			})
			return server.Run(ctx, in, out)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file")
	cmd.Flags().StringVar(&node, "server", "", "address of a node")
	return cmd
}

// writeCloser leaves standard output open: who started the program closes it.
type writeCloser struct{ io.Writer }

func (writeCloser) Close() error { return nil }
