// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

// situation is one of those that Explain speaks of.
type situation struct {
	situation Situation
	title     Bilingual
	// nothing is said where a source describes the licence and names no duty.
	nothing Bilingual
	// tags are the conditions that bear upon it.
	tags []string
}

var situations = []situation{
	{
		UseInternally,
		Bilingual{"Wenn Sie die Software im eigenen Haus nutzen", "When you use the software within your own organisation"},
		Bilingual{
			"Für die Nutzung im eigenen Haus verlangt die Lizenz nichts von Ihnen.",
			"For use within your own organisation the licence asks nothing of you.",
		},
		nil,
	},
	{
		RunService,
		Bilingual{"Wenn Sie die Software für andere über ein Netz betreiben", "When you run the software for others over a network"},
		Bilingual{
			"Für den Betrieb über ein Netz verlangt die Lizenz nichts von Ihnen, solange Sie die Software selbst nicht weitergeben.",
			"For running it over a network the licence asks nothing of you, as long as you do not hand over the software itself.",
		},
		[]string{networkUse},
	},
	{
		Distribute,
		Bilingual{"Wenn Sie die Software weitergeben", "When you hand the software over"},
		Bilingual{
			"Für die Weitergabe verlangt die Lizenz nichts von Ihnen.",
			"For handing it over the licence asks nothing of you.",
		},
		[]string{
			"include-copyright", "include-copyright--source", "disclose-source",
			"same-license", "same-license--file", "same-license--library", "document-changes",
		},
	},
	{
		Change,
		Bilingual{"Wenn Sie die Software ändern", "When you change the software"},
		Bilingual{
			"Für Änderungen verlangt die Lizenz nichts, was nicht auch für die Weitergabe gilt.",
			"For changes the licence asks nothing that does not hold for handing it over anyway.",
		},
		[]string{"document-changes", "same-license", "same-license--file", "same-license--library"},
	},
}

// dutyLabels are those of the duties that have no tag, by code.
var dutyLabels = map[string]Bilingual{
	"nothing":   {"Keine Pflichten", "No duties"},
	"general":   {"In der Regel", "As a rule"},
	"unknown":   {"Nicht bekannt", "Not known"},
	"limited":   {"Eingeschränkte Nutzung", "Limited use"},
	"exception": {"Ausnahme", "Exception"},
}

// unknownDuty is said where no source describes the licence, nor its kind.
var unknownDuty = Bilingual{
	"Keine Quelle beschreibt, was die Lizenz dafür verlangt. Lesen Sie den Lizenztext oder lassen Sie ihn prüfen.",
	"No source describes what the licence asks for this. Read the text of the licence, or have it examined.",
}

// unknownNetwork is said of a copyleft licence of which no source says whether
// it has a network clause.
var unknownNetwork = Bilingual{
	"Keine Quelle sagt, ob der Betrieb für andere über ein Netz dazu verpflichtet, den Quellcode herauszugeben. Lesen Sie den Lizenztext oder lassen Sie ihn prüfen.",
	"No source says whether running it for others over a network obliges to provide the source code. Read the text of the licence, or have it examined.",
}

// eased is said of a licence with an exception.
var eased = Bilingual{
	"Die genannten Pflichten sind die der Lizenz allein. Die Ausnahme kann sie mildern; was sie erlaubt, steht in ihrem Text.",
	"The duties named are those of the licence alone. The exception may ease them; what it allows is in its text.",
}

// generalDuties are what licences of a kind ask for as a rule, for those that no
// source describes.
var generalDuties = func() map[Category]map[Situation]Bilingual {
	nothingInternally := Bilingual{
		"Für die Nutzung im eigenen Haus verlangen Lizenzen dieser Art in der Regel nichts.",
		"For use within one's own organisation licences of this kind ask nothing as a rule.",
	}
	nothingOverNetworks := Bilingual{
		"Für den Betrieb über ein Netz verlangen Lizenzen dieser Art in der Regel nichts, solange Sie die Software selbst nicht weitergeben.",
		"For running it over a network licences of this kind ask nothing as a rule, as long as you do not hand over the software itself.",
	}
	strongHandOver := Bilingual{
		"In der Regel geben Sie die Software und alles darauf Aufbauende nur unter derselben Lizenz weiter und stellen den Quellcode, den Lizenztext und die Urhebervermerke bereit.",
		"As a rule you hand over the software, and all that is built on it, under the same licence only, and provide the source code, the text of the licence and the copyright notices.",
	}
	strongChange := Bilingual{
		"Solange die geänderte Fassung im Haus bleibt, verlangen Lizenzen dieser Art in der Regel nichts. Wenn Sie sie weitergeben, muss sie in der Regel unter derselben Lizenz stehen.",
		"As long as the changed version stays in your organisation, licences of this kind ask nothing as a rule. When you hand it over, it must as a rule be under the same licence.",
	}
	return map[Category]map[Situation]Bilingual{
		PublicDomain: {
			UseInternally: nothingInternally,
			RunService:    nothingOverNetworks,
			Distribute: {
				"Für die Weitergabe verlangen Erklärungen dieser Art in der Regel nichts.",
				"For handing it over statements of this kind ask nothing as a rule.",
			},
			Change: {
				"Für Änderungen verlangen Erklärungen dieser Art in der Regel nichts.",
				"For changes statements of this kind ask nothing as a rule.",
			},
		},
		Permissive: {
			UseInternally: nothingInternally,
			RunService:    nothingOverNetworks,
			Distribute: {
				"In der Regel legen Sie den Lizenztext und die Urhebervermerke bei. Den Quellcode müssen Sie nicht herausgeben.",
				"As a rule you include the text of the licence and the copyright notices. You need not provide the source code.",
			},
			Change: {
				"In der Regel dürfen Sie frei ändern. Manche Lizenzen dieser Art verlangen, Änderungen kenntlich zu machen oder den Namen zu wechseln.",
				"As a rule you may change it freely. Some licences of this kind ask that changes are marked, or the name changed.",
			},
		},
		WeakCopyleft: {
			UseInternally: nothingInternally,
			RunService:    nothingOverNetworks,
			Distribute: {
				"In der Regel legen Sie den Lizenztext und die Urhebervermerke bei und stellen den Quellcode dieser Software bereit. Eigene Teile daneben dürfen unter einer anderen Lizenz stehen.",
				"As a rule you include the text of the licence and the copyright notices, and provide the source code of this software. Parts of your own beside it may be under another licence.",
			},
			Change: {
				"Solange die geänderte Fassung im Haus bleibt, verlangen Lizenzen dieser Art in der Regel nichts. Wenn Sie sie weitergeben, bleiben die geänderten Teile in der Regel unter derselben Lizenz.",
				"As long as the changed version stays in your organisation, licences of this kind ask nothing as a rule. When you hand it over, the changed parts as a rule stay under the same licence.",
			},
		},
		StrongCopyleft: {
			UseInternally: nothingInternally,
			RunService:    nothingOverNetworks,
			Distribute:    strongHandOver,
			Change:        strongChange,
		},
		NetworkCopyleft: {
			UseInternally: nothingInternally,
			Distribute:    strongHandOver,
			Change:        strongChange,
		},
	}
}()
