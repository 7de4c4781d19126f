// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

// words are a line's title and explanation.
type words struct{ de, en [2]string }

// Wording returns what a line is about, for a person who knows neither law nor
// programming: a title and an explanation, in English ("en") or German. For a
// line that is not of a checklist it returns its identifier.
func (c Checklist) Wording(line, lang string) (title, detail string) {
	w, ok := lineWords[c.Guideline+" "+line]
	if !ok {
		w, ok = lineWords[line]
	}
	switch {
	case !ok:
		return line, ""
	case lang == "en":
		return w.en[0], w.en[1]
	}
	return w.de[0], w.de[1]
}

// lineWords are by identifier; with the guideline in front where it means
// another thing by it.
var lineWords = map[string]words{
	"format": {
		[2]string{"Zugelassenes Format", "Die Stückliste muss als JSON oder XML in CycloneDX oder SPDX vorliegen. Version 2.1.0 der Richtlinie verlangt CycloneDX ab 1.6 oder SPDX ab 3.0.1, Version 2.0.0 verlangte CycloneDX ab 1.5 oder SPDX ab 2.2.1."},
		[2]string{"Permitted format", "The bill of materials must be JSON or XML in CycloneDX or SPDX. Version 2.1.0 of the guideline asks for CycloneDX 1.6 or later or SPDX 3.0.1 or later, version 2.0.0 asked for CycloneDX 1.5 or SPDX 2.2.1 or later."},
	},
	"creator": {
		[2]string{"Ersteller der Stückliste", "Wer die Stückliste erstellt hat, muss mit E-Mail-Adresse genannt sein, ersatzweise mit einer Internetadresse. Ein Programm allein genügt nicht."},
		[2]string{"Creator of the bill of materials", "Who made the bill of materials must be named with an email address, or else a web address. A program alone does not suffice."},
	},
	"timestamp": {
		[2]string{"Zeitpunkt der Erstellung", "Datum und Uhrzeit, zu denen die Stückliste erstellt wurde, müssen angegeben sein. Erst damit ist erkennbar, welchen Stand sie beschreibt."},
		[2]string{"Time of creation", "The date and time at which the bill of materials was made must be stated. Only they tell which state it describes."},
	},
	"sbom-uri": {
		[2]string{"Eindeutige Adresse der Stückliste", "Hat die Stückliste eine eigene Kennung oder Adresse, muss sie angegeben sein, damit andere Dokumente auf sie verweisen können."},
		[2]string{"Address of its own", "If the bill of materials has an identifier or address of its own, it must be stated, so that other documents can refer to it."},
	},
	"component-creator": {
		[2]string{"Hersteller jedes Bausteins", "Zu jedem Baustein muss stehen, wer ihn herstellt oder pflegt, mit E-Mail-Adresse oder ersatzweise Internetadresse. So ist bei einer Sicherheitslücke jemand erreichbar."},
		[2]string{"Creator of each component", "Each component must say who makes or maintains it, with an email address or else a web address, so that somebody can be reached when a vulnerability turns up."},
	},
	"name": {
		[2]string{"Name jedes Bausteins", "Jeder Baustein muss den Namen tragen, den sein Hersteller ihm gegeben hat, ersatzweise den Namen seiner Datei."},
		[2]string{"Name of each component", "Each component must bear the name that its creator gave it, or else that of its file."},
	},
	"version": {
		[2]string{"Version jedes Bausteins", "Jeder Baustein muss seine Version nennen. Sicherheitslücken betreffen meist nur bestimmte Versionen."},
		[2]string{"Version of each component", "Each component must state its version. Vulnerabilities mostly concern certain versions only."},
	},
	"filename": {
		[2]string{"Dateiname jedes Bausteins", "Zu jedem Baustein muss der Name der Datei stehen, als die er ausgeliefert wird, ohne Ordner davor."},
		[2]string{"File name of each component", "Each component must state the name of the file as which it is delivered, without folders in front."},
	},
	"dependencies": {
		[2]string{"Abhängigkeiten mit Angabe der Vollständigkeit", "Zu jedem Baustein muss stehen, von welchen anderen er unmittelbar abhängt und welche er enthält, und ob diese Aufzählung vollständig ist. Gezählt sind Bausteine mit einer Angabe zur Vollständigkeit."},
		[2]string{"Dependencies, and whether they are complete", "Each component must state on which others it depends directly and which it contains, and whether that is all of them. Counted are components that state completeness."},
	},
	"dependencies-listed": {
		[2]string{"Abhängigkeiten", "Die Stückliste muss zeigen, welcher Baustein von welchen anderen abhängt oder sie enthält. Bei Bausteinen ohne Angabe lässt sich nicht unterscheiden, ob sie keine Abhängigkeiten haben oder ob sie nur fehlen."},
		[2]string{"Dependencies", "The bill of materials must show which component depends on or contains which others. Of components without a statement nobody can tell whether they have no dependencies or whether these were left out."},
	},
	"distribution-licences": {
		[2]string{"Lizenz, unter der jeder Baustein genutzt werden darf", "Zu jedem Baustein muss die Lizenz stehen, unter der Sie ihn nutzen dürfen, als Kennung nach SPDX und nicht als freier Text."},
		[2]string{"Licence under which each component may be used", "Each component must state the licence under which you may use it, as an SPDX identifier and not in free text."},
	},
	"associated-licences": {
		[2]string{"Lizenz jedes Bausteins", "Zu jedem Baustein muss die Lizenz stehen, die für ihn gilt, als Kennung nach SPDX und nicht als freier Text."},
		[2]string{"Licence of each component", "Each component must state the licence that holds for it, as an SPDX identifier and not in free text."},
	},
	"hash-deployable": {
		[2]string{"Prüfsumme jedes Bausteins (SHA-512)", "Zu jedem Baustein muss eine Prüfsumme nach dem Verfahren SHA-512 stehen. Mit ihr lässt sich feststellen, ob die gelieferte Datei die beschriebene ist. Andere Verfahren genügen nicht."},
		[2]string{"Checksum of each component (SHA-512)", "Each component must state a checksum made by SHA-512, by which one can tell whether the file delivered is the one described. Other methods do not suffice."},
	},
	"executable": {
		[2]string{"Angabe: ausführbar oder nicht", "Zu jedem Baustein muss stehen, ob er ein ausführbares Programm ist. SPDX 2 hat dafür kein Feld."},
		[2]string{"Executable or not", "Each component must state whether it is an executable program. SPDX 2 has no field for this."},
	},
	"archive": {
		[2]string{"Angabe: Archiv oder nicht", "Zu jedem Baustein muss stehen, ob er ein Archiv ist, also mehrere Dateien in einer vereint. SPDX 2 hat dafür kein eigenes Feld."},
		[2]string{"Archive or not", "Each component must state whether it is an archive, several files in one. SPDX 2 has no field of its own for this."},
	},
	"structured": {
		[2]string{"Angabe: strukturiert oder nicht", "Zu jedem Baustein muss stehen, ob sich sein Inhalt noch in einzelne Teile zerlegen lässt. SPDX 2 hat dafür kein Feld."},
		[2]string{"Structured or not", "Each component must state whether its content can still be taken apart. SPDX 2 has no field for this."},
	},
	"source-uri": {
		[2]string{"Adresse des Quelltexts", "Gibt es den Quelltext eines Bausteins im Netz, muss seine Adresse angegeben sein. Wo sie fehlt, ist nicht erkennbar, ob es keine gibt."},
		[2]string{"Address of the source code", "If the source code of a component is on the web, its address must be stated. Where it is missing one cannot tell whether there is none."},
	},
	"deployable-uri": {
		[2]string{"Adresse zum Herunterladen", "Lässt sich ein Baustein herunterladen, muss die Adresse angegeben sein. Wo sie fehlt, ist nicht erkennbar, ob es keine gibt."},
		[2]string{"Address of the download", "If a component can be downloaded, the address must be stated. Where it is missing one cannot tell whether there is none."},
	},
	"unique-ids": {
		[2]string{"Eindeutige Kennungen", "Gibt es zu einem Baustein eine allgemein gebräuchliche Kennung (purl, CPE oder SWID), muss sie angegeben sein. Mit ihr lässt sich nach bekannten Sicherheitslücken suchen."},
		[2]string{"Unique identifiers", "If a component has an identifier in general use (purl, CPE or SWID), it must be stated. By it one can look for known vulnerabilities."},
	},
	NTIA + " unique-ids": {
		[2]string{"Eindeutige Kennungen", "Jeder Baustein soll neben Namen und Version eine allgemein gebräuchliche Kennung haben (purl, CPE oder SWID). Mit ihr lässt sich nach bekannten Sicherheitslücken suchen."},
		[2]string{"Other unique identifiers", "Beside name and version each component is to have an identifier in general use (purl, CPE or SWID), by which one can look for known vulnerabilities."},
	},
	"original-licences": {
		[2]string{"Lizenz des Herstellers", "Nennt der Hersteller eines Bausteins eine Lizenz, muss sie angegeben sein, auch wenn der Baustein unter einer anderen weitergegeben wird."},
		[2]string{"Licence of the creator", "If the creator of a component names a licence, it must be stated, even where the component is passed on under another."},
	},
	"concluded-licences": {
		[2]string{"Ermittelte Lizenz", "Hat der Ersteller der Stückliste selbst ermittelt, welche Lizenz gilt, muss das Ergebnis angegeben sein. CycloneDX kann das erst ab Version 1.6 ausdrücken."},
		[2]string{"Concluded licence", "If the creator of the bill of materials has found out which licence holds, the result must be stated. CycloneDX can say so since version 1.6."},
	},
	"declared-licences": {
		[2]string{"Erklärte Lizenz", "Die Stückliste kann die Lizenz angeben, die der Hersteller des Bausteins selbst erklärt hat."},
		[2]string{"Declared licence", "The bill of materials may state the licence that the creator of the component itself has declared."},
	},
	"effective-licence": {
		[2]string{"Tatsächlich gewählte Lizenz", "Darf man unter mehreren Lizenzen wählen, kann die Stückliste angeben, welche ihr Ersteller gewählt hat."},
		[2]string{"Licence chosen", "Where one may choose among licences, the bill of materials may state which its creator has chosen."},
	},
	"hash-source": {
		[2]string{"Prüfsumme des Quelltexts", "Die Stückliste kann zu einem Baustein auch eine Prüfsumme seines Quelltexts angeben."},
		[2]string{"Checksum of the source code", "The bill of materials may state a checksum of a component's source code too."},
	},
	"security-txt-url": {
		[2]string{"Adresse der Datei security.txt", "Die Stückliste kann angeben, wo steht, wie Sicherheitslücken eines Bausteins zu melden sind."},
		[2]string{"Address of security.txt", "The bill of materials may state where one finds how to report vulnerabilities of a component."},
	},
	"no-vulnerabilities": {
		[2]string{"Keine Angaben zu Sicherheitslücken", "Eine Stückliste darf keine Angaben zu Sicherheitslücken enthalten: Sie veralten schneller als die Liste. Dafür gibt es eigene Dokumente, etwa CSAF."},
		[2]string{"Nothing about vulnerabilities", "A bill of materials must not say anything about vulnerabilities, which change faster than the list. There are other documents for them, such as CSAF."},
	},
	"one-per-version": {
		[2]string{"Eigene Stückliste für jede Version", "Jede Version der Software muss ihre eigene Stückliste haben. Eine einzelne Stückliste zeigt nicht, ob das so gehalten wird; fragen Sie den Anbieter."},
		[2]string{"One bill of materials for each version", "Each version of the software must have its own. A single bill of materials does not show whether that is so; ask the supplier."},
	},
	"depth": {
		[2]string{"Tiefe der Stückliste", "Abhängigkeiten müssen Ebene um Ebene verfolgt sein, bis zum ersten Baustein außerhalb des Lieferumfangs. Belegt ist, wie viele Ebenen die Stückliste unter der beschriebenen Software zeigt; ob das alle sind, kann sie selbst nicht sagen."},
		[2]string{"Depth of the bill of materials", "Dependencies must be followed level by level, up to the first component outside the delivery. The evidence is how many levels below the software it shows; whether these are all, it cannot tell."},
	},
	NTIA + " depth": {
		[2]string{"Tiefe der Stückliste", "Mindestens alle unmittelbaren Abhängigkeiten sollen aufgeführt sein. Belegt ist, wie viele Ebenen die Stückliste zeigt; ob etwas fehlt, kann sie selbst nicht sagen."},
		[2]string{"Depth of the bill of materials", "At least all direct dependencies should be listed. The evidence is how many levels it shows; whether something is missing, it cannot tell."},
	},
	"licence-ids": {
		[2]string{"Lizenzen als Kennung", "Jede angegebene Lizenz muss eine Kennung von SPDX sein, ersatzweise eine eigene, die mit LicenseRef- und dem Namen des Verzeichnisses beginnt, aus dem sie stammt. Gezählt sind Bausteine, die eine Lizenz nennen."},
		[2]string{"Licences as identifiers", "Each licence stated must be an identifier of SPDX, or else one that begins with LicenseRef- and the name of the list that it is of. Counted are components that state a licence."},
	},
	"signature": {
		[2]string{"Digitale Unterschrift", "Eine digitale Unterschrift schützt die Stückliste vor unbemerkter Änderung. Sie kann auch in einer eigenen Datei stehen; dann ist sie hier nicht zu sehen."},
		[2]string{"Digital signature", "A digital signature guards the bill of materials against changes that go unnoticed. It may be in a file of its own, and is not seen here then."},
	},
	"supplier": {
		[2]string{"Lieferant jedes Bausteins", "Zu jedem Baustein soll stehen, wer ihn liefert."},
		[2]string{"Supplier of each component", "Each component is to say who supplies it."},
	},
	"author": {
		[2]string{"Verfasser der Stückliste", "Es soll dabeistehen, welche Person oder Stelle die Stückliste erstellt hat. Ist nur ein Programm genannt, ist das zum Teil erfüllt."},
		[2]string{"Author of the bill of materials", "It is to say which person or body has made it. Where only a program is named, that is met in part."},
	},
	"machine-readable": {
		[2]string{"Maschinenlesbares Format", "Die Stückliste soll in einem gebräuchlichen Format vorliegen, das Programme lesen können: SPDX, CycloneDX oder SWID."},
		[2]string{"Machine-readable format", "The bill of materials is to be in a format in general use that programs can read: SPDX, CycloneDX or SWID."},
	},
	"frequency": {
		[2]string{"Aktualität", "Bei jeder neuen Version der Software soll es eine neue Stückliste geben. Eine einzelne Stückliste zeigt das nicht."},
		[2]string{"Frequency", "With each new version of the software there should be a new bill of materials. A single one does not show that."},
	},
	"known-unknowns": {
		[2]string{"Bekannte Lücken", "Die Stückliste soll sagen, wo ihre Angaben zu Abhängigkeiten vollständig sind und wo nicht. Gezählt sind Bausteine mit einer solchen Angabe."},
		[2]string{"Known unknowns", "The bill of materials should say where what it says of dependencies is complete and where not. Counted are components that say so."},
	},
	"distribution-and-delivery": {
		[2]string{"Auslieferung", "Wer die Software nutzt, soll die Stückliste rechtzeitig erhalten. Das Dokument selbst zeigt das nicht."},
		[2]string{"Distribution and delivery", "Who uses the software should get the bill of materials in time. The document itself does not show that."},
	},
	"access-control": {
		[2]string{"Zugang", "Ist der Zugang zur Stückliste beschränkt, soll vereinbart sein, für wen. Das Dokument selbst zeigt das nicht."},
		[2]string{"Access control", "Where access to the bill of materials is restricted, it should be agreed for whom. The document itself does not show that."},
	},
	"accommodation-of-mistakes": {
		[2]string{"Umgang mit Fehlern", "Fehler in der Stückliste sollen gemeldet und berichtigt werden können. Das Dokument selbst zeigt das nicht."},
		[2]string{"Accommodation of mistakes", "It should be possible to report and correct mistakes in the bill of materials. The document itself does not show that."},
	},
}
