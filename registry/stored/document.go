// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package stored is the forms in which stores keep values: documents of JSON,
// and bytes compressed and known by their hash.
package stored

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

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

// Decode is the value of a document that a store wrote.
func Decode[T any](document string) (*T, error) {
	v := new(T)
	if err := json.Unmarshal([]byte(document), v); err != nil {
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
