// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/spdx"
)

func licenceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "licence",
		Short: "Answer questions about licences",
		Long: `Answer questions about licences, from data that is in the program, with the source
of each answer. It is no legal advice, and what no source says is called unknown.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(licenceExplainCommand(), licenceCompatibleCommand(), licenceCheckCommand(), licenceDetectCommand(), licenceReportCommand())
	return cmd
}

// licenceFlags are those of all questions.
type licenceFlags struct {
	lang   string
	asJSON bool
}

func (f *licenceFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object")
	languageFlag(cmd, &f.lang)
}

// answer prints an answer and ends with exit code 1 unless it is a good one. The
// text ends with the sources of that name.
func (f *licenceFlags) answer(cmd *cobra.Command, good bool, answer any, sources []string, text func(w *licenceWriter)) error {
	lang, err := chosenLanguage(f.lang)
	if err != nil {
		return err
	}
	if f.asJSON {
		if err := json.NewEncoder(cmd.OutOrStdout()).Encode(answer); err != nil {
			return err
		}
	} else {
		w := &licenceWriter{cmd.OutOrStdout(), lang, licenceWords[lang]}
		text(w)
		w.sources(sources)
	}
	if !good {
		return &exitError{code: exitFindings}
	}
	return nil
}

// someArgs asks for at least one argument.
func someArgs(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError(fmt.Errorf("name at least one %s; see '%s --help'", what, cmd.CommandPath()))
		}
		return nil
	}
}

func licenceExplainCommand() *cobra.Command {
	var flags licenceFlags
	cmd := &cobra.Command{
		Use:   "explain EXPR",
		Short: "Say what a licence allows and asks for",
		Long: `Say in plain words what an SPDX licence expression allows and asks for: to use the
software, to run it as a service, to pass it on and to change it.

Exit codes: 0 it is an expression; 2 it is none.`,
		Example: "  allmende licence explain EUPL-1.2\n  allmende licence explain 'GPL-2.0-only WITH Classpath-exception-2.0 OR MIT'",
		Args:    someArgs("licence"),
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(flags.lang)
			if err != nil {
				return err
			}
			e, _, err := spdx.Parse(strings.Join(args, " "))
			if err != nil {
				return unreadable(err, lang)
			}
			x := licence.Explain(e)
			var sources []string
			for _, s := range x.Sources {
				sources = append(sources, s.ID)
			}
			return flags.answer(cmd, true, x, sources, func(w *licenceWriter) { w.explanation(x) })
		},
	}
	flags.add(cmd)
	return cmd
}

// unreadable is the error for what is no expression, in the chosen language.
func unreadable(err error, lang string) error {
	var syntax *spdx.SyntaxError
	if errors.As(err, &syntax) {
		err = errors.New(syntax.Wording(lang))
	}
	return usageError(err)
}

func licenceCompatibleCommand() *cobra.Command {
	var flags licenceFlags
	var situation, into string
	cmd := &cobra.Command{
		Use:   "compatible [--situation SITUATION] [--into EXPR] EXPR...",
		Short: "Say whether licences allow what you want to do",
		Long: `Say whether the licences of some parts, each an SPDX expression, allow to
  use         run the software within one's own organisation
  service     offer it to others over a network
  distribute  hand it over to others
  combine     make one work of the parts, under the licence that --into names;
              without it, say which of their licences could be that
with the reason for each licence and its source.

Exit codes: 0 yes, perhaps under conditions; 1 no, or no source says; 2 something
is no SPDX expression.`,
		Example: "  allmende licence compatible --into EUPL-1.2 MIT 'Apache-2.0 OR GPL-2.0-only'\n" +
			"  allmende licence compatible --situation service AGPL-3.0-only",
		Args: someArgs("licence"),
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := chosenLanguage(flags.lang)
			if err != nil {
				return err
			}
			r, err := licence.Ask(licence.Question{Situation: licence.Situation(situation), Licences: args, Into: into})
			if err != nil {
				return unreadable(err, lang)
			}
			var sources []string
			for _, p := range r.Parts {
				for _, s := range p.Steps {
					sources = append(sources, s.Sources...)
				}
			}
			good := r.Verdict == licence.Compatible || r.Verdict == licence.Conditional
			return flags.answer(cmd, good, r, sources, func(w *licenceWriter) { w.reply(r) })
		},
	}
	cmd.Flags().StringVar(&situation, "situation", string(licence.Combine), "use, service, distribute or combine")
	cmd.Flags().StringVar(&into, "into", "", "licence of the whole, for combine")
	flags.add(cmd)
	return cmd
}

// judgements are what a policy says of several expressions.
type judgements struct {
	Policy     licence.Policy      `json:"policy"`
	Judgements []licence.Judgement `json:"judgements"`
}

func (j judgements) good() bool {
	return !slices.ContainsFunc(j.Judgements, func(one licence.Judgement) bool { return one.State != licence.Allowed })
}

func licenceCheckCommand() *cobra.Command {
	var flags licenceFlags
	var policy string
	cmd := &cobra.Command{
		Use:   "check --policy osi|opencode|FILE EXPR...",
		Short: "Say whether a policy allows licences",
		Long: `Say whether a policy allows SPDX licence expressions. Of OR one licence must be
allowed, of AND all. The policies that come with the program are osi (approved by
the Open Source Initiative) and opencode. One of your own is a YAML file:

    id: stadt
    name: {de: Richtlinie der Stadt, en: The town's policy}
    require: [osi]                  # osi, fsf
    allow: [permissive, EUPL-1.2]   # licences, families as GPL-3.0, categories, osi, fsf
    deny: [AGPL-3.0]                # goes before allow
    otherwise: unknown              # for what allow does not name; else denied

Exit codes: 0 all are allowed; 1 one is denied, or it is not known; 2 the policy
cannot be used.`,
		Example: "  allmende licence check --policy osi EUPL-1.2 'SSPL-1.0 OR MIT'",
		Args:    someArgs("licence"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := policyNamed(policy)
			if err != nil {
				return usageError(err)
			}
			j := judgements{Policy: p}
			for _, expression := range args {
				j.Judgements = append(j.Judgements, p.Judge(expression))
			}
			return flags.answer(cmd, j.good(), j, []string{"spdx", "scancode"}, func(w *licenceWriter) { w.judgements(j) })
		},
	}
	cmd.Flags().StringVar(&policy, "policy", "", "osi, opencode, or a file (required)")
	flags.add(cmd)
	return cmd
}

// policyNamed finds a policy that comes with the program, or reads a file.
func policyNamed(name string) (licence.Policy, error) {
	var ids []string
	for _, p := range licence.Policies() {
		if p.ID == name {
			return p, nil
		}
		ids = append(ids, p.ID)
	}
	if name == "" {
		return licence.Policy{}, fmt.Errorf("name a policy with --policy: %s, or a file", strings.Join(ids, ", "))
	}
	src, err := readSome(nil, name, licence.MaxPolicy+1)
	if err != nil {
		return licence.Policy{}, fmt.Errorf("--policy is none of %s, and no file that can be read: %w", strings.Join(ids, ", "), err)
	}
	p, err := licence.ParsePolicy(src)
	if err != nil {
		return licence.Policy{}, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// detected is what the text of a file is.
type detected struct {
	Path    string          `json:"path"`
	Matches []detectedMatch `json:"matches"`
}

type detectedMatch struct {
	SPDX       string      `json:"spdx"`
	Kind       detect.Kind `json:"kind"`
	Confidence float64     `json:"confidence"`
	Line       int         `json:"line"`
	EndLine    int         `json:"endLine"`
}

func licenceDetectCommand() *cobra.Command {
	var flags licenceFlags
	cmd := &cobra.Command{
		Use:   "detect FILE...",
		Short: "Say which licences the texts of files are",
		Long: `Say which licence the text of a file is, or which ones it names; "-" is the
standard input. Of a file the first 256 KiB are read. Where the text alone cannot
tell whether later versions are meant, the answer is the family, as GPL-3.0.

Exit codes: 0 something was recognised in every file; 1 not in all; 2 a file
cannot be read.`,
		Example: "  allmende licence detect LICENSE LICENSES/*",
		Args:    someArgs("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, good := []detected{}, true
			for _, path := range args {
				src, err := readSome(cmd.InOrStdin(), path, detect.MaxText)
				if err != nil {
					return usageError(err)
				}
				d := detected{Path: path, Matches: []detectedMatch{}}
				for _, m := range detect.Text(src) {
					d.Matches = append(d.Matches, detectedMatch{m.SPDX, m.Kind, m.Confidence, m.Line, m.EndLine})
				}
				all, good = append(all, d), good && len(d.Matches) > 0
			}
			return flags.answer(cmd, good, map[string][]detected{"files": all}, nil, func(w *licenceWriter) { w.detected(all) })
		},
	}
	flags.add(cmd)
	return cmd
}

// readSome reads at most limit bytes of a file, or of stdin for "-" where there
// is one.
func readSome(stdin io.Reader, path string, limit int64) ([]byte, error) {
	in := stdin
	if path != "-" || stdin == nil {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, limit))
}

// licenceWriter prints answers in one language.
type licenceWriter struct {
	io.Writer
	lang string
	say  licenceHeadings
}

// licenceHeadings are the words between the answers.
type licenceHeadings struct {
	choice, allowed, limits, sources, nothing, line, lines string
	verdicts                                               map[licence.Verdict]string
	states                                                 map[licence.State]string
	kinds                                                  map[detect.Kind]string
}

var licenceWords = map[string]licenceHeadings{
	"de": {
		choice: "Möglichkeit", allowed: "Ausdrücklich erlaubt", limits: "Zu beachten", sources: "Quellen",
		nothing: "nichts erkannt", line: "Zeile", lines: "Zeilen",
		verdicts: map[licence.Verdict]string{
			licence.Compatible: "ja", licence.Conditional: "unter Bedingungen", licence.Unclear: "ungeklärt", licence.Incompatible: "nein",
		},
		states: map[licence.State]string{licence.Allowed: "zugelassen", licence.Undecided: "ungeklärt", licence.Denied: "ausgeschlossen"},
		kinds: map[detect.Kind]string{
			detect.FullText: "Lizenztext", detect.Modified: "geänderter Lizenztext", detect.Notice: "Hinweis auf die Lizenz", detect.Pointer: "Verweis auf eine andere Datei",
		},
	},
	"en": {
		choice: "Choice", allowed: "Expressly allowed", limits: "To bear in mind", sources: "Sources",
		nothing: "nothing recognised", line: "line", lines: "lines",
		verdicts: map[licence.Verdict]string{
			licence.Compatible: "yes", licence.Conditional: "under conditions", licence.Unclear: "unknown", licence.Incompatible: "no",
		},
		states: map[licence.State]string{licence.Allowed: "allowed", licence.Undecided: "unknown", licence.Denied: "denied"},
		kinds: map[detect.Kind]string{
			detect.FullText: "licence text", detect.Modified: "changed licence text", detect.Notice: "notice of the licence", detect.Pointer: "leads to another file",
		},
	},
}

// statements prints what holds, one to a line.
func (w *licenceWriter) statements(all []licence.Statement) {
	for _, s := range all {
		of := ""
		if len(s.Licences) > 0 {
			of = " (" + strings.Join(s.Licences, ", ") + ")"
		}
		fmt.Fprintf(w, "- %s%s: %s [%s]\n", s.Label.In(w.lang), of, s.Text.In(w.lang), strings.Join(s.Sources, ", "))
	}
}

func (w *licenceWriter) explanation(x licence.Explanation) {
	fmt.Fprintf(w, "%s\n\n", x.Expression)
	w.statements(x.Summary)
	for i, a := range x.Alternatives {
		if x.Choice {
			fmt.Fprintf(w, "\n%s %d: %s\n", w.say.choice, i+1, a.Expression)
		}
		for _, d := range a.Duties {
			w.part(d.Title.In(w.lang), d.Statements)
		}
		w.part(w.say.allowed, a.Permissions)
		w.part(w.say.limits, a.Limitations)
	}
	for _, l := range x.Licences {
		w.part(l.SPDX, l.Statements)
	}
	fmt.Fprintf(w, "\n%s\n", x.Disclaimer.In(w.lang))
}

func (w *licenceWriter) part(heading string, all []licence.Statement) {
	if len(all) > 0 {
		fmt.Fprintf(w, "\n%s:\n", heading)
		w.statements(all)
	}
}

func (w *licenceWriter) reply(r licence.Reply) {
	fmt.Fprintln(w, r.Reason.In(w.lang))
	for _, p := range r.Parts {
		fmt.Fprintf(w, "\n%s: %s\n", p.Expression, w.say.verdicts[p.Verdict])
		for _, s := range p.Steps {
			mark, pair := "-", s.Licence
			if !s.Necessary {
				mark = "o" // not chosen
			}
			if s.Into != "" {
				pair += " > " + s.Into
			}
			fmt.Fprintf(w, "%s %s: %s. %s [%s]\n", mark, pair, w.say.verdicts[s.Verdict], s.Reason.In(w.lang), strings.Join(s.Sources, ", "))
		}
	}
	if len(r.Wholes) > 1 {
		fmt.Fprintln(w)
		for _, whole := range r.Wholes {
			fmt.Fprintf(w, "%s: %s\n", whole.Licence, w.say.verdicts[whole.Verdict])
		}
	}
	fmt.Fprintf(w, "\n%s\n", r.Disclaimer.In(w.lang))
}

func (w *licenceWriter) judgements(all judgements) {
	fmt.Fprintf(w, "%s\n", all.Policy.Name.In(w.lang))
	for _, j := range all.Judgements {
		fmt.Fprintf(w, "\n%s: %s\n", j.Expression, w.say.states[j.State])
		for _, r := range j.Reasons {
			fmt.Fprintf(w, "- %s\n", r.In(w.lang))
		}
	}
}

func (w *licenceWriter) detected(all []detected) {
	for _, d := range all {
		if len(d.Matches) == 0 {
			fmt.Fprintf(w, "%s: %s\n", d.Path, w.say.nothing)
		}
		for _, m := range d.Matches {
			where := fmt.Sprintf("%s %d", w.say.line, m.Line)
			if m.EndLine > m.Line {
				where = fmt.Sprintf("%s %d–%d", w.say.lines, m.Line, m.EndLine)
			}
			fmt.Fprintf(w, "%s: %s (%s, %.0f %%, %s)\n", d.Path, cmp.Or(m.SPDX, "-"), w.say.kinds[m.Kind], 100*m.Confidence, where)
		}
	}
}

// sources names the sources of an answer, as their licences ask.
func (w *licenceWriter) sources(ids []string) {
	if len(ids) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", w.say.sources)
	for _, s := range licence.Sources() {
		if slices.Contains(ids, s.ID) {
			fmt.Fprintf(w, "[%s] %s. %s\n", s.ID, s.Attribution, s.URL)
		}
	}
}
