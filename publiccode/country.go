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
	if len(find(v.node, []string{"countryExtensionVersion"})) == 0 && d.version < 7 && (upper == "IT" || upper == "DE") {
		d.add("PC0111", v.at, v.path)
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
			d.support(alias)
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

// leikaKeys are the keys of an entry in the German list of administrative
// services.
var leikaKeys = []keySpec{
	{name: "themenfeld"},
	{name: "lebenslage"},
	{name: "ozg-id"},
	{name: "leika-id"},
}

// themenfelder are the fields of services of the Onlinezugangsgesetz, as the
// German extension of the standard lists them.
var themenfelder = []string{
	"Arbeit & Ruhestand", "Bauen & Wohnen", "Bildung", "Ein- & Auswanderung", "Engagement & Hobby",
	"Familie & Kind", "Forschung & Förderung", "Gesundheit", "Mobilität & Reisen", "Querschnitt",
	"Recht & Ordnung", "Steuern & Zoll", "Umwelt", "Unternehmensführung & -entwicklung",
}

// leika reads the German list of administrative services: entries with the
// keys of the extension, or the numbers alone.
func (d *decoder) leika(v value) {
	for _, item := range d.entries(v) {
		if item.node.Kind != yaml.MappingNode {
			if id, ok := d.token(item); ok {
				d.leistung(d.checkLeika(item, id))
			}
			continue
		}
		entry := d.section(item, leikaKeys)
		entry.checked("themenfeld", d.checkThemenfeld)
		if id := entry.checked("leika-id", d.checkLeika); id != "" {
			d.leistung(id)
		} else if id := entry.token("ozg-id"); isNumber(id) {
			d.support("urn:x-ozg:" + id)
		}
	}
}

func (d *decoder) leistung(id string) {
	if id != "" {
		d.support("urn:de:fim:leika:leistung:" + id)
	}
}

func (d *decoder) support(id string) { d.country.supports = append(d.country.supports, id) }

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
	if p.Organisation == nil && (p.Legal.RepoOwner != "" || d.country.organisation != "") {
		p.Organisation = &Organisation{Name: p.Legal.RepoOwner, URI: d.country.organisation}
	}
	for _, s := range d.country.supports {
		if !slices.Contains(p.Supports, s) {
			p.Supports = append(p.Supports, s)
		}
	}
}
