// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgetest"
)

func demoCommand() *cobra.Command {
	var listen, folder, written string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show everything with invented sample data: no configuration, no token, no network",
		Long: `Start small stand-ins for GitHub, GitLab and Forgejo in this process over
invented sample repositories, crawl them through the real adapters into a
registry in a temporary folder, and serve API and site. Nothing is left behind.

To try changes of your own, have the samples written to a folder, and show that:

  allmende demo --write-samples mine
  allmende demo --samples mine

Each file *.txtar in it is one repository. Whenever one of them changes, is added
or is taken away, all are crawled again, and the site shows it seconds later. An
entry is gone when two crawls in a row did not find its repository. The file
config.yaml and the pages that it names are read at the start alone. Dates move
along with the day: those in the files are as on ` + samplesDay.Format("2 January 2006") + `.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if written != "" {
				return writeSamples(written, cmd.OutOrStdout())
			}
			if !cmd.Flags().Changed("listen") && busy(cmd.Context(), listen) {
				listen = "127.0.0.1:0"
			}
			return demo(cmd, listen, folder)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one, as does the default where it is in use")
	cmd.Flags().StringVar(&folder, "samples", "", "folder with the samples to show, crawled again when one of them changes; none is those of the program")
	cmd.Flags().StringVar(&written, "write-samples", "", "write the samples of the program to this folder, and end")
	return cmd
}

func busy(ctx context.Context, listen string) bool {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return true
	}
	l.Close()
	return false
}

func demo(cmd *cobra.Command, listen, folder string) error {
	ctx := cmd.Context()
	cfg, world, err := readSamples(folder)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "allmende-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg.Store = "sqlite:" + filepath.Join(dir, "allmende.db")

	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	addresses, stop, err := startStandIns(ctx, cfg, world.World, log)
	if err != nil {
		return err
	}
	defer stop()
	sweep := func(ctx context.Context) error {
		progress := newProgress(cmd.ErrOrStderr(), false)
		progress.log = log
		sum, err := crawl(ctx, cfg, addresses, progress)
		progress.done()
		if sum != nil {
			sum.print(cmd.OutOrStdout())
		}
		return err
	}
	if err := sweep(ctx); err != nil {
		return err
	}

	cat, err := openCatalogue(ctx, cfg)
	if err != nil {
		return err
	}
	defer cat.Close()
	opt := siteOptions(cfg, log)
	opt.Demo = true
	handler, err := cat.handler(opt)
	if err != nil {
		return err
	}
	if folder != "" {
		following, stop := context.WithCancel(ctx)
		var beside sync.WaitGroup
		beside.Go(func() { world.follow(following, sweep, log) })
		defer beside.Wait()
		defer stop()
	}
	return listenAndServe(ctx, listen, handler, log, func(address string) {
		fmt.Fprintf(cmd.OutOrStdout(), "\nAllmende with sample data: %s\nAPI: %sv1/software   Stop with Ctrl-C.\n", address, address)
	})
}

// standIns are those that there are, by the kind of forge.
var standIns = map[string]func(*forgetest.World, string) http.Handler{
	crawler.GitHub: forgetest.GitHub, crawler.GitLab: forgetest.GitLab, crawler.Forgejo: forgetest.Forgejo,
}

// startStandIns serves the forges of the configuration, each on a free port of the
// loopback interface.
func startStandIns(ctx context.Context, cfg *config, world *forgetest.World, log *slog.Logger) (addresses map[string]string, stop func(), err error) {
	addresses = map[string]string{}
	var servers []*http.Server
	stop = func() {
		for _, s := range servers {
			s.Close()
		}
	}
	for _, f := range cfg.Forges {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			stop()
			return nil, nil, err
		}
		server := &http.Server{Handler: standIns[f.Kind](world, f.base.String()), ReadHeaderTimeout: 10 * time.Second}
		servers = append(servers, server)
		addresses[fetch.HostPort(f.base)] = l.Addr().String()
		go func() {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				log.Warn("a stand-in ended", "forge", f.URL, "error", err)
			}
		}()
	}
	return addresses, stop, nil
}
