// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/binary"
	"maps"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// draft is a segment in the making: entries with the stream of their words.
//
// The stream of an entry has a uvarint a word: the term, and whether it is the
// whole of a word with joints, whose parts came before it and which takes no
// place of its own. Numbers below fields say that another text begins, and what
// field it is in.
type draft struct {
	words  []string // of each term
	spoken []language
	number map[spokenWord]uint32
	docs   []doc
	stream []byte
	starts []uint32 // of each entry in stream; one more at the end
	values [facets]column
	names  map[string]string // of publishers by their key

	read    [languages]map[string]*readWord // what was made of words, as they stand in the texts
	recent  []*readWord                     // some of them, by hash: few enough to stay in the processor
	written map[string]string               // the spellings of words that are the most frequent
}

type spokenWord struct {
	word string
	in   language
}

// readWord is what became of a word as it stands in texts.
type readWord struct {
	as    string
	in    language
	codes []uint32 // for the stream
	times int
}

func newDraft() *draft {
	return &draft{
		number: map[spokenWord]uint32{}, starts: []uint32{0}, names: map[string]string{},
		recent: make([]*readWord, 1<<13), written: map[string]string{},
	}
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
	for {
		start, end := nextWord(text)
		if start < 0 {
			return
		}
		r := d.readOf(text[start:end], in)
		r.times++
		for _, c := range r.codes {
			d.stream = binary.AppendUvarint(d.stream, uint64(c))
		}
		text = text[end:]
	}
}

// readOf is what becomes of a word as it stands in a text.
func (d *draft) readOf(w string, in language) *readWord {
	recent := &d.recent[(hashOf(w)+uint64(in))%uint64(len(d.recent))]
	if r := *recent; r != nil && r.as == w && r.in == in {
		return r
	}
	r := d.read[in][w]
	if r == nil {
		// Its own copy: a word must not keep a whole text in memory.
		r = &readWord{as: strings.Clone(w), in: in, codes: d.codes(partsOf(w), in)}
		if len(w) > 2*maxWord {
			return r
		}
		if d.read[in] == nil {
			d.read[in] = map[string]*readWord{}
		}
		d.read[in][r.as] = r
	}
	*recent = r
	return r
}

func (d *draft) codes(parts []string, in language) []uint32 {
	codes := make([]uint32, 0, len(parts)+1)
	for _, p := range parts {
		codes = append(codes, code(d.term(p, in), false))
	}
	if whole := strings.Join(parts, ""); len(parts) > 1 && len(whole) <= maxWord {
		codes = append(codes, code(d.term(whole, in), true))
	}
	return codes
}

func (d *draft) term(word string, in language) uint32 {
	t, ok := d.number[spokenWord{word, in}]
	if !ok {
		word = strings.Clone(word)
		t = uint32(len(d.words))
		d.number[spokenWord{word, in}] = t
		d.words = append(d.words, word)
		d.spoken = append(d.spoken, in)
	}
	return t
}

// texts are entries with their words: a segment or a draft.
type texts struct {
	terms  int
	term   func(uint32) (string, language)
	docs   []doc
	stream []byte
	starts []uint32
	values *[facets]column
	names  map[string]string
	dead   bitset // nil for none
}

func (d *draft) texts() texts {
	return texts{
		len(d.words), func(t uint32) (string, language) { return d.words[t], d.spoken[t] },
		d.docs, d.stream, d.starts, &d.values, d.names, nil,
	}
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
			}
			d.stream = binary.AppendUvarint(d.stream, uint64(code(as[t]-1, joined)))
		}
		d.starts = append(d.starts, uint32(len(d.stream)))
	}
}

// settle finds the most frequent spellings of the words, when all entries are
// read.
func (d *draft) settle() {
	times := map[string]int{}
	for _, known := range d.read {
		for as, r := range known {
			if len(r.codes) == 0 {
				continue
			}
			t, joined := decode(r.codes[len(r.codes)-1])
			if len(r.codes) > 1 && !joined {
				continue
			}
			w := d.words[t]
			if n := times[w]; r.times > n || r.times == n && as < d.written[w] {
				times[w], d.written[w] = r.times, as
			}
		}
	}
	d.read, d.recent = [languages]map[string]*readWord{}, nil
}
