// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// usedIn has organisations of regions confirm that they use an entry, by the API.
func usedIn(s *registry.Software, regions ...string) *registry.Software {
	s.Adoptions = nil
	for _, region := range regions {
		name := "Amt in " + region
		s.Adoptions = append(s.Adoptions, registry.Adoption{
			Organisation: adoption.Organisation{URI: "https://" + strings.ToLower(region) + ".example", Name: name, Region: region},
			Role:         adoption.Uses, ConfirmedUntil: "2999-12-31",
		})
	}
	return s
}

// asked is what a site answers for a path.
func asked(t *testing.T, s *Site, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

// without is an entry without users and without open issues.
func without(s *registry.Software) *registry.Software {
	s.Activity = nil
	return usedIn(s)
}

// federation is a catalogue of three publishers that use each other's software.
func federation() *fake {
	hamburg := registry.Publisher{ID: "hh", Name: "Hamburg", Region: "DE-HH", URI: "https://de-hh.example"}
	asking := without(entry("github.com/hh/hafen", "Hafen", hamburg))
	asking.Repository.Language = "Rust"
	now := time.Now().UTC()
	asking.Activity = &registry.Activity{HelpWanted: []registry.Issue{
		{Title: "Längst gefragt", URL: "https://github.com/hh/hafen/issues/1", Created: now.AddDate(-2, 0, 0)},
		{Title: "Eben gefragt", URL: "https://github.com/hh/hafen/issues/2", Created: now.AddDate(0, 0, -2)},
	}}
	left := without(entry("github.com/kiel/rest", "Rest", kiel))
	left.PublicCode.Maintenance.Type = "none"
	return &fake{rev: 1, entries: []*registry.Software{
		usedIn(entry("github.com/kiel/akte", "Akte", kiel), "DE-HH", "DE-BY", "DE-SH"),
		usedIn(without(entry("gitlab.opencode.de/bund/dienst", "Dienst", bund)), "DE-HH", "AT-9"),
		asking, left,
		usedIn(without(entry("github.com/ohne/land", "Nirgends", nobody)), "DE-HH", ""),
	}}
}

// between is what stands between two texts of a page, tags and all.
func between(t *testing.T, page, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, from)
	out, _, end := strings.Cut(rest, to)
	if !ok || !end {
		t.Errorf("no %q before %q", from, to)
	}
	return out
}

func TestMatrix(t *testing.T) {
	s := newSite(t, federation(), Options{})
	o, err := s.overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := newMatrix(o.Reuse, "de")
	got := map[string]string{}
	for _, row := range m.Rows {
		if len(row.Cells) != len(m.Columns) || len(m.Used) != len(m.Columns) {
			t.Fatalf("%s has %d cells, there are %d columns", row.Name, len(row.Cells), len(m.Columns))
		}
		for _, c := range row.Cells {
			if c.N > 0 {
				got[row.Code+" "+c.Code] = fmt.Sprint(c.N, " ", c.Href)
			} else if c.Href != "" || c.Level != 0 {
				t.Errorf("%s, %s: %+v", row.Code, c.Code, c)
			}
		}
	}
	want := map[string]string{
		"DE-SH DE-HH": "1 /regions/DE-HH/#from-de-sh", "DE-SH DE-BY": "1 /regions/DE-BY/#from-de-sh", "DE-SH DE-SH": "1 /regions/DE-SH/#by-de-sh",
		"DE DE-HH": "1 /regions/DE-HH/#from-de", "DE other": "1 /regions/DE/#by-other",
		"unknown DE-HH": "1 /regions/DE-HH/#from-unknown", "unknown unknown": "1 ",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("cells %v,\nwant %v", got, want)
	}
	// Each cell leads to where the entries are.
	for _, cell := range got {
		_, href, _ := strings.Cut(cell, " ")
		if href == "" {
			continue
		}
		path, id, _ := strings.Cut(href, "#")
		if body := asked(t, s, path).Body.String(); !strings.Contains(body, `id="`+id+`"`) {
			t.Errorf("%s has no %s", path, id)
		}
	}
	body := asked(t, s, "/regions/").Body.String()
	table := between(t, body, `<table class="matrix">`, "</table>")
	for _, text := range []string{
		`<th scope="row"><a href="/regions/DE-SH/">`, "Schleswig-Holstein", "Andere Staaten", "Nicht bekannt",
		`<span class="kern-sr-only">Veröffentlicht: Bund, genutzt: Hamburg: </span>1</a>`,
	} {
		if !strings.Contains(table, text) {
			t.Errorf("the matrix does not say %q", text)
		}
	}
	if n := strings.Count(table, "<th scope=\"row\">"); n != len(m.Rows)+1 {
		t.Errorf("%d rows", n)
	}
	if !strings.Contains(body, `tabindex="0"`) || !strings.Contains(body, "ein leeres Feld heißt") {
		t.Error("the table cannot be scrolled by keyboard, or nothing says how it is counted")
	}
	if nothing := asked(t, newSite(t, &fake{rev: 1}, Options{}), "/regions/").Body.String(); strings.Contains(nothing, "<table class=\"matrix\">") || !strings.Contains(nothing, "Noch hat keine Organisation bestätigt") {
		t.Error("a table without a number")
	}
}

func TestRegionTellsOfReuse(t *testing.T) {
	s := newSite(t, federation(), Options{})
	for path, want := range map[string][]string{
		"/regions/DE-HH/": {"Was Hamburg von anderen nutzt", `href="/software/github.com/kiel/akte/"`, "bestätigt von Amt in DE-HH", "Eben gefragt", "Nicht bekannt"},
		"/regions/DE-SH/": {"Wer nutzt, was Schleswig-Holstein veröffentlicht", "Amt in DE-BY", "1 Eintrag ist anderswo im Einsatz.", "1 Eintrag nutzen andere Organisationen am selben Ort.", "In mehreren Ländern im Einsatz, hier noch nicht", "Bei 2 Einträgen nennt die publiccode.yml"},
		"/regions/DE/":    {"Wer nutzt, was Bund veröffentlicht", "Andere Staaten"},
		"/regions/AT/":    {"Was Österreich von anderen nutzt", "Dienst"},
		"/regions/DE-SL/": {"Das heißt nicht, dass es niemand tut.", "Von hier ist noch nichts verzeichnet."},
		"/publishers/hh/": {"Was der Herausgeber von anderen nutzt", "Akte", "Dass jemand anderes die Software nutzt, hat noch niemand bestätigt."},
		"/publishers/sh/": {"Wer die Software nutzt", "3 Organisationen bestätigen das selbst."},
	} {
		w := asked(t, s, path)
		checkPage(t, path, w.Body.Bytes())
		for _, text := range want {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s: status %d, does not say %q", path, w.Code, text)
			}
		}
	}
	if body := asked(t, s, "/regions/DE-SL/").Body.String(); !strings.Contains(body, "Akte") {
		t.Error("what three states use is no chance for a fourth")
	}
	if body := asked(t, s, "/regions/DE-BY/").Body.String(); strings.Contains(between(t, body, "In mehreren Ländern im Einsatz", "</div>"), "/akte/") {
		t.Error("what is used here is told as what could be")
	}
}

// TestClaimsAreNotAttributed: whom usedBy names is at no place a user.
func TestClaimsAreNotAttributed(t *testing.T) {
	claimed := without(entry("github.com/kiel/akte", "Akte", kiel))
	claimed.PublicCode.UsedBy = []string{"Freistaat Bayern", "Stadt München"}
	s := newSite(t, &fake{rev: 1, entries: []*registry.Software{claimed}}, Options{})
	for _, path := range []string{"/", "/regions/", "/regions/DE-SH/", "/regions/DE-BY/", "/publishers/sh/"} {
		if body := asked(t, s, path).Body.String(); strings.Contains(body, "Freistaat") || strings.Contains(body, "München") {
			t.Errorf("%s names who is only claimed", path)
		}
	}
	if body := asked(t, s, "/regions/").Body.String(); !strings.Contains(body, "2 Angaben, 1 Eintrag") {
		t.Error("the number of claims is not told")
	}
}

func TestJoin(t *testing.T) {
	s := newSite(t, federation(), Options{})
	body := asked(t, s, "/join/").Body.String()
	if first, second := strings.Index(body, "Eben gefragt"), strings.Index(body, "Längst gefragt"); first < 0 || second < first {
		t.Errorf("newest first: %d, %d", first, second)
	}
	if strings.Count(body, "älter als ein Jahr") != strings.Count(body, `class="faded"`) || !strings.Contains(between(t, body, "Längst gefragt", "</li>"), "älter als ein Jahr") {
		t.Error("what is old does not fade")
	}
	if !strings.Contains(between(t, body, `id="unmaintained"`, "</section>"), "Rest") {
		t.Error("what nobody maintains is not told")
	}
	for query, want := range map[string]string{
		"?language=Rust": "2 offene Aufgaben", "?language=rust": "2 offene Aufgaben", "?region=DE-HH": "2 offene Aufgaben", "?region=DE-SH&language=Rust": "0 offene Aufgaben",
		"?region=" + strings.Repeat("x", 5000): "4 offene Aufgaben", "?language=%22%3E%3Cscript%3E": "4 offene Aufgaben",
	} {
		w := asked(t, s, "/join/"+query)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "\"><script>") {
			t.Errorf("%.40s: status %d, not %q", query, w.Code, want)
		}
	}
	for path, status := range map[string]int{"/join/page/2/": 404, "/join/page/1/": 404, "/join/page/02/": 404, "/join/x/": 404, "/join": 301} {
		if w := asked(t, s, path); w.Code != status {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestJoinIsBounded: of any number of issues the newest are listed, on pages.
func TestJoinIsBounded(t *testing.T) {
	var j join
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	n := 0
	for i := range 500 {
		g := gist{Use: registry.Use{ID: registry.ID(fmt.Sprintf("git.example/a/%d", i))}}
		for range 20 {
			n++
			g.Help = append(g.Help, help{Title: "x", URL: fmt.Sprint("https://git.example/", n), Created: day.Add(time.Duration(n) * time.Minute)})
		}
		j.add(g)
		j.add(gist{Use: registry.Use{ID: g.ID + "/~/teil"}, Help: g.Help[:1]}) // a part of the same repository
	}
	j.finish()
	if len(j.Issues) != maxJoin || j.Total < n || cap(j.Issues) > 2*maxJoin+100 {
		t.Fatalf("%d of %d issues", len(j.Issues), j.Total)
	}
	for i, issue := range j.Issues {
		if want := fmt.Sprint("https://git.example/", n-i); issue.URL != want {
			t.Fatalf("issue %d is %s, want %s", i, issue.URL, want)
		}
	}
	paths := helpPaths(nil, &overview{Join: j})
	if len(paths) != maxJoin/helpSize || paths[0] != "/join/" || paths[1] != "/join/page/2/" {
		t.Errorf("%d pages, %q", len(paths), paths[:2])
	}
}

// TestHomeIsCalm: a few entries of each kind, and small.
func TestHomeIsCalm(t *testing.T) {
	c := federation()
	for i := range 60 {
		c.entries = append(c.entries, usedIn(entry(registry.ID(fmt.Sprintf("git.example/a/%d", i)), fmt.Sprint("Werk ", i), kiel), "DE-HH"))
	}
	s := newSite(t, c, Options{})
	body := asked(t, s, "/").Body.String()
	if n := strings.Count(body, `class="card"`); n != 2*homeCards || len(body) > 60<<10 {
		t.Errorf("%d cards, %d bytes", n, len(body))
	}
	if confirmed := between(t, body, `aria-labelledby="confirmed"`, "</section>"); strings.Index(confirmed, "Akte") > strings.Index(confirmed, "Nirgends") {
		t.Errorf("what most confirm is not first: %s", confirmed)
	}
	for _, text := range []string{"Sucht Mithilfe", "Eben gefragt", `href="/join/"`, "sort=adopted", "Als Tabelle"} {
		if !strings.Contains(body, text) {
			t.Errorf("home does not say %q", text)
		}
	}
}
