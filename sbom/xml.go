// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/ianaindex"
)

// guarded are the tokens of a document that is an SBOM in XML: elements and
// text. It ends at a document type, without which there are no entities, and at
// elements nested too deep.
type guarded struct {
	dec   *xml.Decoder
	depth int
	// element is called at each element, and may change its attributes.
	element func(*xml.StartElement)
}

func newGuarded(src []byte) *guarded {
	g := &guarded{dec: xml.NewDecoder(bytes.NewReader(src))}
	g.dec.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(charset), "utf-16") {
			return in, nil // see inUTF8
		}
		e, err := ianaindex.IANA.Encoding(charset)
		if err != nil || e == nil {
			return nil, fmt.Errorf("the encoding %s is not known", excerpt(charset))
		}
		return e.NewDecoder().Reader(in), nil
	}
	return g
}

var errDocType = errors.New("a document type (DOCTYPE) is not read, for the sake of entities: leave it out")

// Token implements xml.TokenReader.
func (g *guarded) Token() (xml.Token, error) {
	for {
		t, err := g.dec.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, errDocType
		case xml.StartElement:
			if g.depth++; g.depth > maxDepth {
				return nil, fmt.Errorf("elements are nested deeper than %d: write the document flatter", maxDepth)
			}
			if g.element != nil {
				g.element(&t)
			}
			return t, nil
		case xml.EndElement:
			g.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		}
	}
}

func notXML(err error) error {
	return fmt.Errorf("sbom: the document is no XML that can be read: %s: write it anew with the program that made it", brief(err))
}

// rootElement is the first element of a document.
func rootElement(src []byte) (xml.Name, error) {
	g := newGuarded(src)
	for {
		t, err := g.Token()
		if err != nil {
			return xml.Name{}, notXML(err)
		}
		if e, ok := t.(xml.StartElement); ok {
			return e.Name, nil
		}
	}
}

// xmlToJSON makes the JSON of SPDX 2 of its XML: an element with elements in it
// is an object, one without is a text, and one that occurs again is a member of
// the same name, which the reader takes for a list.
func xmlToJSON(src []byte) ([]byte, error) {
	g := newGuarded(src)
	var out bytes.Buffer
	var text []byte
	object := []bool{false} // whether the elements that are open have elements in them
	for {
		t, err := g.Token()
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, notXML(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if last := len(object) - 1; last > 0 {
				out.WriteByte(map[bool]byte{false: '{', true: ','}[object[last]])
				object[last] = true
				out.Write(quoted(t.Name.Local))
				out.WriteByte(':')
			}
			object = append(object, false)
			text = text[:0]
		case xml.EndElement:
			if object[len(object)-1] {
				out.WriteByte('}')
			} else {
				out.Write(quoted(string(bytes.TrimSpace(text))))
			}
			object = object[:len(object)-1]
			text = text[:0]
		case xml.CharData:
			text = append(text, t...)
		}
	}
}

// quoted is a text as JSON.
func quoted(s string) []byte {
	b, _ := json.Marshal(s) // a string does not fail
	return b
}
