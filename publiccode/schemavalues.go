// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

// values are the values that a key may have, the best first.
func (b *schemaBuilder) values(path string, k *keySpec) []*schema {
	required := k.required >= b.version
	one := b.oneValue(path, k, required && !k.list)
	if !k.list {
		if required {
			return one
		}
		return append(one, b.empty())
	}
	list := &schema{Type: "array", Items: oneOf(append(slices.Clone(one), b.empty()))}
	out := []*schema{list}
	if required {
		list.MinItems = 1
	}
	if k.singleIn(b.version) {
		out = append(out, b.oneValue(path, k, required)...)
	}
	if !required {
		out = append(out, b.empty())
	}
	return out
}

// oneOf offers alternatives.
func oneOf(alternatives []*schema) *schema {
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	return &schema{AnyOf: alternatives}
}

// empty is a value that says nothing, where it is not asked for.
func (b *schemaBuilder) empty() *schema {
	return b.define("empty", func() *schema {
		return &schema{
			DeprecationMessage: "Give a value, or delete the key. / Tragen Sie einen Wert ein, oder löschen Sie den Schlüssel.",
			AllOf:              []*schema{b.nothing()},
		}
	})
}

// unquoted is a number or truth value where text is meant.
func (b *schemaBuilder) unquoted() *schema {
	return b.define("unquoted", func() *schema {
		return &schema{
			DeprecationMessage: "Write this in quotation marks. / Schreiben Sie dies in Anführungszeichen.",
			AnyOf:              []*schema{{Type: "number"}, {Type: "boolean"}},
		}
	})
}

// oneValue describes a value, or an entry of a list.
func (b *schemaBuilder) oneValue(path string, k *keySpec, required bool) []*schema {
	switch k.kind {
	case KindAny:
		return []*schema{{}}
	case KindSection:
		inside := path + k.name + "."
		if k.list {
			inside = path + k.name + "[]."
		}
		if path == "dependsOn." {
			return []*schema{b.define("dependency", func() *schema {
				s := b.section(inside, k.keys)
				s.Title = "What is needed · Was benötigt wird"
				return s
			})}
		}
		if k.listed {
			one := b.define(k.name, func() *schema { return b.section(inside, k.keys) })
			return []*schema{one, {
				Type: "array", Items: one,
				DeprecationMessage: "Write one section instead of a list. / Schreiben Sie einen Abschnitt statt einer Liste.",
			}}
		}
		if k.short {
			return append([]*schema{b.section(inside, k.keys)}, b.texts(k, true)...)
		}
		return []*schema{b.section(inside, k.keys)}
	case KindByLanguage:
		return []*schema{b.byLanguage(path+k.name, k.keys)}
	case KindVersion:
		return b.versions()
	case KindText, KindProse:
		return b.texts(k, required)
	case KindBoolean:
		return b.booleans()
	case KindChoice, KindSuggestion, KindCountry:
		return b.choices(k)
	case KindSupport:
		return []*schema{
			b.list(k),
			{
				Type: "string", Pattern: patterns[KindURI].whole(), PatternErrorMessage: patterns[KindURI].message,
				If: &schema{Pattern: `^\s*alias:`}, Then: &schema{Type: "null", ErrorMessage: "The standard has no such alias. / Diesen Kurznamen gibt es im Standard nicht."},
			},
		}
	case KindLicence:
		return []*schema{b.define("licence", func() *schema { return b.licences(k) })}
	case KindIPA:
		return []*schema{b.pattern(k), b.unquoted()}
	case KindEmail, KindPhone:
		if k.kind == KindPhone && b.version == preview {
			return []*schema{{Type: "string", Pattern: whole(`\+[1-9][0-9]{0,14}`), PatternErrorMessage: "A telephone number by E.164, such as +4930123456. / Eine Telefonnummer nach E.164 wie +4930123456."}, b.unquoted()}
		}
		other := patterns[k.kind].lenient
		out := []*schema{b.pattern(k), {Type: "string", Pattern: whole(other.pattern), DeprecationMessage: other.message}}
		if k.kind == KindPhone {
			out = append(out, b.unquoted())
		}
		return out
	}
	return []*schema{b.pattern(k)}
}

func (b *schemaBuilder) texts(k *keySpec, required bool) []*schema {
	least, most := k.bounds(b.version)
	s := &schema{Type: "string", MinLength: least}
	if required && least == 0 {
		s.MinLength = 1
	}
	if most > 0 {
		s.MaxLength = &most
	}
	return []*schema{s, b.unquoted()}
}

// versions are the ways to declare the version.
func (b *schemaBuilder) versions() []*schema {
	name := b.version.String()
	escaped := strings.ReplaceAll(name, ".", `\.`)
	out := []*schema{
		{Type: "string", Enum: []string{name}},
		{Type: "string", Pattern: whole(escaped + `\.(?:` + strings.Join(b.version.patches(), "|") + `)`)},
		numberFor(name),
	}
	const vague = "Write the minor version too. / Schreiben Sie auch die Unterversion."
	switch b.version {
	case draft:
		out = append(out, &schema{Type: "string", Pattern: whole(`https?://w3id\.org/publiccode/version/0\.1`)})
	case newest:
		out = append(out,
			&schema{Type: "string", Enum: []string{"0"}, DeprecationMessage: vague},
			&schema{Type: "number", Minimum: "0", Maximum: "0", DeprecationMessage: vague})
	case preview:
		out = append(out, &schema{Type: "string", Enum: []string{"1"}})
	}
	return out
}

// numberFor is a version without quotation marks.
func numberFor(version string) *schema {
	number := json.Number(strings.TrimSuffix(version, ".0"))
	return &schema{Type: "number", Minimum: number, Maximum: number, DeprecationMessage: "Write this in quotation marks. / Schreiben Sie dies in Anführungszeichen."}
}

func (b *schemaBuilder) booleans() []*schema {
	out := []*schema{{Type: "boolean"}}
	if b.version != preview {
		out = append(out, &schema{
			Type: "string", Pattern: whole(`[yY]|[nN]|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF]`),
			DeprecationMessage: "Write true or false. / Schreiben Sie true oder false.",
		})
	}
	return out
}

// choices are the values of a closed or suggested list.
func (b *schemaBuilder) choices(k *keySpec) []*schema {
	if k.kind == KindSuggestion {
		return append([]*schema{b.list(k)}, b.texts(k, true)...)
	}
	if k.openIn(b.version) {
		return b.texts(k, true)
	}
	if k.kind == KindCountry {
		return b.countries(k)
	}
	out := []*schema{b.list(k)}
	var later []string
	for _, t := range k.terms {
		if t.since > b.version {
			later = append(later, t.code)
		}
		if json.Valid([]byte(t.code)) {
			out = append(out, numberFor(t.code))
		}
	}
	if later != nil {
		out = append(out, &schema{
			Type: "string", Pattern: whole(strings.Join(later, "|")),
			DeprecationMessage: "A later version has this value. / Diesen Wert gibt es erst in einer späteren Version.",
		})
	}
	if k.name == "softwareType" && b.version <= 2 {
		old := &schema{Type: "string", Pattern: whole(strings.Join(slices.Sorted(maps.Keys(oldTypes)), "|"))}
		if b.version > draft {
			old.DeprecationMessage = "Deprecated; write a more precise value. / Veraltet; schreiben Sie einen genaueren Wert."
		}
		out = append(out, old)
	}
	return out
}

// maxNamed is the most values that the message on a wrong one names.
const maxNamed = 30

// list is a list of codes with their labels.
func (b *schemaBuilder) list(k *keySpec) *schema {
	s := &schema{Type: "string", Enum: k.values(b.version)}
	for _, code := range s.Enum {
		s.EnumDescriptions = append(s.EnumDescriptions, inBoth(label(k.terms, code, "en"), label(k.terms, code, "de")))
	}
	if len(s.Enum) > maxNamed {
		s.ErrorMessage = "This is not in the list of the standard. / Das steht nicht in der Liste des Standards."
	}
	return s
}

// licences are the identifiers of SPDX, and expressions made of them.
func (b *schemaBuilder) licences(k *keySpec) *schema {
	ids := b.list(k)
	for _, id := range slices.Sorted(slices.Values(spdxlicenses.GetLicenses())) {
		if !slices.Contains(ids.Enum, id) {
			ids.Enum = append(ids.Enum, id)
		}
	}
	ids.ErrorMessage = "A current SPDX licence expression, such as EUPL-1.2; in place of GPL-3.0 either GPL-3.0-only or GPL-3.0-or-later. / Ein heutiger SPDX-Lizenzausdruck wie EUPL-1.2; statt GPL-3.0 entweder GPL-3.0-only oder GPL-3.0-or-later."
	return &schema{
		AnyOf: []*schema{
			ids,
			{Type: "string", Pattern: whole(licenceReference + `|` + licenceGroup + `(?:` + licenceOperator + licenceGroup + `)+`), PatternErrorMessage: ids.ErrorMessage},
			// Deprecated identifiers, and others in the wrong case.
			{Type: "string", Pattern: whole(licenceGroup), DeprecationMessage: "Choose an identifier of https://spdx.org/licenses/. / Wählen Sie eine Kennung von https://spdx.org/licenses/."},
		},
		If:   &schema{Pattern: whole(anyCase("none") + "|" + anyCase("noassertion"))},
		Then: &schema{Type: "null", ErrorMessage: "This names no licence. / Das nennt keine Lizenz."},
	}
}

// countries are written in capitals since 0.5, before in small letters.
func (b *schemaBuilder) countries(k *keySpec) []*schema {
	country := b.define("country", func() *schema {
		example := "DE"
		if b.version < 5 {
			example = "de"
		}
		return &schema{
			Type: "string", Enum: k.values(b.version),
			ErrorMessage: "An ISO 3166-1 country code, such as " + example + ". / Ein Ländercode nach ISO 3166-1 wie " + example + ".",
		}
	})
	switch {
	case b.version == preview:
		return []*schema{country}
	case b.version >= 5:
		return []*schema{country, b.define("smallCountry", func() *schema {
			return &schema{
				Type: "string", Pattern: whole(countryPattern(strings.Fields(strings.ToLower(countryCodes)))),
				DeprecationMessage: "Write the country in capitals. / Schreiben Sie das Land in Großbuchstaben.",
			}
		})}
	}
	return []*schema{country, b.define("capitalCountry", func() *schema {
		return &schema{Type: "string", Pattern: whole(countryPattern(strings.Fields(countryCodes)))}
	})}
}

// countryPattern matches sorted codes, gathered by their first letter.
func countryPattern(codes []string) string {
	var groups []string
	for i, code := range codes {
		if i > 0 && codes[i-1][0] == code[0] {
			groups[len(groups)-1] += code[1:]
		} else {
			groups = append(groups, code[:1]+"["+code[1:])
		}
	}
	return strings.Join(groups, "]|") + "]"
}

// pattern is a text of a form.
func (b *schemaBuilder) pattern(k *keySpec) *schema {
	if k.kind != KindImage {
		p := patterns[k.kind]
		return b.define(string(k.kind), func() *schema {
			return &schema{Type: "string", Pattern: p.whole(), PatternErrorMessage: p.message}
		})
	}
	p := patterns[KindPath]
	var other []string
	for _, format := range otherFormats {
		if !slices.Contains(k.formats, format) {
			other = append(other, anyCase(format))
		}
	}
	formats := strings.ToUpper(strings.Join(k.formats, ", "))
	return b.define(string(k.kind)+strings.ToUpper(k.formats[0]), func() *schema {
		return &schema{
			Type: "string", Pattern: p.whole(), PatternErrorMessage: p.message,
			If:   &schema{Pattern: `^[^?#]*\.(?:` + strings.Join(other, "|") + `)\s*(?:[?#].*)?$`},
			Then: &schema{Type: "null", ErrorMessage: "Formats: " + formats + ". / Formate: " + formats + "."},
		}
	})
}

// anyCase matches a word in capital or small letters.
func anyCase(word string) string {
	var b strings.Builder
	for _, c := range word {
		b.WriteString("[" + string(c) + strings.ToUpper(string(c)) + "]")
	}
	return b.String()
}

// form is what text of a kind looks like, in the regular expressions that Go
// and JavaScript share, and what to say where it does not. Blanks around it are
// allowed.
type form struct {
	pattern, message string
	lenient          *form // what is read with a warning
}

func (f form) whole() string { return whole(f.pattern) }

func whole(pattern string) string { return `^\s*(?:` + pattern + `)\s*$` }

const (
	licenceReference = `(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+`
	licenceGroup     = `(?:\(\s*)*[A-Za-z0-9][A-Za-z0-9.:+-]*(?:\s*\))*`
	licenceOperator  = `\s+(?:[aA][nN][dD]|[oO][rR]|[wW][iI][tT][hH])\s+`

	webPattern      = `[hH][tT][tT][pP][sS]?://[^\s/?#]\S*`
	languagePattern = `[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*`
	// The signs that a scheme of a URL consists of.
	schemeSigns = `A-Za-z0-9+.\-`
	digits      = `(?:[+ ./()\xA0–-]*[0-9])`
	extension   = `[ ./()\xA0–-]*(?:(?:ext\.?|x|Durchwahl|DW|int\.)[ 0-9]*)?`
	mailName    = `[^\s@()<>\[\]:;\\,"]+`
)

var patterns = map[Kind]form{
	KindWebAddress: {pattern: webPattern, message: "A full web address, such as https://example.org/page. / Eine vollständige Webadresse wie https://example.org/seite."},
	KindRepository: {pattern: `[A-Za-z][` + schemeSigns + `]*://[^\s/?#]\S*`, message: "The full address of a repository. / Die vollständige Adresse eines Repositorys."},
	KindURI:        {pattern: `[A-Za-z][` + schemeSigns + `]*:\S+`, message: "A URL or URN. / Eine URL oder URN."},
	KindPath: {
		pattern: webPattern + `|[` + schemeSigns + `]+(?:[^` + schemeSigns + `:\\][^\\]*)?|[^` + schemeSigns + `:/\\\s][^\\]*`,
		message: "A path without a leading slash, or a web address. / Ein Pfad ohne führenden Schrägstrich oder eine Webadresse.",
	},
	KindDate:      {pattern: `[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])`, message: "A date like 2026-01-31. / Ein Datum wie 2026-01-31."},
	KindLanguage:  {pattern: languagePattern, message: "A language tag such as de, en or de-AT. / Ein Sprachcode wie de, en oder de-AT."},
	KindMediaType: {pattern: `[A-Za-z0-9][\w!#$&^.+-]{0,126}/(?:[A-Za-z0-9][\w!#$&^.+-]{0,126}|\*)\s*(?:;.*)?`, message: "A media type such as text/plain. / Ein Medientyp wie text/plain."},
	KindIPA:       {pattern: `[A-Za-z0-9_-]+`, message: "A code of the Italian register of administrations, such as c_h501. / Ein Code aus dem italienischen Verzeichnis der Verwaltungen wie c_h501."},
	KindEmail: {
		pattern: mailName + `@` + mailName, message: "An e-mail address. / Eine E-Mail-Adresse.",
		lenient: &form{
			pattern: mailName + `(?:\\x64|\\x40|\[at\]|\(at\)| at )` + mailName,
			message: "Write the address without obfuscation. / Schreiben Sie die Adresse unverschleiert.",
		},
	},
	KindPhone: {
		pattern: `(?:\(?\+` + digits + `{3,20}|00` + digits + `{1,18})` + extension,
		message: "A telephone number with its international prefix, such as +49 30 123456. / Eine Telefonnummer mit internationaler Vorwahl wie +49 30 123456.",
		lenient: &form{
			pattern: `(?:tel:)?` + digits + `{3,20}` + extension,
			message: "Write the number with its international prefix. / Schreiben Sie die Nummer mit internationaler Vorwahl.",
		},
	},
}
