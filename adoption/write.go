// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// described is what is read of the JSON Schema: the words for each key.
type described struct {
	Description string               `json:"description"`
	Properties  map[string]described `json:"properties"`
	Items       *described           `json:"items"`
}

var words = sync.OnceValue(func() described {
	var all described
	if err := json.Unmarshal(schemaFile, &all); err != nil {
		panic("adoption: adoptions.schema.json: " + err.Error()) // part of the program, read by its tests
	}
	return all
})

// Hint says what a key is for, in German ("de") or English (all other tags). Keys are
// named by their path: organisation.uri, adoptions[].role. It is "" for others.
func Hint(path, lang string) string {
	at := words()
	for step := range strings.SplitSeq(path, ".") {
		name, entry := strings.CutSuffix(step, "[]")
		at = at.Properties[name]
		if entry && at.Items != nil {
			at = *at.Items
		}
	}
	en, de, _ := strings.Cut(at.Description, "\n\nDeutsch: ")
	if isGerman(lang) {
		return de
	}
	return en
}

func isGerman(lang string) bool { return lang == "de" || strings.HasPrefix(lang, "de-") }

// YAML writes the file with a comment before each key that says what it is for, in
// German ("de") or English (all other tags). Keys without a value stand in comments;
// where there is no statement, a whole one does. Parse reads the same file from it.
func (f *File) YAML(lang string) []byte {
	w := &writer{lang: lang}
	version := f.Version
	if version == "" {
		version = Version
	}
	fmt.Fprintf(w, "adoptionsYmlVersion: %s\n", quoted(version))
	w.WriteByte('\n')
	w.hint("", "organisation")
	w.WriteString("organisation:\n")
	o := f.Organisation
	w.keys("  ", "organisation.", []entry{
		{"uri", o.URI, "https://www.musterhafen.example"},
		{"name", o.Name, "Stadt Musterhafen"},
		{"region", o.Region, "DE-SH"},
		{"ags", o.AGS, "01099901"},
		{"ars", o.ARS, "010995099901"},
	})
	w.WriteByte('\n')
	w.hint("", "adoptions")
	w.WriteString("adoptions:\n")
	for i, s := range f.Adoptions {
		w.statement(s, i == 0)
	}
	if len(f.Adoptions) == 0 {
		w.statement(Statement{}, true)
	}
	return []byte(w.String())
}

type writer struct {
	strings.Builder
	lang string
}

// entry is a key with its value, and what stands in the comment where it has none.
type entry struct{ name, value, sample string }

// statement writes one entry of the list; the first with what its keys are for, and
// those that it does not have.
func (w *writer) statement(s Statement, first bool) {
	all := []entry{
		{"software", s.Software, "https://code.example.org/form/editor"},
		{"role", string(s.Role), string(Uses)},
		{"version", s.Version, "4.2"},
		{"since", s.Since, "2024-04-01"},
		{"confirmedUntil", s.ConfirmedUntil, "2027-10-31"},
		{"purpose", s.Purpose, w.pick("Online-Anträge der Stadt", "Online applications of the town")},
		{"contact", s.Contact, "opensource@musterhafen.example"},
		{"visibility", string(s.Visibility), string(Public)},
	}
	if first {
		w.keys("    ", "adoptions[].", all)
		return
	}
	w.WriteByte('\n')
	dash := "  - "
	for _, e := range all {
		if e.value != "" {
			fmt.Fprintf(w, "%s%s: %s\n", dash, e.name, quoted(e.value))
			dash = "    "
		}
	}
}

// keys writes the keys of a section, those without a value so that they count once
// their "# " is gone. The dash of a list stands before the first one.
func (w *writer) keys(indent, path string, all []entry) {
	for i, e := range all {
		if i > 0 {
			w.WriteByte('\n')
		}
		margin, dash, value := indent, "", e.value
		if i == 0 && strings.HasSuffix(path, "[].") {
			margin, dash = indent[2:], "- "
		}
		w.hint(margin, path+e.name)
		if value == "" {
			margin, value = margin+"# ", e.sample
		}
		fmt.Fprintf(w, "%s%s%s: %s\n", margin, dash, e.name, quoted(value))
	}
}

// hint writes what a key is for, in lines that fit a screen.
func (w *writer) hint(indent, path string) {
	line := indent + "#"
	for _, word := range strings.Fields(Hint(path, w.lang)) {
		if len(line)+1+len(word) > 88 {
			w.WriteString(line + "\n")
			line = indent + "#"
		}
		line += " " + word
	}
	w.WriteString(line + "\n")
}

func (w *writer) pick(de, en string) string {
	if isGerman(w.lang) {
		return de
	}
	return en
}

// bare is what needs no quotation marks in any YAML: addresses, words, dates.
var bare = regexp.MustCompile(`^([a-z]+://[A-Za-z0-9./_~-]+|[A-Z]{2}(-[A-Z]{2})|[a-z]{4,}|[0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// quoted is a text as a scalar of YAML, which has all strings of JSON.
func quoted(s string) string {
	if bare.MatchString(s) && s != "true" && s != "false" && s != "null" {
		return s
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // no string is beyond JSON
	}
	return strings.TrimSuffix(out.String(), "\n")
}
