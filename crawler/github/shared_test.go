// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// villages is a world of many small owners, with so many repositories each as
// their number says, modulo 5.
func villages(n int) (w *forgetest.World, listings []crawler.Listing, repos int) {
	w = forgetest.New()
	for i := range n {
		owner := fmt.Sprintf("dorf%d", i)
		listings = append(listings, crawler.Listing{Path: owner})
		for j := range i % 5 {
			w.Put(forgetest.Repo{Forge: "github", Path: fmt.Sprintf("%s/r%d-%d", owner, i, j), Files: map[string][]byte{"publiccode.yml": []byte(owner)}})
			repos++
		}
	}
	return w, listings, repos
}

// Many small owners cost as few requests as one large one, and an owner that
// cannot be listed is its own failure.
func TestSharedRequests(t *testing.T) {
	w, listings, n := villages(250)
	listings = append(listings, crawler.Listing{Path: "dorf2/r2-1"}, crawler.Listing{Path: "dorf1/keins"}, crawler.Listing{Path: "a//b"})
	wire := &wire{token: true}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
	count := 0
	failures := make(map[string]error)
	done := make(map[string]bool)
	for page, err := range f.Repos(t.Context(), listings) {
		if err != nil {
			t.Fatal(err)
		}
		count += len(page.Repos)
		for _, p := range page.Progress {
			if p.Err != nil {
				failures[p.Path] = p.Err
			}
			done[p.Path] = p.Done
		}
	}
	if count != n+1 {
		t.Errorf("%d repositories, want %d", count, n+1)
	}
	for i, l := range listings {
		var want error // the stand-in knows no owner without repositories
		switch {
		case l.Path == "a//b":
			want = registry.ErrInvalid
		case l.Path == "dorf1/keins", i < 250 && i%5 == 0:
			want = registry.ErrNotFound
		}
		if !done[l.Path] || !errors.Is(failures[l.Path], want) || want == nil && failures[l.Path] != nil {
			t.Errorf("%s: done %t, %v, want %v", l.Path, done[l.Path], failures[l.Path], want)
		}
	}
	if most := n/100 + 3; len(wire.asked) > most {
		t.Errorf("%d requests for %d repositories, want at most %d", len(wire.asked), n, most)
	}
}

// Where most is known, files are asked for only of what is not, and more
// repositories fit a query.
func TestKnown(t *testing.T) {
	for _, instance := range []bool{false, true} {
		w, listings, n := villages(150)
		if instance {
			listings = []crawler.Listing{{}}
		}
		var bodies [][]byte
		wire := &wire{token: true, answer: func(_ *http.Request, body []byte) *http.Response {
			if len(body) > 0 {
				bodies = append(bodies, body)
			}
			return nil
		}}
		f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
		versions := make(map[string]string)
		for i := range listings {
			listings[i].Known = func(r crawler.Repo) bool { return r.Version != "" && versions[r.URL] == r.Version }
		}
		sweep := func() (repos map[string]crawler.Repo) {
			wire.asked, bodies = nil, nil
			repos, _, err := listFrom(t, f, listings...)
			if err != nil || len(repos) != n {
				t.Fatalf("%d repositories of %d, %v", len(repos), n, err)
			}
			return repos
		}
		for _, r := range sweep() {
			versions[r.URL] = r.Version
			readsForFree(t, f, wire, r)
		}
		sweep()
		if len(wire.asked)*80 > n && !instance || len(wire.asked) > n/100+2 {
			t.Errorf("%d requests for %d unchanged repositories", len(wire.asked), n)
		}
		for _, body := range bodies {
			if bytes.Contains(body, []byte("publiccode.yml")) {
				t.Error("files of unchanged repositories are asked for")
			}
		}
		changed, _, _ := w.Find("github", "dorf4/r4-2")
		changed.Files = map[string][]byte{"publiccode.yml": []byte("anders")}
		w.Put(changed)
		r := sweep()["r4-2"]
		if n := bytes.Count(slices.Concat(bodies...), []byte(":publiccode.yml")); n != 1 {
			t.Errorf("%d files are asked for, want that of the changed repository", n)
		}
		readsForFree(t, f, wire, r)
	}
}

func readsForFree(t *testing.T, f crawler.Forge, wire *wire, r crawler.Repo) {
	t.Helper()
	asked := len(wire.asked)
	tree, err := f.Files(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(tree, "publiccode.yml"); err != nil || len(wire.asked) != asked {
		t.Errorf("%s: %v, asked %q", r.URL, err, wire.asked[asked:])
	}
}

// An owner with more repositories than were counted, or fewer, is listed to its
// end all the same.
func TestWrongCounts(t *testing.T) {
	counted := regexp.MustCompile(`"totalCount":\d+`)
	for _, count := range []string{"0", "1", "7", "100000", "-5"} {
		w, listings, n := villages(60)
		wire := &wire{token: true}
		wire.answer = func(r *http.Request, _ []byte) *http.Response {
			body := forward(t, r)
			if count == "0" { // as GitHub would have it where there is nothing to page through
				return response(http.StatusOK, body)
			}
			return response(http.StatusOK, counted.ReplaceAllString(body, `"totalCount":`+count))
		}
		listings = slices.DeleteFunc(listings, func(l crawler.Listing) bool {
			_, _, there := w.Find("github", l.Path+"/r"+strings.TrimPrefix(l.Path, "dorf")+"-0")
			return !there
		})
		if count == "-5" { // says that there is nothing
			listings = listings[:1]
			n = 1
		}
		f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
		repos, _, err := listFrom(t, f, listings...)
		if err != nil || len(repos) != n {
			t.Errorf("%s counted: %d repositories of %d, %v", count, len(repos), n, err)
		}
	}
}

// forward lets the stand-in answer and returns the body.
func forward(t *testing.T, r *http.Request) string {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Error(err)
	}
	return b.String()
}

// An owner that GitHub cannot list by queries in time is listed over REST, and
// one that it cannot list at all leaves the others alone.
func TestSharedFailure(t *testing.T) {
	for _, rest := range []bool{true, false} {
		w, listings, n := villages(40)
		wire := &wire{token: true, answer: func(r *http.Request, body []byte) *http.Response {
			if bytes.Contains(body, []byte(`repositoryOwner(login: \"dorf14\") { repositories(first`)) || !rest && strings.Contains(r.URL.Path, "/users/dorf14/") {
				return response(http.StatusBadGateway, `{}`)
			}
			return nil
		}}
		f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
		repos, progress, err := listFrom(t, f, listings...)
		if !rest {
			n -= 4
		}
		if err != nil || len(repos) != n {
			t.Errorf("%d repositories of %d, %v", len(repos), n, err)
		}
		for path, p := range progress {
			if failed := p.Err != nil && !errors.Is(p.Err, registry.ErrNotFound); failed != (!rest && path == "dorf14") {
				t.Errorf("%s: %v", path, p.Err)
			}
		}
	}
}

// What a listing left behind that was done another way leads to its beginning.
func TestForeignCursor(t *testing.T) {
	server := conformance.NewServer(t, forgetest.GitHub, many(120))
	for _, token := range []bool{true, false} {
		f := newForge(t, server.URL, &wire{token: token})
		for _, after := range []string{"cursor:", "page:", "page:x/y", "page:-1/-1", "id:", "nonsense"} {
			if repos, progress, err := listFrom(t, f, crawler.Listing{Path: "viel", After: after}); err != nil || progress["viel"].Err != nil || len(repos) != 120 {
				t.Errorf("token %t, after %q: %d repositories, %v, %v", token, after, len(repos), progress["viel"].Err, err)
			}
		}
		for _, after := range []string{"id:x", "id:-5", "cursor:x"} {
			if repos, progress, err := listFrom(t, f, crawler.Listing{After: after}); err != nil || progress[""].Err != nil || len(repos) != 120 {
				t.Errorf("token %t, the instance after %q: %d repositories, %v, %v", token, after, len(repos), progress[""].Err, err)
			}
		}
	}
}
