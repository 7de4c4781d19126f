// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func testPutGet(t *testing.T, s registry.Store) {
	start := time.Now()
	want := Software("forge.example/a/b", "1")
	c := put(t, s, want)
	same(t, "change", registry.Change{Rev: 1, ID: want.ID, Kind: registry.Added, Time: c.Time}, c)
	if want.Rev != 1 || !want.FirstSeen.Equal(c.Time) || !want.Changed.Equal(c.Time) {
		t.Errorf("Put set FirstSeen %v, Changed %v, Rev %d; want those of the change %+v", want.FirstSeen, want.Changed, want.Rev, c)
	}
	if c.Time.Before(start.Add(-time.Second)) || c.Time.After(time.Now().Add(time.Second)) {
		t.Errorf("time of the change is %v, now it is %v", c.Time, time.Now())
	}
	got := get(t, s, want.ID)
	same(t, "entry", want, got)
	if got.Files[0].Bytes != nil {
		t.Error("Get returned the bytes of a file")
	}
	wantLog(t, s, 0, registry.Change{ID: want.ID, Kind: registry.Added})
}

func testAnyID(t *testing.T, s registry.Store) {
	all := []registry.ID{
		"127.0.0.1:9101/it-at-m/refarch",
		"[::1]:3000/a/b",
		`forge.example/o'brien/"quoted"`,
		"forge.example/a_b/100_x",
		"forge.example/ä/öß",
		"forge.example/group/sub/sub-sub/name",
		"forge.example/a:b/c;d--",
		"forge.example/a/日本語",
	}
	for _, id := range all {
		put(t, s, Software(id, ""))
	}
	for _, id := range all {
		if got := get(t, s, id); got.ID != id {
			t.Errorf("Get %s returned %s", id, got.ID)
		}
	}
	slices.Sort(all)
	same(t, "All", all, ids(t, s))
	_, err := s.Get(t.Context(), "forge.example/a%b/100%x")
	wantErr(t, "Get with a wildcard", err, registry.ErrNotFound)
	_, err = s.Get(t.Context(), "")
	wantErr(t, "Get without an ID", err, registry.ErrNotFound)
}

func testInvalid(t *testing.T, s registry.Store) {
	for name, spoil := range map[string]func(*registry.Software){
		"empty ID":         func(x *registry.Software) { x.ID = "" },
		"ID with a scheme": func(x *registry.Software) { x.ID = "https://forge.example/a/b" },
		"ID with .git":     func(x *registry.Software) { x.ID = "forge.example/a/b.git" },
		"upper-case host":  func(x *registry.Software) { x.ID = "Forge.example/a/b" },
		"relative ID":      func(x *registry.Software) { x.ID = "forge.example/../b" },
		"no name":          func(x *registry.Software) { x.PublicCode.Name = "" },
		"blank name":       func(x *registry.Software) { x.PublicCode.Name = " \n" },
		"no path":          func(x *registry.Software) { x.Files[0].Path = "" },
		"path twice":       func(x *registry.Software) { x.Files = append(x.Files, x.Files[0]) },
		"path and origin twice": func(x *registry.Software) {
			x.Files[0].Origin = "https://forge.example/sbom"
			x.Files = append(x.Files, x.Files[0])
		},
		"origin that is no address": func(x *registry.Software) { x.Files[0].Origin = "sbom" },
		"origin of another scheme":  func(x *registry.Software) { x.Files[0].Origin = "file:///etc/passwd" },
		"unknown role":              func(x *registry.Software) { x.Files[0].Role = "other" },
		"media of no image":         func(x *registry.Software) { x.Files[0].Role, x.Files[0].Media = registry.RoleLogo, "text/html" },
		"media of another role":     func(x *registry.Software) { x.Files[0].Media = "image/png" },
		"odd location":              func(x *registry.Software) { x.Locations[0].ID = "mirror" },
		"location without address":  func(x *registry.Software) { x.Locations[0].URL = "javascript:alert(1)" },
		"odd origin of a variant":   func(x *registry.Software) { x.BasedOn[0] = "https://forge.example/a/b" },
		"share that is no number":   func(x *registry.Software) { x.Activity.Languages[0].Share = math.NaN() },
		"part of a part":            func(x *registry.Software) { x.ID = "forge.example/a/b/~/c/~/d" },
		"part without folder":       func(x *registry.Software) { x.ID = "forge.example/a/b/~" },
		"odd hash":                  func(x *registry.Software) { x.Files[0].Hash = "abc" },
		"wrong hash":                func(x *registry.Software) { x.Files[0].Hash = hash([]byte("other")) },
		"hash not stored": func(x *registry.Software) {
			x.Files[0].Bytes, x.Files[0].Hash = nil, hash([]byte("other"))
		},
	} {
		software := Software("forge.example/a/b", "")
		spoil(software)
		_, err := s.Put(t.Context(), software)
		wantErr(t, "Put with "+name, err, registry.ErrInvalid)
		if software.Rev != 0 || !software.FirstSeen.IsZero() {
			t.Errorf("Put with %s set FirstSeen or Rev", name)
		}
	}
	good := &registry.Visit{Repo: "forge.example/a/good", Outcome: registry.Empty}
	for name, v := range map[string]*registry.Visit{
		"repository":           {Outcome: registry.Empty},
		"outcome":              {Repo: "forge.example/a/b"},
		"a part of it":         {Repo: "forge.example/a/b", Outcome: registry.Entry, Parts: []registry.ID{"forge.example/a/c/~/d"}},
		"the folder of a part": {Repo: "forge.example/a/b", Outcome: registry.Entry, Parts: []registry.ID{"forge.example/a/b"}},
		"a right other entry":  {Repo: "forge.example/a/b", Outcome: registry.AtOther, Of: "b"},
	} {
		wantErr(t, "PutVisit without "+name, s.PutVisit(t.Context(), v), registry.ErrInvalid)
		wantErr(t, "PutVisits without "+name, s.PutVisits(t.Context(), []*registry.Visit{good, v}), registry.ErrInvalid)
	}
	if got := visits(t, s, ""); len(got) != 0 {
		t.Errorf("refused visits left those of %v", got)
	}
	for name, state := range map[string]*registry.SourceState{
		"without source":        {Started: time.Now()},
		"with negative numbers": {Source: "https://forge.example", Failures: -1},
	} {
		wantErr(t, "Checkpoint "+name, s.Checkpoint(t.Context(), state, nil), registry.ErrInvalid)
	}
	for _, name := range []string{"", ".", "../crawl", "Crawl", "crawl source", "-", strings.Repeat("a", 65)} {
		_, err := s.Lock(t.Context(), name)
		wantErr(t, fmt.Sprintf("Lock %q", name), err, registry.ErrInvalid)
	}
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("refused entries left revision %d", rev)
	}
}

func testUnchanged(t *testing.T, s registry.Store) {
	first := Software("forge.example/a/b", "1")
	put(t, s, first)
	for name, again := range map[string]*registry.Software{
		"new value":     Software("forge.example/a/b", "1"),
		"the value put": first,
		"the value got": get(t, s, first.ID),
	} {
		again.FirstSeen = time.Unix(0, 0)
		again.Changed = time.Unix(0, 0)
		zone := time.FixedZone("", -7200)
		again.Repository.Pushed = again.Repository.Pushed.In(zone)
		again.Activity.Releases[0].Published = again.Activity.Releases[0].Published.In(zone)
		again.Activity.Tags[0].Date = again.Activity.Tags[0].Date.In(zone)
		again.Activity.HelpWanted[0].Created = again.Activity.HelpWanted[0].Created.In(zone)
		c := put(t, s, again)
		if c.Rev != 0 {
			t.Errorf("%s: Put of the same content logged %+v", name, c)
		}
		if again.Rev != 1 || again.FirstSeen.Year() < 2000 || !again.Changed.Equal(again.FirstSeen) {
			t.Errorf("%s: Put set FirstSeen %v, Changed %v, Rev %d; want those stored", name, again.FirstSeen, again.Changed, again.Rev)
		}
	}
	wantLog(t, s, 1)
}

func testUpdate(t *testing.T, s registry.Store) {
	first := Software("forge.example/a/b", "1")
	put(t, s, first)
	for i, change := range []func(*registry.Software){
		func(x *registry.Software) { x.Repository.Stars++ },
		func(x *registry.Software) { x.PublicCode.Name = "Sielbuch" },
		func(x *registry.Software) { x.Findings = nil },
		func(x *registry.Software) { x.Stale = "the file is no YAML" },
		func(x *registry.Software) { x.Files[0].Commit = "4567" },
		func(x *registry.Software) { x.Files[0].Hash, x.Files[0].Bytes = "", []byte("name: Sielbuch\n") },
		func(x *registry.Software) { x.Publisher.Region = "DE-HH" },
		func(x *registry.Software) { x.Repository.ForgeID = "" },
		func(x *registry.Software) { x.Activity.Commits.ByMonth[0].Authors++ },
		func(x *registry.Software) { *x.Activity.OpenIssues = 4 },
		func(x *registry.Software) { x.Activity = nil },
		func(x *registry.Software) { x.Files[0].Role = "" },
		func(x *registry.Software) { x.Locations[0].Forge = "git" },
		func(x *registry.Software) { x.BasedOn = x.BasedOn[:1] },
		func(x *registry.Software) { x.TechnicalForks = 0 },
		func(x *registry.Software) { x.Comaintenance = together() },
		func(x *registry.Software) { x.Comaintenance[0].Funding[0].Amount.Amount-- },
		func(x *registry.Software) { x.Comaintenance = nil },
	} {
		next := get(t, s, first.ID)
		change(next)
		c := put(t, s, next)
		if want := registry.Rev(i + 2); c.Kind != registry.Updated || c.Rev != want || next.Rev != want {
			t.Fatalf("change %d: %+v, entry at revision %d; want updated at %d", i, c, next.Rev, want)
		}
		if !next.FirstSeen.Equal(first.FirstSeen) || !next.Changed.Equal(c.Time) {
			t.Errorf("change %d: FirstSeen %v, Changed %v; want %v and %v", i, next.FirstSeen, next.Changed, first.FirstSeen, c.Time)
		}
		same(t, fmt.Sprint("entry after change ", i), next, get(t, s, first.ID))
	}
}

// What another one has written since an entry was read is not written over.
func testConflict(t *testing.T, s registry.Store) {
	const id, elsewhere = registry.ID("forge.example/a/b"), registry.ID("forge.example/a/c")
	for _, test := range []struct {
		name      string
		meanwhile func()
	}{
		{"it was written", func() {
			other := get(t, s, id)
			other.Repository.Stars++
			put(t, s, other)
		}},
		{"it was written and is as before", func() {
			for _, stars := range []int{100, 7} {
				other := Software(id, "1")
				other.Repository.Stars = stars
				put(t, s, other)
			}
		}},
		{"it was removed", func() { remove(t, s, id) }},
		{"it was removed and restored", func() {
			remove(t, s, id)
			put(t, s, Software(id, "1"))
		}},
		{"it was renamed", func() { put(t, s, Software(elsewhere, "1")) }},
		{"it was renamed, and another one is there", func() {
			put(t, s, Software(elsewhere, "1"))
			put(t, s, Software(id, "2"))
		}},
	} {
		for _, forgeID := range []string{"1", ""} {
			put(t, s, Software(id, "1"))
			read, same := get(t, s, id), get(t, s, id)
			read.PublicCode.Name, read.Repository.ForgeID = "Sielbuch", forgeID
			read.Files[0].Hash, read.Files[0].Bytes = "", []byte("name: Sielbuch\n")
			test.meanwhile()
			before, rev := *read, revOf(t, s)
			for what, stale := range map[string]*registry.Software{"changed": read, "as it was read": same} {
				c, err := s.Put(t.Context(), stale)
				wantErr(t, "Put of what is "+what+" when "+test.name, err, registry.ErrConflict)
				if c.Rev != 0 {
					t.Errorf("%s: it logged %+v", test.name, c)
				}
			}
			if read.Rev != before.Rev || !read.Changed.Equal(before.Changed) {
				t.Errorf("%s: Put that failed set Rev %d, Changed %v", test.name, read.Rev, read.Changed)
			}
			wantLog(t, s, rev)
			read.Rev = 0 // as of who has not read it
			put(t, s, read)
		}
	}
	fresh := Software("forge.example/a/new", "3")
	fresh.Rev = 1
	_, err := s.Put(t.Context(), fresh)
	wantErr(t, "Put of a revision of what is not there", err, registry.ErrConflict)

	var all sync.WaitGroup
	var written atomic.Int32
	put(t, s, Software(id, "1"))
	read := get(t, s, id)
	for i := range 8 {
		mine := *read
		mine.Repository.Stars = 1000 + i
		all.Go(func() {
			if _, err := s.Put(t.Context(), &mine); err == nil {
				written.Add(1)
			} else {
				wantErr(t, "Put by several who read the same", err, registry.ErrConflict)
			}
		})
	}
	all.Wait()
	if n := written.Load(); n != 1 {
		t.Errorf("%d of 8 who read the same wrote it, want 1", n)
	}
}

func testCase(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/It-at-M/RefArch", "1"))
	put(t, s, Software("forge.example/Ä/ß", "2"))
	for id, want := range map[registry.ID]registry.ID{
		"forge.example/it-at-m/refarch": "forge.example/It-at-M/RefArch",
		"FORGE.example/IT-AT-M/REFARCH": "forge.example/It-at-M/RefArch",
		"forge.example/ä/ß":             "forge.example/Ä/ß",
	} {
		if got := get(t, s, id); got.ID != want {
			t.Errorf("Get %s returned %s", id, got.ID)
		}
	}
	// The forge changed the spelling: the same entry, no alias.
	c := put(t, s, Software("forge.example/it-at-m/refarch", "1"))
	if c.Kind != registry.Updated || c.From != "" {
		t.Errorf("Put with another spelling logged %+v, want updated", c)
	}
	if got := get(t, s, "forge.example/It-at-M/RefArch"); got.ID != "forge.example/it-at-m/refarch" {
		t.Errorf("Get returned %s, want the new spelling", got.ID)
	}
	wantAliases(t, s, nil)
	if c := remove(t, s, "forge.example/IT-at-m/refarch"); c.ID != "forge.example/it-at-m/refarch" {
		t.Errorf("Remove logged %s, want the entry's own spelling", c.ID)
	}
	same(t, "All", []registry.ID{"forge.example/Ä/ß"}, ids(t, s))
}

func testAtomic(t *testing.T, s registry.Store) {
	software := Software("forge.example/a/a", "1")
	fresh := []byte("never stored")
	software.Files = append(software.Files,
		registry.File{Path: "fresh", Bytes: fresh},
		registry.File{Path: "unknown", Hash: hash([]byte("nobody has it"))})
	_, err := s.Put(t.Context(), software)
	wantErr(t, "Put", err, registry.ErrInvalid)
	_, err = s.Get(t.Context(), software.ID)
	wantErr(t, "Get", err, registry.ErrNotFound)
	_, err = s.File(t.Context(), hash(fresh))
	wantErr(t, "File", err, registry.ErrNotFound)
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("Rev is %d", rev)
	}
	if software.Files[1].Hash != "" {
		t.Error("a failed Put changed its argument")
	}
}
