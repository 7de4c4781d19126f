// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package shards_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/allmende-registry/allmende/registry/search/shards"
)

func sample() *shards.Set {
	s := &shards.Set{
		Worth: []int16{0, shards.Ordinary, 1000, 300, 200, 257, 256, 255, 254, 253}, Cards: []string{"de", "en"},
		Facets: []shards.Column{{Name: "status", Values: []string{"beta", "stabil"}, Of: make([][]uint32, 10)}},
		Orders: []shards.Order{{Name: "updated", Places: make([]uint32, 10)}},
		Card:   func(lang string, n int) (string, error) { return fmt.Sprintf("<p>%s %d</p>", lang, n), nil },
	}
	for n := range 10 {
		s.Names = append(s.Names, fmt.Sprintf("name %02d", n))
		s.IDs = append(s.IDs, fmt.Sprint("id", n))
	}
	found := []shards.Found{{Entry: 0, Points: 1280}, {Entry: 3, Points: 7}, {Entry: 9, Points: 1280}}
	s.Runs = []shards.Run{
		{Words: []shards.Word{{Key: "akt", Flags: shards.Typed, Other: found}, {Key: "akte", Spread: 3, Written: "Akte", Itself: found, Alike: found[1:2]}}},
		{},
		{Words: []shards.Word{{Key: "über 𝒳", Flags: shards.Stop}}},
	}
	return s
}

func write(t *testing.T, s *shards.Set) map[string][]byte {
	t.Helper()
	files, last := map[string][]byte{}, ""
	if err := s.Write(nil, func(name string, content []byte) error {
		files[name], last = bytes.Clone(content), name
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if last != "index.bin" {
		t.Errorf("%s is written last: what the manifest names may be missing", last)
	}
	return files
}

func unpack(t *testing.T, file []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file[8:]))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWrite(t *testing.T) {
	files := write(t, sample())
	var m shards.Manifest
	if err := json.Unmarshal(unpack(t, files["index.bin"]), &m); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"cards/de/0.bin", "cards/de/1.bin", "cards/en/0.bin", "cards/en/1.bin", "facets/status.bin", "index.bin",
		"near/0.bin", "orders/updated.bin", "tails/0.bin", "words/0.bin", "words/1.bin", "worth.bin",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	for name, content := range files {
		if hex.EncodeToString(content[:8]) != m.Edition {
			t.Errorf("%s is not of the edition %s", name, m.Edition)
		}
	}
	if m.Entries != 10 || m.Words != "0a\n0ü\n" || m.Names != "0n\n1ame 08\n" {
		t.Errorf("%+v", m)
	}
	if got := unpack(t, files["worth.bin"]); !bytes.Equal(got, []byte{0, 128, 255, 172, 72, 129, 128, 127, 126, 125}) {
		t.Errorf("worth %v", got)
	}
	var cards [][2]string
	if err := json.Unmarshal(unpack(t, files["cards/en/1.bin"]), &cards); err != nil || len(cards) != 2 || cards[1] != [2]string{"name 09", "<p>en 9</p>"} {
		t.Errorf("cards %v: %v", cards, err)
	}
}

// What the comment on Word says.
func TestWords(t *testing.T) {
	raw := unpack(t, write(t, sample())["words/0.bin"])
	number := func() int {
		n, size := binary.Uvarint(raw)
		if size <= 0 {
			t.Fatal("the file ends too early")
		}
		raw = raw[size:]
		return int(n)
	}
	text := func() (s string) {
		n := number()
		s, raw = string(raw[:n]), raw[n:]
		return s
	}
	var got []string
	var sizes []int
	before := ""
	for range number() {
		before = before[:number()] + text()
		got = append(got, fmt.Sprint(before, " ", raw[0]))
		raw = raw[1:]
		for range 3 {
			sizes = append(sizes, number())
		}
	}
	var entries []int
	for _, n := range sizes {
		next := 0
		for range n {
			entries = append(entries, next+number())
			next = entries[len(entries)-1] + 1
		}
	}
	var points, of []int
	for range number() {
		points = append(points, number())
	}
	for range entries {
		of = append(of, points[number()])
	}
	if !slices.Equal(got, []string{"akt 16", "akte 0"}) || !slices.Equal(sizes, []int{0, 3, 0, 3, 0, 1}) ||
		!slices.Equal(entries, []int{0, 3, 9, 0, 3, 9, 3}) || !slices.Equal(of, []int{1280, 7, 1280, 1280, 7, 1280, 7}) || len(raw) != 0 {
		t.Errorf("%q %v %v %v, %d bytes left", got, sizes, entries, of, len(raw))
	}
}

// Two editions differ where numbers mean other things, and only there.
func TestEdition(t *testing.T) {
	edition := func(change func(*shards.Set)) string {
		s := sample()
		change(s)
		return string(write(t, s)["worth.bin"][:8])
	}
	same := edition(func(*shards.Set) {})
	for kind, change := range map[string]func(*shards.Set){
		"points": func(s *shards.Set) { s.Runs[0].Words[0].Other[0].Points = 99 },
		"worth":  func(s *shards.Set) { s.Worth[0]++ },
		"cards":  func(s *shards.Set) { s.Card = func(string, int) (string, error) { return "", nil } },
	} {
		if edition(change) != same {
			t.Errorf("%s: another edition", kind)
		}
	}
	for kind, change := range map[string]func(*shards.Set){
		"order": func(s *shards.Set) { s.IDs[0], s.IDs[1] = s.IDs[1], s.IDs[0] },
		"names": func(s *shards.Set) { s.Names[9] = "zuletzt" },
		"words": func(s *shards.Set) { s.Runs = s.Runs[1:] },
	} {
		if edition(change) == same {
			t.Errorf("%s: the same edition", kind)
		}
	}
}

// A word that very many entries have is alone in its file, and no file is much
// larger than it has to be.
func TestSizes(t *testing.T) {
	s := sample()
	many := make([]shards.Found, 40_000)
	for i := range many {
		many[i] = shards.Found{Entry: uint32(i), Points: 80}
	}
	s.Runs = []shards.Run{{}}
	for i := range 1000 {
		w := shards.Word{Key: fmt.Sprintf("wort%04d", i), Spread: 1, Itself: many[:30]}
		if i == 500 {
			w.Itself = many
		}
		s.Runs[0].Words = append(s.Runs[0].Words, w)
	}
	largest := 0
	files := write(t, s)
	for name, content := range files {
		if strings.HasPrefix(name, "words/") {
			if n := len(unpack(t, content)); n > 40_000 {
				largest++
			}
		}
	}
	if largest != 1 || len(files) < 12 {
		t.Errorf("%d large files of %d", largest, len(files))
	}
}
