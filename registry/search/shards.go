// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search/shards"
)

// shardFacets are those that a browser filters by, and shardOrders the orders
// that it has beside those by relevance and name.
var (
	shardFacets = []facet{regions, publishers, licences, verdicts, statuses, categories}
	shardOrders = []registry.Sort{registry.ByUpdated}
)

// Shards writes the index as files for a browser to search on a host that has
// nothing but files; package shards tells their form. What each word finds is
// looked up as for a query of a German reader. Cards are the languages that cards are
// written in, and card makes that of an entry in HTML, "" for none; it is called by
// several at a time. The same catalogue gives the same files, but for the day, that
// the activity of entries goes by. What is kept is not written, see shards.Set.Write.
func (x *Index) Shards(ctx context.Context, langs []string, card func(lang string, id registry.ID) (string, error), kept func(name string, sum [16]byte) bool, write func(name string, content []byte) error) error {
	if err := x.Refresh(ctx); err != nil {
		return err
	}
	p := newPublication(x.catalogue.Load(), clockAt(x.now()))
	set := shards.Set{
		Names: make([]string, len(p.entries)), IDs: make([]string, len(p.entries)), Worth: make([]int16, len(p.entries)),
		Runs: p.runs(ctx), Cards: langs,
		Card: func(lang string, n int) (string, error) {
			if err := ctx.Err(); err != nil {
				return "", err
			}
			return card(lang, p.entries[n].id)
		},
	}
	for n, d := range p.entries {
		set.Names[n], set.IDs[n], set.Worth[n] = d.name, string(d.id), d.worth
	}
	for _, f := range shardFacets {
		set.Facets = append(set.Facets, p.column(f))
	}
	for _, o := range shardOrders {
		set.Orders = append(set.Orders, p.order(o))
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("shards of the search index: %w", err)
	}
	if err := set.Write(kept, write); err != nil {
		return fmt.Errorf("shards of the search index: %w", err)
	}
	return nil
}

// publication is a catalogue with its entries that are alive numbered in order
// of name.
type publication struct {
	*catalogue
	clock   clock
	entries []published
	number  [][]uint32 // by layer and entry; nothing for dead ones
}

type published struct {
	*doc
	worth int16
	layer *layer
	at    uint32
}

func newPublication(c *catalogue, on clock) *publication {
	p := &publication{catalogue: c, clock: on, entries: make([]published, 0, c.size())}
	for _, l := range c.layers {
		worth := l.worthAt(on)
		for _, n := range l.byName {
			if !l.dead.has(n) {
				p.entries = append(p.entries, published{&l.docs[n], worth[n], l, n})
			}
		}
	}
	slices.SortFunc(p.entries, func(a, b published) int { return byName(a.doc, b.doc) })
	number := map[*layer][]uint32{}
	for _, l := range c.layers {
		number[l] = make([]uint32, len(l.docs))
		p.number = append(p.number, number[l])
	}
	for i, e := range p.entries {
		number[e.layer][e.at] = uint32(i)
	}
	return p
}

func (p *publication) column(f facet) shards.Column {
	out := shards.Column{Name: string(facetNames[f]), Of: make([][]uint32, len(p.entries))}
	spelled := map[string]string{} // by key
	for _, l := range p.layers {
		c := &l.values[f]
		for id, key := range c.keys {
			if was, ok := spelled[key]; key != "" && (!ok || c.spellings[id] < was) {
				spelled[key] = c.spellings[id]
			}
		}
	}
	index := map[string]uint32{}
	for i, key := range slices.Sorted(maps.Keys(spelled)) {
		index[key] = uint32(i)
		out.Values = append(out.Values, spelled[key])
	}
	for n, e := range p.entries {
		c := &e.layer.values[f]
		for _, id := range c.of(e.at) {
			if id != 0 {
				out.Of[n] = append(out.Of[n], index[c.keys[id]])
			}
		}
	}
	return out
}

func (p *publication) order(by registry.Sort) shards.Order {
	of := make([]int64, len(p.entries))
	for n, e := range p.entries {
		of[n] = orders[by](p.clock, e.doc)
	}
	values := slices.Clone(of)
	slices.SortFunc(values, func(a, b int64) int { return cmp.Compare(b, a) })
	values = slices.Compact(values)
	out := shards.Order{Name: string(by), Places: make([]uint32, len(of))}
	for n, v := range of {
		at, _ := slices.BinarySearchFunc(values, v, func(a, b int64) int { return cmp.Compare(b, a) })
		out.Places[n] = uint32(at)
	}
	return out
}

// asked is what may be asked for with a key.
type asked struct {
	key     string   // plain
	word    string   // in the spelling that has most letters
	row     []string // several words that have another one together; word is "" then
	written string
	spread  int // entries that have it as it is
	flags   shards.Flag
}

// runs look up all that may be asked for.
func (p *publication) runs(ctx context.Context) []shards.Run {
	all := p.questions()
	var cuts []int // where runs end
	for i, a := range all {
		if i == len(all)-1 || shards.Ends(a.key) {
			cuts = append(cuts, i+1)
		}
	}
	runs := make([]shards.Run, len(cuts))
	var next atomic.Int32
	var wg sync.WaitGroup
	for range min(len(cuts), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			f := finder{newSearch(p.catalogue, germanText), p.number, newBitset(len(p.entries)), newBitset(len(p.entries)), make([]uint16, len(p.entries))}
			defer func() { f.release() }()
			for i := int(next.Add(1)) - 1; i < len(cuts) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				from := 0
				if i > 0 {
					from = cuts[i-1]
				}
				for j := from; j < cuts[i]; j++ {
					a := &all[j]
					if w := f.word(a, lonely(all, j)); a.row != nil || w.Flags&^shards.Typed != 0 || w.Itself != nil || w.Other != nil || w.Alike != nil {
						runs[i].Words = append(runs[i].Words, w)
					}
				}
			}
		})
	}
	wg.Wait()
	return runs
}

// manyBegin is how many words must begin with a few letters that are none
// themselves, so that it is looked up what they find together.
const manyBegin = 64

// mostTyped is how many letters those are at most.
const mostTyped = 6

// questions are what may be asked for, in order: the words of entries, those of
// our own lists, and what many words begin with.
func (p *publication) questions() []asked {
	var all, more []asked // those in order as they come, and others
	for i, l := range p.layers {
		for w := range uint32(len(l.shapes)) {
			n := 0
			for _, t := range l.terms(w) {
				n += l.spread(t)
			}
			if n == 0 {
				continue
			}
			word := l.word(w)
			a := asked{key: plain(word), word: word, written: l.written(w), spread: n}
			if i == 0 && a.key == word {
				all = append(all, a)
			} else {
				more = append(more, a)
			}
		}
	}
	for _, list := range []map[string]bool{dictionary.all, stopWords, fillers, generic} {
		for w := range list {
			more = append(more, asked{key: plain(w), word: w})
		}
	}
	for _, group := range synonymData.groups {
		for _, one := range group {
			if len(one.words) > 1 {
				more = append(more, asked{key: plain(strings.Join(one.words, " ")), row: one.words})
			}
		}
	}
	slices.SortFunc(more, inOrderOfKey)
	all = united(merged(all, more))
	for i := range all {
		all[i].flags = flagsOf(all[i].word)
	}
	return merged(all, beginnings(all))
}

// inOrderOfKey has the spelling with most letters first.
func inOrderOfKey(a, b asked) int {
	return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(len(b.word), len(a.word)), strings.Compare(a.word, b.word))
}

// merged are two lists in order as one.
func merged(a, b []asked) []asked {
	all := make([]asked, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if inOrderOfKey(b[0], a[0]) < 0 {
			all, b = append(all, b[0]), b[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return append(append(all, a...), b...)
}

// united makes one of those with the same key; the first has the spelling that
// is looked up.
func united(all []asked) []asked {
	out := all[:0]
	for _, a := range all {
		if len(out) == 0 || out[len(out)-1].key != a.key {
			out = append(out, a)
			continue
		}
		into := &out[len(out)-1]
		if a.spread > into.spread {
			into.written = a.written
		}
		into.spread += a.spread
	}
	return out
}

func flagsOf(word string) shards.Flag {
	var f shards.Flag
	for _, list := range []struct {
		has  map[string]bool
		flag shards.Flag
	}{{stopWords, shards.Stop}, {fillers, shards.Filler}, {generic, shards.Generic}} {
		if list.has[word] {
			f |= list.flag
		}
	}
	if _, ok := dictionary.all[word]; ok {
		f |= shards.Listed
	}
	return f
}

// beginnings are what many words begin with that are in order.
func beginnings(all []asked) []asked {
	var open [mostTyped + 1]struct {
		beginning string
		n         int
	}
	var more []asked
	shut := func(letters int) {
		if o := open[letters]; o.n > manyBegin {
			more = append(more, asked{key: o.beginning, word: o.beginning, flags: shards.Typed})
		}
		open[letters].beginning, open[letters].n = "", 0
	}
	for _, a := range all {
		letters, at := 0, 0
		for letters < mostTyped && at < len(a.key) {
			_, size := utf8.DecodeRuneInString(a.key[at:])
			at += size
			letters++
			if b := a.key[:at]; letters > 1 && b != open[letters].beginning {
				for k := mostTyped; k >= letters; k-- {
					shut(k)
				}
				open[letters].beginning = b
			}
			open[letters].n++
			if at == len(a.key) {
				open[letters].n -= 1 << 30 // it is a word itself
			}
		}
	}
	for k := mostTyped; k > 1; k-- {
		shut(k)
	}
	slices.SortFunc(more, inOrderOfKey)
	return more
}

// finder looks up what words find, one after the other.
type finder struct {
	search
	number        [][]uint32 // see publication
	with, without bitset     // of numbers; empty between two words
	points        []uint16   // of those in them
}

// take empties a set into a list.
func (f *finder) take(set bitset) []shards.Found {
	n := set.count()
	if n == 0 {
		return nil
	}
	all := make([]shards.Found, 0, n)
	for entry := range set.all {
		all = append(all, shards.Found{Entry: entry, Points: f.points[entry]})
	}
	clear(set)
	return all
}

// word is what is found by a word of a query that goes on, or by one of two
// letters that may still be in the making.
func (f *finder) word(a *asked, lonely bool) shards.Word {
	w := shards.Word{Key: a.key, Flags: a.flags, Spread: a.spread}
	if a.written != a.key {
		w.Written = a.written
	}
	if lonely {
		if w.Itself = f.single(a); w.Itself != nil {
			return w
		}
	}
	words := a.row
	if a.row == nil {
		words = []string{a.word}
		forms := f.formsOf(a.word)
		itself := f.each(func(l *layer, met func(uint32, kind)) { f.itself(l, &forms, exact, stemmed, met) })
		every := f.each(func(l *layer, met func(uint32, kind)) { f.apart(l, &forms, a, met) })
		if a.flags&shards.Listed != 0 && f.sizeOf(every)+f.sizeOf(itself) < enough {
			every = unite(every, f.search.word([]string{a.word}, false))
		}
		w.Itself, w.Other = f.entries(unite(every, itself), itself)
	}
	if a.row != nil || haveSynonyms(a.key) {
		var alike results
		for _, other := range synonymData.of(words) {
			if r := f.synonym(other); alike == nil {
				alike = r
			} else {
				unite(alike, r)
			}
		}
		if alike != nil {
			_, w.Alike = f.entries(alike, nil)
		}
	}
	for _, used := range f.inUse {
		pool.Put(used)
	}
	f.inUse = f.inUse[:0]
	return w
}

// apart meets what lookup does but the word itself. In longer words a
// compound of a single entry is not looked for: hardly any has it.
func (f *finder) apart(l *layer, of *forms, a *asked, met func(uint32, kind)) {
	least := 3
	if utf8.RuneCountInString(a.key) == 2 {
		least = 2
	}
	f.longer(l, of, least, prefix, compoundPart, met)
	if w, ok := l.vocabulary.number[a.word]; a.spread != 1 || a.flags != 0 || !ok || l.cuts[w].lead == 0 {
		f.within(l, of, compoundPart, compound, inside, met)
	}
}

// lonely reports whether a word stands in one entry and none is like it: most are
// such, and need not be looked up. Words like it stand beside it, for they differ in
// their last letters.
func lonely(all []asked, at int) bool {
	a := &all[at]
	if a.spread != 1 || a.flags != 0 || len(a.key) < 8 || haveSynonyms(a.key) {
		return false
	}
	const ending = 4
	for _, other := range [...]int{at - 1, at + 1} {
		if other >= 0 && other < len(all) && strings.HasPrefix(all[other].key, a.key[:len(a.key)-ending]) {
			return false
		}
	}
	return true
}

// single is the entry of a compound that no other has; nil for any other word.
func (f *finder) single(a *asked) (all []shards.Found) {
	for i, l := range f.layers {
		w, ok := l.vocabulary.number[a.word]
		if !ok || l.cuts[w].lead == 0 {
			continue
		}
		for _, t := range l.terms(w) {
			l.each(t, func(doc uint32, at where) {
				if !l.dead.has(doc) {
					all = append(all, shards.Found{Entry: f.number[i][doc], Points: points[exact] * weights[at]})
				}
			})
		}
	}
	if len(all) > 1 { // in texts of several languages
		return nil
	}
	return all
}

// entries are those alive that were found, by whether others found them too.
func (f *finder) entries(every, others results) (with, without []shards.Found) {
	for i, l := range f.layers {
		every[i].docs.andNot(l.dead)
		for doc := range every[i].docs.all {
			n := f.number[i][doc]
			f.points[n] = every[i].points[doc]
			if others != nil && others[i].docs.has(doc) {
				f.with.add(n)
			} else {
				f.without.add(n)
			}
		}
	}
	return f.take(f.with), f.take(f.without)
}

// synonymsBegin are what the keys of words with synonyms begin with: most words
// have none, and need not be stemmed to see that.
var synonymsBegin = func() map[string]bool {
	m := map[string]bool{}
	for key := range synonymData.byWords {
		m[cut(key, synonymLetters)] = true
	}
	return m
}()

const synonymLetters = 4

func haveSynonyms(key string) bool { return synonymsBegin[cut(key, synonymLetters)] }
