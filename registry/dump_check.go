// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// CheckDump yields the records of a dump as long as nothing is wrong with them,
// else ErrInvalid, and that is the last thing yielded: a record that is none, out
// of order, that Check refuses or that does not agree with those before it, and
// a dump that is cut off. An error of the dump itself is handed on and ends it.
func CheckDump(dump iter.Seq2[Record, error]) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		var check DumpCheck
		for r, err := range dump {
			if err == nil {
				err = errors.Join(check.Next(&r)...)
			}
			if err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := check.End(); err != nil {
			yield(Record{}, err)
		}
	}
}

// DumpCheck looks over a dump, record by record, and finds all that is wrong. The
// zero value awaits the first record.
type DumpCheck struct {
	last    Record
	records int
	rev     Rev
	version int64 // the newest of a document

	log     []line         // by Rev - 1
	newest  map[string]Rev // the last change by ID.Key
	added   int            // entries that the log tells of
	alive   int            // of them not removed at its end
	files   map[string]bool
	entries map[int64]Rev    // their last changes by their numbers
	at      map[string]int64 // entries that have their address, by ID.Key
	live    int              // of entries
	state   *RevisionRecord  // the last one
}

// line is what is remembered of a change.
type line struct {
	id      ID
	from    ID
	time    time.Time
	removed bool
	taken   bool // by the state of an entry
}

// kinds are those of a record, in the order in which they come.
var kinds = []struct {
	name  string
	of    func(*Record) bool
	cmp   func(a, b *Record) int
	check func(*DumpCheck, *Record) []error
}{
	{"head", func(r *Record) bool { return r.Head != nil }, func(*Record, *Record) int { return 0 }, (*DumpCheck).head},
	{"change", func(r *Record) bool { return r.Change != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Change.Rev, b.Change.Rev)
	}, (*DumpCheck).change},
	{"file", func(r *Record) bool { return r.File != nil }, func(a, b *Record) int {
		return cmp.Compare(a.File.Hash, b.File.Hash)
	}, (*DumpCheck).file},
	{"sbom", func(r *Record) bool { return r.SBOM != nil }, func(a, b *Record) int {
		return cmp.Compare(a.SBOM.Hash, b.SBOM.Hash)
	}, (*DumpCheck).sbom},
	{"entry", func(r *Record) bool { return r.Entry != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Entry.N, b.Entry.N)
	}, (*DumpCheck).entry},
	{"use", func(r *Record) bool { return r.Use != nil }, func(a, b *Record) int {
		x, y := a.Use, b.Use
		return cmp.Or(cmp.Compare(x.Entry, y.Entry), cmp.Compare(x.Path, y.Path), cmp.Compare(x.Origin, y.Origin), cmp.Compare(x.Rev, y.Rev))
	}, (*DumpCheck).use},
	{"alias", func(r *Record) bool { return r.Alias != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Alias.ID.Key(), b.Alias.ID.Key())
	}, (*DumpCheck).alias},
	{"revision", func(r *Record) bool { return r.Revision != nil }, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(a.Revision.Entry, b.Revision.Entry), cmp.Compare(a.Revision.Rev, b.Revision.Rev))
	}, (*DumpCheck).revision},
	{"dossier", func(r *Record) bool { return r.Dossier != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Dossier.Hash, b.Dossier.Hash)
	}, (*DumpCheck).dossier},
	{"visit", func(r *Record) bool { return r.Visit != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Visit.Repo.Key(), b.Visit.Repo.Key())
	}, (*DumpCheck).visit},
	{"source", func(r *Record) bool { return r.Source != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Source.Source, b.Source.Source)
	}, (*DumpCheck).source},
	{"day", func(r *Record) bool { return r.Day != nil }, func(a, b *Record) int {
		return cmp.Compare(a.Day.Date, b.Day.Date)
	}, (*DumpCheck).day},
	{"document", func(r *Record) bool { return r.Document != nil }, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(a.Document.Kind, b.Document.Kind), cmp.Compare(a.Document.Key, b.Document.Key))
	}, (*DumpCheck).document},
	{"end", func(r *Record) bool { return r.End != nil }, func(*Record, *Record) int { return 0 }, (*DumpCheck).end},
}

// RecordKinds are the names of the kinds of records, in the order in which they
// come.
func RecordKinds() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// kind is the place of a record's kind in kinds; -1 where it has none or several.
func (r *Record) kind() int {
	kind := -1
	for i := range kinds {
		if !kinds[i].of(r) {
			continue
		}
		if kind >= 0 {
			return -1
		}
		kind = i
	}
	return kind
}

// Kind is the name of the record's kind, as in its JSON; "" where it has none or
// several.
func (r *Record) Kind() string {
	if k := r.kind(); k >= 0 {
		return kinds[k].name
	}
	return ""
}

// Next returns what is wrong with the next record, each as ErrInvalid.
func (c *DumpCheck) Next(r *Record) []error {
	kind, last := r.kind(), c.last.kind()
	c.records++
	switch {
	case kind < 0:
		return []error{fmt.Errorf("%w: record %d of the dump has no kind, or several", ErrInvalid, c.records)}
	case last < 0 && kind != 0:
		return []error{fmt.Errorf("%w: the dump begins with the record %q; its head is missing", ErrInvalid, kinds[kind].name)}
	case kind < last, kind == last && kinds[kind].cmp(&c.last, r) >= 0:
		return []error{fmt.Errorf("%w: record %d of the dump, of the kind %q, is out of order", ErrInvalid, c.records, kinds[kind].name)}
	}
	c.last = *r
	found := kinds[kind].check(c, r)
	for i, err := range found {
		if !errors.Is(err, ErrInvalid) {
			found[i] = fmt.Errorf("%w: %w", ErrInvalid, err)
		}
	}
	return found
}

// End returns ErrInvalid where the dump has not come to its end.
func (c *DumpCheck) End() error {
	if c.last.End == nil {
		return fmt.Errorf("%w: the dump is cut off after %d records", ErrInvalid, c.records)
	}
	return nil
}

// one is the problem of a record, if it is one.
func one(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}

func (c *DumpCheck) head(r *Record) []error {
	c.rev, c.version = r.Head.Rev, r.Head.Document
	c.newest, c.files, c.entries, c.at = map[string]Rev{}, map[string]bool{}, map[int64]Rev{}, map[string]int64{}
	if r.Head.Document < 0 {
		return one(fmt.Errorf("the newest version of a document is %d", r.Head.Document))
	}
	if r.Head.Version != DumpVersion || r.Head.Rev < 0 {
		return one(fmt.Errorf("the dump is of version %d at revision %d; this program reads version %d", r.Head.Version, r.Head.Rev, DumpVersion))
	}
	return nil
}

var changeKinds = []Kind{Added, Updated, Renamed, Removed, Restored}

func (c *DumpCheck) change(r *Record) (found []error) {
	change := r.Change
	add := func(format string, args ...any) {
		found = append(found, fmt.Errorf("change %d (%s): "+format, append([]any{change.Rev, change.ID}, args...)...))
	}
	// What is missing in between is told once.
	if want := Rev(len(c.log) + 1); change.Rev != want {
		add("the changes from %d on are missing before it", want)
		if change.Rev > want && change.Rev <= c.rev {
			c.log = append(c.log, make([]line, change.Rev-want)...)
		}
	}
	if change.Rev > c.rev {
		add("the newest one is %d", c.rev)
	}
	if !slices.Contains(changeKinds, change.Kind) {
		add("unknown kind %q", change.Kind)
	}
	if (change.Kind == Removed) != (change.Reason != "") || change.Kind == Renamed && change.From == "" {
		add("of the kind %q with the reason %q and the former ID %q", change.Kind, change.Reason, change.From)
	}
	for _, id := range []ID{change.ID, change.From} {
		if err := id.check(); err != nil && (id != "" || id == change.ID) {
			add("%w", err)
		}
	}
	if err := checkTime(change.Time); err != nil {
		add("%w", err)
	}
	switch change.Kind {
	case Added:
		c.added++
		c.alive++
	case Restored:
		c.alive++
	case Removed:
		c.alive--
	}
	c.log = append(c.log, line{id: change.ID, from: change.From, time: change.Time, removed: change.Kind == Removed})
	c.newest[change.ID.Key()] = change.Rev
	return found
}

// checkTime reports a time that a store would not keep exactly as it is.
func checkTime(t time.Time) error {
	if _, offset := t.Zone(); t.IsZero() || offset != 0 || !t.Equal(t.Truncate(time.Millisecond)) || t.Year() < 1 || t.Year() > 9999 {
		return fmt.Errorf("the time %s is none in UTC to the millisecond", t.Format(time.RFC3339Nano))
	}
	return nil
}

func (c *DumpCheck) file(r *Record) []error {
	f := r.File
	c.files[f.Hash] = true
	if h := sha256.Sum256(f.Bytes); hex.EncodeToString(h[:]) != f.Hash {
		return one(fmt.Errorf("the file %q: its bytes have another hash, %x", f.Hash, h))
	}
	return nil
}

func (c *DumpCheck) sbom(r *Record) []error {
	if s := r.SBOM; !sha256Form.MatchString(s.Hash) || s.Document == nil {
		return one(fmt.Errorf("the SBOM %q: its hash is no SHA-256, or its document is missing", s.Hash))
	}
	return nil
}

func (c *DumpCheck) entry(r *Record) (found []error) {
	e := r.Entry
	s := e.Software
	if e.N < 1 || s == nil {
		return one(fmt.Errorf("entry %d: its number is below 1, or its software is missing", e.N))
	}
	add := func(format string, args ...any) {
		found = append(found, fmt.Errorf("entry %d (%s): "+format, append([]any{e.N, s.ID}, args...)...))
	}
	c.entries[e.N] = s.Rev
	if e.Removed && len(Compare(s, s.Tombstone())) == 0 {
		if err := s.ID.check(); err != nil {
			add("%w", err)
		}
	} else {
		c.software(add, s)
	}
	for _, t := range []time.Time{s.FirstSeen, s.Changed} {
		if err := checkTime(t); err != nil {
			add("%w", err)
		}
	}
	if change := c.logged(s.Rev); !change.take() || change.id != s.ID || change.removed != e.Removed {
		add("the change %d of the log is not its last one", s.Rev)
	} else if !change.time.Equal(s.Changed) {
		add("changed %s, by the log %s", s.Changed.Format(time.RFC3339Nano), change.time.Format(time.RFC3339Nano))
	}
	if !e.Removed {
		c.live++
	}
	if e.Lost {
		if !e.Removed {
			add("has lost its address and is not removed")
		}
		return found
	}
	key := s.ID.Key()
	if other, taken := c.at[key]; taken {
		add("the entry %d has the same ID", other)
	}
	c.at[key] = e.N
	if newest := c.newest[key]; newest != s.Rev {
		add("is at revision %d; its last change is %d", s.Rev, newest)
	}
	return found
}

// software reports what is wrong with an entry in any of its states.
func (c *DumpCheck) software(add func(string, ...any), s *Software) {
	if err := s.Check(); err != nil {
		add("%w", err)
	}
	for _, f := range s.Files {
		if !c.files[f.Hash] {
			add("rests on the file %q with the hash %q, which is not there", f.Path, f.Hash)
		}
	}
}

// logged is the change of a revision; nil where there is none.
func (c *DumpCheck) logged(rev Rev) *line {
	if rev < 1 || rev > Rev(len(c.log)) {
		return nil
	}
	return &c.log[rev-1]
}

// follows reports a change that cannot be the next one of the entry that the last
// revision is of. An entry whose address was taken comes back anywhere.
func (c *DumpCheck) follows(rev Rev) []error {
	before, next := c.logged(c.state.Rev), c.logged(rev)
	if before == nil || next == nil || before.removed || before.id.Same(next.id) || before.id.Same(next.from) {
		return nil
	}
	return one(fmt.Errorf("revision %d of the entry %d, %s: by the log its next change, %d, is one of %s",
		c.state.Rev, c.state.Entry, before.id, rev, next.id))
}

// lastFollows is follows for the last revision of an entry.
func (c *DumpCheck) lastFollows() []error {
	if c.state == nil {
		return nil
	}
	return c.follows(c.entries[c.state.Entry])
}

// take reports whether the change is there and no other state of an entry is
// that which it left: it left one.
func (l *line) take() bool {
	free := l != nil && !l.taken
	if free {
		l.taken = true
	}
	return free
}

func (c *DumpCheck) use(r *Record) []error {
	u := r.Use
	if u.Path == "" || c.logged(u.Rev) == nil || u.Rev > c.entries[u.Entry] || !c.files[u.Hash] {
		return one(fmt.Errorf("the file %q of the entry %d since revision %d, with the hash %q: the entry, the revision or the file is not there",
			strings.TrimSpace(u.Path+" "+u.Origin), u.Entry, u.Rev, u.Hash))
	}
	return nil
}

func (c *DumpCheck) alias(r *Record) []error {
	a := r.Alias
	if err := a.ID.check(); err != nil {
		return one(fmt.Errorf("alias: %w", err))
	}
	if c.entries[a.Entry] == 0 {
		return one(fmt.Errorf("alias %s: there is no entry %d", a.ID, a.Entry))
	}
	if at, taken := c.at[a.ID.Key()]; taken {
		return one(fmt.Errorf("alias %s of the entry %d: the entry %d has this address", a.ID, a.Entry, at))
	}
	return nil
}

func (c *DumpCheck) revision(r *Record) (found []error) {
	v := r.Revision
	add := func(format string, args ...any) {
		found = append(found, fmt.Errorf("revision %d of the entry %d: "+format, append([]any{v.Rev, v.Entry}, args...)...))
	}
	if before := c.state; before != nil && before.Entry == v.Entry {
		found = append(found, c.follows(v.Rev)...)
	} else {
		found = append(found, c.lastFollows()...)
	}
	c.state = v
	entry, change := c.entries[v.Entry], c.logged(v.Rev)
	switch {
	case v.Rev >= entry || !change.take():
		add("there is no such entry, or no such change of it before its last one")
	case change.removed != (v.Software == nil):
		add("by the log the entry is removed: %t", change.removed)
	case v.Software == nil:
	default:
		c.software(add, v.Software)
		if v.Software.ID != change.id {
			add("is of %s; by the log it was %s", v.Software.ID, change.id)
		}
	}
	return found
}

func (c *DumpCheck) dossier(r *Record) []error {
	d := r.Dossier
	kept := Dossier{Hash: d.Hash, ID: d.ID, Rev: d.Rev, Made: d.Made, Bytes: d.Bytes}
	if err := kept.Check(); err != nil {
		return one(err)
	}
	if h := sha256.Sum256(d.Bytes); hex.EncodeToString(h[:]) != d.Hash {
		return one(fmt.Errorf("the dossier %s of %s: its bytes have another hash, %x", d.Hash, d.ID, h))
	}
	if err := checkTime(d.Made); err != nil {
		return one(fmt.Errorf("the dossier %s of %s: %w", d.Hash, d.ID, err))
	}
	return nil
}

func (c *DumpCheck) visit(r *Record) []error  { return one(r.Visit.Check()) }
func (c *DumpCheck) source(r *Record) []error { return one(r.Source.Check()) }
func (c *DumpCheck) day(r *Record) []error    { return one(r.Day.Check()) }

func (c *DumpCheck) document(r *Record) []error {
	d := r.Document
	if err := d.Check(); err != nil {
		return one(err)
	}
	if d.Body == nil || d.Version < 1 || d.Version > c.version {
		return one(fmt.Errorf("%s %q has the version %d and %d bytes; it has some, and the newest version is %d",
			d.Kind, d.Key, d.Version, len(d.Body), c.version))
	}
	return nil
}

func (c *DumpCheck) end(r *Record) (found []error) {
	add := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	found = c.lastFollows()
	if r.End.Records != c.records-1 {
		add("the dump has %d records; it should have %d", c.records-1, r.End.Records)
	}
	if Rev(len(c.log)) != c.rev {
		add("the log ends at change %d; the newest one is %d", len(c.log), c.rev)
	}
	if len(c.entries) != c.added || c.live != c.alive {
		add("there are %d entries, %d of them removed; by the log %d, %d of them removed",
			len(c.entries), len(c.entries)-c.live, c.added, c.added-c.alive)
	}
	return found
}
