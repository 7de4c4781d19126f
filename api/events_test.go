// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net"
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
	"github.com/allmende-registry/allmende/registry/hosts"
)

// growing is a catalogue whose log grows.
type growing struct {
	*shelf
	mu  sync.Mutex
	log []registry.Change
	by  map[registry.ID]registry.Publisher
	err error
}

func newGrowing(n int) *growing {
	g := &growing{shelf: newShelf(), by: map[registry.ID]registry.Publisher{}}
	for range n {
		g.add(registry.Added, south)
	}
	return g
}

// add appends a change of a new entry.
func (g *growing) add(kind registry.Kind, by registry.Publisher) registry.ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	rev := registry.Rev(len(g.log) + 1)
	id := registry.ID(fmt.Sprintf("github.com/amt/nr-%d", rev))
	g.by[id] = by
	g.log = append(g.log, registry.Change{Rev: rev, ID: id, Kind: kind, Time: time.Unix(int64(rev), 0)})
	return id
}

func (g *growing) Rev(ctx context.Context) (registry.Rev, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return registry.Rev(len(g.log)), errors.Join(g.err, ctx.Err())
}

func (g *growing) Changes(_ context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	g.mu.Lock()
	defer g.mu.Unlock()
	log := g.log[min(int(after), len(g.log)):]
	return func(yield func(registry.Change, error) bool) {
		for _, c := range log {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (g *growing) At(_ context.Context, id registry.ID, _ time.Time) (*registry.Software, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	by, ok := g.by[id]
	if !ok {
		return nil, registry.ErrNotFound
	}
	return &registry.Software{ID: id, Publisher: by}, nil
}

// pipes is a listener in memory, which synctest can see through.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// serving serves h with the timeouts of a public service, in a bubble of synctest.
func serving(t *testing.T, h http.Handler) *http.Client {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second}
	var running sync.WaitGroup
	running.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case l.conns <- there:
			return here, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		running.Wait()
	})
	return &http.Client{Transport: transport}
}

// told is one event of a stream; a comment has nothing but comment.
type told struct {
	id, event, data string
	comment         bool
}

// following asks for a stream; next reads its next block.
func following(t *testing.T, client *http.Client, query string, headers ...string) (next func() (told, error)) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://node.example/v1/changes/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = w.Body.Close() })
	if w.StatusCode != http.StatusOK || w.Header.Get("Content-Type") != typeEvents {
		t.Fatalf("status %d, %s", w.StatusCode, w.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(w.Body)
	return func() (told, error) {
		var one told
		for lines.Scan() {
			field, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case lines.Text() == "":
				return one, nil
			case field == "":
				one.comment = true
			case field == "id":
				one.id = value
			case field == "event":
				one.event = value
			case field == "data":
				one.data += value
			case field != "retry":
				t.Errorf("line %q is none of a stream of events", lines.Text())
			}
		}
		return told{}, errors.Join(errors.New("the stream ends"), lines.Err())
	}
}

// expect reads blocks and holds their ids, or events where there are some, against
// want: "1 added", "#2" for a comment with an id.
func expect(t *testing.T, next func() (told, error), want ...string) {
	t.Helper()
	for _, w := range want {
		one, err := next()
		got := strings.TrimSpace(one.id + " " + one.event)
		if one.comment {
			got = "#" + one.id
		}
		if err != nil || got != w {
			t.Fatalf("got %q (%v), want %q", got, err, w)
		}
	}
}

// bubble serves a growing catalogue until the test ends.
func bubble(t *testing.T, n int, test func(t *testing.T, g *growing, client *http.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := newGrowing(n)
		h, err := New(g, Options{})
		if err != nil {
			t.Fatal(err)
		}
		test(t, g, serving(t, h))
	})
}

func TestStreamTellsWhatComes(t *testing.T) {
	bubble(t, 250, func(t *testing.T, g *growing, client *http.Client) {
		next := following(t, client, "?after=0")
		expect(t, next, "0")
		for i := range 250 {
			expect(t, next, fmt.Sprintf("%d added", i+1))
		}
		for range 2 {
			g.add(registry.Removed, south)
		}
		expect(t, next, "251 removed")
		one, err := next()
		var c change
		if err := json.Unmarshal([]byte(one.data), &c); err != nil {
			t.Fatal(err)
		}
		if err != nil || c.Revision != 252 || c.ID != "github.com/amt/nr-252" || c.Links.History == "" {
			t.Errorf("%v: %+v", err, c)
		}
	})
}

func TestStreamBeginsWhereItBrokeOff(t *testing.T) {
	bubble(t, 5, func(t *testing.T, g *growing, client *http.Client) {
		expect(t, following(t, client, "?after=1", "Last-Event-ID", "3"), "3", "4 added", "5 added")
		expect(t, following(t, client, "?after=9"), "0 reset", "1 added", "2 added")
		now := following(t, client, "")
		expect(t, now, "5")
		g.add(registry.Updated, north)
		expect(t, now, "6 updated")
		if w := serve(mustNew(t, g), requestOf(t, "/v1/changes/events", "Last-Event-ID", "yesterday")); w.Code != http.StatusBadRequest {
			t.Errorf("status %d for a Last-Event-ID that is none", w.Code)
		}
	})
}

func TestStreamTellsWhatIsOfInterest(t *testing.T) {
	bubble(t, 3, func(t *testing.T, g *growing, client *http.Client) {
		gone := g.add(registry.Removed, north)
		all := map[string][]string{
			"region=de":                   {"0", "1 added", "2 added", "3 added", "4 removed"},
			"region=BE,SH":                {"0", "4 removed"},
			"publisher=NORD":              {"0", "4 removed"},
			"publisher=nord&region=DE-BY": {"0", "#4"},
			"software=" + strings.ToUpper(string(gone)): {"0", "4 removed"},
			"region=AT": {"0", "#4", "#", "#"},
		}
		for query, want := range all {
			expect(t, following(t, client, "?after=0&"+query), want...)
		}
		late := following(t, client, "?region=SH")
		expect(t, late, "4")
		g.add(registry.Added, south)
		g.add(registry.Added, north)
		expect(t, late, "6 added")
		g.add(registry.Added, south)
		expect(t, late, "#7")
	})
}

func TestStreamStaysAlive(t *testing.T) {
	bubble(t, 1, func(t *testing.T, g *growing, client *http.Client) {
		next := following(t, client, "")
		expect(t, next, "1")
		start := time.Now()
		for i := range 40 { // for ten minutes: longer than any timeout of the server
			expect(t, next, "#")
			if waited, want := time.Since(start), time.Duration(i+1)*keepAlive; waited != want {
				t.Fatalf("comment %d after %v, want %v", i, waited, want)
			}
		}
		g.add(registry.Added, north)
		expect(t, next, "2 added")
	})
}

func TestStreamLetsGoOfWhoDoesNotRead(t *testing.T) {
	bubble(t, 100, func(t *testing.T, _ *growing, client *http.Client) {
		next := following(t, client, "?after=0") // pipes keep nothing: the first line of all waits to be read
		time.Sleep(maxStall + time.Second)
		for n := range 100 {
			if _, err := next(); err != nil {
				return
			} else if n == 99 {
				t.Error("the stream waited for who did not read")
			}
		}
	})
}

func TestStreamsAndWaitsEndWithTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping := make(chan struct{})
		h, err := New(newGrowing(1), Options{Stopping: stopping})
		if err != nil {
			t.Fatal(err)
		}
		client := serving(t, h)
		next := following(t, client, "")
		expect(t, next, "1")
		start := time.Now()
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if w := serve(h, requestOf(t, "/v1/changes?after=1&wait=60")); w.Code != http.StatusOK {
				t.Errorf("status %d", w.Code)
			}
		})
		synctest.Wait()
		close(stopping)
		waiting.Wait()
		if _, err := next(); err == nil || time.Since(start) > 0 {
			t.Errorf("the stream ended with %v after %v", err, time.Since(start))
		}
	})
}

func TestChangesAreAwaited(t *testing.T) {
	bubble(t, 3, func(t *testing.T, g *growing, client *http.Client) {
		ask := func(query string) (list changeList, took time.Duration, cache string) {
			start := time.Now()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://node.example/v1/changes?"+query, nil)
			if err != nil {
				t.Fatal(err)
			}
			w, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Body.Close()
			if err := json.NewDecoder(w.Body).Decode(&list); err != nil || w.StatusCode != http.StatusOK {
				t.Fatalf("status %d: %v", w.StatusCode, err)
			}
			return list, time.Since(start), w.Header.Get("Cache-Control")
		}
		for query, items := range map[string]int{"after=2&wait=60": 1, "after=7&wait=60": 0, "after=3": 0} {
			if list, took, _ := ask(query); len(list.Items) != items || took > 0 {
				t.Errorf("%s: %d items after %v", query, len(list.Items), took)
			}
		}
		if list, took, cache := ask("after=3&wait=60"); len(list.Items) != 0 || list.Newest != 3 || took != time.Minute || cache != cacheNever {
			t.Errorf("after %v: %+v, %s", took, list, cache)
		} else if want := "/v1/changes?after=3&perPage=25&wait=60"; list.Links.Self != want {
			t.Errorf("self is %s, want %s", list.Links.Self, want)
		}
		go func() {
			time.Sleep(10500 * time.Millisecond)
			g.add(registry.Added, north)
		}()
		if list, took, _ := ask("after=3&wait=60"); len(list.Items) != 1 || took > 12*time.Second {
			t.Errorf("after %v: %+v", took, list)
		}
	})
}

// TestOneLooksForAll has many wait: one looks at the log for all of them, is woken
// by who tells of changes, and ends with the last of them.
func TestOneLooksForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGrowing(1)
		var looks atomic.Int64
		var told hosts.Bell
		h, err := New(g, Options{Changed: func() <-chan struct{} { looks.Add(1); return told.Next() }})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		start := time.Now()
		for range maxWaiting {
			all.Go(func() {
				w := serve(h, requestOf(t, "/v1/changes?after=1&wait=60"))
				var list changeList
				if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Items) != 1 || time.Since(start) != 9500*time.Millisecond {
					t.Errorf("after %v: %d %.200s", time.Since(start), w.Code, w.Body)
				}
			})
		}
		synctest.Wait()
		for _, path := range []string{"/v1/changes?after=1&wait=1", "/v1/changes/events"} {
			if w := serve(h, requestOf(t, path)); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: one more waits: status %d", path, w.Code)
			}
		}
		time.Sleep(9500 * time.Millisecond)
		g.add(registry.Added, north)
		told.Ring()
		all.Wait()
		if n := looks.Load(); n != 11 { // each second, and as it was told
			t.Errorf("looked %d times", n)
		}
		time.Sleep(time.Minute)
		if n := looks.Load(); n > 12 {
			t.Errorf("looked %d times, though nobody waits", n)
		}
	})
}

// TestWatchKeepsTheNewest holds what the watch keeps against the log.
func TestWatchKeepsTheNewest(t *testing.T) {
	g := newGrowing(10)
	a := &api{catalogue: g}
	a.watch.a = a
	w := &a.watch
	look := func() { w.look(t.Context()) }
	look()
	if _, ok := w.after(9); ok {
		t.Error("it knows what it has not seen")
	}
	if list, ok := w.after(10); !ok || len(list) != 0 {
		t.Errorf("%v %v", list, ok)
	}
	for n := range 3 * maxRecent {
		g.add(registry.Added, north)
		if n%7 == 0 {
			look()
		}
	}
	look()
	newest := registry.Rev(10 + 3*maxRecent)
	held, ok := w.after(newest - maxRecent)
	if !ok || len(held) != maxRecent {
		t.Fatalf("%d changes, %v", len(held), ok)
	}
	before := slices.Clone(held)
	if _, ok := w.after(newest - maxRecent - 1); ok {
		t.Error("it keeps more than it should")
	}
	for range maxRecent + 1 { // more at once than is kept
		g.add(registry.Added, north)
	}
	look()
	if list, ok := w.after(newest + maxRecent + 1); !ok || len(list) != 0 {
		t.Errorf("%d changes, %v", len(list), ok)
	}
	if _, ok := w.after(newest); ok || !slices.Equal(held, before) {
		t.Error("a gap is passed over, or what others hold has changed")
	}
	g.err = errors.New("disk on fire")
	g.add(registry.Added, north)
	look()
	g.err = nil
	look()
	if list, ok := w.after(newest + maxRecent + 1); !ok || len(list) != 1 || list[0].Rev != newest+maxRecent+2 {
		t.Errorf("after an error: %v %v", list, ok)
	}
}

func mustNew(t *testing.T, c Catalogue) http.Handler {
	t.Helper()
	h, err := New(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func requestOf(t testing.TB, target string, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}
