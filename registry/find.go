// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"errors"
)

// getter reads entries, as Store does.
type getter interface {
	Get(ctx context.Context, id ID) (*Software, error)
}

// Find is Get of an entry by an ID that it has or had.
func Find(ctx context.Context, c getter, id ID) (*Software, error) {
	entry, err := c.Get(ctx, id)
	var moved *MovedError
	if errors.As(err, &moved) {
		entry, err = c.Get(ctx, moved.To)
	}
	return entry, err
}

// Absent reports whether an error of Get says that there is no entry at an ID.
func Absent(err error) bool {
	var moved *MovedError
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrGone) || errors.As(err, &moved)
}

// NamesOf are the IDs by which others may name a software: the given one and, where
// it is an entry, its ID now and its other locations.
func NamesOf(ctx context.Context, c getter, id ID) ([]ID, error) {
	names := []ID{id}
	entry, err := Find(ctx, c, id)
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrGone):
		return names, nil // what is no entry may be named, too
	case err != nil:
		return nil, err
	}
	names = append(names, entry.ID)
	for _, l := range entry.Locations {
		names = append(names, l.ID)
	}
	return names, nil
}
