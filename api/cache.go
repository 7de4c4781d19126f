// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"github.com/allmende-registry/allmende/registry"
)

// keptFor is how long an answer is kept at most: what of it depends on the time,
// such as how active a repository is, is no older than Cache-Control says.
const keptFor = time.Minute

// turnsEach is how many answers are made at once for each processor: more than one,
// as some wait for the store.
const turnsEach = 2

// answers keeps whole answers where everybody who asks the same gets the same. An
// answer is of a revision: one that was asked for after a change is made anew. The
// memory is bounded, and those that are asked for often stay, however many others
// are asked for once.
type answers struct {
	newest newest
	kept   *otter.Cache[question, *kept]
	making singleflight.Group
	// turns bounds how many are made at once: in turn each is ready sooner than when
	// all share the processors, and none is late by many others.
	turns chan struct{}
}

// question is all that an answer depends on.
type question struct {
	path, query      string // the query in one order, decoded and encoded again
	reader, language string // see reader and preferred
	takes            acceptable
}

// kept is an answer with the revision that was the newest when it was begun.
type kept struct {
	*answer
	rev  registry.Rev
	made time.Time
}

// newAnswers is a cache of so many bytes; nil where they are 0.
func newAnswers(size int64, rev func(context.Context) (registry.Rev, error)) *answers {
	if size <= 0 {
		return nil
	}
	return &answers{
		newest: newest{ask: rev}, turns: make(chan struct{}, turnsEach*runtime.GOMAXPROCS(0)),
		kept: otter.Must(&otter.Options[question, *kept]{
			MaximumWeight: uint64(size),
			Weigher:       weigh,
		}),
	}
}

// trimmed is an answer whose body takes no more memory than it has to.
func (ans *answer) trimmed() *answer {
	if cap(ans.body)-len(ans.body) <= len(ans.body)/8 {
		return ans
	}
	other := *ans
	other.body = slices.Concat(ans.body)
	return &other
}

// weigh is about how many bytes an answer takes in the cache.
func weigh(q question, k *kept) uint32 {
	const around = 600 // structures and headers
	n := around + cap(k.body) + len(q.path) + len(q.query) + len(k.etag)
	for name, value := range k.header {
		n += len(name) + len(value)
	}
	return uint32(min(n, 1<<31)) //nolint:gosec // not negative
}

// answer answers a request by a route: from the cache where that is allowed.
func (a *api) answer(c *gin.Context, r route) (*answer, error) {
	if !r.keep || a.answers == nil || c.Request.Header["Authorization"] != nil {
		return r.handle(c)
	}
	return a.answers.to(c.Request, func() (*answer, error) {
		select {
		case a.answers.turns <- struct{}{}:
			defer func() { <-a.answers.turns }()
		case <-c.Request.Context().Done():
			return nil, c.Request.Context().Err()
		}
		return r.handle(c)
	})
}

// to is the answer to a request that handle makes, or made, in the coding that the
// client likes best.
func (s *answers) to(r *http.Request, handle func() (*answer, error)) (*answer, error) {
	ctx := r.Context()
	rev, err := s.newest.rev(ctx)
	if err != nil {
		return handle() // it may not need the store
	}
	q := question{
		path: r.URL.Path, query: canonical(r.URL.RawQuery),
		reader: reader(r), language: preferred(r),
	}
	whole := func() (*answer, error) { return s.once(ctx, q, rev, handle) }
	takes := accepted(r.Header["Accept-Encoding"])
	if takes.coding == "" {
		return whole()
	}
	encoded := q
	encoded.takes = takes
	return s.once(ctx, encoded, rev, func() (*answer, error) {
		ans, err := whole()
		if err != nil {
			return nil, err
		}
		return ans.in(ans.codingFor(takes), true), nil
	})
}

// once is the answer to a question at a revision, which is made once, by however
// many it is asked for at a time.
func (s *answers) once(ctx context.Context, q question, rev registry.Rev, make func() (*answer, error)) (*answer, error) {
	for {
		if k, ok := s.kept.GetIfPresent(q); ok && k.rev == rev && time.Since(k.made) < keptFor {
			return k.answer, nil
		}
		ours := false
		v, err, _ := s.making.Do(q.at(rev), func() (any, error) {
			ours = true
			made := time.Now()
			ans, err := make()
			if err == nil && ans.status == 0 && ans.stream == nil && ans.cache != cacheNever {
				s.kept.Set(q, &kept{answer: ans.trimmed(), rev: rev, made: made})
			}
			return ans, err
		})
		if err != nil && !ours && ctx.Err() == nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
			continue // the one that it was made for has gone
		}
		ans, _ := v.(*answer)
		return ans, err
	}
}

// at names a question at a revision: who asks after a change does not get what was
// begun before.
func (q question) at(rev registry.Rev) string {
	return strings.Join([]string{strconv.FormatInt(int64(rev), 10), q.takes.coding, strconv.FormatBool(q.takes.encoding), q.language, q.reader, q.path, q.query}, "\x00")
}

// canonical is a query string in one order of its parameters, and one way to write
// their values.
func canonical(raw string) string {
	if raw == "" {
		return ""
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return raw // which is answered by a problem
	}
	return values.Encode()
}
