// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("abcdefghi ", 30)
	for _, tt := range []struct {
		name, line           string
		column, endLine, end int
		wantLine, wantMarks  string
	}{
		{"word", "name: Amt", 7, 1, 10, "name: Amt", "      ^^^"},
		{"one character at least", "name: Amt", 7, 1, 7, "name: Amt", "      ^"},
		{"end of line", "name:", 6, 1, 6, "name:", "     ^"},
		{"beyond the line", "name:", 60, 1, 70, "name:", "     ^"},
		{"several lines", "a: [b,", 4, 2, 3, "a: [b,", "   ^^^"},
		{"tab before", "a:\tb", 4, 1, 5, "a:    b", "      ^"},
		{"tab marked", "a\tb", 2, 1, 3, "a    b", " ^^^^"},
		{"wide characters", "日本: 役所 x", 5, 1, 7, "日本: 役所 x", "      ^^^^"},
		{"combining marks", "a\u0301b\u0301c d", 5, 1, 6, "a\u0301b\u0301c d", "  ^"},
		{"direction of writing", "x\u202ey\u2066 z", 6, 1, 7, "x\ufffdy\ufffd z", "     ^"},
		{"escape sequence", "\x1b[2J x", 6, 1, 7, "\ufffd[2J x", "     ^"},
		{"carriage return", "a: b\r", 4, 1, 5, "a: b", "   ^"},
		{"begin of a long line", long, 1, 1, 4, long[:window] + "…", "^^^"},
		{"middle of a long line", long, 151, 1, 154, "…" + long[118:118+window] + "…", strings.Repeat(" ", 33) + "^^^"},
		{"marks end with the window", long, 1, 1, 300, long[:window] + "…", strings.Repeat("^", window)},
		{"end of a long line", long, 291, 1, 300, "…" + strings.TrimRight(long[258:], " "), strings.Repeat(" ", 33) + strings.Repeat("^", 9)},
		{"marks without end", strings.Repeat("\u0301", 100_000) + "x", 1, 1, 2, strings.Repeat("\u0301", crowd) + "…", ""},
		{"wide characters cut", strings.Repeat("漢", 100), 2, 1, 3, strings.Repeat("漢", 48) + "…", "  ^^"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSource([]byte(tt.line + "\nsecond\n"))
			line, marks := s.excerpt(publiccode.Finding{Line: 1, Column: tt.column, EndLine: tt.endLine, EndColumn: tt.end})
			if line != tt.wantLine || marks != tt.wantMarks {
				t.Errorf("\n%q\n%q, want\n%q\n%q", line, marks, tt.wantLine, tt.wantMarks)
			}
		})
	}
	if line, marks := newSource(nil).excerpt(publiccode.Finding{Line: 2, Column: 1}); line != "" || marks != "" {
		t.Errorf("a line that is not there: %q, %q", line, marks)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Bürgeramt 日本 ☂": "Bürgeramt 日本 ☂",
		"a\nb\tc\r":      `a\nb\tc\r`,
		"\x1b[31m":       `\x1b[31m`,
		"x\u202ey":       `x\u202ey`,
		"\xff\u2028":     `\xff\u2028`,
		"\U000e0041":     `\U000e0041`,
		"it's":           "it's",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
