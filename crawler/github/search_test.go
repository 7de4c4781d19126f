// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

func TestSearch(t *testing.T) {
	file := func(path, name string, size int) forgetest.Repo {
		return forgetest.Repo{Forge: "github", Path: path, Files: map[string][]byte{name: make([]byte, size), "docs/publiccode.yml": nil}}
	}
	few := forgetest.New(file("a/yml", "publiccode.yml", 10), file("a/yaml", "publiccode.yaml", 0), file("a/none", "README.md", 10), file("a/deep", "x/publiccode.yml", 1))
	both := file("b/both", "publiccode.yml", 5)
	both.Files["publiccode.yaml"] = nil
	few.Put(both)
	fork := file("b/fork", "publiccode.yml", 5)
	fork.Parent = "a/yml"
	few.Put(fork)
	many := func(n int, size func(i int) int) *forgetest.World {
		w := forgetest.New()
		for i := range n {
			w.Put(file(fmt.Sprintf("viele/r%d", i), "publiccode.yml", size(i)))
		}
		return w
	}
	for name, tt := range map[string]struct {
		world    *forgetest.World
		want     int
		requests int // at most
		cut      bool
	}{
		"few":                      {few, 3, 2, false},
		"none":                     {forgetest.New(), 0, 2, false},
		"a thousand":               {many(1000, func(int) int { return 7 }), 1000, 11, false},
		"of all sizes":             {many(2100, func(i int) int { return i }), 2100, 60, false},
		"of one size":              {many(1300, func(int) int { return 7 }), 1000, 60, true},
		"most of one size":         {many(2100, func(i int) int { return 4000 + i%1000*(i%2) }), 1000, 80, true},
		"most are small, few huge": {many(1500, func(i int) int { return i * i / 10 }), 1500, 60, false},
	} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{token: true}
			f := newForge(t, conformance.NewServer(t, forgetest.GitHub, tt.world).URL, wire)
			seen := make(map[string]bool)
			var last error
			for path, err := range f.Search(t.Context()) {
				if last = err; err != nil {
					continue
				}
				if _, _, ok := tt.world.Find("github", path); !ok || seen[path] {
					t.Errorf("%s: there %t, twice %t", path, ok, seen[path])
				}
				seen[path] = true
			}
			if len(seen) < tt.want || !tt.cut && len(seen) > tt.want {
				t.Errorf("%d repositories, want %d", len(seen), tt.want)
			}
			if errors.Is(last, registry.ErrTooLarge) != tt.cut || last != nil && !tt.cut {
				t.Errorf("%v, want one for what is left out: %t", last, tt.cut)
			}
			if len(wire.asked) > tt.requests {
				t.Errorf("%d requests, want at most %d", len(wire.asked), tt.requests)
			}
			for range f.Search(t.Context()) { // can be left at any time
				break
			}
		})
	}
}

// What a search finds can be listed.
func TestSearchIsListed(t *testing.T) {
	w := forgetest.New(forgetest.Repo{Forge: "github", Path: "a/b", Files: map[string][]byte{"publiccode.yml": nil}})
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, &wire{token: true})
	for path, err := range f.Search(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if repos, err := list(t, f, path); err != nil || len(repos) != 1 {
			t.Errorf("%s: %v, %v", path, repos, err)
		}
	}
}

func TestSearchErrors(t *testing.T) {
	item := `{"path":"publiccode.yml","repository":{"full_name":"a/b"}}`
	for name, tt := range map[string]struct {
		token  bool
		answer func(n int) (int, string)
		paths  []string
		want   error // nil is any
	}{
		"without token": {false, nil, nil, registry.ErrForbidden},
		"refused":       {true, func(int) (int, string) { return http.StatusForbidden, `{}` }, nil, registry.ErrForbidden},
		"down":          {true, func(int) (int, string) { return http.StatusBadGateway, `{}` }, nil, nil},
		"incomplete": {true, func(int) (int, string) {
			return http.StatusOK, `{"total_count":1,"incomplete_results":true,"items":[null,{"path":null},` + item + `,` + item + `]}`
		}, []string{"a/b"}, registry.ErrTooLarge},
		"odd names": {true, func(int) (int, string) {
			return http.StatusOK, `{"total_count":-1,"incomplete_results":true,"items":[{"path":"publiccode.yml","repository":{"full_name":"../b"}},{"path":"x/publiccode.yml","repository":{"full_name":"c/d"}},{"path":"publiccode.yml","repository":{"full_name":"e/f","private":true}}]}`
		}, nil, registry.ErrTooLarge},
		"without end": {true, func(n int) (int, string) {
			return http.StatusOK, fmt.Sprintf(`{"total_count":1000000,"items":[{"path":"publiccode.yml","repository":{"full_name":"a/r%d"}}]}`, n%3)
		}, nil, registry.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			wire := &wire{token: tt.token, answer: func(*http.Request, []byte) *http.Response {
				if n++; n > 400 {
					t.Fatal("asks without end")
				}
				return response(tt.answer(n))
			}}
			f := newForge(t, "http://forge.invalid", wire)
			var paths []string
			var last error
			for path, err := range f.Search(t.Context()) {
				if last = err; err == nil {
					paths = append(paths, path)
				}
			}
			if last == nil || tt.want != nil && !errors.Is(last, tt.want) || tt.paths != nil && !slices.Equal(paths, tt.paths) {
				t.Errorf("%q, %v, want %q, %v", paths, last, tt.paths, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := newForge(t, "http://forge.invalid", &wire{token: true})
	for _, err := range f.Search(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("with an ended context: %v", err)
		}
	}
}
