// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/allmende-registry/allmende/registry"
)

// maxProse bounds a text that the site or its operator has written, in bytes.
const maxProse = 256 << 10

// prose is such a text, rendered for pages in one language.
type prose struct {
	Title string // its first heading; "" without one
	Lead  string // its first paragraph, where the text is to begin with one
	HTML  template.HTML
	Lang  string // that it is written in
}

var proseMarkdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))

// proseCleaner lets through what cleaner does, and links within the site.
var proseCleaner = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code",
		"em", "strong", "del", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(false)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	return p
}()

// renderProse turns Markdown in one language into what stands below the heading
// of a page in another, or the same. What the page could not show is an error, so
// that nothing an author wrote is lost without a word: pictures, HTML but for
// comments, links that lead nowhere. A path that begins with a slash is one of the
// site, without language. With lead the first paragraph is taken out.
func (s *Site) renderProse(src, written, page string, lead bool) (prose, error) {
	p := prose{Lang: written}
	src = strings.TrimPrefix(src, "\ufeff")
	switch {
	case len(src) > maxProse:
		return p, fmt.Errorf("%w: the text has more than %d bytes", registry.ErrInvalid, maxProse)
	case !utf8.ValidString(src):
		return p, fmt.Errorf("%w: the text is not UTF-8; save it in that encoding", registry.ErrInvalid)
	case strings.TrimSpace(src) == "":
		return p, fmt.Errorf("%w: the text is empty; leave the page out, or write it", registry.ErrInvalid)
	case nesting(src) > maxMarkdownDepth:
		return p, fmt.Errorf("%w: quotes or lists of the text are nested deeper than %d levels", registry.ErrInvalid, maxMarkdownDepth)
	}
	source := []byte(src)
	doc := proseMarkdown.Parser().Parse(text.NewReader(source))
	if err := s.adapt(doc, source, page); err != nil {
		return p, err
	}
	p.takeHead(doc, source, lead)
	pageFit{top: 2}.Transform(doc.(*ast.Document), nil, nil)
	var out bytes.Buffer
	if err := proseMarkdown.Renderer().Render(&out, source, doc); err != nil {
		return p, err
	}
	p.HTML = inPage(proseCleaner.Sanitize(out.String()))
	return p, nil
}

// adapt makes the links of a text those of pages in a language, and reports what
// a page cannot show, with its line.
func (s *Site) adapt(doc ast.Node, source []byte, page string) error {
	var problems []error
	line := 1
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%w: line %d: %s", registry.ErrInvalid, line, fmt.Sprintf(format, args...)))
	}
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
			line = 1 + bytes.Count(source[:n.Lines().At(0).Start], []byte("\n"))
		}
		switch n := n.(type) {
		case *ast.Image:
			problem("pictures are not shown here; describe it, or link to it")
		case *ast.HTMLBlock:
			if n.HTMLBlockType != ast.HTMLBlockType2 { // a comment
				problem("HTML is not shown here; write Markdown")
			}
		case *ast.RawHTML:
			if segment := n.Segments.At(0); !bytes.HasPrefix(segment.Value(source), []byte("<!--")) {
				problem("HTML is not shown here; write Markdown")
			}
		case *ast.Link:
			to, err := s.destination(string(n.Destination), page)
			if err != nil {
				problem("the link to %q %v", n.Destination, err)
			}
			n.Destination = []byte(to)
		}
		return ast.WalkContinue, nil
	})
	return errors.Join(append(problems, err)...)
}

// destination is where a link of a text leads from a page in a language.
func (s *Site) destination(to, page string) (string, error) {
	u, err := url.Parse(to)
	switch {
	case err != nil:
		return "", errors.New("is no address")
	case u.Scheme == "mailto" && u.Opaque != "", (u.Scheme == "https" || u.Scheme == "http") && u.Host != "":
		return to, nil
	case u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/"):
		return "", errors.New("must begin with https://, http:// or mailto:, or be a path of this site, such as /privacy/")
	case !s.leads(u.EscapedPath()):
		return "", errors.New("leads to no page of this site")
	}
	return s.prefix + localPath(page, to), nil
}

// leads reports whether a path, without language, can be one of a page; of
// publishers, licences and the like any, since they come and go.
func (s *Site) leads(path string) bool {
	name, rest, err := splitPath(path)
	if err != nil || !strings.HasSuffix(path, "/") {
		return false
	}
	if i := slices.IndexFunc(dutyPages, func(d dutyPage) bool { return d.path == "/"+name+"/" }); i >= 0 {
		_, there := s.opt.Duties[dutyPages[i].duty]
		return there && rest == ""
	}
	if name == "maintain" && rest != "" && !strings.HasPrefix(rest, "findings") {
		return slices.Contains(guidePaths, path)
	}
	section, known := findSection(name)
	return known && (rest == "" || !section.single) || name == "software"
}

// takeHead takes the heading that a text begins with out of it, and the paragraph
// after it where that is the lead.
func (p *prose) takeHead(doc ast.Node, source []byte, lead bool) {
	next := func(n ast.Node) ast.Node {
		for n != nil && n.Kind() == ast.KindHTMLBlock {
			n = n.NextSibling()
		}
		return n
	}
	first := next(doc.FirstChild())
	if h, ok := first.(*ast.Heading); ok && h.Level == 1 {
		p.Title = plainText(h, source)
		first = next(h.NextSibling())
		doc.RemoveChild(doc, h)
	}
	if lead && first != nil && first.Kind() == ast.KindParagraph {
		p.Lead = plainText(first, source)
		doc.RemoveChild(doc, first)
	}
}

// plainText is what can be read of a node.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// proseBody is what the page of such a text shows.
type proseBody struct {
	prose
	Video  string // asset; "" without
	Guides []guideLink
	Facts  []proseFact
}

// proseFact is the key of its name, its words, and where they lead.
type proseFact struct {
	Key string
	link
}
