// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"errors"
	"strings"
	"unicode"
)

// The grammar is small, and its readers want to know more than valid or not: so
// the words are ours, and the lists of identifiers those of go-spdx.

// Bounds of an expression.
const (
	maxBytes = 2000
	maxDepth = 20 // brackets in one another
)

// What Parse returns for the words that stand in place of an expression.
var (
	ErrNoAssertion = errors.New("NOASSERTION: nobody has said what the licence is")
	ErrNone        = errors.New("NONE: it is said that there is no licence")
)

// Parse reads an expression of at most 2,000 bytes and 20 levels of brackets,
// identifiers in any case and operators in small letters too. The remarks say
// what is odd in it, each once. Where s is no expression the error is a
// *SyntaxError, and for NOASSERTION and NONE one that is ErrNoAssertion or
// ErrNone.
func Parse(s string) (*Expression, []Remark, error) {
	switch word := strings.TrimSpace(s); {
	case strings.EqualFold(word, NoAssertion):
		return nil, nil, ErrNoAssertion
	case strings.EqualFold(word, None):
		return nil, nil, ErrNone
	}
	e, r, err := read(s)
	if err != nil {
		return nil, nil, err
	}
	return e, r.remarks, nil
}

// valid reports an expression.
func valid(s string) bool {
	_, _, err := read(s)
	return err == nil
}

// word is a word of an expression, or a bracket.
type word struct {
	text string
	at   int // where it begins, in bytes
}

func words(s string) []word {
	var out []word
	from := -1
	end := func(at int) {
		if from >= 0 {
			out = append(out, word{s[from:at], from})
			from = -1
		}
	}
	for i, c := range s {
		switch {
		case c == '(' || c == ')':
			end(i)
			out = append(out, word{s[i : i+1], i})
		case unicode.IsSpace(c):
			end(i)
		case from < 0:
			from = i
		}
	}
	end(len(s))
	return out
}

// reader is the state of reading an expression.
type reader struct {
	text    string
	rest    []word
	remarks []Remark
	edits   []edit
}

// edit puts a word as one writes it today in the place of one of the text.
type edit struct {
	word
	now string
	// open says that the identifier leaves open whether later versions are meant.
	open bool
}

// read reads the whole of s. The reader is never nil.
func read(s string) (*Expression, *reader, error) {
	r := &reader{text: s}
	if len(s) > maxBytes {
		return nil, r, r.fails(TooLong, word{})
	}
	r.rest = words(s)
	if len(r.rest) == 0 {
		return nil, r, r.fails(Empty, word{})
	}
	e, err := r.either(0)
	switch {
	case err != nil:
		return nil, r, err
	case len(r.rest) == 0:
		return e, r, nil
	case r.rest[0].text == ")":
		return nil, r, r.fails(Unopened, r.rest[0])
	}
	return nil, r, r.fails(NoOperator, r.rest[0])
}

func (r *reader) fails(p Problem, w word) error {
	return &SyntaxError{Problem: p, Word: w.text, At: w.at, Text: r.text}
}

// next takes a word, which is empty at the end of the text.
func (r *reader) next() word {
	if len(r.rest) == 0 {
		return word{at: len(r.text)}
	}
	w := r.rest[0]
	r.rest = r.rest[1:]
	return w
}

func (r *reader) operator(name string) bool {
	if len(r.rest) == 0 || !strings.EqualFold(r.rest[0].text, name) {
		return false
	}
	w := r.next()
	if w.text != name {
		r.remark(Operators, w.text, name)
		r.edits = append(r.edits, edit{word: w, now: name})
	}
	return true
}

// either reads what OR joins.
func (r *reader) either(depth int) (*Expression, error) {
	return r.joined(Or, func() (*Expression, error) { return r.both(depth) })
}

// both reads what AND joins, which binds closer.
func (r *reader) both(depth int) (*Expression, error) {
	return r.joined(And, func() (*Expression, error) { return r.single(depth) })
}

func (r *reader) joined(by Operator, operand func() (*Expression, error)) (*Expression, error) {
	out := &Expression{Operator: by}
	for {
		e, err := operand()
		if err != nil {
			return nil, err
		}
		if e.Operator == by {
			out.Operands = append(out.Operands, e.Operands...)
		} else {
			out.Operands = append(out.Operands, e)
		}
		switch {
		case r.operator(string(by)):
		case len(out.Operands) == 1:
			return e, nil
		default:
			return out, nil
		}
	}
}

// single reads one licence, with its exception, or a group in brackets.
func (r *reader) single(depth int) (*Expression, error) {
	w := r.next()
	switch strings.ToUpper(w.text) {
	case "":
		return nil, r.fails(Unfinished, w)
	case ")", "AND", "OR", "WITH":
		return nil, r.fails(NoLicence, w)
	case NoAssertion, None:
		return nil, r.fails(NotAlone, w)
	case "(":
		return r.group(w, depth+1)
	}
	l, err := r.licence(w)
	if err != nil {
		return nil, err
	}
	if !r.operator("WITH") {
		return &Expression{Licence: l}, nil
	}
	w = r.next()
	id, ok := exception(w.text)
	switch {
	case w.text == "":
		return nil, r.fails(Unfinished, w)
	case !ok:
		return nil, r.fails(NoException, w)
	case id != w.text:
		r.remark(Spelling, w.text, id)
		r.edits = append(r.edits, edit{word: w, now: id})
	}
	l.Exception = id
	return &Expression{Licence: l}, nil
}

func (r *reader) group(bracket word, depth int) (*Expression, error) {
	if depth > maxDepth {
		return nil, r.fails(TooDeep, bracket)
	}
	e, err := r.either(depth)
	if err != nil {
		return nil, err
	}
	switch w := r.next(); w.text {
	case ")":
		return e, nil
	case "":
		return nil, r.fails(Unclosed, bracket)
	default:
		return nil, r.fails(NoOperator, w)
	}
}

func (r *reader) licence(w word) (Licence, error) {
	if refersTo(w.text, "LicenseRef-") {
		return Licence{ID: w.text}, nil
	}
	base, later := strings.CutSuffix(w.text, "+")
	id, deprecated, ok := identifier(base)
	if !ok {
		if strings.Contains(w.text, "LicenseRef-") {
			return Licence{}, r.fails(BadReference, w)
		}
		return Licence{}, r.fails(NotListed, w)
	}
	now, open, family := id, false, deprecated && isFamily(id)
	switch {
	case !deprecated && id != base:
		r.remark(Spelling, base, id)
	case family && later:
		now = id + "-or-later"
		r.remark(Deprecated, id+"+", now)
	case family:
		now, open = id+"-only", true
		r.remark(Ambiguous, id, "")
	case deprecated && Successor(id) != "":
		now = Successor(id)
		r.remark(Deprecated, id, now)
	case deprecated:
		r.remark(Abandoned, id, "")
	}
	if later && !strings.HasSuffix(now, "-or-later") {
		now += "+"
	}
	if now != w.text {
		r.edits = append(r.edits, edit{w, now, open})
	}
	return Licence{ID: id, OrLater: later}, nil
}

func (r *reader) remark(kind RemarkKind, found, instead string) {
	r.remarks = addRemark(r.remarks, Remark{kind, found, instead})
}
