// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

func ask(t *testing.T, x *search.Index, q registry.Query) registry.Page {
	t.Helper()
	page, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("Search %+v: %v", q, err)
	}
	return page
}

func names(page registry.Page) []string {
	var all []string
	for _, s := range page.Items {
		all = append(all, s.PublicCode.Name)
	}
	return all
}
