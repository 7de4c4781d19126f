// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// bilingual is a text in both languages.
type bilingual struct{ de, en string }

func (b bilingual) in(lang string) string {
	if lang == english {
		return b.en
	}
	return b.de
}

var feedTitles = map[string]bilingual{
	"new":      {"Neu im Katalog", "New in the catalogue"},
	"changes":  {"Änderungen", "Changes"},
	"releases": {"Neue Versionen", "New versions"},
	"needs":    {"Bedarfe", "Needs"},
}

var kindWords = map[registry.Kind]bilingual{
	registry.Added:    {"neu", "new"},
	registry.Updated:  {"geändert", "changed"},
	registry.Renamed:  {"umgezogen", "moved"},
	registry.Removed:  {"entfernt", "removed"},
	registry.Restored: {"wieder da", "back again"},
}

var reasonWords = map[registry.Reason]bilingual{
	registry.RepositoryGone: {"Das Repository gibt es nicht mehr.", "The repository is gone."},
	registry.FileGone:       {"Das Repository hat keine publiccode.yml mehr.", "The repository has no publiccode.yml any more."},
	registry.NotCatalogued:  {"Es ist kein eigener Eintrag mehr, zum Beispiel ein technischer Fork.", "It is no entry of its own any more, such as a technical fork."},
	registry.Merged:         {"Es gehört jetzt zu einem anderen Eintrag.", "It belongs to another entry now."},
	registry.Declined:       {"Es soll nach dem Wunsch seiner Verantwortlichen nicht aufgeführt werden.", "Its maintainers do not want it listed."},
	registry.LeftOut:        {"Der Betrieb des Katalogs hat es ausgenommen.", "The operator of the catalogue has excluded it."},
}

// partWords are what parts of an entry are called, by their JSON Pointer; the
// longest one that a path begins with counts. Those of the publiccode.yml have names
// in the standard.
var partWords = map[string]bilingual{
	"/publisher":            {"Herausgeber", "Publisher"},
	"/publisher/region":     {"Region", "Region"},
	"/repository":           {"Angaben der Plattform", "What the forge says"},
	"/repository/archived":  {"Archiviert", "Archived"},
	"/repository/pushed":    {"Änderungen im Repository", "Changes in the repository"},
	"/repository/url":       {"Adresse", "Address"},
	"/publiccode":           {"publiccode.yml", "publiccode.yml"},
	"/findings":             {"Befunde zur publiccode.yml", "Findings in the publiccode.yml"},
	"/stale":                {"Lesbarkeit der publiccode.yml", "Whether the publiccode.yml can be read"},
	"/activity":             {"Aktivität", "Activity"},
	"/activity/releases":    {"Releases", "Releases"},
	"/licence":              {"Belege zur Lizenz", "Evidence of the licence"},
	"/licence/verdict":      {"Angaben zur Lizenz", "Statements of the licence"},
	"/sboms":                {"Stücklisten (SBOM)", "Bills of materials (SBOM)"},
	"/files":                {"Dateien", "Files"},
	"/locations":            {"Weitere Orte", "Other locations"},
	"/basedOn":              {"Abstammung", "Origin"},
	"/technicalForks":       {"Zahl der technischen Forks", "Number of technical forks"},
	"/adoptions":            {"Nachnutzung", "Adoption"},
	"/comaintenance":        {"Gemeinsame Pflege", "Co-maintenance"},
	"/forks":                {"Abstand der Forks", "How far forks are apart"},
	"/overrides":            {"Berichtigungen", "Corrections"},
	"/publiccode/legal":     {"Rechtliches", "Legal"},
	"/publiccode/dependsOn": {"Voraussetzungen", "Dependencies"},
}

// valued are the parts of which values are told, and how a value is called.
var valued = map[string]func(value, lang string) string{
	"/publiccode/name":              itself,
	"/publiccode/softwareVersion":   itself,
	"/publiccode/releaseDate":       itself,
	"/publiccode/developmentStatus": publiccode.StatusLabel,
	"/publiccode/legal/license":     itself,
	"/publisher/name":               itself,
	"/publisher/region":             registry.RegionName,
	"/licence/verdict":              func(value, lang string) string { return registry.LicenceVerdict(value).Wording(lang) },
}

func itself(value, _ string) string { return value }

// keyLabels are the names of the keys of publiccode.yml by their JSON Pointer.
var keyLabels = func() map[string]publiccode.Key {
	all := map[string]publiccode.Key{}
	for _, k := range publiccode.Keys(publiccode.Versions[len(publiccode.Versions)-1]) {
		if strings.Count(k.Path, "[]") == 0 {
			all["/publiccode/"+strings.ReplaceAll(k.Path, ".", "/")] = k
		}
	}
	return all
}()

// part is what a path is called, by the longest beginning that has a name.
func part(pointer string) bilingual {
	const descriptions = "/publiccode/description/"
	if rest, ok := strings.CutPrefix(pointer, descriptions); ok {
		_, key, _ := strings.Cut(rest, "/")
		pointer = descriptions + "[lang]/" + key
	}
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if k, ok := keyLabels[at]; ok {
			return bilingual{k.Label(german), k.Label(english)}
		}
		if label, ok := partWords[at]; ok {
			return label
		}
	}
	return bilingual{"weitere Angaben", "other values"}
}

const maxNamed = 12 // that are named of one change

// noted says a change in words: what it did, then values from and to, then what
// else changed.
func noted(c registry.Change, before, after *registry.Software) (words bilingual) {
	for _, lang := range []string{german, english} {
		var said []string
		switch {
		case c.Kind == registry.Removed:
			said = append(said, reasonWords[c.Reason].in(lang))
		case c.From != "":
			said = append(said, fmt.Sprintf(bilingual{"Vorher: %s.", "Formerly: %s."}.in(lang), c.From))
		}
		if before == nil && after != nil {
			text, _ := after.PublicCode.Text(lang)
			said = append(said, text.ShortDescription)
		}
		if before != nil && after != nil {
			said = append(said, changedParts(registry.Compare(before, after), lang)...)
		}
		text := string(newText(strings.Join(said, " ")))
		if lang == english {
			words.en = text
		} else {
			words.de = text
		}
	}
	return words
}

// changedParts says differences in words.
func changedParts(differences []registry.Difference, lang string) (said []string) {
	var others []string
	for _, d := range differences {
		if d.Path == "/id" {
			continue
		}
		name := part(d.Path).in(lang)
		if call := valued[d.Path]; call != nil {
			said = append(said, fmt.Sprintf("%s: %s → %s.", name, value(d.Old, call, lang), value(d.New, call, lang)))
			continue
		}
		if !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	if len(others) > maxNamed {
		others = append(others[:maxNamed], "…")
	}
	if len(others) > 0 {
		said = append(said, bilingual{"Geändert: ", "Changed: "}.in(lang)+strings.Join(others, ", ")+".")
	}
	return said
}

// value is a value of JSON in words, not too long.
func value(raw json.RawMessage, call func(value, lang string) string, lang string) string {
	var s string
	if json.Unmarshal(raw, &s) != nil || s == "" {
		return "–"
	}
	s = string(newText(call(s, lang)))
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return s
}

// words say when a release was, and what it is called.
func (v version) words(lang string) string {
	said := bilingual{"Veröffentlicht am ", "Released on "}.in(lang) + dayIn(v.at, lang) + "."
	if v.early {
		said += " " + bilingual{"Vorabversion.", "Prerelease."}.in(lang)
	}
	if v.name != "" && v.name != v.version {
		said += " " + v.name
	}
	return said
}

func dayIn(t time.Time, lang string) string {
	return t.UTC().Format(bilingual{"02.01.2006", "2 January 2006"}.in(lang))
}

// title is what the feed is called, with what it is about.
func (f *feed) title() string {
	title := "Allmende: " + feedTitles[f.name].in(f.lang)
	var about []string
	if f.software != "" {
		about = append(about, string(f.software))
	}
	if f.query.Text != "" {
		about = append(about, bilingual{"„" + f.query.Text + "“", "‘" + f.query.Text + "’"}.in(f.lang))
	}
	for _, facet := range filters {
		for _, v := range f.query.Filters[facet.facet] {
			if facet.facet == registry.FacetRegion {
				v = registry.RegionName(v, f.lang)
			}
			about = append(about, v)
		}
	}
	about = append(about, f.about...)
	if len(about) > 0 {
		title += " – " + strings.Join(about, ", ")
	}
	return title
}
