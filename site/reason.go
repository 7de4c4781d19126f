// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"math"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// maxRankReasons bounds the reasons that are shown of an entry's rank.
const maxRankReasons = 12

// reason is one reason for the place of an entry in the list.
type reason struct {
	Text  string
	Share string // of the rank: 61 %, −4 %
	Lower bool   // it lowers the rank
}

func newReasons(lang string, all []registry.RankReason) []reason {
	var list []reason
	for _, r := range all[:min(len(all), maxRankReasons)] {
		percent := int(math.Round(100 * max(-1, min(1, r.Share))))
		share := strings.Replace(formatPercent(lang, percent), "-", "−", 1)
		r.Word, r.Found = shorten(r.Word, maxName), shorten(r.Found, maxName)
		list = append(list, reason{strings.TrimSuffix(r.Wording(lang), "."), share, percent < 0})
	}
	return list
}
