// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/binary"
	"hash/maphash"
	"math"
)

// readings keep what became of each word as it stands in the texts of a
// language: to see a word again is nearly all of the work of making an index, so
// they lie one behind the other in memory, and finding one takes two looks at it.
//
// A reading is, in bytes: how many times it was seen (4), the lengths of the
// word (1) and of its codes (2), the language (1), the codes as they are in a
// stream, the word.
type readings struct {
	seed  maphash.Seed
	slots []uint64 // half of the hash, and where the reading begins; 0 for none
	used  int
	bytes []byte // the first are of none
	// touched means nothing, but that the compiler does not leave out what it is
	// the sum of.
	touched uint64
}

const readingHead = 8

func newReadings() readings {
	return readings{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10), bytes: make([]byte, readingHead, 1<<12)}
}

// sight is a word as it stands in a text of a language.
type sight struct {
	word string
	hash uint64 // tells the words of two languages apart, too
	in   language
}

func (r *readings) see(word string, in language) sight {
	return sight{word, maphash.String(r.seed, word) + saltOf(in), in}
}

func saltOf(in language) uint64 { return uint64(in) * 0x9e3779b97f4a7c15 }

// someSights are as many words as are looked for together.
const someSights = 64

// touch asks for what is known of some words, so that memory is waited for by all
// of them together.
func (r *readings) touch(some []sight) {
	mask := uint64(len(r.slots) - 1)
	var at [someSights]uint32
	for i := range some {
		at[i] = uint32(r.slots[some[i].hash&mask])
	}
	for _, i := range at[:len(some)] {
		r.touched += uint64(r.bytes[i])
	}
}

// of are the codes of a word, one time more seen; ok says whether it is known.
func (r *readings) of(s sight) (codes []byte, ok bool) {
	mask := uint64(len(r.slots) - 1)
	for i := s.hash & mask; r.slots[i] != 0; i = (i + 1) & mask {
		if r.slots[i]>>32 != s.hash>>32 {
			continue
		}
		b := r.bytes[uint32(r.slots[i]):]
		size, end := int(b[4]), readingHead+int(binary.LittleEndian.Uint16(b[5:]))
		if size == len(s.word) && language(b[7]) == s.in && string(b[end:end+size]) == s.word {
			binary.LittleEndian.PutUint32(b, binary.LittleEndian.Uint32(b)+1)
			return b[readingHead:end], true
		}
	}
	return nil, false
}

// add enters a word that is not there yet, seen once, unless there is no room.
func (r *readings) add(s sight, codes []byte) {
	if len(s.word) > math.MaxUint8 || len(codes) > math.MaxUint16 || len(r.bytes)+readingHead+len(codes)+len(s.word) > math.MaxUint32 {
		return
	}
	if 2*r.used >= len(r.slots) {
		r.slots = make([]uint64, 4*len(r.slots))
		r.each(func(at uint32, _ uint32, in language, _ []byte, word []byte) {
			r.enter(maphash.Bytes(r.seed, word)+saltOf(in), at)
		})
	}
	r.enter(s.hash, uint32(len(r.bytes)))
	r.used++
	var head [readingHead]byte
	binary.LittleEndian.PutUint32(head[:], 1)
	head[4], head[7] = byte(len(s.word)), byte(s.in)
	binary.LittleEndian.PutUint16(head[5:], uint16(len(codes)))
	r.bytes = append(append(append(r.bytes, head[:]...), codes...), s.word...)
}

func (r *readings) enter(hash uint64, at uint32) {
	mask := uint64(len(r.slots) - 1)
	i := hash & mask
	for r.slots[i] != 0 {
		i = (i + 1) & mask
	}
	r.slots[i] = hash>>32<<32 | uint64(at)
}

// each yields all readings in the order in which they came.
func (r *readings) each(do func(at uint32, times uint32, in language, codes, word []byte)) {
	for at := readingHead; at < len(r.bytes); {
		b := r.bytes[at:]
		size, end := int(b[4]), readingHead+int(binary.LittleEndian.Uint16(b[5:]))
		do(uint32(at), binary.LittleEndian.Uint32(b), language(b[7]), b[readingHead:end], b[end:end+size])
		at += end + size
	}
}
