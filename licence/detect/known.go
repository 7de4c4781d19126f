// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate gen/gen.sh

// texts are the texts of licences as gen packs them; see texts/README.md.
//
//go:embed texts.gz
var texts []byte

// text is a known text of a licence.
type text struct {
	id       string
	words    []hash
	optional []bool // by word: may be absent
	samples  int    // entries in the index
}

// library is all known texts and an index of them.
type library struct {
	texts []text
	// entries are pairs of a gram of indexed words and the text that has it, sorted.
	// starts are the first entries by the upper bits of the gram.
	entries []entry
	starts  []int32
	words   vocabulary
}

type entry struct {
	gram uint32
	text uint16
}

const (
	aligned = 3 // words that must follow one another to count as agreeing
	indexed = 6 // words of an entry of the index
	// Of long texts every fourth entry is kept, by its own value.
	sampled     = 4
	sampledFrom = 300 // words

	bucketBits = 16
)

// grams hashes every n words that follow one another.
func grams(words []hash, n int) []uint32 {
	if len(words) < n {
		return nil
	}
	out := make([]uint32, len(words)-n+1)
	for i := range out {
		h := uint32(hashStart)
		for _, w := range words[i : i+n] {
			h = (h ^ uint32(w)) * hashPrime
			h ^= h >> 15
		}
		out[i] = h * 2654435761 // spreads the upper bits, by which entries are found
	}
	return out
}

// known unpacks the texts on first use.
var known = sync.OnceValue(func() *library {
	l, err := unpack(texts)
	if err != nil {
		panic("licence/detect: texts.gz: " + err.Error()) // it is part of the program, and tested
	}
	return l
})

// unpack reads what gen writes.
func unpack(data []byte) (*library, error) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 1<<20)
	var sentences [][]hash
	for lines.Scan() && lines.Text() != "" {
		sentences = append(sentences, hashes(wordsOf(lines.Text(), maxWords, nil)))
	}
	l := &library{}
	for lines.Scan() {
		t, err := assemble(lines.Text(), sentences)
		if err != nil {
			return nil, err
		}
		l.texts = append(l.texts, t)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	l.index()
	return l, nil
}

// assemble puts a text together from its line.
func assemble(line string, sentences [][]hash) (text, error) {
	fields := strings.Fields(line)
	t := text{id: fields[0]}
	optional := false
	for _, f := range fields[1:] {
		if f == "?" || f == "!" {
			optional = f == "?"
			continue
		}
		first, last, isRange := strings.Cut(f, "-")
		from, err := strconv.Atoi(first)
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(last)
		}
		if err != nil || from < 0 || to < from || to >= len(sentences) {
			return t, fmt.Errorf("%s: no sentences %q", t.id, f)
		}
		for _, s := range sentences[from : to+1] {
			t.words = append(t.words, s...)
			for range s {
				t.optional = append(t.optional, optional)
			}
		}
	}
	t.words, t.optional = slices.Clip(t.words), slices.Clip(t.optional)
	return t, nil
}

// index makes the entries.
func (l *library) index() {
	for i := range l.texts {
		t := &l.texts[i]
		for _, w := range t.words {
			l.words.add(uint32(w))
		}
		of := grams(t.words, indexed)
		slices.Sort(of)
		of = slices.Compact(of)
		for _, g := range of {
			if len(t.words) < sampledFrom || g%sampled == 0 {
				l.entries = append(l.entries, entry{g, uint16(i)}) //nolint:gosec // hundreds
				t.samples++
			}
		}
	}
	slices.SortFunc(l.entries, func(a, b entry) int {
		if a.gram != b.gram {
			if a.gram < b.gram {
				return -1
			}
			return 1
		}
		return int(a.text) - int(b.text)
	})
	l.starts = make([]int32, 1<<bucketBits+1)
	for _, e := range l.entries {
		l.starts[e.gram>>(32-bucketBits)+1]++
	}
	for i := 1; i < len(l.starts); i++ {
		l.starts[i] += l.starts[i-1]
	}
}

// likely returns the texts that words may contain, the likeliest first.
func (l *library) likely(words []hash) []*text {
	counts := make([]int32, len(l.texts))
	of := grams(words, indexed)
	slices.Sort(of)
	for _, g := range slices.Compact(of) {
		bucket := g >> (32 - bucketBits)
		for _, e := range l.entries[l.starts[bucket]:l.starts[bucket+1]] {
			if e.gram == g {
				counts[e.text]++
			}
		}
	}
	var out []int
	for i, n := range counts {
		if n > 0 && float64(n) >= likelyShare*float64(l.texts[i].samples) {
			out = append(out, i)
		}
	}
	share := func(i int) float64 { return float64(counts[i]) * float64(counts[i]) / float64(l.texts[i].samples) }
	slices.SortStableFunc(out, func(a, b int) int {
		switch d := share(b) - share(a); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	var found []*text
	for i, n := range out {
		if i == maxLikely {
			break
		}
		found = append(found, &l.texts[n])
	}
	return found
}

const (
	likelyShare = 0.2 // of a text's entries
	maxLikely   = 40
)
