// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"
)

// full and muted are what a text has where it covers all of a pixel: ink, and
// the muted ink of the style sheet.
const full, muted = 7, 5

// Colours of the style sheet and of the mark.
var (
	paper = color.RGBA{0xfc, 0xfc, 0xfa, 0xff}
	ink   = color.RGBA{0x14, 0x21, 0x1b, 0xff}
	leaf  = color.RGBA{0x1d, 0x6b, 0x4f, 0xff}
	grass = color.RGBA{0x7f, 0xb7, 0x7e, 0xff}
	grain = color.RGBA{0xe0, 0xa5, 0x26, 0xff}
)

// palette begins with the steps from paper to ink that letters are made of;
// the mark and the fields follow, in full and faint, and edges of the mark.
var palette = func() color.Palette {
	p := color.Palette{}
	for i := range full + 1 {
		p = append(p, mix(ink, float64(i)/full))
	}
	return append(p, leaf, grass, grain, mix(leaf, .10), mix(grass, .30), mix(grain, .38), mix(leaf, .5), mix(grass, .6))
}()

// mix lays a colour on paper.
func mix(c color.RGBA, share float64) color.RGBA {
	blend := func(c, ground uint8) uint8 { return uint8(float64(ground) + share*(float64(c)-float64(ground)) + .5) }
	return color.RGBA{blend(c.R, paper.R), blend(c.G, paper.G), blend(c.B, paper.B), 0xff}
}

// newGround draws what all pictures have in common.
func newGround() *canvas {
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	for i, c := range []color.RGBA{leaf, grass, grain, leaf} { // as in mark.svg
		const size, gap = 20, 2
		square(img, margin+i%2*(size+gap), top+i/2*(size+gap), size, c, i == 0 || i == 3)
	}
	for i, f := range fields {
		const size, gap = 47, 3
		square(img, i*(size+gap)+1, Height-size-2, size, mix(f.colour, f.share), f.falling)
	}
	g := &canvas{}
	index := map[color.RGBA]int{}
	for y := range Height {
		row := g[y*stride+1:][:Width/2]
		for x := range Width {
			c := img.RGBAAt(x, y)
			i, ok := index[c]
			if !ok {
				i = palette.Index(c)
				index[c] = i
			}
			set(row, x, i)
		}
	}
	return g
}

// fields are the pattern along the lower edge, from the left: there, most rows
// of a picture are blank to the end, which packs best.
var fields = []struct {
	colour  color.RGBA
	share   float64
	falling bool
}{
	{leaf, .10, true},
	{grass, .30, false},
	{grain, .38, true},
	{leaf, .10, false},
	{grass, .30, true},
	{leaf, .10, true},
	{grain, .38, false},
	{grass, .30, true},
	{leaf, .10, false},
	{grass, .30, false},
	{leaf, .10, true},
	{grain, .38, true},
	{grass, .30, false},
	{leaf, .10, false},
	{grass, .30, true},
	{grain, .38, false},
}

// square draws a part of the mark: two of its corners are round, the upper
// left and the lower right one or, where it does not fall, the others.
func square(img *image.RGBA, x, y, size int, c color.RGBA, falling bool) {
	s := float32(size)
	r := s * 9 / 19
	k := r * .5523 // of a circle drawn as cubic curves
	pen := vector.NewRasterizer(size, size)
	at := func(px, py float32) (float32, float32) {
		if !falling {
			px = s - px
		}
		return px, py
	}
	line := func(px, py float32) { pen.LineTo(at(px, py)) }
	curve := func(ax, ay, bx, by, cx, cy float32) {
		ax, ay = at(ax, ay)
		bx, by = at(bx, by)
		cx, cy = at(cx, cy)
		pen.CubeTo(ax, ay, bx, by, cx, cy)
	}
	pen.MoveTo(at(0, s))
	line(0, r)
	curve(0, r-k, r-k, 0, r, 0)
	line(s, 0)
	line(s, s-r)
	curve(s, s-r+k, s-r+k, s, s-r, s)
	pen.ClosePath()
	pen.Draw(img, image.Rect(x, y, x+size, y+size), image.NewUniform(c), image.Point{})
}
