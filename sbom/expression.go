// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"errors"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// maxLicences bounds how many different licences are remembered.
const maxLicences = 10_000

// licence returns a licence in official spelling where it is an SPDX expression,
// and else as it is written.
func (d *draft) licence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	out, known := d.licences[s]
	if known {
		return out
	}
	out = d.cut(s)
	switch e, _, err := spdx.Parse(s); {
	case err == nil:
		out = e.String()
	case errors.Is(err, spdx.ErrNoAssertion):
		out = spdx.NoAssertion
	case errors.Is(err, spdx.ErrNone):
		out = spdx.None
	default:
		d.remark("licences that are no SPDX expression, which stay as they are", s)
	}
	if len(d.licences) < maxLicences {
		d.licences[strings.Clone(s)] = out
	}
	return out
}

// named returns the licence that a name means.
func (d *draft) named(s string) string {
	if e, ok := spdx.Named(s); ok {
		return e.String()
	}
	return d.licence(s)
}

// joined is the licence of what is under each of several, which holds all of
// them. What is no expression is a reference within: the whole is to be one.
func (d *draft) joined(licences []string) string {
	licences = slices.Compact(slices.DeleteFunc(licences, func(s string) bool { return s == "" }))
	if len(licences) > maxEach {
		d.remark("packages with more licences than are read, which were taken for not known", licences[0])
		return spdx.NoAssertion
	}
	switch {
	case len(licences) == 0:
		return ""
	case len(licences) == 1:
		return licences[0]
	}
	all := spdx.Expression{Operator: spdx.And}
	seen := map[string]bool{}
	for _, s := range licences {
		e, _, err := spdx.Parse(s)
		switch {
		case errors.Is(err, spdx.ErrNoAssertion), errors.Is(err, spdx.ErrNone):
			d.remark("licences beside a statement that there is none or that it is not known, which holds for the whole", s)
			return spdx.NoAssertion
		case err != nil:
			e = &spdx.Expression{Licence: spdx.Licence{ID: reference(s)}}
		}
		parts := []*spdx.Expression{e}
		if e.Operator == spdx.And {
			parts = e.Operands
		}
		for _, part := range parts {
			if key := part.String(); !seen[key] {
				seen[key] = true
				all.Operands = append(all.Operands, part)
			}
		}
	}
	if len(all.Operands) == 1 {
		return all.Operands[0].String()
	}
	return all.String()
}

// reference makes an identifier of a licence's name (SPDX 2.3, annex D.2).
func reference(name string) string {
	const most = 100
	id := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, name)
	return "LicenseRef-" + strings.Trim(id[:min(len(id), most)], "-")
}
