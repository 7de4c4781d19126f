// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/felixge/httpsnoop"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/allmende-registry/allmende/registry"
)

// metrics are what a process tells Prometheus of itself.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

// newMetrics makes the metrics of requests, of the process and of Go.
func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "allmende_http_requests_total", Help: "Requests that were answered, by method, route and status.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "allmende_http_request_duration_seconds", Help: "How long answers took, until their last byte was sent.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "allmende_http_requests_in_flight", Help: "Requests that are being answered.",
		}),
	}
	m.registry.MustRegister(
		m.requests, m.duration, m.inFlight,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector(),
	)
	return m
}

// observing counts the requests to a handler. The route is the pattern that it
// leaves in the request, so that there are only so many.
func (m *metrics) observing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		seen := httpsnoop.CaptureMetrics(next, w, r)
		method, route := knownMethod(r.Method), cmp.Or(r.Pattern, "none")
		m.requests.WithLabelValues(method, route, strconv.Itoa(seen.Code)).Inc()
		m.duration.WithLabelValues(method, route).Observe(seen.Duration.Seconds())
	})
}

// knownMethod is one of HTTP's own, or "other": a client can make up any.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// scrapeTime bounds how long the registry may take to tell its numbers.
const scrapeTime = 5 * time.Second

// numbersOf tells the numbers of a registry when they are asked for.
type numbersOf struct {
	store store
	// search tells the number of entries and the revision up to which they can be
	// found; nil where this process does not search.
	search func(context.Context) (entries int, rev registry.Rev, err error)
	log    *slog.Logger
}

var (
	entriesMetric  = prometheus.NewDesc("allmende_entries", "Entries of the catalogue that can be found.", nil, nil)
	revisionMetric = prometheus.NewDesc("allmende_revision", "The newest revision of the change log.", nil, nil)
	indexMetric    = prometheus.NewDesc("allmende_index_revision", "The revision up to which the search index has read the change log.", nil, nil)
	tasksMetric    = prometheus.NewDesc("allmende_queue_tasks", "Tasks that wait or are being done, by kind.", []string{"kind"}, nil)
	oldestMetric   = prometheus.NewDesc("allmende_queue_oldest_task_timestamp_seconds", "When the oldest task was asked for; absent where there is none.", nil, nil)
	crawledMetric  = prometheus.NewDesc("allmende_source_crawled_timestamp_seconds", "When a source was last read to its end; 0 for never.", []string{"source"}, nil)
	failedMetric   = prometheus.NewDesc("allmende_source_failures", "How many crawls of a source in a row did not come to their end.", []string{"source"}, nil)
	upMetric       = prometheus.NewDesc("allmende_registry_up", "1 where the registry told its numbers, 0 where it failed to.", nil, nil)
)

// Describe implements prometheus.Collector.
func (n numbersOf) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{entriesMetric, revisionMetric, indexMetric, tasksMetric, oldestMetric, crawledMetric, failedMetric, upMetric} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (n numbersOf) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	tell := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	up := 1.0
	if err := errors.Join(n.tellCatalogue(ctx, tell), n.tellQueue(ctx, tell), n.tellSources(ctx, tell)); err != nil {
		n.log.Error("the registry cannot tell its numbers", "error", err)
		up = 0
	}
	tell(upMetric, up)
}

// telling passes on one number.
type telling func(d *prometheus.Desc, v float64, labels ...string)

func (n numbersOf) tellCatalogue(ctx context.Context, tell telling) error {
	rev, err := n.store.Rev(ctx)
	if err != nil {
		return err
	}
	tell(revisionMetric, float64(rev))
	if n.search == nil {
		return nil
	}
	entries, rev, err := n.search(ctx)
	if err != nil {
		return err
	}
	tell(entriesMetric, float64(entries))
	tell(indexMetric, float64(rev))
	return nil
}

func (n numbersOf) tellQueue(ctx context.Context, tell telling) error {
	waiting := map[registry.TaskKind]int{registry.CrawlTask: 0, registry.VisitTask: 0, registry.ExportTask: 0, registry.SettleTask: 0}
	oldest := time.Time{}
	for task, err := range n.store.Tasks(ctx) {
		if err != nil {
			return err
		}
		if oldest.IsZero() {
			oldest = task.Added
		}
		if _, known := waiting[task.Kind]; known || len(waiting) < maxMetricsParts {
			waiting[task.Kind]++
		}
	}
	for kind, count := range waiting {
		tell(tasksMetric, float64(count), string(kind))
	}
	if !oldest.IsZero() {
		tell(oldestMetric, float64(oldest.Unix()))
	}
	return nil
}

// tellSources tells of the first sources only: catalogues may lead to very many.
func (n numbersOf) tellSources(ctx context.Context, tell telling) error {
	told := 0
	for s, err := range n.store.SourceStates(ctx) {
		if err != nil {
			return err
		}
		if told++; told > maxMetricsParts {
			return nil
		}
		crawled := 0.0
		if !s.Finished.IsZero() {
			crawled = float64(s.Finished.Unix())
		}
		tell(crawledMetric, crawled, s.Source)
		tell(failedMetric, float64(s.Failures), s.Source)
	}
	return nil
}

// observation is what a process tells of itself while it runs: metrics at an address
// of their own, traces to where the environment says. Either may be missing.
type observation struct {
	address string
	metrics *metrics // nil for none
	tracing *tracing // nil for none
	log     *slog.Logger
}

// newObservation prepares metrics at an address, "" for none, and tracing.
func newObservation(ctx context.Context, address string, log *slog.Logger) (*observation, error) {
	o := &observation{address: address, log: log}
	if address != "" {
		if err := checkListen(address); err != nil {
			return nil, usageError(fmt.Errorf("--metrics: %w", err))
		}
		o.metrics = newMetrics()
	}
	var err error
	o.tracing, err = newTracing(ctx, log)
	return o, err
}

// observing adds to a handler what counts and traces requests.
func (o *observation) observing(next http.Handler) http.Handler {
	if o.metrics != nil {
		next = o.metrics.observing(next)
	}
	return o.tracing.observing(next)
}

// during has work done, whose error it returns, and meanwhile tells of it and of
// the numbers of the registry.
func (o *observation) during(ctx context.Context, numbers numbersOf, work func(context.Context) error) error {
	if o.metrics == nil {
		return errors.Join(work(ctx), o.tracing.end())
	}
	o.metrics.registry.MustRegister(numbers)
	l, err := listenOn(ctx, o.address)
	if err != nil {
		return errors.Join(err, o.tracing.end())
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.metrics.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(o.log.Handler(), slog.LevelError), MaxRequestsInFlight: 4, Timeout: 2 * scrapeTime,
	}))
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() {
		served <- serveOn(serving, l, mux, o.log, func(at string) { o.log.Info("metrics", "address", at+"metrics") })
	}()
	err = work(ctx)
	stop()
	return errors.Join(err, <-served, o.tracing.end())
}
