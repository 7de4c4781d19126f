// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v4"
)

// sheet is the YAML of a txtar file: that of a Repo, whose Tags are those of the
// releases where none are given, and short forms of its Commits.
type sheet struct {
	Repo `yaml:",inline"`
	// CommitsByMonth stands for Commits: how many there are in each of the
	// twelfths of a year that end with Pushed, the oldest first. Authors is by
	// how many people, in turns; 0 is one.
	CommitsByMonth []int `yaml:"commitsByMonth"`
	Authors        int   `yaml:"authors"`
	// Unmerged are the titles of the newest Commits, the newest first: what a fork
	// has alone. Where there are fewer Commits more are made, a day apart, and
	// Ahead is as many where it is not given:
	//
	//	parent: kueste/hafen
	//	pushed: 2026-06-01T12:00:00Z
	//	behind: 14
	//	unmerged:
	//	  - Read the tide tables of the other coast
	//	  - Print berths on A5
	Unmerged []string `yaml:"unmerged"`
}

// The bounds of a sheet's short form.
const (
	maxMonths   = 120
	maxPerMonth = 1000
)

func readSheet(text []byte) (Repo, error) {
	var s sheet
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&s); err != nil {
		return Repo{}, err
	}
	if s.Tags == nil {
		for _, release := range s.Releases {
			if !release.Draft {
				s.Tags = append(s.Tags, Tag{Name: release.Tag, Date: release.Published})
			}
		}
	}
	if err := s.spread(); err != nil {
		return Repo{}, err
	}
	return s.Repo, s.entitle()
}

// entitle gives the newest Commits the titles that are Unmerged.
func (s *sheet) entitle() error {
	switch {
	case s.Unmerged == nil:
		return nil
	case s.Pushed.IsZero(), len(s.Unmerged) > maxPerMonth:
		return fmt.Errorf("unmerged needs pushed, and has %d titles of at most %d", len(s.Unmerged), maxPerMonth)
	}
	s.Commits = newestFirst(s.Commits, func(c Commit) time.Time { return c.Time })
	for i, title := range s.Unmerged {
		if i == len(s.Commits) {
			s.Commits = append(s.Commits, Commit{
				Time: s.Pushed.AddDate(0, 0, -i), Name: "Erika Mustermann", Email: "erika@example.org",
			})
		}
		s.Commits[i].Title = title
	}
	s.Ahead = max(s.Ahead, len(s.Unmerged))
	return nil
}

// spread makes Commits of CommitsByMonth, evenly over each month, so that the
// newest of all is at Pushed.
func (s *sheet) spread() error {
	switch {
	case s.CommitsByMonth == nil && s.Authors == 0:
		return nil
	case s.CommitsByMonth == nil, s.Commits != nil, s.Pushed.IsZero():
		return errors.New("commitsByMonth and authors need pushed, and stand in place of commits")
	case len(s.CommitsByMonth) > maxMonths, s.Authors < 0:
		return fmt.Errorf("commitsByMonth: %d months by %d authors cannot be", len(s.CommitsByMonth), s.Authors)
	}
	const month = 365 * 24 * time.Hour / 12
	end := s.Pushed
	for i := len(s.CommitsByMonth) - 1; i >= 0; i-- {
		n := s.CommitsByMonth[i]
		if n < 0 || n > maxPerMonth {
			return fmt.Errorf("commitsByMonth: %d commits in a month cannot be", n)
		}
		for j := range n {
			author := len(s.Commits)%max(s.Authors, 1) + 1
			s.Commits = append(s.Commits, Commit{
				Time:  end.Add(-month / time.Duration(n) * time.Duration(j)),
				Name:  fmt.Sprintf("Person %d", author),
				Email: fmt.Sprintf("person-%d@example.org", author),
			})
		}
		end = end.Add(-month)
	}
	return nil
}
