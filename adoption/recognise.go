// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import "regexp"

// The keys that tell the format of a file. A key of the whole stands at the margin, as
// no line of a text in it does.
var (
	ownKey    = atMargin("", "adoptionsYmlVersion")
	likeOwn   = atMargin("i", "adoptions(?:yml-?version)?|comaintenance")
	needsKey  = atMargin("", "needsYmlVersion")
	likeNeeds = atMargin("i", "needs(?:yml-?version)?")
	otherKey  = atMargin("i", "publiccodeYmlVersion")
)

func atMargin(flags, key string) *regexp.Regexp {
	return regexp.MustCompile(`(?m` + flags + `)^(?:\x{FEFF}|\{)?["']?(?:` + key + `)["']?[ \t]*:`)
}

// Recognise reports whether a file is an adoptions.yml by its content, right or
// wrong: it says the version of the format or, without that of another one, has
// statements.
func Recognise(src []byte) bool {
	return ownKey.Match(src) || likeOwn.Match(src) && !otherKey.Match(src) && !needsKey.Match(src)
}

// RecogniseNeeds reports whether a file is a needs.yml by its content, right or wrong.
func RecogniseNeeds(src []byte) bool {
	return !Recognise(src) && (needsKey.Match(src) || likeNeeds.Match(src) && !otherKey.Match(src))
}
