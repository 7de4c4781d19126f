// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

// The words of what Explain says of single licences, and of all together.

var disclaimer = Bilingual{
	"Dies ist keine Rechtsberatung. Maßgeblich ist der Text der Lizenz.",
	"This is no legal advice. What counts is the text of the licence.",
}

var (
	labelStanding  = Bilingual{"Bezeichnung", "Identifier"}
	labelVersions  = Bilingual{"Spätere Fassungen", "Later versions"}
	labelOSI       = Bilingual{"Open Source Initiative", "Open Source Initiative"}
	labelFSF       = Bilingual{"Free Software Foundation", "Free Software Foundation"}
	labelNetwork   = Bilingual{"Netzklausel", "Network clause"}
	labelPatents   = Bilingual{"Patente", "Patents"}
	labelEUPL      = Bilingual{"Vereinbarkeit mit der EUPL", "Compatibility with the EUPL"}
	labelBlueOak   = Bilingual{"Blue Oak Council", "Blue Oak Council"}
	labelException = Bilingual{"Ausnahme", "Exception"}
	labelCovered   = Bilingual{"Pflichten", "Obligations"}
	labelChoice    = Bilingual{"Wahl", "Choice"}
)

var standingWords = map[Standing]Bilingual{
	Reference: {
		"Diese Lizenz steht nicht auf der SPDX-Liste. Ihr Text liegt im Projekt selbst; keine Quelle sagt etwas über sie. Lesen Sie den Text oder lassen Sie ihn prüfen.",
		"This licence is not on the SPDX list. Its text is in the project itself; no source says anything about it. Read the text, or have it examined.",
	},
	Unlisted: {
		"Diese Bezeichnung steht nicht auf der SPDX-Liste. Was sie bedeutet, ist nicht bekannt.",
		"This identifier is not on the SPDX list. What it means is not known.",
	},
	NoExpression: {
		"Es ist keine Lizenz angegeben. Ohne Lizenz dürfen Sie die Software nicht nutzen, ändern oder weitergeben, es sei denn, die Urheber erlauben es Ihnen.",
		"No licence is given. Without a licence you may not use, change or hand over the software unless its authors allow you to.",
	},
}

// deprecatedInstead takes the successor at %s.
var deprecatedInstead = Bilingual{
	"Die Bezeichnung ist veraltet; heute schreibt man %s. Am Inhalt der Lizenz ändert das nichts.",
	"The identifier is deprecated; today one writes %s. That changes nothing in the licence itself.",
}

// deprecatedOpen takes the family at both %[1]s.
var deprecatedOpen = Bilingual{
	"Die Bezeichnung ist veraltet und lässt offen, ob nur diese Fassung der Lizenz gilt (%[1]s-only) oder auch jede spätere (%[1]s-or-later). Das kann nur der Urheber sagen.",
	"The identifier is deprecated and leaves open whether this version of the licence alone holds (%[1]s-only) or every later one too (%[1]s-or-later). Only the author can say.",
}

var deprecatedAlone = Bilingual{
	"Die Bezeichnung ist veraltet und hat keine Nachfolgerin.",
	"The identifier is deprecated and has no successor.",
}

var versionOnly = Bilingual{
	"Es gilt nur diese Fassung der Lizenz, keine spätere.",
	"This version of the licence alone holds, no later one.",
}

var versionLater = Bilingual{
	"Sie dürfen statt dieser Fassung der Lizenz auch eine spätere wählen.",
	"Instead of this version of the licence you may choose a later one.",
}

var osiWords = map[Answer]Bilingual{
	Yes: {
		"Von der Open Source Initiative (OSI) als Open-Source-Lizenz anerkannt.",
		"Approved by the Open Source Initiative (OSI) as an open source licence.",
	},
	No: {
		"Nicht von der Open Source Initiative (OSI) anerkannt. Entweder wurde sie abgelehnt oder nie vorgelegt.",
		"Not approved by the Open Source Initiative (OSI). It was either rejected or never submitted.",
	},
	Unknown: {
		"Ob die Open Source Initiative (OSI) sie anerkannt hat, ist nicht bekannt.",
		"Whether the Open Source Initiative (OSI) has approved it is not known.",
	},
}

var fsfWords = map[Answer]Bilingual{
	Yes: {
		"Von der Free Software Foundation (FSF) als freie Lizenz eingestuft.",
		"Listed by the Free Software Foundation (FSF) as a free licence.",
	},
	No: {
		"Von der Free Software Foundation (FSF) als nicht freie Lizenz eingestuft.",
		"Listed by the Free Software Foundation (FSF) as a licence that is not free.",
	},
	Unknown: {
		"Eine Einstufung durch die Free Software Foundation (FSF) ist nicht bekannt; das heißt nicht, dass die Lizenz unfrei ist.",
		"What the Free Software Foundation (FSF) says of it is not known; that does not mean that the licence is not free.",
	},
}

var networkWords = map[Answer]Bilingual{
	Yes: {
		"Der Betrieb für andere über ein Netz kann dazu verpflichten, den Quellcode herauszugeben.",
		"Running it for others over a network may oblige to provide the source code.",
	},
	No: {
		"Eine Pflicht, den Quellcode auch beim Betrieb für andere über ein Netz herauszugeben, ist nicht gefunden worden.",
		"No duty has been found to provide the source code for running it for others over a network too.",
	},
	Unknown: {
		"Ob der Betrieb für andere über ein Netz dazu verpflichtet, den Quellcode herauszugeben, ist nicht bekannt.",
		"Whether running it for others over a network obliges to provide the source code is not known.",
	},
}

var patentWords = map[Patents]Bilingual{
	PatentsGranted:  tagWords[Tag{patentUse, Permission}].text,
	PatentsExcluded: tagWords[Tag{patentUse, Limitation}].text,
	PatentsSilent: {
		"Die Lizenz spricht nicht ausdrücklich von Patenten.",
		"The licence does not speak of patents expressly.",
	},
	PatentsUnknown: {
		"Keine Quelle sagt, ob die Lizenz Rechte an Patenten einräumt.",
		"No source says whether the licence grants rights in patents.",
	},
}

var euplNamed = Bilingual{
	"Der Anhang der EUPL-1.2 nennt diese Lizenz: Verbinden Sie Software unter der EUPL-1.2 mit solcher unter dieser Lizenz, dürfen Sie das daraus Entstandene unter dieser Lizenz weitergeben (Artikel 5).",
	"The appendix of EUPL-1.2 names this licence: when you join software under EUPL-1.2 with such under this licence, you may hand over what results under this licence (article 5).",
}

var euplNamedForWorks = Bilingual{
	"Der Anhang der EUPL-1.2 nennt diese Lizenz, aber nur für Werke, die keine Software sind.",
	"The appendix of EUPL-1.2 names this licence, but only for works other than software.",
}

// euplItself takes the entries of the appendix at %s.
var euplItself = Bilingual{
	"Verbinden Sie Software unter dieser Lizenz mit solcher unter einer Lizenz, die ihr Anhang nennt, dürfen Sie das daraus Entstandene unter jener weitergeben (Artikel 5). Der Anhang nennt: %s.",
	"When you join software under this licence with such under a licence that its appendix names, you may hand over what results under that one (article 5). The appendix names: %s.",
}

var euplNotNamed = Bilingual{
	"Der Anhang der EUPL-1.2 nennt diese Lizenz nicht. Ob Teile unter dieser Lizenz in Software unter der EUPL aufgenommen werden dürfen, ist eine andere Frage.",
	"The appendix of EUPL-1.2 does not name this licence. Whether parts under this licence may go into software under the EUPL is another question.",
}

// blueOakWords takes the rating at %s.
var blueOakWords = Bilingual{
	"Güte des Lizenztextes nach dem Blue Oak Council: %s. Die Stufen sind Model, Gold, Silver, Bronze, Lead.",
	"Quality of the text of the licence by the Blue Oak Council: %s. The grades are Model, Gold, Silver, Bronze, Lead.",
}

// exceptionWords takes the name of the exception at %s.
var exceptionWords = Bilingual{
	"Zur Lizenz gehört die Ausnahme „%s“. Eine Ausnahme erlaubt in der Regel etwas zusätzlich, was die Lizenz allein nicht erlaubt, etwa das Verbinden mit anderer Software, und nimmt Ihnen nichts. Was genau sie erlaubt, steht in ihrem Text.",
	"With the licence goes the exception “%s”. As a rule an exception allows something beyond what the licence alone allows, such as linking with other software, and takes nothing from you. What exactly it allows is in its text.",
}

// exceptionUnlisted takes the identifier at %s.
var exceptionUnlisted = Bilingual{
	"Zur Lizenz gehört eine Ausnahme, die nicht auf der SPDX-Liste steht (%s). Was sie erlaubt, steht in ihrem Text im Projekt.",
	"With the licence goes an exception that is not on the SPDX list (%s). What it allows is in its text in the project.",
}

var exceptionDeprecated = Bilingual{
	"Die Bezeichnung der Ausnahme ist veraltet.",
	"The identifier of the exception is deprecated.",
}

var notDescribed = Bilingual{
	"Keine Quelle beschreibt die Pflichten dieser Lizenz im Einzelnen. Genannt ist, was für Lizenzen ihrer Art in der Regel gilt.",
	"No source describes the obligations of this licence in detail. What is named holds as a rule for licences of its kind.",
}

var notDescribedAtAll = Bilingual{
	"Keine Quelle beschreibt die Pflichten dieser Lizenz.",
	"No source describes the obligations of this licence.",
}

// choiceOf takes the number of alternatives at %d.
var choiceOf = Bilingual{
	"Sie haben die Wahl zwischen %d Möglichkeiten und müssen nur die Lizenzen der gewählten einhalten. Was folgt, gilt für die jeweils günstigste.",
	"You have the choice between %d alternatives and need only keep to the licences of the one you choose. What follows holds for the most favourable, question by question.",
}

var choiceOfMany = Bilingual{
	"Sie haben die Wahl zwischen so vielen Möglichkeiten, dass sie hier nicht einzeln stehen. Was folgt, gilt für die jeweils günstigste.",
	"You have the choice between so many alternatives that they are not listed here. What follows holds for the most favourable, question by question.",
}

// togetherOf takes the number of licences at %d.
var togetherOf = Bilingual{
	"Es gelten %d Lizenzen zugleich; Sie müssen alle einhalten. Für das Ganze zählt die strengste.",
	"%d licences hold at the same time; you must keep to all of them. For the whole the strictest counts.",
}

// atLeast takes the name of a kind at %s.
var atLeast = Bilingual{
	"Mindestens gilt: %s. Eine weitere Lizenz, deren Art nicht bekannt ist, kann strenger sein.",
	"At least this holds: %s. Another licence, whose kind is not known, may be stricter.",
}
