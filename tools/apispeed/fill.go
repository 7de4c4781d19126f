// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"

	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite" //nolint:depguard // the registry of the program that is measured
)

// fill makes a registry with n entries, unless there is a file already.
func fill(ctx context.Context, path string, n int) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	err = registrytest.Populate(ctx, store, n)
	return errors.Join(err, store.Close())
}

// entryTargets are the addresses of the entries, in no order.
func entryTargets(n int) []string {
	var all []string
	for s := range registrytest.Realistic(n) {
		all = append(all, "/v1/software/"+(&url.URL{Path: string(s.ID)}).EscapedPath())
	}
	rand.New(rand.NewPCG(7, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] }) //nolint:gosec // no secret
	return all
}

// searchTargets are searches of which no two are the same, for words out of the
// texts of entries: one, two, or one with a filter, each with five facets. Every
// round has its own.
func searchTargets(n, round, most int) []string {
	facets := make([]string, 0, 5)
	for _, f := range registrytest.FiveFacets() {
		facets = append(facets, string(f))
	}
	var words []string
	for s := range registrytest.Realistic(n) {
		d := s.PublicCode.Description["de"]
		for w := range strings.FieldsSeq(d.GenericName + " " + d.LongDescription) {
			if w = strings.Trim(w, "."); len(w) > 3 {
				words = append(words, w)
			}
		}
	}
	r := rand.New(rand.NewPCG(8, uint64(round))) //nolint:gosec // no secret, no negative number
	word := func() string { return words[r.IntN(len(words))] }
	seen := map[string]bool{}
	var all []string
	for len(all) < most {
		q := url.Values{"q": {word()}, "perPage": {"25"}, "facets": {strings.Join(facets, ",")}}
		switch r.IntN(3) {
		case 0:
			q.Set("q", q.Get("q")+" "+word())
		case 1:
			q.Set("region", []string{"DE-SH", "DE-HH", "DE-NI", "DE-BY"}[r.IntN(4)])
			q.Set("status", []string{"stable", "beta"}[r.IntN(2)])
		default:
			q.Set("sort", []string{"relevance", "name", "updated", "stars"}[r.IntN(4)])
			q.Set("publisher", fmt.Sprint("stelle-", r.IntN(5)))
		}
		if target := "/v1/software?" + q.Encode(); !seen[target] {
			seen[target] = true
			all = append(all, target)
		}
	}
	return all
}
