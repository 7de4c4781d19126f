// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/crawler/gitlab"
	"github.com/allmende-registry/allmende/registry"
)

func files(t *testing.T, f crawler.Forge, id string) crawler.Tree {
	t.Helper()
	tree, err := f.Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: "http://gitlab.example/stadt/wahl", ForgeID: id}})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestRequestsForFiles(t *testing.T) {
	r := repo("stadt/wahl")
	r.ID = 7
	r.Files["docs/a.md"] = []byte("a")
	f, asked := world(t, r)
	tree := files(t, f, "7")
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
	for _, tree := range []crawler.Tree{tree, files(t, f, "7")} {
		if commit, err := tree.Commit(); err != nil || commit != r.Commit() {
			t.Errorf("Commit() = %q, %v", commit, err)
		}
	}
	// The tree that was read from knows the commit.
	if urls := asked.Take(); len(urls) != 1 {
		t.Errorf("asked for the commit by %q", urls)
	}
}

// A root with more entries than fit on a page is no reason to miss a file.
func TestLargeRoot(t *testing.T) {
	r := repo("stadt/wahl")
	r.ID = 7
	for i := range 130 {
		r.Files[fmt.Sprintf("a%03d/x", i)] = []byte("x")
	}
	f, _ := world(t, r)
	tree := files(t, f, "7")
	if _, err := fs.ReadFile(tree, "publiccode.yml"); err != nil {
		t.Error(err)
	}
	if _, err := fs.ReadFile(tree, "publiccode.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want fs.ErrNotExist", err)
	}
}

// All files of a tree are of one commit, whatever is pushed meanwhile.
func TestPush(t *testing.T) {
	first, second := strings.Repeat("1", 40), strings.Repeat("2", 40)
	newest := first
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/tree") {
			conformance.Reply(http.StatusOK, "application/json", `[{"path":"a"},{"path":"b"}]`)(w, r)
			return
		}
		commit := r.URL.Query().Get("ref")
		if commit == "HEAD" {
			commit = newest
		}
		w.Header().Set("X-Gitlab-Commit-Id", commit)
		conformance.Reply(http.StatusOK, "text/plain", commit)(w, r)
	})
	tree := files(t, f, "7")
	for _, name := range []string{"a", "b"} {
		if got, err := fs.ReadFile(tree, name); err != nil || string(got) != first {
			t.Errorf("%s is of %s, %v, want %s", name, got, err, first)
		}
		newest = second
	}
	if commit, err := tree.Commit(); err != nil || commit != first {
		t.Errorf("Commit() = %q, %v, want %q", commit, err, first)
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
		{"file missing", 404, "application/json", `{"message":"404 File Not Found"}`, fs.ErrNotExist},
		{"project gone", 404, "application/json", `{"message":"404 Project Not Found"}`, registry.ErrNotFound},
		{"no commit", 404, "application/json", `{"message":"404 Commit Not Found"}`, registry.ErrNotFound},
		{"a proxy's 404", 404, "text/html", `<h1>File Not Found</h1>`, nil},
		{"another API's 404", 404, "application/json", `{"error":"404 Not Found"}`, nil},
		{"signed out", 401, "application/json", `{"message":"401 Unauthorized"}`, registry.ErrForbidden},
		{"for members", 403, "application/json", `{"message":"403 Forbidden"}`, registry.ErrForbidden},
		{"taken down", 451, "application/json", `{}`, registry.ErrForbidden},
		{"broken", 500, "application/json", `{"message":"500 Internal Server Error"}`, nil},
		{"sign-in form", 200, "text/html; charset=utf-8", "<!DOCTYPE html><title>Sign in</title>", nil},
		{"too large", 200, "text/plain", strings.Repeat("x", crawler.MaxFileSize+1), registry.ErrTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/tree") {
					conformance.Reply(http.StatusOK, "application/json", `[{"path":"publiccode.yml"}]`)(w, r)
					return
				}
				conformance.Reply(tt.status, tt.media, tt.body)(w, r)
			})
			content, err := fs.ReadFile(files(t, f, "7"), "publiccode.yml")
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

// What keeps the root from being listed is no missing file.
func TestRootRefused(t *testing.T) {
	for status, want := range map[int]error{401: registry.ErrForbidden, 403: registry.ErrForbidden, 404: registry.ErrNotFound} {
		f := answering(t, conformance.Reply(status, "application/json", `{"message":"404 Tree Not Found"}`))
		tree := files(t, f, "7")
		if _, err := tree.Open("publiccode.yml"); !errors.Is(err, want) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
		if _, err := tree.Commit(); !errors.Is(err, want) {
			t.Errorf("%d: commit: %v, want %v", status, err, want)
		}
	}
}

// A file is read though the root cannot be listed.
func TestRootFails(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/tree"):
			http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
		case strings.Contains(r.URL.Path, "publiccode.yml"):
			conformance.Reply(http.StatusOK, "text/plain", "name: x")(w, r)
		default:
			conformance.Reply(http.StatusNotFound, "application/json", `{"message":"404 File Not Found"}`)(w, r)
		}
	})
	tree := files(t, f, "7")
	if content, err := fs.ReadFile(tree, "publiccode.yml"); err != nil || string(content) != "name: x" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := fs.ReadFile(tree, "publiccode.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want ErrNotExist", err)
	}
	if _, err := tree.ReadDir("."); err == nil {
		t.Error("the root is listed")
	}
}

// A root that could not be listed is listed again.
func TestRootAgain(t *testing.T) {
	r := repo("stadt/wahl")
	r.ID = 7
	broken := true
	s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
		standIn := forgetest.GitLab(w, base)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if broken {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			standIn.ServeHTTP(w, r)
		})
	}, forgetest.New(r))
	tree := files(t, newForge(t, s.Client(), s.URL, gitlab.Options{}), "7")
	if _, err := tree.Open("publiccode.yml"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	broken = false
	if _, err := tree.Open("publiccode.yml"); err != nil {
		t.Error(err)
	}
}

func TestFilesNeedsANumber(t *testing.T) {
	f := answering(t, http.NotFound)
	for _, id := range []string{"", "stadt/wahl", "7/../8", "-1"} {
		if _, err := f.Files(t.Context(), crawler.Repo{Repository: registry.Repository{ForgeID: id}}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", id, err)
		}
	}
}
