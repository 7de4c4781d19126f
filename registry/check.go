// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"fmt"
	"regexp"
	"strings"
)

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Check reports what keeps s from being an entry, as ErrInvalid: an ID that is
// not canonical, no name, or files without a path, with a path twice, or with a
// hash that is no SHA-256 in lower-case hex. Every store refuses such an entry.
func (s *Software) Check() error {
	if err := s.ID.check(); err != nil {
		return err
	}
	if strings.TrimSpace(s.PublicCode.Name) == "" {
		return fmt.Errorf("%w: %s has no name", ErrInvalid, s.ID)
	}
	paths := make(map[string]bool, len(s.Files))
	for _, f := range s.Files {
		switch {
		case f.Path == "":
			return fmt.Errorf("%w: %s has a file without a path", ErrInvalid, s.ID)
		case paths[f.Path]:
			return fmt.Errorf("%w: %s has the file %q twice", ErrInvalid, s.ID, f.Path)
		case f.Hash != "" && !sha256Form.MatchString(f.Hash):
			return fmt.Errorf("%w: %s: hash %q of the file %q is no SHA-256", ErrInvalid, s.ID, f.Hash, f.Path)
		}
		paths[f.Path] = true
	}
	return nil
}

// check reports an ID that ParseID would not have made.
func (id ID) check() error {
	canonical, err := ParseID("https://" + string(id))
	if err != nil {
		return err
	}
	if canonical != id {
		return fmt.Errorf("%w: ID %q is not canonical, %q is", ErrInvalid, id, canonical)
	}
	return nil
}

// Check reports a visit without a canonical repository or an outcome, as
// ErrInvalid.
func (v *Visit) Check() error {
	if err := v.Repo.check(); err != nil {
		return err
	}
	if v.Outcome == "" {
		return fmt.Errorf("%w: visit of %s has no outcome", ErrInvalid, v.Repo)
	}
	return nil
}
