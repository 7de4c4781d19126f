// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"bytes"
	"container/list"
	"io"
	"net/http"
	"sync"
)

// The bounds of what is remembered to ask again with a condition, in bytes.
const (
	maxRemembered = 32 << 20
	maxAnswer     = 1 << 20
)

// conditional asks again for what it has seen with the condition that it has
// changed (RFC 9110, 13): GitHub does not count such a question where it comes
// with a token and nothing has. What is remembered is bounded, the longest
// unused goes first, and nothing is kept beyond the process.
type conditional struct {
	next http.RoundTripper

	mu    sync.Mutex
	byKey map[string]*list.Element
	used  *list.List // of *remembered, the last used in front
	bytes int
}

// remembered is an answer with a validator.
type remembered struct {
	key    string
	status string
	header http.Header
	body   []byte
}

func newConditional(next http.RoundTripper) *conditional {
	return &conditional{next: next, byKey: map[string]*list.Element{}, used: list.New()}
}

func (t *conditional) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet || req.Header.Get("Range") != "" || req.Header.Get("If-None-Match") != "" {
		return t.next.RoundTrip(req)
	}
	key := req.URL.String() + "\n" + req.Header.Get("Accept")
	known := t.get(key)
	if known != nil {
		req = req.Clone(req.Context())
		if tag := known.header.Get("Etag"); tag != "" {
			req.Header.Set("If-None-Match", tag)
		} else {
			req.Header.Set("If-Modified-Since", known.header.Get("Last-Modified"))
		}
	}
	resp, err := t.next.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode == http.StatusNotModified && known != nil:
		return known.answer(resp), nil
	case resp.StatusCode == http.StatusOK && (resp.Header.Get("Etag") != "" || resp.Header.Get("Last-Modified") != ""):
		t.put(&remembered{key, resp.Status, resp.Header.Clone(), peek(resp)})
	}
	return resp, nil
}

// answer is the remembered one with what the server says anew.
func (r *remembered) answer(fresh *http.Response) *http.Response {
	header := r.header.Clone()
	for name, values := range fresh.Header {
		if name != "Content-Length" && name != "Content-Type" {
			header[name] = values
		}
	}
	resp := *fresh
	resp.StatusCode, resp.Status, resp.Header = http.StatusOK, r.status, header
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(r.body)), int64(len(r.body))
	return &resp
}

func (r *remembered) size() int { return len(r.key) + len(r.body) + 1<<10 }

func (t *conditional) get(key string) *remembered {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.byKey[key]
	if e == nil {
		return nil
	}
	t.used.MoveToFront(e)
	return e.Value.(*remembered)
}

func (t *conditional) put(r *remembered) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.byKey[r.key]; e != nil {
		t.forget(e)
	}
	if r.size() > maxAnswer {
		return
	}
	t.byKey[r.key] = t.used.PushFront(r)
	for t.bytes += r.size(); t.bytes > maxRemembered; {
		t.forget(t.used.Back())
	}
}

func (t *conditional) forget(e *list.Element) {
	r := t.used.Remove(e).(*remembered)
	delete(t.byKey, r.key)
	t.bytes -= r.size()
}
