// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// ledger is a catalogue that is written to and counts what it is asked.
type ledger struct {
	*shelf
	mu       sync.RWMutex
	rev      registry.Rev
	searches atomic.Int64
	gate     chan struct{} // holds searches up until it is closed; nil for no gate
	fails    error         // what searches end in
}

func (g *ledger) Rev(context.Context) (registry.Rev, error) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.rev, nil
}

func (g *ledger) Search(ctx context.Context, q registry.Query) (registry.Page, error) {
	g.searches.Add(1)
	g.mu.RLock()
	shelf := *g.shelf // which notes what it was asked
	page, err := shelf.Search(ctx, q)
	gate := g.gate
	g.mu.RUnlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return registry.Page{}, ctx.Err()
		}
	}
	if g.fails != nil {
		return registry.Page{}, g.fails
	}
	return page, err
}

func (g *ledger) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.shelf.Get(ctx, id)
}

// write gives the n-th entry another name.
func (g *ledger) write(n int, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rev++
	s := *g.entries[n%len(g.entries)]
	s.PublicCode.Name, s.Rev = name, g.rev
	entries := slices.Clone(g.entries)
	entries[n%len(entries)] = &s
	anew := *g.shelf
	anew.entries = entries
	g.shelf = &anew
}

func newLedger() *ledger { return &ledger{shelf: newShelf(), rev: 1} }

func TestAnswersAreKept(t *testing.T) {
	g := newLedger()
	h := handlerOf(t, g, Options{CacheBytes: 1 << 20})
	ask := func(method, target string, headers ...string) *httptest.ResponseRecorder {
		return serve(h, request(t, method, target, headers...))
	}
	first := ask(http.MethodGet, "/v1/software?perPage=5&q=a")
	for _, same := range []*httptest.ResponseRecorder{
		ask(http.MethodGet, "/v1/software?perPage=5&q=a"),
		ask(http.MethodGet, "/v1/software?q=%61&perPage=5"),
		ask(http.MethodHead, "/v1/software?perPage=5&q=a"),
		ask(http.MethodGet, "/v1/software?perPage=5&q=a", "Accept-Encoding", "gzip"),
		ask(http.MethodGet, "/v1/software?perPage=5&q=a", "Accept-Language", "de-AT, de;q=0.9"),
	} {
		if same.Code != http.StatusOK || tagOf(same.Header().Get("ETag")) != first.Header().Get("ETag") {
			t.Errorf("status %d, ETag %s, want %s", same.Code, same.Header().Get("ETag"), first.Header().Get("ETag"))
		}
	}
	if n := g.searches.Load(); n != 1 {
		t.Errorf("%d searches for what is the same", n)
	}
	for i, other := range [][]string{
		{"/v1/software?perPage=6&q=a"},
		{"/v1/software?perPage=5&q=b"},
		{"/v1/software?perPage=5&q=a", "Accept-Language", "en"},
		{"/v1/software?perPage=5&q=a", "Accept-Language", "fr"}, // searched otherwise
		{"/v1/software?perPage=5&q=a&fields=id"},
		{"/v1/software?perPage=5&q=a", "Authorization", "Basic bm9ib2R5"}, // may be for one alone
		{"/v1/software?perPage=5&q=a", "Authorization", "Basic bm9ib2R5"},
	} {
		ask(http.MethodGet, other[0], other[1:]...)
		if n := g.searches.Load(); n != int64(i+2) {
			t.Errorf("%q: %d searches, want %d", other, n, i+2)
		}
	}
}

func TestProblemsAreNotKept(t *testing.T) {
	g := newLedger()
	h := handlerOf(t, g, Options{CacheBytes: 1 << 20})
	g.fails = errors.New("disk on fire")
	if w := serve(h, request(t, http.MethodGet, "/v1/software")); w.Code != http.StatusInternalServerError {
		t.Errorf("status %d", w.Code)
	}
	g.fails = nil
	if w := serve(h, request(t, http.MethodGet, "/v1/software")); w.Code != http.StatusOK {
		t.Errorf("status %d after the trouble", w.Code)
	}
	h = handlerOf(t, panicking{}, Options{CacheBytes: 1 << 20})
	for range 2 {
		if w := serve(h, request(t, http.MethodGet, "/v1/software")); w.Code != http.StatusInternalServerError {
			t.Errorf("status %d after a panic", w.Code)
		}
	}
}

// TestKeptAnswersAge sees an answer go after a minute without a change.
func TestKeptAnswersAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newLedger()
		h := handlerOf(t, g, Options{CacheBytes: 1 << 20})
		for _, step := range []struct {
			after time.Duration
			want  int64
		}{{0, 1}, {keptFor - 1, 1}, {1, 2}, {keptFor / 2, 2}, {keptFor / 2, 3}} {
			time.Sleep(step.after)
			serve(h, request(t, http.MethodGet, "/v1/software"))
			if n := g.searches.Load(); n != step.want {
				t.Errorf("%d searches, want %d", n, step.want)
			}
		}
	})
}

// TestAskedAtOnceIsMadeOnce has many ask the same while it is made.
func TestAskedAtOnceIsMadeOnce(t *testing.T) {
	compress(nil, codingZstd, true) // the encoder is made outside of the bubble
	synctest.Test(t, func(t *testing.T) {
		g := newLedger()
		g.gate = make(chan struct{})
		h := handlerOf(t, g, Options{CacheBytes: 1 << 20})
		var all sync.WaitGroup
		bodies := make([]string, 50)
		for i := range bodies {
			all.Go(func() {
				coding := []string{"identity", codingGzip, codingZstd}[i%3]
				w := serve(h, request(t, http.MethodGet, "/v1/software", "Accept-Encoding", coding))
				bodies[i] = string(uncoded(t, w))
			})
		}
		synctest.Wait()
		close(g.gate)
		all.Wait()
		if n := g.searches.Load(); n != 1 {
			t.Errorf("%d searches", n)
		}
		for _, body := range bodies {
			if body == "" || body != bodies[0] {
				t.Errorf("%.100q and %.100q", body, bodies[0])
			}
		}
	})
}

// TestWhoLeavesTakesNobodyAlong has the client go for which the others wait.
func TestWhoLeavesTakesNobodyAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newLedger()
		g.gate = make(chan struct{})
		h := handlerOf(t, g, Options{CacheBytes: 1 << 20})
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		ask := func(ctx context.Context, want int) {
			all.Go(func() {
				w := serve(h, request(t, http.MethodGet, "/v1/software").WithContext(ctx))
				if w.Code != want {
					t.Errorf("status %d, want %d", w.Code, want)
				}
			})
			synctest.Wait()
		}
		ask(ctx, http.StatusServiceUnavailable)
		for range 3 {
			ask(t.Context(), http.StatusOK)
		}
		leave()
		synctest.Wait()
		close(g.gate)
		all.Wait()
		if n := g.searches.Load(); n != 2 {
			t.Errorf("%d searches, want one for who left and one for the others", n)
		}
	})
}

// TestNothingBegunBeforeAWriteIsSeenAfterIt writes while an answer is made.
func TestNothingBegunBeforeAWriteIsSeenAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newLedger()
		g.gate = make(chan struct{})
		h := handlerOf(t, g, Options{CacheBytes: 1 << 20})
		var all sync.WaitGroup
		all.Go(func() { serve(h, request(t, http.MethodGet, "/v1/software")) })
		synctest.Wait() // it has read, and waits
		g.write(0, "Danach")
		before := g.gate
		g.mu.Lock()
		g.gate = nil
		g.mu.Unlock()
		for range 2 {
			if w := serve(h, request(t, http.MethodGet, "/v1/software")); !strings.Contains(w.Body.String(), "Danach") {
				t.Errorf("an answer without what was written before: %.200s", w.Body)
			}
			close(before)
			before = make(chan struct{})
			all.Wait()
		}
		close(before)
	})
}

// TestCachedIsUncached asks random questions under random writes, of a handler with
// a cache and one without.
func TestCachedIsUncached(t *testing.T) {
	g := newLedger()
	cached := handlerOf(t, g, Options{CacheBytes: 200_000}) // not enough for all
	uncached := handlerOf(t, g, Options{})
	var writing sync.RWMutex // no write between the two that are compared
	var all sync.WaitGroup
	for worker := range uint64(4) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(11, worker)) //nolint:gosec // no secret
			for i := range 400 {
				if r.IntN(10) == 0 {
					writing.Lock()
					g.write(r.IntN(50), fmt.Sprint("Name ", worker, i))
					writing.Unlock()
				}
				writing.RLock()
				target, headers := randomRequest(r)
				a := serve(cached, request(t, http.MethodGet, target, headers...))
				b := serve(uncached, request(t, http.MethodGet, target, headers...))
				writing.RUnlock()
				if a.Code != b.Code || a.Header().Get("ETag") != b.Header().Get("ETag") || a.Header().Get("Link") != b.Header().Get("Link") {
					t.Errorf("%s %q: status %d and %d, %v and %v", target, headers, a.Code, b.Code, a.Header(), b.Header())
				}
				if a.Code != http.StatusBadRequest && string(uncoded(t, a)) != string(uncoded(t, b)) {
					t.Errorf("%s %q: the bodies differ", target, headers)
				}
			}
		})
	}
	all.Wait()
	if asked := g.searches.Load(); asked > 4*400*2 {
		t.Errorf("%d searches", asked)
	}
}

func randomRequest(r *rand.Rand) (target string, headers []string) {
	one := func(all ...string) string { return all[r.IntN(len(all))] }
	headers = []string{
		"Accept-Language", one("de", "en", "fr;q=0.9, en;q=0.8", "*", "tlh"),
		"Accept-Encoding", one("identity", "gzip", "zstd", "gzip;q=0.5, zstd;q=0.4", "br, *;q=0.1", "identity;q=0, gzip"),
	}
	return one("/v1/software", "/v1/software/"+fullID, "/v1/software/"+bareID, "/v1/similar/"+fullID, "/v1/regions", "/v1/licences/numbers", "/v1/suggestions") +
		one("", "", "?perPage=3", "?q=a", "?q=A&perPage=2", "?perPage=2&q=%41", "?fields=id", "?fields=name,licence.declared", "?facets=true&sort=name", "?limit=2", "?surprise=1", "?q=%zz"), headers
}

// TestMemoryOfKeptAnswers asks many different questions, and one again and again,
// which stays while the others come and go.
func TestMemoryOfKeptAnswers(t *testing.T) {
	const size = 1 << 20
	g := newLedger()
	kept := newAnswers(size, g.Rev)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := kept.to(r, func() (*answer, error) {
			g.searches.Add(1)
			return jsonAnswer(strings.Repeat(r.URL.RawQuery+" ", 50))
		}); err != nil {
			t.Error(err)
		}
	})
	asked := int64(0)
	for i := range 5000 {
		serve(h, request(t, http.MethodGet, fmt.Sprintf("/v1/software?perPage=1&publisher=p%d", i)))
		if i%10 == 0 {
			before := g.searches.Load()
			serve(h, request(t, http.MethodGet, "/v1/software"))
			asked += g.searches.Load() - before
		}
	}
	kept.kept.CleanUp()
	weight := uint64(0)
	for q, k := range kept.kept.All() {
		weight += uint64(weigh(q, k))
		if int(weigh(q, k)) < cap(k.body)+len(q.query) {
			t.Errorf("an answer of %d bytes weighs %d", cap(k.body), weigh(q, k))
		}
	}
	if weight > size || weight < size/2 {
		t.Errorf("%d bytes are kept of %d at most", weight, size)
	}
	if asked > 25 {
		t.Errorf("what was asked for 500 times was made %d times", asked)
	}
}

// TestNewest has many ask while the catalogue is asked: they get a revision from
// after their question, and it is asked once for all of them.
func TestNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rev registry.Rev
		calls, gate := 0, make(chan struct{})
		n := &newest{ask: func(context.Context) (registry.Rev, error) {
			calls++
			seen := rev
			<-gate
			return seen, nil
		}}
		var all sync.WaitGroup
		ask := func(want registry.Rev) {
			all.Go(func() {
				if got, err := n.rev(t.Context()); got != want || err != nil {
					t.Errorf("revision %d, %v, want %d", got, err, want)
				}
			})
		}
		rev = 1
		ask(1)
		synctest.Wait() // it is being asked
		rev = 2
		for range 20 {
			ask(2)
		}
		gone, leave := context.WithCancel(t.Context())
		all.Go(func() {
			if _, err := n.rev(gone); !errors.Is(err, context.Canceled) {
				t.Errorf("who left got %v", err)
			}
		})
		synctest.Wait()
		leave()
		close(gate)
		all.Wait()
		if calls != 2 {
			t.Errorf("asked %d times", calls)
		}
	})
	broken := &newest{ask: func(context.Context) (registry.Rev, error) { panic("machine room") }}
	if _, err := broken.rev(t.Context()); err == nil {
		t.Error("a panic is no revision")
	}
}

func TestCanonical(t *testing.T) {
	for raw, want := range map[string]string{
		"": "", "q=a": "q=a", "q=a&perPage=5": "perPage=5&q=a", "perPage=5&q=%61": "perPage=5&q=a",
		"q=a+b": "q=a+b", "q=a%20b": "q=a+b", "region=B&region=A": "region=B&region=A", "q": "q=", "q=%zz": "q=%zz",
	} {
		if got := canonical(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
