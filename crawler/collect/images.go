// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/crawler/image"
	"github.com/allmende-registry/allmende/registry"
)

// maxTries bounds the screenshots that are asked for, those that are not there
// included.
const maxTries = 2 * MaxScreenshots

// maxShown is how much of a value that leads nowhere a note repeats, in bytes.
const maxShown = 200

// logo collects the logo, or in its absence the one in one colour.
func (c *collector) logo() {
	for _, value := range []string{c.PublicCode.Logo, c.PublicCode.MonochromeLogo} {
		if value != "" && c.image(registry.RoleLogo, value) {
			return
		}
	}
}

// screenshots collects those of the German description, then of the English
// one, then of the others.
func (c *collector) screenshots() {
	var values []string
	tags := slices.SortedFunc(maps.Keys(c.PublicCode.Description), func(a, b string) int {
		return cmp.Or(cmp.Compare(languageRank(a), languageRank(b)), cmp.Compare(a, b))
	})
	for _, tag := range tags {
		for _, value := range c.PublicCode.Description[tag].Screenshots {
			if value != "" && !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	had := 0
	for i, value := range values {
		if had == MaxScreenshots || i == maxTries {
			c.note(registry.File{Path: "."}, TooMany, fmt.Sprintf("%d more screenshots than are kept; at most %d are", len(values)-i, MaxScreenshots))
			return
		}
		if c.image(registry.RoleScreenshot, value) {
			had++
		}
		if c.ctx.Err() != nil {
			return
		}
	}
}

func languageRank(tag string) int {
	switch {
	case tag == "de" || len(tag) > 2 && tag[:3] == "de-":
		return 0
	case tag == "en" || len(tag) > 2 && tag[:3] == "en-":
		return 1
	}
	return 2
}

// image collects an image that the publiccode.yml names, and reports whether
// there is one more now.
func (c *collector) image(role registry.Role, value string) bool {
	before := len(c.files)
	f, src, err := c.imageSource(role, value)
	switch {
	case c.ctx.Err() != nil:
		return false
	case absent(err):
		c.note(f, Missing, "publiccode.yml names it, but it is not there")
	case err != nil:
		c.failed(f, image.MaxSize, err)
	case src != nil:
		c.cleaned(f, src)
	}
	return len(c.files) > before
}

// imageSource finds an image and reads it. Without bytes and error it is there
// already.
func (c *collector) imageSource(role registry.Role, value string) (f registry.File, src []byte, err error) {
	f = registry.File{Path: strings.ToValidUTF8(value[:min(len(value), maxShown)], ""), Role: role}
	at, err := image.Locate(value, c.Folder, c.Repository)
	if err != nil {
		return f, nil, err
	}
	if at.Address != "" {
		f.Path, f.Origin = fileName(at.Address, role), at.Address
		if c.has(f) {
			return f, nil, nil
		}
		src, err = c.get(f, image.MaxSize)
		return f, src, err
	}
	for _, f.Path = range at.Paths {
		if c.has(f) {
			return f, nil, nil
		}
		if src, err = c.read(f.Path); !absent(err) {
			break
		}
	}
	return f, src, err
}

// lfsPointer begins a file that Git LFS keeps elsewhere.
const lfsPointer = "version https://git-lfs.github.com/"

func (c *collector) cleaned(f registry.File, src []byte) {
	picture, err := image.Clean(src)
	switch {
	case bytes.HasPrefix(src, []byte(lfsPointer)):
		c.note(f, Invalid, "the repository holds a pointer of Git LFS in place of the image")
		return
	case errors.Is(err, registry.ErrTooLarge):
		c.note(f, TooLarge, err.Error())
		return
	case err != nil:
		c.note(f, Invalid, err.Error())
		return
	}
	f.Bytes, f.Media = picture.Bytes, picture.Media
	same := func(g registry.File) bool { return g.Media != "" && g.Bytes != nil && bytes.Equal(g.Bytes, f.Bytes) }
	if !slices.ContainsFunc(c.files, same) {
		c.add(f)
	}
}

// fileName is the name of an image of an address, for its path.
func fileName(address string, role registry.Role) string {
	if u, err := url.Parse(address); err == nil {
		if name := path.Base(u.Path); isFileName(name) {
			return name
		}
	}
	return string(role)
}
