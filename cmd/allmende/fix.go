// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/publiccode"
)

func fixCommand() *cobra.Command {
	var lang string
	var diff bool
	var opt publiccode.FixOptions
	cmd := &cobra.Command{
		Use:   "fix [flags] PATH...",
		Short: "Mend in publiccode.yml files what is mechanical",
		Long: `Mend in publiccode.yml files what needs no decision: deprecated keys, the form
of dates, codes of countries and languages, the spelling of licences and of
words of a list, single values where a list belongs, empty keys, and more.
Comments, order and quotation marks stay, and each step is checked by reading
the file again. What a person should look at is said.

The file is declared to follow the newest version of the standard with which it
has no more errors and warnings than before. A file without any finding stays
as it is.

A PATH is a file, a directory with a publiccode.yml or publiccode.yaml, or "-" to
read standard input and write standard output; without one, it is the current
directory. What was mended, and what remains to be done, is printed; where the
file or --diff goes to standard output, to standard error.

Exit codes: 0 no file has an error any more; 1 some file has; 2 a file cannot
be opened or the command line is wrong; 4 a file cannot be written. Files after
one that fails are mended all the same.`,
		Example: "  allmende fix --diff publiccode.yml\n  allmende fix --version 0.5 publiccode.yml\n  allmende fix - < old.yml > publiccode.yml",
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			if opt.Version != "" && !slices.Contains(publiccode.Versions, opt.Version) {
				return usageError(fmt.Errorf("--version must be one of %s, not %q", strings.Join(publiccode.Versions, ", "), opt.Version))
			}
			if opt.Version != "" && opt.KeepVersion {
				return usageError(errors.New("--version and --keep-version exclude each other"))
			}
			job := fixing{opt: opt, diff: diff, lang: lang, in: cmd.InOrStdin(), out: cmd.OutOrStdout(), report: cmd.OutOrStdout()}
			if diff || slices.Contains(args, "-") {
				job.report = cmd.ErrOrStderr()
			}
			if len(args) == 0 {
				args = []string{"."}
			}
			valid := true
			var unopened, unwritten []error
			for _, path := range args {
				ok, err := job.file(path)
				if opened := (*openError)(nil); errors.As(err, &opened) {
					unopened = append(unopened, opened.error)
					continue
				}
				if err != nil {
					unwritten = append(unwritten, err)
					continue
				}
				valid = valid && ok
			}
			if len(unwritten) > 0 {
				return errors.Join(append(unwritten, unopened...)...)
			}
			if len(unopened) > 0 {
				return usageError(errors.Join(unopened...))
			}
			if !valid {
				return &exitError{code: exitFindings}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&diff, "diff", false, "print what would change as a unified diff, and write nothing")
	cmd.Flags().StringVar(&opt.Version, "version", "", "version of the standard to declare (default: the newest that makes nothing worse)")
	cmd.Flags().BoolVar(&opt.KeepVersion, "keep-version", false, "leave the declared version as it is")
	languageFlag(cmd, &lang)
	return cmd
}

// fixing is one run of the command.
type fixing struct {
	opt         publiccode.FixOptions
	diff        bool
	lang        string
	in          io.Reader
	out, report io.Writer // for the file or its diff, and for what is said of it
}

// openError is that a file cannot be read.
type openError struct{ error }

// file mends one file and reports whether it is valid then.
func (j *fixing) file(path string) (valid bool, err error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if path, err = inDirectory(path); err != nil {
			return false, &openError{err}
		}
	}
	src, err := readPublicCode(j.in, path)
	if err != nil {
		return false, &openError{readError(path, err)}
	}
	if format, ok := otherFormat(filepath.Base(path), src); ok {
		return false, &openError{fmt.Errorf("%q is of the format of %s, which is not mended; 'allmende validate' says what to change", path, format.FileName)}
	}
	fixed := publiccode.Fix(src, j.opt)
	changed := !bytes.Equal(src, fixed.Source)
	switch {
	case j.diff:
		_, err = io.WriteString(j.out, unifiedDiff(path, src, fixed.Source))
	case path == "-":
		if len(src) > publiccode.MaxSize {
			break // only a part was read
		}
		_, err = j.out.Write(fixed.Source)
	case changed:
		err = replaceFile(path, fixed.Source)
	}
	if err != nil {
		return false, err
	}
	j.say(path, fixed)
	return fixed.Result.Valid(), nil
}

// say prints what was mended and what remains.
func (j *fixing) say(path string, fixed *publiccode.Fixed) {
	words := fixWords[j.lang]
	path = printable(path)
	for _, f := range fixed.Mended {
		fmt.Fprintf(j.report, "%s: %s %s: %s\n", path, words.mended, f.Code, printable(f.Message(j.lang)))
		if f.ToConfirm() {
			fmt.Fprintf(j.report, "    %s\n", j.confirm(f, fixed.Result))
		}
	}
	if now, before := fixed.Result.Version, fixed.Before.Version; now != before {
		fmt.Fprintf(j.report, words.version+"\n", path, now)
	}
	for _, f := range fixed.Result.Findings {
		fmt.Fprintf(j.report, "%s:%d:%d: %s %s: %s\n    %s\n", path, f.Line, f.Column, words.severity[f.Severity], f.Code,
			printable(f.Message(j.lang)), printable(f.Help(j.lang)))
	}
	version := fixed.Result.Version
	if version == "" {
		version = words.unknown
	}
	fmt.Fprintf(j.report, words.sum+"\n", path, len(fixed.Mended), len(fixed.Result.Findings), version)
}

func (j *fixing) confirm(f publiccode.Finding, r *publiccode.Result) string {
	words := fixWords[j.lang]
	if f.Key == "legal.license" && r.PublicCode != nil {
		return fmt.Sprintf(words.licence, printable(r.PublicCode.Legal.License))
	}
	return words.confirm
}

var fixWords = map[string]struct {
	mended, confirm, licence, version, sum, unknown string
	severity                                        map[publiccode.Severity]string
}{
	"de": {
		mended: "behoben", confirm: "Bitte prüfen Sie, ob das so gemeint ist.",
		licence: "Die Datei nennt nun die Lizenz „%s“; bitte prüfen Sie, ob das stimmt.",
		version: "%s: Die Datei folgt nun Version %s des Standards.",
		sum:     "%s: behoben: %d, offen: %d (publiccode.yml %s)", unknown: "unbekannter Version",
		severity: map[publiccode.Severity]string{publiccode.Error: "Fehler", publiccode.Warning: "Warnung", publiccode.Advice: "Hinweis"},
	},
	"en": {
		mended: "mended", confirm: "Please check that this is what is meant.",
		licence: "The file now names the licence “%s”; please check that this is right.",
		version: "%s: The file now follows version %s of the standard.",
		sum:     "%s: mended: %d, remaining: %d (publiccode.yml %s)", unknown: "of unknown version",
		severity: map[publiccode.Severity]string{publiccode.Error: "error", publiccode.Warning: "warning", publiccode.Advice: "advice"},
	},
}

// printable makes text from files and their names fit for a line of a terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if strconv.IsPrint(c) || c == '\u00a0' {
			return c
		}
		return '\ufffd'
	}, s)
}

// replaceFile writes a file in one step, so that a reader or a crash never sees
// half of it. What a symbolic link names is replaced, not the link.
func replaceFile(path string, content []byte) (err error) {
	path, err = filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return usageError(fmt.Errorf("%s is no regular file; use - and --diff for others", path))
	}
	if info.Mode().Perm()&0o200 == 0 {
		return usageError(fmt.Errorf("%s is read-only", path))
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".publiccode-*.yml")
	if err != nil {
		return fmt.Errorf("%s cannot be replaced: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(content); err != nil {
		return err
	}
	if err = f.Chmod(info.Mode().Perm()); err != nil {
		return err
	}
	keepOwner(f, info)
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// inDirectory finds the publiccode.yml in a directory.
func inDirectory(dir string) (string, error) {
	for _, name := range fileNames {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err == nil {
			return path, nil
		}
	}
	return "", errNoFile(dir)
}
