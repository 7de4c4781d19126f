// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// testClock goes forward only when somebody sleeps.
type testClock struct {
	mu    sync.Mutex
	time  time.Time
	slept []time.Duration
}

func (c *testClock) clock() clock {
	return clock{
		now: func() time.Time {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.time
		},
		sleep: func(ctx context.Context, d time.Duration) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.time = c.time.Add(d)
			c.slept = append(c.slept, d)
			return ctx.Err()
		},
	}
}

func (c *testClock) total() time.Duration {
	var sum time.Duration
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// serve starts a server and a client that may reach it; opt may change the
// client's options.
func serve(t *testing.T, h http.HandlerFunc, opt ...func(*Options, string)) (*Client, *testClock, string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	u, _ := url.Parse(server.URL)
	o := Options{UserAgent: "test (+https://example.org)", Hosts: map[string]Host{HostPort(u): {AllowPrivate: true}}}
	for _, f := range opt {
		f(&o, HostPort(u))
	}
	if o.Logger == nil {
		o.Logger = New(Options{}).http.Transport.(*retries).log
	}
	c := &testClock{time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	return newClient(o, c.clock()), c, server.URL
}

func get(ctx context.Context, c *Client, url string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := c.HTTP().Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// failing answers the first n requests with fail, all later ones with "fine".
func failing(n int, fail http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n--
		bad := n >= 0
		mu.Unlock()
		if bad {
			fail(w, r)
			return
		}
		fmt.Fprint(w, "fine")
	}
}

func hijack(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		io.WriteString(conn, answer)
		conn.Close()
	}
}

func TestMendsWhatARepetitionMends(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	typed := func(media, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			io.WriteString(w, body)
		}
	}
	for name, fail := range map[string]http.HandlerFunc{
		"500":              status(500),
		"502":              status(502),
		"503":              status(503),
		"reset":            hijack(""),
		"truncated":        hijack("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
		"truncated chunks": hijack("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"),
		"no HTTP":          hijack("hello\r\n\r\n"),
		"page of HTML":     typed("text/html; charset=utf-8", "<h1>Sign in</h1>"),
		"invalid JSON":     typed("application/json", `{"id": 1, `),
		"broken gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "\x1f\x8b\x08 no")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, clock, url := serve(t, failing(3, fail))
			status, body, err := get(t.Context(), c, url)
			if err != nil || status != 200 || body != "fine" {
				t.Fatalf("got %d %q, %v", status, body, err)
			}
			if len(clock.slept) != 3 {
				t.Fatalf("waited %d times, want 3", len(clock.slept))
			}
			for i, d := range clock.slept {
				if d < 250*time.Millisecond {
					t.Errorf("wait %d was %s: too close", i, d)
				}
			}
		})
	}
}

// TestFilesAreNoPages: a file of a repository may be HTML or broken JSON.
func TestFilesAreNoPages(t *testing.T) {
	for _, media := range []string{"text/html", "application/json"} {
		requests := 0
		c, _, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			requests++
			w.Header().Set("Content-Type", media)
			w.Header().Set("Content-Disposition", `Attachment; filename="\xfc"`)
			io.WriteString(w, "<h1>")
		})
		if status, body, err := get(t.Context(), c, url); err != nil || status != 200 || body != "<h1>" || requests != 1 {
			t.Errorf("%s: %d %q, %v by %d requests", media, status, body, err, requests)
		}
	}
}

func TestGivesUp(t *testing.T) {
	var requests int
	c, _, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.WriteHeader(http.StatusBadGateway)
	})
	if status, _, err := get(t.Context(), c, url); err != nil || status != http.StatusBadGateway {
		t.Fatalf("got %d, %v: the last answer should be handed on", status, err)
	}
	if requests != attempts {
		t.Fatalf("%d requests, want %d", requests, attempts)
	}
	if got := c.Requests()[strings.TrimPrefix(url, "http://")]; got != attempts {
		t.Errorf("counted %d requests, want %d", got, attempts)
	}
	requests = 0
	if _, _, err := get(WithAttempts(t.Context(), 2), c, url); err != nil || requests != 2 {
		t.Fatalf("%d requests with two attempts, %v", requests, err)
	}
}

func TestLeavesADeadHostAlone(t *testing.T) {
	var requests int
	c, clock, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.WriteHeader(http.StatusInternalServerError)
	})
	for range circuitFailures {
		get(t.Context(), c, url)
	}
	before := requests
	if _, _, err := get(t.Context(), c, url); !errors.Is(err, ErrUnavailable) || requests != before {
		t.Fatalf("got %v after %d more requests", err, requests-before)
	}
	clock.time = clock.time.Add(2 * circuitPause)
	if get(t.Context(), c, url); requests == before {
		t.Error("the host is never asked again")
	}
}

func TestDoesNotRepeatInVain(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 410, 451, 501} {
		var requests int
		c, clock, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			requests++
			w.WriteHeader(status)
		})
		got, _, err := get(t.Context(), c, url)
		if got != status || err != nil || requests != 1 || len(clock.slept) != 0 {
			t.Errorf("status %d: got %d, %v after %d requests", status, got, err, requests)
		}
	}
}

func TestBoundsBodies(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, 64<<10)
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	bomb := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		block := make([]byte, 1<<20)
		for range 64 {
			if _, err := z.Write(block); err != nil {
				return
			}
		}
		z.Close()
	}
	announced := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(100<<20))
		w.WriteHeader(http.StatusOK)
	}
	for name, h := range map[string]http.HandlerFunc{"endless": endless, "gzip bomb": bomb, "announced": announced} {
		t.Run(name, func(t *testing.T) {
			c, clock, url := serve(t, h)
			_, _, err := get(WithLimit(t.Context(), 1<<20), c, url)
			if !errors.Is(err, registry.ErrTooLarge) {
				t.Fatalf("got %v", err)
			}
			if len(clock.slept) != 0 {
				t.Error("a body that is too large was asked for again")
			}
		})
	}
	t.Run("exactly", func(t *testing.T) {
		c, _, url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20)) })
		if _, body, err := get(WithLimit(t.Context(), 1<<20), c, url); err != nil || len(body) != 1<<20 {
			t.Fatalf("got %d bytes, %v", len(body), err)
		}
	})
	t.Run("long explanation of an error", func(t *testing.T) {
		c, _, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			w.Write(make([]byte, 1<<20))
		})
		if status, _, err := get(WithLimit(t.Context(), 100), c, url); err != nil || status != http.StatusNotFound {
			t.Fatalf("got %d, %v", status, err)
		}
	})
}

func TestWaitsForRateLimits(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	headers := func(status int, body string, kv ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", start.Format(http.TimeFormat))
			for i := 0; i < len(kv); i += 2 {
				w.Header().Set(kv[i], kv[i+1])
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	reset := func(d time.Duration) string { return strconv.FormatInt(start.Add(d).Unix(), 10) }
	for name, tt := range map[string]struct {
		limit    http.HandlerFunc
		path     string
		min, max time.Duration
	}{
		"GitHub primary":      {headers(403, "", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset(600*time.Second)), "/repos", 600 * time.Second, 603 * time.Second},
		"GitHub secondary":    {headers(403, "", "Retry-After", "30"), "/repos", 30 * time.Second, 31 * time.Second},
		"GitHub without time": {headers(403, `{"message":"You have exceeded a secondary rate limit."}`), "/repos", time.Minute, time.Minute},
		"GitLab":              {headers(429, "", "RateLimit-Remaining", "0", "RateLimit-Reset", reset(20*time.Second)), "/api", 20 * time.Second, 22 * time.Second},
		"seconds from now on": {headers(429, "", "RateLimit-Remaining", "0", "RateLimit-Reset", "20"), "/api", 20 * time.Second, 22 * time.Second},
		"one field":           {headers(429, "", "RateLimit", `"minute";r=0;t=20`), "/api", 20 * time.Second, 22 * time.Second},
		"date":                {headers(429, "", "Retry-After", start.Add(40*time.Second).Format(http.TimeFormat)), "/", 40 * time.Second, 41 * time.Second},
		"no word":             {headers(429, ""), "/", time.Minute, time.Minute},
		"GraphQL":             {headers(200, `{"errors":[{"type":"RATE_LIMITED"}]}`, "Content-Type", "application/json", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset(90*time.Second)), "/graphql", 90 * time.Second, 92 * time.Second},
		"GraphQL by code":     {headers(200, `{"errors":[{"type":"RATE_LIMIT","code":"graphql_rate_limit"}]}`, "Content-Type", "application/json", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset(90*time.Second)), "/graphql", 90 * time.Second, 92 * time.Second},
		"GraphQL secondary":   {headers(200, `{"data":null,"errors":[{"message":"You have exceeded a secondary rate limit."}]}`, "Content-Type", "application/json"), "/graphql", time.Minute, time.Minute},
		"GraphQL with points": {headers(200, `{"errors":[{"type":"RATE_LIMITED"}]}`, "Content-Type", "application/json", "X-RateLimit-Remaining", "1", "X-RateLimit-Reset", reset(90*time.Second)), "/graphql", 90 * time.Second, 92 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			c, clock, url := serve(t, failing(2, tt.limit))
			status, body, err := get(t.Context(), c, url+tt.path)
			if err != nil || status != 200 || body != "fine" {
				t.Fatalf("got %d %q, %v", status, body, err)
			}
			if total := clock.total(); total < 2*tt.min || total > 2*tt.max {
				t.Errorf("waited %s for two refusals", total)
			}
		})
	}
	t.Run("before the refusal", func(t *testing.T) {
		c, clock, url := serve(t, failing(1, headers(200, "last one", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset(100*time.Second))))
		if _, body, _ := get(t.Context(), c, url+"/a"); body != "last one" || clock.total() != 0 {
			t.Fatalf("got %q after %s", body, clock.total())
		}
		if get(t.Context(), c, url+"/raw/o/r/HEAD/f"); clock.total() != 0 {
			t.Error("another budget had to wait")
		}
		if get(t.Context(), c, url+"/b"); clock.total() < 100*time.Second {
			t.Errorf("waited %s only", clock.total())
		}
	})
	t.Run("without end", func(t *testing.T) {
		c, _, url := serve(t, headers(429, "", "Retry-After", "1"))
		if _, _, err := get(t.Context(), c, url); !errors.Is(err, ErrLimited) {
			t.Errorf("got %v", err)
		}
		c, clock, url := serve(t, headers(429, "", "Retry-After", "999999"))
		if _, _, err := get(t.Context(), c, url); !errors.Is(err, ErrLimited) || len(clock.slept) > 0 {
			t.Errorf("got %v", err)
		}
	})
}

func TestRepeatsQueriesWithTheirBody(t *testing.T) {
	var bodies []string
	c, _, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(b))
		switch len(bodies) {
		case 1:
			w.WriteHeader(http.StatusBadGateway)
		case 2:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/graphql", strings.NewReader("query"))
	resp, err := c.HTTP().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := strings.Join(bodies, ","); got != "query,query,query" {
		t.Errorf("sent %s", got)
	}
}

func TestTokenStaysWithItsHost(t *testing.T) {
	var foreign []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		foreign = append(foreign, r.Header.Get("Authorization")+r.Header.Get("Private-Token"))
	}))
	defer other.Close()
	otherURL, _ := url.Parse(other.URL)
	var own, agent string
	c, _, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		own, agent = r.Header.Get("Authorization"), r.Header.Get("User-Agent")
		if r.URL.Path == "/away" {
			http.Redirect(w, r, other.URL+"/x", http.StatusFound)
		}
	}, func(o *Options, host string) {
		o.Hosts[host] = Host{Header: "Authorization", Tokens: []string{"Bearer geheim"}, AllowPrivate: true}
		o.Hosts[HostPort(otherURL)] = Host{AllowPrivate: true}
	})
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/away", nil)
	req.Header.Set("Private-Token", "of a library")
	resp, err := c.HTTP().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if own != "Bearer geheim" || agent != "test (+https://example.org)" {
		t.Errorf("own host got %q from %q", own, agent)
	}
	if len(foreign) != 1 || foreign[0] != "" {
		t.Errorf("foreign host got %q", foreign)
	}
}

func TestGuard(t *testing.T) {
	reached := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inside.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
	for _, target := range []string{
		"http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port,
		"http://0.0.0.0:" + port, "http://0x7f000001:" + port, "http://[::1]:" + port,
	} {
		c, clock, url := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
		_, _, err := get(t.Context(), c, url)
		if err == nil || reached {
			t.Fatalf("redirect to %s: reached %v, error %v", target, reached, err)
		}
		if len(clock.slept) > 1 && errors.Is(err, ErrGuarded) {
			t.Errorf("redirect to %s was tried again", target)
		}
	}
	c, _, url := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	if _, _, err := get(t.Context(), c, url); err == nil || !strings.Contains(err.Error(), "redirects") {
		t.Errorf("redirect loop: %v", err)
	}
	c, _, url = serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	})
	if _, _, err := get(t.Context(), c, url); err == nil {
		t.Error("a redirect to a file was followed")
	}
}

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.215.14": true, "2a01:4f8::1": true, "::ffff:93.184.215.14": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.100.100.200": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false,
		"::1": false, "::": false, "::ffff:10.0.0.1": false, "fe80::1": false, "fe80::1%eth0": false, "fd00::1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001::1": false, "ff02::1": false, "::127.0.0.1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) = %v", address, got)
		}
	}
}

func TestStandInsReachNothingElse(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) }))
	defer server.Close()
	c := New(Options{StandIns: map[string]string{"git.example:443": strings.TrimPrefix(server.URL, "http://")}})
	if _, body, err := get(t.Context(), c, "https://git.example/x"); err != nil || body != "git.example" {
		t.Errorf("got %q, %v", body, err)
	}
	if _, _, err := get(t.Context(), c, server.URL); !errors.Is(err, ErrGuarded) {
		t.Errorf("something else was reached: %v", err)
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, _, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusBadGateway)
	})
	if _, _, err := get(ctx, c, url); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
