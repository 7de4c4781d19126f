// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"
)

// HelpWanted is an open issue that invites others, and the entry that it is of.
type HelpWanted struct {
	Issue
	Software  ID        `json:"software"`
	Name      string    `json:"name"`
	Publisher Publisher `json:"publisher"`
	Language  string    `json:"programmingLanguage,omitempty"` // main one of the repository; "" where it is not known
}

// Invites are the open issues that invite others, the newest first: none where the
// repository is archived, which takes no work any more.
func (s *Software) Invites() []Issue {
	if s.Activity == nil || s.Repository.Archived {
		return nil
	}
	return s.Activity.HelpWanted
}

// AllHelpWanted are those of all entries, the newest first. It reads every entry once.
func AllHelpWanted(ctx context.Context, catalogue interface {
	All(ctx context.Context) iter.Seq2[*Software, error]
},
) (all []HelpWanted, err error) {
	for s, err := range catalogue.All(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, s.helpWanted()...)
	}
	slices.SortStableFunc(all, CompareHelpWanted)
	return all, nil
}

func (s *Software) helpWanted() (all []HelpWanted) {
	for _, i := range s.Invites() {
		i.Created = i.Created.UTC().Truncate(time.Millisecond)
		all = append(all, HelpWanted{i, s.ID, cmp.Or(s.PublicCode.Name, string(s.ID)), s.Publisher, s.Repository.Language})
	}
	return all
}

// CompareHelpWanted orders issues, the newest first; of the same time by address.
func CompareHelpWanted(a, b HelpWanted) int {
	return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.URL, b.URL))
}
