// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

const (
	maxPlaces = 60  // of each word that may stand before a name
	maxTries  = 600 // phrases that may be a name
)

// How plain a statement is.
const (
	tagged  = 1.0  // in words of SPDX
	stated  = 0.95 // in a sentence made for it
	named   = 0.9  // by name
	implied = 0.8  // by a heading, an address, a badge
)

// reader looks for notices in what is no licence's text.
type reader struct {
	s, low string // low is s in small letters, of the same length
	lines  lineEnds
	tries  int
	out    []Match
	taken  []span // sentences that were understood
}

// notices returns what names licences in the open spans of s. What only repeats a
// text found is left out.
func notices(s string, open []span, lines lineEnds, found []Match) []Match {
	r := reader{s: s, low: lower(s), lines: lines}
	// A line of the EUPL in a language whose text is not known: what follows is
	// that text, with other licences in its appendix.
	for i, o := range open {
		if at := euplMark().FindStringSubmatchIndex(s[o.from:o.to]); at != nil {
			id := "EUPL-1.1"
			if at[2] >= 0 {
				id = "EUPL-1.2"
			}
			r.add(id, Notice, named, o.from+at[0], o.from+at[1])
			open[i].to = o.from + at[0]
		}
	}
	for _, o := range open {
		r.tags(o)
		r.gnu(o)
		r.secondary(o)
		r.names(o)
		r.addresses(o)
		r.pointers(o)
	}
	said := slices.Clone(r.out)
	return slices.DeleteFunc(r.out, func(m Match) bool {
		repeats := func(f Match) bool { return f.SPDX == m.SPDX }
		return m.Kind == Notice && (slices.ContainsFunc(found, repeats) || slices.ContainsFunc(said, m.outdone))
	})
}

// outdone reports a notice that says more than m: which versions, or with what one
// may choose between.
func (m Match) outdone(by Match) bool {
	switch {
	case by.Kind != Notice || by.SPDX == m.SPDX:
		return false
	case family(by.SPDX) == m.SPDX, by.SPDX == noSecondary && m.SPDX == "MPL-2.0":
		return true
	}
	return m.Confidence <= implied && slices.Contains(strings.Split(by.SPDX, " OR "), m.SPDX)
}

// lower is strings.ToLower for ASCII, so that offsets stay.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// add keeps a match, the first of each identifier and kind.
func (r *reader) add(id string, kind Kind, confidence float64, from, to int) {
	for i := range r.out {
		if m := &r.out[i]; m.SPDX == id && m.Kind == kind {
			m.Confidence = max(m.Confidence, confidence)
			return
		}
	}
	r.out = append(r.out, Match{id, confidence, kind, r.lines.at(from), r.lines.at(to)})
}

// each calls f with the offset behind each occurrence of a word in small letters
// that no letter precedes.
func (r *reader) each(o span, words []string, f func(at, behind int)) {
	for _, w := range words {
		for at, places := o.from, 0; places < maxPlaces; {
			i := strings.Index(r.low[at:o.to], w)
			if i < 0 {
				break
			}
			at += i
			if at == 0 || !isLetter(r.low[at-1]) {
				places++
				f(at, at+len(w))
			}
			at += len(w)
		}
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 0xC0 }

// euplMark is the second line of the EUPL, the same in every language but for a
// name.
var euplMark = pattern(`EUPL\s?(?:©|\([cC]\))\s?[^\n\d]{3,60}\s2007(,?\s2016)?`)

var tag = pattern(`^[ \t]*[:=][ \t]*["']?([^"'\n\v<>]{1,300})`)

// tags reads SPDX-License-Identifier lines (SPDX 2.3, annex E).
func (r *reader) tags(o span) {
	r.each(o, []string{"spdx-license-identifier"}, func(at, behind int) {
		m := tag().FindStringSubmatch(r.s[behind:min(o.to, behind+320)])
		if m == nil {
			return
		}
		value := strings.Trim(m[1], " \t*/#;-`|%!{}")
		if e, _, err := spdx.Parse(value); err == nil {
			r.add(e.String(), Notice, tagged, at, behind)
		}
		r.taken = append(r.taken, span{at, behind + len(m[0])})
	})
}

var (
	gnuName    = pattern(`^gnu (affero |lesser |library )?general public licen[sc]e`)
	gnuVersion = pattern(`\bversion (\d(?:\.\d)?)`)
	laterWords = pattern(`any later version|or later|at your option|or (?:any )?newer|(?:jede|eine)[rn]? (?:später|neuer|höher)|oder (?:später|neuer|höher)|ultérieure|successiva|posterior|latere versie`)
	onlyWords  = pattern(`\bonly\b|as published by|\bnur\b|ausschließlich|veröffentlicht|uniquement|seulement`)
	stop       = pattern(`\.(?: [a-z]|$)`)
)

// gnu reads the notices that the GNU licences recommend. One that names a version
// and allows no later one means that version only (GPL-2.0, section 9).
func (r *reader) gnu(o span) {
	r.each(o, []string{"gnu"}, func(at, _ int) {
		end := min(o.to, at+500)
		if i := blank().FindStringIndex(r.low[at:end]); i != nil {
			end = at + i[0]
		}
		rest := plain(r.low[at:end])
		name := gnuName().FindStringSubmatchIndex(rest)
		if name == nil {
			return
		}
		said := rest[name[1]:]
		if i := stop().FindStringIndex(said); i != nil {
			said = said[:i[0]]
		}
		version := gnuVersion().FindStringSubmatch(said)
		if version == nil { // "version 3 of the GNU General Public License"
			said = plain(r.low[max(o.from, at-60):at]) + said
			if version = gnuVersion().FindStringSubmatch(said); version == nil {
				return
			}
		}
		id := "GPL-"
		if name[2] >= 0 {
			id = map[byte]string{'a': "AGPL-", 'l': "LGPL-"}[rest[name[2]]]
		}
		id += version[1]
		if len(version[1]) == 1 {
			id += ".0"
		}
		if spdx.Family(id+"-only") != id {
			return // there is no such version
		}
		switch {
		case laterWords().MatchString(said):
			id += "-or-later"
		case onlyWords().MatchString(said):
			id += "-only"
		}
		if !r.denied(at) {
			r.add(id, Notice, stated, at, end)
		}
		r.taken = append(r.taken, span{at, end})
	})
}

const noSecondary = "MPL-2.0-no-copyleft-exception"

// secondary reads Exhibit B of the MPL-2.0, which makes it another licence.
func (r *reader) secondary(o span) {
	r.each(o, []string{"incompatible with secondary licenses", "incompatible with secondary licences"}, func(at, behind int) {
		r.add(noSecondary, Notice, stated, at, behind)
	})
}

// blank is an empty line, with signs of a comment or not.
var blank = pattern(`\n[\s*/#;>]*\n`)

// plain puts a text on one line, without signs of comments.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(" \t\n\v*#/;>_|", c) }), " ")
}

// denied reports a sentence that says "not" before an offset.
func (r *reader) denied(at int) bool {
	before := r.low[max(0, at-45):at]
	if i := strings.LastIndexAny(before, ".\n"); i >= 0 {
		before = before[i+1:]
	}
	return denial().MatchString(before)
}

var denial = pattern(`\b(?:not|nicht|keine?r?|never|non|niet|ne)\b|n't\b|compatible|kompatibel|instead|previously|formerly|früher|bisher`)

// leads are words that the name of a licence follows, in languages of the
// catalogue; labels are those that do with a colon or as a heading.
var (
	leads = []string{
		"under", "unter", "gemäß", "nach", "sotto", "secondo", "a norma", "sous", "krachtens", "onder", "bajo", "licensed", "licença", "lizenziert", "dual-licensed", "marked with",
		"con licenza", "con licencia", "com licença", "nos termos da", "na licencji", "lisensoitu",
	}
	labels = []string{"license", "licence", "lizenz", "licenza", "licentie", "licencia", "licença", "licens", "lisenssi", "licencja"}
	// plainNames are names of licences for data, which people put without another word.
	plainNames = []string{"datenlizenz deutschland", "dl-de", "open government licen", "licence ouverte"}
)

// filler may stand between them and the name.
var filler = wordSet("the a an either or terms and conditions of license licence licensed licenses version both " +
	"der den dem des einer eine die bedingungen bestimmungen lizenz lizenzen " +
	"la le les il i lo termini della dell dell' condizioni licenza " +
	"termes conditions de licence voorwaarden van licentie los términos licencia is are: as open source software")

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// names reads licences by what people call them.
func (r *reader) names(o span) {
	if line, end := r.firstLine(o); o.from == 0 && len(line) < 100 && !strings.HasPrefix(line, "SPDX") {
		if line = strings.Trim(line, "# *_=<>[]`"); licenceWord().MatchString(line) {
			readings := []string{line, decorated(line)}
			if v := nextVersion().FindStringSubmatch(r.s[end:min(o.to, end+60)]); v != nil {
				readings = append(readings, line+" "+v[1])
			}
			for _, reading := range readings {
				for _, id := range understood(reading, "") {
					r.add(id, Notice, implied, o.from, end)
				}
			}
		}
	}
	r.each(o, leads, func(at, behind int) {
		if behind == len(r.low) || !isLetter(r.low[behind]) {
			r.name(o, at, behind, named)
		}
	})
	r.each(o, plainNames, func(at, _ int) { r.name(o, at, at, implied) })
	r.each(o, labels, func(at, behind int) {
		line := strings.TrimLeft(r.s[strings.LastIndexByte(r.s[:at], '\n')+1:at], " \t*_#-=|/<>\"'`[")
		rest := r.low[behind:min(o.to, behind+40)]
		text := strings.TrimLeft(rest, " \t*_\"'`s])")
		switch {
		case text == "":
		case text[0] == ':' || text[0] == '=' || text[0] == '|':
			r.name(o, at, behind+len(rest)-len(text)+1, named)
		case text[0] == '-' && strings.HasSuffix(r.low[o.from:at], "badge/"):
			r.name(o, at, behind+len(rest)-len(text)+1, implied)
		case (text[0] == '\n' || text[0] == '\v') && line == "":
			r.name(o, at, behind+len(rest)-len(text)+1, implied)
		}
	})
}

// nextVersion is a version on the line behind a heading.
var nextVersion = pattern(`(?i)^\s*\n\W*v(?:ersion)?\.?\s*(\d+(?:\.\d+)*)`)

func (r *reader) firstLine(o span) (line string, end int) {
	s := r.s[o.from:o.to]
	trimmed := strings.TrimLeft(s, " \t\r\n\v\ufeff")
	line, _, _ = strings.Cut(trimmed, "\n")
	return strings.TrimSpace(line), o.from + len(s) - len(trimmed) + len(line)
}

const (
	maxName   = 9   // words that a name has at most
	maxWindow = 240 // bytes behind a word that are looked at for one
)

var (
	// decoration is around names, aside is behind them: (the "Licence").
	decoration = strings.NewReplacer("[", " ", "]", " ", "*", " ", "`", " ", "\"", " ", "“", " ", "”", " ", "„", " ", "'", " ",
		"’", " ", "_", " ", "%20", " ", "--", "-", "<", " ", ">", " ", "|", " ", "«", " ", "»", " ", "–", " ", "—", " ")
	aside = pattern(`\([^()\n]{0,60}\)`)
	// link is where a name's text is to be found: <LICENSE-MIT or address>, ([file](file) or address).
	link   = pattern(`<[^<>]{0,60}(?:://|LICEN)[^<>]{0,120}>|\(\[[^\]\n]{1,40}\]\([^()\n]{1,60}\)\s+or\s+[^()]{1,100}\)`)
	choice = pattern(`(?i)^either\b`)
	bullet = pattern(`\n\s*[*-]\s+`)
	// nameEnd is where a name does not go on: another sentence, a paragraph, an address.
	nameEnd = pattern(`[.!?;]\s|\n\s*\n|:\s|https?:|\bbadge\b|\.svg|\.txt|\.md|-(?:blue|green|red|yellow|orange|brightgreen|lightgrey|informational|success)`)
	// shortVersion is a word cut short, whose full stop ends no sentence.
	shortVersion = pattern(`(?i)\b(?:v|vers)\.\s*(\d)`)
	// andName and orName join names in other languages.
	andName = pattern(`(?i)\s(?:und|et|e|y|en)\s+` + nextName)
	orName  = pattern(`(?i)\s(?:oder|ou|o|of)\s+` + nextName)
	// versions is the word for it in other languages.
	versions = pattern(`(?i)\b(?:versione|versión|versie|versão|wersja)\b`)
)

// nextName is a name with what may stand before it.
const nextName = `(?:(?:unter\s+)?(?:der|die|dem|den|la|le|de|il)\s+)?((?:MIT|Apache|[AL]?GPL|EUPL|MPL|BSD|CC|EPL|GNU|ISC)\b)`

// name reads a name behind an offset.
func (r *reader) name(o span, at, behind int, confidence float64) {
	if slices.ContainsFunc(r.taken, func(t span) bool { return at >= t.from && at < t.to }) || r.denied(at) {
		return
	}
	window := link().ReplaceAllString(r.s[behind:min(o.to, behind+2*maxWindow)], " ")
	window = strings.TrimLeft(window[:min(len(window), maxWindow)], " \t\n\v:=#")
	if choice().MatchString(window) { // of what is listed
		window = bullet().ReplaceAllString(window, " or ")
	}
	window = shortVersion().ReplaceAllString(window, "v$1")
	window = orName().ReplaceAllString(andName().ReplaceAllString(window, " and $1"), " or $1")
	if cut := nameEnd().FindStringIndex(window); cut != nil && cut[0] > 0 {
		window = window[:cut[0]]
	}
	words := strings.Fields(decorated(window))
	for n := 0; n < 7 && len(words) > 0 && filler[strings.ToLower(strings.Trim(words[0], ",:"))]; n++ {
		words = words[1:]
	}
	accept := func(phrase, rest string) bool {
		r.tries++
		ids := understood(phrase, rest)
		for _, id := range ids {
			r.add(id, Notice, confidence, at, behind)
		}
		return ids != nil
	}
	for n := min(maxName, len(words)); n > 0 && r.tries < maxTries; n-- {
		phrase := versions().ReplaceAllString(strings.TrimRight(strings.Join(words[:n], " "), " ,;:.!-/()"), "version")
		if !licenceWord().MatchString(phrase) {
			break // nor has a part of it
		}
		if accept(phrase, strings.Join(words[n:], " ")) {
			return
		}
	}
	for _, phrase := range asides(window) {
		if r.tries < maxTries && licenceWord().MatchString(phrase) && accept(phrase, "") {
			return
		}
	}
}

// decorated is a phrase without decoration and asides.
func decorated(s string) string {
	return strings.Join(strings.Fields(decoration.Replace(aside().ReplaceAllString(s, " "))), " ")
}

// asides are what stands in brackets behind a name, often a shorter one.
func asides(s string) (out []string) {
	for _, a := range aside().FindAllString(s, 3) {
		out = append(out, strings.Trim(a, "()"))
	}
	return out
}

var (
	// licenceWord is in what is a licence's name and not a common word that an
	// identifier happens to be (PHP, Python, X11).
	licenceWord = pattern(`(?i)licen[sc]|lizenz|gpl|\bmit\b|apache|bsd|eupl|\bmpl|mozilla|\bcc[0 -]|creative commons|\bepl|eclipse|\bisc\b|unlicense|\bogl|\bofl|etalab|ouverte|government|dl-de|datenlizenz|odbl|cecill|liliq|wtfpl|busl|sspl|polyform|\bosl|\bafl|artistic`)
	laterBehind = pattern(`(?i)^[\s,(]*(?:or|oder|o|ou|of|und|e|et)\b.{0,90}?(?:later|subsequent|newer|higher|neuer|höher|später|successiv|superieur|supérieur|ultérieur|hoger|latere|posterior)`)
	onlyBehind  = pattern(`(?i)^[\s,(]*(?:only|nur|solo|seulement|alleen)\b`)
)

// understood returns the identifier or expression that a phrase names, with what
// stands behind it. Of licences joined by "and" it returns each: in a sentence
// the word does not say whether one may choose.
func understood(phrase, behind string) (ids []string) {
	if len(phrase) < 2 || len(phrase) > 120 {
		return nil
	}
	id, ok := otherNames[nameKey(phrase)]
	if !ok {
		id = phrase
	}
	e, ok := spdx.Named(id)
	if !ok {
		return nil
	}
	switch {
	case e.Operator == spdx.And:
		for _, o := range e.Operands {
			ids = append(ids, o.String())
		}
		return ids
	case e.Operator == spdx.Or || e.Licence.Exception != "":
		return []string{e.String()}
	}
	if id = e.String(); id == spdx.None || id == spdx.NoAssertion || spdx.IsReference(id) {
		return nil
	}
	base := family(id)
	twofold := spdx.Family(base+"-only") == base
	switch {
	case laterBehind().MatchString(behind) && twofold:
		id = base + "-or-later"
	case laterBehind().MatchString(behind):
		id = base + "+"
	case onlyBehind().MatchString(behind) && twofold:
		id = base + "-only"
	}
	return []string{id}
}

// address is a page that has a licence's text.
type address struct {
	host string
	path func() *regexp.Regexp // its groups are what Named understands behind name
	name string
	// plain says that people link it for nothing but their licence.
	plain bool
}

var addresses = []address{
	{"mit-license.org", pattern(`^()`), "MIT", true},
	{"creativecommons.org/licenses/", pattern(`^([a-z-]+)/(\d\.\d)(?:/([a-z]{2})\b)?`), "CC-", false},
	{"creativecommons.org/publicdomain/zero/", pattern(`^(1\.0)`), "CC0-", false},
	{"apache.org/licenses/license-", pattern(`^(2\.0)`), "Apache-", true},
	{"opensource.org/licenses/", pattern(`^([a-z0-9.-]+[a-z0-9])`), "", true},
	{"opensource.org/license/", pattern(`^([a-z0-9.-]+[a-z0-9])`), "", true},
	{"spdx.org/licenses/", pattern(`^([a-z0-9.-]+[a-z0-9])`), "", true},
	{"gnu.org/licenses/", pattern(`^(?:old-licenses/)?([al]?gpl)-(\d\.\d)`), "", false},
	{"mozilla.org/mpl/", pattern(`^(\d\.\d)`), "MPL-", false},
	{"mozilla.org/en-us/mpl/", pattern(`^(\d\.\d)`), "MPL-", false},
	{"govdata.de/dl-de/", pattern(`^(by|zero)-2-0`), "DL-DE-", false},
	{"eupl-text-eupl-", pattern(`^1([12])\b`), "EUPL-1.", false},
	{"eupl/eupl-v", pattern(`^1\.?([12])\b`), "EUPL-1.", false},
}

var speaksOfLicence = pattern(`licen[sc]|lizenz|lizenziert|lisens|\bunder\b|\bunter\b`)

// addresses reads licences by the address of their text, in a line that speaks of
// licences besides.
func (r *reader) addresses(o span) {
	for _, a := range addresses {
		r.each(o, []string{a.host}, func(at, behind int) {
			m := a.path().FindStringSubmatch(r.low[behind:min(o.to, behind+60)])
			if m == nil || r.denied(at) {
				return
			}
			line := r.low[max(o.from, at-200):at]
			line = line[strings.LastIndexByte(line, '\n')+1:]
			if !a.plain && !speaksOfLicence().MatchString(line) {
				return
			}
			name := a.name + strings.Trim(strings.Join(m[1:], "-"), "-")
			if strings.HasPrefix(a.host, "govdata") {
				name += "-2.0"
			}
			e, ok := spdx.Named(name)
			if !ok { // one of a country that has no licence of its own
				e, ok = spdx.Named(a.name + strings.Join(m[1:len(m)-1], "-"))
			}
			if ok {
				r.add(e.String(), Notice, implied, at, behind)
			}
		})
	}
}

var (
	inFolder  = pattern(`^([\w.+-]*)`)
	onlyPath  = pattern(`(?i)^\s*(?:\.{1,2}/|[\w-]+/)*(?:licen[cs]es?|copying)[\w.-]*\s*$`) // a symbolic link
	otherFile = pattern(`(?i)(?:\b(?:see|refer to|found in|consult|siehe|findet sich in|finden sie in|vgl\.|zie|vedi|vedere|voir|véase)\b[^.\n]{0,60}?)\W((?:un)?licen[sc]e[sn]?|copying|lizenz|eupl)(?:[-.][\w.-]+)?\b`)
)

// pointers reads where a text leads elsewhere.
func (r *reader) pointers(o span) {
	r.each(o, []string{"licenses/", "licences/"}, func(at, behind int) {
		if at > 0 && r.s[at-1] == '/' && !strings.HasSuffix(r.s[:at], "./") {
			return // part of another address
		}
		file := inFolder().FindString(r.s[behind:min(o.to, behind+80)])
		id := ""
		if e, _, err := spdx.Parse(strings.TrimSuffix(strings.TrimSuffix(file, ".txt"), ".")); err == nil && e.Operator == "" {
			id = e.String()
		}
		r.add(id, Pointer, tagged, at, behind+len(file))
	})
	if len(r.out) == 0 && o.to-o.from <= 4<<10 {
		for _, form := range []func() *regexp.Regexp{onlyPath, otherFile} {
			if at := form().FindStringIndex(r.s[o.from:o.to]); at != nil {
				r.add("", Pointer, implied, o.from+at[0], o.from+at[1])
			}
		}
	}
}
