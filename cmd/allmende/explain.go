// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

func explainCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use:   "explain [CODE...]",
		Short: "Say what a finding means and how to mend it",
		Long: `Say what a finding of 'allmende validate' means, what to do about it, with an
example and what it rests on. Without a code it lists them all.`,
		Example: "  allmende explain PC0301\n  allmende explain --lang en",
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(lang)
			if err != nil {
				return err
			}
			rules := append(adoption.Rules(), publiccode.Rules()...)
			if len(args) == 0 {
				for _, r := range rules {
					fmt.Fprintf(cmd.OutOrStdout(), "%s  %s\n", r.Code, r.Title(lang))
				}
				return nil
			}
			for _, code := range args {
				i := slices.IndexFunc(rules, func(r publiccode.Rule) bool { return strings.EqualFold(r.Code, code) })
				if i < 0 {
					return usageError(fmt.Errorf("there is no finding %q; 'allmende explain' lists all", code))
				}
				explain(cmd.OutOrStdout(), rules[i], lang)
			}
			return nil
		},
	}
	languageFlag(cmd, &lang)
	return cmd
}

// explanation holds the headings and the severities of what explain prints.
type explanation struct {
	help, bad, good, basis string
	severities             map[publiccode.Severity]string
}

var explanations = map[string]explanation{
	"de": {"Was zu tun ist", "Statt", "Schreiben Sie", "Grundlage", map[publiccode.Severity]string{
		publiccode.Error: "Fehler", publiccode.Warning: "Warnung", publiccode.Advice: "Hinweis",
	}},
	"en": {"What to do", "Instead of", "Write", "It rests on", map[publiccode.Severity]string{
		publiccode.Error: "error", publiccode.Warning: "warning", publiccode.Advice: "advice",
	}},
}

func explain(w io.Writer, r publiccode.Rule, lang string) {
	say := explanations[lang]
	bad, good := r.Example()
	fmt.Fprintf(w, "%s (%s)\n", r.Code, say.severities[r.Severity])
	for _, part := range []struct{ heading, text string }{
		{"", r.Title(lang)},
		{"", r.Background(lang)},
		{say.help, r.Help(lang)},
		{say.bad, indent(bad)},
		{say.good, indent(good)},
		{say.basis, r.Standard()},
	} {
		switch {
		case part.text == "":
		case part.heading == "":
			fmt.Fprintf(w, "\n%s\n", part.text)
		default:
			fmt.Fprintf(w, "\n%s:\n%s\n", part.heading, part.text)
		}
	}
	fmt.Fprintln(w)
}

// indent sets an example off from the text.
func indent(lines string) string {
	if lines == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(strings.TrimRight(lines, "\n"), "\n", "\n    ")
}
