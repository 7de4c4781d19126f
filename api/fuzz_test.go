// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/api/apitest"
	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// fuzzRequests is how many requests TestWholeAPI makes; ALLMENDE_FUZZ_REQUESTS is
// another number.
var fuzzRequests = 20_000

// TestWholeAPI sends requests that are made out of the document over real HTTP: to
// every operation, good ones and bad ones. No answer may leave the contract.
func TestWholeAPI(t *testing.T) {
	requests := fuzzRequests
	if testing.Short() {
		requests = 2000
	}
	if s := os.Getenv("ALLMENDE_FUZZ_REQUESTS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("ALLMENDE_FUZZ_REQUESTS is %q, no number of requests", s)
		}
		requests = n
	}
	shelf, documents := &oneByOne{shelf: newShelf()}, registrytest.NewDocuments()
	var tokens []string
	for _, scopes := range [][]registry.Scope{registry.Scopes(), {registry.Scopes()[0]}} {
		token, value, err := registry.NewToken(time.Now(), "cli", "Prüfung", registry.Grant{Scopes: scopes}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := documents.PutDocuments(t.Context(), token.Document()); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, value)
	}
	(&office{Documents: documents, shelf: shelf.shelf}).needs(t)
	server := httptest.NewServer(handlerOf(t, shelf, Options{
		Documents: documents, Amend: func(context.Context, ...registry.ID) error { return nil }, Crawling: newCrawling(),
		Compat: compat.New(compat.Options{Store: readStore{catalogue: shelf}, Documents: documents}), CacheBytes: 1 << 20, Security: Security{Contact: []string{"mailto:sicherheit@stadt.example"}},
	}))
	defer server.Close()
	doc, err := readDocument()
	if err != nil {
		t.Fatal(err)
	}
	const workers = 4
	var group sync.WaitGroup
	var mu sync.Mutex
	asked, statuses, faults := map[string]int{}, map[int]int{}, 0
	for worker := range workers {
		g, err := apitest.New(doc.asJSON.body, uint64(worker)+1)
		if err != nil {
			t.Fatal(err)
		}
		g.Tokens = tokens
		g.Samples = map[string][]string{
			"id": {fullID, movedID, goneID, "github.com/nobody/nothing"}, "sha256": {billHash, noHash}, "hash": {madeHash, noHash},
			"getLicence.id": {"EUPL-1.2", "MIT"}, "file": {"publiccode-0.7.json"}, "software": {fullID, movedID, goneID},
			"key": {formsKey, "github.com/verbund/kreis#nichts"},
		}
		group.Go(func() {
			for range requests / workers {
				operation, status, err := fuzzOnce(t, g, server)
				mu.Lock()
				if err != nil {
					if faults++; faults <= 20 {
						t.Error(err)
					}
				}
				asked[operation]++
				statuses[status]++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	g, err := apitest.New(doc.asJSON.body, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range g.Operations() {
		if asked[operation] == 0 && !t.Failed() {
			t.Errorf("%s was never asked for", operation)
		}
	}
	if statuses[http.StatusOK] < requests/10 && !t.Failed() {
		t.Errorf("few requests were good ones: %v", statuses)
	}
	t.Logf("%d operations, statuses %v, %d faults", len(asked), statuses, faults)
}

// oneByOne is a shelf, which notes what is searched for, for several at a time.
type oneByOne struct {
	*shelf
	mu sync.Mutex
}

func (s *oneByOne) Search(ctx context.Context, q registry.Query) (registry.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.Search(ctx, q)
}

// fuzzOnce sends one request and says what its answer breaks.
func fuzzOnce(t *testing.T, g *apitest.Generator, server *httptest.Server) (operation string, status int, err error) {
	r, operation := g.Next(server.URL)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s %.300s %.200s: %w", r.Method, r.URL.Opaque, r.Header, err)
		}
	}()
	ans, err := apitest.Send(server.Client().Transport, r.WithContext(ctx))
	if errors.Is(err, apitest.ErrBrokenOff) {
		return operation, 0, nil
	}
	if err != nil {
		return operation, 0, err
	}
	status = ans.Status
	if err := g.Judge(operation, ans); err != nil {
		return operation, status, err
	}
	documented := map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true}[r.Method]
	if !documented || ans.Header.Get("API-Version") == "" {
		return operation, status, nil
	}
	// The contract is asked about the path as the server has read it. What only looks
	// like an operation, by a slash in a value, is not found.
	asked, err := url.ParseRequestURI(r.URL.Opaque[len("//"+r.URL.Host):])
	if err != nil || status == http.StatusNotFound && (r.Method == http.MethodHead || strings.Contains(string(ans.Body), errNoResource.Detail)) {
		return operation, status, nil
	}
	ans.Header.Del("Date") // the server's own
	if err := theContract(t).check(&http.Request{Method: r.Method, URL: asked}, &http.Response{StatusCode: status, Header: ans.Header}, ans.Body); err != nil {
		return operation, status, fmt.Errorf("%w\n%.300s", err, ans.Body)
	}
	return operation, status, nil
}
