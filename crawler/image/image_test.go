// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func picture(width, height int) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, color.White})
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 2)
	}
	return m
}

func pngOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture(width, height)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(20, 10), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	frame := picture(20, 10).(*image.Paletted)
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpOf is a picture of one pixel, lossless.
func webpOf(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// secret stands for what must not be kept.
const secret = "Rita Muster, 48.1374 N 11.5755 E"

func chunk(name, content string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func segment(marker byte, content string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(content)))
	return append(b, content...)
}

func riffChunk(name, content string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	b = append(b, content...)
	if len(content)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), slices.Concat(chunks...)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// turned is EXIF in little endian, with the orientation after another field.
func turned(turn byte) string {
	return exifName + "II*\x00\x08\x00\x00\x00\x02\x00" +
		"\x0f\x01\x02\x00\x04\x00\x00\x00abc\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00" + string(turn) + "\x00\x00\x00" +
		"\x00\x00\x00\x00" + secret
}

func TestCleanTakesOutMetadata(t *testing.T) {
	p, j, g, w := pngOf(t, 20, 10), jpegOf(t), gifOf(t), webpOf(t)
	header := len(pngMagic) + 25
	icc := segment(jpegAPP2, "ICC_PROFILE\x00\x01\x01profile")
	vp8x := func(flags byte) []byte { return riffChunk("VP8X", string([]byte{flags, 0, 0, 0, 0, 0, 0, 0, 0, 0})) }
	for name, tt := range map[string]struct{ src, want []byte }{
		"PNG":           {p, p},
		"PNG texts":     {slices.Concat(p[:header], chunk("tEXt", secret), chunk("eXIf", secret), chunk("pHYs", "123456789"), p[header:]), slices.Concat(p[:header], chunk("pHYs", "123456789"), p[header:])},
		"PNG appended":  {append(slices.Clone(p), secret...), p},
		"JPEG":          {j, j},
		"JPEG comment":  {slices.Concat(j[:2], segment(jpegCOM, secret), segment(0xed, "Photoshop 3.0\x00"+secret), icc, j[2:]), slices.Concat(j[:2], icc, j[2:])},
		"JPEG XMP":      {slices.Concat(j[:2], segment(jpegAPP1, "http://ns.adobe.com/xap/1.0/\x00"+secret), j[2:]), j},
		"JPEG EXIF":     {slices.Concat(j[:2], segment(jpegAPP1, turned(1)), j[2:]), j},
		"JPEG turned":   {slices.Concat(j[:2], segment(jpegAPP1, turned(6)), j[2:]), slices.Concat(j[:2], exifOf(6), j[2:])},
		"JPEG bad EXIF": {slices.Concat(j[:2], segment(jpegAPP1, exifName+"II*\x00\xff\xff\xff\xff"+secret), segment(jpegAPP1, turned(6)[:39]), j[2:]), j},
		"JPEG appended": {append(slices.Clone(j), secret...), j},
		"JPEG padded":   {slices.Concat(j[:2], []byte{0xff, 0xff}, j[2:]), j},
		"GIF":           {g, g},
		"GIF comment":   {slices.Concat(g[:len(g)-1], []byte("!\xfe\x20"+secret+"\x00;"+secret)), g},
		"GIF XMP":       {slices.Concat(g[:len(g)-1], []byte("!\xff\x0bXMP DataXMP\x20"+secret+"\x00;")), g},
		"WebP":          {w, w},
		"WebP metadata": {riff(vp8x(webpXMP|webpEXIF), w[riffHeader:], riffChunk("EXIF", secret), riffChunk("XMP ", secret+".")), riff(vp8x(0), w[riffHeader:])},
		"WebP appended": {append(slices.Clone(w), secret...), w},
		"SVG zipped":    {zipped(t, drawing(`<script/>`)), []byte(svgStart + ` viewBox="0 0 9 9"></svg>`)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Clean(tt.src)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes, tt.want) {
				t.Errorf("got\n%q\nwant\n%q", got.Bytes, tt.want)
			}
			again, err := Clean(got.Bytes)
			if err != nil || !bytes.Equal(again.Bytes, got.Bytes) || again.Media != got.Media {
				t.Errorf("cleaned again: %v, %s", err, again.Media)
			}
		})
	}
}

func zipped(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCleanTellsWhatItIs(t *testing.T) {
	for media, src := range map[string][]byte{
		"image/png": pngOf(t, 20, 10), "image/jpeg": jpegOf(t), "image/gif": gifOf(t),
	} {
		if got, err := Clean(src); err != nil || got.Media != media || got.Width != 20 || got.Height != 10 {
			t.Errorf("%s: %v, %s of %d by %d", media, err, got.Media, got.Width, got.Height)
		}
	}
	if got, err := Clean(webpOf(t)); err != nil || got.Media != "image/webp" || got.Width != 1 || got.Height != 1 {
		t.Errorf("WebP: %v, %+v", err, got)
	}
	if got, err := Clean([]byte(drawing(``))); err != nil || got.Media != SVG {
		t.Errorf("SVG: %v, %s", err, got.Media)
	}
}

func TestCleanRefuses(t *testing.T) {
	p, j, g, w := pngOf(t, 20, 10), jpegOf(t), gifOf(t), webpOf(t)
	// A header that promises more pixels than are there.
	vast := func(side uint32) []byte {
		b := slices.Clone(p)
		binary.BigEndian.PutUint32(b[16:], side)
		binary.BigEndian.PutUint32(b[20:], side)
		binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
		return b
	}
	broken := slices.Clone(p)
	broken[len(broken)-20]++
	for name, tt := range map[string]struct {
		src  []byte
		want error
	}{
		"nothing":               {nil, registry.ErrInvalid},
		"text":                  {[]byte("Hallo"), registry.ErrInvalid},
		"page":                  {[]byte("<!DOCTYPE html><html><body>404</body></html>"), registry.ErrInvalid},
		"too large":             {make([]byte, MaxSize+1), registry.ErrTooLarge},
		"vast":                  {vast(7000), registry.ErrTooLarge},
		"vaster than numbers":   {vast(math.MaxInt32), registry.ErrInvalid},
		"fewer pixels than say": {vast(500), registry.ErrInvalid},
		"PNG, magic alone":      {[]byte(pngMagic), registry.ErrInvalid},
		"PNG, cut":              {p[:len(p)-13], registry.ErrInvalid},
		"PNG, wrong sum":        {broken, registry.ErrInvalid},
		"PNG, endless chunk":    {append([]byte(pngMagic), "\xff\xff\xff\xffIDAT    "...), registry.ErrInvalid},
		"JPEG, magic alone":     {[]byte("\xff\xd8\xff"), registry.ErrInvalid},
		"JPEG, cut":             {j[:len(j)/2], registry.ErrInvalid},
		"JPEG, no marker":       {slices.Concat(j[:2], segment(jpegAPP0, "JFIF\x00"), []byte("??")), registry.ErrInvalid},
		"JPEG, segment of none": {[]byte("\xff\xd8\xff\xe0\x00\x01"), registry.ErrInvalid},
		"GIF, magic alone":      {[]byte("GIF89a"), registry.ErrInvalid},
		"GIF, cut":              {g[:len(g)-1], registry.ErrInvalid},
		"GIF, cut in a block":   {g[:len(g)/2], registry.ErrInvalid},
		"GIF, no table":         {[]byte("GIF89a\x01\x00\x01\x00\xf7\x00\x00"), registry.ErrInvalid},
		"GIF, unknown block":    {slices.Concat(g[:len(g)-1], []byte("?")), registry.ErrInvalid},
		"WebP, cut":             {w[:len(w)-2], registry.ErrInvalid},
		"WebP, empty":           {riff(), registry.ErrInvalid},
		"WebP, chunk too long":  {riff([]byte("VP8L\xff\xff\xff\xff")), registry.ErrInvalid},
		"gzip of nothing":       {zipped(t, ""), registry.ErrInvalid},
		"gzip, magic alone":     {gzipMagic, registry.ErrInvalid},
		"gzip, cut":             {zipped(t, drawing(""))[:30], registry.ErrInvalid},
		"gzip bomb":             {zipped(t, string(make([]byte, MaxSize+1))), registry.ErrTooLarge},
		"gzip of a PNG":         {zipped(t, string(p)), registry.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Clean(tt.src)
			if !errors.Is(err, tt.want) || got.Bytes != nil {
				t.Errorf("got %v, %d bytes", err, len(got.Bytes))
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	j := jpegOf(f)
	for _, src := range [][]byte{
		pngOf(f, 3, 3), j, gifOf(f), webpOf(f), zipped(f, drawing("")),
		slices.Concat(j[:2], segment(jpegAPP1, turned(6)), j[2:]),
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := Clean(src)
		if err != nil {
			if !errors.Is(err, registry.ErrInvalid) && !errors.Is(err, registry.ErrTooLarge) {
				t.Fatalf("error %v", err)
			}
			return
		}
		again, err := Clean(got.Bytes)
		if err != nil || !bytes.Equal(again.Bytes, got.Bytes) {
			t.Fatalf("cleaned again: %v\n%q\n%q", err, got.Bytes, again.Bytes)
		}
	})
}
