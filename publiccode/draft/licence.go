// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// addLicence files a licence that a manifest names.
func (m *manifest) addLicence(s string) {
	s = cleanLine(s)
	switch {
	case s == "", len(s) > 500, strings.EqualFold(s, "UNLICENSED"), strings.HasPrefix(strings.ToUpper(s), "SEE LICENSE"):
	default:
		m.licences = append(m.licences, s)
	}
}

// title is what the text of a licence begins with.
type title struct {
	pattern *regexp.Regexp
	// id is the identifier; $1 stands for the version in the title.
	id string
}

// version matches the number of a version in a title, such as ", Version 3".
const version = `[,;]? ?[-–(]? ?(?:version|versione|versión|versie|versão|v)?\.? ?`

// titles are the titles of licences in small letters and single blanks, and the
// sentences that the short ones begin with where they have no title. The one
// that comes first in a text is the text's own.
var titles = []title{
	{regexp.MustCompile(`(?:european union public licen[cs]e|open-source-lizenz für die europäische union|licence publique de l['’]union européenne|licenza pubblica dell['’]unione europea|openbare licentie van de europese unie|licencia pública de la unión europea|licença pública da união europeia|licencja publiczna unii europejskiej|europeiska unionens öppna källkodslicens|den europæiske unions open source-licens|euroopan unionin yleinen lisenssi|\beupl)[^a-z]{0,12}?` + version + `(1\.[0-2])`), "EUPL-$1"},
	{regexp.MustCompile(`(?:gnu affero general public licen[cs]e|\bagpl)` + version + `(3)(?:\.0)?\b`), "AGPL-$1.0"},
	{regexp.MustCompile(`(?:gnu (?:lesser|library) general public licen[cs]e|\blgpl)` + version + `([23])(?:\.0)?(?:[^.0-9]|\.[^0-9]|$)`), "LGPL-$1.0"},
	{regexp.MustCompile(`(?:gnu lesser general public licen[cs]e|\blgpl)` + version + `(2\.1)\b`), "LGPL-$1"},
	{regexp.MustCompile(`(?:gnu general public licen[cs]e|\bgpl)` + version + `([123])(?:\.0)?\b`), "GPL-$1.0"},
	{regexp.MustCompile(`\bapache(?: software)?(?: licen[cs]e)?` + version + `2(?:\.0)?\b`), "Apache-2.0"},
	{regexp.MustCompile(`mozilla public licen[cs]e` + version + `(1\.1|2\.0)`), "MPL-$1"},
	{regexp.MustCompile(`eclipse public licen[cs]e` + version + `([12]\.0)`), "EPL-$1"},
	{regexp.MustCompile(`\bmit no attribution\b`), "MIT-0"},
	{regexp.MustCompile(`\bmit licen[cs]e\b|\bthe mit license\b|^mit$|permission is hereby granted, free of charge, to any person obtaining a copy`), "MIT"},
	{regexp.MustCompile(`\bbsd[ -]3-clause\b|\b3-clause bsd\b|\bbsd 3 clause\b|\bnew bsd licen[cs]e\b`), "BSD-3-Clause"},
	{regexp.MustCompile(`\bbsd[ -]2-clause\b|\b2-clause bsd\b|\bbsd 2 clause\b|\bsimplified bsd licen[cs]e\b`), "BSD-2-Clause"},
	{regexp.MustCompile(`redistribution and use in source and binary forms,? with or without modification,? are permitted`), "BSD"},
	{regexp.MustCompile(`\bbsd zero clause\b|\b0-clause bsd\b|\bzero-clause bsd\b`), "0BSD"},
	{regexp.MustCompile(`\bisc licen[cs]e\b|permission to use, copy, modify, and(?:/or)? distribute this software for any purpose with or without fee is hereby granted, provided that`), "ISC"},
	{regexp.MustCompile(`permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted\.`), "0BSD"},
	{regexp.MustCompile(`this is free and unencumbered software released into the public domain|\bthe unlicense\b`), "Unlicense"},
	{regexp.MustCompile(`\bcc0 1\.0 universal\b`), "CC0-1.0"},
	{regexp.MustCompile(`\bboost software licen[cs]e` + version + `1\.0`), "BSL-1.0"},
	{regexp.MustCompile(`\bcreative commons attribution[ -]sharealike 4\.0\b|^ ?attribution-sharealike 4\.0 international`), "CC-BY-SA-4.0"},
	{regexp.MustCompile(`\bcreative commons attribution 4\.0\b|^ ?attribution 4\.0 international`), "CC-BY-4.0"},
}

// titleSize is how far into a text its title may stand, in bytes.
const titleSize = 2500

var spdxTag = regexp.MustCompile(`SPDX-` + `License-Identifier: *([A-Za-z0-9.+() -]{1,200})`)

// recogniseLicence finds the licence that a text is, or a name means, by its
// title alone. Of the GNU licences it returns the family ("GPL-3.0"), since
// their texts do not say whether later versions are allowed too.
func recogniseLicence(text string) string {
	head := strings.ToValidUTF8(text[:min(len(text), titleSize)], "")
	if m := spdxTag.FindStringSubmatch(head); m != nil && publiccode.ValidLicence(strings.TrimSpace(m[1])) {
		return strings.TrimSpace(m[1])
	}
	flat := func(s string) string {
		return strings.ToLower(cleanLine(strings.NewReplacer("*", " ", "#", " ", "=", " ", "\"", " ", "“", " ", "”", " ", "«", " ", "»", " ").Replace(s)))
	}
	head = flat(head)
	found, at := "", len(head)+1
	for _, t := range titles {
		m := t.pattern.FindStringSubmatchIndex(head)
		if m == nil || m[0] >= at {
			continue
		}
		at = m[0]
		found = t.id
		if len(m) > 2 && m[2] >= 0 {
			found = strings.ReplaceAll(found, "$1", head[m[2]:m[3]])
		}
	}
	if found == "BSD" {
		found = "BSD-2-Clause"
		if rest := flat(text); strings.Contains(rest, "neither the name") || strings.Contains(rest, "may not be used to endorse") {
			found = "BSD-3-Clause"
		}
	}
	return found
}

// endings say which versions of a GNU licence are meant.
var endings = []string{"-only", "-or-later"}

// family is a licence without what tells which of its versions are meant.
func family(id string) string {
	for _, e := range endings {
		id = strings.TrimSuffix(id, e)
	}
	return strings.ToLower(strings.TrimSuffix(id, "+"))
}

// undecided reports a GNU licence that does not say whether later versions are
// allowed too.
func undecided(id string) bool {
	return publiccode.ValidLicence(id+"-only") && publiccode.ValidLicence(id+"-or-later")
}

// normalLicence returns the SPDX expression that a manifest means by what it
// wrote, "" where that is not known.
func normalLicence(s string) string {
	if base, ok := strings.CutSuffix(s, "+"); ok && undecided(base) {
		return base + "-or-later"
	}
	if publiccode.ValidLicence(s) {
		return s
	}
	id := recogniseLicence(s)
	if undecided(id) && laterVersions.MatchString(s) {
		return id + "-or-later"
	}
	return id
}

var laterVersions = regexp.MustCompile(`(?i)\bor[ -]\(?(?:at your option\)? )?(?:any )?later\b|\boder[ -](?:\(nach Ihrer Wahl\) )?(?:jede[r]? )?spätere`)

// notForPrograms are licences of texts and pictures that a repository of software
// has besides its own.
var notForPrograms = regexp.MustCompile(`^(?:CC-|CC0-|OFL-|GFDL-|MIT-0$|ODbL|PDDL)`)

// guessLicence weighs what the files say: the text of the licence comes first,
// and what contradicts it is named.
func (d *Draft) guessLicence(r *repository, manifests []manifest, readmes []readme) {
	var claims []Claim
	for _, name := range licenceFiles(r) {
		if id := recogniseLicence(string(r.read(name))); id != "" {
			claims = append(claims, Claim{id, name})
		}
	}
	claims = append(claims, reuseLicences(r)...)
	for _, m := range manifests {
		var ids []string
		for _, l := range m.licences {
			if id := normalLicence(l); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if len(ids) > 0 {
			claims = append(claims, Claim{strings.Join(ids, " OR "), m.source})
		}
	}
	if len(claims) == 0 {
		return
	}

	// An expression of a manifest tells how several texts go together.
	chosen := claims[0]
	for _, c := range claims {
		if strings.Contains(strings.ToLower(family(c.Text)), " or ") && strings.Contains(strings.ToLower(c.Text), family(chosen.Text)) {
			chosen = c
			break
		}
	}
	v := Value{Path: "legal.license", Source: chosen.Source, Confidence: Guess}
	agreeing := 0
	for _, c := range claims {
		switch {
		case family(c.Text) == family(chosen.Text):
			agreeing++
			if undecided(chosen.Text) && !undecided(c.Text) {
				chosen = c
				v.Source = c.Source
			} else if !undecided(chosen.Text) && !undecided(c.Text) && c.Text != chosen.Text {
				v.Others = append(v.Others, c)
			}
		case !strings.Contains(strings.ToLower(chosen.Text), " or ") || !strings.Contains(strings.ToLower(chosen.Text), family(c.Text)):
			v.Others = append(v.Others, c)
		}
	}
	if undecided(chosen.Text) {
		for _, rm := range readmes {
			if rm.laterVersions {
				chosen = Claim{chosen.Text + "-or-later", rm.source}
				v.Source = rm.source
				break
			}
		}
	}
	switch {
	case undecided(chosen.Text):
		v.Confidence = Missing
		for _, e := range endings {
			v.Choices = append(v.Choices, chosen.Text+e)
		}
	default:
		v.Texts = []string{chosen.Text}
		if agreeing > 1 && len(v.Others) == 0 {
			v.Confidence = Certain
		}
	}
	d.put(v)
}

var licenceFile = regexp.MustCompile(`(?i)^(?:licen[cs]e|lizenz|copying|unlicense)(?:[-._][\w.-]*)?$`)

// licenceFiles lists the files at the root that hold a licence; the GNU LGPL
// comes in two, of which its own counts.
func licenceFiles(r *repository) []string {
	var out []string
	for _, name := range r.names {
		if licenceFile.MatchString(name) && len(out) < 5 {
			out = append(out, name)
		}
	}
	if lesser := slices.IndexFunc(out, func(n string) bool { return strings.HasPrefix(strings.ToUpper(n), "COPYING.LESSER") }); lesser >= 0 {
		return out[lesser : lesser+1]
	}
	return out
}

// reuseLicences reads the folder LICENSES/ of the REUSE specification: one claim
// where one of its licences is for programs, else one claim each.
// https://reuse.software/spec-3.3/
func reuseLicences(r *repository) []Claim {
	var all, programs []Claim
	for _, name := range r.all("LICENSES/*.txt") {
		id := strings.TrimSuffix(path.Base(name), ".txt")
		if !publiccode.ValidLicence(id) {
			continue
		}
		c := Claim{id, name}
		all = append(all, c)
		if !notForPrograms.MatchString(id) {
			programs = append(programs, c)
		}
	}
	if len(programs) > 0 {
		return programs
	}
	return all
}
