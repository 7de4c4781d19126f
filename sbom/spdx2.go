// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"fmt"
	"strings"
)

// spdx2 reads documents of SPDX 2, of whatever encoding: each comes down to the
// few calls below.
type spdx2 struct {
	*draft
	self string // identifier of the document itself
}

// spdx2Package is a package as it is written (SPDX 2.3, section 7).
type spdx2Package struct {
	id, name, version, filename  string
	supplier, originator         string
	download, purpose, copyright string
	concluded, declared          string
	checksums, externals         [][2]string // algorithm and value, type and locator
}

const documentID = "SPDXRef-DOCUMENT"

// spdx2Version reads the version of the standard ("SPDX-2.3").
func (d *draft) spdx2Version(s string) {
	v := strings.TrimPrefix(strings.TrimSpace(s), "SPDX-")
	if v == s {
		d.remark("a version that does not begin with SPDX-", s)
	}
	switch {
	case v == "2.1" || v == "2.2" || v == "2.3":
	case strings.HasPrefix(v, "2.1.") || strings.HasPrefix(v, "2.2.") || strings.HasPrefix(v, "2.3."):
		d.remark("a version of three numbers, where SPDX writes two", s)
	case strings.HasPrefix(v, "2."):
		d.remark("a version that is not known, read as 2.3", s)
	default:
		d.fail(fmt.Errorf("sbom: the version %s of SPDX is not read: write the document in 2.3 or 3.0", excerpt(s)))
	}
	d.doc.Version = v
}

func (s *spdx2) created(date string, creators []string) {
	s.doc.Created = s.date(date)
	for _, c := range creators {
		if p := s.party(c); p != nil {
			s.doc.Creators = append(s.doc.Creators, *p)
		}
	}
}

func (s *spdx2) pkg(p spdx2Package) {
	out := Package{
		Ref:        p.id,
		Name:       p.name,
		Version:    asserted(p.version),
		Type:       strings.ToLower(strings.ReplaceAll(p.purpose, "_", "-")),
		Filename:   strings.TrimPrefix(p.filename, "./"),
		Supplier:   s.party(p.supplier),
		Originator: s.party(p.originator),
		Concluded:  s.licence(p.concluded),
		Declared:   s.licence(p.declared),
		Copyright:  asserted(p.copyright),
	}
	if out.Type == "archive" {
		yes := true
		out.Archive = &yes
	}
	for _, c := range p.checksums {
		if h, ok := hash(c[0], c[1]); ok {
			out.Hashes = append(out.Hashes, h)
		}
	}
	if url := asserted(p.download); fromRepository(url) {
		out.SourceURL = url
	} else {
		out.DownloadURL = url
	}
	for _, e := range p.externals {
		switch kind, locator := strings.ToLower(e[0]), e[1]; {
		case locator == "":
		case (kind == "purl" || kind == "package-url") && out.PURL == "":
			out.PURL = locator
		case kind == "cpe22type" || kind == "cpe23type":
			out.CPEs = append(out.CPEs, locator)
		case kind == "swid":
			out.SWID = locator
		case kind == "advisory" || kind == "fix":
			s.doc.Vulnerabilities++
		}
	}
	s.add(out)
}

// fromRepository reports an address of a version control system (SPDX 2.3, 7.7).
func fromRepository(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	switch tool, _, _ := strings.Cut(scheme, "+"); tool {
	case "git", "hg", "svn", "bzr":
		return true
	}
	return false
}

// described are relationships that Document has in one direction and with one
// name: the kind, and whether from and to change places.
var described = map[string]struct {
	kind    string
	reverse bool
}{
	"DEPENDS_ON":            {"depends-on", false},
	"DEPENDENCY_OF":         {"depends-on", true},
	"RUNTIME_DEPENDENCY_OF": {"depends-on", true},
	"CONTAINS":              {"contains", false},
	"CONTAINED_BY":          {"contains", true},
	"DESCRIBES":             {"describes", false},
	"DESCRIBED_BY":          {"describes", true},
}

// relationship takes a relationship (SPDX 2.3, section 11).
func (s *spdx2) relationship(from, kind, to string) {
	kind = strings.ToUpper(strings.TrimSpace(kind))
	rule, ok := described[kind]
	if !ok {
		rule.kind = strings.ToLower(strings.ReplaceAll(kind, "_", "-"))
	}
	switch {
	case to == "NONE" || to == "NOASSERTION":
		switch {
		case kind == "DEPENDS_ON" && to == "NONE":
			s.doc.Leaves = append(s.doc.Leaves, from)
		case kind == "DEPENDS_ON":
			s.doc.Incomplete = append(s.doc.Incomplete, from)
		}
		return
	case strings.HasPrefix(from, "DocumentRef-") || strings.HasPrefix(to, "DocumentRef-"):
		s.remark("relationships with packages of other documents, which were dropped", from+" "+to)
		return
	}
	if rule.reverse {
		from, to = to, from
	}
	if rule.kind == "describes" && (from == s.self || from == documentID) {
		s.doc.Roots = append(s.doc.Roots, to)
		return
	}
	s.relate(from, rule.kind, to)
}

// origins are the packages that files were generated from which the document
// describes: a program is a file, and its package what it is made of.
func (s *spdx2) origins() (out []string) {
	files := map[string]bool{}
	for _, root := range s.doc.Roots {
		if s.others[root] {
			files[root] = true
		}
	}
	for _, e := range s.edges {
		switch {
		case e.Type == "generated-from" && files[e.From]:
			out = append(out, e.To)
		case e.Type == "generates" && files[e.To]:
			out = append(out, e.From)
		}
	}
	return out
}

// complete ends reading. Where there is one package alone it need not be said
// that it is what the document describes (SPDX 2.3, 11.1).
func (s *spdx2) complete() (*Document, error) {
	s.other(s.self)
	s.other(documentID)
	s.doc.Roots = append(s.doc.Roots, s.origins()...)
	if len(s.doc.Roots) == 0 && len(s.doc.Packages) == 1 {
		s.doc.Roots = []string{s.doc.Packages[0].Ref}
	}
	return s.finish()
}
