// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import "fmt"

// fill puts names into the places of a text.
func (b Bilingual) fill(args ...any) Bilingual {
	return Bilingual{DE: fmt.Sprintf(b.DE, args...), EN: fmt.Sprintf(b.EN, args...)}
}

// after puts a text in front of another one.
func (b Bilingual) after(next Bilingual) Bilingual {
	return Bilingual{DE: b.DE + " " + next.DE, EN: b.EN + " " + next.EN}
}

// Why a part may, or may not, be in a whole: %[1]s is the licence of the part,
// %[2]s that of the whole, unless it is said otherwise.
var (
	sameLicence = Bilingual{
		"Teil und Ganzes stehen unter derselben Lizenz %[1]s.",
		"Part and whole are under the same licence %[1]s.",
	}
	matrixYes = Bilingual{
		"Nach der Matrix des OSADL darf ein Teil unter %[1]s in ein Werk unter %[2]s eingehen. Die Bedingungen von %[1]s gelten für den Teil weiter.",
		"By the OSADL matrix a part under %[1]s may be in a work under %[2]s. The conditions of %[1]s go on applying to the part.",
	}
	matrixNo = Bilingual{
		"Nach der Matrix des OSADL darf ein Teil unter %[1]s nicht in ein Werk unter %[2]s eingehen: Die Bedingungen widersprechen sich.",
		"By the OSADL matrix a part under %[1]s must not be in a work under %[2]s: their conditions contradict one another.",
	}
	matrixDepends = Bilingual{
		"Nach der Matrix des OSADL kommt es darauf an, wie der Teil unter %[1]s mit dem Werk unter %[2]s verbunden ist. Lassen Sie prüfen, ob er ein getrenntes Programm oder eine Bibliothek bleibt oder mit dem übrigen Quelltext vermischt ist.",
		"By the OSADL matrix it depends on how the part under %[1]s is combined with the work under %[2]s. Have it checked whether the part stays a separate program or library, or is mixed with the other source code.",
	}
	matrixOpen = Bilingual{
		"Das OSADL lässt offen, ob ein Teil unter %[1]s in ein Werk unter %[2]s eingehen darf. Jemand mit Rechtskenntnis muss die Bedingungen beider Lizenzen vergleichen.",
		"OSADL leaves it open whether a part under %[1]s may be in a work under %[2]s. Somebody with legal training must compare the conditions of both licences.",
	}
	notCovered = Bilingual{
		"Keine unserer Quellen sagt etwas zu einem Teil unter %[1]s in einem Werk unter %[2]s. Jemand mit Rechtskenntnis muss die Bedingungen beider Lizenzen vergleichen.",
		"None of our sources says anything about a part under %[1]s in a work under %[2]s. Somebody with legal training must compare the conditions of both licences.",
	}
	noConditions = Bilingual{
		"%[1]s stellt keine Bedingungen, die einer anderen Lizenz entgegenstehen könnten.",
		"%[1]s sets no conditions that could stand in the way of another licence.",
	}
	appendixAllows = Bilingual{
		"Der Anhang der EUPL-1.2 nennt %[1]s: Baut ein Werk zugleich auf einem Teil unter EUPL-1.2 und auf einem unter %[1]s auf, darf es nach Artikel 5 der EUPL unter %[1]s weitergegeben werden.",
		"The appendix of EUPL-1.2 names %[1]s: by article 5 of the EUPL, a work that builds both on a part under EUPL-1.2 and on one under %[1]s may be passed on under %[1]s.",
	}
	appendixDisputed = Bilingual{
		"Die Quellen widersprechen sich: Der Anhang der EUPL-1.2 erlaubt die Weitergabe unter %[1]s, wenn das Werk auch auf einem Teil unter %[1]s aufbaut; die Matrix des OSADL verneint sie. Lassen Sie das prüfen.",
		"The sources contradict one another: the appendix of EUPL-1.2 allows passing on under %[1]s if the work also builds on a part under %[1]s; the OSADL matrix says no. Have this checked.",
	}
	appendixLimited = Bilingual{
		"Der Anhang der EUPL-1.2 nennt %[1]s nur für Werke, die keine Software sind, etwa Texte und Bilder. Für Programme gilt das nicht.",
		"The appendix of EUPL-1.2 names %[1]s for works other than software only, such as texts and pictures. It does not hold for programs.",
	}
	// %[1]s is the licence of the part, %[2]s the later version.
	laterVersion = Bilingual{
		"%[1]s erlaubt spätere Fassungen; nehmen Sie den Teil unter %[2]s.",
		"%[1]s allows later versions; take the part under %[2]s.",
	}
	laterUnknown = Bilingual{
		"%[1]s erlaubt spätere Fassungen. Die genannte Fassung passt nicht; ob eine spätere passt, sagt keine unserer Quellen. Jemand mit Rechtskenntnis muss das prüfen.",
		"%[1]s allows later versions. The version named does not fit; whether a later one does, none of our sources says. Somebody with legal training must check it.",
	}
	leftOpen = Bilingual{
		"%[1]s und %[2]s: Eine der Angaben lässt offen, ob spätere Fassungen der Lizenz gemeint sind, und davon hängt die Antwort ab. Sehen Sie im Hinweis auf die Lizenz nach, ob dort „or any later version“ steht, und fragen Sie sonst den Rechteinhaber.",
		"%[1]s and %[2]s: one of them leaves open whether later versions of the licence are meant, and the answer depends on it. See whether the licence notice says “or any later version”, and else ask the rights holder.",
	}
	// %[1]s is the exception.
	exceptionAdds = Bilingual{
		"Die Ausnahme %[1]s erlaubt zusätzlich etwas und wird hier nicht gebraucht.",
		"The exception %[1]s allows something more and is not needed here.",
	}
	// %[1]s is the licence with its exception.
	exceptionUnknown = Bilingual{
		"Ohne die Ausnahme ginge es nicht; ob %[1]s es erlaubt, sagt keine unserer Quellen. Jemand mit Rechtskenntnis muss den Text der Ausnahme lesen.",
		"Without the exception it would not do; whether %[1]s allows it, none of our sources says. Somebody with legal training must read the text of the exception.",
	}
	// %[2]s is the licence of the whole without, %[3]s the exception.
	ownExceptionOnly = Bilingual{
		"Die Ausnahme %[3]s darf nur geben, wer die Rechte hat: Für den Teil unter %[1]s gilt sie nur, wenn dessen Lizenz das zulässt. Ohne die Ausnahme, unter %[2]s:",
		"Only who holds the rights can grant the exception %[3]s: it covers the part under %[1]s only if the licence of that part allows it. Without the exception, under %[2]s:",
	}
	// %[1]s is the licence that is not on the list.
	unlistedLicence = Bilingual{
		"%[1]s steht nicht auf der SPDX-Liste; was diese Lizenz erlaubt, ist nicht bekannt. Jemand mit Rechtskenntnis muss ihren Text lesen.",
		"%[1]s is not on the SPDX list; what this licence allows is not known. Somebody with legal training must read its text.",
	}
	unchangedOnly = Bilingual{
		"%[1]s erlaubt nur die unveränderte Weitergabe; Teil eines Werks unter %[2]s darf das nicht werden.",
		"%[1]s allows passing on unchanged only; it must not become part of a work under %[2]s.",
	}
	purposeBound = Bilingual{
		"%[1]s erlaubt nur nicht kommerzielle Zwecke, %[2]s dagegen jeden Zweck; das Ganze kann daher nicht unter %[2]s stehen.",
		"%[1]s allows non-commercial purposes only, %[2]s any purpose; so the whole cannot be under %[2]s.",
	}
	noAssertion = Bilingual{
		"Niemand hat gesagt, unter welcher Lizenz dieser Teil steht. Fragen Sie den Hersteller oder sehen Sie im Quelltext nach; ohne Lizenz dürfen Sie ihn nicht nutzen.",
		"Nobody has said under which licence this part is. Ask its maker or look into the source code; without a licence you may not use it.",
	}
	noLicence = Bilingual{
		"Für diesen Teil gibt es keine Lizenz. Ohne Lizenz hat niemand außer dem Rechteinhaber ein Recht daran; fragen Sie ihn nach einer.",
		"There is no licence for this part. Without one nobody but the rights holder has any right to it; ask them for one.",
	}
)
