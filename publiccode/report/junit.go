// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The elements of JUnit that GitLab and Jenkins read.
type (
	testSuites struct {
		XMLName xml.Name    `xml:"testsuites"`
		Name    string      `xml:"name,attr"`
		Suites  []testSuite `xml:"testsuite"`
		testCounts
	}
	testSuite struct {
		Name string `xml:"name,attr"`
		testCounts
		Cases []testCase `xml:"testcase"`
	}
	testCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	testCase struct {
		Name      string   `xml:"name,attr"`
		ClassName string   `xml:"classname,attr"`
		File      string   `xml:"file,attr"`
		Failure   *outcome `xml:"failure"`
		Skipped   *outcome `xml:"skipped"`
	}
	outcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite for each file with a case for each finding. What is
// less than a failure is a case that was skipped, since the format knows no
// warnings.
func writeJUnit(w io.Writer, files []File, opt Options) error {
	all := testSuites{Name: "publiccode.yml"}
	for _, f := range files {
		path := clean(slashed(f.Path))
		suite := testSuite{Name: path}
		for _, d := range f.Result.Findings {
			c := testCase{ClassName: path, File: path}
			c.Name = clean(strings.TrimSpace(fmt.Sprintf("%s %s", d.Code, d.Key)))
			what := &outcome{
				Message: clean(d.Message(opt.Lang)),
				Text:    fmt.Sprintf("%s:%d:%d\n%s\n%s", path, d.Line, d.Column, titled(d, opt.Lang, "\n"), standard(d)),
			}
			if opt.fails(d.Severity) {
				what.Type = string(d.Severity)
				c.Failure = what
				suite.Failures++
			} else {
				c.Skipped = what
				suite.Skipped++
			}
			suite.Cases = append(suite.Cases, c)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []testCase{{Name: opt.sentences().clean, ClassName: path, File: path}}
		}
		suite.Tests = len(suite.Cases)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Skipped += suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	out, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, out)
	return err
}
