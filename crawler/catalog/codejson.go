// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// inventory is a code.json, the inventory of an agency: releases in version
// 2.0.0 of the schema, projects in 1.0.1.
// See https://github.com/GSA/code-gov-data/tree/master/schemas
type inventory struct {
	Agency   text            `json:"agency"`
	Releases json.RawMessage `json:"releases"`
	Projects json.RawMessage `json:"projects"`
}

type release struct {
	RepositoryURL text `json:"repositoryURL"`
	Repository    text `json:"repository"` // 1.0.1
	Permissions   struct {
		UsageType text `json:"usageType"`
	} `json:"permissions"`
	OpenSource flag `json:"openSourceProject"`    // 1.0.1
	Visibility text `json:"repositoryVisibility"` // of the later additions to 2.0.0
}

// public reports code that anybody may have: the inventories list what only
// agencies may use and what is exempt as well.
func (r release) public() bool {
	if strings.EqualFold(string(r.Visibility), "private") {
		return false
	}
	return strings.EqualFold(string(r.Permissions.UsageType), "openSource") || r.OpenSource.value
}

func parseCodeJSON(src []byte, l *listing) error {
	var inv inventory
	if err := json.Unmarshal(src, &inv); err != nil {
		return invalidJSON(err)
	}
	if inv.Releases == nil && inv.Projects == nil {
		return fmt.Errorf("%w: it has neither releases nor projects, so it is no code.json of an agency", registry.ErrInvalid)
	}
	agency := l.publisher("", string(inv.Agency), "", "")
	for _, list := range []struct {
		name string
		raw  json.RawMessage
	}{{"releases", inv.Releases}, {"projects", inv.Projects}} {
		if list.raw == nil || string(list.raw) == "null" {
			continue
		}
		err := eachItem(list.raw, func(i int, raw json.RawMessage) error {
			where := fmt.Sprintf("%s[%d]", list.name, i)
			var r release
			if err := json.Unmarshal(raw, &r); err != nil || string(raw) == "null" {
				return l.refuse(where, string(raw), fmt.Errorf("%w: it is no release", registry.ErrInvalid))
			}
			if !r.public() {
				return nil
			}
			address := r.RepositoryURL
			if address == "" {
				address = r.Repository
			}
			return l.repository(where, string(address), agency)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", list.name, err)
		}
	}
	return nil
}
