// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is what makes a text no expression.
type Problem string

// The problems.
const (
	Empty        Problem = "empty"
	TooLong      Problem = "too-long"
	TooDeep      Problem = "too-deep"
	Unfinished   Problem = "unfinished"    // an operator at the end
	NotListed    Problem = "not-listed"    // neither on the SPDX list nor a reference
	BadReference Problem = "bad-reference" // LicenseRef- with other than letters, digits, "-" and "."
	NoException  Problem = "no-exception"  // no exception of the list behind WITH
	NoLicence    Problem = "no-licence"    // an operator or a bracket where a licence should be
	NoOperator   Problem = "no-operator"   // a licence or a bracket where an operator should be
	NotAlone     Problem = "not-alone"     // NOASSERTION or NONE in an expression
	Unclosed     Problem = "unclosed"      // a bracket
	Unopened     Problem = "unopened"      // a bracket
)

// SyntaxError says why a text is no expression, and where.
type SyntaxError struct {
	Problem Problem
	Word    string // what stands in the way; "" where that is the whole text or its end
	At      int    // where Word begins, in bytes
	Text    string // all that was read
}

// wording is a sentence that says what is wrong and one that says what to do,
// in one language.
type wording struct{ problem, advice string }

// problems are the words for every problem.
var problems = map[Problem]struct{ de, en wording }{
	Empty: {
		wording{"Der Lizenzausdruck ist leer.", "Schreiben Sie eine Kennung der SPDX-Liste, etwa „EUPL-1.2“."},
		wording{"The licence expression is empty.", "Write an identifier of the SPDX list, such as “EUPL-1.2”."},
	},
	TooLong: {
		wording{"Der Lizenzausdruck ist zu lang; gelesen werden höchstens {bytes} Bytes.", "Kürzen Sie ihn, oder fassen Sie Lizenzen in einer LicenseRef- zusammen."},
		wording{"The licence expression is too long; at most {bytes} bytes are read.", "Shorten it, or sum up licences in a LicenseRef-."},
	},
	TooDeep: {
		wording{"Die Klammer an Stelle {place} steht in zu vielen anderen; gelesen werden höchstens {depth} Ebenen.", "Lassen Sie überflüssige Klammern weg."},
		wording{"The bracket at position {place} is within too many others; at most {depth} levels are read.", "Leave out brackets that are not needed."},
	},
	Unfinished: {
		wording{"Am Ende des Lizenzausdrucks fehlt etwas.", "Ergänzen Sie, was auf AND, OR, WITH oder die Klammer folgt, oder streichen Sie sie."},
		wording{"Something is missing at the end of the licence expression.", "Add what follows AND, OR, WITH or the bracket, or delete them."},
	},
	NotListed: {
		wording{"„{word}“ an Stelle {place} ist keine Kennung der SPDX-Liste.", "Suchen Sie die Kennung auf https://spdx.org/licenses/; eine Lizenz, die dort fehlt, heißt „LicenseRef-“ mit einem Namen dahinter."},
		wording{"“{word}” at position {place} is no identifier of the SPDX list.", "Look for the identifier at https://spdx.org/licenses/; a licence that is not there is called “LicenseRef-” with a name behind it."},
	},
	BadReference: {
		wording{"„{word}“ an Stelle {place} ist kein gültiger Verweis auf eine Lizenz.", "Verwenden Sie hinter „LicenseRef-“ nur die Buchstaben A bis Z, Ziffern, „-“ und „.“."},
		wording{"“{word}” at position {place} is no valid reference to a licence.", "Behind “LicenseRef-” use only the letters A to Z, digits, “-” and “.”."},
	},
	NoException: {
		wording{"„{word}“ an Stelle {place} ist keine Ausnahme der SPDX-Liste.", "Suchen Sie sie auf https://spdx.org/licenses/exceptions-index.html; auf WITH folgt nie eine Lizenz."},
		wording{"“{word}” at position {place} is no exception of the SPDX list.", "Look for it at https://spdx.org/licenses/exceptions-index.html; a licence never follows WITH."},
	},
	NoLicence: {
		wording{"Vor „{word}“ an Stelle {place} fehlt eine Lizenz.", "Ergänzen Sie sie, oder streichen Sie „{word}“."},
		wording{"A licence is missing before “{word}” at position {place}.", "Add it, or delete “{word}”."},
	},
	NoOperator: {
		wording{"Vor „{word}“ an Stelle {place} fehlt AND oder OR.", "Schreiben Sie OR, wenn man unter den Lizenzen wählen darf, und AND, wenn alle gelten."},
		wording{"AND or OR is missing before “{word}” at position {place}.", "Write OR if one may choose among the licences, and AND if all apply."},
	},
	NotAlone: {
		wording{"„{word}“ an Stelle {place} kann nicht Teil eines Lizenzausdrucks sein.", "Schreiben Sie es allein, oder nennen Sie die Lizenz."},
		wording{"“{word}” at position {place} cannot be part of a licence expression.", "Write it alone, or name the licence."},
	},
	Unclosed: {
		wording{"Die Klammer an Stelle {place} wird nicht geschlossen.", "Schließen Sie sie mit „)“."},
		wording{"The bracket at position {place} is not closed.", "Close it with “)”."},
	},
	Unopened: {
		wording{"Die Klammer an Stelle {place} schließt keine.", "Streichen Sie sie, oder ergänzen Sie „(“ davor."},
		wording{"The bracket at position {place} closes none.", "Delete it, or add “(” before it."},
	},
}

// What to do where it is known what is meant.
var (
	meansOne = struct{ de, en string }{
		"Gemeint ist vermutlich „{meant}“.",
		"“{meant}” was probably meant.",
	}
	meansFamily = struct{ de, en string }{
		"Gemeint ist vermutlich „{meant}“; ergänzen Sie „-or-later“, wenn auch spätere Fassungen der Lizenz gelten, sonst „-only“.",
		"“{meant}” was probably meant; add “-or-later” if later versions of the licence apply too, otherwise “-only”.",
	}
	meansSeveral = struct{ de, en string }{
		"Schreiben Sie „{either}“, wenn man unter den Lizenzen wählen darf, und „{all}“, wenn alle gelten.",
		"Write “{either}” if one may choose among the licences, and “{all}” if all apply.",
	}
)

// Error says it in English.
func (e *SyntaxError) Error() string { return strings.TrimSuffix(e.Wording("en"), ".") }

// Wording says in German ("de") or English (all other tags) what is wrong, where,
// and what to do: where Named understands what is meant, that.
func (e *SyntaxError) Wording(lang string) string {
	in := func(de, en string) string {
		if lang == "de" {
			return de
		}
		return en
	}
	p := problems[e.Problem]
	problem, advice := in(p.de.problem, p.en.problem), in(p.de.advice, p.en.advice)
	var meant, either, all string
	if x, remarks, ok := Meant(e.Text); ok {
		meant, advice = x.String(), in(meansOne.de, meansOne.en)
		for _, r := range remarks {
			if r.Kind == FamilyInWords {
				advice = in(meansFamily.de, meansFamily.en)
			}
		}
	} else if several := list(e.Text); len(several) > 1 {
		either, all = (&Expression{Operator: Or, Operands: several}).String(), (&Expression{Operator: And, Operands: several}).String()
		advice = in(meansSeveral.de, meansSeveral.en)
	}
	return strings.NewReplacer(
		"{word}", shortened(e.Word),
		"{place}", strconv.Itoa(utf8.RuneCountInString(e.Text[:min(max(e.At, 0), len(e.Text))])+1),
		"{bytes}", strconv.Itoa(maxBytes),
		"{depth}", strconv.Itoa(maxDepth),
		"{meant}", meant,
		"{either}", either,
		"{all}", all,
	).Replace(problem + " " + advice)
}

// shortened keeps a message readable whatever the word is.
func shortened(s string) string {
	const most = 60
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}
