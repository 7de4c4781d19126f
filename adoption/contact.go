// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"regexp"
	"slices"
	"strings"
)

func (d *decoder) checkContact(v value, t string) string {
	if namesPerson(t) {
		d.report("AD0406", v, t)
	}
	return t
}

var (
	titled  = regexp.MustCompile(`(?i)(?:^|[\s,;(])(?:herrn?|frau|dr\.|prof\.|mrs?\.?|ms\.?)\s+\p{L}`)
	mailbox = regexp.MustCompile(`([\p{L}0-9._+-]+)@[\p{L}0-9-]+\.[\p{L}0-9.-]+`)
	// person is the first part of an address that is two or three names, or an initial
	// and a name.
	person = regexp.MustCompile(`^\p{L}+(?:[._]\p{L}+){1,2}[0-9]{0,2}$`)
)

// namesPerson reports a contact that looks like a person. Where it is in doubt it
// says nothing: that many mailboxes of offices have a full stop is well known.
func namesPerson(s string) bool {
	if titled.MatchString(s) {
		return true
	}
	for _, m := range mailbox.FindAllStringSubmatch(s, -1) {
		local := strings.ToLower(m[1])
		if !person.MatchString(local) {
			continue
		}
		parts := strings.FieldsFunc(local, func(c rune) bool { return c == '.' || c == '_' })
		if !slices.ContainsFunc(parts, ofOffice) && len([]rune(parts[len(parts)-1])) > 2 {
			return true
		}
	}
	return false
}

// ofOffice reports a part of an address that is the name of a task or an office.
func ofOffice(part string) bool {
	return slices.Contains(shortOffices, part) ||
		slices.ContainsFunc(offices, func(word string) bool { return strings.Contains(part, word) })
}

// shortOffices are words that must stand alone, offices also those that may be a part
// of a longer one.
var (
	shortOffices = []string{
		"it", "ikt", "edv", "oss", "dev", "ops", "cert", "gis", "geo", "web", "tech", "post", "mail", "land", "bund",
		"amt", "open", "code", "cio", "cdo", "ciso", "sg", "fb", "fd", "ref", "abt", "dez", "online", "help",
	}
	offices = []string{
		"info", "kontakt", "contact", "service", "support", "team", "source", "stelle", "office", "referat", "dezernat",
		"bereich", "abteilung", "gruppe", "digital", "software", "entwickl", "develop", "admin", "security", "sicherheit",
		"schutz", "desk", "hotline", "projekt", "project", "produkt", "product", "portal", "plattform", "platform",
		"master", "reply", "stadt", "kreis", "gemeinde", "minister", "verwaltung", "bauamt", "sekretariat", "zentral",
		"betrieb", "system", "govern", "vergabe", "rechnung", "bildung", "akte", "daten", "data", "strategie", "innovation", "lab", "press", "redaktion", "kommun",
	}
)
