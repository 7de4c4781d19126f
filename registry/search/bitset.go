// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import "math/bits"

// bitset is a set of the entries of one segment by their numbers. What a query
// finds is often a tenth of all: then plain bits are quicker than a compressed
// form, and they cost an eighth of a byte an entry.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(n uint32) bool { return b[n>>6]&(1<<(n&63)) != 0 }
func (b bitset) add(n uint32)      { b[n>>6] |= 1 << (n & 63) }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) and(other bitset) {
	for i := range b {
		b[i] &= other[i]
	}
}

func (b bitset) or(other bitset) {
	for i := range b {
		b[i] |= other[i]
	}
}

// shared is how many numbers are in both sets.
func (b bitset) shared(other bitset) int {
	n := 0
	other = other[:len(b)]
	for i, w := range b {
		n += bits.OnesCount64(w & other[i])
	}
	return n
}

// amongst is how many of some numbers are in the set.
func (b bitset) amongst(some []uint32) uint32 {
	n := uint64(0)
	for _, i := range some {
		n += b[i>>6] >> (i & 63) & 1
	}
	return uint32(n)
}

func (b bitset) andNot(other bitset) {
	for i := range b {
		b[i] &^= other[i]
	}
}

// fill adds the first n numbers.
func (b bitset) fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[len(b)-1] = 1<<(n%64) - 1
	}
}

// all yields the numbers in order.
func (b bitset) all(yield func(uint32) bool) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if !yield(uint32(i<<6 | bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}
