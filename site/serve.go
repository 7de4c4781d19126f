// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// contentSecurityPolicy lets a page load from its own origin alone.
const contentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"

// unframed keeps others from framing a page; only a header can say so.
const unframed = "; frame-ancestors 'none'"

// Handler answers GET and HEAD requests for pages, assets, robots.txt and
// sitemap.xml.
func (s *Site) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentSecurityPolicy+unframed)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	// The path is cut while escaped: a segment that holds an escaped slash must
	// not turn into two.
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.prefix)
	if !ok || !strings.HasPrefix(path, "/") {
		if r.URL.EscapedPath() == s.prefix {
			http.Redirect(w, r, s.prefix+"/", http.StatusMovedPermanently)
			return
		}
		path = "/404"
	}
	switch {
	case strings.HasPrefix(path, "/assets/"):
		s.serveAsset(w, r, strings.TrimPrefix(path, "/assets/"))
		return
	case strings.HasPrefix(path, picturesPath):
		s.servePicture(w, r, strings.TrimPrefix(path, picturesPath))
		return
	case path == "/robots.txt":
		s.write(w, r, http.StatusOK, "text/plain; charset=utf-8", s.robots())
		return
	case path == "/sitemap.xml" && s.origin != "":
		s.serveSitemap(w, r)
		return
	}
	lang, rest := splitLanguage(path)
	for _, l := range languages[1:] {
		if path == "/"+l {
			http.Redirect(w, r, s.prefix+path+"/", http.StatusMovedPermanently)
			return
		}
	}
	switch {
	case rest == suggestPath:
		s.serveSuggestions(w, r, lang)
		return
	case rest == completionsPath && s.origin != "":
		s.serveCompletions(w, r)
		return
	case rest == openSearchPath && s.origin != "":
		s.serveOpenSearch(w, r, lang)
		return
	case strings.HasSuffix(rest, "/"+previewName):
		s.servePreview(w, r, lang, strings.TrimSuffix(rest, previewName))
		return
	}
	a, err := s.answer(r.Context(), lang, rest, r.URL.Query(), r.URL.RawQuery)
	if err != nil {
		a = s.failure(r.Context(), lang, err)
	}
	if m, ok := messageOf(a); ok && (a.status == http.StatusNotFound || a.status == http.StatusGone) {
		m.offers = s.offerFor(r.Context(), lang, rest, a.status)
		a.page.Body = m
	}
	if a.location != "" {
		http.Redirect(w, r, a.location, http.StatusMovedPermanently)
		return
	}
	body, err := s.render(a.page)
	if err != nil {
		s.log.Error("page not made", "path", path, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Security-Policy", a.page.Policy()+unframed)
	h.Set("Content-Language", lang)
	s.write(w, r, a.status, "text/html; charset=utf-8", body)
}

// answer is a page with its status, or where to go instead.
type answer struct {
	page     *page
	status   int
	location string
}

func found(p *page) (answer, error) { return answer{page: p, status: http.StatusOK}, nil }

// answer makes the page at an escaped path without its language.
func (s *Site) answer(ctx context.Context, lang, path string, query url.Values, rawQuery string) (answer, error) {
	name, rest, err := splitPath(path)
	if err != nil {
		return answer{}, registry.ErrNotFound
	}
	part, known := findSection(name)
	if !strings.HasSuffix(path, "/") {
		if known || name == "software" || name == "history" {
			to := s.prefix + localPath(lang, path+"/")
			if rawQuery != "" {
				to += "?" + rawQuery
			}
			return answer{location: to}, nil
		}
		return answer{}, registry.ErrNotFound
	}
	switch {
	case name == "software" && rest == "":
		return s.answerList(ctx, lang, query)
	case name == "software":
		return s.answerSoftware(ctx, lang, registry.ID(rest))
	case name == "history":
		return s.answerHistory(ctx, lang, registry.ID(rest))
	case known && (rest == "" || !part.single):
		return part.answer(s, ctx, request{lang: lang, rest: rest, query: query, overview: s.overview})
	}
	return answer{}, registry.ErrNotFound
}

func (s *Site) answerSoftware(ctx context.Context, lang string, id registry.ID) (answer, error) {
	entry, err := s.catalogue.Get(ctx, id)
	var moved *registry.MovedError
	if errors.As(err, &moved) {
		if to, ok := softwarePath(moved.To); ok && moved.To != id {
			return answer{location: s.prefix + localPath(lang, to)}, nil
		}
		return answer{}, registry.ErrNotFound
	}
	if errors.Is(err, registry.ErrGone) {
		p := s.messagePage(lang, "gone", false)
		m := message{Key: "gone"}
		m.History, _ = historyPath(id)
		p.Body = m
		return answer{page: p, status: http.StatusGone}, nil
	}
	if err != nil {
		return answer{}, err
	}
	path, ok := softwarePath(entry.ID)
	if !ok {
		return answer{}, registry.ErrNotFound
	}
	if entry.ID != id { // the same in other letters
		return answer{location: s.prefix + localPath(lang, path)}, nil
	}
	others, err := s.neighbours(ctx, lang, entry)
	if err != nil {
		return answer{}, err
	}
	return found(s.softwarePage(lang, entry, others, path, false))
}

func (s *Site) answerList(ctx context.Context, lang string, query url.Values) (answer, error) {
	q := readQuery(query)
	asked := ordered(q)
	asked.Language, asked.Counted = lang, allFacets
	result, err := s.catalogue.Search(ctx, asked)
	if err != nil {
		return answer{}, err
	}
	o, err := s.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	p := s.listPage(lang, listPath, s.newListing(lang, q, result, o), false)
	p.NoIndex = address(q) != ""
	q.After = "" // a place in the order of one language is none in another
	p.Query = strings.TrimPrefix(address(q), "?")
	return found(p)
}

// failure is the page for an error.
func (s *Site) failure(ctx context.Context, lang string, err error) answer {
	key, status := "failed", http.StatusInternalServerError
	switch {
	case errors.Is(err, registry.ErrNotFound):
		key, status = "notfound", http.StatusNotFound
	case errors.Is(err, registry.ErrGone):
		key, status = "gone", http.StatusGone
	case errors.Is(err, registry.ErrInvalid), errors.Is(err, registry.ErrTooLarge):
		key, status = "invalid", http.StatusBadRequest
	case ctx.Err() == nil:
		s.log.Error("request failed", "error", err)
	}
	return answer{page: s.messagePage(lang, key, false), status: status}
}

func (s *Site) serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	a, ok := s.assets.files[name]
	if !ok {
		http.Error(w, "no such asset", http.StatusNotFound)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if strings.HasPrefix(a.contentType, "video/") { // players ask for parts of it
		w.Header().Set("Content-Type", a.contentType)
		w.Header().Set("ETag", `"`+name+`"`)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(a.content))
		return
	}
	s.write(w, r, http.StatusOK, a.contentType, a.content)
}

// write answers with a body and its entity tag, or 304 where the client has it.
func (s *Site) write(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", "W/"+tag) // weak: the same for every encoding it may be sent in
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no error
	}
}
