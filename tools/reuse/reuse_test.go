// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package reuse_test holds the repository to the REUSE specification 3.3: every
// file says whose it is and under which licence, in its head, in a .license
// file beside it or in REUSE.toml, and LICENSES/ has the texts of exactly the
// licences named. See https://reuse.software/spec-3.3/
package reuse_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

const root = "../.."

// headSize is how far into a file its header may stand, in bytes. Later
// occurrences are text about licences, not the file's own.
const headSize = 1 << 10

// The tags, put together so that this file does not seem to carry them twice.
var (
	copyrightTag = regexp.MustCompile("SPDX-" + `FileCopyrightText: *\S|Copyright \(c\) \d`)
	licenceTag   = regexp.MustCompile("SPDX-" + `License-Identifier: *([^\r\n]+?)\s*(?:\*/|-->)?\s*(?:[\r\n]|$)`)
	operator     = regexp.MustCompile(`[()\s]+|\b(?:AND|OR|WITH)\b`)
)

type annotation struct {
	Path       any    `toml:"path"` // a glob or a list of globs
	Precedence string `toml:"precedence"`
	Copyright  any    `toml:"SPDX-FileCopyrightText"`
	Licence    string `toml:"SPDX-License-Identifier"`
}

func (a annotation) matches(name string) bool {
	globs, list := a.Path.([]any)
	if !list {
		globs = []any{a.Path}
	}
	for _, g := range globs {
		if s, ok := g.(string); ok && glob(s).MatchString(name) {
			return true
		}
	}
	return false
}

// glob compiles a pattern of REUSE.toml: * stays within a folder, ** does not.
func glob(pattern string) *regexp.Regexp {
	s := regexp.QuoteMeta(pattern)
	s = strings.ReplaceAll(s, `\*\*`, `.*`)
	s = strings.ReplaceAll(s, `\*`, `[^/]*`)
	return regexp.MustCompile(`^` + s + `$`)
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"go.sum", "go.sum", true},
		{"go.sum", "goxsum", false},
		{"*.json", "a.json", true},
		{"*.json", "a/b.json", false},
		{"**/testdata/**", "a/b/testdata/c/d.yml", true},
		{"**.md", "docs/a.md", true},
	} {
		if got := glob(c.pattern).MatchString(c.name); got != c.want {
			t.Errorf("glob(%q) on %q = %v, want %v", c.pattern, c.name, got, c.want)
		}
	}
}

func TestEveryFileSaysItsLicence(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("no git checkout to list: %v", err)
	}
	config, err := os.ReadFile(filepath.Join(root, "REUSE.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var reuse struct {
		Version     int          `toml:"version"`
		Annotations []annotation `toml:"annotations"`
	}
	if err := toml.NewDecoder(bytes.NewReader(config)).DisallowUnknownFields().Decode(&reuse); err != nil {
		t.Fatalf("REUSE.toml: %v", err)
	}

	texts := map[string]bool{} // licences in LICENSES/: true once a file names them
	used := map[string]string{}
	files := 0
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		if id, ok := strings.CutPrefix(name, "LICENSES/"); ok {
			texts[strings.TrimSuffix(id, ".txt")] = false
			continue
		}
		if name == "LICENSE" || strings.HasPrefix(filepath.Base(name), "LICENSE.") || name == "REUSE.toml" || strings.HasSuffix(name, ".license") {
			continue
		}
		info, err := os.Lstat(filepath.Join(root, name))
		if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			continue // deleted but not committed, a link, empty
		}
		files++
		copyright, licences := read(t, name, reuse.Annotations)
		if !copyright {
			t.Errorf("%s: no SPDX-FileCopyrightText, neither in the file nor in %s.license nor in REUSE.toml", name, name)
		}
		if len(licences) == 0 {
			t.Errorf("%s: no SPDX-License-Identifier, neither in the file nor in %s.license nor in REUSE.toml", name, name)
		}
		for _, id := range licences {
			used[id] = name
		}
	}
	if files == 0 {
		t.Fatal("git lists no file")
	}
	for id, name := range used {
		if _, ok := texts[id]; !ok {
			t.Errorf("%s names %s, but LICENSES/%s.txt is missing", name, id, id)
		}
		texts[id] = true
	}
	for id, named := range texts {
		if !named {
			t.Errorf("LICENSES/%s.txt: no file names this licence", id)
		}
	}
}

// read returns whether the file has a copyright notice, and the licences it names.
func read(t *testing.T, name string, annotations []annotation) (copyright bool, licences []string) {
	t.Helper()
	var last *annotation // the last match counts
	for i := range annotations {
		if annotations[i].matches(name) {
			last = &annotations[i]
		}
	}
	head := ""
	if last == nil || last.Precedence != "override" {
		head = headOf(t, name+".license")
		if head == "" {
			head = headOf(t, name)
		}
	}
	copyright = copyrightTag.MatchString(head)
	var expressions []string
	for _, m := range licenceTag.FindAllStringSubmatch(head, -1) {
		expressions = append(expressions, m[1])
	}
	if last != nil {
		copyright = copyright || last.Copyright != nil
		if len(expressions) == 0 || last.Precedence == "aggregate" {
			expressions = append(expressions, last.Licence)
		}
	}
	for _, e := range expressions {
		for _, id := range operator.Split(e, -1) {
			if id != "" {
				licences = append(licences, id)
			}
		}
	}
	return copyright, licences
}

// headOf returns the beginning of a file, "" where there is none.
func headOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if os.IsNotExist(err) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data[:min(len(data), headSize)])
}
