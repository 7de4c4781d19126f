// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/allmende-registry/allmende/registry"
)

// eachItem hands over the items of a JSON array one by one, so that a broken
// one leaves the others whole, and none more than can be used.
func eachItem(src []byte, item func(i int, raw json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(src))
	start, err := dec.Token()
	if err != nil {
		return invalidJSON(err)
	}
	if start != json.Delim('[') {
		return fmt.Errorf("%w: a JSON array is expected, not %.20s", registry.ErrInvalid, bytes.TrimSpace(src))
	}
	for i := 0; dec.More(); i++ {
		if i == maxEntries {
			return fmt.Errorf("%w: more than %d items", registry.ErrTooLarge, maxEntries)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return invalidJSON(err)
		}
		if err := item(i, raw); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return invalidJSON(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: there is more after the JSON array", registry.ErrInvalid)
	}
	return nil
}

// invalidJSON says where a document breaks the syntax.
func invalidJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("%w: no JSON: %w (at byte %d)", registry.ErrInvalid, err, syntax.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: no JSON: it ends too early", registry.ErrInvalid)
	}
	return fmt.Errorf("%w: no JSON: %w", registry.ErrInvalid, err)
}

// text is a JSON string; anything else is "", so that one odd member does not
// take the whole item with it.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(src []byte) error {
	var s string
	if json.Unmarshal(src, &s) != nil {
		s = ""
	}
	*t = text(s)
	return nil
}

// flag is a JSON boolean in any of the forms in which it is met.
type flag struct{ set, value bool }

// UnmarshalJSON never fails: what is no boolean is not set.
func (f *flag) UnmarshalJSON(src []byte) error {
	switch string(bytes.Trim(src, `"`)) {
	case "true", "1":
		*f = flag{true, true}
	case "false", "0":
		*f = flag{true, false}
	}
	return nil
}
