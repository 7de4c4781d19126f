// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

// The bounds of what costs more than reading an entry.
const (
	maxMaking = 8 // dossiers that are made at once
	maxLarge  = 8 // large answers in memory at once, until they are sent
)

// places bounds how many requests are answered at once.
type places chan struct{}

// take takes a place until leave is called; ok is false where there is none.
func (p places) take() (leave func(), ok bool) {
	if p == nil {
		return func() {}, true
	}
	select {
	case p <- struct{}{}:
		return func() { <-p }, true
	default:
		return nil, false
	}
}
