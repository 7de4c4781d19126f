// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
	"github.com/allmende-registry/allmende/registry/sqlite" //nolint:depguard // a start is measured as serve starts
)

// allmende is the index of this project alone: its source keeps nothing.
type allmende struct {
	index   *search.Index
	entries iter.Seq[*registry.Software]
	after   map[string]string // by question: the cursor of its deep page
}

func newAllmende(string) (engine, error) {
	return &allmende{after: map[string]string{}}, nil
}

func (a *allmende) build(ctx context.Context, entries iter.Seq[*registry.Software]) error {
	a.entries = entries
	a.index = search.New(a)
	err := a.index.Refresh(ctx)
	a.entries = nil
	return err
}

func (a *allmende) search(ctx context.Context, q registry.Query, page int) (int, bool, error) {
	if page > 0 {
		key := fmt.Sprint(q.Text, q.Sort)
		if _, ok := a.after[key]; !ok {
			to := q
			for range page {
				p, err := a.index.Search(ctx, to)
				if err != nil {
					return 0, false, err
				}
				to.After = p.Next
			}
			a.after[key] = to.After
		}
		q.After = a.after[key]
	}
	p, err := a.index.Search(ctx, q)
	return p.Total, true, err
}

func (*allmende) disk() int64  { return 0 }
func (*allmende) close() error { return nil }

// Rev implements [search.Source].
func (*allmende) Rev(context.Context) (registry.Rev, error) { return 1, nil }

// Changes implements [search.Source].
func (*allmende) Changes(context.Context, registry.Rev) iter.Seq2[registry.Change, error] {
	return func(func(registry.Change, error) bool) {}
}

// All implements [search.Source].
func (a *allmende) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		for s := range a.entries {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// Get implements [search.Source].
func (*allmende) Get(_ context.Context, id registry.ID) (*registry.Software, error) {
	return &registry.Software{ID: id}, nil
}

// coldStart measures how long it takes from opening a registry in a file to an
// index that answers: from all entries, and from a snapshot.
func coldStart(ctx context.Context, path string, n int) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := fill(ctx, path, n); err != nil {
			return err
		}
	}
	snapshot := path + ".index"
	if err := os.Remove(snapshot); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fmt.Println()
	for _, from := range []string{"all entries", "a snapshot"} {
		if err := startFrom(ctx, path, snapshot, from); err != nil {
			return err
		}
	}
	return nil
}

func startFrom(ctx context.Context, path, snapshot, from string) (err error) {
	processor, start := processorTime(), time.Now()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	index := search.New(store)
	if err := index.Load(ctx, snapshot, program); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	page, err := index.Search(ctx, registry.Query{Text: "Verwaltung"})
	if err != nil {
		return err
	}
	fmt.Printf("cold start from %s: the first answer, of %d entries, after %.2f s, %.2f s of processor time\n",
		from, page.Total, time.Since(start).Seconds(), (processorTime() - processor).Seconds())
	return index.Save(ctx, snapshot, program)
}

// program is what snapshots of this one are known by.
const program = "searchspeed"

func fill(ctx context.Context, path string, n int) error {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	const writers = 100 // side by side they wait for the disk together
	entries, failed := make(chan *registry.Software), make(chan error, writers)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for s := range entries {
				if _, err := store.Put(ctx, s); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	err = nil
	for s := range registrytest.Realistic(n) {
		select {
		case entries <- s:
			continue
		case err = <-failed:
		}
		break
	}
	close(entries)
	wg.Wait()
	return errors.Join(err, store.Close())
}
