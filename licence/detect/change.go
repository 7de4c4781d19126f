// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"regexp"
	"slices"
	"strings"
)

const (
	certain = 0.9 // below this share of agreeing words a text counts as modified
	// inserted is how many words in one place may differ without being a clause:
	// names of people and offices in the place of others.
	inserted = 12
	// How far around a text words that restrict it are looked for, in bytes.
	nearBefore, nearBehind = 600, 900
)

// changed reports whether the passage has words that its text has not, or lacks
// some, so that it may say something else.
func (p *passage) changed(file []word) bool {
	text := p.text
	t, f := 0, p.from()
	for i := 0; i <= len(p.runs); i++ {
		tEnd, fEnd := len(text.words), p.to()
		if i < len(p.runs) {
			tEnd, fEnd = int(p.runs[i].text), int(p.runs[i].file)
		}
		if differs(text, t, tEnd, file[f:fEnd]) {
			return true
		}
		if i < len(p.runs) {
			t, f = tEnd+int(p.runs[i].words), fEnd+int(p.runs[i].words)
		}
	}
	return false
}

// differs compares what stands between two runs: words of the text from one to
// another, and words of the file. What both have is taken for moved.
func differs(text *text, from, to int, added []word) bool {
	if within := text.optional[max(0, from-1):min(to+1, len(text.optional))]; !slices.Contains(within, false) {
		return false // names, dates and the like filled in
	}
	lost := map[hash]int{}
	for i := from; i < to; i++ {
		lost[text.words[i]]++
	}
	extra := 0
	for _, w := range added {
		if lost[w.hash] > 0 {
			lost[w.hash]--
			continue
		}
		if extra++; w.telling() || extra > inserted {
			return true
		}
	}
	missing := 0
	for i := from; i < to; i++ {
		w := text.words[i]
		if text.optional[i] || lost[w] == 0 {
			continue
		}
		lost[w]--
		if missing++; w.telling() || missing > inserted {
			return true
		}
	}
	return false
}

// restriction is a sentence that takes away what a licence gives.
var restriction = regexp.MustCompile(`commons clause|non[- ]?commercial|not [^.]{0,60}commercial|commercial (?:use|purposes?)[^.]{0,60}(?:not|require|prohibit|forbidden|permission|separate)|` +
	`(?:may|must|shall|can) ?not (?:be )?(?:us|sell|sold|distribut|redistribut|copi|copy|modif|sublicen)|cannot (?:be )?(?:us|sell|sold|distribut|redistribut|modif)|` +
	`(?:is|are) (?:strictly )?(?:prohibited|forbidden|not permitted|not allowed)|only (?:be )?(?:for|used for|permitted for) |for (?:internal|academic|research|educational|personal|evaluation)[^.]{0,40} (?:use|purposes?) only|` +
	`additional (?:restriction|condition|limitation)s?|following (?:additional )?restrictions?|shall be used for good|` +
	`nicht[- ]?kommerziell|kommerzielle[^.]{0,60}(?:nicht|untersagt|verboten|ausgeschlossen|genehmigung|zustimmung)|(?:darf|dürfen) nicht|ist (?:untersagt|verboten|nicht gestattet|nicht erlaubt)|` +
	`nur für (?:den |die )?(?:internen?|nicht|privaten?|forschung|dienst|behörd|öffentlich)|zusätzliche (?:einschränkung|beschränkung|bedingung)|` +
	`non commerciale?|uso commerciale (?:è |e' )?(?:viet|non)|è vietat|non può essere (?:usat|utilizzat|vendut)|usage commercial (?:est )?interdit|est interdite?\b|niet[- ]commercie|is verboden`) //nolint:misspell // Dutch

// restricts reports whether words beside a licence take away what it gives.
func restricts(s string) bool {
	return restriction.MatchString(strings.Join(strings.Fields(strings.ToLower(s)), " "))
}
