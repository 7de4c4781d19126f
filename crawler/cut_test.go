// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// dying is a store of a process that is killed at a certain moment.
type dying struct {
	crawler.Store
	atSettle     bool
	atFinish     bool
	afterMissing bool
}

var errDied = errors.New("killed")

func (d *dying) Visits(ctx context.Context, source string, o ...registry.Outcome) iter.Seq2[*registry.Visit, error] {
	if d.atSettle && source == "" && len(o) == 3 {
		return func(yield func(*registry.Visit, error) bool) { yield(nil, errDied) }
	}
	return d.Store.Visits(ctx, source, o...)
}

func (d *dying) PutVisit(ctx context.Context, v *registry.Visit) error {
	err := d.Store.PutVisit(ctx, v)
	if v.Outcome == registry.Missing {
		d.afterMissing = true
	}
	return err
}

func (d *dying) Checkpoint(ctx context.Context, s *registry.SourceState, seen []registry.ID) error {
	if d.atFinish && d.afterMissing {
		return errDied
	}
	return d.Store.Checkpoint(ctx, s, seen)
}

func TestKilledBeforeItSettled(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))}
	last := &fakeRepo{path: "z/mirror", files: file(named("A", at+"o/home.git"))}
	r := newRig(t, home, last)
	c := r.crawler()
	c.Store = &dying{Store: r.store, atSettle: true}
	if _, err := c.Sweep(t.Context(), []crawler.Source{r.source("", "sh")}); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	r.sweep()
	r.wantLocations("o/home", "git.example/z/mirror")
}

func TestKilledWhileItMissed(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file(named("A", at+"o/a"))}
	b := &fakeRepo{path: "o/b", files: file(named("B", at+"o/b"))}
	r := newRig(t, a, b)
	r.sweep()
	r.forge.repos = []*fakeRepo{b}
	c := r.crawler()
	c.Store = &dying{Store: r.store, atFinish: true}
	if _, err := c.Sweep(t.Context(), []crawler.Source{r.source("", "sh")}); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	if _, err := r.crawler().Sweep(t.Context(), []crawler.Source{r.source("", "sh")}); err != nil {
		t.Fatal(err)
	}
	r.must("o/a")
	if sum := r.sweep(); sum.Gone != 1 {
		t.Errorf("not gone at the second miss: %+v", sum)
	}
}

func TestRootGoesAndPartsStay(t *testing.T) {
	repo := &fakeRepo{path: "o/mono", files: file("name: Root\n")}
	repo.files["apps/a/publiccode.yml"] = file("name: A\n")["publiccode.yml"]
	repo.files["apps/b/publiccode.yml"] = file("name: B\n")["publiccode.yml"]
	r := newRig(t, repo)
	src := r.source("", "sh")
	src.Folders = []string{"apps/*"}
	r.sweep(src)
	delete(repo.files, "publiccode.yml")
	repo.version = 1
	for _, gone := range []int{0, 1, 0} {
		if sum := r.sweep(src); sum.Gone != gone {
			t.Errorf("%+v, want %d gone", sum, gone)
		}
	}
	if _, err := r.get("o/mono"); err == nil {
		t.Error("the root's entry is still there")
	}
	delete(repo.files, "apps/a/publiccode.yml")
	repo.version = 2
	if sum := r.sweep(src); sum.Gone > 0 {
		t.Errorf("a part went at the first miss: %+v", sum)
	}
	if sum := r.sweep(src); sum.Gone != 1 || sum.Entries != 1 {
		t.Errorf("a part did not go at the second miss: %+v", sum)
	}
	if sum := r.sweep(src); sum.Gone != 0 || sum.Unchanged != 1 {
		t.Errorf("afterwards: %+v", sum)
	}
}

func TestNarrowSourceIsNew(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "kiel/a", files: file("name: A\n")}, &fakeRepo{path: "rostock/c", files: file("name: C\n")})
	wide, narrow := r.source("", "bund"), r.source("kiel", "sh")
	r.sweep(wide)
	for range 2 {
		c := r.crawler()
		c.Sources = []crawler.Source{wide, narrow}
		if _, err := c.Sweep(t.Context(), []crawler.Source{wide}); err != nil {
			t.Fatal(err)
		}
	}
	r.must("kiel/a")
}
