// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"embed"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// editorFiles are the scripts of the page /editor/ and the program that they
// run; docs/decisions/0009-editor-in-the-browser.md says how it comes here.
//
//go:embed editor/editor.js editor/worker.js editor/wasm_exec.js editor/editor.wasm.gz editor/editor.NOTICE.txt
var editorFiles embed.FS

// editorScripts are joined in this order into the script of the worker.
var editorScripts = []string{"editor/wasm_exec.js", "editor/worker.js"}

func (a *assets) addEditor() error {
	var worker []byte
	for _, name := range editorScripts {
		content, err := editorFiles.ReadFile(name)
		if err != nil {
			return err
		}
		worker = append(worker, content...)
	}
	if err := a.addShort("editor-worker.js", worker); err != nil {
		return err
	}
	for _, name := range []string{"editor.js", "editor.wasm.gz", "editor.NOTICE.txt"} {
		content, err := editorFiles.ReadFile("editor/" + name)
		if err != nil {
			return err
		}
		if err := a.addShort(name, content); err != nil {
			return err
		}
	}
	return nil
}

const editorPath = "/editor/"

// editorPolicy is what the page of the editor may do beyond the others: compile
// WebAssembly. It may do less in that it sends nothing elsewhere by any means.
const editorPolicy = "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

// editorBody is the editor with its form.
type editorBody struct {
	Profiles []editorProfile
	Groups   []fieldGroup
}

type editorProfile struct{ Name, Title, About string }

// fieldGroup is a part of the form.
type fieldGroup struct {
	ID, Title, Hint string
	Lang            string // of the description that its fields belong to; "" for other keys
	Fields          []field
}

// field is a control of the form for one key of the standard.
type field struct {
	ID, Path, Label, Hint string
	Control               string // text, long, select or list
	Lines                 int    // height of a long one
	Input                 string // inputmode of a text
	Required              bool
	Values                []fieldValue // of a select; else to choose from
}

type fieldValue struct{ Code, Label string }

// formKeys are the keys that the form has, by the section in which it shows
// them; the first section has no key of its own.
var formKeys = []struct {
	section string
	keys    []string
}{
	{"", []string{"publiccodeYmlVersion", "name", "url", "landingURL", "developmentStatus", "softwareType", "softwareVersion", "releaseDate", "platforms", "categories"}},
	{"description", []string{"shortDescription", "longDescription", "features", "documentation"}},
	{"legal", []string{"license", "mainCopyrightOwner"}},
	{"maintenance", []string{"type", "contacts[].name", "contacts[].email"}},
	{"localisation", []string{"localisationReady", "availableLanguages"}},
	{"organisation", []string{"name", "uri"}},
}

// commonLanguages are offered for the languages of a software.
var commonLanguages = []string{"de", "en", "ar", "cs", "da", "es", "fr", "it", "nl", "pl", "ru", "tr", "uk"}

func (s *Site) editorPage(lang string, static bool) *page {
	return &page{
		Kind: editorPage, Lang: lang, Path: editorPath, Section: "editor", Static: static,
		Title: say(lang, "editor.title"), Description: say(lang, "editor.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "editor.title"), ""}),
		Body:   newEditor(lang),
	}
}

func newEditor(lang string) *editorBody {
	b := &editorBody{}
	for _, p := range publiccode.Profiles() {
		b.Profiles = append(b.Profiles, editorProfile{p.Name, p.Title(lang), p.About(lang)})
	}
	keys := map[string]publiccode.Key{}
	for _, k := range publiccode.Keys(publiccode.Versions[len(publiccode.Versions)-1]) {
		keys[k.Path] = k
	}
	for _, part := range formKeys {
		if part.section != "description" {
			b.Groups = append(b.Groups, newGroup(keys, part.section, part.keys, lang, ""))
			continue
		}
		// One for each language of the site, that of the page first.
		b.Groups = append(b.Groups, newGroup(keys, part.section, part.keys, lang, lang))
		for _, other := range languages {
			if other != lang {
				b.Groups = append(b.Groups, newGroup(keys, part.section, part.keys, lang, other))
			}
		}
	}
	return b
}

// newGroup makes the controls for keys of a section, labelled in lang; textLang
// is the language of a description.
func newGroup(keys map[string]publiccode.Key, section string, names []string, lang, textLang string) fieldGroup {
	g := fieldGroup{ID: "f-" + section + textLang, Title: say(lang, "editor.basics"), Lang: textLang}
	prefix := ""
	if section != "" {
		k := keys[section]
		g.Title, g.Hint, prefix = k.Label(lang), k.Hint(lang), section+"."
	}
	if textLang != "" {
		prefix += "[lang]."
		inLanguage := "language." + textLang
		g.Title += " (" + say(lang, inLanguage) + ")"
		g.Hint = say(lang, "editor.oneLanguage")
	}
	for _, name := range names {
		g.Fields = append(g.Fields, newField(keys, keys[prefix+name], lang, textLang))
	}
	return g
}

func newField(keys map[string]publiccode.Key, k publiccode.Key, lang, textLang string) field {
	f := field{Path: k.In(textLang), Label: k.Label(lang), Hint: k.Hint(lang), Control: "text", Required: k.Required && textLang == ""}
	f.ID = "f-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(f.Path)
	for i, c := range k.Path { // what is around the key
		if c != '.' {
			continue
		}
		section := strings.TrimSuffix(k.Path[:i], "[]")
		f.Required = f.Required && keys[section].Required
		if section != k.Path[:i] {
			f.Label = keys[section].Label(lang) + ": " + f.Label
		}
	}
	values := k.Values
	switch k.Kind {
	case publiccode.KindVersion:
		f.Control, values = "select", slices.Clone(publiccode.Versions)
		slices.Reverse(values)
	case publiccode.KindBoolean:
		f.Control = "select"
		f.Values = []fieldValue{{"true", say(lang, "editor.yes")}, {"false", say(lang, "editor.no")}}
	case publiccode.KindChoice:
		f.Control = "select"
	case publiccode.KindLanguage:
		values = commonLanguages
	case publiccode.KindProse:
		f.Control, f.Lines = "long", 2
		if k.Most > 1000 {
			f.Lines = 8
		}
	case publiccode.KindWebAddress, publiccode.KindRepository, publiccode.KindURI:
		f.Input = "url"
	case publiccode.KindEmail:
		f.Input = "email"
	}
	if k.List {
		f.Control = "list"
	}
	for _, v := range values {
		f.Values = append(f.Values, fieldValue{v, k.ValueLabel(v, lang)})
	}
	return f
}
