// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func TestBoard(t *testing.T) {
	text := pageText(t, neighbourly(), "/needs/")
	wantWords(t, text, "4 Gesuche", "Volltextsuche in Akten 2 Verwaltungen: Stadt Hafen, Landkreis Aue · Anteile zusammen: 12.000 €",
		"Eine Ablage für Akten", "gebraucht bis 31. März 2027", "Vergabe geplant ab 1. Dezember 2026", "würde mitbezahlen würde mitentwickeln", "Anteil: 25.000 €",
		"Akte Gemeinsame Wörter: Akten, Ablage · Gleiche Kategorie: ", "Gemeinsame Wörter: files", "Wunsch an: Akte", "Veröffentlicht von Verbund, nach eigener Angabe",
		"belegt: durch einen DNS-Eintrag der Domain", "Gesuche als Atom-Feed")
	wantWords(t, pageText(t, sample(), "/needs/"), "Zurzeit ist kein Gesuch veröffentlicht.")
	for query, want := range map[string]string{"?region=DE-HH": "2 Gesuche", "?region=de-sh": "1 Gesuch", "?category=e-commerce": "1 Gesuch", "?region=DE-XX": "4 Gesuche", "?region=DE-NI&category=e-commerce": "0 Gesuche"} {
		wantWords(t, pageText(t, neighbourly(), "/needs/"+query), want)
	}
}

func TestNeed(t *testing.T) {
	c := neighbourly()
	text := pageText(t, c, "/needs/github.com/hafen/adoptions/ablage/")
	wantWords(t, text, "Eine Ablage für Akten", "Akten sollen auffindbar sein.", "it@hafen.example", "Bekanntmachung", "Gilt bis 31. Dezember 2027", "joins: https://github.com/hafen/adoptions#ablage")
	if strings.Contains(text, "Fort") {
		t.Error("what is not there matches")
	}
	wantWords(t, pageText(t, c, "/needs/github.com/aue/adoptions/suche/"), "2 Verwaltungen: Stadt Hafen, Landkreis Aue. Anteile zusammen: 12.000 €. Zum ersten Gesuch")
	server := serve(t, c, Options{})
	for _, path := range []string{"/needs/github.com/hafen/adoptions/fehlt/", "/needs/page/1/", "/needs/page/2/", "/needs/page/x/", "/needs/github.com/sh/bedarf/geheim/", "/needs/x/"} {
		if got := fetch(t, server, "GET", path); got.StatusCode != 404 {
			t.Errorf("%s: %s", path, got.Status)
		}
	}
	if body := string(fetch(t, server, "GET", "/needs/github.com/sh/bedarf/archiv/").body); !strings.Contains(body, `<h1 lang="en">Archive for files</h1>`) {
		t.Error("the language of the words is not told")
	}
}

// What pages show of needs elsewhere.
func TestNeedsElsewhere(t *testing.T) {
	c := neighbourly()
	for path, words := range map[string][]string{
		"/":                               {"Gesucht von Verwaltungen", "Bessere Suche"},
		"/software/github.com/kiel/akte/": {"Gemeinsame Wünsche Volltextsuche in Akten", "Vielleicht die Lösung für", "Eine Ablage für Akten"},
		"/regions/DE-HH/":                 {"Was hier gesucht wird", "Eine Ablage für Akten", "Andere suchen Ähnliches Archiv, Land Schleswig-Holstein"},
		"/regions/DE-BY/":                 {"Von hier ist kein Gesuch veröffentlicht."},
		"/publishers/sh/":                 {"Archive for files", "Andere suchen Ähnliches Eine Ablage für Akten, Stadt Hafen"},
		"/publishers/bund/":               {"Von hier ist kein Gesuch veröffentlicht.", "sucht zurzeit öffentlich Mitpflegende oder Geld", "ist nicht bestätigt"},
	} {
		wantWords(t, pageText(t, c, path), words...)
	}
}

// A restricted need leaves no trace on any page, whatever the board hands over.
func TestRestrictedNeedsAreNowhere(t *testing.T) {
	dir := t.TempDir()
	if _, err := newSite(t, neighbourly(), Options{BaseURL: "https://katalog.example/"}).Build(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "needs/github.com/hafen/adoptions/ablage/index.html")); err != nil {
		t.Error(err)
	}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if strings.Contains(string(body), "Streng vertraulich") || strings.Contains(path+string(body), "bedarf/geheim") {
			t.Errorf("%s tells of a restricted need", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestBoardHasPages(t *testing.T) {
	c := sample()
	c.board = &registry.Board{}
	for i := range 2*needsSize + 1 {
		c.board.Needs = append(c.board.Needs, registry.BoardNeed{
			Need: adoption.Need{ID: fmt.Sprint("n", i), Title: fmt.Sprintf("Wunsch %03d", i)}, Key: fmt.Sprintf("github.com/a/b#n%d", i), Organisation: hafen,
		})
	}
	o := pageText(t, c, "/needs/page/3/")
	wantWords(t, o, "Wunsch 050")
	if strings.Contains(o, "Wunsch 049") {
		t.Error("a need is on two pages")
	}
	s := newSite(t, c, Options{})
	all, err := s.overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paths := needPaths(s, all)
	if !slices.Contains(paths, "/needs/page/3/") || !slices.Contains(paths, "/needs/github.com/a/b/n50/") || len(paths) != 3+2*needsSize+1 {
		t.Errorf("%d paths", len(paths))
	}
}

// Needs are no changes of the log: the pages follow them all the same.
func TestPagesFollowTheNeeds(t *testing.T) {
	c := neighbourly()
	s := newSite(t, c, Options{})
	has := func(path string) bool {
		a, err := s.answer(t.Context(), "de", path, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		body, err := s.render(a.page)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(body), "Eine Ablage für Akten")
	}
	paths := []string{"/software/github.com/kiel/akte/", "/needs/"}
	for _, path := range paths {
		if !has(path) {
			t.Errorf("%s: the need is not there", path)
		}
	}
	for _, path := range paths {
		c.board.Needs = slices.DeleteFunc(c.board.Needs, func(n registry.BoardNeed) bool { return n.ID == "ablage" })
		s.expense = 0 // as if reading the needs had cost nothing
		if has(path) {
			t.Errorf("%s: the need is there still", path)
		}
		c.board = neighbourly().board
		s.expense = 0
		if !has(path) {
			t.Errorf("%s: the need is not there again", path)
		}
	}
}

// What files say is text and nothing else, and as much of it as a page bears.
func TestHostileNeeds(t *testing.T) {
	c := neighbourly()
	bad := "javascript:alert(1)"
	who := adoption.Organisation{URI: bad, Name: attack, Region: attack}
	money := adoption.Money{Amount: -1 << 62, Currency: attack}
	said := registry.Comaintenance{
		Comaintenance: adoption.Comaintenance{
			Seeks: attack, Community: adoption.Community{Name: attack, URI: bad}, Partners: slices.Repeat([]adoption.Partner{{Name: attack, URI: bad, Region: attack, Role: attack}}, 1000),
			Steering: strings.Repeat(attack, 1000), Decisions: attack, Joining: adoption.Joining{Text: attack, URL: bad, Contact: bad}, ConfirmedUntil: "9" + attack,
			Funding: slices.Repeat([]adoption.Funding{{Purpose: attack, Status: adoption.OpenFunding, Amount: money, By: attack, Until: attack, URL: bad}, {Purpose: attack, Status: attack}}, 1000),
		},
		Organisation: who, Publisher: kiel, Repository: "a/b", URL: bad,
	}
	c.entries[0].Comaintenance = slices.Repeat([]registry.Comaintenance{said}, 1000)
	match := registry.NeedMatch{Software: "github.com/kiel/akte", Name: attack, Words: slices.Repeat([]string{attack}, 1000), Category: slices.Repeat([]string{attack}, 1000)}
	other := registry.NeedMatch{Need: "github.com/kiel/b#x", Name: attack, Words: []string{attack}}
	c.board.Needs = []registry.BoardNeed{{
		Need: adoption.Need{
			ID: "x", Title: attack, Description: strings.Repeat(attack+"\n\n", 1000), Language: attack, Categories: slices.Repeat([]string{attack}, 1000), Software: bad, By: attack,
			Procurement: adoption.Procurement{Planned: attack, URL: bad}, Offers: []adoption.Offer{attack}, Share: money, Contact: bad, OpenUntil: attack, Visibility: attack,
		},
		Key: "github.com/kiel/b#x", Organisation: who, Proof: attack, Publisher: registry.Publisher{ID: "sh", Name: attack, Region: attack}, URL: bad,
		Solutions: slices.Repeat([]registry.NeedMatch{match}, 1000), Others: slices.Repeat([]registry.NeedMatch{other}, 1000), Joint: "y", Subject: "github.com/kiel/akte",
	}, {Key: attack}, {Key: "github.com/../b#x"}}
	c.board.Joint = []registry.JointNeed{{Key: "y", Title: attack, Backers: slices.Repeat([]string{attack}, 1000), Shares: slices.Repeat([]adoption.Money{{Amount: 5, Currency: attack}}, 1000)}}
	server := serve(t, c, Options{API: true})
	for _, path := range []string{"/", "/needs/", "/needs/github.com/kiel/b/x/", "/communities/", "/software/github.com/kiel/akte/", "/join/", "/publishers/sh/", "/regions/DE-SH/"} {
		got := fetch(t, server, "GET", path)
		body := string(got.body)
		if got.StatusCode != 200 || len(body) > 2<<20 {
			t.Errorf("%s: %s, %d bytes", path, got.Status, len(body))
		}
		for _, run := range []string{"<script src=\"https://boese", "<img src=https://boese", "href=\"javascript:"} {
			if strings.Contains(body, run) {
				t.Errorf("%s: %s", path, run)
			}
		}
	}
}

func TestSurroundings(t *testing.T) {
	c := neighbourly()
	read := func() *surroundings {
		var known organisations
		for _, e := range c.sorted() {
			known.add(newGist(e))
		}
		x, err := readSurroundings(t.Context(), c, known, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	print := func(x *surroundings) string {
		p, err := x.of(c.entries[0], time.Now()).Print()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := read()
	if again := read(); again.Needs != first.Needs || again.Organisations != first.Organisations || print(again) != print(first) {
		t.Error("the same surroundings have other fingerprints")
	}
	before := print(first)
	c.board.Needs[2].Title = "Anders"
	if now := read(); now.Needs == first.Needs || now.Organisations != first.Organisations || print(now) == before {
		t.Error("another title is not noticed")
	}
	c = neighbourly()
	c.entries[1].Publisher = registry.Publisher{ID: "n", Name: "Niemand Bekanntes", URI: "https://niemand.example"}
	if now := read(); now.Organisations == first.Organisations || print(now) == before {
		t.Error("that a claim means somebody is not noticed")
	}
	if of := (*surroundings)(nil).of(c.entries[0], time.Now()); len(of.Claims) != 3 || of.Wishes != nil {
		t.Errorf("%+v", of)
	}
}

func FuzzNeedPath(f *testing.F) {
	for _, key := range []string{"github.com/a/b#c", "#", "a#b#c", "page/x#y", "h/../x#y", "h/a#b/c"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		path := needPath(key)
		if path == "" {
			return
		}
		name, rest, err := splitPath(path)
		i := strings.LastIndexByte(rest, '/')
		if name != "needs" || err != nil || i < 0 || rest[:i]+"#"+rest[i+1:] != key {
			t.Errorf("%q leads to %q, which is read as %q: %v", key, path, rest, err)
		}
	})
}

// A build makes the pages again that show needs or whom a claim means, though no
// entry changed, and no others of entries.
func TestBuildFollowsTheNeeds(t *testing.T) {
	c, dir := neighbourly(), t.TempDir()
	build := func() Report {
		r, err := newSite(t, c, Options{}).Build(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	read := func(name string) string {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	build()
	if r := build(); r.Written != 0 {
		t.Errorf("nothing changed, and %d files were written", r.Written)
	}
	c.board.Needs = slices.Clone(c.board.Needs)
	c.board.Needs[2].Title = "Ganz anders benannt"
	build()
	for _, name := range []string{"index.html", "needs/index.html", "en/needs/github.com/hafen/adoptions/ablage/index.html", "software/github.com/kiel/akte/index.html", "regions/DE-HH/index.html"} {
		if !strings.Contains(read(name), "Ganz anders benannt") {
			t.Errorf("%s is as it was", name)
		}
	}
	if r := build(); r.Written != 0 {
		t.Errorf("nothing changed any more, and %d files were written", r.Written)
	}
	c.board = nil
	build()
	if _, err := os.Stat(filepath.Join(dir, "needs/github.com/hafen/adoptions/ablage/index.html")); !os.IsNotExist(err) {
		t.Errorf("the page of a need that is gone: %v", err)
	}
	if strings.Contains(read("software/github.com/kiel/akte/index.html"), "Ganz anders benannt") {
		t.Error("the entry shows a need that is gone")
	}
	c.entries[1].Publisher.Name, c.entries[1].Publisher.URI = "Niemand Bekanntes", "https://niemand.example"
	c.note(registry.Updated, c.entries[1].ID)
	build()
	if !strings.Contains(read("software/github.com/kiel/akte/index.html"), "https://niemand.example") {
		t.Error("the entry does not show whom its claim means now")
	}
}
