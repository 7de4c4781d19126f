// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/allmende-registry/allmende/registry"
)

// Column is a column of catalogue.csv. Its texts are on one line; one that a
// spreadsheet could take for a formula has an apostrophe before it. Several values
// are separated by "; ", times are in UTC by RFC 3339, and what is not known is
// empty.
type Column struct {
	Name    string `json:"name"`
	Meaning string `json:"meaning"` // in English
	of      func(*registry.Software) string
}

// Columns are the columns in order. New ones come behind them.
func Columns() []Column { return slices.Clone(columns) }

var columns = []Column{
	{"id", "Address of the repository without https:// and .git, the key of the entry.", func(s *registry.Software) string { return string(s.ID) }},
	{"name", "Name of the software.", func(s *registry.Software) string { return s.PublicCode.Name }},
	{"description_de", "Short description in German.", func(s *registry.Software) string { return description(s, "de") }},
	{"description_en", "Short description in English.", func(s *registry.Software) string { return description(s, "en") }},
	{"publisher_id", "Key of the publisher in this catalogue.", func(s *registry.Software) string { return s.Publisher.ID }},
	{"publisher", "Name of the publisher.", func(s *registry.Software) string { return s.Publisher.Name }},
	{"region", "Region of the publisher, ISO 3166-2 or ISO 3166-1.", func(s *registry.Software) string { return s.Publisher.Region }},
	{"licence", "Declared licence, an SPDX expression.", func(s *registry.Software) string { return s.PublicCode.Legal.License }},
	{"licence_verdict", "Whether the sources agree on the licence: match, ambiguous, conflict or missing.", verdict},
	{"status", "Stage of development, a word of publiccode.yml.", func(s *registry.Software) string { return s.PublicCode.DevelopmentStatus }},
	{"software_type", "Kind of software, a word of publiccode.yml.", func(s *registry.Software) string { return s.PublicCode.SoftwareType }},
	{"categories", "Categories, words of publiccode.yml.", func(s *registry.Software) string { return several(s.PublicCode.Categories) }},
	{"platforms", "Platforms that it runs on.", func(s *registry.Software) string { return several(s.PublicCode.Platforms) }},
	{"languages", "Languages of its interface, BCP 47.", func(s *registry.Software) string { return several(s.PublicCode.Localisation.AvailableLanguages) }},
	{"version", "Newest version.", func(s *registry.Software) string { return s.PublicCode.SoftwareVersion }},
	{"release_date", "Date of the newest version.", func(s *registry.Software) string { return s.PublicCode.ReleaseDate }},
	{"maintenance", "Who maintains it, a word of publiccode.yml.", func(s *registry.Software) string { return s.PublicCode.Maintenance.Type }},
	{"landing_url", "Web page of the software.", func(s *registry.Software) string { return s.PublicCode.LandingURL }},
	{"repository", "Web address of the repository.", func(s *registry.Software) string { return s.Repository.URL }},
	{"forge", "Kind of forge: github, gitlab, forgejo or git.", func(s *registry.Software) string { return s.Repository.Forge }},
	{"programming_language", "Main programming language.", func(s *registry.Software) string { return s.Repository.Language }},
	{"archived", "Whether the repository takes no changes any more: true or false.", func(s *registry.Software) string { return strconv.FormatBool(s.Repository.Archived) }},
	{"stars", "Stars of the repository.", func(s *registry.Software) string { return strconv.Itoa(s.Repository.Stars) }},
	{"pushed", "Last change in the repository.", func(s *registry.Software) string { return instant(s.Repository.Pushed) }},
	{"used_by", "Who uses it, as its maintainers say.", func(s *registry.Software) string { return several(s.PublicCode.UsedBy) }},
	{"adopted_by", "Organisations that say themselves that they use, operate, maintain or fund it.", adopters},
	{"incomplete", "Whether its publiccode.yml breaks the standard: true or false.", func(s *registry.Software) string { return strconv.FormatBool(s.Incomplete()) }},
	{"first_seen", "When the catalogue first saw it.", func(s *registry.Software) string { return instant(s.FirstSeen) }},
	{"changed", "When the catalogue last saw it change.", func(s *registry.Software) string { return instant(s.Changed) }},
	{"revision", "Revision of the change log of that change.", func(s *registry.Software) string { return strconv.FormatInt(int64(s.Rev), 10) }},
}

// beginCSV writes CSV by RFC 4180 in UTF-8, the names of the columns first.
func beginCSV(w io.Writer) (func(*registry.Software) error, error) {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(columns))
	line := func() error {
		_ = out.Write(record) // Error tells
		out.Flush()           // w has a buffer itself
		return out.Error()
	}
	for i, c := range columns {
		record[i] = c.Name
	}
	return func(s *registry.Software) error {
		for i, c := range columns {
			record[i] = cell(c.of(s))
		}
		return line()
	}, line()
}

// maxCell is how long a cell is at most, in characters: what spreadsheets take.
const maxCell = 32_000

// cell makes text of strangers fit for a spreadsheet.
func cell(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	if s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		s = "'" + s
	}
	if r := []rune(s); len(r) > maxCell {
		s = string(r[:maxCell-1]) + "…"
	}
	return s
}

func description(s *registry.Software, lang string) string {
	return s.PublicCode.Description[lang].ShortDescription
}

func verdict(s *registry.Software) string {
	if s.Licence == nil {
		return ""
	}
	return string(s.Licence.Verdict)
}

func adopters(s *registry.Software) string {
	var names []string
	for _, a := range s.Adoptions {
		if !slices.Contains(names, a.Organisation.Name) {
			names = append(names, a.Organisation.Name)
		}
	}
	return several(names)
}

func several(values []string) string { return strings.Join(values, "; ") }

func instant(t time.Time) string {
	t = t.UTC()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}
