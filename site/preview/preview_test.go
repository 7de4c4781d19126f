// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/font/sfnt"
)

var ordinary = Card{
	Catalogue: "Allmende", Title: "Digitale Akte für Gemeinden und Kreise", Instead: "akte",
	By: "Land Schleswig-Holstein", Terms: "EUPL-1.2",
}

func picture(t testing.TB, c Card) []byte {
	t.Helper()
	b, err := PNG(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t testing.TB, b []byte) *image.Paletted {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Paletted)
}

// inked reports whether there is text in some rows of a picture, left of x.
func inked(img *image.Paletted, from, to, x int) bool {
	for y := from; y < to; y++ {
		for _, p := range img.Pix[y*img.Stride:][:x] {
			if p == full || p == muted {
				return true
			}
		}
	}
	return false
}

func TestPNG(t *testing.T) {
	long := strings.Repeat("Donaudampfschifffahrt ", 4000)
	for _, tt := range []struct {
		name               string
		card               Card
		title, by, licence bool
	}{
		{"ordinary", ordinary, true, true, true},
		{"empty", Card{}, false, false, false},
		{"long", Card{Catalogue: long, Title: long, By: long, Terms: long}, true, true, true},
		{"no space to break at", Card{Title: strings.Repeat("W", 50000), By: strings.Repeat("i", 50000)}, true, true, false},
		{"another script", Card{Title: "登録簿", Instead: "register"}, true, false, false},
		{"no script at all", Card{Title: "登録簿", Instead: "登録簿"}, false, false, false},
		{"emoji", Card{Title: "\U0001F600\U0001F468\u200D\U0001F469", By: "\U0001F600"}, false, false, false},
		{"control characters", Card{Title: "\x00\x1b[31m\u202e\u2028A\u0301", By: "\ufeff\t"}, true, false, false},
		{"broken", Card{Title: "\xff\xfeAkte\xc3", Terms: "\xe2\x82"}, true, false, false},
		{"many marks", Card{Title: "A" + strings.Repeat("\u0301", 5000)}, true, false, false},
		{"minority language", Card{Title: "Łužyca, žałoba, İstanbul, Ærø"}, true, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := picture(t, tt.card)
			if len(b) > 15_000 {
				t.Errorf("%d bytes", len(b))
			}
			img := decode(t, b)
			if size := img.Bounds().Size(); size != image.Pt(Width, Height) {
				t.Errorf("size %v", size)
			}
			for _, part := range []struct {
				name     string
				from, to int
				want     bool
			}{{"title", 90, 270, tt.title}, {"publisher", 275, 306, tt.by}, {"licence", 312, 339, tt.licence}} {
				if got := inked(img, part.from, part.to, Width); got != part.want {
					t.Errorf("%s shown: %v, want %v", part.name, got, part.want)
				}
			}
			if inked(img, 0, Height, margin/2) {
				t.Error("text in the margin")
			}
		})
	}
}

// The pixels are compared and not the file, which a newer packer may make
// smaller.
func TestLook(t *testing.T) {
	sum := sha256.Sum256(decode(t, picture(t, ordinary)).Pix)
	const want = "4215443aa891ea85"
	if got := hex.EncodeToString(sum[:8]); got != want {
		name := t.ArtifactDir() + "/ordinary.png"
		if err := os.WriteFile(name, picture(t, ordinary), 0o600); err != nil {
			t.Error(err)
		}
		t.Errorf("the picture looks different, now %s: look at it, go test keeps %s where it is told to", got, name)
	}
}

func TestSameCardSameBytes(t *testing.T) {
	want := picture(t, ordinary)
	other := ordinary
	other.Title = "Zettel"
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 5 {
				_, _ = PNG(other) // leaves a desk with another picture behind
				if got, err := PNG(ordinary); err != nil || !bytes.Equal(got, want) {
					t.Errorf("another picture, %v", err)
				}
			}
		})
	}
	group.Wait()
}

func TestWrap(t *testing.T) {
	p, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text  string
		want  []string
		whole bool
	}{
		{"", nil, true},
		{"Akte", []string{"Akte"}, true},
		{"Fachverfahren für Gewerbe", []string{"Fachverfahren für", "Gewerbe"}, true},
		{"Anmelde-/Abmeldedienst", []string{"Anmelde-/", "Abmeldedienst"}, true},
		{"Waffenregisterverwaltung", []string{"Waffenregisterver", "waltung"}, true},
		{"Fachverfahren für Gewerbe und Gaststätten der Stadt", []string{"Fachverfahren für", "Gewerbe und", "Gaststätten der S…"}, false},
	} {
		got, whole := p.medium.wrap(&sfnt.Buffer{}, tt.text, 350, 3)
		if diff := cmp.Diff(tt.want, got); diff != "" || whole != tt.whole {
			t.Errorf("%q: whole %v, lines (-want +got):\n%s", tt.text, whole, diff)
		}
		for _, line := range got {
			if n := p.medium.fit(&sfnt.Buffer{}, line, 350); n < len(line) {
				t.Errorf("%q is wider than asked for", line)
			}
		}
	}
	// A column that holds no character at all still ends.
	if got, _ := p.medium.wrap(&sfnt.Buffer{}, "Akte", 1, 3); len(got) != 3 {
		t.Errorf("got %q", got)
	}
}

func FuzzPNG(f *testing.F) {
	f.Add("Akte", "Land")
	f.Add("\xff\u0301\u202e \U0001F600", strings.Repeat("Wi-/", 400))
	f.Fuzz(func(t *testing.T, title, by string) {
		decode(t, picture(t, Card{Catalogue: by, Title: title, Instead: by, By: by, Terms: title}))
	})
}

func BenchmarkPNG(b *testing.B) {
	n := len(picture(b, ordinary))
	for b.Loop() {
		picture(b, ordinary)
	}
	b.ReportMetric(float64(n), "bytes/picture")
}
