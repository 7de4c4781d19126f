// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
)

// However many processors an index is made by, it answers the same.
func TestProcessors(t *testing.T) {
	source := newMemory(slices.Collect(registrytest.Realistic(1500))...)
	var want []registry.Page
	for _, processors := range []int{1, 8, 8} {
		before := runtime.GOMAXPROCS(processors)
		index := search.New(source)
		err := index.Refresh(t.Context())
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		var got []registry.Page
		for _, kind := range registrytest.AllQuestions() {
			for _, q := range kind.Queries {
				q.Counted = registry.AllFacets()
				page, err := index.Search(t.Context(), q)
				if err != nil {
					t.Fatalf("%+v: %v", q, err)
				}
				got = append(got, page)
			}
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("made by %d processors (+), by one (-):\n%.2000s", processors, diff)
		}
	}
	if len(want) == 0 || want[0].Total == 0 {
		t.Errorf("nothing was found")
	}
}
