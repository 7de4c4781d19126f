// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/site"
)

// pageConfig names the Markdown files of a page by language, relative to the
// working directory, and the video of the page in sign language.
type pageConfig struct {
	DE    string `yaml:"de"`
	EN    string `yaml:"en"`
	Video string `yaml:"video"`
}

var pagesShape = func() shape {
	files := map[string]shape{"de": single, "en": single}
	pages := map[string]shape{}
	for _, d := range site.Duties() {
		pages[string(d)] = mapping(files)
	}
	pages[string(site.SignLanguage)] = mapping(with(files, "video", single))
	return mapping(pages)
}()

// readPages reads the files of the pages. One that names none is left out.
func readPages(pages map[site.Duty]pageConfig, read func(path string) ([]byte, error)) (map[site.Duty]site.DutyText, error) {
	all := map[site.Duty]site.DutyText{}
	for _, duty := range slices.Sorted(maps.Keys(pages)) {
		p := pages[duty]
		text := site.DutyText{Markdown: map[string]string{}, Video: p.Video}
		for _, file := range []struct{ lang, path string }{{"de", p.DE}, {"en", p.EN}} {
			if file.path == "" {
				continue
			}
			src, err := read(file.path)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", duty, file.lang, err)
			}
			if !utf8.Valid(src) {
				return nil, fmt.Errorf("%s.%s: %s is not UTF-8; save it in that encoding", duty, file.lang, file.path)
			}
			text.Markdown[file.lang] = string(src)
		}
		switch {
		case len(text.Markdown) > 0:
			all[duty] = text
		case p.Video != "":
			return nil, fmt.Errorf("%s.video: the video needs a text that says the same, for those who cannot see it; name one under de or en", duty)
		}
	}
	return all, nil
}

// newSite is site.New; what it refuses is in the configuration, or a file that it
// names.
func newSite(c site.Catalogue, opt site.Options) (*site.Site, error) {
	s, err := site.New(c, opt)
	if err != nil {
		err = usageError(err)
	}
	return s, err
}
