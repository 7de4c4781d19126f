// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import "strings"

// summary is the answer in a sentence, with the licences that it hangs on.
func (r *Reply) summary() Bilingual {
	s := summaries[r.Situation][r.Verdict]
	if r.Situation == Combine {
		if r.Into == "" {
			s = wholeFound[r.Verdict]
		}
		if r.Verdict.positive() {
			s = s.fill(strings.Join(r.Under, ", "))
		}
		if r.Into != "" && r.Verdict == Conditional && strings.Join(r.Under, " ") != strings.Join(r.asked, " ") {
			s = s.after(passOnUnder.fill(strings.Join(r.asked, ", "), strings.Join(r.Under, ", ")))
		}
	}
	if r.Situation == Distribute && len(r.Parts) > 1 {
		s = s.after(notTogether)
	}
	if on := r.hangsOn(); len(on) > 0 {
		s = s.after(because.fill(strings.Join(on, ", ")))
	}
	return s
}

// maxNamed bounds the licences that a summary names.
const maxNamed = 5

// hangsOn names the licences whose steps are as bad as the verdict.
func (r *Reply) hangsOn() []string {
	if r.Verdict == Compatible {
		return nil
	}
	var names []string
	for _, p := range r.Parts {
		for _, s := range p.Steps {
			if s.Necessary && s.Verdict == r.Verdict {
				names = append(names, s.Licence)
			}
		}
	}
	names = unique(names)
	if len(names) > maxNamed {
		names = append(names[:maxNamed], "…")
	}
	return names
}

var (
	notTogether = Bilingual{
		"Das gilt für jeden Teil für sich; ob sie zu einem Werk verbunden werden dürfen, ist eine eigene Frage.",
		"This holds for every part by itself; whether they may be combined into one work is a question of its own.",
	}
	because     = Bilingual{"Es liegt an: %[1]s.", "This is because of: %[1]s."}
	passOnUnder = Bilingual{
		"%[1]s lässt die Wahl zwischen mehreren Fassungen der Lizenz; das Ganze ist dann unter %[2]s weiterzugeben.",
		"%[1]s leaves a choice between several versions of the licence; the whole is then to be passed on under %[2]s.",
	}
)

// summaries say the verdict for a situation. For Combine %[1]s is the licence of
// the whole.
var summaries = map[Situation]map[Verdict]Bilingual{
	UseInternally: {
		Compatible:   {"Ja: Sie dürfen die Software im eigenen Haus einsetzen.", "Yes: you may use the software within your own organisation."},
		Conditional:  {"Nur unter Bedingungen dürfen Sie die Software im eigenen Haus einsetzen.", "You may use the software within your own organisation under conditions only."},
		Unclear:      {"Ungeklärt: Ob Sie die Software im eigenen Haus einsetzen dürfen, sagt keine unserer Quellen.", "Not known: none of our sources says whether you may use the software within your own organisation."},
		Incompatible: {"Nein: Sie dürfen die Software nicht einsetzen.", "No: you may not use the software."},
	},
	RunService: {
		Compatible:   {"Ja: Sie dürfen die Software anderen als Dienst anbieten.", "Yes: you may offer the software to others as a service."},
		Conditional:  {"Unter Bedingungen dürfen Sie die Software anderen als Dienst anbieten.", "You may offer the software to others as a service under conditions."},
		Unclear:      {"Ungeklärt: Ob Sie die Software anderen als Dienst anbieten dürfen, sagt keine unserer Quellen.", "Not known: none of our sources says whether you may offer the software to others as a service."},
		Incompatible: {"Nein: Sie dürfen die Software anderen nicht als Dienst anbieten.", "No: you may not offer the software to others as a service."},
	},
	Distribute: {
		Compatible:   {"Ja: Sie dürfen die Software weitergeben.", "Yes: you may pass the software on."},
		Conditional:  {"Unter Bedingungen dürfen Sie die Software weitergeben.", "You may pass the software on under conditions."},
		Unclear:      {"Ungeklärt: Ob Sie die Software weitergeben dürfen, sagt keine unserer Quellen.", "Not known: none of our sources says whether you may pass the software on."},
		Incompatible: {"Nein: Sie dürfen die Software nicht weitergeben.", "No: you may not pass the software on."},
	},
	Combine: {
		Compatible:   {"Ja: Alle Teile dürfen in ein Werk unter %[1]s eingehen.", "Yes: all parts may be in a work under %[1]s."},
		Conditional:  {"Unter Bedingungen dürfen alle Teile in ein Werk unter %[1]s eingehen.", "All parts may be in a work under %[1]s under conditions."},
		Unclear:      {"Ungeklärt: Ob alle Teile in das Werk eingehen dürfen, sagt keine unserer Quellen.", "Not known: none of our sources says whether all parts may be in the work."},
		Incompatible: {"Nein: Nicht alle Teile dürfen in das Werk eingehen.", "No: not all parts may be in the work."},
	},
}

// wholeFound says which licence the whole may have; %[1]s is the best.
var wholeFound = map[Verdict]Bilingual{
	Compatible:   {"Ja: Das Ganze darf unter %[1]s stehen.", "Yes: the whole may be under %[1]s."},
	Conditional:  {"Unter Bedingungen darf das Ganze unter %[1]s stehen.", "The whole may be under %[1]s under conditions."},
	Unclear:      {"Ungeklärt: Ob eine der Lizenzen für das Ganze passt, sagt keine unserer Quellen.", "Not known: none of our sources says whether one of the licences fits the whole."},
	Incompatible: {"Nein: Keine der Lizenzen der Teile passt für das Ganze; andere Lizenzen sind nicht geprüft.", "No: none of the licences of the parts fits the whole; other licences were not tried."},
}
