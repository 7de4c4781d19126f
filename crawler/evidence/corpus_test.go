// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler/collect"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// corpusEntries are the repositories of the shared corpus that have a
// publiccode.yml, each as the crawler enters it; it skips where there is none.
func corpusEntries(t testing.TB) []*registry.Software {
	t.Helper()
	root := filepath.Join("..", "..", "..", "shared", "corpus", "forge")
	dirs, err := filepath.Glob(filepath.Join(root, "*", "*", "*"))
	if err != nil || len(dirs) == 0 {
		t.Skip("no corpus")
	}
	var out []*registry.Software
	for _, dir := range dirs {
		id, err := filepath.Rel(root, dir)
		if err != nil {
			t.Fatal(err)
		}
		tree := os.DirFS(dir).(fs.ReadDirFS)
		entries, err := tree.ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"publiccode.yml", "publiccode.yaml"} {
			src, err := fs.ReadFile(tree, name)
			if err != nil {
				continue
			}
			s := &registry.Software{ID: registry.ID(filepath.ToSlash(id)), Files: []registry.File{{Path: name, Role: registry.RolePublicCode, Bytes: src}}}
			// No images: the corpus has none.
			found, err := collect.Collect(t.Context(), collect.Visit{Tree: tree, Root: entries, PublicCode: &publiccode.PublicCode{}})
			if err != nil {
				t.Fatal(err)
			}
			s.Files = append(s.Files, found.Files...)
			if p := publiccode.Parse(src, publiccode.Options{}).PublicCode; p != nil {
				s.PublicCode = *p
				out = append(out, s)
			}
			break
		}
	}
	return out
}

// TestCorpus makes a report of every repository: each has a verdict and reasons
// in words. With -v it prints the table that docs/licence-review.md rests on.
func TestCorpus(t *testing.T) {
	verdicts, codes := map[registry.LicenceVerdict]int{}, map[string]int{}
	for _, s := range corpusEntries(t) {
		got, _ := report(s)
		verdicts[got.Verdict]++
		if !slices.Contains(registry.LicenceVerdicts(), got.Verdict) || len(got.Reasons) == 0 {
			t.Errorf("%s: %+v", s.ID, got)
			continue
		}
		codes[fmt.Sprintf("%s %s", got.Verdict, got.Reasons[0].Code)]++
		var words []string
		for _, r := range got.Reasons {
			words = append(words, r.Code+" "+strings.Join(r.Args, " | "))
		}
		t.Logf("%s\t%s\t%s", got.Verdict, s.ID, strings.Join(words, "; "))
		for _, r := range got.Reasons {
			for _, lang := range []string{"de", "en"} {
				if sentence, _ := r.Wording(lang); sentence == "" {
					t.Errorf("%s: no words for %s", s.ID, r.Code)
				}
			}
		}
	}
	t.Log(verdicts)
	t.Log(codes)
}
