// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"errors"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

// statement is a piece of evidence with what the rules look at.
type statement struct {
	registry.LicenceEvidence
	// expr is what is compared; nil where there is nothing to compare.
	expr    *spdx.Expression
	remarks []spdx.Remark
	place   place
	kind    detect.Kind // of a text; "" where it is not recognised
	unread  bool
	empty   bool
	// named is what the name of a file in LICENSES/ says.
	named string
	// exception is the id of the exception whose text the file is.
	exception string
	// context is what a README says about the licence.
	context string
	// binding is a statement of the maintainers about the project as a whole.
	binding bool
}

// place says what a statement is to the project's own licence.
type place int

const (
	aside place = iota // NOTICE, third parties' licences: never the project's own
	own                // LICENSE, COPYING and the like
	kept               // in LICENSES/
)

// say sets what a statement says, in words of SPDX or others.
func (s *statement) say(written string) {
	s.Confidence = 1
	expr, remarks, err := spdx.Parse(written)
	switch {
	case errors.Is(err, spdx.ErrNoAssertion):
		s.State = registry.LicenceNotAssured
	case errors.Is(err, spdx.ErrNone):
		s.State = registry.LicenceNone
	case err != nil:
		s.State, s.Written, s.Confidence = registry.LicenceInvalid, said(written), 0
		if expr, ok := spdx.Named(written); ok {
			s.expr, s.SPDX, s.Confidence = expr, expr.String(), confidenceInWords
			_, s.remarks, _ = spdx.Parse(s.SPDX) // GPLv3 is as unclear as GPL-3.0
		}
	default:
		s.expr, s.remarks, s.SPDX = expr, remarks, expr.String()
		s.State = stateOf(expr, remarks)
		if trimmed := strings.TrimSpace(written); trimmed != s.SPDX {
			s.Written = said(trimmed)
		}
	}
}

// confidenceInWords is that of a licence named in other words than SPDX's.
const confidenceInWords = 0.9

func stateOf(expr *spdx.Expression, remarks []spdx.Remark) registry.LicenceState {
	for l := range expr.Licences() {
		if spdx.IsReference(l.ID) {
			return registry.LicenceReference
		}
	}
	if slices.ContainsFunc(remarks, func(r spdx.Remark) bool {
		return r.Kind == spdx.Deprecated || r.Kind == spdx.Ambiguous || r.Kind == spdx.Abandoned
	}) {
		return registry.LicenceDeprecated
	}
	return registry.LicenceStated
}

// terms are the licences of a statement as they are compared.
func (s *statement) terms() []term {
	if s == nil || s.expr == nil {
		return nil
	}
	var out []term
	for l := range s.expr.Licences() {
		if t := termOf(l); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// declared is what the publiccode.yml says; nil where it says nothing.
func (r *reading) declared() *statement {
	written := r.Software.PublicCode.Legal.License
	if strings.TrimSpace(written) == "" {
		return nil
	}
	var f registry.File
	if files := r.of(registry.RolePublicCode); len(files) > 0 {
		f = files[0]
	}
	if f.Path != "" && f.Hash == "" {
		_, _ = r.read(&f, 0) // for the hash, which is empty where that fails
	}
	s := r.from(f, registry.FromPublicCode)
	s.say(written)
	return &s
}

// forge is what the forge says; nil where it says nothing.
func (r *reading) forge() *statement {
	written := r.Software.Repository.Licence
	if strings.TrimSpace(written) == "" {
		return nil
	}
	s := statement{LicenceEvidence: registry.LicenceEvidence{Source: registry.FromForge}}
	if strings.EqualFold(strings.TrimSpace(written), "other") {
		s.State, s.Written = registry.LicenceUnknown, said(written)
	} else {
		s.say(written)
	}
	r.date(&s.LicenceEvidence)
	return &s
}
