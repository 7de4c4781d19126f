// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"

	"github.com/allmende-registry/allmende/registry"
)

// Duty names a page that the law asks of who runs a site in Germany: in its own
// words, which nobody can write for it.
type Duty string

// The duties, in the order of their links.
const (
	Imprint       Duty = "imprint"       // Impressum: DDG § 5
	Privacy       Duty = "privacy"       // Datenschutzerklärung: GDPR articles 13 and 14
	Accessibility Duty = "accessibility" // Erklärung zur Barrierefreiheit: BITV 2.0 § 7, with the way to give feedback
	EasyLanguage  Duty = "easyLanguage"  // Leichte Sprache: BITV 2.0 § 4
	SignLanguage  Duty = "signLanguage"  // Deutsche Gebärdensprache: BITV 2.0 § 4
)

// Duties are all there are.
func Duties() []Duty {
	var list []Duty
	for _, d := range dutyPages {
		list = append(list, d.duty)
	}
	return list
}

// DutyText is what an operator has to say. In a language that is missing the page
// shows the text in another one, and says so.
type DutyText struct {
	Markdown map[string]string // by language of the site: "de", "en"
	// Video is the path of a file with the same in sign language, MP4 or WebM, of
	// SignLanguage alone; "" without.
	Video string
}

type dutyPage struct {
	duty Duty
	path string
}

// dutyPages have one address in both languages, as all pages have. What the operator
// has no text for has no page.
var dutyPages = []dutyPage{
	{Imprint, "/imprint/"},
	{Privacy, "/privacy/"},
	{Accessibility, "/accessibility/"},
	{EasyLanguage, "/easy-language/"},
	{SignLanguage, "/sign-language/"},
}

// maxVideo bounds a video, in bytes: it is kept in memory.
const maxVideo = 64 << 20

// videoTypes are the media types of videos that browsers play, with the ends of
// their files' names.
var videoTypes = map[string]string{"video/mp4": ".mp4", "video/webm": ".webm"}

// readDuties renders the operator's texts; the error names the duty and what is
// wrong with its text.
func (s *Site) readDuties() error {
	s.duties = map[Duty]map[string]*proseBody{}
	for _, duty := range slices.Sorted(maps.Keys(s.opt.Duties)) {
		if !slices.Contains(Duties(), duty) {
			return fmt.Errorf("%w: there is no page %q", registry.ErrInvalid, duty)
		}
		bodies, err := s.readDuty(duty, s.opt.Duties[duty])
		if err != nil {
			return fmt.Errorf("page %s: %w", duty, err)
		}
		s.duties[duty] = bodies
	}
	return nil
}

func (s *Site) readDuty(duty Duty, d DutyText) (map[string]*proseBody, error) {
	for lang := range d.Markdown {
		if !slices.Contains(languages, lang) {
			return nil, fmt.Errorf("%w: the site has no language %q", registry.ErrInvalid, lang)
		}
	}
	video, err := s.addVideo(duty, d.Video)
	if err != nil {
		return nil, err
	}
	bodies := map[string]*proseBody{}
	for _, lang := range languages {
		written := lang
		if _, ok := d.Markdown[lang]; !ok {
			i := slices.IndexFunc(languages, func(l string) bool { _, ok := d.Markdown[l]; return ok })
			if i < 0 {
				return nil, fmt.Errorf("%w: there is no text", registry.ErrInvalid)
			}
			written = languages[i]
		}
		p, err := s.renderProse(d.Markdown[written], written, lang, false)
		if err != nil {
			return nil, fmt.Errorf("text in language %s: %w", written, err)
		}
		bodies[lang] = &proseBody{prose: p, Video: video}
	}
	return bodies, nil
}

// addVideo makes an operator's video a file of the site.
func (s *Site) addVideo(duty Duty, path string) (name string, err error) {
	if path == "" {
		return "", nil
	}
	if duty != SignLanguage {
		return "", fmt.Errorf("%w: only the page %s has a video", registry.ErrInvalid, SignLanguage)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	video, err := io.ReadAll(io.LimitReader(f, maxVideo+1))
	end := videoTypes[http.DetectContentType(video)]
	switch {
	case err != nil:
		return "", err
	case len(video) > maxVideo:
		return "", fmt.Errorf("%w: %s has more than %d MiB; compress it", registry.ErrInvalid, path, maxVideo>>20)
	case end == "":
		return "", fmt.Errorf("%w: %s is neither MP4 nor WebM", registry.ErrInvalid, path)
	}
	name = "sign-language" + end
	s.assets.add(name, video)
	return name, nil
}

// dutySection is the part of the site that a duty's page is.
func dutySection(d dutyPage) section {
	return section{
		name: d.path[1 : len(d.path)-1], single: true,
		answer: func(s *Site, _ context.Context, r request) (answer, error) {
			body := s.duties[d.duty][r.lang]
			if body == nil {
				return answer{}, registry.ErrNotFound
			}
			return found(s.prosePage(r.lang, d.path, say(r.lang, "duty."+string(d.duty)), body, r.static))
		},
		paths: func(s *Site, _ *overview) []string {
			if s.duties[d.duty] == nil {
				return nil
			}
			return []string{d.path}
		},
	}
}

// Duties are the operator's own pages, for the foot of every page.
func (p *page) Duties() []crumb {
	var list []crumb
	for _, d := range dutyPages {
		if p.site.duties[d.duty] != nil {
			list = append(list, crumb{say(p.Lang, "duty."+string(d.duty)), d.path})
		}
	}
	return list
}

// prosePage is the page of a text. What it is called in the page's language is
// its heading where the text is in another one, or has none.
func (s *Site) prosePage(lang, path, name string, b *proseBody, static bool) *page {
	title := b.Title
	if title == "" || b.Lang != lang {
		title = name
	}
	return &page{
		Kind: prosePage, Lang: lang, Path: path, Static: static,
		Title: title, Description: b.Lead, Crumbs: crumbs(lang, crumb{name, ""}), Body: b,
	}
}
