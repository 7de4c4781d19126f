// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The schemas are in draft-07 of JSON Schema, the newest that the editors for
// YAML understand in full: the YAML language server of VS Code, Neovim and
// others, and the JetBrains products.
//
// A schema accepts what Parse accepts. What Parse only warns of carries the
// keyword deprecationMessage, which editors show as a warning and validators
// ignore. So every anyOf begins with the value as the standard has it, and goes
// on with what is read with a warning.
//
// It is looser than Parse where a fact is not in the form of a value: which
// languages there are, how long a month is; with empty values, which are all alike
// to it; and with the values of keys by another of their names. It is stricter in three corners that
// Parse forgives: invisible signs in a key, blanks at the end that make a text
// too long, and letters of several code points, of which it counts each.

// SchemaVersions returns the versions of the standard that Keys and JSONSchema
// know, oldest first.
func SchemaVersions() []string { return slices.Concat([]string{Draft}, Versions, []string{Preview}) }

// JSONSchema returns a JSON Schema (draft-07) of the publiccode.yml files of a
// version of the standard, one of SchemaVersions. It refers to no other schema,
// and is the same bytes every time.
func JSONSchema(version string) ([]byte, error) {
	v, ok := exactVersion(version)
	if !ok {
		return nil, fmt.Errorf("there is no schema for version %q of publiccode.yml, but for %s", version, strings.Join(SchemaVersions(), ", "))
	}
	b := &schemaBuilder{version: v, definitions: map[string]*schema{}}
	root := b.section("", rootKeys)
	root.Schema = "http://json-schema.org/draft-07/schema#"
	root.ID = "https://github.com/allmende-registry/allmende/publiccode/schema/" + version + ".json"
	root.Title = "publiccode.yml " + version
	root.Description = "What a publiccode.yml file of version " + version + " may hold, to describe public-sector software." +
		"\n\nDeutsch: Was eine publiccode.yml-Datei der Version " + version + " enthalten kann, um eine Software der öffentlichen Hand zu beschreiben." +
		"\n\n" + standardURL
	root.Properties = append(root.Properties, b.knownCountries()...)
	root.PatternProperties = append(root.PatternProperties, b.countrySections()...)
	root.PatternProperties = append(root.PatternProperties, b.flatItalian()...)
	for _, name := range slices.Sorted(maps.Keys(b.definitions)) {
		root.Definitions = append(root.Definitions, member{name, b.definitions[name]})
	}
	compact, err := compactJSON(root)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	layOut(&out, compact, 0)
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// schemaBuilder makes the schema of one version.
type schemaBuilder struct {
	version     minor
	definitions map[string]*schema // what several keys refer to
}

// define returns a reference to a definition, which is made at its first use.
func (b *schemaBuilder) define(name string, build func() *schema) *schema {
	if b.definitions[name] == nil {
		b.definitions[name] = &schema{} // so that build may refer to it
		b.definitions[name] = build()
	}
	return &schema{Ref: "#/definitions/" + name}
}

// section describes a mapping with keys. The path is that of Key, with its last
// dot.
func (b *schemaBuilder) section(path string, specs []keySpec) *schema {
	s := &schema{
		Type:              "object",
		PatternProperties: members{{"^[xX]-", &schema{}}},
		// Parse warns of an unknown key.
		AdditionalProperties: &schema{DeprecationMessage: "The standard has no such key; your own keys begin with x-. / Den Schlüssel gibt es im Standard nicht; eigene Schlüssel beginnen mit x-."},
	}
	for i := range specs {
		k := &specs[i]
		property := b.property(path, k)
		s.Properties = append(s.Properties, member{k.name, property})
		for _, name := range slices.Concat(k.formerly, k.spelledAs) {
			s.Properties = append(s.Properties, member{name, b.otherName(k, name, property)})
		}
		if k.required >= b.version {
			b.require(s, k)
		}
		s.AllOf = append(s.AllOf, b.presence(k)...)
	}
	return s
}

// require asks for a key, in the draft by any of its names.
func (b *schemaBuilder) require(s *schema, k *keySpec) {
	if b.version != draft || len(k.formerly) == 0 {
		s.Required = append(s.Required, k.name)
		return
	}
	either := &schema{}
	for _, name := range append([]string{k.name}, k.formerly...) {
		either.AnyOf = append(either.AnyOf, &schema{Required: []string{name}})
	}
	s.AllOf = append(s.AllOf, either)
}

// otherName describes a key by a name that it does not have in the version.
func (b *schemaBuilder) otherName(k *keySpec, name string, property *schema) *schema {
	if b.version == draft && slices.Contains(k.formerly, name) {
		return property
	}
	return &schema{
		Deprecated:         true,
		DeprecationMessage: fmt.Sprintf("The key is “%s”. / Der Schlüssel heißt „%s“.", k.name, k.name),
	}
}

// presence describes when a key must or may be there.
func (b *schemaBuilder) presence(k *keySpec) []*schema {
	var out []*schema
	if p := k.requiredWith; p.in(b.version) {
		then := &schema{Required: []string{k.name}, Properties: members{{k.name, b.filled(k)}}}
		if p.values == nil {
			out = append(out, &schema{If: b.absent(p.key), Else: then})
		} else {
			out = append(out, &schema{If: holds(p), Then: then})
		}
	}
	if p := k.onlyWith; p != nil && b.version <= p.until {
		is := strings.Join(p.values, ", ")
		message := fmt.Sprintf("“%s” may only be there with “%s: %s”. / „%s“ darf nur bei „%s: %s“ stehen.", k.name, p.key, is, k.name, p.key, is)
		empty := &schema{MaxItems: new(int)}
		other := &schema{AnyOf: []*schema{{Type: "null", ErrorMessage: message}, empty}}
		if b.version < p.since {
			other.AnyOf = []*schema{empty, {DeprecationMessage: message}}
		}
		out = append(out, &schema{If: holds(p), Else: &schema{Properties: members{{k.name, other}}}})
	}
	return out
}

// holds is the condition of a presence.
func holds(p *presence) *schema {
	return &schema{Required: []string{p.key}, Properties: members{{p.key, &schema{Enum: p.values}}}}
}

// absent is a mapping in which a key is missing or says nothing.
func (b *schemaBuilder) absent(key string) *schema {
	return &schema{Type: "object", Properties: members{{key, b.nothing()}}}
}

// nothing is a value that says nothing. It names no type, so that editors do
// not propose it.
func (b *schemaBuilder) nothing() *schema {
	return b.define("nothing", func() *schema {
		return &schema{MaxLength: new(int), MaxItems: new(int), MaxProperties: new(int), AllOf: []*schema{
			{Not: &schema{Type: "boolean"}}, {Not: &schema{Type: "number"}},
		}}
	})
}

// filled is a value of a key that says something.
func (b *schemaBuilder) filled(k *keySpec) *schema {
	if k.list {
		return &schema{Type: "array", MinItems: 1}
	}
	return &schema{Type: "string", MinLength: 1}
}

// property describes a key.
func (b *schemaBuilder) property(path string, k *keySpec) *schema {
	key := k.key(b.version, path)
	words := schema{
		Title:       inBoth(key.Label("en"), key.Label("de")),
		Description: strings.TrimSpace(key.Hint("en")+" "+key.Rule("en")) + "\n\nDeutsch: " + strings.TrimSpace(key.Hint("de")+" "+key.Rule("de")) + "\n\n" + key.Standard(),
	}
	switch {
	case k.old(b.version):
		words.Deprecated = true
		words.DeprecationMessage = key.Rule("en") + " / " + key.Rule("de")
	case k.since > b.version:
		words.DeprecationMessage = fmt.Sprintf("This key exists only since version %s. / Diesen Schlüssel gibt es erst seit Version %s.", k.since, k.since)
	}
	if k.gone(b.version) {
		words.Not = &schema{}
		return &words
	}
	values := b.values(path, k)
	if len(values) == 1 && values[0].Ref == "" {
		only := *values[0]
		only.Title, only.Description = words.Title, words.Description
		only.Deprecated, only.DeprecationMessage = words.Deprecated, words.DeprecationMessage
		return &only
	}
	words.AnyOf = values
	return &words
}

// inBoth joins a name in English and German, where they differ.
func inBoth(en, de string) string {
	if en == de {
		return en
	}
	return en + " · " + de
}

// byLanguage describes the sections of the languages.
func (b *schemaBuilder) byLanguage(path string, keys []keySpec) *schema {
	language := func() *schema {
		return b.define("texts", func() *schema {
			s := b.section(path+".[lang].", keys)
			s.Title = "Texts in this language · Texte in dieser Sprache"
			return s
		})
	}
	s := &schema{
		Type: "object", MinProperties: 1,
		Properties:           members{{"de", language()}, {"en", language()}}, // to be proposed
		PatternProperties:    members{{whole(languagePattern), language()}},
		AdditionalProperties: false,
		ErrorMessage:         "A section for each language, named by its tag such as de. / Je Sprache ein Abschnitt, benannt nach ihrem Code wie de.",
	}
	for i := range keys {
		if k := &keys[i]; k.anyLanguage {
			message := fmt.Sprintf("One language at least must have “%s”. / Mindestens eine Sprache muss „%s“ haben.", k.name, k.name)
			s.AllOf = append(s.AllOf, &schema{
				If:   &schema{AdditionalProperties: b.absent(k.name)},
				Then: &schema{Type: "null", ErrorMessage: message}, // which a section never is
			})
		}
	}
	return s
}

// flatItalian describes the keys of the Italian section as drafts wrote them.
func (b *schemaBuilder) flatItalian() members {
	names := map[Kind][]string{}
	for _, k := range flatKeys {
		names[k.kind] = append(names[k.kind], k.name)
	}
	section := countryName("IT", b.version)
	message := fmt.Sprintf("Write this into the section %s. / Schreiben Sie dies in den Abschnitt %s.", section, section)
	if b.version >= 7 {
		message = goneMessage
	}
	var out members
	for _, kind := range slices.Sorted(maps.Keys(names)) {
		k := keySpec{kind: kind}
		flat := goneSection()
		if b.version != preview {
			flat = &schema{AnyOf: b.values("", &k), Deprecated: true, DeprecationMessage: message}
		}
		out = append(out, member{"^(?:" + strings.Join(names[kind], "|") + ")$", flat})
	}
	return out
}

// knownCountries describes the sections of countries whose keys are known, by all
// their names. What is to be said of the names themselves is with the patterns of
// countrySections.
func (b *schemaBuilder) knownCountries() members {
	var out members
	for i, k := range countriesIn(b.version) {
		if k.gone(b.version) {
			continue
		}
		upper := countryKeys[i].name
		lower := strings.ToLower(upper)
		for _, name := range []string{upper, lower, upper[:1] + lower[1:], lower[:1] + upper[1:]} {
			out = append(out, member{name, b.define(upper, func() *schema {
				s := b.property("", &k)
				s.Deprecated, s.DeprecationMessage = false, ""
				return s
			})})
		}
	}
	return out
}

// countrySections describes the sections that countries may add.
func (b *schemaBuilder) countrySections() members {
	codes := strings.Fields(countryCodes)
	in := func(first, second func(string) string) string {
		spelled := make([]string, len(codes))
		for i, code := range codes {
			spelled[i] = first(code[:1]) + second(code[1:])
		}
		return countryPattern(spelled)
	}
	capitals, small := in(strings.ToUpper, strings.ToUpper), in(strings.ToLower, strings.ToLower)
	mixed := in(strings.ToUpper, strings.ToLower) + "|" + in(strings.ToLower, strings.ToUpper)
	now := &schema{AnyOf: []*schema{{Type: "object"}, b.empty()}}
	old := func(message string) *schema {
		return &schema{AnyOf: now.AnyOf, Deprecated: true, DeprecationMessage: message}
	}
	switch {
	case b.version == preview:
		return members{{whole(capitals + "|" + small + "|" + mixed), goneSection()}}
	case b.version >= 7:
		return members{{whole(capitals + "|" + small + "|" + mixed), old(goneMessage)}}
	case b.version >= 5:
		return members{
			{whole(capitals), now},
			{whole(small + "|" + mixed), old("Write the country in capitals. / Schreiben Sie das Land in Großbuchstaben.")},
		}
	}
	return members{
		{whole(capitals + "|" + small), now},
		{whole(mixed), old("Write the country in small letters. / Schreiben Sie das Land in Kleinbuchstaben.")},
	}
}

const goneMessage = "Country sections are deprecated since 0.7: use supports and organisation. / Länderabschnitte sind seit 0.7 veraltet: verwenden Sie supports und organisation."

// goneSection is what stands for a country where a version has no such sections.
func goneSection() *schema {
	return &schema{Deprecated: true, DeprecationMessage: goneMessage, Not: &schema{}}
}
