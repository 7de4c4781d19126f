// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// Crawling is what the API asks of what crawls. Errors are those of package
// registry.
type Crawling interface {
	// Sources are all that are crawled, but for folders of this machine.
	Sources(ctx context.Context) ([]Source, error)
	// Covering tells the source with the longest address that an address lies under,
	// or is, of those there are now; ErrNotFound where there is none.
	Covering(ctx context.Context) (func(address string) (Source, error), error)
	// Check reports a source that cannot be crawled, or whose forge is not known and
	// does not answer as one, as ErrInvalid; it is put into its one form.
	Check(ctx context.Context, s *registry.ManagedSource) error
	// Changed is told that publishers were written.
	Changed()
	// Visit asks for a visit of a repository out of turn, and Crawl for a crawl of a
	// source; ErrTooLarge where too much waits already.
	Visit(ctx context.Context, of Source, repository registry.ID) error
	Crawl(ctx context.Context, s Source) error
}

// Source is one thing that is crawled.
type Source struct {
	URL       string
	Publisher registry.Publisher
	Origin    string // configuration, catalogue or api
}

// The origins of sources and publishers.
const (
	FromConfiguration = "configuration"
	FromCatalogue     = "catalogue" // or a search, that the configuration names
	FromAPI           = "api"
)

const (
	publishersPath = "/v1/publishers/"
	sourcesPath    = "/v1/sources"
)

// maxManagedSources is how many sources a publisher may have that is added by the
// API.
const maxManagedSources = 200

var (
	errNoPublisher = &problem{Status: http.StatusNotFound, Detail: "There is no publisher with this id. /v1/publishers lists those there are."}
	errConfigured  = &problem{Status: http.StatusConflict, Detail: "This publisher is that of the configuration of the node, which the API does not change: whoever runs the node changes it there. Choose another id for a new one."}
	errNoCrawling  = &problem{Status: http.StatusNotFound, Detail: "This node does not crawl."}
)

// publisherDetail is a publisher with what is crawled in its name.
type publisherDetail struct {
	publisher
	Origin  string          `json:"origin"`
	Sources []managedSource `json:"sources"`
	Links   publisherLinks  `json:"links"`
}

type publisherLinks struct {
	Self     string `json:"self"`
	Software string `json:"software"`
}

// managedSource is one thing to crawl.
type managedSource struct {
	URL     string   `json:"url"`
	Exclude []string `json:"exclude,omitempty"`
	Folders []string `json:"folders,omitempty"`
}

// newManaged is the body that adds a publisher, or replaces it.
type newManaged struct {
	Name    string          `json:"name"`
	Region  string          `json:"region"`
	URI     string          `json:"uri"`
	Sources []managedSource `json:"sources"`
}

func (a *api) newPublisherDetail(p registry.Publisher, origin string, sources []managedSource) publisherDetail {
	return publisherDetail{
		publisher: newPublisher(p), Origin: origin, Sources: orEmpty(sources),
		Links: publisherLinks{Self: a.link(publishersPath + p.ID), Software: a.softwareWith(registry.FacetPublisher, p.ID).Software},
	}
}

func (a *api) managedDetail(p *registry.ManagedPublisher) publisherDetail {
	return a.newPublisherDetail(p.Publisher, FromAPI, each(p.Sources, func(s registry.ManagedSource) managedSource { return managedSource(s) }))
}

// allPublishers are those of the configuration, then those that were added by the
// API.
func (a *api) allPublishers(ctx context.Context) ([]registry.Publisher, error) {
	if a.documents == nil {
		return a.publishers, nil
	}
	all := slices.Clone(a.publishers)
	for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: registry.PublisherDocument}) {
		if err != nil {
			return nil, err
		}
		p, err := registry.ReadDocument[registry.ManagedPublisher](d)
		if err != nil {
			return nil, err
		}
		if _, configured := a.configured(p.ID); !configured {
			all = append(all, p.Publisher)
		}
	}
	return all, nil
}

func (a *api) configured(id string) (registry.Publisher, bool) {
	i := slices.IndexFunc(a.publishers, func(p registry.Publisher) bool { return p.ID == id })
	if i < 0 {
		return registry.Publisher{}, false
	}
	return a.publishers[i], true
}

// managed is a publisher that was added by the API, with its version;
// errNoPublisher where there is none.
func (a *api) managed(ctx context.Context, id string) (*registry.ManagedPublisher, int64, error) {
	if a.documents == nil || !registry.IsPublisherID(id) {
		return nil, 0, errNoPublisher
	}
	doc, err := a.documents.Document(ctx, registry.PublisherDocument, id)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, 0, errNoPublisher
	}
	if err != nil {
		return nil, 0, err
	}
	p, err := registry.ReadDocument[registry.ManagedPublisher](doc)
	return p, doc.Version, err
}

// getPublisher is a publisher with its sources.
func (a *api) getPublisher(c *gin.Context) (*answer, error) {
	ctx, id := c.Request.Context(), c.Param("id")
	if p, ok := a.configured(id); ok {
		var sources []managedSource
		if a.crawling != nil {
			all, err := a.crawling.Sources(ctx)
			if err != nil {
				return nil, err
			}
			for _, s := range all {
				if s.Publisher.ID == id && s.Origin == FromConfiguration {
					sources = append(sources, managedSource{URL: s.URL})
				}
			}
		}
		return jsonAnswer(a.newPublisherDetail(p, FromConfiguration, sources))
	}
	p, _, err := a.managed(ctx, id)
	if err != nil {
		return nil, err
	}
	return jsonAnswer(a.managedDetail(p))
}

// putPublisher adds a publisher with its sources, or replaces it.
func (a *api) putPublisher(c *gin.Context) (*answer, error) {
	cl, err := a.manager(c)
	if err != nil {
		return nil, err
	}
	var in newManaged
	if err := readBody(c, &in); err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	p := &registry.ManagedPublisher{
		Publisher: registry.Publisher{ID: c.Param("id"), Name: in.Name, Region: in.Region, URI: in.URI},
		Sources:   each(in.Sources, func(s managedSource) registry.ManagedSource { return registry.ManagedSource(s) }),
		By:        cl.actor, Time: a.now().UTC(),
	}
	if err := p.Check(); err != nil {
		return nil, refused("", err)
	}
	if err := cl.may(registry.ScopePublishers, p.Publisher); err != nil {
		return nil, err
	}
	if err := a.checkSources(ctx, cl, p); err != nil {
		return nil, err
	}
	status := http.StatusOK
	err = contended(func() error {
		before, version, err := a.changeable(c, cl, p.ID)
		if errors.Is(err, errNoPublisher) {
			err, status = precondition(c, ""), http.StatusCreated
		}
		if err != nil {
			return err
		}
		if before != nil {
			status = http.StatusOK
		}
		return a.put(c, cl, "publisher.put", p.ID, fmt.Sprintf("%s, %d sources", p.Name, len(p.Sources)), p.Document(version))
	})
	if err != nil {
		return nil, err
	}
	a.crawling.Changed()
	return written(status, a.managedDetail(p))
}

// deletePublisher removes a publisher; what was crawled for it is crawled no longer.
func (a *api) deletePublisher(c *gin.Context) (*answer, error) {
	cl, err := a.manager(c)
	if err != nil {
		return nil, err
	}
	err = contended(func() error {
		p, version, err := a.changeable(c, cl, c.Param("id"))
		if err != nil {
			return err
		}
		return a.put(c, cl, "publisher.delete", p.ID, p.Name, &registry.Document{Kind: registry.PublisherDocument, Key: p.ID, Version: version})
	})
	if err != nil {
		return nil, err
	}
	a.crawling.Changed()
	return nothing(), nil
}

// manager is a caller who may change some publishers, which are not those of the
// configuration.
func (a *api) manager(c *gin.Context) (caller, error) {
	cl, err := a.writer(c, registry.ScopePublishers)
	switch _, configured := a.configured(c.Param("id")); {
	case err != nil:
		return cl, err
	case a.crawling == nil:
		return cl, errNoCrawling
	case configured:
		return cl, errConfigured
	}
	return cl, nil
}

// changeable is the publisher as it is, which the caller may change, and which is
// what the request's conditions say.
func (a *api) changeable(c *gin.Context, cl caller, id string) (*registry.ManagedPublisher, int64, error) {
	p, version, err := a.managed(c.Request.Context(), id)
	if err != nil {
		return nil, 0, err
	}
	if err := cl.may(registry.ScopePublishers, p.Publisher); err != nil {
		return nil, 0, err
	}
	body, err := encode(a.managedDetail(p))
	if err != nil {
		return nil, 0, err
	}
	return p, version, precondition(c, entityTag(body))
}

// checkSources puts the sources of a publisher into their one form. What another
// source covers is taken out of the hands of its publisher, which takes a token for
// their region too.
func (a *api) checkSources(ctx context.Context, cl caller, p *registry.ManagedPublisher) error {
	if len(p.Sources) > maxManagedSources {
		return badBody("/sources", codeTooMany, fmt.Sprintf("There are %d sources at most.", maxManagedSources))
	}
	covering, err := a.crawling.Covering(ctx)
	if err != nil {
		return err
	}
	for i := range p.Sources {
		s := &p.Sources[i]
		at := fmt.Sprintf("/sources/%d", i)
		if err := a.crawling.Check(ctx, s); err != nil {
			return refused(at, err)
		}
		if slices.ContainsFunc(p.Sources[:i], func(t registry.ManagedSource) bool { return t.URL == s.URL }) {
			return badBody(at+"/url", codeRepeated, "This source is named twice.")
		}
		over, err := covering(s.URL)
		switch {
		case errors.Is(err, registry.ErrNotFound):
			continue
		case err != nil:
			return err
		case over.Publisher.ID == p.ID:
			continue
		case over.URL == s.URL && over.Origin != FromCatalogue:
			return &problem{Status: http.StatusConflict, Detail: at + ": this source is crawled for the publisher " + over.Publisher.ID + " already."}
		}
		if err := cl.may(registry.ScopePublishers, over.Publisher); err != nil {
			return fmt.Errorf("%s lies under %s of %s: %w", s.URL, over.URL, over.Publisher.ID, err)
		}
	}
	return nil
}

type sourceList struct {
	Items []sourceItem `json:"items"`
	Total int          `json:"total"`
	Links pageLinks    `json:"links"`
}

// sourceItem is a source with what came of its crawls.
type sourceItem struct {
	URL          string    `json:"url"`
	Publisher    publisher `json:"publisher"`
	Origin       string    `json:"origin"`
	State        string    `json:"state"`
	Started      string    `json:"started,omitempty"`
	Finished     string    `json:"finished,omitempty"`
	Next         string    `json:"next,omitempty"`
	Error        string    `json:"error,omitempty"`
	Repositories int       `json:"repositories"`
}

// The states of a source.
const (
	sourceWaiting = "waiting" // never crawled
	sourceBegun   = "begun"   // is crawled, or was cut off
	sourceRead    = "read"
	sourceFailed  = "failed" // its last crawl did not come to its end
)

func newSourceItem(s Source, state *registry.SourceState) sourceItem {
	item := sourceItem{URL: s.URL, Publisher: newPublisher(s.Publisher), Origin: s.Origin, State: sourceWaiting}
	if state == nil {
		return item
	}
	item.Started, item.Finished, item.Next = instant(state.Started), instant(state.Finished), instant(state.Next)
	item.Error, item.Repositories = excerpt(state.Error), state.Repositories
	switch {
	case state.Started.IsZero():
	case state.Finished.Before(state.Started):
		item.State = sourceBegun
	case state.Error != "":
		item.State = sourceFailed
	default:
		item.State = sourceRead
	}
	return item
}

// excerpt is the beginning of a text, in characters that can be shown.
func excerpt(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText]) + "..."
	}
	return s
}

// listSources lists what is crawled, and what came of it.
func (a *api) listSources(c *gin.Context) (*answer, error) {
	if a.crawling == nil {
		return nil, errNoCrawling
	}
	p := readPage(c)
	address, named := p.one("url", maxID)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	ctx := c.Request.Context()
	all, err := a.crawling.Sources(ctx)
	if err != nil {
		return nil, err
	}
	if named {
		all = slices.DeleteFunc(all, func(s Source) bool { return s.URL != address })
	}
	slices.SortFunc(all, func(a, b Source) int { return cmp.Compare(a.URL, b.URL) })
	list := sourceList{Items: []sourceItem{}, Total: len(all), Links: pageLinks{Self: p.address(a, sourcesPath, p.after)}}
	for _, s := range all {
		if s.URL <= p.after {
			continue
		}
		if len(list.Items) == p.limit {
			list.Links.Next = p.address(a, sourcesPath, list.Items[p.limit-1].URL)
			break
		}
		state, err := a.catalogue.SourceState(ctx, s.URL)
		if err != nil && !errors.Is(err, registry.ErrNotFound) {
			return nil, err
		}
		list.Items = append(list.Items, newSourceItem(s, state))
	}
	return list.Links.onto(jsonAnswer(list))
}
