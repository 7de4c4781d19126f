// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What is written is what would be written now. The go command is asked for the
// packages; reading go.mod tells the cache of go test when a module changed.
func TestWrittenNoticesAreCurrent(t *testing.T) {
	dir := filepath.Join("..", "..")
	if _, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	list, texts, err := collect(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(filepath.Join(dir, "site", "notices", "notices.json"))
	if err != nil {
		t.Fatal(err)
	}
	var written Notices
	if err := json.Unmarshal(src, &written); err != nil {
		t.Fatal(err)
	}
	same := func(a, b Notice) bool {
		return a.Name == b.Name && a.Version == b.Version && slices.Equal(a.Licences, b.Licences)
	}
	if !slices.EqualFunc(list.Modules, written.Modules, same) || !slices.EqualFunc(list.Pages, written.Pages, same) {
		t.Error("site/notices/notices.json is out of date: run go generate ./site")
	}
	old, err := os.ReadFile(filepath.Join(dir, "site", "notices", "LICENSE.modules.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old, texts) {
		t.Error("site/notices/LICENSE.modules.txt is out of date: run go generate ./site")
	}
}

func TestAdd(t *testing.T) {
	var n Notice
	n.add([]byte("The MIT License\n\nCopyright (c) 2019  Ada Beispiel. All rights reserved.\n * Copyright 2020 Amt.\n\ncopyright notice that is included\nCopyright [yyyy] [name of copyright owner]\nCOPYRIGHT HOLDERS BE LIABLE FOR\n"))
	if want := []string{"2019 Ada Beispiel", "2020 Amt"}; !slices.Equal(n.Holders, want) {
		t.Errorf("holders %q, want %q", n.Holders, want)
	}
	if err := n.finish(); err == nil {
		t.Error("a text without a licence is taken")
	}
}

func TestLicenceTexts(t *testing.T) {
	dir := t.TempDir()
	if _, err := licenceTexts(dir); err == nil {
		t.Error("a folder without a text is taken")
	}
	for name, content := range map[string]string{"LICENSE": "one\r\n", "license.go": "code", "LICENSE-LOGO": "logo", "COPYING.txt": "two", "README.md": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := licenceTexts(dir); err != nil || !slices.Equal(got, []string{"two", "one"}) {
		t.Errorf("%q, %v", got, err)
	}
}
