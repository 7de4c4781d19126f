// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
)

// The rules of what is missing.

func nothing(c *comparison) []finding {
	return once(c.declared == nil && len(c.known()) == 0 && len(c.unknown(false))+len(c.unknown(true)) == 0)
}

func noDeclaration(c *comparison) []finding {
	found := c.known()
	if c.declared != nil || len(found) == 0 {
		return nil
	}
	var terms []term
	for _, s := range found {
		terms = append(terms, s.terms()...)
	}
	return once(true, append([]string{strings.Join(paths(found), ", ")}, names(terms)...)...)
}

func noDeclarationUnknown(c *comparison) []finding {
	if c.declared != nil || len(c.known()) > 0 {
		return nil
	}
	return each(append(c.unknown(false), c.unknown(true)...))
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
	if len(c.texts) > 0 {
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
