// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// rule is what the text of single licences asks for in some situations, read by
// the authors, where that matters and the other sources do not say it. It takes
// the place of another statement of the same code.
type rule struct {
	licences   []string // families; a * at the end stands for anything
	situations []Situation
	code       string
	label      Bilingual
	text       Bilingual
}

// rulesFor returns the rules of a licence for a situation.
func rulesFor(id string, s Situation) []rule {
	var out []rule
	family := spdx.Family(id)
	for _, r := range rules {
		if !slices.Contains(r.situations, s) {
			continue
		}
		for _, pattern := range r.licences {
			prefix, open := strings.CutSuffix(pattern, "*")
			if pattern == family || open && strings.HasPrefix(family, prefix) {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

const networkCode = Condition + ":" + networkUse

var (
	networkLabel = tagWords[Tag{networkUse, Condition}].label
	privateLabel = Bilingual{"Quellcode schon bei eigener Nutzung", "Source code even for one's own use"}
	creditLabel  = Bilingual{"Namen nennen", "Give credit"}
)

var rules = []rule{
	{
		[]string{"AGPL-3.0"},
		[]Situation{RunService},
		networkCode, networkLabel,
		Bilingual{
			"Wenn Sie die Software geändert haben, müssen alle, die Ihre Fassung über ein Netz nutzen, deren Quellcode kostenlos bekommen können; die Software muss deutlich darauf hinweisen (Abschnitt 13). Für die unveränderte Fassung gilt das nicht.",
			"If you have changed the software, all who use your version over a network must be able to get its source code free of charge, and the software must say so prominently (section 13). That does not hold for the unchanged version.",
		},
	},
	{
		[]string{"AGPL-1.0"},
		[]Situation{RunService},
		networkCode, networkLabel,
		Bilingual{
			"Bietet die Software ihren Nutzern an, den Quellcode über das Netz zu laden, muss das auch Ihre geänderte Fassung tun, mit dem geänderten Quellcode (Abschnitt 2 d).",
			"If the software offers its users to fetch the source code over the network, your changed version must do so too, with the changed source code (section 2(d)).",
		},
	},
	{
		[]string{"EUPL-1.1", "EUPL-1.2"},
		[]Situation{RunService},
		networkCode, networkLabel,
		Bilingual{
			"Wer anderen die wesentlichen Funktionen der Software über ein Netz bereitstellt, gibt sie im Sinne der Lizenz weiter (Artikel 1 und 5): Dann gelten die Pflichten der Weitergabe auch hier. Nennen Sie also einen Ort, an dem der Quellcode Ihrer Fassung frei zugänglich ist.",
			"Whoever gives others access to the essential functionalities of the software over a network distributes it as the licence understands it (articles 1 and 5): the duties of handing over then hold here too. So name a place where the source code of your version is freely accessible.",
		},
	},
	{
		[]string{"OSL-*", "NPOSL-3.0", "AFL-3.0", "CPAL-1.0", "UCL-1.0", "TGPPL-1.0"},
		[]Situation{RunService},
		networkCode, networkLabel,
		Bilingual{
			"Wer die Software für andere über ein Netz betreibt, gibt sie im Sinne der Lizenz weiter („External Deployment“): Dann gelten die Pflichten der Weitergabe auch hier.",
			"Whoever runs the software for others over a network distributes it as the licence understands it (“external deployment”): the duties of handing over then hold here too.",
		},
	},
	{
		[]string{"SSPL-1.0"},
		[]Situation{RunService},
		networkCode, networkLabel,
		Bilingual{
			"Wer die Funktionen der Software anderen als Dienst anbietet, muss den Quellcode des ganzen Dienstes unter dieser Lizenz veröffentlichen, auch den der eigenen Programme für Verwaltung, Überwachung, Sicherung und Betrieb (Abschnitt 13).",
			"Whoever offers the functions of the software to others as a service must publish the source code of the whole service under this licence, including one's own programs for management, monitoring, backup and hosting (section 13).",
		},
	},
	{
		[]string{"SSPL-1.0"},
		[]Situation{Distribute, Change},
		Tag{"same-license", Condition}.code(), tagWords[Tag{"same-license", Condition}].label,
		Bilingual{
			"Wenn Sie die Software oder etwas darauf Aufbauendes weitergeben, muss das im Ganzen unter dieser Lizenz und mit Quellcode geschehen (Abschnitte 4 bis 6).",
			"When you hand over the software, or something built on it, that must be as a whole under this licence and with the source code (sections 4 to 6).",
		},
	},
	{
		[]string{"RPL-1.1", "RPL-1.5", "APSL-1.0", "APSL-1.1", "APSL-1.2", "Watcom-1.0"},
		[]Situation{UseInternally, RunService, Change},
		networkCode, privateLabel,
		Bilingual{
			"Schon der Einsatz einer geänderten Fassung, auch nur im eigenen Haus, verpflichtet dazu, den Quellcode der Änderungen zu veröffentlichen. Ausgenommen sind je nach Lizenz Forschung, Entwicklung und privater Gebrauch.",
			"Even to use a changed version, be it within one's own organisation, obliges to publish the source code of the changes. Depending on the licence, research, development and personal use are exempt.",
		},
	},
	{
		[]string{"Parity-6.0.0", "Parity-7.0.0"},
		[]Situation{UseInternally, RunService, Change},
		networkCode, privateLabel,
		Bilingual{
			"Software, die Sie mit dieser Software entwickeln oder betreiben, müssen Sie mit Quellcode veröffentlichen, auch Ihre Änderungen.",
			"Software that you develop or run with this software must be published with its source code, your changes included.",
		},
	},
	{
		[]string{"CC-BY-*"},
		[]Situation{RunService, Distribute},
		"credit", creditLabel,
		Bilingual{
			"Wenn Sie das Werk weitergeben oder öffentlich zeigen, nennen Sie die Urheber, die Lizenz und deren Adresse und sagen Sie, ob Sie es geändert haben.",
			"When you hand the work over or show it to the public, name its authors, the licence and its address, and say whether you have changed it.",
		},
	},
	{
		[]string{"DL-DE-BY-2.0"},
		[]Situation{RunService, Distribute, Change},
		"credit", creditLabel,
		Bilingual{
			"Nennen Sie den Bereitsteller so, wie er es verlangt, dazu den Vermerk „Datenlizenz Deutschland – Namensnennung – Version 2.0“ mit Verweis auf den Lizenztext und einen Verweis auf den Datensatz. Weisen Sie auf Änderungen hin.",
			"Name the provider as it asks to be named, with the note “Data licence Germany – attribution – version 2.0”, a reference to the text of the licence and one to the data set. Point out changes.",
		},
	},
	{
		[]string{"DL-DE-ZERO-2.0"},
		[]Situation{RunService, Distribute, Change},
		"nothing", dutyLabels["nothing"],
		Bilingual{
			"Die Datenlizenz Deutschland Zero erlaubt jede Nutzung ohne Einschränkungen oder Bedingungen.",
			"The Data licence Germany Zero allows every use without restrictions or conditions.",
		},
	},
	{
		[]string{"OGL-UK-*", "OGL-Canada-2.0", "etalab-2.0", "ODC-By-1.0"},
		[]Situation{RunService, Distribute},
		"credit", creditLabel,
		Bilingual{
			"Wenn Sie Inhalte oder Daten weitergeben oder öffentlich zeigen, nennen Sie die Quelle so, wie der Lizenztext es verlangt.",
			"When you hand contents or data over or show them to the public, name the source as the text of the licence asks.",
		},
	},
	{
		[]string{"ODbL-1.0"},
		[]Situation{RunService},
		"credit", creditLabel,
		Bilingual{
			"Wenn Sie die Datenbank oder daraus Erzeugtes öffentlich zeigen, nennen Sie Datenbank und Lizenz (Abschnitt 4.3). Eine daraus abgeleitete Datenbank, die Sie öffentlich nutzen, muss unter derselben Lizenz verfügbar sein (Abschnitte 4.4 bis 4.6).",
			"When you show the database, or what you make of it, to the public, name the database and the licence (section 4.3). A database derived from it that you use publicly must be available under the same licence (sections 4.4 to 4.6).",
		},
	},
}
