// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package dossier

import (
	"crypto/sha256"
	_ "embed" // for the template
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

//go:embed dossier.css
var style string

//go:embed dossier.html
var page string

// Policy for the page: it loads nothing, and only its own style is applied.
var contentSecurityPolicy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}()

// ContentSecurityPolicy is the policy that a server may send with HTML.
func ContentSecurityPolicy() string { return contentSecurityPolicy }

var pageTemplate = template.Must(template.New("dossier").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // the embedded file
	"csp":   ContentSecurityPolicy,
}).Parse(page))

// Links are addresses of the other forms of a dossier; each may be "".
type Links struct {
	Permanent string // of the dossier itself, absolute
	JSON      string
	SPDX      string
	Other     string // in the other language
}

// HTML writes the dossier for people, in "de" or "en": one page without anything
// from elsewhere, to read, to print and to keep.
func (d *Document) HTML(w io.Writer, lang, hash string, links Links) error {
	if lang != "en" {
		lang = "de"
	}
	return pageTemplate.Execute(w, view{Document: d, Lang: lang, Hash: hash, Links: links})
}

// view is what the template sees.
type view struct {
	*Document
	Lang  string
	Hash  string
	Links Links
}

// T is a text in the page's language with its verbs filled in.
func (v view) T(key string, args ...any) (string, error) {
	text, ok := words[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	if len(args) == 0 {
		return text.In(v.Lang), nil
	}
	return fmt.Sprintf(text.In(v.Lang), args...), nil
}

// In is a text of the package licence in the page's language.
func (v view) In(text licence.Bilingual) string { return text.In(v.Lang) }

// Word is the word for a value such as a verdict or a state; the value itself
// where there is none.
func (v view) Word(kind string, value any) string {
	s := fmt.Sprint(value)
	if text, ok := words[kind+"."+s]; ok {
		return text.In(v.Lang)
	}
	return s
}

// Date writes a day, Moment a day with the time.
func (v view) Date(t time.Time) string { return v.moment(t, "02.01.2006", "2 January 2006") }

// Moment writes a day with the time in UTC.
func (v view) Moment(t time.Time) string {
	return v.moment(t, "02.01.2006, 15:04:05 UTC", "2 January 2006, 15:04:05 UTC")
}

func (v view) moment(t time.Time, de, en string) string {
	switch {
	case t.IsZero():
		return words["unknown"].In(v.Lang)
	case v.Lang == "de":
		return t.UTC().Format(de)
	}
	return t.UTC().Format(en)
}

// Percent writes a share.
func (v view) Percent(share float64) string {
	s := fmt.Sprintf("%.0f", 100*share)
	if v.Lang == "de" {
		return s + " %"
	}
	return s + "%"
}

// Share is a part of a number in per cent.
func (v view) Share(n, of int) string {
	if of == 0 {
		return v.Percent(0)
	}
	return v.Percent(float64(n) / float64(of))
}

// Reason is a reason of the verdict in words.
func (v view) Reason(r registry.LicenceReason) string {
	sentence, _ := r.Wording(v.Lang)
	return sentence
}

// Verdict is the verdict in words.
func (v view) Verdict() string { return v.Licence.Verdict.Wording(v.Lang) }

// Requirement is a line of a checklist in words.
func (v view) Requirement(c sbom.Checklist, line sbom.Line) string {
	title, _ := c.Wording(line.ID, v.Lang)
	return title
}

// Short is the short description in the page's language, else in English, else
// in any.
func (v view) Short() string {
	for _, want := range []string{v.Lang, "en", "de"} {
		for lang, text := range v.Identity.Short {
			if primary, _, _ := strings.Cut(lang, "-"); strings.EqualFold(primary, want) {
				return text
			}
		}
	}
	return ""
}

// Met counts the lines of a checklist that are met.
func (v view) Met(c sbom.Checklist) (n int) {
	for _, l := range c.Lines {
		if l.State == sbom.Met {
			n++
		}
	}
	return n
}

// Best is the first alternative of the explanation, the freest.
func (v view) Best() *licence.Alternative {
	if v.Explanation == nil || len(v.Explanation.Alternatives) == 0 {
		return nil
	}
	return &v.Explanation.Alternatives[0]
}

// Mark is the sign of a state, so that it is not told by colour alone.
func (v view) Mark(state any) string {
	switch fmt.Sprint(state) {
	case "match", "met", "allowed", "yes":
		return "✓"
	case "conflict", "not-met", "denied", "no", "impossible":
		return "✗"
	case "ambiguous", "partly", "conditional":
		return "≈"
	}
	return "?"
}
