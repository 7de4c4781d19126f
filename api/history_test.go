// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

const (
	historyURL     = historyPath + fullID
	differencesURL = differencesPath + fullID
)

// driveHistory leads histories into all their answers, and sees all members of
// them.
func driveHistory(t *testing.T, h, broken, slow http.Handler) {
	t.Helper()
	const period = "?from=2026-04-28&to=2026-05-06"
	for _, id := range []string{fullID, movedID, goneID, "github.com/nobody/nothing"} {
		for _, target := range []string{differencesPath + id + period, softwarePath + id + "?at=2026-05-01", historyPath + id + "?perPage=1"} {
			w := get(t, h, target)
			get(t, h, target, "If-None-Match", w.Header().Get("ETag"))
			get(t, broken, target)
			get(t, slow, target)
		}
	}
	get(t, h, differencesPath+goneID+"?from=2026-05-02&to=2026-05-06")
	many := newShelf()
	for i := range maxDays + 1 {
		many.days = append(many.days, &registry.Day{Date: time.Date(2026, 6, i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)})
	}
	get(t, handlerOf(t, many, Options{}), statisticsPath)
	get(t, handlerOf(t, torn(300), Options{}), differencesURL+"?from=2026-05-01&to=2026-05-02")
	get(t, handlerOf(t, torn(300), Options{}), historyURL)
}

// torn is a shelf with an entry whose second revision differs from the first in
// so many values, one of them long, and one a list.
func torn(values int) *shelf {
	s := newShelf()
	full, _ := s.Get(context.Background(), fullID)
	before, after := *full, *full
	for i := range values {
		before.Repository.Topics = append(before.Repository.Topics, fmt.Sprint("alt", i))
		after.Repository.Topics = append(after.Repository.Topics, fmt.Sprint("neu", i))
	}
	before.Repository.Description = strings.Repeat("Ü", 3000)
	after.PublicCode.UsedBy = slices.Repeat([]string{"Musterstadt"}, 500)
	before.PublicCode.UsedBy = nil
	at := func(day int) time.Time { return time.Date(2026, 5, day, 8, 0, 0, 0, time.UTC) }
	s.past[fullID] = []*registry.Revision{
		{Change: registry.Change{Rev: 12, ID: fullID, Kind: registry.Updated, Time: at(2)}, Software: &after},
		{Change: registry.Change{Rev: 11, ID: fullID, Kind: registry.Added, Time: at(1)}, Software: &before},
	}
	return s
}

func TestHistory(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	list := decode[historyList](t, get(t, h, historyURL), http.StatusOK)
	var got []string
	for _, r := range list.Items {
		line := fmt.Sprint(r.Revision, " ", r.Kind, " ", r.ID, " ", r.From, r.Reason)
		for _, d := range r.Differences {
			line += fmt.Sprintf(" %s %.9s>%.9s", d.Path, d.Old, d.New)
		}
		got = append(got, line)
	}
	want := []string{
		`9 updated github.com/nordland/Akte  /publiccode/name "Akte 7">"Akte <1>`,
		`7 restored github.com/nordland/Akte  /publiccode/name "Alte Akt>"Akte 7"`,
		`6 removed github.com/nordland/Akte repository-gone`,
		`5 renamed github.com/nordland/Akte github.com/nordland/alt /id "github.c>"github.c`,
		`3 updated github.com/nordland/alt  /publiccode/name "ÄÄÄÄÄÄÄÄ>"Alte Akt`,
		`1 added github.com/nordland/alt `,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("history\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if list.Links != (pageLinks{Self: historyURL + "?perPage=25"}) {
		t.Errorf("links %+v", list.Links)
	}
	first := list.Items[0]
	if first.Time != "2026-05-06T07:08:09Z" || first.Links.History != historyURL {
		t.Errorf("newest revision %+v", first)
	}
	// The link of a revision leads to the entry as that left it, under its id of
	// today.
	for i, name := range map[int]string{0: "Akte <1> & mehr", 1: "Akte 7", 3: "Alte Akte"} {
		if e := decode[entry](t, get(t, h, list.Items[i].Links.Software), http.StatusOK); e.Name != name || e.Revision != list.Items[i].Revision {
			t.Errorf("revision %d leads to %s at %d", list.Items[i].Revision, e.Name, e.Revision)
		}
	}
	if link := list.Items[2].Links.Software; link != "" {
		t.Errorf("a removal leads to %s", link)
	}

	gone := decode[historyList](t, get(t, h, historyPath+goneID), http.StatusOK)
	if len(gone.Items) != 2 || gone.Items[0].Reason != registry.Declined || len(gone.Items[0].Differences)+len(gone.Items[1].Differences) > 0 {
		t.Errorf("history of what has gone: %+v", gone)
	}
}

// Every page has the differences that the whole has, wherever it is cut.
func TestHistoryPages(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	whole := decode[historyList](t, get(t, h, historyURL), http.StatusOK)
	for limit := 1; limit <= 7; limit++ {
		var all []revision
		for next := fmt.Sprintf("%s?perPage=%d", historyURL, limit); next != ""; {
			w := get(t, h, next)
			page := decode[historyList](t, w, http.StatusOK)
			if page.Links.Self != next {
				t.Errorf("%s calls itself %s", next, page.Links.Self)
			}
			if next = page.Links.Next; next != "" && (len(page.Items) != limit || w.Header().Get("Link") != "<"+next+`>; rel="next"`) {
				t.Errorf("page of %d, Link %s", len(page.Items), w.Header().Get("Link"))
			}
			if all = append(all, page.Items...); len(all) > len(whole.Items) {
				t.Fatal("no end")
			}
		}
		if !reflect.DeepEqual(all, whole.Items) {
			t.Errorf("pages of %d have\n%+v, want\n%+v", limit, all, whole.Items)
		}
	}
	if empty := decode[historyList](t, get(t, h, historyURL+"?after=1"), http.StatusOK); len(empty.Items) != 0 || empty.Links.Next != "" {
		t.Errorf("after the first revision: %+v", empty)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	s := torn(300)
	list := decode[historyList](t, get(t, handlerOf(t, s, Options{}), historyURL), http.StatusOK)
	r := list.Items[0]
	if len(r.Differences) != maxDifferences || r.More != 102 {
		t.Errorf("%d differences and %d more", len(r.Differences), r.More)
	}
	byPath := map[string]difference{}
	for _, d := range r.Differences {
		byPath[d.Path] = d
	}
	list500 := byPath["/publiccode/usedBy"]
	if list500.New != nil || !slices.Equal(list500.Cut, []string{"new"}) {
		t.Errorf("a long list: %+v", list500)
	}
	var text string
	description := byPath["/repository/description"]
	if err := json.Unmarshal(description.Old, &text); err != nil || utf8.RuneCountInString(text) != maxCutText || !slices.Equal(description.Cut, []string{"old"}) {
		t.Errorf("a long text is cut to %d characters: %v", utf8.RuneCountInString(text), err)
	}

	// A page ends where its differences are too many bytes.
	long := strings.Repeat("x", 1900)
	var past []*registry.Revision
	for rev := registry.Rev(100); rev > 0; rev-- {
		state := *s.entries[0]
		state.Repository.Topics = nil
		for i := range 20 {
			state.Repository.Topics = append(state.Repository.Topics, fmt.Sprint(i, rev, long))
		}
		past = append(past, &registry.Revision{Change: registry.Change{Rev: rev, ID: fullID, Kind: registry.Updated}, Software: &state})
	}
	s.past[fullID] = past
	h := handlerOf(t, s, Options{})
	seen := registry.Rev(101)
	for next := historyURL + "?perPage=100"; next != ""; {
		w := get(t, h, next)
		if w.Body.Len() > 2*maxHistory {
			t.Fatalf("a page of %d bytes", w.Body.Len())
		}
		page := decode[historyList](t, w, http.StatusOK)
		for _, r := range page.Items {
			if seen--; r.Revision != seen || r.Revision > 1 && len(r.Differences) != 20 {
				t.Fatalf("revision %d with %d differences, want %d with 20", r.Revision, len(r.Differences), seen)
			}
		}
		next = page.Links.Next
	}
	if seen != 1 {
		t.Errorf("pages end at revision %d", seen)
	}
}

func TestEntryAtAMoment(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for at, want := range map[string]string{ // name, or the status
		"2026-05-06":                    "Akte <1> & mehr",
		"2026-05-06T07:08:09Z":          "Akte 7", // the change came 123 ns later
		"2026-05-06T07:08:09.000001Z":   "Akte <1> & mehr",
		"2026-05-05":                    "Akte 7",
		"2026-05-03":                    "410",
		"2026-05-02":                    "Alte Akte",
		"2026-05-02T23:59:59%2B14:00":   "Alte Akte",
		"2026-04-29":                    strings.Repeat("Ä", 2000),
		"2026-04-27":                    "404",
		"0001-01-01":                    "404",
		"9999-12-31":                    "Akte <1> & mehr",
		"2026-02-30":                    "400",
		"2026-05-06T07:08:09+02:00":     "400", // the + is a space
		"":                              "400",
		"gestern":                       "400",
		"2026-05-06&at=2026-05-05":      "400",
		"2026-05-06T07:08:09Z%00":       "400",
		"2026-05-06T25:00:00Z":          "400",
		"+2026-05-06":                   "400",
		"2026-05-06T07:08:09,123456Z00": "400",
	} {
		w := get(t, h, softwarePath+fullID+"?at="+at)
		if status, err := strconv.Atoi(want); err == nil {
			if p := decode[problem](t, w, status); status != http.StatusBadRequest && !strings.Contains(p.Detail, "/v1/history/") {
				t.Errorf("at=%s: %s", at, p.Detail)
			}
			continue
		}
		e := decode[entry](t, w, http.StatusOK)
		if e.Name != want || w.Header().Get("Vary") != "Accept-Language, Accept-Encoding" {
			t.Errorf("at=%s: %.20s, want %.20s", at, e.Name, want)
		}
		if e.Links.PublicCode != "" || e.Links.History != historyURL || !strings.HasPrefix(e.Links.HTML, "/software/"+fullID) {
			t.Errorf("at=%s: links %+v", at, e.Links)
		}
		if again := get(t, h, e.Links.Self); again.Body.String() != w.Body.String() {
			t.Errorf("at=%s: its own link %s leads elsewhere: %.300s", at, e.Links.Self, again.Body)
		}
	}
	if w := get(t, h, softwarePath+goneID+"?at=2026-04-30"); decode[entry](t, w, http.StatusOK).Name != "Fort" {
		t.Errorf("an entry that has gone, when it was there: %s", w.Body)
	}
}

func TestDifferences(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for period, want := range map[string]struct {
		from, to registry.Rev
		paths    []string
	}{
		"from=2026-05-02&to=2026-05-06":           {5, 9, []string{"/publiccode/name"}},
		"from=2026-05-05&to=2026-05-05":           {7, 7, nil},
		"from=2026-04-29&to=2026-05-02T12:00:00Z": {1, 5, []string{"/id", "/publiccode/name"}},
		"from=2026-01-01&to=2026-05-06":           {0, 9, nil},
		"from=2026-05-02&to=2026-05-03":           {5, 0, nil},
	} {
		w := get(t, h, differencesURL+"?"+period)
		c := decode[comparison](t, w, http.StatusOK)
		var paths []string
		for _, d := range c.Differences {
			paths = append(paths, d.Path)
		}
		if c.From.Revision != want.from || c.To.Revision != want.to || !slices.Equal(paths, want.paths) {
			t.Errorf("%s: %+v, want %+v", period, c, want)
		}
		if again := get(t, h, c.Links.Self); again.Body.String() != w.Body.String() {
			t.Errorf("%s: its own link leads elsewhere: %s", period, again.Body)
		}
	}
	if c := decode[comparison](t, get(t, h, differencesURL+"?from=2026-05-02&to=2026-05-06"), http.StatusOK); c.From.At != "2026-05-02T23:59:59Z" || c.Links.History != historyURL {
		t.Errorf("comparison %+v", c)
	}
	for query, want := range map[string]string{
		"":                                   "from:missing to:missing",
		"from=2026-05-02":                    "to:missing",
		"from=&to=2026-05-02":                "from:malformed",
		"from=2026-05-03&to=2026-05-02":      "to:forbidden",
		"from=2026-05-03&to=heute":           "to:malformed",
		"from=1&to=2&from=3":                 "from:repeated to:malformed",
		"from=2026-05-03&to=2026-05-04&at=1": "at:unknown",
	} {
		p := decode[problem](t, get(t, h, differencesURL+"?"+query), http.StatusBadRequest)
		var got []string
		for _, f := range p.Errors {
			got = append(got, f.Location.Name+":"+f.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: faults %v, want %s", query, got, want)
		}
	}
	for target, status := range map[string]int{
		differencesURL + "?from=2025-01-01&to=2025-02-01":            404,
		differencesPath + goneID + "?from=2026-05-02&to=2026-05-03":  410,
		differencesPath + goneID + "?from=2026-04-30&to=2026-05-03":  200,
		differencesPath + "nothing?from=2026-04-30&to=2026-05-03":    404,
		historyPath + "github.com/nobody/nothing":                    404,
		historyPath + "nothing":                                      404,
		historyPath:                                                  404,
		historyURL + "/":                                             404,
		historyURL + "?after=x":                                      400,
		historyURL + "?after=0":                                      400,
		historyURL + "?after=99999999999999999999":                   400,
		historyURL + "?perPage=101":                                  400,
		softwarePath + "github.com/nobody/nothing?at=2026-05-06":     404,
		softwarePath + "github.com/nordland/%22Akte%22?at=2026-05-0": 400,
	} {
		if w := get(t, h, target); w.Code != status {
			t.Errorf("%s: status %d, want %d", target, w.Code, status)
		}
	}
}

// What is asked of a former id is asked of the one of today.
func TestMovedHistory(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example"})
	for from, to := range map[string]string{
		historyPath + movedID:                                        historyURL,
		historyPath + movedID + "?perPage=3&after=7":                 historyURL + "?after=7&perPage=3",
		softwarePath + movedID + "?at=2026-05-01T08:00:00%2B02:00":   softwarePath + fullID + "?at=2026-05-01T08%3A00%3A00%2B02%3A00",
		differencesPath + movedID + "?from=2026-05-01&to=2026-05-02": differencesURL + "?from=2026-05-01&to=2026-05-02",
		similarPath + movedID + "?limit=2":                           similarPath + fullID + "?limit=2",
	} {
		w := get(t, h, from)
		if got, want := w.Header().Get("Location"), "https://katalog.example"+to; w.Code != http.StatusPermanentRedirect || got != want {
			t.Errorf("%s: status %d to %s, want %s", from, w.Code, got, want)
		}
	}
}

func TestChanges(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, limit := range []int{1, 3, 8, 100} {
		var revisions []registry.Rev
		for next := fmt.Sprintf("/v1/changes?after=0&perPage=%d", limit); next != ""; {
			w := get(t, h, next)
			page := decode[changeList](t, w, http.StatusOK)
			if page.Newest != 17 || page.Links.Self != next {
				t.Errorf("%s: newest %d, self %s", next, page.Newest, page.Links.Self)
			}
			for _, c := range page.Items {
				revisions = append(revisions, c.Revision)
			}
			if next = page.Links.Next; len(revisions) > 100 || next != "" && w.Header().Get("Link") != "<"+next+`>; rel="next"` {
				t.Fatalf("%s: Link %s", next, w.Header().Get("Link"))
			}
		}
		if want := []registry.Rev{1, 2, 3, 4, 5, 6, 7, 9}; !slices.Equal(revisions, want) {
			t.Errorf("pages of %d: revisions %v, want %v", limit, revisions, want)
		}
	}
	page := decode[changeList](t, get(t, h, "/v1/changes?after=4&perPage=2"), http.StatusOK)
	want := []change{
		{
			Revision: 5, Time: "2026-05-02T07:08:09Z", Kind: registry.Renamed, ID: fullID, From: movedID,
			Links: changeLinks{Software: softwarePath + fullID + "?at=2026-05-02T07%3A08%3A09.000000123Z", History: historyURL},
		},
		{Revision: 6, Time: "2026-05-03T07:08:09Z", Kind: registry.Removed, ID: fullID, Reason: registry.RepositoryGone, Links: changeLinks{History: historyURL}},
	}
	if !reflect.DeepEqual(page.Items, want) {
		t.Errorf("changes %+v, want %+v", page.Items, want)
	}
	for target, items := range map[string]int{"/v1/changes": 8, "/v1/changes?after=9": 0, "/v1/changes?after=9223372036854775807": 0} {
		if page := decode[changeList](t, get(t, h, target), http.StatusOK); len(page.Items) != items || page.Links.Next != "" {
			t.Errorf("%s: %+v", target, page)
		}
	}
	for _, query := range []string{"after=-1", "after=x", "after=9223372036854775808", "perPage=0", "perPage=101", "since=3"} {
		if w := get(t, h, "/v1/changes?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}
}

func TestStatistics(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	all := decode[dayList](t, get(t, h, "/v1/statistics"), http.StatusOK)
	if len(all.Items) != 2 || all.Links != (dayLinks{pageLinks{Self: "/v1/statistics"}, "/v1/statistics.csv"}) {
		t.Fatalf("statistics %+v", all)
	}
	want := day{
		Date: "2026-05-06", Revision: 9, Entries: 1, Incomplete: 1, New: 1, Changed: 3, Removed: 1,
		Regions: map[string]int{"DE-SH": 1}, Licences: map[string]int{"EUPL-1.2": 1}, Verdicts: map[string]int{"": 1},
		Statuses: map[string]int{"stable": 1}, Findings: map[string]int{"PC0101": 1},
		Reuse: &dayReuse{
			Total: reuseCount{Published: 1, Shared: 1, Used: 1, Users: 1}, Claims: 2,
			Places: []dayPlace{{"DE-SH", reuseCount{Published: 1, Shared: 1}}, {"DE-HH", reuseCount{Used: 1, Users: 1}}},
			Pairs:  []placePair{{"DE-SH", "DE-HH", 1}},
		},
	}
	if !reflect.DeepEqual(all.Items[1], want) {
		t.Errorf("day %+v, want %+v", all.Items[1], want)
	}
	if all.Items[0].Reuse != nil {
		t.Errorf("a day on which reuse was not counted has %+v", all.Items[0].Reuse)
	}
	for query, days := range map[string]int{
		"from=2026-05-02": 1, "to=2026-05-01": 1, "from=2026-05-01&to=2026-05-06": 2, "from=2026-05-02&to=2026-05-05": 0,
		"from=2026-5-2": -1, "from=2026-05-02&to=2026-05-01": -1, "to=morgen": -1, "from=": -1, "format=csv": -1,
		"from=2026-05-02T00:00:00Z": -1,
	} {
		w := get(t, h, "/v1/statistics?"+query)
		if days < 0 {
			if w.Code != http.StatusBadRequest {
				t.Errorf("%s: status %d", query, w.Code)
			}
			continue
		}
		if list := decode[dayList](t, w, http.StatusOK); len(list.Items) != days {
			t.Errorf("%s: %d days, want %d", query, len(list.Items), days)
		}
	}

	table := get(t, h, "/v1/statistics.csv?from=2026-05-02")
	if want := "date,rev,entries,incomplete,new,changed,removed,regions:DE-SH,licences:EUPL-1.2,verdicts:,statuses:stable,findings:PC0101," +
		"reuse:claims,reuse:claimed,reuse:shared,reuse:within,reuse:users,reuse:published:DE-SH,reuse:shared:DE-SH,reuse:within:DE-SH,reuse:used:DE-SH,reuse:users:DE-SH," +
		"reuse:published:DE-HH,reuse:shared:DE-HH,reuse:within:DE-HH,reuse:used:DE-HH,reuse:users:DE-HH\n" +
		"2026-05-06,9,1,1,1,3,1,1,1,1,1,1,2,0,1,0,1,1,1,0,0,0,0,0,0,1,1\n"; table.Body.String() != want || table.Header().Get("Content-Type") != typeCSV {
		t.Errorf("as CSV %s: %s", table.Header().Get("Content-Type"), table.Body)
	}
	if w := get(t, h, "/v1/statistics.csv?to=gestern"); w.Code != http.StatusBadRequest {
		t.Errorf("CSV to=gestern: status %d", w.Code)
	}

	// Many days, and days with many values, come in pages.
	for name, values := range map[string]int{"few": 1, "many": 1000} {
		s.days = nil
		first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		counts := map[string]int{}
		for i := range values {
			counts[fmt.Sprintf("%0200d", i)] = i
		}
		for i := range 800 {
			s.days = append(s.days, &registry.Day{Date: first.AddDate(0, 0, i).Format(time.DateOnly), Statuses: counts, Licences: counts})
		}
		var dates []string
		for next := "/v1/statistics?to=2026-02-01"; next != ""; {
			w := get(t, h, next)
			page := decode[dayList](t, w, http.StatusOK)
			if len(page.Items) > maxDays || w.Body.Len() > maxDaily*5/4 {
				t.Fatalf("%s: %d days in %d bytes", name, len(page.Items), w.Body.Len())
			}
			for _, d := range page.Items {
				dates = append(dates, d.Date)
				if len(d.Statuses) != min(values, maxCounted) {
					t.Fatalf("%s: %d values", name, len(d.Statuses))
				}
			}
			if next = page.Links.Next; len(dates) > 800 {
				t.Fatal("no end")
			}
		}
		w := get(t, h, "/v1/statistics.csv?to=2026-02-01")
		if next := w.Header().Get("Link"); !strings.HasPrefix(next, "</v1/statistics.csv?from=") || w.Header().Get("Content-Disposition") == "" {
			t.Errorf("%s: CSV with the next page %s", name, next)
		}
		if len(dates) != 763 || !slices.IsSorted(dates) || len(slices.Compact(dates)) != 763 {
			t.Errorf("%s: %d days", name, len(dates))
		}
	}
}

func TestSuggestionsAndSimilar(t *testing.T) {
	s := newShelf()
	h := handlerOf(t, s, Options{})
	list := decode[suggestionList](t, get(t, h, "/v1/suggestions?q=Akt&limit=5"), http.StatusOK)
	want := []suggestion{
		{Text: "Aktenplan", Count: 3, Links: softwareLink{Software: "/v1/software?perPage=25&q=Aktenplan"}},
		{Text: "Akte <1> & mehr", ID: fullID, Count: 1, Links: softwareLink{Software: softwarePath + fullID}},
	}
	if !reflect.DeepEqual(list.Items, want) {
		t.Errorf("suggestions %+v, want %+v", list.Items, want)
	}
	for _, one := range list.Items {
		if w := get(t, h, one.Links.Software); w.Code != http.StatusOK {
			t.Errorf("%s leads to status %d", one.Text, w.Code)
		}
	}
	for query, items := range map[string]int{"q=": 0, "q=Teil": 10, "q=Teil&limit=20": 20, "q=" + strings.Repeat("x", 195): 0} {
		if got := decode[suggestionList](t, get(t, h, "/v1/suggestions?"+query), http.StatusOK); len(got.Items) != items {
			t.Errorf("%s: %d suggestions, want %d", query, len(got.Items), items)
		}
	}
	for _, query := range []string{"", "q=%00", "q=a&limit=0", "q=a&limit=21", "q=a&q=b", "q=" + strings.Repeat("x", 201), "text=a"} {
		if w := get(t, h, "/v1/suggestions?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}

	for query, items := range map[string]int{"": 10, "?limit=3": 3, "?limit=20": 20} {
		got := decode[similarList](t, get(t, h, similarPath+fullID+query), http.StatusOK)
		if len(got.Items) != items {
			t.Errorf("similar%s: %d, want %d", query, len(got.Items), items)
		}
	}
	last := s.entries[len(s.entries)-1].ID
	if got := decode[similarList](t, get(t, h, similarPath+string(last)), http.StatusOK); got.Items == nil || len(got.Items) != 0 {
		t.Errorf("like none: %+v", got)
	}
	english := decode[similarList](t, get(t, h, similarPath+string(s.entries[slices.IndexFunc(s.entries, func(e *registry.Software) bool { return e.ID == fullID })-1].ID), "Accept-Language", "en"), http.StatusOK)
	if english.Items[0].ShortDescription != "Keeps files." {
		t.Errorf("in English: %+v", english.Items[0])
	}
	for target, status := range map[string]int{"?limit=0": 400, "?limit=21": 400, "?perPage=3": 400} {
		if w := get(t, h, similarPath+fullID+target); w.Code != status {
			t.Errorf("similar%s: status %d", target, w.Code)
		}
	}
}
