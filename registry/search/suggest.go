// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/allmende-registry/allmende/registry"
)

// meant is the text that was probably meant where it found so few: each word
// that no entry has is replaced by the nearest that entries have. It is "" where
// there is nothing to replace.
func (v *view) meant(found int) string {
	if !v.asked.plainText() {
		return ""
	}
	var words []string
	changed := false
	for i := range v.asked.wanted {
		c := &v.asked.wanted[i]
		word := strings.Join(c.words[0], "")
		if len(c.words) > 1 || c.synonyms != nil || v.hasWord(word) || v.hasWord(plain(word)) || v.inflected(word) {
			words = append(words, c.written)
			continue
		}
		near := v.near(word)
		if len(near) == 0 {
			words = append(words, c.written)
			continue
		}
		best := v.likeliest(near)
		if best == "" {
			words = append(words, c.written)
			continue
		}
		words = append(words, v.written(best))
		changed = true
	}
	if !changed || found > 0 && len(words) == 0 {
		return ""
	}
	return strings.Join(words, " ")
}

// likeliest is the word that most entries have, or else the first that is found
// in another way; "" for none.
func (v *view) likeliest(near []string) string {
	best, most := "", 0
	for _, w := range near {
		if n := v.spread(w); n > most {
			best, most = w, n
		}
	}
	if best == "" {
		v.explain = false
		if i := slices.IndexFunc(near, func(w string) bool { return v.any(v.meaning(w)) }); i >= 0 {
			best = near[i]
		}
		v.explain = v.q.Explain
	}
	return best
}

// inflected reports whether entries have another form of a word, or longer
// words with it.
func (v *view) inflected(word string) bool {
	f := v.formsOf(word)
	for _, l := range v.layers {
		found := false
		met := func(t uint32, _ kind) { found = found || l.any(t, l.dead) }
		v.itself(l, &f, exact, stemmed, met)
		if v.longer(l, &f, 3, prefix, compoundPart, met); found {
			return true
		}
		if v.within(l, &f, compoundPart, compound, inside, met); found {
			return true
		}
	}
	return false
}

// spread is how many entries have a word.
func (c *catalogue) spread(word string) int {
	n := 0
	for _, l := range c.layers {
		if w, ok := l.vocabulary.number[word]; ok {
			for _, t := range l.terms(w) {
				n += l.spread(t)
			}
		}
	}
	return n
}

// written is a word the way it is written mostly.
func (c *catalogue) written(word string) string {
	for _, l := range c.layers {
		if w, ok := l.vocabulary.number[word]; ok {
			return l.vocabulary.written(w)
		}
	}
	return word
}

// The bounds of Suggest.
const (
	maxSuggestions = 20
	maxTyped       = 200 // bytes of text that are looked at
)

// Suggest tells how what is being typed may go on: names of entries that begin
// with it, and words that its last word may become, each with what is before
// it. At most n are given, half of them names if there are so many; n is bounded
// by 20.
func (x *Index) Suggest(ctx context.Context, typed string, n int) ([]registry.Suggestion, error) {
	typed = strings.TrimLeftFunc(cut(typed, maxTyped), unicode.IsSpace)
	n = min(n, maxSuggestions)
	if typed == "" || n < 1 {
		return nil, nil
	}
	if err := x.Refresh(ctx); err != nil {
		return nil, err
	}
	c := x.catalogue.Load()
	s := newSearch(c, germanText)
	defer s.release()

	words := s.words(typed, n)
	named := s.named(nameKey(typed), n)
	if other := plain(nameKey(typed)); other != nameKey(typed) {
		named = append(named, s.named(other, n)...)
	}
	var all []registry.Suggestion
	for _, p := range named {
		if len(all) == max(n-len(words), (n+1)/2) {
			break
		}
		e, err := x.source.Get(ctx, p.ID)
		switch {
		case err == nil:
			if begins(e.PublicCode.Name, typed) {
				all = append(all, registry.Suggestion{Text: e.PublicCode.Name, ID: e.ID, N: 1})
			}
		case !registry.Absent(err):
			return nil, fmt.Errorf("suggest: %w", err)
		}
	}
	return append(all, words[:min(len(words), n-len(all))]...), nil
}

// twoLetters writes umlauts and their like as two letters.
var twoLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa")

// begins reports whether something written may be what is being typed, in
// either spelling of umlauts.
func begins(written, typed string) bool {
	key := nameKey(typed)
	return strings.HasPrefix(nameKey(written), key) || strings.HasPrefix(nameKey(twoLetters.Replace(strings.ToLower(written))), key)
}

// named are the first entries whose names begin with something.
func (s *search) named(beginning string, n int) []place {
	var all []place
	if beginning == "" {
		return nil
	}
	for _, l := range s.layers {
		from := sort.Search(len(l.byName), func(i int) bool { return l.docs[l.byName[i]].name >= beginning })
		for k, left := from, n; k < len(l.byName) && left > 0; k++ {
			d := &l.docs[l.byName[k]]
			if !strings.HasPrefix(d.name, beginning) {
				break
			}
			if !l.dead.has(l.byName[k]) {
				all = append(all, place{Name: d.name, ID: d.id})
				left--
			}
		}
	}
	slices.SortFunc(all, compare)
	return all[:min(len(all), n)]
}

// words are those that the last word may become, the most frequent first.
func (s *search) words(typed string, n int) []registry.Suggestion {
	cutAt := strings.LastIndexFunc(typed, unicode.IsSpace) + 1
	before, last := typed[:cutAt], strings.Join(partsOf(typed[cutAt:]), "")
	if len(last) < 2 || strings.ContainsFunc(typed[cutAt:], func(r rune) bool { return !inWord(r) && !strings.ContainsRune(joints, r) }) {
		return nil
	}
	type word struct {
		text string
		n    int
	}
	counts := map[string]int{}
	forms := []string{last}
	if p := plain(last); p != last {
		forms = append(forms, p)
	}
	for _, l := range s.layers {
		for _, form := range forms {
			from, to := l.beginning(form)
			for w := from; w < to; w++ {
				for _, t := range l.terms(w) {
					// The paths of repositories are no words to go on with.
					l.each(t, func(doc uint32, at where) {
						if at != 1<<technicalField && !l.dead.has(doc) {
							counts[l.word(w)]++
						}
					})
				}
			}
		}
	}
	var all []word
	for w, n := range counts {
		if w != last && !stopWords[w] {
			all = append(all, word{w, n})
		}
	}
	slices.SortFunc(all, func(a, b word) int {
		return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.text, b.text))
	})
	var out []registry.Suggestion
	stems := map[string]bool{}
	for _, w := range all {
		if len(out) == n {
			break
		}
		as := s.written(w.text)
		if !begins(as, last) {
			continue
		}
		st := stem(w.text, germanText)
		if stems[st] {
			continue // another form of one above
		}
		stems[st] = true
		out = append(out, registry.Suggestion{Text: before + as, N: w.n})
	}
	return out
}
