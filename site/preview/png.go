// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// head is what all pictures begin with: the signature, the header and the
// palette (PNG, sections 5.2, 11.2.1 and 11.2.2).
var head = func() []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	header := binary.BigEndian.AppendUint32(nil, Width)
	header = binary.BigEndian.AppendUint32(header, Height)
	b = appendChunk(b, "IHDR", append(header, 4, 3, 0, 0, 0)) // four bits each, by palette
	var colours []byte
	for _, c := range palette {
		r, g, b, _ := c.RGBA()
		colours = append(colours, uint8(r>>8), uint8(g>>8), uint8(b>>8))
	}
	return appendChunk(b, "PLTE", colours)
}()

var tail = appendChunk(nil, "IEND", nil)

func appendChunk(b []byte, kind string, content []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(content)))
	from := len(b)
	b = append(append(b, kind...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[from:]))
}

// encode packs the canvas of a desk. The encoder of the standard library knows
// no canvas of this form and packs more slowly: it takes several times as long.
func encode(d *desk) []byte {
	var packed bytes.Buffer
	packed.Grow(16 << 10)
	d.packer.Reset(&packed)
	_, _ = d.packer.Write(d.canvas[:]) // a buffer does not fail
	_ = d.packer.Close()
	out := make([]byte, 0, len(head)+12+packed.Len()+len(tail))
	out = append(out, head...)
	out = appendChunk(out, "IDAT", packed.Bytes())
	return append(out, tail...)
}
