// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package editor

import _ "embed"

var (
	//go:embed template.de.yml
	germanTemplate []byte
	//go:embed template.en.yml
	englishTemplate []byte
)

// template is a small file to begin with, explained in German ("de") or English
// (all other tags). It keeps the standard as it is.
func template(lang string) []byte {
	if lang == "de" {
		return germanTemplate
	}
	return englishTemplate
}
