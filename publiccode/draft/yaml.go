// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/publiccode"
)

// writing is the state of writing one file.
type writing struct {
	strings.Builder
	draft *Draft
	words words
	lang  string
	open  []string // the sections that the last line stands in
	item  string   // the list entry that has its dash
	loose bool     // the last key took several lines
}

// YAML writes the draft as a publiccode.yml of the newest version, in the order
// of the standard, with comments in German ("de") or English (all other tags): a
// guess is marked with the file that it comes from, what is missing is a
// commented line. publiccode.Parse reads the result, and finds no error in it
// where nothing required is missing and all values are of their form.
func (d *Draft) YAML(lang string) []byte {
	w := &writing{draft: d, words: wordsIn(lang), lang: lang}
	fmt.Fprintf(w, "# %s\n\npubliccodeYmlVersion: %s\n", w.words.header, publiccode.YAMLText(newest))
	for _, v := range d.Values(lang) {
		w.value(v)
	}
	w.services(d.services)
	return []byte(w.String())
}

// value writes one key below the sections that lead to it.
func (w *writing) value(v Value) {
	steps := strings.Split(v.Path, ".")
	sections, name := steps[:len(steps)-1], steps[len(steps)-1]
	several := v.Confidence == Missing || v.Key.List || len(v.Others) > 0
	if len(sections) == 0 && (several || w.loose || len(w.open) > 0 || v.Path == "name") {
		w.WriteByte('\n')
	}
	w.loose = several
	indent, item := "", ""
	for i, s := range sections {
		section, isItem := strings.CutSuffix(s, "[0]")
		path := strings.Join(sections[:i+1], ".")
		if isItem && !w.draft.hasBelow(path) {
			indent += "# "
		}
		if i >= len(w.open) || w.open[i] != s {
			w.open = append(w.open[:min(i, len(w.open))], s)
			if i == 0 {
				w.WriteByte('\n')
			}
			fmt.Fprintf(w, "%s%s:\n", indent, publiccode.YAMLText(section))
		}
		indent += "  "
		if isItem {
			item = path
			indent += "  "
		}
	}
	w.open = w.open[:len(sections)]
	w.remarks(indent, v)
	line := indent + name + ":"
	if len(v.Texts) == 0 && !strings.Contains(indent, "#") {
		line = indent + "# " + name + ":"
	} else if item != "" && item != w.item {
		w.item = item
		line = indent[:len(indent)-2] + "- " + name + ":"
	}
	w.WriteString(line)
	mark := w.mark(v)
	switch {
	case len(v.Texts) == 0:
		w.WriteByte('\n')
	case v.Key.List:
		w.WriteString(mark + "\n")
		for _, t := range v.Texts {
			fmt.Fprintf(w, "%s  - %s\n", indent, publiccode.YAMLText(t))
		}
	case Prose(v.Key):
		w.WriteString(" |" + mark + "\n")
		for _, line := range wrap(v.Text(), 78-len(indent)) {
			w.WriteString(strings.TrimRight(indent+"  "+line, " ") + "\n")
		}
	case v.Key.Kind == publiccode.KindBoolean && (v.Text() == "true" || v.Text() == "false"):
		fmt.Fprintf(w, " %s%s\n", v.Text(), mark)
	default:
		fmt.Fprintf(w, " %s%s\n", publiccode.YAMLText(v.Text()), mark)
	}
}

// mark is the comment behind a guess.
func (w *writing) mark(v Value) string {
	if v.Confidence != Guess {
		return ""
	}
	return "  # " + fmt.Sprintf(w.words.confirm, v.Source)
}

// remarks are the comments above a key.
func (w *writing) remarks(indent string, v Value) {
	indent, _, _ = strings.Cut(indent, "#")
	comment := func(format string, args ...any) {
		fmt.Fprintf(w, "%s# %s\n", indent, fmt.Sprintf(format, args...))
	}
	if v.Confidence == Missing {
		text := w.words.wished
		if v.Required {
			text = w.words.missing
		}
		comment("%s %s", text, v.Key.Hint(w.lang))
		if len(v.Key.Values) > 0 && len(v.Choices) == 0 {
			allowed := w.words.allowed
			if v.Key.Kind != publiccode.KindChoice {
				allowed = w.words.suggested
			}
			comment(allowed, strings.Join(v.Key.Values, ", "))
		}
	}
	if len(v.Choices) > 0 {
		comment(w.words.choice, v.Source, strings.Join(v.Choices, ", "))
	}
	for _, o := range v.Others {
		comment(w.words.other, o.Source, o.Text)
	}
}

// services proposes dependencies, which only a person can tell from what merely
// happens to be in the files.
func (w *writing) services(found []Claim) {
	if len(found) == 0 {
		return
	}
	fmt.Fprintf(w, "\n# %s\n# dependsOn:\n#   open:\n", fmt.Sprintf(w.words.services, found[0].Source))
	for _, s := range found {
		fmt.Fprintf(w, "#     - name: %s\n", publiccode.YAMLText(s.Text))
	}
}

// markdownMark is what would begin a list, a heading or a quotation at the
// beginning of a line.
var markdownMark = regexp.MustCompile(`^([-+*=>|~#` + "`" + `]|\d+[.)])`)

// wrap breaks the lines of a text at blanks, for people to read; in Markdown that
// changes nothing.
func wrap(s string, width int) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		current := ""
		for word := range strings.FieldsSeq(line) {
			switch {
			case current == "":
				current = word
			case utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width && !markdownMark.MatchString(word):
				out = append(out, current)
				current = word
			default:
				current += " " + word
			}
		}
		out = append(out, current)
	}
	return out
}
