// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// checkCountry returns the code in capitals, "" where it is no country.
func (d *decoder) checkCountry(v value, t string) string {
	d.checkNorway(v)
	upper := strings.ToUpper(t)
	if isCountry(upper) {
		// The versions before 0.5 asked for small letters.
		switch {
		case t != upper && d.version == preview:
			d.add("PC0306", v.position(), v.path, t, upper)
		case t != upper && d.version >= 5:
			d.add("PC0408", v.position(), v.path, t, upper)
		}
		return upper
	}
	switch upper {
	case "UK":
		upper = "GB"
	case "EL":
		upper = "GR"
	default:
		if region, err := language.ParseRegion(upper); err == nil && len(upper) == 3 {
			upper = region.String()
		} else {
			upper = countryNames()[strings.ToLower(t)]
		}
		if !isCountry(upper) {
			d.add("PC0305", v.position(), v.path, t)
			return ""
		}
	}
	d.add("PC0306", v.position(), v.path, t, upper)
	return upper
}

// checkNorway reports codes that YAML 1.1 takes for a truth value.
func (d *decoder) checkNorway(v value) {
	if plain(v.node) {
		switch strings.ToLower(v.node.Value) {
		case "no", "yes", "on", "off", "y", "n":
			d.add("PC0503", v.position(), v.path, v.node.Value)
		}
	}
}

// maxTag bounds language tags, in bytes; RFC 5646 asks readers for 35.
const maxTag = 100

// checkLanguage returns the tag as BCP 47 spells it where only the spelling
// was wrong, else as written.
func (d *decoder) checkLanguage(v value, t string) string {
	d.checkNorway(v)
	if len(t) > maxTag {
		d.add("PC0307", v.position(), v.path, t)
		return t
	}
	if code, ok := libraryCodes[strings.ToLower(t)]; ok && d.version != draft {
		d.add("PC0308", v.position(), v.path, t, code)
		return code
	}
	dashed := strings.ReplaceAll(t, "_", "-")
	tag, err := language.Raw.Parse(dashed)
	if err == nil && dashed != "" && tag != language.Und {
		first, rest, _ := strings.Cut(dashed, "-")
		base, err := language.ParseBase(first)
		if err == nil && len(base.String()) < len(first) && len(first) == 3 {
			// A three-letter code where two letters exist: "ita" for "it".
			first = base.String()
			if rest != "" {
				first += "-" + rest
			}
			if d.version != draft { // which asked for ISO 639-2
				d.add("PC0308", v.position(), v.path, t, first)
			}
			return first
		}
		if dashed != t {
			d.add("PC0308", v.position(), v.path, t, tag.String())
			return tag.String()
		}
		return t
	}
	if code, ok := languageNames[strings.ToLower(t)]; ok {
		d.add("PC0308", v.position(), v.path, t, code)
		return code
	}
	d.add("PC0307", v.position(), v.path, t)
	return t
}

// libraryCodes are the bibliographic codes of ISO 639-2, which BCP 47 does not
// have.
var libraryCodes = map[string]string{
	"alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl", "fre": "fr", "geo": "ka",
	"ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi", "may": "ms", "per": "fa", "rum": "ro", "slo": "sk",
	"tib": "bo", "wel": "cy",
}

// languageNames are names, and codes of countries, that people write instead of
// codes of languages.
var languageNames = map[string]string{
	"deutsch": "de", "german": "de", "english": "en", "englisch": "en",
	"italiano": "it", "italian": "it", "italienisch": "it",
	"français": "fr", "francais": "fr", "french": "fr", "französisch": "fr",
	"español": "es", "spanish": "es", "nederlands": "nl", "dutch": "nl",
	"ua": "uk", "cz": "cs", "dk": "da", "jp": "ja", "cn": "zh",
	"português": "pt", "portuguese": "pt", "svenska": "sv", "swedish": "sv",
}

// checkDate keeps a date as written, also where it is none.
func (d *decoder) checkDate(v value, t string) string {
	if _, err := time.Parse(time.DateOnly, t); err != nil {
		d.add("PC0309", v.position(), v.path, t)
	}
	return t
}

func (d *decoder) checkMediaType(v value, t string) string {
	if !isMediaType(t) {
		d.add("PC0315", v.position(), v.path, t)
	}
	return t
}

// isMediaType checks the form of RFC 6838, section 4.2, with parameters.
func isMediaType(s string) bool {
	s, _, _ = strings.Cut(s, ";")
	kind, sub, ok := strings.Cut(strings.TrimSpace(s), "/")
	return ok && isRestrictedName(kind) && (isRestrictedName(sub) || sub == "*")
}

func isRestrictedName(s string) bool {
	if s == "" || len(s) > 127 {
		return false
	}
	for i, c := range s {
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alnum && (i == 0 || !strings.ContainsRune("!#$&-^_.+", c)) {
			return false
		}
	}
	return true
}
