// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgejo"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// files opens the tree of the only repository of an owner named stadt.
func files(t *testing.T, f crawler.Forge, base string) crawler.Tree {
	t.Helper()
	tree, err := f.Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: base + "/stadt/wahl", DefaultBranch: "main"}})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// over serves a handler and opens a tree over it.
func over(t *testing.T, handler http.HandlerFunc) crawler.Tree {
	t.Helper()
	client := &http.Client{Transport: served{handler}}
	return files(t, newForge(t, client, "http://forgejo.example", forgejo.Options{}), "http://forgejo.example")
}

func TestRequestsForFiles(t *testing.T) {
	r := repo("stadt/wahl")
	r.Files["docs/a.md"] = []byte("a")
	f, asked := world(t, r)
	_, repos, err := conformance.List(t.Context(), f, "stadt/wahl")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := f.Files(t.Context(), repos[0])
	if err != nil {
		t.Fatal(err)
	}
	asked.Take()
	for _, tt := range []struct {
		name string
		want error
		n    int // requests
	}{
		{"publiccode.yaml", fs.ErrNotExist, 1}, // lists the root
		{"LICENSES/MIT.txt", fs.ErrNotExist, 0},
		{"publiccode.yml", nil, 1},
		{"docs/a.md", nil, 1},
		{"docs/b.md", fs.ErrNotExist, 1},
		{"../x", fs.ErrInvalid, 0},
	} {
		_, err := fs.ReadFile(tree, tt.name)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if urls := asked.Take(); len(urls) != tt.n {
			t.Errorf("%s: %d requests, want %d: %q", tt.name, len(urls), tt.n, urls)
		}
	}
	for range 2 {
		if commit, err := tree.Commit(); err != nil || commit != r.Commit() {
			t.Errorf("Commit() = %q, %v", commit, err)
		}
	}
	if urls := asked.Take(); len(urls) != 1 {
		t.Errorf("asked for the commit by %q", urls)
	}
	// From then on everything is of that commit.
	if _, err := fs.ReadFile(tree, "docs/a.md"); err != nil {
		t.Error(err)
	}
	if urls := asked.Take(); len(urls) != 1 || !strings.HasSuffix(urls[0], "?ref="+r.Commit()) {
		t.Errorf("asked %q", urls)
	}
}

// A list of the root that is cut, or that cannot be made, is no reason to miss
// a file.
func TestNoList(t *testing.T) {
	for name, root := range map[string]http.HandlerFunc{
		"truncated": conformance.Reply(http.StatusOK, "application/json", `{"tree":[{"path":"a"}],"truncated":true}`),
		"a page":    conformance.Reply(http.StatusOK, "application/json", `{"tree":[{"path":"a"}],"total_count":1001}`),
		"no commit": conformance.Reply(http.StatusBadRequest, "application/json", `{"message":"sha not found"}`),
	} {
		t.Run(name, func(t *testing.T) {
			tree := over(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.Contains(r.URL.Path, "/git/trees/"):
					root(w, r)
				case strings.HasSuffix(r.URL.Path, "/raw/publiccode.yml"):
					conformance.Reply(http.StatusOK, "text/plain", "name: x")(w, r)
				default:
					conformance.Reply(http.StatusNotFound, "application/json", `{"message":"The target couldn't be found.","errors":[]}`)(w, r)
				}
			})
			if got, err := fs.ReadFile(tree, "publiccode.yml"); err != nil || string(got) != "name: x" {
				t.Errorf("%q, %v", got, err)
			}
			if _, err := fs.ReadFile(tree, "publiccode.yaml"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%v, want fs.ErrNotExist", err)
			}
		})
	}
}

// A file is read though the list of the root fails. That it is not there is
// believed where the repository is.
func TestListFails(t *testing.T) {
	notThere := conformance.Reply(http.StatusNotFound, "application/json", `{"message":"The target couldn't be found."}`)
	there := conformance.Reply(http.StatusOK, "application/json", `{"id":1,"full_name":"a/b"}`)
	failing := conformance.Reply(http.StatusBadGateway, "text/plain", "Bad Gateway")
	loop := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	}
	for name, tt := range map[string]struct {
		list, file, repository http.HandlerFunc
		want                   error // nil: another than these
	}{
		"there":                 {failing, conformance.Reply(http.StatusOK, "text/plain", "name: x"), failing, nil},
		"in a circle":           {loop, conformance.Reply(http.StatusOK, "text/plain", "name: x"), loop, nil},
		"not there":             {failing, notThere, there, fs.ErrNotExist},
		"repository not there":  {failing, notThere, notThere, registry.ErrNotFound},
		"file cannot be read":   {failing, failing, there, nil},
		"repository not either": {failing, notThere, failing, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tree := over(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.Contains(r.URL.Path, "/git/trees/"):
					tt.list(w, r)
				case strings.Contains(r.URL.Path, "/raw/"):
					tt.file(w, r)
				default:
					tt.repository(w, r)
				}
			})
			got, err := fs.ReadFile(tree, "publiccode.yml")
			if readable := name == "there" || name == "in a circle"; readable != (err == nil && string(got) == "name: x") {
				t.Errorf("%q, %v", got, err)
			}
			for _, e := range []error{fs.ErrNotExist, registry.ErrNotFound, registry.ErrTooLarge} {
				if errors.Is(err, e) != (e == tt.want) {
					t.Errorf("%v is %v: %t", err, e, errors.Is(err, e))
				}
			}
		})
	}
}

func TestFileAnswers(t *testing.T) {
	all := []error{fs.ErrNotExist, registry.ErrNotFound, registry.ErrForbidden, registry.ErrGone, registry.ErrTooLarge}
	for _, tt := range []struct {
		name        string
		status      int
		media, body string
		want        error // nil: none of all
	}{
		{"file missing", 404, "application/json", `{"errors":[],"message":"The target couldn't be found."}`, fs.ErrNotExist},
		{"a proxy's 404", 404, "text/html", `<h1>Not Found</h1>`, nil},
		{"another API's 404", 404, "application/json", `{"error":"not found"}`, nil},
		{"signed out", 401, "application/json", `{"message":"token is required"}`, registry.ErrForbidden},
		{"for members", 403, "application/json", `{"message":"user should have permission"}`, registry.ErrForbidden},
		{"taken down", 451, "text/plain", `legal`, registry.ErrForbidden},
		{"broken", 500, "application/json", `{"message":""}`, nil},
		{"sign-in form", 200, "text/html; charset=utf-8", "<!DOCTYPE html><title>Sign in</title>", nil},
		{"too large", 200, "text/plain", strings.Repeat("x", crawler.MaxFileSize+1), registry.ErrTooLarge},
		{"small, without end", 200, "text/plain", strings.Repeat("x", crawler.MaxFileSize+1), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			size := 0 // is not told
			if strings.HasPrefix(tt.name, "small") {
				size = 1000
			}
			tree := over(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "/git/trees/") {
					conformance.Reply(http.StatusOK, "application/json", fmt.Sprintf(`{"tree":[{"path":"publiccode.yml","size":%d}]}`, size))(w, r)
					return
				}
				conformance.Reply(tt.status, tt.media, tt.body)(w, r)
			})
			content, err := fs.ReadFile(tree, "publiccode.yml")
			if err == nil || content != nil {
				t.Fatalf("read %.40q", content)
			}
			for _, e := range all {
				if errors.Is(err, e) != (e == tt.want) {
					t.Errorf("%v is %v: %t", err, e, errors.Is(err, e))
				}
			}
			if pathErr := (*fs.PathError)(nil); !errors.As(err, &pathErr) || pathErr.Path != "publiccode.yml" {
				t.Errorf("%v does not name the file", err)
			}
		})
	}
}

// What keeps the root from being listed is no missing file, and is asked for
// again.
func TestRootRefused(t *testing.T) {
	for status, want := range map[int]error{401: registry.ErrForbidden, 403: registry.ErrForbidden, 404: registry.ErrNotFound} {
		f, asked := world(t, repo("stadt/wahl"))
		_, repos, err := conformance.List(t.Context(), f, "stadt")
		if err != nil {
			t.Fatal(err)
		}
		tree, err := f.Files(t.Context(), repos[0])
		if err != nil {
			t.Fatal(err)
		}
		standIn := asked.Next
		asked.Next = conformance.Reply(status, "application/json", `{"message":"no"}`)
		if _, err := tree.Open("publiccode.yml"); !errors.Is(err, want) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
		if _, err := tree.Commit(); !errors.Is(err, want) {
			t.Errorf("%d: commit: %v, want %v", status, err, want)
		}
		asked.Next = standIn
		if _, err := tree.Open("publiccode.yml"); err != nil {
			t.Error(err)
		}
	}
}

func TestCommitAnswers(t *testing.T) {
	for _, body := range []string{`[]`, `[null]`, `[{}]`, `[{"sha":"main"}]`, `[{"sha":"` + strings.Repeat("G", 40) + `"}]`, `{}`} {
		tree := over(t, conformance.Reply(http.StatusOK, "application/json", body))
		if commit, err := tree.Commit(); err == nil {
			t.Errorf("%s: %q", body, commit)
		}
	}
}

func TestFilesOfAnotherInstance(t *testing.T) {
	s := conformance.NewServer(t, forgetest.Forgejo, forgetest.New())
	f := newForge(t, s.Client(), s.URL, forgejo.Options{})
	for _, address := range []string{"", "https://elsewhere.example/stadt/wahl", s.URL, s.URL + "/stadt", s.URL + "/a/b/c", ":"} {
		if _, err := f.Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: address}}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", address, err)
		}
	}
}

// served answers requests without a network.
type served struct{ http.Handler }

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}
