// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import "os"

// former ends the name that a directory has while it is exchanged by renaming.
const former = "-former"

// swap exchanges two directories by renaming them: for a moment there is no b.
func swap(a, b string) error {
	between := a + former
	if err := os.RemoveAll(between); err != nil {
		return err
	}
	if err := os.Rename(b, between); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		_ = os.Rename(between, b)
		return err
	}
	return os.Rename(between, a)
}
