// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"encoding/csv"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

var reuseDay = time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)

// own is a statement from a source of the organisation's own.
func own(name, region string, role adoption.Role, until string) Adoption {
	uri := "https://" + name + ".example/"
	return Adoption{
		Organisation: adoption.Organisation{URI: uri, Name: name, Region: region}, Role: role, ConfirmedUntil: until,
		Publisher: Publisher{ID: name, Name: name, Region: region, URI: uri}, Repository: ID("git.example/" + name + "/adoptions"),
	}
}

func reused(region string, said ...Adoption) *Software {
	return &Software{
		ID: "git.example/amt/akte", Publisher: Publisher{ID: "amt", Name: "Amt", Region: region, URI: "https://amt.example"},
		PublicCode: publiccode.PublicCode{Name: "Akte", UsedBy: []string{"Stadt A", "Stadt B"}}, Adoptions: said,
	}
}

func TestPlaces(t *testing.T) {
	for region, want := range map[string]string{
		"DE-SH": "DE-SH", "de-by": "DE-BY", "DE": PlaceFederal, "AT": PlaceOther, "AT-9": PlaceOther, "DK": PlaceOther,
		"": PlaceUnknown, "DE-XX": PlaceUnknown, "Kiel": PlaceUnknown, "<script>": PlaceUnknown, "DE-": PlaceUnknown,
	} {
		if got := PlaceOf(region); got != want {
			t.Errorf("PlaceOf(%q) = %q, want %q", region, got, want)
		}
	}
	for _, place := range Places() {
		if PlaceName(place, "de") == place || PlaceName(place, "en") == place {
			t.Errorf("%s has no name", place)
		}
	}
}

// TestUse: who counts as a user of an entry, and where they are known to be.
func TestUse(t *testing.T) {
	later, sooner := "2027-01-31", "2026-01-31"
	spoken := own("stadt", "DE-NI", adoption.Uses, later) // by a publisher that is another
	spoken.Publisher = Publisher{ID: "verbund", Name: "Verbund", Region: "DE", URI: "https://verbund.example"}
	another := spoken
	another.Organisation = adoption.Organisation{URI: "https://dorf.example", Name: "Dorf", Region: "DE-BY"}
	token := Adoption{Organisation: adoption.Organisation{URI: "https://kreis.example", Name: "Kreis", Region: "DE-HE"}, Role: adoption.Funds, ConfirmedUntil: later}
	home := own("heim", "", adoption.Uses, later)
	home.Publisher.Region = "DE-TH"
	for name, tc := range map[string]struct {
		said []Adoption
		want []User
	}{
		"nobody":                             {nil, nil},
		"itself":                             {[]Adoption{own("bau", "DE-HH", adoption.Operates, later)}, []User{{"https://bau.example", "bau", "DE-HH", later}}},
		"the publisher's own use":            {[]Adoption{own("amt", "DE-SH", adoption.Uses, later)}, nil},
		"who only evaluates":                 {[]Adoption{own("bau", "DE-HH", adoption.Evaluates, later)}, nil},
		"several roles, the longest counts":  {[]Adoption{own("bau", "DE-HH", adoption.Operates, sooner), own("bau", "DE-HH", adoption.Funds, later)}, []User{{"https://bau.example", "bau", "DE-HH", later}}},
		"one for two others, where it is":    {[]Adoption{spoken, another}, []User{{"https://verbund.example", "Verbund", "DE", later}}},
		"by a token":                         {[]Adoption{token}, []User{{"https://kreis.example", "Kreis", "DE-HE", later}}},
		"no region of its own":               {[]Adoption{home}, []User{{"https://heim.example", "heim", "DE-TH", later}}},
		"until nobody knows when":            {[]Adoption{own("bau", "DE-HH", adoption.Uses, "")}, nil},
		"expired, which the day decides yet": {[]Adoption{own("bau", "DE-HH", adoption.Uses, sooner)}, []User{{"https://bau.example", "bau", "DE-HH", sooner}}},
	} {
		u := reused("DE-SH", tc.said...).Use()
		if !reflect.DeepEqual(u.Users, tc.want) {
			t.Errorf("%s: %+v, want %+v", name, u.Users, tc.want)
		}
		if u.ID != "git.example/amt/akte" || u.Name != "Akte" || u.Publisher.ID != "amt" || u.Claims != 2 {
			t.Errorf("%s: %+v", name, u)
		}
	}
}

func TestReuseCounts(t *testing.T) {
	r := NewReuse(reuseDay)
	for _, s := range []*Software{
		reused("DE-SH", own("a", "DE-HH", adoption.Uses, "2026-11-22"), own("b", "DE-HH", adoption.Funds, "2027-01-01"), own("c", "DE-SH", adoption.Uses, "2027-01-01")),
		reused("DE-SH", own("a", "DE-HH", adoption.Uses, "2026-11-21")), // until yesterday
		reused("DE-SH", own("x", "", adoption.Uses, "2027-01-01")),
		reused("DE", own("a", "DE-HH", adoption.Uses, "2027-01-01"), own("w", "AT", adoption.Uses, "2027-01-01")),
		reused("", own("a", "DE-HH", adoption.Uses, "2027-01-01")),
		reused("AT-9", own("w", "DK", adoption.Uses, "2027-01-01")),
	} {
		r.Add(s.Use())
	}
	want := map[string]PlaceReuse{
		"DE-SH":      {Published: 3, Claimed: 3, Shared: 1, Within: 1, Users: 1},
		"DE-HH":      {Used: 2, Users: 2},
		PlaceFederal: {Published: 1, Claimed: 1, Shared: 1},
		PlaceOther:   {Published: 1, Claimed: 1, Used: 1, Users: 1},
		PlaceUnknown: {Published: 1, Claimed: 1, Users: 1},
	}
	for _, place := range Places() {
		if got := r.At(place); got != want[place] {
			t.Errorf("%s: %+v, want %+v", place, got, want[place])
		}
	}
	if got, want := r.Total(), (PlaceReuse{Published: 6, Claimed: 6, Shared: 2, Within: 1, Used: 2, Users: 5}); got != want {
		t.Errorf("all: %+v, want %+v", got, want)
	}
	if r.Claims != 12 || r.Day != "2026-11-22" || len(r.Reused) != 5 {
		t.Errorf("%d claims on %s, %d reused", r.Claims, r.Day, len(r.Reused))
	}
	pairs := []ReuseBetween{
		{"DE-SH", "DE-SH", 1},
		{"DE-SH", "DE-HH", 1},
		{"DE-SH", PlaceUnknown, 1},
		{PlaceFederal, "DE-HH", 1},
		{PlaceFederal, PlaceOther, 1},
		{PlaceOther, PlaceOther, 1},
		{PlaceUnknown, "DE-HH", 1},
	}
	if got := r.Numbers().Pairs; !slices.Equal(got, pairs) {
		t.Errorf("pairs %+v, want %+v", got, pairs)
	}
}

// TestReuseAddsUp: whatever is said, the numbers of the places fit those of the
// pairs and of all, and the order of the entries makes no difference.
func TestReuseAddsUp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 0))
	regions := append(Places(), "AT", "DK", "", "Unsinn")
	anyRegion := func() string { return regions[rnd.IntN(len(regions))] }
	for range 50 {
		var uses []Use
		for range 60 {
			var said []Adoption
			for range rnd.IntN(4) {
				said = append(said, own(string(rune('a'+rnd.IntN(20))), anyRegion(), adoption.Uses, []string{"2026-01-01", "2027-01-01"}[rnd.IntN(2)]))
			}
			uses = append(uses, reused(anyRegion(), said...).Use())
		}
		r, other := NewReuse(reuseDay), NewReuse(reuseDay)
		for i := range uses {
			r.Add(uses[i])
			other.Add(uses[len(uses)-1-i])
		}
		if !reflect.DeepEqual(r.Numbers(), other.Numbers()) {
			t.Fatal("the order of the entries counts")
		}
		total := r.Total()
		if total.Published != len(uses) || total.Shared > len(r.Reused) {
			t.Errorf("%+v of %d", total, len(uses))
		}
		for _, place := range Places() {
			p, used := r.At(place), 0
			for _, from := range Places() {
				if from != place && from != PlaceUnknown && place != PlaceUnknown {
					used += r.Between(from, place)
				}
				if n := r.Between(place, from); n > p.Published {
					t.Errorf("%s publishes %d, and %s uses %d of them", place, p.Published, from, n)
				}
			}
			if p.Used != used || p.Shared > p.Published || p.Within > p.Published {
				t.Errorf("%s: %+v, the pairs say %d", place, p, used)
			}
		}
	}
}

func TestReuseAsTable(t *testing.T) {
	r := NewReuse(reuseDay)
	r.Add(reused("DE-SH", own("a", "DE-HH", adoption.Uses, "2027-01-01")).Use())
	var out strings.Builder
	if err := WriteReuseCSV(&out, r.Numbers()); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(lines) != 1+len(Places()) {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	column := slices.Index(lines[0], "usedBy:DE-HH")
	if line := lines[1]; line[1] != "DE-SH" || line[2] != "Schleswig-Holstein" || line[3] != "1" || line[column] != "1" || line[column-1] != "0" {
		t.Errorf("%q", line)
	}
}

// TestDaysAsTable: what was not counted on a day is blank, and not 0.
func TestDaysAsTable(t *testing.T) {
	r := NewReuse(reuseDay)
	r.Add(reused("DE-SH", own("a", "DE-HH", adoption.Uses, "2027-01-01")).Use())
	numbers := r.Numbers()
	var out strings.Builder
	if err := WriteDaysCSV(&out, []*Day{{Date: "2026-11-21"}, {Date: "2026-11-22", Reuse: &numbers}}); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(lines) != 3 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for column, want := range map[string]string{
		"reuse:claims": "2", "reuse:claimed": "1", "reuse:shared": "1", "reuse:within": "0", "reuse:users": "1",
		"reuse:published:DE-SH": "1", "reuse:shared:DE-SH": "1", "reuse:used:DE-SH": "0", "reuse:used:DE-HH": "1", "reuse:users:DE-HH": "1",
	} {
		i := slices.Index(lines[0], column)
		if i < 0 || lines[1][i] != "" || lines[2][i] != want {
			t.Errorf("%s in column %d: %q and %q, want %q", column, i, lines[1], lines[2], want)
		}
	}
	if slices.Contains(lines[0], "reuse:used:DE-BY") {
		t.Errorf("columns of places without anything: %q", lines[0])
	}
}
