// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	_ "embed" // synonyms.txt
	"slices"
	"strings"
)

//go:embed synonyms.txt
var synonymsFile string

// synonymGroups are words for the same, each as its folded parts; a group is
// found by the parts of each, with blanks between them. Further forms of a word
// are found by their stems. What stands in brackets finds the others but is not
// found by them, for it means other things as well.
type synonymGroups struct {
	groups  [][]otherWord
	byWords map[string][]int // by the words, and by their German and English stems
	longest int              // in words
}

type otherWord struct {
	words     []string
	ambiguous bool
}

var synonymData = readSynonyms(synonymsFile)

func readSynonyms(file string) synonymGroups {
	s := synonymGroups{byWords: map[string][]int{}}
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		var group []otherWord
		for term := range strings.SplitSeq(line, ",") {
			var words []string
			for parts := range split(term) {
				words = append(words, strings.Join(parts, ""))
			}
			if len(words) > 0 {
				group = append(group, otherWord{words, strings.Contains(term, "(")})
			}
		}
		n := len(s.groups)
		s.groups = append(s.groups, group)
		for _, one := range group {
			s.longest = max(s.longest, len(one.words))
			for _, key := range synonymKeys(one.words) {
				if !slices.Contains(s.byWords[key], n) {
					s.byWords[key] = append(s.byWords[key], n)
				}
			}
		}
	}
	return s
}

// synonymKeys are what words are found by: as they are and stemmed. Short ones
// are abbreviations mostly, which have no other form.
func synonymKeys(words []string) []string {
	key := func(in language) string {
		all := make([]string, len(words))
		for i, w := range words {
			all[i] = plain(w)
			if len(w) > 4 && in != otherText {
				all[i] = stem(all[i], in)
			}
		}
		return strings.Join(all, " ")
	}
	keys := []string{key(otherText), key(germanText), key(englishText)}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// of are the other words for the same.
func (s *synonymGroups) of(words []string) [][]string {
	var all [][]string
	for _, key := range synonymKeys(words) {
		for _, n := range s.byWords[key] {
			for _, other := range s.groups[n] {
				if !other.ambiguous && !slices.Equal(other.words, words) && !slices.ContainsFunc(all, func(a []string) bool { return slices.Equal(a, other.words) }) {
					all = append(all, other.words)
				}
			}
		}
	}
	return all
}

// withSynonyms adds to words what else is said for them; several words that
// have one other word together become one clause.
func withSynonyms(all []clause) []clause {
	var out []clause
	for len(all) > 0 {
		c, n := longestSynonym(all)
		out = append(out, c)
		all = all[n:]
	}
	return out
}

// longestSynonym is the longest row of words at the beginning of clauses that
// has synonyms, as one clause, and how many words it is; else the first clause.
func longestSynonym(all []clause) (clause, int) {
	for size := min(synonymData.longest, len(all)); size >= 1; size-- {
		row := all[:size]
		if slices.ContainsFunc(row, func(c clause) bool { return c.phrase }) {
			continue
		}
		c := clause{last: row[size-1].last}
		var words, written []string
		for _, one := range row {
			words, written = append(words, strings.Join(one.words[0], "")), append(written, one.written)
			c.words = append(c.words, one.words[0])
		}
		if c.synonyms = synonymData.of(words); c.synonyms != nil {
			c.written = strings.Join(written, " ")
			return c, size
		}
	}
	return all[0], 1
}
