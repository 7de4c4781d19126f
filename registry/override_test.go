// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestOverrideValue(t *testing.T) {
	for name, tt := range map[string]struct {
		field registry.OverrideField
		value string
		want  string // "" is ErrInvalid
	}{
		"licence":                 {registry.OverrideLicence, `"eupl-1.2"`, `"EUPL-1.2"`},
		"licences":                {registry.OverrideLicence, `"MIT or Apache-2.0"`, `"MIT OR Apache-2.0"`},
		"no licence":              {registry.OverrideLicence, `"NONE"`, ""},
		"no expression":           {registry.OverrideLicence, `"MIT OR"`, ""},
		"licence as a number":     {registry.OverrideLicence, `1`, ""},
		"licence of nothing":      {registry.OverrideLicence, `""`, ""},
		"status":                  {registry.OverrideStatus, `"stable"`, `"stable"`},
		"no status":               {registry.OverrideStatus, `"Stable"`, ""},
		"categories":              {registry.OverrideCategories, ` [ "crm" ] `, `["crm"]`},
		"no list":                 {registry.OverrideCategories, `"crm"`, ""},
		"empty list":              {registry.OverrideCategories, `[]`, ""},
		"null":                    {registry.OverrideCategories, `null`, ""},
		"nothing":                 {registry.OverrideCategories, ``, ""},
		"long list":               {registry.OverrideCategories, `["crm"` + strings.Repeat(`,"crm"`, 60) + `]`, ""},
		"publisher":               {registry.OverridePublisher, `{"name":"Kiel","id":"kiel"}`, `{"id":"kiel","name":"Kiel"}`},
		"publisher without id":    {registry.OverridePublisher, `{"name":"Kiel"}`, ""},
		"publisher without name":  {registry.OverridePublisher, `{"id":"kiel"}`, ""},
		"publisher with a slash":  {registry.OverridePublisher, `{"name":"Kiel","id":"../kiel"}`, ""},
		"publisher of no region":  {registry.OverridePublisher, `{"name":"Kiel","id":"kiel","region":"Kiel"}`, ""},
		"publisher with a script": {registry.OverridePublisher, `{"name":"Kiel","id":"kiel","uri":"javascript:alert(1)"}`, ""},
		"publisher with secrets":  {registry.OverridePublisher, `{"name":"Kiel","id":"kiel","uri":"https://a:b@kiel.example/"}`, ""},
		"publisher with more":     {registry.OverridePublisher, `{"name":"Kiel","id":"kiel","ID":"x"}`, ""},
		"no such field":           {"name", `"A"`, ""},
	} {
		o := registry.Override{Field: tt.field, Value: json.RawMessage(tt.value)}
		err := o.CheckValue()
		switch {
		case tt.want == "" && !errors.Is(err, registry.ErrInvalid):
			t.Errorf("%s: %s, %v", name, o.Value, err)
		case tt.want != "" && (err != nil || string(o.Value) != tt.want):
			t.Errorf("%s: %s, %v; want %s", name, o.Value, err, tt.want)
		}
	}
}

// FuzzOverrideValue holds that what is taken is taken again as it was written.
func FuzzOverrideValue(f *testing.F) {
	for _, s := range []string{`"MIT"`, `["crm"]`, `{"id":"a","name":"A"}`, `null`, `[[`, "\"\xff\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, field := range registry.OverrideFields() {
			o := registry.Override{Field: field, Value: value}
			if err := o.CheckValue(); err != nil {
				if !errors.Is(err, registry.ErrInvalid) {
					t.Errorf("%s: %v", field, err)
				}
				continue
			}
			again := registry.Override{Field: field, Value: o.Value}
			if err := again.CheckValue(); err != nil || string(again.Value) != string(o.Value) {
				t.Errorf("%s: %s becomes %s, %v", field, o.Value, again.Value, err)
			}
		}
	})
}

func TestOverrideReason(t *testing.T) {
	for reason, ok := range map[string]bool{"Steht so im Vertrag.": true, "": false, " ": false, strings.Repeat("ä", 2000): true, strings.Repeat("a", 2001): false, "a\x00": false} {
		if err := (registry.Override{Reason: reason}).CheckReason(); (err == nil) != ok {
			t.Errorf("%.20q: %v", reason, err)
		}
	}
}
