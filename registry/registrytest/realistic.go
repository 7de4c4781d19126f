// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// What realistic entries are written with: words that compounds are made of,
// with the letter that links them to the next, and words between.
var (
	nouns = strings.Fields(`antrag:s verwaltung:s bau: bürger: dokument:en akte:n daten: amt:s gemeinde: kreis: steuer: schul: kinder:
		straßen: karten: plan: termin: gebühren: bescheid: melde: register: verfahren:s formular: dienst: personal: haushalt:s
		wahl: energie: wasser: abfall: verkehr:s baum: fläche:n grundstück:s vermessung:s archiv: auskunft:s beteiligung:s
		beschaffung:s vergabe: bericht:s protokoll: sitzung:s rat:s ausschuss: beschluss: vorlage:n unterlagen: nachweis:
		ausweis: pass: führerschein: fahrzeug: zulassung:s gewerbe: betrieb:s genehmigung:s erlaubnis: kontroll: lebensmittel:
		gesundheit:s pflege: sozial: hilfe: jugend: familien: eltern: betreuung:s platz: sport: kultur: bibliothek:s museum:s
		oper: veranstaltung:s raum: gebäude: liegenschaft:s miete: wohnung:s vermittlung:s flüchtling:s aufenthalt:s
		ausländer: standesamt:s ehe: geburt:s urkunden: sterbe: friedhof:s feuerwehr: rettung:s einsatz: leitstellen: polizei:
		ordnung:s bußgeld: parkraum: ampel: baustellen: kanal: leitung:s netz: mess: sensor: umwelt: natur: schutz: klima:
		luft: lärm: boden: wald: forst: jagd: fischerei: landwirtschaft:s förder: mittel: projekt: zuwendung:s rechnung:s
		kassen: buchhaltung:s zahlung:s konto: mahnung:s inventar: lager: drucker: server: anwendung:s schnittstellen: portal:
		konto: postfach: nachricht:en signatur: siegel: identität:s zugang:s rechte: rollen: gruppen: nutzer: geräte: software:
		lizenz: quellcode: bibliotheks: modul: plattform: cloud: container: betriebs: system: sicherheit:s notfall: risiko:
		prüfung:s kontrolle: statistik: auswertung:s kennzahlen: umfrage: meldung:s mängel: hinweis: anliegen: beschwerde:
		vertrag:s frist:en kalender: aufgaben: ablauf: prozess: modell: vorgang:s fall: fach: anwender: lern: unterricht:s
		lehrer: noten: zeugnis: klassen: stunden: vertretung:s mensa: bus: fahrplan: radweg: fußgänger: tourismus: wander:
		denkmal: vereins: ehrenamt:s spenden: tier: hunde: katzen: impf: arzt: werkstatt: hygiene: chemikalien: gefahrgut:`)
	verbs = strings.Fields(`verwaltet erfasst prüft zeigt sammelt ordnet verteilt speichert sendet empfängt berechnet plant
		steuert vergleicht druckt meldet bündelt veröffentlicht ergänzt begleitet beschleunigt vereinfacht unterstützt`)
	endsOfWords = strings.Fields("lo mi rek kam nu des fil ron to gas pel sur rin hol mez zu bel kor ja wol neb tik sam dru")
	adjectives  = strings.Fields(`digitale elektronische barrierefreie offene sichere kommunale landesweite einheitliche neue
		mehrsprachige mobile einfache zentrale modulare geprüfte verschlüsselte automatische schnelle`)
	between = strings.Fields(`der die das und für mit von zu in auf den dem des ein eine einer sowie oder bei nach über unter als auch`)
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// zipf picks from n so that the k-th is picked about as 1/k, but for the first,
// which are about alike.
func zipf(r *rand.Rand, n int, alike float64) int {
	return int(alike*(math.Pow(1+float64(n)/alike, r.Float64())-1)) % n
}

// No content word is in every text: the most frequent noun is in a quarter of
// them, compounds with it among those.
const alikeWords = 150

// lexicon has the words that realistic texts draw on, the frequent ones first:
// about as many as a hundred thousand descriptions have.
var lexicon = sync.OnceValue(func() []string {
	r := rand.New(rand.NewPCG(41, 0))
	bases := slices.Clone(nouns)
	for range 2500 {
		base := ""
		for range 2 + r.IntN(2) {
			base += pick(r, endsOfWords)
		}
		bases = append(bases, base+":")
	}
	all := make([]string, 300_000)
	for k := range all {
		n := 1 + min(r.IntN(1+min(k/40, 3)), 1) + min(r.IntN(1+k/20000), 1)*r.IntN(2)
		var b strings.Builder
		for i := range n {
			noun, link, _ := strings.Cut(bases[zipf(r, len(bases), alikeWords)], ":")
			b.WriteString(noun)
			if i < n-1 {
				b.WriteString(link)
			}
		}
		w := b.String() + pick(r, []string{"", "", "", "en", "s", "ung"})
		if k < len(nouns) {
			w, _, _ = strings.Cut(nouns[k], ":")
		}
		all[k] = strings.ToUpper(w[:1]) + w[1:]
	}
	return all
})

// compound draws a word, often one of a few topics.
func compound(r *rand.Rand, topic []int) string {
	if r.IntN(3) == 0 {
		return lexicon()[topic[r.IntN(len(topic))]]
	}
	return lexicon()[zipf(r, len(lexicon()), alikeWords)]
}

func prose(r *rand.Rand, topic []int, size int) string {
	var b strings.Builder
	for b.Len() < size {
		for range 3 + r.IntN(5) {
			b.WriteString(pick(r, between))
			b.WriteByte(' ')
			if r.IntN(2) == 0 {
				b.WriteString(pick(r, adjectives))
				b.WriteByte(' ')
			}
			b.WriteString(compound(r, topic))
			b.WriteByte(' ')
		}
		if r.IntN(60) == 0 { // a name that is nowhere else
			fmt.Fprintf(&b, "%s%s%d ", pick(r, endsOfWords), pick(r, endsOfWords), r.IntN(100))
		}
		b.WriteString(pick(r, verbs))
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}

var (
	realLicences   = []string{"EUPL-1.2", "MIT", "Apache-2.0", "GPL-3.0-or-later", "AGPL-3.0-or-later", "BSD-3-Clause", "LGPL-3.0-only", "EUPL-1.2 OR MIT", "MPL-2.0", "CC0-1.0"}
	realStatuses   = []string{"stable", "beta", "development", "concept", "obsolete"}
	realRegions    = []string{"DE", "DE-SH", "DE-HH", "DE-NI", "DE-HB", "DE-NW", "DE-HE", "DE-RP", "DE-BW", "DE-BY", "DE-SL", "DE-BE", "DE-BB", "DE-MV", "DE-SN", "DE-ST", "DE-TH", "AT", "IT", "NL", "DK"}
	realTypes      = []string{"standalone/web", "standalone/desktop", "standalone/backend", "standalone/mobile", "library", "configurationFiles", "addon"}
	realForges     = []string{"gitlab", "github", "forgejo", "git"}
	realCategories = publiccode.Categories()
)

// Realistic makes n entries with about 1.5 KB of German text each, of 1,500
// publishers, always the same. As documents they are as large as real ones, about
// 6 KB, with what is not searched: files, findings, activity, licences.
func Realistic(n int) iter.Seq[*registry.Software] {
	return func(yield func(*registry.Software) bool) {
		r := rand.New(rand.NewPCG(42, 0))
		now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		for i := range n {
			topic := make([]int, 12)
			for j := range topic {
				topic[j] = zipf(r, len(lexicon()), alikeWords)
			}
			d := publiccode.Description{
				GenericName: compound(r, topic), ShortDescription: prose(r, topic, 110), LongDescription: prose(r, topic, 1050),
				Features: []string{prose(r, topic, 60), prose(r, topic, 60), prose(r, topic, 60), prose(r, topic, 60)},
			}
			name := compound(r, topic)
			if r.IntN(2) == 0 {
				name += " " + pick(r, []string{"Nord", "Süd", "Plus", "Digital", "Online", "2", "Kommunal", "Lotse", "Portal"})
			}
			s := &registry.Software{}
			publisher := zipf(r, 1500, 3)
			s.ID = registry.ID(fmt.Sprintf("forge.example/stelle-%d/g%d/%s-%d", publisher, i%317, strings.ToLower(strings.ReplaceAll(name, " ", "-")), i/317))
			s.Publisher = registry.Publisher{ID: fmt.Sprint("stelle-", publisher), Name: fmt.Sprint("Stelle ", publisher), Region: realRegions[publisher%len(realRegions)]}
			p := &s.PublicCode
			p.Version, p.Name, p.Description = "0.5", name, map[string]publiccode.Description{"de": d}
			p.Legal.License = realLicences[zipf(r, len(realLicences), 3)]
			for range 1 + r.IntN(3) {
				p.Categories = append(p.Categories, realCategories[zipf(r, len(realCategories), 3)])
			}
			p.DevelopmentStatus = realStatuses[zipf(r, len(realStatuses), 3)]
			p.SoftwareType = realTypes[zipf(r, len(realTypes), 3)]
			p.Platforms = []string{pick(r, []string{"web", "windows", "linux", "android"})}
			p.Maintenance.Type = pick(r, publiccode.MaintenanceTypes())
			p.Localisation.AvailableLanguages = []string{"de", "en"}[:1+r.IntN(2)]
			p.UsedBy = []string{fmt.Sprint("Stadt Musterort ", zipf(r, 3000, 3))}
			p.IntendedAudience = &publiccode.IntendedAudience{Scope: []string{pick(r, []string{"local-authorities", "it-security", "health"})}}
			s.Licence = &registry.LicenceReport{Verdict: pick(r, registry.LicenceVerdicts())}
			s.Repository.Forge = realForges[zipf(r, len(realForges), 3)]
			s.Repository.Pushed = now.Add(-time.Duration(r.IntN(1500*24)) * time.Hour)
			s.Repository.Stars = zipf(r, 5000, 3)
			s.FirstSeen = now.Add(-time.Duration(r.IntN(900*24)) * time.Hour)
			unsearched(s, i, now)
			if !yield(s) {
				return
			}
		}
	}
}

// unsearched gives the i-th entry what is kept with it beside what is searched.
func unsearched(s *registry.Software, i int, now time.Time) {
	commit, address := fmt.Sprintf("%040x", i), "https://"+string(s.ID)
	p := &s.PublicCode
	p.URL, p.LandingURL, p.SoftwareVersion = address, address+"/-/wiki", fmt.Sprint("1.", i%30, ".0")
	p.Legal.RepoOwner, p.Legal.MainCopyrightOwner = s.Publisher.Name, s.Publisher.Name
	p.Maintenance.Contacts = []publiccode.Contact{{Name: "Referat IT", Email: s.Publisher.ID + "@verwaltung.example", Affiliation: s.Publisher.Name}}
	r := &s.Repository
	r.URL, r.ForgeID, r.DefaultBranch, r.Language = address, fmt.Sprint(i), "main", "Java"
	r.Created = now.AddDate(-3, 0, -i%300)
	s.Files = []registry.File{
		{Path: "publiccode.yml", Role: registry.RolePublicCode, Commit: commit, Bytes: []byte("url: " + address + "\n")},
		{Path: "LICENSE", Role: registry.RoleLicence, Commit: commit, Bytes: []byte(p.Legal.License)},
		{Path: "README.md", Role: registry.RoleReadme, Commit: commit, Bytes: []byte("README")},
		{Path: "SECURITY.md", Role: registry.RoleSecurity, Commit: commit, Bytes: []byte("SECURITY")},
	}
	for line := range 4 {
		s.Findings = append(s.Findings, publiccode.Finding{
			Code: "PC0140", Severity: publiccode.Advice, Line: line + 3, Column: 1, EndLine: line + 3, EndColumn: 24,
			Key: "description.de.features", Args: []string{"features"},
		})
	}
	s.Activity = &registry.Activity{
		Languages: []registry.Language{{Name: "Java", Share: 66.7}, {Name: "TypeScript", Share: 33.3}},
		Commits:   &registry.Commits{Total: 300, Authors: 4},
	}
	for m := range registry.Months {
		s.Activity.Commits.ByMonth = append(s.Activity.Commits.ByMonth, registry.Month{Month: now.AddDate(0, m-registry.Months, 0).Format("2006-01"), Commits: i % 40, Authors: i % 4})
	}
	for n := range 4 {
		tag := fmt.Sprintf("v1.%d.%d", i%30, n)
		s.Activity.Tags = append(s.Activity.Tags, registry.Tag{Name: tag, Commit: commit, Date: now.AddDate(0, -n, 0)})
		s.Activity.Releases = append(s.Activity.Releases, registry.Release{Tag: tag, Name: tag, Published: now.AddDate(0, -n, 0)})
	}
	declared := registry.LicenceEvidence{
		Source: registry.FromPublicCode, State: registry.LicenceStated, SPDX: p.Legal.License,
		Path: "publiccode.yml", Commit: commit, Hash: fmt.Sprintf("%064x", i), Seen: now, Confidence: 1,
	}
	text := declared
	text.Source, text.Path = registry.FromText, "LICENSE"
	s.Licence.Reasons = []registry.LicenceReason{{Code: "same", Args: []string{p.Legal.License}}}
	s.Licence.Declared, s.Licence.Detected = &declared, []registry.LicenceEvidence{text}
}
