// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"fmt"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// readCycloneDXJSON reads the JSON of CycloneDX 1.2 to 1.7.
func readCycloneDXJSON(src []byte) (*Document, error) {
	d := newDraft(CycloneDX, "", "json")
	r := cyclonedxJSON{cursor: newCursor(d, src)}
	r.to.draft = d
	r.object(r.member)
	r.end()
	return d.finish()
}

type cyclonedxJSON struct {
	*cursor
	to cyclonedx
}

func (r *cyclonedxJSON) member(name string) {
	d := r.to.draft
	switch name {
	case "specVersion":
		r.to.version(r.text())
	case "serialNumber":
		d.doc.URI = r.text()
	case "metadata":
		r.metadata()
	case "components":
		r.list(func() { r.component() })
	case "services", "vulnerabilities":
		r.list(func() {
			if name == "vulnerabilities" {
				d.doc.Vulnerabilities++
			}
			r.service()
		})
	case "dependencies":
		r.list(r.dependency)
	case "compositions":
		r.list(r.composition)
	case "signature":
		d.doc.Signed = d.doc.Signed || r.dec.PeekKind() == '{'
		r.skip()
	default:
		r.skip()
	}
}

func (r *cyclonedxJSON) metadata() {
	var m cdx.Metadata
	root := ""
	r.object(func(name string) {
		switch name {
		case "timestamp":
			m.Timestamp = r.text()
		case "authors":
			m.Authors = r.contacts()
		case "manufacture":
			m.Manufacture = r.entity()
		case "manufacturer":
			m.Manufacturer = r.entity()
		case "supplier":
			m.Supplier = r.entity()
		case "tools":
			m.Tools = r.tools()
		case "component":
			root = r.component()
		default:
			r.skip()
		}
	})
	r.to.metadata(&m)
	if at, ok := r.to.at[root]; ok {
		r.to.maker(root, &m)
		r.to.doc.Name = r.to.doc.Packages[at].Name
		r.to.doc.Roots = []string{root}
	}
}

// tools are a list of tools, or since 1.5 an object of components and services.
func (r *cyclonedxJSON) tools() *cdx.ToolsChoice {
	var list []cdx.Component
	each := func() {
		var t cdx.Component
		r.object(func(name string) {
			switch name {
			case "vendor", "group":
				t.Group = r.text()
			case "name":
				t.Name = r.text()
			case "version":
				t.Version = r.text()
			default:
				r.skip()
			}
		})
		list = append(list, t)
	}
	if r.dec.PeekKind() == '[' {
		r.few(each)
	} else {
		r.object(func(name string) {
			if name == "components" || name == "services" {
				r.few(each)
				return
			}
			r.skip()
		})
	}
	return &cdx.ToolsChoice{Components: &list}
}

func (r *cyclonedxJSON) contacts() *[]cdx.OrganizationalContact {
	var out []cdx.OrganizationalContact
	r.few(func() {
		var c cdx.OrganizationalContact
		r.object(func(name string) {
			switch name {
			case "name":
				c.Name = r.text()
			case "email":
				c.Email = r.text()
			default:
				r.skip()
			}
		})
		out = append(out, c)
	})
	return &out
}

func (r *cyclonedxJSON) entity() *cdx.OrganizationalEntity {
	var e cdx.OrganizationalEntity
	r.object(func(name string) {
		switch name {
		case "name":
			e.Name = r.text()
		case "url":
			urls := r.texts()
			e.URL = &urls
		case "contact":
			e.Contact = r.contacts()
		default:
			r.skip()
		}
	})
	return &e
}

// component adds a component and those in it, and returns its identifier.
func (r *cyclonedxJSON) component() string {
	var c cdx.Component
	var within []string
	whole := r.object(func(name string) {
		switch name {
		case "bom-ref":
			c.BOMRef = r.text()
		case "type":
			c.Type = cdx.ComponentType(r.text())
		case "group":
			c.Group = r.text()
		case "name":
			c.Name = r.text()
		case "version":
			c.Version = r.text()
		case "purl":
			c.PackageURL = r.text()
		case "cpe":
			c.CPE = r.text()
		case "swid":
			c.SWID = &cdx.SWID{TagID: r.only("tagId")}
		case "copyright":
			c.Copyright = r.text()
		case "author":
			c.Author = r.text()
		case "publisher":
			c.Publisher = r.text()
		case "authors":
			c.Authors = r.contacts()
		case "supplier":
			c.Supplier = r.entity()
		case "manufacturer":
			c.Manufacturer = r.entity()
		case "hashes":
			c.Hashes = r.hashes()
		case "licenses":
			c.Licenses = r.licences()
		case "externalReferences":
			c.ExternalReferences = r.externals()
		case "properties":
			c.Properties = r.properties()
		case "components":
			r.list(func() { within = append(within, r.component()) })
		default:
			r.skip()
		}
	})
	if !whole {
		return ""
	}
	ref := r.to.component(&c)
	for _, part := range within {
		if part != "" {
			r.to.relate(ref, "contains", part)
		}
	}
	return ref
}

// only is the one member of an object that matters.
func (c *cursor) only(wanted string) (out string) {
	c.object(func(name string) {
		if name == wanted {
			out = c.text()
			return
		}
		c.skip()
	})
	return out
}

func (r *cyclonedxJSON) hashes() *[]cdx.Hash {
	var out []cdx.Hash
	for _, h := range r.pairs("alg", "content") {
		out = append(out, cdx.Hash{Algorithm: cdx.HashAlgorithm(h[0]), Value: h[1]})
	}
	return &out
}

func (r *cyclonedxJSON) properties() *[]cdx.Property {
	var out []cdx.Property
	for _, p := range r.pairs("name", "value") {
		out = append(out, cdx.Property{Name: p[0], Value: p[1]})
	}
	return &out
}

func (r *cyclonedxJSON) externals() *[]cdx.ExternalReference {
	var out []cdx.ExternalReference
	r.few(func() {
		var e cdx.ExternalReference
		r.object(func(name string) {
			switch name {
			case "type":
				e.Type = cdx.ExternalReferenceType(r.text())
			case "url":
				e.URL = r.text()
			case "hashes":
				e.Hashes = r.hashes()
			default:
				r.skip()
			}
		})
		out = append(out, e)
	})
	return &out
}

func (r *cyclonedxJSON) licences() *cdx.Licenses {
	var out cdx.Licenses
	r.few(func() {
		var l cdx.LicenseChoice
		whole := r.object(func(name string) {
			switch name {
			case "expression":
				l.Expression = r.text()
			case "acknowledgement":
				how := cdx.LicenseAcknowledgement(r.text())
				l.Acknowledgement = &how
			case "license":
				l.License = &cdx.License{}
				r.object(func(name string) {
					switch name {
					case "id":
						l.License.ID = r.text()
					case "name":
						l.License.Name = r.text()
					case "acknowledgement":
						l.License.Acknowledgement = cdx.LicenseAcknowledgement(r.text())
					default:
						r.skip()
					}
				})
			default:
				r.skip()
			}
		})
		if whole {
			out = append(out, l)
		}
	})
	return &out
}

// service notes the identifier of a service, of those in it, or of a
// vulnerability.
func (r *cyclonedxJSON) service() {
	r.object(func(name string) {
		switch name {
		case "bom-ref":
			r.to.other(r.text())
		case "services":
			r.list(r.service)
		default:
			r.skip()
		}
	})
}

func (r *cyclonedxJSON) dependency() {
	var d cdx.Dependency
	whole := r.object(func(name string) {
		switch name {
		case "ref":
			d.Ref = r.text()
		case "dependsOn":
			d.Dependencies = r.refs()
		case "provides":
			d.Provides = r.refs()
		default:
			r.skip()
		}
	})
	if whole {
		r.to.dependency(&d)
	}
}

func (r *cyclonedxJSON) refs() *[]string {
	refs := r.texts()
	return &refs
}

func (r *cyclonedxJSON) composition() {
	var c cdx.Composition
	references := func() *[]cdx.BOMReference {
		var out []cdx.BOMReference
		for _, ref := range r.texts() {
			out = append(out, cdx.BOMReference(ref))
		}
		return &out
	}
	whole := r.object(func(name string) {
		switch name {
		case "aggregate":
			c.Aggregate = cdx.CompositionAggregate(r.text())
		case "assemblies":
			c.Assemblies = references()
		case "dependencies":
			c.Dependencies = references()
		default:
			r.skip()
		}
	})
	if whole {
		r.to.composition(&c)
	}
}

// notCycloneDX is the error for JSON that says to be of another format.
func notCycloneDX(format string) error {
	return fmt.Errorf("%w: bomFormat is %s, not CycloneDX", ErrNotSBOM, excerpt(format))
}
