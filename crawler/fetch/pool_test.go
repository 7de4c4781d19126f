// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTokensTakeTurns(t *testing.T) {
	left := map[string]int{"token a": 2, "token b": 3}
	var sent []string
	c, clock, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("Authorization")
		sent = append(sent, token)
		if left[token] == 0 {
			w.Header().Set("Retry-After", "600")
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.WriteHeader(http.StatusForbidden)
			return
		}
		left[token]--
		io.WriteString(w, "fine")
	}, func(o *Options, host string) {
		o.Hosts[host] = Host{Header: "Authorization", Tokens: []string{"token a", "token b"}, AllowPrivate: true}
	})
	for i := range 5 {
		if status, _, err := get(t.Context(), c, url); err != nil || status != 200 {
			t.Fatalf("request %d: %d, %v", i, status, err)
		}
	}
	if clock.total() != 0 {
		t.Errorf("waited %s though a token was left", clock.total())
	}
	if got := strings.Join(sent, ","); got != "token a,token b,token a,token b,token a,token b" {
		t.Errorf("sent %s", got)
	}
	left["token a"], left["token b"] = 9, 9
	if status, _, err := get(t.Context(), c, url); err != nil || status != 200 {
		t.Errorf("%d, %v", status, err)
	}
	if status, _, err := get(t.Context(), c, url); err != nil || status != 200 {
		t.Errorf("%d, %v", status, err)
	}
	if clock.total() > 601*time.Second {
		t.Errorf("waited %s", clock.total())
	}
}

func TestAsksWithConditions(t *testing.T) {
	for _, validator := range []string{"Etag", "Last-Modified"} {
		t.Run(validator, func(t *testing.T) {
			version, full := 1, 0
			c, _, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				mark := fmt.Sprintf(`"v%d"`, version)
				if validator == "Last-Modified" {
					mark = time.Unix(int64(version)*1e6, 0).UTC().Format(http.TimeFormat)
				}
				w.Header().Set(validator, mark)
				w.Header().Set("X-Asked", fmt.Sprint(full))
				if r.Header.Get("If-None-Match") == mark || r.Header.Get("If-Modified-Since") == mark {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				full++
				fmt.Fprintf(w, "version %d of %s", version, r.URL.Path)
			})
			want := func(path, body string, served int) {
				t.Helper()
				if status, got, err := get(t.Context(), c, url+path); err != nil || status != 200 || got != body || full != served {
					t.Errorf("got %d %q, %v; served %d times, want %d", status, got, err, full, served)
				}
			}
			want("/a", "version 1 of /a", 1)
			want("/a", "version 1 of /a", 1)
			want("/b", "version 1 of /b", 2)
			version = 2
			want("/a", "version 2 of /a", 3)
			want("/a", "version 2 of /a", 3)
		})
	}
}

func TestRemembersABoundedNumberOfBytes(t *testing.T) {
	c := newConditional(nil)
	for i := range 100 {
		c.put(&remembered{key: fmt.Sprint(i), body: make([]byte, 900<<10)})
		c.put(&remembered{key: fmt.Sprint("large", i), body: make([]byte, maxAnswer)})
	}
	if c.bytes > maxRemembered || c.used.Len() != len(c.byKey) || c.get("99") == nil || c.get("0") != nil || c.get("large5") != nil {
		t.Errorf("%d bytes of %d answers", c.bytes, c.used.Len())
	}
}
