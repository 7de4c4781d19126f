// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"errors"
	"io/fs"
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
	type count struct{ files, clean, withErrors, unreadable int }
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
		switch {
		case !res.Valid():
			c.withErrors++
		case !slices.ContainsFunc(res.Findings, func(f Finding) bool { return f.Severity == Warning }):
			c.clean++
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
	total, clean, bad := 0, 0, 0
	for _, version := range slices.Sorted(maps.Keys(counts)) {
		c := counts[version]
		total += c.files
		bad += c.withErrors
		clean += c.clean
		t.Logf("version %-5q %3d files, %3d clean, %3d with warnings, %3d with errors, %d unreadable", version, c.files, c.clean, c.files-c.clean-c.withErrors, c.withErrors, c.unreadable)
	}
	t.Logf("all           %3d files, %3d clean, %3d with warnings, %3d with errors", total, clean, total-clean-bad, bad)
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		t.Logf("%s %-8s in %3d files", code, messages[code].severity, codes[code])
	}
}

// TestEverything parses every file that lies beside the repository, whatever it
// is: licences, pictures, SBOMs.
func TestEverything(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../../shared/corpus", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		res := Parse(src, Options{})
		checkResult(t, src, res)
		if len(res.Findings) == 0 && !strings.Contains(filepath.Base(path), "publiccode") {
			t.Errorf("%s: no finding", path)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no corpus beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files", files)
}
