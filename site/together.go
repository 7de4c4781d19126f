// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what is shown of how an entry is looked after together.
const (
	maxCare     = 20 // who say something of it
	maxPartners = 50
	maxFunding  = 20
)

// care is what an organisation says of how an entry is looked after together.
type care struct {
	By            link
	State         string // where it is at home; "" where its name says it
	Own           bool   // it is the word of the entry's publisher
	Proof         string // how it is known that the organisation says so, in words
	Seeks         string // coMaintainers, newMaintainer; "" for nothing
	Community     link
	CommunityPath string // of its place in the list of communities
	Partners      []partner
	Steering      string
	Decisions     string
	Joining       joining
	Open          []funding
	Committed     []funding
	Until         day
	Expired       bool
	File          link
}

// partner is an organisation that looks after something with others.
type partner struct {
	Name  link
	State string // "" where it is not known or the name says it
	Role  string // in the language of the page
}

// joining is how to join.
type joining struct {
	Text    string
	Page    string // address; "" for none
	Contact link
}

// Any reports whether anything is said of it.
func (j joining) Any() bool { return j != joining{} }

// funding is money that is looked for or promised.
type funding struct {
	Purpose link
	Amount  string
	By      string
	Until   day
}

// readCare reads what organisations say of how the entry is looked after: the
// publisher's word first, what is confirmed before what was.
func (d *detail) readCare(all []registry.Comaintenance, lang string, now time.Time) {
	for _, c := range all[:min(len(all), maxCare)] {
		one := care{
			By: link{shorten(c.Organisation.Name, maxName), webLink(c.Organisation.URI)}, State: stateBeside(c.Organisation.Region, c.Organisation.Name, lang),
			Own: d.S.SaidByPublisher(c), Proof: proofWords(c.Proof(), lang),
			Community: link{shorten(c.Community.Name, maxName), webLink(c.Community.URI)},
			Steering:  shorten(c.Steering, maxLine), Decisions: shorten(c.Decisions, maxLine), Joining: newJoining(c.Joining),
			Until: readDay(c.ConfirmedUntil), Expired: !c.Current(now), File: link{adoption.FileName, webLink(c.URL)},
		}
		if one.Own { // no one else can offer it
			one.Seeks = seeksWord(c.Seeks)
		}
		if one.Community.Text != "" && !one.Expired {
			one.CommunityPath = communitiesPath + "#" + communityAnchor(c.Community)
		}
		for _, p := range c.Partners[:min(len(c.Partners), maxPartners)] {
			one.Partners = append(one.Partners, newPartner(p, lang))
		}
		for _, f := range c.Funding[:min(len(c.Funding), maxFunding)] {
			if f.Status == adoption.CommittedFunding {
				one.Committed = append(one.Committed, newFunding(f, lang))
			} else {
				one.Open = append(one.Open, newFunding(f, lang))
			}
		}
		d.Care = append(d.Care, one)
	}
	slices.SortStableFunc(d.Care, func(a, b care) int {
		return cmp.Or(truth(b.Own)-truth(a.Own), truth(a.Expired)-truth(b.Expired))
	})
}

// truth orders false before true.
func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// proofWords says how it is known that an organisation says so; "" where there
// are no words for it.
func proofWords(p registry.Proof, lang string) string { return texts[lang]["proof."+string(p)] }

// seeksWord is what is looked for, where there are words for it.
func seeksWord(s adoption.Seeks) string {
	if slices.Contains(adoption.AllSeeks(), s) {
		return string(s)
	}
	return ""
}

// stateBeside is the name of a region to stand beside a name; "" where that says it.
func stateBeside(region, name, lang string) string {
	state := registry.RegionName(region, lang)
	if strings.Contains(name, state) {
		return ""
	}
	return shorten(state, maxName)
}

func newPartner(p adoption.Partner, lang string) partner {
	return partner{
		link{shorten(p.Name, maxName), webLink(p.URI)},
		stateBeside(p.Region, p.Name, lang),
		shorten(adoption.RoleLabel(string(cmp.Or(p.Role, adoption.Maintains)), lang), maxName),
	}
}

func newJoining(j adoption.Joining) joining {
	return joining{shorten(j.Text, maxLine), webLink(j.URL), contactLink(j.Contact)}
}

// contactLink leads to an address to write to, or to a page.
func contactLink(contact string) link {
	return link{shorten(contact, maxLine), cmp.Or(mailto(contact), webLink(contact))}
}

func newFunding(f adoption.Funding, lang string) funding {
	return funding{link{shorten(f.Purpose, maxLine), webLink(f.URL)}, formatMoney(lang, f.Amount), shorten(f.By, maxName), readDay(f.Until)}
}

// formatMoney writes a sum: 25.000 € in German, €25,000 in English; "" for none.
func formatMoney(lang string, m adoption.Money) string {
	if m.Amount <= 0 {
		return ""
	}
	number := formatNumber(lang, int(m.Amount))
	switch {
	case m.Currency != "" && m.Currency != "EUR":
		return number + "\u00a0" + shorten(m.Currency, 3)
	case lang == "de":
		return number + "\u00a0€"
	}
	return "€" + number
}

// formatSums writes sums of several currencies.
func formatSums(lang string, sums []adoption.Money) string {
	var list []string
	for _, m := range sums[:min(len(sums), maxItems)] {
		if text := formatMoney(lang, m); text != "" {
			list = append(list, text)
		}
	}
	return strings.Join(list, " + ")
}

// together is an entry with what is said of how it is looked after together, and
// nothing else but what it is called.
func (g *gist) together() *registry.Software {
	s := &registry.Software{ID: g.ID, Publisher: g.Publisher, Comaintenance: g.Together}
	s.PublicCode.Name = cmp.Or(g.Name, string(g.ID))
	return s
}

// open is an entry that others could join: it looks for people or for money.
type open struct {
	ID        registry.ID
	Name      string
	Publisher registry.Publisher
	Language  string
	Seeks     string // as in care
	Joining   adoption.Joining
	Money     []adoption.Funding
}

// Path is the page of the entry; "" without one.
func (e open) Path() string {
	path, _ := softwarePath(e.ID)
	return path
}

// Page is the address that tells how to join; "" without one.
func (e open) Page() string { return webLink(e.Joining.URL) }

// How is how to join, in a sentence.
func (e open) How() string { return shorten(e.Joining.Text, maxLine) }

// newOpen reads what the publisher of an entry looks for at a moment; ok is false
// for nothing.
func newOpen(g gist, now time.Time) (e open, ok bool) {
	s := g.together()
	e = open{ID: g.ID, Name: s.PublicCode.Name, Publisher: g.Publisher, Language: g.Language, Seeks: seeksWord(s.Seeks(now))}
	for _, c := range s.Comaintenance {
		if !s.SaidByPublisher(c) || !c.Current(now) {
			continue
		}
		for _, f := range c.Funding {
			if f.Status == adoption.OpenFunding && len(e.Money) < maxFunding {
				e.Money = append(e.Money, f)
			}
		}
		if e.Joining == (adoption.Joining{}) {
			e.Joining = c.Joining
		}
	}
	return e, e.Seeks != "" || len(e.Money) > 0
}

// sortOpen puts what is to be handed over first, then what seeks people, then
// what seeks money.
func sortOpen(list []open) {
	order := []string{string(adoption.NewMaintainer), string(adoption.CoMaintainers), ""}
	slices.SortStableFunc(list, func(a, b open) int {
		return cmp.Or(slices.Index(order, a.Seeks)-slices.Index(order, b.Seeks),
			strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(string(a.ID), string(b.ID)))
	})
}

// State is the name of a publisher's region; "" where its own name says it.
func (p *page) State(of registry.Publisher) string { return stateBeside(of.Region, of.Name, p.Lang) }

// FundingOf are the sums in words of what an entry looks for.
func (p *page) FundingOf(list []adoption.Funding) []funding {
	var out []funding
	for _, f := range list {
		out = append(out, newFunding(f, p.Lang))
	}
	return out
}
