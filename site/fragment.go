// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"html/template"
	"strings"
	"time"
)

// fragment is HTML that is written here rather than by a template, which takes
// about a microsecond for each value: the page of every entry has these rows.
// Markup goes through mark, all else through text.
type fragment struct{ b strings.Builder }

func (f *fragment) mark(markup string) { f.b.WriteString(markup) }

func (f *fragment) text(s string) { template.HTMLEscape(&f.b, []byte(s)) }

// wrap writes a text within an element.
func (f *fragment) wrap(before, s, after string) {
	f.mark(before)
	f.text(s)
	f.mark(after)
}

// link writes a link to an address of webLink or sourceLink, else its text.
func (f *fragment) link(l link) {
	if l.Href == "" {
		f.text(l.Text)
		return
	}
	f.wrap(`<a href="`, l.Href, `" rel="nofollow">`)
	f.wrap("", l.Text, "</a>")
}

// day writes a day in words.
func (f *fragment) day(lang string, t time.Time) {
	f.mark(`<time datetime="` + t.UTC().Format(time.DateOnly) + `">` + formatDate(lang, t) + `</time>`)
}

// muted writes a remark, none for "".
func (f *fragment) muted(s string) {
	if s != "" {
		f.wrap(` <span class="muted">`, s, "</span>")
	}
}

func (f *fragment) html() template.HTML { return template.HTML(f.b.String()) } //nolint:gosec // what is not markup was escaped
