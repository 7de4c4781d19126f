// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

//go:embed templates/*.html
var templateFiles embed.FS

// The kinds of page, each a template file of that name.
const (
	homePage       = "home"
	listPage       = "list"
	softwarePage   = "software"
	publishersPage = "publishers"
	publisherPage  = "publisher"
	regionsPage    = "regions"
	regionPage     = "region"
	findingsPage   = "findings"
	findingPage    = "finding"
	licencesPage   = "licences"
	licencePage    = "licence"
	messagePage    = "message"
	movedPage      = "moved"
	editorPage     = "editor"
	historyPage    = "history"
	statisticsPage = "statistics"
	standingPage   = "standing"
	comparisonPage = "comparison"
	helpPage       = "help"
	topicPage      = "topic"
	topicsPage     = "topics"

	needsPage       = "needs"
	needPage        = "need"
	communitiesPage = "communities"

	prosePage        = "prose"
	noticesPage      = "notices"
	improvementsPage = "improvements"
	improvePage      = "improve"
)

func parseTemplates() (map[string]*template.Template, error) {
	base := template.New("")
	for _, part := range []string{"layout", "parts", "collected", "licensing", "chart", "entry", "reuse", "together", "family"} {
		if err := parseTemplate(base, part); err != nil {
			return nil, err
		}
	}
	all := map[string]*template.Template{}
	for _, kind := range []string{homePage, listPage, softwarePage, publishersPage, publisherPage, regionsPage, regionPage, findingsPage, findingPage, licencesPage, licencePage, messagePage, movedPage, editorPage, historyPage, statisticsPage, standingPage, comparisonPage, helpPage, topicPage, topicsPage, needsPage, needPage, communitiesPage, prosePage, noticesPage, improvementsPage, improvePage} {
		t, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if err := parseTemplate(t, kind); err != nil {
			return nil, err
		}
		all[kind] = t
	}
	return all, nil
}

// indentation is for those who read a template, not for those who load its pages.
var indentation = regexp.MustCompile(`(?m)^[ \t]+`)

func parseTemplate(t *template.Template, name string) error {
	src, err := templateFiles.ReadFile("templates/" + name + ".html")
	if err == nil {
		_, err = t.New(name + ".html").Parse(indentation.ReplaceAllString(string(src), ""))
	}
	return err
}

// crumb is a step of the way from the home page. The last one has no path.
type crumb struct{ Label, Path string }

// page is what the layout needs, and what the body of each kind has in Body.
type page struct {
	site *Site

	Kind        string
	Lang        string // of the page
	Path        string // without language and prefix: /software/; "" where the page has no address of its own
	Title       string // of the document, without the name of the catalogue
	Description string // one sentence for search engines and previews
	// DescriptionLang is the language of Description where it is not that of the
	// page.
	DescriptionLang string
	Section         string // which entry of the main navigation is current
	Crumbs          []crumb
	Static          bool // written to a file, so that a query is not answered
	NoIndex         bool
	Query           string     // raw query of the request, kept when the language is switched
	Feed            url.Values // parameters of the feeds that belong to the page; nil for none
	Body            any
}

// scope hands a part of a page to a template together with the page.
type scope struct {
	*page
	V any
}

// With is the page and a part of it, for templates used by several pages.
func (p *page) With(v any) scope { return scope{p, v} }

// T is the text for a key.
func (p *page) T(key string, args ...any) (string, error) { return translate(p.Lang, key, args...) }

// N is the text for a number of things.
func (p *page) N(key string, n int) (string, error) { return plural(p.Lang, key, n) }

// Number groups digits.
func (p *page) Number(n int) string { return formatNumber(p.Lang, n) }

// Date is a day in words.
func (p *page) Date(t time.Time) string { return formatDate(p.Lang, t) }

// Moment is a day in words with the time of day.
func (p *page) Moment(t time.Time) string { return formatMoment(p.Lang, t) }

// Instant is a moment for the datetime attribute.
func (p *page) Instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ISO is a day for the datetime attribute.
func (p *page) ISO(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Region is the name of a region.
func (p *page) Region(code string) string { return registry.RegionName(code, p.Lang) }

// Area is the name of a region where its parts count in.
func (p *page) Area(code string) string { return areaName(code, p.Lang) }

// Href is a link to a path of the site in the page's language.
func (p *page) Href(path string) string { return p.site.prefix + localPath(p.Lang, path) }

// Asset is the address of a file under /assets/.
func (p *page) Asset(name string) (string, error) {
	path, err := p.site.assets.path(name)
	return p.site.prefix + path, err
}

// Name is the name of the catalogue.
func (p *page) Name() string { return p.site.opt.Name }

// Notice is the operator's sentence above all pages.
func (p *page) Notice() string { return p.site.opt.Notice[p.Lang] }

// Demo reports whether the entries are invented.
func (p *page) Demo() bool { return p.site.opt.Demo }

// API reports whether the page may link to the JSON behind it.
func (p *page) API() bool { return p.site.opt.API && !p.Static }

// Reference is the address of the API's description for people.
func (p *page) Reference() string { return p.site.prefix + "/api/?lang=" + p.Lang }

// Policy is what the page may load and send, in the terms of a
// Content-Security-Policy.
func (p *page) Policy() string {
	if p.Kind == editorPage {
		return contentSecurityPolicy + editorPolicy
	}
	return contentSecurityPolicy
}

// alternate is this page in one of the languages.
type alternate struct {
	Lang, Href, Absolute string
	Current              bool
}

// Locale is the language as previews name it (Open Graph, og:locale).
func (a alternate) Locale() string {
	if a.Lang == "de" {
		return "de_DE"
	}
	return "en_GB"
}

// Alternates are this page in all languages; the start pages where the page
// has no address.
func (p *page) Alternates() []alternate {
	path := p.Path
	if path == "" {
		path = "/"
	}
	list := make([]alternate, 0, len(languages))
	for _, l := range languages {
		href := p.site.prefix + localPath(l, path)
		a := alternate{Lang: l, Href: href, Current: l == p.Lang}
		if p.site.origin != "" {
			a.Absolute = p.site.origin + href
		}
		if p.Query != "" {
			a.Href += "?" + p.Query
		}
		list = append(list, a)
	}
	return list
}

// Canonical is the absolute address of the page; "" where it is not known.
func (p *page) Canonical() string {
	if p.site.origin == "" || p.Path == "" {
		return ""
	}
	return p.site.origin + p.Href(p.Path)
}

// render makes the HTML of a page.
func (s *Site) render(p *page) ([]byte, error) {
	p.site = s
	var out bytes.Buffer
	t, err := s.template(p)
	if err == nil {
		err = t.ExecuteTemplate(&out, "layout", p)
	}
	if err != nil {
		return nil, fmt.Errorf("site: page %s: %w", p.Path, err)
	}
	return out.Bytes(), nil
}

// Search is an empty search form, for pages that have no query of their own.
func (p *page) Search() *listing { return &listing{} }

// PublisherPath is the path of a publisher's page.
func (p *page) PublisherPath(id string) string { return publisherPath(id) }

// ImprovementsOf is the path of the page of a publisher's findings.
func (p *page) ImprovementsOf(id string) string { return improvementsOf(id) }

// RegionPath is the path of a region's page.
func (p *page) RegionPath(code string) string { return regionPath(code) }

// Short is a name in a length that fits a line or two.
func (p *page) Short(name string) string { return shorten(name, maxName) }

// LicencePath is the path of a licence's page.
func (p *page) LicencePath(id string) string { return licencePath(id) }

// Dossiers is where the API makes the dossier of an entry.
func (p *page) Dossiers(id registry.ID) string {
	return p.site.prefix + "/v1/dossiers?" + url.Values{"software": {string(id)}, "lang": {p.Lang}}.Encode()
}

// Ordinal counts from 1 what an index counts from 0.
func (p *page) Ordinal(i int) string { return p.Number(i + 1) }

// Share writes a number of hundredths.
func (p *page) Share(percent int) string { return formatPercent(p.Lang, percent) }

// Percent writes a share of 1.
func (p *page) Percent(share float64) string {
	return formatPercent(p.Lang, int(math.Round(100*min(1, max(0, share)))))
}

// Until says how long a contract lasts.
func (p *page) Until(d day) (string, error) {
	if d.At.IsZero() {
		return p.T("software.until", d.Text)
	}
	return p.T("software.until", p.Date(d.At))
}

// Origin is the scheme and host that the site is reached under, "https://…"
// where that is not known.
func (p *page) Origin() string { return cmp.Or(p.site.origin, "https://…") }

// JSON is the address of the API's answer for the entry with that page.
func (p *page) JSON(path string) string {
	return p.site.prefix + "/v1" + strings.TrimSuffix(path, "/")
}
