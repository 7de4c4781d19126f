// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

func TestTidyRepository(t *testing.T) {
	at := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	r := registry.Repository{
		URL: "https://x.example/a/b", Description: " Text\xff " + strings.Repeat("ü", 5000), DefaultBranch: strings.Repeat("b", 1025),
		Licence: strings.Repeat("l", 400), Language: "Go ", Topics: append(slices.Repeat([]string{"t"}, 60), ""), Stars: -1, Forks: -2,
		Created: at.In(time.FixedZone("", 7200)), Pushed: time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200)),
	}
	crawler.TidyRepository(&r)
	want := registry.Repository{
		URL: "https://x.example/a/b", Description: "Text\uFFFD " + strings.Repeat("ü", 2044), Licence: strings.Repeat("l", 300), Language: "Go",
		Topics: slices.Repeat([]string{"t"}, 50), Created: at,
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	fine := registry.Repository{Description: "Kurz", DefaultBranch: "feature/ü", Topics: []string{"", "karte"}, Stars: 3}
	crawler.TidyRepository(&fine)
	if want := (registry.Repository{Description: "Kurz", DefaultBranch: "feature/ü", Topics: []string{"karte"}, Stars: 3}); !reflect.DeepEqual(fine, want) {
		t.Errorf("got %+v, want %+v", fine, want)
	}
}

func TestVersion(t *testing.T) {
	r := crawler.Repo{Repository: registry.Repository{URL: "https://x.example/a/b", Stars: 1, Forks: 2}}
	first := crawler.Version(r, "mark")
	same, other := r, r
	same.Stars, same.Forks = 5, 6
	other.Description = "new"
	blocked := r
	blocked.State = crawler.Blocked
	if first == "" || crawler.Version(same, "mark") != first || crawler.Version(other, "mark") == first || crawler.Version(r, "other") == first || crawler.Version(blocked, "mark") == first {
		t.Errorf("%q, %q, %q", first, crawler.Version(same, "mark"), crawler.Version(other, "mark"))
	}
}

func TestAddress(t *testing.T) {
	base, err := url.Parse("https://git.example/forge")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":          "https://git.example/forge",
		"a/b":       "https://git.example/forge/a/b",
		"ä b/c?d#e": "https://git.example/forge/%C3%A4%20b/c%3Fd%23e",
	} {
		if got := crawler.Address(base, path); got != want {
			t.Errorf("Address(%q) = %s, want %s", path, got, want)
		}
	}
}

func TestHashes(t *testing.T) {
	// As git hash-object says.
	for content, want := range map[string]string{"": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "hello\n": "ce013625030ba8dba906f756967f9e9ca394464a"} {
		if got := crawler.BlobHash([]byte(content)); got != want {
			t.Errorf("BlobHash(%q) = %s, want %s", content, got, want)
		}
	}
	for text, want := range map[string]bool{
		strings.Repeat("0f", 20): true, strings.Repeat("0f", 32): true, strings.Repeat("0F", 20): false, strings.Repeat("0f", 21): false, "HEAD": false, "": false,
	} {
		if crawler.IsHash(text) != want {
			t.Errorf("IsHash(%q) = %t", text, !want)
		}
	}
}
