// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readRDF reads the RDF/XML of SPDX 2 as its tools write it (SPDX 2.3, 4.4; RDF
// 1.1 XML Syntax): elements for things, in them elements for what is said of
// them, in turns. Of RDF/XML it leaves out collections and literals of XML, which
// SPDX does not use.
func readRDF(src []byte) (*Document, error) {
	r := rdf{things: map[string]*thing{}, guarded: newGuarded(src)}
	for {
		t, err := r.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, notXML(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local == "RDF" {
			continue
		}
		if _, err := r.thing(e); err != nil {
			return nil, notXML(err)
		}
	}
	return r.document()
}

// maxThings bounds the nodes of a graph.
const maxThings = 200_000

const rdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

// rdf is the graph of a document.
type rdf struct {
	*guarded
	things map[string]*thing
	order  []string // the identifiers of things as they came
}

// thing is a node: its class, and what is said of it.
type thing struct {
	class string
	said  map[string][]object
}

// object is a text, or the identifier of a thing.
type object struct {
	text, id string
}

func (r *rdf) thing(e xml.StartElement) (id string, err error) {
	var attributes []xml.Attr
	for _, a := range e.Attr {
		switch {
		case a.Name.Space == rdfNamespace && (a.Name.Local == "about" || a.Name.Local == "resource"):
			id = a.Value
		case a.Name.Space == rdfNamespace && a.Name.Local == "ID":
			id = "#" + a.Value
		case a.Name.Space == rdfNamespace && a.Name.Local == "nodeID":
			id = "_:" + a.Value
		case a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || a.Name.Space == rdfNamespace:
		default:
			attributes = append(attributes, a)
		}
	}
	if id == "" {
		id = fmt.Sprintf("_:#%d", len(r.order)+1)
	}
	t := r.things[id]
	if t == nil {
		if len(r.order) == maxThings {
			return "", fmt.Errorf("it has more than %d things: divide it, or write it as JSON", maxThings)
		}
		t = &thing{said: map[string][]object{}}
		r.things[id] = t
		r.order = append(r.order, id)
	}
	if e.Name.Local != "Description" {
		t.class = e.Name.Local
	}
	for _, a := range attributes {
		t.said[a.Name.Local] = append(t.said[a.Name.Local], object{text: a.Value})
	}
	for {
		token, err := r.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			o, err := r.object(token)
			if err != nil {
				return "", err
			}
			if name == "type" {
				t.class = o.id[strings.LastIndexAny(o.id, "#/")+1:]
				continue
			}
			t.said[name] = append(t.said[name], o)
		case xml.EndElement:
			return id, nil
		}
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// object reads what an element that says something holds.
func (r *rdf) object(e xml.StartElement) (o object, err error) {
	for _, a := range e.Attr {
		switch {
		case a.Name.Space == rdfNamespace && a.Name.Local == "resource":
			o.id = a.Value
		case a.Name.Space == rdfNamespace && a.Name.Local == "nodeID":
			o.id = "_:" + a.Value
		}
	}
	var text strings.Builder
	for {
		token, err := r.Token()
		if err != nil {
			return o, unexpected(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if o.id, err = r.thing(token); err != nil {
				return o, err
			}
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			if o.id == "" {
				o.text = strings.TrimSpace(text.String())
			}
			return o, nil
		}
	}
}

// text is what is said as a text; the last part of an address where it is said
// by one.
func (t *thing) text(names ...string) string {
	for _, name := range names {
		for _, o := range t.said[name] {
			if s := o.text + fragment(o.id); s != "" {
				return s
			}
		}
	}
	return ""
}

func fragment(address string) string { return address[strings.LastIndexAny(address, "#/")+1:] }

// identifier is the SPDXRef- of an address; the address where there is none.
func identifier(address string) string {
	if name := fragment(address); strings.HasPrefix(name, "SPDXRef-") {
		return name
	}
	switch name := strings.ToLower(fragment(address)); name {
	case "none", "noassertion":
		return strings.ToUpper(name)
	}
	return address
}

func (r *rdf) document() (*Document, error) {
	d := newDraft(SPDX, "", "rdf")
	to := spdx2{draft: d}
	graph := newLicences()
	for _, id := range r.order {
		t := r.things[id]
		switch t.class {
		case "SpdxDocument":
			to.self = identifier(id)
			d.spdx2Version(t.text("specVersion"))
			d.doc.Name = t.text("name")
			d.doc.URI, _, _ = strings.Cut(id, "#")
			for _, o := range t.said["describesPackage"] {
				d.doc.Roots = append(d.doc.Roots, identifier(o.id))
			}
			for _, o := range t.said["creationInfo"] {
				r.creation(&to, o.id)
			}
		case "File", "Snippet":
			to.other(identifier(id))
		default:
			graph.nodes[id] = t.licence()
		}
	}
	for _, id := range r.order {
		t := r.things[id]
		if t.class == "Package" {
			to.pkg(r.pkg(d, graph, id))
		}
		for _, o := range t.said["relationship"] {
			if rel := r.things[o.id]; rel != nil {
				r.relationship(&to, identifier(id), rel)
			}
		}
	}
	if d.doc.Version == "" {
		d.fail(fmt.Errorf("%w: the RDF holds no SpdxDocument", ErrNotSBOM))
	}
	return to.complete()
}

func (r *rdf) creation(to *spdx2, id string) {
	info := r.things[id]
	if info == nil {
		return
	}
	var creators []string
	for _, c := range info.said["creator"] {
		creators = append(creators, c.text)
	}
	to.created(info.text("created"), creators)
}

func (r *rdf) relationship(to *spdx2, from string, rel *thing) {
	kind := strings.TrimPrefix(rel.text("relationshipType"), "relationshipType_")
	for _, o := range rel.said["relatedSpdxElement"] {
		to.relationship(from, strings.ReplaceAll(dashed(kind), "-", "_"), identifier(o.id+o.text))
	}
}

func (r *rdf) pkg(d *draft, graph licences, id string) spdx2Package {
	t := r.things[id]
	p := spdx2Package{
		id:         identifier(id),
		name:       t.text("name"),
		version:    t.text("versionInfo"),
		filename:   t.literal("packageFileName"),
		supplier:   t.text("supplier"),
		originator: t.text("originator"),
		download:   t.literal("downloadLocation"),
		copyright:  t.literal("copyrightText"),
		purpose:    strings.TrimPrefix(t.text("primaryPackagePurpose"), "purpose_"),
	}
	licence := func(name string) string {
		var all []string
		for _, o := range t.said[name] {
			if o.id == "" {
				all = append(all, d.licence(o.text))
			} else {
				all = append(all, d.licence(graph.expression(d, o.id, 0)))
			}
		}
		return d.joined(all)
	}
	p.concluded, p.declared = licence("licenseConcluded"), licence("licenseDeclared")
	for _, o := range t.said["checksum"] {
		if sum := r.things[o.id]; sum != nil {
			p.checksums = append(p.checksums, [2]string{strings.TrimPrefix(sum.text("algorithm"), "checksumAlgorithm_"), sum.text("checksumValue")})
		}
	}
	for _, o := range t.said["externalRef"] {
		if ref := r.things[o.id]; ref != nil {
			p.externals = append(p.externals, [2]string{ref.text("referenceType"), ref.literal("referenceLocator")})
		}
	}
	return p
}

// literal is what is said as a text, or the address, of which NONE and
// NOASSERTION are those of SPDX.
func (t *thing) literal(name string) string {
	for _, o := range t.said[name] {
		if s := o.text + o.id; s != "" {
			return identifier(s)
		}
	}
	return ""
}

// licence is a thing seen as a licence.
func (t *thing) licence() licenceNode {
	l := licenceNode{kind: t.class, name: t.text("name")}
	switch t.class {
	case "WithExceptionOperator":
		l.kind = "WithAdditionOperator"
	case "ExtractedLicensingInfo":
		l.expression = t.text("licenseId")
	case "LicenseException", "ListedLicenseException":
		l.expression = t.text("licenseExceptionId")
	case "License", "ListedLicense":
		l.expression = t.text("licenseId")
	}
	for _, name := range []string{"member", "licenseException"} {
		for _, o := range t.said[name] {
			l.members = append(l.members, o.id)
		}
	}
	return l
}
