// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// confirmedUntil is an entry that organisations confirm until these days.
func confirmedUntil(name string, days ...string) *registry.Software {
	s := &registry.Software{
		ID: registry.ID("forge.example/a/" + strings.ToLower(name)), PublicCode: publiccode.PublicCode{Name: name},
		Publisher: registry.Publisher{ID: "own", URI: "https://own.example"},
	}
	for i, day := range days {
		s.Adoptions = append(s.Adoptions, registry.Adoption{
			Organisation: adoption.Organisation{URI: fmt.Sprintf("https://stadt%d.example", i)}, Role: adoption.Uses, ConfirmedUntil: day,
		})
	}
	return s
}

// TestConfirmedUse: who confirms the use counts, more than claims, as long as that
// holds, and also in an index that was saved.
func TestConfirmedUse(t *testing.T) {
	claimed := confirmedUntil("Claimed")
	claimed.PublicCode.UsedBy = strings.Fields("a b c d e f g h i j k l")
	own := confirmedUntil("Own", "2026-02-01")
	own.Adoptions[0].Organisation.URI = "https://own.example/"
	tried := confirmedUntil("Tried", "2026-02-01", "2026-02-01")
	tried.Adoptions[0].Role, tried.Adoptions[1].Role = adoption.Evaluates, adoption.Evaluates
	source := newMemory(
		confirmedUntil("One", "2026-02-01"), confirmedUntil("Four", "2026-02-01", "2026-01-01", "2026-02-01", "2026-02-01"),
		confirmedUntil("Two", "2026-01-01", "2026-01-01"), claimed, own, tried,
	)
	x := search.New(source)
	saved := filepath.Join(t.TempDir(), "index")
	if err := x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.Save(t.Context(), saved, "test"); err != nil {
		t.Fatal(err)
	}
	loaded := search.New(source)
	if err := loaded.Load(t.Context(), saved, "test"); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]*search.Index{"made": x, "loaded": loaded} {
		for day, want := range map[string][]string{
			"2026-01-01": {"Four 4", "Two 2", "One 1", "Claimed 0", "Own 0", "Tried 0"},
			"2026-01-02": {"Four 3", "One 1", "Claimed 0", "Own 0", "Tried 0", "Two 0"},
			"2026-02-02": {"Claimed 0", "Four 0", "One 0", "Own 0", "Tried 0", "Two 0"},
		} {
			now, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			x.SetNow(func() time.Time { return now.Add(23 * time.Hour) })
			page, err := x.Search(t.Context(), registry.Query{Sort: registry.ByAdopted, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, s := range page.Items {
				have = append(have, fmt.Sprint(s.PublicCode.Name, " ", s.ConfirmedBy(now)))
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s, %s: want (-), have (+):\n%s", name, day, diff)
			}
			ranked, err := x.Search(t.Context(), registry.Query{Sort: registry.ByRelevance, Explain: true, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			first := map[string]string{"2026-01-01": "Four", "2026-01-02": "Four", "2026-02-02": "Claimed"}[day]
			if got := ranked.Items[0].PublicCode.Name; got != first {
				t.Errorf("%s, %s: %s is first, want %s", name, day, got, first)
			}
			for i, s := range ranked.Items {
				told := slices.IndexFunc(ranked.Reasons[i], func(r registry.RankReason) bool { return r.Code == registry.RankConfirmed })
				if n := s.ConfirmedBy(now); (told >= 0) != (n > 0) || told >= 0 && ranked.Reasons[i][told].Found != fmt.Sprint(n) {
					t.Errorf("%s, %s: %s is confirmed by %d, the reasons are %v", name, day, s.PublicCode.Name, n, ranked.Reasons[i])
				}
			}
		}
	}
}
