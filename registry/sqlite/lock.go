// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"fmt"
	"regexp"

	"github.com/gofrs/flock"

	"github.com/allmende-registry/allmende/registry"
)

var lockName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$`)

// Lock implements [registry.Store] with a lock of the operating system on a
// file beside the database. That file stays: another process may be about to
// lock it.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if !lockName.MatchString(name) {
		return nil, fmt.Errorf("%w: a lock's name has 1 to 64 of a-z, 0-9 and -, not %q", registry.ErrInvalid, name)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	lock := flock.New(s.path + "-" + name + ".lock")
	locked, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock %s of the registry %s: %w", name, s.path, err)
	case !locked:
		return nil, fmt.Errorf("%s of the registry %s: %w: wait until the other one has ended, or end it; nothing needs to be deleted",
			name, s.path, registry.ErrLocked)
	}
	s.held.Store(lock, nil)
	return func() {
		_ = lock.Unlock() // closes the file; what cannot be closed ends with the process
		s.held.Delete(lock)
	}, nil
}
