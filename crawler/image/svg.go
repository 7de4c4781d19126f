// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"bytes"
	"encoding/xml"
)

// The bounds of a drawing.
const (
	maxElements = 50_000
	maxDepth    = 100
	// maxDrawn bounds the elements once every reference to another one is
	// followed: a few lines can ask for billions.
	maxDrawn = 1_000_000
	maxReach = 500 // elements in one another, references followed
)

// CleanSVG writes a drawing anew from what it knows to be harmless: elements,
// attributes and style properties of three lists. Nothing in the result runs,
// moves or loads: no script, no event, no animation, no address but that of an
// element of the drawing itself and of pixels within the file. It has neither
// comments nor instructions nor a document type. Errors are
// registry.ErrTooLarge and registry.ErrInvalid.
func CleanSVG(src []byte) ([]byte, error) {
	if len(src) > MaxSize {
		return nil, tooLarge("over %d MiB", MaxSize>>20)
	}
	root, err := parseSVG(src)
	if err != nil {
		return nil, err
	}
	if err := root.checkReach(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	if err := root.write(e); err != nil {
		return nil, invalid("the drawing cannot be written: %w", err)
	}
	if err := e.Flush(); err != nil {
		return nil, invalid("the drawing cannot be written: %w", err)
	}
	if out.Len() > MaxSize {
		return nil, tooLarge("over %d MiB once written anew", MaxSize>>20)
	}
	return out.Bytes(), nil
}

// node is a clean element, or a text where it has no name.
type node struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*node
}

func (n *node) write(e *xml.Encoder) error {
	if n.name == "" {
		return e.EncodeToken(xml.CharData(n.text))
	}
	start := xml.StartElement{Name: xml.Name{Local: n.name}, Attr: n.attrs}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, c := range n.children {
		if err := c.write(e); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
