// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of the bytes of a document. YAML and XML become far larger in memory
// than they are.
const (
	MaxBytes = 64 << 20 // of any document
	maxXML   = 32 << 20
	maxYAML  = 8 << 20
	maxRDF   = 8 << 20
)

// ErrNotSBOM is the error for what is no bill of materials at all, or of another
// standard.
var ErrNotSBOM = errors.New("sbom: neither SPDX nor CycloneDX")

// Read reads a document of at most MaxBytes: SPDX 2.1 to 2.3 as JSON, YAML, XML,
// tag-value or RDF/XML, SPDX 3.0 as JSON-LD, CycloneDX 1.0 to 1.7 as JSON or XML;
// by itself, or in the envelope of GitHub ({"sbom": ...}) or of an attestation
// ({"predicate": ...}). Standard, version and encoding are taken from the content.
//
// What is odd but can be understood is in the document's Remarks. What cannot be
// read is an error that says what, where and what to do; it is ErrNotSBOM for
// what is something else. Read does not keep src.
func Read(src []byte) (*Document, error) {
	if err := within(src, MaxBytes, "a bill of materials"); err != nil {
		return nil, err
	}
	src, recoded := inUTF8(src)
	doc, err := read(src, true)
	if doc != nil && recoded {
		doc.Remarks = append(doc.Remarks, "the document is in UTF-16, read as UTF-8")
	}
	return doc, err
}

func read(src []byte, outer bool) (*Document, error) {
	switch text := bytes.TrimLeft(src, " \t\r\n"); {
	case len(text) == 0:
		return nil, fmt.Errorf("%w: the document is empty", ErrNotSBOM)
	case text[0] == '{':
		return readJSON(text, outer)
	case text[0] == '<':
		return readXML(text)
	case isTagValue(text):
		return readTagValue(text)
	case isYAML(text):
		if err := within(text, maxYAML, "YAML"); err != nil {
			return nil, err
		}
		converted, err := yamlToJSON(text)
		if err != nil {
			return nil, err
		}
		return readSPDX2(converted, "yaml")
	}
	return nil, fmt.Errorf("%w: it begins with neither of their encodings", ErrNotSBOM)
}

func within(src []byte, most int, what string) error {
	if len(src) > most {
		return fmt.Errorf("sbom: %s of %d bytes is larger than the %d MiB that are read: divide it, or leave out the files", what, len(src), most>>20)
	}
	return nil
}

// inUTF8 takes off a byte order mark and makes UTF-8 of UTF-16, which XML and
// some editors write.
func inUTF8(src []byte) (out []byte, recoded bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")):
		return src[3:], false
	case bytes.HasPrefix(src, []byte{0xFF, 0xFE}):
		order = binary.LittleEndian
	case bytes.HasPrefix(src, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		return src, false
	}
	src = src[2:]
	out = make([]byte, 0, len(src)*3/4)
	for len(src) >= 2 {
		r := rune(order.Uint16(src))
		src = src[2:]
		if utf16.IsSurrogate(r) && len(src) >= 2 {
			r = utf16.DecodeRune(r, rune(order.Uint16(src)))
			src = src[2:]
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

func readXML(src []byte) (*Document, error) {
	if err := within(src, maxXML, "XML"); err != nil {
		return nil, err
	}
	root, err := rootElement(src)
	if err != nil {
		return nil, err
	}
	switch {
	case root.Local == "bom":
		return readCycloneDXXML(src)
	case root.Local == "RDF":
		if err := within(src, maxRDF, "RDF"); err != nil {
			return nil, err
		}
		return readRDF(src)
	case root.Local == "Document":
		converted, err := xmlToJSON(src)
		if err != nil {
			return nil, err
		}
		return readSPDX2(converted, "xml")
	}
	return nil, fmt.Errorf("%w: the root element is %s", ErrNotSBOM, excerpt(root.Local))
}

// isTagValue reports the tag-value form: a line that says the version, in the
// beginning.
func isTagValue(src []byte) bool { return hasLine(src, "SPDXVersion:") }

func isYAML(src []byte) bool {
	return hasLine(src, "spdxVersion:") || hasLine(src, "\"spdxVersion\":") || hasLine(src, "'spdxVersion':")
}

func hasLine(src []byte, begins string) bool {
	return bytes.HasPrefix(src, []byte(begins)) || bytes.Contains(src, []byte("\n"+begins))
}

// marks are what tells the formats of JSON apart, of the outermost object.
type marks struct {
	format, spec, schema, version string
	context                       []string
	graph, cyclonedx              bool
	inner                         [2]int64 // of an envelope: from, to
}

func readJSON(src []byte, outer bool) (*Document, error) {
	d := newDraft("", "", "")
	c := newCursor(d, src)
	var m marks
	c.object(func(name string) { m.read(c, name) })
	if d.err != nil {
		return nil, d.err
	}
	switch {
	case m.format == "CycloneDX" || m.format == "" && m.spec != "" && (m.cyclonedx || strings.Contains(m.schema, "cyclonedx")):
		return readCycloneDXJSON(src)
	case m.format != "":
		return nil, notCycloneDX(m.format)
	case m.version != "":
		return readSPDX2(src, "json")
	case m.graph || strings.Contains(strings.Join(m.context, " "), "spdx.org/rdf/"):
		return readSPDX3(src)
	case m.inner[1] > 0 && outer:
		return read(src[m.inner[0]:m.inner[1]], false)
	}
	return nil, fmt.Errorf("%w: it has none of bomFormat, spdxVersion and @context of SPDX", ErrNotSBOM)
}

func (m *marks) read(c *cursor, name string) {
	switch name {
	case "bomFormat":
		m.format = c.text()
	case "specVersion":
		m.spec = c.text()
	case "$schema":
		m.schema = c.text()
	case "spdxVersion":
		m.version = c.text()
	case "@context":
		m.context = append(m.context, (&spdx3{cursor: c}).contexts()...)
	case "sbom", "predicate":
		if c.dec.PeekKind() != '{' {
			c.skip()
			return
		}
		v, err := c.dec.ReadValue()
		if err != nil {
			c.broken(err)
			return
		}
		// the value itself may not be kept
		end := c.dec.InputOffset()
		m.inner = [2]int64{end - int64(len(v)), end}
	default:
		m.cyclonedx = m.cyclonedx || name == "components" || name == "metadata"
		m.graph = m.graph || name == "@graph"
		c.skip()
	}
}
