// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"
)

// TestCorpus reads the documents of others, where they are present: each is read,
// or refused with a reason.
func TestCorpus(t *testing.T) {
	var files []string
	for _, folder := range []string{"spdx", "cyclonedx"} {
		found, _ := filepath.Glob(filepath.Join("../../shared/corpus", folder, "*"))
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("no corpus here")
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		d, err := Read(src)
		name := filepath.Base(file)
		if err != nil {
			if len(err.Error()) < 20 {
				t.Errorf("%s: refused without a reason: %v", name, err)
			}
			t.Logf("%s: REFUSED: %v", name, err)
			continue
		}
		consistent(t, d)
		t.Logf("%s: %s %s %s, %d packages, roots %q, %d relationships, %d ms, remarks %q",
			name, d.Standard, d.Version, d.Encoding, len(d.Packages), d.Roots, len(d.Relationships), time.Since(start).Milliseconds(), d.Remarks)
	}
}

// consistent checks what holds for every document that is read.
func consistent(t *testing.T, d *Document) {
	t.Helper()
	refs := map[string]bool{}
	for _, p := range d.Packages {
		if p.Ref == "" || refs[p.Ref] {
			t.Errorf("a package has no identifier of its own: %q", p.Ref)
		}
		refs[p.Ref] = true
		if !utf8.ValidString(p.Ref + p.Name + p.Copyright + p.Declared) {
			t.Errorf("%q is not UTF-8", p.Ref)
		}
	}
	for _, list := range [][]string{d.Roots, d.Complete, d.Incomplete, d.Leaves} {
		for _, ref := range list {
			if !refs[ref] {
				t.Errorf("%q is no package", ref)
			}
		}
	}
	for _, r := range d.Relationships {
		if !refs[r.From] || !refs[r.To] || r.Type == "" {
			t.Errorf("a relationship is not between packages: %+v", r)
		}
	}
}
