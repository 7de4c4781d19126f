// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// corpus holds real repositories, one a folder, where it is there.
const corpus = "../../../shared/corpus/forge"

// TestCorpus tells what is found in real repositories, and which names look
// like more.
func TestCorpus(t *testing.T) {
	repos, err := filepath.Glob(corpus + "/*/*/*")
	if err != nil || len(repos) == 0 {
		t.Skip("no corpus here")
	}
	count := map[registry.Role]int{}
	reasons := map[Reason]int{}
	alike := regexp.MustCompile(`(?i)licen[cs]|lizenz|copying|notice|eupl|gpl|s?bom[._-]|spdx|cyclonedx|security|contribut|codeowner|readme|codemeta|citation|reuse|dep5`)
	for _, repo := range repos {
		tree, ok := os.DirFS(repo).(fs.ReadDirFS)
		if !ok {
			t.Fatal("no folders")
		}
		root, err := tree.ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		v := Visit{Tree: tree, Commit: commit, Root: root, Folder: ".", PublicCode: &publiccode.PublicCode{}, Getter: outside{}}
		for _, name := range []string{"publiccode.yml", "publiccode.yaml"} {
			if src, err := os.ReadFile(filepath.Join(repo, name)); err == nil {
				if doc := publiccode.Parse(src, publiccode.Options{}); doc.PublicCode != nil {
					v.PublicCode = doc.PublicCode
				}
			}
		}
		result, err := Collect(context.Background(), v)
		if err != nil {
			t.Fatal(err)
		}
		taken := map[string]bool{}
		for _, f := range result.Files {
			count[f.Role]++
			taken[f.Path] = true
		}
		for _, n := range result.Notes {
			reasons[n.Reason]++
			if n.Reason != Missing { // the images are not in the corpus
				t.Logf("%s: %s", repo, n)
			}
		}
		err = fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && !taken[name] && alike.MatchString(name) {
				t.Logf("not taken: %s/%s", repo, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d repositories", len(repos))
	for _, role := range slices.Sorted(maps.Keys(count)) {
		t.Logf("%5d %s", count[role], role)
	}
	for _, why := range slices.Sorted(maps.Keys(reasons)) {
		t.Logf("%5d %s", reasons[why], why)
	}
	for _, role := range []registry.Role{registry.RoleLicence, registry.RoleReadme, registry.RoleREUSE, registry.RoleCodeowners} {
		if count[role] == 0 {
			t.Errorf("no %s in %d repositories", role, len(repos))
		}
	}
}
