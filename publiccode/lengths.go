// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// limited reads prose of a description with bounds on its length in characters.
func (d *decoder) limited(s *section, key string) string {
	k, _ := findKey(descriptionKeys, key)
	least, most := k.bounds(d.version)
	v, ok := s.get(key)
	if !ok {
		return ""
	}
	t, ok := d.text(v)
	if !ok {
		return ""
	}
	switch n := characters(t); {
	case n > most:
		d.add("PC0316", v.position(), v.path, strconv.Itoa(n), strconv.Itoa(most))
	case n < least:
		d.add("PC0317", v.position(), v.path, strconv.Itoa(n), strconv.Itoa(least))
	}
	return t
}

// characters counts what a reader would call characters, the extended grapheme
// clusters of Unicode (UAX 29): marks that combine with a letter, joined emoji
// and flags count once. Below U+0300 nothing combines but line ends, which count
// as they stand in the text.
func characters(s string) int {
	if strings.IndexFunc(s, func(c rune) bool { return c >= 0x300 || c == 0xad }) < 0 {
		return utf8.RuneCountInString(s)
	}
	return uniseg.GraphemeClusterCount(s)
}
