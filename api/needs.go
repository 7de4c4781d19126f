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
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const needsPath = "/v1/needs"

var needParameters = []string{"region", "category", "organisation", "software", "joint", "perPage", "after"}

// anyJoint asks for the needs that are part of any joint wish.
const anyJoint = "true"

var errNoNeed = &problem{Status: http.StatusNotFound, Detail: "There is no such need on the board: it may be met, or not stand any more. /v1/needs lists those there are."}

// need is what an organisation wants, with what fits it.
type need struct {
	Key          string                `json:"key"`
	Title        string                `json:"title"`
	Description  string                `json:"description,omitempty"`
	Language     string                `json:"language"` // of title and description
	Categories   []string              `json:"categories"`
	Software     registry.ID           `json:"software,omitempty"` // that a wish is about
	By           string                `json:"by,omitempty"`
	Procurement  *adoption.Procurement `json:"procurement,omitempty"`
	Offers       []adoption.Offer      `json:"offers"`
	Share        *adoption.Money       `json:"share,omitempty"`
	Contact      string                `json:"contact,omitempty"`
	OpenUntil    string                `json:"openUntil,omitempty"`
	Visibility   adoption.Visibility   `json:"visibility"`
	Organisation adoption.Organisation `json:"organisation"`
	Proof        registry.Proof        `json:"proof"`
	Publisher    *publisher            `json:"publisher,omitempty"`
	URL          string                `json:"url,omitempty"` // of the file
	Said         string                `json:"said"`
	Solutions    []solution            `json:"solutions"`
	Others       []similarNeed         `json:"others"`
	Joint        string                `json:"joint,omitempty"`
	Links        selfLink              `json:"links"`
}

// matched is why something may answer a need.
type matched struct {
	Name       string   `json:"name"`
	Words      []string `json:"words"`
	Categories []string `json:"categories"`
}

// solution is an entry that may be what is wanted.
type solution struct {
	ID registry.ID `json:"id"`
	matched
	Links softwareLink `json:"links"`
}

// similarNeed is a need of another organisation that is alike.
type similarNeed struct {
	Key string `json:"key"`
	matched
	Links selfLink `json:"links"`
}

// jointNeed is what several organisations want together.
type jointNeed struct {
	Key      string           `json:"key"`
	Title    string           `json:"title"`
	Software registry.ID      `json:"software,omitempty"`
	Needs    []string         `json:"needs"`
	Backers  []string         `json:"backers"`
	Shares   []adoption.Money `json:"shares"`
}

type needList struct {
	Items []need      `json:"items"`
	Total int         `json:"total"`
	Joint []jointNeed `json:"joint"` // that the items are part of
	Links pageLinks   `json:"links"`
}

// needPath is the address of a need.
func needPath(key string) string {
	repository, id, _ := strings.Cut(key, "#")
	return needsPath + "/" + registry.ID(repository).EscapedPath() + "%23" + url.PathEscape(id)
}

func (a *api) newNeed(n *registry.BoardNeed) need {
	out := need{
		Key: n.Key, Title: n.Title, Description: n.Description, Language: cmp.Or(n.Language, german), Categories: orEmpty(n.Categories), Software: aboutSoftware(n),
		By: date(n.By), Procurement: given(n.Procurement), Offers: orEmpty(n.Offers), Share: given(n.Share), Contact: n.Contact,
		OpenUntil: date(n.OpenUntil), Visibility: adoption.Public, Organisation: n.Organisation, Proof: n.Proof, URL: n.URL,
		Said: instant(n.Said), Joint: n.Joint, Links: selfLink{a.link(needPath(n.Key))},
		Solutions: each(n.Solutions, a.newSolution), Others: each(n.Others, a.newSimilarNeed),
	}
	if n.Visibility != "" && n.Visibility != adoption.Public {
		out.Visibility = adoption.Restricted
	}
	if n.Publisher.ID != "" {
		p := newPublisher(n.Publisher)
		out.Publisher = &p
	}
	return out
}

func (a *api) newSolution(m registry.NeedMatch) solution {
	return solution{m.Software, newMatched(m), softwareLink{a.link(softwarePath + m.Software.EscapedPath())}}
}

func (a *api) newSimilarNeed(m registry.NeedMatch) similarNeed {
	return similarNeed{m.Need, newMatched(m), selfLink{a.link(needPath(m.Need))}}
}

func newMatched(m registry.NeedMatch) matched {
	return matched{m.Name, orEmpty(m.Words), orEmpty(m.Category)}
}

// register is what a board is read from.
type register struct {
	Catalogue
	registry.Documents
}

// boards are the board as everybody may see it, and as those with a token may.
type boards struct {
	mu sync.Mutex
	by map[string]*gathered[*registry.Board] // by what a grant lets see
}

// maxBoards is how many are kept.
const maxBoards = 50

// of is that of a grant.
func (b *boards) of(g registry.Grant) *gathered[*registry.Board] {
	sees := ""
	if security := g.Has(registry.ScopeSecurity); security || g.Organisation != "" || len(g.Regions) > 0 {
		sees = fmt.Sprintf("%t %q %q", security, g.Organisation, g.Regions)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by == nil || b.by[sees] == nil && len(b.by) >= maxBoards {
		b.by = map[string]*gathered[*registry.Board]{}
	}
	if b.by[sees] == nil {
		b.by[sees] = &gathered[*registry.Board]{}
	}
	return b.by[sees]
}

// board is the board of needs as a grant lets see it, made anew when a need was
// written or an entry has changed. What is restricted from now on is gone at once.
func (a *api) board(ctx context.Context, g registry.Grant) (*registry.Board, error) {
	mark, err := documentsMark(ctx, a.documents, registry.NeedsDocument)
	if err != nil {
		return nil, err
	}
	now := a.now()
	return a.boards.of(g).get(ctx, a.catalogue, now, mark, func(ctx context.Context) (*registry.Board, error) {
		return registry.ReadBoard(ctx, register{a.catalogue, a.documents}, func(n *registry.Needs) bool { return g.Sees(n) }, now)
	})
}

// asksBoard is the board as who asks may see it.
func (a *api) asksBoard(c *gin.Context) (*registry.Board, caller, error) {
	if err := a.writes(); err != nil {
		return nil, caller{}, err
	}
	cl, err := a.caller(c)
	if err != nil {
		return nil, caller{}, err
	}
	b, err := a.board(c.Request.Context(), cl.grant)
	return b, cl, err
}

// asked is an answer that is for everybody, or for who asked with a token.
func asked(cl caller, v any) (*answer, error) {
	ans, err := jsonAnswer(v)
	if err == nil && cl.actor != "" {
		ans, err = private(http.StatusOK, v)
	}
	if err == nil {
		ans.vary = "Authorization"
	}
	return ans, err
}

// listNeeds lists what organisations want, the newest first.
func (a *api) listNeeds(c *gin.Context) (*answer, error) {
	p := readPage(c)
	wanted, err := a.wantedNeeds(c.Request.Context(), p.parameters)
	if err != nil {
		return nil, err
	}
	after := p.needCursor()
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	b, cl, err := a.asksBoard(c)
	if err != nil {
		return nil, err
	}
	list := needList{Joint: []jointNeed{}}
	list.Items, list.Total, list.Links = pageOf(a, p, needsPath, b.Needs, selected[registry.BoardNeed, need]{
		wanted: wanted.take, show: a.newNeed, cursor: needCursor,
		behind: func(n *registry.BoardNeed) bool { return after == nil || compareNeeds(n, after) > 0 },
	})
	for _, j := range b.Joint {
		if slices.ContainsFunc(list.Items, func(n need) bool { return n.Joint == j.Key }) {
			list.Joint = append(list.Joint, newJointNeed(j))
		}
	}
	return list.Links.onto(asked(cl, list))
}

func newJointNeed(j registry.JointNeed) jointNeed {
	return jointNeed{Key: j.Key, Title: j.Title, Software: j.Software, Needs: orEmpty(j.Needs), Backers: orEmpty(j.Backers), Shares: orEmpty(j.Shares)}
}

// getNeed is one need.
func (a *api) getNeed(c *gin.Context) (*answer, error) {
	b, cl, err := a.asksBoard(c)
	if err != nil {
		return nil, err
	}
	key := strings.TrimPrefix(c.Param("key"), "/")
	i := slices.IndexFunc(b.Needs, func(n registry.BoardNeed) bool { return strings.EqualFold(n.Key, key) })
	if i < 0 {
		return nil, errNoNeed
	}
	return asked(cl, a.newNeed(&b.Needs[i]))
}

// compareNeeds is the order of the board: the newest first, those of a moment by key.
func compareNeeds(a, b *registry.BoardNeed) int {
	if c := b.Said.Compare(a.Said); c != 0 {
		return c
	}
	return strings.Compare(a.Key, b.Key)
}

// needCursor is the place behind a need, which holds when that one is gone.
func needCursor(n *registry.BoardNeed) string {
	return n.Said.UTC().Format(time.RFC3339Nano) + " " + n.Key
}

// needCursor reads such a place; nil where none is given, or wrongly.
func (p paged) needCursor() *registry.BoardNeed {
	if p.after == "" {
		return nil
	}
	said, key, ok := strings.Cut(p.after, " ")
	at, err := time.Parse(time.RFC3339Nano, said)
	if !ok || err != nil {
		p.noCursor()
		return nil
	}
	return &registry.BoardNeed{Said: at, Key: key}
}

// wantedNeeds are those that a list is asked for.
type wantedNeeds struct {
	regions, categories, software []string // nil for all
	organisation, joint           string   // "" for all
}

func (a *api) wantedNeeds(ctx context.Context, p *parameters) (wantedNeeds, error) {
	w := wantedNeeds{
		regions:    p.checked("region", readRegion, notARegion),
		categories: p.chosen("category", publiccode.Categories()),
	}
	if uri, given := p.one("organisation", maxID); given {
		w.organisation = registry.OrganisationKey(uri)
	}
	w.joint, _ = p.one("joint", maxID)
	var err error
	w.software, err = a.namesOf(ctx, p, "software")
	return w, err
}

// namesOf are the keys of the IDs by which a software may be named that a parameter
// names by one of them; nil where it is not given.
func (a *api) namesOf(ctx context.Context, p *parameters, name string) (keys []string, err error) {
	id, given := p.one(name, maxID)
	if !given {
		return nil, nil
	}
	ids, err := registry.NamesOf(ctx, a.catalogue, registry.ID(strings.Trim(id, "/")))
	if errors.Is(err, registry.ErrInvalid) {
		p.fault(name, codeMalformed, "%s is the id of an entry, such as github.com/owner/repo.", name)
		return nil, nil
	}
	return each(ids, registry.ID.Key), err
}

func (w wantedNeeds) take(n *registry.BoardNeed) bool {
	return (w.regions == nil || isWithin(w.regions, regionOf(n))) &&
		(w.categories == nil || shares(n.Categories, w.categories)) &&
		(w.organisation == "" || w.organisation == registry.OrganisationKey(n.Organisation.URI)) &&
		(w.joint == "" || w.joint == anyJoint && n.Joint != "" || strings.EqualFold(w.joint, n.Joint)) &&
		(w.software == nil || slices.Contains(w.software, aboutSoftware(n).Key()))
}

// regionOf is where the organisation of a need is at home.
func regionOf(n *registry.BoardNeed) string {
	w := registry.Word{Organisation: n.Organisation, Publisher: n.Publisher}
	return w.Region()
}

// aboutSoftware is what a wish is about; "" for a need of a solution.
func aboutSoftware(n *registry.BoardNeed) registry.ID {
	if n.Subject != "" {
		return n.Subject
	}
	id, _ := registry.ParseID(n.Software)
	return id
}

// isWithin reports whether a region is one of some, or a part of one.
func isWithin(regions []string, region string) bool {
	return region != "" && slices.ContainsFunc(regions, func(r string) bool { return registry.SpeaksWithin(r, region) })
}
