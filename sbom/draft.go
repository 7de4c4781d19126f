// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a document, beside its bytes. The largest that is known, of a Linux
// distribution, has about 100,000 packages.
const (
	maxPackages      = 250_000
	maxRelationships = 1_000_000
	maxOthers        = 1_000_000 // files and whatever else is no package
	maxList          = 250_000   // texts in a list
	maxPairs         = 10_000    // properties and the like of a package
	maxDepth         = 200       // of lists and objects in one another
	maxText          = 4 << 10   // bytes of a text; what is longer is cut
	maxEach          = 100       // identifiers, hashes, licences of a package
)

// draft is a document that is being read.
type draft struct {
	doc Document
	// at is where in doc.Packages an identifier is, others are the identifiers
	// of what is no package: files, services, the document itself.
	at     map[string]int
	others map[string]bool
	// edges are relationships as read: their ends may come later, or never.
	edges    []Relationship
	licences map[string]string // as written: in official spelling
	remarks  remarks
	err      error // why reading ended early
}

func newDraft(s Standard, version, encoding string) *draft {
	return &draft{
		doc:      Document{Standard: s, Version: version, Encoding: encoding},
		at:       map[string]int{},
		others:   map[string]bool{},
		licences: map[string]string{},
	}
}

// fail ends reading; the first reason stays.
func (d *draft) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *draft) remark(what, example string) { d.remarks.add(what, example) }

// add takes a package, gives it an identifier where it has none, and returns
// that. Of two with the same identifier the first is kept.
func (d *draft) add(p Package) string {
	if p.Ref == "" {
		n := len(d.doc.Packages) + 1
		for p.Ref = "#" + strconv.Itoa(n); d.known(p.Ref); p.Ref = "#" + strconv.Itoa(n) {
			n++
		}
		d.remark("packages without an identifier, which were given one", p.Name)
	}
	if _, twice := d.at[p.Ref]; twice {
		d.remark("identifiers that occur twice, of which the first is kept", p.Ref)
		return p.Ref
	}
	if len(d.doc.Packages) == maxPackages {
		d.fail(fmt.Errorf("sbom: the document has more than %d packages: divide it into several", maxPackages))
		return p.Ref
	}
	for _, s := range []*string{&p.Name, &p.Version, &p.Type, &p.PURL, &p.SWID, &p.Copyright, &p.Filename, &p.DownloadURL, &p.SourceURL, &p.SecurityTxt} {
		*s = d.cut(*s)
	}
	p.CPEs = p.CPEs[:min(len(p.CPEs), maxEach)]
	p.Hashes = p.Hashes[:min(len(p.Hashes), maxEach)]
	d.at[p.Ref] = len(d.doc.Packages)
	d.doc.Packages = append(d.doc.Packages, p)
	return p.Ref
}

// other notes the identifier of what is no package but may be referred to.
func (d *draft) other(id string) {
	if id == "" {
		return
	}
	if len(d.others) == maxOthers {
		d.fail(fmt.Errorf("sbom: the document has more than %d files and other elements: leave them out, or divide it into several", maxOthers))
		return
	}
	d.others[id] = true
}

func (d *draft) known(ref string) bool {
	_, ok := d.at[ref]
	return ok || d.others[ref]
}

// relate notes a relationship; finish keeps it if both ends are packages.
func (d *draft) relate(from, kind, to string) {
	if from == "" || to == "" {
		d.remark("relationships without one of their ends, which were dropped", from+to)
		return
	}
	if kind == "" {
		d.remark("relationships that do not say of what type they are, read as other", from+" "+to)
		kind = "other"
	}
	if len(d.edges) == maxRelationships {
		d.fail(fmt.Errorf("sbom: the document has more than %d relationships: divide it into several", maxRelationships))
		return
	}
	d.edges = append(d.edges, Relationship{From: from, Type: kind, To: to})
}

// cut shortens a text that is too long.
func (d *draft) cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	d.remark("texts that were cut at "+strconv.Itoa(maxText)+" bytes", s)
	return strings.ToValidUTF8(s[:maxText], "")
}

// dates are the forms of a date that occur, the right one first.
var dates = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00", time.DateOnly}

func (d *draft) date(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	for i, layout := range dates {
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() < 1 {
			continue
		}
		if i > 0 {
			d.remark("a date in another form than RFC 3339", s)
		}
		return t.UTC()
	}
	d.remark("a date that cannot be read, which was left out", s)
	return time.Time{}
}

// finish joins what was read.
func (d *draft) finish() (*Document, error) {
	if d.err != nil {
		return nil, d.err
	}
	d.doc.Relationships = d.relationships()
	d.doc.Roots = d.packagesOf(d.doc.Roots)
	d.doc.Complete = d.packagesOf(d.doc.Complete)
	d.doc.Incomplete = d.packagesOf(d.doc.Incomplete)
	d.doc.Leaves = d.packagesOf(d.doc.Leaves)
	if len(d.doc.Roots) == 0 && len(d.doc.Packages) > 0 {
		d.remark("the document does not say which package it describes", "")
	}
	d.doc.Name, d.doc.URI = d.cut(d.doc.Name), d.cut(d.doc.URI)
	d.doc.Remarks = d.remarks.list()
	return &d.doc, nil
}

// packagesOf returns the references to packages, each once.
func (d *draft) packagesOf(refs []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, ref := range refs {
		if _, ok := d.at[ref]; !ok {
			if !d.others[ref] {
				d.remark("statements about what is not in the document, which were dropped", ref)
			}
			continue
		}
		if !seen[ref] {
			seen[ref] = true
			out = append(out, ref)
		}
	}
	return out
}

func (d *draft) relationships() []Relationship {
	type edge struct {
		from, to int
		kind     string
	}
	seen := map[edge]bool{}
	return slices.DeleteFunc(d.edges, func(r Relationship) bool {
		from, fromOK := d.at[r.From]
		to, toOK := d.at[r.To]
		switch {
		case fromOK && toOK:
			e := edge{from, to, r.Type}
			twice := seen[e]
			seen[e] = true
			return twice
		case !d.known(r.From):
			d.remark("relationships of what is not in the document, which were dropped", r.From)
		case !d.known(r.To):
			d.remark("relationships to what is not in the document, which were dropped", r.To)
		}
		return true
	})
}

// remarks count what was odd, each kind with its first example.
type remarks struct {
	kinds []string
	seen  map[string]*oddity
}

type oddity struct {
	count int
	first string
}

// maxRemarks bounds the kinds of remarks; they are ours, and fewer.
const maxRemarks = 50

func (r *remarks) add(what, example string) {
	if r.seen == nil {
		r.seen = map[string]*oddity{}
	}
	o := r.seen[what]
	if o == nil {
		if len(r.kinds) == maxRemarks {
			return
		}
		r.kinds = append(r.kinds, what)
		o = &oddity{first: example}
		r.seen[what] = o
	}
	o.count++
}

func (r *remarks) has(what string) bool { return r.seen[what] != nil }

func (r *remarks) list() (out []string) {
	for _, what := range r.kinds {
		o := r.seen[what]
		if o.count > 1 {
			what = fmt.Sprintf("%s: %d", what, o.count)
		}
		if o.first != "" {
			what += " (" + excerpt(o.first) + ")"
		}
		out = append(out, what)
	}
	return out
}

// brief is what an error says, shortened: libraries quote what they stumble over.
func brief(err error) string {
	const most = 200
	s := err.Error()
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// excerpt is the beginning of a stranger's text, in quotes, for a message.
func excerpt(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strconv.Quote(s)
}
