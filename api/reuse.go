// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const (
	reusePath = "/v1/reuse"
	// reuseShare is how much of the time reuse is counted at most, where the
	// catalogue changes all the time: one part in so many.
	reuseShare = 20
)

// reuseList is who uses what of whom, on a day.
type reuseList struct {
	Day    string      `json:"day"`
	Total  reuseCount  `json:"total"`
	Claims int         `json:"claims"`
	Places []placeItem `json:"places"`
	Pairs  []placePair `json:"pairs"`
	Links  reuseLinks  `json:"links"`
}

type reuseLinks struct {
	Self string `json:"self"`
	CSV  string `json:"csv"`
}

type reuseCount struct {
	Published int `json:"published"`
	Claimed   int `json:"claimed"`
	Shared    int `json:"shared"`
	Within    int `json:"within"`
	Used      int `json:"used"`
	Users     int `json:"users"`
}

type placeItem struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
	reuseCount
}

type placePair struct {
	PublishedBy string `json:"publishedBy"`
	UsedBy      string `json:"usedBy"`
	Entries     int    `json:"entries"`
}

// reuse keeps what was counted, for a revision and a day.
type reuse struct {
	mu      sync.Mutex
	counted *registry.Reuse // nil for none yet
	rev     registry.Rev
	since   time.Time
	expense time.Duration
}

// get counts anew where the catalogue or the day has changed, but not all the time.
func (r *reuse) get(ctx context.Context, c Catalogue, now time.Time) (*registry.Reuse, error) {
	rev, err := c.Rev(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counted != nil {
		current := r.rev == rev && r.counted.Day == now.UTC().Format(time.DateOnly)
		if current || time.Since(r.since) < reuseShare*r.expense {
			return r.counted, nil
		}
	}
	begin := time.Now()
	counted, err := registry.CountReuse(ctx, c, now)
	if err != nil {
		return nil, err
	}
	r.counted, r.rev, r.since = counted, rev, time.Now()
	r.expense = r.since.Sub(begin)
	return counted, nil
}

// countReuse tells which places use how many entries of which others, as far as
// organisations confirm it in public.
func (a *api) countReuse(c *gin.Context) (*answer, error) {
	counted, err := a.reuse.get(c.Request.Context(), a.catalogue, a.now())
	if err != nil {
		return nil, err
	}
	n := counted.Numbers()
	list := reuseList{
		Day: n.Day, Total: reuseCount(n.Total), Claims: n.Claims, Places: []placeItem{}, Pairs: []placePair{},
		Links: reuseLinks{a.link(reusePath), a.link(reusePath + endCSV)},
	}
	for _, p := range n.Places {
		names := map[string]string{german: registry.PlaceName(p.Code, german), english: registry.PlaceName(p.Code, english)}
		list.Places = append(list.Places, placeItem{p.Code, names, reuseCount(p.PlaceReuse)})
	}
	for _, p := range n.Pairs {
		list.Pairs = append(list.Pairs, placePair(p))
	}
	return jsonAnswer(list)
}

// tabulateReuse hands the same out as a table.
func (a *api) tabulateReuse(c *gin.Context) (*answer, error) {
	counted, err := a.reuse.get(c.Request.Context(), a.catalogue, a.now())
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := registry.WriteReuseCSV(&body, counted); err != nil {
		return nil, fmt.Errorf("write the reuse as CSV: %w", err)
	}
	return &answer{
		contentType: typeCSV, body: body.Bytes(), etag: entityTag(body.Bytes()), cache: cacheMinute,
		header: map[string]string{"Content-Disposition": `attachment; filename="reuse.csv"`},
	}, nil
}
