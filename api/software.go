// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/registry"
)

// The paths that end in the id of an entry. Further views of an entry get a
// path of their own kind: an id has slashes, nothing can follow it.
const (
	softwarePath    = "/v1/software/"
	publicCodePath  = "/v1/publiccode/"
	historyPath     = "/v1/history/"
	differencesPath = "/v1/differences/"
	similarPath     = "/v1/similar/"
)

const defaultPerPage, maxPerPage = 25, 100

// listParameters are the query parameters of the list.
var listParameters = slices.Concat([]string{"q"}, facetNames, []string{"sort", "perPage", "after", "facets", "explain", "fields"})

type softwareList struct {
	Items      []listed                   `json:"items"`
	Total      int                        `json:"total"`
	DidYouMean *proposal                  `json:"didYouMean,omitempty"`
	Links      pageLinks                  `json:"links"`
	Facets     map[registry.Facet][]facet `json:"facets,omitempty"`
}

// listed is an entry with the reasons for its place, where they are asked for.
type listed struct {
	item
	Reasons []rankReason `json:"reasons,omitzero"`
}

// proposal is another text to search for, and where it leads.
type proposal struct {
	Text  string       `json:"text"`
	Links softwareLink `json:"links"`
}

// rankReason is one reason for the place of an entry in the order by relevance.
type rankReason struct {
	Code    registry.RankCode `json:"code,omitempty"`
	Word    string            `json:"word,omitempty"`
	Found   string            `json:"found,omitempty"`
	Field   string            `json:"field,omitempty"`
	Share   float64           `json:"share"`
	Message string            `json:"message"`
}

func newRankReason(r registry.RankReason, lang string) rankReason {
	return rankReason{
		Code: r.Code, Word: r.Word, Found: r.Found, Field: r.Field,
		Share:   math.Round(r.Share*1000) / 1000,
		Message: r.Wording(lang),
	}
}

type pageLinks struct {
	Self string `json:"self"`
	Next string `json:"next,omitempty"`
}

// onto names the next page in the header of an answer, too.
func (l pageLinks) onto(ans *answer, err error) (*answer, error) {
	if err == nil && l.Next != "" {
		if ans.header == nil {
			ans.header = map[string]string{}
		}
		ans.header["Link"] = "<" + l.Next + `>; rel="next"`
	}
	return ans, err
}

func (a *api) listSoftware(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	q, wanted := listQuery(p), p.fields("fields", listedForm)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	q.Language = reader(c.Request)
	page, err := a.catalogue.Search(c.Request.Context(), q)
	if errors.Is(err, registry.ErrInvalid) && q.After != "" {
		p.fault("after", codeMalformed, "after is not a cursor of this list: take it from links.next of the page before, with the same filters, order and Accept-Language.")
		return nil, badRequest(p.faults)
	}
	if err != nil {
		return nil, err
	}

	lang := preferred(c.Request)
	list := softwareList{Items: make([]listed, len(page.Items)), Total: page.Total, Facets: facetsOf(page, q.Counted)}
	for i, s := range page.Items {
		list.Items[i].item = newItem(s, lang)
		if q.Explain && i < len(page.Reasons) {
			list.Items[i].Reasons = each(page.Reasons[i], func(r registry.RankReason) rankReason { return newRankReason(r, lang) })
		}
	}
	if page.DidYouMean != "" && readable(page.DidYouMean, maxText) {
		meant := q
		meant.Text, meant.After = page.DidYouMean, ""
		list.DidYouMean = &proposal{Text: meant.Text, Links: softwareLink{Software: a.link(wanted.onto(listPath(meant)))}}
	}
	list.Links.Self = a.link(wanted.onto(listPath(q)))
	if page.Next != "" {
		q.After = page.Next
		list.Links.Next = a.link(wanted.onto(listPath(q)))
	}
	return list.Links.onto(wanted.below("items", reflect.TypeFor[softwareList]()).of(inLanguage(list)))
}

// listQuery reads the parameters of the list; what is wrong with them is in p.
func listQuery(p *parameters) (q registry.Query) {
	q.Text, _ = p.one("q", maxText)
	q.Text = strings.TrimSpace(q.Text)
	q.Filters = p.filters()
	q.Sort = registry.Sort(p.word("sort", sorts...))
	q.Limit = p.number("perPage", 1, maxPerPage, defaultPerPage)
	after, given := p.one("after", maxCursor)
	if given && after == "" {
		p.fault("after", codeMalformed, "after is a cursor, taken from links.next; leave it out for the first page.")
	}
	q.After = after
	q.Counted = p.counted("facets")
	q.Explain = p.switched("explain")
	return q
}

// sorts are the orders of the list.
var sorts = each(registry.Sorts(), func(s registry.Sort) string { return string(s) })

// listPath is the address of a page of the list with all its parameters, the
// same for all ways to write them. Without Counted it is one without facets.
func listPath(q registry.Query) string {
	v := searchValues(q)
	v.Set("perPage", strconv.Itoa(q.Limit))
	for name, one := range map[string]string{"sort": string(q.Sort), "after": q.After} {
		if one != "" {
			v.Set(name, one)
		}
	}
	switch {
	case len(q.Counted) == 0:
	case slices.Equal(q.Counted, registry.DefaultFacets()):
		v.Set("facets", "true")
	default:
		v["facets"] = each(q.Counted, func(f registry.Facet) string { return string(f) })
	}
	if q.Explain {
		v.Set("explain", "true")
	}
	return "/v1/software?" + v.Encode()
}

// searchValues are the parameters of what is searched for, and of the filters.
func searchValues(q registry.Query) url.Values {
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	for _, f := range filters {
		for _, value := range q.Filters[f.facet] {
			if value, ok := f.write(value); ok {
				v.Add(string(f.facet), value)
			}
		}
	}
	return v
}

func (a *api) getSoftware(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	at, wanted := p.moment("at"), p.fields("fields", entryForm)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	if at != nil {
		return wanted.of(a.getSoftwareAt(c, p, *at))
	}
	s, elsewhere, err := a.find(c, softwarePath)
	if s == nil {
		return elsewhere, err
	}
	return wanted.of(inLanguage(a.newEntry(s, preferred(c.Request))))
}

// inLanguage is jsonAnswer of what has texts in the language asked for.
func inLanguage(v any) (*answer, error) {
	ans, err := jsonAnswer(v)
	if err == nil {
		ans.vary = "Accept-Language"
	}
	return ans, err
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
	return a.lookUp(c, c.Param("id"), func(id registry.ID) string { return under + id.EscapedPath() })
}

// lookUp is find by an id as it was given, of which at makes an address.
func (a *api) lookUp(c *gin.Context, raw string, at func(registry.ID) string) (*registry.Software, *answer, error) {
	id, ok := readID(raw)
	if !ok {
		return nil, nil, errNoEntry
	}
	s, err := a.catalogue.Get(c.Request.Context(), id)
	if err != nil {
		elsewhere, err := a.absent(err, at)
		return nil, elsewhere, err
	}
	return s, nil, nil
}

// absent is the answer where an entry is not to be had under an id; one that has
// another id now is led to, by what at makes of that.
func (a *api) absent(err error, at func(registry.ID) string) (*answer, error) {
	var moved *registry.MovedError
	switch {
	case errors.As(err, &moved):
		return &answer{
			status: http.StatusPermanentRedirect,
			cache:  cacheMinute,
			header: map[string]string{"Location": a.link(at(moved.To))},
		}, nil
	case errors.Is(err, registry.ErrInvalid):
		return nil, errNoEntry
	}
	return nil, err
}

// readID reads the id from the rest of a path, decoded. It has to be the
// canonical one but for upper and lower case.
func readID(rest string) (registry.ID, bool) {
	raw := strings.TrimPrefix(rest, "/")
	id, err := registry.ParseID("https://" + raw)
	return id, err == nil && strings.EqualFold(string(id), raw)
}

// The languages of texts in answers.
const german, english = "de", "en"

var languages = language.NewMatcher([]language.Tag{language.German, language.English})

// reader is the primary tag of the language that Accept-Language asks for first.
// The search speaks more languages than the answers do.
func reader(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(strings.Join(r.Header.Values("Accept-Language"), ","))
	if err != nil || len(tags) == 0 {
		return german
	}
	if base, confidence := tags[0].Base(); confidence == language.Exact && base.String() != "mul" { // which * is read as
		return base.String()
	}
	return german
}

// preferred is the language for the texts of an answer: German, unless
// Accept-Language asks for English.
func preferred(r *http.Request) string {
	if _, i := language.MatchStrings(languages, r.Header.Values("Accept-Language")...); i == 1 {
		return english
	}
	return german
}
