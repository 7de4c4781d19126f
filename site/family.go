// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"html/template"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what a page shows of a family.
const (
	maxOffshoots = 10  // of an original
	maxWorkOf    = 5   // commits of one of them
	maxWork      = 15  // commits of all of them
	maxTitle     = 100 // of a commit, in characters
)

// lineage is an original with what was made of it, and how far each is from it.
type lineage struct {
	ID        string // of its heading
	Original  offshoot
	Offshoots []offshoot
	Rest      int           // more than are shown
	Drifting  int           // of those shown
	Meaning   string        // of drifting
	Picture   template.HTML // of all that are shown
}

// offshoot is a repository of a lineage.
type offshoot struct {
	Beside    *beside // nil of what is no entry, and of the entry of the page
	Kind      string  // key of its text: self, base, variant, sibling, fork
	Name      string
	Path      string // of its page; "" without one
	Link      link   // the repository, where there is no Path
	Owner     string
	State     string // name of the owner's region
	Unlisted  bool   // not in the catalogue
	Pushed    time.Time
	Known     bool // how far it is from the original
	Ahead     string
	Behind    string
	Drift     registry.Drift
	DriftName string
	Tone      string // of Drift
	Why       string // nothing is known; "" where something is, or nothing to say
	Work      []work // the newest that only it has
	More      int    // of those

	ahead, behind int
}

// work is a commit.
type work struct {
	Title string
	At    time.Time
}

// newLineages are what the entry was made of, with its siblings, and what was made of
// it.
func newLineages(entry *registry.Software, family []registry.Relative, lang string, today time.Time) []lineage {
	if len(family) == 0 && len(entry.Forks) == 0 {
		return nil
	}
	var all []lineage
	own := lineage{Original: ofEntry(entry, "self", lang, today)}
	for _, r := range family {
		switch r.Relation {
		case registry.Base:
			l := lineage{Original: ofRelative(entry, r, lang, today), Offshoots: []offshoot{ofEntry(entry, "self", lang, today)}}
			l.Offshoots[0].tell(r.Apart, r.Drift, lang)
			for _, s := range family {
				if s.Relation == registry.Sibling && slices.ContainsFunc(s.Software.BasedOn, r.ID.Same) {
					l.add(entry, s, lang, today)
				}
			}
			all = append(all, l)
		case registry.Variant:
			own.add(entry, r, lang, today)
		}
	}
	for _, f := range entry.Forks {
		if !slices.ContainsFunc(family, func(r registry.Relative) bool { return r.ID.Same(f.ID) }) {
			o := ofFork(f, lang)
			o.tell(&f, entry.Drift(f), lang)
			own.Offshoots = append(own.Offshoots, o)
		}
	}
	if len(own.Offshoots) > 0 {
		all = append(all, own)
	}
	for i := range all {
		all[i].finish("family-"+strconv.Itoa(i+1), lang)
	}
	return all
}

func (l *lineage) add(entry *registry.Software, r registry.Relative, lang string, today time.Time) {
	o := ofRelative(entry, r, lang, today)
	o.tell(r.Apart, r.Drift, lang)
	l.Offshoots = append(l.Offshoots, o)
}

func ofEntry(s *registry.Software, kind, lang string, today time.Time) offshoot {
	c := newCard(s, lang, today)
	return offshoot{Kind: kind, Name: c.Name, Path: c.Path, Owner: shorten(c.Publisher.Name, maxName), State: c.State, Pushed: c.Pushed}
}

func ofRelative(entry *registry.Software, r registry.Relative, lang string, today time.Time) offshoot {
	place := newLink("https://" + string(r.ID))
	if r.Software == nil {
		return offshoot{Kind: string(r.Relation), Name: repositoryName(r.ID), Link: place, Owner: ownerName(r.ID), Unlisted: true}
	}
	o := ofEntry(r.Software, string(r.Relation), lang, today)
	o.Beside = newBeside(entry, r.Software, lang)
	if o.Path == "" {
		o.Link = place
	}
	return o
}

func ofFork(f registry.Fork, lang string) offshoot {
	o := offshoot{Kind: "fork", Name: repositoryName(f.ID), Link: newLink(f.URL), Owner: shorten(f.Publisher.Name, maxName), Pushed: f.Pushed}
	o.Link.Text = o.Name
	if state := registry.RegionName(f.Publisher.Region, lang); !strings.Contains(f.Publisher.Name, state) {
		o.State = shorten(state, maxName)
	}
	if o.Owner == "" {
		o.Owner = ownerName(f.ID)
	}
	return o
}

func repositoryName(id registry.ID) string { return shorten(path.Base(string(id)), maxName) }

func ownerName(id registry.ID) string { return shorten(path.Base(path.Dir(string(id))), maxName) }

// tell says how far it is from the original; f is nil where it is not known as a fork
// of that.
func (o *offshoot) tell(f *registry.Fork, drift registry.Drift, lang string) {
	if f == nil {
		f, drift = &registry.Fork{}, registry.DriftUnknown
	}
	o.Drift, o.DriftName, o.Tone = drift, drift.Label(lang), driftTones[drift]
	if f.Unknown != "" {
		o.Why = f.Unknown.Meaning(lang)
	}
	if f.Ahead == nil || f.Behind == nil {
		o.ahead = -1
		return
	}
	o.Known, o.ahead, o.behind = true, *f.Ahead, *f.Behind
	o.Ahead, o.Behind = formatApart(lang, o.ahead), formatApart(lang, o.behind)
	for _, c := range f.Commits[:min(len(f.Commits), maxWorkOf)] {
		o.Work = append(o.Work, work{cmp.Or(shorten(c.Title, maxTitle), shorten(c.Hash, 12)), c.Time})
	}
	o.More = o.ahead - len(o.Work)
}

var driftTones = map[registry.Drift]string{
	registry.Drifting: "warn", registry.Diverged: "mild", registry.AheadOnly: "mild", registry.Identical: "good",
}

func formatApart(lang string, n int) string {
	s := formatNumber(lang, n)
	if n >= registry.MaxCommitsApart {
		s += "+"
	}
	return s
}

// finish brings it into order and bounds and draws it.
func (l *lineage) finish(id, lang string) {
	l.ID = id
	slices.SortStableFunc(l.Offshoots, func(o, p offshoot) int { return cmp.Compare(p.ahead, o.ahead) })
	l.Rest = max(0, len(l.Offshoots)-maxOffshoots)
	kept := l.Offshoots[:min(len(l.Offshoots), maxOffshoots)]
	// The entry of the page is shown in any case.
	if i := slices.IndexFunc(l.Offshoots, func(o offshoot) bool { return o.Kind == "self" }); i >= maxOffshoots {
		kept[maxOffshoots-1] = l.Offshoots[i]
	}
	l.Offshoots = kept
	left := maxWork
	for i := range l.Offshoots {
		o := &l.Offshoots[i]
		o.More += max(0, len(o.Work)-left)
		o.Work = o.Work[:min(len(o.Work), left)]
		left -= len(o.Work)
		if o.Drift == registry.Drifting {
			l.Drifting, l.Meaning = l.Drifting+1, o.Drift.Meaning(lang)
		}
	}
	l.draw(lang)
}

// The drawing, in its own units: names, the line of the original, what branches
// off it, and numbers.
const (
	lineageWidth  = 640
	lineageLane   = 30
	lineageFrom   = 210
	lineageNow    = 430 // where the line of the original ends
	lineageAhead  = 90  // of the longest branch
	lineageLetter = 26  // of a name
)

// draw makes the picture: the further to the left something branches off, the more
// commits it misses, the longer it is, the more it has of its own. As those that miss
// most come last no line crosses another.
func (l *lineage) draw(lang string) {
	rows := slices.Clone(l.Offshoots)
	slices.SortStableFunc(rows, func(o, p offshoot) int { return cmp.Compare(o.depth(), p.depth()) })
	height := lineageLane * (len(rows) + 1)
	var f fragment
	f.mark(`<svg class="lineage" viewBox="0 0 ` + strconv.Itoa(lineageWidth) + " " + strconv.Itoa(height) + `" role="img" aria-labelledby="` + l.ID + `-title ` + l.ID + `-text">`)
	f.wrap(`<title id="`+l.ID+`-title">`, say(lang, "family.picture", l.Original.Name), "</title>")
	f.wrap(`<desc id="`+l.ID+`-text">`, say(lang, "family.numbers"), "</desc>")
	f.mark(`<g aria-hidden="true">`)
	const top = lineageLane / 2
	f.mark(`<path class="lineage-line" d="M` + strconv.Itoa(lineageFrom) + " " + strconv.Itoa(top) + "H" + strconv.Itoa(lineageNow) + `"/>`)
	f.mark(`<circle class="lineage-end" cx="` + strconv.Itoa(lineageNow) + `" cy="` + strconv.Itoa(top) + `" r="5"/>`)
	label := func(name string, y int, self bool) {
		class := ""
		if self {
			class = ` class="lineage-self"`
		}
		if utf8.RuneCountInString(name) > lineageLetter {
			name = shorten(name, lineageLetter-1)
		}
		f.wrap("<text"+class+` x="0" y="`+strconv.Itoa(y+5)+`">`, name, "</text>")
	}
	label(l.Original.Name, top, l.Original.Kind == "self")
	f.wrap(`<text class="lineage-number" x="`+strconv.Itoa(lineageWidth)+`" y="`+strconv.Itoa(top+5)+`">`, say(lang, "family.original"), "</text>")
	for i, o := range rows {
		y := top + lineageLane*(i+1)
		label(o.Name, y, o.Kind == "self")
		class, from, to := "lineage-line", lineageNow-logarithmic(o.behind)*(lineageNow-lineageFrom-10), 0.0
		switch {
		case !o.Known:
			class, from = class+" lineage-unknown", lineageFrom+4
			to = from + lineageAhead
		case o.Drift == registry.Drifting:
			class += " lineage-drifting"
			fallthrough
		default:
			to = from + 10 + logarithmic(o.ahead)*lineageAhead
		}
		if o.Kind == "self" {
			class += " lineage-self"
		}
		f.mark(`<path class="` + class + `" d="M` + coordinate(from) + " " + strconv.Itoa(top) + "V" + strconv.Itoa(y-8) + "q0 8 8 8H" + coordinate(to) + `"/>`)
		if o.Known {
			f.mark(`<circle class="lineage-end" cx="` + coordinate(to) + `" cy="` + strconv.Itoa(y) + `" r="4"/>`)
		}
		f.wrap(`<text class="lineage-number" x="`+strconv.Itoa(lineageWidth)+`" y="`+strconv.Itoa(y+5)+`">`, o.numbers(), "</text>")
	}
	f.mark("</g></svg>")
	l.Picture = f.html()
}

// depth is how far to the left it branches off.
func (o offshoot) depth() int {
	if !o.Known {
		return math.MaxInt
	}
	return o.behind
}

func (o offshoot) numbers() string {
	if !o.Known {
		return "?"
	}
	return "+" + o.Ahead + " −" + o.Behind
}

// logarithmic is the share of the greatest number of commits, in a scale in which
// few can be told apart.
func logarithmic(n int) float64 {
	return math.Log1p(float64(n)) / math.Log1p(registry.MaxCommitsApart)
}
