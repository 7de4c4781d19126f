// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

// readSPDX2 reads the JSON of SPDX 2.1 to 2.3, and what was made JSON of: YAML
// and XML.
func readSPDX2(src []byte, encoding string) (*Document, error) {
	d := newDraft(SPDX, "", encoding)
	r := spdx2JSON{cursor: newCursor(d, src)}
	r.to.draft = d
	r.object(r.member)
	r.end()
	return r.to.complete()
}

type spdx2JSON struct {
	*cursor
	to spdx2
}

func (r *spdx2JSON) member(name string) {
	d := r.to.draft
	switch name {
	case "spdxVersion":
		d.spdx2Version(r.text())
	case "SPDXID":
		r.to.self = r.text()
	case "name":
		d.doc.Name = r.text()
	case "documentNamespace":
		d.doc.URI = r.text()
	case "creationInfo":
		r.creation()
	case "packages":
		r.list(r.pkg)
	case "files", "snippets":
		r.list(func() {
			r.object(func(name string) {
				if name == "SPDXID" {
					r.to.other(r.text())
					return
				}
				r.skip()
			})
		})
	case "documentDescribes":
		d.doc.Roots = append(d.doc.Roots, r.texts()...)
	case "relationships":
		r.list(r.relationship)
	default:
		r.skip()
	}
}

func (r *spdx2JSON) creation() {
	var date string
	var creators []string
	r.object(func(name string) {
		switch name {
		case "created":
			date = r.text()
		case "creators":
			creators = append(creators, r.texts()...)
		default:
			r.skip()
		}
	})
	r.to.created(date, creators)
}

func (r *spdx2JSON) pkg() {
	var p spdx2Package
	whole := r.object(func(name string) {
		switch to := p.text(name); {
		case to != nil:
			*to = r.text()
		case name == "checksums":
			p.checksums = append(p.checksums, r.pairs("algorithm", "checksumValue")...)
		case name == "externalRefs":
			p.externals = append(p.externals, r.pairs("referenceType", "referenceLocator")...)
		default:
			r.skip()
		}
	})
	if whole {
		r.to.pkg(p)
	}
}

// text is the field of a member that is a text; nil for another.
func (p *spdx2Package) text(name string) *string {
	switch name {
	case "SPDXID":
		return &p.id
	case "name":
		return &p.name
	case "versionInfo":
		return &p.version
	case "packageFileName":
		return &p.filename
	case "supplier":
		return &p.supplier
	case "originator":
		return &p.originator
	case "downloadLocation":
		return &p.download
	case "primaryPackagePurpose":
		return &p.purpose
	case "copyrightText":
		return &p.copyright
	case "licenseConcluded":
		return &p.concluded
	case "licenseDeclared":
		return &p.declared
	}
	return nil
}

// pairs is a list of objects of which two members matter.
func (c *cursor) pairs(first, second string) (out [][2]string) {
	c.few(func() {
		var pair [2]string
		if c.object(func(name string) {
			switch name {
			case first:
				pair[0] = c.text()
			case second:
				pair[1] = c.text()
			default:
				c.skip()
			}
		}) {
			out = append(out, pair)
		}
	})
	return out
}

func (r *spdx2JSON) relationship() {
	var from, kind, to string
	whole := r.object(func(name string) {
		switch name {
		case "spdxElementId":
			from = r.text()
		case "relationshipType":
			kind = r.text()
		case "relatedSpdxElement":
			to = r.text()
		default:
			r.skip()
		}
	})
	if whole {
		r.to.relationship(from, kind, to)
	}
}
