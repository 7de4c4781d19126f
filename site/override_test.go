// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func TestCorrectedInWords(t *testing.T) {
	at := time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)
	override := func(field registry.OverrideField, value, was string) registry.Override {
		return registry.Override{Field: field, Value: json.RawMessage(value), Was: json.RawMessage(was), Reason: "Weil", By: "Amt", Time: at}
	}
	s := &registry.Software{ID: "github.com/kiel/akte", Overrides: []registry.Override{
		override(registry.OverridePublisher, `{"id": "kiel", "name": "Kiel"}`, `{"id": "a", "name": "Amt"}`),
		override(registry.OverrideLicence, `"MIT"`, ``),
		override(registry.OverrideStatus, `"beta"`, `"stable"`),
		override(registry.OverrideCategories, `["crm", "document-management"]`, `[]`),
		override("name", `"A"`, `"B"`),
		override(registry.OverrideLicence, `["MIT"]`, `1`),
	}}
	for lang, want := range map[string][]string{
		"de": {"Herausgeber: Kiel statt Amt", "Lizenz: MIT statt ", "Entwicklungsstand: Beta statt Stabil"},
		"en": {"Publisher: Kiel statt Amt", "Licence: MIT statt ", "Development status: Beta statt Stable"},
	} {
		d := newDetail(s, lang, noon)
		var got []string
		for _, c := range d.Corrected {
			if c.Reason != "Weil" || c.By != "Amt" || !c.Time.Equal(at) {
				t.Errorf("%s: %+v", lang, c)
			}
			got = append(got, c.Field+": "+c.Value+" statt "+c.Was)
		}
		if len(got) != 5 || !slices.Equal(got[:3], want) || d.Corrected[3].Value == "" || d.Corrected[4].Value != "" {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
