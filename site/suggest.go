// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"net/http"

	"github.com/allmende-registry/allmende/registry"
)

const (
	suggestPath = "/suggest"
	// maxSuggestions is how many ways to go on are offered while typing.
	maxSuggestions = 8
)

// suggestions are what the script of the search form shows below it.
type suggestions struct {
	Items  []suggestion `json:"items"`
	Status string       `json:"status"` // how many there are, for those who do not see them; "" for none
}

type suggestion struct {
	Text string `json:"text"`
	Href string `json:"href,omitempty"` // the page of the entry; without, it is a text to search for
	Note string `json:"note"`           // what it is
}

// serveSuggestions answers what is being typed with ways to go on.
func (s *Site) serveSuggestions(w http.ResponseWriter, r *http.Request, lang string) {
	typed := shorten(r.URL.Query().Get("q"), 200)
	var found []registry.Suggestion
	if typed != "" {
		var err error
		if found, err = s.catalogue.Suggest(r.Context(), typed, maxSuggestions); err != nil {
			if r.Context().Err() == nil {
				s.log.Error("no suggestions", "error", err)
			}
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
	}
	out := suggestions{Items: []suggestion{}}
	for _, f := range found {
		text := shorten(f.Text, maxName)
		item := suggestion{Text: text}
		if path, ok := softwarePath(f.ID); ok {
			item.Href, item.Note = s.prefix+localPath(lang, path), say(lang, "suggest.entry")
		} else {
			item.Note, _ = plural(lang, "list.count", f.N) // the key is there, see the tests
		}
		out.Items = append(out.Items, item)
	}
	if len(out.Items) > 0 {
		out.Status, _ = plural(lang, "suggest.status", len(out.Items)) // as above
	}
	body, err := json.Marshal(out)
	if err != nil {
		s.log.Error("no suggestions", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.write(w, r, http.StatusOK, "application/json; charset=utf-8", body)
}
