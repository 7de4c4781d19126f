// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import "slices"

// collection gathers statements of several licences, each sentence once.
type collection []Statement

func (c *collection) add(statements ...Statement) {
	for _, s := range statements {
		i := slices.IndexFunc(*c, func(had Statement) bool { return had.Code == s.Code && had.Text == s.Text })
		if i < 0 {
			*c = append(*c, s)
			continue
		}
		had := &(*c)[i]
		had.Licences = append(slices.Clip(had.Licences), s.Licences...)
		had.Sources = union(had.Sources, s.Sources)
	}
}

// all returns the statements of a number of licences: that there is nothing to
// do only where that holds for all, and the names left out where they are all.
func (c collection) all(licences int) []Statement {
	var out []Statement
	for _, s := range c {
		if len(s.Licences) == licences {
			s.Licences = nil
		}
		if s.Code != "nothing" || s.Licences == nil || len(out) == 0 && len(c) == 1 {
			out = append(out, s)
		}
	}
	return out
}

func union(a, b []string) []string {
	a = slices.Clip(a)
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// summarise says what holds for the expression as a whole.
func (e Explanation) summarise() []Statement {
	var out collection
	say := func(code string, label, text Bilingual, sources ...string) {
		out.add(Statement{Code: code, Label: label, Text: text, Sources: sources})
	}
	switch {
	case e.Choice && len(e.Alternatives) == 0:
		say("choice", labelChoice, choiceOfMany, fromHouse)
	case e.Choice:
		say("choice", labelChoice, choiceOf.fill(len(e.Alternatives)), fromHouse)
	case len(e.Licences) > 1:
		say("choice", labelChoice, togetherOf.fill(len(e.Licences)), fromHouse)
	}
	kind := categoryWords[e.Category].text
	if e.AtLeast != "" {
		l := categoryWords[e.AtLeast].label
		kind = kind.after(Bilingual{atLeast.fill(l.DE).DE, atLeast.fill(l.EN).EN})
	}
	say("kind", categoryWords[e.Category].label, kind, fromScanCode, fromHouse)
	say("osi", labelOSI, osiWords[e.OSI], fromSPDX)
	say("network", labelNetwork, networkWords[e.Network], fromHouse)
	for _, l := range e.Licences {
		for _, s := range l.Statements {
			if s.Code == "standing" || s.Code == "covered" {
				s.Licences = []string{l.SPDX}
				out.add(s)
			}
		}
	}
	return out
}

// used returns the sources that the statements name, in their own order.
func (e Explanation) used() []Source {
	var ids []string
	note := func(statements []Statement) {
		for _, s := range statements {
			ids = union(ids, s.Sources)
		}
	}
	note(e.Summary)
	for _, l := range e.Licences {
		note(l.Statements)
	}
	for _, a := range e.Alternatives {
		note(a.Permissions)
		note(a.Limitations)
		for _, d := range a.Duties {
			note(d.Statements)
		}
	}
	return slices.DeleteFunc(Sources(), func(s Source) bool { return !slices.Contains(ids, s.ID) })
}
