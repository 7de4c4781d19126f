// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

func TestReadDir(t *testing.T) {
	list := func(string) ([]crawler.Entry, error) {
		return []crawler.Entry{{Name: "b"}, {Name: "a/x"}, {Name: ".."}, {Name: "."}, {Name: ""}, {Name: "x\x00"}, {Name: "a\xff"}, {Name: "docs", Folder: true}, {Name: "a", Size: 7}}, nil
	}
	entries, err := crawler.ReadDir(".", list)
	var got []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Name() != e.Name() || info.IsDir() != e.IsDir() || info.Mode().Type() != e.Type() {
			t.Errorf("%v: %v, %v", e, info, err)
		}
		got = append(got, fmt.Sprintf("%s %t %d", e.Name(), e.IsDir(), info.Size()))
	}
	if want := []string{"a false 7", "b false 0", "docs true 0"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	for _, name := range []string{"", "..", "/", "a/", "a//b", "./a", "a\x00", "a\xff"} {
		_, err := crawler.ReadDir(name, func(string) ([]crawler.Entry, error) {
			t.Errorf("%q was asked for", name)
			return nil, nil
		})
		if !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("ReadDir(%q): %v", name, err)
		}
	}
	if _, err := crawler.ReadDir("a", func(string) ([]crawler.Entry, error) { return nil, registry.ErrForbidden }); !errors.Is(err, registry.ErrForbidden) {
		t.Errorf("got %v", err)
	}
	many, err := crawler.ReadDir("a/b", func(string) ([]crawler.Entry, error) {
		var out []crawler.Entry
		for i := range 2 * crawler.MaxDirEntries {
			out = append(out, crawler.Entry{Name: fmt.Sprintf("%05d", 99999-i)})
		}
		return out, nil
	})
	if err != nil || len(many) != crawler.MaxDirEntries || many[0].Name() != "98000" {
		t.Errorf("%d entries, %v", len(many), err)
	}
}
