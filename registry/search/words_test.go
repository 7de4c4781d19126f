// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

func TestWords(t *testing.T) {
	x := search.New(newMemory(invented()...))
	for _, test := range []struct{ text, want string }{
		// Umlauts in every spelling.
		{"Müll", "Müllkalender"},
		{"muell", "Müllkalender"},
		{"MULL", "Müllkalender"},
		{"Mu\u0308ll", "Müllkalender"},
		{"straße", "Straßenbuch"},
		{"strasse", "Straßenbuch"},
		{"STRASSEN", "Straßenbuch"},
		{"STRAẞE", "Straßenbuch"},
		{"schaden", "Straßenbuch"},
		{"Schaeden", "Straßenbuch"},
		{"cafe", "Wayfinder"},
		// Inflected words, each in the language of the text.
		{"Kind", "Kita Planer"},
		{"Behörde", "E-Akte Nord"},
		{"Gemeinde Kreis", "Bauportal"},
		{"apply", "Permit Desk, Bauportal"}, // for an Antrag
		{"application", "Permit Desk, Bauportal"},
		{"designed form", "Form Designer"},
		{"category query value", "Archive Reader"},
		// Parts of compounds.
		{"Antrag", "Bauportal, Permit Desk"},
		{"Anträge", "Bauportal, Permit Desk"},
		{"verfahren", "Bauportal"},
		{"tagesstätte", "Kita Planer"},
		{"meisterei", "Straßenbuch"},
		{"textsuche", "Archive Reader"},
		// A compound whose parts stand alone in the text.
		{"Hundeanmeldung", "Hundesteuer"},
		{"Papierabfuhr", "Müllkalender"},
		// Beginnings.
		{"wa", "Wayfinder"},
		{"gen for", "Form Designer"},
		{"volltexts", "Archive Reader"},
		{"w", ""},
		// Typing errors.
		{"wayfindr", "Wayfinder"},
		{"wyafinder", "Wayfinder"},
		{"Hundestuer", "Hundesteuer"},
		{"Kindertagestäten", "Kita Planer"},
		{"xyayfinder", "Wayfinder"},
		{"xyzayfinder", ""},
		{"kta", ""}, // too short for an error
		// Joints.
		{"E-Akte", "E-Akte Nord"},
		{"eakte", "E-Akte Nord"},
		{"e akte", "E-Akte Nord"},
		{"Bürgerinnen", "Hundesteuer"},
		{"Bürger*innen", "Hundesteuer"},
		{"node.js", "Form Designer"},
		{"nodejs", "Form Designer"},
		{"low code", "Form Designer"},
		{"Rou\u00adting", "Wayfinder"},
		// The lesser fields.
		{"postgis", "Wayfinder"},
		{"Feuerwehr Musterstadt", "Wayfinder"},
		{"rathaus24", "Permit Desk"},
		{"Landeshauptstadt", "Permit Desk"},
		{"Archivleser", "Archive Reader"},
		// All words must be found; those that say nothing need not.
		{"Müll Papier", "Müllkalender"},
		{"Müll Wayfinder", ""},
		{"Kalender für den Müll", "Müllkalender"},
		{"forms with the schema", "Form Designer"},
		{"kohlrabi", ""}, // stands in an address only
		{"Zahnrad", ""},
	} {
		page := ask(t, x, registry.Query{Text: test.text})
		if got := strings.Join(names(page), ", "); got != test.want {
			t.Errorf("%q finds %q, want %q", test.text, got, test.want)
		}
		if page.Total != len(page.Items) {
			t.Errorf("%q: total %d of %d entries", test.text, page.Total, len(page.Items))
		}
	}
}

func TestRanking(t *testing.T) {
	for _, test := range []struct {
		text string
		all  []*registry.Software // in the order wanted
	}{
		{"antrag", []*registry.Software{
			german("Antrag", "", ""),
			german("Antrag Plus", "", ""),
			german("Anträge", "", ""),
			german("Bauantrag", "", ""), // an Antrag; the next is a portal
			german("Antragsportal", "", ""),
			german("Zum Ersten", "Der Antrag.", ""),
			german("Zum Vierten", "Der Bauantrag.", ""),
			german("Zum Zweiten", "Das Antragsverfahren", ""),
			german("Zum Dritten", "", "Der Antrag."),
			german("Zum Fünften", "", "Der Bauantrag."),
		}},
		{"karte", []*registry.Software{ // name, short, topics, long, publisher
			german("Karte", "", ""),
			german("A", "Karte", ""),
			func() *registry.Software {
				s := german("B", "", "")
				s.Repository.Topics = []string{"karte"}
				return s
			}(),
			german("C", "", "Karte"),
			func() *registry.Software {
				s := german("D", "", "")
				s.Publisher.Name = "Amt Karte"
				return s
			}(),
		}},
		{"Plan, Karte!", []*registry.Software{german("Plan Karte", "", ""), german("Karte und Plan", "", "Plan karte")}},
		{"plan", []*registry.Software{german("A", "Plan", "Plan"), german("B", "Plan", ""), german("C", "Plan", "")}},
	} {
		x := search.New(newMemory(test.all...))
		var want []string
		for _, s := range test.all {
			want = append(want, s.PublicCode.Name)
		}
		if diff := cmp.Diff(want, names(ask(t, x, registry.Query{Text: test.text}))); diff != "" {
			t.Errorf("order for %q (-want +got):\n%s", test.text, diff)
		}
	}
}

// A typing error is forgiven only where the word itself is nowhere, and more of
// them only where fewer find nothing.
func TestTypingErrorsComeLast(t *testing.T) {
	x := search.New(newMemory(
		german("Karte", "", ""), german("Karre", "", ""), german("Regenmesser", "", ""), german("Regenmessen", "", "")))
	for text, want := range map[string][]string{
		"karte":       {"Karte"},
		"karxe":       {"Karre", "Karte"},
		"akrte":       {"Karte"}, // swapped: one error
		"kxrxe":       nil,
		"regenmessxr": {"Regenmesser", "Regenmessen"}, // the other is a form of the first
		"regxnmessxr": {"Regenmesser", "Regenmessen"},
		"regenmessxx": {"Regenmessen", "Regenmesser"},
	} {
		if got := names(ask(t, x, registry.Query{Text: text})); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", text, got, want)
		}
	}
}

func TestOddQueries(t *testing.T) {
	x := search.New(newMemory(invented()...))
	for _, test := range []struct {
		text string
		want int
	}{
		{"", 10},
		{" \t\n ", 10},
		{"!!!", 0},
		{"\x00", 0},
		{"🙂", 0},
		{"\xff\xfe", 0},
		{"-.-", 0},
		{"\u0301", 0},
		{"\u00ad", 0},
		{"müll 🙂 \x00 !!", 1},
		{"müll\x00", 1},
		{"\xffmüll", 1},
		{strings.Repeat("müll ", 2000), 1},
		{strings.Repeat("a", 10_000), 0},
		{strings.Repeat("ü", 10_000), 0},
		{strings.Repeat("a-", 5_000), 1}, // "from a schema"
		{strings.Repeat("🙂", 2_500), 0},
		{strings.Repeat("(", 10_000) + "müll", 0}, // beyond the bound
		{"müll" + strings.Repeat(" ", 10_000) + "nowhere", 1},
		{strings.Repeat("müll ", 16) + "nowhere", 1}, // the 17th word
		{"der die das", 0},
		{"' OR 1=1 --", 0},
		{"a* \"b\" ~c^2", 0},
		{"%", 0},
	} {
		if got := ask(t, x, registry.Query{Text: test.text}).Total; got != test.want {
			t.Errorf("%.40q finds %d, want %d", test.text, got, test.want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"", "Bauantrag", "E-Akte ä\u0308 ß", "a-b.c'd\x00e", "\xff\xfeü", "ǅ ﬃ ẞ İ ı", "ae oe ue aee quee"} {
		f.Add(s, s)
	}
	base := invented()
	f.Fuzz(func(t *testing.T, text, query string) {
		s := german("Fuzz "+text, text, query)
		x := search.New(newMemory(append(base, s)...))
		page, err := x.Search(t.Context(), registry.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != len(page.Items) {
			t.Errorf("total %d of %d", page.Total, len(page.Items))
		}
		// A text is found by itself, unless it is more than words as a query.
		found := func(q string) bool {
			p := ask(t, x, registry.Query{Text: q, Limit: 100})
			return slices.ContainsFunc(p.Items, func(i *registry.Software) bool { return i.ID == s.ID })
		}
		if len(query) < 60 && !strings.ContainsAny(query, `-:"„“”«»`) && strings.ContainsFunc(query, func(r rune) bool { return r >= 'a' && r <= 'z' }) && !found(query) {
			t.Errorf("%q is not found by itself", query)
		}
	})
}
