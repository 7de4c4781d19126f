// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"fmt"
	"time"
)

// Dossier is a document about an entry as it was at a moment. It never changes.
type Dossier struct {
	Hash  string    `json:"hash"` // SHA-256 of Bytes, hex
	ID    ID        `json:"id"`
	Rev   Rev       `json:"rev"`  // revision of the entry that it describes
	Made  time.Time `json:"made"` // to the second
	Bytes []byte    `json:"-"`    // JSON, see package dossier
}

// Check reports what keeps d from being kept, as ErrInvalid.
func (d *Dossier) Check() error {
	if err := d.ID.check(); err != nil {
		return err
	}
	switch {
	case !sha256Form.MatchString(d.Hash):
		return fmt.Errorf("%w: the dossier of %s has the hash %q, which is no SHA-256", ErrInvalid, d.ID, d.Hash)
	case len(d.Bytes) == 0:
		return fmt.Errorf("%w: the dossier of %s is empty", ErrInvalid, d.ID)
	case d.Made.IsZero():
		return fmt.Errorf("%w: the dossier of %s has no date", ErrInvalid, d.ID)
	}
	return nil
}
