// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/allmende-registry/allmende/publiccode"
)

// maxBrackets bounds how deep a TOML file can be nested, by brackets and dots,
// since its reader does not.
const maxBrackets = 5000

// readTOML returns nil, which is as good as an empty table, for what is none.
func readTOML(src []byte) object {
	if bytes.Count(src, []byte("["))+bytes.Count(src, []byte("{"))+bytes.Count(src, []byte(".")) > maxBrackets {
		return nil
	}
	var o map[string]any
	if toml.Unmarshal(src, &o) != nil {
		return nil
	}
	return o
}

// readPyProject: https://packaging.python.org/en/latest/specifications/pyproject-toml/
// and, in older files, the section of Poetry.
func readPyProject(src []byte, m *manifest) {
	o := readTOML(src)
	p := o.sub("project")
	if p.text("name") == "" {
		p = o.sub("tool", "poetry")
	}
	m.name = p.text("name")
	m.description = p.text("description")
	m.version = p.text("version")
	m.addLicence(cmp.Or(p.text("license"), p.text("license", "text")))
	for _, c := range p.list("classifiers") {
		s, _ := c.(string)
		m.classifier(s)
	}
	addresses := p.sub("urls")
	for name := range addresses {
		switch u := addresses.text(name); strings.ToLower(name) {
		case "repository", "source", "source code", "github", "gitlab":
			m.repository = cmp.Or(u, m.repository)
		case "homepage", "home":
			m.homepage = u
		case "documentation", "docs":
			m.documentation = u
		}
	}
	m.repository = cmp.Or(p.text("repository"), m.repository)
	m.homepage = cmp.Or(p.text("homepage"), m.homepage)
	m.documentation = cmp.Or(p.text("documentation"), m.documentation)
	for _, who := range slices.Concat(p.list("maintainers"), p.list("authors")) {
		if s, ok := who.(string); ok {
			m.people = append(m.people, person(s))
			continue
		}
		who := asObject(who)
		m.people = append(m.people, publiccode.Contact{Name: who.text("name"), Email: who.text("email")})
	}
}

// classifier reads a classifier of the Python Package Index:
// https://pypi.org/classifiers/
func (m *manifest) classifier(s string) {
	parts := strings.Split(s, " :: ")
	switch last := parts[len(parts)-1]; parts[0] {
	case "License":
		if len(m.licences) == 0 && len(parts) > 2 {
			m.addLicence(last)
		}
	case "Development Status":
		switch {
		case strings.HasPrefix(last, "1"):
			m.status = "concept"
		case strings.HasPrefix(last, "2"), strings.HasPrefix(last, "3"):
			m.status = "development"
		case strings.HasPrefix(last, "4"):
			m.status = "beta"
		case strings.HasPrefix(last, "5"), strings.HasPrefix(last, "6"):
			m.status = "stable"
		case strings.HasPrefix(last, "7"):
			m.status = "obsolete"
		}
	}
}

// readCargo: https://doc.rust-lang.org/cargo/reference/manifest.html
func readCargo(src []byte, m *manifest) {
	o := readTOML(src)
	p, common := o.sub("package"), o.sub("workspace", "package")
	field := func(name string) string { return cmp.Or(p.text(name), common.text(name)) }
	m.name = p.text("name")
	m.description = field("description")
	m.version = field("version")
	m.repository = field("repository")
	m.homepage = field("homepage")
	m.documentation = field("documentation")
	m.addLicence(strings.ReplaceAll(field("license"), "/", " OR ")) // the old form
	for _, who := range slices.Concat(p.list("authors"), common.list("authors")) {
		if s, ok := who.(string); ok {
			m.people = append(m.people, person(s))
		}
	}
	if o["lib"] != nil && o["bin"] == nil {
		m.softwareType = "library"
	}
}
