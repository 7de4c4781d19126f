// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPagesAreUpToDate holds that docs/findings is what this program writes.
func TestPagesAreUpToDate(t *testing.T) {
	const dir, remedy = "../../docs/findings", "run: go run ./tools/findings"
	all, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	there, err := written(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range there {
		if all[name] == nil {
			t.Errorf("docs/findings/%s belongs to no rule; %s", name, remedy)
		}
	}
	for name, want := range all {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("docs/findings/%s is out of date; %s", name, remedy)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "findings")
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "PC9999.md"), []byte("gone"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	all, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	there, err := written(dir)
	if want := slices.Sorted(maps.Keys(all)); err != nil || !slices.Equal(there, want) {
		t.Errorf("wrote %q (%v), want %q", there, err, want)
	}
	if !strings.Contains(string(all["README.md"]), "[PC0101](PC0101.md)") {
		t.Error("the table does not lead to the pages")
	}
	for _, want := range []string{"Falsch:", "Right:", "license: EUPL-1.2\n```", "#key-legal-license>", "Norway"} {
		if !strings.Contains(string(all["PC0318.md"])+string(all["PC0503.md"]), want) {
			t.Errorf("the pages do not say %q", want)
		}
	}
	if got := string(all["PC0001.md"]); strings.Contains(got, "Falsch:") || strings.Contains(got, "```") {
		t.Errorf("an example of nothing: %s", got)
	}
}

func TestPlain(t *testing.T) {
	if got, want := plain("a *b* <c> [d](e) | `f`"), "a \\*b\\* \\<c> \\[d](e) \\| \\`f\\`"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
