// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// country is what the section of a country says that the model holds elsewhere.
type country struct {
	code         string   // in capitals
	section      value    // its node is nil where there are only keys of a draft
	organisation string   // URI
	supports     []string // aliases and URNs
}

func (c *country) support(id string) { c.supports = append(c.supports, id) }

// country returns what is known of a country, given in capitals.
func (d *decoder) country(code string) *country {
	for _, c := range d.countries {
		if c.code == code {
			return c
		}
	}
	d.countries = append(d.countries, &country{code: code})
	return d.countries[len(d.countries)-1]
}

// rootException takes the keys that may stand at the top of a file besides
// those of the standard: country sections.
func (d *decoder) rootException(p pair) bool {
	code := strings.ToUpper(p.name)
	switch {
	case len(p.name) == 2 && isCountry(code):
		d.countrySection(p.value, p.name, code)
	case strings.HasPrefix(p.name, flatPrefix):
		d.flatItalian(p.value, p.name)
	default:
		return false
	}
	return true
}

func (d *decoder) countrySection(v value, name, code string) {
	mixed := name != code && name != strings.ToLower(code)
	switch {
	case d.version == preview:
		d.add("PC0419", v.at, v.path, d.version.String(), countrySuccessors)
	case d.version >= 7:
		d.add("PC0414", v.at, v.path)
	case d.version >= 5 && name != code && !mixed:
		d.add("PC0413", v.at, v.path, code)
	}
	if mixed && d.version != preview {
		d.add("PC0209", v.at, v.path, countryName(code, d.version))
	}
	c := d.country(code)
	if first := c.section; first.node != nil {
		d.add("PC0212", v.at, v.path, first.path, strconv.Itoa(first.at.line))
		*c = country{code: code}
	}
	c.section = v

	spec := keySpec{kind: KindSection}
	if k, _ := exactKey(countryKeys, code); k != nil {
		spec = *k
	}
	switch {
	case isEmpty(v.node):
		d.emptyOptional(&spec, v)
		return
	case spec.keys == nil: // nobody has said which it has
		if v.node.Kind != yaml.MappingNode {
			de, en := kindWords(v.node)
			d.add("PC0203", v.position(), v.path, de, en)
		}
		return
	}
	v.old = d.version >= 7
	s := d.section(v, spec.keys)
	if s != nil && !v.old && !s.present[extensionVersion] {
		d.add("PC0111", v.at, v.path)
	}
	switch code {
	case "IT":
		d.italian(s, c)
	case "DE":
		s.token(extensionVersion)
		if v, ok := s.get("leika"); ok {
			d.leika(v, c)
		}
	}
}

func (d *decoder) italian(s *section, c *country) {
	s.checked(extensionVersion, d.checkItalianVersion)
	for _, group := range italianKeys {
		v, ok := s.get(group.name)
		if !ok || group.keys == nil {
			continue
		}
		for _, part := range d.parts(&group, v) {
			inside := d.section(part, group.keys)
			for _, k := range group.keys {
				if v, ok := inside.get(k.name); ok {
					d.italianValue(k.kind, group.name+"."+k.name, v, c)
				}
			}
		}
	}
}

// parts returns the sections that make up that of a key: as a rule itself.
func (d *decoder) parts(k *keySpec, v value) []value {
	if !k.listed || v.node.Kind != yaml.SequenceNode || !mergeable(v.node) {
		return []value{v}
	}
	d.add("PC0213", v.position(), v.path)
	parts := d.entries(v)
	for i := range parts {
		parts[i].old = v.old
	}
	return parts
}

// italianValue reads the value of a key of the Italian section.
func (d *decoder) italianValue(kind Kind, path string, v value, c *country) {
	if kind == KindIPA {
		if code, ok := d.token(v); ok && d.checkIPA(v, code) != "" {
			c.organisation = ipaURN + code
		}
		return
	}
	if yes, ok := d.boolean(v); ok && yes && italianAliases[path] != "" {
		c.support(italianAliases[path])
	}
}

// flatItalian reads a key of a draft without sections.
func (d *decoder) flatItalian(v value, name string) {
	k, _ := findKey(flatKeys, name)
	if k == nil {
		d.unknownKey(v, name, "", flatKeys)
		return
	}
	path := flatPaths[k.name]
	if !k.old(d.version) {
		d.add("PC0409", v.at, v.path, countryName("IT", d.version)+"."+path)
	}
	d.checkAge(k, v)
	if saysNothing(v.node) {
		d.emptyOptional(k, v)
		return
	}
	d.italianValue(k.kind, path, v, d.country("IT"))
}

func (d *decoder) checkItalianVersion(v value, t string) string {
	return d.checkList(v, t, codes(italianVersions))
}

// checkIPA returns the code, "" where it is none.
func (d *decoder) checkIPA(v value, t string) string {
	if !isIPA(t) {
		d.add("PC0333", v.position(), v.path, t)
		return ""
	}
	return t
}

// leika reads the German list of administrative services: entries with the
// keys of the extension, or the numbers alone.
func (d *decoder) leika(v value, c *country) {
	leistung := func(id string) {
		if id != "" {
			c.support(leikaURN + id)
		}
	}
	for _, item := range d.entries(v) {
		if item.node.Kind != yaml.MappingNode {
			if id, ok := d.token(item); ok {
				leistung(d.checkLeika(item, id))
			}
			continue
		}
		item.old = v.old
		entry := d.section(item, leikaKeys)
		entry.checked("themenfeld", d.checkThemenfeld)
		entry.token("lebenslage")
		ozg := entry.token("ozg-id")
		if id := entry.checked("leika-id", d.checkLeika); id != "" {
			leistung(id)
		} else if isNumber(ozg) {
			c.support("urn:x-ozg:" + ozg)
		}
	}
}

// checkLeika returns the number, "" where it is none.
func (d *decoder) checkLeika(v value, t string) string {
	if len(t) != 14 || !isNumber(t) {
		d.add("PC0330", v.position(), v.path, t)
		return ""
	}
	return t
}

func (d *decoder) checkThemenfeld(v value, t string) string {
	if !slices.Contains(themenfelder, t) {
		d.add("PC0331", v.position(), v.path, t, strings.Join(themenfelder, ", "))
	}
	return t
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// scalar returns the text of a value without any remark.
func (d *decoder) scalar(v value) (string, bool) {
	if v.node.Kind != yaml.ScalarNode {
		return "", false
	}
	t := strings.TrimSpace(stripInvisible(v.node.Value))
	return t, t != ""
}

// applyLegacy fills what newer versions say in their own keys from the
// deprecated keys of older files, where the new keys are absent.
func (d *decoder) applyLegacy(p *PublicCode) {
	uri := ""
	for _, c := range d.countries {
		uri += c.organisation // which Italy alone has
		for _, s := range c.supports {
			if !slices.Contains(p.Supports, s) {
				p.Supports = append(p.Supports, s)
			}
		}
	}
	if p.Organisation == nil && (p.Legal.RepoOwner != "" || uri != "") {
		p.Organisation = &Organisation{Name: p.Legal.RepoOwner, URI: uri}
	}
}
