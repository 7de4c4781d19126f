// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgetest"
)

// samples are invented repositories and the configuration that crawls them.
//
//go:embed samples
var samples embed.FS

// samplesDay is the day that the samples are written for. On another day all
// their dates move along, so that they are as old as on that one.
var samplesDay = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)

var isoDate = regexp.MustCompile(`\b20[0-9]{2}-[01][0-9]-[0-3][0-9]`)

// movedTo moves the dates in the text of a sample from samplesDay to now.
func movedTo(now time.Time) func([]byte) []byte {
	days := int(now.UTC().Truncate(24*time.Hour).Sub(samplesDay) / (24 * time.Hour))
	return func(text []byte) []byte {
		return isoDate.ReplaceAllFunc(text, func(date []byte) []byte {
			t, err := time.Parse(time.DateOnly, string(date))
			if err != nil {
				return date
			}
			return t.AddDate(0, 0, days).AppendFormat(nil, time.DateOnly)
		})
	}
}

func demoCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show everything with invented sample data: no configuration, no token, no network",
		Long: `Start small stand-ins for GitHub, GitLab and Forgejo in this process over
invented sample repositories, crawl them through the real adapters into a
registry in a temporary folder, and serve API and site. Nothing is left behind.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("listen") && busy(cmd.Context(), listen) {
				listen = "127.0.0.1:0"
			}
			return demo(cmd, listen)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one, as does the default where it is in use")
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

func demo(cmd *cobra.Command, listen string) error {
	ctx := cmd.Context()
	dir, err := os.MkdirTemp("", "allmende-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	src, err := samples.ReadFile("samples/config.yaml")
	if err != nil {
		return err
	}
	cfg, err := parseConfig(src)
	if err != nil {
		return err
	}
	for i := range cfg.Forges {
		// With any token, GitHub is read the way it should be, by GraphQL.
		cfg.Forges[i].tokens = []string{"demo"}
	}
	cfg.duties, err = readPages(cfg.Pages, func(name string) ([]byte, error) { return samples.ReadFile("samples/" + name) })
	if err != nil {
		return err
	}
	cfg.Store = "sqlite:" + filepath.Join(dir, "allmende.db")

	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	standIns, stop, err := startStandIns(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer stop()
	progress := newProgress(cmd.ErrOrStderr(), false)
	progress.log = log
	sum, err := crawl(ctx, cfg, standIns, progress)
	progress.done()
	if sum != nil {
		sum.print(cmd.OutOrStdout())
	}
	if err != nil {
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
	return listenAndServe(ctx, listen, handler, log, func(address string) {
		fmt.Fprintf(cmd.OutOrStdout(), "\nAllmende with sample data: %s\nAPI: %sv1/software   Stop with Ctrl-C.\n", address, address)
	})
}

// startStandIns serves the forges of the configuration from the samples, each
// on a free port of the loopback interface.
func startStandIns(ctx context.Context, cfg *config, log *slog.Logger) (addresses map[string]string, stop func(), err error) {
	files, err := fs.Sub(samples, "samples")
	if err != nil {
		return nil, nil, err
	}
	world, err := forgetest.Load(files, movedTo(time.Now()))
	if err != nil {
		return nil, nil, err
	}
	handlers := map[string]func(*forgetest.World, string) http.Handler{
		crawler.GitHub: forgetest.GitHub, crawler.GitLab: forgetest.GitLab, crawler.Forgejo: forgetest.Forgejo,
	}
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
		server := &http.Server{Handler: handlers[f.Kind](world, f.base.String()), ReadHeaderTimeout: 10 * time.Second}
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
