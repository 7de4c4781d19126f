// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/publiccode"
)

func validateCommand() *cobra.Command {
	var format, lang string
	cmd := &cobra.Command{
		Use:   "validate [--format text|json] PATH...",
		Short: "Check publiccode.yml files and say what to mend",
		Long: `Check publiccode.yml files against the version of the standard that each
declares (0.2 to 0.7). All problems of a file are found in one pass, each with a
stable code, its line and column, and what to do about it. "-" reads standard
input.

A finding is an error (breaks the standard), a warning (deprecated, or surely
not meant) or advice (allowed, could be better).

Exit codes: 0 no file has an error; 1 some file has; 2 a file cannot be opened
or the command line is wrong.`,
		Example: "  allmende validate publiccode.yml\n  allmende validate --format json --lang en */publiccode.yml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError(errors.New("name at least one publiccode.yml to check, or - for standard input"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			report := validationReport{Files: []validatedFile{}}
			var unopened []error
			for _, path := range args {
				f, err := validateFile(cmd.InOrStdin(), path, lang)
				if err != nil {
					unopened = append(unopened, err)
					continue
				}
				report.Files = append(report.Files, f)
			}
			switch format {
			case "text":
				report.print(cmd.OutOrStdout(), lang)
			case "json":
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				if err := enc.Encode(report); err != nil {
					return err
				}
			default:
				return usageError(fmt.Errorf("--format must be text or json, not %q", format))
			}
			if len(unopened) > 0 {
				return usageError(errors.Join(unopened...))
			}
			if report.errors() {
				return &exitError{code: exitFindings}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	languageFlag(cmd, &lang)
	return cmd
}

type validationReport struct {
	Files []validatedFile `json:"files"`
}

type validatedFile struct {
	Path     string             `json:"path"`
	Version  string             `json:"version"`
	Valid    bool               `json:"valid"`
	Findings []validatedFinding `json:"findings"`
}

type validatedFinding struct {
	Code     string              `json:"code"`
	Severity publiccode.Severity `json:"severity"`
	Line     int                 `json:"line"`
	Column   int                 `json:"column"`
	Key      string              `json:"key"`
	Message  string              `json:"message"`
	Help     string              `json:"help"`
}

func (r validationReport) errors() bool {
	for _, f := range r.Files {
		if !f.Valid {
			return true
		}
	}
	return false
}

func validateFile(stdin io.Reader, path, lang string) (validatedFile, error) {
	src, err := readPublicCode(stdin, path)
	if err != nil {
		return validatedFile{}, err
	}
	result := publiccode.Parse(src, publiccode.Options{})
	out := validatedFile{Path: path, Version: result.Version, Valid: result.Valid(), Findings: []validatedFinding{}}
	for _, f := range result.Findings {
		out.Findings = append(out.Findings, validatedFinding{f.Code, f.Severity, f.Line, f.Column, f.Key, f.Message(lang), f.Help(lang)})
	}
	return out, nil
}

func (r validationReport) print(w io.Writer, lang string) {
	for _, f := range r.Files {
		for _, d := range f.Findings {
			fmt.Fprintf(w, "%s:%d:%d: %s %s: %s\n", f.Path, d.Line, d.Column, d.Severity, d.Code, d.Message)
			if d.Help != "" {
				fmt.Fprintf(w, "    %s\n", d.Help)
			}
		}
		fmt.Fprintf(w, "%s: %s\n", f.Path, f.verdict(lang))
	}
}

// verdict says in a line what came of a file.
func (f validatedFile) verdict(lang string) string {
	type words struct{ valid, invalid, unknown, one, many string }
	t := words{"ok", "not valid", "unknown version", "1 finding", "%d findings"}
	if lang == "de" {
		t = words{"in Ordnung", "nicht gültig", "unbekannte Version", "1 Befund", "%d Befunde"}
	}
	result, version, count := t.invalid, t.unknown, fmt.Sprintf(t.many, len(f.Findings))
	if f.Valid {
		result = t.valid
	}
	if f.Version != "" {
		version = "publiccode.yml " + f.Version
	}
	if len(f.Findings) == 1 {
		count = t.one
	}
	return fmt.Sprintf("%s (%s, %s)", result, version, count)
}
