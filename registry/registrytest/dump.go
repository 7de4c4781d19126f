// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Fill puts something of everything that a store keeps into an empty one, and
// has it go through all that can become of an entry.
func Fill(t *testing.T, s registry.Store) {
	t.Helper()
	change := func(software *registry.Software, stars int) {
		software.Repository.Stars = stars
		software.Files[0].Hash, software.Files[0].Bytes = "", fmt.Appendf(nil, "name: <Deichbuch> & \"Siel\"\n# %d\n", stars)
		put(t, s, software)
	}
	changed := Software("forge.example/a/changed", "1")
	changed.SBOMs = []registry.SBOM{bill("sbom.json", strings.Repeat("1", 64), document("first"))}
	for i := range 3 {
		change(changed, i)
	}
	changed.Files = append(changed.Files,
		registry.File{Path: "logo.png", Role: registry.RoleLogo, Media: "image/png", Bytes: []byte("\x89PNG\r\n\x00\xff")},
		registry.File{Path: "empty", Bytes: []byte{}},
		registry.File{Path: "publiccode.yml", Origin: "https://forge.example/export", Bytes: []byte("a\u2028b\ttab\r\n")})
	change(changed, 4)

	renamed := Software("forge.example/a/former", "2")
	put(t, s, renamed)
	for _, id := range []registry.ID{"forge.example/a/Küste", "forge.example/b/küste"} {
		renamed.ID = id
		put(t, s, renamed)
	}
	put(t, s, Software("forge.example/a/former", "3")) // takes the address, and is taken it from
	taker := Software("forge.example/a/taker", "4")
	put(t, s, taker)
	taker.ID = "forge.example/a/former"
	put(t, s, taker)

	put(t, s, Software("forge.example/a/gone", "5"))
	remove(t, s, "forge.example/a/gone")
	back := Software("forge.example/a/back", "6")
	put(t, s, back)
	remove(t, s, back.ID)
	back.Rev = 0
	change(back, 6)
	put(t, s, Software("forge.example/a/parts/~/apps/form", "7"))

	for i, made := range []time.Time{time.Unix(1e9, 0), time.Unix(2e9, 0)} {
		if err := s.PutDossier(t.Context(), dossier(changed.ID, made.UTC(), fmt.Sprintf(`{"n":%d}`, i))); err != nil {
			t.Fatal(err)
		}
	}
	putVisits(t, s,
		&registry.Visit{Repo: changed.ID, Source: "https://forge.example/a", Outcome: registry.Entry, Time: time.Unix(1e9, 5).UTC(), Parts: []registry.ID{changed.ID + "/~/x"}},
		&registry.Visit{Repo: "forge.example/a/NoFile", Source: "https://forge.example/a", Outcome: registry.NoFile, Detail: "„kein“", Misses: 1})
	for _, source := range []string{"https://forge.example/a", "https://forge.example/"} {
		checkpoint(t, s, &registry.SourceState{Source: source, Started: time.Unix(1e9, 7).UTC(), Interval: time.Hour, After: "2"}, changed.ID)
	}
	for _, date := range []string{"2026-11-21", "2026-11-22"} {
		putDay(t, s, &registry.Day{Date: date, Rev: 3, Entries: 2, Licences: map[string]int{"EUPL-1.2": 2, "MIT": 1}})
	}
	fillDocuments(t, documents(s))
}

// documents are those of a store, as every one has them.
func documents(s registry.Store) registry.Documents { return s.(registry.Documents) }

// fillDocuments writes some, the last of which is removed.
func fillDocuments(t *testing.T, s registry.Documents) {
	t.Helper()
	for _, kind := range []registry.DocumentKind{"other-kind", note} {
		for _, key := range []string{"ä", "b <c> & d", "a"} {
			d := newDocument(key, "„<"+key+">“  \x00*/")
			d.Kind = kind
			putDocuments(t, s, d)
			putDocuments(t, s, d)
		}
		putDocuments(t, s, &registry.Document{Kind: kind, Key: "a"})
	}
	gone := newDocument("gone", "")
	putDocuments(t, s, gone)
	putDocuments(t, s, &registry.Document{Kind: note, Key: "gone"})
}

// line is a record as a backup has it.
func line(t *testing.T, r registry.Record) string {
	t.Helper()
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// dump is all records of a store, the line of JSON of each, checked.
func dump(t *testing.T, s registry.Store) (records []registry.Record, lines []string) {
	t.Helper()
	for r, err := range registry.CheckDump(s.Dump(t.Context())) {
		if err != nil {
			t.Fatalf("Dump: %v", err)
		}
		records, lines = append(records, r), append(lines, line(t, r))
	}
	return records, lines
}

func stream(records []registry.Record, end error) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if end != nil {
			yield(registry.Record{}, end)
		}
	}
}

func testDump(t *testing.T, open func(t *testing.T) registry.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, func(t *testing.T) registry.Store)
	}{
		{"of nothing", testDumpEmpty},
		{"all comes back", testDumpLoad},
		{"one moment", testDumpWhileWriting},
		{"only into nothing", testLoadNotEmpty},
		{"broken", testLoadBroken},
		{"ended", testLoadEnded},
		{"clock set back", testLoadClock},
		{"pruned", testPruneDump},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

func testDumpEmpty(t *testing.T, open func(t *testing.T) registry.Store) {
	records, _ := dump(t, open(t))
	same(t, "dump of an empty store", []registry.Record{
		{Head: &registry.HeadRecord{Version: registry.DumpVersion}}, {End: &registry.EndRecord{Records: 1}},
	}, records)
	s := open(t)
	if err := s.Load(t.Context(), stream(records, nil)); err != nil {
		t.Fatal(err)
	}
	put(t, s, Software("forge.example/a/b", "1"))
}

func testDumpLoad(t *testing.T, open func(t *testing.T) registry.Store) {
	from, to := open(t), open(t)
	Fill(t, from)
	records, lines := dump(t, from)
	found := map[string]bool{}
	for _, r := range records {
		found[r.Kind()] = true
	}
	for _, kind := range registry.RecordKinds() {
		if !found[kind] {
			t.Errorf("there is no record of the kind %q", kind)
		}
	}
	// As they would come from a file.
	for i, line := range lines {
		records[i] = registry.Record{}
		if err := json.Unmarshal([]byte(line), &records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Load(t.Context(), stream(records, nil)); err != nil {
		t.Fatal(err)
	}
	_, again := dump(t, to)
	same(t, "dump of what was loaded", lines, again)
	same(t, "all that can be read", read(t, from), read(t, to))

	t.Log("both go on alike")
	for _, s := range []registry.Store{from, to} {
		for _, software := range []*registry.Software{
			Software("forge.example/c/back", "3"), // had lost its address
			Software("forge.example/c/new", "8"),
			Software("forge.example/a/gone", "5"),
		} {
			put(t, s, software)
		}
		remove(t, s, "forge.example/a/changed")
		putDocuments(t, documents(s), newDocument("next version", ""))
	}
	one, two := read(t, from), read(t, to)
	for _, r := range []*reading{one, two} {
		r.forgetTimes()
	}
	same(t, "what was written after", one, two)
}

// reading is all that can be read of a store.
type reading struct {
	Rev      registry.Rev
	Changes  []registry.Change
	Entries  []*registry.Software
	Missing  map[registry.ID]string // what Get says of other IDs in the log
	Aliases  map[registry.ID]registry.ID
	Files    map[string]string
	SBOM     any
	Dossiers []*registry.Dossier
	History  map[registry.ID][]*registry.Revision
	Visits   []*registry.Visit
	States   []*registry.SourceState
	Days     []*registry.Day
	Notes    []*registry.Document
}

func read(t *testing.T, s registry.Store) *reading {
	t.Helper()
	r := &reading{
		Rev: revOf(t, s), Changes: changes(t, s, 0), Entries: list(t, s.All(t.Context())),
		Missing: map[registry.ID]string{}, Files: map[string]string{}, History: map[registry.ID][]*registry.Revision{},
		Visits: list(t, s.Visits(t.Context(), "")), States: states(t, s), Days: days(t, s, "", ""),
		Notes: list(t, documents(s).ListDocuments(t.Context(), registry.DocumentList{Kind: note})),
	}
	var err error
	if r.Aliases, err = s.Aliases(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.SBOM, err = s.SBOM(t.Context(), strings.Repeat("1", 64)); err != nil {
		t.Fatal(err)
	}
	for d := range slices.Values(list(t, s.Dossiers(t.Context(), "forge.example/a/changed"))) {
		if d, err = s.Dossier(t.Context(), d.Hash); err != nil {
			t.Fatal(err)
		}
		r.Dossiers = append(r.Dossiers, d)
	}
	for _, c := range r.Changes {
		if _, err := s.Get(t.Context(), c.ID); err != nil {
			r.Missing[c.ID] = err.Error()
		}
		if r.Missing[c.ID] == "" || c.Kind == registry.Removed {
			for v, err := range s.History(t.Context(), c.ID) {
				if err != nil {
					break // an alias
				}
				r.History[c.ID] = append(r.History[c.ID], v)
			}
		}
	}
	for _, history := range r.History {
		for _, v := range history {
			if v.Software == nil {
				continue
			}
			for _, f := range v.Software.Files {
				b, err := s.File(t.Context(), f.Hash)
				if err != nil {
					t.Fatal(err)
				}
				r.Files[f.Hash] = string(b)
			}
		}
	}
	return r
}

// forgetTimes takes out what two stores that are written to one after the other
// cannot have the same.
func (r *reading) forgetTimes() {
	for i := range r.Changes {
		r.Changes[i].Time = time.Time{}
	}
	for _, s := range r.Entries {
		s.FirstSeen, s.Changed = time.Time{}, time.Time{}
	}
	for _, history := range r.History {
		for _, v := range history {
			v.Time = time.Time{}
			if v.Software != nil {
				v.Software.FirstSeen, v.Software.Changed = time.Time{}, time.Time{}
			}
		}
	}
}

func list[T any](t *testing.T, all iter.Seq2[T, error]) (out []T) {
	t.Helper()
	for v, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// A dump is of the moment when it began, whatever its consumer or others write.
func testDumpWhileWriting(t *testing.T, open func(t *testing.T) registry.Store) {
	s := open(t)
	Fill(t, s)
	_, before := dump(t, s)
	var during []string
	for r, err := range registry.CheckDump(s.Dump(t.Context())) {
		if err != nil {
			t.Fatal(err)
		}
		during = append(during, line(t, r))
		put(t, s, Software(registry.ID(fmt.Sprint("forge.example/during/", len(during))), ""))
	}
	same(t, "dump during which its consumer wrote", before, during)

	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				software := Software(registry.ID(fmt.Sprintf("forge.example/w%d/%d", w, n%5)), fmt.Sprintf("w%d-%d", w, n%7))
				software.Repository.Stars = n
				if _, err := s.Put(t.Context(), software); err != nil {
					t.Errorf("Put beside a dump: %v", err)
					return
				}
				if _, err := s.Remove(t.Context(), software.ID, registry.FileGone); err != nil && n%3 == 0 {
					t.Errorf("Remove beside a dump: %v", err)
				}
			}
		})
	}
	for range 5 {
		dump(t, s)
	}
	cancel()
	writers.Wait()
}

func testLoadNotEmpty(t *testing.T, open func(t *testing.T) registry.Store) {
	from := open(t)
	Fill(t, from)
	records, _ := dump(t, from)
	for name, write := range map[string]func(s registry.Store) error{
		"an entry": func(s registry.Store) error {
			_, err := s.Put(t.Context(), Software("forge.example/a/b", "1"))
			return err
		},
		"a visit": func(s registry.Store) error {
			return s.PutVisit(t.Context(), &registry.Visit{Repo: "forge.example/a/b", Outcome: registry.Failed})
		},
		"a state": func(s registry.Store) error {
			return s.Checkpoint(t.Context(), &registry.SourceState{Source: "x"}, nil)
		},
		"a dossier": func(s registry.Store) error {
			return s.PutDossier(t.Context(), dossier("forge.example/a/b", time.Unix(1e9, 0).UTC(), "{}"))
		},
		"a day":      func(s registry.Store) error { return s.PutDay(t.Context(), &registry.Day{Date: "2026-11-22"}) },
		"a document": func(s registry.Store) error { return documents(s).PutDocuments(t.Context(), newDocument("a", "")) },
		"a former document": func(s registry.Store) error {
			err := documents(s).PutDocuments(t.Context(), newDocument("a", ""))
			return errors.Join(err, documents(s).PutDocuments(t.Context(), &registry.Document{Kind: note, Key: "a"}))
		},
	} {
		s := open(t)
		if err := write(s); err != nil {
			t.Fatal(err)
		}
		_, before := dump(t, s)
		wantErr(t, "Load into a store with "+name, s.Load(t.Context(), stream(records, nil)), registry.ErrNotEmpty)
		_, after := dump(t, s)
		same(t, "store with "+name, before, after)
	}
}

// Whatever is wrong with a dump, nothing of it is taken.
func testLoadBroken(t *testing.T, open func(t *testing.T) registry.Store) {
	from, to := open(t), open(t)
	Fill(t, from)
	records, lines := dump(t, from)
	refused := func(what string, broken []registry.Record) {
		t.Helper()
		if err := to.Load(t.Context(), stream(broken, nil)); !errors.Is(err, registry.ErrInvalid) {
			t.Fatalf("%s: Load returns %v, want ErrInvalid", what, err)
		}
	}
	for i := range records {
		what := fmt.Sprintf("record %d, %.150s, ", i, lines[i])
		refused(what+"and those after it, missing", records[:i])
		refused(what+"missing", slices.Delete(slices.Clone(records), i, i+1))
		refused(what+"twice", slices.Insert(slices.Clone(records), i, records[i]))
		if i > 0 {
			swapped := slices.Clone(records)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			refused(what+"before the one before it", swapped)
		}
	}
	for _, h := range hostile() {
		done := false
		for i := range records {
			if records[i].Kind() != h.kind {
				continue
			}
			var r registry.Record
			if err := json.Unmarshal([]byte(lines[i]), &r); err != nil {
				t.Fatal(err)
			}
			if done = h.edit(&r); done {
				broken := slices.Clone(records)
				broken[i] = r
				refused(h.kind+": "+h.name, broken)
				break
			}
		}
		if !done {
			t.Errorf("%s: %s: there is no such record", h.kind, h.name)
		}
	}
	if _, left := dump(t, to); len(left) != 2 {
		t.Errorf("of broken dumps is left: %s", strings.Join(left, "\n"))
	}
	if err := to.Load(t.Context(), stream(records, nil)); err != nil {
		t.Errorf("the dump itself: %v", err)
	}
}

type edit struct {
	kind, name string
	edit       func(r *registry.Record) bool // false to try the next one
}

// hostile are records that say something else than what was written.
func hostile() []edit {
	always := func(f func(r *registry.Record)) func(*registry.Record) bool {
		return func(r *registry.Record) bool { f(r); return true }
	}
	zone := time.FixedZone("", 3600)
	return []edit{
		{"head", "no kind", always(func(r *registry.Record) { *r = registry.Record{} })},
		{"head", "newer version", always(func(r *registry.Record) { r.Head.Version++ })},
		{"head", "fewer changes", always(func(r *registry.Record) { r.Head.Rev-- })},
		{"head", "no number of changes", always(func(r *registry.Record) { r.Head.Rev = -1 })},
		{"change", "two kinds", always(func(r *registry.Record) { r.End = &registry.EndRecord{} })},
		{"change", "path as ID", always(func(r *registry.Record) { r.Change.ID = "../../etc/passwd" })},
		{"change", "ID that is not canonical", always(func(r *registry.Record) { r.Change.ID = "Forge.example/a/changed" })},
		{"change", "unknown kind", always(func(r *registry.Record) { r.Change.Kind = "exploded" })},
		{"change", "of another entry", always(func(r *registry.Record) { r.Change.ID = "forge.example/a/other" })},
		{"change", "reason", always(func(r *registry.Record) { r.Change.Reason = registry.FileGone })},
		{"change", "no time", always(func(r *registry.Record) { r.Change.Time = time.Time{} })},
		{"change", "time in another zone", always(func(r *registry.Record) { r.Change.Time = r.Change.Time.In(zone) })},
		{"change", "time too exact", always(func(r *registry.Record) { r.Change.Time = r.Change.Time.Add(1) })},
		{"change", "revision skipped", always(func(r *registry.Record) { r.Change.Rev++ })},
		{"file", "other bytes", always(func(r *registry.Record) { r.File.Bytes = append(r.File.Bytes, 0) })},
		{"file", "no hash", always(func(r *registry.Record) { r.File.Hash = "" })},
		{"sbom", "no document", always(func(r *registry.Record) { r.SBOM.Document = nil })},
		{"sbom", "no hash", always(func(r *registry.Record) { r.SBOM.Hash = "x" })},
		{"entry", "no software", always(func(r *registry.Record) { r.Entry.Software = nil })},
		{"entry", "number below one", always(func(r *registry.Record) { r.Entry.N = 0 })},
		{"entry", "no name", always(func(r *registry.Record) { r.Entry.Software.PublicCode.Name = "" })},
		{"entry", "another ID", always(func(r *registry.Record) { r.Entry.Software.ID += "x" })},
		{"entry", "removed, against the log", always(func(r *registry.Record) { r.Entry.Removed = !r.Entry.Removed })},
		{"entry", "has lost its address, and is there", func(r *registry.Record) bool {
			r.Entry.Lost = true
			return !r.Entry.Removed
		}},
		{"entry", "has not lost its address, and another has it", func(r *registry.Record) bool {
			lost := r.Entry.Lost
			r.Entry.Lost = false
			return lost
		}},
		{"entry", "revision that is none", always(func(r *registry.Record) { r.Entry.Software.Rev = 1 << 40 })},
		{"entry", "former revision", always(func(r *registry.Record) { r.Entry.Software.Rev = 1 })},
		{"entry", "another time", always(func(r *registry.Record) { r.Entry.Software.Changed = r.Entry.Software.Changed.Add(time.Hour) })},
		{"entry", "no first time", always(func(r *registry.Record) { r.Entry.Software.FirstSeen = time.Time{} })},
		{"entry", "file that is not there", always(func(r *registry.Record) { r.Entry.Software.Files[0].Hash = strings.Repeat("0", 64) })},
		{"use", "of no entry", always(func(r *registry.Record) { r.Use.Entry = 0 })},
		{"use", "of no revision", always(func(r *registry.Record) { r.Use.Rev = 1 << 40 })},
		{"use", "of no file", always(func(r *registry.Record) { r.Use.Hash = strings.Repeat("0", 64) })},
		{"alias", "of no entry", always(func(r *registry.Record) { r.Alias.Entry = 1 << 40 })},
		{"alias", "is no ID", always(func(r *registry.Record) { r.Alias.ID = "forge.example" })},
		{"alias", "address of an entry", always(func(r *registry.Record) { r.Alias.ID = "forge.example/A/CHANGED" })},
		{"revision", "of no entry", always(func(r *registry.Record) { r.Revision.Entry = 0 })},
		{"revision", "of another entry", always(func(r *registry.Record) { r.Revision.Software.ID += "x" })},
		{"revision", "the last one", always(func(r *registry.Record) { r.Revision.Rev = 1 << 40 })},
		{"revision", "of nothing, against the log", always(func(r *registry.Record) { r.Revision.Software = nil })},
		{"revision", "file that is not there", always(func(r *registry.Record) { r.Revision.Software.Files[0].Hash = "" })},
		{"dossier", "other bytes", always(func(r *registry.Record) { r.Dossier.Bytes = []byte("{}") })},
		{"dossier", "no date", always(func(r *registry.Record) { r.Dossier.Made = time.Time{} })},
		{"visit", "no outcome", always(func(r *registry.Record) { r.Visit.Outcome = "" })},
		{"visit", "is no ID", always(func(r *registry.Record) { r.Visit.Repo = "" })},
		{"source", "below zero", always(func(r *registry.Record) { r.Source.Failures = -1 })},
		{"day", "is no date", always(func(r *registry.Record) { r.Day.Date = "yesterday" })},
		{"document", "no kind", always(func(r *registry.Record) { r.Document.Kind = "" })},
		{"document", "no key", always(func(r *registry.Record) { r.Document.Key = "" })},
		{"document", "no body", always(func(r *registry.Record) { r.Document.Body = nil })},
		{"document", "body that is no JSON", always(func(r *registry.Record) { r.Document.Body = []byte("{") })},
		{"document", "no version", always(func(r *registry.Record) { r.Document.Version = 0 })},
		{"document", "version that was never given", always(func(r *registry.Record) { r.Document.Version = 1e9 })},
		{"head", "no version of documents", always(func(r *registry.Record) { r.Head.Document = -1 })},
		{"head", "former version of documents", always(func(r *registry.Record) { r.Head.Document = 1 })},
		{"head", "former version of the dump", always(func(r *registry.Record) { r.Head.Version-- })},
		{"end", "more records", always(func(r *registry.Record) { r.End.Records++ })},
	}
}

// A dump that ends with an error, and one whose reader has had enough.
func testLoadEnded(t *testing.T, open func(t *testing.T) registry.Store) {
	from, to := open(t), open(t)
	Fill(t, from)
	records, _ := dump(t, from)
	cause := errors.New("the cable was cut")
	for _, n := range []int{0, 1, len(records) / 2, len(records) - 1} {
		wantErr(t, "Load of a dump that ends with an error", to.Load(t.Context(), stream(records[:n], cause)), cause)
		ctx, cancel := context.WithCancel(t.Context())
		err := to.Load(ctx, func(yield func(registry.Record, error) bool) {
			for i, r := range records {
				if i == n {
					cancel()
				}
				if !yield(r, nil) {
					return
				}
			}
		})
		wantErr(t, "Load without end of its context", err, context.Canceled)
		cancel()
	}
	if _, left := dump(t, to); len(left) != 2 {
		t.Errorf("of dumps that ended is left: %s", strings.Join(left, "\n"))
	}

	for n := range len(records) {
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		for _, err := range from.Dump(ctx) {
			if seen++; seen == n {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		cancel()
		if _, err := from.Put(t.Context(), Software("forge.example/a/after", "")); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range from.Dump(cancelled(t)) {
		wantErr(t, "Dump with a cancelled context", err, context.Canceled)
	}
}

// The clock may be set back between two changes: their order is that of their
// revisions, whatever their times say.
func testLoadClock(t *testing.T, open func(t *testing.T) registry.Store) {
	from, to := open(t), open(t)
	Fill(t, from)
	records, _ := dump(t, from)
	at := map[registry.Rev]time.Time{}
	future := time.Now().UTC().Truncate(time.Millisecond).Add(24 * time.Hour)
	for i, r := range records {
		switch {
		case r.Change != nil:
			c := *r.Change
			c.Time = future.Add(-time.Duration(c.Rev) * time.Minute)
			at[c.Rev], records[i].Change = c.Time, &c
		case r.Entry != nil:
			e, software := *r.Entry, *r.Entry.Software
			software.Changed = at[software.Rev]
			e.Software, records[i].Entry = &software, &e
		}
	}
	if err := to.Load(t.Context(), stream(records, nil)); err != nil {
		t.Fatal(err)
	}
	before := changes(t, to, 0)
	for i := range before[1:] {
		if before[i+1].Rev != before[i].Rev+1 || !before[i+1].Time.Before(before[i].Time) {
			t.Fatalf("the log has %+v after %+v", before[i+1], before[i])
		}
	}
	software := Software("forge.example/a/changed", "1")
	c := put(t, to, software)
	if last := before[len(before)-1]; c.Rev != last.Rev+1 || !c.Time.Before(last.Time) {
		t.Errorf("change %+v after %+v", c, last)
	}
	same(t, "changes since", []registry.Change{c}, changes(t, to, c.Rev-1))
	same(t, "newest revision", software, history(t, to, software.ID)[0].Software)
	for _, when := range []time.Time{c.Time, future, future.AddDate(100, 0, 0)} {
		got, err := to.At(t.Context(), software.ID, when)
		if err != nil {
			t.Fatalf("At %s: %v", when, err)
		}
		same(t, fmt.Sprint("entry at ", when), software, got)
	}
	_, err := to.At(t.Context(), software.ID, c.Time.Add(-1))
	wantErr(t, "At before the earliest time", err, registry.ErrNotFound)
	dump(t, to)

	// By their order all states before the newest one are over.
	prune(t, to, registry.Retention{History: c.Time})
	same(t, "history when it is pruned", []*registry.Revision{{Change: c, Software: software}}, history(t, to, software.ID))
}
