// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// broughtBy begins the ForgeID of an entry that another crawler brought. It is of no
// forge; by it such an entry can be renamed.
const broughtBy = "developers-italia:"

// brought reports whether an entry is not from a visit of this node.
func brought(s *registry.Software) bool {
	return s != nil && strings.HasPrefix(s.Repository.ForgeID, broughtBy)
}

// sent is an entry as it was sent in.
type sent struct {
	url     string
	aliases []string
	file    string
	active  bool
}

// take reads what was sent over what there is. A mark for the vitality has no place
// here, and is passed over.
func (in *sent) take(f fields) error {
	on := new(in.active)
	var vitality *string
	err := f.all(map[string]any{"url": &in.url, "aliases": &in.aliases, "publiccodeYml": &in.file, "active": &on, "vitality": &vitality})
	in.active = on == nil || *on
	return err
}

// maxAliases is how many other addresses an entry may be given.
const maxAliases = 255

var softwareFields = []string{"url", "aliases", "publiccodeYml", "active", "vitality"}

func (a *API) createSoftware(r *request) (any, error) {
	f, err := readFields(r, softwareFields...)
	if err != nil {
		return nil, err
	}
	in := sent{active: true}
	if err := in.take(f); err != nil {
		return nil, err
	}
	s, err := a.read(in)
	if err != nil {
		return nil, err
	}
	for _, id := range append([]registry.ID{s.ID}, idsOf(s.Locations)...) {
		rec, err := a.byURL(r.Context(), "https://"+string(id))
		if err == nil && (rec.state == active || id == s.ID) {
			return nil, conflict("url already exists")
		}
		if err != nil && !isProblem(err) {
			return nil, err
		}
	}
	if err := a.unwanted(r.Context(), s.ID); err != nil {
		return nil, err
	}
	s.Repository.ForgeID = broughtBy + uuid.NewString()
	if err := a.put(r, s, in.active, "software.create"); err != nil {
		return nil, err
	}
	rec, err := a.byID(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	return a.show(r.Context(), rec)
}

func (a *API) updateSoftware(r *request) (any, error) {
	rec, err := a.byUUID(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	f, err := readFields(r, softwareFields...)
	if err != nil {
		return nil, err
	}
	is, err := a.state(r.Context(), rec)
	if err != nil {
		return nil, err
	}
	shown, err := a.show(r.Context(), rec)
	if err != nil {
		return nil, err
	}
	in := sent{url: shown.URL, aliases: shown.Aliases, file: shown.PubliccodeYml, active: shown.Active}
	if err := in.take(f); err != nil {
		return nil, err
	}
	if !brought(is) {
		if in.active != shown.Active {
			return nil, errCrawled
		}
		return shown, a.mayWrite(r, is)
	}
	s, err := a.read(in)
	if err != nil {
		return nil, err
	}
	if !s.ID.Same(rec.id) {
		if s.ID.Host() != rec.id.Host() {
			return nil, unprocessable("url can change on its host only; create another Software")
		}
		other, err := a.byID(r.Context(), s.ID)
		if err == nil && other.uuid != rec.uuid {
			return nil, conflict("url already exists")
		}
		if err != nil && !isProblem(err) {
			return nil, err
		}
	}
	s.Repository.ForgeID = is.Repository.ForgeID
	// A former address is an alias by itself.
	s.Locations = slices.DeleteFunc(s.Locations, func(l registry.Location) bool {
		return slices.ContainsFunc(rec.former, l.ID.Same) || l.ID.Same(rec.id)
	})
	if err := a.put(r, s, in.active, "software.update"); err != nil {
		return nil, err
	}
	if rec, err = a.byUUID(r.Context(), rec.uuid); err != nil {
		return nil, err
	}
	return a.show(r.Context(), rec)
}

// errCrawled is the answer to who would take away what this node crawls itself: the
// next visit would bring it back.
var errCrawled = conflict("this node crawls the repository itself: whoever runs it decides in its configuration what is excluded")

func (a *API) deleteSoftware(r *request) (any, error) {
	rec, err := a.byUUID(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	s, err := a.state(r.Context(), rec)
	if err != nil {
		return nil, err
	}
	if err := a.mayWrite(r, s); err != nil {
		return nil, err
	}
	if !brought(s) {
		return nil, errCrawled
	}
	if rec.state == inactive { // a removal is one only where there is something
		s.Rev = 0
		if _, err := a.store.Put(r.Context(), s); err != nil {
			return nil, refused(err)
		}
	}
	if _, err := a.store.Remove(r.Context(), rec.id, registry.LeftOut); err != nil && !registry.Absent(err) {
		return nil, err
	}
	return nil, a.audit(r, "software.delete", string(rec.id))
}

// unwanted is the answer where a visit of this node found that the repository is not
// to be listed.
func (a *API) unwanted(ctx context.Context, id registry.ID) error {
	v, err := a.store.Visit(ctx, id.Repository())
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return nil
	case err != nil:
		return err
	case v.Outcome == registry.OptedOut:
		return conflict("the maintainers of the repository do not want it to be listed")
	case v.Outcome == registry.Excluded:
		return conflict("whoever runs this node has excluded the repository")
	}
	return nil
}

// read makes an entry of what was sent.
func (a *API) read(in sent) (*registry.Software, error) {
	var wrong checker
	id, plain := wrong.address("url", in.url)
	if in.file == "" {
		wrong.add("publiccodeYml", "required", "")
	}
	if len(in.aliases) > maxAliases {
		wrong.add("aliases", "max", "")
		in.aliases = nil
	}
	var locations []registry.Location
	for _, alias := range in.aliases {
		other, at := wrong.address("aliases", alias)
		if other != "" && !other.Same(id) && !slices.ContainsFunc(locations, func(l registry.Location) bool { return l.ID.Same(other) }) {
			locations = append(locations, registry.Location{ID: other, URL: at})
		}
	}
	if err := wrong.problem(); err != nil {
		return nil, err
	}
	doc := publiccode.Parse([]byte(in.file), publiccode.Options{RepositoryURL: plain})
	if doc.PublicCode == nil || strings.TrimSpace(doc.PublicCode.Name) == "" {
		wrong.add("publiccodeYml", "publiccode", in.file)
		p := invalid(wrong...)
		p.Detail = "publiccodeYml cannot become an entry: " + firstError(doc.Findings)
		return nil, p
	}
	s := &registry.Software{
		ID: id, PublicCode: *doc.PublicCode, Findings: doc.Findings, Locations: locations,
		Repository: registry.Repository{URL: plain},
		Files:      []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: []byte(in.file)}},
	}
	for _, address := range doc.PublicCode.IsBasedOn {
		other, err := registry.ParseID(address)
		if err == nil && !other.Same(id) && !slices.ContainsFunc(s.BasedOn, other.Same) {
			s.BasedOn = append(s.BasedOn, other)
		}
	}
	return s, nil
}

func firstError(findings []publiccode.Finding) string {
	for _, f := range findings {
		if f.Severity == publiccode.Error {
			return fmt.Sprintf("line %d: %s", f.Line, cut(f.Message("en"), 1000))
		}
	}
	return "it has no name"
}

// maxConflicts is how often an entry is put that others change meanwhile.
const maxConflicts = 10

// put writes an entry with its other locations, and takes it away again where it is
// to be inactive.
func (a *API) put(r *request, s *registry.Software, on bool, action string) error {
	ctx := r.Context()
	var err error
	if s.Publisher, err = a.publisherOf(ctx, s); err != nil {
		return err
	}
	if err := a.mayWrite(r, s); err != nil {
		return err
	}
	for range maxConflicts {
		if _, err = a.store.Put(ctx, s); !errors.Is(err, registry.ErrConflict) {
			break
		}
	}
	if err != nil {
		return refused(err)
	}
	if err := a.locate(ctx, s); err != nil {
		return err
	}
	if on {
		err = registry.Amend(ctx, stores{a.store, a.documents}, s.ID)
	} else {
		_, err = a.store.Remove(ctx, s.ID, registry.NotCatalogued)
	}
	return errors.Join(err, a.audit(r, action, string(s.ID)))
}

// stores are the two halves of a store.
type stores struct {
	registry.Store
	registry.Documents
}

// locate writes into the crawl log of which entry the other locations are, where no
// visit knows better.
func (a *API) locate(ctx context.Context, s *registry.Software) error {
	for _, l := range s.Locations {
		v, err := a.store.Visit(ctx, l.ID)
		switch {
		case err == nil && v.Source != broughtSource, errors.Is(err, registry.ErrInvalid):
			continue
		case err != nil && !errors.Is(err, registry.ErrNotFound):
			return err
		}
		err = a.store.PutVisit(ctx, &registry.Visit{
			Repo: l.ID, URL: l.URL, Source: broughtSource, Time: a.now().UTC(), Outcome: registry.AtOther, Of: s.ID,
			Detail: "another crawler calls it an alias of " + string(s.ID),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// broughtSource stands in the crawl log where another crawler says so.
const broughtSource = "developers-italia"

// mayWrite asks whether the caller may write an entry: as its publisher's region is.
func (a *API) mayWrite(r *request, s *registry.Software) error {
	region := ""
	if s != nil {
		region = s.Publisher.Region
	}
	return r.by.Need(region)
}

// publisherOf is who answers for an entry that was sent: the publisher whose code
// hosting it lies in, most closely; else whom its file names.
func (a *API) publisherOf(ctx context.Context, s *registry.Software) (registry.Publisher, error) {
	all, err := a.everyPublisher(ctx)
	if err != nil {
		return registry.Publisher{}, err
	}
	var best registry.Publisher
	longest := -1
	for _, p := range all {
		for _, h := range p.CodeHosting {
			base := codeBase(h.URL)
			if key := s.ID.Key(); (key == base || strings.HasPrefix(key, base+"/")) && len(base) > longest {
				best, longest = p.registry(), len(base)
			}
		}
	}
	if longest >= 0 {
		return best, nil
	}
	if o := s.PublicCode.Organisation; o != nil && strings.TrimSpace(o.Name+o.URI) != "" {
		for _, p := range all {
			if o.URI != "" && (strings.EqualFold(o.URI, p.uri) || strings.EqualFold(o.URI, p.AlternativeID)) {
				return p.registry(), nil
			}
		}
		name := strings.TrimSpace(o.Name)
		if name == "" {
			name = o.URI
		}
		return registry.Publisher{ID: cut(name, 64), Name: cut(name, 200)}, nil
	}
	return registry.Publisher{}, nil
}

// codeBase is an address without its scheme, as IDs begin.
func codeBase(address string) string {
	if id, err := registry.ParseID(address); err == nil {
		return id.Key()
	}
	_, rest, _ := strings.Cut(address, "://")
	return strings.ToLower(strings.Trim(rest, "/"))
}

// audit writes down who did what.
func (a *API) audit(r *request, action, object string, with ...*registry.Document) error {
	line := registry.Audit(a.now(), r.by.Actor, "developers-italia."+action, object, "")
	err := a.documents.PutDocuments(r.Context(), append(with, line.Document())...)
	if errors.Is(err, registry.ErrConflict) {
		return &Problem{Detail: "changed by another meanwhile, try again", Status: http.StatusConflict}
	}
	return refused(err)
}

func idsOf(locations []registry.Location) (ids []registry.ID) {
	for _, l := range locations {
		ids = append(ids, l.ID)
	}
	return ids
}
