// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// browser asks the script of the site.
type browser struct {
	dir string // of script and files
}

type answer struct {
	Entries []int
	Meant   string
	Bytes   int
	Files   []string
	Cards   []string
	Counts  map[string]int
	Error   string
}

// newBrowser writes the shards of an index; the card of an entry is its ID.
func newBrowser(t *testing.T, x *search.Index) *browser {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no node to run the script of the site with")
	}
	b := &browser{dir: t.TempDir()}
	for from, to := range map[string]string{"../../site/assets/search.js": "search.mjs", "testdata/ask.mjs": "ask.mjs"} {
		script, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(b.dir, to), script, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b.write(t, x)
	return b
}

func (b *browser) write(t *testing.T, x *search.Index) {
	t.Helper()
	for name, content := range written(t, x) {
		file := filepath.Join(b.dir, "files", name)
		err := os.MkdirAll(filepath.Dir(file), 0o700)
		if err == nil {
			err = os.WriteFile(file, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func written(t *testing.T, x *search.Index) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := x.Shards(t.Context(), []string{"de"}, func(_ string, id registry.ID) (string, error) { return string(id), nil }, nil,
		func(name string, content []byte) error {
			if _, twice := files[name]; twice {
				return fmt.Errorf("%s is written twice", name)
			}
			files[name] = bytes.Clone(content)
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// ask answers queries: text, filters, sort.
func (b *browser) ask(t *testing.T, queries []map[string]any) []answer {
	t.Helper()
	in, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(b.dir, "ask.mjs"), filepath.Join(b.dir, "search.mjs"), filepath.Join(b.dir, "files"), "de") //nolint:gosec // our own script
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	var all []answer
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// found asks one question that must not fail.
func (b *browser) found(t *testing.T, query map[string]any) answer {
	t.Helper()
	a := b.ask(t, []map[string]any{query})[0]
	if a.Error != "" {
		t.Fatalf("%v: %s", query, a.Error)
	}
	return a
}

// What the browser finds in files is about what the index finds.
func TestShards(t *testing.T) {
	x := search.New(made(500))
	b := newBrowser(t, x)
	for _, set := range []struct {
		kind  string
		texts []string
		least float64 // share of the first ten that both have, on average
		total bool    // both find as many
	}{
		{"words", []string{"portal", "Antrag", "kontrolle", "Bibliothek", "wasser", "Schule", "lizenz", "Verwaltung", "software", "archiv"}, 1, true},
		{"umlauts", []string{"gebuehr", "Gebühr", "gebuhr", "Strasse", "Straße", "AUSLÄNDER", "auslaender"}, 0.95, true},
		{"inflected", []string{"Anträge", "Bescheide", "Kontrollen", "Bibliotheken", "Genehmigungen"}, 0.9, false},
		{"parts of compounds", []string{"steuer", "kataster", "daten", "karten", "verfahren", "ausweis"}, 1, true},
		{"beginnings", []string{"biblio", "gene", "ver", "ak", "Zulass", "geb"}, 0.8, false},
		{"other words", []string{"DMS", "E-Akte", "childcare", "permit", "Formular", "OZG"}, 0.95, true},
		{"several words", []string{"portal antrag", "wasser energie", "kontrolle der Lebensmittel", "elektronische Akte", "schule plan daten", "ticket software"}, 0.9, true},
		{"excluded", []string{"antrag -steuer", "portal -wasser -schule"}, 1, true},
		{"filters", []string{"lizenz:MIT archiv", "status:stable portal", "-status:obsolete portal", "urteil:match antrag"}, 1, true},
		{"mistyped", []string{"kontrole", "Bibliohtek", "lebensmittle", "antarg", "xenehmigung", "Verwltung"}, 0.6, false},
		{"nothing", []string{"qqqqqxyz", "!!!", "-", "\""}, 1, true},
	} {
		t.Run(set.kind, func(t *testing.T) {
			var queries []map[string]any
			for _, text := range set.texts {
				queries = append(queries, map[string]any{"text": text})
			}
			sum := 0.0
			for i, a := range b.ask(t, queries) {
				page := ask(t, x, registry.Query{Text: set.texts[i], Limit: 10})
				if a.Error != "" || set.total && len(a.Entries) != page.Total {
					t.Errorf("%q: %d entries in files, %d in the index; %s", set.texts[i], len(a.Entries), page.Total, a.Error)
				}
				share := overlap(a.Cards, page)
				if share < 1 {
					t.Logf("%q: %.1f of the first ten, %d and %d entries, %q", set.texts[i], share, len(a.Entries), page.Total, a.Meant)
				}
				sum += share
			}
			if mean := sum / float64(len(set.texts)); mean < set.least {
				t.Errorf("on average %.3f of the first ten are those of the index, want %.2f", mean, set.least)
			}
		})
	}
}

// overlap is which share of results both have.
func overlap(cards []string, page registry.Page) float64 {
	both := 0
	for _, s := range page.Items {
		if slices.Contains(cards, string(s.ID)) {
			both++
		}
	}
	if n := max(len(cards), len(page.Items)); n > 0 {
		return float64(both) / float64(n)
	}
	return 1
}

// Filters, orders and counts are the same as the index has.
func TestShardsFilters(t *testing.T) {
	x := search.New(made(200))
	b := newBrowser(t, x)
	for _, q := range []registry.Query{
		{Filters: map[registry.Facet][]string{registry.FacetRegion: {"de-sh", "DE-HH"}}},
		{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}, registry.FacetStatus: {"stable"}}},
		{Filters: map[registry.Facet][]string{registry.FacetLicence: {"MIT"}}, Sort: registry.ByUpdated},
		{Text: "portal", Sort: registry.ByName},
		{Text: "portal", Sort: registry.ByUpdated, Filters: map[registry.Facet][]string{registry.FacetVerdict: {"match"}}},
		{Text: "antrag", Filters: map[registry.Facet][]string{registry.FacetCategory: {"no-such-category"}}},
		{Sort: registry.ByUpdated},
	} {
		q.Limit = 10
		page := ask(t, x, q)
		asked := map[string]any{"text": q.Text, "sort": q.Sort, "count": "licence"}
		if q.Filters != nil {
			asked["filters"] = q.Filters
		}
		a := b.found(t, asked)
		var want []string
		for _, s := range page.Items {
			want = append(want, string(s.ID))
		}
		if len(a.Entries) != page.Total || !slices.Equal(a.Cards, want) {
			t.Errorf("%+v: %d entries, %v; the index has %d, %v", q, len(a.Entries), a.Cards, page.Total, want)
		}
		if q.Filters[registry.FacetLicence] != nil {
			continue // the index counts what another choice would find
		}
		for _, c := range page.Facets[registry.FacetLicence] {
			if got := a.Counts[strings.ToLower(c.Value)]; got != c.N {
				t.Errorf("%+v: %d entries with the licence %s, the index counts %d", q, got, c.Value, c.N)
			}
		}
	}
}

// The same catalogue gives the same files, and of what changes few do.
func TestShardsAreTheSame(t *testing.T) {
	m := made(100)
	entries := m.made
	once := written(t, search.New(m))
	again := written(t, search.New(m))
	if len(once) != len(again) {
		t.Fatalf("%d files, then %d", len(once), len(again))
	}
	for name, content := range once {
		if !bytes.Equal(content, again[name]) {
			t.Errorf("%s differs", name)
		}
	}
	changed := *entries[7]
	changed.Repository.Pushed = changed.Repository.Pushed.AddDate(-2, 0, 0)
	m.made = slices.Clone(entries)
	m.made[7] = &changed
	differ := 0
	for name, content := range written(t, search.New(m)) {
		if !bytes.Equal(content, once[name]) {
			differ++
		}
	}
	if differ == 0 || differ > 2 { // orders by update, perhaps what the entry is worth
		t.Errorf("%d of %d files differ after a push to one entry", differ, len(once))
	}
}

// Files that do not fit together are not taken for results.
func TestShardsOfTwoEditions(t *testing.T) {
	b := newBrowser(t, search.New(made(100)))
	b.found(t, map[string]any{"text": "portal"})
	index := filepath.Join(b.dir, "files", "index.bin")
	old, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, search.New(made(101)))
	if err := os.WriteFile(index, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if a := b.ask(t, []map[string]any{{"text": "portal"}})[0]; !strings.HasPrefix(a.Error, "Outdated") {
		t.Errorf("an index of another edition: %+v", a)
	}
}

// Whatever texts hold, they can be written, read and found.
func TestShardsOfHostileTexts(t *testing.T) {
	texts := map[string]string{
		"nul":       "vor\x00nach",
		"broken":    "a\xff\xfe kaputtesutf \xc3",
		"long":      strings.Repeat("unendlich", 2000),
		"many":      strings.Repeat("a b c d e f ", 3000) + "zuletzt",
		"markup":    `</script><img src=x onerror=alert(1)> "spitzfindig"`,
		"far":       "\uffff\U0010ffff 𝒳𝒴𝒵 😀gesicht ﷺ",
		"joined":    "a-b.c:d_e'f*g-" + strings.Repeat("h-", 5000),
		"marks":     "z" + strings.Repeat("\u0301", 30) + "algo",
		"backwards": "\u202eumgekehrt",
		"newline":   "zeile\numbruch\r\nneu",
		"proto":     "__proto__ constructor toString",
	}
	m := &stubs{memory: newMemory()}
	for id, text := range texts {
		s := &registry.Software{ID: registry.ID("forge.example/amt/" + id)}
		s.PublicCode.Name = text
		s.PublicCode.Description = map[string]publiccode.Description{"de": {LongDescription: text}}
		s.PublicCode.Legal.License = text
		s.PublicCode.Categories = []string{text, "__proto__"}
		m.made = append(m.made, s)
	}
	slices.SortFunc(m.made, func(a, b *registry.Software) int { return strings.Compare(string(a.ID), string(b.ID)) })
	b := newBrowser(t, search.New(m))
	for text, id := range map[string]string{
		"nach": "nul", "kaputtesutf": "broken", "zuletzt": "many", "spitzfindig": "markup", "gesicht": "far",
		"zalgo": "marks", "umgekehrt": "backwards", "umbruch": "newline", "__proto__": "proto", "constructor": "proto",
	} {
		if a := b.found(t, map[string]any{"text": text}); !slices.Contains(a.Cards, "forge.example/amt/"+id) {
			t.Errorf("%q: %v, want %s", text, a.Cards, id)
		}
	}
	var queries []map[string]any
	for _, text := range texts {
		queries = append(queries, map[string]any{"text": strings.ToValidUTF8(text, ""), "filters": map[string][]string{"category": {"__proto__"}, "nonsense": {"x"}}})
	}
	for i, a := range b.ask(t, queries) {
		if a.Error != "" {
			t.Errorf("%.40q: %s", queries[i]["text"], a.Error)
		}
	}
}

// An empty catalogue has an index, too.
func TestShardsOfNothing(t *testing.T) {
	b := newBrowser(t, search.New(&stubs{memory: newMemory()}))
	if a := b.found(t, map[string]any{"text": "portal", "filters": map[string][]string{"region": {"DE"}}}); len(a.Entries) != 0 {
		t.Errorf("found %v", a.Entries)
	}
}

func TestShardsFail(t *testing.T) {
	x := search.New(made(50))
	full := errors.New("no room")
	card := func(string, registry.ID) (string, error) { return "", nil }
	err := x.Shards(t.Context(), []string{"de"}, card, nil, func(name string, _ []byte) error {
		if strings.HasPrefix(name, "cards/") {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) {
		t.Errorf("a file that cannot be written: %v", err)
	}
	err = x.Shards(t.Context(), []string{"de"}, func(string, registry.ID) (string, error) { return "", full }, nil, func(string, []byte) error { return nil })
	if !errors.Is(err, full) {
		t.Errorf("a card that cannot be made: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.Shards(ctx, nil, card, nil, func(string, []byte) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ended: %v", err)
	}
}
