// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"bytes"
	"encoding/binary"
	"slices"
)

var errTruncated = invalid("the image ends too early")

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngChunks are those that make the picture, animated or not; the others are
// texts, times, EXIF and what programs keep for themselves
// (https://www.w3.org/TR/png-3/#11Chunks).
var pngChunks = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "bKGD", "pHYs",
	"acTL", "fcTL", "fdAT",
}

func stripPNG(src []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(src)), src[:len(pngMagic)]...)
	for rest := src[len(pngMagic):]; len(rest) >= 12; {
		size := 12 + uint64(binary.BigEndian.Uint32(rest)) // with its length, name and sum
		if size > uint64(len(rest)) {
			break
		}
		name := string(rest[4:8])
		if slices.Contains(pngChunks, name) {
			out = append(out, rest[:size]...)
		}
		if name == "IEND" {
			return out, nil
		}
		rest = rest[size:]
	}
	return nil, errTruncated
}

// The markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegTEM, jpegRST0, jpegRST7      = 0x01, 0xd0, 0xd7 // stand alone
	jpegEOI, jpegSOS                 = 0xd9, 0xda
	jpegAPP0, jpegAPP1, jpegAPP2     = 0xe0, 0xe1, 0xe2
	jpegAPP14, jpegAPP15, jpegCOM    = 0xee, 0xef, 0xfe
	exifName, orientationTag, tShort = "Exif\x00\x00", 0x0112, 3
)

// jpegKept are the application segments that decide how the picture looks, by
// the name that they begin with.
var jpegKept = map[byte]string{jpegAPP0: "JFIF\x00", jpegAPP2: "ICC_PROFILE\x00", jpegAPP14: "Adobe"}

// stripJPEG leaves out EXIF, XMP, IPTC and comments; of EXIF it keeps how the
// picture is turned. What follows the end, such as a second picture, goes.
func stripJPEG(src []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(src)), src[:2]...)
	rest := src[2:]
	for len(rest) >= 2 {
		marker := rest[1]
		switch {
		case rest[0] != 0xff:
			return nil, invalid("broken image/jpeg: no marker where there must be one")
		case marker == 0xff: // padding
			rest = rest[1:]
			continue
		case marker == jpegEOI:
			return append(out, 0xff, jpegEOI), nil
		case marker == jpegTEM || marker >= jpegRST0 && marker <= jpegRST7:
			rest = rest[2:]
			continue
		}
		if len(rest) < 4 {
			return nil, errTruncated
		}
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if size < 4 || size > len(rest) {
			return nil, errTruncated
		}
		content := rest[4:size]
		switch kept, ok := jpegKept[marker]; {
		case ok && bytes.HasPrefix(content, []byte(kept)), marker < jpegAPP0, marker > jpegAPP15 && marker != jpegCOM:
			out = append(out, rest[:size]...)
		case marker == jpegAPP1:
			if turn := orientation(content); turn > 1 {
				out = append(out, exifOf(turn)...)
			}
		}
		rest = rest[size:]
		if marker == jpegSOS {
			n := scanLength(rest)
			out = append(out, rest[:n]...)
			rest = rest[n:]
		}
	}
	// The end mark alone is missing: every browser shows such a picture.
	return append(out, 0xff, jpegEOI), nil
}

// scanLength is how far the coded data goes, up to the next marker.
func scanLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if next := b[i+1]; b[i] == 0xff && next != 0 && next != 0xff && (next < jpegRST0 || next > jpegRST7) {
			return i
		}
	}
	return len(b)
}

// orientation finds how a picture is turned, 1 to 8, in an EXIF segment; 0
// where it does not say (EXIF 2.32, 4.6.4).
func orientation(segment []byte) byte {
	tiff, ok := bytes.CutPrefix(segment, []byte(exifName))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	fields := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(fields) < 12 {
			return 0
		}
		if order.Uint16(fields) == orientationTag && order.Uint16(fields[2:]) == tShort {
			if v := order.Uint16(fields[8:]); v <= 8 {
				return byte(v)
			}
			return 0
		}
		fields = fields[12:]
	}
	return 0
}

// exifOf is an EXIF segment that says how a picture is turned and nothing else.
func exifOf(turn byte) []byte {
	tiff := []byte{
		'M', 'M', 0, 42, 0, 0, 0, 8, // big endian, the fields follow
		0, 1, orientationTag >> 8, orientationTag & 0xff, 0, tShort, 0, 0, 0, 1, 0, turn, 0, 0,
		0, 0, 0, 0, // no more fields
	}
	size := 2 + len(exifName) + len(tiff)
	return slices.Concat([]byte{0xff, jpegAPP1, 0, byte(size)}, []byte(exifName), tiff)
}

// stripGIF leaves out comments, plain texts and all application blocks but the
// one that says how often to repeat (GIF89a, sections 23 to 26).
func stripGIF(src []byte) ([]byte, error) {
	const header, loop = 13, "\x21\xff\x0bNETSCAPE2.0\x03\x01"
	if len(src) < header {
		return nil, errTruncated
	}
	at := header + colourTable(src[10])
	if at > len(src) {
		return nil, errTruncated
	}
	out := append(make([]byte, 0, len(src)), src[:at]...)
	for at < len(src) {
		var end int
		keep := true
		switch src[at] {
		case ';':
			return append(out, ';'), nil
		case '!':
			if at+2 > len(src) {
				return nil, errTruncated
			}
			end = subBlocks(src, at+2)
			keep = src[at+1] == 0xf9 || bytes.HasPrefix(src[at:], []byte(loop)) && end == at+len(loop)+3
		case ',':
			if at+10 > len(src) {
				return nil, errTruncated
			}
			end = subBlocks(src, at+10+colourTable(src[at+9])+1)
		default:
			return nil, invalid("broken image/gif: unknown block")
		}
		if end < 0 {
			return nil, errTruncated
		}
		if keep {
			out = append(out, src[at:end]...)
		}
		at = end
	}
	return nil, errTruncated
}

// colourTable is the size of the table that the flags of a GIF announce.
func colourTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// subBlocks is where a row of sub-blocks ends, -1 where it does not.
func subBlocks(src []byte, at int) int {
	for at < len(src) {
		size := int(src[at])
		at += 1 + size
		if size == 0 {
			return at
		}
	}
	return -1
}

// webpChunks are those that make the picture
// (https://developers.google.com/speed/webp/docs/riff_container).
var webpChunks = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

// The flags of VP8X.
const webpAnimation, webpXMP, webpEXIF = 1 << 1, 1 << 2, 1 << 3

const riffHeader = 12

func isWebP(src []byte) bool {
	return len(src) >= riffHeader && string(src[:4]) == "RIFF" && string(src[8:riffHeader]) == "WEBP"
}

func stripWebP(src []byte) ([]byte, error) {
	size := 8 + uint64(binary.LittleEndian.Uint32(src[4:]))
	if size > uint64(len(src)) || size < riffHeader {
		return nil, errTruncated
	}
	out := append(make([]byte, 0, size), src[:riffHeader]...)
	for rest := src[riffHeader:size]; len(rest) > 0; {
		if len(rest) < 8 {
			return nil, errTruncated
		}
		n := 8 + uint64(binary.LittleEndian.Uint32(rest[4:]))
		if n%2 == 1 {
			n++
		}
		if n > uint64(len(rest)) {
			return nil, errTruncated
		}
		if name := string(rest[:4]); slices.Contains(webpChunks, name) {
			out = append(out, rest[:n]...)
			if name == "VP8X" && n > 8 {
				out[len(out)-int(n)+8] &^= webpXMP | webpEXIF
			}
		}
		rest = rest[n:]
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

// isAnimatedWebP reports pictures that the decoder does not know.
func isAnimatedWebP(src []byte) bool {
	return isWebP(src) && len(src) > riffHeader+8 && string(src[riffHeader:riffHeader+4]) == "VP8X" &&
		src[riffHeader+8]&webpAnimation != 0
}
