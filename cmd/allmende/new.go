// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/draft"
)

func newCommand() *cobra.Command {
	var dir, output, lang string
	var yes, force bool
	var set []string
	cmd := &cobra.Command{
		Use:   "new [--dir FOLDER] [--output FILE] [--yes] [--set KEY=VALUE]...",
		Short: "Write the first publiccode.yml of a repository",
		Long: `Write the first publiccode.yml of a repository, in the newest version of the
standard. What the repository's files say is proposed: names, texts, addresses
and versions from README, CHANGELOG, .git/config and the manifests of the usual
programming languages, the licence from LICENSE, LICENSES/ and the manifests.
Nothing is made up, and no network is used.

The few things that are required and not certain are asked for; an empty answer
takes the proposal. With --yes nothing is asked: each proposal is marked in the
file with where it comes from, and what is missing stands there as a comment.

Exit codes: 0 the file is written and valid; 1 it is written, but something
required is missing or wrong; 2 nothing is written: the file exists already, the
command line is wrong, or the answers ended early.

'allmende new adoptions' writes an adoptions.yml instead, 'allmende new needs' a
needs.yml.`,
		Example: "  allmende new\n  allmende new --yes --set maintenance.type=community --set platforms=web,linux\n  allmende new --yes --output - --lang en",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			out, err := newFile(dir, output, force)
			if err != nil {
				return usageError(err)
			}
			d, err := draftOf(dir)
			if err != nil {
				return usageError(err)
			}
			if err := setAnswers(d, set, lang); err != nil {
				return usageError(err)
			}
			talk := cmd.OutOrStdout()
			if out == "-" {
				talk = cmd.ErrOrStderr()
			}
			if !yes {
				q := questions{draft: d, lang: lang, words: newWordsIn(lang), in: linesOf(cmd.Context(), cmd.InOrStdin()), out: talk}
				if err := q.ask(); err != nil {
					return usageError(err)
				}
			}
			src := d.YAML(lang)
			if out == "-" {
				_, err = cmd.OutOrStdout().Write(src)
			} else {
				err = writeNew(out, src, force)
			}
			if err != nil {
				return usageError(err)
			}
			if !reportDraft(talk, d, publiccode.Parse(src, publiccode.Options{}), out, lang) {
				return &exitError{code: exitFindings}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", ".", "folder of the repository")
	cmd.Flags().StringVar(&output, "output", "", "file to write, - for standard output (default: publiccode.yml in the folder)")
	cmd.Flags().BoolVar(&yes, "yes", false, "ask nothing; mark what is to be confirmed")
	cmd.Flags().BoolVar(&yes, "non-interactive", false, "the same as --yes")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a file that exists")
	cmd.Flags().StringArrayVar(&set, "set", nil, "give a value, such as legal.license=EUPL-1.2; once for each key, or for each entry of a list of texts")
	languageFlag(cmd, &lang)
	cmd.AddCommand(newAdoptionsCommand(), newNeedsCommand())
	return cmd
}

// newFile says which file to write, and refuses where there is one already.
func newFile(dir, output string, force bool) (string, error) {
	if output == "-" {
		return output, nil
	}
	candidates := []string{filepath.Join(dir, "publiccode.yml"), filepath.Join(dir, "publiccode.yaml")}
	if output != "" {
		candidates = append(candidates, output)
	}
	for _, path := range candidates {
		switch _, err := os.Lstat(path); {
		case err == nil && !force:
			return "", fmt.Errorf("%s exists already; 'allmende fix %s' mends it, --force writes it anew", path, path)
		case err == nil && output == "":
			return path, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
	}
	if output == "" {
		return candidates[0], nil
	}
	return output, nil
}

// draftOf reads a folder. What lies outside of it stays unread, whatever links
// lead there.
func draftOf(dir string) (*draft.Draft, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := ""
	if full, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(full)
	}
	return draft.FromRepository(root.FS(), name), nil
}

func writeNew(path string, src []byte, force bool) error {
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, mode, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(src)
	return errors.Join(err, f.Close())
}

// setAnswers takes the values of the command line.
func setAnswers(d *draft.Draft, set []string, lang string) error {
	lists := map[string][]string{}
	for _, s := range set {
		path, text, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--set takes KEY=VALUE, not %q", s)
		}
		texts := []string{text}
		if k, ok := draft.KeyAt(path); ok && k.List {
			lists[path] = append(lists[path], entriesOf(k, text)...)
			texts = lists[path]
		}
		if err := d.Set(path, texts...); err != nil {
			return fmt.Errorf("--set %s: %w", s, err)
		}
	}
	for _, s := range set {
		path, _, _ := strings.Cut(s, "=")
		for _, f := range d.Check(path, lang) {
			if f.Severity == publiccode.Error {
				return fmt.Errorf("--set %s: %s %s", s, f.Message(lang), f.Help(lang))
			}
		}
	}
	return nil
}

// entriesOf splits a list of codes and names at commas, which only sentences have
// within.
func entriesOf(k publiccode.Key, text string) []string {
	if isTextList(k) {
		return []string{text}
	}
	return strings.Split(text, ",")
}

// isTextList reports a list whose entries may have commas.
func isTextList(k publiccode.Key) bool {
	return k.List && (k.Kind == publiccode.KindProse || k.Kind == publiccode.KindText)
}

// reportDraft says what has become of the draft, and whether the file is valid.
func reportDraft(w io.Writer, d *draft.Draft, result *publiccode.Result, out, lang string) bool {
	words := newWordsIn(lang)
	if out != "-" {
		fmt.Fprintf(w, words.written+"\n", out)
	}
	var guessed, missing []draft.Value
	for _, v := range d.Values(lang) {
		switch {
		case v.Confidence == draft.Guess:
			guessed = append(guessed, v)
		case v.Confidence == draft.Missing && v.Required:
			missing = append(missing, v)
		}
	}
	if len(guessed) > 0 {
		fmt.Fprintf(w, "\n%s\n", words.confirm)
		for _, v := range guessed {
			fmt.Fprintf(w, "  %s: %s (%s)\n", v.Path, excerpt(strings.Join(v.Texts, ", ")), v.Source)
			for _, o := range v.Others {
				fmt.Fprintf(w, "    "+words.other+"\n", o.Source, o.Text)
			}
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(w, "\n%s\n", words.missing)
		for _, v := range missing {
			fmt.Fprintf(w, "  %s: %s\n", v.Path, v.Key.Hint(lang))
			if len(v.Choices) > 0 {
				fmt.Fprintf(w, "    "+words.choice+"\n", v.Source, strings.Join(v.Choices, ", "))
			}
		}
	}
	known := func(f publiccode.Finding) bool { // said above in better words
		return len(missing) > 0 && strings.HasPrefix(f.Code, "PC01")
	}
	for _, f := range result.Findings {
		if f.Severity != publiccode.Advice && !known(f) {
			fmt.Fprintf(w, "\n%d:%d %s %s\n", f.Line, f.Column, f.Message(lang), f.Help(lang))
		}
	}
	fmt.Fprintln(w)
	if !result.Valid() {
		fmt.Fprintln(w, words.incomplete)
		return false
	}
	fmt.Fprintln(w, words.valid)
	return true
}

// excerpt is the beginning of a text on one line.
func excerpt(s string) string {
	const limit = 100
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
