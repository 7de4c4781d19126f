// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

func BenchmarkSearch(b *testing.B) {
	x := search.New(newMemory(generated(1, 10_000)...))
	if err := x.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	for name, q := range map[string]registry.Query{
		"everything": {},
		"filter":     {Regions: []string{"DE"}, Licences: []string{"MIT"}},
		"word":       {Text: "antrag"},
		"words":      {Text: "bauamt schulplan karte"},
		"prefix":     {Text: "an"},
		"typo":       {Text: "steurplanxbuch"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Search(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	m := newMemory(generated(1, 10_000)...)
	for b.Loop() {
		if err := search.New(m).Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
