// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"slices"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
)

// The rules of what contradicts the declaration.

// strange are the recognised texts where none is of a declared licence, and none
// may be of a reference.
func (c *comparison) strange() []statement {
	if !c.comparable() || c.anyHeld() || slices.ContainsFunc(c.terms, term.isReference) {
		return nil
	}
	return c.recognised()
}

// sibling finds a declared licence of which s is another version, and whether
// the declaration allows that one.
func (c *comparison) sibling(s statement) (found, allowed bool) {
	for _, u := range s.terms() {
		for _, t := range c.terms {
			if other, after := u.succeeds(t); other {
				found, allowed = true, allowed || after && t.later == orLater
			}
		}
	}
	return found, allowed
}

func textDiffers(kinds ...detect.Kind) func(*comparison) []finding {
	return func(c *comparison) []finding {
		var out []finding
		for _, s := range c.strange() {
			if sibling, _ := c.sibling(s); !sibling && slices.Contains(kinds, s.kind) {
				out = append(out, finding{c.name(), s.SPDX, s.at()})
			}
		}
		return out
	}
}

func otherVersion(c *comparison) []finding { return c.versions(false) }

func laterVersion(c *comparison) []finding { return c.versions(true) }

func (c *comparison) versions(allowed bool) []finding {
	var out []finding
	for _, s := range c.strange() {
		if sibling, may := c.sibling(s); sibling && may == allowed {
			out = append(out, finding{c.name(), s.SPDX, s.at()})
		}
	}
	return out
}

func noneAgainstText(c *comparison) []finding {
	if c.state() != registry.LicenceNone {
		return nil
	}
	var out []finding
	for _, s := range c.recognised() {
		out = append(out, finding{s.SPDX, s.at()})
	}
	return out
}

// differing are the findings of statements that name none of what is declared.
func (c *comparison) differing(all []statement) []finding {
	var out []finding
	for _, s := range all {
		if c.differs(s) {
			out = append(out, finding{c.name(), s.SPDX, s.at()})
		}
	}
	return out
}

// reuseDiffers finds what REUSE says of all files, where nothing there is what
// is declared.
func reuseDiffers(c *comparison) []finding {
	general := filter(c.reuse, func(s statement) bool { return s.binding && s.expr != nil })
	if slices.ContainsFunc(general, func(s statement) bool { return !c.differs(s) }) {
		return nil
	}
	return c.differing(general)
}

func sbomDiffers(c *comparison) []finding {
	return c.differing(filter(c.roots, func(s statement) bool { return s.binding }))
}

func metadataDiffers(c *comparison) []finding { return c.differing(c.metadata) }

func forgeDiffers(c *comparison) []finding {
	if c.forge == nil || !c.differs(*c.forge) {
		return nil
	}
	companion := slices.ContainsFunc(c.forge.terms(), func(u term) bool { return slices.ContainsFunc(c.terms, u.accompanies) })
	return once(!companion, c.forge.SPDX, c.name())
}
