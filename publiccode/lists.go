// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"maps"
	"slices"
	"strings"
)

// checkList holds a value against a closed list. It returns the spelling of
// the list where only capital letters were wrong.
func (d *decoder) checkList(v value, t string, allowed []string) string {
	if slices.Contains(allowed, t) {
		return t
	}
	if n := d.nearest(t, allowed); n != "" {
		d.add("PC0302", v.position(), v.path, t, n)
	} else {
		d.add("PC0301", v.position(), v.path, t, strings.Join(allowed, ", "))
	}
	for _, a := range allowed {
		if strings.EqualFold(a, t) {
			return a
		}
	}
	return t
}

func (d *decoder) checkStatus(v value, t string) string { return d.checkList(v, t, statuses) }

func (d *decoder) checkMaintenance(v value, t string) string {
	return d.checkList(v, t, maintenanceTypes)
}

// oldTypes are spellings of softwareType that the text of version 0.2 still
// named.
var oldTypes = map[string]string{"standalone": "standalone/other", "softwareAddon": "addon"}

// checkType reads softwareType.
func (d *decoder) checkType(v value, t string) string {
	if now, ok := oldTypes[t]; ok {
		switch {
		case d.version == draft:
		case d.version <= 2:
			d.add("PC0407", v.position(), v.path, t, now)
		default:
			d.add("PC0302", v.position(), v.path, t, now)
		}
		return now
	}
	return d.checkList(v, t, softwareTypes)
}

func (d *decoder) checkCategory(v value, t string) string {
	since, ok := categorySince[t]
	switch {
	case d.version == draft: // whose tags were a list of their own
	case !ok:
		if n := d.nearest(t, categories); n != "" {
			d.add("PC0302", v.position(), v.path, t, n)
		} else {
			d.add("PC0303", v.position(), v.path, t)
		}
	case since > d.version:
		d.add("PC0406", v.position(), v.path, t, since.String(), d.version.String())
	}
	return t
}

func (d *decoder) checkScope(v value, t string) string {
	if known := slices.ContainsFunc(scopeTerms, func(s term) bool { return s.code == t && s.in(d.version) }); !known && d.version != draft { // whose onlyFor named kinds of bodies
		if n := d.nearest(t, scopes); n != "" && n != t {
			d.add("PC0302", v.position(), v.path, t, n)
		} else {
			d.add("PC0304", v.position(), v.path, t)
		}
	}
	return t
}

// platformNames are other names of the predefined platforms.
var platformNames = map[string]string{
	"macos": "mac", "osx": "mac", "os x": "mac", "mac os": "mac", "mac os x": "mac",
	"browser": "web", "iphone": "ios", "win": "windows",
}

func (d *decoder) checkPlatform(v value, t string) string {
	l := strings.ToLower(t)
	if other, ok := platformNames[l]; ok {
		l = other
	}
	if l != t && slices.Contains(platforms, l) {
		d.add("PC0501", v.position(), v.path, t, l)
		return l
	}
	return t
}

// checkSupport reads an entry of supports: an alias of the list, or any URI.
func (d *decoder) checkSupport(v value, t string) string {
	alias, ok := strings.CutPrefix(t, "alias:")
	if !ok {
		return d.checkURI(v, t)
	}
	if _, known := supportAliases[alias]; !known {
		names := slices.Sorted(maps.Keys(supportAliases))
		if n := d.nearest(alias, names); n != "" {
			d.add("PC0302", v.position(), v.path, t, "alias:"+n)
		} else {
			d.add("PC0321", v.position(), v.path, alias, strings.Join(names, ", "))
		}
	}
	return t
}

// nearest saves the search once nobody would read its result.
func (d *decoder) nearest(s string, words []string) string {
	if d.report.full {
		return ""
	}
	return nearest(s, words)
}
