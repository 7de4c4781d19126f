// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// guideFiles are the texts of the site itself: guides/LANGUAGE/PATH.md is the page
// at /PATH/. Each begins with a heading and a paragraph that says what it is for.
//
//go:embed guides
var guideFiles embed.FS

const (
	aboutPath    = "/about/"
	maintainPath = "/maintain/"

	// projectURL is where the source code of the program is.
	projectURL = "https://github.com/allmende-registry/allmende"
)

// guidePaths are the pages of the guides, in the order of their list.
var guidePaths = []string{
	aboutPath, "/procure/", "/operate/", maintainPath,
	"/maintain/listing/", "/maintain/check/", "/maintain/missing/", "/maintain/licence/", "/maintain/adoptions/",
	"/maintain/together/", "/maintain/needs/",
	"/maintain/badges/", "/maintain/corrections/", "/maintain/security/",
}

// guideLink leads to a guide.
type guideLink struct {
	Path, Title, Lead string
	Current           bool
}

// readGuides renders the guides for pages in each language.
func (s *Site) readGuides() error {
	s.guides = map[string]map[string]*proseBody{}
	for _, lang := range languages {
		s.guides[lang] = map[string]*proseBody{}
		for _, path := range guidePaths {
			name := "guides/" + lang + strings.TrimSuffix(path, "/") + ".md"
			src, err := guideFiles.ReadFile(name)
			if err != nil {
				return err
			}
			p, err := s.renderProse(string(src), lang, lang, true)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			s.guides[lang][path] = &proseBody{prose: p}
		}
	}
	return nil
}

// guideSection is the part of the site that a single guide is.
func guideSection(path string) section {
	return section{
		name: strings.Trim(path, "/"), single: true, paths: own(path),
		answer: func(s *Site, _ context.Context, r request) (answer, error) { return s.answerGuide(r, path) },
	}
}

func (s *Site) answerGuide(r request, path string) (answer, error) {
	guide := s.guides[r.lang][path]
	if guide == nil {
		return answer{}, registry.ErrNotFound
	}
	b := *guide
	if path == aboutPath {
		b.Facts = s.aboutFacts(r)
	}
	p := s.prosePage(r.lang, path, b.Title, &b, r.static)
	if strings.HasPrefix(path, maintainPath) {
		b.Guides = s.maintainGuides(r.lang, path)
		p.Section = "maintain"
		if path != maintainPath {
			p.Crumbs = crumbs(r.lang, crumb{s.guides[r.lang][maintainPath].Title, maintainPath}, crumb{b.Title, ""})
		}
	}
	return found(p)
}

// maintainGuides are those for maintainers.
func (s *Site) maintainGuides(lang, current string) []guideLink {
	var list []guideLink
	for _, path := range guidePaths {
		if g := s.guides[lang][path]; path != maintainPath && strings.HasPrefix(path, maintainPath) {
			list = append(list, guideLink{Path: path, Title: g.Title, Lead: g.Lead, Current: path == current})
		}
	}
	return list
}

// aboutFacts are what the page about the catalogue says of this one.
func (s *Site) aboutFacts(r request) []proseFact {
	var list []proseFact
	if c := s.opt.Contact; c != "" {
		list = append(list, proseFact{"about.contact", link{strings.TrimPrefix(c, "mailto:"), cmp.Or(webLink(c), mailto(strings.TrimPrefix(c, "mailto:")))}})
	}
	if l := s.opt.DataLicence; l != "" {
		list = append(list, proseFact{"about.data", link{Text: l}})
	}
	return append(list, proseFact{"about.program", link{"Allmende (EUPL-1.2)", projectURL}})
}

// maintainSection has the guides for maintainers, and what there is to improve by
// publisher.
var maintainSection = section{
	name: "maintain",
	answer: func(s *Site, ctx context.Context, r request) (answer, error) {
		if of, ok := strings.CutPrefix(r.rest+"/", "findings/"); ok {
			r.rest = strings.TrimSuffix(of, "/")
			return s.answerImprovements(ctx, r)
		}
		return s.answerGuide(r, strings.TrimSuffix(maintainPath+r.rest, "/")+"/")
	},
	paths: func(s *Site, o *overview) []string {
		var paths []string
		for _, path := range guidePaths {
			if strings.HasPrefix(path, maintainPath) {
				paths = append(paths, path)
			}
		}
		return append(paths, improvementPaths(o)...)
	},
	facet: registry.FacetPublisher, below: "findings/",
}
