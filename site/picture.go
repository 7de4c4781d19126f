// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

const picturesPath = "/pictures/"

// pictureEndings are the types of picture that are kept of an entry, each with
// the ending of its address.
var pictureEndings = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", typeSVG: ".svg",
}

const typeSVG = "image/svg+xml"

// picturePolicy goes with a picture, as a drawing that is opened by itself is a
// document: it was cleaned, and yet may run nothing and load nothing.
const picturePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

// cleanedSVG is how a drawing begins that was cleaned before it was kept.
const cleanedSVG = `<svg xmlns="http://www.w3.org/2000/svg"`

var pictureHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// picture is the catalogue's own copy of a logo or a screenshot.
type picture struct {
	Path  string // /pictures/…
	hash  string
	media string
}

// newPicture is the picture that a file is; ok is false where it is none that
// is given out.
func newPicture(f registry.File) (p picture, ok bool) {
	ending := pictureEndings[f.Media]
	if ending == "" || !pictureHash.MatchString(f.Hash) {
		return p, false
	}
	return picture{Path: picturesPath + f.Hash + ending, hash: f.Hash, media: f.Media}, true
}

// readPictures finds the logo and the screenshots among the files.
func (d *detail) readPictures(files []registry.File) {
	for _, f := range files {
		p, ok := newPicture(f)
		switch {
		case !ok:
		case f.Role == registry.RoleLogo && d.Logo == "":
			d.Logo = p.Path
		case f.Role == registry.RoleScreenshot && len(d.Screenshots) < maxItems:
			d.Screenshots = append(d.Screenshots, p.Path)
		}
	}
}

// Picture is the address of a picture.
func (p *page) Picture(path string) string { return p.site.prefix + path }

// pictures writes the files of the pictures of an entry, named from the root of
// the site, and returns the entry without those that are not there: a page
// without a picture is better than no page. The same picture may be of several
// entries; wanted is asked before one is read.
func (s *Site) pictures(ctx context.Context, entry *registry.Software, wanted func(name string) bool, write func(name string, content []byte) error) (*registry.Software, error) {
	shown := entry
	for i, f := range entry.Files {
		p, ok := newPicture(f)
		name := strings.TrimPrefix(p.Path, "/")
		if !ok || !wanted(name) {
			continue
		}
		body, err := s.picture(ctx, p)
		switch {
		case err == nil:
			err = write(name, body)
		case errors.Is(err, registry.ErrNotFound):
			s.log.Warn("picture left out", "id", entry.ID, "path", f.Path, "error", err)
			if shown == entry {
				c := *entry
				c.Files = slices.Clone(entry.Files)
				shown = &c
			}
			shown.Files[i].Media = ""
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("picture %s of %s: %w", f.Path, entry.ID, err)
		}
	}
	return shown, nil
}

// picture reads the bytes of a picture; registry.ErrNotFound where they are not
// there or are something else: a hash may name any file that is kept.
func (s *Site) picture(ctx context.Context, p picture) ([]byte, error) {
	body, err := s.catalogue.File(ctx, p.hash)
	if err != nil {
		return nil, err
	}
	if p.media == typeSVG && bytes.HasPrefix(body, []byte(cleanedSVG)) || p.media != typeSVG && http.DetectContentType(body) == p.media {
		return body, nil
	}
	return nil, fmt.Errorf("%w: %s is no %s", registry.ErrNotFound, p.hash, p.media)
}

// servePicture answers with the picture of a name such as <hash>.png.
func (s *Site) servePicture(w http.ResponseWriter, r *http.Request, name string) {
	hash, ending, _ := strings.Cut(name, ".")
	for media, its := range pictureEndings {
		p, ok := newPicture(registry.File{Hash: hash, Media: media})
		if !ok || its != "."+ending {
			continue
		}
		body, err := s.picture(r.Context(), p)
		switch {
		case errors.Is(err, registry.ErrNotFound):
		case err != nil:
			s.log.Error("picture not read", "hash", hash, "error", err)
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		default:
			w.Header().Set("Content-Security-Policy", picturePolicy)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			s.write(w, r, http.StatusOK, media, body)
			return
		}
	}
	http.Error(w, "no such picture", http.StatusNotFound)
}
