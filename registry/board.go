// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// The bounds of a board.
const (
	MaxBoard   = 1000 // needs, the newest ones
	MaxMatches = 5    // of each kind with a need
)

// EachNeeds yields what all organisations need, restricted needs too. An error is the
// last thing yielded.
func EachNeeds(ctx context.Context, store RegisterStore) iter.Seq2[*Needs, error] {
	return eachDocument[Needs](ctx, store, NeedsDocument)
}

// ReadBoard makes the board of the needs that stand at a moment, as somebody may see
// it who sees what is restricted of those that see tells; nil sees nothing of it.
// What may not be seen leaves no trace in what is. Making it takes a search for each
// need: it is for its caller to keep it.
func ReadBoard(ctx context.Context, store BoardStore, see func(*Needs) bool, now time.Time) (*Board, error) {
	all, err := StandingNeeds(ctx, store, see, now)
	if err != nil {
		return nil, err
	}
	return MatchNeeds(ctx, store, all)
}

// StandingNeeds are those that a board is made of, without what fits them.
func StandingNeeds(ctx context.Context, store RegisterStore, see func(*Needs) bool, now time.Time) (all []BoardNeed, err error) {
	for said, err := range EachNeeds(ctx, store) {
		if err != nil {
			return nil, fmt.Errorf("needs: %w", err)
		}
		sees := see != nil && see(said)
		for _, n := range said.Needs {
			if (isPublic(n) || sees) && current(said.Until(n), now) {
				all = append(all, said.BoardNeed(n))
			}
		}
	}
	return all, nil
}

// isPublic reports whether anybody may see a need.
func isPublic(n adoption.Need) bool { return n.Visibility == "" || n.Visibility == adoption.Public }

// BoardNeed is a need among n as the board shows it, without what fits it.
func (n *Needs) BoardNeed(need adoption.Need) BoardNeed {
	need.OpenUntil = n.Until(need)
	return BoardNeed{
		Need: need, Key: needKey(n.Repository, need.ID), Organisation: n.Organisation, Proof: n.Proof(), Publisher: n.Publisher,
		URL: n.URL, Said: n.Time, Solutions: []NeedMatch{}, Others: []NeedMatch{},
	}
}

func needKey(repository ID, id string) string { return string(repository.Repository()) + "#" + id }

// MatchNeeds makes a board of needs: it finds what fits each and who wants the same.
func MatchNeeds(ctx context.Context, store BoardStore, all []BoardNeed) (*Board, error) {
	slices.SortFunc(all, func(a, b BoardNeed) int {
		return cmp.Or(b.Said.Compare(a.Said), cmp.Compare(a.Key, b.Key))
	})
	b := &Board{Needs: all[:min(len(all), MaxBoard)], Joint: []JointNeed{}}
	if b.Needs == nil {
		b.Needs = []BoardNeed{}
	}
	subjects, err := b.name(ctx, store)
	if err != nil {
		return nil, err
	}
	b.join(subjects)
	b.compare()
	for i := range b.Needs {
		n := &b.Needs[i]
		if n.Software != "" { // a wish is about what there is
			continue
		}
		if n.Solutions, err = solutions(ctx, store, n); err != nil {
			return nil, fmt.Errorf("what fits the need %s: %w", n.Key, err)
		}
	}
	return b, nil
}

// name finds the software that each wish is about. Its keys tell which are about the
// same one, an entry or not; "" is a need that is about none.
func (b *Board) name(ctx context.Context, store BoardStore) ([]string, error) {
	keys := make([]string, len(b.Needs))
	known := map[string]ID{} // entries by the key of the ID in a file; "" for none
	for i := range b.Needs {
		n := &b.Needs[i]
		id, err := ParseID(n.Software)
		if n.Software == "" || err != nil {
			continue
		}
		entry, found := known[id.Key()]
		if !found {
			s, err := Find(ctx, store, id)
			switch {
			case err == nil:
				entry = s.ID
			case !Absent(err):
				return nil, fmt.Errorf("the software that the need %s is about: %w", n.Key, err)
			}
			known[id.Key()] = entry
		}
		n.Subject, keys[i] = entry, cmp.Or(entry, id).Key()
	}
	return keys, nil
}

// join finds what several organisations want together: needs about the same software,
// by their subjects, and those that join others.
func (b *Board) join(subjects []string) {
	group := make([]int, len(b.Needs)) // the number of another need of the group, or its own
	var root func(int) int
	root = func(i int) int {
		if group[i] != i {
			group[i] = root(group[i])
		}
		return group[i]
	}
	byKey, bySubject := map[string]int{}, map[string]int{}
	for i, n := range b.Needs {
		group[i] = i
		byKey[strings.ToLower(n.Key)] = i
	}
	for i, n := range b.Needs {
		if first, found := bySubject[subjects[i]]; found {
			group[root(i)] = root(first)
		} else if subjects[i] != "" {
			bySubject[subjects[i]] = i
		}
		address, need, _ := strings.Cut(n.Joins, "#")
		if repository, err := ParseID(address); err == nil {
			if joined, found := byKey[strings.ToLower(needKey(repository, need))]; found {
				group[root(i)] = root(joined)
			}
		}
	}
	members := map[int][]int{}
	for i := len(b.Needs) - 1; i >= 0; i-- { // the oldest first
		members[root(i)] = append(members[root(i)], i)
	}
	for _, all := range members {
		if j, ok := b.joint(all); ok {
			b.Joint = append(b.Joint, j)
		}
	}
	slices.SortFunc(b.Joint, func(x, y JointNeed) int {
		return cmp.Or(cmp.Compare(len(y.Backers), len(x.Backers)), cmp.Compare(x.Key, y.Key))
	})
}

// joint is what the needs with some numbers, the oldest first, are together; ok is
// false where only one organisation has them.
func (b *Board) joint(members []int) (j JointNeed, ok bool) {
	oldest := &b.Needs[members[0]]
	j = JointNeed{Key: oldest.Key, Title: oldest.Title}
	backers := map[string]bool{}
	for _, i := range members {
		n := &b.Needs[i]
		j.Needs = append(j.Needs, n.Key)
		j.Shares = addMoney(j.Shares, n.Share)
		j.Software = cmp.Or(j.Software, n.Subject)
		if who := OrganisationKey(n.Organisation.URI); !backers[who] {
			backers[who] = true
			j.Backers = append(j.Backers, n.Organisation.Name)
		}
	}
	if len(backers) < 2 {
		return j, false
	}
	for _, i := range members {
		b.Needs[i].Joint = j.Key
	}
	return j, true
}

// solutions are the entries that may be what a need is after.
func solutions(ctx context.Context, store BoardStore, n *BoardNeed) ([]NeedMatch, error) {
	words := tellingWords(n.Need)
	if len(words) == 0 {
		return []NeedMatch{}, nil
	}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	page, err := store.Search(ctx, Query{
		Text:    strings.Join(texts, " ") + " ", // the blank: the last word is a whole one
		AnyWord: true, Language: cmp.Or(n.Language, "de"), Counted: []Facet{}, Explain: true, Limit: 4 * MaxMatches,
	})
	if err != nil {
		return nil, err
	}
	var all []likeness
	for i, s := range page.Items {
		if i == len(page.Reasons) {
			break
		}
		m := likeness{NeedMatch: NeedMatch{Software: s.ID, Name: cmp.Or(s.PublicCode.Name, string(s.ID)), Category: sharedValues(n.Categories, s.PublicCode.Categories)}}
		for _, w := range words {
			if weight := w.in(page.Reasons[i]); weight > 0 {
				m.add(w, weight)
			}
		}
		all = append(all, m)
	}
	return likest(all, words), nil
}

// matchCodes are the ways in which a word of a need may be met by an entry: no guess at
// what was misspelt. matchFields say what it tells where it is met: less in a long
// description, and nothing in the name of who publishes the entry.
var (
	matchCodes  = []RankCode{RankExact, RankStem, RankSynonym, RankCompound, RankParts}
	matchFields = map[string]int{"name": 2, "generic": 2, "short": 2, "features": 2, "topics": 2, "long": 1}
)

// in is how much it tells that a word was met as reasons say; 0 for nothing.
func (w needWord) in(reasons []RankReason) int {
	for _, r := range reasons {
		if r.Word == w.text && slices.Contains(matchCodes, r.Code) {
			return matchFields[r.Field]
		}
	}
	return 0
}

// compare finds the needs of other organisations that are alike.
func (b *Board) compare() {
	words, who := make([][]needWord, len(b.Needs)), make([]string, len(b.Needs))
	for i, n := range b.Needs {
		words[i], who[i] = tellingWords(n.Need), OrganisationKey(n.Organisation.URI)
	}
	alike := newAlikeWords(words)
	for i := range b.Needs {
		n := &b.Needs[i]
		var all []likeness
		for j, met := range alike.to(i) {
			if who[i] == who[j] {
				continue
			}
			other := &b.Needs[j]
			m := likeness{NeedMatch: NeedMatch{Need: other.Key, Name: other.Title, Category: sharedValues(n.Categories, other.Categories)}}
			for _, w := range met.mine {
				m.add(words[i][w], 2)
			}
			back := likeness{NeedMatch: NeedMatch{Category: m.Category}}
			for _, w := range met.theirs {
				back.add(words[j][w], 2)
			}
			if m.holds(words[i]) || back.holds(words[j]) {
				all = append(all, m)
			}
		}
		n.Others = bestMatches(all)
	}
}

// likeness is a match in the making.
type likeness struct {
	NeedMatch
	titled int // words of the title that are met where it tells most
	points int
}

func (m *likeness) add(w needWord, weight int) {
	m.Words = append(m.Words, w.text)
	m.points += weight
	if w.title && weight > 1 {
		m.titled++
		m.points++
	}
}

// holds reports whether so much is alike that it is no chance: half of what the title
// says, and two words of the need at least, or all of a title that has only one; a
// category that both have stands in for either.
func (m *likeness) holds(words []needWord) bool {
	title := 0
	for _, w := range words {
		if w.title {
			title++
		}
	}
	switch {
	case m.titled == 0:
		return false
	case len(m.Category) > 0:
		return len(m.Words) > 1 || 2*m.titled >= title
	}
	return 2*m.titled >= title && (len(m.Words) > 1 || title == 1)
}

// likest are those of all that hold, the best first.
func likest(all []likeness, words []needWord) []NeedMatch {
	return bestMatches(slices.DeleteFunc(all, func(m likeness) bool { return !m.holds(words) }))
}

// bestMatches are the first of all by points; of as many in their order.
func bestMatches(all []likeness) []NeedMatch {
	slices.SortStableFunc(all, func(a, b likeness) int {
		return cmp.Compare(b.points+2*min(len(b.Category), 1), a.points+2*min(len(a.Category), 1))
	})
	list := make([]NeedMatch, 0, MaxMatches)
	for _, m := range all[:min(len(all), MaxMatches)] {
		list = append(list, m.NeedMatch)
	}
	return list
}

// sharedValues are the values of one list that another has, too.
func sharedValues(a, b []string) (both []string) {
	for _, v := range a {
		if slices.Contains(b, v) && !slices.Contains(both, v) {
			both = append(both, v)
		}
	}
	return both
}

// eachDocument yields the documents of a kind, read. An error is the last thing
// yielded.
func eachDocument[T any](ctx context.Context, store RegisterStore, kind DocumentKind) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for d, err := range store.ListDocuments(ctx, DocumentList{Kind: kind}) {
			var v *T
			if err == nil {
				v, err = ReadDocument[T](d)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
