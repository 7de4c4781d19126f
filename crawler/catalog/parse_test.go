// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// sound holds what a parser finds against what Entry promises.
func sound(t *testing.T, src []byte, parse func([]byte, *listing) error) {
	t.Helper()
	seen := map[string]bool{}
	l := newListing(func(e Entry) bool {
		if e.Where == "" {
			t.Errorf("%+v is nowhere", e)
		}
		if e.Err != nil {
			if !errors.Is(e.Err, registry.ErrInvalid) || len(e.URL) > maxPublisherName+3 {
				t.Errorf("%q: %v", e.URL, e.Err)
			}
			return true
		}
		id, err := registry.ParseID(e.URL)
		if u, urlErr := url.Parse(e.URL); err != nil || urlErr != nil || u.Scheme+"://"+string(id) != e.URL || u.Scheme != "https" && u.Scheme != "http" {
			t.Errorf("%q is not canonical: %v, %v", e.URL, err, urlErr)
		}
		if key := id.Key(); !e.Group && seen[key] {
			t.Errorf("%s comes twice", key)
		} else if !e.Group {
			seen[key] = true
		}
		p := e.Publisher
		if (p != registry.Publisher{}) && (!publisherID.MatchString(p.ID) || p.Name == "" || len(p.Name) > maxPublisherName) {
			t.Errorf("publisher %+v", p)
		}
		return true
	})
	if err := parse(src, l); err != nil && !errors.Is(err, registry.ErrInvalid) && !errors.Is(err, registry.ErrTooLarge) {
		t.Error(err)
	}
}

var publisherID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

func FuzzParseList(f *testing.F) {
	f.Add([]byte(plainList))
	f.Add([]byte(jsonList))
	f.Fuzz(func(t *testing.T, src []byte) { sound(t, src, parseList) })
}

func FuzzParseCodeJSON(f *testing.F) {
	f.Add([]byte(inventory200))
	f.Add([]byte(inventory101))
	f.Fuzz(func(t *testing.T, src []byte) { sound(t, src, parseCodeJSON) })
}

func FuzzParsePublishers(f *testing.F) {
	f.Add([]byte(publisherList))
	f.Add([]byte("- &a {name: x, orgs: *a}\n"))
	f.Fuzz(func(t *testing.T, src []byte) { sound(t, src, parsePublishers) })
}

func FuzzItems(f *testing.F) {
	f.Add([]byte(`[{"url": "https://github.com/a/b"}, null, {"publisher": {"id": "x"}, "codeHosting": [{"url": "https://github.com/a"}]}]`))
	f.Fuzz(func(t *testing.T, src []byte) {
		sound(t, src, func(src []byte, l *listing) error {
			return each("data", src, l, func(where string, s italianSoftware) error {
				return l.repository(where, string(s.URL), registry.Publisher{})
			})
		})
		sound(t, src, func(src []byte, l *listing) error {
			return each("data", src, l, func(where string, p italianPublisher) error { return p.list(where, l) })
		})
		sound(t, src, func(src []byte, l *listing) error {
			return each("items", src, l, func(where string, s peerSoftware) error {
				return l.repository(where, string(s.Repository.URL), l.publisher(string(s.Publisher.ID), string(s.Publisher.Name), string(s.Publisher.Region), string(s.Publisher.URI)))
			})
		})
	})
}

func FuzzNextPage(f *testing.F) {
	for _, next := range []string{"?page[after]=x", "//h/v1/software?x", "WyIyMDI2Il0=", "https://h.example/v1/software?a=b", "../x?y", "%zz?"} {
		f.Add(next)
	}
	first, err := url.Parse("https://h.example/v1/software?page%5Bsize%5D=100")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		u, err := nextPage(first, next, "page[after]")
		if err == nil && (u.Scheme != "https" || u.Host != first.Host || u.Path != first.Path || u.User != nil) {
			t.Errorf("%q leads to %s", next, u)
		}
	})
}

func FuzzRecognise(f *testing.F) {
	for _, s := range []string{inventory200, jsonList, plainList, publisherList, `{"items": [], "links": {}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if kind := recognise(src); kind != "" && readers[kind] == nil {
			t.Errorf("%q", kind)
		}
	})
}

func TestPublisherIDs(t *testing.T) {
	l := newListing(nil)
	for _, tt := range []struct{ id, name, wantID, wantName string }{
		{"c_a547", "Comune", "c-a547", "Comune"},
		{"c_a547", "Comune", "c-a547", "Comune"},
		{"C-A547", "Ein anderes", "c-a547-be684111", "Ein anderes"},
		{"", "Große Öffentliche Körperschaft", "grosse-oeffentliche-koerperschaft", "Große Öffentliche Körperschaft"},
		{"", "Città di Forlì", "citta-di-forli", "Città di Forlì"},
		{"", "東京都", "ce76fe65", "東京都"},
		{"x", "", "x", "x"},
		{"", "", "", ""},
		{"", " \n\t", "", ""},
		{strings.Repeat("ab-", 100), "Lang", strings.TrimRight(strings.Repeat("ab-", 22)[:64], "-"), "Lang"},
	} {
		got := l.publisher(tt.id, tt.name, "", "")
		if got.ID != tt.wantID || got.Name != tt.wantName {
			t.Errorf("%q, %q: %+v", tt.id, tt.name, got)
		}
	}
	long := l.publisher("", strings.Repeat("ü", 300), "", "")
	if len(long.Name) > maxPublisherName || !utf8.ValidString(long.Name) || len(long.ID) > maxPublisherID {
		t.Errorf("%+v", long)
	}
}
