// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

// referenceWords are the words of the page around what the document says, which is
// in English.
type referenceWords struct {
	Title, Lead, Skip, Contents, Intro, Schemas, Home, Other string
	Parameters, Body, Answers, Members, Example, Try         string
	Name, In, Kind, Meaning, Status, Content                 string
	Required, ListOf, AnyOf, Version                         string
}

var referenceTexts = map[string]referenceWords{
	german: {
		Title: "Schnittstelle (API)", Skip: "Zum Inhalt springen", Contents: "Inhalt", Intro: "Grundsätze", Home: "Zum Katalog",
		Lead:    "Alle Adressen der Schnittstelle mit Parametern, Antworten und Beispielen. Die Beschreibungen sind auf Englisch; für Programme steht dasselbe in",
		Schemas: "Datenformate", Other: "English",
		Parameters: "Parameter", Body: "Inhalt der Anfrage", Answers: "Antworten", Members: "Felder", Example: "Beispiel", Try: "Aufruf",
		Name: "Name", In: "Ort", Kind: "Art", Meaning: "Bedeutung", Status: "Status", Content: "Inhalt",
		Required: "erforderlich", ListOf: "Liste von", AnyOf: "eines von:", Version: "Version",
	},
	english: {
		Title: "Interface (API)", Skip: "Skip to content", Contents: "Contents", Intro: "Principles", Home: "To the catalogue",
		Lead:    "All addresses of the interface with parameters, answers and examples. For programs the same is in",
		Schemas: "Schemas", Other: "Deutsch",
		Parameters: "Parameters", Body: "Body of the request", Answers: "Answers", Members: "Members", Example: "Example", Try: "Call",
		Name: "Name", In: "Place", Kind: "Kind", Meaning: "Meaning", Status: "Status", Content: "Content",
		Required: "required", ListOf: "list of", AnyOf: "one of:", Version: "Version",
	},
}

// referenceSubjects are the tags of the document in words, where they need others
// than the tag itself.
var referenceSubjects = map[string]map[string]string{german: {
	"access": "Zugang", "adoptions": "Nachnutzung", "bulk": "Gesamter Bestand", "changes": "Änderungen", "description": "Beschreibung",
	"developers-italia": "Wie Developers Italia", "dossiers": "Dossiers", "feeds": "Feeds", "licences": "Lizenzen", "management": "Verwaltung", "needs": "Bedarfe",
	"operation": "Betrieb", "publishers": "Herausgeber", "software": "Software", "validation": "Prüfung", "vocabularies": "Vokabulare",
	"webhooks": "Webhooks",
}}
