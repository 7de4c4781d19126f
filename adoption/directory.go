// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Directory knows organisations and finds the one that a line of free text
// means, such as those of usedBy in a publiccode.yml. It would rather find none
// than the wrong one: names are compared as a whole, and a name that two
// organisations bear finds neither. An organisation that is known by nothing but its
// name is no second one beside one of that name with a URI. The zero value is empty
// and ready.
//
// What it finds is a guess about whom somebody else means. It confirms nothing.
type Directory struct {
	byKey map[string][]alias      // who may be called so, each once; folded
	known map[string]Organisation // by identity, as they were added first
}

// alias is an organisation under one of its names.
type alias struct {
	identity string // its URI, or its name where there is none
	Organisation
}

// Means is by what a Directory found an organisation.
type Means string

// The means, the surest first.
const (
	ByURI     Means = "uri"
	ByName    Means = "name"
	ByAcronym Means = "acronym" // "BSI" for "Bundesamt … (BSI)"
)

// maxClaim is the longest line that is looked at, in bytes. Names are shorter;
// what is longer tells a story.
const maxClaim = 300

// Add makes an organisation known. Another name of a known one, by its URI, is a
// further name of it. One without a name and without a URI is left out.
func (d *Directory) Add(o Organisation) {
	identity := address(o.URI)
	if identity == "" {
		identity = strings.TrimSpace(o.URI)
	}
	if identity == "" {
		identity = "name " + foldName(o.Name)
	}
	if identity == "name " || len(o.Name) > maxClaim || len(o.URI) > 2000 {
		return
	}
	if d.known == nil {
		d.byKey, d.known = map[string][]alias{}, map[string]Organisation{}
	}
	if _, ok := d.known[identity]; !ok {
		d.known[identity] = o
	}
	one := alias{identity, d.known[identity]}
	one.Name = o.Name
	if a := address(o.URI); a != "" {
		d.put("uri "+a, one)
	}
	names, short := parts(o.Name)
	for _, n := range names {
		d.put("name "+foldName(n), one)
		if bare := legalForm.ReplaceAllString(n, ""); bare != n {
			d.put("bare "+foldName(bare), one)
		}
	}
	for _, s := range short {
		d.put("acronym "+foldName(s), one)
	}
}

func (d *Directory) put(key string, one alias) {
	if !slices.ContainsFunc(d.byKey[key], func(n alias) bool { return n.identity == one.identity }) {
		d.byKey[key] = append(d.byKey[key], one)
	}
}

// Find tells whom a claim means, under the name by which it is found, and by what;
// ok is false where that is not clear.
func (d *Directory) Find(claim string) (o Organisation, by Means, ok bool) {
	if len(claim) > maxClaim {
		return o, "", false
	}
	claim = markdownLink.ReplaceAllString(claim, "$1 <$2>")
	for _, link := range anyLink.FindAllString(claim, -1) {
		if o, ok := d.one("uri " + address(link)); ok {
			return o, ByURI, true
		}
	}
	if anyLink.MatchString(claim) { // only the address of a page tells who it is
		claim = strings.Trim(anyLink.ReplaceAllString(claim, ""), " <>()[]-–,;:")
	}
	names, _ := parts(claim)
	for _, name := range names {
		keys := []string{"name " + foldName(name), "bare " + foldName(name)}
		if bare := legalForm.ReplaceAllString(name, ""); bare != name { // of another form it is another company
			keys[1] = "name " + foldName(bare)
		}
		for _, key := range keys {
			if o, ok := d.one(key); ok {
				return o, ByName, true
			}
			if len(d.byKey[key]) > 0 { // several are called just so
				break
			}
		}
	}
	if bare := legalForm.ReplaceAllString(strings.TrimSpace(claim), ""); isAcronym(bare) {
		if o, ok := d.one("acronym " + foldName(bare)); ok {
			return o, ByAcronym, true
		}
	}
	return o, "", false
}

// one is the only organisation with a key, or the only one of them with a URI.
func (d *Directory) one(key string) (Organisation, bool) {
	found := d.byKey[key]
	if len(found) > 1 {
		found = slices.DeleteFunc(slices.Clone(found), func(n alias) bool { return n.URI == "" })
	}
	if len(found) == 1 && !strings.HasSuffix(key, " ") {
		return found[0].Organisation, true
	}
	return Organisation{}, false
}

var (
	markdownLink = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]*)\)`)
	anyLink      = regexp.MustCompile(`https?://[^\s<>()\[\]"']+`)
	inBrackets   = regexp.MustCompile(`\s*\(([^()]*)\)`)
	atTheEnd     = regexp.MustCompile(`\s[-–]\s(\S+)$`)
	atTheStart   = regexp.MustCompile(`^(\S+)\s[-–]\s`)
	legalForm    = regexp.MustCompile(`(?i)[\s,]+(g?gmbh|mbh|ag|kg|ohg|aör|e\.?\s?v\.?|s\.?\s?p\.?\s?a\.?|s\.?r\.?l\.?|b\.?v\.?|n\.?v\.?|scrl|ltd\.?|inc\.?)$`)
)

// parts are the names that a text may be read as, as it is and without the short
// forms in brackets or beside a dash, and these short forms.
func parts(text string) (names, short []string) {
	text = strings.TrimSpace(text)
	names = []string{text}
	plain := strings.TrimSpace(inBrackets.ReplaceAllString(text, ""))
	for _, m := range inBrackets.FindAllStringSubmatch(text, 4) {
		within := strings.TrimSpace(m[1])
		if !abbreviates(within, plain) {
			return names, nil // it tells two of one name apart
		}
		short = append(short, within)
	}
	if m := atTheEnd.FindStringSubmatchIndex(plain); m != nil && abbreviates(plain[m[2]:m[3]], plain[:m[0]]) {
		short = append(short, plain[m[2]:m[3]])
		plain = plain[:m[0]]
	}
	if m := atTheStart.FindStringSubmatchIndex(plain); m != nil && abbreviates(plain[m[2]:m[3]], plain[m[1]:]) {
		short = append(short, plain[m[2]:m[3]])
		plain = plain[m[1]:]
	}
	if plain != text {
		names = append(names, plain)
	}
	return names, short
}

// abbreviates reports whether a word in brackets is a short form of the name, and
// not the place of one of several that bear it: it has two capitals, or its
// letters are in the name in their order.
func abbreviates(short, name string) bool {
	if !isAcronym(short) {
		return false
	}
	capitals := 0
	for _, r := range short {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	if capitals > 1 {
		return true
	}
	left := []rune(foldName(name))
	for _, r := range foldName(short) {
		i := slices.Index(left, r)
		if i < 0 {
			return false
		}
		left = left[i+1:]
	}
	return true
}

// isAcronym reports whether a text is one word of three to fourteen letters and
// digits that begins with a letter.
func isAcronym(s string) bool {
	n := 0
	for i, r := range s {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && r != '-' && r != '.') {
			return false
		}
		n++
	}
	return n >= 3 && n <= 14
}

// address is a link without what does not tell pages apart; "" where it is none
// on the web.
func address(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	return host + strings.TrimRight(strings.ToLower(u.EscapedPath()), "/")
}

// administrations are beginnings of the names of one kind of administration that
// say the same, the longer before those they begin with.
var administrations = []struct{ said, meant string }{
	{"freie und hansestadt ", "stadt "},
	{"freie hansestadt ", "stadt "},
	{"universitaets und hansestadt ", "stadt "},
	{"landeshauptstadt ", "stadt "},
	{"hansestadt ", "stadt "},
	{"universitaetsstadt ", "stadt "},
	{"bundesstadt ", "stadt "},
	{"kreisfreie stadt ", "stadt "},
	{"stadtverwaltung ", "stadt "},
	{"grosse kreisstadt ", "stadt "},
	{"kreisstadt ", "stadt "},
	{"landratsamt ", "landkreis "},
	{"kreisverwaltung ", "kreis "},
	{"gemeindeverwaltung ", "gemeinde "},
	{"citta di ", "comune di "},
	{"municipio di ", "comune di "},
	{"mairie de ", "commune de "},
	{"mairie d ", "commune d "},
	{"ville de ", "commune de "},
	{"ville d ", "commune d "},
}

var transcribed = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "o")

// foldName makes names comparable: case, accents, umlauts and signs do not count,
// nor dots between initials, nor which of its titles a town bears.
func foldName(name string) string {
	name = transcribed.Replace(strings.ToLower(norm.NFC.String(name)))
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.IsMark(r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	folded := joinInitials(b.String())
	for _, a := range administrations {
		if rest, ok := strings.CutPrefix(folded, a.said); ok {
			return a.meant + rest
		}
	}
	return folded
}

// joinInitials writes letters that stand alone as the one word that they are short
// for: "s p a" as "spa".
func joinInitials(folded string) string {
	words := strings.Fields(folded)
	var b strings.Builder
	for i, word := range words {
		if i > 0 && !(len(word) == 1 && len(words[i-1]) == 1) {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}
