// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package shards is the form in which a search index lies on a host that has
// nothing but files, to be read by a browser a few kilobytes at a time.
//
// Entries are numbered in order of their names. A file begins with the edition,
// 8 bytes that are the same in all files that fit together; behind it is gzip,
// whether or not the host compresses. A number is a uvarint, a text a number of
// bytes and UTF-8.
//
//	index.bin         JSON, see Manifest: what there is, read first
//	words/N.bin       words in order, each with the entries that it finds, see Word
//	near/N.bin        words alone in order, for what is mistyped or still being typed
//	tails/N.bin       the same from their last letter to the first, in that order
//	worth.bin         of each entry what it is worth besides its text, a byte each
//	facets/NAME.bin   of each entry its values, see Column
//	orders/NAME.bin   of each entry its place in an order that is not by name
//	cards/LANG/N.bin  JSON: of each of PerFile entries its folded name and its card in HTML
//
// Runs of words are cut into files where the hash of a word says so: so a file
// stays as it is where words are added in another one.
package shards

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"runtime"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// The version of the form, and how many cards are in a file.
const (
	Version = 1
	PerFile = 8
)

// Manifest is what a reader must know before all.
type Manifest struct {
	Version int    `json:"version"`
	Edition string `json:"edition"` // of all other files, in hexadecimal
	Entries int    `json:"entries"`
	PerFile int    `json:"perFile"`
	// Words, Near, Tails and Names are what the files of each kind begin with, in
	// lines, see starts.
	Words string `json:"words"`
	Near  string `json:"near"`
	Tails string `json:"tails"`
	Names string `json:"names"` // of cards
	// Facets and Orders are the names of those that there are.
	Facets []string `json:"facets"`
	Orders []string `json:"orders"`
}

// levels of compression: words are mostly numbers, which hardly get smaller.
const (
	quick = 1
	small = 6
)

// writers are those of a level, which are large.
var writers = map[int]*sync.Pool{quick: {}, small: {}}

// compress puts behind the edition what a file holds.
func compress(edition [8]byte, raw []byte, level int) ([]byte, error) {
	var b bytes.Buffer
	b.Write(edition[:])
	w, ok := writers[level].Get().(*gzip.Writer)
	if !ok {
		var err error
		if w, err = gzip.NewWriterLevel(nil, level); err != nil {
			return nil, err
		}
	}
	defer writers[level].Put(w)
	w.Reset(&b)
	_, err := w.Write(raw)
	err = cmp.Or(err, w.Close()) // which writes the rest
	return b.Bytes(), err
}

// inParallel does n things on all processors. The error is that of the first of
// them that failed.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Set is an index to be written.
type Set struct {
	Names  []string // of the entries, folded, in order
	IDs    []string // of the entries
	Runs   []Run
	Worth  []int16 // see rank
	Facets []Column
	Orders []Order
	// Cards are the languages that entries have cards in, and Card makes one, "" for
	// none; it may be called by several at a time.
	Cards []string
	Card  func(lang string, entry int) (string, error)
}

// Order is an order of entries other than by name.
type Order struct {
	Name   string
	Places []uint32 // of each entry; alike for those of which the name decides
}

// Column has the values of entries in a facet.
type Column struct {
	Name   string
	Values []string
	Of     [][]uint32 // by entry: indices of Values
}

// Ordinary is what an entry is worth of which nothing is known. The worth of one
// in a file is the difference to it and leastWorth.
const (
	Ordinary   = 256
	leastWorth = -128
)

// Write gives all files to a function, the manifest last, so that what it names
// is there. Before it compresses one it asks whether that is there already, with a
// hash of what it is made of; nil for never. That is asked by several at a time.
func (s *Set) Write(kept func(name string, sum [16]byte) bool, write func(name string, content []byte) error) error {
	words, wordsFrom := s.words()
	near, nearFrom := spellings(s.Runs, false)
	tails, tailsFrom := spellings(s.Runs, true)
	m := Manifest{
		Version: Version, Entries: len(s.Names), PerFile: PerFile,
		Words: starts(wordsFrom), Near: starts(nearFrom), Tails: starts(tailsFrom), Names: starts(s.namesFrom()),
		Facets: []string{}, Orders: []string{},
	}
	edition := s.edition(&m)
	m.Edition = fmt.Sprintf("%x", edition)
	// pack is a file, nil for one that is there.
	pack := func(name string, raw []byte, level int) ([]byte, error) {
		if kept != nil {
			h := sha256.New()
			_, _ = h.Write(edition[:]) // a hash takes everything
			_, _ = h.Write(raw)
			if kept(name, [16]byte(h.Sum(nil))) {
				return nil, nil
			}
		}
		packed, err := compress(edition, raw, level)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return packed, nil
	}
	one := func(name string, raw []byte, level int) error {
		packed, err := pack(name, raw, level)
		if err != nil || packed == nil {
			return err
		}
		return write(name, packed)
	}
	many := func(kind string, level, n int, raw func(i int) ([]byte, error)) error {
		name := func(i int) string { return fmt.Sprintf("%s/%d.bin", kind, i) }
		packed := make([][]byte, n)
		err := inParallel(n, func(i int) error {
			r, err := raw(i)
			if err == nil {
				packed[i], err = pack(name(i), r, level)
			}
			return err
		})
		for i := 0; err == nil && i < n; i++ {
			if packed[i] != nil {
				err = write(name(i), packed[i])
			}
		}
		return err
	}
	of := func(all [][]byte) func(i int) ([]byte, error) {
		return func(i int) ([]byte, error) { return all[i], nil }
	}
	if err := many("words", quick, len(words), of(words)); err != nil {
		return err
	}
	if err := many("near", small, len(near), of(near)); err != nil {
		return err
	}
	if err := many("tails", small, len(tails), of(tails)); err != nil {
		return err
	}
	for _, lang := range s.Cards {
		err := many("cards/"+lang, small, (len(s.Names)+PerFile-1)/PerFile, func(i int) ([]byte, error) { return s.cards(lang, i) })
		if err != nil {
			return err
		}
	}
	if err := one("worth.bin", s.worth(), small); err != nil {
		return err
	}
	for _, c := range s.Facets {
		m.Facets = append(m.Facets, c.Name)
		if err := one("facets/"+c.Name+".bin", c.encode(), small); err != nil {
			return err
		}
	}
	for _, o := range s.Orders {
		m.Orders = append(m.Orders, o.Name)
		var raw []byte
		for _, place := range o.Places {
			raw = binary.AppendUvarint(raw, uint64(place))
		}
		if err := one("orders/"+o.Name+".bin", raw, small); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return one("index.bin", raw, small)
}

// edition is made of what numbers mean: of entries, and of files.
func (s *Set) edition(m *Manifest) [8]byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d\n%d\n", Version, PerFile) // a hash takes everything
	for _, all := range [][]string{s.IDs, s.Names, {m.Words, m.Near, m.Tails}} {
		for _, text := range all {
			_, _ = fmt.Fprintf(h, "%d %s\n", len(text), text)
		}
	}
	return [8]byte(h.Sum(nil))
}

func (s *Set) worth() []byte {
	raw := make([]byte, len(s.Worth))
	for i, w := range s.Worth {
		raw[i] = byte(max(0, min(int(w)-Ordinary-leastWorth, math.MaxUint8)))
	}
	return raw
}

func (c *Column) encode() []byte {
	raw := binary.AppendUvarint(nil, uint64(len(c.Values)))
	for _, v := range c.Values {
		raw = appendText(raw, v)
	}
	for _, values := range c.Of {
		raw = binary.AppendUvarint(raw, uint64(len(values)))
		for _, v := range values {
			raw = binary.AppendUvarint(raw, uint64(v))
		}
	}
	return raw
}

func appendText(raw []byte, text string) []byte {
	return append(binary.AppendUvarint(raw, uint64(len(text))), text...)
}

// cards is a file of cards.
func (s *Set) cards(lang string, file int) ([]byte, error) {
	var all [][2]string
	for i := file * PerFile; i < min((file+1)*PerFile, len(s.Names)); i++ {
		card, err := s.Card(lang, i)
		if err != nil {
			return nil, err
		}
		all = append(all, [2]string{s.Names[i], card})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is no HTML page
	err := e.Encode(all)
	return b.Bytes(), err
}

// namesFrom are the names that files of cards begin with.
func (s *Set) namesFrom() []start {
	var all []start
	for i := 0; i < len(s.Names); i += PerFile {
		before := ""
		if i > 0 {
			before = s.Names[i-1]
		}
		all = append(all, start{before, s.Names[i]})
	}
	return all
}

// hashOf tells where a run of words ends.
func hashOf(word string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(word)) // a hash takes everything
	return h.Sum32()
}
