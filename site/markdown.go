// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxMarkdown bounds what is rendered of one text, in bytes.
const maxMarkdown = 32 << 10

// maxMarkdownDepth bounds how deep quotes and lists of a text may be nested,
// which the renderer follows by recursion.
const maxMarkdownDepth = 50

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(pageFit{top: 3}, 100))),
)

// cleaner lets through text markup alone: no images, styles, classes or ids,
// no raw HTML with a purpose of its own. It is the second wall: goldmark drops
// raw HTML already.
var cleaner = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code",
		"em", "strong", "del", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(false)
	return p
}()

// renderMarkdown turns a text of the catalogue into HTML that is safe to put
// under a heading of the second level. Text that is too deep is shown as plain.
func renderMarkdown(src string) template.HTML {
	if len(src) > maxMarkdown {
		src = strings.ToValidUTF8(src[:maxMarkdown], "") + " …"
	}
	if nesting(src) > maxMarkdownDepth {
		return template.HTML("<p>" + template.HTMLEscapeString(src) + "</p>")
	}
	var out bytes.Buffer
	if err := markdown.Convert([]byte(src), &out); err != nil {
		return template.HTML("<p>" + template.HTMLEscapeString(src) + "</p>")
	}
	return inPage(cleaner.Sanitize(out.String()))
}

// inPage lets what has been cleaned be scrolled by the keyboard, and its links
// lead out without a way back.
func inPage(clean string) template.HTML {
	// bluemonday writes rel="nofollow" alone; the tab that a link opens, where a
	// reader asks for one, shall not reach back either. Its output has no other
	// place where this sequence could stand: quotes in text are escaped.
	clean = strings.ReplaceAll(clean, `rel="nofollow"`, `rel="nofollow noopener"`)
	clean = strings.NewReplacer("<table>", `<div class="scroll" tabindex="0"><table>`, "</table>", "</table></div>",
		"<pre>", `<pre tabindex="0">`).Replace(clean)
	return template.HTML(clean)
}

// nesting is an upper bound of how deep containers of a line are nested.
func nesting(src string) int {
	deepest := 0
	for line := range strings.SplitSeq(src, "\n") {
		depth := 0
		for i := 0; i < len(line); i++ {
			switch line[i] {
			case '>', '-', '*', '+', '[':
				depth++
			}
		}
		// Rules and emphasis in long paragraphs count as well; a text needs a
		// run of markers at the start of a line to nest.
		if marks := len(line) - len(strings.TrimLeft(line, " \t>-*+0123456789.)")); marks < depth {
			depth = marks
		}
		deepest = max(deepest, depth)
	}
	return deepest
}

// pageFit makes a text fit into the page: its headings come below those of the
// page without leaving a level out, its images are gone.
type pageFit struct{ top int } // the level of its first headings

// Transform implements parser.ASTTransformer.
func (fit pageFit) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var images []ast.Node
	last, shallowest := fit.top-1, 6
	headings := []*ast.Heading{}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			headings = append(headings, n)
			shallowest = min(shallowest, n.Level)
		case *ast.Image:
			images = append(images, n)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	for _, h := range headings {
		h.Level = min(h.Level-shallowest+fit.top, last+1, 6)
		last = h.Level
	}
	for _, image := range images {
		image.Parent().RemoveChild(image.Parent(), image)
	}
	dropEmpty(doc)
}

// dropEmpty removes the links, headings and paragraphs that have nothing to
// read or to follow them by, innermost first.
func dropEmpty(n ast.Node) {
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		dropEmpty(c)
		switch c.Kind() {
		case ast.KindLink, ast.KindEmphasis, ast.KindHeading, ast.KindParagraph:
			if !c.HasChildren() {
				n.RemoveChild(n, c)
			}
		}
		c = next
	}
}
