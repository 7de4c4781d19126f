// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/allmende-registry/allmende/registry"
)

// reasons say why an entry stands where it does in the order by relevance, the
// weightiest first. Their shares make one together, in as far as something
// counted at all.
func (v *view) reasons(s *registry.Software) []registry.RankReason {
	l, n := v.catalogue.find(s.ID)
	if l == nil {
		return nil // it came after the query was answered
	}
	layer := slices.Index(v.layers, l)
	d := &l.docs[n]
	var all []registry.RankReason
	text := int64(0)
	for i, r := range v.clauses {
		counts := int64(r[layer].points[n]) * int64(v.factors[i])
		if counts == 0 {
			continue // the one word that may be missing
		}
		text += counts
		reason := v.meeting(i, layer, n)
		reason.Word = v.asked.wanted[i].written
		reason.Share = float64(counts)
		all = append(all, reason)
	}
	if whole := v.ranker(layer).text(n); whole > text {
		all = append(all, registry.RankReason{Code: registry.RankName, Word: v.q.Text, Found: s.PublicCode.Name, Field: fieldNames[nameField], Share: float64(whole - text)})
		text = whole
	}
	base := float64(text)
	if len(v.clauses) == 0 {
		base = ordinary
	}
	activity := v.clock.activity(d)
	for _, q := range []struct {
		code  registry.RankCode
		found string
		parts int
	}{
		{registry.RankMaturity, s.PublicCode.DevelopmentStatus, maturity[s.PublicCode.DevelopmentStatus]},
		{registry.RankActivity, activities[activity], livelyBy[activity]},
		{registry.RankCompleteness, "", completeness(s)},
		{registry.RankLicence, verdictName(s), verdictOf(s)},
		{registry.RankConfirmed, strconv.Itoa(v.clock.confirmed(d)), confirmed(v.clock.confirmed(d))},
		{registry.RankUsed, strconv.Itoa(len(s.PublicCode.UsedBy)), use(s)},
	} {
		if q.parts != 0 {
			all = append(all, registry.RankReason{Code: q.code, Found: q.found, Share: base * float64(q.parts) / ordinary})
		}
	}
	sum := 0.0
	if len(v.clauses) == 0 {
		sum = ordinary
	}
	for _, r := range all {
		sum += r.Share
	}
	for i := range all {
		all[i].Share /= max(sum, 1)
	}
	slices.SortStableFunc(all, func(a, b registry.RankReason) int { return cmp.Compare(b.Share, a.Share) })
	return all
}

func verdictName(s *registry.Software) string {
	if s.Licence == nil {
		return ""
	}
	return string(s.Licence.Verdict)
}

// meeting is the best way in which a clause was met by an entry.
func (v *view) meeting(clause, layer int, n uint32) registry.RankReason {
	var best registry.RankReason
	most := uint16(0)
	if clause >= len(v.met) {
		return best
	}
	l := v.layers[layer]
	for _, m := range v.met[clause][layer] {
		if m.only != nil && !m.only.docs.has(n) {
			continue
		}
		at := l.at(m.term, n) & seen[m.kind]
		if counts := m.counts * weights[at]; at != 0 && counts > most {
			most = counts
			best = registry.RankReason{Code: rankCodes[m.kind], Found: l.written(l.wordOf[m.term]), Field: fieldNames[at.best()]}
		}
	}
	return best
}

// best is the field that counts most.
func (w where) best() field {
	f := nameField
	for w>>f&1 == 0 {
		f++
	}
	return f
}

// at says where an entry has a term; 0 where it does not.
func (p *postings) at(term, doc uint32) where {
	found := where(0)
	p.each(term, func(d uint32, at where) {
		if d == doc {
			found = at
		}
	})
	return found
}
