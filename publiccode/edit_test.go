// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import "testing"

func TestApply(t *testing.T) {
	for _, c := range []struct {
		name, src string
		edits     []Edit
		want      string
	}{
		{"none", "a: b\n", nil, "a: b\n"},
		{"in any order", "a: b\nc: d\n", []Edit{{2, 4, 2, 5, "y"}, {1, 4, 1, 5, "x"}}, "a: x\nc: y\n"},
		{"code points", "ä: ö # ü\n", []Edit{{1, 4, 1, 5, "oe"}}, "ä: oe # ü\n"},
		{"insert", "a: b\n", []Edit{{1, 4, 1, 4, "- "}}, "a: - b\n"},
		{"lines", "a: b\nc: d\ne: f\n", []Edit{{2, 1, 3, 1, ""}}, "a: b\ne: f\n"},
		{"carriage returns stay", "a: b\r\nc: d\r\n", []Edit{{1, 4, 1, 9, "x"}}, "a: x\r\nc: d\r\n"},
		{"at the end", "a: b", []Edit{{2, 1, 2, 1, "\nc: d"}}, "a: b\nc: d"},
		{"overlapping", "abcdef", []Edit{{1, 1, 1, 4, "x"}, {1, 3, 1, 5, "y"}}, "xdef"},
		{"outside", "a\n", []Edit{{0, 0, 0, 0, "<"}, {9, 9, 9, 9, ">"}}, "<a\n>"},
		{"backwards", "abc", []Edit{{1, 3, 1, 1, "x"}}, "abc"},
		{"empty text", "", []Edit{{1, 1, 1, 1, "a"}}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(Apply([]byte(c.src), c.edits)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
