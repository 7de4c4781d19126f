// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// countryFacts is what the country sections of older files say and the model
// holds elsewhere.
type countryFacts struct {
	organisation string   // URI
	supports     []string // aliases and URNs
}

// italianAliases maps keys of the Italian section to the aliases that took
// their place in 0.7.
var italianAliases = map[string]string{
	"piattaforme.spid":   "alias:spid",
	"piattaforme.cie":    "alias:cie",
	"piattaforme.anpr":   "alias:anpr",
	"piattaforme.pagopa": "alias:pagopa",
	"piattaforme.io":     "alias:io",
	"conforme.gdpr":      "alias:gdpr",
}

// rootException takes the keys that may stand at the top of a file besides
// those of the standard: country sections.
func (d *decoder) rootException(p pair) bool {
	name := p.key.Value
	upper := strings.ToUpper(name)
	switch {
	case len(name) == 2 && isCountry(upper):
		d.countrySection(p.value, name, upper)
	case strings.HasPrefix(name, "it-"):
		// Drafts of the Italian section wrote it without nesting:
		// it-riuso-codiceIPA.
		key := strings.Replace(strings.TrimPrefix(name, "it-"), "-", ".", 1)
		d.add("PC0409", p.value.at, name, "IT."+key)
		d.italian(key, p.value)
	default:
		return false
	}
	return true
}

func (d *decoder) countrySection(v value, name, upper string) {
	switch {
	case d.version == preview:
		d.add("PC0419", v.at, v.path, d.version.String(), "supports, organisation")
	case d.version >= 7:
		d.add("PC0414", v.at, v.path)
	case d.version >= 5 && name != upper:
		d.add("PC0413", v.at, v.path, upper)
	}
	if isEmpty(v.node) {
		return
	}
	if v.node.Kind != yaml.MappingNode {
		de, en := kindWords(v.node)
		d.add("PC0203", v.position(), v.path, de, en)
		return
	}
	switch upper {
	case "IT":
		for _, group := range d.pairs(v) {
			if group.value.node.Kind != yaml.MappingNode {
				continue
			}
			for _, p := range d.pairs(group.value) {
				d.italian(group.key.Value+"."+p.key.Value, p.value)
			}
		}
	case "DE":
		for _, p := range d.pairs(v) {
			if p.key.Value == "leika" {
				d.leika(p.value)
			}
		}
	}
}

// italian reads one key of the Italian section.
func (d *decoder) italian(key string, v value) {
	if isEmpty(v.node) {
		return
	}
	switch {
	case strings.HasPrefix(key, "conforme.") || strings.HasPrefix(key, "piattaforme."):
		yes, ok := d.boolean(v)
		if alias := italianAliases[key]; ok && yes && alias != "" {
			d.country.supports = append(d.country.supports, alias)
		}
		if d.version >= 5 && d.version < 7 && strings.HasPrefix(key, "conforme.") {
			d.add("PC0403", v.at, v.path, "0.5")
		}
	case key == "riuso.codiceIPA":
		if code, ok := d.token(v); ok {
			d.country.organisation = "urn:x-italian-pa:" + code
			if d.version >= 5 && d.version < 7 {
				d.add("PC0404", v.at, v.path, "0.5", "organisation.uri: "+d.country.organisation)
			}
		}
	}
}

// leika reads the German list of administrative services: entries with the
// key leika-id, or the numbers alone.
func (d *decoder) leika(v value) {
	for _, item := range d.entries(v) {
		id := ""
		switch item.node.Kind {
		case yaml.MappingNode:
			for _, p := range d.pairs(item) {
				if p.key.Value == "leika-id" && !isEmpty(p.value.node) {
					id, _ = d.scalar(p.value)
				}
			}
		case yaml.ScalarNode:
			id, _ = d.scalar(item)
		}
		if len(id) == 14 && strings.Trim(id, "0123456789") == "" {
			d.country.supports = append(d.country.supports, "urn:de:fim:leika:leistung:"+id)
		}
	}
}

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
	if p.Organisation == nil && (p.Legal.RepoOwner != "" || d.country.organisation != "") {
		p.Organisation = &Organisation{Name: p.Legal.RepoOwner, URI: d.country.organisation}
	}
	for _, s := range d.country.supports {
		if !slices.Contains(p.Supports, s) {
			p.Supports = append(p.Supports, s)
		}
	}
}
