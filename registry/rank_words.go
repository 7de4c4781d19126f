// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// bilingual is a text in German and English.
type bilingual [2]string

func (b bilingual) in(lang string) string {
	if lang == "en" {
		return b[1]
	}
	return b[0]
}

// rankWords are the words for every reason. {word} is what was searched for,
// {found} what met it, and {place} where that stands.
var rankWords = map[RankCode]bilingual{
	RankExact:        {"„{word}“ steht {place}.", "“{word}” is {place}."},
	RankStem:         {"„{found}“, eine andere Form von „{word}“, steht {place}.", "“{found}”, another form of “{word}”, is {place}."},
	RankSynonym:      {"„{found}“, ein anderes Wort für „{word}“, steht {place}.", "“{found}”, another word for “{word}”, is {place}."},
	RankPrefix:       {"„{found}“, das mit „{word}“ beginnt, steht {place}.", "“{found}”, which begins with “{word}”, is {place}."},
	RankCompound:     {"„{found}“, worin „{word}“ steckt, steht {place}.", "“{found}”, which contains “{word}”, is {place}."},
	RankParts:        {"Die Teile von „{word}“ kommen vor, {place} mit „{found}“.", "The parts of “{word}” are there, {place} with “{found}”."},
	RankTypo:         {"„{found}“, ähnlich geschrieben wie „{word}“, steht {place}.", "“{found}”, spelled much like “{word}”, is {place}."},
	RankPhrase:       {"Die Wortfolge „{word}“ steht {place}.", "The phrase “{word}” is {place}."},
	RankName:         {"Die Software heißt wie gesucht: „{found}“.", "The software has the name searched for: “{found}”."},
	RankMaturity:     {"Entwicklungsstand: {found}.", "Stage of development: {found}."},
	RankActivity:     {"Letzte Änderung am Repository: {found}.", "Last change of the repository: {found}."},
	RankCompleteness: {"Wie vollständig und richtig die publiccode.yml ist.", "How complete and correct the publiccode.yml is."},
	RankLicence:      {"Belege zur Lizenz: {found}.", "Evidence for the licence: {found}."},
	RankConfirmed:    {"Organisationen, die den Einsatz selbst bestätigen: {found}.", "Organisations that confirm themselves that they use it: {found}."},
	RankUsed:         {"Nutzende nach Angabe der Software selbst, nicht bestätigt: {found}.", "Users by the software's own account, not confirmed: {found}."},
}

// anyRank is for a reason without words.
var anyRank = bilingual{"Auch „{word}“ hat gezählt.", "“{word}” counted, too."}

// rankPlaces name the fields that words are found in.
var rankPlaces = map[string]bilingual{
	"name":      {"im Namen", "in the name"},
	"generic":   {"in der Bezeichnung der Art von Software", "in the name of its kind of software"},
	"short":     {"in der Kurzbeschreibung", "in the short description"},
	"features":  {"unter den Funktionen", "among the features"},
	"topics":    {"unter den Kategorien und Schlagwörtern", "among the categories and keywords"},
	"long":      {"in der Beschreibung", "in the description"},
	"publisher": {"bei denen, die sie herausgeben oder nutzen", "among those who publish or use it"},
	"technical": {"in den technischen Angaben", "in the technical details"},
}

var activityWords = map[string]bilingual{
	ActivityRecent:   {"in den letzten 90 Tagen", "within the last 90 days"},
	ActivityYear:     {"vor 90 Tagen bis einem Jahr", "90 days to a year ago"},
	ActivityQuiet:    {"vor mehr als einem Jahr", "more than a year ago"},
	ActivityArchived: {"archiviert", "archived"},
}

// Wording says the reason in a sentence, in German or English ("en").
func (r RankReason) Wording(lang string) string {
	say, ok := rankWords[r.Code]
	place, placed := rankPlaces[r.Field]
	if !ok || !placed && strings.Contains(say[0], "{place}") {
		say = anyRank
	}
	found := r.Found
	switch r.Code {
	case RankMaturity:
		found = publiccode.StatusLabel(r.Found, lang)
	case RankActivity:
		found = activityWords[r.Found].in(lang)
	case RankLicence:
		found = LicenceVerdict(r.Found).Wording(lang)
	}
	return strings.NewReplacer(
		"{word}", cmp.Or(r.Word, r.Found, string(r.Code)), "{found}", cmp.Or(found, r.Found, "?"), "{place}", place.in(lang),
	).Replace(say.in(lang))
}
