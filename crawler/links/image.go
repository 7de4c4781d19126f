// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package links

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"image/png"
	"io"
	"strconv"
	"strings"
)

// headSize is how much of an image is read, in bytes: enough for what its
// format writes before the picture.
const headSize = 256 << 10

// minLogoWidth is the least width of a PNG logo in pixels
// (https://yml.publiccode.tools/v0/schema.core.html#key-logo).
const minLogoWidth = 1000

// formats are the image formats of the standard by the ending of their files.
var formats = map[string]string{"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "svg": "SVG", "svgz": "SVGZ"}

// checkImage holds the first bytes of a file against its ending. A file
// without ending may have any of the formats; one with another ending is not
// for the standard, which is no question of its content.
func checkImage(k kind, ending string, head []byte) []verdict {
	want, known := formats[ending]
	if !known && ending != "" {
		return nil
	}
	got, width := recognise(head)
	switch {
	case got == "" && !known:
		return []verdict{{"PC0707", []string{"SVG, PNG, JPEG"}}}
	case known && got != want:
		return []verdict{{"PC0707", []string{want}}}
	case k == logo && got == "PNG" && width < minLogoWidth:
		return []verdict{{"PC0512", []string{strconv.Itoa(width), strconv.Itoa(minLogoWidth)}}}
	}
	return nil
}

// recognise finds the format of an image by its first bytes; "" for none of
// formats. The width, in pixels, is that of a PNG.
func recognise(head []byte) (format string, width int) {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		if c, err := png.DecodeConfig(bytes.NewReader(head)); err == nil {
			return "PNG", c.Width
		}
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "JPEG", 0
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		if z, err := gzip.NewReader(bytes.NewReader(head)); err == nil && isSVG(z) {
			return "SVGZ", 0
		}
	case isSVG(bytes.NewReader(head)):
		return "SVG", 0
	}
	return "", 0
}

// isSVG reports an XML document whose root is svg. It reads headSize at most.
func isSVG(r io.Reader) bool {
	d := xml.NewDecoder(io.LimitReader(r, headSize))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		token, err := d.RawToken()
		if err != nil {
			return false
		}
		switch token := token.(type) {
		case xml.StartElement:
			return token.Name.Local == "svg"
		case xml.CharData:
			if strings.Trim(string(token), " \t\r\n\ufeff") != "" {
				return false
			}
		}
	}
}
