// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of an Activity where registry has none.
const (
	maxLanguages = 50
	maxLabels    = 20   // of an issue
	maxAddress   = 2048 // of an asset, in bytes
)

// Tidy brings what a forge told into the order and the bounds that
// registry.Activity promises: what adapters end a description with. It leaves
// out what has no name, what is there twice, and issues without a help label.
func Tidy(a *registry.Activity) {
	a.Languages = tidied(a.Languages, maxLanguages, func(l *registry.Language) bool {
		l.Share = math.Round(min(l.Share, 100)*10) / 10
		return name(&l.Name) && l.Share > 0
	}, func(l, m registry.Language) int {
		return cmp.Or(cmp.Compare(m.Share, l.Share), cmp.Compare(l.Name, m.Name))
	})
	a.Releases = tidied(a.Releases, registry.MaxReleases, func(r *registry.Release) bool {
		r.Name, r.Published = text(r.Name, maxName), Moment(r.Published)
		r.Assets = tidied(r.Assets, registry.MaxAssets, func(a *registry.Asset) bool {
			a.Size = max(a.Size, 0)
			return name(&a.Name) && a.URL != "" && len(a.URL) <= maxAddress
		}, nil)
		return name(&r.Tag)
	}, func(r, s registry.Release) int { return s.Published.Compare(r.Published) })
	a.Tags = tidied(a.Tags, registry.MaxTags, func(t *registry.Tag) bool {
		t.Date = Moment(t.Date)
		if !IsHash(t.Commit) {
			t.Commit = ""
		}
		return name(&t.Name)
	}, func(t, u registry.Tag) int { return u.Date.Compare(t.Date) })
	met := map[string]bool{}
	a.HelpWanted = tidied(a.HelpWanted, registry.MaxIssues, func(i *registry.Issue) bool {
		if met[i.URL] || !slices.ContainsFunc(i.Labels, IsHelpLabel) {
			return false
		}
		met[i.URL] = true
		i.Title, i.Created = cmp.Or(text(i.Title, maxName), "#"+path.Base(i.URL)), Moment(i.Created)
		i.Labels = tidied(i.Labels, maxLabels, name, nil)
		return true
	}, func(i, j registry.Issue) int { return j.Created.Compare(i.Created) })
	if a.OpenIssues != nil && *a.OpenIssues < 0 {
		a.OpenIssues = nil
	}
}

// tidied are those of a list that keep says are good, once it has mended them,
// in order where one is given, at most so many.
func tidied[E any](list []E, most int, keep func(*E) bool, order func(a, b E) int) (out []E) {
	for _, e := range list {
		if keep(&e) {
			out = append(out, e)
		}
	}
	if order != nil {
		slices.SortStableFunc(out, order)
	}
	return out[:min(len(out), most)]
}

// name mends a name and reports whether it is one.
func name(s *string) bool {
	*s = text(*s, 2*maxName)
	return *s != "" && len(*s) <= maxName
}

// IsHelpLabel reports whether a label is one of registry.HelpLabels.
func IsHelpLabel(label string) bool {
	return slices.ContainsFunc(registry.HelpLabels, func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(label)) })
}

// HelpLabels are registry.HelpLabels as people write them, for forges that tell
// cases apart.
func HelpLabels() (out []string) {
	for _, label := range registry.HelpLabels {
		words := strings.Fields(label)
		for i, word := range words {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
		out = append(out, label, strings.ToUpper(label[:1])+label[1:], strings.Join(words, " "))
	}
	return out
}

// Moment is a time as a forge tells it, in UTC. What is before 1970 is none, as
// some write it so, and what JSON cannot write in every zone.
func Moment(t time.Time) time.Time {
	if t = t.UTC(); t.Unix() <= 0 || t.Year() > 9998 {
		return time.Time{}
	}
	return t
}

// Date is a time in a forge's JSON. What is none is zero and spoils nothing
// beside it: people make commits and tags with dates that no library reads.
type Date struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (d *Date) UnmarshalJSON(text []byte) error {
	var t time.Time
	if t.UnmarshalJSON(text) != nil {
		t = time.Time{}
	}
	d.Time = Moment(t)
	return nil
}
