// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// described is what is read of the JSON Schema: the words for each key.
type described struct {
	Description string               `json:"description"`
	Properties  map[string]described `json:"properties"`
	Items       *described           `json:"items"`
}

// descriptions are those of both formats, which have no key of different meaning.
var descriptions = sync.OnceValue(func() described {
	var all described
	for _, file := range [][]byte{schemaFile, needsSchemaFile} {
		if err := json.Unmarshal(file, &all); err != nil { // adds to the properties
			panic("adoption: a schema: " + err.Error()) // part of the program, read by its tests
		}
	}
	return all
})

// Hint says what a key is for, in German ("de") or English (all other tags). Keys are
// named by their path: organisation.uri, adoptions[].role, needs[].id. It is "" for
// others.
func Hint(path, lang string) string {
	at := descriptions()
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
// where there is no statement, a whole one does, unless there is comaintenance. Parse
// reads the same file from it.
func (f *File) YAML(lang string) []byte {
	w := &writer{lang: lang}
	w.opening("adoptionsYmlVersion", cmp.Or(f.Version, Version), f.Organisation)
	if len(f.Adoptions) > 0 || len(f.Comaintenance) == 0 {
		writeList(w, "adoptions", f.Adoptions, w.statement)
	}
	if len(f.Comaintenance) > 0 {
		if len(f.Adoptions) > 0 {
			w.WriteByte('\n')
		}
		writeList(w, "comaintenance", f.Comaintenance, comaintenance)
	}
	return []byte(w.String())
}

// YAML writes the file as that of a File.
func (f *NeedsFile) YAML(lang string) []byte {
	w := &writer{lang: lang}
	w.opening("needsYmlVersion", cmp.Or(f.Version, NeedsVersion), f.Organisation)
	writeList(w, "needs", f.Needs, w.need)
	return []byte(w.String())
}

type writer struct {
	strings.Builder
	lang string
}

// entry is a key with its value, and what stands in the comment where it has none; both
// are YAML.
type entry struct{ name, value, sample string }

// written is an entry with a text; one without a sample is no comment either.
func written[T ~string](name string, value T, sample string) entry {
	e := entry{name: name}
	if value != "" {
		e.value = quoted(string(value))
	}
	if sample != "" {
		e.sample = quoted(sample)
	}
	return e
}

// opening writes what both formats begin with.
func (w *writer) opening(key, version string, o Organisation) {
	fmt.Fprintf(w, "%s: %s\n\n", key, quoted(version))
	w.hint("", "organisation")
	w.WriteString("organisation:\n")
	w.keys("  ", "organisation.", []entry{
		written("uri", o.URI, "https://www.musterhafen.example"),
		written("name", o.Name, "Stadt Musterhafen"),
		written("region", o.Region, "DE-SH"),
		written("ags", o.AGS, "01099901"),
		written("ars", o.ARS, "010995099901"),
	})
	w.WriteByte('\n')
}

// writeList writes a list, its first entry with what the keys are for and those that it does
// not have; where there is none, an empty one stands for it.
func writeList[T any](w *writer, name string, all []T, entries func(T) []entry) {
	w.hint("", name)
	w.WriteString(name + ":\n")
	if len(all) == 0 {
		all = make([]T, 1)
	}
	w.keys("    ", name+"[].", entries(all[0]))
	for _, each := range all[1:] {
		w.WriteString("\n  - " + strings.TrimPrefix(lines("    ", entries(each)), "    "))
	}
}

// lines are the entries with a value, each a line.
func lines(indent string, all []entry) string {
	var out strings.Builder
	for _, e := range all {
		if e.value != "" {
			out.WriteString(indent + e.name + ": " + e.value + "\n")
		}
	}
	return out.String()
}

// flow is a section in one line; "" where it has no value.
func flow(all ...entry) string {
	var parts []string
	for _, e := range all {
		if e.value != "" {
			parts = append(parts, e.name+": "+e.value)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// flowList is a list in one line; "" where it is empty.
func flowList[T ~string](all []T) string {
	if len(all) == 0 {
		return ""
	}
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = quoted(string(s))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// flow is a sum as it is written.
func (m Money) flow() string {
	switch m.Currency {
	case "":
		return ""
	case euro:
		return strconv.FormatInt(m.Amount, 10)
	}
	return fmt.Sprintf("{amount: %d, currency: %s}", m.Amount, m.Currency)
}

// block is a list with an entry a line.
func block(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return "\n      - " + strings.Join(all, "\n      - ")
}

func (w *writer) statement(s Statement) []entry {
	return []entry{
		written("software", s.Software, "https://code.example.org/form/editor"),
		written("role", s.Role, string(Uses)),
		written("version", s.Version, "4.2"),
		written("since", s.Since, "2024-04-01"),
		written("confirmedUntil", s.ConfirmedUntil, "2027-10-31"),
		written("purpose", s.Purpose, w.pick("Online-Anträge der Stadt", "Online applications of the town")),
		written("contact", s.Contact, "opensource@musterhafen.example"),
		written("visibility", s.Visibility, string(Public)),
	}
}

func comaintenance(c Comaintenance) []entry {
	var partners, funding []string
	for _, p := range c.Partners {
		partners = append(partners, flow(written("name", p.Name, ""), written("uri", p.URI, ""), written("region", p.Region, ""), written("role", p.Role, "")))
	}
	for _, f := range c.Funding {
		funding = append(funding, flow(written("purpose", f.Purpose, ""), written("status", f.Status, ""), entry{name: "amount", value: f.Amount.flow()},
			written("by", f.By, ""), written("until", f.Until, ""), written("url", f.URL, "")))
	}
	return []entry{
		written("software", c.Software, ""),
		written("seeks", c.Seeks, ""),
		{name: "community", value: flow(written("name", c.Community.Name, ""), written("uri", c.Community.URI, ""))},
		{name: "partners", value: block(partners)},
		written("steering", c.Steering, ""),
		written("decisions", c.Decisions, ""),
		{name: "joining", value: flow(written("text", c.Joining.Text, ""), written("url", c.Joining.URL, ""), written("contact", c.Joining.Contact, ""))},
		{name: "funding", value: block(funding)},
		written("confirmedUntil", c.ConfirmedUntil, ""),
	}
}

func (w *writer) need(n Need) []entry {
	return []entry{
		written("id", n.ID, "gewerbe-anmeldung"),
		written("title", n.Title, w.pick("Online-Anmeldung eines Gewerbes", "Registering a business online")),
		written("description", n.Description, w.pick("Wer ein Gewerbe anmeldet, soll das ohne Termin können.", "Whoever registers a business is to do so without an appointment.")),
		written("language", n.Language, w.pick("de", "en")),
		{"categories", flowList(n.Categories), "[workflow-management]"},
		written("software", n.Software, "https://code.example.org/form/editor"),
		written("joins", n.Joins, "https://code.example.org/beispielstadt/needs#gewerbe"),
		written("by", n.By, "2028-06-30"),
		{"procurement", flow(written("planned", n.Procurement.Planned, ""), written("url", n.Procurement.URL, "")), "{planned: 2027-09-01}"},
		{"offers", flowList(n.Offers), "[funds, tests]"},
		{"share", n.Share.flow(), "20000"},
		written("contact", n.Contact, "digitales@musterhafen.example"),
		written("openUntil", n.OpenUntil, "2027-10-31"),
		written("visibility", n.Visibility, string(Public)),
	}
}

// keys writes the keys of a section, those without a value so that they count once
// their "# " is gone. The dash of a list stands before the first one.
func (w *writer) keys(indent, path string, all []entry) {
	all = slices.DeleteFunc(all, func(e entry) bool { return e.value == "" && e.sample == "" })
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
		fmt.Fprintf(w, "%s%s%s: %s\n", margin, dash, e.name, value)
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
