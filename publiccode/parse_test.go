// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// unreadable are the findings after which there is no model.
var unreadable = []string{"PC0001", "PC0004", "PC0005", "PC0006", "PC0007", "PC0008", "PC0009"}

var openPlaceholder = regexp.MustCompile(`\{(key|[0-9])\}`)

// checkResult holds a result against what is true of every result.
func checkResult(t *testing.T, src []byte, res *Result) {
	t.Helper()
	refused := false
	l := newLines(res.Source())
	for i, f := range res.Findings {
		if f.Line < 1 || f.Column < 1 {
			t.Errorf("finding without position: %+v", f)
		}
		at, end := f.position(), position{f.EndLine, f.EndColumn}
		if max(at.line, end.line) > len(l.starts) || l.place(l.offset(at)) != at || l.place(l.offset(end)) != end {
			t.Errorf("outside the text: %+v", f)
		} else if l.offset(end) < l.offset(at) {
			t.Errorf("ends before it begins: %+v", f)
		}
		m, ok := messages[f.Code]
		if !ok || f.Severity != m.severity {
			t.Errorf("finding not of the table: %+v", f)
		}
		if i > 0 {
			before := res.Findings[i-1]
			if f.Line < before.Line || f.Line == before.Line && f.Column < before.Column {
				t.Errorf("finding %d out of order", i)
			}
		}
		for _, lang := range []string{"de", "en"} {
			for _, text := range []string{f.Message(lang), f.Help(lang)} {
				if text == "" || !utf8.ValidString(text) || strings.ContainsRune(text, '\n') {
					t.Errorf("%s (%s): text %q", f.Code, lang, text)
				}
			}
		}
		refused = refused || slices.Contains(unreadable, f.Code)
	}
	if refused != (res.PublicCode == nil) {
		t.Errorf("unreadable finding: %v, model: %v", refused, res.PublicCode != nil)
	}
	if len(res.Findings) > maxFindings+2 {
		t.Errorf("%d findings", len(res.Findings))
	}
}
