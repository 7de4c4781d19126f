// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import "github.com/allmende-registry/allmende/registry"

// activity is the life of a repository; what is not known of it is absent or
// empty.
type activity struct {
	Languages  []languageShare `json:"languages"`
	Releases   []release       `json:"releases"`
	Tags       []tag           `json:"tags"`
	Commits    *commits        `json:"commits,omitempty"`
	HelpWanted []issue         `json:"helpWanted"`
	OpenIssues *int            `json:"openIssues,omitempty"`
}

type languageShare struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"`
}

type release struct {
	Tag        string  `json:"tag"`
	Name       string  `json:"name,omitempty"`
	Published  string  `json:"published,omitempty"`
	Prerelease bool    `json:"prerelease"`
	Assets     []asset `json:"assets"`
}

type asset struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Size int64  `json:"size,omitempty"`
}

type tag struct {
	Name   string `json:"name"`
	Commit string `json:"commit,omitempty"`
	Date   string `json:"date,omitempty"`
}

type commits struct {
	Total   int     `json:"total"`
	Authors int     `json:"authors"`
	ByMonth []month `json:"byMonth"`
	Partial bool    `json:"partial"`
}

type month struct {
	Month   string `json:"month"`
	Commits int    `json:"commits"`
	Authors int    `json:"authors"`
}

type issue struct {
	Title   string   `json:"title"`
	URL     string   `json:"url"`
	Labels  []string `json:"labels"`
	Created string   `json:"created,omitempty"`
}

func newActivity(a *registry.Activity) *activity {
	if a == nil {
		return nil
	}
	return &activity{
		Languages: each(a.Languages, func(l registry.Language) languageShare { return languageShare(l) }),
		Releases: each(a.Releases, func(r registry.Release) release {
			return release{
				Tag: r.Tag, Name: r.Name, Published: instant(r.Published), Prerelease: r.Prerelease,
				Assets: each(r.Assets, func(a registry.Asset) asset { return asset(a) }),
			}
		}),
		Tags:       each(a.Tags, func(t registry.Tag) tag { return tag{Name: t.Name, Commit: t.Commit, Date: instant(t.Date)} }),
		Commits:    newCommits(a.Commits),
		HelpWanted: each(a.HelpWanted, newIssue),
		OpenIssues: a.OpenIssues,
	}
}

func newIssue(i registry.Issue) issue {
	return issue{Title: i.Title, URL: i.URL, Labels: orEmpty(i.Labels), Created: instant(i.Created)}
}

func newCommits(c *registry.Commits) *commits {
	if c == nil {
		return nil
	}
	return &commits{
		Total: c.Total, Authors: c.Authors, Partial: c.Partial,
		ByMonth: each(c.ByMonth, func(m registry.Month) month { return month(m) }),
	}
}

// each turns a list into one of the API's, [] where it is empty.
func each[T, U any](list []T, turn func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = turn(v)
	}
	return out
}
