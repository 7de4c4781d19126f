// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package draft makes the first publiccode.yml of a repository: it guesses what
// the repository's own files say, names the file that each guess comes from, and
// leaves the rest open. It uses no network, starts no process and never makes up
// a fact.
package draft

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// Confidence says how well a value is known.
type Confidence string

// The degrees of confidence.
const (
	Certain Confidence = "certain" // a person said so, or the files leave no doubt
	Guess   Confidence = "guess"   // to be confirmed by a person
	Missing Confidence = "missing"
)

// Claim is what one file says.
type Claim struct {
	Text   string
	Source string // path in the repository
}

// Value is one key of the draft.
type Value struct {
	Path       string   // as in findings: description.de.shortDescription
	Texts      []string // one text, or the entries of a list; nil where Missing
	Source     string   // the file that says so; "" for a person's answer
	Confidence Confidence
	Required   bool    // by the standard, given the rest of the draft
	Wished     bool    // not required, but a first file should have it
	Others     []Claim // what other files say instead
	// Choices are the few values that are possible where the files leave it to
	// them, such as the two readings of "GPL 3.0".
	Choices []string
	Key     publiccode.Key // what the standard says of it
}

// Text is the value of a key that is no list; "" where Missing.
func (v Value) Text() string {
	if len(v.Texts) == 0 {
		return ""
	}
	return v.Texts[0]
}

// Draft is a publiccode.yml in the making.
type Draft struct {
	values   map[string]Value // by path; absent means not known
	services []Claim          // what the software is deployed with
}

// FromRepository guesses what it can from the files of a repository. dir is the
// name of its folder, "" where that means nothing. It reads a bounded number of
// files and a bounded part of each; what it cannot read it passes over.
func FromRepository(files fs.FS, dir string) *Draft {
	d := &Draft{values: map[string]Value{}}
	r := openRepository(files)
	manifests, readmes := readManifests(r), readReadmes(r)
	d.guessIdentity(r, manifests, readmes, dir)
	d.guessRelease(r, manifests)
	d.guessKind(r, manifests)
	d.guessDescriptions(manifests, readmes)
	d.guessLicence(r, manifests, readmes)
	d.guessContact(r, manifests)
	d.guessLanguages(r)
	d.services = readServices(r)
	return d
}

// maxText bounds what passes for a name, an address or a sentence, in bytes.
const maxText = 1000

// put files what the files say, unless they say nothing.
func (d *Draft) put(v Value) {
	k, ok := KeyAt(v.Path)
	if !ok {
		return
	}
	v.Texts = clean(k, v.Texts)
	if !Prose(k) {
		v.Texts = slices.DeleteFunc(v.Texts, func(t string) bool { return len(t) > maxText })
	}
	if len(v.Texts) == 0 && len(v.Choices) == 0 {
		return
	}
	v.Source = cleanLine(v.Source)
	for i := range v.Others {
		v.Others[i] = Claim{shorten(cleanLine(v.Others[i].Text), 100), cleanLine(v.Others[i].Source)}
	}
	d.values[v.Path] = v
}

// guess files what one file says, unless it says nothing.
func (d *Draft) guess(path, source string, texts ...string) {
	d.put(Value{Path: path, Texts: texts, Source: source, Confidence: Guess})
}

// Set files a person's answer: one text, or the entries of a list; none takes
// the value away. It refuses a key that a draft does not have.
func (d *Draft) Set(path string, texts ...string) error {
	k, ok := KeyAt(path)
	if !ok {
		return fmt.Errorf("the key %q cannot be set here; those that can are %s", path, strings.Join(Paths(), ", "))
	}
	if texts = clean(k, texts); len(texts) == 0 {
		delete(d.values, path)
		return nil
	}
	if !k.List && len(texts) > 1 {
		return fmt.Errorf("the key %q takes one value, not %d", path, len(texts))
	}
	d.values[path] = Value{Path: path, Texts: texts, Confidence: Certain}
	return nil
}

// Clone returns a copy that can be changed by itself.
func (d *Draft) Clone() *Draft {
	return &Draft{values: maps.Clone(d.values), services: d.services}
}

// Languages returns the languages that the software is described in, the one
// with the long description first, the others in alphabetic order.
func (d *Draft) Languages() []string {
	var out []string
	for path := range d.values {
		if rest, ok := strings.CutPrefix(path, "description."); ok {
			if lang, _, _ := strings.Cut(rest, "."); !slices.Contains(out, lang) {
				out = append(out, lang)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if long := boolRank(d.has("description."+b+".longDescription")) - boolRank(d.has("description."+a+".longDescription")); long != 0 {
			return long
		}
		return strings.Compare(a, b)
	})
	return out
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (d *Draft) has(path string) bool { return len(d.values[path].Texts) > 0 }

// Values returns what the draft knows and what it ought to know, in the order of
// the standard. Where nothing describes the software yet, its description is
// wanted in lang.
func (d *Draft) Values(lang string) []Value {
	languages := d.Languages()
	if len(languages) == 0 {
		languages = []string{lang}
	}
	var out []Value
	add := func(k publiccode.Key, path string, wanted need) {
		v := d.values[path]
		if len(v.Texts) == 0 {
			if wanted == no {
				return
			}
			v.Path, v.Confidence = path, Missing
		}
		v.Required, v.Wished = wanted == must, wanted == wish
		v.Key = k
		out = append(out, v)
	}
	for i, k := range keys {
		switch {
		case !strings.HasPrefix(k.Path, byLanguage):
			add(k, k.In(""), d.need(k))
		case i > 0 && strings.HasPrefix(keys[i-1].Path, byLanguage): // done with the first of them
		default:
			for j, lang := range languages {
				for _, k := range keys {
					if !strings.HasPrefix(k.Path, byLanguage) {
						continue
					}
					wanted := d.need(k)
					if k.AnyLanguage && j > 0 {
						wanted = no
					}
					add(k, k.In(lang), wanted)
				}
			}
		}
	}
	return out
}

// Check returns the errors and warnings that publiccode.Parse has about one key
// of the draft.
func (d *Draft) Check(path, lang string) []publiccode.Finding {
	var out []publiccode.Finding
	for _, f := range publiccode.Parse(d.YAML(lang), publiccode.Options{}).Findings {
		if f.Severity != publiccode.Advice && (f.Key == path || strings.HasPrefix(f.Key, path+"[")) {
			out = append(out, f)
		}
	}
	return out
}
