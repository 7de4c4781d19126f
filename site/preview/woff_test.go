// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"testing"

	"golang.org/x/image/font/sfnt"
)

func TestUnpack(t *testing.T) {
	woff, err := fontFiles.ReadFile("fonts/fira-sans-latin-400-normal.woff")
	if err != nil {
		t.Fatal(err)
	}
	font, err := unpack(woff)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := sfnt.Parse(font)
	if err != nil {
		t.Fatal(err)
	}
	if name, err := parsed.Name(nil, sfnt.NameIDFamily); err != nil || name != "Fira Sans" {
		t.Errorf("family %q, %v", name, err)
	}
	for _, n := range []int{0, 3, 43, 60, 500, len(woff) / 2} {
		if _, err := unpack(woff[:n]); err == nil {
			t.Errorf("%d bytes of a font were taken for one", n)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	woff, err := fontFiles.ReadFile("fonts/fira-sans-latin-400-normal.woff")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(woff[:2000])
	f.Add([]byte("wOFF\x00\x01\x00\x00\x00\x00\x00\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, woff []byte) {
		if font, err := unpack(woff); err == nil && len(font) > maxFont {
			t.Errorf("%d bytes", len(font))
		}
	})
}
