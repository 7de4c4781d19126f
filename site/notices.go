// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"github.com/allmende-registry/allmende/licence"
)

//go:generate go run ../tools/notices

// noticeFiles are what tools/notices finds in the modules that the program is
// compiled of: notices.json says whose they are, LICENSE.modules.txt has their licences.
//
//go:embed notices/notices.json notices/LICENSE.modules.txt
var noticeFiles embed.FS

// noticeTexts are the licences of the modules.
const noticeTexts = "LICENSE.modules.txt"

// notice is something of others in the program or on the pages.
type notice struct {
	Name     string   `json:"name"`              // path of a module, or what it is called
	Version  string   `json:"version,omitempty"` // of a module
	Licences []string `json:"licences"`          // by the identifiers of SPDX
	Holders  []string `json:"holders"`           // of the rights, as they say it
	Asset    string   `json:"asset,omitempty"`   // that has the text of the licence; "" for noticeTexts
}

// maxHolders is how many holders of rights the page names of one thing; all are in
// the texts of the licences.
const maxHolders = 5

// Shown are the holders that the page names.
func (n notice) Shown() []string { return n.Holders[:min(len(n.Holders), maxHolders)] }

// Others is how many it does not name.
func (n notice) Others() int { return len(n.Holders) - len(n.Shown()) }

// notices are all of them.
type notices struct {
	Modules []notice `json:"modules"` // of the program
	Pages   []notice `json:"pages"`   // what goes to the browser
}

// noticesBody is what the page of the notices shows.
type noticesBody struct {
	notices
	Sources []licence.Source // of the facts about licences
	Project string
}

// readNotices reads the lists, and makes the texts an asset.
func (s *Site) readNotices() error {
	src, err := noticeFiles.ReadFile("notices/notices.json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(src, &s.notices); err != nil {
		return fmt.Errorf("notices.json: %w", err)
	}
	texts, err := noticeFiles.ReadFile("notices/" + noticeTexts)
	s.assets.add(noticeTexts, texts)
	return err
}

func (s *Site) answerNotices(_ context.Context, r request) (answer, error) {
	lang := r.lang
	title := say(lang, "notices.title")
	return found(&page{
		Kind: noticesPage, Lang: lang, Path: "/notices/", Static: r.static,
		Title: title, Description: say(lang, "notices.lead"), Crumbs: crumbs(lang, crumb{title, ""}),
		Body: noticesBody{notices: s.notices, Sources: licence.Sources(), Project: projectURL},
	})
}
