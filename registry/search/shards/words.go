// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package shards

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Flag says what a word is apart from what it finds.
type Flag uint8

// The flags. Those of the lists of our own are told by package search.
const (
	Stop    Flag = 1 << iota // left out of a query that has other words
	Filler                   // need not be found
	Generic                  // says little as a part of a compound
	Listed                   // as it should be: no typing error
	Typed                    // no word, but what many words begin with
)

// Word is what a word of a query finds, written as
//
//	how many bytes of the key are those of the one before, the rest as a text,
//	the flags, a byte, how many entries each list has
//
// for all words of a file, behind how many they are; then for all words and their
// lists the distances from one number to the next, less 1, from -1 on; then all
// points that there are in the file, the most frequent first, behind how many
// they are; and for each of the entries in lists its place among them.
type Word struct {
	Key     string // folded, umlauts plain; several words with a blank between
	Flags   Flag
	Written string // as it is written mostly; "" for as Key
	Spread  int    // in how many entries it stands as it is; 0 for one that stands in none
	Itself  []Found
	Other   []Found // entries that do not have the word, but others with it in them
	Alike   []Found // by other words for it, whether or not they are above
}

func (w *Word) lists() [3][]Found { return [3][]Found{w.Itself, w.Other, w.Alike} }

// Found is an entry and how well it is met, in the order of numbers.
type Found struct {
	Entry  uint32
	Points uint16
}

// Run is a run of words that has files of its own, in order.
type Run struct{ Words []Word }

// Ends reports whether a run ends with a word: one of 256 does.
func Ends(key string) bool { return hashOf(key)&0xff == 0 }

// largest is from how many bytes on a file is closed, before it is compressed.
const largest = 24 << 10

// start is what a file begins with, and the last of the file before.
type start struct{ before, first string }

// starts writes what files begin with, as much of each as tells it from what is
// before: how many letters are those of the one above, at most 35, in base 36,
// and the rest.
func starts(all []start) string {
	var b strings.Builder
	var above []rune
	for _, s := range all {
		n := shared(s.before, s.first)
		for n = min(n+1, len(s.first)); n < len(s.first) && !utf8.RuneStart(s.first[n]); n++ {
		}
		letters := []rune(s.first[:n])
		same := 0
		for same < min(len(above), len(letters), 35) && above[same] == letters[same] {
			same++
		}
		b.WriteString(strconv.FormatInt(int64(same), 36))
		b.WriteString(string(letters[same:]))
		b.WriteByte('\n')
		above = letters
	}
	return b.String()
}

// words are the files of words, not compressed.
func (s *Set) words() (files [][]byte, from []start) {
	last := ""
	for _, r := range s.Runs {
		for words := r.Words; len(words) > 0; {
			n, size := 0, 0
			for n < len(words) && (n == 0 || size < largest) {
				size += len(words[n].Key) + 4 + 2*(len(words[n].Itself)+len(words[n].Other)+len(words[n].Alike))
				n++
			}
			if n > 1 && size > 2*largest { // one alone that is large
				n--
			}
			files = append(files, encode(words[:n]))
			from = append(from, start{last, words[0].Key})
			last = words[n-1].Key
			words = words[n:]
		}
	}
	return files, from
}

func encode(words []Word) []byte {
	raw := binary.AppendUvarint(nil, uint64(len(words)))
	before := ""
	for _, w := range words {
		n := shared(before, w.Key)
		raw = binary.AppendUvarint(raw, uint64(n))
		raw = appendText(raw, w.Key[n:])
		raw = append(raw, byte(w.Flags))
		for _, list := range w.lists() {
			raw = binary.AppendUvarint(raw, uint64(len(list)))
		}
		before = w.Key
	}
	for _, w := range words {
		for _, list := range w.lists() {
			next := uint32(0)
			for _, f := range list {
				raw = binary.AppendUvarint(raw, uint64(f.Entry-next))
				next = f.Entry + 1
			}
		}
	}
	points, place := ranked(words)
	raw = binary.AppendUvarint(raw, uint64(len(points)))
	for _, p := range points {
		raw = binary.AppendUvarint(raw, uint64(p))
	}
	for _, w := range words {
		for _, list := range w.lists() {
			for _, f := range list {
				raw = binary.AppendUvarint(raw, uint64(place[f.Points]))
			}
		}
	}
	return raw
}

// ranked are the points of words, the most frequent first, and the place of each.
func ranked(words []Word) (points []uint16, place []int) {
	var times []int
	for _, w := range words {
		for _, list := range w.lists() {
			for _, f := range list {
				if more := int(f.Points) + 1 - len(times); more > 0 {
					times = append(times, make([]int, more)...)
				}
				times[f.Points]++
			}
		}
	}
	for p, n := range times {
		if n > 0 {
			points = append(points, uint16(p))
		}
	}
	slices.SortFunc(points, func(a, b uint16) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b)) })
	place = times
	for i, p := range points {
		place[p] = i
	}
	return points, place
}

// shared is how many bytes two texts begin with alike.
func shared(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// spelling is a word for those who look for one like it.
type spelling struct {
	key     string
	written string
	spread  int
}

// nearSize is how many words are in a file, roughly.
const nearSize = 1024

// spellings are files of the words that stand in entries or are as they should
// be, not compressed. Each is
//
//	how many bytes are those of the one before, the rest as a text, in how many
//	entries it stands, how it is written mostly: 0 for as it is, 1 for with a
//	capital, else one more than the number of its bytes, and these
//
// Backwards the words are turned round, and have neither of the last two.
func spellings(runs []Run, backwards bool) (files [][]byte, from []start) {
	var all []spelling
	for _, r := range runs {
		for _, w := range r.Words {
			long := utf8.RuneCountInString(w.Key) >= 4 && !strings.Contains(w.Key, " ")
			if (w.Spread == 0 || backwards) && (!long || w.Spread == 0 && w.Flags&Listed == 0) {
				continue
			}
			s := spelling{w.Key, w.Written, w.Spread}
			if backwards {
				s.key = turned(w.Key)
			}
			all = append(all, s)
		}
	}
	if backwards {
		slices.SortFunc(all, func(a, b spelling) int { return strings.Compare(a.key, b.key) })
	}
	var raw []byte
	last, before, n := "", "", 0
	for i, s := range all {
		if n == 0 {
			from = append(from, start{last, s.key})
			before = ""
		}
		k := shared(before, s.key)
		raw = binary.AppendUvarint(raw, uint64(k))
		raw = appendText(raw, s.key[k:])
		if !backwards {
			raw = binary.AppendUvarint(raw, uint64(s.spread))
			raw = append(raw, writtenAs(s.key, s.written)...)
		}
		before, n = s.key, n+1
		if i == len(all)-1 || n >= 2*nearSize || hashOf(s.key)%nearSize == 0 {
			files = append(files, raw)
			last, raw, n = s.key, nil, 0
		}
	}
	return files, from
}

func writtenAs(key, written string) []byte {
	switch first, size := utf8.DecodeRuneInString(key); {
	case written == "":
		return []byte{0}
	case written == string(unicode.ToUpper(first))+key[size:]:
		return []byte{1}
	}
	return append(binary.AppendUvarint(nil, uint64(len(written)+1)), written...)
}

// turned is a word from its last letter to its first.
func turned(word string) string {
	all := []rune(word)
	slices.Reverse(all)
	return string(all)
}
