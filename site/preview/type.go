// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"embed"
	"encoding/binary"
	"fmt"
	"image"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

//go:embed fonts/*.woff
var fontFiles embed.FS

// subsets of the typeface: what the first has no glyph for is looked for in
// the next.
var subsets = []string{"latin", "latin-ext"}

// family are the subsets of a weight.
func family(weight string) ([]*sfnt.Font, error) {
	var fonts []*sfnt.Font
	for _, subset := range subsets {
		name := "fonts/fira-sans-" + subset + "-" + weight + "-normal.woff"
		woff, err := fontFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		raw, err := unpack(woff)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		f, err := sfnt.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fonts = append(fonts, f)
	}
	return fonts, nil
}

// face is a family in a size and a strength. It is safe for concurrent use.
type face struct {
	fonts    []*sfnt.Font
	size     fixed.Int26_6
	strength int      // index of the palette where a glyph covers all of a pixel
	glyphs   sync.Map // rune to *glyph; bounded, as only what is in the font is kept
}

// glyph is a character as it is put on the canvas.
type glyph struct {
	font    int // in face.fonts
	index   sfnt.GlyphIndex
	advance fixed.Int26_6
	at      image.Point // of the mask's corner, from the pen; x is that for an even pen
	rows    int
	words   int         // of 16 pixels in a row of the mask
	mask    [2][]uint64 // for a pen at an even and at an odd pixel, in the layout of a canvas
}

// glyph returns the one for a character, nil where the typeface has none.
func (f *face) glyph(buf *sfnt.Buffer, r rune) *glyph {
	if g, ok := f.glyphs.Load(r); ok {
		return g.(*glyph)
	}
	for i, from := range f.fonts {
		index, err := from.GlyphIndex(buf, r)
		if err != nil || index == 0 {
			continue
		}
		g := &glyph{font: i, index: index}
		if g.advance, err = from.GlyphAdvance(buf, index, f.size, font.HintingNone); err != nil {
			return nil
		}
		outline, err := from.LoadGlyph(buf, index, f.size, nil)
		if err != nil {
			return nil
		}
		g.draw(outline, f.strength)
		f.glyphs.Store(r, g)
		return g
	}
	return nil
}

// kern is by how much two neighbours come closer.
func (f *face) kern(buf *sfnt.Buffer, left, right *glyph) fixed.Int26_6 {
	if left == nil || left.font != right.font {
		return 0
	}
	k, err := f.fonts[left.font].Kern(buf, left.index, right.index, f.size, font.HintingNone)
	if err != nil { // the font says nothing of the pair
		return 0
	}
	return k
}

// draw makes the masks of an outline.
func (g *glyph) draw(outline sfnt.Segments, strength int) {
	bounds := outline.Bounds()
	box := image.Rect(bounds.Min.X.Floor(), bounds.Min.Y.Floor(), bounds.Max.X.Ceil(), bounds.Max.Y.Ceil())
	if box.Empty() {
		return
	}
	box.Min.X &^= 1 // so that the mask begins at a whole byte where the pen does
	at := func(p fixed.Point26_6) (x, y float32) {
		return float32(p.X)/64 - float32(box.Min.X), float32(p.Y)/64 - float32(box.Min.Y)
	}
	pen := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, s := range outline {
		x, y := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			pen.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			pen.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(s.Args[1])
			pen.QuadTo(x, y, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(s.Args[1])
			x2, y2 := at(s.Args[2])
			pen.CubeTo(x, y, x1, y1, x2, y2)
		}
	}
	cover := image.NewAlpha(image.Rectangle{Max: box.Size()})
	pen.Draw(cover, cover.Bounds(), image.Opaque, image.Point{})

	g.at, g.rows, g.words = box.Min, box.Dy(), (box.Dx()+1+15)/16
	for phase := range g.mask {
		row := make([]byte, 8*g.words)
		for y := range g.rows {
			clear(row)
			for x := range box.Dx() {
				level := (int(cover.AlphaAt(x, y).A)*strength + 127) / 255
				set(row, x+phase, level)
			}
			for w := range g.words {
				g.mask[phase] = append(g.mask[phase], binary.LittleEndian.Uint64(row[8*w:]))
			}
		}
	}
}
