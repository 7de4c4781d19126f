// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// cursor goes through JSON once, from front to back, and takes what it finds for
// what is wanted as far as that makes sense: a number for a text, one value for
// a list of one, null for nothing. After an error it reads no further, and every
// method returns at once.
type cursor struct {
	*draft
	dec *jsontext.Decoder
	buf []byte
	// short are texts that were met: the same few occur again and again.
	short map[string]string
}

const (
	maxShort  = 64 // bytes of a text that is remembered
	maxShorts = 1 << 14
)

func newCursor(d *draft, src []byte) *cursor {
	return &cursor{
		draft: d,
		// a bytes.Buffer is read in place
		dec:   jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		short: map[string]string{},
	}
}

func (c *cursor) broken(err error) {
	what := err
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		what = fmt.Errorf("%w at byte %d, in %s", syntax.Err, syntax.ByteOffset, excerpt("/"+strings.TrimPrefix(string(syntax.JSONPointer), "/")))
	} else if errors.Is(err, io.EOF) {
		what = fmt.Errorf("it breaks off at byte %d", c.dec.InputOffset())
	}
	c.fail(fmt.Errorf("sbom: the document is no valid JSON: %s: write it anew with the program that made it", brief(what)))
}

// object calls member with the name of each member of the object that follows;
// member reads or skips the value. What is no object is passed over. It reports
// that there was one, and that it was read to its end.
func (c *cursor) object(member func(name string)) bool {
	if !c.opens('{') {
		return false
	}
	for c.err == nil && c.dec.PeekKind() != '}' {
		if name := c.text(); c.err == nil {
			member(name)
		}
	}
	c.token()
	return c.err == nil
}

// list calls element at each element of the list that follows, but not at null;
// element reads or skips it. What is no list is a list of one.
func (c *cursor) list(element func()) {
	if c.err == nil && c.dec.PeekKind() != '[' {
		if c.dec.PeekKind() == 'n' {
			c.skip()
		} else {
			element()
		}
		return
	}
	if c.opens('[') {
		for c.err == nil && c.dec.PeekKind() != ']' {
			if c.dec.PeekKind() == 'n' {
				c.odd("empty entries of lists")
				c.skip()
				continue
			}
			element()
		}
		c.token()
	}
}

// odd is remark, with the place where the cursor is.
func (c *cursor) odd(what string) {
	example := ""
	if !c.remarks.has(what) {
		example = string(c.dec.StackPointer())
	}
	c.remark(what, example)
}

// few is a list of which at most maxPairs elements are read.
func (c *cursor) few(element func()) {
	n := 0
	c.list(func() {
		if n++; n > maxPairs {
			c.odd("lists of more entries than are read, which were cut")
			c.skip()
			return
		}
		element()
	})
}

// opens steps into what begins with kind, and passes over anything else.
func (c *cursor) opens(kind jsontext.Kind) bool {
	if c.err != nil {
		return false
	}
	if found := c.dec.PeekKind(); found != kind {
		if found != 'n' {
			c.odd("values of another kind than they should be, which were passed over")
		}
		c.skip()
		return false
	}
	if c.dec.StackDepth() >= maxDepth {
		c.fail(fmt.Errorf("sbom: lists and objects are nested deeper than %d: write the document flatter", maxDepth))
		return false
	}
	c.token()
	return c.err == nil
}

// text is the text that follows, without blanks around it.
func (c *cursor) text() string {
	if c.err != nil {
		return ""
	}
	switch c.dec.PeekKind() {
	case '"':
	case '0', 't', 'f':
		v, err := c.dec.ReadValue()
		if err != nil {
			c.broken(err)
		}
		return string(v)
	case 'n':
		c.skip()
		return ""
	default:
		c.odd("values of another kind than they should be, which were passed over")
		c.skip()
		return ""
	}
	v, err := c.dec.ReadValue()
	if err != nil {
		c.broken(err)
		return ""
	}
	// What is odd about its letters was mended: see AllowInvalidUTF8.
	c.buf, _ = jsontext.AppendUnquote(c.buf[:0], v)
	if len(c.buf) > maxShort {
		s := strings.TrimSpace(string(c.buf))
		if cap(c.buf) > 1<<20 {
			c.buf = nil
		}
		return s
	}
	if s, ok := c.short[string(c.buf)]; ok {
		return s
	}
	s := strings.TrimSpace(string(c.buf))
	if len(c.short) < maxShorts {
		c.short[string(c.buf)] = s
	}
	return s
}

// texts is the list of texts that follows.
func (c *cursor) texts() (out []string) {
	c.list(func() {
		if len(out) == maxList {
			c.odd("lists of more texts than are read, which were cut")
			c.skip()
			return
		}
		if s := c.text(); s != "" {
			out = append(out, s)
		}
	})
	return out
}

func (c *cursor) skip() {
	if c.err == nil {
		if err := c.dec.SkipValue(); err != nil {
			c.broken(err)
		}
	}
}

func (c *cursor) token() {
	if c.err == nil {
		if _, err := c.dec.ReadToken(); err != nil {
			c.broken(err)
		}
	}
}

// end notes what follows the document.
func (c *cursor) end() {
	if c.err == nil && (c.dec.PeekKind() != 0 || len(bytes.TrimSpace(c.dec.UnreadBuffer())) > 0) {
		c.remark("something follows the document, which was passed over", "")
	}
}
