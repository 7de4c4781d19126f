// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func TestCompareFeatures(t *testing.T) {
	with := func(byLanguage map[string][]string) *registry.Software {
		s := &registry.Software{}
		s.PublicCode.Description = map[string]publiccode.Description{}
		for tag, features := range byLanguage {
			s.PublicCode.Description[tag] = publiccode.Description{Features: features}
		}
		return s
	}
	type texts = map[string][]string
	for name, test := range map[string]struct {
		first, other texts
		lang         string
		want         registry.FeatureComparison
	}{
		"case and space": {
			texts{"de": {"Suche", "Druck  von Akten", "Suche"}},
			texts{"de-AT": {"SUCHE", "druck von akten", "Export"}},
			"de",
			registry.FeatureComparison{Language: "de", Both: []string{"Suche", "Druck  von Akten"}, First: []string{"Suche"}, Other: []string{"Export"}},
		},
		"the wanted language": {
			texts{"de": {"a"}, "en": {"b"}},
			texts{"de": {"a"}, "en": {"c"}},
			"en",
			registry.FeatureComparison{Language: "en", First: []string{"b"}, Other: []string{"c"}},
		},
		"another one, where only one has the wanted": {
			texts{"de": {"a"}, "fr": {"x"}},
			texts{"fr": {"x"}, "en": {"c"}},
			"de",
			registry.FeatureComparison{Language: "fr", Both: []string{"x"}, Other: []string{}},
		},
		"none in common": {texts{"de": {"a"}}, texts{"en": {"a"}, "de": nil}, "de", registry.FeatureComparison{}},
	} {
		got := registry.CompareFeatures(with(test.first), with(test.other), test.lang)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
