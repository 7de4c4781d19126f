// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import "regexp"

// The keys that tell the format of a file. A key of the whole stands at the margin, as
// no line of a text in it does.
var (
	ownKey   = regexp.MustCompile(`(?m)^(?:\x{FEFF}|\{)?["']?adoptionsYmlVersion["']?[ \t]*:`)
	likeOwn  = regexp.MustCompile(`(?mi)^(?:\x{FEFF}|\{)?["']?adoptions(?:yml-?version)?["']?[ \t]*:`)
	otherKey = regexp.MustCompile(`(?mi)^(?:\x{FEFF}|\{)?["']?publiccodeYmlVersion["']?[ \t]*:`)
)

// Recognise reports whether a file is an adoptions.yml by its content, right or
// wrong: it says the version of the format or, without that of publiccode.yml, has
// statements.
func Recognise(src []byte) bool {
	return ownKey.Match(src) || likeOwn.Match(src) && !otherKey.Match(src)
}
