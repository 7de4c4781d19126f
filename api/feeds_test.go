// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// atomRules are what an element of RFC 4287 may have, of what is written here: least
// and most of each child, and the attributes it must have.
type atomRule struct {
	children map[string][2]int
	needs    []string
}

var atomRules = map[string]atomRule{
	"feed": {map[string][2]int{
		"id": {1, 1}, "title": {1, 1}, "updated": {1, 1}, "author": {1, 1}, "generator": {1, 1}, "link": {2, 3}, "entry": {0, maxItems},
	}, []string{"lang"}},
	"entry": {map[string][2]int{
		"id": {1, 1}, "title": {1, 1}, "updated": {1, 1}, "published": {0, 1}, "author": {1, 1}, "link": {1, 2}, "category": {0, 10}, "summary": {0, 1},
	}, nil},
	"author":    {map[string][2]int{"name": {1, 1}, "uri": {0, 1}}, nil},
	"link":      {nil, []string{"rel", "type", "href"}},
	"category":  {nil, []string{"term"}},
	"id":        {},
	"title":     {},
	"summary":   {},
	"updated":   {},
	"published": {},
	"generator": {},
	"name":      {},
	"uri":       {},
}

// checkAtom reports what is no feed by RFC 4287 in a document, all of whose parts
// must be those of atomRules.
func checkAtom(body []byte) error {
	type open struct {
		name  string
		seen  map[string]int
		text  strings.Builder
		links map[string]bool
	}
	stack := []*open{{name: "", seen: map[string]int{}}}
	ids := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			rule, ok := atomRules[name]
			if !ok || token.Name.Space != "http://www.w3.org/2005/Atom" {
				return fmt.Errorf("element %v is none of the format", token.Name)
			}
			top.seen[name]++
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
			}
			for _, need := range rule.needs {
				if attributes[need] == "" {
					return fmt.Errorf("%s has no %s", name, need)
				}
			}
			if name == "link" {
				if _, err := url.Parse(attributes["href"]); err != nil || strings.ContainsAny(attributes["href"], " <>\"") {
					return fmt.Errorf("link to %q: %w", attributes["href"], err)
				}
				key := attributes["rel"] + " " + attributes["type"]
				if top.links[key] {
					return fmt.Errorf("two links %s (section 4.1.1)", key)
				}
				top.links[key] = true
			}
			stack = append(stack, &open{name: name, seen: map[string]int{}, links: map[string]bool{}})
		case xml.CharData:
			top.text.Write(token)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			text := top.text.String()
			for child, bounds := range atomRules[top.name].children {
				if n := top.seen[child]; n < bounds[0] || n > bounds[1] {
					return fmt.Errorf("%s has %d of %s", top.name, n, child)
				}
			}
			for child := range top.seen {
				if _, ok := atomRules[top.name].children[child]; !ok {
					return fmt.Errorf("%s in %s", child, top.name)
				}
			}
			switch top.name {
			case "updated", "published":
				if _, err := time.Parse(time.RFC3339, text); err != nil {
					return err
				}
			case "id":
				if u, err := url.Parse(text); err != nil || !u.IsAbs() || ids[text] {
					return fmt.Errorf("id %q is no address, or twice there: %w", text, err)
				}
				ids[text] = true
			case "name", "title":
				if strings.TrimSpace(text) == "" {
					return fmt.Errorf("an empty %s", top.name)
				}
			}
			for _, r := range text {
				if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
					return fmt.Errorf("%s has %q", top.name, r)
				}
			}
		}
	}
	if len(stack) != 1 || stack[0].seen["feed"] != 1 {
		return errors.New("no feed, or not closed")
	}
	return nil
}

// readFeed is the feed at an address.
func readFeed(t *testing.T, h http.Handler, target string, headers ...string) atomFeed {
	t.Helper()
	w := get(t, h, target, headers...)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != typeAtom {
		t.Fatalf("%s: status %d, %s: %.300s", target, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	if err := checkAtom(w.Body.Bytes()); err != nil {
		t.Fatalf("%s: %v\n%s", target, err, w.Body)
	}
	var f atomFeed
	var lang struct { // encoding/xml writes a prefix as it does not read it
		Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	}
	if err := errors.Join(xml.Unmarshal(w.Body.Bytes(), &f), xml.Unmarshal(w.Body.Bytes(), &lang)); err != nil {
		t.Fatal(err)
	}
	f.Lang = lang.Lang
	return f
}

func (f atomFeed) href(rel, media string) string {
	for _, l := range f.Links {
		if l.Rel == rel && l.Type == media {
			return l.Href
		}
	}
	return ""
}

// driveFeeds asks for feeds of single entries.
func driveFeeds(t *testing.T, h http.Handler) {
	t.Helper()
	for _, id := range []string{fullID, movedID, goneID, "github.com/a/b"} {
		get(t, h, "/v1/feeds/changes.atom?software="+id)
		get(t, h, "/v1/feeds/releases.atom?software="+id)
	}
}

func TestFeedOfNewEntries(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://Katalog.example/register/"})
	f := readFeed(t, h, "/v1/feeds/new.atom?region=sh")
	if f.Lang != "de" || f.Title != "Allmende: Neu im Katalog – Schleswig-Holstein" || f.ID != "tag:katalog.example,2026:register/feed/new?region=DE-SH" {
		t.Errorf("%+v", f)
	}
	if self, page := f.href("self", "application/atom+xml"), f.href("alternate", "text/html"); self != "https://Katalog.example/register/v1/feeds/new.atom?region=DE-SH" || page != "https://Katalog.example/register/software/?region=DE-SH" {
		t.Errorf("links to %s and %s", self, page)
	}
	if len(f.Entries) != 1 {
		t.Fatalf("%d items", len(f.Entries))
	}
	e := f.Entries[0]
	if e.ID != "tag:katalog.example,2026:register/new/"+fullID || e.Title != "Akte <1> & mehr" || e.Summary != "Führt Akten." || e.Author.Name != "Nordland" || e.Published != e.Updated {
		t.Errorf("%+v", e)
	}
	for _, asked := range [][]string{{"?region=SH&lang=en"}, {"?region=SH", "Accept-Language", "en"}} {
		en := readFeed(t, h, "/v1/feeds/new.atom"+asked[0], asked[1:]...)
		if en.Lang != "en" || en.Entries[0].Summary != "Keeps files." || !strings.Contains(en.href("alternate", "text/html"), "/en/software/") || en.ID != f.ID || en.Entries[0].ID != e.ID {
			t.Errorf("%v: %+v", asked, en)
		}
	}
}

func TestFeedHasPages(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, name := range []string{"new", "changes"} {
		seen := map[string]bool{}
		next := "/v1/feeds/" + name + ".atom?lang=en"
		for pages := 0; next != "" && pages < 5; pages++ {
			f := readFeed(t, h, next)
			for _, e := range f.Entries {
				seen[e.ID] = true
			}
			next = f.href("next", "application/atom+xml")
		}
		if want := map[string]int{"new": 64, "changes": 3}[name]; len(seen) != want {
			t.Errorf("%s: %d items on all pages, want %d", name, len(seen), want)
		}
		if w := get(t, h, "/v1/feeds/"+name+".atom?after=%20"); w.Code != http.StatusBadRequest {
			t.Errorf("status %d for a cursor that is none", w.Code)
		}
	}
}

func TestFeedOfChanges(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	f := readFeed(t, h, "/v1/feeds/changes.atom?lang=en")
	var titles []string
	for _, e := range f.Entries {
		titles = append(titles, string(e.Title))
	}
	got := strings.Join(titles, "\n")
	for _, want := range []string{"Akte <1> & mehr: changed", goneID + ": removed"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if f.Entries[0].Summary != "Name: Akte 7 → Akte <1> & mehr." {
		t.Errorf("%+v", f.Entries[0])
	}
	for query, want := range map[string]int{
		"region=BY": 0, "publisher=nord": 3, "region=SH&publisher=nord": 3, "category=document-management": 1, "q=nichts": 0, "region=SH&q=akte": 1,
	} {
		again := readFeed(t, h, "/v1/feeds/changes.atom?"+query)
		n := 0
		for _, e := range again.Entries {
			if strings.Contains(e.ID, "nordland") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d items of what has a history, want %d", query, n, want)
		}
	}
	if f := readFeed(t, handlerOf(t, newGrowing(7), Options{}), "/v1/feeds/changes.atom?q=nichts"); f.Updated != "1970-01-01T00:00:07Z" {
		t.Errorf("an empty feed is of %s", f.Updated)
	}
}

func TestFeedOfOneEntry(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for range 2 { // the second one from what was noted
		f := readFeed(t, h, "/v1/feeds/changes.atom?software="+fullID)
		var got []string
		for _, e := range f.Entries {
			got = append(got, string(e.Title+" | "+e.Summary))
		}
		long := strings.Repeat("Ä", 80) + "…"
		want := []string{
			"Akte <1> & mehr: geändert | Name: Akte 7 → Akte <1> & mehr.",
			"Akte 7: wieder da | Name: Alte Akte → Akte 7.",
			fullID + ": entfernt | Das Repository gibt es nicht mehr.",
			"Alte Akte: umgezogen | Vorher: " + movedID + ".",
			"Alte Akte: geändert | Name: " + long + " → Alte Akte.",
			strings.Repeat("Ä", 599) + "… | Führt Akten.",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	for path, want := range map[string]int{
		"changes.atom?software=" + movedID: http.StatusPermanentRedirect, "changes.atom?software=github.com/a/b": http.StatusNotFound,
		"releases.atom?software=" + movedID: http.StatusPermanentRedirect, "releases.atom?software=" + goneID: http.StatusGone,
		"changes.atom?software=" + goneID: http.StatusOK, "releases.atom?software=github.com/a/b": http.StatusNotFound,
		"changes.atom?software=.": http.StatusBadRequest, "releases.atom?q=x&software=" + fullID: http.StatusBadRequest,
		"new.atom?software=" + fullID: http.StatusBadRequest, "new.atom?lang=fr": http.StatusBadRequest, "releases.atom?after=x": http.StatusBadRequest,
	} {
		w := get(t, h, "/v1/feeds/"+path)
		if w.Code != want {
			t.Errorf("%s: status %d, want %d: %s", path, w.Code, want, w.Body)
		}
		if to := w.Header().Get("Location"); want == http.StatusPermanentRedirect && !strings.HasSuffix(to, "?software="+url.QueryEscape(fullID)) {
			t.Errorf("%s leads to %s", path, to)
		}
	}
}

func TestFeedOfReleases(t *testing.T) {
	s := newShelf()
	var full *registry.Software
	for _, e := range s.entries {
		if e.ID == fullID {
			full = e
		}
	}
	full.Activity.Releases = append(full.Activity.Releases,
		registry.Release{Tag: "v2.0.0", Published: full.Changed.AddDate(0, -6, 0)},
		registry.Release{Tag: "v9", Published: time.Now().AddDate(1, 0, 0)},
		registry.Release{Tag: ""},
	)
	h := handlerOf(t, s, Options{})
	for _, query := range []string{"?lang=en", "?lang=en&software=" + fullID} {
		f := readFeed(t, h, "/v1/feeds/releases.atom"+query)
		if len(f.Entries) != 2 {
			t.Fatalf("%s: %+v", query, f.Entries)
		}
		first, second := f.Entries[0], f.Entries[1]
		if first.Title != "Akte <1> & mehr v2.1.0" || first.Updated != "2026-05-06T07:08:09Z" || first.Summary != "Released on 6 May 2026. Prerelease. Frühling" {
			t.Errorf("%+v", first)
		}
		if second.Title != "Akte <1> & mehr v2.0.0" || second.ID != "tag:localhost,2026:release/v2.0.0/"+fullID {
			t.Errorf("%+v", second)
		}
		if next := f.href("next", "application/atom+xml"); next != "" {
			t.Errorf("a next page at %s", next)
		}
	}
}

// TestEveryPartHasAName has what registry.Compare finds called by a name.
func TestEveryPartHasAName(t *testing.T) {
	full := newShelf().entries
	other := &registry.Software{ID: "a.example/b"}
	for _, s := range full {
		for _, d := range registry.Compare(other, s) {
			if d.Path != "/id" && part(d.Path).en == "other values" {
				t.Errorf("%s has no name", d.Path)
			}
		}
	}
	for kind, words := range map[string]bilingual{"a": kindWords[registry.Restored], "b": reasonWords[registry.LeftOut], "c": feedTitles["new"]} {
		if words.de == "" || words.en == "" {
			t.Error(kind)
		}
	}
}

func FuzzFeed(f *testing.F) {
	f.Add("Akte", "Führt Akten.", "v1", "2026-01-01", "nord")
	f.Add("]]>\x00\x1b[31m", "<script>alert(1)</script>&#x0;&amp;", "\u202e1/0 ?#%", "0000-00-00", "\xff\xfe\ufffe\uffff")
	f.Add("\u2028\u0085", strings.Repeat("x", 10_000), "..", "9999-12-31", "\ud7ff\U0010ffff")
	f.Fuzz(func(t *testing.T, name, text, version, date, publisher string) {
		s := newShelf()
		for i, e := range s.entries {
			if i > 3 {
				break
			}
			e.PublicCode.Name, e.PublicCode.SoftwareVersion, e.PublicCode.ReleaseDate = name, version, date
			e.PublicCode.Description = map[string]publiccode.Description{"de": {ShortDescription: text}}
			e.PublicCode.Categories = []string{text, "x" + name}
			e.Publisher.Name = publisher
			e.Activity = &registry.Activity{Releases: []registry.Release{{Tag: version, Name: text, Published: time.Unix(int64(len(text))<<20, 0)}}}
		}
		for _, revisions := range s.past {
			for i, r := range revisions {
				if r.Software != nil {
					r.Software.PublicCode.Name = name + strings.Repeat("!", i)
					r.Software.PublicCode.Legal.License = version
				}
			}
		}
		a := &api{catalogue: s, now: time.Now}
		for query, handle := range map[string]handler{
			"": a.feedNew, "?lang=en": a.feedChanges, "?region=SH": a.feedReleases, "?software=" + fullID: a.feedChanges,
		} {
			c, _ := gin.CreateTestContext(httptest.NewRecorder())
			c.Request = requestOf(t, "/"+query)
			ans, err := handle(c)
			if err != nil {
				t.Fatal(err)
			}
			if err := checkAtom(ans.body); err != nil {
				t.Fatalf("%v\n%s", err, ans.body)
			}
		}
	})
}
