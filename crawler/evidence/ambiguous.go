// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"slices"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

// The rules of what may or may not agree.

func declaredInvalid(c *comparison) []finding {
	return once(c.state() == registry.LicenceInvalid && !c.comparable(), c.name())
}

// undeclared finds texts of licences that are not declared, beside those that
// are. In LICENSES/ they are usual, and so are those for content.
func undeclared(c *comparison) []finding {
	if !c.anyHeld() {
		return nil
	}
	var out []finding
	for _, s := range c.texts {
		if s.place == own && c.differs(s) && !c.usual(s) {
			out = append(out, finding{c.name(), s.SPDX, s.at()})
		}
	}
	return out
}

// usual reports a text that may lie beside the declared one without any meaning
// for it: for content, or part of what is declared.
func (c *comparison) usual(s statement) bool {
	return c.included(s) || !slices.ContainsFunc(s.terms(), func(u term) bool { return !u.forContent() })
}

// included reports a text that comes with the declared licence: the one that it
// adds to, and a later version that it allows.
func (c *comparison) included(s statement) bool {
	_, allowed := c.sibling(s)
	return allowed || slices.ContainsFunc(s.terms(), func(u term) bool { return slices.ContainsFunc(c.terms, u.accompanies) })
}

// without finds declared licences that have texts of one of the kinds, but none
// of the better ones.
func without(c *comparison, better []detect.Kind, kind detect.Kind) []finding {
	var out []finding
	for _, t := range c.terms {
		if c.hasKind(t, better...) {
			continue
		}
		for _, s := range c.kin(t) {
			if s.kind == kind {
				out = append(out, finding{s.SPDX, s.at()})
			}
		}
	}
	return out
}

func textModified(c *comparison) []finding {
	out := without(c, []detect.Kind{detect.FullText}, detect.Modified)
	if c.comparable() {
		return out
	}
	for _, s := range c.texts {
		if s.kind == detect.Modified && s.place == own {
			out = append(out, finding{s.SPDX, s.at()})
		}
	}
	return out
}

func textByName(c *comparison) []finding {
	return without(c, []detect.Kind{detect.FullText, detect.Modified, detect.Notice}, "")
}

func textUnknown(c *comparison) []finding { return each(c.unknown(false)) }

func textUnread(c *comparison) []finding { return each(c.unknown(true)) }

// nameDiffers finds a file in LICENSES/ whose content is of another licence than
// its name says, where either is declared.
func nameDiffers(c *comparison) []finding {
	var out []finding
	for _, s := range c.texts {
		if s.named == "" || s.Written == "" {
			continue
		}
		e, _, err := spdx.Parse(s.named)
		if err == nil && (!c.differs(s) || !c.differs(statement{expr: e})) {
			out = append(out, finding{s.at(), s.SPDX})
		}
	}
	return out
}

// laterUnclear finds what says otherwise than the declaration whether later
// versions apply, where no text says the same.
func laterUnclear(c *comparison) []finding {
	var out []finding
	for _, all := range [][]statement{c.texts, c.reuse, c.metadata, c.roots} {
		for _, s := range all {
			t, u, found := c.unclear(s)
			same := func(o statement) bool {
				return slices.ContainsFunc(o.terms(), func(v term) bool { return v.family == t.family && v.later == t.later })
			}
			if found && !same(s) && !slices.ContainsFunc(c.texts, same) {
				out = append(out, finding{t.String(), u.String(), s.at()})
			}
		}
	}
	return out
}

func exceptionWithoutText(c *comparison) []finding {
	var out []finding
	for _, t := range c.terms {
		has := func(s statement) bool {
			return s.exception == t.Exception || slices.ContainsFunc(s.terms(), func(u term) bool { return u.Exception == t.Exception })
		}
		if t.Exception != "" && c.held(t) && !slices.ContainsFunc(c.texts, has) && !slices.ContainsFunc(c.aside, has) {
			out = append(out, finding{t.String(), t.Exception})
		}
	}
	return out
}

func exceptionOnlyInText(c *comparison) []finding {
	var out []finding
	for _, s := range c.texts {
		if s.place == own && s.exception != "" && c.anyHeld() && !slices.ContainsFunc(c.terms, func(t term) bool { return t.Exception == s.exception }) {
			out = append(out, finding{c.name(), s.exception, s.at()})
		}
	}
	for _, t := range c.terms {
		for _, s := range c.kin(t) {
			for _, u := range s.terms() {
				declared := func(d term) bool { return d.family == u.family && d.Exception == u.Exception }
				if u.family == t.family && u.Exception != "" && !slices.ContainsFunc(c.terms, declared) {
					out = append(out, finding{c.name(), u.String(), s.at()})
				}
			}
		}
	}
	return out
}

func partWithoutText(c *comparison) []finding {
	_, missing := c.split(c.held)
	return once(c.anyHeld() && !c.covered(c.held), append([]string{c.name()}, names(missing)...)...)
}

func referenceWithoutText(c *comparison) []finding {
	var out []finding
	for _, t := range c.terms {
		if t.isReference() && !c.held(t) && len(c.texts) > 0 && !c.covered(c.held) {
			out = append(out, finding{t.String()})
		}
	}
	return out
}

func (t term) isReference() bool { return spdx.IsReference(t.ID) }
