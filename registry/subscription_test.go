// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestCheckReceiver(t *testing.T) {
	own := []string{"http://127.0.0.1:9000", "https://hooks.intern.example", "http://[fd00::1]"}
	for address, want := range map[string]bool{
		"https://receiver.example/allmende?key=1":   true,
		"HTTPS://Receiver.Example:8443/":            true,
		"https://93.184.216.34/":                    true,
		"https://[2606:2800:220:1::1]/":             true,
		"http://127.0.0.1:9000/hook":                true,
		"https://hooks.intern.example:443/a":        true,
		"http://[fd00::1]:80/a":                     true,
		"http://127.0.0.1:9001/hook":                false,
		"http://hooks.intern.example/a":             false,
		"http://receiver.example/":                  false,
		"ftp://receiver.example/":                   false,
		"receiver.example":                          false,
		"https:receiver.example":                    false,
		"https:///allmende":                         false,
		"":                                          false,
		"https://a:b@receiver.example/":             false,
		"https://a@hooks.intern.example/":           false,
		"https://receiver.example/#a":               false,
		"https://receiver.example/a b":              false,
		"https://receiver.example/ä":                false,
		"https://receiver.example/\n":               false,
		"https://localhost/":                        false,
		"https://LOCALHOST./":                       false,
		"https://a.localhost/":                      false,
		"https://intranet/":                         false,
		"https://server.local/":                     false,
		"https://metadata.google.internal/":         false,
		"https://127.0.0.1/":                        false,
		"https://127.1/":                            false,
		"https://2130706433/":                       false,
		"https://0x7f.0.0.1/":                       false,
		"https://0177.0.0.1/":                       false,
		"https://10.0.0.1/":                         false,
		"https://192.168.1.1/":                      false,
		"https://169.254.169.254/latest/meta-data/": false,
		"https://0.0.0.0/":                          false,
		"https://255.255.255.255/":                  false,
		"https://[::1]/":                            false,
		"https://[::ffff:127.0.0.1]/":               false,
		"https://[fe80::1%25eth0]/":                 false,
		"https://[fd00::1]/":                        false,
		"https://receiver.example/" + strings.Repeat("a", MaxReceiver): false,
	} {
		if err := CheckReceiver(address, own); (err == nil) != want || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%.80s: %v", address, err)
		}
	}
}

func TestOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"https://Hooks.intern.example/": "https://hooks.intern.example", "http://10.0.0.1:80": "http://10.0.0.1", "http://[fd00::1]:8080": "http://[fd00::1]:8080",
		"https://a.example/path": "", "ftp://a.example": "", "https://a@a.example": "", "a.example": "", "https://a.example?b": "",
	} {
		got, err := Origin(address)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", address, got, err)
		}
	}
}

func FuzzCheckReceiver(f *testing.F) {
	for _, s := range []string{"https://a.example/", "https://[::1]/", "https://127.1", "https://a.b.:0/", "https://a@b.c", "//", "https://%31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if CheckReceiver(address, nil) != nil {
			return
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.User != nil || !strings.ContainsAny(u.Hostname(), ".:") {
			t.Errorf("%q is taken", address)
		}
	})
}

func TestNewSubscription(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 1, time.UTC)
	owner := Grant{Scopes: Scopes(), Regions: []string{"DE-SH"}}
	s := NewSubscription(now, "token:abc", owner, 7)
	s.URL = "https://receiver.example/"
	key, err := s.Key()
	if err != nil || len(key) != 32 || !strings.HasPrefix(s.Secret, "whsec_") || !IsSubscriptionID(s.ID) || s.Cursor != 7 {
		t.Errorf("%+v: %v", s, err)
	}
	if !s.Owner.Within(Grant{Scopes: []Scope{ScopeWebhooks}, Regions: []string{"DE"}}) || s.Owner.Within(Grant{Scopes: []Scope{ScopeAudit}}) {
		t.Errorf("owner %+v", s.Owner)
	}
	if len(owner.Scopes) != len(Scopes()) {
		t.Error("the grant of its maker is another now")
	}
	other := NewSubscription(now, "token:abc", owner, 7)
	if other.ID == s.ID || other.Secret == s.Secret {
		t.Error("two subscriptions are alike")
	}
	read, err := ReadDocument[Subscription](s.Document(3))
	if err != nil || read.Secret != s.Secret || !read.Created.Equal(s.Created) {
		t.Errorf("%+v: %v", read, err)
	}
	if err := s.Check(nil); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Subscription){
		"description": func(s *Subscription) { s.Description = "a\nb" },
		"event":       func(s *Subscription) { s.Events = []Kind{"lost"} },
		"twice":       func(s *Subscription) { s.Events = []Kind{Added, Added} },
		"filter":      func(s *Subscription) { s.Filters = map[Facet][]string{"q": {"a"}} },
		"value":       func(s *Subscription) { s.Filters = map[Facet][]string{FacetForge: {" "}} },
		"values":      func(s *Subscription) { s.Filters = map[Facet][]string{FacetForge: make([]string, 0, 1)} },
		"address":     func(s *Subscription) { s.URL = "https://localhost" },
	} {
		broken := *s
		spoil(&broken)
		if name == "values" {
			for range maxFilterValues + 1 {
				broken.Filters[FacetForge] = append(broken.Filters[FacetForge], "git")
			}
		}
		if err := broken.Check(nil); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (&Subscription{Secret: "whsec_?"}).Key(); !errors.Is(err, ErrDamaged) {
		t.Errorf("a secret that is none: %v", err)
	}
}

func TestNewDelivery(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	d := NewDelivery(now, "abc", &Change{Rev: 42})
	if again := NewDelivery(now.Add(time.Hour), "abc", &Change{Rev: 42}); d.ID != again.ID || d.ID >= NewDelivery(now, "abc", &Change{Rev: 142}).ID {
		t.Errorf("ids %s, %s", d.ID, again.ID)
	}
	if a, b := NewDelivery(now, "abc", nil), NewDelivery(now, "abc", nil); a.ID == b.ID || strings.Contains(a.ID, ".") {
		t.Errorf("tests %s, %s", a.ID, b.ID)
	}
	if k := d.Document(0).Kind; k != DeliveryDocument {
		t.Errorf("kind %s", k)
	}
	d.Dead = now
	if k := d.Document(0).Kind; k != DeadLetterDocument {
		t.Errorf("kind %s", k)
	}
}
