// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/allmende-registry/allmende/registry"
)

func numbersOfAStore(t *testing.T) numbersOf {
	t.Helper()
	store, err := openStore(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Add(t.Context(), registry.Task{Kind: registry.VisitTask, Host: "forge.example", Repo: "forge.example/a/b"}); err != nil {
		t.Fatal(err)
	}
	state := registry.SourceState{Source: "https://forge.example/a", Finished: time.Unix(1_700_000_000, 0), Failures: 2}
	if err := store.Checkpoint(t.Context(), &state, nil); err != nil {
		t.Fatal(err)
	}
	return numbersOf{store: store, log: slog.New(slog.DiscardHandler), search: func(context.Context) (int, registry.Rev, error) { return 7, 3, nil }}
}

func TestMetrics(t *testing.T) {
	m := newMetrics()
	m.registry.MustRegister(numbersOfAStore(t))
	h := m.observing(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/regions" {
			r.Pattern = "/v1/regions"
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	for _, target := range []string{"GET /v1/regions", "GET /v1/regions?q=Geheimnis", "HEAD /Geheimnis", "GEHEIM /Geheimnis"} {
		method, path, _ := strings.Cut(target, " ")
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, path, nil))
	}
	if problems, err := testutil.GatherAndLint(m.registry); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	want := `# HELP allmende_http_requests_total Requests that were answered, by method, route and status.
# TYPE allmende_http_requests_total counter
allmende_http_requests_total{method="GET",route="/v1/regions",status="200"} 2
allmende_http_requests_total{method="HEAD",route="none",status="404"} 1
allmende_http_requests_total{method="other",route="none",status="404"} 1
# HELP allmende_entries Entries of the catalogue that can be found.
# TYPE allmende_entries gauge
allmende_entries 7
# HELP allmende_index_revision The revision up to which the search index has read the change log.
# TYPE allmende_index_revision gauge
allmende_index_revision 3
# HELP allmende_queue_tasks Tasks that wait or are being done, by kind.
# TYPE allmende_queue_tasks gauge
allmende_queue_tasks{kind="crawl"} 0
allmende_queue_tasks{kind="export"} 0
allmende_queue_tasks{kind="settle"} 0
allmende_queue_tasks{kind="visit"} 1
# HELP allmende_source_crawled_timestamp_seconds When a source was last read to its end; 0 for never.
# TYPE allmende_source_crawled_timestamp_seconds gauge
allmende_source_crawled_timestamp_seconds{source="https://forge.example/a"} 1.7e+09
# HELP allmende_source_failures How many crawls of a source in a row did not come to their end.
# TYPE allmende_source_failures gauge
allmende_source_failures{source="https://forge.example/a"} 2
# HELP allmende_registry_up 1 where the registry told its numbers, 0 where it failed to.
# TYPE allmende_registry_up gauge
allmende_registry_up 1
`
	if err := testutil.GatherAndCompare(m.registry, strings.NewReader(want), "allmende_http_requests_total", "allmende_entries", "allmende_index_revision",
		"allmende_queue_tasks", "allmende_source_crawled_timestamp_seconds", "allmende_source_failures", "allmende_registry_up"); err != nil {
		t.Error(err)
	}
}

// A registry that fails is told of, and what else there is with it.
func TestMetricsOfABrokenRegistry(t *testing.T) {
	m := newMetrics()
	n := numbersOfAStore(t)
	n.store.Close()
	m.registry.MustRegister(n)
	if got := testutil.CollectAndCount(n, "allmende_registry_up"); got != 1 {
		t.Errorf("allmende_registry_up is there %d times", got)
	}
	if err := testutil.GatherAndCompare(m.registry, strings.NewReader(`# HELP allmende_registry_up 1 where the registry told its numbers, 0 where it failed to.
# TYPE allmende_registry_up gauge
allmende_registry_up 0
`), "allmende_registry_up"); err != nil {
		t.Error(err)
	}
}

// A server and a worker tell their metrics at an address of their own, and nowhere
// else.
func TestMetricsAreServedApart(t *testing.T) {
	config := write(t, "config.yml", "store: sqlite:"+filepath.Join(t.TempDir(), "a.db")+"\npublishers: []\nmetrics: 127.0.0.1:0\n")
	s := serve(t, config, "--crawl=false")
	s.until(t, "readyz", "200 ")
	if status, body := fetchURL(t, s.address+"metrics"); status != http.StatusNotFound {
		t.Errorf("/metrics of the site: status %d %.100s", status, body)
	}
	var at string
	for deadline := time.Now().Add(time.Minute); at == "" && time.Now().Before(deadline); {
		at = regexp.MustCompile(`http://127\.0\.0\.1:\d+/metrics`).FindString(s.logged())
	}
	status, body := fetchURL(t, at)
	for _, want := range []string{`allmende_http_requests_total{method="GET",route="/readyz",status="200"}`, `route="site",status="404"`, "allmende_revision 0", "go_goroutines", "process_start_time_seconds"} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("status %d, no %s", status, want)
		}
	}
}

func TestTraces(t *testing.T) {
	spans := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		spans <- r.URL.Path + " " + string(body)
	}))
	defer collector.Close()
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { r.Pattern = "/v1/software/*id" })
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		t.Setenv(name, "")
	}
	none, err := newTracing(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil || none != nil || none.end() != nil {
		t.Fatalf("traces without an endpoint: %v %v", none, err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_SERVICE_NAME", "katalog-nord")
	traces, err := newTracing(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/v1/software/github.com/Geheimnis/b?q=Geheimnis", nil)
	r.Header.Set("User-Agent", "Geheimnis")
	r.Header.Set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	traces.observing(handler).ServeHTTP(httptest.NewRecorder(), r)
	if err := traces.end(); err != nil {
		t.Fatal(err)
	}
	span := <-spans
	for _, want := range []string{"/v1/traces ", "GET /v1/software/*id", "katalog-nord", "http.route", "http.response.status_code"} {
		if !strings.Contains(span, want) {
			t.Errorf("no %q in %q", want, span)
		}
	}
	for _, secret := range []string{"Geheimnis", "192.0.2"} {
		if strings.Contains(span, secret) {
			t.Errorf("the span tells %q", secret)
		}
	}
}

func TestConductOfTheConfiguration(t *testing.T) {
	cfg, err := parseConfig([]byte(`store: sqlite:a.db
publishers: []
contact: mailto:crawler@katalog.example
security: {policy: https://katalog.example/regeln, languages: [de, en]}
trustedProxies: [10.0.0.0/8, "2001:db8::1", 192.0.2.7/24]
limits: {requests: 600, work: 0, timeout: 5s}
metrics: 127.0.0.1:9464
`))
	if err != nil {
		t.Fatal(err)
	}
	l := cfg.limits()
	if l.Requests != 600 || l.Work != 0 || l.Logins != defaultLimits.Logins || l.Concurrent != defaultLimits.Concurrent || l.Timeout != 5*time.Second {
		t.Errorf("limits %+v", l)
	}
	var proxies []string
	for _, p := range l.TrustedProxies {
		proxies = append(proxies, p.String())
	}
	if got := strings.Join(proxies, " "); got != "10.0.0.0/8 2001:db8::1/128 192.0.2.0/24" {
		t.Errorf("proxies %s", got)
	}
	if s := cfg.security(); len(s.Contact) != 1 || s.Contact[0] != "mailto:crawler@katalog.example" || s.Policy == "" || len(s.Languages) != 2 {
		t.Errorf("security %+v", s)
	}
	for line, want := range map[string]string{
		"limits: {requests: -1}":                                                "limits.requests must be from 0",
		"limits: {timeout: 2h}":                                                 "limits.timeout must be from 1s to 1m0s",
		"limits: {burst: 3}":                                                    "unknown key limits.burst",
		"trustedProxies: [proxy.example]":                                       "trustedProxies[0] must be a network",
		"trustedProxies: [10.0.0.0/40]":                                         "trustedProxies[0] must be a network",
		"security: {contact: sicherheit}":                                       "security.contact must be a mailto:",
		"security: {policy: https://a.example/p}":                               "security needs a contact",
		"security: {contact: 'mailto:a@b.example', policy: 'http://a.example'}": "security.policy must be an https:// address",
		"security: {contact: 'mailto:a@b.example', languages: ['d e']}":         "security.languages must be language tags",
		"metrics: 9464":                                                         "metrics: \"9464\" is no address",
	} {
		_, err := parseConfig([]byte("store: sqlite:a.db\npublishers: []\n" + line + "\n"))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s: %v", line, err)
		}
	}
}
