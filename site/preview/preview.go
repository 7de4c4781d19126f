// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package preview draws the pictures that others show of a page when it is
// shared (Open Graph, https://ogp.me). A catalogue has one for each of its
// entries, so they have few colours and are drawn in the form that a PNG holds.
package preview

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Size of every picture in pixels: the ratio that previews have.
const (
	Width  = 800
	Height = 420
)

// Where things are on a picture, in pixels.
const (
	margin = 56
	top    = 40
	middle = 180              // of the title
	column = Width - 2*margin // width of the text
)

// Card is what a picture says. The texts may be any: of each is shown what the
// typeface has glyphs for and what there is space for.
type Card struct {
	Catalogue string
	Title     string // up to three lines
	Instead   string // of Title where nothing of that can be shown
	By        string // who publishes it; one line
	Terms     string // its licence; one line
}

// painter is what all pictures have in common. It is safe for concurrent use.
type painter struct {
	ground                      *canvas
	large, medium, name, normal *face
	desks                       sync.Pool // of *desk
}

// desk is what one picture at a time is drawn on.
type desk struct {
	canvas canvas
	fonts  sfnt.Buffer
	packer *zlib.Writer
}

// shared is made when the first picture is asked for, and kept.
var shared = sync.OnceValues(newPainter)

func newPainter() (*painter, error) {
	regular, err := family("400")
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	bold, err := family("600")
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	p := &painter{
		ground: newGround(),
		large:  &face{fonts: bold, size: fixed.I(54), strength: full},
		medium: &face{fonts: bold, size: fixed.I(40), strength: full},
		name:   &face{fonts: bold, size: fixed.I(25), strength: full},
		normal: &face{fonts: regular, size: fixed.I(24), strength: muted},
	}
	p.desks.New = func() any {
		packer, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // fails for a wrong level alone
		return &desk{packer: packer}
	}
	return p, nil
}

// PNG draws a picture. The same card gives the same bytes. An error means that
// the program was built with fonts that cannot be read.
func PNG(c Card) ([]byte, error) {
	p, err := shared()
	if err != nil {
		return nil, err
	}
	d := p.desks.Get().(*desk)
	defer p.desks.Put(d)
	d.canvas = *p.ground
	p.write(d, c)
	return encode(d), nil
}

// write puts the texts on a desk.
func (p *painter) write(d *desk, c Card) {
	one := func(f *face, x, y int, text string) {
		lines, _ := f.wrap(&d.fonts, f.clean(&d.fonts, text), column+margin-x, 1)
		for _, line := range lines {
			d.canvas.line(&d.fonts, f, x, y, line)
		}
	}
	one(p.name, margin+56, top+30, c.Catalogue)

	title := p.large.clean(&d.fonts, c.Title)
	if !strings.ContainsFunc(title, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		title = p.large.clean(&d.fonts, c.Instead)
	}
	f, pitch := p.large, 60
	lines, whole := f.wrap(&d.fonts, title, column, 2)
	if !whole {
		f, pitch = p.medium, 47
		lines, _ = f.wrap(&d.fonts, title, column, 3)
	}
	y := middle - len(lines)*pitch/2 + pitch*3/4 // the base line is a quarter above the lower end
	for i, line := range lines {
		d.canvas.line(&d.fonts, f, margin, y+i*pitch, line)
	}
	one(p.normal, margin, 298, c.By)
	one(p.normal, margin, 331, c.Terms)
}
