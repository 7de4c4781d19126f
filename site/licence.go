// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

const (
	// topEvidence is how many statements are shown before the rest folds.
	topEvidence = 8
	// topBills is how many bills of materials are shown in full.
	topBills = 1
	// maxSentence bounds a sentence that holds strangers' text, in characters.
	maxSentence = 1200
	// maxIssue bounds the text for an issue, in bytes.
	maxIssue = 20000
)

// licensing is what the page of an entry says of its licence.
type licensing struct {
	// Verdict is "" where the sources were not compared.
	Verdict   registry.LicenceVerdict
	Sentences []string
	Advice    []string
	Declared  bool // somebody has declared a licence
	// Judged is the expression that the answers are about; "" where no source
	// says clearly which it is.
	Judged         string
	Links          []licenceLink
	Answers        []verdict
	Meaning        *meaning
	Policies       []judgement
	Evidence, More []evidence
	SBOMs          []bill
	Issue          *issue
	// Command is what makes the dossier on the command line.
	Command string
}

// Certain reports whether the sources agree on what the answers are about.
func (l *licensing) Certain() bool { return l.Verdict == registry.LicenceMatch }

// licenceLink is a licence; Path is "" where it has no page.
type licenceLink struct{ ID, Path string }

// evidence is one statement about the licence.
type evidence struct {
	registry.LicenceEvidence
	Source, State, Says, Written, Place, Href, Commit string
}

// issue is the text for the maintainers' tracker.
type issue struct{ Title, Body, Href string }

// judged is the expression that an entry is taken to be under: the declared one,
// else the only one that its texts are.
func judged(s *registry.Software) string {
	r := s.Licence
	if r == nil {
		e, _, err := spdx.Parse(s.PublicCode.Legal.License)
		if err != nil {
			return ""
		}
		return e.String()
	}
	return r.Judged()
}

// licenceLinks are the licences of an expression, each once.
func licenceLinks(expression string) []licenceLink {
	e, _, err := spdx.Parse(expression)
	if err != nil {
		return nil
	}
	var links []licenceLink
	for l := range e.Licences() {
		id := l.ID
		if l.OrLater {
			id += "+"
		}
		one := licenceLink{ID: shorten(id, maxName)}
		if known, ok := licence.Lookup(id); ok {
			one = licenceLink{known.ID, licencePath(known.ID)}
		}
		if !slices.Contains(links, one) {
			links = append(links, one)
		}
	}
	return links
}

// readLicence reads all that is known of the licence of an entry.
func (d *detail) readLicence(s *registry.Software, lang string) {
	l := &licensing{Judged: judged(s), Declared: strings.TrimSpace(s.PublicCode.Legal.License) != "", Command: dossierCommand(s.ID)}
	d.Licensing = l
	report := s.Licence
	if report == nil {
		report = uncompared(s)
	}
	l.Verdict = report.Verdict
	for _, r := range first(d, report.Reasons) {
		sentence, advice := r.Wording(lang)
		if sentence = shorten(sentence, maxSentence); sentence != "" {
			l.Sentences = append(l.Sentences, sentence)
		}
		if advice = shorten(advice, maxSentence); advice != "" && !slices.Contains(l.Advice, advice) {
			l.Advice = append(l.Advice, advice)
		}
	}
	for _, e := range first(d, report.Evidence()) {
		l.Evidence = append(l.Evidence, newEvidence(e, s.Repository, lang))
	}
	if len(l.Evidence) > topEvidence {
		l.Evidence, l.More = l.Evidence[:topEvidence], l.Evidence[topEvidence:]
	}
	if e, _, err := spdx.Parse(l.Judged); err == nil {
		l.Links = licenceLinks(l.Judged)
		l.Meaning = newMeaning(licence.Explain(e), lang)
		l.Answers = answers(l.Judged, lang)
	}
	for i, b := range first(d, s.SBOMs) {
		l.SBOMs = append(l.SBOMs, newBill(b, s, lang))
		if i >= topBills {
			l.SBOMs[i].brief()
		}
	}
	if title, body := registry.IssueText(s, lang); title != "" && len(body) <= maxIssue {
		l.Issue = &issue{Title: title, Body: body}
		if !s.Repository.Archived {
			l.Issue.Href = newIssueLink(s.Repository, title, body)
		}
	}
}

// judge asks the policies, and takes the colour of good from all answers that
// hold only if the licence is the one that they are about.
func (l *licensing) judge(policies []licence.Policy, lang string) {
	if len(l.Answers) > 0 {
		l.Policies = judgements(policies, l.Judged, lang)
	}
	if l.Certain() {
		return
	}
	for i := range l.Answers {
		l.Answers[i].Mark = l.Answers[i].Mark.doubtful()
	}
	for i := range l.Policies {
		l.Policies[i].Mark = l.Policies[i].Mark.doubtful()
	}
}

// uncompared is what there is to show of an entry that was stored before the
// sources were compared.
func uncompared(s *registry.Software) *registry.LicenceReport {
	r := &registry.LicenceReport{}
	statement := func(source registry.LicenceSource, written string) *registry.LicenceEvidence {
		if written = strings.TrimSpace(written); written == "" {
			return nil
		}
		e := &registry.LicenceEvidence{Source: source, State: registry.LicenceStated, SPDX: written, Confidence: 1}
		if _, _, err := spdx.Parse(written); err != nil {
			e.State, e.SPDX, e.Written = registry.LicenceInvalid, "", written
		}
		return e
	}
	if r.Declared = statement(registry.FromPublicCode, s.PublicCode.Legal.License); r.Declared != nil && len(s.Files) > 0 {
		r.Declared.Path, r.Declared.Commit = s.Files[0].Path, s.Files[0].Commit
	}
	r.Forge = statement(registry.FromForge, s.Repository.Licence)
	return r
}

func newEvidence(e registry.LicenceEvidence, r registry.Repository, lang string) evidence {
	out := evidence{
		LicenceEvidence: e, Says: shorten(e.SPDX, maxLine), Written: shorten(e.Written, maxLine),
		Place: shorten(e.Path, maxLine), Commit: shorten(e.Commit, 12),
	}
	out.Source = word(lang, "evidence", e.Source)
	if e.State != registry.LicenceStated {
		out.State = word(lang, "state", e.State)
	}
	switch {
	case e.Origin != "":
		out.Href = webLink(e.Origin)
		out.Place = cmp.Or(out.Place, shorten(e.Origin, maxLine))
	case e.Source == registry.FromForge:
		out.Href = webLink(r.URL)
		out.Place = cmp.Or(out.Place, forgeNames[r.Forge], shorten(r.Forge, maxName))
	case e.Path != "":
		out.Href = sourceLink(r, e.Path, e.Commit, 0)
	}
	out.Commit = strings.TrimSuffix(out.Commit, "…")
	return out
}

// word is the text for a value of a kind; the value itself where there is none.
func word(lang, kind string, value any) string {
	v := fmt.Sprint(value)
	if t, err := translate(lang, kind+"."+v); err == nil {
		return t
	}
	return shorten(v, maxName)
}

var safeInShell = regexp.MustCompile(`^[A-Za-z0-9._/:~-]+$`)

// dossierCommand is the command line that makes the dossier of an entry.
func dossierCommand(id registry.ID) string {
	word := string(id)
	if !safeInShell.MatchString(word) {
		word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return "allmende dossier " + word + " --config allmende.yml"
}
