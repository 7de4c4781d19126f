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
}

const readingHead = 8

func newReadings() readings {
	return readings{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10), bytes: make([]byte, readingHead, 1<<12)}
}

// hash tells the words of two languages apart, too.
func (r *readings) hash(word []byte, in language) uint64 {
	return maphash.Bytes(r.seed, word) + uint64(in)*0x9e3779b97f4a7c15
}

// of are the codes of a word, one time more seen; ok says whether it is known.
func (r *readings) of(word string, in language) (codes []byte, ok bool) {
	hash := r.hash([]byte(word), in)
	mask := uint64(len(r.slots) - 1)
	for i := hash & mask; r.slots[i] != 0; i = (i + 1) & mask {
		if r.slots[i]>>32 != hash>>32 {
			continue
		}
		b := r.bytes[uint32(r.slots[i]):]
		size, end := int(b[4]), readingHead+int(binary.LittleEndian.Uint16(b[5:]))
		if size == len(word) && language(b[7]) == in && string(b[end:end+size]) == word {
			binary.LittleEndian.PutUint32(b, binary.LittleEndian.Uint32(b)+1)
			return b[readingHead:end], true
		}
	}
	return nil, false
}

// add enters a word that is not there yet, seen once, unless there is no room.
func (r *readings) add(word string, in language, codes []byte) {
	if len(word) > math.MaxUint8 || len(codes) > math.MaxUint16 || len(r.bytes)+readingHead+len(codes)+len(word) > math.MaxUint32 {
		return
	}
	if 2*r.used >= len(r.slots) {
		r.slots = make([]uint64, 4*len(r.slots))
		r.each(func(at uint32, _ uint32, in language, _ []byte, word []byte) { r.enter(r.hash(word, in), at) })
	}
	r.enter(r.hash([]byte(word), in), uint32(len(r.bytes)))
	r.used++
	var head [readingHead]byte
	binary.LittleEndian.PutUint32(head[:], 1)
	head[4], head[7] = byte(len(word)), byte(in)
	binary.LittleEndian.PutUint16(head[5:], uint16(len(codes)))
	r.bytes = append(append(append(r.bytes, head[:]...), codes...), word...)
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
