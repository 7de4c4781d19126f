// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"fmt"
	"iter"
	"math"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/registry"
)

// What GitHub's code search allows: https://docs.github.com/rest/search.
const (
	maxFound   = 1000      // results of one query that can be read
	maxIndexed = 384 << 10 // size in bytes above which files are not indexed
	// maxSearches bounds the queries of one search, ten of which GitHub answers
	// in a minute.
	maxSearches = 300
)

// fileNames are the files that Search looks for.
var fileNames = []string{"publiccode.yml", "publiccode.yaml"}

// Search finds repositories with a publiccode.yml or .yaml in their root by
// GitHub's code search and yields their paths, OWNER/NAME, each once. Forks are
// not among them. It needs a token: registry.ErrForbidden without one. An error
// is the last thing yielded; after one that is registry.ErrTooLarge there are
// more repositories than the search gives away.
func (f *Forge) Search(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if !f.token {
			yield("", fmt.Errorf("%w: the code search of %s needs a token", registry.ErrForbidden, f.base.Host))
			return
		}
		s := &search{forge: f, ctx: ctx, yield: yield, seen: make(map[string]bool)}
		for _, name := range fileNames {
			err := s.file(name)
			if s.stopped {
				return
			}
			if err != nil {
				yield("", err)
				return
			}
		}
		if s.cut {
			yield("", fmt.Errorf("%w: %s has more results than its code search gives away", registry.ErrTooLarge, f.base.Host))
		}
	}
}

// search is one run of Search.
type search struct {
	forge   *Forge
	ctx     context.Context
	yield   func(string, error) bool
	seen    map[string]bool
	queries int
	cut     bool // there were results that could not be read
	stopped bool // the consumer wants no more
}

// sizes is a range of file sizes in bytes, both ends included.
type sizes struct{ from, to int }

// halves divides a range where files are about as frequent on both sides: most
// are small.
func (s sizes) halves() (lower, upper sizes) {
	middle := int(math.Sqrt(float64(s.from+1) * float64(s.to+1)))
	middle = min(max(middle-1, s.from), s.to-1)
	return sizes{s.from, middle}, sizes{middle + 1, s.to}
}

func (s *search) file(name string) error {
	total, err := s.page(name, nil, 1)
	if err != nil || s.stopped {
		return err
	}
	if total > maxFound {
		return s.divide(name, sizes{0, maxIndexed}, total)
	}
	return s.rest(name, nil, total)
}

// divide reads a range that has more results than can be read at once.
func (s *search) divide(name string, whole sizes, total int) error {
	lower, upper := whole.halves()
	counts := [2]int{}
	for i, half := range []sizes{lower, upper} {
		n, err := s.page(name, &half, 1)
		if err != nil || s.stopped {
			return err
		}
		counts[i] = n
	}
	if counts[0]+counts[1] > total+total/2 { // the range made no difference
		s.cut = true
		return s.rest(name, &whole, total)
	}
	for i, half := range []sizes{lower, upper} {
		next := s.rest
		if counts[i] > maxFound && half.from < half.to {
			next = func(name string, half *sizes, total int) error { return s.divide(name, *half, total) }
		}
		if err := next(name, &half, counts[i]); err != nil || s.stopped {
			return err
		}
	}
	return nil
}

// rest reads the pages after the first.
func (s *search) rest(name string, within *sizes, total int) error {
	s.cut = s.cut || total > maxFound
	for page := 2; (page-1)*pageSize < min(total, maxFound); page++ {
		if _, err := s.page(name, within, page); err != nil || s.stopped {
			return err
		}
	}
	return nil
}

// page reads one page and says how many results there are in all.
func (s *search) page(name string, within *sizes, number int) (total int, err error) {
	if s.queries++; s.queries > maxSearches {
		s.cut = true
		return 0, nil
	}
	query := "filename:" + name + " path:/"
	if within != nil {
		query += fmt.Sprintf(" size:%d..%d", within.from, within.to)
	}
	found, _, err := s.forge.client().Search.Code(s.ctx, query, &github.SearchOptions{ListOptions: github.ListOptions{PerPage: pageSize, Page: number}})
	if err != nil {
		return 0, translate(err, fmt.Sprintf("code search for %q on %s", query, s.forge.base.Host))
	}
	s.cut = s.cut || found.GetIncompleteResults()
	for _, hit := range found.CodeResults {
		path := hit.GetRepository().GetFullName()
		if hit.GetPath() != name || hit.GetRepository().GetPrivate() || s.seen[path] {
			continue
		}
		if _, err := s.forge.address(path); err != nil {
			continue // nothing that could be listed
		}
		s.seen[path] = true
		if !s.yield(path, nil) {
			s.stopped = true
			return 0, nil
		}
	}
	return found.GetTotal(), nil
}
