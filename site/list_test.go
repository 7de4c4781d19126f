// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// answering is a catalogue whose search gives what it is told, and notes what
// it was asked.
type answering struct {
	*fake
	page  registry.Page
	asked registry.Query
}

func (a *answering) Search(_ context.Context, q registry.Query) (registry.Page, error) {
	a.asked = q
	return a.page, nil
}

func TestEveryFacetIsOffered(t *testing.T) {
	if got, want := slices.Sorted(slices.Values(allFacets)), slices.Sorted(slices.Values(registry.AllFacets())); !slices.Equal(got, want) {
		t.Fatalf("shown are %v, there are %v", got, want)
	}
	values := map[registry.Facet]map[string]string{ // value to label
		registry.FacetRegionKind:      {registry.RegionMunicipal: "Kommune", registry.RegionAbroad: "Ausland"},
		registry.FacetActivity:        {registry.ActivityRecent: "in den letzten 90 Tagen", registry.ActivityArchived: "archiviert"},
		registry.FacetSBOM:            {"yes": "vorhanden", "no": "nicht vorhanden"},
		registry.FacetLanguage:        {"de": "Deutsch", "en": "Englisch"},
		registry.FacetForge:           {"gitlab": "GitLab", "haus": "haus"},
		registry.FacetLicenceCategory: {"network-copyleft": "", "erfunden": "erfunden"},
		registry.FacetSupports:        {"alias:xoev": "", "https://example.org/norm": "https://example.org/norm"},
		registry.FacetScope:           {"education": "Bildung"},
		registry.FacetPlatform:        {"web": "", "eigen": "eigen"},
		registry.FacetSoftwareType:    {"standalone/web": ""},
		registry.FacetMaintenance:     {"contract": ""},
	}
	c := &answering{fake: sample(), page: registry.Page{Total: 9, Facets: map[registry.Facet][]registry.Count{}}}
	for kind, named := range values {
		for value := range named {
			c.page.Facets[kind] = append(c.page.Facets[kind], registry.Count{Value: value, N: 4})
		}
	}
	// What all results have is nothing to filter by.
	c.page.Facets[registry.FacetMaintenance] = []registry.Count{{Value: "contract", N: 9}}
	server := serve(t, c, Options{})
	page := fetch(t, server, "GET", "/software/")
	checkPage(t, "/software/", page.body)
	text := visibleText(t, page.body)
	for kind, named := range values {
		for value, label := range named {
			if kind == registry.FacetMaintenance {
				if strings.Contains(string(page.body), "maintenance=") {
					t.Error("a filter that changes nothing is offered")
				}
				continue
			}
			if !strings.Contains(text, label) || !strings.Contains(string(page.body), `href="/software/?`+string(kind)+"="+url.QueryEscape(value)) {
				t.Errorf("%s=%s (%s) is not offered", kind, value, label)
			}
		}
	}
	if !slices.Equal(c.asked.Counted, allFacets) || c.asked.Language != "de" || c.asked.Sort != registry.ByName {
		t.Errorf("asked for %+v", c.asked)
	}
	if strings.Contains(string(page.body), `<details class="further" open>`) {
		t.Error("the further filters are open though none is active")
	}
	active := string(fetch(t, server, "GET", "/en/software/?sbom=yes&language=de").body)
	for _, want := range []string{
		`<details class="further" open>`, "<span>Bill of materials (SBOM): available</span>", "<span>Language of the interface: German</span>",
		`<input type="hidden" name="sbom" value="yes">`, `href="/en/software/?language=de"`, "9 entries match your selection.",
	} {
		if !strings.Contains(active, want) {
			t.Errorf("no %s", want)
		}
	}
	if c.asked.Language != "en" || !slices.Equal(c.asked.Filters[registry.FacetSBOM], []string{"yes"}) {
		t.Errorf("asked for %+v", c.asked)
	}
}

func TestAllOrders(t *testing.T) {
	c := &answering{fake: sample(), page: registry.Page{Total: 1, Items: sample().entries[:1]}}
	server := serve(t, c, Options{})
	for _, by := range registry.Sorts() {
		page := string(fetch(t, server, "GET", "/software/?q=akte&sort="+string(by)).body)
		if c.asked.Sort != by || !strings.Contains(page, `sort=`+string(by)+`" rel="nofollow" aria-current="true"`) {
			t.Errorf("%s: asked for %q, or not shown as current", by, c.asked.Sort)
		}
	}
	if page := string(fetch(t, server, "GET", "/software/?sort=relevance").body); c.asked.Sort != registry.ByName || strings.Contains(page, "sort=relevance") {
		t.Error("without a text there is no relevance to order by")
	}
	fetch(t, server, "GET", "/software/?q=lizenz:MIT")
	if c.asked.Sort != registry.ByRelevance {
		t.Errorf("with a text the order is %q", c.asked.Sort)
	}
}

func TestReasonsForTheOrder(t *testing.T) {
	c := &answering{fake: sample(), page: registry.Page{
		Total: 1, Items: sample().entries[:1],
		Reasons: [][]registry.RankReason{{
			{Code: registry.RankExact, Word: "akte", Found: "Akte", Field: "name", Share: .5},
			{Code: registry.RankTypo, Word: "Kurtz", Found: "kurz", Field: "short", Share: .3},
			{Code: registry.RankName, Word: "akte", Found: "Akte", Field: "name", Share: .2},
			{Code: registry.RankMaturity, Found: "stable", Share: .08},
			{Code: registry.RankActivity, Found: registry.ActivityQuiet, Share: -.06},
			{Code: registry.RankCompleteness, Share: .01},
			{Code: registry.RankLicence, Found: "conflict", Share: -.03},
			{Code: attack, Word: attack, Found: attack, Field: attack, Share: 7e9},
		}},
	}}
	server := serve(t, c, Options{})
	plain := string(fetch(t, server, "GET", "/software/?q=akte").body)
	if c.asked.Explain || strings.Contains(plain, `class="why"`) || !strings.Contains(plain, `href="/software/?q=akte&amp;why=1"`) {
		t.Error("reasons without being asked for, or no link to them")
	}
	page := fetch(t, server, "GET", "/software/?q=akte&why=1")
	checkPage(t, "why", page.body)
	text := visibleText(t, page.body)
	for _, want := range []string{
		"„akte“ steht im Namen: 50\u00a0%", "„kurz“, ähnlich geschrieben wie „Kurtz“, steht in der Kurzbeschreibung: 30\u00a0%",
		"Die Software heißt wie gesucht: „Akte“: 20\u00a0%", "Letzte Änderung am Repository: vor mehr als einem Jahr: −6\u00a0%",
		"Belege zur Lizenz: widersprechen sich: −3\u00a0%", "Gründe ausblenden",
	} {
		if want = strings.Join(strings.Fields(want), " "); !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	for _, path := range []string{"/software/?why=1", "/software/?q=akte&why=1&sort=name"} {
		if page := string(fetch(t, server, "GET", path).body); c.asked.Explain || strings.Contains(page, "rank.") || strings.Contains(page, "Warum diese") {
			t.Errorf("%s: reasons for an order that needs none", path)
		}
	}
}

func TestNothingFound(t *testing.T) {
	c := &answering{fake: sample(), page: registry.Page{DidYouMean: "akte " + attack}}
	server := serve(t, c, Options{})
	got := fetch(t, server, "GET", "/software/?q=akdte&region=DE-SH&sbom=no&sort=stars&after=x")
	checkPage(t, "nothing found", got.body)
	page, text := string(got.body), visibleText(t, got.body)
	for _, want := range []string{"Dazu ist nichts verzeichnet.", "Meinten Sie akte", "Ohne den Filter „Land: Schleswig-Holstein“ suchen", "Nach „akdte“ ohne Filter suchen", "Alle Einträge ansehen"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	for _, want := range []string{`href="/software/?q=akdte&amp;region=DE-SH&amp;sort=stars"`, `href="/software/?q=akdte"`, `href="/software/?q=akte&#43;`} {
		if !strings.Contains(page, want) {
			t.Errorf("no link %s", want)
		}
	}
}

func TestSuggestions(t *testing.T) {
	c := sample()
	server := serve(t, c, Options{BaseURL: "https://example.org/katalog"})
	for path, want := range map[string]string{
		"/katalog/suggest?q=ak":    `{"items":[{"text":"Akte","href":"/katalog/software/github.com/kiel/akte/","note":"direkt zum Eintrag"},{"text":"akwort","note":"3 Einträge"}],"status":"2 Vorschläge, mit den Pfeiltasten erreichbar."}`,
		"/katalog/en/suggest?q=qq": `{"items":[{"text":"qqwort","note":"3 entries"}],"status":"1 suggestion, to be reached with the arrow keys."}`,
		"/katalog/suggest":         `{"items":[],"status":""}`,
	} {
		got := fetch(t, server, "GET", path)
		if string(got.body) != want || got.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %s %s", path, got.Header.Get("Content-Type"), got.body)
		}
	}
	if form := string(fetch(t, server, "GET", "/katalog/en/").body); !strings.Contains(form, `data-suggest="/katalog/en/suggest"`) {
		t.Error("the form does not say where suggestions are")
	}
	c.err = context.DeadlineExceeded
	if got := fetch(t, server, "GET", "/katalog/suggest?q=ak"); got.StatusCode != 500 || strings.Contains(string(got.body), "deadline") {
		t.Errorf("failure: %s %s", got.Status, got.body)
	}
}

func TestSimilar(t *testing.T) {
	c := sample()
	c.similar = []registry.ID{"gitlab.opencode.de/bund/gruppe/dienst", "github.com/kiel/akte"}
	page := string(fetch(t, serve(t, c, Options{}), "GET", "/en/software/github.com/kiel/akte/").body)
	_, section, _ := strings.Cut(page, `aria-labelledby="similar"`)
	if section, _, _ = strings.Cut(section, "</section>"); strings.Count(section, "<li>") != 1 || !strings.Contains(section, `href="/en/software/gitlab.opencode.de/bund/gruppe/dienst/"`) {
		t.Error("the entry that is alike is not shown, or others are")
	}
	dir := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), dir)
	files := tree(t, dir)
	if files["history/github.com/kiel/akte/index.html"] == nil || files["en/statistics/index.html"] == nil {
		t.Error("a page of history or of the statistics is not written")
	}
	if written := string(files["software/github.com/kiel/akte/index.html"]); !strings.Contains(written, "Ähnliche Software") || !strings.Contains(written, `href="/history/github.com/kiel/akte/"`) {
		t.Error("a written page shows nothing similar, or leads to no history")
	}
}

func TestPageChoices(t *testing.T) {
	for _, c := range []struct {
		n, current int
		want       string
	}{
		{0, 1, ""},
		{1, 1, ""},
		{3, 2, "1 [2] 3"},
		{6, 1, "[1] 2 3 … 6"},
		{7, 5, "1 2 3 4 [5] 6 7"},
		{9, 5, "1 2 3 4 [5] 6 7 8 9"},
		{400, 200, "1 … 198 199 [200] 201 202 … 400"},
	} {
		var got []string
		for _, p := range pageChoices(c.n, c.current, func(i int) string { return fmt.Sprint("/", i) }) {
			switch {
			case p.Current:
				p.Label = "[" + p.Label + "]"
			case p.Href != "/"+p.Label && p.Href != "":
				t.Errorf("page %s leads to %s", p.Label, p.Href)
			}
			got = append(got, p.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("page %d of %d: %q, want %q", c.current, c.n, strings.Join(got, " "), c.want)
		}
	}
}
