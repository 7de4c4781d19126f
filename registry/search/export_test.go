// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import "time"

// SetNow sets the clock of an index.
func (x *Index) SetNow(now func() time.Time) { x.now = now }

// SizeUp tells what the index is made of.
func (x *Index) SizeUp(logf func(string, ...any)) {
	for _, l := range x.catalogue.Load().layers {
		n := len(l.docs)
		logf("layer of %d: %d words, %d terms, bytes an entry: stream %d, postings %d, text of words %d",
			n, len(l.shapes), len(l.wordOf), len(l.stream)/n, len(l.postings.bytes)/n, len(l.text)/n)
	}
}

// Settle waits for what is merged aside, and says how many layers there are.
func (x *Index) Settle() (layers int) {
	x.aside.Wait()
	return len(x.catalogue.Load().layers)
}

// SetFoundBeside sets from how many entries on words are looked up beside one
// another; undo sets it back.
func SetFoundBeside(n int) (undo func()) {
	before := foundBeside
	foundBeside = n
	return func() { foundBeside = before }
}
