// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const rebuild = "the editor of the site is older than its sources; run: go generate ./site/editor"

func committed(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{moduleFile, loaderFile, noticeFile, stampFile} {
		content, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatalf("%v; run: go generate ./site/editor", err)
		}
		files[name] = content
	}
	return files
}

func needGo(t *testing.T) builder {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go tool to ask")
	}
	return builder{".."}
}

func TestStampFitsTheModule(t *testing.T) {
	files := committed(t)
	s, err := readStamp(files[stampFile])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(s.text(), files[stampFile]) {
		t.Errorf("%s is written otherwise:\n%s", stampFile, s.text())
	}
	r, err := gzip.NewReader(bytes.NewReader(files[moduleFile]))
	if err != nil {
		t.Fatal(err)
	}
	module, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if hash(module) != s.Module {
		t.Errorf("%s is not the module of %s", moduleFile, stampFile)
	}
	if r.Name != "" || !r.ModTime.IsZero() {
		t.Errorf("%s names %q of %v and can not be made again", moduleFile, r.Name, r.ModTime)
	}
}

func TestModuleIsOfTheseSources(t *testing.T) {
	b := needGo(t)
	s, err := readStamp(committed(t)[stampFile])
	if err != nil {
		t.Fatal(err)
	}
	parts, err := b.parts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now, err := inputs(parts)
	if err != nil {
		t.Fatal(err)
	}
	if now != s.Inputs {
		t.Error(rebuild)
	}
}

// Whoever has the compiler of the stamp gets the committed files to the byte.
func TestModuleCanBeMadeAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	b := needGo(t)
	files := committed(t)
	s, err := readStamp(files[stampFile])
	if err != nil {
		t.Fatal(err)
	}
	version, _, err := b.toolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Go != version {
		t.Skipf("made by %s, this is %s", s.Go, version)
	}
	again, err := b.build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range again {
		if !bytes.Equal(content, files[name]) {
			t.Errorf("%s comes out differently; %s", name, rebuild)
		}
	}
}
