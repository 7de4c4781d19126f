// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption_test

import (
	"testing"

	"github.com/allmende-registry/allmende/adoption"
)

func TestEveryRoleHasAWord(t *testing.T) {
	for _, role := range adoption.Roles() {
		de, en := adoption.RoleLabel(string(role), "de"), adoption.RoleLabel(string(role), "en")
		if de == string(role) || de == "" || en == "" || de == en {
			t.Errorf("%s is called %q and %q", role, de, en)
		}
	}
	if got := adoption.RoleLabel("hoards", "de"); got != "hoards" {
		t.Errorf("an unknown role is called %q", got)
	}
}
