// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import "slices"

// Codes are the codes that the rules can give.
func Codes() []string {
	var codes []string
	for _, r := range rules {
		if !slices.Contains(codes, r.code) {
			codes = append(codes, r.code)
		}
	}
	return codes
}
