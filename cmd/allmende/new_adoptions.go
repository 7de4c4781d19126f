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

func newAdoptionsCommand() *cobra.Command {
	var output, lang string
	var yes, force bool
	cmd := &cobra.Command{
		Use:   "adoptions [--output FILE] [--yes]",
		Short: "Write an adoptions.yml: which software an organisation uses",
		Long: `Write an adoptions.yml, in which an organisation says which software it uses,
operates, maintains, funds or evaluates. It asks for the organisation and for
one software after the other; each answer is checked at once. With --yes it asks
nothing and writes a template with comments.

Exit codes: 0 the file is written and valid; 1 it is written, but something
required is missing; 2 nothing is written: the file exists already, the command
line is wrong, or the answers ended early.`,
		Example: "  allmende new adoptions\n  allmende new adoptions --yes --lang en --output -",
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
			var file adoption.File
			if !yes {
				q := adoptionQuestions{lang: lang, words: newWordsIn(lang), in: linesOf(cmd.Context(), cmd.InOrStdin()), out: talk, now: time.Now()}
				if err := q.ask(); err != nil {
					return usageError(err)
				}
				file = q.file
			}
			src := file.YAML(lang)
			if output == "-" {
				_, err = cmd.OutOrStdout().Write(src)
			} else {
				err = writeNew(output, src, force)
			}
			if err != nil {
				return usageError(err)
			}
			if !reportAdoptions(talk, src, output, lang) {
				return &exitError{code: exitFindings}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&output, "output", adoption.FileName, "file to write, - for standard output")
	cmd.Flags().BoolVar(&yes, "yes", false, "ask nothing; write a template")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a file that exists")
	languageFlag(cmd, &lang)
	return cmd
}

// reportAdoptions says what has become of the file, and whether it is valid.
func reportAdoptions(w io.Writer, src []byte, output, lang string) bool {
	words := newWordsIn(lang)
	if output != "-" {
		fmt.Fprintf(w, words.written+"\n", output)
	}
	r := adoption.Parse(src, adoption.Options{Now: time.Now()})
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

// adoptionQuestions fill an adoptions.yml with a person's answers.
type adoptionQuestions struct {
	file  adoption.File
	lang  string
	words newWords
	in    func() (string, error)
	out   io.Writer
	now   time.Time
}

// adoptionQuestion asks for one key. The last entry of the list is the one asked about.
type adoptionQuestion struct {
	path     string // adoptions[].role
	value    *string
	required bool
	choices  []string
	proposal string
}

// ask asks for the organisation, and then for one statement after the other, until
// there is no further software.
func (q *adoptionQuestions) ask() error {
	o := &q.file.Organisation
	questions := []adoptionQuestion{
		{path: "organisation.uri", value: &o.URI, required: true},
		{path: "organisation.name", value: &o.Name, required: true},
		{path: "organisation.region", value: &o.Region},
		{path: "organisation.ags", value: &o.AGS},
	}
	for _, each := range questions {
		if err := q.put(each); err != nil {
			return q.ended(err)
		}
	}
	for {
		var s adoption.Statement
		q.file.Adoptions = append(q.file.Adoptions, s)
		if err := q.statement(&q.file.Adoptions[len(q.file.Adoptions)-1]); err != nil {
			return q.ended(err)
		}
		if last := len(q.file.Adoptions) - 1; q.file.Adoptions[last].Software == "" {
			q.file.Adoptions = q.file.Adoptions[:last]
			return nil
		}
	}
}

// statement asks for one software; it stays empty where there is no further one.
func (q *adoptionQuestions) statement(s *adoption.Statement) error {
	another := len(q.file.Adoptions) > 1
	if err := q.put(adoptionQuestion{path: "adoptions[].software", value: &s.Software, required: !another}); err != nil || s.Software == "" {
		return err
	}
	var roles []string
	for _, r := range adoption.Roles() {
		roles = append(roles, string(r))
	}
	for _, each := range []adoptionQuestion{
		{path: "adoptions[].role", value: (*string)(&s.Role), required: true, choices: roles},
		{path: "adoptions[].version", value: &s.Version},
		{path: "adoptions[].since", value: &s.Since},
		{path: "adoptions[].confirmedUntil", value: &s.ConfirmedUntil, proposal: q.now.AddDate(1, 0, 0).Format(time.DateOnly)},
		{path: "adoptions[].purpose", value: &s.Purpose},
		{path: "adoptions[].contact", value: &s.Contact},
		{path: "adoptions[].visibility", value: (*string)(&s.Visibility), choices: []string{string(adoption.Public), string(adoption.Restricted)}},
	} {
		if err := q.put(each); err != nil {
			return err
		}
	}
	return nil
}

// put asks one question until there is an answer that holds.
func (q *adoptionQuestions) put(a adoptionQuestion) error {
	fmt.Fprintf(q.out, "\n[%s]\n%s\n", a.path, adoption.Hint(a.path, q.lang))
	for i, c := range a.choices {
		fmt.Fprintf(q.out, "  %d  %s\n", i+1, c)
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
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(a.choices) {
			line = a.choices[n-1]
		}
		if *a.value = line; line == "" {
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

// holds checks the answer to a question, and says what is wrong with it.
func (q *adoptionQuestions) holds(path string) bool {
	key := strings.Replace(path, "[]", fmt.Sprintf("[%d]", len(q.file.Adoptions)-1), 1)
	ok := true
	for _, f := range adoption.Parse(q.file.YAML(q.lang), adoption.Options{Now: q.now}).Findings {
		if f.Key != key {
			continue
		}
		fmt.Fprintf(q.out, "%s %s\n", f.Message(q.lang), f.Help(q.lang))
		ok = ok && f.Severity == publiccode.Advice
	}
	return ok
}

// ended says why there are no more answers.
func (q *adoptionQuestions) ended(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return errors.New(q.words.ended)
	case errors.Is(err, context.Canceled):
		return errors.New(q.words.cancelled)
	}
	return fmt.Errorf("%s: %w", q.words.cancelled, err)
}
