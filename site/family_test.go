// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// forkOf is a fork that has drifted off where behind is much.
func forkOf(id registry.ID, ahead, behind int, titles ...string) registry.Fork {
	f := registry.Fork{
		ID: id, URL: "https://" + string(id), Ahead: &ahead, Behind: &behind, Pushed: noon,
		Publisher: registry.Publisher{ID: "hb", Name: "Amt am Wasser", Region: "DE-HB"},
	}
	for i, t := range titles {
		f.Commits = append(f.Commits, registry.ForkCommit{Hash: fmt.Sprintf("%040x", i), Title: t, Time: noon.Add(-time.Hour * time.Duration(i))})
	}
	return f
}

func TestForksOnThePage(t *testing.T) {
	eins := kin("git.example/a/eins", "Eins", nil)
	eins.Forks = []registry.Fork{
		forkOf("git.example/b/zwei", 1234, 31, "Druckt auf A5 <b>", "Zweite Arbeit"),
		forkOf("git.example/c/drei", 0, 2),
		{ID: "git.example/d/vier", URL: "javascript:alert(1)", Unknown: registry.NotCompared},
	}
	c := &fake{entries: []*registry.Software{eins, kin("git.example/b/zwei", "Zwei", nil, "git.example/a/eins")}}
	server := serve(t, c, Options{})
	for path, want := range map[string][]string{
		"/software/git.example/a/eins/": {
			"Was aus Eins entstanden ist", "Eine Kopie driftet auseinander", "Zwei,", "Variante Voraus: 1.234+ Zurück: 31 driftet auseinander",
			"Druckt auf A5 <b>", "Und 1.232 weitere Commits.", "drei, Amt am Wasser (Bremen) Fork Voraus: 0 Zurück: 2 zurück",
			"vier, d Fork", registry.NotCompared.Meaning("de"),
		},
		"/en/software/git.example/a/eins/": {"One fork is drifting apart", "1,234+", "Unmerged work", registry.Drifting.Meaning("en")},
		"/software/git.example/b/zwei/":    {"Was aus Eins entstanden ist", "Grundlage", "Zwei", "dieser Eintrag", "1.234+", "Zweite Arbeit"},
	} {
		page := fetch(t, server, "GET", path)
		checkPage(t, path, page.body)
		text := strings.Join(strings.Fields(visibleText(t, page.body)), " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in %s", path, w, text)
			}
		}
		if strings.Contains(string(page.body), "javascript:") || !strings.Contains(string(page.body), `<span lang="">Druckt auf A5 &lt;b&gt;</span>`) {
			t.Errorf("%s: a link or a title is not as it should be", path)
		}
	}
}

func TestFamilyIsBounded(t *testing.T) {
	s := kin("git.example/a/eins", "Eins", nil)
	base := kin("git.example/z/null", "Null", nil)
	title := strings.Repeat("Langer Titel ", 15)
	for i := range registry.MaxForks {
		s.Forks = append(s.Forks, forkOf(registry.ID(fmt.Sprintf("git.example/f%d/eins", i)), 100-i, i, title, title, title, title, title, title, title, title, title, title))
	}
	base.Forks = append(base.Forks, forkOf(s.ID, 0, 0))
	s.BasedOn = []registry.ID{base.ID}
	c := &fake{entries: []*registry.Software{s, base}}
	for i := range 20 {
		id := registry.ID(fmt.Sprintf("git.example/s%d/schwester", i))
		c.entries = append(c.entries, kin(id, "Schwester", nil, base.ID))
		base.Forks = append(base.Forks, forkOf(id, 5, i, title))
	}
	empty := len(fetch(t, serve(t, &fake{entries: []*registry.Software{kin("git.example/a/eins", "Eins", nil)}}, Options{}), "GET", "/software/git.example/a/eins/").body)
	page := fetch(t, serve(t, c, Options{}), "GET", "/software/git.example/a/eins/")
	checkPage(t, "bounded", page.body)
	if n := len(page.body) - empty; n > 30<<10 {
		t.Errorf("the family has %d bytes", n)
	} else {
		t.Logf("the family has %d bytes", n)
	}
	text := strings.Join(strings.Fields(visibleText(t, page.body)), " ")
	for _, want := range []string{"dieser Eintrag", "Und 20 weitere.", "Und 11 weitere."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// What misses most is drawn last, so that no line crosses another, and the same
// family is the same picture.
func TestLineageIsDrawn(t *testing.T) {
	s := kin("git.example/a/eins", "Eins <&>", nil)
	s.Forks = []registry.Fork{forkOf("git.example/b/weit", 3, 900), forkOf("git.example/c/nah", 3, 1), {ID: "git.example/d/unbekannt"}}
	l := newLineages(s, nil, "de", noon)
	if len(l) != 1 || l[0].Picture != newLineages(s, nil, "de", noon)[0].Picture {
		t.Fatalf("%d lineages", len(l))
	}
	picture := string(l[0].Picture)
	_, lanes, _ := strings.Cut(picture, "<g ")
	if near, far, unknown := strings.Index(lanes, ">nah<"), strings.Index(lanes, ">weit<"), strings.Index(lanes, ">unbekannt<"); near < 0 || near > far || far > unknown {
		t.Errorf("drawn at %d, %d, %d: %s", near, far, unknown, picture)
	}
	if strings.Contains(picture, "<&>") || strings.Contains(picture, "style=") || !strings.Contains(picture, "+3 −900") {
		t.Error(picture)
	}
}
