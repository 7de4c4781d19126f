// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package editor is what the page /editor/ of the site computes: package
// publiccode behind one function that takes and gives JSON. The site does not
// import it; it is compiled to WebAssembly (see editor/build) and runs in the
// reader's browser, so that no text leaves it.
package editor

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/allmende-registry/allmende/publiccode"
)

//go:generate go run ./build

// fileName is the name that the page gives to a file when it is downloaded,
// and therefore the one that a profile judges.
const fileName = "publiccode.yml"

// request is what the page asks for.
type request struct {
	Do      string `json:"do"` // a name in actions
	Text    string `json:"text"`
	Lang    string `json:"lang"`    // of messages: de or en
	Profile string `json:"profile"` // name of a built-in profile; "" is standard

	Bytes  []byte   `json:"bytes"`  // open: the file as it is stored
	Path   string   `json:"path"`   // set, list
	Value  string   `json:"value"`  // set
	Values []string `json:"values"` // list
	Index  int      `json:"index"`  // mend: which finding of the text
}

// answer is what the page gets: the text, where it is another than the one
// asked about, and everything known about it.
type answer struct {
	// Error says why there is nothing but this message; "" as a rule.
	Error string `json:"error,omitempty"`

	Text      *string   `json:"text,omitempty"`
	Readable  bool      `json:"readable"` // the text has a model, so that a form can show it
	Version   string    `json:"version"`  // of the standard, as declared; "" for none
	Checked   string    `json:"checked"`  // the version that was checked against
	Findings  []finding `json:"findings"`
	Unchecked []string  `json:"unchecked,omitempty"` // what the profile asks for that only the repository shows
	Mended    []string  `json:"mended,omitempty"`    // fix: what was put right

	// Values are the values of the keys that the text holds, by path, each a
	// text, a bool or a list of texts. Tags are the language tags of its
	// description.
	Values map[string]any `json:"values"`
	Tags   []string       `json:"tags"`
}

type finding struct {
	publiccode.Finding
	Message  string `json:"message"`
	Help     string `json:"help"`
	Standard string `json:"standard"`
	Mendable bool   `json:"mendable"` // without a person who decides
}

// actions make a new text from a request; what was mended beside it.
var actions = map[string]func(q request) (text []byte, mended []publiccode.Finding, err error){
	"check": func(q request) ([]byte, []publiccode.Finding, error) { return []byte(q.Text), nil, nil },
	"open": func(q request) ([]byte, []publiccode.Finding, error) {
		r := publiccode.Parse(q.Bytes, publiccode.Options{})
		if r.Source() == nil && len(q.Bytes) > 0 {
			return nil, nil, fmt.Errorf("%s", r.Findings[0].Message(q.Lang)) // too large
		}
		// What is repaired by reading cannot be seen in the text any more.
		return r.Source(), slices.DeleteFunc(r.Findings, func(f publiccode.Finding) bool { return !repaired[f.Code] }), nil
	},
	"mend": func(q request) ([]byte, []publiccode.Finding, error) {
		r, _ := parse([]byte(q.Text), q)
		if q.Index < 0 || q.Index >= len(r.Findings) {
			return nil, nil, fmt.Errorf("request: the text has %d findings, none with the index %d", len(r.Findings), q.Index)
		}
		f := r.Findings[q.Index]
		return publiccode.Apply(r.Source(), r.Remedy(f)), []publiccode.Finding{f}, nil
	},
	"fix": func(q request) ([]byte, []publiccode.Finding, error) {
		fixed := publiccode.Fix([]byte(q.Text), publiccode.FixOptions{})
		return fixed.Source, fixed.Mended, nil
	},
	"set": func(q request) ([]byte, []publiccode.Finding, error) {
		text, err := publiccode.Set([]byte(q.Text), q.Path, q.Value)
		return text, nil, err
	},
	"list": func(q request) ([]byte, []publiccode.Finding, error) {
		text, err := publiccode.SetList([]byte(q.Text), q.Path, q.Values)
		return text, nil, err
	},
	"template": func(q request) ([]byte, []publiccode.Finding, error) { return template(q.Lang), nil, nil },
}

// repaired are the findings about bytes that are no text.
var repaired = map[string]bool{"PC0002": true, "PC0003": true}

// Answer answers a request of the page; both are JSON. It never fails: what
// goes wrong is in the answer.
func Answer(src []byte) (out []byte) {
	defer func() {
		// The program in the browser would be gone with a panic, and the page with
		// it; the next text may well be fine.
		if p := recover(); p != nil {
			out = encode(answer{Error: fmt.Sprint("internal error: ", p)})
		}
	}()
	var q request
	if err := json.Unmarshal(src, &q); err != nil {
		return encode(answer{Error: "request: " + err.Error()})
	}
	act, ok := actions[q.Do]
	if !ok {
		return encode(answer{Error: fmt.Sprintf("request: nothing is called %q", q.Do)})
	}
	text, mended, err := act(q)
	if err != nil {
		return encode(answer{Error: err.Error()})
	}
	a := check(text, q)
	if s := string(text); s != q.Text {
		a.Text = &s
	}
	for _, f := range mended {
		a.Mended = append(a.Mended, f.Message(q.Lang))
	}
	return encode(a)
}

func encode(a answer) []byte {
	out, err := json.Marshal(a)
	if err != nil { // a value that JSON does not have: there is none in an answer
		panic(err)
	}
	return out
}

// parse checks a text against the standard and a profile; unchecked are the
// rules of the profile that only the repository shows.
func parse(text []byte, q request) (r *publiccode.Result, unchecked []publiccode.ProfileRule) {
	r = publiccode.Parse(text, publiccode.Options{})
	p, ok := publiccode.FindProfile(q.Profile)
	if !ok {
		return r, nil
	}
	codes := r.CheckProfile(p, publiccode.Place{FileName: fileName})
	for _, rule := range p.Rules {
		if slices.Contains(codes, rule.Code) {
			unchecked = append(unchecked, rule)
		}
	}
	return r, unchecked
}

// check says all that is known about a text.
func check(text []byte, q request) answer {
	r, unchecked := parse(text, q)
	a := answer{
		Readable: r.PublicCode != nil, Version: r.Version, Checked: r.Checked,
		Findings: []finding{}, Values: map[string]any{}, Tags: []string{},
	}
	for _, rule := range unchecked {
		a.Unchecked = append(a.Unchecked, title(rule, q.Lang))
	}
	for _, f := range r.Findings {
		a.Findings = append(a.Findings, finding{f, f.Message(q.Lang), f.Help(q.Lang), f.Standard(), len(r.Remedy(f)) > 0})
	}
	if a.Readable {
		a.Values = values(r)
		a.Tags = slices.AppendSeq(a.Tags, maps.Keys(r.PublicCode.Description))
		slices.Sort(a.Tags)
	}
	return a
}

// title names what a rule asks for.
func title(rule publiccode.ProfileRule, lang string) string {
	return publiccode.Finding{Code: rule.Code, Severity: rule.Severity, Key: rule.Key, Wording: &rule.Wording}.Message(lang)
}
