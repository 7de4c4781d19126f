// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"testing"

	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
)

// made is a source of n realistic entries.
func made(n int) *stubs {
	m := &stubs{memory: newMemory()}
	for s := range registrytest.Realistic(n) {
		m.made = append(m.made, s)
	}
	return m
}

func BenchmarkSearch(b *testing.B) {
	m := made(10_000)
	x := search.New(m)
	if err := x.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	m.made = nil
	for _, q := range registrytest.AllQuestions() {
		b.Run(q.Kind, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := x.Search(b.Context(), q.Queries[i%len(q.Queries)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	m := made(10_000)
	for b.Loop() {
		if err := search.New(m).Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
