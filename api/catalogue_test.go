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
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
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
	// past has the revisions of entries, the newest first; days the statistics,
	// the oldest first.
	past map[registry.ID][]*registry.Revision
	days []*registry.Day
	// visits and states are what the crawl log has.
	visits map[registry.ID]*registry.Visit
	states map[string]*registry.SourceState
	meant  string         // where nothing is found
	asked  registry.Query // by the last Search
}

// valuesOf are what an entry is filtered by and counted in.
func valuesOf(e *registry.Software) map[registry.Facet][]string {
	pc := e.PublicCode
	values := map[registry.Facet][]string{
		registry.FacetLicence: {pc.Legal.License}, registry.FacetCategory: pc.Categories, registry.FacetRegion: {e.Publisher.Region},
		registry.FacetStatus: {pc.DevelopmentStatus}, registry.FacetPublisher: {e.Publisher.ID}, registry.FacetSoftwareType: {pc.SoftwareType},
		registry.FacetPlatform: pc.Platforms, registry.FacetLanguage: pc.Localisation.AvailableLanguages,
		registry.FacetMaintenance: {pc.Maintenance.Type}, registry.FacetSupports: pc.Supports, registry.FacetForge: {e.Repository.Forge}, registry.FacetBasedOn: each(e.BasedOn, func(id registry.ID) string { return string(id) }),
		registry.FacetSBOM: {"no"}, registry.FacetActivity: {registry.ActivityQuiet}, registry.FacetRegionKind: {registry.RegionState},
	}
	if e.Licence != nil {
		values[registry.FacetVerdict] = []string{string(e.Licence.Verdict)}
	}
	if pc.Legal.License != "" {
		values[registry.FacetLicenceCategory] = []string{"weak-copyleft"}
	}
	if pc.IntendedAudience != nil {
		values[registry.FacetScope] = pc.IntendedAudience.Scope
	}
	return values
}

func (s *shelf) Visit(_ context.Context, repo registry.ID) (*registry.Visit, error) {
	if v := s.visits[repo]; v != nil {
		return v, nil
	}
	return nil, registry.ErrNotFound
}

func (s *shelf) SourceState(_ context.Context, source string) (*registry.SourceState, error) {
	if v := s.states[source]; v != nil {
		return v, nil
	}
	return nil, registry.ErrNotFound
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
	counted := map[registry.Facet]tally{}
	for _, f := range q.Counted {
		counted[f] = tally{}
	}
	for _, e := range s.entries {
		values := valuesOf(e)
		fits := strings.Contains(strings.ToLower(e.PublicCode.Name), strings.ToLower(q.Text))
		met := q.Text
		if q.AnyWord {
			words := strings.Fields(q.Text)
			i := slices.IndexFunc(words, func(w string) bool { return slices.Contains(strings.Fields(e.PublicCode.Name), w) })
			if fits = i >= 0; fits {
				met = words[i]
			}
		}
		for f, wanted := range q.Filters {
			fits = fits && anyOf(wanted, values[f])
		}
		if !fits {
			continue
		}
		page.Total++
		for f, t := range counted {
			t.add(values[f]...)
		}
		if string(e.ID) <= string(last) {
			continue
		}
		if len(page.Items) < q.Limit {
			page.Items = append(page.Items, e)
			if q.Explain {
				page.Reasons = append(page.Reasons, []registry.RankReason{
					{Code: registry.RankExact, Word: met, Found: e.PublicCode.Name, Field: "name", Share: 0.96789},
					{Code: registry.RankMaturity, Found: e.PublicCode.DevelopmentStatus, Share: 0.03211},
				})
			}
		} else {
			page.Next = base64.RawURLEncoding.EncodeToString([]byte(page.Items[len(page.Items)-1].ID))
		}
	}
	page.Facets = map[registry.Facet][]registry.Count{}
	for f, t := range counted {
		page.Facets[f] = t.counts()
	}
	if page.Total == 0 {
		page.DidYouMean = s.meant
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

// Suggest finds names, and one word to go on with.
func (s *shelf) Suggest(_ context.Context, typed string, n int) ([]registry.Suggestion, error) {
	if typed == "" {
		return nil, nil
	}
	all := []registry.Suggestion{{Text: typed + "enplan", N: 3}}
	for _, e := range s.entries {
		if strings.HasPrefix(e.PublicCode.Name, typed) {
			all = append(all, registry.Suggestion{Text: e.PublicCode.Name, ID: e.ID, N: 1})
		}
	}
	return all[:min(len(all), n)], nil
}

// Similar are the entries that follow.
func (s *shelf) Similar(_ context.Context, id registry.ID, n int) ([]*registry.Software, error) {
	for i, e := range s.entries {
		if e.ID.Same(id) {
			rest := s.entries[i+1:]
			return rest[:min(len(rest), n)], nil
		}
	}
	return nil, registry.ErrNotFound
}

func (s *shelf) History(_ context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	return func(yield func(*registry.Revision, error) bool) {
		revisions, err := s.revisions(id)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, r := range revisions {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (s *shelf) revisions(id registry.ID) ([]*registry.Revision, error) {
	for of, revisions := range s.past {
		if of.Same(id) {
			return revisions, nil
		}
	}
	if to, ok := s.moved[id]; ok {
		return nil, fmt.Errorf("history of %s: %w", id, &registry.MovedError{To: to})
	}
	return nil, fmt.Errorf("history of %s: %w", id, registry.ErrNotFound)
}

func (s *shelf) At(_ context.Context, id registry.ID, at time.Time) (*registry.Software, error) {
	revisions, err := s.revisions(id)
	if err != nil {
		return nil, err
	}
	for _, r := range revisions {
		switch {
		case r.Time.After(at):
		case r.Software == nil:
			return nil, fmt.Errorf("%s: %w", id, registry.ErrGone)
		default:
			return r.Software, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", id, registry.ErrNotFound)
}

func (s *shelf) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		for _, e := range s.entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (s *shelf) Changes(_ context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	var log []registry.Change
	for _, revisions := range s.past {
		for _, r := range revisions {
			log = append(log, r.Change)
		}
	}
	slices.SortFunc(log, func(a, b registry.Change) int { return cmp.Compare(a.Rev, b.Rev) })
	return func(yield func(registry.Change, error) bool) {
		for _, c := range log {
			if c.Rev > after && !yield(c, nil) {
				return
			}
		}
	}
}

func (s *shelf) Days(_ context.Context, from, to string) iter.Seq2[*registry.Day, error] {
	return func(yield func(*registry.Day, error) bool) {
		for _, d := range s.days {
			if d.Date >= from && (to == "" || d.Date <= to) && !yield(d, nil) {
				return
			}
		}
	}
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

func (s *shelf) Aliases(context.Context) (map[registry.ID]registry.ID, error) { return s.moved, nil }

// failing is a catalogue that cannot be read.
type failing struct{ err error }

func (f failing) Search(context.Context, registry.Query) (registry.Page, error) {
	return registry.Page{}, f.err
}
func (f failing) Get(context.Context, registry.ID) (*registry.Software, error) { return nil, f.err }
func (f failing) Suggest(context.Context, string, int) ([]registry.Suggestion, error) {
	return nil, f.err
}

func (f failing) Similar(context.Context, registry.ID, int) ([]*registry.Software, error) {
	return nil, f.err
}

func (f failing) At(context.Context, registry.ID, time.Time) (*registry.Software, error) {
	return nil, f.err
}

func (f failing) History(context.Context, registry.ID) iter.Seq2[*registry.Revision, error] {
	return broken[*registry.Revision](f.err)
}

func (f failing) All(context.Context) iter.Seq2[*registry.Software, error] {
	return broken[*registry.Software](f.err)
}

func (f failing) Changes(context.Context, registry.Rev) iter.Seq2[registry.Change, error] {
	return broken[registry.Change](f.err)
}

func (f failing) Days(context.Context, string, string) iter.Seq2[*registry.Day, error] {
	return broken[*registry.Day](f.err)
}
func (f failing) Visit(context.Context, registry.ID) (*registry.Visit, error) { return nil, f.err }
func (f failing) SourceState(context.Context, string) (*registry.SourceState, error) {
	return nil, f.err
}
func (f failing) File(context.Context, string) ([]byte, error)         { return nil, f.err }
func (f failing) SBOM(context.Context, string) (*sbom.Document, error) { return nil, f.err }
func (f failing) Rev(context.Context) (registry.Rev, error)            { return 0, f.err }
func (f failing) Aliases(context.Context) (map[registry.ID]registry.ID, error) {
	return nil, f.err
}

// broken yields nothing but an error.
func broken[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

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

	siblingID   = "gitlab.com/sued/amt/geschwister"
	southSource = "https://gitlab.com/sued"
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
		Comaintenance:  fullComaintenance(),
		Forks:          fullForks(at),
		FirstSeen:      at.AddDate(-1, 0, 0), Changed: at, Rev: 9,
	}
	s := &shelf{
		entries: []*registry.Software{full},
		files:   map[string][]byte{hash: raw},
		bills:   map[string]*sbom.Document{billHash: fullBill(at)},
		moved:   map[registry.ID]registry.ID{movedID: fullID},
		gone:    map[registry.ID]bool{goneID: true},
		past:    pastOf(full),
		days: []*registry.Day{
			{Date: "2026-05-01", Rev: 4, Entries: 2, New: 2},
			{
				Date: "2026-05-06", Rev: 9, Entries: 1, Incomplete: 1, New: 1, Changed: 3, Removed: 1,
				Regions: map[string]int{"DE-SH": 1}, Licences: map[string]int{"EUPL-1.2": 1}, Verdicts: map[string]int{"": 1},
				Statuses: map[string]int{"stable": 1}, Findings: map[string]int{"PC0101": 1},
				Reuse: &registry.ReuseNumbers{
					Day: "2026-05-06", Claims: 2, Total: registry.PlaceReuse{Published: 1, Shared: 1, Used: 1, Users: 1},
					Places: []registry.PlaceCount{{Code: "DE-SH", PlaceReuse: registry.PlaceReuse{Published: 1, Shared: 1}}, {Code: "DE-HH", PlaceReuse: registry.PlaceReuse{Used: 1, Users: 1}}},
					Pairs:  []registry.ReuseBetween{{PublishedBy: "DE-SH", UsedBy: "DE-HH", Entries: 1}},
				},
			},
		},
		meant: "Akte",
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
	s.entries[len(s.entries)-1].BasedOn = []registry.ID{fullID}
	s.entries[len(s.entries)-1].PublicCode.Description = map[string]publiccode.Description{"de-DE": {Features: []string{"suche", "Druck"}}}
	s.entries[len(s.entries)-1].Licence = &registry.LicenceReport{
		Verdict: registry.LicenceMissing, Reasons: []registry.LicenceReason{{Code: registry.ReasonNothing}},
	}
	plain(siblingID, "Geschwister")
	s.entries[len(s.entries)-1].BasedOn = []registry.ID{"github.com/urland/Akte"}
	s.visits = map[registry.ID]*registry.Visit{
		"gitlab.com/sued/amt/ohne": {
			Repo: "gitlab.com/sued/amt/ohne", Source: southSource, Time: at, Outcome: registry.Unreadable, Detail: "publiccode.yml gives the software no name",
			Findings: []publiccode.Finding{{Code: "PC0101", Severity: publiccode.Error, Line: 1, Column: 1, Key: "name"}},
		},
		"gitlab.com/sued/amt/spiegel": {Repo: "gitlab.com/sued/amt/spiegel", Source: southSource, Time: at, Outcome: registry.AtOther, Of: fullID},
	}
	s.states = map[string]*registry.SourceState{southSource: {Source: southSource, Started: at, Finished: at, Next: at.AddDate(0, 0, 1), Repositories: 60}}
	for i := range 58 {
		plain(registry.ID(fmt.Sprintf("gitlab.com/sued/amt/teil-%02d", i)), fmt.Sprintf("Teil %02d", i))
	}
	slices.SortFunc(s.entries, func(a, b *registry.Software) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return s
}

// pastOf are the revisions of an entry that was renamed, removed and restored,
// and of one that is gone.
func pastOf(full *registry.Software) map[registry.ID][]*registry.Revision {
	at := func(rev registry.Rev) time.Time { return full.Changed.AddDate(0, 0, int(rev-full.Rev)) }
	state := func(rev registry.Rev, id registry.ID, name string) *registry.Software {
		s := *full
		s.ID, s.PublicCode.Name, s.Rev, s.Changed = id, name, rev, at(rev)
		return &s
	}
	revision := func(c registry.Change, s *registry.Software) *registry.Revision {
		c.Time = at(c.Rev)
		return &registry.Revision{Change: c, Software: s}
	}
	gone := state(2, goneID, "Fort")
	return map[registry.ID][]*registry.Revision{
		fullID: {
			revision(registry.Change{Rev: 9, ID: fullID, Kind: registry.Updated}, full),
			revision(registry.Change{Rev: 7, ID: fullID, Kind: registry.Restored}, state(7, fullID, "Akte 7")),
			revision(registry.Change{Rev: 6, ID: fullID, Kind: registry.Removed, Reason: registry.RepositoryGone}, nil),
			revision(registry.Change{Rev: 5, ID: fullID, Kind: registry.Renamed, From: movedID}, state(5, fullID, "Alte Akte")),
			revision(registry.Change{Rev: 3, ID: movedID, Kind: registry.Updated}, state(3, movedID, "Alte Akte")),
			revision(registry.Change{Rev: 1, ID: movedID, Kind: registry.Added}, state(1, movedID, strings.Repeat("Ä", 2000))),
		},
		goneID: {
			revision(registry.Change{Rev: 4, ID: goneID, Kind: registry.Removed, Reason: registry.Declined}, nil),
			revision(registry.Change{Rev: 2, ID: goneID, Kind: registry.Added}, gone),
		},
	}
}

func fullComaintenance() []registry.Comaintenance {
	said := adoption.Comaintenance{
		Software: "https://" + fullID, Seeks: adoption.CoMaintainers, Community: adoption.Community{Name: "Aktenrunde", URI: "https://aktenrunde.example/"},
		Partners: []adoption.Partner{{Name: "Stadt", URI: townURI, Region: "DE-SH", Role: adoption.Funds}, {Name: "Kreis"}},
		Steering: "Lenkungskreis", Decisions: "Mehrheit", Joining: adoption.Joining{Text: "Kommen", URL: "https://aktenrunde.example/mit", Contact: "runde@nord.example"},
		Funding: []adoption.Funding{
			{Purpose: "Suche", Status: adoption.OpenFunding, Amount: adoption.Money{Amount: 20000, Currency: "EUR"}, By: "Bund", Until: "2999-06-30", URL: "https://bund.example/"},
			{Purpose: "Pflege", Status: adoption.CommittedFunding, Amount: adoption.Money{Amount: 5000, Currency: "EUR"}},
		},
		ConfirmedUntil: "2999-12-31",
	}
	other := adoption.Comaintenance{Software: said.Software, Seeks: adoption.NewMaintainer, Community: said.Community, ConfirmedUntil: "2020-01-01"}
	return []registry.Comaintenance{
		{Comaintenance: said, Organisation: adoption.Organisation{URI: north.URI, Name: "Nordland"}, Publisher: north, Repository: "github.com/nordland/angaben", URL: "https://github.com/nordland/angaben"},
		{Comaintenance: other, Organisation: adoption.Organisation{URI: townURI, Name: "Stadt"}},
	}
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
type oddFacets struct {
	failing
	facets map[registry.Facet][]registry.Count
}

func (o oddFacets) Search(context.Context, registry.Query) (registry.Page, error) {
	return registry.Page{Facets: o.facets}, nil
}
