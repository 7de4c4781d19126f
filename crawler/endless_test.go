// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"errors"
	"iter"
	"strings"
	"testing"
)

func TestBounded(t *testing.T) {
	broken := errors.New("broken")
	repos := func(n int) Page { return Page{Repos: make([]Repo, n)} }
	for name, tt := range map[string]struct {
		pages   []Page
		err     error
		handed  int
		message string
	}{
		"few":          {[]Page{repos(3), repos(4)}, nil, 2, ""},
		"too many":     {[]Page{repos(3), repos(4), repos(1), repos(1)}, nil, 2, "over 9"},
		"empty ones":   {make([]Page, 20), nil, 9, "over 9"},
		"a large page": {[]Page{repos(20)}, nil, 0, "over 9"},
		"an error":     {[]Page{repos(3)}, broken, 1, "broken"},
		"none":         {},
	} {
		t.Run(name, func(t *testing.T) {
			var all iter.Seq2[Page, error] = func(yield func(Page, error) bool) {
				for _, p := range tt.pages {
					if !yield(p, nil) {
						return
					}
				}
				if tt.err != nil {
					yield(Page{}, tt.err)
				}
			}
			handed, last := 0, ""
			for _, err := range bounded(all, 9) {
				if err != nil {
					last = err.Error()
					continue
				}
				handed++
			}
			if handed != tt.handed || !strings.HasPrefix(last, tt.message) || (last == "") != (tt.message == "") {
				t.Errorf("%d pages and %q, want %d and %q", handed, last, tt.handed, tt.message)
			}
			for range bounded(all, 9) {
				break // may be left
			}
		})
	}
}
