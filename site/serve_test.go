// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

type response struct {
	*http.Response
	body []byte
}

// fetch asks a server over real HTTP and follows no redirect.
func fetch(t *testing.T, server *httptest.Server, method, path string, header ...string) response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := *server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{resp, body}
}

func serve(t *testing.T, c Catalogue, opt Options) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(newSite(t, c, opt).Handler())
	t.Cleanup(server.Close)
	return server
}

func TestServedAnswers(t *testing.T) {
	server := serve(t, sample(), Options{API: true})
	for _, tt := range []struct {
		path     string
		status   int
		location string
		contains string
	}{
		{"/", 200, "", "Freie Software der öffentlichen Verwaltung"},
		{"/en/", 200, "", "Free software of public administrations"},
		{"/en", 301, "/en/", ""},
		{"/software/", 200, "", "4 Einträge"},
		{"/software", 301, "/software/", ""},
		{"/software?q=akte", 301, "/software/?q=akte", ""},
		{"/software/?q=akte", 200, "", "Suche nach „akte“"},
		{"/software/?q=" + url.QueryEscape("zzz"+attack), 200, "", "Dazu ist nichts verzeichnet."},
		{"/en/software/?licence=gpl-3.0-only", 200, "", "1 entry"},
		{"/software/?after=kaputt", 400, "", "nicht verständlich"},
		{"/software/?unbekannt=1&sort=quer", 200, "", "4 Einträge"},
		{"/software/github.com/kiel/akte/", 200, "", "Erika Beispiel"},
		{"/software/github.com/kiel/akte", 301, "/software/github.com/kiel/akte/", ""},
		{"/software/GitHub.com/Kiel/Akte/", 301, "/software/github.com/kiel/akte/", ""},
		{"/en/software/github.com/kiel/altakte/", 301, "/en/software/github.com/kiel/akte/", ""},
		{"/software/github.com/kiel/verwaist/", 301, "/software/github.com/kiel/gibt-es-nicht/", ""},
		{"/software/127.0.0.1:9101/amt/werk%20zeug/", 200, "", "Ärmel"},
		{"/software/github.com/kiel/weg/", 410, "", "wurde entfernt"},
		{"/en/software/github.com/kiel/nie/", 404, "", "There is no such page"},
		{"/software/..%2f..%2fetc%2fpasswd/", 404, "", ""},
		{"/software/%ff/", 404, "", ""},
		{"/publishers/", 200, "", "Bundesamt für Beispiele"},
		{"/publishers/sh/", 200, "", "2 Einträge"},
		{"/publishers/leer/", 200, "", "noch nichts verzeichnet"},
		{"/publishers/niemand/", 404, "", ""},
		{"/regions/", 200, "", "noch nichts verzeichnet"},
		{"/regions/DE-SH/", 200, "", "Schleswig-Holstein"},
		{"/en/regions/DE/", 200, "", "3 entries"},
		{"/regions/DE-SL/", 200, "", "noch nichts verzeichnet"},
		{"/regions/AT/", 200, "", "noch nichts verzeichnet"},
		{"/regions/XX/", 404, "", ""},
		{"/licences", 301, "/licences/", ""},
		{"/licences/", 200, "", "Was bedeutet diese Lizenz?"},
		{"/licences/MPL-2.0/", 200, "", "Mozilla Public License 2.0"},
		{"/en/licences/mpl-2.0/", 301, "/en/licences/MPL-2.0/", ""},
		{"/licences/Hausrecht/", 404, "", ""},
		{"/licences/" + url.PathEscape(attack) + "/", 404, "", ""},
		{"/licences/?expression=" + url.QueryEscape(attack) + "&licence=" + url.QueryEscape(attack) + "&into=" + url.QueryEscape(attack) + "&situation=" + url.QueryEscape(attack), 200, "", "expression-problem"},
		{"/software/?verdict=conflict", 200, "", "1 Eintrag"},
		{"/nirgends", 404, "", "Diese Seite gibt es nicht"},
		{"/en/nirgends/", 404, "", "There is no such page"},
		{"/assets/nichts.css", 404, "", ""},
		{"/sitemap.xml", 404, "", ""},
		{"/robots.txt", 200, "", "User-agent: *"},
	} {
		got := fetch(t, server, "GET", tt.path)
		if got.StatusCode != tt.status || got.Header.Get("Location") != tt.location || !strings.Contains(string(got.body), tt.contains) {
			t.Errorf("%s: %s, Location %q, contains %q: %t", tt.path, got.Status, got.Header.Get("Location"), tt.contains, strings.Contains(string(got.body), tt.contains))
		}
		if !strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "default-src 'self';") || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: headers %v", tt.path, got.Header)
		}
		if strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") && tt.location == "" {
			checkPage(t, tt.path, got.body)
		}
	}
}

// Every link of a served site leads to a page, starting at the home page, in
// both languages and through all filters.
func TestServedLinksResolve(t *testing.T) {
	for _, base := range []string{"", "https://example.org/katalog"} {
		server := serve(t, sample(), Options{BaseURL: base})
		start := "/"
		if base != "" {
			start = "/katalog/"
		}
		seen := map[string]bool{start: true}
		for queue := []string{start}; len(queue) > 0 && len(seen) < 600; queue = queue[1:] {
			got := fetch(t, server, "GET", queue[0])
			if got.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", queue[0], got.Status)
				continue
			}
			if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
				continue
			}
			found := checkPage(t, queue[0], got.body)
			for _, l := range append(found.follow, found.load...) {
				l, _, _ = strings.Cut(l, "#")
				if strings.HasPrefix(l, "/") && !seen[l] {
					seen[l] = true
					queue = append(queue, l)
				}
			}
		}
		if len(seen) < 50 {
			t.Errorf("base %q: only %d addresses found", base, len(seen))
		}
	}
}

func TestServedMethodsAndTags(t *testing.T) {
	server := serve(t, sample(), Options{BaseURL: "https://example.org"})
	get := fetch(t, server, "GET", "/software/")
	head := fetch(t, server, "HEAD", "/software/")
	if len(head.body) != 0 || head.ContentLength != int64(len(get.body)) || head.Header.Get("ETag") != get.Header.Get("ETag") {
		t.Errorf("HEAD: %v", head.Header)
	}
	if again := fetch(t, server, "GET", "/software/", "If-None-Match", get.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("If-None-Match: %s", again.Status)
	}
	if post := fetch(t, server, "POST", "/software/"); post.StatusCode != http.StatusMethodNotAllowed || post.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s", post.Status)
	}
	for _, l := range checkPage(t, "/software/", get.body).load {
		asset := fetch(t, server, "GET", l)
		if asset.StatusCode != 200 || !strings.Contains(asset.Header.Get("Cache-Control"), "immutable") || strings.HasPrefix(asset.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %s %v", l, asset.Status, asset.Header)
		}
	}
	sitemap := string(fetch(t, server, "GET", "/sitemap.xml").body)
	for _, want := range []string{"<loc>https://example.org/en/software/github.com/kiel/akte/</loc>", "<loc>https://example.org/software/127.0.0.1:9101/amt/werk%20zeug/</loc>"} {
		if !strings.Contains(sitemap, want) {
			t.Errorf("sitemap lacks %s", want)
		}
	}
}

func TestServedFailure(t *testing.T) {
	server := serve(t, &fake{err: errors.New("secret path /var/lib")}, Options{})
	for _, path := range []string{"/", "/software/", "/software/github.com/a/b/", "/regions/"} {
		got := fetch(t, server, "GET", path)
		if got.StatusCode != http.StatusInternalServerError || strings.Contains(string(got.body), "secret") {
			t.Errorf("%s: %s", path, got.Status)
		}
	}
}

func TestServedSearchWithoutScript(t *testing.T) {
	c := sample()
	for i := range 30 {
		c.entries = append(c.entries, entry(registry.ID("github.com/kiel/x"+string(rune('a'+i%26))+string(rune('a'+i/26))), "Reihe", kiel))
	}
	server := serve(t, c, Options{})
	page := string(fetch(t, server, "GET", "/software/?q=reihe&licence=EUPL-1.2&region=DE-SH&sort=name").body)
	for _, want := range []string{
		`value="reihe"`, `<input type="hidden" name="licence" value="EUPL-1.2">`, `<input type="hidden" name="sort" value="name">`,
		`href="/software/?q=reihe&amp;region=DE-SH&amp;sort=name"`, // the chip that removes the licence
		`after=20`, `<meta name="robots" content="noindex, follow">`, `30 Einträge`,
		`href="/en/software/?licence=EUPL-1.2&amp;q=reihe`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(page, "data-index") || strings.Contains(page, "data-script") {
		t.Error("a served page waits for a script")
	}
	second := string(fetch(t, server, "GET", "/software/?q=reihe&after=20").body)
	if strings.Count(second, "<article") != 10 || !strings.Contains(second, "Zum Anfang der Liste") {
		t.Errorf("second page has %d entries", strings.Count(second, "<article"))
	}
	if strings.Contains(second, "licence=EUPL-1.2&amp;after") || strings.Contains(second, "after=20&amp;licence") || strings.Contains(second, "after=20&amp;q=reihe&amp;region") {
		t.Error("a filter set on the second page starts there instead of at the first")
	}
	if !strings.Contains(second, `href="/en/software/?q=reihe" hreflang="en"`) {
		t.Error("the other language is offered at a place in the order of this one")
	}
	static := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), static)
	written := string(tree(t, static)["software/index.html"])
	if !strings.Contains(written, `method="get" hidden data-script`) || !strings.Contains(written, `data-index="/search/"`) {
		t.Error("a written list shows a form that nobody answers")
	}
}

func TestSoftwarePage(t *testing.T) {
	c := sample()
	differs := entry("github.com/kiel/streit", "Streit", kiel)
	differs.Repository.Licence = "MIT"
	differs.Findings = nil
	part := entry("github.com/kiel/sammlung/~/apps/Formular", "Formular", kiel)
	part.Activity, part.Locations = &registry.Activity{Languages: []registry.Language{{Name: "Go", Share: 100}}}, nil
	part.Files[0].Path = "apps/Formular/publiccode.yml"
	part.Repository.URL = "https://github.com/kiel/sammlung"
	c.entries = append(c.entries, differs, part)
	c.aliases["github.com/kiel/alt/~/apps/Formular"] = part.ID
	server := serve(t, c, Options{API: true})
	for _, tt := range []struct {
		path  string
		shows []string
	}{
		{"/software/github.com/kiel/akte/", []string{
			"Die Quellen: noch nicht verglichen", "Zeile 3, Spalte 1", "Angabe des Herausgebers. Wen er meint,", "Stadt Musterhausen",
			"1. Februar 2026", "Vertrag bis 31. Dezember 2028", "PostgreSQL ≥ 15 (optional)", "Der Eintrag ist unvollständig", "1.234",
			publiccode.StatusLabel("stable", "de"), publiccode.CategoryLabel("it-security", "de"), strings.Repeat("ab", 20), strings.Repeat("cd", 32), "Französisch",
			"v1.2.0-rc1 (Vorabversion), 14. März 2026", "Commits in zwölf Monatenmindestens 4.321", "Mitwirkende in zwölf Monatenmindestens 17", "Offene Issues0",
			"2 offene Issues laden zum Mitmachen ein", "Bitte übersetzen", "gitlab.example/spiegel/Akte (GitLab)",
		}},
		{"/en/software/github.com/kiel/akte/", []string{
			"There is no description in English. Language of the text: German.", "1 February 2026", "under contract until 31 December 2028", "1,234",
			publiccode.MaintenanceLabel("contract", "en"), "v1.2.0-rc1 (pre-release), 14 March 2026", "at least 4,321", "Other locations",
		}},
		{"/software/github.com/kiel/streit/", []string{"Angabe in publiccode.ymlEUPL-1.2", "Code-PlattformMITGitHub", "Keine Befunde"}},
		{"/software/127.0.0.1:9101/amt/werk%20zeug/", []string{"Code-PlattformEUPL-1.2"}},
		{"/software/gitlab.opencode.de/bund/gruppe/dienst/", []string{"nicht lesbar", "line 3: no mapping", "Bund"}},
	} {
		got := fetch(t, server, "GET", tt.path)
		text := visibleText(t, got.body)
		for _, want := range tt.shows {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q: %s", tt.path, want, text)
			}
		}
	}
	page := string(fetch(t, server, "GET", "/en/software/github.com/kiel/akte/").body)
	for _, want := range []string{
		`href="https://github.com/kiel/akte/blob/` + strings.Repeat("ab", 20) + `/publiccode.yml#L3"`,
		`<div class="prose" lang="de">`, `href="mailto:erika@example.org"`, `href="/v1/software/github.com/kiel/akte"`,
		`href="https://github.com/kiel/akte/issues/5"`, `href="https://github.com/kiel/akte/issues/4"`, `href="https://gitlab.example/spiegel/Akte"`,
		`href="https://example.org/sbom.json"`,
		`href="/en/categories/it-security/"`, `href="/software/github.com/kiel/akte/" hreflang="de"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	bare := string(fetch(t, server, "GET", "/software/github.com/kiel/sammlung/~/apps/Formular/").body)
	if !strings.Contains(bare, `href="https://github.com/kiel/sammlung/blob/`+strings.Repeat("ab", 20)+`/apps/Formular/publiccode.yml#L3"`) {
		t.Error("the findings of a part do not lead to its file")
	}
	if strings.Contains(bare, `id="locations"`) || !strings.Contains(visibleText(t, []byte(bare)), "Offene Issues nicht bekannt") {
		t.Error("an entry of which nothing is known has other locations, or its blanks are not said")
	}
	moved := fetch(t, server, "GET", "/software/github.com/kiel/alt/~/apps/Formular/")
	if want := "/software/github.com/kiel/sammlung/~/apps/Formular/"; moved.Header.Get("Location") != want {
		t.Errorf("the former address of a part leads to %q, want %q", moved.Header.Get("Location"), want)
	}
	stale := string(fetch(t, server, "GET", "/software/gitlab.opencode.de/bund/gruppe/dienst/").body)
	if !strings.Contains(stale, "/-/blob/main/publiccode.yml#L3") {
		t.Error("the findings of a stale entry do not lead to the newest file")
	}
}

func TestOverviewFollowsTheCatalogue(t *testing.T) {
	c := sample()
	s := newSite(t, c, Options{})
	first, err := s.overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first.Total != 4 || first.Forges != 3 || first.NoRegion != 1 || first.activeStates() != 1 || first.Regions["DE"] != 3 || first.Incomplete != 3 {
		t.Errorf("%+v", first)
	}
	if same, _ := s.overview(t.Context()); same != first {
		t.Error("counted again though nothing changed")
	}
	c.entries, c.rev = c.entries[:1], 5
	first.expense = 0 // as if it had cost nothing
	if now, _ := s.overview(t.Context()); now.Total != 1 {
		t.Errorf("still %d entries", now.Total)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, opt := range []Options{
		{BaseURL: "example.org"},
		{BaseURL: "ftp://example.org/"},
		{BaseURL: "http://[::1"},
		{Publishers: []registry.Publisher{{ID: "../x"}}},
	} {
		if _, err := New(sample(), opt); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}
