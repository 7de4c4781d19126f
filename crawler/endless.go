// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"fmt"
	"iter"
)

// maxListed is how many repositories are listed of a forge in one go: a listing of
// more has no end, or should be divided.
const maxListed = 2_000_000

// bounded ends listings after so many repositories. A page counts as one more.
func bounded(pages iter.Seq2[Page, error], most int) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		left := most
		for page, err := range pages {
			if left -= 1 + len(page.Repos); left < 0 && err == nil {
				page, err = Page{}, fmt.Errorf("over %d repositories are listed, which are too many; name owners or groups as sources", most)
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}
