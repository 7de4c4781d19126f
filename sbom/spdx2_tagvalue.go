// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// readTagValue reads the tag-value form of SPDX 2.1 to 2.3 (SPDX 2.3, 4.4.2): a
// tag, a colon and a value on each line, where a value between <text> and </text>
// may go on over several. A tag belongs to the package, file or document that a
// tag before it has begun.
func readTagValue(src []byte) (*Document, error) {
	d := newDraft(SPDX, "", "tag-value")
	if !utf8.Valid(src) {
		src = bytes.ToValidUTF8(src, []byte("\uFFFD"))
		d.remark("letters that are not UTF-8, which were lost", "")
	}
	r := tagValue{to: spdx2{draft: d}}
	for line := 1; len(src) > 0 && d.err == nil; line++ {
		var text []byte
		text, src, _ = bytes.Cut(src, []byte{'\n'})
		text = bytes.TrimSpace(text)
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		tag, value, found := bytes.Cut(text, []byte{':'})
		if !found {
			d.remark("lines without a tag, which were passed over", string(text[:min(len(text), maxText)]))
			continue
		}
		if before, long, ok := bytes.Cut(value, []byte("<text>")); ok && len(bytes.TrimSpace(before)) == 0 {
			end := bytes.Index(long, []byte("</text>"))
			if end >= 0 {
				value = long[:end]
			} else {
				rest, after, ok := bytes.Cut(src, []byte("</text>"))
				if !ok {
					return nil, fmt.Errorf("sbom: the <text> in line %d has no end: close it by </text>", line)
				}
				// the text as a whole matters to nobody, its beginning does
				value = append(append(bytes.Clone(long), '\n'), rest[:min(len(rest), maxText)]...)
				line += bytes.Count(rest, []byte{'\n'})
				_, src, _ = bytes.Cut(after, []byte{'\n'})
				line++
			}
		}
		r.pair(string(bytes.TrimSpace(tag)), string(bytes.TrimSpace(value)))
	}
	r.endPackage()
	r.to.created(r.date, r.creators)
	if d.doc.Version == "" {
		d.fail(fmt.Errorf("%w: no line says SPDXVersion", ErrNotSBOM))
	}
	return r.to.complete()
}

// tagValue is a document between two lines.
type tagValue struct {
	to       spdx2
	section  string // the tag that began it: "" for the document
	pkg      spdx2Package
	date     string
	creators []string
}

// sections are the tags that begin something.
var sections = map[string]bool{"PackageName": true, "FileName": true, "SnippetSPDXID": true, "LicenseID": true, "Reviewer": true}

func (r *tagValue) pair(tag, value string) {
	if sections[tag] {
		r.endPackage()
		r.section = tag
	}
	switch tag {
	case "SPDXVersion":
		r.to.spdx2Version(value)
	case "DocumentName":
		r.to.doc.Name = value
	case "DocumentNamespace":
		r.to.doc.URI = value
	case "Created":
		r.date = value
	case "Creator":
		r.creators = append(r.creators, value)
	case "SPDXID":
		r.identifier(value)
	case "SnippetSPDXID":
		r.to.other(value)
	case "Relationship":
		words := strings.Fields(value)
		if len(words) != 3 {
			r.to.remark("relationships that are not of three words, which were dropped", value)
			return
		}
		r.to.relationship(words[0], words[1], words[2])
	default:
		if r.section == "PackageName" {
			r.packageTag(tag, value)
		}
	}
}

func (r *tagValue) identifier(value string) {
	switch r.section {
	case "":
		r.to.self = value
	case "PackageName":
		r.pkg.id = value
	case "FileName":
		r.to.other(value)
	}
}

func (r *tagValue) packageTag(tag, value string) {
	p := &r.pkg
	switch tag {
	case "PackageName":
		p.name = value
	case "PackageVersion":
		p.version = value
	case "PackageFileName":
		p.filename = value
	case "PackageSupplier":
		p.supplier = value
	case "PackageOriginator":
		p.originator = value
	case "PackageDownloadLocation":
		p.download = value
	case "PrimaryPackagePurpose":
		p.purpose = value
	case "PackageCopyrightText":
		p.copyright = value
	case "PackageLicenseConcluded":
		p.concluded = value
	case "PackageLicenseDeclared":
		p.declared = value
	case "PackageChecksum":
		algorithm, sum, _ := strings.Cut(value, ":")
		p.checksums = append(p.checksums, [2]string{algorithm, sum})
	case "ExternalRef":
		if words := strings.Fields(value); len(words) == 3 {
			p.externals = append(p.externals, [2]string{words[1], words[2]})
		} else {
			r.to.remark("external references that are not of three words, which were dropped", value)
		}
	}
}

func (r *tagValue) endPackage() {
	if r.section == "PackageName" {
		r.to.pkg(r.pkg)
	}
	r.pkg = spdx2Package{}
}
