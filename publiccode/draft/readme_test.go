// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const introduction = "Der Radkeller zeigt, wo in den Häusern der Stadt noch Plätze für Fahrräder frei sind, und vergibt sie an alle, die dort arbeiten oder zu Besuch kommen."

func TestReadme(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       readme
	}{
		"Markdown": {
			"README.md",
			"---\ntitle: x\n---\n<!-- a note -->\n# Radkeller ![logo](logo.svg)\n\n[![build](https://a.example/b.svg)](https://a.example) [Website](https://a.example) | [Docs](https://b.example)\n\n" +
				"Vergibt **Plätze** für [Fahrräder](https://c.example) in der `Stadt` und zählt sie.\n\n```\ncode\n```\n\nDarauf folgt etwas zum Code.\n\n## Funktionen\n\nEs gibt:\n\n- freie Plätze;\n- *Vergabe* mit Schlüssel\n  - auch nachts\n\n## Installation\n\nHerunterladen und starten und warten.\n",
			readme{title: "Radkeller", paragraphs: []string{"Vergibt Plätze für Fahrräder in der Stadt und zählt sie."}, features: []string{"freie Plätze", "Vergabe mit Schlüssel", "auch nachts"}},
		},
		"HTML in Markdown": {
			"readme.md",
			"<h1 align=\"center\"><img src=\"a.png\" alt=\"Bild\"> Rad&shy;keller &amp; Co</h1>\n<p align=\"center\">Plätze für Fahrräder<br>in der Stadt<script>alert(1)</script></p>\n\n<table><tr><td>Nicht das hier in der Tabelle</td></tr></table>\n",
			readme{title: "Radkeller & Co", paragraphs: []string{"Plätze für Fahrräder in der Stadt"}},
		},
		"reStructuredText": {
			"README.rst",
			"=========\nRadkeller\n=========\n\n.. image:: a.svg\n   :target: https://a.example\n\nPlätze für Fahrräder in der `Stadt <https://a.example>`_ finden und vergeben.\n\nFeatures\n--------\n\n* Karte\n* Liste\n",
			readme{title: "Radkeller", paragraphs: []string{"Plätze für Fahrräder in der Stadt finden und vergeben."}, features: []string{"Karte", "Liste"}},
		},
		"AsciiDoc": {
			"README.adoc",
			"= Radkeller\n:toc:\nimage::a.png[Bild]\n\nPlätze für Fahrräder in der https://a.example[Stadt] finden und vergeben.\n\n== Features\n\n* Karte\n",
			readme{title: "Radkeller", paragraphs: []string{"Plätze für Fahrräder in der Stadt finden und vergeben."}, features: []string{"Karte"}},
		},
		"plain text":              {"README", "Radkeller\n=========\n\nPlätze für Fahrräder\nin der Stadt finden.\n", readme{title: "Radkeller", paragraphs: []string{"Plätze für Fahrräder in der Stadt finden."}}},
		"introduction by heading": {"README.md", "# Radkeller\n\n## Über das Projekt\n\nPlätze für Fahrräder in der Stadt finden.\n\n## Aufbau\n\nNichts davon hier drin.\n", readme{title: "Radkeller", paragraphs: []string{"Plätze für Fahrräder in der Stadt finden."}}},
		"no introduction":         {"README.md", "# Radkeller\n\n## Installation\n\nHerunterladen und starten und warten.\n", readme{title: "Radkeller"}},
		"a menu of languages":     {"README.md", "# Radkeller\n\n[Deutsch](README.de.md)\n\nEnglish version\n\nFinds places for bicycles in towns.\n", readme{title: "Radkeller", paragraphs: []string{"Finds places for bicycles in towns."}}},
		"invalid bytes":           {"README.md", "# Rad\xffkeller\x00\u202e\n\nPlätze\u200b für \x1b[31mRäder in der Stadt.\n", readme{title: "Radkeller", paragraphs: []string{"Plätze für [31mRäder in der Stadt."}}},
	} {
		t.Run(name, func(t *testing.T) {
			all := readReadmes(openRepository(repo(tt.file, tt.text)))
			if len(all) != 1 {
				t.Fatalf("%d found", len(all))
			}
			got := all[0]
			if got.title != tt.want.title || !slices.Equal(got.paragraphs, tt.want.paragraphs) || !slices.Equal(got.features, tt.want.features) {
				t.Errorf("title %q, paragraphs %q, features %q", got.title, got.paragraphs, got.features)
			}
		})
	}
}

func TestDescriptionsByLanguage(t *testing.T) {
	d := FromRepository(repo(
		"README.md", "# Radkeller\n\nThe cellar shows where there is room for a bicycle in the houses of the town, and lends it to those who work there. "+
			"It counts what is free and tells the caretaker which of the locks are to be opened.\n\n## Features\n- a map\n",
		"README.de.md", "# Radkeller\n\n"+introduction+"\n",
		"README_fr.md", "# Cave\n\nDes places pour les vélos dans la ville.\n",
	), "")
	if got := d.Languages(); !slices.Equal(got, []string{"en", "de", "fr"}) && !slices.Equal(got, []string{"de", "en", "fr"}) {
		t.Errorf("languages %v", got)
	}
	for path, want := range map[string]string{
		"description.de.shortDescription": introduction[:strings.LastIndex(introduction, " ")] + "…",
		"description.de.longDescription":  introduction,
		"description.en.features":         "a map",
		"description.fr.shortDescription": "Des places pour les vélos dans la ville.",
		"description.fr.longDescription":  "",
	} {
		if got := d.values[path].Text(); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	checkDraft(t, d, d.YAML("de"))
}

func TestLanguageOf(t *testing.T) {
	for text, want := range map[string]string{
		introduction: "de",
		"The cellar shows where there is room for a bicycle and lends it": "en",
		"Il programma mostra dove ci sono posti e per che cosa":           "it",
		"Radkeller 2.0": "",
		"":              "",
	} {
		if got := languageOf(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"kurz", "kurz"},
		{"Ein Satz. Noch einer, der zu lang ist.", "Ein Satz."},
		{"Es gilt z. B. nicht als Satz", "Es gilt z. B. nicht…"},
		{"Version 1. 5 und weiter, weiter", "Version 1. 5 und…"},
		{strings.Repeat("ä", 40), strings.Repeat("ä", 21) + "…"},
		{"Wörter, die nicht passen", "Wörter, die nicht…"},
	} {
		got := shorten(tt.text, 22)
		if got != tt.want || utf8.RuneCountInString(got) > 22 {
			t.Errorf("%q becomes %q, want %q", tt.text, got, tt.want)
		}
	}
}
