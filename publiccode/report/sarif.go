// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// homepage is where a reader of a report learns what wrote it.
const homepage = "https://github.com/allmende-registry/allmende"

// The part of SARIF 2.1.0 that is written:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Language    string            `json:"language"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string       `json:"id"`
		ShortDescription     sarifMessage `json:"shortDescription"`
		FullDescription      sarifMessage `json:"fullDescription"`
		Help                 sarifMessage `json:"help"`
		HelpURI              string       `json:"helpUri"`
		DefaultConfiguration sarifLevel   `json:"defaultConfiguration"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifMessage      `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Fixes               []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		File   sarifFile    `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifFile struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Description sarifMessage  `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		File         sarifFile          `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion  `json:"deletedRegion"`
		Inserted sarifContent `json:"insertedContent"`
	}
	sarifContent struct {
		Text string `json:"text"`
	}
)

func writeSARIF(w io.Writer, files []File, opt Options) error {
	rules := sarifRules(files, opt)
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{"allmende", opt.Version, homepage, rules}},
		Language:   "en",
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	if opt.german() {
		run.Language = "de"
	}
	done := sarifInvocation{ExecutionSuccessful: true}
	marks := fingerprints{}
	for _, f := range files {
		at := sarifFile{uri(f.Path)}
		for _, d := range f.Result.Findings {
			index, _ := slices.BinarySearchFunc(rules, d.Code, func(r sarifRule, code string) int { return cmp.Compare(r.ID, code) })
			run.Results = append(run.Results, sarifResult{
				RuleID:    d.Code,
				RuleIndex: index,
				Level:     grades[d.Severity].sarif,
				Message:   sarifText(titled(d, opt.Lang, " ")),
				Locations: []sarifLocation{{sarifPhysical{at, &sarifRegion{d.Line, d.Column, d.EndLine, d.EndColumn}}}},
				PartialFingerprints: map[string]string{
					"publiccodeFinding/v1": marks.of(at.URI, d),
				},
				Fixes: sarifFixes(at, f.Result.Remedy(d), d.Help(opt.Lang)),
			})
		}
		if len(f.Unchecked) > 0 {
			done.Notifications = append(done.Notifications, sarifNotification{
				"note",
				sarifText(clean(fmt.Sprintf(opt.sentences().unchecked, strings.Join(f.Unchecked, ", ")))),
				[]sarifLocation{{sarifPhysical{File: at}}},
			})
		}
	}
	run.Invocations = []sarifInvocation{done}
	return encode(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifRules describes the rules that have findings, by code.
func sarifRules(files []File, opt Options) []sarifRule {
	lang := opt.Lang
	rules := map[string]sarifRule{}
	for _, f := range files {
		for _, d := range f.Result.Findings {
			if _, done := rules[d.Code]; done {
				continue
			}
			rule := sarifRule{
				ID:                   d.Code,
				HelpURI:              standard(d),
				DefaultConfiguration: sarifLevel{grades[d.Severity].sarif},
			}
			if r, ok := ruleOf(f.Result, d.Code); ok {
				rule.HelpURI = homepage + "/blob/main/docs/findings/" + r.Code + ".md"
				rule.ShortDescription = sarifText(r.Title(lang))
				rule.FullDescription = sarifText(cmp.Or(r.Background(lang), r.Title(lang)))
				rule.Help = sarifText(r.Help(lang))
				rule.Help.Markdown = ruleMarkdown(r, opt)
			} else { // of an operator's profile
				every := publiccode.Finding{Code: d.Code, Wording: d.Wording, Key: "…", Args: slices.Repeat([]string{"…"}, len(d.Args))}
				rule.ShortDescription = sarifText(clean(every.Message(lang)))
				rule.FullDescription = rule.ShortDescription
				rule.Help = sarifText(clean(every.Help(lang)))
			}
			rules[d.Code] = rule
		}
	}
	sorted := make([]sarifRule, 0, len(rules)) // JSON must not say null
	for _, code := range slices.Sorted(maps.Keys(rules)) {
		sorted = append(sorted, rules[code])
	}
	return sorted
}

// ruleMarkdown is the help of a rule with its example and what it rests on. All
// of it is text of this project.
func ruleMarkdown(r publiccode.Rule, opt Options) string {
	labels := [...]string{"Instead of", "write", "What it rests on"}
	if opt.german() {
		labels = [...]string{"Statt", "schreiben Sie", "Grundlage"}
	}
	out := r.Help(opt.Lang) + "\n\n"
	if bad, good := r.Example(); bad != "" {
		out += labels[0] + "\n\n```yaml\n" + bad + "```\n\n"
		if good != "" {
			out += labels[1] + "\n\n```yaml\n" + good + "```\n\n"
		}
	}
	return braces.Replace(out) + "[" + labels[2] + "](" + r.Standard() + ")\n"
}

func sarifFixes(at sarifFile, edits []publiccode.Edit, description string) []sarifFix {
	if len(edits) == 0 {
		return nil
	}
	change := sarifChange{File: at}
	for _, e := range edits {
		change.Replacements = append(change.Replacements, sarifReplacement{
			sarifRegion{e.Line, e.Column, e.EndLine, e.EndColumn}, sarifContent{e.Text},
		})
	}
	return []sarifFix{{sarifText(clean(description)), []sarifChange{change}}}
}

var (
	// braces stand for arguments in a message (section 3.11.5).
	braces = strings.NewReplacer("{", "{{", "}", "}}")
	// plain parts what would be a link in a message (section 3.11.6).
	plain = strings.NewReplacer("{", "{{", "}", "}}", "](", "] (")
)

func sarifText(s string) sarifMessage { return sarifMessage{Text: plain.Replace(s)} }

// uri is the reference to a file (RFC 3986): relative to the repository, unless
// its path is absolute.
func uri(path string) string {
	u := url.URL{Path: slashed(path)}
	if filepath.IsAbs(path) {
		u.Scheme, u.Path = "file", "/"+strings.TrimPrefix(u.Path, "/")
	}
	return u.String()
}
