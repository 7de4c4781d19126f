// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/spdx"
)

func TestCounts(t *testing.T) {
	category, network, osi, fsf := map[Category]int{}, map[Answer]int{}, map[Answer]int{}, map[Answer]int{}
	covered, deprecated, eupl, rated := 0, 0, 0, 0
	count := func(yes bool, n *int) {
		if yes {
			*n++
		}
	}
	for _, l := range facts().licences {
		category[l.Category]++
		network[l.Network]++
		osi[l.OSI]++
		fsf[l.FSF]++
		count(l.Covered, &covered)
		count(l.Deprecated, &deprecated)
		count(l.EUPL, &eupl)
		count(l.BlueOak != "", &rated)
	}
	for what, c := range map[string]struct{ got, want int }{
		"licences":          {len(facts().licences), 740},
		"exceptions":        {len(facts().exceptions), 79},
		"deprecated":        {deprecated, 32},
		"permissive":        {category[Permissive], 406},
		"public domain":     {category[PublicDomain], 22},
		"weak copyleft":     {category[WeakCopyleft], 135},
		"strong copyleft":   {category[StrongCopyleft], 58},
		"network copyleft":  {category[NetworkCopyleft], 18},
		"source available":  {category[SourceAvailable], 37},
		"restricted":        {category[Restricted], 16},
		"proprietary":       {category[Proprietary], 5},
		"no category":       {category[NoCategory], 43},
		"network clause":    {network[Yes], 33},
		"OSI not known":     {osi[Unknown], 7},
		"not free, FSF":     {fsf[No], 20},
		"FSF not known":     {fsf[Unknown], 586},
		"covered":           {covered, 72},
		"in the appendix":   {eupl, 38},
		"rated by Blue Oak": {rated, 224},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", what, c.got, c.want)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		ask, id            string
		osi, fsf           Answer
		category           Category
		network            Answer
		covered, eupl, old bool
	}{
		{"MIT", "MIT", Yes, Yes, Permissive, No, true, false, false},
		{" apache-2.0+ ", "Apache-2.0", Yes, Yes, Permissive, No, true, false, false},
		{"eupl-1.2", "EUPL-1.2", Yes, Yes, WeakCopyleft, Yes, true, true, false},
		{"EUPL-1.1", "EUPL-1.1", Yes, Yes, WeakCopyleft, Yes, true, true, false},
		{"GPL-3.0-or-later", "GPL-3.0-or-later", Yes, Yes, StrongCopyleft, No, true, true, false},
		{"GPL-3.0", "GPL-3.0", Yes, Yes, StrongCopyleft, No, true, true, true},
		{"gpl-2.0+", "GPL-2.0+", Yes, Yes, StrongCopyleft, No, true, true, true},
		{"AGPL-3.0-only", "AGPL-3.0-only", Yes, Yes, NetworkCopyleft, Yes, true, true, false},
		{"AGPL-3.0+", "AGPL-3.0-or-later", Yes, Yes, NetworkCopyleft, Yes, true, true, false},
		{"LGPL-2.1-only", "LGPL-2.1-only", Yes, Yes, WeakCopyleft, No, true, true, false},
		{"MPL-2.0", "MPL-2.0", Yes, Yes, WeakCopyleft, No, true, true, false},
		{"CECILL-2.1", "CECILL-2.1", Yes, Unknown, WeakCopyleft, Yes, true, true, false},
		{"RPL-1.5", "RPL-1.5", Yes, Unknown, WeakCopyleft, Yes, false, false, false},
		{"SSPL-1.0", "SSPL-1.0", No, Unknown, SourceAvailable, Yes, false, false, false},
		{"BUSL-1.1", "BUSL-1.1", No, Unknown, SourceAvailable, No, false, false, false},
		{"Elastic-2.0", "Elastic-2.0", No, Unknown, SourceAvailable, No, false, false, false},
		{"CC-BY-NC-4.0", "CC-BY-NC-4.0", No, No, SourceAvailable, No, false, false, false},
		{"CC-BY-SA-3.0", "CC-BY-SA-3.0", No, Unknown, WeakCopyleft, No, false, true, false},
		{"CC0-1.0", "CC0-1.0", No, Yes, PublicDomain, No, true, false, false},
		{"DL-DE-BY-2.0", "DL-DE-BY-2.0", No, Unknown, Permissive, No, false, false, false},
		{"DL-DE-ZERO-2.0", "DL-DE-ZERO-2.0", No, Unknown, Permissive, No, false, false, false},
		// only the successor is described
		{"GPL-2.0-with-classpath-exception", "GPL-2.0-with-classpath-exception", Yes, Yes, StrongCopyleft, No, true, true, true},
		{"BSD-2-Clause-NetBSD", "BSD-2-Clause-NetBSD", Yes, Yes, Permissive, No, true, false, true},
		// no row in any source but the list itself: nothing is known
		{"UnRAR", "UnRAR", No, Unknown, NoCategory, Unknown, false, false, false},
		{"GFDL-1.3-invariants", "GFDL-1.3-invariants-only", No, Unknown, WeakCopyleft, No, false, false, false},
		{"FDK-MPEG-H", "FDK-MPEG-H", Unknown, Unknown, NoCategory, Unknown, false, false, false},
	} {
		got, ok := Lookup(c.ask)
		if !ok {
			t.Errorf("Lookup(%q) knows nothing", c.ask)
			continue
		}
		if got.ID != c.id || got.OSI != c.osi || got.FSF != c.fsf || got.Category != c.category || got.Network != c.network ||
			got.Covered != c.covered || got.EUPL != c.eupl || got.Deprecated != c.old {
			t.Errorf("Lookup(%q) = %+v, want %+v", c.ask, got, c)
		}
	}
	for _, id := range []string{"", "+", "LicenseRef-x", "MIT OR ISC", "GPL-2.0-only WITH Classpath-exception-2.0", "no-such"} {
		if l, ok := Lookup(id); ok {
			t.Errorf("Lookup(%q) = %+v", id, l)
		}
	}
}

func TestAll(t *testing.T) {
	all := All()
	if !slices.IsSortedFunc(all, func(a, b Licence) int { return strings.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)) }) {
		t.Error("not in order")
	}
	current := 0
	for _, l := range facts().licences {
		if !l.Deprecated {
			current++
		}
	}
	if len(all) != current || slices.ContainsFunc(all, func(l Licence) bool { return l.Deprecated }) {
		t.Errorf("%d licences of %d that are current", len(all), current)
	}
}

func TestEveryIdentifier(t *testing.T) {
	for _, l := range facts().licences {
		for _, spelling := range []string{l.ID, strings.ToLower(l.ID), strings.ToUpper(l.ID), spdx.Family(l.ID)} {
			if _, ok := Lookup(spelling); !ok {
				t.Errorf("%s is not found as %q", l.ID, spelling)
			}
		}
		if l.Name == "" {
			t.Errorf("%s has no name", l.ID)
		}
	}
}

// A second list of approved licences is in spdx, which has no data.
func TestApprovedAsInSPDX(t *testing.T) {
	for _, l := range facts().licences {
		if want := spdx.OSIApproved(l.ID); (l.OSI == Yes) != want {
			t.Errorf("%s: OSI %s, but spdx.OSIApproved says %v", l.ID, l.OSI, want)
		}
	}
}

// What the tables say of licences that the list does not have would be lost.
func TestTablesNameKnownLicences(t *testing.T) {
	for _, name := range []string{"scancode_categories.csv", "network_clauses.csv", "choosealicense_rules.csv", "blueoak_ratings.csv", "eupl_appendix.csv"} {
		for _, row := range table(name) {
			if l, ok := Lookup(row[0]); !ok || l.ID != row[0] {
				t.Errorf("%s: %q is not on the SPDX list", name, row[0])
			}
		}
	}
	kinds := []string{"Unstated License", "CLA", "Patent License"}
	for _, row := range table("scancode_categories.csv") {
		if categories[row[1]] == "" && !slices.Contains(kinds, row[1]) {
			t.Errorf("scancode_categories.csv: %s: the category %q has no kind; add it to categories", row[0], row[1])
		}
	}
	for _, row := range table("network_clauses.csv") {
		if (row[1] == "yes") != (row[2] != "") || answer(row[1]) == Unknown {
			t.Errorf("network_clauses.csv: %q: a clause is yes with its evidence, or no", row)
		}
	}
}

func TestSources(t *testing.T) {
	var listed []struct {
		Source
		Files []string `json:"files"`
	}
	src, err := os.ReadFile("data/sources.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(src, &listed); err != nil {
		t.Fatal(err)
	}
	from := map[string]string{"sources.json": "itself"}
	for i, s := range listed {
		if s.Name == "" || !strings.HasPrefix(s.URL, "https://") || s.Version == "" || s.Licence == "" || s.Attribution == "" || s.Changes == "" {
			t.Errorf("source %q says too little: %+v", s.ID, s)
		}
		if got := Sources()[i]; got != s.Source {
			t.Errorf("Sources()[%d] = %+v, want %+v", i, got, s.Source)
		}
		if _, ok := Lookup(s.Licence); !ok {
			t.Errorf("source %q: %q is no licence of the list", s.ID, s.Licence)
		}
		for _, f := range s.Files {
			from[f] = s.ID
		}
	}
	files, err := os.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if from[f.Name()] == "" {
			t.Errorf("data/%s is of no source", f.Name())
		}
		delete(from, f.Name())
	}
	for f, id := range from {
		t.Errorf("source %q: data/%s is missing", id, f)
	}
}
