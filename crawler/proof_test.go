// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// zone is a resolver and the web servers of all domains; it counts what it is asked.
type zone struct {
	mu      sync.Mutex
	asked   []string // names and addresses
	txt     func(name string) ([]string, error)
	handler http.HandlerFunc
	dialled error // of connections; nil for none
}

func (z *zone) note(what string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.asked = append(z.asked, what)
}

func (z *zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	z.note(name)
	if z.txt == nil {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return z.txt(name)
}

func (z *zone) domains(t *testing.T) *crawler.Domains {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		z.note("https://" + r.Host + r.URL.Path)
		if z.handler == nil {
			http.NotFound(w, r)
			return
		}
		z.handler(w, r)
	}))
	t.Cleanup(server.Close)
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // any name leads to this server
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			if z.dialled != nil {
				return nil, z.dialled
			}
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return crawler.NewDomains(transport, z)
}

const (
	district   = "https://www.kreis-nirgendwo.de/" // the organisation
	vouches    = "allmende-organisation=https://git.example/verbund"
	vouchesWeb = "# wer für uns spricht\nnamespace: https://git.example/verbund\n"
)

// proofRig is an association that says what a district uses.
func proofRig(t *testing.T) (*rig, []crawler.Source) {
	t.Helper()
	src := strings.Replace(saying("kreis", uses(at+"o/home")), "https://kreis.example/", district, 1)
	needs := strings.Replace(needing("kreis", need("kita", "Kita")), "https://kreis.example/", district, 1)
	r := newRig(t, &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}, &fakeRepo{path: "verbund/kreis", files: withNeeds(with(nil, src), needs)})
	return r, []crawler.Source{r.publishing("o", "land"), r.publishing("verbund", "verbund")}
}

// sweepAsking is a sweep that asks domains, so many hours after the last one.
func (r *rig) sweepAsking(d *crawler.Domains, hours int, sources []crawler.Source) registry.Proof {
	r.t.Helper()
	r.now = r.now.Add(time.Duration(hours) * time.Hour)
	c := &crawler.Crawler{Store: r.store, Domains: d, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return r.now }}
	if _, err := c.Sweep(r.t.Context(), sources); err != nil {
		r.t.Fatal(err)
	}
	a := r.entry("o/home").Adoptions
	if len(a) != 1 || a[0].Proof() != r.said("verbund/kreis").Proof() || a[0].Proof() != r.needs("verbund/kreis").Proof() {
		r.t.Fatalf("the entry and the documents differ: %+v", a)
	}
	return a[0].Proof()
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func records(all ...string) func(string) ([]string, error) {
	return func(string) ([]string, error) { return all, nil }
}

func TestWhatADomainSays(t *testing.T) {
	many := make([]string, 200)
	for i := range many {
		many[i] = "v=spf1 -all"
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = io.WriteString(z, vouchesWeb)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	tests := map[string]struct {
		zone *zone
		want registry.Proof
	}{
		"nothing":                {&zone{}, registry.ProvenPublisher},
		"by DNS":                 {&zone{txt: records("v=spf1 -all", vouches)}, registry.ProvenDNS},
		"by a file":              {&zone{handler: answers(200, vouchesWeb)}, registry.ProvenWellKnown},
		"by both":                {&zone{txt: records(vouches), handler: answers(200, vouchesWeb)}, registry.ProvenDNS},
		"for this one alone":     {&zone{txt: records(vouches + " " + district)}, registry.ProvenDNS},
		"for another one":        {&zone{txt: records(vouches + " https://www.kreis-nirgendwo.de/gericht")}, registry.ProvenPublisher},
		"of another namespace":   {&zone{txt: records("allmende-organisation=https://git.example/verb"), handler: answers(200, "namespace: https://git.example/verbunden\n")}, registry.ProvenPublisher},
		"of a whole host":        {&zone{txt: records("allmende-organisation=https://git.example/")}, registry.ProvenPublisher},
		"behind many records":    {&zone{txt: records(append(many, vouches)...)}, registry.ProvenPublisher},
		"that DNS is broken":     {&zone{txt: func(string) ([]string, error) { return nil, errors.New("SERVFAIL") }, handler: answers(200, vouchesWeb)}, registry.ProvenWellKnown},
		"with an error":          {&zone{handler: answers(500, vouchesWeb)}, registry.ProvenPublisher},
		"on a page that is none": {&zone{handler: answers(404, vouchesWeb)}, registry.ProvenPublisher},
		"in a web page":          {&zone{handler: answers(200, "<html><p>namespace: https://git.example/verbund</p>")}, registry.ProvenPublisher},
		"more than is read":      {&zone{handler: answers(200, vouchesWeb+strings.Repeat("#\n", adoption.MaxWellKnown))}, registry.ProvenPublisher},
		"a bomb": {&zone{handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		}}, registry.ProvenPublisher},
		"on www": {&zone{handler: func(w http.ResponseWriter, r *http.Request) {
			if r.Host == "kreis-nirgendwo.de" {
				http.Redirect(w, r, "https://www.kreis-nirgendwo.de/proof.txt", http.StatusFound)
				return
			}
			_, _ = io.WriteString(w, vouchesWeb)
		}}, registry.ProvenWellKnown},
		"on another host": {&zone{handler: func(w http.ResponseWriter, r *http.Request) {
			if r.Host == "kreis-nirgendwo.de" {
				http.Redirect(w, r, "https://anderswo.de/", http.StatusFound)
				return
			}
			_, _ = io.WriteString(w, vouchesWeb)
		}}, registry.ProvenPublisher},
		"in the end never": {&zone{handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}}, registry.ProvenPublisher},
		"from within the own network": {&zone{dialled: fetch.ErrGuarded, handler: answers(200, vouchesWeb)}, registry.ProvenPublisher},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, sources := proofRig(t)
			if have := r.sweepAsking(tt.zone.domains(t), 24, sources); have != tt.want {
				t.Errorf("proven by %s, want %s; asked were %q", have, tt.want, tt.zone.asked)
			}
			if n := r.entry("o/home").ConfirmedBy(r.now); n != 1 {
				t.Errorf("%d confirm it, want 1", n)
			}
			if own := r.entry("o/home").Adoptions[0].Own(); own != (tt.want != registry.ProvenPublisher) {
				t.Errorf("its own word: %t", own)
			}
			for _, asked := range tt.zone.asked {
				if strings.Contains(asked, "anderswo") || strings.Contains(asked, "git.example") {
					t.Errorf("asked was %s", asked)
				}
			}
		})
	}
}

// TestDomainsAreAskedSeldom: a day after a no, a week after a yes, both files of an
// organisation at once; and what was vouched for holds for a while where nobody answers.
func TestDomainsAreAskedSeldom(t *testing.T) {
	var z zone
	d := z.domains(t)
	r, sources := proofRig(t)
	steps := []struct {
		what  string
		hours int
		set   func()
		asked int
		want  registry.Proof
	}{
		{"the first time", 24, func() {}, 2, registry.ProvenPublisher},
		{"soon after", 2, func() { z.txt = records(vouches) }, 0, registry.ProvenPublisher},
		{"a day after a no", 24, func() {}, 2, registry.ProvenDNS},
		{"a day after a yes", 24, func() {}, 0, registry.ProvenDNS},
		{"a week after a yes", 24 * 7, func() {
			z.txt = func(string) ([]string, error) { return nil, errors.New("timeout") }
		}, 2, registry.ProvenDNS},
		{"three weeks without an answer", 24 * 21, func() {}, 2, registry.ProvenDNS},
		{"more than thirty days without one", 24 * 8, func() {}, 2, registry.ProvenPublisher},
		{"there again", 24, func() { z.txt = records(vouches) }, 2, registry.ProvenDNS},
		{"taken back", 24 * 7, func() { z.txt = nil }, 2, registry.ProvenPublisher},
	}
	for _, s := range steps {
		s.set()
		z.asked = nil
		if have := r.sweepAsking(d, s.hours, sources); have != s.want || len(z.asked) != s.asked {
			t.Errorf("%s: proven by %s, want %s; asked were %q, want %d", s.what, have, s.want, z.asked, s.asked)
		}
	}
}

// TestWhoIsNotAsked: the publisher itself needs no other word, and what is no public
// domain is left alone.
func TestWhoIsNotAsked(t *testing.T) {
	for _, uri := range []string{
		"https://kreis.example/", "https://stadt.test/", "https://localhost/", "https://intern/", "https://192.0.2.7/", "https://[2001:db8::1]/",
		"https://drucker.local/", "https://1.2.3/", "https://ä-.de..", "urn:stadt:1", "https://kreis-nirgendwo.de:8443@x/", "https://example.org/",
		"https://verbund.example",
	} {
		t.Run(uri, func(t *testing.T) {
			var z zone
			src := strings.Replace(saying("kreis", uses(at+"o/home")), "https://kreis.example/", "\""+uri+"\"", 1)
			r := newRig(t, &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}, &fakeRepo{path: "verbund/kreis", files: with(nil, src)})
			c := &crawler.Crawler{Store: r.store, Domains: z.domains(t), Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return r.now }}
			if _, err := c.Sweep(t.Context(), []crawler.Source{r.publishing("o", "land"), r.publishing("verbund", "verbund")}); err != nil {
				t.Fatal(err)
			}
			if len(z.asked) > 0 {
				t.Errorf("asked were %q", z.asked)
			}
		})
	}
}

// TestVouchedForAnotherOrganisation: what was said of one organisation proves nothing of
// the next one that the file names.
func TestVouchedForAnotherOrganisation(t *testing.T) {
	z := zone{txt: func(name string) ([]string, error) {
		if name != "_allmende.kreis-nirgendwo.de." {
			return nil, &net.DNSError{IsNotFound: true}
		}
		return []string{vouches}, nil
	}}
	d := z.domains(t)
	r, sources := proofRig(t)
	if have := r.sweepAsking(d, 24, sources); have != registry.ProvenDNS {
		t.Fatal(have)
	}
	repo := r.forge.repos[1]
	for name, f := range repo.files {
		f.Data = []byte(strings.Replace(string(f.Data), district, "https://stadt-irgendwo.de/", 1))
		repo.files[name] = f
	}
	repo.version++
	if have := r.sweepAsking(d, 1, sources); have != registry.ProvenPublisher {
		t.Errorf("proven by %s", have)
	}
}
