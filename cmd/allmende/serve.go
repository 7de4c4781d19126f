// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/api"
	"github.com/allmende-registry/allmende/dossier"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
	"github.com/allmende-registry/allmende/site"
)

// shutdownGrace is how long requests in flight may take after a stop.
const shutdownGrace = 10 * time.Second

func serveCommand() *cobra.Command {
	var configFile, listen string
	var crawls, anew bool
	cmd := &cobra.Command{
		Use:   "serve --config FILE",
		Short: "Serve the API and the site on one address, and keep the registry up to date",
		Long: `Serve the API (/v1/, described by /openapi.json) and the site (/ in German, /en/
in English) from one process, and crawl each source when it is due: about every
interval of the configuration, sooner where much changes, later where nothing
does. Push events of forges with a webhookSecretEnv are received at
/webhooks/HOST and lead to a visit at once. With --crawl=false it only serves,
and leaves crawls and visits to workers (see 'allmende worker'); what they write
to the registry shows without a restart.

SIGINT and SIGTERM stop it after the requests in flight. A crawl that is cut off
is gone on with at the next start.`,
		Example: "  allmende serve --config allmende.yml --listen 0.0.0.0:8080",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			cat, err := openCatalogue(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer cat.Close()
			handler, err := cat.handler(siteOptions(cfg, log))
			if err != nil {
				return err
			}
			ready := func(address string) {
				fmt.Fprintf(cmd.OutOrStdout(), "serving on %s\n", address)
			}
			l, err := listenOn(cmd.Context(), listen)
			if err != nil {
				return err
			}
			schedule, err := newSchedule(cfg, cat.store, log)
			if err != nil {
				return errors.Join(err, l.Close())
			}
			defer cat.following(cmd.Context(), log, anew)()
			serve := func(ctx context.Context) error { return serveOn(ctx, l, schedule.receiving(handler), log, ready) }
			if !crawls {
				return serve(cmd.Context())
			}
			return schedule.during(cmd.Context(), serve)
		},
	}
	cmd.Flags().BoolVar(&crawls, "crawl", true, "crawl what is due")
	cmd.Flags().BoolVar(&anew, "new-index", false, "make the search index from all entries, not from its copy beside an SQLite file")
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address to listen on")
	return cmd
}

// catalogue is the store with its search index: what the API and the site read.
type catalogue struct {
	store
	index    *search.Index
	snapshot string // the file that the index is saved to; "" for none
}

// configuredCatalogue opens the catalogue that a configuration file names, for a
// command that shows it.
func configuredCatalogue(cmd *cobra.Command, configFile string) (*catalogue, site.Options, error) {
	cfg, err := loadConfig(configFile)
	if err != nil {
		return nil, site.Options{}, err
	}
	cat, err := openCatalogue(cmd.Context(), cfg)
	return cat, siteOptions(cfg, slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))), err
}

func openCatalogue(ctx context.Context, cfg *config) (*catalogue, error) {
	store, err := openStore(ctx, cfg.Store)
	if err != nil {
		return nil, err
	}
	cat := &catalogue{store: store, index: search.New(store)}
	if path := sqlitePath(cfg.Store); path != cfg.Store {
		cat.snapshot = path + ".index"
	}
	return cat, nil
}

// Search answers from the index, which follows the store's change log.
func (c *catalogue) Search(ctx context.Context, q registry.Query) (registry.Page, error) {
	return c.index.Search(ctx, q)
}

// Suggest tells ways to go on with what is being typed.
func (c *catalogue) Suggest(ctx context.Context, typed string, n int) ([]registry.Suggestion, error) {
	return c.index.Suggest(ctx, typed, n)
}

// Similar tells the entries that are most like one.
func (c *catalogue) Similar(ctx context.Context, id registry.ID, n int) ([]*registry.Software, error) {
	return c.index.Similar(ctx, id, n)
}

// desk is where the API makes dossiers and finds them again.
type desk struct{ *dossier.Desk }

// List lists what the store has.
func (d desk) List(ctx context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error] {
	return d.Store.Dossiers(ctx, id)
}

func siteOptions(cfg *config, log *slog.Logger) site.Options {
	return site.Options{BaseURL: cfg.BaseURL, Publishers: cfg.publishers(), Policies: cfg.policies, Logger: log}
}

// handler joins API and site on one address.
func (c *catalogue) handler(opt site.Options) (http.Handler, error) {
	apiHandler, err := api.New(c, api.Options{
		BaseURL: opt.BaseURL, Publishers: opt.Publishers, Logger: opt.Logger,
		Policies: opt.Policies, Dossiers: desk{dossierDesk(c.store, siteName, opt.BaseURL, opt.Policies)},
	})
	if err != nil {
		return nil, err
	}
	opt.API = true
	pages, err := site.New(c, opt)
	if err != nil {
		return nil, err
	}
	siteHandler := pages.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAPI(r.URL.Path) {
			apiHandler.ServeHTTP(w, r)
			return
		}
		siteHandler.ServeHTTP(w, r)
	}), nil
}

func isAPI(path string) bool {
	switch path {
	case "/v1", "/openapi.json", "/openapi.yaml", "/livez", "/readyz":
		return true
	}
	return strings.HasPrefix(path, "/v1/")
}

// listenAndServe is serveOn an address.
func listenAndServe(ctx context.Context, listen string, handler http.Handler, log *slog.Logger, ready func(address string)) error {
	l, err := listenOn(ctx, listen)
	if err != nil {
		return err
	}
	return serveOn(ctx, l, handler, log, ready)
}

func listenOn(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, usageError(fmt.Errorf("cannot listen on %s: %w; choose another address with --listen HOST:PORT", address, err))
	}
	return l, nil
}

// serveOn serves until the context ends, then lets the requests in flight
// finish. ready is told the address once connections are accepted.
func serveOn(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger, ready func(address string)) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	ready("http://" + l.Addr().String() + "/")
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
