// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// shelf is a catalogue in memory.
type shelf struct {
	entries []*registry.Software // in order of ID
	files   map[string][]byte
	bills   map[string]*sbom.Document
	moved   map[registry.ID]registry.ID
	gone    map[registry.ID]bool
	asked   registry.Query // by the last Search
}

func (s *shelf) Search(_ context.Context, q registry.Query) (registry.Page, error) {
	s.asked = q
	last, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil {
		return registry.Page{}, fmt.Errorf("%w: cursor", registry.ErrInvalid)
	}
	anyOf := func(wanted, has []string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(has, func(h string) bool {
			return slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, h) })
		})
	}
	var page registry.Page
	licences, categories, regions, statuses, publishers, verdicts := tally{}, tally{}, tally{}, tally{}, tally{}, tally{}
	for _, e := range s.entries {
		pc := e.PublicCode
		var verdict string
		if e.Licence != nil {
			verdict = string(e.Licence.Verdict)
		}
		if !strings.Contains(strings.ToLower(pc.Name), strings.ToLower(q.Text)) ||
			!anyOf(q.Licences, []string{pc.Legal.License}) || !anyOf(q.Categories, pc.Categories) ||
			!anyOf(q.Regions, []string{e.Publisher.Region}) || !anyOf(q.Statuses, []string{pc.DevelopmentStatus}) ||
			!anyOf(q.Publishers, []string{e.Publisher.ID}) || !anyOf(q.Verdicts, []string{verdict}) {
			continue
		}
		page.Total++
		licences.add(pc.Legal.License)
		categories.add(pc.Categories...)
		regions.add(e.Publisher.Region)
		statuses.add(pc.DevelopmentStatus)
		publishers.add(e.Publisher.ID)
		verdicts.add(verdict)
		if string(e.ID) <= string(last) {
			continue
		}
		if len(page.Items) < q.Limit {
			page.Items = append(page.Items, e)
		} else {
			page.Next = base64.RawURLEncoding.EncodeToString([]byte(page.Items[len(page.Items)-1].ID))
		}
	}
	page.Facets = registry.Facets{
		Licences: licences.counts(), Categories: categories.counts(), Regions: regions.counts(),
		Statuses: statuses.counts(), Publishers: publishers.counts(), Verdicts: verdicts.counts(),
	}
	return page, nil
}

type tally map[string]int

func (t tally) add(values ...string) {
	for _, v := range values {
		if v != "" {
			t[v]++
		}
	}
}

func (t tally) counts() []registry.Count {
	var list []registry.Count
	for v, n := range t {
		list = append(list, registry.Count{Value: v, N: n})
	}
	slices.SortFunc(list, func(a, b registry.Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value))
	})
	return list
}

func (s *shelf) Get(_ context.Context, id registry.ID) (*registry.Software, error) {
	for _, e := range s.entries {
		if e.ID.Same(id) {
			return e, nil
		}
	}
	if to, ok := s.moved[id]; ok {
		return nil, fmt.Errorf("get %s: %w", id, &registry.MovedError{To: to})
	}
	if s.gone[id] {
		return nil, fmt.Errorf("get %s: %w", id, registry.ErrGone)
	}
	return nil, fmt.Errorf("get %s: %w", id, registry.ErrNotFound)
}

func (s *shelf) File(_ context.Context, hash string) ([]byte, error) {
	if b, ok := s.files[hash]; ok {
		return b, nil
	}
	return nil, registry.ErrNotFound
}

func (s *shelf) SBOM(_ context.Context, hash string) (*sbom.Document, error) {
	if d, ok := s.bills[hash]; ok {
		return d, nil
	}
	return nil, registry.ErrNotFound
}

func (s *shelf) Rev(context.Context) (registry.Rev, error) { return 17, nil }

// failing is a catalogue that cannot be read.
type failing struct{ err error }

func (f failing) Search(context.Context, registry.Query) (registry.Page, error) {
	return registry.Page{}, f.err
}
func (f failing) Get(context.Context, registry.ID) (*registry.Software, error) { return nil, f.err }
func (f failing) File(context.Context, string) ([]byte, error)                 { return nil, f.err }
func (f failing) SBOM(context.Context, string) (*sbom.Document, error)         { return nil, f.err }
func (f failing) Rev(context.Context) (registry.Rev, error)                    { return 0, f.err }

// panicking is a catalogue with a bug.
type panicking struct{ failing }

func (panicking) Search(context.Context, registry.Query) (registry.Page, error) {
	panic("a secret of the machine room")
}

var (
	north = registry.Publisher{ID: "nord", Name: "Nordland", Region: "DE-SH", URI: "https://nord.example/"}
	south = registry.Publisher{ID: "sued", Name: "Südland", Region: "DE-BY", URI: "https://sued.example/"}
	west  = registry.Publisher{ID: "west", Name: "Westland", Region: "BE"} // Belgium, not Berlin
	empty = registry.Publisher{ID: "leer", Name: "Leere Kommune"}
)

const (
	fullID  = "github.com/nordland/Akte"
	portID  = "127.0.0.1:9101/musterstadt/termin"
	movedID = "github.com/nordland/alt"
	goneID  = "github.com/nordland/fort"
	bareID  = "codeberg.org/sued/ohne-datei"
	partID  = "codeberg.org/sued/sammlung/~/apps/Formular"
	lostID  = "codeberg.org/sued/datei-verloren"
)

// newShelf has an entry with everything in it, a few with little, and enough
// others for several pages.
func newShelf() *shelf {
	at := time.Date(2026, 5, 6, 9, 8, 9, 123, time.FixedZone("", 2*60*60))
	raw := []byte("publiccodeYmlVersion: \"0.5\"\nname: Akte <b>&amp;</b>\n")
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:])
	dependency := []publiccode.Dependency{{Name: "PostgreSQL", VersionMin: "14", VersionMax: "18", Version: "16", Optional: true}}
	full := &registry.Software{
		ID:        fullID,
		Publisher: north,
		Repository: registry.Repository{
			URL: "https://github.com/nordland/Akte", Forge: "github", ForgeID: "42", Description: "Elektronische Akte",
			DefaultBranch: "main", Licence: "EUPL-1.2", Topics: []string{"akte"}, Language: "Go", Stars: 3, Forks: 2,
			Fork: true, Parent: "https://github.com/urland/Akte", Archived: true, Created: at.AddDate(-3, 0, 0), Pushed: at,
		},
		PublicCode: publiccode.PublicCode{
			Version: "0.5", Name: "Akte <1> & mehr", ApplicationSuite: "Amt", URL: "https://github.com/nordland/Akte",
			LandingURL: "https://akte.example/", IsBasedOn: []string{"https://github.com/urland/Akte"}, SoftwareVersion: "2.1.0",
			ReleaseDate: "2026-03-02", Logo: "logo.svg", MonochromeLogo: "mono.svg",
			Organisation: &publiccode.Organisation{Name: "Nordland", URI: "https://nord.example/"},
			FundedBy:     []publiccode.Organisation{{Name: "Bund", URI: "https://bund.example/"}},
			InputTypes:   []string{"text/plain"}, OutputTypes: []string{"application/pdf"}, Platforms: []string{"web"},
			Categories: []string{"document-management", "paper-folding"}, UsedBy: []string{"Musterstadt"},
			Roadmap: "https://akte.example/plan", DevelopmentStatus: "stable", SoftwareType: "standalone/web",
			IntendedAudience: &publiccode.IntendedAudience{Scope: []string{"government"}, Countries: []string{"DE"}, UnsupportedCountries: []string{"AT"}},
			Description: map[string]publiccode.Description{
				"de": {
					LocalisedName: "Akte", GenericName: "Aktenverwaltung", ShortDescription: "Führt Akten.", LongDescription: "Lang.",
					Documentation: "https://akte.example/doku", APIDocumentation: "https://akte.example/api", Features: []string{"Suche"},
					Screenshots: []string{"bild.png"}, Videos: []string{"https://akte.example/film"}, Awards: []string{"Preis"},
				},
				"en": {ShortDescription: "Keeps files."},
			},
			Legal: publiccode.Legal{License: "EUPL-1.2", MainCopyrightOwner: "Nordland", RepoOwner: "Nordland", AuthorsFile: "AUTHORS"},
			Maintenance: publiccode.Maintenance{
				Type:        "contract",
				Contractors: []publiccode.Contractor{{Name: "Werk", Until: "2030-01-01", Email: "a@werk.example", Website: "https://werk.example/"}},
				Contacts:    []publiccode.Contact{{Name: "A. Muster", Email: "a@nord.example", Phone: "+49 1", Affiliation: "Nordland"}},
			},
			Localisation: publiccode.Localisation{LocalisationReady: true, AvailableLanguages: []string{"de"}},
			DependsOn:    &publiccode.DependsOn{Open: dependency, Proprietary: dependency, Hardware: dependency},
			Supports:     []string{"https://standard.example/"},
		},
		Findings: []publiccode.Finding{{Code: "PC0101", Severity: publiccode.Error, Line: 3, Column: 1, Key: "legal.license", Args: []string{"x"}}},
		Stale:    "the file is not YAML any more",
		Activity: fullActivity(at),
		Licence:  fullReport(at),
		SBOMs:    fullSBOMs(at),
		Files: []registry.File{
			{Path: "publiccode.yml", Role: registry.RolePublicCode, Commit: strings.Repeat("c", 40), Hash: hash, Size: len(raw)},
			{Path: "logo.svg", Role: registry.RoleLogo, Origin: "https://bild.example/logo.svg", Media: "image/svg+xml", Hash: hash, Size: len(raw)},
		},
		Locations:      []registry.Location{{ID: "gitlab.example/nordland/akte", URL: "https://gitlab.example/nordland/akte", Forge: "gitlab"}},
		BasedOn:        []registry.ID{"github.com/urland/Akte"},
		TechnicalForks: 4,
		FirstSeen:      at.AddDate(-1, 0, 0), Changed: at, Rev: 9,
	}
	s := &shelf{
		entries: []*registry.Software{full},
		files:   map[string][]byte{hash: raw},
		bills:   map[string]*sbom.Document{billHash: fullBill(at)},
		moved:   map[registry.ID]registry.ID{movedID: fullID},
		gone:    map[registry.ID]bool{goneID: true},
	}
	plain := func(id registry.ID, name string, files ...registry.File) {
		s.entries = append(s.entries, &registry.Software{
			ID: id, Publisher: south, Repository: registry.Repository{URL: "https://" + string(id)},
			PublicCode: publiccode.PublicCode{Name: name, DevelopmentStatus: "beta", ReleaseDate: "irgendwann"}, Files: files, Rev: 2,
		})
	}
	plain(portID, "Termin", registry.File{Path: "publiccode.yml", Hash: hash, Size: len(raw)})
	s.entries[len(s.entries)-1].Publisher = west
	plain(bareID, "Ohne Datei")
	plain(lostID, "Verloren", registry.File{Path: "publiccode.yml", Hash: strings.Repeat("0", 64)})
	plain(partID, "Formular", registry.File{Path: "apps/Formular/publiccode.yml", Hash: hash, Size: len(raw)})
	s.entries[len(s.entries)-1].Activity = &registry.Activity{}
	s.entries[len(s.entries)-1].Licence = &registry.LicenceReport{
		Verdict: registry.LicenceMissing, Reasons: []registry.LicenceReason{{Code: registry.ReasonNothing}},
	}
	for i := range 59 {
		plain(registry.ID(fmt.Sprintf("gitlab.com/sued/amt/teil-%02d", i)), fmt.Sprintf("Teil %02d", i))
	}
	slices.SortFunc(s.entries, func(a, b *registry.Software) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return s
}

func fullActivity(at time.Time) *registry.Activity {
	open := 12
	return &registry.Activity{
		Languages: []registry.Language{{Name: "Go", Share: 99.5}},
		Releases: []registry.Release{{
			Tag: "v2.1.0", Name: "Frühling", Published: at, Prerelease: true,
			Assets: []registry.Asset{{Name: "akte.zip", URL: "https://github.com/nordland/Akte/akte.zip", Size: 1 << 40}},
		}},
		Tags:       []registry.Tag{{Name: "v2.1.0", Commit: strings.Repeat("c", 40), Date: at}},
		Commits:    &registry.Commits{Total: 7, Authors: 2, ByMonth: []registry.Month{{Month: "2026-05", Commits: 7, Authors: 2}}, Partial: true},
		HelpWanted: []registry.Issue{{Title: "Wer hilft?", URL: "https://github.com/nordland/Akte/issues/1", Labels: []string{"hilfe gesucht"}, Created: at}},
		OpenIssues: &open,
	}
}

// aborting is a catalogue whose client has been hung up on.
type aborting struct{ failing }

func (aborting) Search(context.Context, registry.Query) (registry.Page, error) {
	panic(http.ErrAbortHandler)
}

// oddFacets is a catalogue of no entry with facets of all sorts.
type oddFacets struct{ facets registry.Facets }

func (o oddFacets) Search(context.Context, registry.Query) (registry.Page, error) {
	return registry.Page{Facets: o.facets}, nil
}

func (oddFacets) Get(context.Context, registry.ID) (*registry.Software, error) {
	return nil, registry.ErrNotFound
}
func (oddFacets) File(context.Context, string) ([]byte, error) { return nil, registry.ErrNotFound }
func (oddFacets) SBOM(context.Context, string) (*sbom.Document, error) {
	return nil, registry.ErrNotFound
}
func (oddFacets) Rev(context.Context) (registry.Rev, error) { return 0, nil }
