// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"

	"github.com/allmende-registry/allmende/registry"
)

// mark is an answer told by a word, a sign and a colour, never by colour alone.
type mark struct {
	Tone string `json:"tone"`
	Sign string `json:"sign"`
	Word string `json:"word"`
}

// The signs, as paths in a square of 24.
const (
	signYes     = "m5 12.5 4.5 4.5L19 7.5"
	signNo      = "m6 6 12 12M18 6 6 18"
	signCare    = "M12 4v10m0 5v.01"
	signUnknown = "M8.5 8.5a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3m0 5v.01"
	signNothing = "M5 12h14"
)

// marks are by the value that they stand for, a verdict, an answer or a state.
var marks = map[string]mark{
	"match": {"good", signYes, ""}, "yes": {"good", signYes, ""}, "allowed": {"good", signYes, ""}, "met": {"good", signYes, ""},
	"ambiguous": {"warn", signCare, ""}, "conditional": {"warn", signCare, ""}, "partly": {"warn", signCare, ""},
	"missing": {"warn", signNothing, ""}, "not-met": {"warn", signNo, ""},
	"conflict": {"bad", signNo, ""}, "no": {"bad", signNo, ""}, "denied": {"bad", signNo, ""},
	"unknown": {"mild", signUnknown, ""}, "impossible": {"mild", signNothing, ""},
}

// newMark is the mark of a value of a kind: verdict, card (a verdict in short),
// ask, policy or check. What it does not know is shown as not known.
func newMark(lang, kind string, value any) mark {
	v := fmt.Sprint(value)
	m, ok := marks[v]
	if !ok {
		m = marks["unknown"]
	}
	if kind == "verdict" {
		m.Word = registry.LicenceVerdict(v).Wording(lang)
	} else {
		m.Word, _ = translate(lang, kind+"."+v) // what there is no word for is not known, see below
	}
	if m.Word == "" {
		m.Word = say(lang, "ask.unknown")
	}
	return m
}

func (m mark) doubtful() mark {
	if m.Tone == "good" {
		m.Tone = "mild"
	}
	return m
}

// Mark is newMark in the language of the page.
func (p *page) Mark(kind string, value any) mark { return newMark(p.Lang, kind, value) }
