// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
)

// Standing is what is known of a repository's place in the catalogue.
type Standing struct {
	ID     ID     `json:"id,omitempty"` // "" where the address is that of a source
	Listed bool   `json:"listed"`
	Entry  ID     `json:"entry,omitempty"` // its ID now, or that of the entry it belongs to
	Visit  *Visit `json:"visit,omitempty"` // nil where it was never visited
	// Source is the source that leads or would lead to it, "" for none, and State
	// how its last crawl went; nil where there was none.
	Source string       `json:"source,omitempty"`
	State  *SourceState `json:"state,omitempty"`
	// Findings are those of the entry, or of what the visit found.
	Findings []publiccode.Finding `json:"-"`
}

// Well reports an entry, or a source whose last crawl came to its end.
func (s *Standing) Well() bool {
	if s.ID == "" {
		return s.State != nil && s.State.Error == "" && !s.State.Finished.IsZero()
	}
	return s.Listed
}

// StandingStore is what FindStanding reads, see Store.
type StandingStore interface {
	Get(ctx context.Context, id ID) (*Software, error)
	Visit(ctx context.Context, repo ID) (*Visit, error)
	SourceState(ctx context.Context, source string) (*SourceState, error)
}

// FindStanding looks up the standing of a repository, or of a folder in it. claims
// tells the source that would lead to a repository which was not visited, "" for
// none. Nothing is asked of the network.
func FindStanding(ctx context.Context, store StandingStore, id ID, claims func(context.Context, ID) (string, error)) (*Standing, error) {
	found := &Standing{ID: id}
	entry, err := Find(ctx, store, id)
	switch {
	case err == nil:
		found.Listed, found.Entry, found.Findings = true, entry.ID, entry.Findings
	case !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrGone):
		return nil, err
	}
	visited := id.Repository()
	if found.Entry != "" {
		visited = found.Entry.Repository()
	}
	if found.Visit, err = store.Visit(ctx, visited); err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if found.Visit != nil {
		found.Source = found.Visit.Source
		// Those of a visit are of all files in the repository.
		if !found.Listed && id.Folder() == "" {
			found.Findings = found.Visit.Findings
		}
		if found.Visit.Outcome == AtOther {
			found.Entry = found.Visit.Of
		}
	} else if found.Source, err = claims(ctx, id); err != nil {
		return nil, err
	}
	if found.Source == "" {
		return found, nil
	}
	if found.State, err = store.SourceState(ctx, found.Source); err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	return found, nil
}

// standingWords are the words of a language for what is no outcome of a visit.
type standingWords struct{ noSource, notYet, crawlFailed, listedThere, isSource, neverRead, readThere, noPart string }

var standingTexts = map[string]standingWords{
	"de": {
		noSource:    "Keine eingetragene Quelle führt zu diesem Repository. Bitten Sie den Betrieb des Katalogs, Ihre Organisation als Quelle aufzunehmen.",
		notYet:      "Das Repository gehört zu einer eingetragenen Quelle, wurde aber noch nicht besucht.",
		crawlFailed: "Der letzte Durchgang dieser Quelle kam nicht zu Ende: %s",
		listedThere: "Die Quelle wurde zuletzt am %s vollständig gelesen; das Repository war nicht dabei. Ist es öffentlich?",
		isSource:    "Das ist die Adresse einer Quelle.",
		neverRead:   "Sie wurde noch nie vollständig gelesen.",
		readThere:   "Sie wurde zuletzt am %s vollständig gelesen und hatte %d Repositorys.",
		noPart:      "Dieser Ordner ist kein Eintrag: Er hat keine publiccode.yml, oder die Quelle nennt ihn nicht unter „folders“.",
	},
	"en": {
		noSource:    "No configured source leads to this repository. Ask those who run the catalogue to add your organisation as a source.",
		notYet:      "The repository belongs to a configured source, but has not been visited yet.",
		crawlFailed: "The last crawl of that source did not come to its end: %s",
		listedThere: "The source was last read completely on %s; the repository was not there. Is it public?",
		isSource:    "This is the address of a source.",
		neverRead:   "It was never read completely.",
		readThere:   "It was last read completely on %s and had %d repositories.",
		noPart:      "This folder is no entry: it has no publiccode.yml, or the source does not name it under “folders”.",
	},
}

// Meaning says in plain words why the repository is, or is not, in the catalogue,
// in German ("de") or English: a sentence or several, each for itself. Of what
// others wrote only the error of a crawl is in it.
func (s *Standing) Meaning(lang string) []string {
	say, ok := standingTexts[lang]
	if !ok {
		say = standingTexts["en"]
	}
	switch {
	case s.Visit != nil && s.ID.Folder() != "" && !s.Listed:
		return []string{say.noPart}
	case s.Visit != nil:
		return []string{s.Visit.Outcome.Meaning(lang)}
	case s.Listed:
		return []string{Entry.Meaning(lang)}
	case s.Source == "":
		return []string{say.noSource}
	}
	said := []string{say.notYet}
	if s.ID == "" {
		said = []string{say.isSource}
	}
	state := s.State
	if state == nil {
		state = &SourceState{}
	}
	finished := state.Finished.UTC().Format(time.RFC3339)
	switch {
	case state.Error != "":
		said = append(said, fmt.Sprintf(say.crawlFailed, state.Error))
	case s.ID != "" && !state.Finished.IsZero():
		said = append(said, fmt.Sprintf(say.listedThere, finished))
	case s.ID != "":
	case state.Finished.IsZero():
		said = append(said, say.neverRead)
	default:
		said = append(said, fmt.Sprintf(say.readThere, finished, state.Repositories))
	}
	return said
}

// Advice says what a maintainer can do, in German ("de") or English; "" where there
// is nothing.
func (s *Standing) Advice(lang string) string {
	if s.Visit == nil || s.ID.Folder() != "" && !s.Listed {
		return ""
	}
	return s.Visit.Outcome.Advice(lang)
}
