// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// TestAnyWord: where one word is enough, what has more of them comes first, words that
// say nothing find nothing, and pages go together.
func TestAnyWord(t *testing.T) {
	x := search.New(newMemory(municipal()...))
	for _, test := range []struct{ text, want string }{
		{"Hunde Steuer Zahnrad Winter", "Hundesteuer, Streuplan"},
		{"Zahnrad", ""},
		{"Winter Ausleihe Bibliotheken Katalog", "Bücherwurm, Streuplan"},
		{"Software für die Verwaltung digital Winter", "Streuplan"},
	} {
		q := registry.Query{Text: test.text, AnyWord: true, Explain: true, Counted: []registry.Facet{}}
		page, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if have := strings.Join(names(page), ", "); have != test.want || len(page.Reasons) != len(page.Items) {
			t.Errorf("%s finds %q, want %q", test.text, have, test.want)
		}
		if q.Limit = 1; page.Total < 2 {
			continue
		}
		first := ask(t, x, q)
		q.After = first.Next
		if second := ask(t, x, q); strings.Join(append(names(first), names(second)...), ", ") != test.want {
			t.Errorf("%s: page by page %v and %v", test.text, names(first), names(second))
		}
		q.AnyWord = false
		if _, err := x.Search(t.Context(), q); err == nil {
			t.Errorf("%s: the cursor is taken for another search", test.text)
		}
	}
}
