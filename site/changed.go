// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"cmp"
	"encoding/json"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// maxValue bounds a value before and after a change, in characters.
const maxValue = 200

// changed is a value before and after a change.
type changed struct {
	Label    string // name of the value, or its JSON Pointer
	Old, New string // "" where there was none, or is none any more
	More     int    // others that changed from the same to the same
}

// fact is a value of an entry that has a name: the key of its text, and how
// its codes are called, where they are codes.
type fact struct {
	key  string
	call func(value, lang string) string
}

// facts are the values that have a name, by their JSON Pointer; * is any index
// or language. The members of a list are called like the list.
var facts = map[string]fact{
	"/publiccode/publiccodeYmlVersion":            {"origin.standard", nil},
	"/publiccode/name":                            {"publishers.name", nil},
	"/publiccode/applicationSuite":                {"software.suite", nil},
	"/publiccode/url":                             {"changed.url", nil},
	"/publiccode/landingURL":                      {"software.landing", nil},
	"/publiccode/roadmap":                         {"software.roadmap", nil},
	"/publiccode/softwareVersion":                 {"software.version", nil},
	"/publiccode/releaseDate":                     {"software.release", dayInWords},
	"/publiccode/developmentStatus":               {"software.status", publiccode.StatusLabel},
	"/publiccode/softwareType":                    {"software.type", publiccode.TypeLabel},
	"/publiccode/platforms":                       {"software.platforms", publiccode.PlatformLabel},
	"/publiccode/categories":                      {"software.categories", publiccode.CategoryLabel},
	"/publiccode/usedBy":                          {"software.usedBy", nil},
	"/publiccode/isBasedOn":                       {"software.basedOn", nil},
	"/publiccode/supports":                        {"software.supports", publiccode.SupportLabel},
	"/publiccode/organisation":                    {"software.organisation", nil},
	"/publiccode/organisation/name":               {"software.organisation", nil},
	"/publiccode/fundedBy":                        {"software.fundedBy", nil},
	"/publiccode/intendedAudience/scope":          {"software.audience", publiccode.ScopeLabel},
	"/publiccode/legal/license":                   {"software.licence", nil},
	"/publiccode/legal/mainCopyrightOwner":        {"software.owner", nil},
	"/publiccode/maintenance/type":                {"software.maintType", publiccode.MaintenanceLabel},
	"/publiccode/maintenance/contacts":            {"software.contacts", nil},
	"/publiccode/maintenance/contractors":         {"software.contractors", nil},
	"/publiccode/localisation/availableLanguages": {"software.interface", languageName},
	"/publiccode/dependsOn/open":                  {"depends.open", nil},
	"/publiccode/dependsOn/proprietary":           {"depends.proprietary", nil},
	"/publiccode/dependsOn/hardware":              {"depends.hardware", nil},
	"/publiccode/description/*/localisedName":     {"publishers.name", nil},
	"/publiccode/description/*/genericName":       {"changed.generic", nil},
	"/publiccode/description/*/shortDescription":  {"changed.short", nil},
	"/publiccode/description/*/longDescription":   {"software.about", nil},
	"/publiccode/description/*/features":          {"software.features", nil},
	"/publiccode/description/*/documentation":     {"software.documentation", nil},
	"/publiccode/description/*/apiDocumentation":  {"software.apidocs", nil},
	"/publisher/name":                             {"software.publisher", nil},
	"/publisher/region":                           {"regions.name", registry.RegionName},
	"/repository/url":                             {"software.repository", nil},
	"/repository/description":                     {"changed.repository", nil},
	"/repository/licence":                         {"changed.forgeLicence", nil},
	"/repository/language":                        {"software.language", nil},
	"/repository/topics":                          {"software.topics", nil},
	"/repository/stars":                           {"software.stars", nil},
	"/repository/forks":                           {"software.forks", nil},
	"/repository/archived":                        {"changed.archived", nil},
	"/repository/pushed":                          {"software.pushed", dayInWords},
	"/repository/created":                         {"software.created", dayInWords},
	"/activity/releases":                          {"changed.releases", nil},
	"/activity/commits/total":                     {"health.commits", nil},
	"/activity/commits/authors":                   {"health.authors", nil},
	"/activity/openIssues":                        {"health.issues", nil},
	"/activity/helpWanted":                        {"activity.help", nil},
	"/licence/verdict":                            {"facet.verdict", func(value, lang string) string { return word(lang, "card", value) }},
	"/findings":                                   {"rule.finding", nil},
	"/locations":                                  {"locations.title", nil},
	"/adoptions":                                  {"adopters.title", nil},
	"/comaintenance":                              {"together.title", nil},
	"/forks":                                      {"family.title", nil},
	"/stale":                                      {"changed.stale", nil},
	"/overrides":                                  {"override.title", nil},
}

// named finds the name of a value, with the language where it is a text of the
// description.
func named(lang, pointer string) (label string, f fact, ok bool) {
	pattern, of := pointer, ""
	if rest, ok := strings.CutPrefix(pointer, "/publiccode/description/"); ok {
		tag, key, _ := strings.Cut(rest, "/")
		pattern, of = "/publiccode/description/*/"+key, tag
	}
	if f, ok = facts[pattern]; !ok {
		list, index := path.Split(pattern)
		if _, err := strconv.Atoi(index); err != nil {
			return "", f, false
		}
		if f, ok = facts[strings.TrimSuffix(list, "/")]; !ok {
			return "", f, false
		}
	}
	label, err := translate(lang, f.key)
	if of != "" {
		label += " (" + shorten(languageName(of, lang), maxName) + ")"
	}
	return label, f, err == nil
}

// newChanged puts differences in words, those that have a name apart from the
// others. A change of the same to the same in several places, such as a new
// commit in all the files, is told once.
func newChanged(lang string, differences []registry.Difference) (known, others []changed, rest int) {
	type key struct{ label, old, new string }
	at := map[key]*changed{}
	for _, d := range differences {
		if d.Path == "/id" {
			continue // the change itself tells
		}
		label, f, ok := named(lang, d.Path)
		into := &others
		c := changed{Old: inWords(lang, d.Old, f), New: inWords(lang, d.New, f)}
		k := key{label, string(d.Old), string(d.New)}
		if ok {
			into, c.Label = &known, label
		} else {
			c.Label = cmp.Or(shorten(d.Path, maxValue), "/")
		}
		if same := at[k]; same != nil {
			if !ok {
				same.More++
			}
			continue
		}
		if len(*into) == maxChanged {
			rest++
			continue
		}
		if *into == nil {
			*into = make([]changed, 0, maxChanged) // so that at stays right
		}
		*into = append(*into, c)
		at[k] = &(*into)[len(*into)-1]
	}
	return known, others, rest
}

// inWords is a value of JSON as people write it.
func inWords(lang string, raw json.RawMessage, f fact) string {
	if len(raw) == 0 {
		return ""
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return ""
	}
	return shorten(f.words(lang, value), maxValue)
}

func (f fact) words(lang string, value any) string {
	switch v := value.(type) {
	case string:
		if f.call != nil {
			return f.call(v, lang)
		}
		return v
	case bool:
		if v {
			return say(lang, "editor.yes")
		}
		return say(lang, "editor.no")
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return formatNumber(lang, n)
		}
		return v.String()
	case []any:
		var all []string
		for _, member := range v[:min(len(v), maxItems)] {
			all = append(all, f.words(lang, member))
		}
		return strings.Join(all, ", ")
	case map[string]any:
		if code, ok := v["code"].(string); ok && f.key == "rule.finding" {
			return findingInWords(lang, code, v)
		}
		for _, name := range []string{"name", "tag", "title", "url", "id"} {
			if text, ok := v[name].(string); ok && text != "" {
				return text
			}
		}
	}
	out, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(out)
}

// findingInWords is the message of a finding with its code.
func findingInWords(lang, code string, value map[string]any) string {
	var f publiccode.Finding
	raw, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if err != nil {
		return code
	}
	return strings.TrimSpace(code + " " + f.Message(lang))
}

// dayInWords is a date or a moment in words; what is neither stays as it is.
func dayInWords(value, lang string) string {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return formatDate(lang, t)
	}
	if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
		return formatMoment(lang, t)
	}
	return value
}
