// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// alone says what one licence allows in a situation other than Combine. An
// exception of the list allows more, and makes no answer worse.
func alone(s Situation, l spdx.Licence) opinion {
	name := l.String()
	facts, known := Lookup(current(l).ID)
	if unlisted(l) || !known {
		return opinion{Unclear, unlistedLicence.fill(name), []string{fromHouse}}
	}
	use := usable(name, facts)
	switch {
	case !use.verdict.positive():
		return use
	case s == RunService:
		return service(name, facts, use)
	case s == Distribute:
		return distribution(name, facts, use)
	}
	return use
}

// usable says whether one may run the software. The definitions of OSI and FSF
// both ask that it may be used for any purpose.
func usable(name string, f Licence) opinion {
	switch {
	case f.OSI == Yes:
		return opinion{Compatible, useApproved.fill(name, "Open Source Initiative"), []string{fromSPDX}}
	case f.FSF == Yes:
		return opinion{Compatible, useApproved.fill(name, "Free Software Foundation"), []string{fromSPDX}}
	}
	if r, ok := restrictionOf(f); ok {
		return opinion{Conditional, r.fill(name), []string{fromScanCode, fromHouse}}
	}
	switch {
	case f.Category == NoCategory:
		return opinion{Unclear, useUnknown.fill(name), []string{fromSPDX}}
	case f.FSF == No:
		return opinion{Conditional, useNotFree.fill(name), []string{fromSPDX}}
	}
	return opinion{Compatible, useSorted.fill(name), []string{fromScanCode}}
}

// service is the answer for offering the software over a network.
func service(name string, f Licence, use opinion) opinion {
	switch {
	case f.ID == "Elastic-2.0":
		return opinion{Incompatible, restrictions[f.ID].fill(name), []string{fromHouse}}
	case use.verdict == Conditional:
		return use
	case f.Network == Yes:
		source := fromHouse
		if slices.Contains(f.Conditions, networkUse) {
			source = fromChooseALicense
		}
		return opinion{Conditional, serviceDuty.fill(name), []string{source}}
	case f.Network == No:
		use.reason = use.reason.after(serviceFree.fill(name))
		use.sources = append(use.sources, fromHouse)
		return use
	}
	return opinion{Unclear, serviceUnknown.fill(name), use.sources}
}

// distribution is the answer for handing the software over to others.
func distribution(name string, f Licence, use opinion) opinion {
	switch {
	case use.verdict == Conditional:
		return use
	case !f.Covered:
		return opinion{Conditional, distributeUnlisted.fill(name), use.sources}
	case len(f.Conditions) == 0:
		return opinion{Compatible, distributeFree.fill(name), []string{fromChooseALicense}}
	}
	var de, en []string
	for _, id := range f.Conditions {
		tag := Tag{ID: id, Kind: Condition}
		label, _ := tag.Words("de")
		de = append(de, label)
		label, _ = tag.Words("en")
		en = append(en, label)
	}
	reason := Bilingual{
		distributeDuties.fill(name).DE + " " + strings.Join(de, "; ") + ".",
		distributeDuties.fill(name).EN + " " + strings.Join(en, "; ") + ".",
	}
	return opinion{Conditional, reason, []string{fromChooseALicense}}
}

// What one licence, %[1]s, allows.
var (
	useApproved = Bilingual{
		"Die %[2]s hat %[1]s anerkannt; solche Software darf man für jeden Zweck einsetzen.",
		"The %[2]s has approved %[1]s; such software may be used for any purpose.",
	}
	useSorted = Bilingual{
		"%[1]s ist weder von der Open Source Initiative noch von der Free Software Foundation anerkannt, nach ScanCode aber eine freie Lizenz; die Software darf man einsetzen.",
		"%[1]s is approved neither by the Open Source Initiative nor by the Free Software Foundation, but sorted as a free licence by ScanCode; the software may be used.",
	}
	useNotFree = Bilingual{
		"Die Free Software Foundation hält %[1]s nicht für frei. Lassen Sie im Lizenztext prüfen, ob er Ihren Zweck ausschließt.",
		"The Free Software Foundation does not consider %[1]s free. Have the licence text checked for whether it excludes your purpose.",
	}
	useUnknown = Bilingual{
		"Keine unserer Quellen sagt, was %[1]s erlaubt. Jemand mit Rechtskenntnis muss den Lizenztext lesen.",
		"None of our sources says what %[1]s allows. Somebody with legal training must read the licence text.",
	}
	serviceFree = Bilingual{
		"Eine Pflicht, den Nutzern eines Dienstes den Quelltext anzubieten, ist für %[1]s nicht bekannt.",
		"No duty is known for %[1]s to offer the source code to the users of a service.",
	}
	serviceDuty = Bilingual{
		"%[1]s gilt auch für Dienste über ein Netz: Sie müssen den Nutzern in der Regel den Quelltext anbieten, auch den Ihrer Änderungen. Wie, sagt der Lizenztext.",
		"%[1]s covers services over a network too: as a rule you must offer the source code to the users, that of your changes included. The licence text says how.",
	}
	serviceUnknown = Bilingual{
		"Ob %[1]s bei einem Dienst über ein Netz zu etwas verpflichtet, sagt keine unserer Quellen. Jemand mit Rechtskenntnis muss den Lizenztext lesen.",
		"None of our sources says whether %[1]s obliges to anything in a service over a network. Somebody with legal training must read the licence text.",
	}
	distributeFree = Bilingual{
		"%[1]s stellt keine Bedingungen für die Weitergabe.",
		"%[1]s sets no conditions for passing the software on.",
	}
	distributeDuties = Bilingual{
		"Wer Software unter %[1]s weitergibt, muss beachten:",
		"Who passes on software under %[1]s must observe:",
	}
	distributeUnlisted = Bilingual{
		"%[1]s erlaubt die Weitergabe; die Bedingungen führt keine unserer Quellen einzeln auf. Lesen Sie sie im Lizenztext nach.",
		"%[1]s allows passing the software on; none of our sources lists the conditions one by one. Read them in the licence text.",
	}
)
