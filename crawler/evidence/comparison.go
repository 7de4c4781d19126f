// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"path"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

// comparison is what the rules look at.
type comparison struct {
	folder   string
	declared *statement // nil where there is no declaration
	forge    *statement // nil where the forge says nothing
	terms    []term     // of the declaration

	texts    []statement // the project's own, of a part those of its folder
	outer    []statement // of a part with own texts: those of the root
	aside    []statement // texts that are not the project's own
	reuse    []statement
	metadata []statement
	readme   []statement
	roots    []statement // of SBOMs
}

func compare(folder string, declared, forge *statement, detected, roots []statement) *comparison {
	c := &comparison{folder: folder, declared: declared, forge: forge, terms: declared.terms(), roots: roots}
	for _, s := range detected {
		switch {
		case s.Source == registry.FromREUSE:
			c.reuse = append(c.reuse, s)
		case s.Source == registry.FromMetadata:
			c.metadata = append(c.metadata, s)
		case s.Source == registry.FromReadme:
			c.readme = append(c.readme, s)
		case s.place == aside:
			c.aside = append(c.aside, s)
		default:
			c.texts = append(c.texts, s)
		}
	}
	c.near()
	// A README that holds the whole text stands in for a licence file.
	if len(c.recognised()) == 0 && !c.anyHeld() {
		c.texts = append(c.texts, filter(c.readme, func(s statement) bool { return s.place == own })...)
	}
	return c
}

// near leaves the statements of the part's folder, where there are any. Of a
// part with texts of its own, what the root says of itself is no statement, but
// for REUSE, which speaks of all files.
func (c *comparison) near() {
	if c.folder == "." {
		return
	}
	inside := func(s statement) bool { return s.Origin == "" && strings.HasPrefix(s.Path, c.folder+"/") }
	says := func(s statement) bool { return inside(s) && s.kind != detect.Pointer && !s.empty }
	alone := slices.ContainsFunc(c.texts, says)
	if alone {
		c.outer = filter(c.texts, func(s statement) bool { return !inside(s) })
		c.texts = filter(c.texts, inside)
		c.forge = nil
	}
	if slices.ContainsFunc(c.reuse, inside) {
		c.reuse = filter(c.reuse, inside)
	}
	for _, all := range []*[]statement{&c.metadata, &c.readme, &c.roots} {
		if alone || slices.ContainsFunc(*all, inside) {
			*all = filter(*all, inside)
		}
	}
}

// name is the declaration, for a reason.
func (c *comparison) name() string {
	switch {
	case c.declared == nil:
		return ""
	case c.declared.SPDX != "":
		return c.declared.SPDX
	}
	return c.declared.Written
}

// state is what the declaration amounts to; "" where there is none.
func (c *comparison) state() registry.LicenceState {
	if c.declared == nil {
		return ""
	}
	return c.declared.State
}

// comparable reports a declaration that can be compared.
func (c *comparison) comparable() bool { return c.declared != nil && c.declared.expr != nil }

// kin are the texts of the licence of t, whatever is said of later versions.
func (c *comparison) kin(t term) []statement {
	var out []statement
	for _, s := range c.texts {
		if slices.ContainsFunc(s.terms(), func(u term) bool { return u.family == t.family }) {
			out = append(out, s)
		}
	}
	return out
}

func (c *comparison) held(t term) bool { return len(c.kin(t)) > 0 }

// hasKind reports a text of a licence that is of one of the kinds.
func (c *comparison) hasKind(t term, kinds ...detect.Kind) bool {
	return slices.ContainsFunc(c.kin(t), func(s statement) bool { return slices.Contains(kinds, s.kind) })
}

// covered reports whether the texts that ok accepts suffice for the declaration.
func (c *comparison) covered(ok func(term) bool) bool {
	return c.comparable() && c.declared.expr.Satisfied(func(l spdx.Licence) bool { return ok(termOf(l)) })
}

// confirmed reports whether texts agree with the declaration.
func (c *comparison) confirmed() bool {
	return c.covered(func(t term) bool { return c.hasKind(t, detect.FullText, detect.Notice) })
}

// anyHeld reports whether there is a text of any declared licence.
func (c *comparison) anyHeld() bool { return slices.ContainsFunc(c.terms, c.held) }

// split parts the declared licences into those that ok accepts and the others.
func (c *comparison) split(ok func(term) bool) (with, without []term) {
	for _, t := range c.terms {
		if ok(t) {
			with = append(with, t)
		} else {
			without = append(without, t)
		}
	}
	return with, without
}

// recognised are the texts that are known to be of a licence: the project's own,
// or where there are none those that a program may be under in LICENSES/. A
// licence for content in a file of a name like LICENSE-docs or OFL.txt is not
// that of the program.
func (c *comparison) recognised() []statement {
	var mine, others []statement
	for _, s := range c.texts {
		switch {
		case s.expr == nil || !s.plain() && slices.ContainsFunc(s.terms(), term.forContent) || c.accompanies(s):
		case s.place == own:
			mine = append(mine, s)
		case s.kind != "":
			others = append(others, s)
		}
	}
	if len(mine) > 0 {
		return mine
	}
	return others
}

// plain reports a file whose name says nothing of what it is the licence for.
func (s statement) plain() bool {
	return s.place == own && plainName.MatchString(ending.ReplaceAllString(path.Base(s.Path), ""))
}

// accompanies reports a text that belongs to another one that is there too.
func (c *comparison) accompanies(s statement) bool {
	return slices.ContainsFunc(s.terms(), func(t term) bool {
		return slices.ContainsFunc(c.texts, func(o statement) bool { return slices.ContainsFunc(o.terms(), t.accompanies) })
	})
}

// differs reports a statement none of whose licences is declared.
func (c *comparison) differs(s statement) bool {
	return c.comparable() && s.expr != nil && !slices.ContainsFunc(s.terms(), func(u term) bool {
		return slices.ContainsFunc(c.terms, func(t term) bool { return t.family == u.family })
	})
}

// unclear finds a declared licence of which s says otherwise whether later
// versions apply.
func (c *comparison) unclear(s statement) (declared, said term, found bool) {
	for _, t := range c.terms {
		for _, u := range s.terms() {
			if t.family == u.family && t.later != open && u.later != open && t.later != u.later {
				return t, u, true
			}
		}
	}
	return term{}, term{}, false
}

// known are the texts that are known to be of a licence, whatever it is for.
func (c *comparison) known() []statement {
	return filter(c.texts, func(s statement) bool { return s.expr != nil })
}

// unknown are the project's own texts that nobody knows. In LICENSES/ they count
// where no other is of a declared licence.
func (c *comparison) unknown(unread bool) []statement {
	return filter(c.texts, func(s statement) bool {
		mine := s.place == own || s.named == "" && !c.anyHeld()
		return mine && s.State == registry.LicenceUnknown && !s.empty && s.unread == unread
	})
}

func filter(all []statement, keep func(statement) bool) []statement {
	var out []statement
	for _, s := range all {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

// names are the identifiers of licences, each once.
func names(terms []term) []string {
	var out []string
	for _, t := range terms {
		if s := t.String(); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// paths are the places of statements, each once, a few of them.
func paths(all []statement) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s.at()) && len(out) < 4 {
			out = append(out, s.at())
		}
	}
	return out
}

// at is where a statement stands, for a reason.
func (s statement) at() string {
	if s.Path == "" {
		return said(s.Origin)
	}
	return said(path.Clean(s.Path))
}
