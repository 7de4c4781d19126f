// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// The paths that end in the id of an entry. Further views of an entry get a
// path of their own kind: an id has slashes, nothing can follow it.
const (
	softwarePath   = "/v1/software/"
	publicCodePath = "/v1/publiccode/"
)

const defaultPerPage, maxPerPage = 25, 100

// listParameters are the query parameters of the list.
var listParameters = []string{"q", "licence", "category", "region", "status", "publisher", "verdict", "sort", "perPage", "after", "facets"}

type softwareList struct {
	Items  []item    `json:"items"`
	Total  int       `json:"total"`
	Links  pageLinks `json:"links"`
	Facets *facets   `json:"facets,omitempty"`
}

type pageLinks struct {
	Self string `json:"self"`
	Next string `json:"next,omitempty"`
}

// facets have the names of the parameters that filter by them.
type facets struct {
	Licence   []facet `json:"licence"`
	Category  []facet `json:"category"`
	Region    []facet `json:"region"`
	Status    []facet `json:"status"`
	Publisher []facet `json:"publisher"`
	Verdict   []facet `json:"verdict"`
}

type facet struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

func (a *api) listSoftware(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	q, withFacets := listQuery(p)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	page, err := a.catalogue.Search(c.Request.Context(), q)
	if errors.Is(err, registry.ErrInvalid) && q.After != "" {
		p.fault("after", codeMalformed, "after is not a cursor of this list: take it from links.next of the page before, with the same filters and order.")
		return nil, badRequest(p.faults)
	}
	if err != nil {
		return nil, err
	}

	lang := preferred(c.Request)
	list := softwareList{Items: make([]item, len(page.Items)), Total: page.Total}
	for i, s := range page.Items {
		list.Items[i] = newItem(s, lang)
	}
	list.Links.Self = a.link(listPath(q, withFacets))
	if page.Next != "" {
		q.After = page.Next
		list.Links.Next = a.link(listPath(q, withFacets))
	}
	if withFacets {
		list.Facets = &facets{
			Licence:   newFacet(page.Facets.Licences, anyValue),
			Category:  newFacet(page.Facets.Categories, vocabulary(publiccode.Categories())),
			Region:    newFacet(page.Facets.Regions, regionParameter),
			Status:    newFacet(page.Facets.Statuses, vocabulary(publiccode.Statuses())),
			Publisher: newFacet(page.Facets.Publishers, anyValue),
			Verdict:   newFacet(page.Facets.Verdicts, vocabulary(verdictNames())),
		}
	}
	ans, err := jsonAnswer(list)
	if err != nil {
		return nil, err
	}
	ans.vary = "Accept-Language"
	if list.Links.Next != "" {
		ans.header = map[string]string{"Link": "<" + list.Links.Next + `>; rel="next"`}
	}
	return ans, nil
}

// listQuery reads the parameters of the list; what is wrong with them is in p.
func listQuery(p *parameters) (q registry.Query, withFacets bool) {
	q.Text, _ = p.one("q", maxText)
	q.Text = strings.TrimSpace(q.Text)
	q.Licences = p.list("licence")
	q.Categories = p.chosen("category", publiccode.Categories())
	q.Regions = p.regions("region")
	q.Statuses = p.chosen("status", publiccode.Statuses())
	q.Publishers = p.list("publisher")
	q.Verdicts = p.chosen("verdict", verdictNames())
	q.Sort = registry.Sort(p.word("sort", string(registry.ByRelevance), string(registry.ByName), string(registry.ByUpdated), string(registry.ByNew)))
	q.Limit = p.number("perPage", 1, maxPerPage, defaultPerPage)
	after, given := p.one("after", maxCursor)
	if given && after == "" {
		p.fault("after", codeMalformed, "after is a cursor, taken from links.next; leave it out for the first page.")
	}
	q.After = after
	return q, p.word("facets", "true", "false") == "true"
}

// listPath is the address of a page of the list with all its parameters, the
// same for all ways to write them.
func listPath(q registry.Query, withFacets bool) string {
	v := url.Values{"perPage": {strconv.Itoa(q.Limit)}}
	for name, one := range map[string]string{"q": q.Text, "sort": string(q.Sort), "after": q.After} {
		if one != "" {
			v.Set(name, one)
		}
	}
	var regions []string
	for _, code := range q.Regions {
		if v, ok := regionParameter(code); ok {
			regions = append(regions, v)
		}
	}
	for name, list := range map[string][]string{
		"licence": q.Licences, "category": q.Categories, "region": regions, "status": q.Statuses, "publisher": q.Publishers, "verdict": q.Verdicts,
	} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	if withFacets {
		v.Set("facets", "true")
	}
	return "/v1/software?" + v.Encode()
}

// newFacet lists values in the spelling of the vocabulary, where there is one.
// What the filter would not take is left out: files hold values outside the
// vocabulary, and licences with commas.
func newFacet(counts []registry.Count, spell func(string) (string, bool)) []facet {
	list := make([]facet, 0, len(counts))
	for _, n := range counts {
		if v, ok := spell(n.Value); ok {
			list = append(list, facet{Value: v, Count: n.N})
		}
	}
	return list
}

func vocabulary(words []string) func(string) (string, bool) {
	return func(v string) (string, bool) {
		i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, v) })
		if i < 0 {
			return "", false
		}
		return words[i], true
	}
}

func anyValue(v string) (string, bool) {
	return v, v != "" && !strings.Contains(v, ",") && readable(v, maxText)
}

func (a *api) getSoftware(c *gin.Context) (*answer, error) {
	s, elsewhere, err := a.find(c, softwarePath)
	if s == nil {
		return elsewhere, err
	}
	ans, err := jsonAnswer(a.newEntry(s, preferred(c.Request)))
	if err != nil {
		return nil, err
	}
	ans.vary = "Accept-Language"
	return ans, nil
}

// getPublicCode hands out the raw file, as text and as a download: its bytes
// are anybody's, and no browser shall run them.
func (a *api) getPublicCode(c *gin.Context) (*answer, error) {
	s, elsewhere, err := a.find(c, publicCodePath)
	if s == nil {
		return elsewhere, err
	}
	if len(s.Files) == 0 {
		return nil, errNoFile
	}
	hash := s.Files[0].Hash
	body, err := a.catalogue.File(c.Request.Context(), hash)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, errNoFile
	}
	if err != nil {
		return nil, err
	}
	return &answer{
		contentType: typeText,
		body:        body,
		etag:        `"` + hash + `"`,
		cache:       cacheMinute,
		header:      map[string]string{"Content-Disposition": `attachment; filename="publiccode.yml"`},
	}, nil
}

// find looks up the entry whose id ends the path. Where it has another id now,
// the entry is nil and the answer leads there.
func (a *api) find(c *gin.Context, under string) (*registry.Software, *answer, error) {
	return a.lookUp(c, c.Param("id"), func(id registry.ID) string { return under + escape(id) })
}

// lookUp is find by an id as it was given, of which at makes an address.
func (a *api) lookUp(c *gin.Context, raw string, at func(registry.ID) string) (*registry.Software, *answer, error) {
	id, ok := readID(raw)
	if !ok {
		return nil, nil, errNoEntry
	}
	s, err := a.catalogue.Get(c.Request.Context(), id)
	var moved *registry.MovedError
	switch {
	case errors.As(err, &moved):
		return nil, &answer{
			status: http.StatusPermanentRedirect,
			cache:  cacheMinute,
			header: map[string]string{"Location": a.link(at(moved.To))},
		}, nil
	case errors.Is(err, registry.ErrInvalid):
		return nil, nil, errNoEntry
	}
	return s, nil, err
}

// readID reads the id from the rest of a path, decoded. It has to be the
// canonical one but for upper and lower case.
func readID(rest string) (registry.ID, bool) {
	raw := strings.TrimPrefix(rest, "/")
	id, err := registry.ParseID("https://" + raw)
	return id, err == nil && strings.EqualFold(string(id), raw)
}

// escape writes an id into a path: its slashes stay.
func escape(id registry.ID) string {
	segments := strings.Split(string(id), "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

// The languages of texts in answers.
const german, english = "de", "en"

var languages = language.NewMatcher([]language.Tag{language.German, language.English})

// preferred is the language for the texts of an answer: German, unless
// Accept-Language asks for English.
func preferred(r *http.Request) string {
	if _, i := language.MatchStrings(languages, r.Header.Values("Accept-Language")...); i == 1 {
		return english
	}
	return german
}
