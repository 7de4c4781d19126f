// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/draft"
)

// questions fill a draft with a person's answers.
type questions struct {
	draft *draft.Draft
	lang  string
	words newWords
	in    func() (string, error)
	out   io.Writer
}

// maxAnswer bounds a line that is typed in, in bytes.
const maxAnswer = 64 << 10

// linesOf returns a function that reads the next line. It ends with the context
// too, since a read from a terminal cannot be called off.
func linesOf(ctx context.Context, in io.Reader) func() (string, error) {
	type line struct {
		text string
		err  error
	}
	lines := make(chan line)
	go func() {
		s := bufio.NewScanner(in)
		s.Buffer(nil, maxAnswer)
		for s.Scan() {
			select {
			case lines <- line{text: s.Text()}:
			case <-ctx.Done():
				return
			}
		}
		err := s.Err()
		if err == nil {
			err = io.EOF
		}
		select {
		case lines <- line{err: err}:
		case <-ctx.Done():
		}
	}()
	return func() (string, error) {
		select {
		case l := <-lines:
			return l.text, l.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// ask asks for what is wanted and not certain, until all of it has an answer.
func (q *questions) ask() error {
	fmt.Fprintln(q.out, q.words.begin)
	asked := map[string]bool{}
	for {
		v, ok := q.next(asked)
		if !ok {
			fmt.Fprintln(q.out)
			return nil
		}
		asked[v.Path] = true
		if err := q.question(v); err != nil {
			switch {
			case errors.Is(err, io.EOF):
				return errors.New(q.words.ended)
			case errors.Is(err, context.Canceled):
				return errors.New(q.words.cancelled)
			}
			return fmt.Errorf("%s: %w", q.words.cancelled, err)
		}
	}
}

// next finds what to ask for. An answer may bring new questions with it.
func (q *questions) next(asked map[string]bool) (draft.Value, bool) {
	for _, v := range q.draft.Values(q.lang) {
		if (v.Required || v.Wished) && v.Confidence != draft.Certain && !asked[v.Path] {
			return v, true
		}
	}
	return draft.Value{}, false
}

// question asks until there is an answer that holds.
func (q *questions) question(v draft.Value) error {
	q.pose(v)
	for {
		texts, err := q.answer(v)
		if err != nil {
			return err
		}
		switch {
		case len(texts) == 1 && texts[0] == "-" && !v.Required:
			return q.draft.Set(v.Path)
		case len(texts) == 0 && len(v.Texts) > 0:
			texts = v.Texts
		case len(texts) == 0 && v.Required:
			fmt.Fprintln(q.out, q.words.required)
			continue
		case len(texts) == 0:
			return nil
		}
		if n := q.noChoice(v, texts); n != "" {
			fmt.Fprintf(q.out, q.words.noChoice+"\n", n)
			continue
		}
		trial := q.draft.Clone()
		if err := trial.Set(v.Path, q.meant(v, texts)...); err != nil {
			fmt.Fprintln(q.out, err)
			continue
		}
		problems := trial.Check(v.Path, q.lang)
		for _, f := range problems {
			fmt.Fprintf(q.out, "%s %s\n", f.Message(q.lang), f.Help(q.lang))
		}
		if len(problems) == 0 {
			*q.draft = *trial
			return nil
		}
	}
}

// pose prints the question.
func (q *questions) pose(v draft.Value) {
	fmt.Fprintf(q.out, "\n%s\n%s\n", q.heading(v), v.Key.Hint(q.lang))
	choices := q.choices(v)
	for i, c := range choices {
		line := fmt.Sprintf("  %d  %s", i+1, c)
		if label := v.Key.ValueLabel(c, q.lang); label != c {
			line += " (" + label + ")"
		}
		fmt.Fprintln(q.out, line)
	}
	switch {
	case v.Key.Kind == publiccode.KindBoolean:
		fmt.Fprintln(q.out, q.words.yesNo)
	case isTextList(v.Key):
		fmt.Fprintln(q.out, q.words.perLine)
	case draft.Prose(v.Key):
		fmt.Fprintln(q.out, q.words.lines)
	case v.Key.List:
		fmt.Fprintln(q.out, q.words.commas)
	}
	if len(v.Choices) > 0 {
		fmt.Fprintf(q.out, q.words.choice+"\n", v.Source, strings.Join(v.Choices, ", "))
	}
	for _, o := range v.Others {
		fmt.Fprintf(q.out, q.words.other+"\n", o.Source, o.Text)
	}
	switch {
	case len(v.Texts) > 0:
		fmt.Fprintf(q.out, q.words.proposal+"\n", v.Source, strings.Join(v.Texts, ", "))
		if !v.Required {
			fmt.Fprintln(q.out, q.words.leaveOut)
		}
	case !v.Required:
		fmt.Fprintln(q.out, q.words.optional)
	}
}

// heading names the key, with its section and its path.
func (q *questions) heading(v draft.Value) string {
	return fmt.Sprintf("%s [%s]", v.Key.Label(q.lang), v.Path)
}

// maxChoices is the longest list that is printed with a question.
const maxChoices = 20

func (q *questions) choices(v draft.Value) []string {
	if len(v.Choices) > 0 {
		return v.Choices
	}
	if len(v.Key.Values) <= maxChoices {
		return v.Key.Values
	}
	return nil
}

// answer reads what a person types: nothing, one text, or the entries of a list.
func (q *questions) answer(v draft.Value) ([]string, error) {
	several := isTextList(v.Key) || draft.Prose(v.Key)
	var lines []string
	for {
		fmt.Fprint(q.out, "> ")
		line, err := q.in()
		if err != nil {
			fmt.Fprintln(q.out)
			return nil, err
		}
		line = strings.TrimSpace(line)
		if draft.Prose(v.Key) && len(lines) > 0 && line == "" && lines[len(lines)-1] != "" {
			lines = append(lines, "") // between paragraphs
			continue
		}
		if line == "" || draft.Prose(v.Key) && line == "." {
			break
		}
		lines = append(lines, line)
		if !several || line == "-" {
			break
		}
	}
	switch {
	case len(lines) == 0:
		return nil, nil
	case draft.Prose(v.Key):
		return []string{strings.TrimSpace(strings.Join(lines, "\n"))}, nil
	case v.Key.List && !several:
		return strings.Split(lines[0], ","), nil
	}
	return lines, nil
}

// noChoice finds a number among the answers that is none of the choices.
func (q *questions) noChoice(v draft.Value, texts []string) string {
	choices := q.choices(v)
	for _, t := range texts {
		t = strings.TrimSpace(t)
		if n, err := strconv.Atoi(t); err == nil && len(choices) > 0 && (n < 1 || n > len(choices)) {
			return t
		}
	}
	return ""
}

// meant turns the number of a choice, or a yes or no in words, into the value.
func (q *questions) meant(v draft.Value, texts []string) []string {
	choices := q.choices(v)
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = strings.TrimSpace(t)
		if n, err := strconv.Atoi(out[i]); err == nil && n >= 1 && n <= len(choices) {
			out[i] = choices[n-1]
		}
		if v.Key.Kind == publiccode.KindBoolean {
			switch strings.ToLower(out[i]) {
			case "ja", "j", "yes", "y":
				out[i] = "true"
			case "nein", "n", "no":
				out[i] = "false"
			}
		}
	}
	return out
}

// newWords are what the command says, in one language.
type newWords struct {
	begin, required, optional, leaveOut, proposal, choice, other   string
	yesNo, perLine, lines, commas, noChoice, inOneYear             string
	ended, cancelled, written, confirm, missing, incomplete, valid string
}

func newWordsIn(lang string) newWords {
	if lang == "de" {
		return newWords{
			begin:      "Einige Angaben fehlen noch oder sind unsicher. Mit der Eingabetaste übernehmen Sie den Vorschlag.",
			required:   "Diese Angabe ist Pflicht.",
			optional:   "Eine leere Antwort lässt die Angabe weg.",
			leaveOut:   "Mit - lassen Sie die Angabe weg.",
			proposal:   "Vorschlag aus %s: %s",
			choice:     "%s lässt offen, was davon gilt: %s",
			other:      "Widerspruch: %s sagt: %s",
			yesNo:      "Antworten Sie mit ja oder nein.",
			perLine:    "Eine Angabe je Zeile; eine leere Zeile beendet die Eingabe.",
			noChoice:   "%s steht nicht zur Wahl.",
			lines:      "Zwei leere Zeilen, oder eine Zeile mit nur einem Punkt, beenden die Eingabe.",
			commas:     "Mehrere Angaben trennen Sie mit Komma.",
			inOneYear:  "Eine leere Antwort heißt: in einem Jahr",
			ended:      "die Eingabe endete, bevor alles beantwortet war; es wurde nichts geschrieben. Mit --yes entsteht die Datei ohne Fragen",
			cancelled:  "abgebrochen; es wurde nichts geschrieben",
			written:    "%s ist geschrieben.",
			confirm:    "Bitte prüfen:",
			missing:    "Bitte ergänzen:",
			incomplete: "Die Datei ist noch nicht gültig. Prüfen Sie sie nach dem Ergänzen mit: allmende validate",
			valid:      "Die Datei ist gültig.",
		}
	}
	return newWords{
		begin:      "Some things are missing or not certain. Press Enter to take a proposal.",
		required:   "This is required.",
		optional:   "An empty answer leaves it out.",
		leaveOut:   "Answer - to leave it out.",
		proposal:   "Proposal from %s: %s",
		choice:     "%s leaves open which of these it is: %s",
		other:      "Contradiction: %s says: %s",
		yesNo:      "Answer yes or no.",
		perLine:    "One on each line; an empty line ends the list.",
		noChoice:   "%s is not among the choices.",
		lines:      "Two empty lines, or a line with nothing but a full stop, end the text.",
		commas:     "Separate several with commas.",
		inOneYear:  "An empty answer means: in a year",
		ended:      "the answers ended before everything was asked; nothing was written. With --yes the file is made without questions",
		cancelled:  "cancelled; nothing was written",
		written:    "%s is written.",
		confirm:    "Please check:",
		missing:    "Please add:",
		incomplete: "The file is not valid yet. When you have completed it, check it with: allmende validate",
		valid:      "The file is valid.",
	}
}
