// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/crawler"
)

// Recorder notes the requests that reach a handler.
type Recorder struct {
	Next http.Handler
	mu   sync.Mutex
	urls []string
}

// ServeHTTP implements http.Handler.
func (r *Recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.urls = append(r.urls, req.URL.RequestURI())
	r.mu.Unlock()
	r.Next.ServeHTTP(w, req)
}

// Take returns the request URIs since the last call.
func (r *Recorder) Take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	urls := r.urls
	r.urls = nil
	return urls
}

// Reply answers every request alike.
func Reply(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// List reads the listing of one path to its end or its error: the repositories
// as listed, and their paths in order.
func List(ctx context.Context, f crawler.Forge, path string) (paths []string, repos []crawler.Repo, err error) {
	repos, err = list(ctx, f, path)
	for _, r := range repos {
		_, path, _ := strings.Cut(strings.TrimPrefix(r.URL, "http://"), "/")
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths, repos, err
}
