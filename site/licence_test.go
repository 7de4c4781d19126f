// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// contains reports every text that a page does not have.
func contains(t *testing.T, name, page string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(page, want) {
			t.Errorf("%s does not have %q: %s", name, want, page)
		}
	}
}

func TestLicencePanel(t *testing.T) {
	c := sample()
	agreed := evaluated(entry("github.com/kiel/einig", "Einig", kiel), registry.LicenceMatch,
		registry.LicenceReason{Code: registry.ReasonAgree, Args: []string{"EUPL-1.2", "LICENSE"}})
	bare := entry("github.com/kiel/nichts", "Nichts", kiel)
	bare.PublicCode.Legal, bare.Repository.Licence = publiccode.Legal{}, ""
	bare.Licence = &registry.LicenceReport{Verdict: registry.LicenceMissing, Reasons: []registry.LicenceReason{{Code: registry.ReasonNothing}}}
	c.entries = append(c.entries, agreed, bare)
	server := serve(t, c, Options{API: true})
	commit := strings.Repeat("ab", 20)

	path := "/software/gitlab.opencode.de/bund/gruppe/dienst/"
	got := fetch(t, server, "GET", path)
	text := visibleText(t, got.body)
	contains(t, path, text,
		"Die Quellen: widersprechen sich", "Laut publiccode.yml gilt EUPL-1.2, laut LICENSE dagegen GPL-3.0-only.",
		"Diese Antworten gelten, wenn EUPL-1.2 die Lizenz ist. Das ist nicht gesichert",
		"Im eigenen Haus einsetzen? ja", "Weitergeben? unter Bedingungen", "Was Sie tun müssen", "Quelle: choosealicense.com",
		"LizenztextGPL-3.0-onlyLICENSEStand abababababab, gelesen am 15. März 2026Gewissheit: 98 %",
		"README Text nicht erkannt HausrechtREADME.md", "Code-PlattformGPL-3.0 veraltetes KürzelGitLab", "Stückliste (SBOM) keine Aussage (NOASSERTION)sbom.json",
		"Schwaches Copyleft", "Vereinbarkeit mit der EUPL", "Netzklausel", "Zulässig auf openCodeerfüllt",
		"CycloneDX 1.6 (json)", "akte 1.2.0", "500 von 2.000 (25 %)", "LicenseRef-11.00050 %", "7 Bestandteile stehen unter noch selteneren Lizenzen.",
		"Güte nach BSI TR-03183-2 2.1.0: 1 von 3 Anforderungen erfüllt", "nicht erfüllt bei 3 von 2.000fehlt etwa bei zlib 1.3",
		"Diese Stückliste konnte nicht gelesen werden: line 1: no JSON",
		"Klären Sie, welche Lizenz gilt", "keine Rechtsberatung",
	)
	contains(t, path, string(got.body),
		`href="https://gitlab.opencode.de/bund/gruppe/dienst/-/blob/`+commit+`/LICENSE"`,
		`<form class="block-small" method="post" action="/v1/dossiers?lang=de&amp;software=gitlab.opencode.de%2Fbund%2Fgruppe%2Fdienst">`,
		`href="https://gitlab.opencode.de/bund/gruppe/dienst/-/issues/new?issue%5Btitle%5D=`, `href="/licences/EUPL-1.2/"`,
		`<rect width="25" height="6"/>`, `href="/licences/?situation=combine&amp;licence=EUPL-1.2#ask"`,
	)
	_, after, _ := strings.Cut(string(got.body), `<dl class="answers">`)
	if answers, _, ok := strings.Cut(after, "</dl>"); !ok || strings.Contains(answers, "tag-good") || !strings.Contains(answers, "tag-mild") {
		t.Error("an answer that is not certain has the colour of one that is")
	}

	path = "/en/software/github.com/kiel/einig/"
	got = fetch(t, server, "GET", path)
	contains(t, path, visibleText(t, got.body), "The sources: agree", "The publiccode.yml names EUPL-1.2", "Use it within your organisation? yes", "Make the dossier")
	contains(t, path, string(got.body), "tag-good mark", `action="/v1/dossiers?lang=en&amp;software=github.com%2Fkiel%2Feinig"`)
	if strings.Contains(string(got.body), "That is not certain") || strings.Contains(string(got.body), "/issues/new") {
		t.Error("an entry whose sources agree asks for something")
	}

	path = "/software/github.com/kiel/nichts/"
	text = visibleText(t, fetch(t, server, "GET", path).body)
	contains(t, path, text, "Keine Lizenz erkennbar", "Angabe oder Text fehlt", "Ohne Lizenz ist die Nutzung grundsätzlich nicht erlaubt.", "Keine Quelle sagt etwas zur Lizenz.", "Es wurde keine Stückliste gefunden.")
	if strings.Contains(text, "Was Sie dürfen") {
		t.Error("an entry without a licence says what one may do")
	}
}

func TestJudged(t *testing.T) {
	with := func(declared string, detected ...string) *registry.Software {
		s := &registry.Software{Licence: &registry.LicenceReport{}}
		if declared != "" {
			s.Licence.Declared = &registry.LicenceEvidence{SPDX: declared}
		}
		for _, d := range detected {
			s.Licence.Detected = append(s.Licence.Detected, registry.LicenceEvidence{Source: registry.FromText, SPDX: d})
		}
		return s
	}
	readme := with("")
	readme.Licence.Detected = []registry.LicenceEvidence{{Source: registry.FromReadme, SPDX: "MIT"}}
	stored := &registry.Software{PublicCode: publiccode.PublicCode{Legal: publiccode.Legal{License: "mit or eupl-1.2"}}}
	for _, tt := range []struct {
		entry *registry.Software
		want  string
	}{
		{with("MIT", "EUPL-1.2"), "MIT"},
		{with("", "MIT", "", "MIT"), "MIT"},
		{with("", "MIT", "EUPL-1.2"), ""},
		{with(""), ""},
		{readme, ""},
		{stored, "MIT OR EUPL-1.2"},
		{&registry.Software{}, ""},
	} {
		if got := judged(tt.entry); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.entry.Licence, got, tt.want)
		}
	}
}

func TestQuestionsAboutLicences(t *testing.T) {
	server := serve(t, sample(), Options{API: true})
	ask := func(pairs ...string) string {
		v := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		return "?" + v.Encode()
	}
	for _, tt := range []struct {
		lang, query string
		says        []string
		not         string
	}{
		{"", "", []string{"Was haben Sie vor?", "Keine Rechtsberatung"}, "Antwort"},
		{"", ask("expression", "EUPL-1.2"), []string{"Schwaches Copyleft", "Wenn Sie die Software weitergeben", "Zulässig auf openCode", "keine Rechtsberatung"}, "Verstanden als"},
		{"", ask("expression", "mit OR gpl-3.0-only"), []string{"Verstanden als: MIT OR GPL-3.0-only", "Was Sie tun müssen, wenn Sie MIT wählen", "Was Sie tun müssen, wenn Sie GPL-3.0-only wählen"}, ""},
		{"/en", ask("expression", "Apache License, Version 2.0"), []string{"Understood as: Apache-2.0"}, ""},
		{"", ask("expression", "LicenseRef-Amt"), []string{"steht nicht auf der SPDX-Liste"}, ""},
		{"", ask("expression", "none"), []string{"Ohne Lizenz dürfen Sie die Software nicht nutzen"}, "Verstanden als"},
		{"", ask("expression", "MIT OR"), []string{"Am Ende des Lizenzausdrucks fehlt etwas."}, "Was Sie tun müssen"},
		{"", ask("situation", "use"), []string{"Nennen Sie mindestens eine Lizenz"}, ""},
		{"", ask("situation", "combine", "licence", "GPL-2.0-only", "licence", " ", "licence", "MIT", "into", "GPL-3.0-only"), []string{
			"nein Nein: Nicht alle Teile dürfen in das Werk eingehen.", "GPL-2.0-only in ein Werk unter GPL-3.0-only", "Quelle: OSADL Open Source License Compatibility Matrix",
		}, ""},
		{"", ask("situation", "combine", "licence", "LicenseRef-Amt", "into", "MIT"), []string{"nicht bekannt Ungeklärt"}, ""},
		{"/en", ask("situation", "combine", "licence", "MIT", "licence", "Apache-2.0"), []string{"Licences tried for the whole"}, ""},
		{"", ask("situation", "combine", "licence", "MIT", "into", "NONE"), []string{"Für das Ganze muss eine Lizenz genannt sein"}, "Schritt für Schritt"},
		{"", ask("situation", "distribute", "licence", "MIT", "into", "das gilt hier nicht"), []string{"Wer Software unter MIT weitergibt"}, ""},
		{"", ask("situation", "distribute", "licence", "Hausrecht"), []string{"Hausrecht"}, "Schritt für Schritt"},
		{"", ask("situation", "combine", "licence", strings.Repeat("MIT AND ", 150)+"MIT", "licence", strings.Repeat("ISC AND ", 150)+"ISC", "licence", strings.Repeat("ISC AND ", 150)+"ISC"), []string{"zu viele Lizenzen auf einmal"}, ""},
	} {
		path := tt.lang + "/licences/" + tt.query
		got := fetch(t, server, "GET", path)
		checkPage(t, path, got.body)
		text := visibleText(t, got.body)
		contains(t, path, text, tt.says...)
		if tt.not != "" && strings.Contains(text, tt.not) {
			t.Errorf("%s says %q", path, tt.not)
		}
		if tt.query != "" && !strings.Contains(string(got.body), "noindex") {
			t.Errorf("%s may be indexed", path)
		}
	}
	// Switching the language asks the same.
	page := string(fetch(t, server, "GET", "/licences/"+ask("expression", "MIT", "situation", "combine", "licence", "MIT", "into", "EUPL-1.2")).body)
	contains(t, "/licences/", page, `href="/en/licences/?expression=MIT&amp;into=EUPL-1.2&amp;licence=MIT&amp;situation=combine"`, `<option value="combine" selected>`)
}

func TestLicenceNumbers(t *testing.T) {
	c := sample()
	server := serve(t, c, Options{})
	page := string(fetch(t, server, "GET", "/licences/").body)
	contains(t, "/licences/", page,
		`href="/software/?verdict=conflict"`, `href="/software/?region=DE&amp;verdict=conflict"`, `href="/licences/GPL-3.0-only/"`, `href="/licences/EUPL-1.2/"`,
		"choosealicense.com", "CC-BY-4.0",
	)
	text := visibleText(t, []byte(page))
	contains(t, "/licences/", text, "1 widersprechen sich", "2 noch nicht verglichen", "Schleswig-Holstein")
	one := fetch(t, server, "GET", "/en/licences/EUPL-1.2/")
	contains(t, "EUPL-1.2", visibleText(t, one.body), "2 entries of the catalogue are under this licence.", "When you hand the software over", "Weak copyleft")
	list := string(fetch(t, server, "GET", "/software/").body)
	contains(t, "/software/", list, `<a class="tag" href="/licences/GPL-3.0-only/">`, "Lizenz widersprüchlich", `href="/software/?verdict=conflict" rel="nofollow"`)
}

func TestWrittenLicencePages(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{BaseURL: "https://example.org"}), dir)
	files := tree(t, dir)
	index := string(files["licences/index.html"])
	checkPage(t, "licences/", files["licences/index.html"])
	if strings.Contains(index, "<form class=\"ask\"") || strings.Contains(index, "verdict=") {
		t.Error("a written page asks what nobody answers")
	}
	contains(t, "licences/", visibleText(t, []byte(index)), "1 widersprechen sich", "Keine Rechtsberatung")
	for _, name := range []string{"licences/EUPL-1.2/index.html", "en/licences/GPL-3.0-only/index.html"} {
		if files[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	if files["licences/0BSD/index.html"] != nil {
		t.Error("a page about a licence that nothing leads to")
	}
	contains(t, "sitemap", string(files["sitemap.xml"]), "<loc>https://example.org/licences/</loc>", "<loc>https://example.org/en/licences/EUPL-1.2/</loc>")
	entry := string(files["software/gitlab.opencode.de/bund/gruppe/dienst/index.html"])
	contains(t, "entry", entry, "allmende dossier gitlab.opencode.de/bund/gruppe/dienst --config allmende.yml", `href="/licences/EUPL-1.2/"`)
	if strings.Contains(entry, "/v1/") || strings.Contains(entry, "/licences/?") {
		t.Error("a written entry leads to an API or a form that is not there")
	}
	var cards map[registry.ID]string
	if err := json.Unmarshal(files["search/de.json"], &cards); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(cards)), func(card string) bool {
		return strings.Contains(card, `href="/licences/EUPL-1.2/"`) && strings.Contains(card, "Lizenz widersprüchlich")
	}) {
		t.Errorf("no card with a conflict to be searched: %q", cards)
	}
}

func TestMark(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range registry.LicenceVerdicts() {
		m := newMark("de", "verdict", v)
		if m.Word == "" || m.Word == string(v) || seen[m.Sign+m.Tone] {
			t.Errorf("%s: %+v", v, m)
		}
		seen[m.Sign+m.Tone] = true
	}
	if m := newMark("en", "ask", attack); m.Tone != "mild" || m.Word == "" || m.Sign != signUnknown {
		t.Errorf("unknown: %+v", m)
	}
}
