// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// fake is a catalogue in memory. Its search knows what the pages ask for and
// no more: words in the name, filters, pages; facets count over all results.
type fake struct {
	entries []*registry.Software
	aliases map[registry.ID]registry.ID
	gone    map[registry.ID]bool
	rev     registry.Rev
	past    map[registry.ID][]*registry.Revision // the newest first; without, an entry was added as it is
	days    []*registry.Day
	similar []registry.ID // to every entry
	visits  map[registry.ID]*registry.Visit
	states  map[string]*registry.SourceState
	files   map[string][]byte // by hash
	log     []registry.Change
	board   *registry.Board
	err     error // of every method, where set
}

func (f *fake) sorted() []*registry.Software {
	return slices.SortedFunc(slices.Values(f.entries), func(a, b *registry.Software) int {
		return strings.Compare(string(a.ID), string(b.ID))
	})
}

func (f *fake) Visit(_ context.Context, repo registry.ID) (*registry.Visit, error) {
	if v := f.visits[repo]; v != nil {
		return v, f.err
	}
	return nil, registry.ErrNotFound
}

func (f *fake) SourceState(_ context.Context, source string) (*registry.SourceState, error) {
	if v := f.states[source]; v != nil {
		return v, f.err
	}
	return nil, registry.ErrNotFound
}

func (f *fake) Search(_ context.Context, q registry.Query) (registry.Page, error) {
	if f.err != nil {
		return registry.Page{}, f.err
	}
	any := func(wanted []string, has ...string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(has, func(s string) bool {
			return slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, s) })
		})
	}
	var hits []*registry.Software
	counts := map[registry.Facet]map[string]int{}
	for _, kind := range allFacets {
		counts[kind] = map[string]int{}
	}
	for _, s := range f.sorted() {
		p := s.PublicCode
		var basedOn []string
		for _, id := range s.BasedOn {
			basedOn = append(basedOn, string(id))
		}
		if any(q.Filters[registry.FacetBasedOn], basedOn...) && any(q.Filters[registry.FacetLicence], p.Legal.License) && any(q.Filters[registry.FacetCategory], p.Categories...) && any(q.Filters[registry.FacetSupports], p.Supports...) && any(q.Filters[registry.FacetStatus], p.DevelopmentStatus) && any(q.Filters[registry.FacetVerdict], verdictOf(s)) &&
			any(q.Filters[registry.FacetPublisher], s.Publisher.ID) && any(q.Filters[registry.FacetRegion], enclosing(s.Publisher.Region)...) &&
			strings.Contains(strings.ToLower(p.Name), strings.ToLower(q.Text)) {
			hits = append(hits, s)
			counts["licence"][p.Legal.License]++
			counts["verdict"][verdictOf(s)]++
			counts["status"][p.DevelopmentStatus]++
			counts["publisher"][s.Publisher.ID]++
			for _, c := range p.Categories {
				counts["category"][c]++
			}
			for _, c := range enclosing(s.Publisher.Region) {
				counts["region"][c]++
			}
		}
	}
	from := 0
	if q.After != "" {
		var err error
		if from, err = strconv.Atoi(q.After); err != nil || from < 0 || from > len(hits) {
			return registry.Page{}, fmt.Errorf("%w: no such cursor", registry.ErrInvalid)
		}
	}
	page := registry.Page{Total: len(hits), Items: hits[from:min(len(hits), from+q.Limit)]}
	if from+q.Limit < len(hits) {
		page.Next = strconv.Itoa(from + q.Limit)
	}
	page.Facets = map[registry.Facet][]registry.Count{}
	for kind, values := range counts {
		for value, n := range values {
			page.Facets[kind] = append(page.Facets[kind], registry.Count{Value: value, N: n})
		}
		slices.SortFunc(page.Facets[kind], func(a, b registry.Count) int { return strings.Compare(a.Value, b.Value) })
	}
	return page, nil
}

func verdictOf(s *registry.Software) string {
	if s.Licence == nil {
		return ""
	}
	return string(s.Licence.Verdict)
}

func (f *fake) Get(_ context.Context, id registry.ID) (*registry.Software, error) {
	if f.err != nil {
		return nil, f.err
	}
	if to, ok := f.aliases[id]; ok {
		return nil, &registry.MovedError{To: to}
	}
	if f.gone[id] {
		return nil, fmt.Errorf("%w: %s", registry.ErrGone, id)
	}
	for _, s := range f.entries {
		if s.ID.Same(id) {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%w: %s", registry.ErrNotFound, id)
}

func (f *fake) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		if f.err != nil {
			yield(nil, f.err)
			return
		}
		for _, s := range f.sorted() {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (f *fake) Aliases(context.Context) (map[registry.ID]registry.ID, error) { return f.aliases, f.err }

// Suggest gives the names that begin with what is typed, and it as a word.
func (f *fake) Suggest(_ context.Context, typed string, n int) ([]registry.Suggestion, error) {
	if f.err != nil {
		return nil, f.err
	}
	var all []registry.Suggestion
	for _, s := range f.sorted() {
		if strings.HasPrefix(strings.ToLower(s.PublicCode.Name), strings.ToLower(typed)) {
			all = append(all, registry.Suggestion{Text: s.PublicCode.Name, ID: s.ID, N: 1})
		}
	}
	all = append(all, registry.Suggestion{Text: typed + "wort", N: 3})
	return all[:min(len(all), n)], nil
}

func (f *fake) SimilarIDs(_ context.Context, id registry.ID, n int) ([]registry.ID, error) {
	var all []registry.ID
	for _, s := range f.sorted() {
		if s.ID != id && slices.Contains(f.similar, s.ID) {
			all = append(all, s.ID)
		}
	}
	return all[:min(len(all), n)], f.err
}

// Shards writes a file of all cards by language; what an index writes is told by
// the tests of its package and of the browser.
func (f *fake) Shards(_ context.Context, langs []string, card func(lang string, id registry.ID) (string, error), kept func(string, [16]byte) bool, write func(name string, content []byte) error) error {
	if f.err != nil {
		return f.err
	}
	for _, lang := range langs {
		all := map[registry.ID]string{}
		for _, s := range f.sorted() {
			var err error
			if all[s.ID], err = card(lang, s.ID); err != nil {
				return err
			}
		}
		content, err := json.Marshal(all)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); kept(lang+".json", [16]byte(sum[:16])) {
			continue
		}
		if err := write(lang+".json", content); err != nil {
			return err
		}
	}
	return nil
}

func (f *fake) History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	return func(yield func(*registry.Revision, error) bool) {
		revisions := f.past[id]
		if revisions == nil {
			s, err := f.Get(ctx, id)
			if err != nil {
				yield(nil, err)
				return
			}
			revisions = []*registry.Revision{{Change: registry.Change{Rev: 1, ID: s.ID, Kind: registry.Added, Time: s.FirstSeen}, Software: s}}
		}
		for _, r := range revisions {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (f *fake) Days(context.Context, string, string) iter.Seq2[*registry.Day, error] {
	return func(yield func(*registry.Day, error) bool) {
		if f.err != nil {
			yield(nil, f.err)
			return
		}
		for _, d := range f.days {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// File knows the files that a test gives it.
func (f *fake) File(_ context.Context, hash string) ([]byte, error) {
	if body, ok := f.files[hash]; ok {
		return body, f.err
	}
	return nil, registry.ErrNotFound
}

// note adds a change to the log.
func (f *fake) note(kind registry.Kind, id registry.ID) {
	f.rev++
	f.log = append(f.log, registry.Change{Rev: f.rev, ID: id, Kind: kind})
}

// Changes are those that a test notes.
func (f *fake) Changes(_ context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return func(yield func(registry.Change, error) bool) {
		for _, c := range f.log {
			if c.Rev > after && !yield(c, f.err) {
				return
			}
		}
	}
}

func (f *fake) Board(context.Context, time.Time) (*registry.Board, error) { return f.board, f.err }

func (f *fake) Rev(context.Context) (registry.Rev, error) { return f.rev, f.err }

var (
	kiel   = registry.Publisher{ID: "sh", Name: "Land Schleswig-Holstein", Region: "DE-SH", URI: "https://www.schleswig-holstein.de/"}
	bund   = registry.Publisher{ID: "bund", Name: "Bundesamt für Beispiele", Region: "DE"}
	nobody = registry.Publisher{ID: "ohne", Name: "Ohne Land"}
)

// entry is an ordinary entry that has something in every part of its page.
func entry(id registry.ID, name string, p registry.Publisher) *registry.Software {
	day := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	return &registry.Software{
		ID: id, Publisher: p,
		Repository: registry.Repository{
			URL: "https://" + string(id), Forge: "github", ForgeID: "1", DefaultBranch: "main", Licence: "EUPL-1.2",
			Language: "Go", Topics: []string{"verwaltung"}, Stars: 1234, Forks: 3, Created: day.AddDate(-1, 0, 0), Pushed: day,
		},
		PublicCode: publiccode.PublicCode{
			Version: "0.5", Name: name, URL: "https://" + string(id), LandingURL: "https://example.org/" + name,
			SoftwareVersion: "1.2.0", ReleaseDate: "2026-02-01", Platforms: []string{"web"}, Categories: []string{"e-commerce", "it-security"},
			DevelopmentStatus: "stable", SoftwareType: "standalone/web", UsedBy: []string{"Stadt Musterhausen"},
			IsBasedOn: []string{"https://example.org/vorlage"}, Supports: []string{"https://example.org/norm", "Hausnorm 7"},
			Organisation:     &publiccode.Organisation{Name: "Amt", URI: "https://example.org/amt"},
			FundedBy:         []publiccode.Organisation{{Name: "Fonds"}},
			IntendedAudience: &publiccode.IntendedAudience{Scope: []string{"education"}},
			Legal:            publiccode.Legal{License: "EUPL-1.2", MainCopyrightOwner: "Amt"},
			Description: map[string]publiccode.Description{
				"de": {
					ShortDescription: "Kurz und gut.", GenericName: "Werkzeug", Features: []string{"Kann etwas"},
					LongDescription: "Ein **Text** mit [Link](https://example.org/mehr).\n\n# Teil\n\n- eins\n", Documentation: "https://example.org/doku",
				},
				"fr": {ShortDescription: "Court.", LongDescription: "Un texte."},
			},
			Maintenance: publiccode.Maintenance{
				Type:        "contract",
				Contacts:    []publiccode.Contact{{Name: "Erika Beispiel", Email: "erika@example.org", Phone: "+49 431 1234"}},
				Contractors: []publiccode.Contractor{{Name: "Firma", Until: "2028-12-31", Website: "https://example.org/firma"}},
			},
			Localisation: publiccode.Localisation{AvailableLanguages: []string{"de", "en"}},
			DependsOn:    &publiccode.DependsOn{Open: []publiccode.Dependency{{Name: "PostgreSQL", VersionMin: "15", Optional: true}}},
		},
		Findings: []publiccode.Finding{
			{Code: "PC0101", Severity: publiccode.Error, Line: 3, Column: 1, Key: "legal.license", Args: []string{"legal.license"}},
		},
		Activity: &registry.Activity{
			Releases: []registry.Release{{Tag: "v1.2.0-rc1", Published: day, Prerelease: true}, {Tag: "v1.1.0", Published: day.AddDate(0, -1, 0)}},
			Commits:  &registry.Commits{Total: 4321, Authors: 17, Partial: true},
			HelpWanted: []registry.Issue{
				{Title: "Bitte übersetzen", URL: "https://" + string(id) + "/issues/5"}, {Title: " ", URL: "https://" + string(id) + "/issues/4"},
			},
			OpenIssues: new(int),
		},
		Files: []registry.File{
			{Path: "publiccode.yml", Commit: strings.Repeat("ab", 20), Hash: strings.Repeat("cd", 32), Size: 1234},
			{Path: "sbom.json", Role: registry.RoleSBOM, Origin: "https://example.org/sbom.json", Hash: strings.Repeat("ef", 32), Size: 2},
		},
		Locations: []registry.Location{{ID: "gitlab.example/spiegel/" + registry.ID(name), URL: "https://gitlab.example/spiegel/" + name, Forge: "gitlab"}},
		Adoptions: []registry.Adoption{{
			Organisation: adoption.Organisation{URI: "https://kreis.example/", Name: "Kreis Beispiel", Region: "DE-SH"}, Role: adoption.Uses,
			Version: "1.1.0", Since: "2025-03-01", ConfirmedUntil: "2999-12-31", Purpose: "Für alle Ämter.", Contact: "it@kreis.example",
			Publisher: registry.Publisher{ID: "kreis", URI: "http://kreis.example"}, Repository: "github.com/kreis/adoptions", URL: "https://github.com/kreis/adoptions/blob/main/adoptions.yml",
		}},
		FirstSeen: day, Changed: day, Rev: 1,
	}
}

// evaluated gives an entry a report on its licence and a bill of materials.
func evaluated(s *registry.Software, verdict registry.LicenceVerdict, reasons ...registry.LicenceReason) *registry.Software {
	day := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	commit := strings.Repeat("ab", 20)
	s.Licence = &registry.LicenceReport{
		Verdict: verdict, Analyser: 1, Reasons: reasons,
		Declared: &registry.LicenceEvidence{Source: registry.FromPublicCode, State: registry.LicenceStated, SPDX: s.PublicCode.Legal.License, Path: "publiccode.yml", Commit: commit, Seen: day, Confidence: 1},
		Detected: []registry.LicenceEvidence{
			{Source: registry.FromText, State: registry.LicenceStated, SPDX: "GPL-3.0-only", Path: "LICENSE", Commit: commit, Seen: day, Confidence: .976},
			{Source: registry.FromReadme, State: registry.LicenceUnknown, Written: "Hausrecht", Path: "README.md", Commit: commit},
		},
		Forge: &registry.LicenceEvidence{Source: registry.FromForge, State: registry.LicenceDeprecated, SPDX: "GPL-3.0", Confidence: 1},
		SBOM:  []registry.LicenceEvidence{{Source: registry.FromSBOM, State: registry.LicenceNotAssured, Path: "sbom.json", Origin: "https://example.org/sbom.json"}},
	}
	s.SBOMs = []registry.SBOM{
		{
			Path: "sbom.json", Origin: "https://example.org/sbom.json", Standard: sbom.CycloneDX, Version: "1.6", Encoding: "json", Created: day,
			Root:         &sbom.Package{Name: "akte", Version: "1.2.0"},
			Dependencies: registry.Dependencies{Packages: 2000, Unasserted: 500, Licences: licenceCounts(12), Others: 7},
			Checklists: []sbom.Checklist{{Guideline: "BSI TR-03183-2", Version: "2.1.0", Lines: []sbom.Line{
				{ID: "format", Level: sbom.Must, State: sbom.Met, Evidence: []string{"CycloneDX 1.6"}},
				{ID: "hash-deployable", Level: sbom.Must, State: sbom.NotMet, Passed: 3, Of: 2000, Evidence: []string{"zlib 1.3"}},
				{ID: "signature", Level: sbom.Should, State: sbom.NotMet},
			}}},
		},
		{Path: "kaputt.json", Error: "line 1: no JSON"},
	}
	return s
}

func licenceCounts(n int) (out []registry.LicenceCount) {
	for i := range n {
		out = append(out, registry.LicenceCount{SPDX: "LicenseRef-" + strconv.Itoa(i+1), Packages: 1000 / (i + 1)})
	}
	return out
}

// attack is a text that would run a script, load a picture or leave its
// attribute if it were not treated as text.
const attack = `"><script src="https://boese.example/x.js"></script><img src=https://boese.example/x.png onerror=alert(1)>' onclick='alert(2)`

// hostile is an entry whose every text attacks the page.
func hostile() *registry.Software {
	s := entry("github.com/boese/absicht", attack+strings.Repeat("Donaudampfschiff", 700), kiel)
	p := &s.PublicCode
	bad := "javascript:alert(1)"
	p.URL, p.LandingURL, p.Roadmap, p.ReleaseDate, p.SoftwareVersion, p.ApplicationSuite = bad, bad, bad, attack, attack, attack
	p.DevelopmentStatus, p.SoftwareType, p.Version = attack, attack, attack
	for _, list := range []*[]string{&p.Platforms, &p.Categories, &p.UsedBy, &p.IsBasedOn, &p.Supports, &p.IntendedAudience.Scope, &p.Localisation.AvailableLanguages, &s.Repository.Topics} {
		*list = []string{attack, bad, "data:text/html,<script>alert(1)</script>"}
	}
	p.Legal = publiccode.Legal{License: attack, MainCopyrightOwner: attack}
	p.Organisation = &publiccode.Organisation{Name: attack, URI: bad}
	p.FundedBy = []publiccode.Organisation{{Name: attack, URI: bad}, {URI: attack}}
	p.Maintenance = publiccode.Maintenance{
		Type:        attack,
		Contacts:    []publiccode.Contact{{Name: attack, Email: attack, Phone: attack, Affiliation: attack}, {Email: "a@example.org?cc=b@example.org"}},
		Contractors: []publiccode.Contractor{{Name: attack, Until: attack, Email: "<x@example.org>", Website: bad}},
	}
	p.DependsOn = &publiccode.DependsOn{Hardware: []publiccode.Dependency{{Name: attack, Version: attack}}}
	d := publiccode.Description{
		LocalisedName: p.Name, GenericName: attack, ShortDescription: attack, Documentation: bad, APIDocumentation: "https://user:pass@example.org/",
		Features:        slices.Repeat([]string{attack}, 300),
		LongDescription: attack + "\n\n![Bild](https://boese.example/bild.png)\n\n[weg](javascript:alert(1)) <style>body{display:none}</style>\n\n<iframe src=https://boese.example></iframe>\n\n[![](https://boese.example/b.svg)](https://example.org)\n\n# \n\n" + strings.Repeat("> ", 4000) + "tief",
	}
	p.Description = map[string]publiccode.Description{attack: d, "zz-": d}
	s.Repository = registry.Repository{URL: bad, Forge: attack, Licence: attack, Language: attack, Parent: bad, Fork: true, DefaultBranch: "../../x", Archived: true, Topics: s.Repository.Topics}
	s.Adoptions = []registry.Adoption{
		{
			Organisation: adoption.Organisation{URI: bad, Name: attack, Region: attack}, Publisher: registry.Publisher{Name: attack}, Role: attack, Version: attack,
			Since: attack, ConfirmedUntil: attack, Purpose: attack, Contact: attack, Repository: "github.com/boese/absicht", URL: bad,
		},
		{Organisation: adoption.Organisation{URI: attack}, Contact: bad},
	}
	s.Stale = attack
	s.Overrides = []registry.Override{
		{Field: attack, Value: json.RawMessage(`1`)},
		{Field: registry.OverridePublisher, Value: json.RawMessage(`[]`), Was: json.RawMessage(`{"name": "<script>alert(1)</script>"}`), Reason: attack, By: attack},
		{Field: registry.OverrideCategories, Value: json.RawMessage(`["<script>alert(1)</script>", 1]`), Reason: attack},
	}
	s.Findings = []publiccode.Finding{{Code: attack, Severity: publiccode.Severity(attack), Line: -1, Key: attack, Args: []string{attack}}}
	s.Files = []registry.File{{Path: "../" + attack, Commit: attack, Hash: attack}, {Path: attack, Origin: bad, Media: attack, Hash: attack}}
	s.Activity = &registry.Activity{
		Releases:   []registry.Release{{Tag: attack, Name: attack, Published: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)}},
		Commits:    &registry.Commits{Total: -1, ByMonth: []registry.Month{{Month: attack}}},
		HelpWanted: slices.Repeat([]registry.Issue{{Title: attack, URL: bad}, {URL: bad}, {URL: "https://user:pass@example.org/"}, {}}, 60),
	}
	s.Locations = slices.Repeat([]registry.Location{{ID: attack, URL: bad, Forge: attack}}, 150)
	said := registry.LicenceEvidence{Source: attack, State: attack, SPDX: attack, Written: attack, Path: attack, Origin: bad, Commit: attack, Hash: attack, Confidence: 7e9}
	invalid := said
	invalid.SPDX = ""
	s.Licence = &registry.LicenceReport{
		Verdict: attack, Declared: &invalid, Detected: slices.Repeat([]registry.LicenceEvidence{said}, 300), Forge: &said, SBOM: []registry.LicenceEvidence{said},
		Reasons: slices.Repeat([]registry.LicenceReason{
			{Code: attack, Args: []string{attack}}, {Code: registry.ReasonTextDiffers}, {Code: registry.ReasonTextDiffers, Args: slices.Repeat([]string{attack}, 500)},
		}, 60),
	}
	s.SBOMs = slices.Repeat([]registry.SBOM{
		{Path: attack, Origin: bad, Error: attack},
		{
			Path: attack, Origin: bad, Standard: attack, Version: attack, Encoding: attack, Remarks: []string{attack}, Root: &sbom.Package{Name: attack},
			Dependencies: registry.Dependencies{Packages: -1, Unasserted: 1 << 40, Licences: slices.Repeat([]registry.LicenceCount{{SPDX: attack, Packages: 1 << 40}}, 100), Others: -1},
			Checklists:   slices.Repeat([]sbom.Checklist{{Guideline: attack, Version: attack, Lines: slices.Repeat([]sbom.Line{{ID: attack, Level: attack, State: attack, Of: 1, Evidence: []string{attack}}}, 100)}}, 9),
		},
	}, 3)
	return s
}

// sample is a catalogue with one entry of each kind.
func sample() *fake {
	ported := entry("127.0.0.1:9101/amt/werk zeug", "Ärmel", nobody)
	ported.Findings, ported.PublicCode.Legal.License = nil, "GPL-3.0-only"
	federal := entry("gitlab.opencode.de/bund/gruppe/dienst", "Zettel", bund)
	federal.Repository.Forge, federal.Stale = "gitlab", "line 3: no mapping"
	federal = evaluated(federal, registry.LicenceConflict,
		registry.LicenceReason{Code: registry.ReasonTextDiffers, Args: []string{"EUPL-1.2", "GPL-3.0-only", "LICENSE"}})
	return &fake{
		entries: []*registry.Software{entry("github.com/kiel/akte", "Akte", kiel), ported, federal, hostile()},
		aliases: map[registry.ID]registry.ID{
			"github.com/kiel/altakte":  "github.com/kiel/akte",
			"github.com/kiel/verwaist": "github.com/kiel/gibt-es-nicht",
		},
		gone: map[registry.ID]bool{"github.com/kiel/weg": true},
		rev:  4,
	}
}

func newSite(t testing.TB, c Catalogue, opt Options) *Site {
	t.Helper()
	opt.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	opt.Publishers = append(opt.Publishers, kiel, registry.Publisher{ID: "leer", Name: "Noch ohne Eintrag", Region: "AT"})
	s, err := New(c, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
