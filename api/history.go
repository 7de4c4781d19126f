// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of what a history tells. Files of strangers may change in
// everything at once.
const (
	maxDifferences = 200     // of one comparison
	maxDifference  = 2000    // bytes of one value in JSON
	maxCutText     = 500     // characters that are left of a longer text
	maxPointer     = 1000    // bytes of a path
	maxHistory     = 1 << 20 // bytes of differences on a page
)

type historyList struct {
	Items []revision `json:"items"`
	Links pageLinks  `json:"links"`
}

// revision is a change of an entry, and what it changed: of a restored one since
// it was removed, and nothing where there was no state before it.
type revision struct {
	change
	differences
}

type differences struct {
	Differences []difference `json:"differences"`
	More        int          `json:"more,omitempty"` // that are not shown
}

// difference is one value that differs. What is too long of a value is cut off
// where it is a text; else all of it is left out.
type difference struct {
	Path string          `json:"path"`
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
	Cut  []string        `json:"cut,omitempty"`
}

func compare(before, after *registry.Software) (all differences) {
	all.Differences = []difference{}
	for _, d := range registry.Compare(before, after) {
		if len(all.Differences) == maxDifferences || len(d.Path) > maxPointer {
			all.More++
			continue
		}
		shown := difference{Path: d.Path}
		var cutOld, cutNew bool
		if shown.Old, cutOld = shortened(d.Old); cutOld {
			shown.Cut = append(shown.Cut, "old")
		}
		if shown.New, cutNew = shortened(d.New); cutNew {
			shown.Cut = append(shown.Cut, "new")
		}
		all.Differences = append(all.Differences, shown)
	}
	return all
}

// shortened brings a value within its bounds.
func shortened(value json.RawMessage) (short json.RawMessage, cut bool) {
	var text string
	switch {
	case len(value) <= maxDifference:
		return value, false
	case json.Unmarshal(value, &text) != nil:
		return nil, true
	}
	if runes := []rune(text); len(runes) > maxCutText {
		text, cut = string(runes[:maxCutText]), true
	}
	short, err := encode(text)
	if err != nil { // a string: cannot be
		return nil, true
	}
	return short, cut
}

// size is about how many bytes differences take.
func (d differences) size() int {
	n := 0
	for _, one := range d.Differences {
		n += len(one.Path) + len(one.Old) + len(one.New)
	}
	return n
}

// listHistory lists the revisions of an entry, the newest first, also of a
// removed one.
func (a *api) listHistory(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	limit := p.number("perPage", 1, maxPerPage, defaultPerPage)
	before := p.revision("after")
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	id, ok := readID(c.Param("id"))
	if !ok {
		return nil, errNoEntry
	}
	list := historyList{Items: []revision{}}
	size, more := 0, false
	var later *registry.Software // whose state before is still to come, that of Items[of]
	var of int
	for r, err := range a.catalogue.History(c.Request.Context(), id) {
		if err != nil {
			return a.absent(err, func(to registry.ID) string { return historyPath + to.EscapedPath() + p.again() })
		}
		if r.Rev >= registry.Rev(before) {
			continue
		}
		if r.Software != nil && later != nil {
			list.Items[of].differences = compare(r.Software, later)
			size += list.Items[of].size()
			later = nil
		}
		if more = more || len(list.Items) == limit || size > maxHistory; more {
			if later == nil {
				break
			}
			continue
		}
		if r.Software != nil {
			later, of = r.Software, len(list.Items)
		}
		list.Items = append(list.Items, revision{a.newChange(r.Change, id), differences{Differences: []difference{}}})
	}
	page := func(before int) string {
		v := url.Values{"perPage": {strconv.Itoa(limit)}}
		if before < math.MaxInt {
			v.Set("after", strconv.Itoa(before))
		}
		return a.link(historyPath + id.EscapedPath() + "?" + v.Encode())
	}
	list.Links.Self = page(before)
	if more {
		list.Links.Next = page(int(list.Items[len(list.Items)-1].Revision))
	}
	return list.Links.onto(jsonAnswer(list))
}

// revision is a cursor of a history: the last revision of the page before.
func (p *parameters) revision(name string) int {
	v, given := p.one(name, maxCursor)
	if !given {
		return math.MaxInt
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		p.fault(name, codeMalformed, "%s is not a cursor of this list: take it from links.next of the page before.", name)
	}
	return n
}

// again is the query of a request that is led elsewhere, with the mark before it.
func (p *parameters) again() string {
	if len(p.values) == 0 {
		return ""
	}
	return "?" + p.values.Encode()
}

// getSoftwareAt is the entry as it was at a moment, with the links of today. The
// raw file has none: it is not the one of that time.
func (a *api) getSoftwareAt(c *gin.Context, p *parameters, at time.Time) (*answer, error) {
	id, ok := readID(c.Param("id"))
	if !ok {
		return nil, errNoEntry
	}
	s, err := a.catalogue.At(c.Request.Context(), id, at)
	if err != nil {
		return a.absentThen(err, softwarePath, p)
	}
	if s.ID.Same(id) {
		id = s.ID
	}
	lang := preferred(c.Request)
	e := a.newEntry(s, lang)
	e.Links = a.newEntryLinks(s, id, lang)
	e.Links.Self += "?" + url.Values{"at": {at.UTC().Format(time.RFC3339Nano)}}.Encode()
	e.Links.PublicCode = ""
	return inLanguage(e)
}

// absentThen is absent for what an address with a moment asks.
func (a *api) absentThen(err error, under string, p *parameters) (*answer, error) {
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return nil, errNotThen
	case errors.Is(err, registry.ErrGone):
		return nil, errGoneThen
	}
	return a.absent(err, func(to registry.ID) string { return under + to.EscapedPath() + p.again() })
}

// comparison is what differs between two moments; nothing where there was no
// entry at one of them.
type comparison struct {
	From state `json:"from"`
	To   state `json:"to"`
	differences
	Links comparisonLinks `json:"links"`
}

// state is what an entry was at a moment.
type state struct {
	At       string       `json:"at"`
	Revision registry.Rev `json:"revision,omitempty"` // 0 where there was no entry
}

type comparisonLinks struct {
	Self    string `json:"self"`
	History string `json:"history"`
}

// getDifferences compares an entry at two moments.
func (a *api) getDifferences(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	moments := [2]*time.Time{p.moment("from"), p.moment("to")}
	p.required("from", "give the earlier moment, such as 2026-01-31")
	p.required("to", "give the later moment, such as 2026-06-30")
	if len(p.faults) == 0 && moments[1].Before(*moments[0]) {
		p.fault("to", codeForbidden, "to is a moment after from.")
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	id, ok := readID(c.Param("id"))
	if !ok {
		return nil, errNoEntry
	}
	var found [2]*registry.Software
	var states [2]state
	var absent error
	for i, at := range moments {
		states[i].At = instant(*at)
		s, err := a.catalogue.At(c.Request.Context(), id, *at)
		switch {
		case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrGone):
			absent = err
			continue
		case err != nil:
			return a.absentThen(err, differencesPath, p)
		}
		found[i], states[i].Revision = s, s.Rev
	}
	if found[0] == nil && found[1] == nil {
		return a.absentThen(absent, differencesPath, p)
	}
	out := comparison{From: states[0], To: states[1], differences: differences{Differences: []difference{}}}
	if absent == nil {
		out.differences = compare(found[0], found[1])
	}
	path := id.EscapedPath()
	out.Links = comparisonLinks{
		Self: a.link(differencesPath + path + "?" + url.Values{
			"from": {moments[0].UTC().Format(time.RFC3339Nano)}, "to": {moments[1].UTC().Format(time.RFC3339Nano)},
		}.Encode()),
		History: a.link(historyPath + path),
	}
	return jsonAnswer(out)
}
