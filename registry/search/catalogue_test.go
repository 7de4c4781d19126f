// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// german and english make an entry with a text in one language.
func german(name, short, long string) *registry.Software {
	return entry(name, "de", publiccode.Description{ShortDescription: short, LongDescription: long})
}

func english(name, short, long string) *registry.Software {
	return entry(name, "en", publiccode.Description{ShortDescription: short, LongDescription: long})
}

func entry(name, lang string, d publiccode.Description) *registry.Software {
	s := &registry.Software{ID: registry.ID("forge.example/x/" + strings.ToLower(strings.ReplaceAll(name, " ", "-")))}
	s.PublicCode.Name = name
	s.PublicCode.Description = map[string]publiccode.Description{lang: d}
	return s
}

// invented is a catalogue small enough to know by heart.
func invented() []*registry.Software {
	all := []*registry.Software{
		german("Bauportal", "Digitale Bauantragsverfahren für Gemeinden und Kreise.", "Antragsteller reichen Pläne ein."),
		german("Straßenbuch", "Verzeichnis der Straßen mit Schäden und Maßnahmen.", "Für die Straßenmeisterei. Siehe https://docs.example/kohlrabi/ dazu."),
		german("Kita Planer", "Vergibt Plätze in Kindertagesstätten.", "Eltern melden ihre Kinder an."),
		german("Hundesteuer", "Anmeldung von Hunden zur Steuer.", "Bescheide gehen an die Bürger:innen."),
		german("Müllkalender", "Zeigt die Abfuhr von Müll und Papier.", ""),
		german("E-Akte Nord", "Elektronische Aktenführung der Behörden.", "Vorgänge, Akten und Dokumente."),
		english("Permit Desk", "Handles applications for building permits.", "Citizens apply online; clerks decide."),
		english("Form Designer", "Designing and publishing accessible forms.", "Generates forms from a schema. Runs on Node.js."),
		english("Wayfinder", "Routing for emergency services.", "Café and fire stations on one map."),
		english("Archive Reader", "Reads old archives.", "An archive of categories, queries and values."),
	}
	all[8].PublicCode.DependsOn = &publiccode.DependsOn{Open: []publiccode.Dependency{{Name: "PostGIS"}}}
	all[8].PublicCode.UsedBy = []string{"Feuerwehr Musterstadt"}
	all[6].PublicCode.ApplicationSuite = "Rathaus24"
	all[6].Publisher = registry.Publisher{ID: "kiel", Name: "Landeshauptstadt Kiel"}
	all[7].Repository.Topics = []string{"low-code"}
	all[9].PublicCode.Description["de"] = publiccode.Description{LocalisedName: "Archivleser", Features: []string{"Volltextsuche"}}
	return all
}

var (
	someLicences   = []string{"EUPL-1.2", "MIT", "mit", "GPL-3.0-or-later OR MIT", "(Apache-2.0 AND EUPL-1.2)", "GPL-2.0-only WITH Classpath-exception-2.0", ""}
	someCategories = []string{"data-collection", "form-builder", "gis", "workflow", "Workflow", "archive"}
	someRegions    = []string{"DE-SH", "DE-HH", "DE", "AT", "AT-9", ""}
	someForges     = []string{"github", "gitlab", "GitLab", "forgejo", ""}
	someTypes      = []string{"library", "standalone/web", "addon", ""}
	somePlatforms  = []string{"web", "Web", "linux", "BeOS"}
	someLanguages  = []string{"de", "de-AT", "en", "it", "sr-Latn"}
	someScopes     = []string{"health", "science", "it-security"}
	someStandards  = []string{"alias:gdpr", "https://standards.example/x"}
	somePublishers = []string{"Stadt Musterort", "Landkreis Beispiel", "Ministerium", "Amt für Proben", "Verein der Gemeinden"}
	someAges       = []int{1, 40, 89, 92, 200, 364, 366, 1000} // in days
	someStatuses   = []string{"stable", "beta", "concept", "obsolete", ""}
	syllables      = []string{"an", "trag", "bau", "ver", "fahr", "steu", "er", "plan", "amt", "buch", "kar", "te", "mel", "dung", "ort", "schul", "we", "sen", "lis", "ger"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// several picks up to two.
func several(r *rand.Rand, from []string) []string {
	var all []string
	for range r.IntN(3) {
		all = append(all, pick(r, from))
	}
	return all
}

func word(r *rand.Rand) string {
	var b strings.Builder
	for range 2 + r.IntN(3) {
		b.WriteString(pick(r, syllables))
	}
	return b.String()
}

func sentence(r *rand.Rand, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = word(r)
	}
	return strings.Join(all, " ")
}

// generated makes n entries with every kind of value, the same for the same
// seed.
func generated(seed uint64, n int) []*registry.Software {
	r := rand.New(rand.NewPCG(seed, 0))
	all := make([]*registry.Software, n)
	for i := range all {
		s := german(sentence(r, 1), sentence(r, 8), sentence(r, 60))
		s.ID = registry.ID(fmt.Sprintf("forge.example/o%d/r%d", r.IntN(50), i))
		s.PublicCode.Legal.License = pick(r, someLicences)
		for range r.IntN(3) {
			s.PublicCode.Categories = append(s.PublicCode.Categories, pick(r, someCategories))
		}
		s.PublicCode.DevelopmentStatus = pick(r, someStatuses)
		if verdict := pick(r, registry.LicenceVerdicts()); verdict != registry.LicenceAmbiguous {
			s.Licence = &registry.LicenceReport{Verdict: verdict}
		}
		s.Publisher = registry.Publisher{ID: fmt.Sprint("p", r.IntN(12)), Name: pick(r, somePublishers), Region: pick(r, someRegions)}
		s.PublicCode.SoftwareType = pick(r, someTypes)
		s.PublicCode.Platforms = several(r, somePlatforms)
		s.PublicCode.Localisation.AvailableLanguages = several(r, someLanguages)
		s.PublicCode.Maintenance.Type = pick(r, append(publiccode.MaintenanceTypes(), ""))
		s.PublicCode.Supports = several(r, someStandards)
		if scopes := several(r, someScopes); scopes != nil {
			s.PublicCode.IntendedAudience = &publiccode.IntendedAudience{Scope: scopes}
		}
		if r.IntN(2) == 0 {
			s.SBOMs = []registry.SBOM{{Path: "sbom.json", Error: pick(r, []string{"", "no JSON"})}}
		}
		s.Repository.Forge = pick(r, someForges)
		s.Repository.Archived = r.IntN(5) == 0
		s.Repository.Stars = r.IntN(9)
		if r.IntN(6) > 0 {
			s.Repository.Pushed = time.Now().AddDate(0, 0, -pick(r, someAges)).Truncate(time.Second)
		}
		s.PublicCode.ReleaseDate = pick(r, []string{"", "2024-02-30", "2025-01-31", "2026-10-01"})
		s.PublicCode.UsedBy = several(r, []string{"Stadt A", "Stadt B", "Stadt C"})
		for n, id := range []registry.ID{"forge.example/ur/A", "forge.example/ur/b"} {
			if i%(4+n) == 0 {
				s.BasedOn = append(s.BasedOn, id)
			}
		}
		s.Changed = time.Unix(int64(r.IntN(40)), 0)
		s.FirstSeen = time.Unix(int64(r.IntN(40)), 0)
		all[i] = s
	}
	return all
}
