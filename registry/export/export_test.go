// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// book is a catalogue in memory, with something done while it is read.
type book struct {
	entries   []*registry.Software
	log       []registry.Change
	past      map[registry.ID][]*registry.Revision
	meanwhile func(*book) // before the second entry is yielded
	err       error
}

// newBook has entries as there are in a catalogue.
func newBook(n int) *book {
	b := &book{past: map[registry.ID][]*registry.Revision{}}
	for s := range registrytest.Realistic(n) {
		b.put(s)
	}
	slices.SortFunc(b.entries, func(a, c *registry.Software) int { return strings.Compare(string(a.ID), string(c.ID)) })
	return b
}

func (b *book) change(c registry.Change) registry.Change {
	c.Rev = registry.Rev(len(b.log) + 1)
	c.Time = time.Date(2026, 5, 6, 7, 8, int(c.Rev), 0, time.UTC)
	b.log = append(b.log, c)
	return c
}

func (b *book) put(s *registry.Software) {
	c := b.change(registry.Change{ID: s.ID, Kind: registry.Updated})
	now := *s
	now.Rev, now.Changed = c.Rev, c.Time
	b.past[s.ID] = slices.Insert(b.past[s.ID], 0, &registry.Revision{Change: c, Software: &now})
	i := slices.IndexFunc(b.entries, func(e *registry.Software) bool { return e.ID == s.ID })
	if i < 0 {
		b.entries = append(b.entries, &now)
		return
	}
	b.entries[i] = &now
}

func (b *book) Rev(context.Context) (registry.Rev, error) { return registry.Rev(len(b.log)), b.err }

func (b *book) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		for i := 0; i < len(b.entries); i++ {
			if i == 1 && b.meanwhile != nil {
				b.meanwhile(b)
			}
			if !yield(b.entries[i], nil) {
				return
			}
		}
	}
}

func (b *book) Changes(_ context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return func(yield func(registry.Change, error) bool) {
		for _, c := range b.log[after:] {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (b *book) History(_ context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	return func(yield func(*registry.Revision, error) bool) {
		for _, r := range b.past[id] {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// written is an export with its bytes by format.
func written(t *testing.T, from Source) (*Export, map[string][]byte, error) {
	t.Helper()
	var buffers map[string]*bytes.Buffer
	done, err := Write(t.Context(), from, func() (outputs []Output, err error) {
		buffers = map[string]*bytes.Buffer{}
		for _, f := range Formats() {
			buffers[f.Name] = new(bytes.Buffer)
			outputs = append(outputs, Output{f, buffers[f.Name]})
		}
		return outputs, nil
	})
	all := map[string][]byte{}
	for name, b := range buffers {
		all[name] = b.Bytes()
	}
	return done, all, err
}

func TestLinesAreAsTheSchemaSays(t *testing.T) {
	const n = 300
	b := newBook(n)
	full := *b.entries[0]
	full.Overrides = []registry.Override{{Field: registry.OverrideStatus, Value: json.RawMessage(`"beta"`), By: "wer", Reason: "<so>", Time: time.Unix(1, 0).UTC()}}
	full.Files = nil
	b.put(&full)
	done, files, err := written(t, b)
	if err != nil {
		t.Fatal(err)
	}
	if done.Entries != n || done.Rev != n+1 || !done.Changed.Equal(b.log[n].Time) {
		t.Errorf("%+v", done)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("software.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("software.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(files["ndjson"], []byte("\n")), []byte("\n"))
	for i, line := range lines {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err == nil {
			err = compiled.Validate(v)
		}
		if err != nil {
			t.Fatalf("line %d: %v\n%.2000s", i+1, err, line)
		}
		var s registry.Software
		if err := json.Unmarshal(line, &s); err != nil || s.ID != b.entries[i].ID {
			t.Fatalf("line %d is %s (%v), want %s", i+1, s.ID, err, b.entries[i].ID)
		}
	}
	if len(lines) != n || bytes.Contains(files["ndjson"], []byte(`"wer"`)) || !bytes.Contains(lines[0], []byte("<so>")) {
		t.Errorf("%d lines, the first %.500s", len(lines), lines[0])
	}
}

func TestSameRevisionSameBytes(t *testing.T) {
	one, first, err1 := written(t, newBook(50))
	two, second, err2 := written(t, newBook(50))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(one, two) || !reflect.DeepEqual(first, second) {
		t.Error("two exports of the same differ")
	}
	for i, f := range Formats() {
		if w := one.Written[i]; w.Size != int64(len(first[f.Name])) || len(w.SHA256) != 64 {
			t.Errorf("%s: %+v of %d bytes", f.Name, w, len(first[f.Name]))
		}
	}
	m := one.Manifest(Formats())
	if m.Entries != 50 || m.Files[1].Name != "catalogue.csv" || m.Files[0].SHA256 != one.Written[0].SHA256 || len(m.Columns) != len(columns) {
		t.Errorf("%+v", m)
	}
}

// TestExportIsOfOneRevision has entries change while they are read.
func TestExportIsOfOneRevision(t *testing.T) {
	_, want, err := written(t, newBook(20))
	if err != nil {
		t.Fatal(err)
	}
	b := newBook(20)
	b.meanwhile = func(b *book) {
		changed := *b.entries[5]
		changed.PublicCode.Name = "Anders"
		b.put(&changed)
		b.put(&changed)
		added := changed
		added.ID = "zzz.example/neu"
		b.put(&added)
		b.meanwhile = nil
	}
	done, got, err := written(t, b)
	if err != nil || done.Rev != 20 || done.Entries != 20 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v: not as it was at the revision", done, err)
	}
	b = newBook(20)
	b.meanwhile = func(b *book) {
		b.change(registry.Change{ID: b.entries[10].ID, Kind: registry.Removed})
		b.entries = slices.Delete(b.entries, 10, 11)
		b.meanwhile = nil
	}
	if done, _, err := written(t, b); err == nil && (done.Rev != 21 || done.Entries != 19) {
		t.Errorf("%+v: what was removed is half there", done)
	}
	b = newBook(20)
	times := 0
	b.meanwhile = func(b *book) {
		times++
		b.change(registry.Change{ID: b.entries[10].ID, Kind: registry.Renamed, From: "a.example/b"})
	}
	if _, _, err := written(t, b); !errors.Is(err, ErrBusy) || !errors.Is(err, registry.ErrConflict) || times != attempts {
		t.Errorf("%v after %d times", err, times)
	}
	b = newBook(1)
	b.err = io.ErrUnexpectedEOF
	if _, _, err := written(t, b); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
	if done, files, err := written(t, newBook(0)); err != nil || done.Entries != 0 || len(files["ndjson"]) != 0 || !strings.HasPrefix(string(files["csv"]), "id,name,") {
		t.Errorf("an empty catalogue: %+v, %v, %q", done, err, files)
	}
}

func TestTable(t *testing.T) {
	b := newBook(40)
	_, files, err := written(t, b)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(files["csv"])).ReadAll()
	if err != nil || len(records) != 41 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	names := map[string]bool{}
	for i, c := range Columns() {
		if records[0][i] != c.Name || names[c.Name] || !strings.HasSuffix(c.Meaning, ".") {
			t.Errorf("column %d is %q, want %q", i, records[0][i], c.Name)
		}
		names[c.Name] = true
	}
	if n := bytes.Count(files["csv"], []byte("\r\n")); n != 41 {
		t.Errorf("%d lines end as RFC 4180 says", n)
	}
	filled := map[string]int{}
	for _, r := range records[1:] {
		for i, v := range r {
			if v != "" {
				filled[records[0][i]]++
			}
		}
	}
	for _, name := range []string{"id", "name", "publisher", "licence", "repository", "revision", "changed"} {
		if filled[name] != 40 {
			t.Errorf("%s is there %d times", name, filled[name])
		}
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"Akte":                      "Akte",
		"=1+1":                      "'=1+1",
		" \t=1+1":                   "'=1+1",
		"+49 1":                     "'+49 1",
		"-":                         "'-",
		"@SUM(A1)":                  "'@SUM(A1)",
		"\t=cmd|' /C calc'":         "'=cmd|' /C calc'",
		"\r\n-2+3":                  "'-2+3",
		"＝1":                        "'＝1",
		"a\nb\x00c":                 "a b c",
		"a, \"b\"":                  "a, \"b\"",
		"\xff":                      "\uFFFD",
		"1-2":                       "1-2",
		strings.Repeat("ä", 40_000): strings.Repeat("ä", maxCell-1) + "…",
	} {
		if got := cell(in); got != want {
			t.Errorf("cell(%.40q) is %.40q, want %.40q", in, got, want)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add("=1", "\"", "\r\n", "\xff,;")
	f.Fuzz(func(t *testing.T, name, text, value, id string) {
		s := &registry.Software{ID: registry.ID(id)}
		s.PublicCode.Name, s.PublicCode.Categories = name, []string{value, text}
		s.PublicCode.Description = map[string]publiccode.Description{"de": {ShortDescription: text}}
		var b bytes.Buffer
		write, err := beginCSV(&b)
		if err == nil {
			err = write(s)
		}
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(records) != 2 {
			t.Fatalf("%d records: %v", len(records), err)
		}
		for i, v := range records[1] {
			if v != "" && strings.ContainsAny(v[:1], "=+-@\t\r") {
				t.Errorf("%s is %q", records[0][i], v)
			}
			if v != cell(columns[i].of(s)) {
				t.Errorf("%s is read as %q", records[0][i], v)
			}
		}
	})
}

func ExampleWrite() {
	b := newBook(2)
	var out strings.Builder
	done, err := Write(context.Background(), b, func() ([]Output, error) {
		out.Reset()
		return []Output{{Formats()[0], &out}}, nil
	})
	fmt.Println(done.Entries, strings.Count(out.String(), "\n"), err)
	// Output: 2 2 <nil>
}
