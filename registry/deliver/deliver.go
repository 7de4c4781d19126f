// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package deliver sends changes of the catalogue to those who subscribed to them,
// signed by Standard Webhooks (https://www.standardwebhooks.com). The change log is
// its outbox, the deliveries that wait are documents of the store: what is taken of
// the log and how far it was taken are written at once, and a delivery is removed
// after it was acknowledged. So each is delivered once at least, however a process
// ends, and twice under the same id at most where it ends between these two.
package deliver

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Store is what a deliverer needs of a registry.Store.
type Store interface {
	registry.Documents
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error]
	Rev(ctx context.Context) (registry.Rev, error)
	Lock(ctx context.Context, name string) (unlock func(), err error)
}

// Deliverer sends what there is to be sent.
type Deliverer struct {
	Store Store
	// Transport makes the requests. It has to refuse addresses that are not public
	// after they were looked up: whoever subscribes names them.
	Transport http.RoundTripper
	// Body is what is sent of a delivery to a subscription, JSON; with the need that it
	// tells of as it is now, and what is new to fit it, where it tells of one.
	Body func(subscription string, d *registry.Delivery, need *registry.BoardNeed) ([]byte, error)
	// Changed is closed when the change log may have grown, and another one is there
	// then. With nil it is looked for every Poll alone.
	Changed func() <-chan struct{}
	Log     *slog.Logger
}

// The rhythm of a deliverer.
const (
	poll     = 2 * time.Second        // at least so often it looks for changes and subscriptions
	pause    = 200 * time.Millisecond // between two looks where much changes
	recovery = 10 * time.Second       // after the store failed, or while another process delivers
	daily    = 24 * time.Hour         // dead letters that are too old go
	parting  = 5 * time.Second        // for receivers to answer when it is to end, and for that to be written
)

// The bounds of what it does at once.
const (
	batch      = 100 // changes of the log that are taken at once for a subscription
	maxSending = 16
	maxPerHost = 4
)

// Run delivers until the context ends. Of all processes with the same store one
// does; the others wait until it ends.
func (d *Deliverer) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := d.once(ctx)
		if err != nil && ctx.Err() == nil && !errors.Is(err, registry.ErrLocked) {
			d.Log.ErrorContext(ctx, "webhooks wait; they are gone on with", "in", recovery, "error", err)
		}
		sleep(ctx, recovery)
	}
}

// once delivers while it has the lock, and the store answers.
func (d *Deliverer) once(ctx context.Context) error {
	unlock, err := d.Store.Lock(ctx, "webhooks")
	if err != nil {
		return err
	}
	defer unlock()
	r := &round{Deliverer: d, judge: judge{store: d.Store}, queues: map[string]*queue{}, hosts: map[string]int{}, results: make(chan outcome, maxSending)}
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer r.part(ctx, cut)
	return r.run(ctx, sending)
}

// round is what a deliverer knows while it has the lock. All of it can be read from
// the store again.
type round struct {
	*Deliverer
	judge   judge
	queues  map[string]*queue // by ID of the subscription
	rev     registry.Rev
	news    news
	tidied  time.Time
	sending sync.WaitGroup
	now     int            // how many are being sent
	hosts   map[string]int // of these, by origin
	results chan outcome
}

func (r *round) run(ctx, sending context.Context) error {
	var looked time.Time
	for {
		var changed <-chan struct{}
		if r.Changed != nil {
			changed = r.Changed() // before looking, so that nothing is missed
		}
		if time.Since(looked) >= poll {
			if err := r.look(ctx); err != nil {
				return err
			}
			looked = time.Now()
		}
		more, err := r.take(ctx)
		if err != nil {
			return err
		}
		next := min(r.send(sending), time.Until(looked.Add(poll)))
		if more {
			next = 0
		}
		wake := time.NewTimer(next)
		select {
		case <-wake.C:
		case <-changed:
			looked = later(time.Now(), looked.Add(pause)).Add(-poll)
		case o := <-r.results:
			err = r.settle(ctx, o)
		case <-ctx.Done():
			err = ctx.Err()
		}
		wake.Stop()
		if err != nil {
			return err
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// part waits for what is being sent, cuts it off after a while, and writes down what
// was acknowledged.
func (r *round) part(ctx context.Context, cut func()) {
	over := time.AfterFunc(parting, cut)
	r.sending.Wait()
	over.Stop()
	cut()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), parting)
	defer cancel()
	for {
		select {
		case o := <-r.results:
			if o.over() {
				_ = r.settle(ctx, o) // else it is delivered again
			}
		default:
			return
		}
	}
}

// look reads the subscriptions, and the deliveries of those that somebody else
// wrote.
func (r *round) look(ctx context.Context) (err error) {
	if r.rev, err = r.Store.Rev(ctx); err != nil {
		return err
	}
	if err := r.news.read(ctx, r.Store); err != nil {
		return err
	}
	if now := time.Now(); now.Sub(r.tidied) >= daily {
		if err := r.tidy(ctx, now); err != nil {
			return err
		}
		r.tidied = now
	}
	there := map[string]bool{}
	for doc, err := range r.Store.ListDocuments(ctx, registry.DocumentList{Kind: registry.SubscriptionDocument}) {
		if err != nil {
			return err
		}
		there[doc.Key] = true
		q := r.queues[doc.Key]
		if q != nil && q.version == doc.Version {
			continue
		}
		if q == nil {
			q = &queue{sending: map[string]bool{}, busy: map[registry.ID]bool{}}
			r.queues[doc.Key] = q
		}
		if q.sub, err = registry.ReadDocument[registry.Subscription](doc); err != nil {
			r.Log.ErrorContext(ctx, "a subscription is passed over", "error", err)
			q.sub = &registry.Subscription{ID: doc.Key, Disabled: time.Now()}
		}
		if err := r.read(ctx, q); err != nil {
			return err
		}
		q.version, q.cursor, q.needCursor = doc.Version, max(q.cursor, q.sub.Cursor), max(q.needCursor, q.sub.NeedCursor)
	}
	for id := range r.queues {
		if !there[id] {
			delete(r.queues, id)
		}
	}
	return nil
}

// read reads the deliveries of a subscription.
func (r *round) read(ctx context.Context, q *queue) error {
	q.waiting = nil
	for doc, err := range r.Store.ListDocuments(ctx, registry.DocumentList{Kind: registry.DeliveryDocument, Prefix: q.sub.ID + "-"}) {
		if err != nil {
			return err
		}
		del, err := registry.ReadDocument[registry.Delivery](doc)
		if err != nil {
			r.Log.ErrorContext(ctx, "a delivery is passed over", "error", err)
			continue
		}
		q.waiting = append(q.waiting, &waiting{del, doc.Version})
	}
	return nil
}

// tidy removes dead letters that are too old.
func (r *round) tidy(ctx context.Context, now time.Time) error {
	for doc, err := range r.Store.ListDocuments(ctx, registry.DocumentList{Kind: registry.DeadLetterDocument}) {
		if err != nil {
			return err
		}
		del, err := registry.ReadDocument[registry.Delivery](doc)
		if err == nil && now.Sub(del.Dead) < registry.DeadLetterLife {
			continue
		}
		doc.Body = nil
		if err := r.Store.PutDocuments(ctx, doc); err != nil && !errors.Is(err, registry.ErrConflict) {
			return err
		}
	}
	return nil
}

// take makes deliveries of changes; more says that there are further ones to take.
// What has no room stays in the log: it is sent late rather than kept twice.
func (r *round) take(ctx context.Context) (more bool, err error) {
	for _, q := range r.queues {
		if !q.live() {
			continue
		}
		if q.stuck() {
			if _, err := r.disable(ctx, q, fmt.Sprintf("%d deliveries wait, and each of them failed %d times.", len(q.waiting), giveUp)); err != nil {
				return false, err
			}
			continue
		}
		if room, before := q.room(), q.cursor; room > 0 && before < r.rev {
			if err := r.takeFor(ctx, q, room); err != nil {
				return false, err
			}
			more = more || q.cursor > before && q.cursor < r.rev
		}
		if room := q.room(); room > 0 && q.live() && q.sub.WantsNeeds() && q.needCursor < r.news.seq {
			if err := r.takeNeeds(ctx, q, room); err != nil {
				return false, err
			}
		}
	}
	return more, nil
}

func (r *round) takeFor(ctx context.Context, q *queue, room int) error {
	var log []registry.Change
	for c, err := range r.Store.Changes(ctx, q.cursor) {
		if err != nil {
			return err
		}
		if log = append(log, c); len(log) == batch {
			break
		}
	}
	now, cursor := time.Now(), q.cursor
	var taken []*waiting
	for i := range log {
		is, err := r.judge.about(ctx, q.sub, log[i])
		if err != nil {
			return fmt.Errorf("the change %d: %w", log[i].Rev, err)
		}
		if is && len(taken) == room {
			break
		}
		if is {
			taken = append(taken, &waiting{registry.NewDelivery(now, q.sub.ID, &log[i]), 0})
		}
		cursor = log[i].Rev
	}
	return r.keep(ctx, q, cursor, q.needCursor, taken)
}

// keep writes down what was taken for a subscription, and how far it has come by that.
func (r *round) keep(ctx context.Context, q *queue, cursor registry.Rev, needCursor int64, taken []*waiting) error {
	if len(taken) == 0 && cursor-q.sub.Cursor < batch {
		q.cursor, q.needCursor = cursor, needCursor // written with what comes
		return nil
	}
	sub := *q.sub
	sub.Cursor, sub.NeedCursor = cursor, needCursor
	docs := []*registry.Document{sub.Document(q.version)}
	for _, w := range taken {
		docs = append(docs, w.Document(0))
	}
	wrote, err := r.put(ctx, q, docs...)
	if !wrote {
		return err
	}
	q.sub, q.version, q.cursor, q.needCursor = &sub, docs[0].Version, cursor, needCursor
	for i, w := range taken {
		w.version = docs[i+1].Version
		q.waiting = append(q.waiting, w)
	}
	return nil
}

// put writes documents of a subscription. Where somebody else wrote one of them
// meanwhile, wrote is false and the subscription is read again.
func (r *round) put(ctx context.Context, q *queue, docs ...*registry.Document) (wrote bool, err error) {
	err = r.Store.PutDocuments(ctx, docs...)
	if errors.Is(err, registry.ErrConflict) {
		q.version = 0
		return false, nil
	}
	return err == nil, err
}

// disable switches a subscription off, and says why to whoever asks for it.
func (r *round) disable(ctx context.Context, q *queue, why string, with ...*registry.Document) (wrote bool, err error) {
	sub := *q.sub
	sub.Disabled, sub.Reason, sub.Cursor, sub.NeedCursor = time.Now().UTC().Truncate(time.Second), why, q.cursor, q.needCursor
	doc := sub.Document(q.version)
	if wrote, err = r.put(ctx, q, append(with, doc)...); wrote {
		q.sub, q.version = &sub, doc.Version
		r.Log.WarnContext(ctx, "a subscription is switched off", "subscription", sub.ID, "reason", why)
	}
	return wrote, err
}

// send begins what is due, as far as there is place, and returns after what time the
// next one is. Changes of one entry are sent one after the other, in their order as
// far as none fails.
func (r *round) send(ctx context.Context) time.Duration {
	now, next := time.Now(), poll
	for _, q := range r.queues {
		if !q.live() {
			continue
		}
		host := hostOf(q.sub.URL)
		for _, w := range q.waiting {
			if r.now == maxSending || r.hosts[host] == maxPerHost {
				break // the next outcome makes place
			}
			entry := entryOf(w.Delivery)
			if q.sending[w.ID] || q.busy[entry] {
				continue
			}
			if in := q.due(w).Sub(now); in > 0 {
				next = min(next, in)
				continue
			}
			q.sending[w.ID], q.busy[entry] = true, true
			r.now++
			r.hosts[host]++
			sub, del := q.sub, w.Delivery
			r.sending.Go(func() { r.results <- r.attempt(ctx, sub, del) })
		}
	}
	return next
}

// hostOf is what at most maxPerHost are sent to at once.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// settle writes down what came of an attempt.
func (r *round) settle(ctx context.Context, o outcome) error {
	r.now--
	r.hosts[o.host]--
	q := r.queues[o.subscription]
	if q == nil {
		return nil // nobody wants to know any more
	}
	delete(q.sending, o.id)
	delete(q.busy, o.entry)
	w := q.find(o.id)
	if w == nil {
		return nil
	}
	if o.over() {
		wrote, err := r.put(ctx, q, &registry.Document{Kind: registry.DeliveryDocument, Key: w.ID, Version: w.version})
		if wrote {
			q.remove(w)
		}
		return err
	}
	r.Log.InfoContext(ctx, "a delivery failed", "subscription", q.sub.ID, "delivery", w.ID, "status", o.status, "error", o.err)
	failed := *w.Delivery
	failed.Attempts++
	failed.Tried, failed.Status, failed.Error = o.at.UTC().Truncate(time.Millisecond), o.status, o.why()
	if o.status == http.StatusGone && q.live() {
		failed.Next = time.Time{}
		doc := failed.Document(w.version)
		wrote, err := r.disable(ctx, q, "Its receiver answered with the status 410: it wants nothing any more.", doc)
		if wrote {
			w.Delivery, w.version = &failed, doc.Version
		}
		return err
	}
	in, again := wait(failed.Attempts, o.retryAfter)
	if !again || failed.IsTest() {
		return r.bury(ctx, q, w, &failed)
	}
	failed.Next = time.Now().Add(in).UTC().Truncate(time.Millisecond)
	doc := failed.Document(w.version)
	wrote, err := r.put(ctx, q, doc)
	if wrote {
		w.Delivery, w.version = &failed, doc.Version
	}
	return err
}

// bury makes a delivery a dead letter, in place of the oldest one where there are
// too many.
func (r *round) bury(ctx context.Context, q *queue, w *waiting, failed *registry.Delivery) error {
	failed.Next, failed.Dead = time.Time{}, time.Now().UTC().Truncate(time.Millisecond)
	docs := []*registry.Document{{Kind: registry.DeliveryDocument, Key: w.ID, Version: w.version}, failed.Document(0)}
	n := 0
	var oldest *registry.Delivery
	for doc, err := range r.Store.ListDocuments(ctx, registry.DocumentList{Kind: registry.DeadLetterDocument, Prefix: q.sub.ID + "-"}) {
		if err != nil {
			return err
		}
		dead, err := registry.ReadDocument[registry.Delivery](doc)
		if err != nil {
			return err
		}
		if n++; oldest == nil || dead.Dead.Before(oldest.Dead) {
			oldest = dead
		}
	}
	if n >= registry.MaxDeadLetters {
		docs = append(docs, &registry.Document{Kind: registry.DeadLetterDocument, Key: oldest.ID})
		r.Log.WarnContext(ctx, "a dead letter makes place for another", "subscription", q.sub.ID, "delivery", oldest.ID)
	}
	wrote, err := r.put(ctx, q, docs...)
	if wrote {
		q.remove(w)
	}
	return err
}
