// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
)

func TestParseRegion(t *testing.T) {
	for in, want := range map[string]string{
		"DE-SH": "DE-SH", "de-sh": "DE-SH", "SH": "DE-SH", "sh": "DE-SH", "\tTh\n": "DE-TH",
		"BE": "DE-BE", "DE": "DE", "de": "DE", "AT": "AT", "it": "IT", "AT-9": "AT-9", "ch-zh": "CH-ZH",
		"": "", "DE-XX": "", "DE-": "", "XX": "", "EU": "", "Schleswig-Holstein": "", "DE-SH-1": "",
		"AT-1234": "", "AT-ä": "", "AT-": "", "276": "", "UK": "", "DEU": "DE", "BEL": "BE", "ſh": "",
		"BEL-1": "", "AAA": "", "ZZ": "", "QO": "",
	} {
		got, err := registry.ParseRegion(in)
		if got != want {
			t.Errorf("ParseRegion(%q) = %q, %v; want %q", in, got, err, want)
		}
		if failed := want == ""; failed != errors.Is(err, registry.ErrInvalid) {
			t.Errorf("ParseRegion(%q): %v, want ErrInvalid: %v", in, err, failed)
		}
	}
}

func TestRegionName(t *testing.T) {
	for _, test := range []struct{ code, lang, want string }{
		{"DE-BY", "de", "Bayern"},
		{"DE-BY", "en", "Bavaria"},
		{"de-th", "de-DE", "Thüringen"},
		{"DE", "de", "Bund"},
		{"DE", "en", "Germany (federal)"},
		{"AT", "de", "Österreich"},
		{"AT", "en", "Austria"},
		{"IT", "fr", "Italy"},
		{"BE", "de", "Belgien"},
		{"sh", "en", "St. Helena"},
		{"AT-9", "de", "AT-9"},
		{"XX", "de", "XX"},
		{"", "de", ""},
	} {
		if got := registry.RegionName(test.code, test.lang); got != test.want {
			t.Errorf("RegionName(%q, %q) = %q, want %q", test.code, test.lang, got, test.want)
		}
	}
}

func TestRegions(t *testing.T) {
	all := registry.Regions()
	if len(all) != 16 || all[0].Code != "DE-SH" || all[15].Code != "DE-TH" {
		t.Fatalf("Regions() = %v, want sixteen from DE-SH to DE-TH", all)
	}
	for _, r := range all {
		if code, err := registry.ParseRegion(r.Code); err != nil || code != r.Code {
			t.Errorf("ParseRegion(%q) = %q, %v", r.Code, code, err)
		}
		if got := registry.RegionName(r.Code, "de"); got != r.Name("de") || got == "" {
			t.Errorf("RegionName(%q) = %q, Name is %q", r.Code, got, r.Name("de"))
		}
	}
	all[0].Code = "spoilt"
	if registry.Regions()[0].Code != "DE-SH" {
		t.Error("Regions gives away its own slice")
	}
}

// Against the public list of the states, where it is at hand.
func TestRegionsAgainstFacts(t *testing.T) {
	b, err := os.ReadFile("../../shared/facts/laender.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the list of states is not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Laender []struct {
			Code string            `json:"iso3166_2"`
			Name map[string]string `json:"name"`
		} `json:"laender"`
	}
	if err := json.Unmarshal(b, &facts); err != nil {
		t.Fatal(err)
	}
	var want []registry.Region
	for _, l := range facts.Laender {
		want = append(want, registry.Region{Code: l.Code, German: l.Name["de"], English: l.Name["en"]})
	}
	if diff := cmp.Diff(want, registry.Regions()); diff != "" {
		t.Errorf("states (-facts +ours):\n%s", diff)
	}
}
