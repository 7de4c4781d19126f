// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", `"a b" -c`, `lizenz:"EUPL 1.2" -land:SH`, "„a“ «b» »c«", `"`, `-"`, "a:b:c", "lizenz:", ":", "--a", "-lizenz:x",
		"elektronische akte", "Sie\u00adben", strings.Repeat(`"a`, 50), "land:\x00", "\xff\"\xfe\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := parse(text)
		words := len(q.filters)
		for _, c := range slices.Concat(q.wanted, q.unwanted) {
			words += len(c.words)
			if len(c.words) == 0 {
				t.Errorf("%q: an empty clause", text)
			}
			for _, w := range c.words {
				if len(w) == 0 || slices.Contains(w, "") {
					t.Errorf("%q: an empty word in %q", text, c.words)
				}
			}
		}
		if words > maxWords+1 {
			t.Errorf("%q: %d words", text, words)
		}
		for _, w := range q.filters {
			if w.value == "" && !strings.ContainsAny(text, `"“”«»`) {
				t.Errorf("%q: a filter without value", text)
			}
			if !slices.Contains(registry.AllFacets(), w.facet) {
				t.Errorf("%q: a filter of %q", text, w.facet)
			}
		}
	})
}

// The names of filters are written the way they are looked up, and every facet
// has one.
func TestFilterNames(t *testing.T) {
	for name := range filterNames {
		if strings.ReplaceAll(fold(name), "-", "") != name {
			t.Errorf("%q is never found: it is looked up as %q", name, fold(name))
		}
	}
	for _, f := range registry.AllFacets() {
		found := false
		for _, g := range filterNames {
			found = found || f == g
		}
		if !found {
			t.Errorf("no filter in texts for %s", f)
		}
	}
	for f, values := range said {
		for written := range values {
			if bare(written) != written {
				t.Errorf("%s: %q is never found: it is looked up as %q", nameOf(f), written, bare(written))
			}
		}
	}
}

// The lists of our own are well formed: no word stands in two groups that are
// not meant for it, none alone.
func TestSynonymGroups(t *testing.T) {
	if n := len(synonymData.groups); n < 120 {
		t.Errorf("%d groups", n)
	}
	home := map[string]int{}
	for i, g := range synonymData.groups {
		if len(g) < 2 {
			t.Errorf("%v stand alone", g)
		}
		for _, one := range g {
			key := strings.Join(one.words, " ")
			if j, ok := home[key]; ok {
				t.Errorf("%q stands in two groups: with %v and with %v", key, synonymData.groups[j][0].words, g[0].words)
			}
			home[key] = i
		}
	}
}
