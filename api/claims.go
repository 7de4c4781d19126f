// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

const claimsPath = "/v1/claims"

var claimParameters = []string{"software", "organisation", "region", "means", "confirmed", "perPage", "after"}

// meansNames are the ways in which a line is found to mean somebody.
var meansNames = []string{string(adoption.ByURI), string(adoption.ByName), string(adoption.ByAcronym)}

// claim is a line of usedBy in a publiccode.yml, with whom it means.
type claim struct {
	Software     registry.ID            `json:"software"`
	Text         string                 `json:"text"`
	Organisation *adoption.Organisation `json:"organisation,omitempty"`
	Means        adoption.Means         `json:"means,omitempty"`
	Confirmed    bool                   `json:"confirmed"`
	Denied       bool                   `json:"denied"`
	Links        softwareLink           `json:"links"`
}

type claimList struct {
	Items []claim   `json:"items"`
	Total int       `json:"total"`
	Links pageLinks `json:"links"`
}

// claimLine is a claim with its place in its entry.
type claimLine struct {
	registry.Claim
	line int
}

// allClaims are the claims of all entries, in order of these.
func (a *api) allClaims(ctx context.Context) ([]claimLine, error) {
	now := a.now()
	return a.claimed.get(ctx, a.catalogue, now, "", func(ctx context.Context) (list []claimLine, err error) {
		for c, err := range registry.Claims(ctx, register{a.catalogue, a.documents}, now) {
			if err != nil {
				return nil, err
			}
			one := claimLine{Claim: c}
			if n := len(list); n > 0 && list[n-1].Software == c.Software {
				one.line = list[n-1].line + 1
			}
			list = append(list, one)
		}
		return list, nil
	})
}

// listClaims lists what publishers say of who uses their software.
func (a *api) listClaims(c *gin.Context) (*answer, error) {
	if err := a.writes(); err != nil {
		return nil, err
	}
	p := readPage(c)
	wanted, err := a.wantedClaims(c.Request.Context(), p.parameters)
	if err != nil {
		return nil, err
	}
	line, after, ok := cutCursor(p.after)
	if !ok {
		p.noCursor()
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	all, err := a.allClaims(c.Request.Context())
	if err != nil {
		return nil, err
	}
	var list claimList
	list.Items, list.Total, list.Links = pageOf(a, p, claimsPath, all, selected[claimLine, claim]{
		wanted: wanted.take, show: a.newClaim,
		behind: func(c *claimLine) bool {
			order := strings.Compare(string(c.Software), after)
			return order > 0 || order == 0 && c.line > line
		},
		cursor: func(c *claimLine) string { return strconv.Itoa(c.line) + " " + string(c.Software) },
	})
	return list.Links.onto(jsonAnswer(list))
}

func (a *api) newClaim(c *claimLine) claim {
	return claim{
		Software: c.Software, Text: c.Text, Organisation: c.Organisation, Means: c.Means, Confirmed: c.Confirmed, Denied: c.Denied,
		Links: softwareLink{a.link(softwarePath + c.Software.EscapedPath())},
	}
}

// cutCursor takes a place apart that is a number and a key: "" is the beginning.
func cutCursor(after string) (n int, key string, ok bool) {
	if after == "" {
		return -1, "", true
	}
	number, key, ok := strings.Cut(after, " ")
	n, err := strconv.Atoi(number)
	return n, key, ok && err == nil && n >= 0 && strconv.Itoa(n) == number
}

// wantedClaims are those that a list is asked for.
type wantedClaims struct {
	software, regions, means []string // nil for all
	organisation             string   // "" for all
	confirmed                string   // true, false or "" for both
}

func (a *api) wantedClaims(ctx context.Context, p *parameters) (w wantedClaims, err error) {
	w = wantedClaims{
		regions:   p.checked("region", readRegion, notARegion),
		means:     p.chosen("means", meansNames),
		confirmed: p.word("confirmed", "true", "false"),
	}
	if uri, given := p.one("organisation", maxID); given {
		w.organisation = registry.OrganisationKey(uri)
	}
	w.software, err = a.namesOf(ctx, p, "software")
	return w, err
}

func (w wantedClaims) take(c *claimLine) bool {
	var who adoption.Organisation
	if c.Organisation != nil {
		who = *c.Organisation
	}
	return (w.software == nil || slices.Contains(w.software, c.Software.Key())) &&
		(w.regions == nil || isWithin(w.regions, who.Region)) &&
		(w.means == nil || slices.Contains(w.means, string(c.Means))) &&
		(w.organisation == "" || who.URI != "" && w.organisation == registry.OrganisationKey(who.URI)) &&
		(w.confirmed == "" || c.Confirmed == (w.confirmed == "true"))
}
