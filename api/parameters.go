// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of query parameters.
const (
	maxText   = 200 // characters of one value
	maxCursor = 10_000
	maxValues = 20 // values of one filter
	maxID     = 1024
)

// parameters reads a query string and collects all that is wrong with it.
type parameters struct {
	values url.Values
	faults []fault
}

// parseParameters decodes a query string that unknownParameters let pass.
func parseParameters(raw string) *parameters {
	values, _ := url.ParseQuery(raw)
	return &parameters{values: values}
}

// unknownParameters reports what cannot be decoded and names that are not
// among the known ones. A misspelt filter would else widen the answer.
func unknownParameters(raw string, known []string) []fault {
	if raw == "" {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return []fault{{In: "query", Code: codeMalformed, Detail: "The query string cannot be decoded: percent-encode every %, & and ; that belongs to a value."}}
	}
	takes := "This address takes no query parameters."
	if len(known) > 0 {
		takes = "Known are " + strings.Join(known, ", ") + "."
	}
	var faults []fault
	for name := range values {
		if !slices.Contains(known, name) {
			faults = append(faults, fault{
				In: "query", Location: &location{Name: printable(name)}, Code: codeUnknown,
				Detail: fmt.Sprintf("There is no parameter %q here. %s", printable(name), takes),
			})
		}
	}
	slices.SortFunc(faults, func(a, b fault) int { return strings.Compare(a.Location.Name, b.Location.Name) })
	return faults[:min(len(faults), maxValues)]
}

// printable shortens a name of somebody else's to what an answer may repeat.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}

func (p *parameters) fault(name, code, format string, args ...any) {
	p.faults = append(p.faults, fault{In: "query", Location: &location{Name: name}, Code: code, Detail: fmt.Sprintf(format, args...)})
}

func (p *parameters) faultAt(name string, index int, code, format string, args ...any) {
	p.fault(name, code, format, args...)
	p.faults[len(p.faults)-1].Location.Index = &index
}

// one is the value of a parameter that may be given once; ok is false where it
// is not given, or wrongly.
func (p *parameters) one(name string, limit int) (value string, ok bool) {
	values := p.values[name]
	switch {
	case len(values) == 0:
		return "", false
	case len(values) > 1:
		p.fault(name, codeRepeated, "%s can be given once.", name)
		return "", false
	case !readable(values[0], limit):
		p.fault(name, codeMalformed, "%s is text in UTF-8 without control characters, of %d characters at most.", name, limit)
		return "", false
	}
	return values[0], true
}

// list is the values of a parameter that may be given several times or with
// commas between its values.
func (p *parameters) list(name string) []string { return p.split(name, maxValues, maxText) }

// split is list with bounds: how many values, of how many characters.
func (p *parameters) split(name string, most, limit int) []string {
	if _, given := p.values[name]; !given {
		return nil
	}
	var list []string
	for _, v := range p.values[name] {
		list = append(list, strings.Split(v, ",")...)
		if len(list) > most {
			p.fault(name, codeTooMany, "%s takes %d values at most.", name, most)
			return nil
		}
	}
	for i, v := range list {
		list[i] = strings.TrimSpace(v)
		if list[i] == "" || !readable(v, limit) {
			p.faultAt(name, i, codeMalformed, "A value of %s is text in UTF-8 without control characters, not empty and of %d characters at most.", name, limit)
		}
	}
	return list
}

// chosen is a list whose values come from a closed vocabulary, in the spelling
// of the vocabulary.
func (p *parameters) chosen(name string, words []string) []string {
	return p.checked(name, vocabulary(words), notAmong(words))
}

// notAmong says of a value that it is none of the words.
func notAmong(words []string) string {
	if len(words) > 12 {
		return "not in the vocabulary. Allowed are those that the description of this parameter in /v1/openapi.json lists."
	}
	return "not in the vocabulary. Allowed are " + strings.Join(words, ", ") + "."
}

// checked is a list whose values read takes, as it gives them back; not says
// what another value is not, and what is allowed.
func (p *parameters) checked(name string, read func(string) (string, bool), not string) []string {
	before := len(p.faults)
	list := p.list(name)
	if len(p.faults) > before {
		return nil
	}
	for i, v := range list {
		var ok bool
		if list[i], ok = read(v); !ok {
			p.faultAt(name, i, codeForbidden, "A value of %s is %s", name, not)
		}
	}
	return list
}

// switched is whether something is asked for that is not given otherwise.
func (p *parameters) switched(name string) bool { return p.word(name, "true", "false") == "true" }

// moment is a moment of RFC 3339, or a date for the last moment of that day in
// UTC; nil where it is not given, or wrongly.
func (p *parameters) moment(name string) *time.Time {
	v, given := p.one(name, maxText)
	if !given {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, v); err == nil {
		t = t.AddDate(0, 0, 1).Add(-1)
		return &t
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		p.fault(name, codeMalformed, "%s is a date such as 2026-01-31, which means the end of that day in UTC, or a moment of RFC 3339 such as 2026-01-31T08:00:00Z; of +01:00 the + is written %%2B.", name)
		return nil
	}
	return &t
}

// date is a date in the form 2026-01-31; "" where it is not given, or wrongly.
func (p *parameters) date(name string) string {
	v, given := p.one(name, maxText)
	if !given {
		return ""
	}
	if date(v) == "" {
		p.fault(name, codeMalformed, "%s is a date such as 2026-01-31.", name)
	}
	return date(v)
}

// required reports where a parameter is not given at all.
func (p *parameters) required(name, what string) {
	if p.values[name] == nil {
		p.fault(name, codeMissing, "%s is missing: %s.", name, what)
	}
}

// number is a whole number between least and most.
func (p *parameters) number(name string, least, most, otherwise int) int {
	v, ok := p.one(name, maxText)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most || strconv.Itoa(n) != v {
		p.fault(name, codeForbidden, "%s is a whole number from %d to %d.", name, least, most)
		return otherwise
	}
	return n
}

// word is one of a few words.
func (p *parameters) word(name string, words ...string) string {
	v, ok := p.one(name, maxText)
	if !ok {
		return ""
	}
	if !slices.Contains(words, v) {
		p.fault(name, codeForbidden, "%s is one of %s.", name, strings.Join(words, ", "))
		return ""
	}
	return v
}

func readable(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, unicode.IsControl)
}
