// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/webhook"
	"github.com/allmende-registry/allmende/registry"
)

// recovery is how long to wait before the scheduler is started again after the
// store failed.
const recovery = time.Minute

// schedule crawls what is due and what is pushed.
type schedule struct {
	*crawler.Scheduler
	sources   *sources
	found     chan struct{} // has one where there may be more sources
	store     registry.Store
	settled   chan struct{} // has one where entries were related after crawls
	retention retentionConfig
	receiver  *webhook.Receiver
	log       *slog.Logger
	first     func(context.Context) // what is waited for before anything is crawled; nil for nothing
}

func newSchedule(cfg *config, store store, log *slog.Logger) (*schedule, error) {
	forges, err := newForges(cfg, nil, log)
	if err != nil {
		return nil, err
	}
	sources, err := newSources(cfg, forges, log)
	if err != nil {
		return nil, usageError(err)
	}
	sources.documents = store
	c := newCrawler(store, forges, log)
	c.Sources = sources.named
	s := &schedule{log: log, sources: sources, found: make(chan struct{}, 1), store: store, settled: make(chan struct{}, 1), retention: cfg.Retention}
	s.Scheduler = &crawler.Scheduler{
		Crawler: c, Queue: store, Interval: cfg.Interval, Wait: s.wait,
		Sources: sources.latest,
		Swept: func(sum crawler.Summary, err error) {
			log := log.With("repositories", sum.Repositories, "entries", sum.Entries, "new", sum.New,
				"changed", sum.Changed, "gone", sum.Gone, "failures", len(sum.Failures))
			switch {
			case err == nil:
				log.Info("crawled")
			case errors.Is(err, context.Canceled):
				log.Info("the crawl was cut off; the next start goes on with it")
			default:
				log.Error("the crawl broke off", "error", err)
			}
		},
		Settled: func() { wake(s.settled) },
	}
	s.receiver = &webhook.Receiver{Forges: hookForges(forges, log), Pushed: s.pushed, Log: log}
	return s, nil
}

// hookForges are the forges whose push events are received.
func hookForges(forges *forges, log *slog.Logger) []webhook.Forge {
	var list []webhook.Forge
	for _, f := range forges.list {
		if f.WebhookSecretEnv == "" {
			continue
		}
		secret := strings.TrimSpace(os.Getenv(f.WebhookSecretEnv))
		if secret == "" {
			log.Warn("webhook secret is not set, push events are refused", "forge", f.URL, "variable", f.WebhookSecretEnv)
			continue
		}
		list = append(list, webhook.Forge{Base: f.base, Secret: secret})
	}
	return list
}

// pushed asks for a visit of a repository that was pushed to. A scheduler that does
// not run knows the sources of the configuration alone.
func (s *schedule) pushed(ctx context.Context, repository string) error {
	err := s.Pushed(ctx, repository)
	if !errors.Is(err, registry.ErrNotFound) {
		return err
	}
	covering, lookErr := crawling{s}.Covering(ctx)
	if lookErr != nil {
		return lookErr
	}
	id, idErr := registry.ParseID(repository)
	of, findErr := covering(repository)
	if idErr != nil || findErr != nil {
		return err
	}
	return crawling{s}.Visit(ctx, of, id.Repository())
}

// receiving adds the addresses of webhooks to a handler.
func (s *schedule) receiving(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, webhook.Prefix) {
			s.receiver.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// during crawls until work has ended, whose error it returns.
func (s *schedule) during(ctx context.Context, work func(context.Context) error) error {
	crawling, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if s.first != nil {
			s.first(crawling)
		}
		s.run(crawling)
	}()
	err := work(ctx)
	stop()
	<-ended
	return err
}

// wait ends the scheduler's waiting early where catalogues and searches, which
// are asked beside it, may have led to more sources.
func (s *schedule) wait(ctx context.Context, until time.Time) error {
	t := time.NewTimer(time.Until(until))
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.found:
	case <-ctx.Done():
	}
	return ctx.Err()
}

func wake(who chan<- struct{}) {
	select {
	case who <- struct{}{}:
	default: // it is known already
	}
}

// recordDays writes the statistics of the day after crawls. It takes a twentieth
// of the time at most, however many pushes there are.
func (s *schedule) recordDays(ctx context.Context) {
	for {
		select {
		case <-s.settled:
		case <-ctx.Done():
			return
		}
		began := time.Now()
		if err := recordDay(ctx, s.store, began); err != nil && ctx.Err() == nil {
			s.log.Error("the statistics of the day are not written; the next crawl tries again", "error", err)
		}
		pause := time.NewTimer(20 * time.Since(began))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
	}
}

// run starts the scheduler again whenever it ends.
func (s *schedule) run(ctx context.Context) {
	var beside sync.WaitGroup
	beside.Go(func() { s.sources.keep(ctx, func() { wake(s.found) }) })
	beside.Go(func() { s.sources.watch(ctx, func() { wake(s.found) }) })
	beside.Go(func() { s.recordDays(ctx) })
	beside.Go(func() { pruneDaily(ctx, s.store, s.retention, s.log) })
	defer beside.Wait()
	for {
		err := s.Run(ctx)
		switch {
		case ctx.Err() != nil:
			return
		default:
			s.log.Error("crawling ended; starting again", "in", recovery, "error", err)
		}
		pause := time.NewTimer(recovery)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return
		}
	}
}
