// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const adoptionsPath = "/v1/adoptions"

var adoptionParameters = []string{"software", "organisation", "region", "role", "perPage", "after"}

// adoptionItem is what an organisation says that it does with a software.
type adoptionItem struct {
	Organisation adoption.Organisation `json:"organisation"`
	// Proof is how it is known that the organisation says so, and Publisher whose
	// source the file is in; it is not given for what was said by the API.
	Proof          registry.Proof `json:"proof"`
	Publisher      *publisher     `json:"publisher,omitempty"`
	Role           adoption.Role  `json:"role"`
	Version        string         `json:"version,omitempty"`
	Since          string         `json:"since,omitempty"`
	ConfirmedUntil string         `json:"confirmedUntil,omitempty"`
	Current        bool           `json:"current"`
	Purpose        string         `json:"purpose,omitempty"`
	Contact        string         `json:"contact,omitempty"`
	Repository     registry.ID    `json:"repository,omitempty"`
	URL            string         `json:"url,omitempty"` // of the file
}

// statementItem is one in the list of all.
type statementItem struct {
	Software   registry.ID         `json:"software"`
	Visibility adoption.Visibility `json:"visibility"`
	adoptionItem
}

type statementList struct {
	Items []statementItem `json:"items"`
	Links pageLinks       `json:"links"`
}

func newAdoption(a registry.Adoption, now time.Time) adoptionItem {
	item := adoptionItem{
		Organisation: a.Organisation, Proof: a.Proof(), Role: a.Role, Version: a.Version, Since: date(a.Since),
		ConfirmedUntil: date(a.ConfirmedUntil), Current: a.Current(now), Purpose: a.Purpose, Contact: a.Contact,
		Repository: a.Repository, URL: a.URL,
	}
	if a.Repository != "" {
		p := newPublisher(a.Publisher)
		item.Publisher = &p
	}
	return item
}

// listAdoptions lists what organisations say, as they say it: the same in two places
// is there twice. What is restricted is there for those who may see it.
func (a *api) listAdoptions(c *gin.Context) (*answer, error) {
	if err := a.writes(); err != nil {
		return nil, err
	}
	cl, err := a.caller(c)
	if err != nil {
		return nil, err
	}
	p := readPage(c)
	wanted, err := a.wantedAdoptions(c.Request.Context(), p.parameters)
	switch {
	case err != nil:
		return nil, err
	case len(p.faults) > 0:
		return nil, badRequest(p.faults)
	}
	list := statementList{Items: []statementItem{}}
	list.Links.Self = p.filtered(a, adoptionsPath, p.after)
	now, last := a.now(), ""
	err = a.eachStatement(c.Request.Context(), p.after, func(at string, said *registry.Adoptions, s adoption.Statement) bool {
		id, err := registry.ParseID(s.Software)
		restricted := s.Visibility == adoption.Restricted
		if err != nil || restricted && !cl.grant.Sees(said) || !wanted.take(id, said, s) {
			return true
		}
		if len(list.Items) == p.limit {
			list.Links.Next = p.filtered(a, adoptionsPath, last)
			return false
		}
		item := statementItem{Software: id, Visibility: adoption.Public, adoptionItem: newAdoption(said.Adoption(s), now)}
		if restricted {
			item.Visibility = adoption.Restricted
		}
		list.Items = append(list.Items, item)
		last = at
		return true
	})
	if errors.Is(err, registry.ErrInvalid) {
		p.noCursor()
		return nil, badRequest(p.faults)
	}
	if err != nil {
		return nil, err
	}
	return list.Links.onto(asked(cl, list))
}

// eachStatement goes through all statements in order of their documents, from the
// one behind a place on. The place is the key of a document and the number of a
// statement in it; another one is registry.ErrInvalid.
func (a *api) eachStatement(ctx context.Context, after string, take func(at string, said *registry.Adoptions, s adoption.Statement) bool) error {
	behind, key, ok := cutCursor(after)
	if !ok {
		return fmt.Errorf("%w: cursor", registry.ErrInvalid)
	}
	// go on walks one document; it reports whether to go on.
	goOn := func(d *registry.Document, behind int) (bool, error) {
		said, err := registry.ReadDocument[registry.Adoptions](d)
		if err != nil {
			return false, err
		}
		for i := behind + 1; i < len(said.Statements); i++ {
			if !take(strconv.Itoa(i)+" "+d.Key, said, said.Statements[i]) {
				return false, nil
			}
		}
		return true, nil
	}
	if key != "" {
		switch d, err := a.documents.Document(ctx, registry.AdoptionsDocument, key); {
		case errors.Is(err, registry.ErrNotFound): // it went meanwhile
		case err != nil:
			return err
		default:
			if more, err := goOn(d, behind); !more {
				return err
			}
		}
	}
	for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: registry.AdoptionsDocument, After: key}) {
		if err != nil {
			return err
		}
		if more, err := goOn(d, -1); !more {
			return err
		}
	}
	return nil
}

// wantedAdoptions are those that a list is asked for.
type wantedAdoptions struct {
	software      []string // keys of IDs; nil for all
	organisations []string // by registry.OrganisationKey
	regions       []string
	roles         []string
}

func (a *api) wantedAdoptions(ctx context.Context, p *parameters) (wantedAdoptions, error) {
	var w wantedAdoptions
	var err error
	if w.software, err = a.namesOf(ctx, p, "software"); err != nil {
		return w, err
	}
	if uri, given := p.one("organisation", maxID); given {
		w.organisations = []string{registry.OrganisationKey(uri)}
	}
	w.regions = p.checked("region", readRegion, notARegion)
	w.roles = p.chosen("role", roleNames())
	return w, nil
}

func (w wantedAdoptions) take(id registry.ID, said *registry.Adoptions, s adoption.Statement) bool {
	return (w.software == nil || slices.Contains(w.software, id.Key())) &&
		(w.organisations == nil || slices.Contains(w.organisations, registry.OrganisationKey(said.Organisation.URI))) &&
		(w.regions == nil || isWithin(w.regions, said.Region())) &&
		(w.roles == nil || slices.Contains(w.roles, string(s.Role)))
}

func roleNames() []string {
	return each(adoption.Roles(), func(r adoption.Role) string { return string(r) })
}

// putAdoptions replaces what an organisation says by the API.
func (a *api) putAdoptions(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeAdoptions)
	if err != nil {
		return nil, err
	}
	in := adoption.File{Version: adoption.Version}
	if err := readBody(c, &in); err != nil {
		return nil, err
	}
	file, err := a.checkedAdoptions(in)
	if err != nil {
		return nil, err
	}
	said := &registry.Adoptions{
		Word:       registry.Word{Organisation: file.Organisation, By: cl.actor, Time: a.now().UTC().Truncate(time.Millisecond)},
		Statements: file.Adoptions, Comaintenance: file.Comaintenance,
	}
	if err := a.say(c, cl, said.Organisation, said); err != nil {
		return nil, err
	}
	now := a.now()
	list := statementList{Items: []statementItem{}, Links: pageLinks{Self: a.link(adoptionsPath + "?organisation=" + url.QueryEscape(said.Organisation.URI))}}
	for _, s := range said.Statements {
		id, err := registry.ParseID(s.Software)
		if err != nil {
			continue
		}
		item := statementItem{Software: id, Visibility: adoption.Public, adoptionItem: newAdoption(said.Adoption(s), now)}
		if s.Visibility == adoption.Restricted {
			item.Visibility = adoption.Restricted
		}
		list.Items = append(list.Items, item)
	}
	return private(http.StatusOK, list)
}

// checkedAdoptions holds a body to what an adoptions.yml is held to.
func (a *api) checkedAdoptions(in adoption.File) (*adoption.File, error) {
	src, err := encode(in)
	if err != nil {
		return nil, err
	}
	read := adoption.Parse(src, adoption.Options{Now: a.now()})
	var faults []fault
	for _, f := range read.Findings {
		if f.Severity == publiccode.Error && len(faults) < maxValues {
			faults = append(faults, *badBody(bodyPointer(f.Key), codeForbidden, f.Message(english)).faultAt(0))
		}
	}
	switch {
	case len(faults) > 0:
		return nil, badRequest(faults)
	case read.File == nil:
		return nil, badBody("", codeMalformed, "The body is no statement of adoptions.")
	}
	return read.File, nil
}

func (p *problem) faultAt(i int) *fault { return &p.Errors[i] }

// bodyPointer is the JSON pointer for the key of a finding, such as
// adoptions[2].role.
func bodyPointer(key string) string {
	if key == "" {
		return ""
	}
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(key)
}

// deleteAdoptions takes back what an organisation said by the API.
func (a *api) deleteAdoptions(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeAdoptions)
	if err != nil {
		return nil, err
	}
	p := parseParameters(c.Request.URL.RawQuery)
	uri, _ := p.one("organisation", maxID)
	p.required("organisation", "give the URI of the organisation whose statements are to be taken back")
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	if err := a.say(c, cl, adoption.Organisation{URI: uri}, nil); err != nil {
		return nil, err
	}
	return nothing(), nil
}

var errNothingSaid = &problem{Status: http.StatusNotFound, Detail: "This organisation says nothing by the API."}

// say writes what an organisation says, nil for nothing any more, and lays it into
// the entries that it is about and was about.
func (a *api) say(c *gin.Context, cl caller, who adoption.Organisation, said *registry.Adoptions) error {
	ctx := c.Request.Context()
	var ids []registry.ID
	err := contended(func() error {
		doc := &registry.Document{Kind: registry.AdoptionsDocument, Key: registry.AdoptionsByAPI(who.URI)}
		ids = nil
		former, err := a.documents.Document(ctx, doc.Kind, doc.Key)
		switch {
		case errors.Is(err, registry.ErrNotFound) && said == nil:
			return errNothingSaid
		case err != nil && !errors.Is(err, registry.ErrNotFound):
			return err
		case err == nil:
			was, err := registry.ReadDocument[registry.Adoptions](former)
			if err != nil {
				return err
			}
			if err := maySay(cl, was.Organisation); err != nil {
				return err
			}
			ids, doc.Version = touched(was), former.Version
		}
		action, detail := "adoptions.delete", ""
		if said != nil {
			if err := maySay(cl, said.Organisation); err != nil {
				return err
			}
			ids = append(ids, touched(said)...)
			doc = said.Document(doc.Version)
			action, detail = "adoptions.put", describeAdoptions(said)
		}
		return a.put(c, cl, action, who.URI, detail, doc)
	})
	if err != nil {
		return refused("/organisation/uri", err)
	}
	return a.amend(ctx, ids...)
}

// maySay reports whom a token does not speak for.
func maySay(cl caller, o adoption.Organisation) error {
	if own := cl.grant.Organisation; own != "" && registry.OrganisationKey(own) != registry.OrganisationKey(o.URI) {
		return &problem{Status: http.StatusForbidden, Detail: fmt.Sprintf("The token speaks for %s alone.", own)}
	}
	return cl.need(registry.ScopeAdoptions, o.Region)
}

// about are the IDs that public statements name.
func about(a *registry.Adoptions) []registry.ID {
	var ids []registry.ID
	for _, id := range a.Public() {
		ids = append(ids, id)
	}
	return ids
}

// touched are the IDs of entries that show something of what is said.
func touched(a *registry.Adoptions) []registry.ID {
	ids := about(a)
	for _, c := range a.Comaintenance {
		if id, err := registry.ParseID(c.Software); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// describeAdoptions is the detail of the audit line: of what is restricted that there
// is some.
func describeAdoptions(a *registry.Adoptions) string {
	public := len(about(a))
	detail := fmt.Sprintf("%d public", public)
	if n := len(a.Comaintenance); n > 0 {
		detail += fmt.Sprintf(", %d on looking after together", n)
	}
	if public < len(a.Statements) {
		detail += ", others restricted"
	}
	return detail
}
