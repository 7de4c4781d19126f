// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func TestManagedPublisher(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopePublishers}, Regions: []string{"DE-SH"}})
	const kiel = "/v1/publishers/kiel"
	body := `{"name": "Kiel", "region": "DE-SH", "uri": "https://kiel.example/", "sources": [{"url": "https://git.kiel.example/", "exclude": ["test/*"], "folders": ["apps/*"]}]}`
	w := o.ask(t, http.MethodPut, kiel, value, body, "If-None-Match", "*")
	made := decode[publisherDetail](t, w, http.StatusCreated)
	if made.Origin != FromAPI || len(made.Sources) != 1 || made.Sources[0].URL != "https://git.kiel.example" {
		t.Errorf("made %+v", made)
	}
	shown := o.ask(t, http.MethodGet, kiel, "", "")
	if got := decode[publisherDetail](t, shown, http.StatusOK); got.Name != "Kiel" || shown.Header().Get("ETag") != w.Header().Get("ETag") {
		t.Errorf("shown %+v with the ETag %s, made with %s", got, shown.Header().Get("ETag"), w.Header().Get("ETag"))
	}
	all := decode[publisherList](t, o.ask(t, http.MethodGet, "/v1/publishers", "", ""), http.StatusOK)
	if all.Total != 5 || all.Items[4].ID != "kiel" {
		t.Errorf("publishers %+v", all.Items)
	}
	decode[problem](t, o.ask(t, http.MethodPut, kiel, value, body, "If-None-Match", "*"), http.StatusPreconditionFailed)
	decode[problem](t, o.ask(t, http.MethodPut, kiel, value, body, "If-Match", `"other"`), http.StatusPreconditionFailed)
	replaced := decode[publisherDetail](t, o.ask(t, http.MethodPut, kiel, value, `{"name": "Kiel", "region": "DE-SH"}`, "If-Match", w.Header().Get("ETag")), http.StatusOK)
	if len(replaced.Sources) != 0 {
		t.Errorf("replaced %+v", replaced)
	}
	decode[problem](t, o.ask(t, http.MethodDelete, kiel, value, "", "If-Match", w.Header().Get("ETag")), http.StatusPreconditionFailed)
	if w := o.ask(t, http.MethodDelete, kiel, value, ""); w.Code != http.StatusNoContent {
		t.Errorf("delete: status %d: %s", w.Code, w.Body)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		decode[problem](t, o.ask(t, method, kiel, value, ""), http.StatusNotFound)
	}
	if want := []string{"changed", "changed", "changed"}; !slices.Equal(o.crawling.asked, want) {
		t.Errorf("who crawls was told %v", o.crawling.asked)
	}
}

func TestManagedPublisherIsRefused(t *testing.T) {
	o := newOffice(t)
	vienna := registry.ManagedPublisher{
		Publisher: registry.Publisher{ID: "wien", Name: "Wien", Region: "AT-9"}, Sources: []registry.ManagedSource{{URL: "https://git.wien.example"}},
	}
	if err := o.PutDocuments(t.Context(), vienna.Document(0)); err != nil {
		t.Fatal(err)
	}
	o.crawling.sources = append(o.crawling.sources, Source{URL: "https://git.wien.example", Publisher: vienna.Publisher, Origin: FromAPI})
	region := registry.Grant{Scopes: []registry.Scope{registry.ScopePublishers}, Regions: []string{"DE-SH"}}
	value := o.token(t, region)
	region.Organisation = "https://kiel.example/"
	bound := o.token(t, region)
	everywhere := o.token(t, registry.Grant{})
	many := strings.Repeat(`{"url": "https://a.example"},`, maxManagedSources)
	for name, tt := range map[string]struct {
		token, id, body string
		status          int
		in              string // the detail
	}{
		"of the configuration":    {value, "nord", `{"name": "Nord", "region": "DE-SH"}`, http.StatusConflict, "configuration"},
		"no id":                   {value, "Kiel", `{"name": "Kiel", "region": "DE-SH"}`, http.StatusBadRequest, "lower-case"},
		"no name":                 {value, "kiel", `{"region": "DE-SH"}`, http.StatusBadRequest, "name"},
		"no region":               {value, "kiel", `{"name": "Kiel"}`, http.StatusForbidden, "everywhere"},
		"another region":          {value, "graz", `{"name": "Graz", "region": "AT-6"}`, http.StatusForbidden, "AT-6"},
		"that of another region":  {value, "wien", `{"name": "Wien", "region": "DE-SH"}`, http.StatusForbidden, "AT-9"},
		"another organisation":    {bound, "luebeck", `{"name": "Lübeck", "region": "DE-SH", "uri": "https://luebeck.example/"}`, http.StatusForbidden, "https://kiel.example/"},
		"a private address":       {value, "kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [{"url": "https://10.0.0.1/kiel"}]}`, http.StatusBadRequest, "/sources/0"},
		"a source twice":          {value, "kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [{"url": "https://a.example"}, {"url": "https://a.example/"}]}`, http.StatusBadRequest, "/sources/1/url"},
		"too many sources":        {value, "kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [` + many + `{"url": "https://b.example"}]}`, http.StatusBadRequest, "200"},
		"a source of another":     {everywhere, "kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [{"url": "https://git.wien.example"}]}`, http.StatusConflict, "wien"},
		"under one of the region": {value, "kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [{"url": "https://github.com/nordland/kiel"}]}`, http.StatusCreated, ""},
		"under one of another":    {value, "husum", `{"name": "Husum", "region": "DE-SH", "sources": [{"url": "https://codeberg.org/sued/husum"}]}`, http.StatusForbidden, "DE-BY"},
		"unknown member":          {value, "kiel", `{"name": "Kiel", "region": "DE-SH", "sources": [{"url": "https://a.example", "interval": "1h"}]}`, http.StatusBadRequest, "/sources/0/interval"},
	} {
		t.Run(name, func(t *testing.T) {
			w := o.ask(t, http.MethodPut, "/v1/publishers/"+tt.id, tt.token, tt.body)
			if tt.status == http.StatusCreated {
				decode[publisherDetail](t, w, tt.status)
				return
			}
			if p := decode[problem](t, w, tt.status); !strings.Contains(p.Detail, tt.in) {
				t.Errorf("detail %q, want %q in it", p.Detail, tt.in)
			}
		})
	}
	decode[problem](t, o.ask(t, http.MethodDelete, "/v1/publishers/nord", value, ""), http.StatusConflict)
	decode[problem](t, o.ask(t, http.MethodDelete, "/v1/publishers/wien", value, ""), http.StatusForbidden)
}

func TestListSources(t *testing.T) {
	o := newOffice(t)
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	o.shelf.states = map[string]*registry.SourceState{
		"https://github.com/nordland": {Source: "https://github.com/nordland", Started: at, Finished: at.Add(time.Minute), Next: at.Add(time.Hour), Repositories: 3},
		"https://codeberg.org/sued":   {Source: "https://codeberg.org/sued", Started: at, Finished: at.Add(time.Minute), Error: "the forge\nwas asleep"},
	}
	list := decode[sourceList](t, o.ask(t, http.MethodGet, "/v1/sources", "", ""), http.StatusOK)
	var got []string
	for _, s := range list.Items {
		got = append(got, s.URL+" "+s.State+" "+s.Origin+" "+s.Error)
	}
	want := []string{
		"https://codeberg.org/sued failed configuration the forge was asleep", "https://github.com/nordland read configuration ", "https://gitlab.example waiting catalogue ",
	}
	if !slices.Equal(got, want) || list.Total != 3 {
		t.Errorf("%d sources\n%s", list.Total, strings.Join(got, "\n"))
	}
	o.shelf.states["https://gitlab.example"] = &registry.SourceState{Source: "https://gitlab.example", Started: at}
	var urls []string
	for target := "/v1/sources?perPage=1"; target != ""; {
		page := decode[sourceList](t, o.ask(t, http.MethodGet, target, "", ""), http.StatusOK)
		urls = append(urls, page.Items[0].URL+" "+page.Items[0].State)
		target = page.Links.Next
	}
	if len(urls) != 3 || urls[2] != "https://gitlab.example begun" {
		t.Errorf("in pages %v", urls)
	}
	one := decode[sourceList](t, o.ask(t, http.MethodGet, "/v1/sources?url=https://gitlab.example", "", ""), http.StatusOK)
	if one.Total != 1 || len(one.Items) != 1 {
		t.Errorf("one source: %+v", one)
	}
}

func TestAskCrawl(t *testing.T) {
	for name, tt := range map[string]struct {
		url    string
		status int
		asked  string
	}{
		"a source":              {"https://github.com/nordland/", http.StatusAccepted, "crawl https://github.com/nordland"},
		"a repository":          {"https://github.com/nordland/Akte", http.StatusAccepted, "visit github.com/nordland/Akte"},
		"a part of one":         {"https://github.com/nordland/Akte/~/apps/a", http.StatusAccepted, "visit github.com/nordland/Akte"},
		"a source that is one":  {"https://github.com/nordland/einzeln", http.StatusAccepted, "visit github.com/nordland/einzeln"},
		"another region":        {"https://codeberg.org/sued/ohne-datei", http.StatusForbidden, ""},
		"no region":             {"https://gitlab.example/a/b", http.StatusForbidden, ""},
		"nobody's":              {"https://git.example/a/b", http.StatusNotFound, ""},
		"no address":            {"nordland", http.StatusBadRequest, ""},
		"another scheme":        {"file:///etc", http.StatusBadRequest, ""},
		"with a line break":     {"https://github.com/nordland\\n", http.StatusBadRequest, ""},
		"longer than addresses": {"https://github.com/" + strings.Repeat("a", 2000), http.StatusBadRequest, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.crawling.sources = slices.Insert(o.crawling.sources, 0, Source{URL: "https://github.com/nordland/einzeln", Publisher: north, Origin: FromAPI})
			o.shelf.visits = map[registry.ID]*registry.Visit{"github.com/nordland/einzeln": {Repo: "github.com/nordland/einzeln"}}
			value := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeCrawl}, Regions: []string{"DE-SH"}})
			w := o.ask(t, http.MethodPost, "/v1/crawls", value, `{"url": "`+tt.url+`"}`)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if got := strings.Join(o.crawling.asked, ", "); got != tt.asked {
				t.Errorf("asked for %q, want %q", got, tt.asked)
			}
			if tt.status != http.StatusAccepted {
				return
			}
			if w := o.ask(t, http.MethodGet, w.Header().Get("Location"), "", ""); w.Code != http.StatusOK {
				t.Errorf("status at the address of the status: %d: %s", w.Code, w.Body)
			}
		})
	}
	o := newOffice(t)
	o.crawling.sources = o.crawling.sources[:1]
	value := o.token(t, registry.Grant{})
	full := fullQueue{o.crawling}
	h := handlerOf(t, o.shelf, Options{Documents: o.Documents, Amend: o.amend, Crawling: full})
	w := (&office{Handler: h}).ask(t, http.MethodPost, "/v1/crawls", value, `{"url": "https://github.com/nordland"}`)
	decode[problem](t, w, http.StatusServiceUnavailable)
}

// TestOneOfManyAdds has several add the same publisher at once.
func TestOneOfManyAdds(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	var added, refused atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			r := httptest.NewRequest(http.MethodPut, "/v1/publishers/kiel", strings.NewReader(`{"name": "Kiel", "region": "DE-SH"}`))
			r.Header.Set("Authorization", "Bearer "+value)
			r.Header.Set("Content-Type", typeJSON)
			r.Header.Set("If-None-Match", "*")
			switch w := serve(o, r); w.Code {
			case http.StatusCreated:
				added.Add(1)
			case http.StatusPreconditionFailed:
				refused.Add(1)
			default:
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
		})
	}
	all.Wait()
	if added.Load() != 1 || refused.Load() != 7 || len(o.lines(t)) != 1 {
		t.Errorf("%d added, %d refused, %d lines", added.Load(), refused.Load(), len(o.lines(t)))
	}
}
