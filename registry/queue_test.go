// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestHostLock(t *testing.T) {
	for host, want := range map[string]string{
		"":                   "host",
		"forge.example":      "host-forge-example",
		"Forge.Example:8443": "host-forge-example-8443",
		"[2001:db8::1]:3000": "host--2001-db8--1--3000",
		"küste.example":      "host-k-ste-example",
		"ü":                  "host",
		"a-very-long-name-of-a-host.which-nobody.would-give-to-one.example": "host-a-very-long-name-of-a-host-which-nobody-would-give",
	} {
		if got := registry.HostLock(host); got != want {
			t.Errorf("HostLock(%q) is %q, want %q", host, got, want)
		}
	}
}

// Whatever a host is called, its lock has a name that Store.Lock takes.
func FuzzHostLock(f *testing.F) {
	for _, host := range []string{"", "forge.example:8443", "[::1]:3000", "ü", "\x00", "----------------------------------------------------a"} {
		f.Add(host)
	}
	name := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)
	f.Fuzz(func(t *testing.T, host string) {
		if lock := registry.HostLock(host); !name.MatchString(lock) {
			t.Errorf("HostLock(%q) is %q", host, lock)
		}
	})
}

func TestTaskKey(t *testing.T) {
	visit := registry.Task{Kind: registry.VisitTask, Host: "forge.example", Repo: "forge.example/a/b"}
	for _, test := range []struct {
		name  string
		other registry.Task
		same  bool
	}{
		{"another spelling", registry.Task{Kind: registry.VisitTask, Host: "Forge.Example", Repo: "forge.example/A/B"}, true},
		{"another kind", registry.Task{Kind: registry.ExportTask, Host: "forge.example", Repo: "forge.example/a/b"}, false},
		{"another host", registry.Task{Kind: registry.VisitTask, Host: "forge.example:8443", Repo: "forge.example/a/b"}, false},
		{"another repository", registry.Task{Kind: registry.VisitTask, Host: "forge.example", Repo: "forge.example/a/c"}, false},
	} {
		if got := visit.Key() == test.other.Key(); got != test.same {
			t.Errorf("%s: the keys are equal: %v", test.name, got)
		}
	}
}

func TestTaskCheck(t *testing.T) {
	for _, good := range []registry.Task{
		{Kind: registry.SettleTask},
		{Kind: registry.CrawlTask, Host: "Küste.example:443"},
		{Kind: registry.CrawlTask, Host: "::1:3000"},
		{Kind: registry.VisitTask, Host: "forge.example:443", Repo: "forge.example/a/B"},
		{Kind: "another-kind", Host: ":443"},
	} {
		if err := good.Check(); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	if err := (registry.Task{Kind: registry.VisitTask, Host: "forge.example"}).Check(); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("a visit of nothing: %v, want ErrInvalid", err)
	}
}
