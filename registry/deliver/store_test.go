// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// fake is a store in memory.
type fake struct {
	registry.Documents
	mu     sync.Mutex
	log    []registry.Change
	past   map[registry.ID][]*registry.Revision // the newest first
	moved  map[registry.ID]registry.ID
	locked map[string]bool
	found  map[registry.ID]string // entries that a search for their names finds
	// put is asked before documents are written, and after: an error is what the
	// deliverer sees.
	put func(after bool) error
}

func newFake() *fake {
	return &fake{Documents: registrytest.NewDocuments(), past: map[registry.ID][]*registry.Revision{}, moved: map[registry.ID]registry.ID{}, locked: map[string]bool{}, found: map[registry.ID]string{}}
}

// change notes a change of an entry to what s is, nil for its removal.
func (f *fake) change(kind registry.Kind, id registry.ID, s *registry.Software) registry.Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := registry.Change{Rev: registry.Rev(len(f.log) + 1), ID: id, Kind: kind, Time: time.Now()}
	f.log = append(f.log, c)
	f.past[id] = slices.Insert(f.past[id], 0, &registry.Revision{Change: c, Software: s})
	return c
}

func (f *fake) Changes(_ context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	f.mu.Lock()
	log := slices.Clone(f.log[min(int(after), len(f.log)):])
	f.mu.Unlock()
	return func(yield func(registry.Change, error) bool) {
		for _, c := range log {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (f *fake) History(_ context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	f.mu.Lock()
	past, to := slices.Clone(f.past[id]), f.moved[id]
	f.mu.Unlock()
	return func(yield func(*registry.Revision, error) bool) {
		switch {
		case to != "":
			yield(nil, &registry.MovedError{To: to})
			return
		case past == nil:
			yield(nil, registry.ErrNotFound)
			return
		}
		for _, r := range past {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (f *fake) Rev(context.Context) (registry.Rev, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return registry.Rev(len(f.log)), nil
}

func (f *fake) Lock(_ context.Context, name string) (func(), error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.locked[name] {
		return nil, registry.ErrLocked
	}
	f.locked[name] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.locked[name] = false
	}, nil
}

func (f *fake) PutDocuments(ctx context.Context, documents ...*registry.Document) error {
	if f.put == nil {
		return f.Documents.PutDocuments(ctx, documents...)
	}
	if err := f.put(false); err != nil {
		return err
	}
	if err := f.Documents.PutDocuments(ctx, documents...); err != nil {
		return err
	}
	return f.put(true)
}

// subscribe keeps a subscription to changes from now on.
func (f *fake) subscribe(t testing.TB, address string, set ...func(*registry.Subscription)) *registry.Subscription {
	t.Helper()
	rev, _ := f.Rev(t.Context())
	s := registry.NewSubscription(time.Now(), "cli", registry.Grant{}, rev)
	s.URL = address
	for _, change := range set {
		change(s)
	}
	if err := f.Documents.PutDocuments(t.Context(), s.Document(0)); err != nil {
		t.Fatal(err)
	}
	return s
}

// rewrite changes a subscription that is kept.
func (f *fake) rewrite(t testing.TB, id string, change func(*registry.Subscription), with ...*registry.Document) {
	t.Helper()
	for {
		doc, err := f.Document(t.Context(), registry.SubscriptionDocument, id)
		if err != nil {
			t.Fatal(err)
		}
		s, err := registry.ReadDocument[registry.Subscription](doc)
		if err != nil {
			t.Fatal(err)
		}
		change(s)
		if err := f.Documents.PutDocuments(t.Context(), append(with, s.Document(doc.Version))...); err == nil {
			return
		}
	}
}

func (f *fake) subscription(t testing.TB, id string) *registry.Subscription {
	t.Helper()
	doc, err := f.Document(t.Context(), registry.SubscriptionDocument, id)
	if err != nil {
		t.Fatal(err)
	}
	s, err := registry.ReadDocument[registry.Subscription](doc)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// kept are the deliveries of a kind.
func (f *fake) kept(t testing.TB, kind registry.DocumentKind) (all []*registry.Delivery) {
	t.Helper()
	for doc, err := range f.ListDocuments(t.Context(), registry.DocumentList{Kind: kind}) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := registry.ReadDocument[registry.Delivery](doc)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

func entry(id registry.ID, publisher string) *registry.Software {
	return &registry.Software{ID: id, Publisher: registry.Publisher{ID: publisher, Region: "DE-SH"}}
}

func idOf(i int) registry.ID { return registry.ID(fmt.Sprintf("forge.example/amt/werk-%d", i)) }
