// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"fmt"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// cyclonedx reads documents of CycloneDX: the readers of its JSON and XML fill
// the types of the library of CycloneDX, of which these methods make packages.
type cyclonedx struct {
	*draft
}

// version notes the version of the standard.
func (r *cyclonedx) version(s string) {
	r.doc.Version = s
	switch s {
	case "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7":
		return
	}
	if strings.HasPrefix(s, "1.") {
		r.remark("a version that is not known, read as 1.7", s)
		return
	}
	r.fail(fmt.Errorf("sbom: the version %s of CycloneDX is not read: write the document in 1.6", excerpt(s)))
}

// metadata takes what is said of the document, but for its component.
func (r *cyclonedx) metadata(m *cdx.Metadata) {
	r.doc.Created = r.date(m.Timestamp)
	by := func(p *Party) {
		if p != nil {
			r.doc.Creators = append(r.doc.Creators, *p)
		}
	}
	by(entity(m.Manufacturer))
	for _, a := range all(m.Authors) {
		by(contact(a))
	}
	if m.Tools == nil {
		return
	}
	for _, t := range all(m.Tools.Tools) {
		by(tooling(t.Vendor, t.Name, t.Version))
	}
	for _, t := range all(m.Tools.Components) {
		by(tooling(t.Group, t.Name, t.Version))
	}
	for _, t := range all(m.Tools.Services) {
		by(tooling(t.Group, t.Name, t.Version))
	}
}

// all is a list that the library has behind a pointer.
func all[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}

func tooling(words ...string) *Party {
	name := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	if name == "" {
		return nil
	}
	return &Party{Kind: tool, Name: name}
}

func contact(c cdx.OrganizationalContact) *Party {
	if c.Name == "" && c.Email == "" {
		return nil
	}
	return &Party{Kind: person, Name: c.Name, Email: c.Email}
}

func entity(e *cdx.OrganizationalEntity) *Party {
	if e == nil {
		return nil
	}
	p := Party{Kind: organisation, Name: e.Name}
	for _, url := range all(e.URL) {
		if p.URL == "" {
			p.URL = url
		}
	}
	for _, c := range all(e.Contact) {
		if p.Email == "" {
			p.Email = c.Email
		}
	}
	if p.Name == "" && p.Email == "" && p.URL == "" {
		return nil
	}
	return &p
}

// component adds a component, without those in it, and returns its identifier.
func (r *cyclonedx) component(c *cdx.Component) string {
	p := Package{
		Ref:       c.BOMRef,
		Name:      c.Name,
		Version:   c.Version,
		Type:      strings.ToLower(string(c.Type)),
		PURL:      c.PackageURL,
		Supplier:  entity(c.Supplier),
		Copyright: c.Copyright,
	}
	if p.Ref == "" && c.PackageURL != "" && !r.known(c.PackageURL) {
		p.Ref = c.PackageURL
	}
	if c.Group != "" {
		p.Name = c.Group + "/" + c.Name
	}
	if c.CPE != "" {
		p.CPEs = []string{c.CPE}
	}
	if c.SWID != nil {
		p.SWID = c.SWID.TagID
	}
	p.Originator = r.originator(c)
	for _, h := range all(c.Hashes) {
		p.hash(string(h.Algorithm), h.Value, false)
	}
	if c.Licenses != nil {
		p.Declared, p.Concluded = r.licensed(*c.Licenses)
	}
	for _, e := range all(c.ExternalReferences) {
		p.external(e)
	}
	for _, prop := range all(c.Properties) {
		r.property(&p, prop.Name, strings.TrimSpace(prop.Value))
	}
	return r.add(p)
}

func (p *Package) hash(algorithm, value string, source bool) {
	if h, ok := hash(algorithm, value); ok {
		h.Source = source
		p.Hashes = append(p.Hashes, h)
	}
}

func (r *cyclonedx) originator(c *cdx.Component) *Party {
	if p := entity(c.Manufacturer); p != nil {
		return p
	}
	for _, a := range all(c.Authors) {
		if p := contact(a); p != nil {
			return p
		}
	}
	for _, name := range []string{c.Author, c.Publisher} {
		if name != "" {
			return &Party{Name: name}
		}
	}
	return nil
}

func (p *Package) external(e cdx.ExternalReference) {
	switch e.Type {
	case "distribution", "distribution-intake":
		if p.DownloadURL == "" {
			p.DownloadURL = e.URL
		}
		for _, h := range all(e.Hashes) {
			p.hash(string(h.Algorithm), h.Value, false)
		}
	case "source-distribution":
		p.SourceURL = e.URL
		for _, h := range all(e.Hashes) {
			p.hash(string(h.Algorithm), h.Value, true)
		}
	case "vcs":
		if p.SourceURL == "" {
			p.SourceURL = e.URL
		}
	case "rfc-9116":
		p.SecurityTxt = e.URL
	}
}

// property takes the properties of the taxonomy of the BSI, by which CycloneDX
// says what it has no fields for.
func (r *cyclonedx) property(p *Package, name, value string) {
	flag := func(to **bool, yes, no string) {
		is := strings.EqualFold(value, yes)
		if is || strings.EqualFold(value, no) {
			*to = &is
			return
		}
		r.remark("properties of the BSI with another value than there are, which were passed over", name+"="+value)
	}
	switch name {
	case "bsi:component:executable":
		flag(&p.Executable, "executable", "non-executable")
	case "bsi:component:archive":
		flag(&p.Archive, "archive", "no archive")
	case "bsi:component:structured":
		flag(&p.Structured, "structured", "unstructured")
	case "bsi:component:filename":
		p.Filename = value
	case "bsi:component:effectiveLicense", "bsi:component:effectiveLicence":
		p.Effective = r.licence(value)
	case "bsi:component:associatedLicences", "bsi:component:associatedLicenses":
		// of version 2.0.0: as the SBOM's creator sees it, which is what concluded means
		if p.Concluded == "" {
			p.Concluded = r.licence(value)
		}
	}
}

// licensed joins the licences of a component: all of a list hold, unless an
// expression says otherwise. What is not acknowledged as concluded is declared.
func (r *cyclonedx) licensed(list cdx.Licenses) (declared, concluded string) {
	var d, c []string
	for _, l := range list {
		var s string
		var how cdx.LicenseAcknowledgement
		if l.Acknowledgement != nil {
			how = *l.Acknowledgement
		}
		switch {
		case strings.TrimSpace(l.Expression) != "":
			s = r.licence(l.Expression)
		case l.License != nil:
			how = l.License.Acknowledgement
			if s = r.licence(l.License.ID); s == "" {
				s = r.named(l.License.Name)
			}
		}
		switch {
		case s == "":
			r.remark("licences without an identifier, a name or an expression", "")
		case how == "concluded":
			c = append(c, s)
		default:
			d = append(d, s)
		}
	}
	return r.joined(d), r.joined(c)
}

// maker gives a package what the metadata say of who made what the document
// describes, where the package itself does not say it.
func (r *cyclonedx) maker(ref string, m *cdx.Metadata) {
	at, ok := r.at[ref]
	if !ok {
		return
	}
	p := &r.doc.Packages[at]
	if p.Supplier == nil {
		p.Supplier = entity(m.Supplier)
	}
	if p.Originator == nil {
		p.Originator = entity(m.Manufacture)
	}
}

// dependency takes an entry of the graph: without an edge it says that there is
// none (CycloneDX 1.6, dependencies).
func (r *cyclonedx) dependency(d *cdx.Dependency) {
	if d.Ref == "" {
		r.remark("relationships without one of their ends, which were dropped", "")
		return
	}
	for _, to := range all(d.Dependencies) {
		r.edge(d.Ref, "depends-on", to)
	}
	for _, to := range all(d.Provides) {
		r.edge(d.Ref, "provides", to)
	}
	if len(all(d.Dependencies))+len(all(d.Provides)) == 0 {
		r.doc.Leaves = append(r.doc.Leaves, d.Ref)
	}
}

func (r *cyclonedx) edge(from, kind, to string) {
	if strings.HasPrefix(to, "urn:cdx:") && !r.known(to) {
		r.remark("relationships with packages of other documents, which were dropped", from+" "+to)
		return
	}
	r.relate(from, kind, to)
}

// composition takes a statement about completeness.
func (r *cyclonedx) composition(c *cdx.Composition) {
	to := &r.doc.Incomplete
	switch a := strings.ToLower(string(c.Aggregate)); {
	case a == "complete":
		to = &r.doc.Complete
	case a == "unknown" || strings.HasPrefix(a, "incomplete"):
	default: // not_specified says nothing
		return
	}
	for _, list := range []*[]cdx.BOMReference{c.Assemblies, c.Dependencies} {
		for _, ref := range all(list) {
			*to = append(*to, string(ref))
		}
	}
}
