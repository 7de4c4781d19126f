// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"cmp"
	"slices"
)

// Edit replaces a part of a text. Places count as those of findings do: from 1,
// columns in code points, the end exclusive. The first place of the line after
// the last is the end of the text.
type Edit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Text      string `json:"text"`
}

// Apply makes edits in the text that their places refer to, which is
// Result.Source for those of Result.Remedy. An edit that reaches into one that
// begins before it is left out, and places outside the text count as the
// nearest one inside.
func Apply(src []byte, edits []Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndColumn, b.EndColumn))
	})
	l := newLines(src)
	out := make([]byte, 0, len(src)+64)
	done := 0
	for _, e := range edits {
		from, to := l.offset(position{e.Line, e.Column}), l.offset(position{e.EndLine, e.EndColumn})
		if from < done || to < from {
			continue
		}
		out = append(out, src[done:from]...)
		out = append(out, e.Text...)
		done = to
	}
	return append(out, src[done:]...)
}
