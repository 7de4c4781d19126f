// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// The kinds of logs that are sent in: LogDocument has one under its id, a UUID of
// version 7, so that the keys are in order of time. logOfDocument has the same id
// behind what it is about and a space; its body says nothing.
const (
	LogDocument   registry.DocumentKind = "developers-italia-log"
	logOfDocument registry.DocumentKind = "developers-italia-log-of"
)

// How many logs are kept that are about one thing, and about none. The oldest go,
// so many with each new one at most.
const (
	keptOf, keptOfNone = 20, 1000
	dropped            = 50
	ofNone             = "-"
)

// maxMessage is what a log may say, in characters.
const maxMessage = 2048

// logLine is a log in the form of answers: of a visit of this node, or sent in.
type logLine struct {
	ID        string    `json:"id"`
	Message   string    `json:"message"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	Entity    string    `json:"entity,omitempty"` // /software/ID, /publishers/ID
}

func (l *logLine) place() cursor { return cursor{l.CreatedAt, l.ID} }

// newestFirst is the order of logs.
func newestFirst(a, b *logLine) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
}

func (a *API) listLogs(r *request) (any, error) {
	w, err := parseWindow(r.URL.Query())
	if err != nil {
		return nil, err
	}
	wanted, says := r.URL.Query().Get("filter"), strings.ToLower(r.URL.Query().Get("search"))
	fits := func(l *logLine) bool {
		return (wanted == "" || l.Message == wanted) && (says == "" || strings.Contains(strings.ToLower(l.Message), says))
	}
	visits, err := a.visits.current(r.Context(), a)
	if err != nil {
		return nil, err
	}
	sent, err := take(w.size+1, a.sentLogs(r.Context(), &w), &w, fits)
	if err != nil {
		return nil, err
	}
	own, err := take(w.size+1, visits.read(&w), &w, fits)
	if err != nil {
		return nil, err
	}
	return logPage(&w, append(sent, own...))
}

// logPage makes a page of logs of which it has enough, in any order.
func logPage(w *window, read []*logLine) (any, error) {
	slices.SortFunc(read, newestFirst)
	if w.backward() {
		slices.Reverse(read)
	}
	return page(w, read[:min(len(read), w.size+1)], (*logLine).place, func(l *logLine) (*logLine, error) { return l, nil })
}

// take reads the first n logs of those that come in the order of reading and fit.
func take(n int, from iter.Seq2[*logLine, error], w *window, fits func(*logLine) bool) (list []*logLine, err error) {
	for l, err := range from {
		if err != nil {
			return nil, err
		}
		at := l.place()
		inside := (w.after == nil || at.before(*w.after)) && (!w.backward() || w.before.before(at))
		if !inside || !w.covers(l.CreatedAt) || fits != nil && !fits(l) {
			continue
		}
		if list = append(list, l); len(list) == n {
			break
		}
	}
	return list, nil
}

// sentLogs yields what was sent in, from the cursor on in the direction of reading.
func (a *API) sentLogs(ctx context.Context, w *window) iter.Seq2[*logLine, error] {
	if a.documents == nil {
		return func(func(*logLine, error) bool) {}
	}
	keys := registry.DocumentList{Kind: LogDocument, Backward: !w.backward()}
	if w.after != nil {
		keys.After = uuidTime(w.after.at) + "~" // behind all of that moment
	} else if w.before != nil {
		keys.After = uuidTime(w.before.at)
	}
	return func(yield func(*logLine, error) bool) {
		for d, err := range a.documents.ListDocuments(ctx, keys) {
			var l *logLine
			if err == nil {
				l, err = registry.ReadDocument[logLine](d)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// uuidTime is how UUIDs of version 7 begin that are of one millisecond (RFC 9562,
// section 5.7).
func uuidTime(t time.Time) string {
	ms := max(t.UnixMilli(), 0) & (1<<48 - 1)
	return fmt.Sprintf("%08x-%04x-", ms>>16, ms&0xffff)
}

func (a *API) getLog(r *request) (any, error) {
	_, l, err := a.sentLog(r.Context(), r.id)
	if err == nil || !isProblem(err) {
		return l, err
	}
	visits, err := a.visits.current(r.Context(), a)
	if err != nil {
		return nil, err
	}
	for l := range visits.read(&window{}) {
		if l.ID == r.id {
			return l, nil
		}
	}
	return nil, notFound("Log")
}

// sentLog is a log that was sent in, with its document.
func (a *API) sentLog(ctx context.Context, id string) (*registry.Document, *logLine, error) {
	if _, err := uuid.Parse(id); err != nil || a.documents == nil {
		return nil, nil, notFound("Log")
	}
	d, err := a.documents.Document(ctx, LogDocument, strings.ToLower(id))
	if errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrInvalid) {
		return nil, nil, notFound("Log")
	}
	if err != nil {
		return nil, nil, err
	}
	l, err := registry.ReadDocument[logLine](d)
	return d, l, err
}

func (a *API) listSoftwareLogs(r *request) (any, error) {
	rec, err := a.byUUID(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	var own []*logLine
	v, err := a.store.Visit(r.Context(), rec.id)
	switch {
	case err == nil && logged(v):
		own = append(own, visitLine(v, rec.uuid))
	case err != nil && !errors.Is(err, registry.ErrNotFound):
		return nil, err
	}
	return a.listLogsOf(r, "/software/"+rec.uuid, own)
}

func (a *API) listPublisherLogs(r *request) (any, error) {
	p, err := a.publisher(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	return a.listLogsOf(r, "/publishers/"+p.ID, nil)
}

// listLogsOf lists what was sent in about one thing, with what this node says.
func (a *API) listLogsOf(r *request, entity string, own []*logLine) (any, error) {
	w, err := parseWindow(r.URL.Query())
	if err != nil {
		return nil, err
	}
	all := own
	if a.documents != nil {
		ids, err := a.logsOf(r.Context(), entity)
		if err != nil {
			return nil, err
		}
		for _, id := range ids[:min(len(ids), 2*keptOf)] {
			_, l, err := a.sentLog(r.Context(), id)
			if err != nil && !isProblem(err) {
				return nil, err
			}
			if err == nil {
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, newestFirst)
	if w.backward() {
		slices.Reverse(all)
	}
	read, err := take(w.size+1, func(yield func(*logLine, error) bool) {
		for _, l := range all {
			if !yield(l, nil) {
				return
			}
		}
	}, &w, nil)
	if err != nil {
		return nil, err
	}
	return logPage(&w, read)
}

// logsOf are the ids of the logs about one thing, the newest first.
func (a *API) logsOf(ctx context.Context, entity string) (ids []string, err error) {
	prefix := entity + " "
	for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: logOfDocument, Prefix: prefix, Backward: true}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, strings.TrimPrefix(d.Key, prefix))
	}
	return ids, nil
}

// readMessage reads the one field of a log.
func readMessage(r *request) (string, error) {
	f, err := readFields(r, "message")
	if err != nil {
		return "", err
	}
	var message string
	if _, err := f.into("message", &message); err != nil {
		return "", err
	}
	if strings.TrimSpace(message) == "" {
		return "", invalid(ValidationError{Field: "message", Rule: "required", Value: message})
	}
	// Crawlers send what a whole visit had to say: the beginning is better than none.
	return cut(message, maxMessage), nil
}

func (a *API) createLog(r *request) (any, error) { return a.writeLog(r, "", "") }

func (a *API) createSoftwareLog(r *request) (any, error) {
	rec, err := a.byUUID(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	s, err := a.state(r.Context(), rec)
	if err != nil {
		return nil, err
	}
	region := ""
	if s != nil {
		region = s.Publisher.Region
	}
	return a.writeLog(r, "/software/"+rec.uuid, region)
}

func (a *API) createPublisherLog(r *request) (any, error) {
	p, err := a.publisher(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	return a.writeLog(r, "/publishers/"+p.ID, p.region)
}

// writeLog keeps a new log, and drops the oldest about the same.
func (a *API) writeLog(r *request, entity, region string) (any, error) {
	if err := r.by.Need(region); err != nil {
		return nil, err
	}
	message, err := readMessage(r)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	sec, nsec := id.Time().UnixTime()
	now := time.Unix(sec, nsec).UTC().Truncate(time.Millisecond)
	l := &logLine{ID: id.String(), Message: message, CreatedAt: now, UpdatedAt: now, Entity: entity}
	body, err := encode(l)
	if err != nil {
		return nil, err
	}
	of, kept := entity, keptOf
	if of == "" {
		of, kept = ofNone, keptOfNone
	}
	documents := []*registry.Document{
		{Kind: LogDocument, Key: l.ID, Body: body},
		{Kind: logOfDocument, Key: of + " " + l.ID, Body: []byte("true")},
	}
	ids, err := a.logsOf(r.Context(), of)
	if err != nil {
		return nil, err
	}
	if len(ids) >= kept {
		old := ids[kept-1:]
		for _, id := range old[:min(len(old), dropped)] {
			documents = append(documents, &registry.Document{Kind: LogDocument, Key: id}, &registry.Document{Kind: logOfDocument, Key: of + " " + id})
		}
	}
	return l, a.audit(r, "log.create", cmp.Or(entity, l.ID), documents...)
}

func (a *API) updateLog(r *request) (any, error) {
	d, l, err := a.sentLog(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	if err := r.by.Need(""); err != nil {
		return nil, err
	}
	if l.Message, err = readMessage(r); err != nil {
		return nil, err
	}
	l.UpdatedAt = moment(a.now())
	if d.Body, err = encode(l); err != nil {
		return nil, err
	}
	return l, a.audit(r, "log.update", l.ID, d)
}

func (a *API) deleteLog(r *request) (any, error) {
	d, l, err := a.sentLog(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	if err := r.by.Need(""); err != nil {
		return nil, err
	}
	d.Body = nil
	return nil, a.audit(r, "log.delete", l.ID, d, &registry.Document{Kind: logOfDocument, Key: cmp.Or(l.Entity, ofNone) + " " + l.ID})
}

// visitLog is what the crawl log says of repositories with a publiccode.yml, in
// order of time. The crawl log has no such order, and tells nobody what changed in
// it: it is read again where somebody asks later than visitsAge.
type visitLog struct {
	mu    sync.Mutex
	read  time.Time
	lines visitLines
}

const visitsAge = time.Minute

type visitLines []*logLine // the newest first

// logged reports whether a visit is of a repository with a publiccode.yml.
func logged(v *registry.Visit) bool { return slices.Contains(loggedOutcomes, v.Outcome) }

// loggedOutcomes leave out the many repositories that have no file, and those that
// are not to be seen.
var loggedOutcomes = []registry.Outcome{registry.Entry, registry.Unreadable, registry.TechnicalFork, registry.AtOther}

func (x *visitLog) current(ctx context.Context, a *API) (visitLines, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := a.now()
	if age := now.Sub(x.read); age < visitsAge && age >= 0 {
		return x.lines, nil
	}
	var lines visitLines
	of := map[*logLine]registry.ID{}
	for v, err := range a.store.Visits(ctx, "", loggedOutcomes...) {
		if err != nil {
			return nil, err
		}
		l := visitLine(v, "")
		lines, of[l] = append(lines, l), v.Repo
	}
	done, err := a.index.current(ctx, a.store)
	if err != nil {
		return nil, err
	}
	for l, repo := range of {
		if r := a.index.byKey[repo.Key()]; r != nil && r.state != hidden {
			l.Entity = "/software/" + r.uuid
		}
	}
	done()
	slices.SortFunc(lines, newestFirst)
	x.lines, x.read = lines, now
	return lines, nil
}

// read yields the lines from the cursor on in the direction of reading.
func (lines visitLines) read(w *window) iter.Seq2[*logLine, error] {
	return func(yield func(*logLine, error) bool) {
		if w.backward() {
			for _, l := range slices.Backward(lines) {
				if !yield(l, nil) {
					return
				}
			}
			return
		}
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// visitLine is the line of a visit; of is the UUID of the entry, "" for none.
func visitLine(v *registry.Visit, of string) *logLine {
	at := moment(v.Time)
	l := &logLine{
		ID: uuid.NewSHA1(space, fmt.Appendf(nil, "visit %s %d", v.Repo.Key(), at.UnixMicro())).String(), CreatedAt: at, UpdatedAt: at,
	}
	if of != "" {
		l.Entity = "/software/" + of
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[%s] %s", v.Repo, v.Outcome.Meaning("en"))
	if v.Detail != "" {
		fmt.Fprintf(&b, " (%s)", v.Detail)
	}
	for _, f := range v.Findings {
		if f.Severity == publiccode.Advice || b.Len() > maxMessage {
			continue
		}
		fmt.Fprintf(&b, "\n%s: line %d: %s (%s)", f.Severity, f.Line, f.Message("en"), f.Code)
	}
	l.Message = cut(b.String(), maxMessage)
	return l
}
