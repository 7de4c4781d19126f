// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const formsKey = "github.com/verbund/kreis#formulare"

// needs are what crawls found: needs.yml of three organisations, the first one of
// another publisher.
func (o *office) needs(t testing.TB) {
	t.Helper()
	said := func(name, region string, days int, needs ...adoption.Need) *registry.Document {
		n := &registry.Needs{Word: registry.Word{
			Organisation: adoption.Organisation{URI: "https://" + name + ".example/", Name: name, Region: region},
			Repository:   registry.ID("github.com/verbund/" + name), Publisher: registry.Publisher{ID: "verbund", Name: "Verbund", Region: "DE", URI: "https://verbund.example"},
			URL: "https://github.com/verbund/" + name, Time: time.Now().UTC().AddDate(0, 0, -days).Truncate(time.Second),
		}, Needs: needs}
		return n.Document(0)
	}
	err := o.PutDocuments(t.Context(),
		said("kreis", "DE-SH", 3, adoption.Need{
			ID: "formulare", Title: "Formular Akte", Description: "Mit Unterschrift", Language: "de", Categories: []string{"document-management", "data-collection"},
			By: "2999-06-30", Procurement: adoption.Procurement{Planned: "2999-01-01", URL: "https://kreis.example/vergabe"},
			Offers: []adoption.Offer{adoption.OffersFunds}, Share: adoption.Money{Amount: 1000, Currency: "EUR"}, Contact: "it@kreis.example", OpenUntil: "2999-12-31",
		}),
		said("stadt", "DE-BY", 2,
			adoption.Need{ID: "auch", Title: "Formular", Joins: "https://github.com/verbund/kreis#formulare", Share: adoption.Money{Amount: 500, Currency: "EUR"}, Categories: []string{"data-collection"}},
			adoption.Need{ID: "geheim", Title: "Formular der Leitstelle", Visibility: adoption.Restricted, Share: adoption.Money{Amount: 7777, Currency: "EUR"}, Joins: "https://github.com/verbund/kreis#formulare"}),
		said("amt", "DE-SH", 1, adoption.Need{ID: "wunsch", Title: "Suche in Anhängen", Software: "https://" + movedID}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.note(t); err != nil { // what is there when somebody first looks is no news
		t.Fatal(err)
	}
}

// note notes what is new on the board.
func (o *office) note(t testing.TB) error {
	t.Helper()
	b, err := registry.ReadBoard(t.Context(), register{o.shelf, o.Documents}, nil, time.Now())
	if err != nil {
		return err
	}
	return registry.NoteNeeds(t.Context(), o, b, time.Now())
}

// driveNeeds drives the operations into what is documented of them.
func driveNeeds(t *testing.T) {
	o := newOffice(t)
	o.files(t)
	o.needs(t)
	also := &registry.Needs{
		Word:  registry.Word{Organisation: adoption.Organisation{URI: townURI, Name: "Stadt"}, Repository: "github.com/verbund/zweites", Time: time.Now().UTC()},
		Needs: []adoption.Need{{ID: "auch", Title: "Volltextsuche", Software: "https://" + fullID}},
	}
	if err := o.PutDocuments(t.Context(), also.Document(0)); err != nil {
		t.Fatal(err)
	}
	o.shelf.entries[0].PublicCode.UsedBy = []string{"verbund"}
	for _, e := range o.shelf.entries {
		e.Repository.Archived = false
		if e.ID == fullID {
			e.Adoptions = []registry.Adoption{{Organisation: adoption.Organisation{URI: "https://west.example/", Name: "West", Region: "DE-BY"}, Role: adoption.Uses, ConfirmedUntil: "2999-12-31"}}
		}
	}
	token := o.token(t, registry.Grant{Regions: []string{"DE-BY"}})
	one := needPath(formsKey)
	targets := []string{needsPath, needsPath + "?perPage=1", one, needsFeedPath, claimsPath, claimsPath + "?perPage=1", communitiesPath, communitiesPath + "?perPage=1", seekingPath, seekingPath + "?perPage=1", helpPath, helpPath + "?perPage=1", reuseEntriesPath + "?place=DE-SH", reuseEntriesPath + "?place=DE-BY", reuseEntriesPath + "?organisation=" + url.QueryEscape(north.URI)}
	for _, target := range targets {
		w := get(t, o, target)
		get(t, o, target, "If-None-Match", w.Header().Get("ETag"))
		o.ask(t, http.MethodGet, target, token, "")
		get(t, o, target, "Authorization", "Bearer nonsense")
		name, _, _ := strings.Cut(target, "?")
		get(t, o, name+"?surprise=1")
		get(t, o, name+"?region=Hier")
	}
	get(t, o, needsPath+"/github.com/verbund/kreis%23nichts")
	without := handlerOf(t, newShelf(), Options{})
	for _, target := range targets {
		get(t, without, target)
	}
	for _, err := range []error{errors.New("disk on fire"), errContended} {
		for _, h := range []http.Handler{
			officeOver(t, ailing{o.Documents, err}), handlerOf(t, failing{err}, Options{Documents: o.Documents}),
		} {
			for _, target := range targets {
				get(t, h, target)
			}
		}
	}
}

func (o *office) wanted(t testing.TB, target, token string) (list []string, joint []jointNeed) {
	t.Helper()
	for target != "" {
		page := decode[needList](t, o.ask(t, http.MethodGet, target, token, ""), http.StatusOK)
		for _, n := range page.Items {
			list = append(list, n.Organisation.Name+" "+strings.TrimPrefix(n.Key, "github.com/verbund/"))
		}
		joint = append(joint, page.Joint...)
		target = page.Links.Next
	}
	return list, joint
}

func TestNeeds(t *testing.T) {
	o := newOffice(t)
	o.needs(t)
	form, also, secret, wish := "kreis kreis#formulare", "stadt stadt#auch", "stadt stadt#geheim", "amt amt#wunsch"
	scopes := []registry.Scope{registry.ScopeAdoptions}
	south := o.token(t, registry.Grant{Scopes: scopes, Regions: []string{"DE-BY"}})
	north := o.token(t, registry.Grant{Scopes: scopes, Regions: []string{"DE-SH"}})
	everywhere := o.token(t, registry.Grant{Scopes: scopes})
	security := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}, Regions: []string{"DE-SH"}})
	own := o.token(t, registry.Grant{Scopes: scopes, Organisation: "http://stadt.example"})
	for _, tt := range []struct {
		query, token string
		want         []string
	}{
		{"", "", []string{wish, also, form}},
		{"", north, []string{wish, also, form}},
		{"", everywhere, []string{wish, also, form}},
		{"", south, []string{wish, also, secret, form}},
		{"", security, []string{wish, also, secret, form}},
		{"", own, []string{wish, also, secret, form}},
		{"region=SH", "", []string{wish, form}},
		{"region=DE", "", []string{wish, also, form}},
		{"category=data-collection", "", []string{also, form}},
		{"organisation=http://STADT.example", "", []string{also}},
		{"organisation=http://STADT.example", south, []string{also, secret}},
		{"software=" + fullID, "", []string{wish}},
		{"software=" + movedID, "", []string{wish}},
		{"software=" + partID, "", nil},
		{"joint=" + url.QueryEscape(formsKey), "", []string{also, form}},
		{"joint=true", "", []string{also, form}},
		{"joint=nichts", "", nil},
	} {
		for _, size := range []string{"&perPage=1", "&perPage=100"} {
			have, _ := o.wanted(t, needsPath+"?"+strings.TrimPrefix(tt.query+size, "&"), tt.token)
			if diff := cmp.Diff(tt.want, have); diff != "" {
				t.Errorf("%s%s: want (-), have (+):\n%s", tt.query, size, diff)
			}
		}
	}
	for token, want := range map[string]int64{"": 1500, north: 1500, south: 9277} {
		_, joint := o.wanted(t, needsPath+"?perPage=100", token)
		if len(joint) != 1 || joint[0].Key != formsKey || len(joint[0].Shares) != 1 || joint[0].Shares[0].Amount != want {
			t.Errorf("joint wishes %+v, want %d", joint, want)
		}
	}
	for _, after := range []string{"nichts", "2026-01-01", "gestern key"} {
		decode[problem](t, get(t, o, needsPath+"?after="+url.QueryEscape(after)), http.StatusBadRequest)
	}
}

func TestNeed(t *testing.T) {
	o := newOffice(t)
	o.needs(t)
	n := decode[need](t, get(t, o, needPath(formsKey)), http.StatusOK)
	var found []registry.ID
	for _, s := range n.Solutions {
		found = append(found, s.ID)
		if len(s.Words) == 0 || s.Links.Software != softwarePath+s.ID.EscapedPath() {
			t.Errorf("%+v", s)
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, []registry.ID{fullID}) {
		t.Errorf("solutions %v", found)
	}
	if len(n.Others) != 1 || n.Others[0].Key != "github.com/verbund/stadt#auch" || n.Proof != registry.ProvenPublisher || n.Joint != formsKey || n.Visibility != adoption.Public {
		t.Errorf("%+v", n)
	}
	if other := decode[need](t, get(t, o, n.Others[0].Links.Self), http.StatusOK); other.Key != n.Others[0].Key {
		t.Errorf("its link leads to %s", other.Key)
	}
	if wish := decode[need](t, get(t, o, needPath("github.com/verbund/amt#wunsch")), http.StatusOK); wish.Software != fullID {
		t.Errorf("the wish is about %s", wish.Software)
	}
	secret := needPath("github.com/verbund/stadt#geheim")
	decode[problem](t, get(t, o, secret), http.StatusNotFound)
	w := o.ask(t, http.MethodGet, secret, o.token(t, registry.Grant{Regions: []string{"DE-BY"}}), "")
	if n := decode[need](t, w, http.StatusOK); n.Visibility != adoption.Restricted || w.Header().Get("Cache-Control") != cachePrivate || w.Header().Get("ETag") != "" {
		t.Errorf("%+v %v", n, w.Header())
	}
}

// TestNeedsThatBecomeRestricted: the very next answer does not have them, however the
// board is kept.
func TestNeedsThatBecomeRestricted(t *testing.T) {
	o := newOffice(t)
	o.needs(t)
	get(t, o, needsPath)
	doc, err := o.Document(t.Context(), registry.NeedsDocument, "github.com/verbund/kreis")
	if err != nil {
		t.Fatal(err)
	}
	said, err := registry.ReadDocument[registry.Needs](doc)
	if err != nil {
		t.Fatal(err)
	}
	said.Needs[0].Visibility = adoption.Restricted
	if err := o.PutDocuments(t.Context(), said.Document(doc.Version)); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{needsPath, needsFeedPath, needPath("github.com/verbund/stadt#auch"), needsPath + "?joint=" + url.QueryEscape(formsKey)} {
		if w := get(t, o, target); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "Formular Akte") || strings.Contains(w.Body.String(), "kreis.example") {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	decode[problem](t, get(t, o, needPath(formsKey)), http.StatusNotFound)
}

func TestFeedOfNeeds(t *testing.T) {
	o := newOffice(t)
	o.needs(t)
	titles := func(query string, headers ...string) (all []string) {
		t.Helper()
		f := readFeed(t, o, needsFeedPath+query, headers...)
		if strings.Contains(fmt.Sprint(f), "Leitstelle") {
			t.Error("what is restricted is in the feed")
		}
		for _, e := range f.Entries {
			all = append(all, string(e.Title))
		}
		return all
	}
	if got, want := titles(""), []string{"Suche in Anhängen", "Formular", "Formular Akte"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	o.shelf.entries = append(o.shelf.entries, &registry.Software{ID: "gitlab.com/sued/zz", PublicCode: publiccode.PublicCode{Name: "Formular", Categories: []string{"document-management"}}})
	if err := o.note(t); err != nil {
		t.Fatal(err)
	}
	fresh := officeOver(t, o.Documents)
	fresh.shelf.entries = o.shelf.entries
	o = fresh
	if got := titles("?region=DE-SH&lang=en"); !slices.Contains(got, "New match: Formular Akte") || slices.Contains(got, "New match: Formular") {
		t.Errorf("%q", got)
	}
	security := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeSecurity}})
	if got := titles("?category=data-collection&software="+fullID, "Authorization", "Bearer "+security); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestClaims(t *testing.T) {
	o := newOffice(t)
	o.files(t)
	for _, e := range o.shelf.entries {
		switch e.ID {
		case fullID:
			e.PublicCode.UsedBy = []string{"Musterstadt", "verbund", "https://kreis.example/"}
		case partID:
			e.PublicCode.UsedBy = []string{"verbund"}
		}
	}
	if err := o.amend(t.Context(), fullID); err != nil {
		t.Fatal(err)
	}
	list := func(query string) (lines []string) {
		t.Helper()
		for target := claimsPath + "?" + query; target != ""; {
			page := decode[claimList](t, get(t, o, target), http.StatusOK)
			for _, c := range page.Items {
				who := "-"
				if c.Organisation != nil {
					who = c.Organisation.URI
				}
				lines = append(lines, fmt.Sprint(c.Software, " ", c.Text, " ", who, " ", c.Confirmed))
			}
			target = page.Links.Next
		}
		return lines
	}
	nobody := fullID + " Musterstadt - false"
	confirmed := fullID + " verbund https://verbund.example/ true"
	hidden := fullID + " https://kreis.example/ - false" // who says only what is restricted is not known
	open := partID + " verbund https://verbund.example/ false"
	for query, want := range map[string][]string{
		"perPage=1": {open, nobody, confirmed, hidden}, "perPage=100": {open, nobody, confirmed, hidden},
		"software=" + movedID: {nobody, confirmed, hidden}, "organisation=http://verbund.example": {open, confirmed},
		"region=SH": nil, "region=DE-BY": nil, "means=name": {open, confirmed}, "means=acronym": nil,
		"confirmed=true": {confirmed}, "confirmed=false&perPage=2": {open, nobody, hidden},
	} {
		if diff := cmp.Diff(want, list(query)); diff != "" {
			t.Errorf("%s: want (-), have (+):\n%s", query, diff)
		}
	}
	decode[problem](t, get(t, o, claimsPath+"?after=nichts"), http.StatusBadRequest)
}

func TestCommunities(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	list := decode[communityList](t, get(t, h, communitiesPath), http.StatusOK)
	if len(list.Items) != 1 || list.Total != 1 {
		t.Fatalf("%+v", list)
	}
	c := list.Items[0]
	if c.Name != "Aktenrunde" || len(c.Partners) != 2 || len(c.Software) != 1 || c.Software[0].ID != fullID || c.Software[0].Seeks != adoption.CoMaintainers ||
		len(c.Open) != 1 || c.Open[0].Amount != 20000 || len(c.Committed) != 1 || c.Committed[0].Amount != 5000 || len(c.Software[0].Funding) != 2 {
		t.Errorf("%+v", c)
	}
	for query, want := range map[string]int{
		"software=" + movedID: 1, "software=" + partID: 0, "region=DE-SH": 1, "region=DE-BY": 0, "seeks=coMaintainers": 1, "seeks=newMaintainer": 0,
		"after=" + url.QueryEscape("aktenrunde "+c.Key): 0, "after=" + url.QueryEscape("akte a"): 1,
	} {
		if got := decode[communityList](t, get(t, h, communitiesPath+"?"+query), http.StatusOK); len(got.Items) != want {
			t.Errorf("%s: %d, want %d", query, len(got.Items), want)
		}
	}
	for query, want := range map[string]int{
		"": 1, "?seeks=newMaintainer": 0, "?seeks=coMaintainers&region=DE&category=document-management": 1, "?region=DE-BY": 0, "?category=data-collection": 0,
	} {
		got := decode[seekerList](t, get(t, h, seekingPath+query), http.StatusOK)
		if len(got.Items) != want || want == 1 && (got.Items[0].Seeks != adoption.CoMaintainers || len(got.Items[0].Comaintenance) != 2 || !got.Items[0].Comaintenance[0].ByPublisher) {
			t.Errorf("%s: %+v", query, got)
		}
	}
	decode[problem](t, get(t, h, communitiesPath+"?after=nichts"), http.StatusBadRequest)
}

func TestHelpWanted(t *testing.T) {
	shelf := newShelf()
	archive := func(archived bool) {
		for _, e := range shelf.entries {
			e.Repository.Archived = archived
		}
	}
	archive(false)
	h := handlerOf(t, shelf, Options{})
	all := decode[invitationList](t, get(t, h, helpPath), http.StatusOK)
	if len(all.Items) == 0 || all.Total != len(all.Items) || all.Items[0].Title == "" || all.Items[0].Name == "" || all.Items[0].Publisher.ID == "" {
		t.Fatalf("%+v", all)
	}
	one := all.Items[0]
	for query, want := range map[string]bool{
		"software=" + url.QueryEscape(string(one.Software)): true, "software=" + partID: false,
		"label=HILFE+GESUCHT": true, "label=nichts": false, "region=DE-SH": true, "region=DE-BY": false,
		"programmingLanguage=" + url.QueryEscape(strings.ToUpper(one.ProgrammingLanguage)): true, "programmingLanguage=COBOL": false,
	} {
		got := decode[invitationList](t, get(t, h, helpPath+"?"+query), http.StatusOK)
		if has := slices.ContainsFunc(got.Items, func(i invitation) bool { return i.URL == one.URL }); has != want {
			t.Errorf("%s: %t, want %t", query, has, want)
		}
	}
	seen := 0
	for next := helpPath + "?perPage=1"; next != ""; seen++ {
		page := decode[invitationList](t, get(t, h, next), http.StatusOK)
		if len(page.Items) != 1 || page.Items[0].URL != all.Items[seen].URL {
			t.Fatalf("page %d: %+v", seen, page)
		}
		_, next, _ = strings.Cut(page.Links.Next, "/v1/")
		if next != "" {
			next = "/v1/" + next
		}
	}
	if seen != all.Total {
		t.Errorf("%d on pages, %d in all", seen, all.Total)
	}
	decode[problem](t, get(t, h, helpPath+"?after=nichts"), http.StatusBadRequest)
	archive(true)
	if got := decode[invitationList](t, get(t, handlerOf(t, shelf, Options{}), helpPath), http.StatusOK); len(got.Items) != 0 {
		t.Errorf("archived: %+v", got)
	}
}

// TestChangesOfLookingAfterInWords: a feed says what of it changed, in words.
func TestChangesOfLookingAfterInWords(t *testing.T) {
	shelf := newShelf()
	full, err := shelf.Get(t.Context(), fullID)
	if err != nil {
		t.Fatal(err)
	}
	before := *full
	before.Comaintenance, before.Forks = nil, before.Forks[1:]
	words := noted(registry.Change{ID: fullID, Kind: registry.Updated}, &before, full)
	if words.de != "Geändert: Gemeinsame Pflege, Abstand der Forks." || words.en != "Changed: Co-maintenance, How far forks are apart." {
		t.Errorf("%+v", words)
	}
}

// FuzzPages asks lists for what follows anything, and filters by anything: each is
// answered, or refused with the reason.
func FuzzPages(f *testing.F) {
	for _, seed := range []string{"", "0 github.com/nordland/Akte", "2026-11-22T00:00:00Z github.com/verbund/kreis#formulare", "aktenrunde https://aktenrunde.example", "%zz a", "-1 a", " "} {
		f.Add(seed, seed)
	}
	o := newOffice(f)
	o.files(f)
	o.needs(f)
	f.Fuzz(func(t *testing.T, after, filter string) {
		for path, name := range map[string]string{needsPath: "joint", claimsPath: "organisation", communitiesPath: "software", seekingPath: "region", helpPath: "label", adoptionsPath: "software", reuseEntriesPath: "organisation"} {
			v := url.Values{name: {filter}}
			if path != reuseEntriesPath {
				v.Set("after", after)
			}
			if w := get(t, o, path+"?"+v.Encode()); w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Errorf("%s?%s: status %d", path, v.Encode(), w.Code)
			}
		}
	})
}
