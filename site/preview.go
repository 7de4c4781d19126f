// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/site/preview"
)

// previewName is the file beside a page that holds its picture. Home pages have
// one, and entries one for all languages; other pages share that of the home
// page.
const previewName = "preview.png"

// preview draws the picture of an entry. The name is that of its file, from the
// root of the site; it is "" where the entry can have no page.
func (s *Site) preview(entry *registry.Software) (name string, picture []byte, err error) {
	path, ok := softwarePath(entry.ID)
	if !ok {
		return "", nil, nil
	}
	if name, err = filePath(path + previewName); err == nil {
		picture, err = preview.PNG(s.entryCard(entry))
	}
	if err != nil {
		return "", nil, fmt.Errorf("picture of %s: %w", entry.ID, err)
	}
	return name, picture, nil
}

// homePreview draws the picture of the home page in a language.
func (s *Site) homePreview(lang string) ([]byte, error) {
	picture, err := preview.PNG(s.homeCard(lang))
	if err != nil {
		return nil, fmt.Errorf("picture of the home page: %w", err)
	}
	return picture, nil
}

// announced writes what others ask of the site as a whole: the pictures of its
// home pages and the descriptions of its search.
func (b *build) announced() error {
	for _, lang := range languages {
		picture, err := b.site.homePreview(lang)
		if err != nil {
			return err
		}
		search, err := b.site.openSearch(lang, true)
		if err != nil {
			return err
		}
		for path, content := range map[string][]byte{"/" + previewName: picture, openSearchPath: search} {
			name, err := filePath(localPath(lang, path))
			if err == nil {
				err = b.out.write(name, content)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Site) entryCard(entry *registry.Software) preview.Card {
	text, _ := entry.PublicCode.Text(languages[0])
	by := []string{shorten(entry.Publisher.Name, maxName)}
	if state := shorten(registry.RegionName(entry.Publisher.Region, languages[0]), maxName); !strings.Contains(by[0], state) {
		by = append(by, state)
	}
	return preview.Card{
		Catalogue: s.opt.Name,
		Title:     shorten(displayName(entry, text), maxName),
		Instead:   string(entry.ID[strings.LastIndexByte(string(entry.ID), '/')+1:]),
		By:        joined(" · ", by...),
		Terms:     shorten(entry.PublicCode.Legal.License, maxName),
	}
}

func (s *Site) homeCard(lang string) preview.Card {
	return preview.Card{Catalogue: s.opt.Name, Title: say(lang, "home.title")}
}

// servePreview answers with the picture beside the page at an escaped path.
func (s *Site) servePreview(w http.ResponseWriter, r *http.Request, lang, of string) {
	picture, err := s.previewOf(r.Context(), lang, of)
	switch {
	case registry.Absent(err):
		http.Error(w, "no such picture", http.StatusNotFound)
	case err != nil:
		if r.Context().Err() == nil {
			s.log.Error("picture not made", "path", of, "error", err)
		}
		http.Error(w, "internal error", http.StatusInternalServerError)
	default:
		w.Header().Set("Cache-Control", "public, max-age=3600")
		s.write(w, r, http.StatusOK, "image/png", picture)
	}
}

func (s *Site) previewOf(ctx context.Context, lang, of string) ([]byte, error) {
	if of == "/" {
		return s.homePreview(lang)
	}
	id, ok := strings.CutPrefix(strings.TrimSuffix(of, "/"), listPath)
	name, err := url.PathUnescape(id)
	if !ok || err != nil || lang != languages[0] {
		return nil, registry.ErrNotFound
	}
	entry, err := registry.Find(ctx, s.catalogue, registry.ID(name))
	if err != nil {
		return nil, err
	}
	wanted, picture, err := s.preview(entry)
	if err == nil && wanted == "" {
		err = registry.ErrNotFound
	}
	return picture, err
}

// shared is the picture that others show of a page.
type shared struct {
	Href          string // absolute
	Alt           string
	Width, Height int
}

// Shared is the picture of a page; nil where it can have no absolute address,
// as there is no BaseURL.
func (p *page) Shared() *shared {
	s := p.site
	if s.origin == "" {
		return nil
	}
	path, card := localPath(p.Lang, "/"), s.homeCard(p.Lang)
	if d, ok := p.Body.(*detail); ok && d.Path != "" {
		path, card = d.Path, s.entryCard(d.S)
	}
	return &shared{
		Href: s.origin + s.prefix + path + previewName, Alt: joined(", ", card.Title, card.By, card.Terms, card.Catalogue),
		Width: preview.Width, Height: preview.Height,
	}
}

// joined puts texts together that are there.
func joined(separator string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), separator)
}
