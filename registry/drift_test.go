// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func TestDrift(t *testing.T) {
	pushed := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	s := &registry.Software{Repository: registry.Repository{Pushed: pushed}}
	fresh, old := pushed.Add(-registry.DriftAfter+time.Hour), pushed.Add(-registry.DriftAfter)
	n := func(n int) *int { return &n }
	for name, tt := range map[string]struct {
		ahead, behind *int
		commits       []time.Time
		want          registry.Drift
	}{
		"not asked":                   {nil, nil, nil, registry.DriftUnknown},
		"half known":                  {n(3), nil, nil, registry.DriftUnknown},
		"the same":                    {n(0), n(0), nil, registry.Identical},
		"nothing of its own":          {n(0), n(900), nil, registry.BehindOnly},
		"misses nothing, however old": {n(3), n(0), []time.Time{old}, registry.AheadOnly},
		"both, little and new":        {n(3), n(registry.DriftBehind - 1), []time.Time{pushed, fresh}, registry.Diverged},
		"misses much":                 {n(1), n(registry.DriftBehind), []time.Time{pushed}, registry.Drifting},
		"old work":                    {n(3), n(1), []time.Time{pushed, fresh, old}, registry.Drifting},
		"work without a date":         {n(3), n(1), []time.Time{{}}, registry.Diverged},
	} {
		t.Run(name, func(t *testing.T) {
			f := registry.Fork{Ahead: tt.ahead, Behind: tt.behind}
			for _, at := range tt.commits {
				f.Commits = append(f.Commits, registry.ForkCommit{Time: at})
			}
			if got := s.Drift(f); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestDriftHasWords(t *testing.T) {
	var said []string
	for _, lang := range []string{"de", "en"} {
		for _, d := range registry.Drifts() {
			said = append(said, d.Label(lang), d.Meaning(lang))
		}
		for _, u := range registry.UncomparedReasons() {
			said = append(said, u.Meaning(lang))
		}
	}
	slices.Sort(said)
	if len(slices.Compact(slices.Clone(said))) != len(said) || said[0] == "" {
		t.Errorf("a word is missing or there twice: %q", said)
	}
}

// The thresholds stand in the guide as they are here.
func TestDriftIsDocumented(t *testing.T) {
	guide, err := os.ReadFile("../docs/maintainers.md")
	if err != nil {
		t.Fatal(err)
	}
	days := int(registry.DriftAfter.Hours() / 24)
	for _, want := range []string{
		fmt.Sprintf("mindestens %d des Originals", registry.DriftBehind), fmt.Sprintf("mindestens %d Tage", days),
		fmt.Sprintf("at least %d of the original", registry.DriftBehind), fmt.Sprintf("at least %d days", days),
		fmt.Sprintf("höchstens %d je Eintrag", registry.MaxForks), fmt.Sprintf("at most %d of an entry", registry.MaxForks),
		fmt.Sprintf("ab\n  %d wird nicht", registry.MaxCommitsApart), fmt.Sprintf("beyond %d they", registry.MaxCommitsApart),
	} {
		if !strings.Contains(string(guide), want) {
			t.Errorf("no %q", want)
		}
	}
	for _, d := range registry.Drifts() {
		if strings.Count(string(guide), "`"+string(d)+"` |") < 2 {
			t.Errorf("%s is not there in both languages", d)
		}
	}
}

func TestSortForks(t *testing.T) {
	var forks []registry.Fork
	for i := range 2 * registry.MaxForks {
		f := registry.Fork{ID: registry.ID(fmt.Sprintf("git.example/f%02d/a", i)), Pushed: time.Unix(int64(i), 0)}
		if i%2 == 0 {
			ahead := i % 7
			f.Ahead = &ahead
		}
		forks = append(forks, f)
	}
	one := registry.SortForks(slices.Clone(forks))
	slices.Reverse(forks)
	two := registry.SortForks(forks)
	if len(one) != registry.MaxForks || !registry.SameForks(one, two) {
		t.Fatalf("%v\n%v", one, two)
	}
	if one[0].Ahead == nil || *one[0].Ahead != 6 || one[len(one)-1].Ahead != nil || one[0].Pushed.Unix() < registry.MaxForks {
		t.Errorf("%v", one)
	}
}

func TestSameForks(t *testing.T) {
	ahead := 1
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	make := func(at time.Time) []registry.Fork {
		return []registry.Fork{{ID: "git.example/a/b", Ahead: &ahead, Pushed: at, Compared: at, Commits: []registry.ForkCommit{{Time: at}}}}
	}
	there := at.In(time.FixedZone("CET", 3600))
	if !registry.SameForks(make(at), make(there)) || !registry.SameForks(nil, []registry.Fork{}) {
		t.Error("the same time in another zone is another one")
	}
	if registry.SameForks(make(at), make(at.Add(time.Second))) || registry.SameForks(nil, make(at)) {
		t.Error("other times are the same")
	}
}
