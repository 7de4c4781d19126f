// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package image makes strangers' logos and screenshots fit to be served from
// the catalogue's own address: it recognises their format by their bytes,
// bounds them, takes out what says more than the picture does, and what would
// run or load anything.
package image

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of an image.
const (
	MaxSize   = 5 << 20  // bytes, also of an SVG once unpacked
	MaxPixels = 40 << 20 // width by height

	// Up to here the whole picture is decoded to see that it can be; that takes
	// about 4 bytes a pixel.
	decodedPixels = 4 << 20
)

// SVG is the media type of a cleaned drawing.
const SVG = "image/svg+xml"

// Image is a picture that may be served.
type Image struct {
	Bytes         []byte
	Media         string // its media type
	Width, Height int    // in pixels; 0 for a drawing
}

// Clean reads a PNG, JPEG, GIF, WebP, SVG or SVGZ and returns what may be
// served of it: pixels as they are, without metadata and without what is
// appended; drawings written anew, see CleanSVG. Cleaning what it returns
// changes nothing. Errors are registry.ErrTooLarge and registry.ErrInvalid.
func Clean(src []byte) (Image, error) {
	if len(src) > MaxSize {
		return Image{}, tooLarge("over %d MiB", MaxSize>>20)
	}
	for _, r := range rasters {
		if r.is(src) {
			return r.clean(src)
		}
	}
	if bytes.HasPrefix(src, gzipMagic) {
		var err error
		if src, err = unzip(src); err != nil {
			return Image{}, err
		}
	}
	drawing, err := CleanSVG(src)
	return Image{Bytes: drawing, Media: SVG}, err
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{registry.ErrInvalid}, args...)...)
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{registry.ErrTooLarge}, args...)...)
}

// raster is a format of pictures made of pixels.
type raster struct {
	media  string
	is     func(src []byte) bool
	strip  func(src []byte) ([]byte, error) // takes out metadata and what is appended
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var rasters = []raster{
	{"image/png", prefix(pngMagic), stripPNG, png.DecodeConfig, png.Decode},
	{"image/jpeg", prefix("\xff\xd8\xff"), stripJPEG, jpeg.DecodeConfig, jpeg.Decode},
	{"image/gif", prefix("GIF8"), stripGIF, gif.DecodeConfig, gif.Decode},
	{"image/webp", isWebP, stripWebP, webp.DecodeConfig, webp.Decode},
}

func prefix(magic string) func([]byte) bool {
	return func(src []byte) bool { return bytes.HasPrefix(src, []byte(magic)) }
}

func (r *raster) clean(src []byte) (Image, error) {
	out, err := r.strip(src)
	if err != nil {
		return Image{}, err
	}
	if len(out) > MaxSize {
		return Image{}, tooLarge("over %d MiB", MaxSize>>20)
	}
	c, err := r.config(bytes.NewReader(out))
	if err != nil {
		return Image{}, invalid("broken %s: %w", r.media, err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return Image{}, invalid("%s of %d by %d pixels", r.media, c.Width, c.Height)
	}
	// A width is less than 2^32, so that an int64 holds the product.
	pixels := int64(c.Width) * int64(c.Height)
	if pixels > MaxPixels {
		return Image{}, tooLarge("%d by %d pixels; at most %d million are shown", c.Width, c.Height, MaxPixels>>20)
	}
	if pixels <= decodedPixels && !isAnimatedWebP(out) {
		if _, err := r.decode(bytes.NewReader(out)); err != nil && !unsupported(err) {
			return Image{}, invalid("broken %s: %w", r.media, err)
		}
	}
	return Image{Bytes: out, Media: r.media, Width: c.Width, Height: c.Height}, nil
}

// unsupported reports a picture that is fine, but not for our decoder.
func unsupported(err error) bool {
	var j jpeg.UnsupportedError
	var p png.UnsupportedError
	return errors.As(err, &j) || errors.As(err, &p)
}

var gzipMagic = []byte("\x1f\x8b")

func unzip(src []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(src))
	if err != nil {
		return nil, invalid("broken gzip: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, MaxSize+1))
	if err != nil {
		return nil, invalid("broken gzip: %w", err)
	}
	if len(out) > MaxSize {
		return nil, tooLarge("over %d MiB once unpacked", MaxSize>>20)
	}
	return out, nil
}
