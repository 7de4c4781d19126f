// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"slices"
	"strings"
	"unicode"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

// The rules of what agrees, and of remarks that change nothing.

func noticeOnly(c *comparison) []finding {
	return without(c, []detect.Kind{detect.FullText, detect.Modified}, detect.Notice)
}

func agree(c *comparison) []finding {
	if !c.covered(func(t term) bool { return c.hasKind(t, detect.FullText) }) {
		return nil
	}
	var texts []statement
	for _, t := range c.terms {
		texts = append(texts, filter(c.kin(t), func(s statement) bool { return s.kind == detect.FullText })...)
	}
	return once(true, append([]string{c.name()}, paths(texts)...)...)
}

// oneAlternative finds licences to choose from that lack a text. The one that
// has its text can be relied upon: so that is a match.
func oneAlternative(c *comparison) []finding {
	with, without := c.split(func(t term) bool { return c.hasKind(t, detect.FullText, detect.Modified) })
	return once(len(with) > 0 && len(without) > 0 && c.covered(c.held), append([]string{strings.Join(names(with), ", ")}, names(without)...)...)
}

func otherWords(c *comparison) []finding {
	if c.state() != registry.LicenceInvalid || !c.comparable() || len(deprecatedUnclear(c)) > 0 {
		return nil
	}
	return once(true, c.writing()...)
}

// writing is what is written in the declaration, and how SPDX writes it.
func (c *comparison) writing() []string { return []string{c.declared.Written, c.declared.SPDX} }

func deprecated(c *comparison) []finding {
	return c.remarked(func(r spdx.Remark) (finding, bool) { return finding{r.Found, r.Instead}, r.Kind == spdx.Deprecated })
}

func deprecatedUnclear(c *comparison) []finding {
	return c.remarked(func(r spdx.Remark) (finding, bool) {
		written := r.Found
		if c.state() == registry.LicenceInvalid {
			written = c.declared.Written
		}
		return finding{written, r.Found}, r.Kind == spdx.Ambiguous
	})
}

func spelling(c *comparison) []finding {
	spelt := c.remarked(func(r spdx.Remark) (finding, bool) {
		return nil, r.Kind == spdx.Spelling || r.Kind == spdx.Operators
	})
	if len(spelt) == 0 {
		return nil
	}
	return once(c.declared.Written != "", c.writing()...)
}

// remarked are the findings for remarks about the declaration.
func (c *comparison) remarked(find func(spdx.Remark) (finding, bool)) []finding {
	if c.declared == nil {
		return nil
	}
	var out []finding
	for _, r := range c.declared.remarks {
		if f, ok := find(r); ok {
			out = append(out, f)
		}
	}
	return out
}

// furtherTexts names the texts beyond the declaration that are usual.
func furtherTexts(c *comparison) []finding {
	if !c.anyHeld() {
		return nil
	}
	var terms []term
	for _, s := range c.texts {
		if c.differs(s) && (s.place == kept || c.usual(s)) && !c.included(s) {
			terms = append(terms, s.terms()...)
		}
	}
	return once(len(terms) > 0, names(terms)...)
}

// textEmpty finds files that hold nothing.
func textEmpty(c *comparison) []finding {
	return each(filter(c.texts, func(s statement) bool { return s.empty }))
}

func partDiffers(c *comparison) []finding {
	var terms []term
	for _, s := range c.outer {
		if s.place == own && c.differs(s) {
			terms = append(terms, s.terms()...)
		}
	}
	return once(len(terms) > 0, append([]string{c.folder}, names(terms)...)...)
}

// readmeDiffers finds a README that names other licences, and nowhere a declared
// one, not even in words that detection does not understand.
func readmeDiffers(c *comparison) []finding {
	known := filter(c.readme, func(s statement) bool { return s.expr != nil })
	if len(known) == 0 || slices.ContainsFunc(known, func(s statement) bool { return !c.differs(s) || c.mentioned(s.context) }) {
		return nil
	}
	return once(true, known[0].SPDX, c.name(), known[0].at())
}

// mentioned reports whether a text has the short name of a declared licence,
// like EUPL of EUPL-1.2.
func (c *comparison) mentioned(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(c.terms, func(t term) bool {
		short, _, _ := strings.Cut(t.family, "-")
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, short) })
	})
}

func reuseUnread(c *comparison) []finding {
	return each(filter(c.reuse, func(s statement) bool { return s.unread }))
}
