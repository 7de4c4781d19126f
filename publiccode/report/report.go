// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package report writes the findings of publiccode.yml files, and of files of other
// formats, for people and for the programs that show them: terminals, code hosts,
// editors, build servers.
//
// File names and values come from repositories that anyone may have written. No
// format lets them add a line, a command, an element or a control character of
// their own.
package report

import (
	"cmp"
	"io"
	"path"
	"path/filepath"
	"sync"

	"github.com/allmende-registry/allmende/publiccode"
)

// File is one file that was checked.
type File struct {
	Path   string // as it shall be shown; with slashes, and relative to the repository for code hosts
	Result *publiccode.Result
	// Unchecked are the codes of rules that could not be checked.
	Unchecked []string
}

// Options are the same for all formats, which heed those that concern them.
type Options struct {
	Lang    string // of the messages: "de", all else is English
	Color   bool   // text: with the escape sequences of a terminal
	Version string // of the program that checked; "" where unknown
	// FailOn is the least severity that counts as a failure; "" stands for Error.
	FailOn publiccode.Severity
}

// Formats are the ways to write a report, by name.
var Formats = map[string]func(io.Writer, []File, Options) error{
	"text":   writeText,
	"json":   writeJSON,
	"sarif":  writeSARIF,
	"github": writeGitHub,
	"gitlab": writeGitLab,
	"junit":  writeJUnit,
}

// grades say how each severity is called elsewhere, and how it is painted.
var grades = map[publiccode.Severity]struct {
	rank                  int
	sarif, github, gitlab string
	color                 string // parameters of the escape sequence SGR, ECMA-48
	de, en                words
}{
	publiccode.Advice: {
		1, "note", "notice", "info", "1;36",
		words{"Hinweis", "Hinweise"},
		words{"piece of advice", "pieces of advice"},
	},
	publiccode.Warning: {
		2, "warning", "warning", "minor", "1;33",
		words{"Warnung", "Warnungen"},
		words{"warning", "warnings"},
	},
	publiccode.Error: {
		3, "error", "error", "major", "1;31",
		words{"Fehler", "Fehler"},
		words{"error", "errors"},
	},
}

// Fails reports whether the file has a finding that counts as a failure.
func (o Options) Fails(f File) bool {
	for _, finding := range f.Result.Findings {
		if o.fails(finding.Severity) {
			return true
		}
	}
	return false
}

func (o Options) fails(s publiccode.Severity) bool {
	return grades[s].rank >= grades[cmp.Or(o.FailOn, publiccode.Error)].rank
}

var rulesByCode = sync.OnceValue(func() map[string]publiccode.Rule {
	rules := map[string]publiccode.Rule{}
	for _, r := range publiccode.Rules() {
		rules[r.Code] = r
	}
	return rules
})

// ruleOf is the rule of a finding; false for one of an operator's profile.
func ruleOf(r *publiccode.Result, code string) (publiccode.Rule, bool) {
	if r.Format != nil {
		if rule, ok := r.Format.Rules()[code]; ok {
			return rule, true
		}
	}
	rule, ok := rulesByCode()[code]
	return rule, ok
}

// standard is the address of what a finding rests on. Only the rule of a profile
// knows it.
func standard(f publiccode.Finding) string {
	if f.Wording != nil {
		if r, ok := rulesByCode()[f.Code]; ok {
			return r.Standard()
		}
	}
	return f.Standard()
}

// titled is a finding's message, and below it what to do.
func titled(f publiccode.Finding, lang, between string) string {
	message, help := clean(f.Message(lang)), clean(f.Help(lang))
	if help == "" {
		return message
	}
	return message + between + help
}

// slashed is a path as the formats want it: publiccode.yml, not ./publiccode.yml.
func slashed(p string) string { return path.Clean(filepath.ToSlash(p)) }
