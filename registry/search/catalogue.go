// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"regexp"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// doc is what results are ordered by.
type doc struct {
	id     registry.ID
	name   string // folded, its words with one space between
	pushed int64  // in Unix milliseconds, as first
	first  int64
}

// maxName bounds doc.name in bytes, and so the cursor that it is part of.
const maxName = 120

// catalogue is the index of the entries at one revision. Entries are numbered
// as they come; one that changed gets a new number and its old one dies.
type catalogue struct {
	rev    registry.Rev
	docs   []doc
	number map[string]uint32 // of the current doc by ID.Key
	alive  *roaring.Bitmap
	terms  *dictionary
	values [facets]values
}

func newCatalogue() *catalogue {
	c := &catalogue{number: map[string]uint32{}, alive: roaring.New(), terms: newDictionary()}
	for f := range c.values {
		c.values[f] = values{}
	}
	return c
}

// remove takes out the entry, if it is there.
func (c *catalogue) remove(id registry.ID) {
	key := id.Key()
	if n, ok := c.number[key]; ok {
		c.alive.Remove(n)
		c.docs[n] = doc{}
		delete(c.number, key)
	}
}

// put enters an entry, in place of what was there under its ID. seal must
// follow.
func (c *catalogue) put(s *registry.Software) {
	c.remove(s.ID)
	n := uint32(len(c.docs))
	c.docs = append(c.docs, doc{
		id: s.ID, name: nameKey(s.PublicCode.Name),
		pushed: s.Repository.Pushed.UnixMilli(), first: s.FirstSeen.UnixMilli(),
	})
	c.number[s.ID.Key()] = n
	c.alive.Add(n)
	for f, all := range valuesOf(s) {
		for _, v := range all {
			c.values[f].add(n, v)
		}
	}
	c.addTexts(n, s)
}

func (c *catalogue) seal() { c.terms.seal() }

// wasteful reports that most of the index is about dead entries.
func (c *catalogue) wasteful() bool { return len(c.docs) > 2*len(c.number)+1000 }

func nameKey(name string) string {
	var all []string
	size := 0
	for parts := range split(name) {
		w := strings.Join(parts, "")
		if size += len(w) + 1; size > 2*maxName {
			break
		}
		all = append(all, w)
	}
	return cut(strings.Join(all, " "), maxName)
}

// address matches web addresses in running text: their parts are no words of it.
var address = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s<>()\[\]]+`)

// addTexts enters what an entry is found by.
func (c *catalogue) addTexts(n uint32, s *registry.Software) {
	add := func(f field, in language, texts ...string) {
		for _, t := range texts {
			if strings.Contains(t, "://") {
				t = address.ReplaceAllLiteralString(t, " ")
			}
			c.terms.add(n, f, t, in)
		}
	}
	p := &s.PublicCode
	add(nameField, anyLanguage, p.Name)
	for tag, d := range p.Description {
		in := languageOf(tag)
		add(nameField, in, d.LocalisedName)
		add(shortField, in, d.GenericName, d.ShortDescription)
		add(shortField, in, d.Features...)
		add(longField, in, d.LongDescription)
	}
	_, path, _ := strings.Cut(string(s.ID), "/")
	add(aboutField, anyLanguage, s.Publisher.Name, p.ApplicationSuite, s.Repository.Description, path)
	add(aboutField, anyLanguage, s.Repository.Topics...)
	add(aboutField, anyLanguage, p.UsedBy...)
	if p.Organisation != nil {
		add(aboutField, anyLanguage, p.Organisation.Name)
	}
	if d := p.DependsOn; d != nil {
		for _, all := range [...][]string{names(d.Open), names(d.Proprietary), names(d.Hardware)} {
			add(aboutField, anyLanguage, all...)
		}
	}
}

func names(all []publiccode.Dependency) []string {
	var n []string
	for _, d := range all {
		n = append(n, d.Name)
	}
	return n
}
