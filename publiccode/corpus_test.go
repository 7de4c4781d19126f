// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestCorpus parses real files of public repositories where a collection of
// them lies beside the repository.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../shared/corpus/forge/*/*/*/publiccode.y*ml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no corpus beside the repository")
	}
	type count struct{ files, withErrors, unreadable int }
	counts := map[string]*count{}
	codes := map[string]int{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(filepath.Dir(file), "../../shared/corpus/forge/")
		res := Parse(src, Options{RepositoryURL: "https://" + name})
		checkResult(t, src, res)
		if again := Parse(src, Options{RepositoryURL: "https://" + name}); !reflect.DeepEqual(res, again) {
			t.Errorf("%s: two runs differ", name)
		}
		c := counts[res.Version]
		if c == nil {
			c = &count{}
			counts[res.Version] = c
		}
		c.files++
		if !res.Valid() {
			c.withErrors++
		}
		if res.PublicCode == nil {
			c.unreadable++
		}
		seen := map[string]bool{}
		for _, f := range res.Findings {
			if testing.Verbose() && os.Getenv("CORPUS") != "" && strings.Contains(f.Code, os.Getenv("CORPUS")) {
				t.Logf("%s:%d:%d %s %s: %s", name, f.Line, f.Column, f.Code, f.Severity, f.Message("en"))
			}
			if !seen[f.Code] {
				seen[f.Code] = true
				codes[f.Code]++
			}
		}
	}
	total, bad := 0, 0
	for _, version := range slices.Sorted(maps.Keys(counts)) {
		c := counts[version]
		total += c.files
		bad += c.withErrors
		t.Logf("version %-4q %3d files, %3d with errors, %d unreadable", version, c.files, c.withErrors, c.unreadable)
	}
	t.Logf("all          %3d files, %3d with errors", total, bad)
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		t.Logf("%s %-8s in %3d files", code, messages[code].severity, codes[code])
	}
}
