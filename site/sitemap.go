// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
)

// maxSitemap is how many addresses the protocol allows in one file.
const maxSitemap = 50000

func (s *Site) robots() []byte {
	text := "User-agent: *\nAllow: /\n"
	if s.origin != "" {
		text += "\nSitemap: " + s.origin + s.prefix + "/sitemap.xml\n"
	}
	return []byte(text)
}

// sitemap lists pages by their path, in all languages. Where there are more
// than the protocol allows, the last ones are left out: their lists lead there.
func (s *Site) sitemap(paths []string) []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	for _, p := range paths[:min(len(paths), maxSitemap/len(languages))] {
		for _, lang := range languages {
			out.WriteString("<url><loc>")
			s.writeAddress(&out, lang, p)
			out.WriteString("</loc>")
			for _, other := range languages {
				fmt.Fprintf(&out, `<xhtml:link rel="alternate" hreflang=%q href="`, other)
				s.writeAddress(&out, other, p)
				out.WriteString(`"/>`)
			}
			out.WriteString("</url>\n")
		}
	}
	out.WriteString("</urlset>\n")
	return out.Bytes()
}

func (s *Site) writeAddress(out *bytes.Buffer, lang, path string) {
	_ = xml.EscapeText(out, []byte(s.origin+s.prefix+localPath(lang, path))) // a buffer does not fail
}

func (s *Site) serveSitemap(w http.ResponseWriter, r *http.Request) {
	o, err := s.overview(r.Context())
	if err != nil {
		s.log.Error("sitemap not made", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	paths := s.fixedPaths(o)
	for entry, err := range s.catalogue.All(r.Context()) {
		if err != nil {
			s.log.Error("sitemap not made", "error", err)
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		if path, ok := softwarePath(entry.ID); ok {
			paths = append(paths, path)
		}
	}
	s.write(w, r, http.StatusOK, "application/xml; charset=utf-8", s.sitemap(paths))
}
