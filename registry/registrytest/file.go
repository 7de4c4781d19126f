// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func wantFile(t *testing.T, s registry.Store, want []byte) {
	t.Helper()
	got, err := s.File(t.Context(), hash(want))
	if err != nil {
		t.Errorf("File: %v", err)
	} else if !bytes.Equal(got, want) {
		t.Errorf("File returned %d other bytes, want %d", len(got), len(want))
	}
}

func testFiles(t *testing.T, s registry.Store) {
	one, two := []byte("name: Eins\n"), []byte("name: Zwei\r\n\x00\xff")
	software := Software("forge.example/a/b", "1")
	software.Files = []registry.File{
		{Path: "publiccode.yml", Bytes: one, Commit: "1"},
		{Path: "LICENSES/EUPL-1.2.txt", Bytes: two, Hash: hash(two)},
		{Path: "empty", Bytes: nil},
		{Path: "copy", Bytes: one},
	}
	put(t, s, software)
	got := get(t, s, software.ID).Files
	want := []registry.File{
		{Path: "publiccode.yml", Commit: "1", Hash: hash(one), Size: len(one)},
		{Path: "LICENSES/EUPL-1.2.txt", Hash: hash(two), Size: len(two)},
		{Path: "empty", Hash: hash(nil)},
		{Path: "copy", Hash: hash(one), Size: len(one)},
	}
	same(t, "files", want, got)
	same(t, "files of the value put", want, software.Files)
	wantFile(t, s, one)
	wantFile(t, s, two)
	wantFile(t, s, nil)

	// Nothing is forgotten.
	software.Files = []registry.File{{Path: "publiccode.yml", Bytes: two, Commit: "2"}}
	put(t, s, software)
	remove(t, s, software.ID)
	wantFile(t, s, one)
	wantFile(t, s, two)
}

func testLargeFile(t *testing.T, s registry.Store) {
	random := make([]byte, 1<<20)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(random)
	plain := bytes.Repeat([]byte("name: Deichbuch\n"), 1<<16)
	software := Software("forge.example/a/b", "1")
	software.Files = []registry.File{{Path: "random", Bytes: random}, {Path: "plain", Bytes: plain}}
	put(t, s, software)
	wantFile(t, s, random)
	wantFile(t, s, plain)
}

func testFilesByHash(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/b", "1"))
	software := get(t, s, "forge.example/a/b")
	if software.Files[0].Bytes != nil {
		t.Fatal("Get returned the bytes of a file")
	}
	software.Repository.Stars++
	software.Files[0].Size = 0 // the store knows better
	put(t, s, software)
	same(t, "files", Software("", "").Files[0].Path, software.Files[0].Path)
	if got := get(t, s, software.ID).Files[0]; got.Size != len("name: Deichbuch\n") {
		t.Errorf("size of a file given by its hash is %d", got.Size)
	}
}

// One path may hold several files where they come from elsewhere.
func testFileOrigins(t *testing.T, s registry.Store) {
	software := Software("forge.example/a/b", "1")
	software.Files = []registry.File{
		{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: []byte("name: Deichbuch\n"), Commit: "1"},
		{Path: "sbom.json", Role: registry.RoleSBOM, Bytes: []byte("{}"), Commit: "1"},
		{Path: "sbom.json", Role: registry.RoleSBOM, Bytes: []byte("[]"), Origin: "https://forge.example/a/b/releases/1/sbom.json"},
		{Path: "sbom.json", Role: registry.RoleSBOM, Bytes: []byte("{}"), Origin: "https://forge.example/a/b/releases/2/sbom.json"},
		{Path: "logo.svg", Role: registry.RoleLogo, Bytes: []byte("<svg/>"), Media: "image/svg+xml"},
		{Path: "shot.png", Role: registry.RoleScreenshot, Bytes: []byte("PNG"), Media: "image/png", Origin: "http://img.example/shot.png"},
	}
	put(t, s, software)
	got := get(t, s, software.ID)
	same(t, "files", software.Files, got.Files)
	for _, f := range software.Files {
		wantFile(t, s, f.Bytes)
	}
	if c := put(t, s, got); c.Rev != 0 {
		t.Errorf("Put of what was got logged %+v", c)
	}
	got.Files[2].Hash, got.Files[2].Bytes = "", []byte("[1]")
	if c := put(t, s, got); c.Kind != registry.Updated {
		t.Errorf("another file of the same path and origin logged %+v, want updated", c)
	}
	same(t, "files after a change", got.Files, get(t, s, software.ID).Files)
}
