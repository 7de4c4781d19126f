// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package stored is what stores do alike: the forms in which they keep values,
// documents of JSON, and bytes compressed and known by their hash; how they read
// them page by page, and how they prune.
package stored

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/allmende-registry/allmende/registry"
)

// Encode is the document of a value: its JSON. A value that has none, such as a
// share that is no number or a year after 9999, is the caller's fault: ErrInvalid.
func Encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("%w: cannot be kept as JSON: %w", registry.ErrInvalid, err)
	}
	return string(b), nil
}

// Form is what a store does to its documents, so as to notice damage. The zero
// value leaves them as they are.
type Form struct {
	Seal   func(document string) string
	Unseal func(document []byte) ([]byte, error) // a part of the document
}

// Encode is [Encode] and the seal.
func (f Form) Encode(v any) (string, error) {
	document, err := Encode(v)
	if err == nil && f.Seal != nil {
		document = f.Seal(document)
	}
	return document, err
}

// rooms are where documents are decoded, of which nothing is kept. Those that
// became large for one are not.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

const maxRoom = 1 << 20 // bytes

// DecodeIn is [Decode] of a document in a form.
func DecodeIn[T any](f Form, document string) (*T, error) {
	room := rooms.Get().(*[]byte)
	*room = append((*room)[:0], document...)
	if cap(*room) <= maxRoom {
		defer rooms.Put(room)
	}
	plain, err := f.unsealed(*room)
	if err != nil {
		return nil, err
	}
	return decode[T](plain)
}

func (f Form) unsealed(document []byte) ([]byte, error) {
	if f.Unseal == nil {
		return document, nil
	}
	plain, err := f.Unseal(document)
	if err != nil {
		return nil, Damaged(err)
	}
	return plain, nil
}

// asWritten makes the decoder, which takes less than half the time of
// encoding/json, read durations as that writes them, and not look for names that
// stand twice: that writes none.
var asWritten = jsonv2.JoinOptions(jsonv1.FormatDurationAsNano(true), jsontext.AllowDuplicateNames(true))

// Decode is the value of a document that a store wrote.
func Decode[T any](document string) (*T, error) { return DecodeIn[T](Form{}, document) }

func decode[T any](document []byte) (*T, error) {
	v := new(T)
	if err := jsonv2.Unmarshal(document, v, asWritten); err != nil {
		return nil, Damaged(err)
	}
	return v, nil
}

// Now is the time of a change: in UTC, to the millisecond.
func Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Damaged is the error for what is kept and cannot be read as what it was
// written; what says of what, the narrowest first.
func Damaged(err error, what ...string) error {
	if !errors.Is(err, registry.ErrDamaged) {
		err = fmt.Errorf("%w (%w)", registry.ErrDamaged, err)
	}
	for _, w := range what {
		err = fmt.Errorf("%s: %w", w, err)
	}
	return err
}
