// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"slices"
	"strings"
)

// The codes of LicenceReason, from good to bad. Behind each are its Args; the
// last may be several.
const (
	ReasonAgree                = "agree"                  // declared, path...
	ReasonNoticeOnly           = "notice-only"            // id, path
	ReasonOneAlternative       = "one-alternative"        // ids with a text, ids without
	ReasonSpelling             = "declared-spelling"      // written, official
	ReasonOtherWords           = "declared-in-words"      // written, id
	ReasonDeprecated           = "deprecated"             // id, successor
	ReasonDeprecatedUnclear    = "deprecated-unclear"     // written, id
	ReasonFurtherTexts         = "further-texts"          // id...
	ReasonTextEmpty            = "text-empty"             // path
	ReasonPartDiffers          = "part-differs"           // folder, id...
	ReasonForgeDiffers         = "forge-differs"          // forge's, declared
	ReasonReadmeDiffers        = "readme-differs"         // readme's, declared, path
	ReasonREUSEUnread          = "reuse-unread"           // path
	ReasonDeclaredInvalid      = "declared-invalid"       // written
	ReasonTextsSay             = "texts-say"              // paths, id...
	ReasonTextUnknown          = "text-unknown"           // path
	ReasonTextUnread           = "text-unread"            // path
	ReasonTextModified         = "text-modified"          // id, path
	ReasonTextByName           = "text-by-name"           // id, path
	ReasonNameDiffers          = "name-differs"           // path, id of the content
	ReasonLaterUnclear         = "later-unclear"          // declared, stated, path
	ReasonLaterVersion         = "later-version"          // declared, id, path
	ReasonExceptionNoText      = "exception-no-text"      // declared, exception
	ReasonExceptionOnlyText    = "exception-only-text"    // declared, id, path
	ReasonUndeclared           = "undeclared"             // declared, id, path
	ReasonPartWithoutText      = "part-without-text"      // declared, id...
	ReasonReferenceNoText      = "reference-no-text"      // reference
	ReasonMetadataDiffers      = "metadata-differs"       // declared, id, path
	ReasonREUSEDiffers         = "reuse-differs"          // declared, id, path
	ReasonSBOMDiffers          = "sbom-differs"           // declared, id, path
	ReasonNothing              = "nothing"                //
	ReasonNamedOnly            = "named-only"             // id, path
	ReasonNoDeclaration        = "no-declaration"         // paths, id...
	ReasonNoDeclarationUnknown = "no-declaration-unknown" // path
	ReasonDeclaredUnknown      = "declared-noassertion"
	ReasonDeclaredNone         = "declared-none"
	ReasonNoText               = "no-text"           // declared
	ReasonReadmeOnly           = "readme-only"       // id, path
	ReasonPointerNowhere       = "pointer-nowhere"   // path
	ReasonTextDiffers          = "text-differs"      // declared, id, path
	ReasonModifiedDiffers      = "modified-differs"  // declared, id, path
	ReasonOtherVersion         = "other-version"     // declared, id, path
	ReasonNoneAgainstText      = "none-against-text" // id, path
)

// reasons are the words for every reason, German and English. {1} stands for
// the first argument and {2+} for the second and all behind it.
var reasons = map[string]struct{ de, en wording }{
	ReasonAgree: {
		wording{"Die publiccode.yml nennt {1}, und der Lizenztext im Repository passt dazu ({2+}).", ""},
		wording{"The publiccode.yml names {1}, and the licence text in the repository agrees with that ({2+}).", ""},
	},
	ReasonNoticeOnly: {
		wording{
			"{2} nennt {1}, enthält aber nicht den Wortlaut der Lizenz.",
			"Legen Sie den vollständigen Lizenztext als LICENSE oder unter LICENSES/ ab.",
		},
		wording{
			"{2} names {1}, but does not hold the wording of the licence.",
			"Add the full licence text as LICENSE or in LICENSES/.",
		},
	},
	ReasonOneAlternative: {
		wording{
			"Die publiccode.yml stellt Lizenzen zur Wahl. Der Text liegt bei für {1}, er fehlt für {2+}. Auf das, wofür er beiliegt, können sich Nutzende stützen.",
			"Legen Sie auch den Text von {2+} bei, etwa unter LICENSES/.",
		},
		wording{
			"The publiccode.yml gives a choice of licences. The text is there for {1}, it is missing for {2+}. Users can rely on what has its text.",
			"Add the text of {2+} too, for instance in LICENSES/.",
		},
	},
	ReasonSpelling: {
		wording{"Die publiccode.yml schreibt {1}; die amtliche Schreibweise von SPDX ist {2}.", "Schreiben Sie {2} unter legal.license."},
		wording{"The publiccode.yml writes {1}; the official spelling of SPDX is {2}.", "Write {2} as legal.license."},
	},
	ReasonOtherWords: {
		wording{
			"Die publiccode.yml nennt die Lizenz mit Worten statt mit dem Kürzel von SPDX: {1}. Gemeint ist {2}.",
			"Schreiben Sie {2} unter legal.license.",
		},
		wording{
			"The publiccode.yml names the licence in words, not by its SPDX identifier: {1}. That means {2}.",
			"Write {2} as legal.license.",
		},
	},
	ReasonDeprecated: {
		wording{"Das Kürzel {1} ist veraltet; an seine Stelle trat {2}.", "Schreiben Sie {2} unter legal.license."},
		wording{"The identifier {1} is deprecated; {2} has replaced it.", "Write {2} as legal.license."},
	},
	ReasonDeprecatedUnclear: {
		wording{
			"Die Angabe {1} in der publiccode.yml lässt offen, ob auch spätere Fassungen der Lizenz gelten.",
			"Schreiben Sie unter legal.license {2}-only, wenn nur diese Fassung gilt, oder {2}-or-later, wenn auch spätere gelten.",
		},
		wording{
			"What the publiccode.yml states, {1}, leaves open whether later versions of the licence apply too.",
			"Write {2}-only as legal.license if only this version applies, or {2}-or-later if later ones do too.",
		},
	},
	ReasonFurtherTexts: {
		wording{"Im Repository liegen außerdem Texte von {1+}. Das ist üblich, wenn einzelne Teile (etwa Dokumentation, Bilder, Schriften) unter anderen Lizenzen stehen.", ""},
		wording{"The repository also holds the texts of {1+}. That is usual where single parts (documentation, images, fonts) are under other licences.", ""},
	},
	ReasonTextEmpty: {
		wording{"Die Datei {1} ist leer.", "Legen Sie den vollständigen Lizenztext in {1} ab, oder löschen Sie die leere Datei."},
		wording{"The file {1} is empty.", "Put the full licence text into {1}, or delete the empty file."},
	},
	ReasonPartDiffers: {
		wording{"Für diesen Teil des Repositorys zählen die Lizenzdateien in seinem Ordner {1}; das Hauptverzeichnis enthält einen anderen Text ({2+}).", ""},
		wording{"For this part of the repository the licence files in its folder {1} count; the root holds another text ({2+}).", ""},
	},
	ReasonForgeDiffers: {
		wording{
			"Die Plattform, auf der das Repository liegt, gibt {1} an, die publiccode.yml dagegen {2}. Die Angabe der Plattform wird automatisch ermittelt und ist oft ungenau.",
			"",
		},
		wording{
			"The forge that hosts the repository states {1}, the publiccode.yml {2}. What a forge states is detected by a program and often inexact.",
			"",
		},
	},
	ReasonReadmeDiffers: {
		wording{"{3} nennt {1}, die publiccode.yml dagegen {2}.", "Nennen Sie in {3} dieselbe Lizenz wie in der publiccode.yml."},
		wording{"{3} names {1}, the publiccode.yml {2}.", "Name the same licence in {3} as in the publiccode.yml."},
	},
	ReasonREUSEUnread: {
		wording{"{1} lässt sich nicht lesen; was darin steht, blieb unberücksichtigt.", "Prüfen Sie {1} mit „reuse lint“."},
		wording{"{1} cannot be read; what it says was not taken into account.", "Check {1} with “reuse lint”."},
	},
	ReasonDeclaredInvalid: {
		wording{
			"Die Angabe in der publiccode.yml ist keine Lizenzangabe nach SPDX: {1}.",
			"Tragen Sie unter legal.license ein Kürzel aus der Liste von SPDX ein, etwa EUPL-1.2.",
		},
		wording{
			"What the publiccode.yml states is no SPDX licence expression: {1}.",
			"Write an identifier of the SPDX licence list as legal.license, EUPL-1.2 for instance.",
		},
	},
	ReasonTextsSay: {
		wording{"Laut {1} gilt {2+}.", "Ist das richtig, nennen Sie es unter legal.license."},
		wording{"Going by {1} it is {2+}.", "If that is right, state it as legal.license."},
	},
	ReasonTextUnknown: {
		wording{
			"Der Text in {1} ist keiner der bekannten Lizenztexte. Welche Lizenz er ist, muss ein Mensch prüfen.",
			"Ersetzen Sie {1} durch den unveränderten amtlichen Lizenztext. Ist es eine eigene Lizenz, legen Sie sie als LICENSES/LicenseRef-Name.txt ab und nennen LicenseRef-Name unter legal.license.",
		},
		wording{
			"The text in {1} is none of the licence texts that are known. Which licence it is, a person has to find out.",
			"Replace {1} by the unchanged official text. If it is a licence of your own, put it at LICENSES/LicenseRef-Name.txt and state LicenseRef-Name as legal.license.",
		},
	},
	ReasonTextUnread: {
		wording{"{1} konnte nicht oder nicht ganz gelesen werden.", "Prüfen Sie, ob {1} eine gewöhnliche Textdatei von weniger als 256 KiB ist."},
		wording{"{1} could not be read, or not to its end.", "Check that {1} is an ordinary text file of less than 256 KiB."},
	},
	ReasonTextModified: {
		wording{
			"Der Text in {2} gleicht {1}, weicht aber vom amtlichen Wortlaut ab. Ob die Änderungen Rechte oder Pflichten berühren, muss ein Mensch prüfen.",
			"Ersetzen Sie {2} durch den unveränderten Text von {1}, und bringen Sie eigene Zusätze in einer eigenen Datei unter.",
		},
		wording{
			"The text in {2} resembles {1}, but differs from the official wording. Whether the changes touch rights or duties, a person has to find out.",
			"Replace {2} by the unchanged text of {1}, and move additions of your own into a file of their own.",
		},
	},
	ReasonTextByName: {
		wording{
			"{2} heißt nach {1}, aber der Inhalt wurde nicht als dieser Lizenztext erkannt.",
			"Prüfen Sie, ob {2} den unveränderten Text von {1} enthält.",
		},
		wording{
			"{2} is named after {1}, but its content was not recognised as the text of that licence.",
			"Check that {2} holds the unchanged text of {1}.",
		},
	},
	ReasonNameDiffers: {
		wording{"{1} enthält nach seinem Inhalt {2}, heißt aber anders.", "Benennen Sie {1} nach dem Inhalt, oder ersetzen Sie den Inhalt."},
		wording{"{1} holds {2}, going by its content, but is named otherwise.", "Rename {1} after its content, or replace the content."},
	},
	ReasonLaterUnclear: {
		wording{
			"Die publiccode.yml nennt {1}, {3} dagegen {2}: Unklar ist, ob auch spätere Fassungen der Lizenz gelten.",
			"Nennen Sie an beiden Stellen dasselbe Kürzel, mit -only oder mit -or-later.",
		},
		wording{
			"The publiccode.yml names {1}, {3} names {2}: it is unclear whether later versions of the licence apply too.",
			"State the same identifier in both places, with -only or with -or-later.",
		},
	},
	ReasonLaterVersion: {
		wording{
			"Die publiccode.yml erlaubt mit {1} auch spätere Fassungen; in {3} steht nur eine spätere ({2}).",
			"Legen Sie den Text der genannten Fassung bei, oder nennen Sie unter legal.license die spätere.",
		},
		wording{
			"The publiccode.yml allows later versions too with {1}; {3} has only a later one ({2}).",
			"Add the text of the version stated, or state the later one as legal.license.",
		},
	},
	ReasonExceptionNoText: {
		wording{
			"Die publiccode.yml nennt {1}; der Text der Ausnahme {2} ist im Repository nicht zu finden.",
			"Legen Sie den Text der Ausnahme als LICENSES/{2}.txt bei.",
		},
		wording{
			"The publiccode.yml names {1}; the text of the exception {2} is not to be found in the repository.",
			"Add the text of the exception as LICENSES/{2}.txt.",
		},
	},
	ReasonExceptionOnlyText: {
		wording{
			"{3} gewährt eine Ausnahme ({2}), die publiccode.yml nennt sie nicht ({1}).",
			"Nennen Sie die Ausnahme unter legal.license (mit WITH), wenn sie für das ganze Werk gilt.",
		},
		wording{
			"{3} grants an exception ({2}), which the publiccode.yml does not name ({1}).",
			"Name the exception in legal.license (behind WITH) if it is for the whole work.",
		},
	},
	ReasonUndeclared: {
		wording{
			"In {3} steht eine weitere Lizenz ({2}), die die publiccode.yml nicht nennt; dort steht {1}. Unklar ist, ob beide gelten, eine davon zur Wahl steht oder die weitere nur Teile betrifft.",
			"Nennen Sie unter legal.license beide, mit OR bei freier Wahl und mit AND, wenn beide gelten. Betrifft {2} nur Teile, legen Sie den Text unter LICENSES/ ab und ordnen ihn mit REUSE.toml den betroffenen Dateien zu.",
		},
		wording{
			"{3} has a further licence ({2}), which the publiccode.yml does not name; it names {1}. It is unclear whether both apply, one of them may be chosen, or the further one is for parts only.",
			"State both as legal.license, with OR for a free choice and with AND where both apply. If {2} is for parts only, put its text into LICENSES/ and assign it to its files with REUSE.toml.",
		},
	},
	ReasonPartWithoutText: {
		wording{
			"Die publiccode.yml verlangt alle Lizenzen aus {1}; der Text von {2+} fehlt.",
			"Legen Sie den Text von {2+} bei, etwa unter LICENSES/.",
		},
		wording{
			"The publiccode.yml asks for all licences of {1}; the text of {2+} is missing.",
			"Add the text of {2+}, for instance in LICENSES/.",
		},
	},
	ReasonReferenceNoText: {
		wording{
			"Die publiccode.yml nennt mit {1} eine Lizenz, die nicht auf der Liste von SPDX steht; ein Text dieses Namens liegt nicht bei.",
			"Legen Sie den Text als LICENSES/{1}.txt ab.",
		},
		wording{
			"With {1} the publiccode.yml names a licence that is not on the SPDX list; there is no text of that name.",
			"Put the text at LICENSES/{1}.txt.",
		},
	},
	ReasonMetadataDiffers: {
		wording{"{3} nennt {2}, die publiccode.yml dagegen {1}.", "Nennen Sie in {3} und in der publiccode.yml dieselbe Lizenz."},
		wording{"{3} names {2}, the publiccode.yml {1}.", "Name the same licence in {3} and in the publiccode.yml."},
	},
	ReasonREUSEDiffers: {
		wording{
			"Nach {3} stehen alle Dateien unter {2}, nach der publiccode.yml gilt {1}.",
			"Nennen Sie in {3} und in der publiccode.yml dieselbe Lizenz.",
		},
		wording{
			"Going by {3} all files are under {2}, going by the publiccode.yml {1} applies.",
			"Name the same licence in {3} and in the publiccode.yml.",
		},
	},
	ReasonSBOMDiffers: {
		wording{
			"Die Stückliste (SBOM) {3} nennt für die Software {2}, die publiccode.yml dagegen {1}.",
			"Berichtigen Sie die Lizenz der Hauptkomponente in der Stückliste oder die publiccode.yml.",
		},
		wording{
			"The bill of materials (SBOM) {3} names {2} for the software, the publiccode.yml {1}.",
			"Correct the licence of the main component in the SBOM, or the publiccode.yml.",
		},
	},
	ReasonNothing: {
		wording{
			"Weder nennt die publiccode.yml eine Lizenz, noch liegt ein Lizenztext für die Software selbst bei. Ohne Lizenz ist die Nutzung grundsätzlich nicht erlaubt.",
			"Wählen Sie eine Lizenz, etwa die EUPL-1.2, legen Sie ihren Text als LICENSE ab und nennen Sie ihr Kürzel unter legal.license.",
		},
		wording{
			"The publiccode.yml names no licence, and there is no licence text for the software itself. Without a licence, use is as a rule not permitted.",
			"Choose a licence, EUPL-1.2 for instance, add its text as LICENSE and state its identifier as legal.license.",
		},
	},
	ReasonNamedOnly: {
		wording{
			"Die publiccode.yml nennt keine Lizenz, und ein Lizenztext liegt nicht bei. {2} nennt {1}; das ist ein schwacher Beleg.",
			"Gilt {1}, nennen Sie {1} unter legal.license und legen Sie den vollständigen Lizenztext als LICENSE ab.",
		},
		wording{
			"The publiccode.yml names no licence, and there is no licence text. {2} names {1}; that is weak evidence.",
			"If {1} applies, state {1} as legal.license and add the full licence text as LICENSE.",
		},
	},
	ReasonNoDeclaration: {
		wording{
			"Die publiccode.yml nennt keine Lizenz; laut {1} gilt {2+}.",
			"Nennen Sie unter legal.license die Lizenz, die gilt.",
		},
		wording{
			"The publiccode.yml names no licence; going by {1} it is {2+}.",
			"State the licence that applies as legal.license.",
		},
	},
	ReasonNoDeclarationUnknown: {
		wording{
			"Die publiccode.yml nennt keine Lizenz, und der Text in {1} ist keiner der bekannten Lizenztexte.",
			"Nennen Sie unter legal.license die Lizenz, die gilt, und legen Sie ihren amtlichen Text bei.",
		},
		wording{
			"The publiccode.yml names no licence, and the text in {1} is none of the licence texts that are known.",
			"State the licence that applies as legal.license, and add its official text.",
		},
	},
	ReasonDeclaredUnknown: {
		wording{
			"Die publiccode.yml sagt ausdrücklich, dass zur Lizenz nichts ausgesagt wird (NOASSERTION).",
			"Nennen Sie unter legal.license die Lizenz, die gilt.",
		},
		wording{
			"The publiccode.yml says in so many words that nothing is asserted of the licence (NOASSERTION).",
			"State the licence that applies as legal.license.",
		},
	},
	ReasonDeclaredNone: {
		wording{
			"Die publiccode.yml sagt ausdrücklich, dass es keine Lizenz gibt (NONE). Ohne Lizenz ist die Nutzung grundsätzlich nicht erlaubt.",
			"Soll die Software nachgenutzt werden, legen Sie einen Lizenztext bei und nennen ihn unter legal.license.",
		},
		wording{
			"The publiccode.yml says in so many words that there is no licence (NONE). Without a licence, use is as a rule not permitted.",
			"If the software is to be reused, add a licence text and state the licence as legal.license.",
		},
	},
	ReasonNoText: {
		wording{
			"Die publiccode.yml nennt {1}, aber im Repository wurde kein Text dieser Lizenz gefunden.",
			"Legen Sie den vollständigen Lizenztext als LICENSE oder unter LICENSES/ ab.",
		},
		wording{
			"The publiccode.yml names {1}, but no text of that licence was found in the repository.",
			"Add the full licence text as LICENSE or in LICENSES/.",
		},
	},
	ReasonReadmeOnly: {
		wording{
			"Ein Lizenztext liegt nicht bei; {2} nennt {1}. Das ist ein schwacher Beleg.",
			"Legen Sie den vollständigen Lizenztext als LICENSE ab.",
		},
		wording{
			"There is no licence text; {2} names {1}. That is weak evidence.",
			"Add the full licence text as LICENSE.",
		},
	},
	ReasonPointerNowhere: {
		wording{
			"{1} verweist auf einen Lizenztext an anderer Stelle, der nicht gefunden wurde. Gesucht wird im Hauptverzeichnis, im Ordner der publiccode.yml und unter LICENSES/.",
			"Legen Sie den Text als LICENSE oder unter LICENSES/ ab.",
		},
		wording{
			"{1} leads to a licence text elsewhere, which was not found. The root, the folder of the publiccode.yml and LICENSES/ are searched.",
			"Put the text at LICENSE or into LICENSES/.",
		},
	},
	ReasonTextDiffers: {
		wording{
			"Laut publiccode.yml gilt {1}, laut {3} dagegen {2}.",
			"Klären Sie, welche Lizenz gilt, und berichtigen Sie die publiccode.yml oder {3}.",
		},
		wording{
			"Going by the publiccode.yml {1} applies, going by {3} it is {2}.",
			"Settle which licence applies, and correct the publiccode.yml or {3}.",
		},
	},
	ReasonModifiedDiffers: {
		wording{
			"Die publiccode.yml nennt {1}, der Text in {3} gleicht aber, mit Änderungen, {2}.",
			"Klären Sie, welche Lizenz gilt, und legen Sie ihren unveränderten Text bei.",
		},
		wording{
			"The publiccode.yml names {1}, but the text in {3} resembles, with changes, {2}.",
			"Settle which licence applies, and add its unchanged text.",
		},
	},
	ReasonOtherVersion: {
		wording{
			"Laut publiccode.yml gilt {1}, laut {3} eine andere Fassung dieser Lizenz ({2}).",
			"Klären Sie, welche Fassung gilt, und berichtigen Sie die publiccode.yml oder {3}.",
		},
		wording{
			"Going by the publiccode.yml {1} applies, going by {3} another version of that licence ({2}).",
			"Settle which version applies, and correct the publiccode.yml or {3}.",
		},
	},
	ReasonNoneAgainstText: {
		wording{
			"Die publiccode.yml sagt, dass es keine Lizenz gibt (NONE), laut {2} gilt aber {1}.",
			"Klären Sie, ob {1} gilt, und nennen Sie dann {1} unter legal.license; sonst entfernen Sie den Lizenztext.",
		},
		wording{
			"The publiccode.yml says that there is no licence (NONE), but going by {2} it is {1}.",
			"Settle whether {1} applies, and then state {1} as legal.license; else remove the licence text.",
		},
	},
}

// verdicts name the verdicts, German and English.
var verdicts = map[LicenceVerdict]struct{ de, en string }{
	LicenceMatch:     {"stimmen überein", "agree"},
	LicenceAmbiguous: {"nicht eindeutig", "ambiguous"},
	LicenceConflict:  {"widersprechen sich", "contradict one another"},
	LicenceMissing:   {"Angabe oder Text fehlt", "statement or text missing"},
}

// Wording names a verdict in plain words, in "de" or "en"; "" where it is
// unknown.
func (v LicenceVerdict) Wording(lang string) string {
	if lang == "en" {
		return verdicts[v].en
	}
	return verdicts[v].de
}

// Wording says a reason in a plain sentence and what the maintainer can do, in
// "de" or "en". Both are "" for an unknown code, and advice is where there is
// nothing to do. They hold the arguments as they are, which are strangers' text.
func (r LicenceReason) Wording(lang string) (sentence, advice string) {
	return r.words(lang, func(arg string) string { return arg })
}

// words puts the arguments, each as show has it, into the words.
func (r LicenceReason) words(lang string, show func(string) string) (sentence, advice string) {
	w := reasons[r.Code].de
	and := " und "
	if lang == "en" {
		w, and = reasons[r.Code].en, " and "
	}
	var pairs []string
	for i := range 3 {
		var rest []string
		for _, arg := range r.Args[min(i, len(r.Args)):] {
			rest = append(rest, show(arg))
		}
		n := string(rune('1' + i))
		pairs = append(pairs, "{"+n+"}", strings.Join(rest[:min(1, len(rest))], ""), "{"+n+"+}", list(rest, and))
	}
	fill := strings.NewReplacer(pairs...)
	return fill.Replace(w.meaning), fill.Replace(w.advice)
}

// list joins words: a, b and c.
func list(words []string, and string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + and + words[last]
}

// IssueText is a ready text for the maintainer's issue tracker, in Markdown and
// in "de" or "en": what the report found and what can be done. Both are "" where
// there is nothing to do.
func IssueText(s *Software, lang string) (title, body string) {
	if s == nil || s.Licence == nil {
		return "", ""
	}
	words := issues.de
	if lang == "en" {
		words = issues.en
	}
	var why, what []string
	for _, r := range s.Licence.Reasons {
		sentence, advice := r.words(lang, code)
		if advice == "" {
			continue
		}
		why = append(why, "- "+sentence)
		if advice = "- " + advice; !slices.Contains(what, advice) {
			what = append(what, advice)
		}
	}
	if len(why) == 0 {
		return "", ""
	}
	parts := []string{words.hello, "### " + words.why, strings.Join(why, "\n")}
	if facts := s.Licence.facts(words); len(facts) > 0 {
		parts = append(parts, "### "+words.facts, "| "+words.source+" | "+words.place+" | "+words.licence+" |\n| --- | --- | --- |\n"+strings.Join(facts, "\n"))
	}
	return words.title, strings.Join(append(parts, "### "+words.what, strings.Join(what, "\n"), words.bye), "\n\n") + "\n"
}

// maxFacts is how many statements of one kind an issue's table has.
const maxFacts = 10

// facts are the rows of an issue's table.
func (r *LicenceReport) facts(words issueWords) []string {
	var rows []string
	row := func(source string, e LicenceEvidence) {
		says, at := e.SPDX, e.Path
		if says == "" {
			says = e.Written
		}
		if at == "" {
			at = e.Origin
		}
		rows = append(rows, "| "+source+" | "+cell(at)+" | "+cell(says)+" |")
	}
	if r.Declared != nil {
		row("publiccode.yml", *r.Declared)
	}
	for _, e := range r.Detected[:min(len(r.Detected), maxFacts)] {
		row(words.repository, e)
	}
	for _, e := range r.SBOM[:min(len(r.SBOM), maxFacts)] {
		row("SBOM", e)
	}
	if r.Forge != nil {
		row(words.forge, *r.Forge)
	}
	return rows
}

func cell(s string) string {
	if s == "" {
		return "–"
	}
	return strings.ReplaceAll(code(s), "|", "\\|")
}

// code sets a stranger's text as code, so that nothing in it is Markdown
// (CommonMark 0.31, 6.1).
func code(s string) string {
	s = strings.Join(strings.Fields(s), " ") // a line's end would end the row
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

type issueWords struct {
	title, hello, why, facts, what, bye string

	source, place, licence, repository, forge string
}

var issues = struct{ de, en issueWords }{
	issueWords{
		title:      "Lizenzangaben: bitte prüfen",
		hello:      "Guten Tag,\n\nbeim Abgleich der Lizenzangaben dieses Repositorys ist etwas aufgefallen. Für Verwaltungen, die die Software nutzen möchten, ist eine eindeutige Lizenz wichtig; deshalb dieser Hinweis.",
		why:        "Was aufgefallen ist",
		facts:      "Was die Quellen sagen",
		what:       "Was Sie tun können",
		bye:        "Der Abgleich geschieht durch ein Programm und ist keine Rechtsberatung. Sollte er sich irren, schließen Sie dieses Ticket gern mit einem kurzen Hinweis. Vielen Dank für Ihre Arbeit!",
		source:     "Quelle",
		place:      "Ort",
		licence:    "Lizenz",
		repository: "Repository",
		forge:      "Plattform",
	},
	issueWords{
		title:      "Licence statements: please check",
		hello:      "Hello,\n\ncomparing the licence statements of this repository brought something up. Administrations that want to use the software depend on a clear licence; hence this note.",
		why:        "What was noticed",
		facts:      "What the sources say",
		what:       "What you can do",
		bye:        "The comparison is made by a program and is no legal advice. If it is mistaken, feel free to close this issue with a short remark. Thank you for your work!",
		source:     "source",
		place:      "place",
		licence:    "licence",
		repository: "repository",
		forge:      "forge",
	},
}

// LicenceReasons are the codes that there are words for, in order.
func LicenceReasons() []string {
	codes := make([]string, 0, len(reasons))
	for c := range reasons {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	return codes
}
