// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/spdx"
)

// The guidelines that Check knows.
const (
	BSI  = "BSI TR-03183-2"
	NTIA = "NTIA"
)

// When the versions of BSI TR-03183-2 came, and until when the former was still
// to be used for new documents (TR-03183-2 v2.1.0, section 7).
var (
	bsi210      = time.Date(2025, time.August, 20, 0, 0, 0, 0, time.UTC)
	bsi200Until = bsi210.AddDate(0, 6, 0)
)

// Check measures a document against BSI TR-03183-2, in the version that its date
// calls for, and the minimum elements of the NTIA of 2021. at stands in for the
// date where the document has none.
//
// A document of before 2025-08-20 is measured against version 2.0.0 (of
// 2024-09-20; earlier ones are not known here), one of after 2026-02-20 against
// 2.1.0. In the six months between, both could be used: there it is 2.1.0 where
// the document is in one of its formats, and else 2.0.0.
//
// The requirements of 2.1.0 are those of the guideline, the fields of the formats
// those of its annex 8.2. Of 2.0.0 this is certain: the formats and their
// versions, the fields that are required (the taxonomy of properties that the BSI
// publishes names them, with their sections), additional and optional, and
// SHA-512. Second-hand, from tools that check against it, are the fields of SPDX
// 2 and that completeness need not be stated yet.
//
// The guideline asks less of some components, those that it calls logical,
// identified and referenced. A document does not say which are: all are measured
// alike. Hashes of a component itself count as those of its deployable form.
func Check(d *Document, at time.Time) []Checklist {
	if d == nil {
		return nil
	}
	date := d.Created
	if date.IsZero() {
		date = at
	}
	m := measure(d)
	version, rules := "2.0.0", bsi200Rules
	if !date.Before(bsi200Until) || !date.Before(bsi210) && m.format(formats210) == Met {
		version, rules = "2.1.0", bsi210Rules
	}
	return []Checklist{
		{Guideline: BSI, Version: version, Lines: m.lines(rules)},
		{Guideline: NTIA, Version: "2021-07-12", Lines: m.lines(ntiaRules)},
	}
}

// rule is a requirement: one for the document, or one for each component.
type rule struct {
	id       string
	level    Level
	document func(*measured) (State, []string)
	// component reports that a component meets it; noPlace that the format of
	// the document has no field for it.
	component func(*measured, *Package) bool
	noPlace   func(*measured) bool
	// applies reports that it is one for this component; nil: for every one.
	applies func(*Package) bool
	// silent says that a component that does not meet it may do so in fact: it
	// has what was left out, or has nothing to say.
	silent bool
}

// measured is a document with what its rules ask for again and again.
type measured struct {
	*Document
	joined                       map[string]bool // packages that depend on or contain one
	complete, incomplete, leaves map[string]bool
}

func measure(d *Document) *measured {
	m := measured{Document: d, joined: map[string]bool{}}
	for _, r := range d.Relationships {
		if r.Type == "depends-on" || r.Type == "contains" {
			m.joined[r.From] = true
		}
	}
	set := func(refs []string) map[string]bool {
		s := make(map[string]bool, len(refs))
		for _, ref := range refs {
			s[ref] = true
		}
		return s
	}
	m.complete, m.incomplete, m.leaves = set(d.Complete), set(d.Incomplete), set(d.Leaves)
	return &m
}

func (m *measured) lines(rules []rule) []Line {
	out := make([]Line, 0, len(rules))
	for _, r := range rules {
		l := Line{ID: r.id, Level: r.level}
		if r.document != nil {
			l.State, l.Evidence = r.document(m)
		} else {
			m.components(r, &l)
		}
		out = append(out, l)
	}
	return out
}

// maxEvidence is how many components a line names.
const maxEvidence = 5

func (m *measured) components(r rule, l *Line) {
	for i := range m.Packages {
		p := &m.Packages[i]
		if r.applies != nil && !r.applies(p) {
			continue
		}
		l.Of++
		switch {
		case r.component(m, p):
			l.Passed++
		case len(l.Evidence) < maxEvidence:
			l.Evidence = append(l.Evidence, p.title())
		}
	}
	switch {
	case l.Of == 0:
		l.State = Unknown
	case l.Passed == l.Of:
		l.State = Met
	case r.noPlace != nil && r.noPlace(m) && l.Passed == 0:
		l.State = DoesNotGo
	case r.silent && (l.Passed > 0 || r.level == MustIfExists):
		l.State = Unknown
	case l.Passed > 0:
		l.State = Partly
	default:
		l.State = NotMet
	}
}

// title is a component in a few words.
func (p *Package) title() string {
	title := strings.TrimSpace(p.Name + " " + p.Version)
	if title == "" {
		return p.Ref
	}
	return title
}

// format is a standard and the least version of it.
type format struct {
	standard Standard
	least    string
}

var (
	formats200 = []format{{CycloneDX, "1.5"}, {SPDX, "2.2"}} // 2.2.1 calls itself 2.2 too
	formats210 = []format{{CycloneDX, "1.6"}, {SPDX, "3.0.1"}}
)

func (m *measured) format(formats []format) State {
	if !slices.Contains([]string{"json", "jsonld", "xml", "rdf"}, m.Encoding) {
		return NotMet
	}
	for _, f := range formats {
		if m.Standard == f.standard && !older(m.Version, f.least) {
			return Met
		}
	}
	return NotMet
}

func inFormat(formats []format) func(*measured) (State, []string) {
	return func(m *measured) (State, []string) {
		return m.format(formats), []string{string(m.Standard) + " " + m.Version + ", " + m.Encoding}
	}
}

// older compares versions of numbers and dots.
func older(version, least string) bool {
	numbers := func(s string) (out []int) {
		for part := range strings.SplitSeq(s, ".") {
			n, _ := strconv.Atoi(part) // what is no number is an early one
			out = append(out, n)
		}
		return out
	}
	return slices.Compare(numbers(version), numbers(least)) < 0
}

// before reports a format that is older than these versions of the standards; ""
// is none.
func (m *measured) before(cyclonedx, spdx string) bool {
	if m.Standard == CycloneDX {
		return cyclonedx != "" && older(m.Version, cyclonedx)
	}
	return older(m.Version, spdx)
}

func beforeSPDX3(m *measured) bool           { return m.before("", "3") }
func beforeAcknowledgement(m *measured) bool { return m.before("1.6", "2.1") }

// What the rules for a document ask.

func hasContact(p *Party) bool { return p != nil && (p.Email != "" || p.URL != "") }

// documentCreator finds who made the document and can be reached; a program is
// not who.
func documentCreator(m *measured) (State, []string) {
	var names []string
	for i := range m.Creators {
		c := &m.Creators[i]
		if c.Kind != tool && hasContact(c) {
			return Met, []string{strings.TrimSpace(c.Name + " " + firstOf(c.Email, c.URL))}
		}
		if len(names) < maxEvidence {
			names = append(names, c.Name)
		}
	}
	return NotMet, names
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func namedAuthor(m *measured) (State, []string) {
	var names []string
	state := NotMet
	for _, c := range m.Creators {
		if c.Kind != tool {
			state = Met
		} else if state == NotMet {
			state = Partly
		}
		if len(names) < maxEvidence {
			names = append(names, firstOf(c.Name, firstOf(c.Email, c.URL)))
		}
	}
	return state, names
}

func timestamp(m *measured) (State, []string) {
	if m.Created.IsZero() {
		return NotMet, nil
	}
	return Met, []string{m.Created.Format(time.RFC3339)}
}

func address(m *measured) (State, []string) {
	if m.URI == "" {
		return Unknown, nil
	}
	return Met, []string{m.URI}
}

func noVulnerabilities(m *measured) (State, []string) {
	if m.Vulnerabilities > 0 {
		return NotMet, []string{strconv.Itoa(m.Vulnerabilities)}
	}
	return Met, nil
}

func signature(m *measured) (State, []string) {
	if m.Signed {
		return Met, nil
	}
	return Unknown, nil // it may be in a file of its own
}

// untold is for what no document can tell, with what it is about.
func untold(m *measured) (State, []string) {
	var names []string
	for i := range m.Packages {
		if p := &m.Packages[i]; slices.Contains(m.Roots, p.Ref) && len(names) < maxEvidence {
			names = append(names, p.title())
		}
	}
	return Unknown, names
}

// depth counts the levels below what the document describes; whether they are
// all there are it cannot tell.
func depth(m *measured) (State, []string) {
	next := map[string][]string{}
	for _, r := range m.Relationships {
		if r.Type == "depends-on" || r.Type == "contains" {
			next[r.From] = append(next[r.From], r.To)
		}
	}
	seen := map[string]bool{}
	levels := -1
	for level := m.Roots; len(level) > 0; levels++ {
		var below []string
		for _, ref := range level {
			if !seen[ref] {
				seen[ref] = true
				below = append(below, next[ref]...)
			}
		}
		level = slices.DeleteFunc(below, func(ref string) bool { return seen[ref] })
	}
	return Unknown, []string{strconv.Itoa(max(levels, 0))}
}

// What the rules for a component ask.

func creatorReachable(_ *measured, p *Package) bool {
	return hasContact(p.Originator) || hasContact(p.Supplier)
}

func supplied(_ *measured, p *Package) bool {
	return p.Supplier != nil && (p.Supplier.Name != "" || hasContact(p.Supplier))
}

func isNamed(_ *measured, p *Package) bool     { return p.Name != "" || p.Filename != "" }
func isVersioned(_ *measured, p *Package) bool { return p.Version != "" }
func hasFilename(_ *measured, p *Package) bool {
	return p.Filename != "" && !strings.ContainsAny(p.Filename, "/\\")
}

func isIdentified(_ *measured, p *Package) bool {
	return p.PURL != "" || len(p.CPEs) > 0 || p.SWID != ""
}

// enumerated reports that the document says what a component depends on or
// contains, or that it is nothing.
func enumerated(m *measured, p *Package) bool {
	return m.joined[p.Ref] || m.leaves[p.Ref] || m.complete[p.Ref]
}

// completeness reports that the document says whether that is all.
func completeness(m *measured, p *Package) bool {
	return m.complete[p.Ref] || m.incomplete[p.Ref] || m.Standard == SPDX && m.leaves[p.Ref]
}

func concluded(_ *measured, p *Package) bool    { return isExpression(p.Concluded) }
func declared(_ *measured, p *Package) bool     { return isExpression(p.Declared) }
func effective(_ *measured, p *Package) bool    { return isExpression(p.Effective) }
func hasSource(_ *measured, p *Package) bool    { return p.SourceURL != "" }
func hasDownload(_ *measured, p *Package) bool  { return p.DownloadURL != "" }
func hasSecurity(_ *measured, p *Package) bool  { return p.SecurityTxt != "" }
func isExecutable(_ *measured, p *Package) bool { return p.Executable != nil }
func isArchive(_ *measured, p *Package) bool    { return p.Archive != nil }
func isStructured(_ *measured, p *Package) bool { return p.Structured != nil }

// associated is the licence that 2.0.0 asks for: what CycloneDX before 1.6 says
// of licences does not tell concluded from declared.
func associated(m *measured, p *Package) bool {
	return concluded(m, p) || m.Standard == CycloneDX && declared(m, p)
}

func isExpression(s string) bool {
	if s == "" {
		return false
	}
	_, _, err := spdx.Parse(s)
	return err == nil
}

// sha512 is the length of such a hash in hex.
const sha512 = 128

func deployableHash(_ *measured, p *Package) bool {
	return slices.ContainsFunc(p.Hashes, func(h Hash) bool {
		return h.Algorithm == "SHA-512" && !h.Source && len(h.Value) == sha512
	})
}

func sourceHash(_ *measured, p *Package) bool {
	return slices.ContainsFunc(p.Hashes, func(h Hash) bool { return h.Source })
}

// stated are the licences of a component that somebody has asserted.
func (p *Package) stated() []string {
	return slices.DeleteFunc([]string{p.Concluded, p.Declared, p.Effective}, func(s string) bool { return asserted(s) == "" })
}

func licensed(p *Package) bool { return len(p.stated()) > 0 }

// licenceIDs reports that every licence is one of SPDX or a reference that says
// whose list it is of (TR-03183-2, 6.1): LicenseRef-scancode-..., or another
// name in place of scancode.
func licenceIDs(_ *measured, p *Package) bool {
	for _, s := range p.stated() {
		e, _, err := spdx.Parse(s)
		if err != nil {
			return false
		}
		for l := range e.Licences() {
			_, id, _ := strings.Cut(l.ID, "LicenseRef-")
			if spdx.IsReference(l.ID) && !strings.Contains(id, "-") {
				return false
			}
		}
	}
	return true
}
