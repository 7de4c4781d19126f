// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// issue is an entry of GitLab's code quality report:
// https://docs.gitlab.com/ci/testing/code_quality/
type issue struct {
	Description string   `json:"description"`
	CheckName   string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

func writeGitLab(w io.Writer, files []File, opt Options) error {
	issues := []issue{} // an empty report is [], which says that all is well
	marks := fingerprints{}
	for _, f := range files {
		path := slashed(f.Path)
		for _, d := range f.Result.Findings {
			issues = append(issues, issue{
				Description: titled(d, opt.Lang, " "),
				CheckName:   d.Code,
				Fingerprint: marks.of(path, d),
				Severity:    grades[d.Severity].gitlab,
				Location:    location{path, lines{d.Line, d.EndLine}},
			})
		}
	}
	return encode(w, issues)
}

// fingerprints tell findings apart, and know them again after an edit elsewhere
// in the file: they hold no line. What is the same in all else is numbered.
type fingerprints map[string]int

func (p fingerprints) of(path string, f publiccode.Finding) string {
	// Quoted, so that no two lists of parts make the same text.
	parts := make([]string, 0, 3+len(f.Args))
	for _, part := range append([]string{path, f.Code, f.Key}, f.Args...) {
		parts = append(parts, strconv.Quote(part))
	}
	id := strings.Join(parts, " ")
	p[id]++
	sum := sha256.Sum256([]byte(id + " " + strconv.Itoa(p[id])))
	return hex.EncodeToString(sum[:16])
}
