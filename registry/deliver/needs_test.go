// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// forBoard is a fake as a board is read from it.
type forBoard struct{ *fake }

func (forBoard) Aliases(context.Context) (map[registry.ID]registry.ID, error) { return nil, nil }

func (forBoard) Get(context.Context, registry.ID) (*registry.Software, error) {
	return nil, registry.ErrNotFound
}

func (f forBoard) Search(_ context.Context, q registry.Query) (page registry.Page, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, name := range f.found {
		if slices.Contains(strings.Fields(q.Text), name) {
			page.Items = append(page.Items, &registry.Software{ID: id, PublicCode: publiccode.PublicCode{Name: name}})
			page.Reasons = append(page.Reasons, []registry.RankReason{{Code: registry.RankExact, Word: name, Field: "name"}})
		}
	}
	return page, nil
}

// fits has an entry that a search finds, and a change that says so.
func (f *fake) fits(id registry.ID, name string) {
	f.mu.Lock()
	f.found[id] = name
	f.mu.Unlock()
	f.change(registry.Added, id, entry(id, "amt"))
}

// says has the needs.yml of an organisation say what it needs.
func (f *fake) says(t testing.TB, who, region string, needs ...adoption.Need) {
	t.Helper()
	said := &registry.Needs{Word: registry.Word{
		Organisation: adoption.Organisation{URI: "https://" + who + ".example/", Name: who, Region: region},
		Repository:   registry.ID("forge.example/" + who + "/bedarf"), Time: time.Now().UTC(),
	}, Needs: needs}
	for {
		doc := said.Document(0)
		if d, err := f.Document(t.Context(), doc.Kind, doc.Key); err == nil {
			doc.Version = d.Version
		}
		err := f.Documents.PutDocuments(t.Context(), doc)
		if err == nil {
			return
		}
		if !errors.Is(err, registry.ErrConflict) {
			t.Fatal(err)
		}
	}
}

// noting notes until the test ends, or stop is called.
func noting(t *testing.T, f *fake) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	n := &Noter{Store: f, Log: slog.New(slog.DiscardHandler), Board: func(ctx context.Context) (*registry.Board, error) {
		return registry.ReadBoard(ctx, forBoard{f}, nil, time.Now())
	}}
	beside.Go(func() { n.Run(ctx) })
	stop = func() {
		cancel()
		beside.Wait()
	}
	t.Cleanup(stop)
	return stop
}

func ofNeeds(filters map[registry.Facet][]string) func(*registry.Subscription) {
	return func(s *registry.Subscription) { s.Events, s.Filters = []registry.Kind{registry.OfNeeds}, filters }
}

// lines are what was sent, by host: the need, what happened, and what is new to fit it.
func (r *receiver) lines() map[string][]string {
	of := map[string][]string{}
	for _, m := range r.all() {
		if m.Need == nil {
			of[m.host] = append(of[m.host], fmt.Sprint("change ", m.change.Rev))
			continue
		}
		line := m.Need.ID
		if m.Ref.Added {
			line += " added"
		}
		for _, match := range slices.Concat(m.Need.Solutions, m.Need.Others) {
			line += " " + match.Name
		}
		of[m.host] = append(of[m.host], line)
	}
	return of
}

func TestNeedsAreDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := &receiver{}
		f.says(t, "alt", "DE-SH", adoption.Need{ID: "frueher", Title: "Parkausweis"}) // before anybody subscribed
		noting(t, f)
		synctest.Wait()
		f.subscribe(t, "https://all.example/", ofNeeds(nil))
		f.subscribe(t, "https://north.example/", ofNeeds(map[registry.Facet][]string{registry.FacetRegion: {"DE-SH"}}))
		f.subscribe(t, "https://land.example/", ofNeeds(map[registry.Facet][]string{registry.FacetRegion: {"DE"}, registry.FacetCategory: {"identity-management"}}))
		f.subscribe(t, "https://changes.example/")
		running(t, newDeliverer(f, r))
		time.Sleep(time.Minute)
		f.says(t, "stadt", "DE-SH", adoption.Need{ID: "termin", Title: "Terminvergabe"}, adoption.Need{ID: "geheim", Title: "Leitstelle", Visibility: adoption.Restricted})
		time.Sleep(time.Minute)
		f.says(t, "kreis", "DE-BY", adoption.Need{ID: "konto", Title: "Terminvergabe", Categories: []string{"identity-management"}})
		time.Sleep(time.Minute)
		f.fits(idOf(1), "Terminvergabe")
		f.fits(idOf(2), "Leitstelle")
		time.Sleep(time.Minute)
		f.change(registry.Updated, idOf(1), entry(idOf(1), "amt")) // which brings nothing new
		time.Sleep(time.Minute)
		f.says(t, "stadt", "DE-SH", adoption.Need{ID: "geheim", Title: "Leitstelle"}) // is for everybody now, and the other one is met
		time.Sleep(time.Minute)
		want := map[string][]string{
			"all.example": {
				"termin added", "konto added Terminvergabe", "termin Terminvergabe", "konto Terminvergabe", "termin Terminvergabe", "geheim added Leitstelle",
			},
			"north.example":   {"termin added", "termin Terminvergabe", "termin Terminvergabe", "geheim added Leitstelle"},
			"land.example":    {"konto added Terminvergabe", "konto Terminvergabe"},
			"changes.example": {"change 1", "change 2", "change 3"},
		}
		got := r.lines()
		for _, list := range []map[string][]string{got, want} { // several at once have no order between needs
			for _, lines := range list {
				slices.Sort(lines)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("want (-), got (+):\n%s", diff)
		}
		if left := f.kept(t, registry.DeliveryDocument); len(left) > 0 {
			t.Errorf("%d wait still", len(left))
		}
	})
}

// TestRestrictedMeanwhile: what waits is not sent once the need, or what is alike, is
// restricted, withdrawn or over.
func TestRestrictedMeanwhile(t *testing.T) {
	for name, hide := range map[string]func(t *testing.T, f *fake, n adoption.Need){
		"restricted": func(t *testing.T, f *fake, n adoption.Need) {
			n.Visibility = adoption.Restricted
			f.says(t, "stadt", "DE-SH", n)
		},
		"withdrawn": func(t *testing.T, f *fake, _ adoption.Need) { f.says(t, "stadt", "DE-SH") },
		"over": func(t *testing.T, f *fake, n adoption.Need) {
			n.OpenUntil = "1999-12-31" // the clock of the test begins in 2000
			f.says(t, "stadt", "DE-SH", n)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				down := true
				r := &receiver{}
				r.answer = func(int, message) *http.Response {
					if down {
						return status(http.StatusBadGateway)
					}
					return nil
				}
				stop := noting(t, f)
				synctest.Wait()
				f.subscribe(t, "https://all.example/", ofNeeds(nil))
				running(t, newDeliverer(f, r))
				n := adoption.Need{ID: "termin", Title: "Terminvergabe"}
				f.says(t, "stadt", "DE-SH", n)
				f.says(t, "kreis", "DE-BY", adoption.Need{ID: "konto", Title: "Terminvergabe"})
				time.Sleep(30 * time.Second)
				stop() // nothing depends on its being noted
				if before := fmt.Sprint(r.lines()); !strings.Contains(before, "konto added Terminvergabe") || !strings.Contains(before, "termin added") {
					t.Fatalf("sent %s", before)
				}
				hide(t, f, n)
				r.mu.Lock()
				down, r.got = false, nil
				r.mu.Unlock()
				time.Sleep(time.Hour)
				if diff := cmp.Diff(map[string][]string{"all.example": {"konto added"}}, r.lines()); diff != "" {
					t.Error(diff)
				}
				if left := f.kept(t, registry.DeliveryDocument); len(left) > 0 {
					t.Errorf("%d wait still", len(left))
				}
			})
		})
	}
}

// TestNoNeedIsLost ends both who note and who deliver at each write in turn, before it
// and after it: each thing there is to tell comes, under one id, and in its order.
func TestNoNeedIsLost(t *testing.T) {
	var most int
	for at := 0; at == 0 || at <= most; at++ {
		synctest.Test(t, func(t *testing.T) {
			f := newFake()
			r := &receiver{answer: func(n int, _ message) *http.Response {
				if n%4 == 1 {
					return status(http.StatusServiceUnavailable)
				}
				return nil
			}}
			noting(t, f)
			synctest.Wait()
			for i := range 2 {
				f.subscribe(t, "https://r"+strconv.Itoa(i)+".example/", ofNeeds(nil))
			}
			var mu sync.Mutex
			n, broken := 0, errors.New("the machine went away")
			f.put = func(bool) error {
				mu.Lock()
				defer mu.Unlock()
				if n++; n == at {
					return broken
				}
				return nil
			}
			running(t, newDeliverer(f, r))
			for i, title := range []string{"Parkausweis", "Wahlhelfer", "Leihrad"} {
				f.says(t, "amt"+strconv.Itoa(i), "DE-SH", adoption.Need{ID: strings.ToLower(title), Title: title})
				time.Sleep(15 * time.Second)
				f.fits(idOf(i), title)
				time.Sleep(15 * time.Second)
			}
			time.Sleep(2 * time.Hour)
			want := map[string]bool{}
			for _, title := range []string{"Parkausweis", "Wahlhelfer", "Leihrad"} {
				want[strings.ToLower(title)+" added"], want[strings.ToLower(title)+" "+title] = true, true
			}
			for _, host := range []string{"r0.example", "r1.example"} {
				got, ids := map[string]bool{}, map[string]string{}
				for _, m := range r.all() {
					if m.host != host {
						continue
					}
					line := m.Need.ID + " added"
					if !m.Ref.Added {
						line = m.Need.ID + " " + m.Need.Solutions[0].Name
					} else if len(m.Need.Solutions) > 0 { // both at once, where noting broke before
						got[m.Need.ID+" "+m.Need.Solutions[0].Name] = true
					}
					if is, ok := ids[m.id]; ok && is != line {
						t.Errorf("broken at %d: the id %s is that of two events", at, m.id)
					}
					ids[m.id], got[line] = line, true
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("broken at %d: %s: want (-), got (+):\n%s", at, host, diff)
				}
			}
			if left := f.kept(t, registry.DeliveryDocument); len(left) > 0 || len(f.kept(t, registry.DeadLetterDocument)) > 0 {
				t.Errorf("broken at %d: %d wait still", at, len(left))
			}
			if at == 0 {
				most = n
			}
		})
	}
	if most < 20 {
		t.Errorf("only %d steps", most)
	}
}

// TestNeedsInOrder has a receiver that is slow and takes all: each event comes once,
// and those of a need in their order.
func TestNeedsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := &receiver{answer: func(n int, _ message) *http.Response {
			time.Sleep(time.Duration(n%5) * time.Second)
			return nil
		}}
		noting(t, f)
		synctest.Wait()
		f.subscribe(t, "https://all.example/", ofNeeds(nil))
		running(t, newDeliverer(f, r))
		titles := []string{"Parkausweis", "Wahlhelfer", "Leihrad", "Hundesteuer"}
		for i, title := range titles {
			f.says(t, "amt"+strconv.Itoa(i), "DE-SH", adoption.Need{ID: strings.ToLower(title), Title: title})
		}
		const each = 4
		for i := range each {
			time.Sleep(20 * time.Second)
			for j, title := range titles {
				f.fits(idOf(i*len(titles)+j), title)
			}
		}
		time.Sleep(time.Hour)
		last := map[string]int64{}
		for _, m := range r.all() {
			if m.Ref.Seq <= last[m.Ref.Key] {
				t.Errorf("%s: %d after %d", m.Ref.Key, m.Ref.Seq, last[m.Ref.Key])
			}
			last[m.Ref.Key] = m.Ref.Seq
		}
		if want := len(titles) * (1 + each); r.count() != want {
			t.Errorf("%d deliveries, want %d", r.count(), want)
		}
	})
}
