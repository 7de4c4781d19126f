// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

var (
	logoFormats       = []string{"svg", "svgz", "png"}
	screenshotFormats = []string{"png", "jpg", "jpeg"}
	// otherFormats are the image formats that the standard does not list. An
	// address with an ending that is none of these may well deliver a right one.
	otherFormats = []string{"gif", "webp", "bmp", "ico", "tif", "tiff", "pdf", "avif", "jpg", "jpeg", "svg", "svgz", "eps", "ai", "heic"}
)

// checkPath accepts a path relative to the root of the repository, or a web
// address. It returns nothing that could lead out of the repository.
func (d *decoder) checkPath(v value, t string) string {
	if isWebAddress(t) {
		return t
	}
	clean := path.Clean(t)
	if strings.HasPrefix(t, "/") || strings.Contains(t, "\\") || hasScheme(t) ||
		clean == ".." || strings.HasPrefix(clean, "../") {
		d.add("PC0313", v.position(), v.path, t)
		// A leading slash can only mean the root of the repository.
		if rest := strings.TrimPrefix(clean, "/"); rest != clean && rest != "" && !strings.HasPrefix(t, "//") && !strings.Contains(t, "\\") {
			return rest
		}
		return ""
	}
	return t
}

// hasScheme reports whether s begins like a URL: "file:", "javascript:".
func hasScheme(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok || scheme == "" {
		return false
	}
	for _, c := range scheme {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func (d *decoder) checkLogo(v value, t string) string {
	return d.checkImage(v, t, logoFormats)
}

func (d *decoder) checkScreenshot(v value, t string) string {
	return d.checkImage(v, t, screenshotFormats)
}

func (d *decoder) checkImage(v value, t string, formats []string) string {
	if t = d.checkPath(v, t); t == "" {
		return ""
	}
	file := t
	if u, err := url.Parse(t); err == nil {
		file = u.Path
	}
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(file), "."))
	if !slices.Contains(formats, ending) && (slices.Contains(otherFormats, ending) || ending != "" && !isWebAddress(t)) {
		d.add("PC0314", v.position(), v.path, t, strings.Join(formats, ", "))
	}
	return t
}
