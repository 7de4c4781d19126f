// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strconv"
	"unicode"
	"unicode/utf8"
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

// characters counts what a reader would call characters: marks that combine
// with a letter, joined emoji and variants count once.
func characters(s string) int {
	if utf8.RuneCountInString(s) == len(s) {
		return len(s)
	}
	n := 0
	joined := false
	flag := false
	for _, c := range s {
		regional := c >= 0x1f1e6 && c <= 0x1f1ff
		switch {
		case c < 0x300 && c != 0xad && !joined: // no marks among the letters of Europe
			flag = false
			n++
			continue
		case c == 0x200d:
			joined = true
			continue
		case unicode.Is(unicode.M, c), c >= 0x1f3fb && c <= 0x1f3ff, invisible(c):
			continue
		case regional && flag:
			flag = false
			continue
		case joined:
			joined = false
			continue
		}
		flag = regional
		joined = false
		n++
	}
	return n
}
