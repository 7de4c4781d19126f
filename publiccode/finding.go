// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strconv"
	"strings"
)

// Severity grades a finding.
type Severity string

// The severities. A file with no finding of Error is valid.
const (
	Error   Severity = "error"   // breaks the standard
	Warning Severity = "warning" // deprecated, or surely not meant
	Advice  Severity = "advice"  // allowed, could be better
)

// Finding is one diagnostic. Line and column count from 1, columns in Unicode
// code points. Code is stable across releases and never used anew.
type Finding struct {
	Code     string   `json:"code"` // PC0123
	Severity Severity `json:"severity"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	// EndLine and EndColumn are the place after the last character that the
	// finding is about, never before Line and Column; both are 1 where it is
	// about the file as a whole.
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"`
	Key       string   `json:"key,omitempty"`  // path such as description.de.features[2]; "" for the file
	Args      []string `json:"args,omitempty"` // what the message names
	// Wording is nil but for the rules of a profile, which bring their own.
	Wording *Wording `json:"wording,omitempty"`
}

// Wording is what a rule of a profile says and advises, in German and English.
type Wording struct {
	DE     string `json:"de"`
	EN     string `json:"en"`
	HelpDE string `json:"helpDe"`
	HelpEN string `json:"helpEn"`
	Source string `json:"source,omitempty"` // the address of what the rule rests on
}

func (f Finding) message() (message, bool) {
	if w := f.Wording; w != nil {
		return message{f.Severity, w.DE, w.EN, w.HelpDE, w.HelpEN}, true
	}
	m, ok := messages[f.Code]
	return m, ok
}

// Message says in one sentence what is wrong, in German ("de") or English (all
// other tags).
func (f Finding) Message(lang string) string {
	m, ok := f.message()
	switch {
	case !ok:
		return f.Code
	case isGerman(lang):
		return f.fill(m.de)
	}
	return f.fill(m.en)
}

// Help says in one sentence what to do about it.
func (f Finding) Help(lang string) string {
	m, ok := f.message()
	switch {
	case !ok:
		return ""
	case isGerman(lang):
		return f.fill(m.helpDE)
	}
	return f.fill(m.helpEN)
}

// fill puts key and arguments into a template of the message table. Where these were
// kept back, "…" stands for what they name.
func (f Finding) fill(template string) string {
	if len(f.Args) == 0 {
		template = open(template, named)
	}
	pairs := make([]string, 0, 2*len(f.Args)+2)
	pairs = append(pairs, "{key}", f.Key)
	for i, a := range f.Args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", a)
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
