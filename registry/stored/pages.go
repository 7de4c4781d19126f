// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"context"
	"iter"
)

// Page is how many rows an iterator takes at a time. Between two pages it holds no
// connection, so that its consumer may write.
const Page = 100

// Pages yields the rows of pages, each after the key of the last row before it.
// fail makes the error that is yielded of one of read, or of nil where the context
// ended.
func Pages[T, K any](ctx context.Context, start K, read func(after K) ([]T, error), key func(T) K, fail func(error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for last := start; ; {
			rows, err := read(last)
			if err != nil {
				yield(none, fail(err))
				return
			}
			for _, row := range rows {
				if ctx.Err() != nil {
					yield(none, fail(nil))
					return
				}
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) < Page {
				return
			}
			last = key(rows[len(rows)-1])
		}
	}
}
