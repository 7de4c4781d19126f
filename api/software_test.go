// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func TestPagingCoversEverythingOnce(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	for _, target := range []string{"/v1/software", "/v1/software?perPage=1", "/v1/software?perPage=64", "/v1/software?perPage=63", "/v1/software?perPage=100", "/v1/software?q=teil&perPage=7&sort=name&facets=true"} {
		var want, got []registry.ID
		for _, e := range s.entries {
			if !strings.Contains(target, "teil") || strings.Contains(e.PublicCode.Name, "Teil") {
				want = append(want, e.ID)
			}
		}
		for next, pages := target, 0; next != ""; pages++ {
			w := get(t, h, next)
			page := decode[softwareList](t, w, http.StatusOK)
			if page.Total != len(want) {
				t.Errorf("%s: total %d, want %d", next, page.Total, len(want))
			}
			if pages > len(want) {
				t.Fatalf("%s: no end", target)
			}
			for _, e := range page.Items {
				got = append(got, e.ID)
			}
			header := w.Header().Get("Link")
			if page.Links.Next == "" && header != "" || page.Links.Next != "" && header != "<"+page.Links.Next+`>; rel="next"` {
				t.Errorf("%s: Link is %s beside links.next %s", next, header, page.Links.Next)
			}
			next = page.Links.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: pages have\n%v, want\n%v", target, got, want)
		}
	}
}

func TestListParametersReachTheCatalogue(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	filtered := func(f registry.Facet, values ...string) registry.Query {
		return registry.Query{Filters: map[registry.Facet][]string{f: values}, Limit: 25}
	}
	for target, want := range map[string]registry.Query{
		"/v1/software":                                   {Limit: 25},
		"/v1/software?":                                  {Limit: 25},
		"/v1/software?q=":                                {Limit: 25},
		"/v1/software?q=%20Termin+vergabe%20":            {Text: "Termin vergabe", Limit: 25},
		"/v1/software?licence=MIT&licence=eupl-1.2":      filtered(registry.FacetLicence, "MIT", "eupl-1.2"),
		"/v1/software?licence=MIT,%20EUPL-1.2":           filtered(registry.FacetLicence, "MIT", "EUPL-1.2"),
		"/v1/software?category=CRM,backup":               filtered(registry.FacetCategory, "crm", "backup"),
		"/v1/software?region=SH,bel,BE,AT-9":             filtered(registry.FacetRegion, "DE-SH", "BE", "DE-BE", "AT-9"),
		"/v1/software?verdict=Conflict,missing":          filtered(registry.FacetVerdict, "conflict", "missing"),
		"/v1/software?licenceCategory=Strong-Copyleft":   filtered(registry.FacetLicenceCategory, "strong-copyleft"),
		"/v1/software?regionKind=municipal,FEDERAL":      filtered(registry.FacetRegionKind, "municipal", "federal"),
		"/v1/software?scope=culture":                     filtered(registry.FacetScope, "culture"),
		"/v1/software?softwareType=standalone%2Fweb":     filtered(registry.FacetSoftwareType, "standalone/web"),
		"/v1/software?platform=Web,QNX":                  filtered(registry.FacetPlatform, "Web", "QNX"),
		"/v1/software?language=DE,sr-latn,deu,en_gb":     filtered(registry.FacetLanguage, "de", "sr-Latn", "de", "en-GB"),
		"/v1/software?maintenance=Community":             filtered(registry.FacetMaintenance, "community"),
		"/v1/software?supports=alias:gdpr":               filtered(registry.FacetSupports, "alias:gdpr"),
		"/v1/software?sbom=yes":                          filtered(registry.FacetSBOM, "yes"),
		"/v1/software?activity=recent,year":              filtered(registry.FacetActivity, "recent", "year"),
		"/v1/software?forge=gitlab":                      filtered(registry.FacetForge, "gitlab"),
		"/v1/software?basedOn=github.com/a/b":            filtered(registry.FacetBasedOn, "github.com/a/b"),
		"/v1/software?region=de-sh,DE&status=Stable":     {Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE-SH", "DE"}, registry.FacetStatus: {"stable"}}, Limit: 25},
		"/v1/software?publisher=nord&sort=updated":       {Filters: map[registry.Facet][]string{registry.FacetPublisher: {"nord"}}, Sort: registry.ByUpdated, Limit: 25},
		"/v1/software?perPage=100&after=eA&facets=false": {After: "eA", Limit: 100},
		"/v1/software?facets=true":                       {Counted: registry.DefaultFacets(), Limit: 25},
		"/v1/software?facets=sbom,Region&facets=sbom":    {Counted: []registry.Facet{registry.FacetRegion, registry.FacetSBOM}, Limit: 25},
		"/v1/software?sort=stars&explain=true":           {Sort: registry.ByStars, Explain: true, Limit: 25},
	} {
		want.Language = "de"
		if want.Counted == nil {
			want.Counted = []registry.Facet{} // nil would be the usual ones
		}
		w := get(t, h, target)
		if w.Code != http.StatusOK || !reflect.DeepEqual(s.asked, want) {
			t.Errorf("%s: status %d, asked %+v, want %+v", target, w.Code, s.asked, want)
		}
		// The link to the page itself asks the same.
		self := decode[softwareList](t, w, http.StatusOK).Links.Self
		get(t, h, self)
		if !reflect.DeepEqual(s.asked, want) {
			t.Errorf("%s: its own link %s asks %+v", target, self, s.asked)
		}
	}
}

// All facets and orders of the domain are parameters here, in the same order.
func TestFiltersAreTheFacets(t *testing.T) {
	if got := each(filters, func(f filter) registry.Facet { return f.facet }); !slices.Equal(got, registry.AllFacets()) {
		t.Errorf("filters %v, facets %v", got, registry.AllFacets())
	}
	h := handlerOf(t, newShelf(), Options{})
	for _, order := range registry.Sorts() {
		if w := get(t, h, "/v1/software?sort="+string(order)); w.Code != http.StatusOK {
			t.Errorf("sort=%s: status %d", order, w.Code)
		}
	}
}

// The search speaks more languages than the answers.
func TestLanguageOfTheSearch(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	for header, want := range map[string]string{
		"": "de", "*": "de", "de-AT": "de", "en-GB,de": "en", "fr, en;q=0.5": "fr", "de;q=0.1, nl": "nl", "\x00,;;q=": "de", "und": "de",
		strings.Repeat("-", 2000): "de",
	} {
		get(t, h, "/v1/software?q=akte", "Accept-Language", header)
		if s.asked.Language != want {
			t.Errorf("Accept-Language %.40q: searched in %q, want %q", header, s.asked.Language, want)
		}
	}
}

func TestReasonsForTheRank(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for lang, want := range map[string][2]string{
		"de": {"„akte“ steht im Namen.", "Entwicklungsstand: Stabil."},
		"en": {"“akte” is in the name.", "Stage of development: Stable."},
	} {
		list := decode[softwareList](t, get(t, h, "/v1/software?q=akte&explain=true", "Accept-Language", lang), http.StatusOK)
		got := list.Items[0].Reasons
		if len(got) != 2 || got[0].Message != want[0] || got[1].Message != want[1] || got[0].Share != 0.968 || got[0].Code != registry.RankExact || got[0].Field != "name" {
			t.Errorf("%s: reasons %+v", lang, got)
		}
		if !strings.Contains(list.Links.Self, "explain=true") {
			t.Errorf("self %s", list.Links.Self)
		}
	}
	if w := get(t, h, "/v1/software?q=akte"); strings.Contains(w.Body.String(), "reasons") {
		t.Errorf("reasons without being asked for: %s", w.Body)
	}
}

func TestDidYouMean(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	list := decode[softwareList](t, get(t, h, "/v1/software?q=Aktte&status=stable&perPage=3"), http.StatusOK)
	if list.DidYouMean == nil || list.DidYouMean.Text != "Akte" || list.DidYouMean.Links.Software != "/v1/software?perPage=3&q=Akte&status=stable" {
		t.Errorf("did you mean %+v", list.DidYouMean)
	}
	if found := decode[softwareList](t, get(t, h, list.DidYouMean.Links.Software), http.StatusOK); found.Total != 1 || found.DidYouMean != nil {
		t.Errorf("what was meant: %+v", found)
	}
	s.meant = strings.Repeat("lang ", 100)
	if list = decode[softwareList](t, get(t, h, "/v1/software?q=Aktte"), http.StatusOK); list.DidYouMean != nil {
		t.Error("a text is proposed that the search refuses")
	}
}

func TestBadListParametersAreNamed(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for query, want := range map[string][]string{ // name:code of each fault
		"perPage=0":                           {"perPage:forbidden"},
		"perPage=101":                         {"perPage:forbidden"},
		"perPage=-1":                          {"perPage:forbidden"},
		"perPage=+5":                          {"perPage:forbidden"},
		"perPage=025":                         {"perPage:forbidden"},
		"perPage=":                            {"perPage:forbidden"},
		"perPage=99999999999999999999":        {"perPage:forbidden"},
		"perPage=1&perPage=1":                 {"perPage:repeated"},
		"q=a&q=b":                             {"q:repeated"},
		"q=" + strings.Repeat("x", 201):       {"q:malformed"},
		"q=%00":                               {"q:malformed"},
		"q=%ff":                               {"q:malformed"},
		"sort=best":                           {"sort:forbidden"},
		"facets=1":                            {"facets:forbidden"},
		"facets=true,region":                  {"facets:forbidden"},
		"facets=true&facets=false":            {"facets:forbidden", "facets:forbidden"},
		"facets=region,farbe":                 {"facets:forbidden"},
		"facets=":                             {"facets:malformed"},
		"explain=yes":                         {"explain:forbidden"},
		"licenceCategory=free":                {"licenceCategory:forbidden"},
		"regionKind=village":                  {"regionKind:forbidden"},
		"scope=everything":                    {"scope:forbidden"},
		"softwareType=web":                    {"softwareType:forbidden"},
		"language=deutsch,de,x":               {"language:forbidden", "language:forbidden"},
		"maintenance=nobody":                  {"maintenance:forbidden"},
		"sbom=true":                           {"sbom:forbidden"},
		"activity=lively":                     {"activity:forbidden"},
		"after=":                              {"after:malformed"},
		"after=%21":                           {"after:malformed"},
		"status=dead":                         {"status:forbidden"},
		"category=crm,nonsense,office":        {"category:forbidden"},
		"verdict=match,maybe":                 {"verdict:forbidden"},
		"category=":                           {"category:malformed"},
		"region=Holstein":                     {"region:forbidden"},
		"licence=MIT,,EUPL-1.2":               {"licence:malformed"},
		"licence=" + strings.Repeat("a,", 30): {"licence:too-many"},
		"license=MIT":                         {"license:unknown"},
		"Q=a":                                 {"Q:unknown"},
		"q=%zz":                               {":malformed"},
		"q=a;b":                               {":malformed"},
		"b=1&a=2&a=3":                         {"a:unknown", "b:unknown"},
		"perPage=0&sort=x&status=y,z":         {"status:forbidden", "status:forbidden", "sort:forbidden", "perPage:forbidden"},
	} {
		p := decode[problem](t, get(t, h, "/v1/software?"+query), http.StatusBadRequest)
		var got []string
		for _, f := range p.Errors {
			name := ""
			if f.Location != nil {
				name = f.Location.Name
			}
			got = append(got, name+":"+f.Code)
			if !strings.Contains(p.Detail, f.Detail) || f.Detail == "" {
				t.Errorf("%s: detail %q lacks %q", query, p.Detail, f.Detail)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: faults %v, want %v", query, got, want)
		}
		if p.Instance != "/v1/software" || p.Title != "Bad Request" {
			t.Errorf("%s: %+v", query, p)
		}
	}
	p := decode[problem](t, get(t, h, "/v1/software?facets=farbe"), http.StatusBadRequest)
	if want := "A value of facets is not a facet. Give true alone for the usual ones, false for none, or some of licence, category,"; !strings.HasPrefix(p.Detail, want) {
		t.Errorf("a facet that is none: %s", p.Detail)
	}
	p = decode[problem](t, get(t, h, "/v1/software?category=crm,nonsense"), http.StatusBadRequest)
	if p.Errors[0].Location.Index == nil || *p.Errors[0].Location.Index != 1 {
		t.Errorf("the wrong one of two values is not pointed at: %+v", p.Errors[0].Location)
	}
}

func TestUnknownParametersAreRefusedEverywhere(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, target := range []string{
		"/v1/software/" + fullID, "/v1/publiccode/" + fullID, "/v1/publishers", "/v1/regions", "/openapi.json", "/livez", "/readyz", "/v1/sboms/" + billHash, "/v1/dossiers/" + madeHash, "/v1/licences/numbers",
		"/v1/history/" + fullID, "/v1/differences/" + fullID, "/v1/similar/" + fullID, "/v1/changes", "/v1/statistics", "/v1/reuse", "/v1/reuse.csv",
	} {
		if w := get(t, h, target+"?q=x"); w.Code != http.StatusBadRequest {
			t.Errorf("%s?q=x: status %d", target, w.Code)
		}
	}
}

func TestFacetsHaveOnlyWhatCanBeChosen(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	if list := decode[softwareList](t, get(t, h, "/v1/software"), http.StatusOK); list.Facets != nil {
		t.Errorf("facets without being asked for: %+v", list.Facets)
	}
	f := decode[softwareList](t, get(t, h, "/v1/software?facets=true"), http.StatusOK).Facets
	want := map[registry.Facet][]facet{
		registry.FacetLicence:   {{"EUPL-1.2", 1}},
		registry.FacetCategory:  {{"document-management", 1}},
		registry.FacetRegion:    {{"DE-BY", 62}, {"BEL", 1}, {"DE-SH", 1}},
		registry.FacetStatus:    {{"beta", 63}, {"stable", 1}},
		registry.FacetPublisher: {{"sued", 62}, {"nord", 1}, {"west", 1}},
		registry.FacetVerdict:   {{"conflict", 1}, {"missing", 1}},
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("facets %+v, want %+v", f, want)
	}
	all := decode[softwareList](t, get(t, h, "/v1/software?facets="+strings.Join(facetNames, ",")), http.StatusOK)
	if len(all.Facets) != len(filters) {
		t.Errorf("%d facets of %d", len(all.Facets), len(filters))
	}
	for name, list := range all.Facets {
		if len(list) == 0 {
			t.Errorf("nothing is counted in %s", name)
		}
		for _, v := range list {
			page := decode[softwareList](t, get(t, h, "/v1/software?"+url.Values{string(name): {v.Value}}.Encode()), http.StatusOK)
			if page.Total != v.Count {
				t.Errorf("%s=%s finds %d, its facet says %d", name, v.Value, page.Total, v.Count)
			}
		}
	}
}

func TestFacetsOfOddValues(t *testing.T) {
	odd := oddFacets{facets: map[registry.Facet][]registry.Count{
		registry.FacetLicence:  {{Value: "MIT, oder so", N: 3}, {Value: "a\nb", N: 2}, {Value: strings.Repeat("x", 500), N: 2}, {Value: "MIT", N: 1}},
		registry.FacetCategory: {{Value: "Document-Management", N: 2}, {Value: "unsinn", N: 1}},
		registry.FacetVerdict:  {{Value: "match", N: 2}, {Value: "unheard-of", N: 1}},
		registry.FacetRegion:   {{Value: "DE", N: 3}, {Value: "BE", N: 2}, {Value: "Nirgends", N: 1}},
		registry.FacetLanguage: {{Value: "DE", N: 4}, {Value: "sr-latn", N: 3}, {Value: "deutsch", N: 2}, {Value: "en_GB", N: 1}},
	}}
	for i := range 999 {
		odd.facets[registry.FacetSupports] = append(odd.facets[registry.FacetSupports], registry.Count{Value: fmt.Sprint("norm", i), N: 1})
	}
	h := handlerOf(t, odd, Options{})
	f := decode[softwareList](t, get(t, h, "/v1/software?facets=licence,category,region,status,verdict,language,supports"), http.StatusOK).Facets
	if n := len(f[registry.FacetSupports]); n != maxCounted {
		t.Errorf("%d values of one facet", n)
	}
	delete(f, registry.FacetSupports)
	want := map[registry.Facet][]facet{
		registry.FacetLicence: {{"MIT", 1}}, registry.FacetCategory: {{"document-management", 2}}, registry.FacetRegion: {{"DE", 3}, {"BEL", 2}},
		registry.FacetStatus: {}, registry.FacetVerdict: {{"match", 2}}, registry.FacetLanguage: {{"de", 4}, {"sr-Latn", 3}},
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("facets %+v, want %+v", f, want)
	}
	regions := decode[regionList](t, get(t, h, "/v1/regions"), http.StatusOK)
	if regions.Total != 2 || regions.Items[0].Names["de"] != "Deutschland" || regions.Items[1].Code != "BE" || regions.Items[1].Links.Software != "/v1/software?perPage=25&region=BEL" {
		t.Errorf("regions %+v", regions)
	}
}

func TestEntry(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	w := get(t, h, "/v1/software/"+fullID)
	e := decode[entry](t, w, http.StatusOK)
	if e.ID != fullID || e.Name != "Akte <1> & mehr" || e.ShortDescription != "Führt Akten." || e.Language != "de" {
		t.Errorf("entry %s, %s, %s (%s)", e.ID, e.Name, e.ShortDescription, e.Language)
	}
	if !reflect.DeepEqual(e.Names, map[string]string{"de": "Akte", "en": "Akte <1> & mehr"}) {
		t.Errorf("names %v", e.Names)
	}
	if e.Repository.Pushed != "2026-05-06T07:08:09Z" || e.ReleaseDate != "2026-03-02" || !e.Incomplete || e.Revision != 9 {
		t.Errorf("pushed %s, released %s, incomplete %v, revision %d", e.Repository.Pushed, e.ReleaseDate, e.Incomplete, e.Revision)
	}
	full, _ := s.Get(t.Context(), fullID)
	if !reflect.DeepEqual(e.PublicCode, full.PublicCode) {
		t.Errorf("publiccode %+v", e.PublicCode)
	}
	want := entryLinks{
		Self: "/v1/software/" + fullID, HTML: "/software/" + fullID + "/",
		Repository: "https://github.com/nordland/Akte", PublicCode: "/v1/publiccode/" + fullID,
		Dossiers: "/v1/dossiers?software=github.com%2Fnordland%2FAkte",
		History:  "/v1/history/" + fullID, Similar: "/v1/similar/" + fullID,
	}
	if e.Links != want {
		t.Errorf("links %+v, want %+v", e.Links, want)
	}
	if got := e.Files[1]; got.Role != registry.RoleLogo || got.Origin != "https://bild.example/logo.svg" || got.Media != "image/svg+xml" {
		t.Errorf("second file %+v", got)
	}
	if a := e.Activity; a == nil || a.Releases[0].Published != "2026-05-06T07:08:09Z" || *a.OpenIssues != 12 || a.Commits.ByMonth[0] != (month{"2026-05", 7, 2}) {
		t.Errorf("activity %+v", a)
	}
	if e.TechnicalForks != 4 || !slices.Equal(e.BasedOn, full.BasedOn) || len(e.Locations) != 1 || e.Locations[0] != (place{"gitlab.example/nordland/akte", "https://gitlab.example/nordland/akte", "gitlab"}) {
		t.Errorf("technical forks %d, based on %v, locations %v", e.TechnicalForks, e.BasedOn, e.Locations)
	}
	if !strings.Contains(w.Body.String(), "Akte <1> & mehr") {
		t.Error("< and & are escaped")
	}

	bare := get(t, h, "/v1/software/"+bareID)
	if date := decode[entry](t, bare, http.StatusOK).ReleaseDate; date != "" {
		t.Errorf("release date %s", date)
	}
	for _, absent := range []string{"null", `"declared"`, `"forge"`, `"pushed"`, `"/v1/publiccode/`, `"activity"`} {
		if strings.Contains(bare.Body.String(), absent) {
			t.Errorf("an entry of which little is known has %s: %s", absent, bare.Body)
		}
	}
}

// A forge that is asked and tells nothing: no counts are made up.
func TestUnknownActivity(t *testing.T) {
	w := get(t, handlerOf(t, newShelf(), Options{}), "/v1/software/"+partID)
	e := decode[map[string]any](t, w, http.StatusOK)
	want := map[string]any{"languages": []any{}, "releases": []any{}, "tags": []any{}, "helpWanted": []any{}}
	if !reflect.DeepEqual(e["activity"], want) {
		t.Errorf("activity %v, want %v", e["activity"], want)
	}
}

// The roles of the document are those of the domain.
func TestRolesOfTheDocument(t *testing.T) {
	c := theContract(t)
	enum, _ := c.at("#/components/schemas/File/properties/role/enum").([]any)
	var got []registry.Role
	for _, v := range enum {
		got = append(got, registry.Role(v.(string)))
	}
	if want := registry.Roles(); !slices.Equal(got, want) {
		t.Errorf("the document has the roles %v, the domain %v", got, want)
	}
}

func TestLanguageOfTexts(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	f := publiccode.Finding{Code: "PC0101", Severity: publiccode.Error, Line: 3, Column: 1, Key: "legal.license", Args: []string{"x"}}
	for header, want := range map[string]string{
		"":                         "de",
		"de":                       "de",
		"de-AT, en;q=0.5":          "de",
		"en":                       "en",
		"en-GB,en;q=0.9":           "en",
		"fr, en;q=0.5, de;q=0.4":   "en",
		"fr":                       "de",
		"*":                        "de",
		"de;q=0.1, en;q=0.9":       "en",
		"\x00,;;q=":                "de",
		strings.Repeat("en,", 999): "",
	} {
		w := get(t, h, "/v1/software/"+fullID, "Accept-Language", header)
		e := decode[entry](t, w, http.StatusOK)
		if want != "" && (e.Language != want || e.Findings[0].Message != f.Message(want) || e.Findings[0].Help != f.Help(want)) {
			t.Errorf("Accept-Language %.40q: %s, %+v; want %s", header, e.Language, e.Findings[0], want)
		}
		if english := strings.HasPrefix(e.Links.HTML, "/en/"); want != "" && english != (want == "en") {
			t.Errorf("Accept-Language %.40q: page %s", header, e.Links.HTML)
		}
		if got := w.Header().Get("Vary"); got != "Accept-Language, Accept-Encoding" {
			t.Errorf("Vary %q", got)
		}
	}
	list := decode[softwareList](t, get(t, h, "/v1/software?q=akte", "Accept-Language", "en"), http.StatusOK)
	if list.Items[0].ShortDescription != "Keeps files." || list.Items[0].Language != "en" {
		t.Errorf("list in English has %+v", list.Items[0])
	}
	if f.Message("de") == f.Message("en") {
		t.Errorf("the message is %q in both languages", f.Message("de"))
	}
}

func TestIDsInPaths(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for path, want := range map[string]int{
		fullID:                                     200,
		"GitHub.com/NORDLAND/akte":                 200,
		url.PathEscape(fullID):                     200,
		"github.com%2fnordland/Akte":               200,
		portID:                                     200,
		partID:                                     200,
		strings.ToUpper(partID):                    200,
		strings.Replace(partID, "~", "%7E", 1):     200,
		"codeberg.org/sued/sammlung":               404,
		"codeberg.org/sued/sammlung/~":             404,
		"codeberg.org/sued/sammlung/~/apps":        404,
		partID + "/~/x":                            404,
		"127.0.0.1%3A9101/musterstadt/termin":      200,
		fullID + "/":                               404,
		"/" + fullID:                               404,
		fullID + ".git":                            404,
		"https://" + fullID:                        404,
		"www." + fullID:                            404,
		"github.com//nordland/Akte":                404,
		"github.com/nordland/../nordland/Akte":     404,
		"github.com/nordland/./Akte":               404,
		"github.com/nordland/Akte%3Fx":             404,
		"github.com/nordland/Akte%23x":             404,
		"github.com/nordland/Akte%00":              404,
		"github.com/nordland/%22Akte%22":           404,
		"github.com/nordland/Ak%ffte":              404,
		"github.com/nordland/Akte%252F":            404,
		"me:secret@github.com/nordland/Akte":       404,
		"github.com":                               404,
		"":                                         404,
		"..%2f..%2fetc%2fpasswd":                   404,
		strings.Repeat("a", 10_000):                404,
		"github.com/" + strings.Repeat("a/", 5000): 404,
		"%5B::1%5D:80/o/r":                         404,
		"'%20OR%201=1--/x":                         404,
	} {
		for _, under := range []string{softwarePath, publicCodePath} {
			if w := get(t, h, under+path); w.Code != want {
				t.Errorf("%s%.80s: status %d, want %d", under, path, w.Code, want)
			}
		}
	}
}

func TestMovedAndGone(t *testing.T) {
	for base, prefix := range map[string]string{"": "", "https://katalog.example/": "https://katalog.example"} {
		h := handlerOf(t, newShelf(), Options{BaseURL: base})
		for _, under := range []string{softwarePath, publicCodePath} {
			w := get(t, h, under+movedID)
			if got, want := w.Header().Get("Location"), prefix+under+fullID; w.Code != http.StatusPermanentRedirect || got != want {
				t.Errorf("%s%s: status %d to %s, want %s", under, movedID, w.Code, got, want)
			}
			p := decode[problem](t, get(t, h, under+goneID), http.StatusGone)
			if p.Instance != under+goneID {
				t.Errorf("instance %s", p.Instance)
			}
		}
	}
}

func TestRawFile(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	full, _ := s.Get(t.Context(), fullID)
	w := get(t, h, publicCodePath+fullID)
	if w.Code != http.StatusOK || w.Body.String() != string(s.files[full.Files[0].Hash]) {
		t.Errorf("status %d, body %q", w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": `attachment; filename="publiccode.yml"`,
		"ETag": `"` + full.Files[0].Hash + `"`, "X-Content-Type-Options": "nosniff", "Vary": "",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, id := range []string{bareID, lostID} {
		if p := decode[problem](t, get(t, h, publicCodePath+id), http.StatusNotFound); !strings.Contains(p.Detail, "raw file") {
			t.Errorf("%s: %s", id, p.Detail)
		}
	}
}

func TestBaseURLMakesLinksAbsolute(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example/allmende/"})
	list := decode[softwareList](t, get(t, h, "/v1/software?q=teil"), http.StatusOK)
	if want := "https://katalog.example/allmende/v1/software?perPage=25&q=teil"; list.Links.Self != want {
		t.Errorf("self %s, want %s", list.Links.Self, want)
	}
	if !strings.HasPrefix(list.Links.Next, "https://katalog.example/allmende/v1/software?after=") {
		t.Errorf("next %s", list.Links.Next)
	}
	e := decode[entry](t, get(t, h, "/v1/software/"+portID), http.StatusOK)
	if want := "https://katalog.example/allmende/software/" + portID + "/"; e.Links.HTML != want {
		t.Errorf("html %s, want %s", e.Links.HTML, want)
	}
}

func TestPublishersAndRegions(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	publishers := decode[publisherList](t, get(t, h, "/v1/publishers"), http.StatusOK)
	counts := map[string]int{}
	for _, p := range publishers.Items {
		counts[p.ID] = p.Entries
		if n := decode[softwareList](t, get(t, h, p.Links.Software), http.StatusOK).Total; n != p.Entries {
			t.Errorf("%s has %d entries, its link leads to %d", p.ID, p.Entries, n)
		}
	}
	if want := map[string]int{"nord": 1, "sued": 62, "west": 1, "leer": 0}; !reflect.DeepEqual(counts, want) || publishers.Total != 4 {
		t.Errorf("publishers %v of %d", counts, publishers.Total)
	}
	regions := decode[regionList](t, get(t, h, "/v1/regions"), http.StatusOK)
	if regions.Total != 3 || regions.Items[0].Code != "DE-BY" || regions.Items[0].Entries != 62 || regions.Items[0].Names["en"] != "Bavaria" {
		t.Errorf("regions %+v", regions)
	}
	for _, r := range regions.Items {
		if n := decode[softwareList](t, get(t, h, r.Links.Software), http.StatusOK).Total; n != r.Entries {
			t.Errorf("%s has %d entries, its link leads to %d", r.Code, r.Entries, n)
		}
	}
}

func TestOddTimesDoNotBreakAnswers(t *testing.T) {
	s := newShelf()
	for _, e := range s.entries {
		e.Repository.Pushed = e.Repository.Pushed.AddDate(20_000, 0, 0)
	}
	h := handlerOf(t, s, Options{})
	w := get(t, h, "/v1/software/"+fullID)
	if e := decode[entry](t, w, http.StatusOK); e.Repository.Pushed != "" {
		t.Errorf("pushed %s", e.Repository.Pushed)
	}
}

func FuzzRequest(f *testing.F) {
	for _, seed := range [][2]string{
		{"/v1/software", "q=a&perPage=3&facets=true"},
		{"/v1/software/" + fullID, ""},
		{"/v1/publiccode/" + movedID, "x=%00"},
		{"/v1/software/%2e%2e%2f", "status=stable,beta&region=de-sh"},
		{"/readyz", ";"},
		{"//v1/software", "after=%ff"},
		{"/v1/licences/explain", "expression=MIT+OR+(GPL-2.0%2B+WITH+x)"},
		{"/v1/licences/compatibility", "situation=combine&licence=MIT,EUPL-1.2&into=AGPL-3.0-only"},
		{"/v1/licences/check", "expression=NONE&policy=osi"},
		{"/v1/licences/gpl-2.0%2B", ""},
		{"/v1/dossiers", "software=" + fullID + "&perPage=1"},
		{"/v1/dossiers/" + madeHash + ".html", "lang=en"},
		{"/v1/sboms/" + billHash, ""},
		{"/v1/software", "facets=region,sbom&explain=true&language=de&activity=recent"},
		{"/v1/software/" + fullID, "at=2026-05-05"},
		{"/v1/history/" + fullID, "perPage=2&after=5"},
		{"/v1/differences/" + movedID, "from=2026-05-01&to=2026-05-06T08:00:00%2B02:00"},
		{"/v1/similar/" + fullID, "limit=2"},
		{"/v1/suggestions", "q=Akt&limit=1"},
		{"/v1/changes", "after=3&perPage=2"},
		{"/v1/statistics", "from=2026-05-02&to=2026-05-06"},
		{"/v1/statistics.csv", "to=2026-05-06"},
		{"/v1/software/[::1]/a", "licence=%22"},
	} {
		f.Add(seed[0], seed[1], "en", `W/"x"`)
	}
	h := handlerOf(f, newShelf(), Options{})
	f.Fuzz(func(t *testing.T, path, query, lang, tag string) {
		u, err := url.ParseRequestURI("/" + strings.TrimPrefix(path, "/"))
		if err != nil {
			return
		}
		u.RawQuery = query
		r := &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"Accept-Language": {lang}, "If-None-Match": {tag}}, Host: "x"}
		w := serve(h, r)
		if err := theContract(t).check(r, w.Result(), w.Body.Bytes()); err != nil {
			t.Errorf("%q?%q: %v\n%.500s", path, query, err, w.Body)
		}
		if w.Code >= 500 || w.Body.Len() > 0 && strings.HasSuffix(w.Header().Get("Content-Type"), "json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q?%q: %d %.500s", path, query, w.Code, w.Body)
		}
	})
}
