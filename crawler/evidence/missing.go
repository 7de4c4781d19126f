// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
)

// The rules of what is missing.

func nothing(c *comparison) []finding {
	return once(c.declared == nil && c.textless() && len(c.elsewhere()) == 0)
}

// textless reports that there is no text, neither known nor unknown, of what the
// program may be under.
func (c *comparison) textless() bool {
	return len(c.known())+len(c.unknown(false))+len(c.unknown(true)) == 0
}

// elsewhere are statements about the project as a whole that are not in licence
// files, each with what it names and where it stands.
func (c *comparison) elsewhere() []finding {
	binding := func(s statement) bool { return s.binding && s.expr != nil }
	var out []finding
	for _, s := range slices.Concat(filter(c.reuse, binding), c.metadata, c.readme, filter(c.roots, binding)) {
		if s.expr != nil {
			out = append(out, finding{s.SPDX, s.at()})
		}
	}
	return out
}

// namedOnly finds what names a licence where neither the declaration nor a text
// does.
func namedOnly(c *comparison) []finding {
	if c.declared != nil || !c.textless() {
		return nil
	}
	return c.elsewhere()
}

func noDeclaration(c *comparison) []finding {
	found := c.known()
	if c.declared != nil || len(found) == 0 {
		return nil
	}
	return once(true, saying(found)...)
}

func noDeclarationUnknown(c *comparison) []finding {
	if c.declared != nil || len(c.known()) > 0 {
		return nil
	}
	return each(append(c.unknown(false), c.unknown(true)...))
}

// textsSay finds what the texts are where the declaration cannot be compared with
// them.
func textsSay(c *comparison) []finding {
	found := c.known()
	if c.declared == nil || c.comparable() || c.state() == registry.LicenceNone || len(found) == 0 {
		return nil
	}
	return once(true, saying(found)...)
}

// saying are the places of texts in one, and what they are.
func saying(found []statement) []string {
	var terms []term
	for _, s := range found {
		terms = append(terms, s.terms()...)
	}
	return append([]string{strings.Join(paths(found), ", ")}, names(terms)...)
}

func declaredAs(state registry.LicenceState) func(*comparison) []finding {
	return func(c *comparison) []finding { return once(c.state() == state) }
}

func declaredNone(c *comparison) []finding {
	return once(c.state() == registry.LicenceNone && len(c.recognised()) == 0)
}

// noText finds a declaration beside which there is no text, neither known nor
// unknown, but for documentation, images and fonts.
func noText(c *comparison) []finding {
	declares := c.comparable() || c.state() == registry.LicenceInvalid
	return once(declares && !c.anyHeld() && len(c.recognised()) == 0 && len(c.unknown(false))+len(c.unknown(true)) == 0, c.name())
}

func pointerNowhere(c *comparison) []finding {
	if len(c.recognised()) > 0 || c.anyHeld() {
		return nil
	}
	var out []finding
	for _, s := range c.texts {
		if s.kind == detect.Pointer {
			out = append(out, finding{s.at()})
		}
	}
	return out
}

func readmeOnly(c *comparison) []finding {
	if c.declared == nil || !c.textless() {
		return nil
	}
	var out []finding
	for _, s := range c.readme {
		if s.expr != nil {
			out = append(out, finding{s.SPDX, s.at()})
		}
	}
	return out
}
