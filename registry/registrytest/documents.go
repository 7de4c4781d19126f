// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// TestDocuments checks a store against every sentence of [registry.Documents].
// open returns an empty one for each call and arranges for it to be closed at the
// end of the test.
func TestDocuments(t *testing.T, open func(t *testing.T) registry.Documents) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, registry.Documents)
	}{
		{"put and get", testPutDocument},
		{"any key and body", testAnyDocument},
		{"versions", testDocumentVersions},
		{"conflicts", testDocumentConflicts},
		{"all or none", testDocumentsAtomic},
		{"refused", testInvalidDocuments},
		{"removed", testRemoveDocuments},
		{"list", testListDocuments},
		{"list of many", testListManyDocuments},
		{"invalid lists", testInvalidLists},
		{"write while iterating", testWriteWhileListing},
		{"parallel writers", testParallelDocuments},
		{"context", testDocumentsContext},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

const note registry.DocumentKind = "note"

// newDocument is one that is not stored yet.
func newDocument(key, text string) *registry.Document {
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		panic(err) // a string
	}
	return &registry.Document{Kind: note, Key: key, Body: body}
}

func putDocuments(t *testing.T, s registry.Documents, all ...*registry.Document) {
	t.Helper()
	if err := s.PutDocuments(t.Context(), all...); err != nil {
		t.Fatalf("PutDocuments: %v", err)
	}
}

func wantDocument(t *testing.T, s registry.Documents, want *registry.Document) {
	t.Helper()
	got, err := s.Document(t.Context(), want.Kind, want.Key)
	if err != nil {
		t.Errorf("Document: %v", err)
		return
	}
	same(t, "document", want, got)
}

func wantNoDocument(t *testing.T, s registry.Documents, kind registry.DocumentKind, key string) {
	t.Helper()
	_, err := s.Document(t.Context(), kind, key)
	wantErr(t, fmt.Sprintf("Document %s %q", kind, key), err, registry.ErrNotFound)
}

// keys are those of a list.
func keys(t *testing.T, s registry.Documents, list registry.DocumentList) []string {
	t.Helper()
	var all []string
	for d, err := range s.ListDocuments(t.Context(), list) {
		if err != nil {
			t.Fatalf("ListDocuments: %v", err)
		}
		if d.Kind != list.Kind || d.Version < 1 || !json.Valid(d.Body) {
			t.Errorf("ListDocuments yields %+v", d)
		}
		all = append(all, d.Key)
	}
	return all
}

func testPutDocument(t *testing.T, s registry.Documents) {
	putDocuments(t, s)
	wantNoDocument(t, s, note, "a")
	a, b := newDocument("a", "first"), newDocument("b", "second")
	other := &registry.Document{Kind: "other-kind", Key: "a", Body: json.RawMessage("null")}
	putDocuments(t, s, a, b, other)
	if a.Version < 1 || b.Version < 1 || other.Version < 1 {
		t.Errorf("the versions of new documents are %d, %d and %d", a.Version, b.Version, other.Version)
	}
	for _, d := range []*registry.Document{a, b, other} {
		wantDocument(t, s, d)
	}
	a.Body = newDocument("", "third").Body
	putDocuments(t, s, a)
	wantDocument(t, s, a)
	wantDocument(t, s, b)
	wantNoDocument(t, s, "other-kind", "b")
	wantNoDocument(t, s, "no-kind", "a")

	// What was given is the caller's, and so is what was got.
	got, err := s.Document(t.Context(), note, "a")
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(got.Body)
	for i := range got.Body {
		got.Body[i], a.Body[i] = '1', '1'
	}
	a.Body = before
	wantDocument(t, s, a)
}

func testAnyDocument(t *testing.T, s registry.Documents) {
	for _, key := range []string{
		"%", "_", "'o''brien' \"quoted\"", "a/b?c#d", "ä/日本語", " ", "\u00a0", "\U0010ffff", "\ufffd", "{}", strings.Repeat("ä", 512),
		"https://forge.example/a b", "\u2028",
	} {
		d := newDocument(key, key)
		putDocuments(t, s, d)
		wantDocument(t, s, d)
	}
	for i, body := range []string{
		"null", "true", "-1.50e+07", "12345678901234567890123", `""`, "[]", "{}", `{"a":1,"a":2}`, `{"b":1,"a":[null,{"c":"<d> & \u003ce\u003e"}]}`,
		`"\u0000 \ud800 \\ \" \u2028"`, `"` + strings.Repeat("x", registry.MaxDocument-2) + `"`, `"*/ /* --"`,
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000), `"` + strings.Repeat("[", 5000) + `\"[` + `"`,
	} {
		d := &registry.Document{Kind: note, Key: fmt.Sprint("body ", i), Body: json.RawMessage(body)}
		putDocuments(t, s, d)
		wantDocument(t, s, d)
	}
	d := &registry.Document{Kind: note, Key: "white space", Body: json.RawMessage(" { \"a b\" :\n[ 1 ,\t\" \" ] }\r\n")}
	putDocuments(t, s, d)
	d.Body = json.RawMessage(`{"a b":[1," "]}`)
	wantDocument(t, s, d)
}

// A version is never given twice.
func testDocumentVersions(t *testing.T, s registry.Documents) {
	var last int64
	next := func(d *registry.Document) {
		t.Helper()
		putDocuments(t, s, d)
		if d.Version <= last {
			t.Errorf("the version %d was given after %d", d.Version, last)
		}
		last = d.Version
	}
	d := newDocument("a", "1")
	for range 3 {
		next(d)
	}
	stale := *d
	for range 2 {
		putDocuments(t, s, &registry.Document{Kind: note, Key: "a"})
		d = newDocument("a", "1")
		next(d)
		wantErr(t, "PutDocuments of what was removed and is there anew", s.PutDocuments(t.Context(), &stale), registry.ErrConflict)
	}
	wantDocument(t, s, d)
	many := []*registry.Document{newDocument("x", ""), newDocument("y", ""), d, {Kind: note, Key: "none"}, newDocument("z", "")}
	putDocuments(t, s, many...)
	seen := map[int64]bool{}
	for _, d := range many {
		if d.Body == nil {
			continue
		}
		if d.Version <= last || seen[d.Version] {
			t.Errorf("one of several was given the version %d after %d and %v", d.Version, last, seen)
		}
		seen[d.Version] = true
		wantDocument(t, s, d)
	}
	if many[3].Version != 0 {
		t.Errorf("the version of a document that is removed was set to %d", many[3].Version)
	}
}

func testDocumentConflicts(t *testing.T, s registry.Documents) {
	kept := newDocument("kept", "1")
	putDocuments(t, s, kept)
	old := *kept
	putDocuments(t, s, kept)
	with := func(key string, version int64, body string) *registry.Document {
		return &registry.Document{Kind: note, Key: key, Version: version, Body: json.RawMessage(body)}
	}
	removal := func(key string, version int64) *registry.Document {
		return &registry.Document{Kind: note, Key: key, Version: version}
	}
	for name, d := range map[string]*registry.Document{
		"a new one that is there":               with("kept", 0, "1"),
		"one at a former version":               with("kept", old.Version, "1"),
		"one at a later version":                with("kept", kept.Version+1, "1"),
		"a version of what is not there":        with("missing", kept.Version, "1"),
		"a removal at a former version":         removal("kept", old.Version),
		"a removal at a later version":          removal("kept", kept.Version+1),
		"a removal of a version that is not":    removal("missing", 1),
		"a version of another document":         with("other", kept.Version, "1"),
		"a removal of a version of another one": removal("other", kept.Version),
		"a version of another kind":             {Kind: "other-kind", Key: "kept", Version: kept.Version, Body: json.RawMessage("1")},
	} {
		if strings.Contains(name, "another") {
			putDocuments(t, s, &registry.Document{Kind: note, Key: "other"}, &registry.Document{Kind: "other-kind", Key: "kept"})
			putDocuments(t, s, newDocument("other", ""), &registry.Document{Kind: "other-kind", Key: "kept", Body: json.RawMessage("2")})
		}
		version := d.Version
		wantErr(t, "PutDocuments of "+name, s.PutDocuments(t.Context(), d), registry.ErrConflict)
		if d.Version != version {
			t.Errorf("%s: a PutDocuments that failed set the version %d", name, d.Version)
		}
		wantDocument(t, s, kept)
		wantNoDocument(t, s, note, "missing")
	}
}

func testDocumentsAtomic(t *testing.T, s registry.Documents) {
	kept, gone := newDocument("kept", "1"), newDocument("gone", "1")
	putDocuments(t, s, kept, gone)
	changed := &registry.Document{Kind: note, Key: "changed", Body: []byte("1")}
	putDocuments(t, s, changed)
	for i := range 4 {
		next := *changed
		next.Body = []byte("2")
		all := []*registry.Document{newDocument("new", "1"), &next, {Kind: note, Key: "gone"}}
		all = slices.Insert(all, i, newDocument("kept", "conflict"))
		wantErr(t, "PutDocuments with a conflict in it", s.PutDocuments(t.Context(), all...), registry.ErrConflict)
		for _, d := range all {
			if d.Version != 0 && d.Version != changed.Version {
				t.Errorf("it set the version %d of %s", d.Version, d.Key)
			}
		}
		wantNoDocument(t, s, note, "new")
		for _, d := range []*registry.Document{kept, gone, changed} {
			wantDocument(t, s, d)
		}
	}
	all := []*registry.Document{newDocument("new", "1"), {Kind: note, Key: "gone"}, {Kind: note, Key: "bad", Body: []byte("{")}}
	wantErr(t, "PutDocuments with what is no JSON in it", s.PutDocuments(t.Context(), all...), registry.ErrInvalid)
	wantNoDocument(t, s, note, "new")
	wantDocument(t, s, gone)
}

func testInvalidDocuments(t *testing.T, s registry.Documents) {
	doc := func(kind registry.DocumentKind, key, body string) *registry.Document {
		return &registry.Document{Kind: kind, Key: key, Body: json.RawMessage(body)}
	}
	for name, d := range map[string]*registry.Document{
		"no kind":                  doc("", "a", "1"),
		"an upper-case kind":       doc("Note", "a", "1"),
		"a kind with a space":      doc("a b", "a", "1"),
		"a long kind":              doc(registry.DocumentKind(strings.Repeat("a", 33)), "a", "1"),
		"no key":                   doc(note, "", "1"),
		"a long key":               doc(note, strings.Repeat("a", 1025), "1"),
		"a key with a NUL":         doc(note, "a\x00b", "1"),
		"a key with a line break":  doc(note, "a\nb", "1"),
		"a key that is no text":    doc(note, "a\xff", "1"),
		"a body that is empty":     doc(note, "a", ""),
		"a body that is no JSON":   doc(note, "a", "{'a':1}"),
		"a body of two values":     doc(note, "a", "1 2"),
		"a body that is no text":   doc(note, "a", "\"\xff\""),
		"a body that is too large": doc(note, "a", `"`+strings.Repeat("x", registry.MaxDocument-1)+`"`),
		"a body that is too deep":  doc(note, "a", strings.Repeat(`{"a":`, 1001)+"1"+strings.Repeat("}", 1001)),
		"a version below zero":     {Kind: note, Key: "a", Version: -1, Body: json.RawMessage("1")},
	} {
		wantErr(t, "PutDocuments with "+name, s.PutDocuments(t.Context(), newDocument("good", ""), d), registry.ErrInvalid)
		wantNoDocument(t, s, d.Kind, d.Key)
		wantNoDocument(t, s, note, "good")
	}
	wantErr(t, "PutDocuments of the same one twice", s.PutDocuments(t.Context(), newDocument("a", "1"), newDocument("a", "2")), registry.ErrInvalid)
	wantErr(t, "PutDocuments of one and its removal", s.PutDocuments(t.Context(), newDocument("a", "1"), &registry.Document{Kind: note, Key: "a"}), registry.ErrInvalid)
	wantNoDocument(t, s, note, "a")
}

func testRemoveDocuments(t *testing.T, s registry.Documents) {
	a, b := newDocument("a", "1"), newDocument("b", "1")
	putDocuments(t, s, a, b)
	putDocuments(t, s, &registry.Document{Kind: note, Key: "a"}, &registry.Document{Kind: note, Key: "missing"})
	wantNoDocument(t, s, note, "a")
	wantDocument(t, s, b)
	putDocuments(t, s, &registry.Document{Kind: note, Key: "b", Version: b.Version})
	wantNoDocument(t, s, note, "b")
	wantErr(t, "removal at a version for the second time",
		s.PutDocuments(t.Context(), &registry.Document{Kind: note, Key: "b", Version: b.Version}), registry.ErrConflict)
	same(t, "keys", []string(nil), keys(t, s, registry.DocumentList{Kind: note}))
}

func testListDocuments(t *testing.T, s registry.Documents) {
	all := []string{"B", "a", "a ", "a-", "a/", "a/ä", "aB", "ab", "ab/c", "b", "ä", "äa", "\uffff", "\U0010ffff", "\U0010ffff\U0010ffff"}
	for _, key := range slices.Backward(all) {
		putDocuments(t, s, newDocument(key, ""), &registry.Document{Kind: "other", Key: key, Body: json.RawMessage("1")})
	}
	putDocuments(t, s, &registry.Document{Kind: "notes", Key: "a", Body: json.RawMessage("1")})
	bounds := append([]string{"", " ", "A", "a!", "ab/", "zzz", "\U0010fffe"}, all...)
	for _, prefix := range bounds {
		for _, after := range bounds {
			for _, backward := range []bool{false, true} {
				var want []string
				for _, key := range all { // they are in order
					if strings.HasPrefix(key, prefix) && (after == "" || !backward && key > after || backward && key < after) {
						want = append(want, key)
					}
				}
				if backward {
					slices.Reverse(want)
				}
				list := registry.DocumentList{Kind: note, Prefix: prefix, After: after, Backward: backward}
				same(t, fmt.Sprintf("keys of %+v", list), want, keys(t, s, list))
			}
		}
	}
	same(t, "keys of no such kind", []string(nil), keys(t, s, registry.DocumentList{Kind: "not"}))
}

func testListManyDocuments(t *testing.T, s registry.Documents) {
	var want []string
	var all []*registry.Document
	for i := range 3*many + 1 {
		d := newDocument(fmt.Sprintf("p/%d", (i*37)%(3*many+1)), "")
		all, want = append(all, d), append(want, d.Key)
	}
	putDocuments(t, s, all...)
	putDocuments(t, s, newDocument("o", ""), newDocument("q", ""))
	slices.Sort(want)
	same(t, "keys", want, keys(t, s, registry.DocumentList{Kind: note, Prefix: "p/"}))
	same(t, "keys after one", want[200:], keys(t, s, registry.DocumentList{Kind: note, Prefix: "p/", After: want[199]}))
	reversed := slices.Clone(want)
	slices.Reverse(reversed)
	same(t, "keys backward", reversed, keys(t, s, registry.DocumentList{Kind: note, Prefix: "p/", Backward: true}))
	same(t, "keys backward before one", reversed[200:], keys(t, s, registry.DocumentList{Kind: note, Prefix: "p/", After: reversed[199], Backward: true}))
	for d, err := range s.ListDocuments(t.Context(), registry.DocumentList{Kind: note}) {
		if err != nil || d.Key != "o" {
			t.Errorf("the first document is %+v, %v", d, err)
		}
		break
	}
	putDocuments(t, s, newDocument("nothing is left locked", ""))
}

func testInvalidLists(t *testing.T, s registry.Documents) {
	putDocuments(t, s, newDocument("a", ""))
	for name, list := range map[string]registry.DocumentList{
		"no kind":                   {},
		"a kind that is none":       {Kind: "Not a kind"},
		"a prefix with a NUL":       {Kind: note, Prefix: "a\x00"},
		"a prefix that is no text":  {Kind: note, Prefix: "\xc3"},
		"a key before that is none": {Kind: note, After: "a\xff"},
		"a long key before":         {Kind: note, After: strings.Repeat("a", 1025)},
	} {
		n := 0
		var last error
		for _, err := range s.ListDocuments(t.Context(), list) {
			n++
			last = err
		}
		if wantErr(t, "ListDocuments with "+name, last, registry.ErrInvalid); n != 1 {
			t.Errorf("ListDocuments with %s yields %d times", name, n)
		}
	}
}

func testWriteWhileListing(t *testing.T, s registry.Documents) {
	var all []*registry.Document
	for i := range many {
		all = append(all, newDocument(fmt.Sprintf("k%05d", i), ""))
	}
	putDocuments(t, s, all...)
	n := 0
	for d, err := range s.ListDocuments(t.Context(), registry.DocumentList{Kind: note, Prefix: "k"}) {
		if err != nil {
			t.Fatal(err)
		}
		switch n % 3 {
		case 0:
			d.Body = json.RawMessage("1")
		case 1:
			d.Body = nil
		}
		putDocuments(t, s, d, newDocument(fmt.Sprintf("j%05d", n), ""))
		n++
	}
	if n != many {
		t.Errorf("ListDocuments yielded %d documents while they were written, want %d", n, many)
	}
	if got := len(keys(t, s, registry.DocumentList{Kind: note, Prefix: "k"})); got != many-(many+1)/3 {
		t.Errorf("%d are left", got)
	}
}

// Of all who write at once nobody writes over what another wrote.
func testParallelDocuments(t *testing.T, s registry.Documents) {
	const writers, each = 6, 10
	counter := &registry.Document{Kind: note, Key: "counter", Body: json.RawMessage("0")}
	putDocuments(t, s, counter)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var conflicts atomic.Int32
	versions := map[int64]bool{}
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				for {
					d, err := s.Document(t.Context(), note, "counter")
					if err != nil {
						t.Errorf("Document: %v", err)
						return
					}
					var n int
					if err := json.Unmarshal(d.Body, &n); err != nil {
						t.Errorf("the counter is %s: %v", d.Body, err)
						return
					}
					d.Body = fmt.Append(nil, n+1)
					line := newDocument(fmt.Sprintf("line/%d/%d", w, i), fmt.Sprint(n))
					both := []*registry.Document{d, line}
					if w%2 == 1 { // none waits for another in turn
						slices.Reverse(both)
					}
					err = s.PutDocuments(t.Context(), both...)
					if errors.Is(err, registry.ErrConflict) {
						conflicts.Add(1)
						continue
					}
					if err != nil {
						t.Errorf("PutDocuments: %v", err)
						return
					}
					mu.Lock()
					if versions[d.Version] || versions[line.Version] {
						t.Errorf("the versions %d or %d were given twice", d.Version, line.Version)
					}
					versions[d.Version], versions[line.Version] = true, true
					mu.Unlock()
					break
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d conflicts", conflicts.Load())
	d, err := s.Document(t.Context(), note, "counter")
	if err != nil || string(d.Body) != fmt.Sprint(writers*each) {
		t.Errorf("the counter is %+v, %v; want %d", d, err, writers*each)
	}
	if got := len(keys(t, s, registry.DocumentList{Kind: note, Prefix: "line/"})); got != writers*each {
		t.Errorf("%d lines, want %d", got, writers*each)
	}
}

func testDocumentsContext(t *testing.T, s registry.Documents) {
	putDocuments(t, s, newDocument("a", ""), newDocument("b", ""))
	for name, call := range map[string]func(context.Context) error{
		"PutDocuments": func(ctx context.Context) error { return s.PutDocuments(ctx, newDocument("c", "")) },
		"Document":     func(ctx context.Context) error { _, err := s.Document(ctx, note, "a"); return err },
		"ListDocuments": func(ctx context.Context) error {
			return drain(s.ListDocuments(ctx, registry.DocumentList{Kind: note}))
		},
	} {
		wantErr(t, name+" with a cancelled context", call(cancelled(t)), context.Canceled)
		if err := call(t.Context()); err != nil {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.ListDocuments(ctx, registry.DocumentList{Kind: note}) {
		last = err
		n++
		cancel()
	}
	if n != 2 {
		t.Errorf("ListDocuments yielded %d times after its context ended within the first, want a document and an error", n)
	}
	wantErr(t, "ListDocuments cancelled within the loop", last, context.Canceled)
}
