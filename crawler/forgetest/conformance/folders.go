// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
)

func (s suite) folders(t *testing.T) {
	repo := s.repo("stadt/wahl")
	for _, name := range []string{
		"README.md", "LICENSES/EUPL-1.2.txt", "LICENSES/MIT.txt", "docs/deep/er/install.md", "docs/a.md",
		"Bürgerbüro/Öffnungszeiten für Ämter.txt", "a b/c d.txt", ".reuse/dep5",
	} {
		repo.Files[name] = []byte("I am " + name)
	}
	f := s.newForge(t, forgetest.New(repo, s.repo("stadt/kita")))
	listed := one(t, mustList(t, f, "stadt"), "stadt/wahl")
	described, err := f.Describe(t.Context(), []crawler.Repo{listed})
	if err != nil || len(described) != 1 || described[0].Err != nil {
		t.Fatalf("Describe: %+v, %v", described, err)
	}
	for name, r := range map[string]crawler.Repo{"listed": listed, "described": described[0].Repo} {
		t.Run(name, func(t *testing.T) { s.readFolders(t, mustTree(t, f, r), repo) })
	}
}

func (s suite) readFolders(t *testing.T, tree crawler.Tree, repo forgetest.Repo) {
	for _, tt := range []struct {
		folder string
		want   []string // folders end in a slash
	}{
		{".", []string{".reuse/", "Bürgerbüro/", "LICENSES/", "README.md", "a b/", "docs/", "publiccode.yml"}},
		{"LICENSES", []string{"EUPL-1.2.txt", "MIT.txt"}},
		{"docs", []string{"a.md", "deep/"}},
		{"docs/deep", []string{"er/"}},
		{"docs/deep/er", []string{"install.md"}},
		{"Bürgerbüro", []string{"Öffnungszeiten für Ämter.txt"}},
		{"a b", []string{"c d.txt"}},
		{".reuse", []string{"dep5"}},
	} {
		entries, err := fs.ReadDir(tree, tt.folder)
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for _, e := range entries {
			name := e.Name()
			info, err := e.Info()
			switch {
			case err != nil:
				t.Error(err)
			case info.Name() != name || info.IsDir() != e.IsDir():
				t.Errorf("%s: the entry is %s, its Info %s", tt.folder, fs.FormatDirEntry(e), fs.FormatFileInfo(info))
			case e.IsDir():
				name += "/"
			default:
				// Not every forge tells sizes.
				content := repo.Files[strings.TrimPrefix(tt.folder+"/"+name, "./")]
				if info.Size() != 0 && info.Size() != int64(len(content)) {
					t.Errorf("%s/%s: Size = %d, want %d", tt.folder, name, info.Size(), len(content))
				}
			}
			got = append(got, name)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("ReadDir(%q) = %q, want %q", tt.folder, got, tt.want)
		}
	}
	for _, name := range []string{"none", "none/at/all", "LICENSES/none", "docs/deep/none", "licenses"} {
		if _, err := fs.ReadDir(tree, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("ReadDir(%q): %v, want fs.ErrNotExist", name, err)
		}
	}
	for _, name := range []string{"README.md", "docs/a.md", "README.md/x"} {
		if entries, err := fs.ReadDir(tree, name); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("ReadDir(%q), a file: %v, %v", name, entries, err)
		}
	}
	for _, name := range []string{"", "..", "/", "../kita", "docs/../LICENSES", "./docs", "docs//deep", "docs/", "docs\x00", "docs\xff"} {
		if _, err := fs.ReadDir(tree, name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("ReadDir(%q): %v, want fs.ErrInvalid", name, err)
		}
	}
	for pattern, want := range map[string][]string{
		"LICENSES/*": {"LICENSES/EUPL-1.2.txt", "LICENSES/MIT.txt"},
		"*.md":       {"README.md"},
		"*/*.txt":    {"Bürgerbüro/Öffnungszeiten für Ämter.txt", "LICENSES/EUPL-1.2.txt", "LICENSES/MIT.txt", "a b/c d.txt"},
		"none/*":     nil,
	} {
		if got, err := fs.Glob(tree, pattern); err != nil || !slices.Equal(got, want) {
			t.Errorf("Glob(%q) = %q, %v, want %q", pattern, got, err, want)
		}
	}
	for _, name := range []string{"README.md", "LICENSES/MIT.txt", "Bürgerbüro/Öffnungszeiten für Ämter.txt", "a b/c d.txt"} {
		if info, err := fs.Stat(tree, name); err != nil || info.IsDir() || info.Size() != int64(len(repo.Files[name])) {
			t.Errorf("Stat(%q) = %v, %v", name, info, err)
		}
	}
}

// largeFolders: a repository with many files has all its folders, of which a
// large one may be cut.
func (s suite) largeFolders(t *testing.T) {
	const many = crawler.MaxDirEntries + 100
	repo := s.repo("stadt/wahl")
	for i := range many {
		repo.Files[fmt.Sprintf("kacheln/%04d.txt", i)] = []byte("x")
	}
	repo.Files["weitere/a/b.txt"] = []byte("b")
	f := s.newForge(t, forgetest.New(repo))
	tree := mustTree(t, f, one(t, mustList(t, f, "stadt"), "stadt/wahl"))
	if entries, err := fs.ReadDir(tree, "kacheln"); err != nil || len(entries) < crawler.MaxDirEntries || entries[7].Name() != "0007.txt" {
		t.Errorf("a folder of %d files: %d entries, %v", many, len(entries), err)
	}
	for folder, want := range map[string]string{"weitere": "a", "weitere/a": "b.txt"} {
		if entries, err := fs.ReadDir(tree, folder); err != nil || len(entries) != 1 || entries[0].Name() != want {
			t.Errorf("ReadDir(%q) = %v, %v", folder, entries, err)
		}
	}
	for _, name := range []string{"none", "weitere/none", "weitere/a/none"} {
		if _, err := fs.ReadDir(tree, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("ReadDir(%q): %v, want fs.ErrNotExist", name, err)
		}
	}
	if _, err := fs.ReadFile(tree, "weitere/a/b.txt"); err != nil {
		t.Error(err)
	}
}
