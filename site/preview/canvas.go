// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"encoding/binary"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// stride is a row of a canvas in bytes: the number of the filter, which is
// none, and half a byte for each pixel (PNG, sections 7.2 and 9).
const stride = 1 + Width/2

// canvas is a picture in the form that a PNG holds compressed.
type canvas [Height * stride]byte

// set gives a pixel of a row a colour, where it has the first one.
func set(row []byte, x, colour int) {
	if x&1 == 0 {
		colour <<= 4
	}
	row[x/2] |= byte(colour)
}

// line writes text from a point on its base line. What would be outside is
// left out. Where strokes meet, the stronger one wins or more: indices of the
// palette grow with the strength, and both are joined bit by bit.
func (c *canvas) line(buf *sfnt.Buffer, f *face, x, y int, text string) {
	pen := fixed.I(x)
	var last *glyph
	for _, r := range text {
		g := f.glyph(buf, r)
		if g == nil {
			continue
		}
		pen += f.kern(buf, last, g)
		c.stamp(g, pen.Round(), y)
		pen += g.advance
		last = g
	}
}

func (c *canvas) stamp(g *glyph, x, y int) {
	mask := g.mask[x&1]
	x += g.at.X - x&1
	y += g.at.Y
	if x < 0 || x+16*g.words > Width {
		return
	}
	for row := range g.rows {
		if y+row < 0 || y+row >= Height {
			continue
		}
		to := c[(y+row)*stride+1+x/2:]
		for w, m := range mask[row*g.words:][:g.words] {
			if m != 0 {
				at := to[8*w:][:8]
				binary.LittleEndian.PutUint64(at, binary.LittleEndian.Uint64(at)|m)
			}
		}
	}
}
