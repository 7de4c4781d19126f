// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"fmt"
	"io"
	"strings"
)

// The escapes of GitHub's workflow commands:
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes workflow commands, which become annotations at the lines
// of a change.
func writeGitHub(w io.Writer, files []File, opt Options) error {
	var out strings.Builder
	for _, f := range files {
		file := ""
		if f.Path != "-" { // standard input is no file of the change
			file = "file=" + commandProperty.Replace(clean(slashed(f.Path))) + ","
		}
		for _, d := range f.Result.Findings {
			fmt.Fprintf(&out, "::%s %sline=%d,endLine=%d", grades[d.Severity].github, file, d.Line, d.EndLine)
			if d.Line == d.EndLine { // columns are for one line only
				fmt.Fprintf(&out, ",col=%d,endColumn=%d", d.Column, d.EndColumn)
			}
			fmt.Fprintf(&out, ",title=%s::%s\n",
				commandProperty.Replace(clean(d.Code)), commandData.Replace(titled(d, opt.Lang, "\n")))
		}
		if len(f.Unchecked) > 0 {
			say := opt.sentences().unchecked
			fmt.Fprintf(&out, "::notice %stitle=allmende::%s\n", file, commandData.Replace(clean(fmt.Sprintf(say, strings.Join(f.Unchecked, ", ")))))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
