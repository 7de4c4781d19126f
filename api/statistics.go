// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of an answer with statistics.
const (
	maxDays  = 366
	maxDaily = 4 << 20 // bytes of the numbers by value
)

const statisticsPath = "/v1/statistics"

// endCSV ends the path of the statistics as a table.
const endCSV = ".csv"

type dayList struct {
	Items []day    `json:"items"`
	Links dayLinks `json:"links"`
}

type dayLinks struct {
	pageLinks
	CSV string `json:"csv"`
}

// day is what the catalogue was like at the end of a day. The value "" counts
// the entries that have none.
type day struct {
	Date       string         `json:"date"`
	Revision   registry.Rev   `json:"revision"`
	Entries    int            `json:"entries"`
	Incomplete int            `json:"incomplete"`
	New        int            `json:"new"`
	Changed    int            `json:"changed"`
	Removed    int            `json:"removed"`
	Regions    map[string]int `json:"regions"`
	Licences   map[string]int `json:"licences"`
	Verdicts   map[string]int `json:"verdicts"`
	Statuses   map[string]int `json:"statuses"`
	Findings   map[string]int `json:"findings"`
	Reuse      *dayReuse      `json:"reuse,omitempty"` // none on a day on which it was not counted
}

// dayReuse is who uses what of whom, of a day that is over.
type dayReuse struct {
	Total  reuseCount  `json:"total"`
	Claims int         `json:"claims"`
	Places []dayPlace  `json:"places"` // those with any number
	Pairs  []placePair `json:"pairs"`
}

type dayPlace struct {
	Code string `json:"code"`
	reuseCount
}

func newDay(d *registry.Day) day {
	out := day{
		Date: d.Date, Revision: d.Rev, Entries: d.Entries, Incomplete: d.Incomplete, New: d.New, Changed: d.Changed, Removed: d.Removed,
		Regions: d.Regions, Licences: d.Licences, Verdicts: d.Verdicts, Statuses: d.Statuses, Findings: d.Findings,
	}
	if r := d.Reuse; r != nil {
		out.Reuse = &dayReuse{Total: reuseCount(r.Total), Claims: r.Claims, Places: []dayPlace{}, Pairs: []placePair{}}
		for _, p := range r.Places {
			out.Reuse.Places = append(out.Reuse.Places, dayPlace{p.Code, reuseCount(p.PlaceReuse)})
		}
		for _, p := range r.Pairs {
			out.Reuse.Pairs = append(out.Reuse.Pairs, placePair(p))
		}
	}
	return out
}

// bounded is a day with the most frequent values of each kind, and about how
// many bytes they take.
func bounded(d *registry.Day) (out registry.Day, size int) {
	out = *d
	for _, counts := range []*map[string]int{&out.Regions, &out.Licences, &out.Verdicts, &out.Statuses, &out.Findings} {
		*counts = mostFrequent(*counts)
		for value := range *counts {
			size += len(value) + len(`"":1000,`)
		}
	}
	if d.Reuse != nil {
		size += 100 * (len(d.Reuse.Places) + len(d.Reuse.Pairs)) // about
	}
	return out, size
}

// mostFrequent leaves the values that as many entries have as those of a facet.
func mostFrequent(counts map[string]int) map[string]int {
	values := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	out := map[string]int{}
	for _, v := range values[:min(len(values), maxCounted)] {
		out[v] = counts[v]
	}
	return out
}

// days are those of the period that is asked for, the oldest first, as many as
// an answer bears. The page after them begins with the first day that is not
// among them. The links are to the address that was asked.
func (a *api) days(c *gin.Context) (days []*registry.Day, links dayLinks, err error) {
	p := parseParameters(c.Request.URL.RawQuery)
	from, to := p.date("from"), p.date("to")
	if len(p.faults) == 0 && to != "" && to < from {
		p.fault("to", codeForbidden, "to is a day not before from.")
	}
	if len(p.faults) > 0 {
		return nil, links, badRequest(p.faults)
	}
	page := func(path, from string) string {
		v := url.Values{}
		for name, date := range map[string]string{"from": from, "to": to} {
			if date != "" {
				v.Set(name, date)
			}
		}
		if len(v) == 0 {
			return a.link(path)
		}
		return a.link(path + "?" + v.Encode())
	}
	links = dayLinks{pageLinks{Self: page(c.FullPath(), from)}, page(statisticsPath+endCSV, from)}
	size := 0
	for d, err := range a.catalogue.Days(c.Request.Context(), from, to) {
		if err != nil {
			return nil, links, err
		}
		if len(days) == maxDays || size > maxDaily {
			links.Next = page(c.FullPath(), d.Date)
			break
		}
		one, more := bounded(d)
		size += more
		days = append(days, &one)
	}
	return days, links, nil
}

// listDays lists the statistics of days.
func (a *api) listDays(c *gin.Context) (*answer, error) {
	days, links, err := a.days(c)
	if err != nil {
		return nil, err
	}
	return links.onto(jsonAnswer(dayList{each(days, newDay), links}))
}

// tabulateDays hands out the statistics of days as a table.
func (a *api) tabulateDays(c *gin.Context) (*answer, error) {
	days, links, err := a.days(c)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := registry.WriteDaysCSV(&body, days); err != nil {
		return nil, fmt.Errorf("write the statistics as CSV: %w", err)
	}
	return links.onto(&answer{
		contentType: typeCSV, body: body.Bytes(), etag: entityTag(body.Bytes()), cache: cacheMinute,
		header: map[string]string{"Content-Disposition": `attachment; filename="statistics.csv"`},
	}, nil)
}
