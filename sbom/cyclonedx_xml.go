// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

const cyclonedxNamespace = "http://cyclonedx.org/schema/bom/"

// readCycloneDXXML reads the XML of CycloneDX 1.0 to 1.7 by its library.
func readCycloneDXXML(src []byte) (doc *Document, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, notXML(fmt.Errorf("%v", p))
		}
	}()
	d := newDraft(CycloneDX, "", "xml")
	r := cyclonedx{d}
	g := newGuarded(src)
	namespace := ""
	g.element = func(e *xml.StartElement) {
		switch {
		case namespace == "":
			namespace = e.Name.Space
			d.wholeVersion(e)
		case e.Name.Space == "http://www.w3.org/2000/09/xmldsig#" && e.Name.Local == "Signature":
			d.doc.Signed = true
		}
	}
	var bom cdx.BOM
	if err := xml.NewTokenDecoder(g).Decode(&bom); err != nil {
		return nil, notXML(err)
	}
	version, ok := strings.CutPrefix(namespace, cyclonedxNamespace)
	if !ok {
		return nil, fmt.Errorf("%w: the root element is of %s", ErrNotSBOM, excerpt(namespace))
	}
	r.version(version)
	d.doc.URI = bom.SerialNumber
	if m := bom.Metadata; m != nil {
		r.metadata(m)
		if m.Component != nil {
			ref := r.tree(m.Component)
			r.maker(ref, m)
			d.doc.Name = m.Component.Name
			d.doc.Roots = []string{ref}
		}
	}
	for i := range all(bom.Components) {
		r.tree(&(*bom.Components)[i])
	}
	r.services(all(bom.Services))
	for i := range all(bom.Dependencies) {
		r.dependency(&(*bom.Dependencies)[i])
	}
	for i := range all(bom.Compositions) {
		r.composition(&(*bom.Compositions)[i])
	}
	for _, v := range all(bom.Vulnerabilities) {
		r.other(v.BOMRef)
	}
	d.doc.Vulnerabilities = len(all(bom.Vulnerabilities))
	return d.finish()
}

// wholeVersion leaves out a version of the document that is no number, for which
// the library would refuse it.
func (d *draft) wholeVersion(e *xml.StartElement) {
	for i, a := range e.Attr {
		if a.Name.Local == "version" {
			if _, err := strconv.Atoi(strings.TrimSpace(a.Value)); err != nil {
				d.remark("a version of the document that is no number", a.Value)
				e.Attr = append(e.Attr[:i:i], e.Attr[i+1:]...)
				return
			}
		}
	}
}

// tree adds a component and those in it.
func (r *cyclonedx) tree(c *cdx.Component) string {
	ref := r.component(c)
	for i := range all(c.Components) {
		r.relate(ref, "contains", r.tree(&(*c.Components)[i]))
	}
	return ref
}

func (r *cyclonedx) services(list []cdx.Service) {
	for _, s := range list {
		r.other(s.BOMRef)
		r.services(all(s.Services))
	}
}
