// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestKeysHaveWords(t *testing.T) {
	used := map[string]bool{}
	for _, version := range SchemaVersions() {
		seen := map[string]bool{}
		for _, k := range Keys(version) {
			if seen[k.Path] {
				t.Errorf("%s: %s is there twice", version, k.Path)
			}
			seen[k.Path] = true
			doc := docOf(k.Path)
			for path, d := range keyDocs {
				used[path] = used[path] || d == doc
			}
			for _, lang := range []string{"de", "en"} {
				if hint := k.Hint(lang); !strings.HasSuffix(hint, ".") || strings.Count(hint, ". ") > 0 {
					t.Errorf("%s: the hint is not one sentence: %q", k.Path, hint)
				}
				if k.Label(lang) == "" {
					t.Errorf("%s has no label in %q", k.Path, lang)
				}
				if rule := k.Rule(lang); k.Required && rule == "" || strings.Contains(rule, "%!") {
					t.Errorf("%s: rule %q", k.Path, rule)
				}
				for _, code := range k.Values {
					if label := k.ValueLabel(code, lang); label == "" || k.Kind == KindChoice && label == code && len(code) > 4 {
						t.Errorf("%s: %s has no label in %q", k.Path, code, lang)
					}
				}
			}
			if !isWebAddress(k.Standard()) {
				t.Errorf("%s: address %q", k.Path, k.Standard())
			}
		}
	}
	for path := range keyDocs {
		if !used[path] {
			t.Errorf("no key has the words of %s", path)
		}
	}
}

func TestKeys(t *testing.T) {
	find := func(version, path string) Key {
		for _, k := range Keys(version) {
			if k.Path == path {
				return k
			}
		}
		return Key{}
	}
	for _, c := range []struct{ version, path, de, en string }{
		{"0.7", "name", "Pflicht.", "Required."},
		{"0.7", "logo", "", ""},
		{"0.7", "releaseDate", "", ""},
		{"0.3", "releaseDate", "Pflicht, wenn softwareVersion angegeben ist.", "Required if softwareVersion is given."},
		{"0.2", "description.[lang].longDescription", "Pflicht in mindestens einer Sprache. 500 bis 10000 Zeichen.", "Required in one language at least. 500 to 10000 characters."},
		{"0.7", "description.[lang].longDescription", "Pflicht in mindestens einer Sprache. 150 bis 10000 Zeichen.", "Required in one language at least. 150 to 10000 characters."},
		{"0.7", "legal.repoOwner", "Seit Version 0.5 veraltet; verwenden Sie stattdessen organisation.name.", "Deprecated since version 0.5; use organisation.name instead."},
		{"0.4", "it.conforme.gdpr", "", ""},
		{"0.6", "IT.conforme.gdpr", "Seit Version 0.5 veraltet; verwenden Sie stattdessen supports: alias:gdpr.", "Deprecated since version 0.5; use supports: alias:gdpr instead."},
		{"0.6", "IT.conforme.misureMinimeSicurezza", "Seit Version 0.5 veraltet; löschen Sie den Schlüssel.", "Deprecated since version 0.5; delete the key."},
		{"0.6", "IT.piattaforme.spid", "", ""},
		{"0.7", "IT.piattaforme.spid", "Seit Version 0.7 veraltet; verwenden Sie stattdessen supports: alias:spid.", "Deprecated since version 0.7; use supports: alias:spid instead."},
		{"0.4", "legal.authorsFile", "Seit Version 0.4 veraltet; löschen Sie den Schlüssel.", "Deprecated since version 0.4; delete the key."},
		{"0.7", "maintenance.contacts", "Pflicht bei maintenance.type: internal oder community.", "Required with maintenance.type: internal or community."},
		{"0.7", "maintenance.contractors", "Pflicht bei maintenance.type: contract. Nur erlaubt bei maintenance.type: contract.", "Required with maintenance.type: contract. Only allowed with maintenance.type: contract."},
		{"0.4", "maintenance.contractors", "Pflicht bei maintenance.type: contract.", "Required with maintenance.type: contract."},
	} {
		k := find(c.version, c.path)
		if k.Rule("de") != c.de || k.Rule("en") != c.en {
			t.Errorf("%s %s: %q, %q", c.version, c.path, k.Rule("de"), k.Rule("en"))
		}
	}
	for _, c := range []struct {
		version, path string
		want          bool
	}{
		{"0.4", "organisation", false},
		{"0.5", "organisation", true},
		{"0.6", "supports", false},
		{"0.7", "supports[].id", true},
		{"0.7", "monochromeLogo", true},
		{"1.0", "monochromeLogo", false},
		{"1.0", "description.[lang].features", true},
		{"0.4", "it.piattaforme.io", true},
		{"0.4", "IT.piattaforme.io", false},
		{"0.2", "it.piattaforme.io", false},
		{"0.5", "IT.riuso.codiceIPA", true},
		{"0.7", "IT.countryExtensionVersion", true},
		{"1.0", "IT", false},
	} {
		if got := find(c.version, c.path).Path != ""; got != c.want {
			t.Errorf("%s has %s: %v", c.version, c.path, got)
		}
	}
	if k := find("0.7", "categories"); len(k.Values) != 106 || k.ValueLabel("hr", "de") != "Personalwesen" || k.ValueLabel("nirgends", "de") != "nirgends" {
		t.Errorf("categories: %d values", len(k.Values))
	}
	if a, b := find("0.4", "intendedAudience.countries"), find("0.5", "intendedAudience.countries"); a.Values[0] != "ad" || b.Values[0] != "AD" {
		t.Errorf("countries %s, %s", a.Values[0], b.Values[0])
	}
	if k := find("0.7", "maintenance.contacts[].email"); k.In("de") != "maintenance.contacts[0].email" || k.Kind != KindEmail {
		t.Errorf("%+v", k)
	}
	if k := find("0.7", "description.[lang].features"); k.In("de-AT") != "description.de-AT.features" || !k.List || !k.AnyLanguage {
		t.Errorf("%+v", k)
	}
}

// samples are values of each kind, in the notation of YAML: one that is right
// and one that is wrong in every version.
var samples = map[Kind]struct{ good, bad string }{
	KindText:       {"Wort", "[a, b]"},
	KindWebAddress: {"https://example.org/", "example.org"},
	KindRepository: {"https://example.org/a.git", "a/b"},
	KindURI:        {"urn:x-amt:kiel", "Stadt Kiel"},
	KindPath:       {"docs/AUTHORS", "/AUTHORS"},
	KindImage:      {"docs/bild.png", "docs/bild.gif"},
	KindDate:       {"2026-01-31", "31.01.2026"},
	KindBoolean:    {"true", "vielleicht"},
	KindSuggestion: {"", "{a: b}"},
	KindSupport:    {"alias:gdpr", "alias:nirgends"},
	KindLanguage:   {"de", "de-"},
	KindCountry:    {"DE", "QQ"},
	KindLicence:    {"EUPL-1.2", "Meine Lizenz"},
	KindIPA:        {"c_h501", "Comune di Roma"},
	KindEmail:      {"ada@example.org", "ada"},
	KindPhone:      {`"+49 30 123456"`, "nie"},
	KindMediaType:  {"text/plain", "text"},
	KindSection:    {"", "Wort"},
	KindByLanguage: {"", "Wort"},
	KindAny:        {"x", ""},
}

// sample returns a right or a wrong value of a key.
func sample(k Key, version string, right bool) string {
	s := samples[k.Kind]
	switch k.Kind {
	case KindVersion:
		s.good, s.bad = `"`+version+`"`, `"9.9"`
	case KindProse:
		s.good, s.bad = strings.Repeat("x", max(k.Least, 1)), strings.Repeat("x", k.Most+1)
		if k.Most == 0 {
			s.bad = "[[a]]"
		}
	case KindPhone:
		if version == Preview {
			s.good = `"+4930123456"`
		}
	case KindChoice:
		s.good, s.bad = "wort", "nirgends"
		switch {
		case k.Path == "maintenance.type":
			s.good = "contract" // with which contractors and contacts may be there
		case k.Values != nil:
			s.good = `"` + k.Values[0] + `"`
		default:
			s.bad = "{a: b}" // the draft's own lists are not known
		}
	}
	switch {
	case k.Kind == KindSuggestion:
		s.good = `"` + k.Values[0] + `"`
	case strings.HasSuffix(k.Path, "leika-id"):
		s.good = `"99094003140000"`
	case k.spec.short:
		s.bad = "[[a]]"
	}
	if right {
		return s.good
	}
	return s.bad
}

// fileOf writes a file with every key of a version. Of the key with the path
// wrong it has a wrong value, the key with the path missing it has not.
func fileOf(version, wrong, missing string) string {
	keys := Keys(version)
	var write func(b *strings.Builder, prefix, indent string)
	write = func(b *strings.Builder, prefix, indent string) {
		for _, k := range keys {
			name, ok := strings.CutPrefix(k.Path, prefix)
			if !ok || name == "" || strings.Contains(name, ".") || k.Path == missing {
				continue
			}
			value := sample(k, version, k.Path != wrong)
			switch section := k.Kind == KindSection || k.Kind == KindByLanguage; {
			case section && k.Path == wrong:
				fmt.Fprintf(b, "%s%s: %s\n", indent, name, value)
			case k.Kind == KindByLanguage:
				fmt.Fprintf(b, "%s%s:\n%s  de:\n", indent, name, indent)
				write(b, k.Path+".[lang].", indent+"    ")
			case section && k.List:
				fmt.Fprintf(b, "%s%s:\n%s  - x-own: so that no entry is empty\n", indent, name, indent)
				write(b, k.Path+"[].", indent+"    ")
			case section:
				fmt.Fprintf(b, "%s%s:\n", indent, name)
				write(b, k.Path+".", indent+"  ")
			case k.List:
				fmt.Fprintf(b, "%s%s: [%s]\n", indent, name, value)
			default:
				fmt.Fprintf(b, "%s%s: %s\n", indent, name, value)
			}
		}
	}
	var b strings.Builder
	write(&b, "", "")
	return b.String()
}

// TestKeysAgreeWithDecoder holds the table of keys and the decoder together, and
// the schema with both: for every key of every version a right value is
// accepted, a wrong one and its absence are reported there.
func TestKeysAgreeWithDecoder(t *testing.T) {
	for _, version := range SchemaVersions() {
		s := compiled(t, version)
		whole := Parse([]byte(fileOf(version, "", "")), Options{})
		for _, f := range whole.Findings {
			if f.Severity == Error || f.Severity == Warning && !slices.Contains([]string{"PC0403", "PC0404", "PC0414", "PC0417", "PC0420"}, f.Code) {
				t.Errorf("%s: all keys: %s %s %s", version, f.Code, f.Key, f.Message("en"))
			}
		}
		if err := accepts(s, whole); err != nil {
			t.Errorf("%s: all keys: %v", version, err)
		}
		for _, k := range Keys(version) {
			if bad := sample(k, version, false); bad != "" {
				checkRefused(t, version+" wrong", k, Parse([]byte(fileOf(version, k.Path, "")), Options{Version: version}), true, func(r *Result) error { return accepts(s, r) })
			}
			required := k.Required || k.AnyLanguage || k.RequiredIf != nil && (k.RequiredIf.Values == nil || slices.Contains(k.RequiredIf.Values, "contract"))
			checkRefused(t, version+" missing", k, Parse([]byte(fileOf(version, "", k.Path)), Options{Version: version}), required, func(r *Result) error { return accepts(s, r) })
		}
	}
}

// checkRefused holds that a result has an error at a key, and that the schema
// refuses the file too; or neither.
func checkRefused(t *testing.T, what string, k Key, r *Result, refused bool, schema func(*Result) error) {
	t.Helper()
	var errors []string
	at := false
	for _, f := range r.Findings {
		if f.Severity == Error {
			errors = append(errors, f.Code+" "+f.Key)
			here := k.In("de")
			// Of the keys that one language must have, the finding is at description.
			at = at || strings.HasPrefix(f.Key, here) || k.AnyLanguage && f.Code == "PC0108" && f.Args[0] == here[strings.LastIndex(here, ".")+1:] ||
				strings.HasPrefix(here, f.Key+".")
		}
	}
	if at != refused || !refused && errors != nil {
		t.Errorf("%s %s: errors %q", what, k.Path, errors)
	}
	if r.root == nil {
		t.Fatalf("%s %s: unreadable", what, k.Path)
	}
	if err := schema(r); (err != nil) != refused {
		t.Errorf("%s %s: the schema says %v", what, k.Path, err)
	}
}
