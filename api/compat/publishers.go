// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"cmp"
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/allmende-registry/allmende/registry"
)

// PublisherDocument is the kind of a publisher that was sent in, with what
// registry.ManagedPublisher has no place for; its key is the publisher's ID. An
// active one is a ManagedPublisher besides: what is crawled in its name.
const PublisherDocument registry.DocumentKind = "developers-italia-publisher"

// publisher is a publisher in the form of answers.
type publisher struct {
	ID            string        `json:"id"`
	CatalogID     string        `json:"catalogId"`
	AlternativeID string        `json:"alternativeId,omitempty"`
	Email         string        `json:"email,omitempty"`
	Description   string        `json:"description"` // its name
	CodeHosting   []codeHosting `json:"codeHosting"`
	Active        bool          `json:"active"`
	CreatedAt     time.Time     `json:"createdAt"`
	UpdatedAt     time.Time     `json:"updatedAt"`

	id, region, uri string // of registry.Publisher
	version         int64  // of its PublisherDocument; 0 for none
	managed         int64  // version of its ManagedPublisher; 0 for none
}

// codeHosting is an address below which a publisher's repositories are, or that of
// one.
type codeHosting struct {
	URL       string    `json:"url"`
	Group     bool      `json:"group"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

func (p *publisher) place() cursor { return cursor{p.CreatedAt, p.ID} }

func (p *publisher) registry() registry.Publisher {
	return registry.Publisher{ID: p.id, Name: p.Description, Region: p.region, URI: p.uri}
}

// space is that of the UUIDs of what has no web address.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/allmende-registry/allmende"))

func publisherUUID(id string) string { return uuid.NewSHA1(space, []byte("publisher "+id)).String() }

func (a *API) listPublishers(r *request) (any, error) {
	w, err := parseWindow(r.URL.Query())
	if err != nil {
		return nil, err
	}
	all, err := a.everyPublisher(r.Context())
	if err != nil {
		return nil, err
	}
	if w.backward() {
		slices.Reverse(all)
	}
	var read []*publisher
	for _, p := range all {
		at := p.place()
		switch {
		case !p.Active && !w.all, !w.covers(p.CreatedAt), w.after != nil && !w.after.before(at), w.backward() && !at.before(*w.before):
			continue
		}
		if read = append(read, p); len(read) > w.size {
			break
		}
	}
	return page(&w, read, (*publisher).place, func(p *publisher) (*publisher, error) { return p, a.tellGroups(r.Context(), p) })
}

func (a *API) getPublisher(r *request) (any, error) {
	p, err := a.publisher(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	return p, a.tellGroups(r.Context(), p)
}

// publisher finds one by its id or alternativeId.
func (a *API) publisher(ctx context.Context, id string) (*publisher, error) {
	all, err := a.everyPublisher(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if strings.EqualFold(p.ID, id) || p.AlternativeID != "" && p.AlternativeID == id {
			return p, nil
		}
	}
	return nil, notFound("Publisher")
}

// everyPublisher are those of the configuration and those that were sent in, here
// or elsewhere in the API, in the order of their making.
func (a *API) everyPublisher(ctx context.Context) ([]*publisher, error) {
	began, _, err := a.lifetime(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[string]*publisher{}
	add := func(p registry.Publisher, at time.Time, sources []string) *publisher {
		out := &publisher{
			ID: publisherUUID(p.ID), CatalogID: catalogUUID, AlternativeID: p.ID, Description: cmp.Or(p.Name, p.ID),
			CodeHosting: []codeHosting{}, Active: true, CreatedAt: at, UpdatedAt: at, id: p.ID, region: p.Region, uri: p.URI,
		}
		for _, address := range sources {
			out.CodeHosting = append(out.CodeHosting, codeHosting{URL: address, Group: true, CreatedAt: at, UpdatedAt: at})
		}
		byID[p.ID] = out
		return out
	}
	if a.documents != nil {
		for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: registry.PublisherDocument}) {
			if err != nil {
				return nil, err
			}
			m, err := registry.ReadDocument[registry.ManagedPublisher](d)
			if err != nil {
				return nil, err
			}
			var sources []string
			for _, s := range m.Sources {
				sources = append(sources, s.URL)
			}
			add(m.Publisher, moment(m.Time), sources).managed = d.Version
		}
		for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: PublisherDocument}) {
			if err != nil {
				return nil, err
			}
			p, err := registry.ReadDocument[publisher](d)
			if err != nil {
				return nil, err
			}
			p.id, p.version, p.CatalogID = d.Key, d.Version, catalogUUID
			if m := byID[p.id]; m != nil {
				p.managed, p.region, p.uri = m.managed, m.region, m.uri
			} else if p.Active {
				continue // it was taken away elsewhere
			}
			byID[p.id] = p
		}
	}
	for _, p := range a.publishers {
		add(p.Publisher, began, p.Sources)
	}
	var all []*publisher
	for _, p := range byID {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *publisher) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// tellGroups finds out which addresses are those of one repository, as far as the
// crawl log knows: of a publisher that was sent in it was said.
func (a *API) tellGroups(ctx context.Context, p *publisher) error {
	for i := range p.CodeHosting {
		h := &p.CodeHosting[i]
		id, err := registry.ParseID(h.URL)
		if err != nil || p.version != 0 {
			continue
		}
		if _, err = a.store.Visit(ctx, id); err != nil && !errors.Is(err, registry.ErrNotFound) {
			return err
		}
		h.Group = err != nil
	}
	return nil
}

// sentHosting is code hosting as it is sent.
type sentHosting struct {
	URL   string `json:"url"`
	Group *bool  `json:"group"`
}

var publisherFields = []string{"codeHosting", "description", "email", "active", "alternativeId"}

// take reads the fields of a publisher that were sent.
func (p *publisher) take(f fields, now time.Time) error {
	flag := new(p.Active)
	var hosting []sentHosting
	given, err := f.into("codeHosting", &hosting)
	if err == nil {
		err = f.all(map[string]any{"description": &p.Description, "email": &p.Email, "active": &flag, "alternativeId": &p.AlternativeID})
	}
	if err != nil {
		return err
	}
	p.Active = flag == nil || *flag
	p.Email = strings.ToLower(strings.TrimSpace(p.Email))
	var wrong checker
	if given {
		if p.CodeHosting, err = p.hosting(hosting, now, &wrong); err != nil {
			return err
		}
	}
	if len(p.CodeHosting) == 0 && len(wrong) == 0 {
		wrong.add("codeHosting", "required", "")
	}
	wrong.text("description", p.Description, 255)
	if p.Email != "" {
		if at, err := mail.ParseAddress(p.Email); err != nil || at.Address != p.Email || len(p.Email) > 255 {
			wrong.add("email", "email", p.Email)
		}
	}
	if len([]rune(p.AlternativeID)) > 255 {
		wrong.add("alternativeId", "max", p.AlternativeID)
	}
	return wrong.problem()
}

func (p *publisher) hosting(sent []sentHosting, now time.Time, wrong *checker) (list []codeHosting, err error) {
	if len(sent) > 255 {
		return nil, unprocessable("codeHosting has more than 255 addresses")
	}
	for _, h := range sent {
		_, plain := wrong.address("codeHosting", h.URL)
		is := codeHosting{URL: plain, Group: h.Group == nil || *h.Group, CreatedAt: now, UpdatedAt: now}
		for _, was := range p.CodeHosting {
			if was.URL == is.URL {
				is.CreatedAt = was.CreatedAt
			}
		}
		if !slices.ContainsFunc(list, func(l codeHosting) bool { return l.URL == is.URL }) {
			list = append(list, is)
		}
	}
	slices.SortFunc(list, func(a, b codeHosting) int { return cmp.Compare(a.URL, b.URL) })
	return list, nil
}

func (a *API) createPublisher(r *request) (any, error) {
	f, err := readFields(r, publisherFields...)
	if err != nil {
		return nil, err
	}
	now := moment(a.now())
	p := &publisher{CatalogID: catalogUUID, Active: true, CreatedAt: now}
	if err := p.take(f, now); err != nil {
		return nil, err
	}
	all, err := a.everyPublisher(r.Context())
	if err != nil {
		return nil, err
	}
	if err := p.unlike(all); err != nil {
		return nil, err
	}
	p.id = freeID(cmp.Or(p.AlternativeID, p.Description), all)
	p.ID = publisherUUID(p.id)
	return a.writePublisher(r, p, "publisher.create")
}

// unlike reports what of a publisher another one has already.
func (p *publisher) unlike(all []*publisher) error {
	for _, o := range all {
		switch {
		case o.id == p.id:
		case p.AlternativeID != "" && (o.AlternativeID == p.AlternativeID || o.ID == p.AlternativeID):
			return conflict("alternativeId already exists")
		case o.Description == p.Description:
			return conflict("description already exists")
		case slices.ContainsFunc(p.CodeHosting, func(h codeHosting) bool {
			return slices.ContainsFunc(o.CodeHosting, func(g codeHosting) bool { return codeBase(g.URL) == codeBase(h.URL) })
		}):
			return conflict("codeHosting URL already exists")
		}
	}
	return nil
}

func (a *API) updatePublisher(r *request) (any, error) {
	p, err := a.publisher(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	if p.version == 0 {
		return nil, errConfigured
	}
	f, err := readFields(r, publisherFields...)
	if err != nil {
		return nil, err
	}
	if err := p.take(f, moment(a.now())); err != nil {
		return nil, err
	}
	all, err := a.everyPublisher(r.Context())
	if err != nil {
		return nil, err
	}
	if err := p.unlike(all); err != nil {
		return nil, err
	}
	return a.writePublisher(r, p, "publisher.update")
}

// errConfigured is the answer to who would change what is not from here.
var errConfigured = conflict("this publisher is of the node's configuration, or was made elsewhere in its API, and is changed there")

func (a *API) deletePublisher(r *request) (any, error) {
	p, err := a.publisher(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	if p.version == 0 {
		return nil, errConfigured
	}
	if err := r.by.Need(p.region); err != nil {
		return nil, err
	}
	gone := []*registry.Document{{Kind: PublisherDocument, Key: p.id, Version: p.version}}
	if p.managed != 0 {
		gone = append(gone, &registry.Document{Kind: registry.PublisherDocument, Key: p.id, Version: p.managed})
	}
	return nil, a.audit(r, "publisher.delete", p.id, gone...)
}

// writePublisher keeps a publisher, and what is crawled in its name while it is
// active.
func (a *API) writePublisher(r *request, p *publisher, action string) (any, error) {
	if err := r.by.Need(p.region); err != nil {
		return nil, err
	}
	now := moment(a.now())
	p.UpdatedAt = now
	body, err := encode(p)
	if err != nil {
		return nil, err
	}
	if p.version == 0 { // what it was is left where it was taken away elsewhere
		switch d, err := a.documents.Document(r.Context(), PublisherDocument, p.id); {
		case err == nil:
			p.version = d.Version
		case !errors.Is(err, registry.ErrNotFound):
			return nil, err
		}
	}
	documents := []*registry.Document{{Kind: PublisherDocument, Key: p.id, Version: p.version, Body: body}}
	if p.Active {
		m := &registry.ManagedPublisher{Publisher: p.registry(), By: r.by.Actor, Time: now}
		for _, h := range p.CodeHosting {
			m.Sources = append(m.Sources, registry.ManagedSource{URL: h.URL})
		}
		documents = append(documents, m.Document(p.managed))
	} else if p.managed != 0 {
		documents = append(documents, &registry.Document{Kind: registry.PublisherDocument, Key: p.id, Version: p.managed})
	}
	return p, a.audit(r, action, p.id, documents...)
}

// freeID makes of a text an ID that no publisher has: lower-case letters, digits and
// hyphens.
func freeID(text string, all []*publisher) string {
	const most = 48
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(cut(text, 4*most))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= most {
			break
		}
	}
	id := cmp.Or(strings.TrimRight(b.String(), "-"), "publisher")
	for taken := id; ; id = taken + "-" + uuid.NewString()[:8] {
		if !slices.ContainsFunc(all, func(p *publisher) bool { return p.id == id }) {
			return id
		}
	}
}
