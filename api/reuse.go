// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"fmt"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const reusePath = "/v1/reuse"

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

// counted is the reuse of the day.
func (a *api) counted(ctx context.Context) (*registry.Reuse, error) {
	now := a.now()
	return a.reuse.get(ctx, a.catalogue, now, "", func(ctx context.Context) (*registry.Reuse, error) {
		return registry.CountReuse(ctx, a.catalogue, now)
	})
}

// countReuse tells which places use how many entries of which others, as far as
// organisations confirm it in public.
func (a *api) countReuse(c *gin.Context) (*answer, error) {
	counted, err := a.counted(c.Request.Context())
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

// tabulateReuse hands the same out as a table; where a period is asked for, of the
// recorded days of it on which reuse was counted.
func (a *api) tabulateReuse(c *gin.Context) (*answer, error) {
	var numbers []registry.ReuseNumbers
	var links dayLinks
	if c.Request.URL.RawQuery == "" {
		counted, err := a.counted(c.Request.Context())
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, counted.Numbers())
	} else {
		days, of, err := a.days(c)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			if d.Reuse != nil {
				numbers = append(numbers, *d.Reuse)
			}
		}
		links = of
	}
	var body bytes.Buffer
	if err := registry.WriteReuseCSV(&body, numbers...); err != nil {
		return nil, fmt.Errorf("write the reuse as CSV: %w", err)
	}
	return links.onto(&answer{
		contentType: typeCSV, body: body.Bytes(), etag: entityTag(body.Bytes()), cache: cacheMinute,
		header: map[string]string{"Content-Disposition": `attachment; filename="reuse.csv"`},
	}, nil)
}
