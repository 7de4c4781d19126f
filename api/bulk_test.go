// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/export"
)

// driveBulk asks for the files of a catalogue with a history and a licence.
func driveBulk(t *testing.T) {
	t.Helper()
	h := handlerOf(t, newGrowing(3), Options{DataLicence: "CC0-1.0"})
	for _, name := range []string{"json", "ndjson", "csv"} {
		get(t, h, bulkPath+name)
	}
}

// plainOf is a body without its content coding.
func plainOf(t *testing.T, coding string, body []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch coding {
	case codingGzip:
		r, err = gzip.NewReader(r)
	case codingZstd:
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestBulkFiles(t *testing.T) {
	g := newGrowing(3)
	h := handlerOf(t, g, Options{BaseURL: "https://node.example", DataLicence: "CC0-1.0"})
	m := decode[export.Manifest](t, get(t, h, "/v1/catalogue.json"), http.StatusOK)
	if m.Entries != len(g.entries) || m.Revision != 3 || m.Licence != "CC0-1.0" || !m.Date.Equal(time.Unix(3, 0)) || len(m.Files) != 2 {
		t.Errorf("%+v", m)
	}
	if w := get(t, h, strings.TrimPrefix(m.Schema, "https://node.example")); !bytes.Equal(w.Body.Bytes(), export.Schema) {
		t.Errorf("no schema at %s", m.Schema)
	}
	for _, f := range m.Files {
		path := strings.TrimPrefix(f.URL, "https://node.example")
		tags := map[string]bool{}
		for _, coding := range []string{"", codingGzip, codingZstd} {
			w := get(t, h, path, "Accept-Encoding", coding)
			body := w.Body.Bytes()
			sum := sha256.Sum256(body)
			plain := sha256.Sum256(plainOf(t, coding, body))
			tags[w.Header().Get("ETag")] = true
			size, ok := f.Size, true
			if coding != "" {
				size, ok = f.Encoded[coding]
			}
			for what, right := range map[string]bool{
				"size":     ok && size == int64(len(body)) && w.Header().Get("Content-Length") == fmt.Sprint(size),
				"digest":   w.Header().Get("Repr-Digest") == "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":",
				"checksum": hex.EncodeToString(plain[:]) == f.SHA256,
				"coding":   w.Header().Get("Content-Encoding") == coding && w.Header().Get("Vary") == "Accept-Encoding",
				"type":     w.Header().Get("Content-Type") == f.Media,
				"date":     w.Header().Get("Last-Modified") == "Thu, 01 Jan 1970 00:00:03 GMT" && strings.Contains(w.Header().Get("Content-Disposition"), "catalogue-1970-01-01-3."),
			} {
				if !right {
					t.Errorf("%s in %q: wrong %s: %v", f.Name, coding, what, w.Header())
				}
			}
			if w := get(t, h, path, "Accept-Encoding", coding, "If-None-Match", w.Header().Get("ETag")); w.Code != http.StatusNotModified {
				t.Errorf("status %d for what the client has", w.Code)
			}
			if w := ask(t, h, http.MethodHead, path, "Accept-Encoding", coding); w.Header().Get("Content-Length") != fmt.Sprint(size) {
				t.Errorf("HEAD says %v", w.Header())
			}
		}
		if len(tags) != 3 {
			t.Errorf("%s has the entity tags %v", f.Name, tags)
		}
	}
}

// gated is a catalogue that counts how often it is read, which can be held up.
type gated struct {
	*growing
	reads atomic.Int64
	gate  chan struct{} // closed for none to wait
}

func (c *gated) All(ctx context.Context) iter.Seq2[*registry.Software, error] {
	c.reads.Add(1)
	<-c.gate
	return c.growing.All(ctx)
}

// TestBulkIsMadeOncePerRevision has many ask at a time, before and after a change.
func TestBulkIsMadeOncePerRevision(t *testing.T) {
	c := &gated{growing: newGrowing(3), gate: make(chan struct{})}
	b := &bulk{from: c}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if e, err := b.get(t.Context()); err != nil || e.Rev != 3 {
				t.Error(err)
			}
		})
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := b.get(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone gets %v", err)
	}
	close(c.gate)
	all.Wait()
	first, err := b.get(t.Context())
	if err != nil || c.reads.Load() != 1 {
		t.Fatalf("read %d times, %v", c.reads.Load(), err)
	}
	c.add(registry.Added, north)
	b.mu.Lock()
	b.again = time.Now().Add(time.Hour)
	b.mu.Unlock()
	if e, err := b.get(t.Context()); err != nil || e != first {
		t.Errorf("made again too soon: %v", err)
	}
	c.gate = make(chan struct{})
	b.mu.Lock()
	b.again = time.Time{}
	b.mu.Unlock()
	for range 20 {
		if e, err := b.get(t.Context()); err != nil || e != first {
			t.Errorf("the former one is not there while the next is made: %v", err)
		}
	}
	b.mu.Lock()
	made := b.making
	b.mu.Unlock()
	close(c.gate)
	<-made
	second, err := b.get(t.Context())
	if err != nil || second.Rev != 4 || c.reads.Load() != 2 {
		t.Errorf("read %d times, %v", c.reads.Load(), err)
	}
	for _, e := range []*edition{first, second} { // who still reads the former one goes on
		f := e.files["csv"][""]
		if body, err := io.ReadAll(io.NewSectionReader(f, 0, f.size)); err != nil || int64(len(body)) != e.Written[1].Size {
			t.Errorf("%d bytes, %v", len(body), err)
		}
	}
}

func TestBulkThatCannotBeMade(t *testing.T) {
	g := newGrowing(3)
	h := handlerOf(t, &removing{g}, Options{})
	if w := get(t, h, "/v1/catalogue.csv"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d while entries are moved", w.Code)
	}
	t.Setenv("TMPDIR", t.TempDir()+"/nowhere")
	h = handlerOf(t, g, Options{})
	if w := get(t, h, "/v1/catalogue.csv"); w.Code != http.StatusInternalServerError {
		t.Errorf("status %d without a place for files", w.Code)
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	h = handlerOf(t, g, Options{})
	get(t, h, "/v1/catalogue.csv")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
}

// removing is a catalogue in which something is removed whenever it is read.
type removing struct{ *growing }

func (r *removing) All(ctx context.Context) iter.Seq2[*registry.Software, error] {
	r.add(registry.Removed, north)
	return r.growing.All(ctx)
}
