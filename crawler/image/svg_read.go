// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const svgSpace, xlinkSpace, xmlSpace = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"

// parseSVG reads the drawing and leaves out all that is not on the lists.
func parseSVG(src []byte) (*node, error) {
	p := svgReader{Decoder: xml.NewDecoder(transform.NewReader(bytes.NewReader(src), unicode.BOMOverride(transform.Nop)))}
	p.CharsetReader = charset(src)
	p.ands = bytes.Count(src, []byte("&"))
	for p.root == nil || len(p.open) > 0 {
		token, err := p.Token()
		if errors.Is(err, io.EOF) {
			return nil, invalid("no image of a known format (PNG, JPEG, GIF, WebP, SVG)")
		}
		if err != nil {
			return nil, invalid("no image of a known format, or a broken SVG: %w", err)
		}
		switch token := token.(type) {
		case xml.Directive:
			err = p.entities(token)
		case xml.StartElement:
			err = p.start(token)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			p.text(token)
		}
		if err != nil {
			return nil, err
		}
	}
	return p.root, nil
}

// charset reads the encoding that the XML declaration names, unless a byte
// order mark has said which one it is.
func charset(src []byte) func(string, io.Reader) (io.Reader, error) {
	return func(label string, in io.Reader) (io.Reader, error) {
		for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"} {
			if bytes.HasPrefix(src, []byte(mark)) {
				return in, nil
			}
		}
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(in), nil
	}
}

// svgReader builds the tree of what is kept.
type svgReader struct {
	*xml.Decoder
	root     *node
	open     []*node // the elements around, nil for those left out
	elements int
	ands     int // in the source: no more entities than that are expanded
}

// entityForm is a declaration of the kind that drawing programs write, to
// shorten the addresses of namespaces.
var entityForm = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+["'](https?://[^"'<>&%\s]{1,100})["']\s*>`)

// entities takes over the entities of a document type, those that hold an
// address and nothing else. An entity of another kind makes the file invalid
// where it is used.
func (p *svgReader) entities(doctype xml.Directive) error {
	p.Entity = map[string]string{}
	longest := 0
	for _, m := range entityForm.FindAllSubmatch([]byte("<!"+string(doctype)+">"), 100) {
		p.Entity[string(m[1])] = string(m[2])
		longest = max(longest, len(m[2]))
	}
	if p.ands*longest > MaxSize {
		return tooLarge("over %d MiB once its entities are written out", MaxSize>>20)
	}
	return nil
}

func (p *svgReader) start(e xml.StartElement) error {
	if p.elements++; p.elements > maxElements {
		return tooLarge("a drawing of more than %d elements", maxElements)
	}
	if len(p.open) >= maxDepth {
		return tooLarge("a drawing of elements more than %d deep in one another", maxDepth)
	}
	if p.root == nil {
		if e.Name.Local != "svg" || e.Name.Space != svgSpace && e.Name.Space != "" {
			return invalid("no image of a known format (PNG, JPEG, GIF, WebP, SVG)")
		}
		p.root = &node{name: "svg", attrs: append([]xml.Attr{attr("xmlns", svgSpace)}, cleanAttributes("svg", e.Attr)...)}
		p.open = append(p.open, p.root)
		return nil
	}
	parent := p.open[len(p.open)-1]
	n := p.cleaned(e)
	if parent == nil || holdsText[parent.name] && !textWithin[e.Name.Local] {
		n = nil
	}
	if n != nil {
		parent.children = append(parent.children, n)
	}
	p.open = append(p.open, n)
	return nil
}

// cleaned is what is kept of an element without what it holds, nil for nothing.
func (p *svgReader) cleaned(e xml.StartElement) *node {
	// Without a namespace a browser shows no drawing at all, but what is meant
	// is clear.
	if e.Name.Space != svgSpace && e.Name.Space != "" {
		return nil
	}
	name := e.Name.Local
	if name == "a" {
		name = "g" // what the link is about stays, unlinked
	}
	if !elements[name] {
		return nil
	}
	n := &node{name: name, attrs: cleanAttributes(name, e.Attr)}
	if name == "image" && n.attr("href") == "" {
		return nil
	}
	return n
}

func (p *svgReader) end() {
	last := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if last == nil || last.name != "style" {
		return
	}
	var css strings.Builder
	for _, c := range last.children {
		css.WriteString(c.text)
	}
	last.children = nil
	if clean := cleanStylesheet(css.String()); clean != "" {
		last.children = []*node{{text: clean}}
	}
}

func (p *svgReader) text(data xml.CharData) {
	if len(p.open) == 0 {
		return
	}
	if n := p.open[len(p.open)-1]; n != nil && holdsText[n.name] {
		n.children = append(n.children, &node{text: string(data)})
	}
}

func attr(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }

func cleanAttributes(element string, list []xml.Attr) []xml.Attr {
	var clean []xml.Attr
	seen := map[string]bool{}
	for _, a := range list {
		name, value, ok := cleanAttribute(element, a)
		if ok && !seen[name] {
			seen[name] = true
			clean = append(clean, attr(name, value))
		}
	}
	return clean
}

func cleanAttribute(element string, a xml.Attr) (name, value string, ok bool) {
	name, value = a.Name.Local, a.Value
	switch {
	case a.Name.Space == xmlSpace && (name == "space" || name == "lang"):
		return "xml:" + name, value, plainText.MatchString(value)
	case name == "href" && (a.Name.Space == "" || a.Name.Space == xlinkSpace):
		value, ok = cleanReference(element, value)
		return name, value, ok
	case a.Name.Space != "":
		return "", "", false
	case name == "style":
		value = cleanDeclarations(value)
		return name, value, value != ""
	case spoken[name]:
		return name, value, true
	}
	return name, value, (attributes[name] || properties[name]) && isHarmless(value)
}

// plainText is a value in which nothing can hide.
var plainText = regexp.MustCompile(`^[\w-]*$`)

// localReference is the address of an element of the same drawing.
var localReference = regexp.MustCompile(`^#[^\s"'<>()\\]+$`)

// cleanReference allows elements of the same drawing, and for images pixels
// within the file, which are cleaned too.
func cleanReference(element, value string) (string, bool) {
	value = strings.TrimSpace(value)
	if element != "image" {
		return value, localReference.MatchString(value)
	}
	return cleanPixels(value)
}
