// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"bytes"
	"compress/gzip"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

type packedText struct{ id, body string }

var readPacked = sync.OnceValues(func() ([]packedText, error) {
	zip, err := gzip.NewReader(bytes.NewReader(texts))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		return nil, err
	}
	head, tail, _ := strings.Cut(string(data), "\n\n")
	sentences := strings.Split(head, "\n")
	var out []packedText
	for line := range strings.Lines(tail) {
		fields := strings.Fields(line)
		var body strings.Builder
		for _, f := range fields[1:] {
			first, last, isRange := strings.Cut(f, "-")
			from, err := strconv.Atoi(first)
			if err != nil {
				continue // a mark of what may be absent
			}
			to := from
			if isRange {
				if to, err = strconv.Atoi(last); err != nil {
					return nil, err
				}
			}
			body.WriteString(strings.Join(sentences[from:to+1], "\n") + "\n")
		}
		out = append(out, packedText{fields[0], body.String()})
	}
	return out, nil
})

// unpacked returns the packed texts as people read them, a sentence a line.
func unpacked(t testing.TB) []packedText {
	t.Helper()
	out, err := readPacked()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLanguages holds that the texts of the EUPL are whole, and recognised also
// where somebody changed or cut them.
func TestLanguages(t *testing.T) {
	names, err := filepath.Glob("texts/EUPL-1.2.*.txt")
	if err != nil || len(names) < 22 {
		t.Fatal(names, err)
	}
	article := regexp.MustCompile(`(?m)^(\d+)(?:\.| ) ?\pL`)
	for _, name := range names {
		text := file(t, name)
		var numbers []string
		for _, m := range article.FindAllStringSubmatch(text, -1) {
			numbers = append(numbers, m[1])
		}
		if want := strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"); !slices.Equal(numbers, want) {
			t.Errorf("%s: articles %v", name, numbers)
		}
		if !strings.Contains(strings.ReplaceAll(text, "–", "-"), "LiLiQ-R+") { // the Slovenian text has dashes
			t.Errorf("%s: no appendix", name)
		}
		for as, changed := range map[string]string{
			"text EUPL-1.2":     wrapped(text, 70),
			"modified EUPL-1.2": text[:len(text)/3],
		} {
			if got := said(Text([]byte(changed))); got != as {
				t.Errorf("%s: got %q, want %q", name, got, as)
			}
		}
	}
}

func TestUnpackRefuses(t *testing.T) {
	pack := func(s string) []byte {
		var b bytes.Buffer
		zip := gzip.NewWriter(&b)
		_, _ = io.WriteString(zip, s)
		_ = zip.Close()
		return b.Bytes()
	}
	for name, data := range map[string][]byte{
		"no archive":       []byte("texts"),
		"unknown sentence": pack("one sentence\n\nMIT 0-3\n"),
		"no number":        pack("one sentence\n\nMIT zero\n"),
		"backwards":        pack("one\ntwo\n\nMIT 1-0\n"),
	} {
		if _, err := unpack(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if l, err := unpack(pack("one sentence of words\n\nMIT ? 0\n")); err != nil || len(l.texts) != 1 || slices.Contains(l.texts[0].optional, false) {
		t.Errorf("got %v, %v", l, err)
	}
}
