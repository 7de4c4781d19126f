// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
)

// receiver answers deliveries, and remembers them.
type receiver struct {
	mu     sync.Mutex
	got    []message
	answer func(n int, m message) *http.Response // of the n-th; nil is 204
}

type message struct {
	host, id string
	at       time.Time
	change   registry.Change
	told
}

// told is what is sent of a need.
type told struct {
	Need *registry.BoardNeed `json:"need"`
	Ref  *registry.NeedRef   `json:"ref"`
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	m := message{host: req.URL.Host, id: req.Header.Get("webhook-id"), at: time.Now()}
	if err := errors.Join(json.Unmarshal(body, &m.change), json.Unmarshal(body, &m.told)); err != nil {
		return nil, err
	}
	r.mu.Lock()
	n := len(r.got)
	r.got = append(r.got, m)
	answer := r.answer
	r.mu.Unlock()
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if answer != nil {
		if resp := answer(n, m); resp != nil {
			return resp, nil
		}
	}
	return status(http.StatusNoContent), nil
}

// all is what it was sent so far.
func (r *receiver) all() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *receiver) count() int { return len(r.all()) }

func (r *receiver) revisions() (all []registry.Rev) {
	for _, m := range r.all() {
		all = append(all, m.change.Rev)
	}
	return all
}

func status(code int, headers ...string) *http.Response {
	resp := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("Danke"))}
	for i := 0; i < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	return resp
}

func newDeliverer(f *fake, transport http.RoundTripper) *Deliverer {
	return &Deliverer{
		Store: f, Transport: transport, Log: slog.New(slog.DiscardHandler),
		Body: func(_ string, d *registry.Delivery, need *registry.BoardNeed) ([]byte, error) {
			switch {
			case d.Change != nil:
				return json.Marshal(d.Change)
			case need != nil:
				return json.Marshal(told{need, d.Need})
			}
			return []byte("{}"), nil
		},
	}
}

// running runs a deliverer until the test ends, or stop is called.
func running(t *testing.T, d *Deliverer) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	beside.Go(func() { d.Run(ctx) })
	stop = func() {
		cancel()
		beside.Wait()
	}
	t.Cleanup(stop)
	return stop
}

// TestSignature holds a signature against one that the libraries of Standard
// Webhooks are tested with.
func TestSignature(t *testing.T) {
	s := registry.Subscription{Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
	key, err := s.Key()
	if err != nil {
		t.Fatal(err)
	}
	got := sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// TestOverHTTP has a server check what it is sent as Standard Webhooks says.
func TestOverHTTP(t *testing.T) {
	f := newFake()
	var secret []byte
	done := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "."))
		mac.Write(body)
		at, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
		switch {
		case r.Header.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)):
			done <- "the signature is another"
		case err != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute:
			done <- "the time is another"
		case r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || !json.Valid(body):
			done <- "no JSON"
		default:
			done <- ""
		}
		_, _ = w.Write(bytes.Repeat([]byte("a"), 1<<20)) // which nobody reads
	}))
	defer server.Close()
	s := f.subscribe(t, server.URL)
	var err error
	if secret, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Secret, "whsec_")); err != nil || len(secret) != 32 {
		t.Fatalf("secret of %d bytes: %v", len(secret), err)
	}
	f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
	running(t, newDeliverer(f, http.DefaultTransport))
	if why := <-done; why != "" {
		t.Error(why)
	}
}

func TestWhatIsDelivered(t *testing.T) {
	only := func(publisher string) func(*registry.Subscription) {
		return func(s *registry.Subscription) {
			s.Filters = map[registry.Facet][]string{registry.FacetPublisher: {publisher}}
		}
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := &receiver{}
		f.change(registry.Added, idOf(0), entry(idOf(0), "amt")) // before anybody subscribed
		f.subscribe(t, "https://all.example/")
		f.subscribe(t, "https://amt.example/", only("AMT"))
		f.subscribe(t, "https://gone.example/", only("amt"), func(s *registry.Subscription) { s.Events = []registry.Kind{registry.Removed} })
		f.subscribe(t, "https://off.example/", func(s *registry.Subscription) { s.Disabled = time.Now() })
		running(t, newDeliverer(f, r))
		time.Sleep(time.Minute)
		f.change(registry.Updated, idOf(0), entry(idOf(0), "stadt")) // 2 leaves the office
		f.change(registry.Added, idOf(1), entry(idOf(1), "stadt"))   // 3
		f.change(registry.Updated, idOf(1), entry(idOf(1), "amt"))   // 4 comes to it
		f.change(registry.Removed, idOf(1), nil)                     // 5
		f.change(registry.Restored, idOf(1), entry(idOf(1), "stadt"))
		f.mu.Lock() // 7 is renamed: its history is that of another address, and of 8 there is none
		f.past[idOf(3)] = []*registry.Revision{{Change: registry.Change{Rev: 7}, Software: entry(idOf(3), "amt")}}
		f.moved[idOf(2)] = idOf(3)
		f.log = append(f.log, registry.Change{Rev: 7, ID: idOf(2), Kind: registry.Updated}, registry.Change{Rev: 8, ID: idOf(4), Kind: registry.Updated})
		f.mu.Unlock()
		time.Sleep(time.Minute)
		got := map[string][]registry.Rev{}
		for _, m := range r.all() {
			got[m.host] = append(got[m.host], m.change.Rev)
		}
		for _, list := range got {
			slices.Sort(list)
		}
		want := map[string][]registry.Rev{"all.example": {2, 3, 4, 5, 6, 7, 8}, "amt.example": {2, 4, 5, 7, 8}, "gone.example": {5}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if left := f.kept(t, registry.DeliveryDocument); len(left) > 0 {
			t.Errorf("%d wait still", len(left))
		}
	})
}

func TestScheduleOfAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := &receiver{answer: func(int, message) *http.Response { return status(http.StatusInternalServerError) }}
		s := f.subscribe(t, "https://broken.example/")
		began := f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		running(t, newDeliverer(f, r))
		time.Sleep(8 * time.Minute)
		left := f.kept(t, registry.DeliveryDocument)
		if len(left) != 1 || left[0].Attempts != 3 || left[0].Status != 500 || left[0].Error == "" || !left[0].Next.After(time.Now()) {
			t.Errorf("after 8 minutes: %+v", left)
		}
		time.Sleep(4 * 24 * time.Hour)
		got := r.all()
		if len(got) != 10 {
			t.Fatalf("%d attempts, want 10", len(got))
		}
		for i, m := range got[1:] {
			took := m.at.Sub(got[i].at)
			if took < waits[i] || took > waits[i]*6/5+2*poll {
				t.Errorf("attempt %d came after %s, want about %s", i+2, took, waits[i])
			}
			if m.id != got[0].id {
				t.Errorf("attempt %d has the id %s, and the first one %s", i+2, m.id, got[0].id)
			}
		}
		dead := f.kept(t, registry.DeadLetterDocument)
		if len(dead) != 1 || dead[0].Attempts != 10 || dead[0].Change.Rev != began.Rev || dead[0].Dead.IsZero() || len(f.kept(t, registry.DeliveryDocument)) != 0 {
			t.Errorf("dead letters %+v", dead)
		}
		if !f.subscription(t, s.ID).Disabled.IsZero() {
			t.Error("the subscription is off")
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	for field, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-5": 0, "soon": 0, "99999999999999999999": 0,
		now.Add(time.Hour).Format(http.TimeFormat): time.Hour, now.Add(-time.Hour).Format(http.TimeFormat): 0,
	} {
		if got := retryAfter(field, now); got != want {
			t.Errorf("%q: %s, want %s", field, got, want)
		}
	}
	if in, ok := wait(1, 1000*time.Hour); !ok || in != maxRetryAfter {
		t.Errorf("waits for %s", in)
	}
	if in, _ := wait(1, time.Hour); in != time.Hour {
		t.Errorf("waits for %s", in)
	}
	if _, ok := wait(len(waits)+1, time.Hour); ok {
		t.Error("there is an attempt after the last one")
	}
}

func TestGoneSwitchesOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := &receiver{answer: func(n int, _ message) *http.Response {
			if n == 0 {
				return status(http.StatusGone)
			}
			return nil
		}}
		s := f.subscribe(t, "https://gone.example/")
		f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		running(t, newDeliverer(f, r))
		time.Sleep(time.Hour)
		f.change(registry.Added, idOf(2), entry(idOf(2), "amt"))
		time.Sleep(time.Hour)
		off := f.subscription(t, s.ID)
		if off.Disabled.IsZero() || !strings.Contains(off.Reason, "410") || r.count() != 1 {
			t.Fatalf("%+v after %d attempts", off, r.count())
		}
		f.rewrite(t, s.ID, func(s *registry.Subscription) { s.Disabled, s.Reason, s.Enabled = time.Time{}, "", time.Now() })
		time.Sleep(3 * time.Second)
		got := r.revisions()
		slices.Sort(got)
		if !slices.Equal(got, []registry.Rev{1, 1, 2}) {
			t.Errorf("delivered %v: what waited has to come, and what was changed meanwhile", got)
		}
	})
}

// TestManyWait has a receiver that takes nothing: the log keeps what has no room.
func TestManyWait(t *testing.T) {
	const many = 3000
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
		s := f.subscribe(t, "https://down.example/")
		running(t, newDeliverer(f, r))
		for i := range many {
			f.change(registry.Added, idOf(i), entry(idOf(i), "amt"))
		}
		time.Sleep(5 * time.Minute)
		if n := len(f.kept(t, registry.DeliveryDocument)); n > registry.MaxDeliveries || !f.subscription(t, s.ID).Disabled.IsZero() {
			t.Fatalf("after five minutes %d wait, and it is off: %v", n, !f.subscription(t, s.ID).Disabled.IsZero())
		}
		time.Sleep(3 * time.Hour)
		off := f.subscription(t, s.ID)
		n := len(f.kept(t, registry.DeliveryDocument))
		if off.Disabled.IsZero() || off.Reason == "" || int(off.Cursor) != n || n > registry.MaxDeliveries {
			t.Fatalf("after hours %d wait: %+v", n, off)
		}
		synctest.Wait()
		r.mu.Lock()
		down, r.got = false, nil
		r.mu.Unlock()
		f.rewrite(t, s.ID, func(s *registry.Subscription) { s.Disabled, s.Reason, s.Enabled = time.Time{}, "", time.Now() })
		time.Sleep(time.Minute)
		got := r.revisions()
		slices.Sort(got)
		if got = slices.Compact(got); len(got) != many {
			t.Errorf("%d of %d were delivered", len(got), many)
		}
	})
}

func TestDeadLettersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := &receiver{answer: func(int, message) *http.Response { return status(http.StatusNotFound) }}
		s := f.subscribe(t, "https://wrong.example/")
		running(t, newDeliverer(f, r))
		for range registry.MaxDeadLetters + 5 {
			f.rewrite(t, s.ID, func(*registry.Subscription) {}, registry.NewDelivery(time.Now(), s.ID, nil).Document(0))
			time.Sleep(3 * time.Second)
		}
		if n := len(f.kept(t, registry.DeadLetterDocument)); n != registry.MaxDeadLetters || r.count() != n+5 {
			t.Errorf("%d dead letters of %d attempts, want each test tried once", n, r.count())
		}
	})
}

func TestDeadLettersEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for _, age := range []time.Duration{registry.DeadLetterLife, registry.DeadLetterLife - 12*time.Hour, time.Hour} {
			d := registry.NewDelivery(time.Now(), "eins", nil)
			d.Dead = time.Now().Add(-age)
			if err := f.PutDocuments(t.Context(), d.Document(0)); err != nil {
				t.Fatal(err)
			}
		}
		running(t, newDeliverer(f, &receiver{}))
		for _, want := range []int{2, 1} {
			time.Sleep(time.Second)
			synctest.Wait()
			if n := len(f.kept(t, registry.DeadLetterDocument)); n != want {
				t.Errorf("%d dead letters, want %d", n, want)
			}
			time.Sleep(daily)
		}
	})
}

// TestNothingIsLost ends the deliverer at each write in turn, before it and after
// it, and starts another one.
func TestNothingIsLost(t *testing.T) {
	var most int
	for at := 0; at == 0 || at <= most; at++ {
		synctest.Test(t, func(t *testing.T) {
			f := newFake()
			r := &receiver{answer: func(n int, _ message) *http.Response {
				if n%3 == 1 {
					return status(http.StatusServiceUnavailable)
				}
				return nil
			}}
			for i := range 2 {
				f.subscribe(t, "https://r"+strconv.Itoa(i)+".example/")
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
			stop := running(t, newDeliverer(f, r))
			const changes = 6
			for i := range changes {
				f.change(registry.Added, idOf(i), entry(idOf(i), "amt"))
				time.Sleep(700 * time.Millisecond)
			}
			time.Sleep(time.Hour)
			stop()
			of := map[string]map[string]registry.Rev{}
			for _, m := range r.all() {
				if of[m.host] == nil {
					of[m.host] = map[string]registry.Rev{}
				}
				if rev, ok := of[m.host][m.id]; ok && rev != m.change.Rev {
					t.Errorf("the id %s is that of two changes", m.id)
				}
				of[m.host][m.id] = m.change.Rev
			}
			for host, got := range of {
				if len(got) != changes {
					t.Errorf("broken at %d: %s got %v", at, host, got)
				}
			}
			if left := f.kept(t, registry.DeliveryDocument); len(of) != 2 || len(left) > 0 || len(f.kept(t, registry.DeadLetterDocument)) > 0 {
				t.Errorf("broken at %d: %d receivers, %d wait still", at, len(of), len(left))
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

// TestOneDelivers has two processes share a store: one delivers, and when it ends
// the other one does.
func TestOneDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.subscribe(t, "https://all.example/")
		first, second := &receiver{}, &receiver{}
		stop := running(t, newDeliverer(f, first))
		synctest.Wait()
		running(t, newDeliverer(f, second))
		f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		time.Sleep(time.Minute)
		if first.count() != 1 || second.count() != 0 {
			t.Fatalf("%d and %d deliveries", first.count(), second.count())
		}
		stop()
		f.change(registry.Updated, idOf(1), entry(idOf(1), "amt"))
		time.Sleep(time.Minute)
		if first.count() != 1 || second.count() != 1 {
			t.Errorf("%d and %d deliveries", first.count(), second.count())
		}
	})
}

// TestTwoDeliver has two processes deliver at once, as where one lost its lock and does
// not know: nothing is lost, and what is sent twice has one id.
func TestTwoDeliver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.subscribe(t, "https://all.example/")
		begun := time.Now()
		r := &receiver{answer: func(n int, _ message) *http.Response {
			time.Sleep(time.Duration(n%7) * time.Second)
			if n%5 == 0 && time.Since(begun) < 5*time.Minute { // so that the third attempt is the last one
				return status(http.StatusBadGateway)
			}
			return nil
		}}
		first := running(t, newDeliverer(f, r))
		synctest.Wait()
		f.mu.Lock()
		f.locked["webhooks"] = false
		f.mu.Unlock()
		second := running(t, newDeliverer(f, r))
		const changes = 100
		for i := range changes {
			f.change(registry.Updated, idOf(i%9), entry(idOf(i%9), "amt"))
			time.Sleep(300 * time.Millisecond)
		}
		time.Sleep(3 * time.Hour)
		first()
		second()
		of := map[string]registry.Rev{}
		for _, m := range r.all() {
			if rev, ok := of[m.id]; ok && rev != m.change.Rev {
				t.Errorf("the id %s is that of two changes", m.id)
			}
			of[m.id] = m.change.Rev
		}
		if left := f.kept(t, registry.DeliveryDocument); len(of) != changes || len(left) > 0 {
			t.Errorf("%d of %d were sent, %d wait still", len(of), changes, len(left))
		}
	})
}

// TestReplayMeanwhile writes deliveries from outside while they are sent.
func TestReplayMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := f.subscribe(t, "https://down.example/")
		r := &receiver{answer: func(n int, _ message) *http.Response {
			time.Sleep(time.Second)
			if n < 3 {
				return status(http.StatusInternalServerError)
			}
			return nil
		}}
		running(t, newDeliverer(f, r))
		f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		for range 2 {
			time.Sleep(3500 * time.Millisecond) // once while it waits, once while it is sent
			doc, err := f.Document(t.Context(), registry.DeliveryDocument, f.kept(t, registry.DeliveryDocument)[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			d, err := registry.ReadDocument[registry.Delivery](doc)
			if err != nil {
				t.Fatal(err)
			}
			d.Next = time.Time{}
			f.rewrite(t, s.ID, func(*registry.Subscription) {}, d.Document(doc.Version))
		}
		time.Sleep(time.Hour)
		if left := f.kept(t, registry.DeliveryDocument); len(left) > 0 || r.count() < 4 {
			t.Errorf("%d attempts, %d wait still", r.count(), len(left))
		}
	})
}

// TestStopWhileSending ends while a receiver still thinks.
func TestStopWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.subscribe(t, "https://slow.example/")
		r := &receiver{answer: func(int, message) *http.Response {
			time.Sleep(10 * time.Second)
			return nil // acknowledged, whatever became of who asked
		}}
		stop := running(t, newDeliverer(f, r))
		f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		time.Sleep(5 * time.Second)
		stop()
		if left := f.kept(t, registry.DeliveryDocument); len(left) != 0 || r.count() != 1 {
			t.Errorf("%d wait after %d attempts", len(left), r.count())
		}
	})
}

// TestDeletedMeanwhile ends a subscription while something is being sent: nothing of
// it comes back.
func TestDeletedMeanwhile(t *testing.T) {
	for _, answer := range []int{http.StatusNoContent, http.StatusBadGateway, http.StatusGone} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake()
			s := f.subscribe(t, "https://slow.example/")
			r := &receiver{answer: func(int, message) *http.Response {
				time.Sleep(10 * time.Second)
				return status(answer)
			}}
			running(t, newDeliverer(f, r))
			f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
			time.Sleep(5 * time.Second)
			gone := []*registry.Document{{Kind: registry.SubscriptionDocument, Key: s.ID}}
			for _, d := range f.kept(t, registry.DeliveryDocument) {
				gone = append(gone, &registry.Document{Kind: registry.DeliveryDocument, Key: d.ID})
			}
			if err := f.PutDocuments(t.Context(), gone...); err != nil || len(gone) != 2 {
				t.Fatal(err, len(gone))
			}
			f.change(registry.Updated, idOf(1), entry(idOf(1), "amt"))
			time.Sleep(time.Hour)
			_, err := f.Document(t.Context(), registry.SubscriptionDocument, s.ID)
			if !errors.Is(err, registry.ErrNotFound) || len(f.kept(t, registry.DeliveryDocument)) > 0 || len(f.kept(t, registry.DeadLetterDocument)) > 0 || r.count() != 1 {
				t.Errorf("answer %d: %v, %d attempts", answer, err, r.count())
			}
		})
	}
}

// TestBounds counts what is sent at once.
func TestBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		var mu sync.Mutex
		at, of, most, mostOf, entries := 0, map[string]int{}, 0, 0, map[string]bool{}
		r := &receiver{answer: func(_ int, m message) *http.Response {
			subscription, _, _ := strings.Cut(m.id, "-")
			key := subscription + " " + string(m.change.ID)
			mu.Lock()
			at++
			of[m.host]++
			most, mostOf = max(most, at), max(mostOf, of[m.host])
			if entries[key] {
				t.Errorf("two changes of %s are sent at once", key)
			}
			entries[key] = true
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			at--
			of[m.host]--
			entries[key] = false
			mu.Unlock()
			return nil
		}}
		for i := range 10 {
			f.subscribe(t, "https://r"+strconv.Itoa(i)+".example/")
		}
		for i := range 40 {
			f.change(registry.Updated, idOf(i%7), entry(idOf(i%7), "amt"))
		}
		for i := range 2 { // two of one host share its places
			f.rewrite(t, f.subscribe(t, "https://r0.example/").ID, func(s *registry.Subscription) { s.Cursor = registry.Rev(i) })
		}
		stop := running(t, newDeliverer(f, r))
		for i := range 40 {
			f.change(registry.Updated, idOf(i%7), entry(idOf(i%7), "amt"))
		}
		time.Sleep(time.Hour)
		stop()
		if most != maxSending || mostOf != maxPerHost {
			t.Errorf("%d at once, %d of one host", most, mostOf)
		}
		if left := f.kept(t, registry.DeliveryDocument); len(left) > 0 {
			t.Errorf("%d wait still", len(left))
		}
	})
}

// TestEachOnceInOrder has random changes and receivers that do as they like: all is
// delivered, and where nothing fails in the order of each entry.
func TestEachOnceInOrder(t *testing.T) {
	for seed := range uint64(6) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // to be the same again
			f := newFake()
			var mu sync.Mutex
			mood := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // to be the same again
			acknowledged := map[string]map[registry.Rev]int{}
			r := &receiver{answer: func(_ int, m message) *http.Response {
				mu.Lock()
				fails, slow := m.host == "moody.example" && mood.IntN(3) == 0, time.Duration(mood.IntN(4000))*time.Millisecond
				mu.Unlock()
				time.Sleep(slow)
				if fails {
					return status(http.StatusTooManyRequests, "Retry-After", "7")
				}
				mu.Lock()
				defer mu.Unlock()
				if acknowledged[m.host] == nil {
					acknowledged[m.host] = map[registry.Rev]int{}
				}
				acknowledged[m.host][m.change.Rev]++
				return nil
			}}
			moody := f.subscribe(t, "https://moody.example/")
			f.subscribe(t, "https://steady.example/")
			stop := running(t, newDeliverer(f, r))
			n := 50 + random.IntN(300)
			for range n {
				id := idOf(random.IntN(20))
				f.change(registry.Updated, id, entry(id, "amt"))
				time.Sleep(time.Duration(random.IntN(500)) * time.Millisecond)
			}
			time.Sleep(time.Minute)
			for len(f.kept(t, registry.DeliveryDocument)) > 0 || f.subscription(t, moody.ID).Cursor+batch < registry.Rev(n) {
				time.Sleep(time.Hour)
			}
			stop()
			for _, host := range []string{"moody.example", "steady.example"} {
				if len(acknowledged[host]) != n {
					t.Errorf("%s acknowledged %d of %d", host, len(acknowledged[host]), n)
				}
				for rev, times := range acknowledged[host] {
					if times != 1 {
						t.Errorf("%s acknowledged %d %d times, and nothing broke", host, rev, times)
					}
				}
			}
			newest := map[registry.ID]registry.Rev{}
			for _, m := range r.all() {
				if m.host == "steady.example" {
					if m.change.Rev <= newest[m.change.ID] {
						t.Errorf("%s: %d after %d", m.change.ID, m.change.Rev, newest[m.change.ID])
					}
					newest[m.change.ID] = m.change.Rev
				}
			}
		})
	}
}

// TestDamaged passes over a subscription that cannot be read, and serves the others.
func TestDamaged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		if err := f.PutDocuments(t.Context(), &registry.Document{Kind: registry.SubscriptionDocument, Key: "a", Body: []byte(`[]`)},
			&registry.Document{Kind: registry.SubscriptionDocument, Key: "b", Body: []byte(`{"id": "b", "url": "https://b.example/", "secret": "whsec_?"}`)},
			&registry.Document{Kind: registry.DeliveryDocument, Key: "b-1", Body: []byte(`7`)}); err != nil {
			t.Fatal(err)
		}
		f.subscribe(t, "https://all.example/")
		r := &receiver{}
		running(t, newDeliverer(f, r))
		f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		time.Sleep(time.Minute)
		if got := r.all(); len(got) != 1 || got[0].host != "all.example" {
			t.Errorf("got %+v", got)
		}
	})
}

// TestChangedWakes is told of a change, and does not wait to look for it.
func TestChangedWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.subscribe(t, "https://all.example/")
		r := &receiver{}
		d := newDeliverer(f, r)
		var bell hosts.Bell
		d.Changed = bell.Next
		running(t, d)
		time.Sleep(poll + pause)
		f.change(registry.Added, idOf(1), entry(idOf(1), "amt"))
		bell.Ring()
		synctest.Wait()
		if r.count() != 1 {
			t.Errorf("%d deliveries at once", r.count())
		}
	})
}
