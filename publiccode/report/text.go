// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// words are the forms of a noun for one and for many.
type words struct{ one, many string }

func (w words) count(n int) string {
	if n == 1 {
		return "1 " + w.one
	}
	return fmt.Sprintf("%d %s", n, w.many)
}

// sentences are what the text says besides the findings.
type sentences struct {
	valid, refused, invalid, clean string
	unknownVersion, checked        string
	unchecked, mendable            string
	files, validFiles              words
}

var (
	german = sentences{
		valid: "in Ordnung", refused: "gültig, aber beanstandet", invalid: "nicht gültig", clean: "keine Befunde",
		unknownVersion: "unbekannte Version", checked: "geprüft gegen %s",
		unchecked:  "Nicht geprüft werden konnte: %s",
		mendable:   "„allmende fix“ kann davon beheben: %d",
		files:      words{"Datei geprüft", "Dateien geprüft"},
		validFiles: words{"gültig", "gültig"},
	}
	english = sentences{
		valid: "ok", refused: "valid, but objected to", invalid: "not valid", clean: "no findings",
		unknownVersion: "unknown version", checked: "checked against %s",
		unchecked:  "Could not be checked: %s",
		mendable:   "'allmende fix' can mend of these: %d",
		files:      words{"file checked", "files checked"},
		validFiles: words{"valid", "valid"},
	}
)

// bold and green are parameters of SGR, as the colours of the grades are.
const (
	bold  = "1"
	green = "1;32"
)

// text is a report in the making, for people to read.
type text struct {
	strings.Builder
	Options
	say sentences
}

func writeText(w io.Writer, files []File, opt Options) error {
	t := &text{Options: opt, say: opt.sentences()}
	valid := 0
	for _, f := range files {
		t.file(f)
		if f.Result.Valid() {
			valid++
		}
	}
	if len(files) > 1 {
		fmt.Fprintf(t, "%s, %s\n", t.say.files.count(len(files)), t.say.validFiles.count(valid))
	}
	_, err := io.WriteString(w, t.String())
	return err
}

func (o Options) german() bool { return o.Lang == "de" || strings.HasPrefix(o.Lang, "de-") }

func (o Options) sentences() sentences {
	if o.german() {
		return german
	}
	return english
}

func (t *text) file(f File) {
	path := clean(f.Path)
	src := newSource(f.Result.Source())
	for i, finding := range f.Result.Findings {
		shown := i > 0 && sameRegion(f.Result.Findings[i-1], finding)
		t.finding(path, src, finding, shown)
	}
	verdict, color := t.say.valid, green
	switch {
	case !f.Result.Valid():
		verdict, color = t.say.invalid, grades[publiccode.Error].color
	case t.Fails(f):
		verdict, color = t.say.refused, grades[publiccode.Warning].color
	}
	fmt.Fprintf(t, "%s: %s (%s)\n", path, t.paint(color, verdict), strings.Join(t.facts(f.Result), ", "))
	if len(f.Result.Findings) > 0 && f.Result.Format == nil { // other formats Fix does not know
		// Not every remedy that is known helps in the end, so it is tried.
		if mended := publiccode.Fix(f.Result.Source(), publiccode.FixOptions{}).Mended; len(mended) > 0 {
			fmt.Fprintf(t, "    "+t.say.mendable+"\n", len(mended))
		}
	}
	if len(f.Unchecked) > 0 {
		fmt.Fprintf(t, "    "+t.say.unchecked+"\n", clean(strings.Join(f.Unchecked, ", ")))
	}
}

func sameRegion(a, b publiccode.Finding) bool {
	return a.Line == b.Line && a.Column == b.Column && a.EndLine == b.EndLine && a.EndColumn == b.EndColumn
}

// finding writes a finding with its lines, unless these were shown just before.
func (t *text) finding(path string, src *source, f publiccode.Finding, shown bool) {
	grade := grades[f.Severity]
	fmt.Fprintf(t, "%s:%d:%d: %s: %s\n", t.paint(bold, path), f.Line, f.Column,
		t.paint(grade.color, t.label(f.Severity)+" "+f.Code), clean(f.Message(t.Lang)))
	if line, marks := src.excerpt(f); line != "" && !shown {
		number := fmt.Sprintf("%5d", f.Line)
		fmt.Fprintf(t, "%s | %s\n%s | %s\n", number, line,
			strings.Repeat(" ", len(number)), t.paint(grade.color, marks))
	}
	if help := clean(f.Help(t.Lang)); help != "" {
		fmt.Fprintf(t, "    %s\n", help)
	}
}

// facts are the version and the number of findings of each severity.
func (t *text) facts(r *publiccode.Result) []string {
	facts := []string{t.say.unknownVersion}
	if r.Version != "" {
		facts[0] = r.FileName() + " " + r.Version
	}
	if r.Checked != r.Version {
		facts = append(facts, fmt.Sprintf(t.say.checked, r.Checked))
	}
	number := map[publiccode.Severity]int{}
	for _, f := range r.Findings {
		number[f.Severity]++
	}
	for _, s := range []publiccode.Severity{publiccode.Error, publiccode.Warning, publiccode.Advice} {
		if number[s] > 0 {
			facts = append(facts, t.noun(s).count(number[s]))
		}
	}
	if len(r.Findings) == 0 {
		facts = append(facts, t.say.clean)
	}
	return facts
}

func (t *text) noun(s publiccode.Severity) words {
	if t.german() {
		return grades[s].de
	}
	return grades[s].en
}

// label is what stands before a code.
func (t *text) label(s publiccode.Severity) string {
	if t.german() {
		return grades[s].de.one
	}
	return string(s)
}

// paint sets text between escape sequences where colour is wanted.
func (t *text) paint(color, s string) string {
	if !t.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}
