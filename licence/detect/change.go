// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"slices"
	"strings"
	"unicode"
)

const (
	certain = 0.9 // below this share of agreeing words a text counts as modified
	// inserted is how many words in one place may differ without being a clause:
	// names of people and offices in the place of others.
	inserted = 12
	// How far around a text words that restrict it are looked for, in bytes.
	nearBefore, nearBehind = 600, 900
)

// rewritten is in how many places words may differ.
const rewritten = 15

// changed reports whether the passage has words that its text has not, or lacks
// some, so that it may say something else.
func (p *passage) changed(s string, file []word) bool {
	text := p.text
	t, f, places := 0, p.from(), 0
	for i := 0; i <= len(p.runs); i++ {
		tEnd, fEnd := len(text.words), p.to()
		if i < len(p.runs) {
			tEnd, fEnd = int(p.runs[i].text), int(p.runs[i].file)
		}
		n := differs(text, t, tEnd, s, file[f:fEnd])
		if n > 0 {
			places++
		}
		if n > inserted || places > rewritten {
			return true
		}
		if i < len(p.runs) {
			t, f = tEnd+int(p.runs[i].words), fEnd+int(p.runs[i].words)
		}
	}
	return false
}

// differs compares what stands between two runs: words of the text from one to
// another, and words added in the file s. What both have is taken for moved. It
// returns how many were added or lost, and more than inserted where one of them
// turns what the text says.
func differs(text *text, from, to int, s string, added []word) int {
	if within := text.optional[max(0, from-1):min(to+1, len(text.optional))]; !slices.Contains(within, false) {
		return 0 // names, dates and the like filled in
	}
	lost := map[hash]int{}
	for i := from; i < to; i++ {
		lost[text.words[i]]++
	}
	extra := 0
	for _, w := range added {
		meant := w.hash
		if lost[meant] == 0 {
			meant = mistyped(s[w.from:w.to], lost)
		}
		if lost[meant] > 0 {
			lost[meant]--
			continue
		}
		if extra++; w.telling() {
			return inserted + 1
		}
	}
	missing := 0
	for i := from; i < to; i++ {
		w := text.words[i]
		if text.optional[i] || lost[w] == 0 {
			continue
		}
		lost[w]--
		if missing++; w.telling() {
			return inserted + 1
		}
	}
	return max(extra, missing)
}

// mistyped returns the telling word among those lost that was meant by one with a
// letter less, more, or another.
func mistyped(s string, lost map[hash]int) hash {
	if len(s) < leastMistyped-1 || len(s) > 30 || len(lost) == 0 {
		return 0
	}
	letters := strings.Map(func(c rune) rune {
		if c == '-' || unicode.IsSpace(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, s)
	for w := range strings.FieldsSeq(tellingWords) {
		if h := hash(hashOf(w) | 1); lost[h] > 0 && len(w) >= leastMistyped && nearly(letters, w) {
			return h
		}
	}
	return 0
}

// leastMistyped is how long a word is that one letter does not make another.
const leastMistyped = 7

// nearly reports words of which one has a letter less, more or another.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	switch {
	case same == len(a):
		return true
	case len(a) == len(b):
		return a[same+1:] == b[same+1:]
	}
	return a[same:] == b[same+1:]
}

// restriction is a sentence that takes away what a licence gives.
var restriction = pattern(`commons clause|non[- ]?commercial|not [^.]{0,60}commercial|commercial (?:use|purposes?)[^.]{0,60}(?:not|require|prohibit|forbidden|permission|separate)|` +
	`(?:may|must|shall|can) ?not (?:be )?(?:us|sell|sold|distribut|redistribut|copi|copy|modif|sublicen)|cannot (?:be )?(?:us|sell|sold|distribut|redistribut|modif)|` +
	`(?:is|are) (?:strictly )?(?:prohibited|forbidden|not permitted|not allowed)|only (?:be )?(?:for|used for|permitted for) |for (?:internal|academic|research|educational|personal|evaluation)[^.]{0,40} (?:use|purposes?) only|` +
	`(?:needs?|requires?|without|subject to|only with|after)[^.]{0,60}(?:consent|permission|approval|authori[sz]ation)|(?:written|prior) (?:consent|permission|approval|agreement)|` +
	`additional (?:restriction|condition|limitation)s?|following (?:additional )?restrictions?|shall be used for good|` +
	`nicht[- ]?kommerziell|kommerzielle[^.]{0,60}(?:nicht|untersagt|verboten|ausgeschlossen|genehmigung|zustimmung)|(?:darf|dürfen) nicht|ist (?:untersagt|verboten|nicht gestattet|nicht erlaubt)|` +
	`(?:bedarf|bedürfen|erfordert|benötigt|nur mit|nur nach|ohne)[^.]{0,60}(?:zustimmung|genehmigung|erlaubnis|einwilligung|freigabe)|(?:zustimmungs|genehmigungs|lizenz|kosten|entgelt|gebühren)pflichtig|` +
	`nur für (?:den |die )?(?:internen?|nicht|privaten?|forschung|dienst|behörd|öffentlich)|zusätzliche (?:einschränkung|beschränkung|bedingung)|` +
	`non commerciale?|uso commerciale (?:è |e' )?(?:viet|non)|è vietat|non può essere (?:usat|utilizzat|vendut)|usage commercial (?:est )?interdit|(?:consenso|autorizzazione|autorisation|autorización|toestemming)[^.]{0,20}(?:scritt|preventiv|écrite|préalable|escrita|previa)|(?:senza|sans|sin|zonder)[^.]{0,40}(?:consenso|autorizzazione|autorisation|autorización|toestemming)|est interdite?\b|niet[- ]commercie|is verboden`) //nolint:misspell // Dutch

// restricts reports whether words beside a licence take away what it gives.
func restricts(s string) bool {
	return restriction().MatchString(strings.Join(strings.Fields(strings.ToLower(s)), " "))
}
