// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import "encoding/binary"

// field is a group of an entry's texts that count the same.
type field uint8

const (
	nameField      field = iota // name, localisedName
	genericField                // genericName, applicationSuite
	shortField                  // shortDescription
	featureField                // features
	topicField                  // categories, topics of the repository
	longField                   // longDescription
	publisherField              // publisher, organisation, usedBy
	technicalField              // dependencies, supports, path and description of the repository
	fields
)

// weight is how much a word in the field counts.
var weight = [fields]int{16, 9, 8, 6, 5, 4, 3, 2}

// fieldNames are what a RankReason calls the fields.
var fieldNames = [fields]string{"name", "generic", "short", "features", "topics", "long", "publisher", "technical"}

// where is the set of fields that have a word, a bit for each.
type where uint8

// weights is by where the weight of a word that stands there: that of the best
// field, and a quarter of the others'.
var weights = func() (all [256]uint16) {
	for w := range all {
		best, sum := 0, 0
		for f, n := range weight {
			if w>>f&1 != 0 {
				best, sum = max(best, n), sum+n
			}
		}
		all[w] = uint16(best*4 + (sum - best))
	}
	return all
}()

// postings lists for each term of a segment the entries that have it, in order:
// their number, then for each the distance from the one before and a byte that
// says where. The numbers are uvarints.
type postings struct {
	bytes  []byte
	starts []uint32 // of each term; see newPostings for their order
}

// count is how many entries have the term, dead ones among them.
func (p *postings) count(term uint32) int {
	n, _ := uvarint(p.bytes[p.starts[term]:])
	return int(n)
}

// list is how many entries have the term, and the rest of its list.
func (p *postings) list(term uint32) (count uint32, rest []byte) {
	b := p.bytes[p.starts[term]:]
	count, n := uvarint(b)
	return count, b[n:]
}

// ahead is how many places in memory are asked for before they are needed.
const ahead = 16

// touch asks for the lists of some terms, so that memory is waited for by all of
// them together: most lists are short and lie far apart. What it returns means
// nothing, but that the compiler does not leave it out.
func (p *postings) touch(terms []uint32) uint32 {
	n := uint32(0)
	for _, t := range terms {
		n += uint32(p.bytes[p.starts[t]])
	}
	return n
}

// each calls do for the entries that have the term.
func (p *postings) each(term uint32, do func(doc uint32, at where)) {
	count, b := p.list(term)
	doc := uint32(0)
	for range count {
		gap, n := uvarint(b)
		doc += gap
		do(doc, where(b[n]))
		b = b[n+1:]
	}
}

// any reports whether an entry that is not dead has the term.
func (p *postings) any(term uint32, dead bitset) bool {
	count, b := p.list(term)
	doc := uint32(0)
	for range count {
		gap, n := uvarint(b)
		if doc += gap; !dead.has(doc) {
			return true
		}
		b = b[n+1:]
	}
	return false
}

// uvarint reads a number and says how many bytes it takes.
func uvarint(b []byte) (n uint32, size int) {
	switch {
	case b[0] < 0x80:
		return uint32(b[0]), 1
	case b[1] < 0x80:
		return uint32(b[0])&0x7f | uint32(b[1])<<7, 2
	case b[2] < 0x80:
		return uint32(b[0])&0x7f | uint32(b[1])&0x7f<<7 | uint32(b[2])<<14, 3
	}
	long, size := binary.Uvarint(b)
	return uint32(long), size
}

func sizeOfUvarint(n uint32) uint32 {
	size := uint32(1)
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}
