// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import "testing"

// WaitNoLonger has a store give up at once where another process writes.
func WaitNoLonger(t *testing.T, s *Store) {
	t.Helper()
	if _, err := s.write.conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
}
