// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const defaultSize, maxSize = 25, 100

// maxBytes is about how large a page gets: one with more in it ends early.
const maxBytes = 4 << 20

// list is the body of every list.
type list[T any] struct {
	Data  []T   `json:"data"`
	Links links `json:"links"`
}

// links lead to the pages before and after; each is a query that replaces the
// one of the request.
type links struct {
	Prev *string `json:"prev"`
	Next *string `json:"next"`
}

// cursor is the place of an item in a list: the time at which it was made, and
// its id among those of the same moment.
type cursor struct {
	at time.Time
	id string
}

func (c cursor) before(d cursor) bool {
	if !c.at.Equal(d.at) {
		return c.at.Before(d.at)
	}
	return c.id < d.id
}

// String writes the cursor as a JSON list of time and id, in base64.
func (c cursor) String() string {
	b, err := json.Marshal([]string{c.at.UTC().Format(time.RFC3339Nano), c.id})
	if err != nil {
		panic(err) // two strings
	}
	return base64.StdEncoding.EncodeToString(b)
}

func parseCursor(s string) (cursor, error) {
	const most = 512
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s[:min(len(s), most)], "="))
	var parts []string
	if err != nil || json.Unmarshal(b, &parts) != nil || len(parts) != 2 {
		return cursor{}, errCursor
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return cursor{}, errCursor
	}
	return cursor{at, parts[1]}, nil
}

// window is what of a list is asked for.
type window struct {
	size          int
	after, before *cursor // after outweighs before
	from, to      time.Time
	all           bool
}

// backward reports whether the page is the one before a cursor.
func (w *window) backward() bool { return w.after == nil && w.before != nil }

// covers reports whether an item is of the time that is asked for, both ends
// left out.
func (w *window) covers(at time.Time) bool {
	return (w.from.IsZero() || at.After(w.from)) && (w.to.IsZero() || at.Before(w.to))
}

func parseWindow(q url.Values) (w window, err error) {
	for _, p := range []struct {
		name string
		into *time.Time
	}{{"from", &w.from}, {"to", &w.to}} {
		if v := q.Get(p.name); v != "" {
			if *p.into, err = time.Parse(time.RFC3339, v); err != nil {
				return w, errDateTime
			}
		}
	}
	w.size = defaultSize
	if v := q.Get("page[size]"); v != "" {
		if w.size, err = strconv.Atoi(v); err != nil {
			return w, unprocessable("page[size] must be an integer")
		}
		if w.size < 1 || w.size > maxSize {
			return w, unprocessable("page[size] must be between 1 and " + strconv.Itoa(maxSize))
		}
	}
	for _, p := range []struct {
		name string
		into **cursor
	}{{"page[after]", &w.after}, {"page[before]", &w.before}} {
		if v := q.Get(p.name); v != "" {
			c, err := parseCursor(v)
			if err != nil {
				return w, err
			}
			*p.into = &c
		}
	}
	w.all, _ = strconv.ParseBool(q.Get("all"))
	return w, nil
}

// links of a page whose first and last items are at the given places; more says
// that there are further ones in the direction that was read.
func (w *window) links(first, last cursor, more bool) (l links) {
	prev, next := w.after != nil, more
	if w.backward() {
		prev, next = more, true
	}
	if prev {
		s := "?page[before]=" + first.String()
		l.Prev = &s
	}
	if next {
		s := "?page[after]=" + last.String()
		l.Next = &s
	}
	return l
}

// page makes a list of what was read, which is in the order of the direction and
// has one item more than the page where there are further ones.
func page[I, T any](w *window, read []I, place func(I) cursor, show func(I) (T, error)) (*list[T], error) {
	l := &list[T]{Data: []T{}}
	more := len(read) > w.size
	if more {
		read = read[:w.size]
	}
	size := 0
	for n, i := range read {
		v, err := show(i)
		if err != nil {
			return nil, err
		}
		l.Data = append(l.Data, v)
		if large, ok := any(v).(interface{ size() int }); ok {
			size += large.size()
		}
		if size > maxBytes && n+1 < len(read) {
			read, more = read[:n+1], true
			break
		}
	}
	if len(read) == 0 {
		return l, nil
	}
	first, last := place(read[0]), place(read[len(read)-1])
	if w.backward() {
		first, last = last, first
		for i, j := 0, len(l.Data)-1; i < j; i, j = i+1, j-1 {
			l.Data[i], l.Data[j] = l.Data[j], l.Data[i]
		}
	}
	l.Links = w.links(first, last, more)
	return l, nil
}

// moment is a time as answers have it: in UTC, to the microsecond.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
