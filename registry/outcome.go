// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

// wording says in plain words what an outcome means and what a maintainer can
// do.
type wording struct{ meaning, advice string }

// outcomes are the words for every outcome, German and English.
var outcomes = map[Outcome]struct{ de, en wording }{
	Entry: {
		wording{"Das Repository steht im Katalog.", ""},
		wording{"The repository is in the catalogue.", ""},
	},
	NoFile: {
		wording{
			"Das Repository wurde besucht, enthält aber keine publiccode.yml im Hauptverzeichnis des Standard-Branches.",
			"Legen Sie eine publiccode.yml an, etwa mit „allmende new“ oder im Editor der Website, und veröffentlichen Sie sie im Standard-Branch.",
		},
		wording{
			"The repository was visited, but has no publiccode.yml at the root of its default branch.",
			"Write a publiccode.yml, with “allmende new” or in the editor of the website, and publish it on the default branch.",
		},
	},
	Unreadable: {
		wording{
			"Das Repository hat eine publiccode.yml, aber sie lässt sich nicht lesen oder nennt keinen Namen.",
			"Prüfen Sie die Datei mit „allmende validate“ oder im Editor der Website und beheben Sie die Fehler.",
		},
		wording{
			"The repository has a publiccode.yml, but it cannot be read or gives no name.",
			"Check the file with “allmende validate” or in the editor of the website, and mend the errors.",
		},
	},
	TechnicalFork: {
		wording{
			"Das Repository ist eine technische Kopie (Fork): Seine publiccode.yml nennt als url ein anderes Repository.",
			"Ist es eine eigene Variante, tragen Sie seine eigene Adresse als url ein und das Original unter isBasedOn.",
		},
		wording{
			"The repository is a technical copy (fork): its publiccode.yml names another repository as its url.",
			"If it is a variant of its own, give its own address as url, and the original under isBasedOn.",
		},
	},
	AtOther: {
		wording{
			"Die publiccode.yml nennt als url ein anderes Repository, das im Katalog steht: Dieses hier gilt als weiterer Ort desselben Eintrags.",
			"Soll dieses Repository ein eigener Eintrag sein, tragen Sie seine eigene Adresse als url ein.",
		},
		wording{
			"The publiccode.yml names another repository as its url, which is in the catalogue: this one counts as another location of that entry.",
			"If this repository is to be an entry of its own, give its own address as url.",
		},
	},
	Empty: {
		wording{"Das Repository enthält noch keine Commits.", "Es wird wieder besucht, sobald es Inhalt hat."},
		wording{"The repository has no commits yet.", "It is visited again as soon as it has content."},
	},
	Blocked: {
		wording{
			"Die Plattform gibt das Repository nicht heraus: Es ist gesperrt, abgeschaltet oder nicht öffentlich.",
			"Machen Sie das Repository öffentlich zugänglich, oder wenden Sie sich an den Betrieb der Plattform.",
		},
		wording{
			"The forge does not hand over the repository: it is blocked, disabled or not public.",
			"Make the repository public, or ask those who run the forge.",
		},
	},
	Failed: {
		wording{"Das Repository konnte beim letzten Besuch nicht gelesen werden.", "Es wird beim nächsten Durchgang von selbst wieder versucht."},
		wording{"The repository could not be read at the last visit.", "It is tried again by itself in the next sweep."},
	},
	Missing: {
		wording{
			"Die Quelle führt das Repository nicht mehr auf: Es wurde gelöscht, verschoben oder ist nicht mehr öffentlich.",
			"Wurde es verschoben, genügt es, wenn der neue Ort zu einer eingetragenen Quelle gehört.",
		},
		wording{
			"The source no longer lists the repository: it was deleted, moved, or is no longer public.",
			"If it was moved, it is enough that its new place belongs to a configured source.",
		},
	},
	Moved: {
		wording{"Das Repository wurde umbenannt; sein Eintrag hat jetzt eine andere Adresse.", ""},
		wording{"The repository was renamed; its entry has another address now.", ""},
	},
	OptedOut: {
		wording{"Eine Datei im Repository bittet darum, es nicht aufzuführen.", "Soll es in den Katalog, entfernen Sie diese Datei."},
		wording{"A file in the repository asks not to be listed.", "To have it in the catalogue, remove that file."},
	},
	Excluded: {
		wording{"Der Betrieb dieses Katalogs hat das Repository ausgenommen.", "Fragen Sie den Betrieb des Katalogs nach dem Grund."},
		wording{"Those who run this catalogue have excluded the repository.", "Ask those who run the catalogue for the reason."},
	},
}

// Meaning says what an outcome means, in "de" or "en"; "" where it is unknown.
func (o Outcome) Meaning(lang string) string { return o.words(lang).meaning }

// Advice says what a maintainer can do, in "de" or "en"; "" where there is
// nothing to do.
func (o Outcome) Advice(lang string) string { return o.words(lang).advice }

func (o Outcome) words(lang string) wording {
	if lang == "en" {
		return outcomes[o].en
	}
	return outcomes[o].de
}

// Outcomes are all there are.
var Outcomes = []Outcome{
	Entry, NoFile, Unreadable, TechnicalFork, AtOther, Empty, Blocked, Failed, Missing, Moved, OptedOut, Excluded,
}
