// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const (
	// keepAlive is how often a stream says something where nothing changes.
	keepAlive = 15 * time.Second
	// maxStall is how long a client may take to read what there is for it.
	maxStall = 15 * time.Second
	// reconnect is how long a client is asked to wait before it comes again.
	reconnect = 5 * time.Second
	// maxCatchingUp is how many streams read what is behind them at once: each
	// reads as fast as the store gives.
	maxCatchingUp = 2
	eventsAPage   = 100 // changes that are read at once by who catches up
)

// event is a change as a stream tells it.
type event struct {
	registry.Change
	frame []byte

	mu sync.Mutex
	by *registry.Publisher // nil where it was not asked for yet
}

// newEvent writes a change by the WHATWG's HTML standard, section 9.2.
func (a *api) newEvent(c registry.Change) *event {
	data, err := encode(a.newChange(c, c.ID)) // one line
	if err != nil {
		data = []byte("{}\n") // strings and numbers: cannot be
	}
	return &event{Change: c, frame: fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n", c.Rev, c.Kind, data)}
}

// publisher is who answered for the entry when it changed; of a removed one before
// that, and nobody where the catalogue does not know any more.
func (a *api) publisherOf(ctx context.Context, e *event) (registry.Publisher, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.by != nil {
		return *e.by, nil
	}
	at := e.Time
	if e.Kind == registry.Removed {
		at = at.Add(-time.Millisecond)
	}
	s, err := a.catalogue.At(ctx, e.ID, at)
	var moved *registry.MovedError
	if errors.As(err, &moved) {
		s, err = a.catalogue.At(ctx, moved.To, at)
	}
	switch {
	case err == nil:
		e.by = &s.Publisher
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrGone), errors.As(err, &moved):
		e.by = &registry.Publisher{}
	default:
		return registry.Publisher{}, err
	}
	return *e.by, nil
}

// interest says which changes somebody wants to be told; all of them where it is
// empty.
type interest struct {
	software            []registry.ID
	regions, publishers []string
}

// interest reads the parameters that filter changes.
func (p *parameters) interest() (of interest) {
	for i, raw := range p.split("software", maxValues, maxID) {
		id, ok := readID(raw)
		if !ok {
			p.faultAt("software", i, codeMalformed, "A value of software is the id of an entry, such as github.com/owner/repo.")
		}
		of.software = append(of.software, id)
	}
	for _, f := range filters {
		switch f.facet {
		case registry.FacetRegion:
			of.regions = p.checked("region", f.read, f.not)
		case registry.FacetPublisher:
			of.publishers = p.checked("publisher", f.read, f.not)
		}
	}
	return of
}

// wants reports whether a change is of interest.
func (a *api) wants(ctx context.Context, of interest, e *event) (bool, error) {
	if len(of.software) > 0 && !slices.ContainsFunc(of.software, func(id registry.ID) bool { return id.Same(e.ID) || id.Same(e.From) }) {
		return false, nil
	}
	if len(of.regions) == 0 && len(of.publishers) == 0 {
		return true, nil
	}
	by, err := a.publisherOf(ctx, e)
	return err == nil && of.by(by), err
}

// by reports whether a publisher is among those of interest.
func (of interest) by(p registry.Publisher) bool {
	within := func(region string) bool {
		return strings.EqualFold(region, p.Region) || len(p.Region) > len(region) && strings.EqualFold(region+"-", p.Region[:len(region)+1])
	}
	called := func(id string) bool { return strings.EqualFold(id, p.ID) }
	return (len(of.regions) == 0 || slices.ContainsFunc(of.regions, within)) &&
		(len(of.publishers) == 0 || slices.ContainsFunc(of.publishers, called))
}

// streamChanges tells changes as they come, as server-sent events.
func (a *api) streamChanges(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	after := p.number("after", 0, math.MaxInt, -1)
	of := p.interest()
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	if last := c.GetHeader("Last-Event-ID"); last != "" {
		n, err := strconv.Atoi(last)
		if err != nil || n < 0 {
			return nil, &problem{Status: http.StatusBadRequest, Detail: "Last-Event-ID is the revision of the last change that was seen, a whole number."}
		}
		after = n
	}
	newest, err := a.catalogue.Rev(c.Request.Context())
	if err != nil {
		return nil, err
	}
	s := &stream{api: a, of: of, cursor: registry.Rev(after)}
	switch {
	case after < 0:
		s.cursor = newest
	case s.cursor > newest:
		s.cursor, s.anew = 0, true
	}
	ans := &answer{
		contentType: typeEvents, cache: cacheNever,
		header: map[string]string{"X-Accel-Buffering": "no"}, // some proxies would keep events until there are many
	}
	if c.Request.Method == http.MethodHead {
		return ans, nil
	}
	leave, ok := a.waiting.take()
	if !ok {
		return nil, errBusy
	}
	ans.stream = func(c *gin.Context) {
		defer leave()
		defer a.watch.join()()
		if err := s.run(c); err != nil && c.Request.Context().Err() == nil {
			a.log.WarnContext(c.Request.Context(), "a stream of changes ends", "error", err)
		}
	}
	return ans, nil
}

// stream is what one client is told.
type stream struct {
	*api
	of     interest
	cursor registry.Rev // of the last change that was told, or passed over
	told   registry.Rev // of the last id that was sent
	anew   bool         // the client knows a later revision than there is
}

// run tells what comes until the client or the service goes. A client is told no
// faster than it reads, and nothing is kept for it: what it has not read yet it is
// told from the log.
func (s *stream) run(c *gin.Context) error {
	ctx := c.Request.Context()
	out := newPaced(c.Writer, maxStall)
	var hello bytes.Buffer
	fmt.Fprintf(&hello, "retry: %d\n", reconnect.Milliseconds())
	if s.anew {
		fmt.Fprintf(&hello, "id: 0\nevent: reset\ndata: {}\n")
	} else {
		fmt.Fprintf(&hello, "id: %d\n", s.cursor)
	}
	s.told = s.cursor
	hello.WriteByte('\n')
	if err := out.send(hello.Bytes()); err != nil {
		return err
	}
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		grown := s.watch.grown.Next()
		more, err := s.tell(ctx, out)
		if err != nil {
			return err
		}
		if more {
			select {
			case <-s.stopping:
				return nil
			default:
				continue
			}
		}
		select {
		case <-grown:
		case <-alive.C:
			said := ":\n\n"
			if s.told != s.cursor { // passed over: not again after a break
				said, s.told = fmt.Sprintf(":\nid: %d\n\n", s.cursor), s.cursor
			}
			if err := out.send([]byte(said)); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		case <-s.stopping:
			return nil
		}
	}
}

// tell sends what is behind the cursor, and moves it; more is whether there may be
// more of it.
func (s *stream) tell(ctx context.Context, out *paced) (more bool, err error) {
	list, ok := s.watch.after(s.cursor)
	if !ok {
		if list, err = s.behind(ctx); err != nil {
			return false, err
		}
	}
	var frames []byte
	for _, e := range list {
		wanted, err := s.wants(ctx, s.of, e)
		if err != nil {
			return false, err
		}
		if s.cursor = e.Rev; wanted {
			frames, s.told = append(frames, e.frame...), e.Rev
		}
	}
	if len(frames) > 0 {
		err = out.send(frames)
	}
	return len(list) > 0, err
}

// behind reads the next changes from the log, when it is this stream's turn.
func (s *stream) behind(ctx context.Context) ([]*event, error) {
	select {
	case s.catchingUp <- struct{}{}:
		defer func() { <-s.catchingUp }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var list []*event
	for c, err := range s.catalogue.Changes(ctx, s.cursor) {
		if err != nil {
			return nil, err
		}
		list = append(list, s.newEvent(c))
		if len(list) == eventsAPage {
			break
		}
	}
	return list, nil
}

// paced writes to a client that may take its time, but not for ever: the time that
// the server gives a whole answer does not hold.
type paced struct {
	w     http.ResponseWriter
	by    *http.ResponseController
	stall time.Duration
}

func newPaced(w http.ResponseWriter, stall time.Duration) *paced {
	return &paced{w: w, by: http.NewResponseController(w), stall: stall}
}

// extend gives the client its time after a while in which nothing is written. Where
// there are no deadlines there is nothing to set.
func (p *paced) extend(d time.Duration) { _ = p.by.SetWriteDeadline(time.Now().Add(d + p.stall)) }

// Write gives the client its time anew.
func (p *paced) Write(b []byte) (int, error) {
	p.extend(0)
	return p.w.Write(b)
}

// send is Write, at once.
func (p *paced) send(b []byte) error {
	_, err := p.Write(b)
	return cmp.Or(err, p.by.Flush())
}
