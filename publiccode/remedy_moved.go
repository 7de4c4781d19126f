// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The remedies of this file bring values to the keys that took the place of
// deprecated ones.

// succeed mends a deprecated key that has a successor.
func (w *rewrite) succeed(f Finding) bool {
	n := w.key(f)
	if n == nil {
		return false
	}
	section := w.parent[n]
	switch {
	case len(f.Key) == 2 && section == w.root:
		return w.leaveCountry(f)
	case f.Key == "monochromeLogo" && !w.has(section, "logo"):
		return w.change(n, textNode("logo"))
	case f.Key == "monochromeLogo":
		return w.remove(n)
	case f.Key == "legal.repoOwner":
		return w.publisherName(n)
	case strings.EqualFold(f.Key, "it.riuso.codiceIPA"):
		return w.sectionsOf("it") == 1 && w.ipaPublisher(w.value(n)) && w.remove(n)
	}
	flat, _ := findKey(flatKeys, f.Key)
	return flat != nil && w.leaveFlat(n, flatPaths[flat.name])
}

// leaveFlat replaces a key of a draft without sections by what took the place of
// the path in the Italian section, unless such a section may say otherwise.
func (w *rewrite) leaveFlat(n *yaml.Node, path string) bool {
	v, alias := w.value(n), italianAliases[path]
	switch {
	case v.Kind != yaml.ScalarNode || w.sectionsOf("it") > 0:
		return false
	case alias == "":
		return w.ipaPublisher(v) && w.remove(n)
	}
	switch meantFlag(v.Value) {
	case "true":
		return w.support([]string{alias}) && w.remove(n)
	case "false":
		return w.remove(n)
	}
	return false
}

// ipaURN begins the URN of a body in the Italian register of administrations.
const ipaURN = "urn:x-italian-pa:"

func tokenOf(n *yaml.Node) string { return strings.TrimSpace(stripInvisible(n.Value)) }

// publisherName moves legal.repoOwner to organisation.name, where the
// organisation has an address, which it must have, and no other name.
func (w *rewrite) publisherName(n *yaml.Node) bool {
	owner, organisation := w.value(n), w.section("organisation")
	if owner.Kind != yaml.ScalarNode || organisation == nil || !w.has(organisation, "uri") {
		return false
	}
	if names := find(organisation, []string{"name"}); len(names) > 0 {
		return strings.EqualFold(tokenOf(names[0]), tokenOf(owner)) && w.remove(n)
	}
	return w.insert(organisation, organisationKeys, "name", textNode(tokenOf(owner))) && w.remove(n)
}

// section is the mapping behind a key of the root; nil where there is none, or
// more than one.
func (w *rewrite) section(name string) *yaml.Node {
	if all := written(w.root, []string{name}); len(all) == 1 && all[0].Kind == yaml.MappingNode {
		return all[0]
	}
	return nil
}

// ipaPublisher makes the address of the organisation of a code of the Italian
// register.
func (w *rewrite) ipaPublisher(code *yaml.Node) bool {
	return code.Kind == yaml.ScalarNode && isIPA(tokenOf(code)) && w.publisher(ipaURN+tokenOf(code))
}

// publisher writes the address of the organisation, where none or the same is
// there.
func (w *rewrite) publisher(uri string) bool {
	organisation := w.section("organisation")
	switch {
	case organisation != nil:
		if uris := find(organisation, []string{"uri"}); len(uris) > 0 {
			return tokenOf(uris[0]) == uri
		}
		return w.insert(organisation, organisationKeys, "uri", textNode(uri))
	case w.has(w.root, "organisation"):
		return false
	}
	return w.insert(w.root, rootKeys, "organisation", sectionNode(textNode("uri"), textNode(uri)))
}

// insert adds a key where the order of the standard has it: after the last of
// those before it that are there.
func (w *rewrite) insert(section *yaml.Node, keys []keySpec, name string, v *yaml.Node) bool {
	var after *yaml.Node
	at := slices.IndexFunc(keys, func(k keySpec) bool { return k.name == name })
	best := -1
	for i := 0; i+1 < len(section.Content); i += 2 {
		key := section.Content[i]
		if w.removed[key] {
			continue
		}
		place := slices.IndexFunc(keys, func(k keySpec) bool { return k.name == key.Value })
		if at < 0 || place >= best && place < at && place >= 0 {
			after, best = key, place
		}
	}
	return w.add(section, after, name, v)
}

// leaveCountry replaces a country section by supports and organisation, where
// these can say all that it says, and no other section speaks of the country.
func (w *rewrite) leaveCountry(f Finding) bool {
	n := w.key(f)
	if n == nil || w.parent[n] != w.root {
		return false
	}
	if w.sectionsOf(f.Key) > 1 {
		return false
	}
	var facts country
	ok := false
	switch v := resolve(w.value(n)); {
	case isEmpty(v):
		ok = true
	case strings.EqualFold(n.Value, "it"):
		ok = facts.italian(v)
	case strings.EqualFold(n.Value, "de"):
		ok = facts.german(v)
	}
	return ok && (facts.organisation == "" || w.publisher(facts.organisation)) && w.support(facts.supports) && w.remove(n)
}

// sectionsOf counts the sections of a country.
func (w *rewrite) sectionsOf(code string) int {
	count := 0
	for i := 0; i < len(w.root.Content); i += 2 {
		if strings.EqualFold(resolve(w.root.Content[i]).Value, code) {
			count++
		}
	}
	return count
}

// italian collects what the Italian section says; false where the newer keys
// cannot say it. What it says of conformity with rules other than the GDPR was
// given up without a successor in 0.5.
func (c *country) italian(section *yaml.Node) bool {
	return eachPair(section, func(group, v *yaml.Node) bool {
		spec, _ := exactKey(italianKeys, group.Value)
		switch {
		case isEmpty(v):
			return true
		case spec == nil:
			return false
		case spec.keys == nil:
			return v.Kind == yaml.ScalarNode
		}
		return eachPair(v, func(key, v *yaml.Node) bool {
			known, _ := exactKey(spec.keys, key.Value)
			switch {
			case isEmpty(v):
				return true
			case known == nil || v.Kind != yaml.ScalarNode:
				return false
			case known.kind == KindIPA:
				c.organisation = ipaURN + tokenOf(v)
				return isIPA(tokenOf(v))
			case meantFlag(v.Value) == "true" && italianAliases[group.Value+"."+key.Value] != "":
				c.support(italianAliases[group.Value+"."+key.Value])
			}
			return meantFlag(v.Value) != ""
		})
	})
}

// german collects the numbers of services; what else the German section says of
// them has no other place.
func (c *country) german(section *yaml.Node) bool {
	return eachPair(section, func(key, v *yaml.Node) bool {
		switch {
		case key.Value == "countryExtensionVersion":
			return v.Kind == yaml.ScalarNode
		case isEmpty(v):
			return true
		case key.Value != "leika" || v.Kind != yaml.SequenceNode:
			return false
		}
		for _, entry := range v.Content {
			if entry.Kind == yaml.MappingNode && len(entry.Content) == 2 && entry.Content[0].Value == "leika-id" {
				entry = entry.Content[1]
			}
			if entry.Kind != yaml.ScalarNode || len(tokenOf(entry)) != 14 || !isNumber(tokenOf(entry)) {
				return false
			}
			c.supports = append(c.supports, leikaURN+tokenOf(entry))
		}
		return true
	})
}

// leikaURN begins the URN of a service in the German catalogue of services.
const leikaURN = "urn:de:fim:leika:leistung:"

// eachPair asks of all keys of a mapping; false where it is none, where others are
// merged into it and where a key stands twice.
func eachPair(n *yaml.Node, ok func(key, v *yaml.Node) bool) bool {
	if n.Kind != yaml.MappingNode {
		return false
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolve(n.Content[i])
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" || seen[key.Value] || !ok(key, resolve(n.Content[i+1])) {
			return false
		}
		seen[key.Value] = true
	}
	return true
}

// support adds to supports what is not there yet.
func (w *rewrite) support(ids []string) bool {
	var list *yaml.Node
	switch lists := find(w.root, []string{"supports"}); len(lists) {
	case 0:
	case 1:
		list = lists[0]
	default:
		return false
	}
	var missing []*yaml.Node
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		same := func(n *yaml.Node) bool { return n.Value == id } // an entry may be an id alone
		if list == nil || !slices.ContainsFunc(slices.Concat(find(list, []string{"*", "id"}), find(list, []string{"*"})), same) {
			missing = append(missing, sectionNode(textNode("id"), textNode(id)))
		}
	}
	switch {
	case len(missing) == 0:
		return true
	case list == nil:
		return w.insert(w.root, rootKeys, "supports", listNode(missing...))
	case list.Kind != yaml.SequenceNode || isEmpty(list):
		return false
	}
	return w.append(list, missing...)
}
