// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/binary"
	"maps"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// draft is a segment in the making: entries with the stream of their words.
//
// The stream of an entry has a uvarint a word: the term, and whether it is the
// whole of a word with joints, whose parts came before it and which takes no
// place of its own. Numbers below fields say that another text begins, and what
// field it is in.
type draft struct {
	*terms
	docs   []doc
	stream []byte
	starts []uint32 // of each entry in stream; one more at the end
	values [facets]column
	names  map[string]string // of publishers by their key

	read  readings  // what was made of words, as they stand in the texts
	shown []written // of terms, from the first on
}

// terms are the words of drafts that are to become one, each in the texts of a
// language.
type terms struct {
	mu     sync.Mutex
	words  []string // of each term
	spoken []language
	number [languages]map[string]uint32
}

// written is the spelling of a term that is the most frequent, and how many
// times it was seen; 0 where that is no longer known.
type written struct {
	as    string // "" for none
	times uint32
}

// or is the more frequent of two spellings.
func (w written) or(other written) written {
	if other.as != "" && (w.as == "" || other.times > w.times || other.times == w.times && other.times > 0 && other.as < w.as) {
		return other
	}
	return w
}

func newDraft() *draft { return newDraftOf(new(terms)) }

func newDraftOf(t *terms) *draft {
	return &draft{terms: t, starts: []uint32{0}, names: map[string]string{}, read: newReadings()}
}

// code makes the number in a stream of a term, decode takes it apart.
func code(term uint32, joined bool) uint32 {
	c := term<<1 + uint32(fields)
	if joined {
		c++
	}
	return c
}

func decode(code uint32) (term uint32, joined bool) {
	code -= uint32(fields)
	return code >> 1, code&1 != 0
}

func (d *draft) put(s *registry.Software) {
	d.docs = append(d.docs, newDoc(s))
	for f, all := range valuesOf(s) {
		d.values[f].put(all)
	}
	d.names[filterKey(s.Publisher.ID)] = s.Publisher.Name
	d.putTexts(s)
	d.starts = append(d.starts, uint32(len(d.stream)))
}

// text enters the words of a text of the last entry.
func (d *draft) text(f field, text string, in language) {
	d.stream = append(d.stream, byte(f))
	var sights [someSights]sight
	for n := len(sights); n == len(sights); {
		for n = 0; n < len(sights); n++ {
			start, end := nextWord(text)
			if start < 0 {
				break
			}
			sights[n] = d.read.see(text[start:end], in)
			text = text[end:]
		}
		d.read.touch(sights[:n])
		for _, s := range sights[:n] {
			codes, ok := d.read.of(s)
			if !ok {
				codes = d.codes(partsOf(s.word), in)
				if len(s.word) <= 2*maxWord {
					d.read.add(s, codes)
				}
			}
			d.stream = append(d.stream, codes...)
		}
	}
}

// codes are what stands for a word in a stream.
func (d *draft) codes(parts []string, in language) []byte {
	var codes []byte
	for _, p := range parts {
		codes = binary.AppendUvarint(codes, uint64(code(d.term(p, in), false)))
	}
	if whole := strings.Join(parts, ""); len(parts) > 1 && len(whole) <= maxWord {
		codes = binary.AppendUvarint(codes, uint64(code(d.term(whole, in), true)))
	}
	return codes
}

func (all *terms) term(word string, in language) uint32 {
	all.mu.Lock()
	defer all.mu.Unlock()
	t, ok := all.number[in][word]
	if !ok {
		if all.number[in] == nil {
			all.number[in] = map[string]uint32{}
		}
		word = strings.Clone(word)
		t = uint32(len(all.words))
		all.number[in][word] = t
		all.words = append(all.words, word)
		all.spoken = append(all.spoken, in)
	}
	return t
}

// show notes a spelling of a term.
func (d *draft) show(t uint32, as written) {
	d.widen()
	d.shown[t] = d.shown[t].or(as)
}

// widen makes room for the spellings of all terms.
func (d *draft) widen() {
	if n := len(d.words) - len(d.shown); n > 0 {
		d.shown = append(d.shown, make([]written, n)...)
	}
}

// texts are the entries of a segment with their words.
type texts struct {
	terms  int
	term   func(uint32) (string, language)
	shown  func(uint32) written
	docs   []doc
	stream []byte
	starts []uint32
	values *[facets]column
	names  map[string]string
	dead   bitset // nil for none
}

// take takes over all entries that are not dead.
func (d *draft) take(from texts) {
	maps.Copy(d.names, from.names)
	as := make([]uint32, from.terms) // one more than the term; 0 is not taken yet
	for n := range from.docs {
		if from.dead != nil && from.dead.has(uint32(n)) {
			continue
		}
		d.docs = append(d.docs, from.docs[n])
		for f := range d.values {
			d.values[f].take(&from.values[f], uint32(n))
		}
		for b := from.stream[from.starts[n]:from.starts[n+1]]; len(b) > 0; {
			c, size := uvarint(b)
			b = b[size:]
			if c < uint32(fields) {
				d.stream = append(d.stream, byte(c))
				continue
			}
			t, joined := decode(c)
			if as[t] == 0 {
				as[t] = d.term(from.term(t)) + 1
				d.show(as[t]-1, from.shown(t))
			}
			d.stream = binary.AppendUvarint(d.stream, uint64(code(as[t]-1, joined)))
		}
		d.starts = append(d.starts, uint32(len(d.stream)))
	}
}

// join makes one of drafts with the same terms, which are settled.
func join(drafts []*draft) *draft {
	d := drafts[0]
	for _, other := range drafts[1:] {
		maps.Copy(d.names, other.names)
		d.docs = append(d.docs, other.docs...)
		for f := range d.values {
			d.values[f].join(&other.values[f])
		}
		at := uint32(len(d.stream))
		d.stream = append(d.stream, other.stream...)
		for _, start := range other.starts[1:] {
			d.starts = append(d.starts, at+start)
		}
		for t, as := range other.shown {
			d.shown[t] = d.shown[t].or(as)
		}
	}
	return d
}

// settle finds the most frequent spellings of the terms, when all entries are
// read, also into other drafts.
func (d *draft) settle() {
	d.widen()
	d.read.each(func(_, times uint32, _ language, codes, word []byte) {
		t, joined, n := uint32(0), false, 0
		for len(codes) > 0 {
			c, size := uvarint(codes)
			t, joined = decode(c)
			codes = codes[size:]
			n++
		}
		if n == 0 || n > 1 && !joined {
			return
		}
		if w := &d.shown[t]; times > w.times || times == w.times && string(word) < w.as {
			*w = written{string(word), times}
		}
	})
	d.read = readings{}
}
