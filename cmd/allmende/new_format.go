// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

// newFormat is what there is to say of a command that writes a file of one of the
// formats beside publiccode.yml.
type newFormat struct {
	format      adoption.FileFormat
	short, long string
	draft       func(lang string) formatDraft
}

// formatDraft is a file that is being asked for.
type formatDraft interface {
	YAML(lang string) []byte
	organisation() *adoption.Organisation
	entries() int
	grow(now time.Time) []formatQuestion // adds an entry, and asks for it
	drop()                               // the last entry
}

// formatQuestion asks for one key. The last entry of the list is the one asked about.
type formatQuestion struct {
	path     string // adoptions[].role
	value    *string
	list     func([]string) // in place of value
	required bool
	choices  []string
	proposal string
}

var visibilities = []string{string(adoption.Public), string(adoption.Restricted)}

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

func newFormatCommand(of newFormat) *cobra.Command {
	var output, lang string
	var yes, force bool
	cmd := &cobra.Command{
		Use:   of.format.Name + " [--output FILE] [--yes]",
		Short: of.short,
		Long: of.long + `

Exit codes: 0 the file is written and valid; 1 it is written, but something
required is missing; 2 nothing is written: the file exists already, the command
line is wrong, or the answers ended early.`,
		Example: fmt.Sprintf("  allmende new %[1]s\n  allmende new %[1]s --yes --lang en --output -", of.format.Name),
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			if _, err := os.Lstat(output); err == nil && output != "-" && !force {
				return usageError(fmt.Errorf("%s exists already; --force writes it anew", output))
			}
			talk := cmd.OutOrStdout()
			if output == "-" {
				talk = cmd.ErrOrStderr()
			}
			draft := of.draft(lang)
			if !yes {
				q := formatQuestions{
					file: draft, check: of.format.Check, lang: lang, words: newWordsIn(lang),
					in: linesOf(cmd.Context(), cmd.InOrStdin()), out: talk, now: time.Now(),
				}
				if err := q.ask(); err != nil {
					return usageError(err)
				}
			}
			src := draft.YAML(lang)
			if output == "-" {
				_, err = cmd.OutOrStdout().Write(src)
			} else {
				err = writeNew(output, src, force)
			}
			if err != nil {
				return usageError(err)
			}
			if !reportFormat(talk, of.format.Check(src, adoption.Options{Now: time.Now()}), output, lang) {
				return &exitError{code: exitFindings}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&output, "output", of.format.FileName, "file to write, - for standard output")
	cmd.Flags().BoolVar(&yes, "yes", false, "ask nothing; write a template")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a file that exists")
	languageFlag(cmd, &lang)
	return cmd
}

// reportFormat says what has become of the file, and whether it is valid.
func reportFormat(w io.Writer, r *publiccode.Result, output, lang string) bool {
	words := newWordsIn(lang)
	if output != "-" {
		fmt.Fprintf(w, words.written+"\n", output)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "\n%d:%d %s %s\n", f.Line, f.Column, f.Message(lang), f.Help(lang))
	}
	fmt.Fprintln(w)
	if !r.Valid() {
		fmt.Fprintln(w, words.incomplete)
		return false
	}
	fmt.Fprintln(w, words.valid)
	return true
}

// formatQuestions fill a file with a person's answers.
type formatQuestions struct {
	file  formatDraft
	check func([]byte, adoption.Options) *publiccode.Result
	lang  string
	words newWords
	in    func() (string, error)
	out   io.Writer
	now   time.Time
}

// ask asks for the organisation, and then for one entry after the other, until there
// is no further one.
func (q *formatQuestions) ask() error {
	o := q.file.organisation()
	if _, err := q.putAll([]formatQuestion{
		{path: "organisation.uri", value: &o.URI, required: true},
		{path: "organisation.name", value: &o.Name, required: true},
		{path: "organisation.region", value: &o.Region},
		{path: "organisation.ags", value: &o.AGS},
	}); err != nil {
		return q.ended(err)
	}
	for {
		questions := q.file.grow(q.now)
		questions[0].required = q.file.entries() == 1
		switch answered, err := q.putAll(questions); {
		case err != nil:
			return q.ended(err)
		case !answered:
			q.file.drop()
			return nil
		}
	}
}

// putAll asks one question after the other; none where the first has no answer.
func (q *formatQuestions) putAll(all []formatQuestion) (answered bool, err error) {
	for i, each := range all {
		if err := q.put(each); err != nil {
			return false, err
		}
		if i == 0 && *each.value == "" {
			return false, nil
		}
	}
	return true, nil
}

// put asks one question until there is an answer that holds.
func (q *formatQuestions) put(a formatQuestion) error {
	fmt.Fprintf(q.out, "\n[%s]\n%s\n", a.path, adoption.Hint(a.path, q.lang))
	for i, c := range a.choices {
		fmt.Fprintf(q.out, "  %d  %s\n", i+1, c)
	}
	if a.list != nil {
		fmt.Fprintln(q.out, q.words.commas)
	}
	switch {
	case a.proposal != "":
		fmt.Fprintf(q.out, "%s: %s\n", q.words.inOneYear, a.proposal)
	case !a.required:
		fmt.Fprintln(q.out, q.words.optional)
	}
	for {
		fmt.Fprint(q.out, "> ")
		line, err := q.in()
		if err != nil {
			fmt.Fprintln(q.out)
			return err
		}
		if line = strings.TrimSpace(line); line == "" {
			line = a.proposal
		}
		a.answer(line)
		if line == "" {
			if !a.required {
				return nil
			}
			fmt.Fprintln(q.out, q.words.required)
			continue
		}
		if q.holds(a.path) {
			return nil
		}
	}
}

// answer takes a line, in which a number stands for a choice.
func (a formatQuestion) answer(line string) {
	if a.list == nil {
		*a.value = a.chosen(line)
		return
	}
	var words []string
	for word := range strings.SplitSeq(line, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, a.chosen(word))
		}
	}
	a.list(words)
}

func (a formatQuestion) chosen(word string) string {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(a.choices) {
		return a.choices[n-1]
	}
	return word
}

// holds checks the answer to a question, and says what is wrong with it.
func (q *formatQuestions) holds(path string) bool {
	key := strings.Replace(path, "[]", fmt.Sprintf("[%d]", q.file.entries()-1), 1)
	ok := true
	for _, f := range q.check(q.file.YAML(q.lang), adoption.Options{Now: q.now}).Findings {
		if f.Key != key && !strings.HasPrefix(f.Key, key+"[") {
			continue
		}
		fmt.Fprintf(q.out, "%s %s\n", f.Message(q.lang), f.Help(q.lang))
		ok = ok && f.Severity == publiccode.Advice
	}
	return ok
}

// ended says why there are no more answers.
func (q *formatQuestions) ended(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return errors.New(q.words.ended)
	case errors.Is(err, context.Canceled):
		return errors.New(q.words.cancelled)
	}
	return fmt.Errorf("%s: %w", q.words.cancelled, err)
}
