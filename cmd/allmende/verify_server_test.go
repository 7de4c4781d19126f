// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
	"github.com/allmende-registry/allmende/registry/sqlite"
	"github.com/allmende-registry/allmende/site"
)

// serving is a server of a store, with the public address of another machine.
func serving(t *testing.T, s *sqlite.Store, source search.Source) string {
	t.Helper()
	cat := &catalogue{store: s, index: search.New(source)}
	handler, err := cat.handler(site.Options{BaseURL: "https://software.example", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func openFile(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// compare compares without waiting in between.
func compare(t *testing.T, s registry.Store, server string) (lines string, entries int, err error) {
	t.Helper()
	c, err := newComparison(s, server)
	if err != nil {
		t.Fatal(err)
	}
	c.pause = 0
	all, n, err := c.run(t.Context())
	return strings.Join(all, "\n"), n, err
}

func TestVerifyServer(t *testing.T) {
	n := filledNode(t)
	s := openFile(t, n.database)
	for i := range 250 {
		if _, err := s.Put(t.Context(), registrytest.Software(registry.ID(fmt.Sprint("forge.example/many/", i)), "")); err != nil {
			t.Fatal(err)
		}
	}
	server := serving(t, s, s)
	mustFail(t, 0, "lists the same 25", "verify", "--config", n.config, "--server", server+"/")

	// A server of another registry has none of this one, and others.
	elsewhere := newNode(t)
	other := openFile(t, elsewhere.database)
	for _, id := range []registry.ID{"forge.example/a/changed", "forge.example/x/too-much"} {
		if _, err := other.Put(t.Context(), registrytest.Software(id, "")); err != nil {
			t.Fatal(err)
		}
	}
	execute(t, elsewhere.database, "UPDATE entry SET changed = '2001-01-01T00:00:00.000Z'")
	foreign := serving(t, other, other)
	out, errs, code := command(t, "verify", "--config", n.config, "--server", server, "--server", foreign)
	if code != 1 || !strings.Contains(errs, "start them again") {
		t.Errorf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{
		"lists the same 25", " does not list the entry forge.example/many/249\n", " lists the entry forge.example/x/too-much, which is not there\n",
		" counts 2 entries; there are 25", " lists the entry forge.example/a/changed as of 2001-01-01T00:00:00Z; it is of 20",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in %.2000s", want, out)
		}
	}

	// What another process changes behind a server's back is seen by its next answer.
	execute(t, n.database, "UPDATE entry SET changed = '2001-01-01T00:00:00.000Z' WHERE id = 'forge.example/many/7'")
	if lines, _, err := compare(t, s, server); lines != "" || err != nil {
		t.Errorf("%s, %v", lines, err)
	}
}

// frozen is a log that an index does not follow any more.
type frozen struct {
	*sqlite.Store
	at registry.Rev
}

func (f frozen) Rev(context.Context) (registry.Rev, error) { return f.at, nil }

func TestVerifyServerBehind(t *testing.T) {
	s := openFile(t, newNode(t).database)
	put := func(id registry.ID) {
		if _, err := s.Put(t.Context(), registrytest.Software(id, "")); err != nil {
			t.Fatal(err)
		}
	}
	put("forge.example/a/there")
	put("forge.example/a/gone")
	server := serving(t, s, frozen{s, 2})
	if lines, n, err := compare(t, s, server); lines != "" || n != 2 || err != nil {
		t.Fatalf("%s, %d, %v", lines, n, err)
	}
	if _, err := s.Remove(t.Context(), "forge.example/a/gone", registry.FileGone); err != nil {
		t.Fatal(err)
	}
	if lines, _, err := compare(t, s, server); !strings.HasSuffix(lines, " counts 2 entries; there are 1") || err != nil {
		t.Errorf("with an entry too many: %s, %v", lines, err)
	}
	put("forge.example/a/new")
	if lines, _, err := compare(t, s, server); !strings.HasSuffix(lines, " does not list the entry forge.example/a/new") || err != nil {
		t.Errorf("with an entry too few: %s, %v", lines, err)
	}
}

// What changes while it is compared does not differ.
func TestVerifyServerMeanwhile(t *testing.T) {
	s := openFile(t, newNode(t).database)
	n := 0
	put := func() {
		n++
		if _, err := s.Put(t.Context(), registrytest.Software(registry.ID(fmt.Sprint("forge.example/a/", n)), "")); err != nil {
			t.Error(err)
		}
	}
	put()
	real := serving(t, s, s)
	for _, times := range []int{1, compared - 1, 1000} {
		beside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if times--; times >= 0 {
				put()
			}
			resp, err := http.Get(real + r.URL.RequestURI()) //nolint:noctx // of a test
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			w.WriteHeader(resp.StatusCode)
			_, _ = io.Copy(w, resp.Body)
		}))
		if lines, _, err := compare(t, s, beside.URL); lines != "" || err != nil {
			t.Errorf("%s, %v", lines, err)
		}
		beside.Close()
	}
}

func TestVerifyServerRefuses(t *testing.T) {
	n := filledNode(t)
	for _, address := range []string{"", "127.0.0.1:8080", "ftp://127.0.0.1", "http://", "http://%zz"} {
		mustFail(t, 2, "--server", "verify", "--config", n.config, "--server", address)
	}
	s := openFile(t, n.database)
	endless := `{"items":[],"total":1,"links":{"next":"/v1/software?after=x"}}`
	for name, test := range map[string]struct {
		answer string
		status int
		want   string
	}{
		"another program":     {"<html>", 200, "API of this program"},
		"an error":            {"go away\nnow", 503, `503 Service Unavailable: "go away"`},
		"a list without end":  {endless, 200, "does not end"},
		"no cursor":           {strings.Replace(endless, "after", "before", 1), 200, "no cursor"},
		"a time that is none": {`{"items":[{"id":"forge.example/a/b","changed":"soon"}]}`, 200, "no time"},
		"too much":            {strings.Repeat(" ", maxListPage+1), 200, registry.ErrTooLarge.Error()},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.answer)
		}))
		if _, _, err := compare(t, s, server.URL); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		server.Close()
		if _, _, err := compare(t, s, server.URL); err == nil || errors.Is(err, registry.ErrInvalid) {
			t.Errorf("a server that is not there: %v", err)
		}
	}
}
