// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const (
	needsPath = "/needs/"
	// maxNeeds is how many needs have a place on the board.
	maxNeeds = 2000
	// needsSize is how many are on a page of it.
	needsSize = 25
	// maxMatches is how many matches of a kind a need shows; fewMatches is that on
	// the board, where the need's own page has the others.
	maxMatches = 10
	fewMatches = 2
	// maxDescription bounds what is shown of a description, in characters.
	maxDescription = 4000
)

// board is what anybody may see of the needs, made ready to be found.
type board struct {
	needs []*registry.BoardNeed          // the newest first
	byKey map[string]*registry.BoardNeed // by the key of the need
	joint map[string]*registry.JointNeed // by its key
	wants []*registry.JointNeed          // those with the most backers first
	print string                         // fingerprint of all of it
}

// newBoard reads what the registry shows to anybody. What is restricted has no
// place here, whoever asked for it.
func newBoard(b *registry.Board) (*board, error) {
	out := &board{byKey: map[string]*registry.BoardNeed{}, joint: map[string]*registry.JointNeed{}}
	if b == nil {
		return out, nil
	}
	for i := range b.Needs {
		n := &b.Needs[i]
		if n.Visibility == adoption.Restricted || len(out.needs) == maxNeeds || needPath(n.Key) == "" || out.byKey[n.Key] != nil {
			continue
		}
		out.needs = append(out.needs, n)
		out.byKey[n.Key] = n
	}
	for i := range b.Joint {
		j := &b.Joint[i]
		out.joint[j.Key] = j
		out.wants = append(out.wants, j)
	}
	slices.SortStableFunc(out.wants, func(a, b *registry.JointNeed) int { return len(b.Backers) - len(a.Backers) })
	var err error
	out.print, err = digest([]any{out.needs, out.wants})
	return out, err
}

// needPath is the address of the page of a need; "" where its key cannot be one.
func needPath(key string) string {
	repository, id, _ := strings.Cut(key, "#")
	if id == "" || strings.Contains(id, "/") {
		return ""
	}
	path, ok := softwarePath(registry.ID(repository + "/" + id))
	if !ok {
		return ""
	}
	return needsPath + strings.TrimPrefix(path, "/software/")
}

// shortNeed is a need in short, in one language.
type shortNeed struct {
	Path         string
	Title        string
	Lang         string // of Title and Description, where it is not that of the page
	Organisation link
	State        string // name of its region; "" where its name says it
	By           day
	Planned      day // tender
	Share        string
	Offers       []adoption.Offer
	Said         time.Time
}

func newShortNeed(n *registry.BoardNeed, lang string) shortNeed {
	w := shortNeed{
		Path: needPath(n.Key), Title: cmp.Or(shorten(n.Title, maxLine), n.ID), Lang: langOf(n, lang),
		Organisation: link{shorten(n.Organisation.Name, maxName), webLink(n.Organisation.URI)},
		State:        stateBeside(regionOf(n), n.Organisation.Name, lang),
		By:           readDay(n.By), Planned: readDay(n.Procurement.Planned), Share: formatMoney(lang, n.Share), Said: n.Said,
	}
	for _, offer := range adoption.Offers() {
		if slices.Contains(n.Offers, offer) {
			w.Offers = append(w.Offers, offer)
		}
	}
	return w
}

// regionOf is where the organisation of a need is at home.
func regionOf(n *registry.BoardNeed) string {
	return strings.ToUpper(cmp.Or(n.Organisation.Region, n.Publisher.Region))
}

// langOf is the language of a need's words where it is not that of the page.
func langOf(n *registry.BoardNeed, lang string) string {
	return otherThan(lang, langAttribute(cmp.Or(n.Language, languages[0]), lang))
}

// need is a need with all that is known of it.
type need struct {
	shortNeed
	Joins       string // what a need that shares it says in joins
	Description []string
	Region      string // code
	Publisher   string // path of the page of the publisher that it is; "" without one
	Proof       string
	Speaker     string // the publisher that says it speaks for the organisation; "" where that speaks itself
	Software    link   // that a wish is about; Href is a path where it is an entry
	Entry       string // path of that entry
	Topics      []purpose
	Codes       []string // of the topics
	Until       day
	Notice      string // address of the tender's notice
	Contact     link
	File        string
	Solutions   []match
	Others      []match
	Joint       *joint
}

// Rest counts the matches beyond the few that the board shows.
func (n need) Rest() int {
	return max(0, len(n.Solutions)-fewMatches) + max(0, len(n.Others)-fewMatches)
}

// FewSolutions and FewOthers are the first matches, for the board.
func (n need) FewSolutions() []match { return n.Solutions[:min(len(n.Solutions), fewMatches)] }

// FewOthers are the first of those that are alike.
func (n need) FewOthers() []match { return n.Others[:min(len(n.Others), fewMatches)] }

// match is something that may answer a need, with the reason.
type match struct {
	Name, Path string
	From       string // the organisation whose need it is; "" of an entry
	Words      string
	Topics     string
}

// joint is a wish of several organisations.
type joint struct {
	Title, Lang string
	Path        string
	Backers     []string
	Shares      string
}

// need reads a need for a page.
func (o *overview) need(n *registry.BoardNeed, lang string) need {
	out := need{
		shortNeed: newShortNeed(n, lang), Joins: "https://" + n.Key, Region: regionOf(n), Proof: proofWords(n.Proof, lang), Until: readDay(n.OpenUntil), Notice: webLink(n.Procurement.URL),
		Contact: contactLink(n.Contact), File: webLink(n.URL),
	}
	if j := o.Board.joint[n.Joint]; j != nil {
		w := o.Board.wish(j, lang)
		out.Joint = &w
	}
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(n.Description, "\r\n", "\n"), "\n\n") {
		if paragraph = shorten(paragraph, maxDescription); paragraph != "" && len(out.Description) < maxItems {
			out.Description = append(out.Description, paragraph)
		}
	}
	if n.Proof == registry.ProvenPublisher {
		out.Speaker = shorten(n.Publisher.Name, maxName)
	} else if _, known := o.find(n.Publisher.ID); known {
		out.Publisher = publisherPath(n.Publisher.ID)
	}
	for _, code := range n.Categories[:min(len(n.Categories), maxItems)] {
		out.Codes = append(out.Codes, code)
		t := purpose{Label: shorten(publiccode.CategoryLabel(code, lang), maxName)}
		if path := categoryPath(code); o.Topics[registry.FacetCategory][categoryKey(code)] != nil {
			t.Path = path
		}
		out.Topics = append(out.Topics, t)
	}
	out.Entry = o.entryPath(n.Subject)
	switch {
	case out.Entry != "":
		out.Software = link{cmp.Or(o.names[keyOf(n.Subject)], string(n.Subject)), ""}
	case n.Software != "":
		out.Software = newLink(n.Software)
	}
	for _, m := range n.Solutions[:min(len(n.Solutions), maxMatches)] {
		if path := o.entryPath(m.Software); path != "" {
			out.Solutions = append(out.Solutions, newMatch(m, path, "", lang))
		}
	}
	for _, m := range n.Others[:min(len(n.Others), maxMatches)] {
		if other := o.Board.byKey[m.Need]; other != nil {
			out.Others = append(out.Others, newMatch(m, needPath(m.Need), shorten(other.Organisation.Name, maxName), lang))
		}
	}
	return out
}

func newMatch(m registry.NeedMatch, path, from, lang string) match {
	out := match{Name: shorten(cmp.Or(m.Name, string(m.Software)), maxLine), Path: path, From: from}
	var topics []string
	for _, code := range m.Category[:min(len(m.Category), maxCardTopics)] {
		topics = append(topics, publiccode.CategoryLabel(code, lang))
	}
	out.Words = shorten(strings.Join(m.Words[:min(len(m.Words), maxItems)], ", "), maxLine)
	out.Topics = shorten(strings.Join(topics, ", "), maxLine)
	return out
}

// entryPath is the page of an entry that is in the catalogue; "" without one.
func (o *overview) entryPath(id registry.ID) string {
	if o.names[keyOf(id)] == "" {
		return ""
	}
	path, _ := softwarePath(id)
	return path
}

// wish is a joint wish for a page.
func (b *board) wish(j *registry.JointNeed, lang string) joint {
	out := joint{Title: shorten(j.Title, maxLine), Shares: formatSums(lang, j.Shares)}
	if first := b.byKey[j.Key]; first != nil {
		out.Path, out.Lang = needPath(j.Key), langOf(first, lang)
	}
	for _, name := range j.Backers[:min(len(j.Backers), maxItems)] {
		out.Backers = append(out.Backers, shorten(name, maxName))
	}
	return out
}

// needsOf are the needs that a test holds for, the newest first, at most n.
func (o *overview) needsOf(lang string, n int, which func(*registry.BoardNeed) bool) (list []need, rest int) {
	for _, one := range o.Board.needs {
		switch {
		case !which(one):
		case len(list) == n:
			rest++
		default:
			list = append(list, o.need(one, lang))
		}
	}
	return list, rest
}

// alike are needs of others that are like some needs, each once.
func alike(needs []need) (list []match) {
	own := map[string]bool{}
	for _, n := range needs {
		own[n.Path] = true
	}
	for _, n := range needs {
		for _, m := range n.Others {
			if !own[m.Path] && len(list) < maxJoinIn {
				own[m.Path] = true
				list = append(list, m)
			}
		}
	}
	return list
}

// boardBody is what the board shows.
type boardBody struct {
	Total, Found int // needs, and those that the filter leaves
	Needs        []need
	Wants        []joint // none but on the first page
	Filters      []helpFilter
	Places       []helpChoice // regions that needs come from
	Pages        []choice
	First        bool
}

// narrow is a form that narrows a list.
type narrow struct {
	Action  string // path of the list
	Filters []helpFilter
}

// Form is the form that narrows the board.
func (b boardBody) Form() narrow { return narrow{needsPath, b.Filters} }

// ownNeeds are the needs of a place or a publisher.
type ownNeeds struct {
	Needs []shortNeed
	Rest  int     // that are not among them
	Alike []match // needs of others that are like those
}

func (o *overview) ownNeeds(lang string, whose func(*registry.BoardNeed) bool) (own ownNeeds) {
	needs, rest := o.needsOf(lang, maxJoinIn, whose)
	own.Rest, own.Alike = rest, alike(needs)
	for _, n := range needs {
		own.Needs = append(own.Needs, n.shortNeed)
	}
	return own
}

// needPaths are the pages of the board and of the needs.
func needPaths(_ *Site, o *overview) []string {
	paths := []string{needsPath}
	for n := 2; n <= pagesOf(len(o.Board.needs), needsSize); n++ {
		paths = append(paths, partPath(needsPath, n))
	}
	for _, n := range o.Board.needs {
		paths = append(paths, needPath(n.Key))
	}
	return paths
}

func (s *Site) answerNeeds(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	n, ok := pageNumber(needsPath, r.rest)
	if !ok {
		return s.answerNeed(o, r)
	}
	b := boardBody{Total: len(o.Board.needs), First: n == 1}
	all, _ := o.needsOf(r.lang, maxNeeds, func(*registry.BoardNeed) bool { return true })
	region, category := newFilter("region", say(r.lang, "needs.region"), r), newFilter("category", say(r.lang, "needs.category"), r)
	for _, one := range all {
		if registry.PlaceOf(one.Region) != registry.PlaceUnknown {
			region.add(one.Region, registry.RegionName(one.Region, r.lang))
		}
		for i, code := range one.Codes {
			category.add(code, one.Topics[i].Label)
		}
	}
	region.close()
	category.close()
	b.Filters = []helpFilter{region, category}
	for _, place := range region.Choices {
		if _, counted := o.Regions[place.Value]; counted || slices.Contains(states, place.Value) {
			b.Places = append(b.Places, place)
		}
	}
	matching := slices.DeleteFunc(all, func(one need) bool { return !region.has(one.Region) || !category.has(one.Codes...) })
	b.Found = len(matching)
	if n > pagesOf(len(matching), needsSize) {
		return answer{}, registry.ErrNotFound
	}
	b.Needs = matching[(n-1)*needsSize : min(len(matching), n*needsSize)]
	chosen := chosenOf(b.Filters)
	b.Pages = s.numbered(r.lang, needsPath, n, pagesOf(len(matching), needsSize), chosen)
	feed := maps.Clone(chosen)
	if region.chosen != "" {
		feed.Set(region.Name, regionOfFeed(region.chosen))
	}
	if b.First && len(chosen) == 0 {
		for _, j := range o.Board.wants[:min(len(o.Board.wants), maxItems)] {
			b.Wants = append(b.Wants, o.Board.wish(j, r.lang))
		}
	}
	return found(&page{
		Kind: needsPage, Lang: r.lang, Path: partPath(needsPath, n), Static: r.static, NoIndex: len(chosen) > 0, Query: chosen.Encode(), Feed: feed,
		Title: say(r.lang, "needs.title"), Description: say(r.lang, "needs.lead"),
		Crumbs: crumbs(r.lang, crumb{say(r.lang, "needs.title"), ""}),
		Body:   b,
	})
}

// answerNeed is the page of one need.
func (s *Site) answerNeed(o *overview, r request) (answer, error) {
	i := strings.LastIndexByte(r.rest, '/')
	if i < 0 {
		return answer{}, registry.ErrNotFound
	}
	one := o.Board.byKey[r.rest[:i]+"#"+r.rest[i+1:]]
	if one == nil {
		return answer{}, registry.ErrNotFound
	}
	n := o.need(one, r.lang)
	p := &page{
		Kind: needPage, Lang: r.lang, Path: n.Path, Static: r.static,
		Title: n.Title, Description: say(r.lang, "needs.of", n.Organisation.Text),
		Crumbs: crumbs(r.lang, crumb{say(r.lang, "needs.title"), needsPath}, crumb{n.Title, ""}),
		Body:   n,
	}
	return found(p)
}

// pageNumber is the number of a page of a list by the rest of its path behind that
// of the list; ok is false where that is none.
func pageNumber(list, rest string) (n int, ok bool) {
	if rest == "" {
		return 1, true
	}
	number, ok := strings.CutPrefix(rest, "page/")
	n, err := strconv.Atoi(number)
	return n, ok && err == nil && n > 1 && partPath(list, n) == list+rest+"/"
}

// pagesOf is how many pages a list has, at least one.
func pagesOf(all, size int) int { return max(1, (all+size-1)/size) }

// numbered are links to the pages of a list; none where there is but one.
func (s *Site) numbered(lang, list string, n, all int, chosen url.Values) (pages []choice) {
	query := ""
	if len(chosen) > 0 {
		query = "?" + chosen.Encode()
	}
	for i := 1; i <= all && all > 1; i++ {
		pages = append(pages, choice{strconv.Itoa(i), s.prefix + localPath(lang, partPath(list, i)) + query, i == n})
	}
	return pages
}
