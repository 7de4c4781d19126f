// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// vocabulary are the words of which a key takes one.
type vocabulary struct {
	words         []string
	german        map[string]string // words that can mean nothing but one of them, in small letters
	unknown, near string            // codes of the findings
}

// germanRoles are words that can mean nothing but a role.
var germanRoles = map[string]string{
	"pflegt": string(Maintains), "fördert": string(Funds), "finanziert": string(Funds), "betreibt": string(Operates),
	"nutzt": string(Uses), "erprobt": string(Evaluates), "testet": string(Evaluates),
	"keine": string(None), "nutzt nicht": string(None),
}

var (
	roleWords    = vocabulary{texts(Roles()), germanRoles, "AD0314", "AD0315"}
	partnerWords = vocabulary{texts([]Role{Maintains, Funds, Operates}), germanRoles, "AD0320", "AD0321"}
	seeksWords   = vocabulary{texts(AllSeeks()), nil, "AD0320", "AD0321"}
	fundingWords = vocabulary{texts([]FundingStatus{OpenFunding, CommittedFunding}), map[string]string{
		"offen": string(OpenFunding), "zugesagt": string(CommittedFunding),
	}, "AD0320", "AD0321"}
	offerWords = vocabulary{texts(Offers()), map[string]string{
		"finanziert": string(OffersFunds), "entwickelt": string(OffersBuild), "testet": string(OffersTest), "erprobt": string(OffersTest),
	}, "AD0320", "AD0321"}
	categoryWords = vocabulary{publiccode.Categories(), nil, "AD0320", "AD0321"}
)

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// in checks that a text is a word of a vocabulary. It returns the word that must be
// meant, or "".
func (d *decoder) in(voc vocabulary) func(value, string) string {
	return func(v value, t string) string {
		if slices.Contains(voc.words, t) {
			return t
		}
		meant := voc.german[strings.ToLower(t)]
		if i := slices.IndexFunc(voc.words, func(w string) bool { return strings.EqualFold(w, t) || w == meant }); i >= 0 {
			d.report(voc.near, v, t, voc.words[i])
			return voc.words[i]
		}
		if meant := publiccode.Nearest(t, voc.words); meant != "" {
			d.report(voc.near, v, t, meant)
		} else {
			d.report(voc.unknown, v, t, strings.Join(voc.words, ", "))
		}
		return ""
	}
}
