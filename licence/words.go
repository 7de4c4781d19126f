// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

// Tag is a permission, condition or limitation that choosealicense.com marks a
// licence with.
type Tag struct {
	ID   string `json:"id"`   // as in Licence.Permissions, Conditions and Limitations
	Kind string `json:"kind"` // permission, condition, limitation
}

// The kinds of tags.
const (
	Permission = "permission"
	Condition  = "condition"
	Limitation = "limitation"
)

// networkUse is the tag of a network clause, patentUse that of patents; the
// latter is a permission or a limitation.
const (
	networkUse = "network-use-disclose"
	patentUse  = "patent-use"
)

// words are a name and a sentence for the same.
type words struct{ label, text Bilingual }

func (w words) in(lang string) (label, sentence string) { return w.label.In(lang), w.text.In(lang) }

// Words returns a short name of the tag and a sentence that says what it means
// for whoever uses the software, in "de" or "en"; empty for an unknown tag.
func (t Tag) Words(lang string) (label, sentence string) { return tagWords[t].in(lang) }

// code is how a Statement calls the tag.
func (t Tag) code() string { return t.Kind + ":" + t.ID }

var tagWords = map[Tag]words{
	{"commercial-use", Permission}: {
		Bilingual{"Gewerbliche Nutzung", "Commercial use"},
		Bilingual{
			"Sie dürfen die Software auch gewerblich nutzen, etwa für kostenpflichtige Dienste.",
			"You may also use the software commercially, for example for paid services.",
		},
	},
	{"modifications", Permission}: {
		Bilingual{"Änderung", "Modification"},
		Bilingual{"Sie dürfen die Software ändern.", "You may change the software."},
	},
	{"distribution", Permission}: {
		Bilingual{"Weitergabe", "Distribution"},
		Bilingual{"Sie dürfen die Software an andere weitergeben.", "You may hand the software over to others."},
	},
	{"private-use", Permission}: {
		Bilingual{"Nutzung im eigenen Haus", "Private use"},
		Bilingual{
			"Sie dürfen die Software im eigenen Haus nutzen und dafür ändern.",
			"You may use the software within your own organisation, and change it for that.",
		},
	},
	{patentUse, Permission}: {
		Bilingual{"Patente eingeschlossen", "Patents included"},
		Bilingual{
			"Wer zur Software beigetragen hat, erlaubt Ihnen ausdrücklich auch, seine Patente zu nutzen, soweit die Software sie braucht.",
			"Those who contributed to the software expressly allow you to use their patents too, as far as the software needs them.",
		},
	},
	{"include-copyright", Condition}: {
		Bilingual{"Lizenztext und Urhebervermerk", "Licence and copyright notice"},
		Bilingual{
			"Wenn Sie die Software weitergeben, legen Sie den Lizenztext und die Urhebervermerke bei.",
			"When you hand the software over, include the text of the licence and the copyright notices.",
		},
	},
	{"include-copyright--source", Condition}: {
		Bilingual{"Lizenztext und Urhebervermerk beim Quellcode", "Licence and copyright notice with the source code"},
		Bilingual{
			"Wenn Sie den Quellcode weitergeben, legen Sie den Lizenztext und die Urhebervermerke bei. Beim fertigen Programm ohne Quellcode ist das nicht nötig.",
			"When you hand the source code over, include the text of the licence and the copyright notices. The finished program alone does not need them.",
		},
	},
	{"document-changes", Condition}: {
		Bilingual{"Änderungen kenntlich machen", "State changes"},
		Bilingual{
			"Wenn Sie eine geänderte Fassung weitergeben, muss erkennbar sein, dass und was Sie geändert haben. Halten Sie Änderungen deshalb von Anfang an fest.",
			"When you hand over a changed version, it must say that and what you have changed. So keep a record of changes from the start.",
		},
	},
	{"disclose-source", Condition}: {
		Bilingual{"Quellcode mitgeben", "Provide the source code"},
		Bilingual{
			"Wenn Sie die Software weitergeben, müssen die Empfänger auch den Quellcode bekommen können, bei geänderten Fassungen den geänderten.",
			"When you hand the software over, the recipients must be able to get the source code too, of a changed version the changed one.",
		},
	},
	{networkUse, Condition}: {
		Bilingual{"Quellcode bei Nutzung über ein Netz", "Source code for use over a network"},
		Bilingual{
			"Wer die Software bei Ihnen über ein Netz nutzt, etwa im Browser, hat ein Recht auf den Quellcode. Ob das auch für die unveränderte Fassung gilt, sagt der Lizenztext.",
			"Those who use your installation over a network, for example in a browser, have a right to the source code. The text of the licence says whether that holds for the unchanged version too.",
		},
	},
	{"same-license", Condition}: {
		Bilingual{"Gleiche Lizenz", "Same licence"},
		Bilingual{
			"Wenn Sie eine geänderte oder auf der Software aufbauende Fassung weitergeben, muss sie unter derselben Lizenz stehen. Manche Lizenzen lassen auch eine verwandte zu.",
			"When you hand over a changed version, or one built on the software, it must be under the same licence. Some licences admit a related one too.",
		},
	},
	{"same-license--file", Condition}: {
		Bilingual{"Gleiche Lizenz für geänderte Dateien", "Same licence for changed files"},
		Bilingual{
			"Wenn Sie Dateien der Software ändern und weitergeben, bleiben diese Dateien unter derselben Lizenz. Ihre eigenen Dateien daneben dürfen unter einer anderen stehen.",
			"When you change files of the software and hand them over, those files stay under the same licence. Your own files beside them may be under another.",
		},
	},
	{"same-license--library", Condition}: {
		Bilingual{"Gleiche Lizenz für die Bibliothek", "Same licence for the library"},
		Bilingual{
			"Wenn Sie die Software ändern und weitergeben, muss sie unter derselben Lizenz stehen. Für Programme, die sie nur als Bibliothek benutzen, gilt das meist nicht.",
			"When you change the software and hand it over, it must be under the same licence. That mostly does not hold for programs that only use it as a library.",
		},
	},
	{"trademark-use", Limitation}: {
		Bilingual{"Keine Markenrechte", "No trademark rights"},
		Bilingual{
			"Die Lizenz gibt Ihnen ausdrücklich kein Recht, die Namen und Logos der Urheber als Marken zu benutzen.",
			"The licence expressly gives you no right to use names and logos of the authors as trademarks.",
		},
	},
	{"liability", Limitation}: {
		Bilingual{"Haftung beschränkt", "Limited liability"},
		Bilingual{
			"Die Lizenz beschränkt die Haftung der Urheber für Schäden, soweit das Gesetz es zulässt.",
			"The licence limits the liability of the authors for damage, as far as the law permits.",
		},
	},
	{patentUse, Limitation}: {
		Bilingual{"Patente nicht eingeschlossen", "Patents not included"},
		Bilingual{
			"Die Lizenz sagt ausdrücklich, dass sie keine Rechte an Patenten einräumt.",
			"The licence says expressly that it grants no rights in patents.",
		},
	},
	{"warranty", Limitation}: {
		Bilingual{"Keine Gewährleistung", "No warranty"},
		Bilingual{
			"Die Urheber sichern nicht zu, dass die Software fehlerfrei ist oder sich für Ihren Zweck eignet.",
			"The authors do not promise that the software is free of faults or fit for your purpose.",
		},
	},
}

// Words returns a short name of the kind and a sentence that says what it means,
// in "de" or "en"; empty for an unknown one.
func (c Category) Words(lang string) (label, sentence string) { return categoryWords[c].in(lang) }

var categoryWords = map[Category]words{
	PublicDomain: {
		Bilingual{"Gemeinfrei", "Public domain"},
		Bilingual{
			"Die Urheber verzichten auf ihre Rechte oder es bestehen keine: Sie dürfen mit der Software fast alles tun, ohne Auflagen.",
			"The authors waive their rights, or there are none: you may do almost anything with the software, without conditions.",
		},
	},
	Permissive: {
		Bilingual{"Freizügig", "Permissive"},
		Bilingual{
			"Die Lizenz erlaubt fast alles und verlangt wenig, meist nur, dass Urhebervermerk und Lizenztext erhalten bleiben.",
			"The licence allows almost anything and asks for little, mostly that the copyright notice and the text of the licence are kept.",
		},
	},
	WeakCopyleft: {
		Bilingual{"Schwaches Copyleft", "Weak copyleft"},
		Bilingual{
			"Wer die Software geändert weitergibt, muss das unter derselben Lizenz und mit Quellcode tun. Eigene Teile daneben dürfen unter einer anderen Lizenz stehen.",
			"Whoever hands over a changed version must do so under the same licence and with the source code. Parts of one's own beside it may be under another licence.",
		},
	},
	StrongCopyleft: {
		Bilingual{"Starkes Copyleft", "Strong copyleft"},
		Bilingual{
			"Wer die Software oder etwas darauf Aufbauendes weitergibt, muss das im Ganzen unter derselben Lizenz und mit Quellcode tun.",
			"Whoever hands over the software, or something built on it, must do so as a whole under the same licence and with the source code.",
		},
	},
	NetworkCopyleft: {
		Bilingual{"Starkes Copyleft, auch im Netz", "Strong copyleft, over networks too"},
		Bilingual{
			"Wer die Software oder etwas darauf Aufbauendes weitergibt, muss das im Ganzen unter derselben Lizenz und mit Quellcode tun. Auch der Betrieb für andere über ein Netz kann zur Herausgabe des Quellcodes verpflichten.",
			"Whoever hands over the software, or something built on it, must do so as a whole under the same licence and with the source code. Running it for others over a network may oblige to provide the source code too.",
		},
	},
	SourceAvailable: {
		Bilingual{"Quellcode einsehbar, nicht frei", "Source available, not free"},
		Bilingual{
			"Inhalt oder Quellcode sind zugänglich, aber die Lizenz verbietet bestimmte Nutzungen, etwa gewerbliche, als Dienst oder in geänderter Form. Open Source ist das in der Regel nicht.",
			"Content or source code can be had, but the licence forbids certain uses, such as commercial ones, as a service or in changed form. As a rule that is not open source.",
		},
	},
	Restricted: {
		Bilingual{"Eingeschränkt", "Restricted"},
		Bilingual{
			"Die Lizenz ist kostenlos, schränkt aber ein, wer die Software wofür nutzen oder weitergeben darf. Open Source ist das in der Regel nicht.",
			"The licence is free of charge, but restricts who may use or hand over the software for what. As a rule that is not open source.",
		},
	},
	Proprietary: {
		Bilingual{"Proprietär", "Proprietary"},
		Bilingual{
			"Erlaubt ist nur, was der Lizenztext ausdrücklich erlaubt. Ändern und Weitergeben sind meist verboten oder an einen Vertrag gebunden.",
			"Only what the text of the licence expressly allows is allowed. To change and to hand over are mostly forbidden, or need a contract.",
		},
	},
	NoCategory: {
		Bilingual{"Art nicht bekannt", "Kind not known"},
		Bilingual{
			"Keine Quelle ordnet die Lizenz ein. Das heißt weder, dass sie frei, noch, dass sie unfrei ist.",
			"No source says of what kind the licence is. That means neither that it is free nor that it is not.",
		},
	},
}

// Words returns the answer in "de" or "en".
func (a Answer) Words(lang string) string { return answerWords[a].In(lang) }

var answerWords = map[Answer]Bilingual{
	Yes:     {"ja", "yes"},
	No:      {"nein", "no"},
	Unknown: {"nicht bekannt", "not known"},
}
