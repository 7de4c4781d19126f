// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package site makes the pages of the catalogue: German at /, English at /en/.
// The same templates are written as static files by Site.Build and answer
// requests through Site.Handler. Pages need no JavaScript, load nothing from
// another origin and set no cookies.
package site

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"iter"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

// Catalogue is what the site reads: the search index and the store provide it.
type Catalogue interface {
	// Search answers a query; registry.ErrInvalid for a cursor it did not give.
	Search(ctx context.Context, q registry.Query) (registry.Page, error)
	// Get returns an entry; *registry.MovedError, registry.ErrGone or
	// registry.ErrNotFound where it is not to be had under that ID.
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
	// All yields the entries in order of ID.
	All(ctx context.Context) iter.Seq2[*registry.Software, error]
	// Aliases yields former IDs and where they lead now.
	Aliases(ctx context.Context) (map[registry.ID]registry.ID, error)
	// Suggest tells ways to go on with what is being typed, at most n.
	Suggest(ctx context.Context, typed string, n int) ([]registry.Suggestion, error)
	// SimilarIDs are the entries most like one, the likest first, at most n;
	// registry.ErrNotFound where there is no such entry.
	SimilarIDs(ctx context.Context, id registry.ID, n int) ([]registry.ID, error)
	// Changes yields the log after a revision, the oldest first.
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	// Shards writes the search index as files for a browser, with cards in some
	// languages; card makes that of an entry in HTML, "" for none, and is called by
	// several at a time.
	Shards(ctx context.Context, langs []string, card func(lang string, id registry.ID) (string, error), kept func(name string, sum [16]byte) bool, write func(name string, content []byte) error) error
	// History yields the revisions of an entry, the newest first, also of one
	// that is removed; *registry.MovedError for a former ID,
	// registry.ErrNotFound for one that never was.
	History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error]
	// Days yields the statistics of the days from one to another, "" for open,
	// the oldest first.
	Days(ctx context.Context, from, to string) iter.Seq2[*registry.Day, error]
	// Board is the board of needs as anybody may see it at a moment.
	Board(ctx context.Context, now time.Time) (*registry.Board, error)
	// Visit and SourceState are what the crawl log has of a repository and a
	// source; registry.ErrNotFound where it has nothing.
	Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error)
	SourceState(ctx context.Context, source string) (*registry.SourceState, error)
	// File returns the bytes of a raw file of an entry by its hash;
	// registry.ErrNotFound where there is none.
	File(ctx context.Context, hash string) ([]byte, error)
	// Rev is the newest revision of what the other methods answer from.
	Rev(ctx context.Context) (registry.Rev, error)
}

// Options are what an operator may set. The zero value is usable.
type Options struct {
	// Name of the catalogue in titles and in the header; "" is Allmende.
	Name string
	// Notice is a sentence shown above every page, by language ("de", "en").
	Notice map[string]string
	// BaseURL is the address that the site is reached under, such as
	// https://example.org/katalog/. With it pages carry canonical addresses and
	// there is a sitemap; its path is put before every link.
	BaseURL string
	// Publishers get a page even before they have an entry.
	Publishers []registry.Publisher
	// Policies judge the licences of entries; nil are those of package licence.
	Policies []licence.Policy
	// Claims tells the source that would lead to a repository, "" for none; nil is
	// that none would.
	Claims func(context.Context, registry.ID) (string, error)
	// Duties are the pages that the operator writes; the others have neither page
	// nor link.
	Duties map[Duty]DutyText
	// Contact is a mailto: or https: address of the operator, DataLicence the SPDX
	// expression of the licence of the catalogue's data; "" says nothing of it.
	Contact, DataLicence string
	// Demo says on every page that the entries are invented.
	Demo bool
	// API says that the JSON API is served beside the pages at /v1/.
	API bool
	// Now tells the time, which decides whether a statement is confirmed still; nil
	// is time.Now.
	Now func() time.Time
	// Logger gets what fails while answering; nil is slog.Default.
	Logger *slog.Logger
}

// Site makes pages from a catalogue. It is safe for concurrent use.
type Site struct {
	catalogue Catalogue
	opt       Options
	origin    string // scheme and host of BaseURL; "" without one
	prefix    string // path of BaseURL without the slash at its end
	templates map[string]*template.Template
	forms     map[form]formed // what is executed of templates
	assets    *assets
	log       *slog.Logger

	duties  map[Duty]map[string]*proseBody   // by language of the page
	guides  map[string]map[string]*proseBody // by language and path
	notices notices

	mu      sync.Mutex
	recent  atomic.Pointer[overview] // of the revision it names; see Site.overview
	asked   time.Time                // when the needs were last read, and how long that took
	expense time.Duration
	past    *statistics // see Site.statistics
}

// New checks the options and parses templates and assets. The error wraps
// registry.ErrInvalid where BaseURL is no absolute http or https address.
func New(c Catalogue, opt Options) (*Site, error) {
	s := &Site{catalogue: c, opt: opt, log: opt.Logger}
	if s.opt.Name == "" {
		s.opt.Name = "Allmende"
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if opt.BaseURL != "" {
		u, err := url.Parse(opt.BaseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("site: %w: base URL %q is no absolute http or https address", registry.ErrInvalid, opt.BaseURL)
		}
		s.origin = u.Scheme + "://" + u.Host
		s.prefix = strings.TrimRight(u.EscapedPath(), "/")
	}
	for _, p := range opt.Publishers {
		if !usablePathSegment(p.ID) {
			return nil, fmt.Errorf("site: %w: publisher ID %q cannot be part of an address", registry.ErrInvalid, p.ID)
		}
	}
	s.opt.Publishers = slices.Clone(opt.Publishers)
	if s.opt.Now == nil {
		s.opt.Now = time.Now
	}
	if s.opt.Claims == nil {
		s.opt.Claims = func(context.Context, registry.ID) (string, error) { return "", nil }
	}
	if s.opt.Policies == nil {
		s.opt.Policies = licence.Policies()
	}
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	if err := errors.Join(s.readGuides(), s.readDuties(), s.readNotices()); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	if s.templates, err = parseTemplates(); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	s.forms = s.formTemplates()
	return s, nil
}

// now is the moment that pages are made at.
func (s *Site) now() time.Time { return s.opt.Now() }
