// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"fmt"
	"strings"
	"unicode"
)

// spdx3 reads SPDX 3.0 as JSON-LD (SPDX 3.0.1, clause 5 and its JSON-LD context): a graph
// of elements that refer to one another by identifier, in any order. It is no
// JSON-LD processor: it knows the context that SPDX prescribes, and the full
// addresses of its terms.
type spdx3 struct {
	*cursor
	creations map[string]creation
	creation  string // identifier of that of the document, once it was met
	agents    map[string]Party
	licensing licences
	files     map[string]Package
	purposes  map[string]bool // files that say what they are for
	made      map[string]makers
	relations []relation3
	contained map[string][]string // what a document or a list of materials has for its roots
	documents []string
	blank     int
}

type creation struct {
	version, date string
	by, using     []string
}

// makers are the identifiers of who made a package.
type makers struct{ originators, suppliers []string }

type relation3 struct {
	kind, from, completeness, comment string
	to                                []string
}

// element3 is an element while it is read.
type element3 struct {
	kind, id string
	Package
	creation creation
	creator  string // identifier of its creation information
	makers
	licence  licenceNode
	relation relation3
	roots    []string
	email    string
	address  string
	purposed bool
}

func readSPDX3(src []byte) (*Document, error) {
	d := newDraft(SPDX, "", "jsonld")
	r := spdx3{
		cursor:    newCursor(d, src),
		creations: map[string]creation{},
		agents:    map[string]Party{},
		licensing: newLicences(),
		files:     map[string]Package{},
		purposes:  map[string]bool{},
		made:      map[string]makers{},
		contained: map[string][]string{},
	}
	r.top()
	r.end()
	if d.err == nil {
		r.join()
	}
	return d.finish()
}

// top reads the document: @context and @graph, or one element alone.
func (r *spdx3) top() {
	var e element3
	r.object(func(name string) {
		switch name {
		case "@context":
			for _, address := range r.contexts() {
				if v := contextVersion(address); v != "" {
					r.doc.Version = v
				}
			}
		case "@graph":
			r.list(func() { r.reference() })
		default:
			r.field(&e, name)
		}
	})
	if e.kind != "" {
		r.take(&e)
	}
}

// contexts are the addresses of the context; terms defined in place are passed
// over.
func (r *spdx3) contexts() (out []string) {
	r.list(func() {
		if r.dec.PeekKind() == '"' {
			out = append(out, r.text())
		} else {
			r.skip()
		}
	})
	return out
}

// contextVersion takes the version out of the address of a context
// ("https://spdx.org/rdf/3.0.1/spdx-context.jsonld").
func contextVersion(address string) string {
	_, rest, found := strings.Cut(address, "spdx.org/rdf/")
	version, _, _ := strings.Cut(rest, "/")
	if found && strings.HasPrefix(strings.TrimPrefix(version, "v"), "3") {
		return strings.TrimPrefix(version, "v")
	}
	return ""
}

// reference reads the identifier of an element, or the element itself where it
// stands in place, and returns its identifier.
func (r *spdx3) reference() string {
	if r.err != nil || r.dec.PeekKind() != '{' {
		return r.text()
	}
	var e element3
	if r.object(func(name string) { r.field(&e, name) }) {
		r.take(&e)
	}
	return e.id
}

func (r *spdx3) references() (out []string) {
	r.list(func() {
		if id := r.reference(); id != "" {
			out = append(out, id)
		}
	})
	return out
}

// field reads one member of an element.
func (r *spdx3) field(e *element3, name string) {
	switch name = term(name); name {
	case "type", "@type":
		for _, kind := range r.texts() {
			e.kind = term(kind)
		}
	case "spdxId", "@id":
		e.id = r.text()
	case "name":
		e.Name = r.text()
	case "comment":
		e.relation.comment = r.text()
	case "creationInfo":
		e.creator = r.reference()

	case "specVersion":
		e.creation.version = r.text()
	case "created":
		e.creation.date = r.text()
	case "createdBy":
		e.creation.by = r.references()
	case "createdUsing":
		e.creation.using = r.references()

	case "rootElement":
		e.roots = r.references()
	case "element", "import", "namespaceMap":
		r.inner(e, name)

	case "relationshipType":
		e.relation.kind = term(r.text())
	case "from":
		e.relation.from = r.reference()
	case "to":
		e.relation.to = r.references()
	case "completeness":
		e.relation.completeness = term(r.text())

	case "originatedBy":
		e.originators = r.references()
	case "suppliedBy":
		e.suppliers = r.references()
	case "externalIdentifier":
		r.identifiers(e)
	case "externalRef":
		r.externals(e)
	case "verifiedUsing":
		for _, h := range r.pairs("algorithm", "hashValue") {
			if h, ok := hash(h[0], h[1]); ok {
				e.Hashes = append(e.Hashes, h)
			}
		}
	case "software_packageVersion":
		e.Version = r.text()
	case "software_packageUrl":
		e.PURL = r.text()
	case "software_downloadLocation":
		e.DownloadURL = asserted(r.text())
	case "software_copyrightText":
		e.Copyright = asserted(r.text())
	case "software_primaryPurpose":
		e.Type = dashed(term(r.text()))
	case "software_additionalPurpose":
		r.purpose(e)

	case "simplelicensing_licenseExpression":
		e.licence.expression = r.text()
	case "expandedlicensing_member", "expandedlicensing_subjectLicense",
		"expandedlicensing_subjectExtendableLicense", "expandedlicensing_subjectAddition":
		e.licence.members = append(e.licence.members, r.references()...)
	default:
		r.skip()
	}
}

// inner reads what a document lists: its elements, which may stand in place, and
// those that it has from elsewhere.
func (r *spdx3) inner(e *element3, name string) {
	switch name {
	case "element":
		r.references()
	case "import":
		r.list(func() {
			if id := r.only("externalSpdxId"); id != "" {
				r.other(id)
			}
		})
	default:
		r.skip()
	}
}

func (r *spdx3) identifiers(e *element3) {
	for _, i := range r.pairs("externalIdentifierType", "identifier") {
		switch kind := strings.ToLower(term(i[0])); kind {
		case "packageurl", "purl":
			if e.PURL == "" {
				e.PURL = i[1]
			}
		case "cpe22", "cpe23":
			e.CPEs = append(e.CPEs, i[1])
		case "swid":
			e.SWID = i[1]
		case "email":
			e.email = i[1]
		case "urlscheme", "other":
			if strings.Contains(i[1], "://") {
				e.address = i[1]
			}
		}
	}
}

func (r *spdx3) externals(e *element3) {
	r.list(func() {
		var kind string
		var locators []string
		r.object(func(name string) {
			switch name {
			case "externalRefType":
				kind = strings.ToLower(term(r.text()))
			case "locator":
				locators = r.texts()
			default:
				r.skip()
			}
		})
		if len(locators) == 0 {
			return
		}
		switch kind {
		case "sourceartifact", "vcs":
			e.SourceURL = locators[0]
		case "binaryartifact":
			e.DownloadURL = locators[0]
		case "securityother":
			e.SecurityTxt = locators[0]
		}
	})
}

// purpose reads what a file is for, by which the BSI's mapping says whether it
// is executable, an archive and structured (TR-03183-2 v2.1.0, 8.2).
func (r *spdx3) purpose(e *element3) {
	has := map[string]bool{}
	for _, p := range r.texts() {
		has[strings.ToLower(term(p))] = true
	}
	e.purposed = true
	executable, archive, structured := has["executable"], has["archive"], has["container"]
	e.Executable, e.Archive = &executable, &archive
	if structured || has["firmware"] {
		e.Structured = &structured
	}
}

// term is the name that the context of SPDX has for an address of a term.
func term(s string) string {
	rest, ok := strings.CutPrefix(s, "spdx:")
	if !ok {
		_, after, found := strings.Cut(s, "spdx.org/rdf/")
		if !found {
			return s
		}
		if _, rest, ok = strings.Cut(after, "/terms/"); !ok {
			return s
		}
	}
	profile, name, nested := strings.Cut(rest, "/")
	switch {
	case !nested:
		return rest
	case strings.Contains(name, "/"): // a value of a vocabulary
		return name[strings.LastIndexByte(name, '/')+1:]
	case profile == "Core" || profile == "Licensing":
		return name
	}
	return strings.ToLower(profile) + "_" + name
}

// dashed writes a name of SPDX 3 in small letters with dashes: dependsOn.
func dashed(s string) string {
	var out strings.Builder
	for i, c := range s {
		if unicode.IsUpper(c) && i > 0 {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(c))
	}
	return out.String()
}

// take keeps an element that was read.
func (r *spdx3) take(e *element3) {
	if r.err != nil {
		return
	}
	if e.id == "" {
		r.blank++
		e.id = fmt.Sprintf("_:%d", r.blank)
	}
	profile, kind, profiled := strings.Cut(e.kind, "_")
	switch {
	case e.kind == "CreationInfo":
		r.creations[e.id] = e.creation
		if r.creation == "" {
			r.creation = e.id
		}
	case e.kind == "SpdxDocument", e.kind == "software_Sbom", e.kind == "Bom", e.kind == "Bundle":
		r.container(e)
	case kind == "File" && profile == "software":
		r.other(e.id)
		e.Package.Ref, e.Type, e.Filename = e.id, "file", e.Name
		r.files[e.id] = e.Package
		r.made[e.id] = e.makers
	case strings.HasSuffix(e.kind, "Package"):
		e.Package.Ref = e.id
		r.made[r.add(e.Package)] = e.makers
	case strings.HasSuffix(e.kind, "Relationship") && profile != "security":
		r.other(e.id)
		r.relation(e)
	case profile == "security" && profiled:
		r.other(e.id)
		r.doc.Vulnerabilities++
	case profile == "simplelicensing" || profile == "expandedlicensing":
		r.other(e.id)
		e.licence.kind, e.licence.name = kind, e.Name
		r.licensing.nodes[e.id] = e.licence
	case e.kind == "Person", e.kind == "Organization", e.kind == "Agent", e.kind == "SoftwareAgent", e.kind == "Tool":
		r.other(e.id)
		r.agents[e.id] = Party{Kind: agentKinds[e.kind], Name: r.cut(e.Name), Email: e.email, URL: e.address}
	default:
		r.other(e.id)
	}
}

var agentKinds = map[string]string{"Person": person, "Organization": organisation, "SoftwareAgent": tool, "Tool": tool}

func (r *spdx3) container(e *element3) {
	r.other(e.id)
	r.contained[e.id] = append(r.contained[e.id], e.roots...)
	r.documents = append(r.documents, e.id)
	if e.kind == "SpdxDocument" || r.doc.URI == "" {
		r.doc.URI = e.id
		if e.Name != "" {
			r.doc.Name = e.Name
		}
		if e.creator != "" {
			r.creation = e.creator
		}
	}
}

func (r *spdx3) relation(e *element3) {
	if len(r.relations) == maxRelationships {
		r.fail(fmt.Errorf("sbom: the document has more than %d relationships: divide it into several", maxRelationships))
		return
	}
	r.relations = append(r.relations, e.relation)
}

// join makes one document of the elements, once all are known.
func (r *spdx3) join() {
	c := r.creations[r.creation]
	if c.version != "" {
		r.doc.Version = c.version
	}
	r.doc.Created = r.date(c.date)
	for _, id := range append(c.by, c.using...) {
		if p, ok := r.agents[id]; ok && p.Name+p.Email+p.URL != "" {
			r.doc.Creators = append(r.doc.Creators, p)
		}
	}
	switch v := r.doc.Version; {
	case v == "":
		r.fail(fmt.Errorf("%w: it does not say which version of SPDX it is of", ErrNotSBOM))
		return
	case v != "3.0" && !strings.HasPrefix(v, "3.0."):
		r.remark("a version that is not known, read as 3.0.1", v)
	}
	for _, id := range r.documents {
		r.root(id, 0)
	}
	for ref, by := range r.made {
		if at, ok := r.at[ref]; ok {
			p := &r.doc.Packages[at]
			p.Originator, p.Supplier = r.firstAgent(by.originators), r.firstAgent(by.suppliers)
		}
	}
	declared, concluded, effective := map[string][]string{}, map[string][]string{}, map[string][]string{}
	for i := range r.relations {
		switch rel := &r.relations[i]; {
		case rel.kind == "hasDeclaredLicense":
			declared[rel.from] = append(declared[rel.from], r.licencesOf(rel.to)...)
		case rel.kind == "hasConcludedLicense":
			concluded[rel.from] = append(concluded[rel.from], r.licencesOf(rel.to)...)
		case rel.kind == "other" && rel.comment == "hasEffectiveLicense":
			effective[rel.from] = append(effective[rel.from], r.licencesOf(rel.to)...)
		default:
			r.edgesOf(rel)
		}
	}
	for i := range r.doc.Packages {
		p := &r.doc.Packages[i]
		p.Declared, p.Concluded, p.Effective = r.joined(declared[p.Ref]), r.joined(concluded[p.Ref]), r.joined(effective[p.Ref])
	}
}

func (r *spdx3) firstAgent(ids []string) *Party {
	for _, id := range ids {
		if p, ok := r.agents[id]; ok {
			return &p
		}
	}
	return nil
}

// root follows what is described down to packages: a document describes a list
// of materials, which has a package for its root. A file that is a root is taken
// for a package.
func (r *spdx3) root(id string, depth int) {
	if depth > 3 {
		return
	}
	for _, ref := range r.contained[id] {
		if _, container := r.contained[ref]; container {
			r.root(ref, depth+1)
			continue
		}
		r.describe(ref)
	}
}

func (r *spdx3) describe(ref string) {
	if f, ok := r.files[ref]; ok {
		delete(r.files, ref)
		r.add(f)
	}
	r.doc.Roots = append(r.doc.Roots, ref)
}

func (r *spdx3) edgesOf(rel *relation3) {
	for _, to := range rel.to {
		switch name := term(to); {
		case name == "NoneElement":
			if rel.kind == "dependsOn" {
				r.doc.Leaves = append(r.doc.Leaves, rel.from)
			}
		case name == "NoAssertionElement":
			if rel.kind == "dependsOn" {
				r.doc.Incomplete = append(r.doc.Incomplete, rel.from)
			}
		case rel.kind == "describes":
			if _, document := r.contained[rel.from]; document {
				r.describe(to)
			}
		case rel.kind == "hasDistributionArtifact":
			r.artefact(rel.from, to)
		default:
			r.relate(rel.from, dashed(rel.kind), to)
		}
	}
	if rel.kind != "dependsOn" && rel.kind != "contains" {
		return
	}
	switch rel.completeness {
	case "complete":
		r.doc.Complete = append(r.doc.Complete, rel.from)
	case "incomplete", "noAssertion":
		r.doc.Incomplete = append(r.doc.Incomplete, rel.from)
	}
}

// artefact gives a package what its deployable form, a file, is said to be.
func (r *spdx3) artefact(ref, file string) {
	at, ok := r.at[ref]
	f, is := r.files[file]
	if !ok || !is {
		return
	}
	p := &r.doc.Packages[at]
	if p.Filename != "" {
		r.remark("packages with several deployable forms, of which the first is taken", ref)
		return
	}
	p.Filename, p.Hashes = f.Filename, append(p.Hashes, f.Hashes...)
	p.Executable, p.Archive, p.Structured = f.Executable, f.Archive, f.Structured
	if p.DownloadURL == "" {
		p.DownloadURL = f.DownloadURL
	}
}

func (r *spdx3) licencesOf(ids []string) (out []string) {
	for _, id := range ids {
		out = append(out, r.licence(r.licensing.expression(r.draft, id, 0)))
	}
	return out
}
