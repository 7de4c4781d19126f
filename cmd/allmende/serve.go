// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/api"
	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/api/mcp"
	"github.com/allmende-registry/allmende/dossier"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
	"github.com/allmende-registry/allmende/registry/search"
	"github.com/allmende-registry/allmende/site"
)

// shutdownGrace is how long requests in flight may take after a stop.
const shutdownGrace = 10 * time.Second

func serveCommand() *cobra.Command {
	var configFile, listen, metrics string
	var crawls, anew, delivers bool
	var cache uint16
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
			cat.answers = int64(cache) << 20
			schedule, err := newSchedule(cfg, cat.store, log)
			if err != nil {
				return err
			}
			schedule.first = func(ctx context.Context) { _ = cat.index.Refresh(ctx) } // which is told where it is made
			cat.crawling = crawling{schedule}
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
			defer cat.following(cmd.Context(), log, anew)()
			if delivers {
				defer cfg.delivering(cmd.Context(), cat.store, cat.changed.Next, log)()
				defer cat.noting(cmd.Context(), log)()
			}
			observed, err := newObservation(cmd.Context(), cmp.Or(metrics, cfg.Metrics), log)
			if err != nil {
				return errors.Join(err, l.Close())
			}
			serve := func(ctx context.Context) error {
				return serveOn(ctx, l, observed.observing(schedule.receiving(handler)), log, ready)
			}
			return observed.during(cmd.Context(), cat.numbers(log), func(ctx context.Context) error {
				if !crawls {
					return serve(ctx)
				}
				return schedule.during(ctx, serve)
			})
		},
	}
	cmd.Flags().BoolVar(&crawls, "crawl", true, "crawl what is due")
	cmd.Flags().BoolVar(&delivers, "deliver", true, "send changes to those who subscribed to them")
	cmd.Flags().BoolVar(&anew, "new-index", false, "make the search index from all entries, not from its copy beside an SQLite file")
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().Uint16Var(&cache, "cache", 64, "MiB of memory for answers of the API that are kept to be sent again, 0 for none")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address to listen on")
	cmd.Flags().StringVar(&metrics, "metrics", "", "address to tell Prometheus at, such as 127.0.0.1:9464; none unless the configuration has one")
	return cmd
}

// catalogue is the store with its search index: what the API and the site read.
type catalogue struct {
	store
	index    *search.Index
	snapshot string // the file that the index is saved to; "" for none
	licence  string // of the data
	stopping <-chan struct{}
	changed  hosts.Bell // rings when another process changed something, where the store tells
	claims   func(context.Context, registry.ID) (string, error)
	answers  int64 // bytes for answers that are kept
	limits   api.Limits
	security api.Security
	crawled  []compat.Publisher // of the configuration
	verifier api.Verifier       // nil for no issuer
	crawling api.Crawling       // nil where nothing is crawled
	// receivers are the origins in the own network that subscriptions may name.
	receivers []string
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
	cat := &catalogue{store: store, index: search.New(store), licence: cfg.DataLicence, stopping: ctx.Done(), limits: cfg.limits(), security: cfg.security(), crawled: cfg.crawled()}
	if cat.claims, err = claiming(cfg, store); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if cat.verifier, err = cfg.verifier(); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	cat.snapshot, cat.receivers = snapshotPath(cfg.Store), cfg.Webhooks.Receivers
	return cat, nil
}

// Search answers from the index, which follows the store's change log.
func (c *catalogue) Search(ctx context.Context, q registry.Query) (registry.Page, error) {
	return c.index.Search(ctx, q)
}

// numbers are those that the metrics tell of the catalogue.
func (c *catalogue) numbers(log *slog.Logger) numbersOf {
	return numbersOf{store: c.store, log: log, search: func(ctx context.Context) (int, registry.Rev, error) {
		page, err := c.Search(ctx, registry.Query{Limit: 1, Counted: []registry.Facet{}})
		return page.Total, c.index.Rev(), err
	}}
}

// Suggest tells ways to go on with what is being typed.
func (c *catalogue) Suggest(ctx context.Context, typed string, n int) ([]registry.Suggestion, error) {
	return c.index.Suggest(ctx, typed, n)
}

// Similar tells the entries that are most like one.
func (c *catalogue) Similar(ctx context.Context, id registry.ID, n int) ([]*registry.Software, error) {
	return c.index.Similar(ctx, id, n)
}

// SimilarIDs tells their IDs.
func (c *catalogue) SimilarIDs(ctx context.Context, id registry.ID, n int) ([]registry.ID, error) {
	return c.index.SimilarIDs(ctx, id, n)
}

// Shards writes the index as files for a browser to search.
func (c *catalogue) Shards(ctx context.Context, langs []string, card func(lang string, id registry.ID) (string, error), kept func(name string, sum [16]byte) bool, write func(name string, content []byte) error) error {
	return c.index.Shards(ctx, langs, card, kept, write)
}

// Board makes the board of needs as anybody may see it at a moment.
func (c *catalogue) Board(ctx context.Context, now time.Time) (*registry.Board, error) {
	return registry.ReadBoard(ctx, c, nil, now)
}

// desk is where the API makes dossiers and finds them again.
type desk struct{ *dossier.Desk }

// List lists what the store has.
func (d desk) List(ctx context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error] {
	return d.Store.Dossiers(ctx, id)
}

func siteOptions(cfg *config, log *slog.Logger) site.Options {
	return site.Options{BaseURL: cfg.BaseURL, Publishers: cfg.publishers(), Policies: cfg.policies, Duties: cfg.duties, Contact: cfg.Contact, DataLicence: cfg.DataLicence, Logger: log}
}

// handler joins API and site on one address.
func (c *catalogue) handler(opt site.Options) (http.Handler, error) {
	apiHandler, err := api.New(c, api.Options{
		BaseURL: opt.BaseURL, Publishers: opt.Publishers, Logger: opt.Logger, Claims: c.claims, CacheBytes: c.answers,
		Changed: c.changed.Next, Stopping: c.stopping, DataLicence: c.licence,
		Limits: c.limits, Security: c.security, Documents: c.store, Verifier: c.verifier, Crawling: c.crawling, Receivers: c.receivers,
		Amend:    func(ctx context.Context, ids ...registry.ID) error { return registry.Amend(ctx, c.store, ids...) },
		Compat:   compat.New(compat.Options{Store: c.store, Documents: c.store, Publishers: c.crawled, Name: siteName}),
		Policies: opt.Policies, Dossiers: desk{dossierDesk(c.store, siteName, opt.BaseURL, opt.Policies)},
	})
	if err != nil {
		return nil, err
	}
	opt.API, opt.Claims = true, c.claims
	pages, err := newSite(c, opt)
	if err != nil {
		return nil, err
	}
	siteHandler, err := compressed(pages.Handler())
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAPI(r.URL.Path) {
			apiHandler.ServeHTTP(w, r)
			return
		}
		r.Pattern = "site"
		siteHandler.ServeHTTP(w, r)
	}), nil
}

// apiPrefixes are what the addresses of the API begin with.
var apiPrefixes = []string{"/v1/", "/compat/", "/api/", "/.well-known/"}

func isAPI(path string) bool {
	switch path {
	case "/v1", "/api", mcp.Path, "/llms.txt", "/openapi.json", "/openapi.yaml", "/livez", "/readyz":
		return true
	}
	return slices.ContainsFunc(apiPrefixes, func(p string) bool { return strings.HasPrefix(path, p) })
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
