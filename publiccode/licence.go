// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"errors"
	"regexp"

	"github.com/allmende-registry/allmende/spdx"
)

// licenceCodes are the codes for what is odd in a licence.
var licenceCodes = map[spdx.RemarkKind]string{
	spdx.InWords:       "PC0319",
	spdx.FamilyInWords: "PC0325",
	spdx.Deprecated:    "PC0410",
	spdx.Spelling:      "PC0411",
	spdx.Operators:     "PC0412",
	spdx.Abandoned:     "PC0415",
	spdx.Ambiguous:     "PC0416",
}

// checkLicence reports what is wrong with an SPDX expression. It is kept as
// written.
func (d *decoder) checkLicence(v value, s string) string {
	_, remarks, err := spdx.Parse(s)
	switch {
	case errors.Is(err, spdx.ErrNoAssertion), errors.Is(err, spdx.ErrNone):
		d.add("PC0320", v.position(), v.path, s)
		return s
	case err != nil:
		var ok bool
		if _, remarks, ok = spdx.Meant(s); !ok {
			d.add("PC0318", v.position(), v.path, s)
		}
	}
	for _, r := range remarks {
		args := []string{r.Found}
		if r.Instead != "" {
			args = append(args, r.Instead)
		}
		d.add(licenceCodes[r.Kind], v.position(), v.path, args...)
	}
	return s
}

// ValidLicence reports whether s is an SPDX licence expression. Identifiers
// may be spelled in any case, as the standard of SPDX has it, and operators in
// small letters; NONE and NOASSERTION are not expressions.
func ValidLicence(s string) bool {
	_, _, err := spdx.Parse(s)
	return err == nil
}

// maybeLater are words in a comment that may say that later versions of a licence
// apply: then a person must decide, since a comment may also say the opposite, or
// speak of other things.
var maybeLater = regexp.MustCompile(`(?i)\+|later|newer|greater|später|neuer|höher|successiv|ultérieur`)

// mendLicence spells a licence as the list of SPDX does today; "" where a person
// must decide. The comment is what stands behind it.
func mendLicence(s, comment string) string {
	return spdx.Mend(s, maybeLater.MatchString(comment))
}
