// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestEveryOutcomeHasWords(t *testing.T) {
	for _, o := range registry.Outcomes {
		for _, lang := range []string{"de", "en"} {
			if o.Meaning(lang) == "" {
				t.Errorf("%s means nothing in %s", o, lang)
			}
		}
		if (o.Advice("de") == "") != (o.Advice("en") == "") {
			t.Errorf("%s has advice in one language only", o)
		}
	}
	if registry.Outcome("unheard-of").Meaning("de") != "" {
		t.Error("an outcome that there is not means something")
	}
}
