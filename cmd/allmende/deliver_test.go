// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// sent is what a receiver was sent.
type sent struct {
	id, signed, signature string
	event                 struct {
		Type string
		Data struct {
			ID    string
			Links struct{ Software string }
		}
	}
}

// receives is a server that takes webhooks.
func receives(t *testing.T) (address string, got chan sent) {
	t.Helper()
	got = make(chan sent, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		s := sent{id: r.Header.Get("webhook-id"), signature: r.Header.Get("webhook-signature")}
		s.signed = s.id + "." + r.Header.Get("webhook-timestamp") + "." + string(body)
		if err != nil || json.Unmarshal(body, &s.event) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		got <- s
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

// A server sends what changes to who subscribed, signed, also what changed while it
// was away.
func TestServeDelivers(t *testing.T) {
	t.Setenv("DELIVER_TEST_SECRET", "Flut")
	world := forgetest.New()
	address := forgeOf(t, world)
	host := strings.TrimPrefix(address, "http://")
	world.Put(software(address, "stadt/wahl", "Wahl"))
	receiver, got := receives(t)
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s/a.db
baseURL: https://catalogue.example
forges: [{url: %q, kind: forgejo, allowPrivate: true, webhookSecretEnv: DELIVER_TEST_SECRET}]
publishers: [{id: a, name: A, region: BY, sources: ["%s/stadt"]}]
webhooks: {receivers: ["%s/"]}
`, t.TempDir(), address, address, receiver))
	s := serve(t, config)
	s.until(t, "v1/software/"+host+"/stadt/wahl", `"name":"Wahl"`)
	token := tokenOf(t, config, "--scope", "webhooks")

	for _, wrong := range []string{"http://127.0.0.1:1/", "https://169.254.169.254/", "https://localhost/"} {
		if status, answer := s.send(t, http.MethodPost, "v1/webhooks", token, fmt.Sprintf(`{"url": %q}`, wrong)); status != http.StatusBadRequest {
			t.Errorf("%s: status %d: %s", wrong, status, answer)
		}
	}
	status, answer := s.send(t, http.MethodPost, "v1/webhooks", token, fmt.Sprintf(`{"url": "%s/hook", "filters": {"publisher": ["a"]}}`, receiver))
	var made struct{ ID, Secret string }
	if err := json.Unmarshal([]byte(answer), &made); err != nil || status != http.StatusCreated {
		t.Fatalf("status %d: %s", status, answer)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(made.Secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var next func(kind string) sent
	next = func(kind string) sent {
		t.Helper()
		select {
		case one := <-got:
			if seen[one.id] { // once at least
				return next(kind)
			}
			seen[one.id] = true
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(one.signed))
			if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); one.signature != want || one.event.Type != kind || !strings.HasPrefix(one.id, made.ID+"-") {
				t.Errorf("want %s: %+v", kind, one)
			}
			return one
		case <-time.After(time.Minute):
			t.Fatalf("nothing of %s was sent", kind)
		}
		return sent{}
	}
	if status, answer := s.send(t, http.MethodPost, "v1/webhooks/"+made.ID+"/test", token, ""); status != http.StatusAccepted {
		t.Errorf("test: status %d: %s", status, answer)
	}
	next("webhook.test")
	world.Put(software(address, "stadt/wahl", "Neuwahl"))
	s.push(t, host, "stadt/wahl", "Flut")
	if one := next("software.updated"); one.event.Data.ID != host+"/stadt/wahl" || !strings.HasPrefix(one.event.Data.Links.Software, "https://catalogue.example/v1/software/") {
		t.Errorf("sent %+v", one.event)
	}

	s.stop()
	world.Put(software(address, "stadt/boot", "Boot"))
	if _, errs, code := command(t, "crawl", "--config", config); code != 0 {
		t.Fatalf("crawl: %d: %s", code, errs)
	}
	serve(t, config)
	if one := next("software.added"); one.event.Data.ID != host+"/stadt/boot" {
		t.Errorf("sent %+v", one.event)
	}
}

func TestReceiversOfTheConfiguration(t *testing.T) {
	src := "store: sqlite:a.db\npublishers: []\nwebhooks:\n  receivers:\n    - HTTPS://Hooks.Intern.Example:443/\n"
	cfg, err := parseConfig([]byte(src))
	if err != nil || !slices.Equal(cfg.Webhooks.Receivers, []string{"https://hooks.intern.example"}) {
		t.Errorf("%+v: %v", cfg.Webhooks, err)
	}
	for _, wrong := range []string{"hooks.intern.example", "https://hooks.intern.example/path", "https://a:b@hooks.intern.example"} {
		_, err := parseConfig([]byte(strings.Replace(src, "HTTPS://Hooks.Intern.Example:443/", wrong, 1)))
		if err == nil || !strings.Contains(err.Error(), "line 5: webhooks.receivers[0]") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestDeliveriesAreGuarded has subscriptions to addresses that were public when they
// were entered, or seemed so.
func TestDeliveriesAreGuarded(t *testing.T) {
	var hits atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer inside.Close()
	_, port, err := net.SplitHostPort(inside.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	var redirected atomic.Int32
	leading := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		redirected.Add(1)
		http.Redirect(w, r, inside.URL, http.StatusTemporaryRedirect)
	}))
	defer leading.Close()
	rebound := resolving(t, net.IPv4(127, 0, 0, 1).To4())

	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var subscriptions []*registry.Subscription
	for _, address := range []string{
		inside.URL, "http://localhost:" + port + "/", "http://[::ffff:127.0.0.1]:" + port, "http://169.254.169.254/latest/meta-data/",
		"http://receiver.example:" + port + "/", leading.URL,
	} {
		s := registry.NewSubscription(time.Now(), "cli", registry.Grant{}, 0)
		s.URL = address
		subscriptions = append(subscriptions, s)
		if err := store.PutDocuments(t.Context(), s.Document(0), registry.NewDelivery(time.Now(), s.ID, nil).Document(0)); err != nil {
			t.Fatal(err)
		}
	}
	cfg := &config{BaseURL: "https://catalogue.example", Webhooks: webhooksConfig{Receivers: []string{leading.URL}}}
	watched := watched{store, make(chan *registry.Document, len(subscriptions))}
	defer cfg.delivering(t.Context(), watched, nil, slog.New(slog.DiscardHandler))()
	errors := map[string]string{}
	for range subscriptions {
		select {
		case doc := <-watched.dead:
			d, err := registry.ReadDocument[registry.Delivery](doc)
			if err != nil {
				t.Fatal(err)
			}
			errors[d.Subscription] = d.Error
		case <-time.After(time.Minute):
			t.Fatalf("%d of %d were tried", len(errors), len(subscriptions))
		}
	}
	for i, s := range subscriptions {
		want := "its address is not public"
		if i == len(subscriptions)-1 {
			want = "redirects are not followed"
		}
		if why := errors[s.ID]; !strings.Contains(why, want) || strings.Contains(why, "127.0.0.1") {
			t.Errorf("%s: %q", s.URL, why)
		}
	}
	if hits.Load() != 0 || redirected.Load() != 1 || rebound.Load() == 0 {
		t.Errorf("%d requests came in, %d were to be redirected, the name was asked for %d times", hits.Load(), redirected.Load(), rebound.Load())
	}
}

// watched tells of dead letters.
type watched struct {
	store
	dead chan *registry.Document
}

func (w watched) PutDocuments(ctx context.Context, documents ...*registry.Document) error {
	err := w.store.PutDocuments(ctx, documents...)
	for _, d := range documents {
		if err == nil && d.Kind == registry.DeadLetterDocument {
			w.dead <- d
		}
	}
	return err
}

// nameServer is asked for names in place of that of the machine, where there is one.
var nameServer atomic.Pointer[string]

func init() { // once: others may be looking up names whenever a test begins or ends
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if own := nameServer.Load(); own != nil {
			network, address = "udp", *own
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
}

// resolving has all names lead to one address until the test ends, and counts how
// often they are asked for.
func resolving(t *testing.T, to net.IP) *atomic.Int32 {
	t.Helper()
	server, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := new(atomic.Int32)
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			asked.Add(1)
			end := 12
			for end < n && buf[end] != 0 {
				end += int(buf[end]) + 1
			}
			end += 5 // the root, type and class of the question
			if end > n {
				continue
			}
			answer := append([]byte{buf[0], buf[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, buf[12:end]...)
			if buf[end-3] == 1 { // of IPv4
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
				answer = append(answer, to...)
			}
			_, _ = server.WriteTo(answer, from)
		}
	}()
	address := server.LocalAddr().String()
	nameServer.Store(&address)
	t.Cleanup(func() {
		nameServer.Store(nil)
		_ = server.Close()
	})
	return asked
}
