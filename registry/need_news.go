// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// The kinds of NeedNews, whose key is that of the need, and of the one NeedHead.
const (
	NeedNewsDocument DocumentKind = "need-news"
	NeedHeadDocument DocumentKind = "need-head"
	needHeadKey                   = "head"
)

// NeedNews is what there was to tell of a need that everybody may see. Needs are
// documents, of which no change tells: these are their log, which subscriptions
// follow. What is not on the board any more has none.
type NeedNews struct {
	Need   string      `json:"need"`   // key
	Events []NeedEvent `json:"events"` // the oldest first
}

// NeedEvent is one thing to tell of a need: that it is new, or that something new
// fits it.
type NeedEvent struct {
	// Seq is 1 for the first of all, then one more each; 0 for what was there before
	// anybody looked.
	Seq     int64       `json:"seq"`
	Added   bool        `json:"added,omitempty"`
	Time    time.Time   `json:"time"`              // when it was noted
	Matches []NeedMatch `json:"matches,omitempty"` // that are new
}

// NeedHead is the number of the last NeedEvent.
type NeedHead struct {
	Seq int64 `json:"seq"`
}

// maxNeedEvents is how many events of a need are kept, the first and the newest. What
// fell out of them may be told anew.
const maxNeedEvents = 60

// ReadNeedHead is the number of the last event, and the version of the document that
// has it: 0 for none.
func ReadNeedHead(ctx context.Context, documents Documents) (seq, version int64, err error) {
	d, err := documents.Document(ctx, NeedHeadDocument, needHeadKey)
	if errors.Is(err, ErrNotFound) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	head, err := ReadDocument[NeedHead](d)
	if err != nil {
		return 0, 0, err
	}
	return head.Seq, d.Version, nil
}

// ReadNeedNews are all there are, by key of the need.
func ReadNeedNews(ctx context.Context, documents Documents) (map[string]NeedNews, error) {
	all := map[string]NeedNews{}
	for d, err := range documents.ListDocuments(ctx, DocumentList{Kind: NeedNewsDocument}) {
		if err != nil {
			return nil, err
		}
		n, err := ReadDocument[NeedNews](d)
		if err != nil {
			return nil, err
		}
		all[n.Need] = *n
	}
	return all, nil
}

// NoteNeeds writes down what is new on the board that everybody may see, and drops
// what is not on it any more. All of it is one transaction: ErrConflict where another
// process noted something meanwhile.
func NoteNeeds(ctx context.Context, documents Documents, b *Board, now time.Time) error {
	seq, version, err := ReadNeedHead(ctx, documents)
	if err != nil {
		return err
	}
	before := map[string]*Document{}
	for d, err := range documents.ListDocuments(ctx, DocumentList{Kind: NeedNewsDocument}) {
		if err != nil {
			return err
		}
		before[d.Key] = d
	}
	public := map[string]bool{}
	for _, n := range b.Needs {
		public[n.Key] = isPublic(n.Need)
	}
	var docs []*Document
	for _, n := range slices.Backward(b.Needs) { // the oldest first
		d := before[n.Key]
		delete(before, n.Key)
		if !public[n.Key] {
			if d != nil {
				docs = append(docs, &Document{Kind: d.Kind, Key: d.Key, Version: d.Version})
			}
			continue
		}
		news := &NeedNews{Need: n.Key}
		var at int64
		if d != nil {
			if news, err = ReadDocument[NeedNews](d); err != nil {
				return err
			}
			at = d.Version
		}
		if event, ok := news.next(&n, now); ok {
			if version > 0 {
				seq++
				event.Seq = seq
			}
			news.Events = append(news.Events, event)
		}
		news.forget(public)
		changed := &Document{Kind: NeedNewsDocument, Key: n.Key, Version: at, Body: body(news)}
		if d == nil || !slices.Equal(d.Body, changed.Body) {
			docs = append(docs, changed)
		}
	}
	for _, d := range before {
		docs = append(docs, &Document{Kind: d.Kind, Key: d.Key, Version: d.Version})
	}
	if len(docs) == 0 && version > 0 {
		return nil
	}
	docs = append(docs, &Document{Kind: NeedHeadDocument, Key: needHeadKey, Version: version, Body: body(NeedHead{seq})})
	return documents.PutDocuments(ctx, docs...)
}

// next is what there is to tell of a need as it is on the board; ok is false for
// nothing that was not told.
func (n *NeedNews) next(now *BoardNeed, at time.Time) (e NeedEvent, ok bool) {
	e = NeedEvent{Added: len(n.Events) == 0, Time: at.UTC().Truncate(time.Second)}
	for _, m := range slices.Concat(now.Solutions, now.Others) {
		told := slices.ContainsFunc(n.Events, func(e NeedEvent) bool { return slices.ContainsFunc(e.Matches, m.same) })
		if !told {
			e.Matches = append(e.Matches, m)
		}
	}
	return e, e.Added || len(e.Matches) > 0
}

// forget drops matches with needs that are not public any more, and events that are
// too many.
func (n *NeedNews) forget(public map[string]bool) {
	for i := range n.Events {
		e := &n.Events[i]
		e.Matches = slices.DeleteFunc(e.Matches, func(m NeedMatch) bool { return m.Need != "" && !public[m.Need] })
	}
	n.Events = slices.DeleteFunc(n.Events, func(e NeedEvent) bool { return !e.Added && len(e.Matches) == 0 })
	if over := len(n.Events) - maxNeedEvents; over > 0 {
		n.Events = slices.Delete(n.Events, 1, 1+over)
	}
}

// same reports whether two matches are with the same.
func (m NeedMatch) same(o NeedMatch) bool { return m.Software.Same(o.Software) && m.Need == o.Need }

// Still are those of some matches that fit the need as it is now, in the words of now.
func (n *BoardNeed) Still(matches []NeedMatch) []NeedMatch {
	var still []NeedMatch
	for _, m := range slices.Concat(n.Solutions, n.Others) {
		if slices.ContainsFunc(matches, m.same) {
			still = append(still, m)
		}
	}
	return still
}

// PublicNeed reads a need that everybody may see, by its key, as it is at a moment and
// without what fits it; ErrNotFound for one that does not stand or is restricted.
func PublicNeed(ctx context.Context, documents Documents, key string, now time.Time) (*BoardNeed, error) {
	repository, id, _ := strings.Cut(key, "#")
	d, err := documents.Document(ctx, NeedsDocument, AdoptionsFile(ID(repository)))
	if err != nil {
		return nil, err
	}
	said, err := ReadDocument[Needs](d)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(said.Needs, func(n adoption.Need) bool { return n.ID == id })
	if i < 0 || !isPublic(said.Needs[i]) || !current(said.Until(said.Needs[i]), now) {
		return nil, fmt.Errorf("%w: the need %s", ErrNotFound, key)
	}
	n := said.BoardNeed(said.Needs[i])
	return &n, nil
}

// NeedToTell is a need as it is told to who subscribed: as it is now, with what was new
// at an event; ErrNotFound where there is nothing to tell any more.
func NeedToTell(ctx context.Context, documents Documents, of NeedRef, now time.Time) (*BoardNeed, error) {
	n, err := PublicNeed(ctx, documents, of.Key, now)
	if err != nil {
		return nil, err
	}
	d, err := documents.Document(ctx, NeedNewsDocument, of.Key)
	if err != nil {
		return nil, err
	}
	news, err := ReadDocument[NeedNews](d)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(news.Events, func(e NeedEvent) bool { return e.Seq == of.Seq })
	if i < 0 {
		return nil, fmt.Errorf("%w: the event %d of the need %s", ErrNotFound, of.Seq, of.Key)
	}
	for _, m := range news.Events[i].Matches {
		if m.Need == "" {
			n.Solutions = append(n.Solutions, m)
			continue
		}
		other, err := PublicNeed(ctx, documents, m.Need, now)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, err
		default:
			m.Name = other.Title
			n.Others = append(n.Others, m)
		}
	}
	if !of.Added && len(n.Solutions)+len(n.Others) == 0 {
		return nil, fmt.Errorf("%w: what fitted the need %s", ErrNotFound, of.Key)
	}
	return n, nil
}
