// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import "slices"

// run is words that a known text and the file have alike, from a word of each.
type run struct{ text, file, words int32 }

// passage is where in a file a known text stands, as runs in the order of both.
type passage struct {
	text *text
	runs []run
	// matched, missing and extra count words: alike, required by the text but not
	// in the file, and in the file between the runs but not in the text.
	matched, missing, extra int
	// score says how well the text explains the file, for choosing among texts.
	score int
}

func (p *passage) from() int { return int(p.runs[0].file) }

func (p *passage) to() int { last := p.runs[len(p.runs)-1]; return int(last.file + last.words) }

// share is how much of text and passage is alike, from 0 to 1.
func (p *passage) share() float64 {
	return float64(p.matched) / float64(p.matched+p.missing+p.extra)
}

const (
	maxSteps    = 2_000_000 // of one comparison, against hostile repetition
	maxRuns     = 250
	maxPassages = 20 // of one text in a file: a bundle has the MIT licence often
	leastWords  = 20
	minShare    = 0.55
	// A short text has less that is its own.
	shortText, minShort = 80, 0.85
	// What is there of a text that was cut off.
	leastBeginning, minBeginning = 400, 0.9
)

// passages finds where a known text stands in a file, whose grams of the aligned
// length are given.
func passages(t *text, of []uint32) []passage {
	runs := runsOf(t, of)
	var out []passage
	for len(runs) > 0 && len(out) < maxPassages {
		p := chain(t, runs)
		if !p.tells() && !p.begins() {
			break
		}
		out = append(out, p)
		from, to := int32(p.from()), int32(p.to()) //nolint:gosec // indices of words
		runs = slices.DeleteFunc(runs, func(r run) bool { return r.file < to && r.file+r.words > from })
	}
	return out
}

// tells reports whether there is enough of the text for it to be meant.
func (p *passage) tells() bool {
	return p.matched >= leastWords && p.share() >= minShare && (len(p.text.words) >= shortText || p.share() >= minShort)
}

// begins reports whether the passage is the text up to where somebody cut it off.
func (p *passage) begins() bool {
	last := p.runs[len(p.runs)-1]
	cut := p.text.needed(last.text+last.words, int32(len(p.text.words))) //nolint:gosec // texts are far shorter
	return p.matched >= leastBeginning && float64(p.matched) >= minBeginning*float64(p.matched+p.extra+p.missing-cut)
}

// runsOf returns the longest runs, by their place in the file.
func runsOf(t *text, file []uint32) []run {
	// places are where the text has a gram: its first place by gram, then one after another.
	own := grams(t.words, aligned)
	places := make(map[uint32]int32, len(own))
	next := make([]int32, len(own))
	for i := len(own) - 1; i >= 0; i-- {
		if n, ok := places[own[i]]; ok {
			next[i] = n
		} else {
			next[i] = -1
		}
		places[own[i]] = int32(i) //nolint:gosec // texts are far shorter
	}
	var runs []run
	steps := 0
	for j := range file {
		i, ok := places[file[j]]
		for ; ok && i >= 0; i = next[i] {
			if steps++; steps > maxSteps {
				return nil
			}
			if i > 0 && j > 0 && own[i-1] == file[j-1] {
				continue // within a run
			}
			n := 1
			for int(i)+n < len(own) && j+n < len(file) && own[int(i)+n] == file[j+n] {
				n++
			}
			steps += n
			runs = append(runs, run{i, int32(j), int32(n + aligned - 1)}) //nolint:gosec // as above
		}
	}
	if len(runs) > maxRuns {
		slices.SortStableFunc(runs, func(a, b run) int { return int(b.words - a.words) })
		runs = runs[:maxRuns]
	}
	slices.SortFunc(runs, func(a, b run) int {
		if a.file != b.file {
			return int(a.file - b.file)
		}
		return int(a.text - b.text)
	})
	return runs
}

// chain returns the best succession of runs: many words alike, few between.
func chain(t *text, runs []run) passage {
	best := make([]int32, len(runs))
	before := make([]int, len(runs))
	end := 0
	for b := range runs {
		best[b], before[b] = runs[b].words, -1
		for a := b - 1; a >= 0; a-- {
			r, ok := after(runs[a], runs[b])
			if !ok {
				continue
			}
			gap := r.file - (runs[a].file + runs[a].words)
			lost := r.text - (runs[a].text + runs[a].words)
			if s := best[a] + r.words - gap - lost/2; s > best[b] {
				best[b], before[b] = s, a
			}
		}
		if best[b] > best[end] {
			end = b
		}
	}
	p := passage{text: t}
	for b := end; b >= 0; b = before[b] {
		p.runs = append(p.runs, runs[b])
	}
	slices.Reverse(p.runs)
	for i := 1; i < len(p.runs); i++ {
		p.runs[i], _ = after(p.runs[i-1], p.runs[i])
	}
	p.count()
	return p
}

// after returns what is left of b behind a, where both overlap.
func after(a, b run) (run, bool) {
	over := max(a.file+a.words-b.file, a.text+a.words-b.text, 0)
	if over >= b.words {
		return run{}, false
	}
	return run{b.text + over, b.file + over, b.words - over}, true
}

// count fills in how many words agree and how many do not.
func (p *passage) count() {
	at := int32(0)
	for i, r := range p.runs {
		p.matched += int(r.words)
		p.missing += p.text.needed(at, r.text)
		if i > 0 {
			p.extra += int(r.file - (p.runs[i-1].file + p.runs[i-1].words))
		}
		at = r.text + r.words
	}
	p.missing += p.text.needed(at, int32(len(p.text.words))) //nolint:gosec // texts are far shorter
}

// needed counts the words from one to another that may not be absent.
func (t *text) needed(from, to int32) (n int) {
	for i := from; i < to; i++ {
		if !t.optional[i] {
			n++
		}
	}
	return n
}
