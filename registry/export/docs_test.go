// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package export

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestColumnsAreDescribed holds the table of the guide against the columns.
func TestColumnsAreDescribed(t *testing.T) {
	guide, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Columns() {
		if !strings.Contains(string(guide), fmt.Sprintf("| `%s` | %s |\n", c.Name, c.Meaning)) {
			t.Errorf("docs/api.md does not describe %s as: %s", c.Name, c.Meaning)
		}
	}
}
