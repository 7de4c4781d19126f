// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

// mayLack is how many of the words need not be found where few entries have them
// all: one of three, fillers among them, and one of each three more, but never
// all that are no fillers.
func (q *question) mayLack() int {
	words, telling := 0, 0
	for i := range q.wanted {
		c := &q.wanted[i]
		if c.phrase || stopWords[c.words[0][0]] {
			return 0
		}
		if words += len(c.words); !c.filler {
			telling++
		}
	}
	return max(0, min(words/3, telling-1))
}

// few are so many entries as make nobody look further.
const few = 3

// relaxed is what matches a question, and where that are only few, what lacks as
// few of its words as possible, no more than may lack, and counts about as much.
func (v *view) relaxed(matching []bitset) []bitset {
	whole, loose := matching, false
	for n := 1; n <= v.asked.mayLack() && sizeOf(matching) < few; n++ {
		matching, loose = v.lacking(n), true
	}
	for c, r := range v.clauses {
		if v.asked.mayLack() == 0 && !v.asked.wanted[c].filler {
			continue
		}
		for i := range v.layers {
			for doc := range matching[i].all {
				if !r[i].docs.has(doc) {
					r[i].points[doc] = 0
				}
			}
		}
	}
	if !loose {
		return matching
	}
	most := int64(0)
	for i, all := range matching {
		for doc := range all.all {
			most = max(most, v.counted(i, doc))
		}
	}
	for i, all := range matching {
		for doc := range all.all {
			if !whole[i].has(doc) && 2*v.counted(i, doc) < most {
				all[doc>>6] &^= 1 << (doc & 63)
			}
		}
	}
	return matching
}

// either are the entries with any of the words that are no fillers.
func (v *view) either() []bitset {
	var all []bitset
	for i, l := range v.layers {
		some := newBitset(len(l.docs))
		for c, r := range v.clauses {
			if !v.asked.wanted[c].filler {
				some.or(r[i].docs)
			}
		}
		for _, r := range v.clauses {
			for doc := range some.all {
				if !r[i].docs.has(doc) {
					r[i].points[doc] = 0
				}
			}
		}
		all = append(all, some)
	}
	return all
}

func sizeOf(matching []bitset) int {
	n := 0
	for _, b := range matching {
		n += b.count()
	}
	return n
}

// counted is what all that clauses have found in an entry counts.
func (v *view) counted(layer int, doc uint32) int64 {
	sum := int64(0)
	for c, r := range v.clauses {
		sum += int64(r[layer].points[doc]) * int64(v.factors[c])
	}
	return sum
}

// lacking are the entries that all clauses but n have found.
func (v *view) lacking(n int) []bitset {
	var all []bitset
	for i, l := range v.layers {
		over := make([]bitset, n+1) // what lacks more than so many
		for k := range over {
			over[k] = newBitset(len(l.docs))
		}
		living := l.living()
		for c, r := range v.clauses {
			if v.asked.wanted[c].filler {
				continue
			}
			for w, docs := range r[i].docs {
				lacks := living[w] &^ docs
				for k := n; k > 0; k-- {
					over[k][w] |= over[k-1][w] & lacks
				}
				over[0][w] |= lacks
			}
		}
		living.andNot(over[n])
		all = append(all, living)
	}
	return all
}
