// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import "strings"

// keyDoc says what a key is for: its name in forms and one sentence, in German
// and English.
type keyDoc struct{ de, en, hintDE, hintEN string }

// docOf finds the words for the key with a path. The three lists of
// dependencies share the keys of their entries, and the Italian section was
// written in small letters up to 0.4.
func docOf(path string) keyDoc {
	if rest, ok := strings.CutPrefix(path, "dependsOn."); ok {
		if _, entry, ok := strings.Cut(rest, "[]."); ok {
			path = "dependsOn.[]." + entry
		}
	}
	if code, rest, _ := strings.Cut(path, "."); len(code) == 2 {
		path = strings.ToUpper(code) + strings.TrimSuffix("."+rest, ".")
	}
	return keyDocs[path]
}

// ruleWords are the sentences of Key.Rule.
type ruleWords struct {
	replaced, deprecated, required, anyLanguage string
	requiredWith, requiredIf, onlyIf, or        string
	between, atMost                             string
}

var (
	ruleWordsDE = ruleWords{
		"Seit Version %s veraltet; verwenden Sie stattdessen %s.", "Seit Version %s veraltet; löschen Sie den Schlüssel.",
		"Pflicht.", "Pflicht in mindestens einer Sprache.",
		"Pflicht, wenn %s angegeben ist.", "Pflicht bei %s: %s.", "Nur erlaubt bei %s: %s.", " oder ",
		"%d bis %d Zeichen.", "Höchstens %d Zeichen.",
	}
	ruleWordsEN = ruleWords{
		"Deprecated since version %s; use %s instead.", "Deprecated since version %s; delete the key.",
		"Required.", "Required in one language at least.",
		"Required if %s is given.", "Required with %s: %s.", "Only allowed with %s: %s.", " or ",
		"%d to %d characters.", "At most %d characters.",
	}
)

// keyDocs holds the words for every key of the standard, by the path that Key
// has.
var keyDocs = map[string]keyDoc{
	"publiccodeYmlVersion": {
		"Version des Standards", "Version of the standard",
		"Die Version des Standards publiccode.yml, nach der die Datei geschrieben ist.",
		"The version of the publiccode.yml standard by which the file is written.",
	},
	"name": {
		"Name", "Name",
		"Der Name, unter dem die Software bekannt ist.",
		"The name by which the software is known.",
	},
	"applicationSuite": {
		"Programmfamilie", "Suite",
		"Der Name der Programmfamilie, zu der die Software gehört.",
		"The name of the suite that the software belongs to.",
	},
	"url": {
		"Repository", "Repository",
		"Die Adresse des Repositorys mit dem Quelltext; sie kennzeichnet die Software eindeutig.",
		"The address of the repository with the source code; it identifies the software.",
	},
	"landingURL": {
		"Website", "Website",
		"Die Website, auf der Interessierte die Software kennenlernen oder herunterladen.",
		"The website where people get to know the software or download it.",
	},
	"isBasedOn": {
		"Beruht auf", "Based on",
		"Die Repositorys der Software, von der diese abgeleitet ist.",
		"The repositories of the software that this one is derived from.",
	},
	"softwareVersion": {
		"Version der Software", "Version of the software",
		"Die neueste stabile Version der Software, in Anführungszeichen.",
		"The newest stable version of the software, in quotation marks.",
	},
	"releaseDate": {
		"Veröffentlicht am", "Released on",
		"Der Tag, an dem die neueste Version erschienen ist (JJJJ-MM-TT).",
		"The day on which the newest version was released (YYYY-MM-DD).",
	},
	"logo": {
		"Logo", "Logo",
		"Der Pfad im Repository oder die Adresse des Logos, möglichst als SVG.",
		"The path in the repository or the address of the logo, as SVG if possible.",
	},
	"monochromeLogo": {
		"Einfarbiges Logo", "Monochrome logo",
		"Der Pfad im Repository oder die Adresse eines einfarbigen Logos.",
		"The path in the repository or the address of a logo in one colour.",
	},
	"organisation": {
		"Herausgebende Stelle", "Publisher",
		"Die Organisation, die die Software veröffentlicht.",
		"The organisation that publishes the software.",
	},
	"organisation.uri": {
		"Kennung der Stelle", "Identifier of the publisher",
		"Eine dauerhafte Adresse oder URN, die die herausgebende Organisation eindeutig kennzeichnet.",
		"A lasting address or URN that identifies the publishing organisation.",
	},
	"organisation.name": {
		"Name der Stelle", "Name of the publisher",
		"Der amtliche oder allgemein bekannte Name der herausgebenden Organisation.",
		"The official or generally known name of the publishing organisation.",
	},
	"fundedBy": {
		"Förderung", "Funding",
		"Die Organisationen, die die Entwicklung bezahlen.",
		"The organisations that pay for the development.",
	},
	"fundedBy[].name": {
		"Name des Förderers", "Name of the funder",
		"Der Name der Organisation oder Person, die die Entwicklung bezahlt.",
		"The name of the organisation or person that pays for the development.",
	},
	"fundedBy[].uri": {
		"Kennung des Förderers", "Identifier of the funder",
		"Eine dauerhafte Adresse oder URN, die den Förderer eindeutig kennzeichnet.",
		"A lasting address or URN that identifies the funder.",
	},
	"inputTypes": {
		"Eingabeformate", "Input formats",
		"Die Medientypen, die die Software einlesen kann.",
		"The media types that the software can read.",
	},
	"outputTypes": {
		"Ausgabeformate", "Output formats",
		"Die Medientypen, die die Software ausgeben kann.",
		"The media types that the software can write.",
	},
	"platforms": {
		"Plattformen", "Platforms",
		"Wo die Software benutzt wird: im Browser, auf dem Telefon, unter welchem Betriebssystem.",
		"Where the software is used: in a browser, on a phone, under which operating system.",
	},
	"categories": {
		"Kategorien", "Categories",
		"Wofür die Software da ist, mit Begriffen aus der Liste des Standards.",
		"What the software is for, in words from the list of the standard.",
	},
	"usedBy": {
		"Im Einsatz bei", "Used by",
		"Verwaltungen, von denen bekannt ist, dass sie die Software einsetzen.",
		"Administrations that are known to use the software.",
	},
	"roadmap": {
		"Fahrplan", "Roadmap",
		"Die Webseite mit dem öffentlichen Fahrplan der Entwicklung.",
		"The web page with the public roadmap of the development.",
	},
	"developmentStatus": {
		"Entwicklungsstand", "Development status",
		"Wie weit die Entwicklung der Software ist.",
		"How far the development of the software has come.",
	},
	"softwareType": {
		"Art der Software", "Type of software",
		"Ob es eine eigenständige Anwendung ist, und welche, eine Erweiterung, eine Bibliothek oder eine Sammlung von Konfigurationsdateien.",
		"Whether it is an application in its own right, and of what kind, an add-on, a library or a set of configuration files.",
	},
	"intendedAudience": {
		"Zielgruppe", "Audience",
		"Für wen die Software gedacht ist.",
		"For whom the software is meant.",
	},
	"intendedAudience.countries": {
		"Länder", "Countries",
		"Die Länder, auf deren Recht oder Verfahren die Software eigens zugeschnitten ist (DE, AT, …).",
		"The countries whose law or procedures the software is made to fit (DE, AT, …).",
	},
	"intendedAudience.unsupportedCountries": {
		"Nicht geeignete Länder", "Unsupported countries",
		"Die Länder, in denen die Software nicht eingesetzt werden kann.",
		"The countries in which the software cannot be used.",
	},
	"intendedAudience.scope": {
		"Anwendungsbereiche", "Fields of application",
		"Die Anwendungsbereiche der Software, mit Begriffen aus der Liste des Standards.",
		"The fields of application of the software, in words from the list of the standard.",
	},
	"description": {
		"Beschreibung", "Description",
		"Die Beschreibung der Software, je Sprache ein Abschnitt mit dem Sprachcode als Namen (de, en, …).",
		"The description of the software, one section a language, named by its tag (de, en, …).",
	},
	"description.[lang].localisedName": {
		"Name in dieser Sprache", "Name in this language",
		"Der Name der Software in dieser Sprache, wenn er dort anders lautet.",
		"The name of the software in this language, where it has another.",
	},
	"description.[lang].genericName": {
		"Gattungsname", "Generic name",
		"Was für eine Software es ist, in ein bis drei Wörtern wie „Texteditor“.",
		"What kind of software it is, in one to three words such as “text editor”.",
	},
	"description.[lang].shortDescription": {
		"Kurzbeschreibung", "Short description",
		"In einem Satz, was die Software leistet.",
		"In one sentence, what the software does.",
	},
	"description.[lang].longDescription": {
		"Ausführliche Beschreibung", "Long description",
		"Was die Software leistet und für wen, in einigen Absätzen; einfaches Markdown ist erlaubt.",
		"What the software does and for whom, in a few paragraphs; simple Markdown is allowed.",
	},
	"description.[lang].documentation": {
		"Dokumentation", "Documentation",
		"Die Adresse der Anleitung für alle, die die Software benutzen.",
		"The address of the manual for the people who use the software.",
	},
	"description.[lang].apiDocumentation": {
		"Dokumentation der Schnittstellen", "API documentation",
		"Die Adresse der Beschreibung der Programmierschnittstellen.",
		"The address of the description of the programming interfaces.",
	},
	"description.[lang].freeTags": {
		"Freie Schlagwörter", "Free tags",
		"Schlagwörter aus dem Entwurf des Standards; heute stehen sie als Kategorien in einer festen Liste.",
		"Keywords of the draft of the standard; today categories of a fixed list take their place.",
	},
	"description.[lang].features": {
		"Funktionen", "Features",
		"Was Anwenderinnen und Anwender mit der Software tun können, je Zeile eine Funktion.",
		"What people can do with the software, one feature a line.",
	},
	"description.[lang].screenshots": {
		"Bildschirmfotos", "Screenshots",
		"Pfade im Repository oder Adressen von Bildschirmfotos (PNG oder JPEG).",
		"Paths in the repository or addresses of screenshots (PNG or JPEG).",
	},
	"description.[lang].videos": {
		"Videos", "Videos",
		"Adressen von Videos, die die Software vorstellen.",
		"Addresses of videos that present the software.",
	},
	"description.[lang].awards": {
		"Auszeichnungen", "Awards",
		"Preise, die die Software gewonnen hat.",
		"Prizes that the software has won.",
	},
	"legal": {
		"Rechtliches", "Legal",
		"Lizenz und Urheberrecht.",
		"Licence and copyright.",
	},
	"legal.license": {
		"Lizenz", "Licence",
		"Die Lizenz der Software als SPDX-Kennung oder -Ausdruck, etwa EUPL-1.2.",
		"The licence of the software as an SPDX identifier or expression, such as EUPL-1.2.",
	},
	"legal.mainCopyrightOwner": {
		"Rechteinhaber", "Main copyright owner",
		"Wem die Rechte am größten Teil des Quelltexts gehören.",
		"Who owns the rights in most of the source code.",
	},
	"legal.repoOwner": {
		"Inhaber des Repositorys", "Owner of the repository",
		"Die Organisation, der das Repository gehört.",
		"The organisation that owns the repository.",
	},
	"legal.authorsFile": {
		"Datei der Urheber", "Authors file",
		"Der Pfad einer Datei im Repository, die alle Urheberinnen und Urheber nennt.",
		"The path of a file in the repository that names all authors.",
	},
	"maintenance": {
		"Pflege", "Maintenance",
		"Wer die Software pflegt und wie.",
		"Who maintains the software, and how.",
	},
	"maintenance.type": {
		"Art der Pflege", "Type of maintenance",
		"Ob die eigene Stelle, ein beauftragtes Unternehmen, eine Gemeinschaft oder niemand die Software pflegt.",
		"Whether the publisher itself, a company under contract, a community or nobody maintains the software.",
	},
	"maintenance.contractors": {
		"Auftragnehmer", "Contractors",
		"Die Unternehmen, die die Software im Auftrag pflegen.",
		"The companies that maintain the software under contract.",
	},
	"maintenance.contractors[].name": {
		"Name", "Name",
		"Der Name des Unternehmens oder der Person unter Vertrag.",
		"The name of the company or person under contract.",
	},
	"maintenance.contractors[].until": {
		"Bis", "Until",
		"Der Tag, an dem der Vertrag endet (JJJJ-MM-TT).",
		"The day on which the contract ends (YYYY-MM-DD).",
	},
	"maintenance.contractors[].email": {
		"E-Mail-Adresse", "E-mail address",
		"Die E-Mail-Adresse, unter der das Unternehmen erreichbar ist.",
		"The e-mail address at which the company can be reached.",
	},
	"maintenance.contractors[].website": {
		"Website", "Website",
		"Die Website des Unternehmens oder seiner Arbeit an der Software.",
		"The website of the company, or of its work on the software.",
	},
	"maintenance.contacts": {
		"Ansprechpersonen", "Contacts",
		"Die Menschen, die die Software technisch betreuen.",
		"The people who look after its technical side.",
	},
	"maintenance.contacts[].name": {
		"Name", "Name",
		"Der volle Name der Person; ein Mensch, keine Abteilung.",
		"The full name of the person; a human being, not a department.",
	},
	"maintenance.contacts[].email": {
		"E-Mail-Adresse", "E-mail address",
		"Die E-Mail-Adresse, unter der die Person selbst erreichbar ist.",
		"The e-mail address at which the person can be reached directly.",
	},
	"maintenance.contacts[].phone": {
		"Telefon", "Telephone",
		"Die Telefonnummer mit internationaler Vorwahl, in Anführungszeichen.",
		"The telephone number with its international prefix, in quotation marks.",
	},
	"maintenance.contacts[].affiliation": {
		"Zugehörigkeit", "Affiliation",
		"Die Organisation, für die die Person arbeitet.",
		"The organisation that the person works for.",
	},
	"localisation": {
		"Sprachen", "Languages",
		"In welchen Sprachen es die Software gibt.",
		"In which languages the software exists.",
	},
	"localisation.localisationReady": {
		"Übersetzbar", "Ready for translation",
		"Ob die Software dafür eingerichtet ist, in weitere Sprachen übersetzt zu werden (true oder false).",
		"Whether the software is made to be translated into further languages (true or false).",
	},
	"localisation.availableLanguages": {
		"Vorhandene Sprachen", "Available languages",
		"Die Sprachen der Bedienoberfläche als Sprachcodes (de, en, de-AT, …).",
		"The languages of the user interface as language tags (de, en, de-AT, …).",
	},
	"dependsOn": {
		"Voraussetzungen", "Dependencies",
		"Was zum Betrieb der Software eigens vorhanden sein muss, etwa eine Datenbank.",
		"What must be in place to run the software, such as a database.",
	},
	"dependsOn.open": {
		"Freie Software", "Open-source software",
		"Benötigte Software unter freier Lizenz.",
		"Software under an open-source licence that is needed.",
	},
	"dependsOn.proprietary": {
		"Proprietäre Software", "Proprietary software",
		"Benötigte Software unter proprietärer Lizenz.",
		"Software under a proprietary licence that is needed.",
	},
	"dependsOn.hardware": {
		"Hardware", "Hardware",
		"Benötigte Geräte.",
		"Devices that are needed.",
	},
	"dependsOn.[].name": {
		"Name", "Name",
		"Wie die benötigte Software oder das Gerät heißt.",
		"What the software or the device that is needed is called.",
	},
	"dependsOn.[].versionMin": {
		"Version ab", "Version from",
		"Die älteste Version, die genügt, in Anführungszeichen.",
		"The oldest version that will do, in quotation marks.",
	},
	"dependsOn.[].versionMax": {
		"Version bis", "Version up to",
		"Die neueste Version, die passt, in Anführungszeichen.",
		"The newest version that fits, in quotation marks.",
	},
	"dependsOn.[].version": {
		"Version", "Version",
		"Die einzige Version, die passt, in Anführungszeichen.",
		"The only version that fits, in quotation marks.",
	},
	"dependsOn.[].optional": {
		"Optional", "Optional",
		"Ob die Software auch ohne dies läuft (true oder false).",
		"Whether the software runs without it too (true or false).",
	},
	"supports": {
		"Unterstützt", "Supports",
		"Gesetze, Normen und Systeme, die die Software einhält oder unterstützt.",
		"Laws, standards and systems that the software complies with or supports.",
	},
	"supports[].id": {
		"Kennung", "Identifier",
		"Ein Kurzname des Standards wie alias:gdpr, oder die Adresse oder URN des Gesetzes, der Norm oder des Systems.",
		"An alias of the standard such as alias:gdpr, or the address or URN of the law, the standard or the system.",
	},

	"IT": {
		"Italien", "Italy",
		"Der Abschnitt, den der Standard für Italien hat.",
		"The section that the standard has for Italy.",
	},
	"IT.countryExtensionVersion": {
		"Fassung des Abschnitts", "Version of the section",
		"Die Fassung des italienischen Abschnitts, nach der er geschrieben ist.",
		"The version of the Italian section by which it is written.",
	},
	"IT.conforme": {
		"Konformität", "Conformity",
		"Welche italienischen Vorschriften die Software nach eigener Angabe einhält.",
		"Which Italian rules the software keeps by its own account.",
	},
	"IT.conforme.lineeGuidaDesign": {
		"Gestaltungsrichtlinien", "Design guidelines",
		"Ob die Software das italienische Recht zur Barrierefreiheit von 2004 einhält.",
		"Whether the software keeps the Italian law of 2004 on accessibility.",
	},
	"IT.conforme.modelloInteroperabilita": {
		"Interoperabilitätsmodell", "Model of interoperability",
		"Ob die Software die italienischen Richtlinien zur Interoperabilität einhält.",
		"Whether the software keeps the Italian guidelines on interoperability.",
	},
	"IT.conforme.misureMinimeSicurezza": {
		"Mindestmaßnahmen zur Sicherheit", "Minimum security measures",
		"Ob die Software die italienischen Mindestmaßnahmen zur IT-Sicherheit in Behörden einhält.",
		"Whether the software keeps the Italian minimum measures for IT security in public bodies.",
	},
	"IT.conforme.gdpr": {
		"Datenschutz-Grundverordnung", "General Data Protection Regulation",
		"Ob die Software die Datenschutz-Grundverordnung (DSGVO) einhält.",
		"Whether the software keeps the General Data Protection Regulation (GDPR).",
	},
	"IT.piattaforme": {
		"Nationale Plattformen", "National platforms",
		"An welche italienischen Plattformen die Software angebunden ist.",
		"Which Italian platforms the software is connected to.",
	},
	"IT.piattaforme.spid": {
		"SPID", "SPID",
		"Ob die Software an die digitale Identität SPID angebunden ist.",
		"Whether the software is connected to the digital identity SPID.",
	},
	"IT.piattaforme.cie": {
		"CIE", "CIE",
		"Ob die Software an den elektronischen Personalausweis CIE angebunden ist.",
		"Whether the software is connected to the electronic identity card CIE.",
	},
	"IT.piattaforme.anpr": {
		"ANPR", "ANPR",
		"Ob die Software an das Melderegister ANPR angebunden ist.",
		"Whether the software is connected to the population register ANPR.",
	},
	"IT.piattaforme.pagopa": {
		"pagoPA", "pagoPA",
		"Ob die Software an das Bezahlsystem pagoPA angebunden ist.",
		"Whether the software is connected to the payment system pagoPA.",
	},
	"IT.piattaforme.io": {
		"IO", "IO",
		"Ob die Software an die Verwaltungs-App IO angebunden ist.",
		"Whether the software is connected to the public services app IO.",
	},
	"IT.riuso": {
		"Nachnutzung", "Reuse",
		"Angaben für den italienischen Katalog nachnutzbarer Software.",
		"What the Italian catalogue of software for reuse wants to know.",
	},
	"IT.riuso.codiceIPA": {
		"IPA-Code", "IPA code",
		"Der Code der herausgebenden Stelle im italienischen Verzeichnis der Verwaltungen (IPA).",
		"The code of the publishing body in the Italian register of administrations (IPA).",
	},

	"DE": {
		"Deutschland", "Germany",
		"Der Abschnitt für Deutschland, eine Erweiterung, die der Standard selbst nicht hat.",
		"The section for Germany, an extension that the standard itself does not have.",
	},
	"DE.countryExtensionVersion": {
		"Fassung des Abschnitts", "Version of the section",
		"Die Fassung des deutschen Abschnitts, nach der er geschrieben ist.",
		"The version of the German section by which it is written.",
	},
	"DE.leika": {
		"Verwaltungsleistungen", "Administrative services",
		"Die Leistungen des Leistungskatalogs (LeiKa), die die Software unterstützt.",
		"The services of the German catalogue of services (LeiKa) that the software supports.",
	},
	"DE.leika[].themenfeld": {
		"Themenfeld", "Field of services",
		"Das Themenfeld des Onlinezugangsgesetzes (OZG), zu dem die Leistung gehört.",
		"The field of the Onlinezugangsgesetz (OZG) that the service belongs to.",
	},
	"DE.leika[].lebenslage": {
		"Lebenslage", "Situation in life",
		"Die Lebens- oder Unternehmenslage, in der die Leistung gebraucht wird.",
		"The situation of a person or company in which the service is needed.",
	},
	"DE.leika[].ozg-id": {
		"OZG-Kennung", "OZG identifier",
		"Die Kennung der Leistung nach dem Onlinezugangsgesetz (OZG).",
		"The identifier of the service by the Onlinezugangsgesetz (OZG).",
	},
	"DE.leika[].leika-id": {
		"LeiKa-Schlüssel", "LeiKa key",
		"Der Schlüssel der Leistung im Leistungskatalog (LeiKa), 14 Ziffern.",
		"The key of the service in the catalogue of services (LeiKa), 14 digits.",
	},
}
