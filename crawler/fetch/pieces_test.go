// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/allmende-registry/allmende/crawler/fetch"
)

// TestPieces reads the second page of fifty of a list of 120, whose entries are
// their own numbers.
func TestPieces(t *testing.T) {
	errBroken, errOther := errors.New("broken"), errors.New("other")
	for name, tt := range map[string]struct {
		broken   []int
		err      error
		lost     int
		requests int
	}{
		"none broken":    {nil, nil, 0, 2},
		"one":            {[]int{77}, nil, 1, 2 + 5 + 5},
		"at the edges":   {[]int{51, 100}, nil, 2, 2 + 2*5 + 2*5},
		"three in a row": {[]int{60, 61, 62}, errBroken, 0, 1 + 2 + 5 + 1 + 2},
		"all":            {[]int{51, 52, 53, 54, 55}, errBroken, 0, 1 + 1 + 3},
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			ask := func(number, size int) (*[]int, error) {
				requests++
				var page []int
				for i := (number-1)*size + 1; i <= min(number*size, 120); i++ {
					if slices.Contains(tt.broken, i) {
						return nil, errBroken
					}
					page = append(page, i)
				}
				return &page, nil
			}
			answers, lost, err := fetch.Pieces(2, 50, ask, func(err error) bool { return err == errBroken })
			if !errors.Is(err, tt.err) || (lost != nil) != (tt.lost > 0) || requests != tt.requests {
				t.Fatalf("%v, lost %v, %d requests", err, lost, requests)
			}
			next, gaps := 51, 0
			for _, page := range answers {
				if page == nil {
					next++
					gaps++
					continue
				}
				for _, entry := range *page {
					if entry != next {
						t.Fatalf("%d came, want %d", entry, next)
					}
					next++
				}
			}
			if err == nil && (next != 101 || gaps != tt.lost) {
				t.Errorf("read to %d with %d gaps", next-1, gaps)
			}
		})
	}
	ask := func(int, int) (*int, error) { return nil, errOther }
	if _, _, err := fetch.Pieces(1, 50, ask, func(err error) bool { return err == errBroken }); err != errOther {
		t.Error(err)
	}
}
