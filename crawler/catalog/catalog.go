// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package catalog reads addresses of repositories from other catalogues: the API
// of Developers Italia and what is compatible with it, other nodes of Allmende,
// inventories in the form of code.json, lists of addresses and lists of
// publishers. What they say is a hint where to look and nothing more: every
// entry is crawled at its own forge.
package catalog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// Kind is the form of a catalogue.
type Kind string

// The kinds.
const (
	DevelopersItalia Kind = "developers-italia" // an API with /v1/software and /v1/publishers
	Allmende         Kind = "allmende"          // another node, by its /v1/software
	CodeJSON         Kind = "code-json"         // an inventory in the form of code.json, 2.0.0 or 1.0.1
	List             Kind = "list"              // addresses of repositories, a line each or as a JSON array
	Publishers       Kind = "publishers"        // publishers with their organisations and repositories, as publishers.yml
)

// Kinds are all kinds, in the order of the documentation.
var Kinds = []Kind{DevelopersItalia, Allmende, CodeJSON, List, Publishers}

// The bounds of one reading.
const (
	maxSize    = 32 << 20 // a document or the page of an API, in bytes
	maxEntries = 200_000  // used and refused ones together
)

var (
	// ErrKind is a kind that there is not, or that does not go with the location.
	ErrKind = errors.New("unusable kind")
	// ErrUnchanged ends a reading of a catalogue that is as it was when
	// Options.Tag was given out.
	ErrUnchanged = errors.New("unchanged")
)

// Entry is one address that a catalogue names.
type Entry struct {
	// URL is the web address of a repository, https or http, without .git; with
	// Group that of an organisation, a user or a group on a forge, never that of
	// a whole forge. Where Err is set it is what the catalogue says, cut off if
	// long.
	URL   string
	Group bool
	// Folder is one of the repository that has a publiccode.yml of its own, by
	// another node; "" for all else. It is no pattern.
	Folder string
	// Publisher is who answers for it by what the catalogue says: its ID is of
	// lower-case letters, digits and hyphens. It is zero where the catalogue
	// names nobody.
	Publisher registry.Publisher
	// Where is the place in the catalogue, such as "line 7" or "releases[3]".
	Where string
	// Err is why the entry cannot be used; those after it can.
	Err error
}

// Options say how to read a catalogue.
type Options struct {
	Kind   Kind // "" to have it probed
	Client *http.Client
	// Tag is what Catalogue.Tag gave after a former reading; with it, one that
	// would bring nothing new ends with ErrUnchanged.
	Tag string
}

// Catalogue is a source of addresses. It is not safe for concurrent use.
type Catalogue struct {
	kind   Kind
	where  location
	client *http.Client
	since  string
	tag    string
}

// Open takes the address of a catalogue or the path of a file: https://HOST/PATH,
// file:///PATH, or a path that begins with / or with a dot. Where the kind has
// to be probed it asks the catalogue.
func Open(ctx context.Context, where string, opt Options) (*Catalogue, error) {
	if err := Check(where, opt.Kind); err != nil {
		return nil, err
	}
	loc, err := parseLocation(where)
	if err != nil {
		return nil, err
	}
	if opt.Kind == "" {
		if opt.Kind, err = Probe(ctx, opt.Client, where); err != nil {
			return nil, err
		}
	}
	return &Catalogue{kind: opt.Kind, where: loc, client: opt.Client, since: opt.Tag}, nil
}

// Check holds a location and a kind, "" for one that is to be probed, against
// what Open takes. Errors are registry.ErrInvalid, those of the kind ErrKind.
func Check(where string, kind Kind) error {
	loc, err := parseLocation(where)
	if err != nil {
		return fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	_, known := readers[kind]
	switch {
	case kind != "" && !known:
		return fmt.Errorf("%w: %w: %q is none of %s; leave it out to have it probed", registry.ErrInvalid, ErrKind, kind, kindNames())
	case kind.isAPI() && loc.url == nil:
		return fmt.Errorf("%w: %w: %s is read from an https:// address, not from a file", registry.ErrInvalid, ErrKind, kind)
	}
	return nil
}

func (k Kind) isAPI() bool { return k == DevelopersItalia || k == Allmende }

func kindNames() string {
	names := make([]string, len(Kinds))
	for i, k := range Kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// Kind is the kind that was given or probed.
func (c *Catalogue) Kind() Kind { return c.kind }

// Tag is what to give as Options.Tag the next time: after a reading that came
// to its end, where the catalogue tells what it takes; else "".
//
// For another node of Allmende it is that of the first page, by newest entry and
// with the count of all: an entry that came back while another one went is not
// noticed by it. Read without a tag now and then.
func (c *Catalogue) Tag() string { return c.tag }

// Entries reads the catalogue. Every address comes once, or once for each Folder,
// however often the catalogue has it; what cannot be used comes with Err. An error ends the
// reading and is the last thing yielded; what was yielded before it stands.
func (c *Catalogue) Entries(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		c.tag = ""
		l := newListing(func(e Entry) bool { return yield(e, nil) })
		tag, err := readers[c.kind](ctx, c, l)
		switch {
		case errors.Is(err, errStopped):
		case err != nil:
			yield(Entry{}, fmt.Errorf("catalogue %s: %w", c.where, err))
		default:
			c.tag = tag
		}
	}
}

// readers hand the entries of a catalogue to a listing and tell its tag.
var readers = map[Kind]func(context.Context, *Catalogue, *listing) (tag string, err error){
	DevelopersItalia: developersItalia,
	Allmende:         allmende,
	CodeJSON:         document(parseCodeJSON),
	List:             document(parseList),
	Publishers:       document(parsePublishers),
}

// document makes a reader of what parses a whole document.
func document(parse func([]byte, *listing) error) func(context.Context, *Catalogue, *listing) (string, error) {
	return func(ctx context.Context, c *Catalogue, l *listing) (string, error) {
		a, err := c.where.read(ctx, c.client, c.since)
		if err != nil {
			return "", err
		}
		return a.tag, parse(a.body, l)
	}
}
