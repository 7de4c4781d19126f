// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const helpPath = "/v1/help-wanted"

var helpParameters = []string{"software", "region", "programmingLanguage", "label", "perPage", "after"}

// invitation is an open issue that invites others.
type invitation struct {
	issue
	Software            registry.ID  `json:"software"`
	Name                string       `json:"name"`
	Publisher           publisher    `json:"publisher"`
	ProgrammingLanguage string       `json:"programmingLanguage,omitempty"`
	Links               softwareLink `json:"links"`
}

type invitationList struct {
	Items []invitation `json:"items"`
	Total int          `json:"total"`
	Links pageLinks    `json:"links"`
}

// listHelp lists the open issues of all forges that invite others, the newest first.
func (a *api) listHelp(c *gin.Context) (*answer, error) {
	p := readPage(c)
	software, err := a.namesOf(c.Request.Context(), p.parameters, "software")
	if err != nil {
		return nil, err
	}
	regions := p.checked("region", readRegion, notARegion)
	language, _ := p.one("programmingLanguage", maxID)
	label, _ := p.one("label", maxID)
	created, address, ok := strings.Cut(p.after, " ")
	at, err := strconv.ParseInt(created, 10, 64)
	if p.after != "" && (!ok || err != nil) {
		p.noCursor()
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	all, err := a.together(c.Request.Context())
	if err != nil {
		return nil, err
	}
	place := registry.HelpWanted{Issue: registry.Issue{Created: time.UnixMilli(at), URL: address}}
	var list invitationList
	list.Items, list.Total, list.Links = pageOf(a, p, helpPath, all.help, selected[registry.HelpWanted, invitation]{
		wanted: func(h *registry.HelpWanted) bool {
			return (software == nil || slices.Contains(software, h.Software.Key())) && (regions == nil || isWithin(regions, h.Publisher.Region)) &&
				(language == "" || strings.EqualFold(h.Language, language)) &&
				(label == "" || slices.ContainsFunc(h.Labels, func(l string) bool { return strings.EqualFold(l, label) }))
		},
		behind: func(h *registry.HelpWanted) bool { return p.after == "" || registry.CompareHelpWanted(*h, place) > 0 },
		cursor: func(h *registry.HelpWanted) string { return strconv.FormatInt(h.Created.UnixMilli(), 10) + " " + h.URL },
		show: func(h *registry.HelpWanted) invitation {
			return invitation{
				newIssue(h.Issue), h.Software, h.Name, newPublisher(h.Publisher), h.Language, softwareLink{a.link(softwarePath + h.Software.EscapedPath())},
			}
		},
	})
	return list.Links.onto(jsonAnswer(list))
}
