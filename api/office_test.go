// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// office is a node that takes writes.
type office struct {
	http.Handler
	registry.Documents
	shelf    *shelf
	crawling *fakeCrawling
}

func newOffice(t testing.TB) *office {
	t.Helper()
	return officeOver(t, registrytest.NewDocuments())
}

func officeOver(t testing.TB, documents registry.Documents) *office {
	t.Helper()
	o := &office{Documents: documents, shelf: newShelf(), crawling: newCrawling()}
	o.Handler = handlerOf(t, o.shelf, Options{Documents: documents, Amend: o.amend, Crawling: o.crawling})
	return o
}

// amend lays the overrides that there are into entries of the shelf.
func (o *office) amend(ctx context.Context, ids ...registry.ID) error {
	register, err := registry.ReadRegister(ctx, struct {
		registry.Documents
		noAliases
	}{Documents: o.Documents})
	if err != nil {
		return err
	}
	for i, e := range o.shelf.entries {
		if slices.Contains(ids, e.ID) {
			amended := *e
			register.Amend(&amended)
			o.shelf.entries[i] = &amended
		}
	}
	return nil
}

type noAliases struct{}

func (noAliases) Aliases(context.Context) (map[registry.ID]registry.ID, error) { return nil, nil }

// token is the value of a new token; without scopes it has all of them.
func (o *office) token(t testing.TB, g registry.Grant) string {
	t.Helper()
	_, value := o.makeToken(t, g, time.Time{})
	return value
}

func (o *office) makeToken(t testing.TB, g registry.Grant, expires time.Time) (*registry.Token, string) {
	t.Helper()
	if g.Scopes == nil {
		g.Scopes = registry.Scopes()
	}
	token, value, err := registry.NewToken(time.Now(), "cli", "Prüfung", g, expires)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.PutDocuments(t.Context(), token.Document()); err != nil {
		t.Fatal(err)
	}
	return token, value
}

// ask sends a request with a token, "" for none, and a JSON body, "" for none.
func (o *office) ask(t testing.TB, method, target, token, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	if token != "" {
		headers = append(headers, "Authorization", "Bearer "+token)
	}
	if body == "" {
		return ask(t, o, method, target, headers...)
	}
	return send(t, o, method, target, strings.NewReader(body), append(headers, "Content-Type", typeJSON)...)
}

// kept are all documents of the kinds that the API writes, by kind and key, but for
// when a token was last used.
func (o *office) kept(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, kind := range []registry.DocumentKind{
		registry.TokenDocument, registry.AuditDocument, registry.OverrideDocument, registry.PublisherDocument, registry.AdoptionsDocument,
		registry.SubscriptionDocument, registry.DeliveryDocument, registry.DeadLetterDocument,
	} {
		for d, err := range o.ListDocuments(t.Context(), registry.DocumentList{Kind: kind}) {
			if err != nil {
				t.Fatal(err)
			}
			all[string(kind)+" "+d.Key] = string(d.Body)
			if kind == registry.TokenDocument {
				token, err := registry.ReadDocument[registry.Token](d)
				if err != nil {
					t.Fatal(err)
				}
				token.Used = time.Time{}
				all[string(kind)+" "+d.Key] = string(token.Document().Body)
			}
		}
	}
	return all
}

// lines is the audit log, the oldest first.
func (o *office) lines(t testing.TB) (list []registry.AuditLine) {
	t.Helper()
	for d, err := range o.ListDocuments(t.Context(), registry.DocumentList{Kind: registry.AuditDocument}) {
		if err != nil {
			t.Fatal(err)
		}
		l, err := registry.ReadDocument[registry.AuditLine](d)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, *l)
	}
	return list
}

// fakeCrawling has a source of the north and one of the south, and remembers what it
// is asked for.
type fakeCrawling struct {
	mu      sync.Mutex
	sources []Source
	asked   []string
	err     error
}

func newCrawling() *fakeCrawling {
	return &fakeCrawling{sources: []Source{
		{URL: "https://github.com/nordland", Publisher: north, Origin: FromConfiguration},
		{URL: "https://codeberg.org/sued", Publisher: south, Origin: FromConfiguration},
		{URL: "https://gitlab.example", Publisher: empty, Origin: FromCatalogue},
	}}
}

func (f *fakeCrawling) Sources(context.Context) ([]Source, error) {
	return slices.Clone(f.sources), f.err
}

func (f *fakeCrawling) Covering(context.Context) (func(string) (Source, error), error) {
	return f.covering, f.err
}

func (f *fakeCrawling) covering(address string) (Source, error) {
	if !strings.HasPrefix(address, "https://") {
		return Source{}, registry.ErrInvalid
	}
	for _, s := range f.sources {
		if strings.HasPrefix(address+"/", s.URL+"/") {
			return s, nil
		}
	}
	return Source{}, registry.ErrNotFound
}

func (f *fakeCrawling) Check(_ context.Context, s *registry.ManagedSource) error {
	if strings.Contains(s.URL, "10.0.0.1") {
		return fmt.Errorf("%w: %s leads to an address that is not public", registry.ErrInvalid, s.URL)
	}
	s.URL = strings.TrimRight(s.URL, "/")
	return f.err
}

func (f *fakeCrawling) Changed() { f.note("changed") }

func (f *fakeCrawling) Visit(_ context.Context, _ Source, repository registry.ID) error {
	f.note("visit " + string(repository))
	return f.err
}

func (f *fakeCrawling) Crawl(_ context.Context, s Source) error {
	f.note("crawl " + s.URL)
	return f.err
}

func (f *fakeCrawling) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, what)
}

// ailing are documents of which tokens alone can be read.
type ailing struct {
	registry.Documents
	err error
}

func (a ailing) PutDocuments(context.Context, ...*registry.Document) error { return a.err }

func (a ailing) Document(ctx context.Context, kind registry.DocumentKind, key string) (*registry.Document, error) {
	if kind == registry.TokenDocument {
		return a.Documents.Document(ctx, kind, key)
	}
	return nil, a.err
}

func (a ailing) ListDocuments(context.Context, registry.DocumentList) iter.Seq2[*registry.Document, error] {
	return broken[*registry.Document](a.err)
}

// fullQueue has no place for another crawl.
type fullQueue struct{ *fakeCrawling }

func (fullQueue) Crawl(context.Context, Source) error { return registry.ErrTooLarge }
