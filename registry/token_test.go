// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func TestToken(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 10, time.UTC)
	grant := registry.Grant{Scopes: []registry.Scope{registry.ScopeCrawl}}
	token, value, err := registry.NewToken(now, "cli", "Amt", grant, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	id, secret, ok := registry.CutToken(value)
	if !ok || id != token.ID || !registry.IsTokenID(id) || len(secret)*5 < 160 {
		t.Fatalf("token %q is cut into %q and %q", value, id, secret)
	}
	if body := string(token.Document().Body); strings.Contains(body, secret) {
		t.Errorf("the secret is kept: %s", body)
	}
	again, err := registry.ReadDocument[registry.Token](token.Document())
	if err != nil || !again.Opens(secret, now) {
		t.Errorf("as it is kept it does not open: %v", err)
	}
	other, _, err := registry.NewToken(now, "cli", "Amt", grant, time.Time{})
	if err != nil || other.ID == token.ID || other.Hash == token.Hash {
		t.Errorf("two tokens are alike: %v", err)
	}
	if !other.Holds(now.AddDate(1000, 0, 0)) {
		t.Error("one for good ends")
	}
	for name, opens := range map[string]bool{
		"another secret": token.Opens(strings.Repeat("a", len(secret)), now),
		"no secret":      token.Opens("", now),
		"another token":  other.Opens(secret, now),
		"expired":        token.Opens(secret, now.Add(time.Hour)),
	} {
		if opens {
			t.Errorf("%s: opens", name)
		}
	}
	if token.Revoked = now; token.Opens(secret, now) {
		t.Error("revoked: opens")
	}
}

func TestCutToken(t *testing.T) {
	good := "almd_" + strings.Repeat("a", 12) + "_" + strings.Repeat("2", 52)
	if _, _, ok := registry.CutToken(good); !ok {
		t.Errorf("%s is no token", good)
	}
	for _, s := range []string{"", "almd_", good + "a", good[:len(good)-1], strings.ToUpper(good), " " + good, good + "\n", strings.Replace(good, "2", "1", 1)} {
		if id, secret, ok := registry.CutToken(s); ok || id != "" || secret != "" {
			t.Errorf("%q is cut into %q and %q", s, id, secret)
		}
	}
}

func TestNewTokenRefuses(t *testing.T) {
	now := time.Now()
	crawl := []registry.Scope{registry.ScopeCrawl}
	many := make([]string, 101)
	for i := range many {
		many[i] = "DE"
	}
	for name, tt := range map[string]struct {
		name    string
		grant   registry.Grant
		expires time.Time
	}{
		"no name":          {" ", registry.Grant{Scopes: crawl}, time.Time{}},
		"a name in lines":  {"a\nb", registry.Grant{Scopes: crawl}, time.Time{}},
		"a long name":      {strings.Repeat("ä", 201), registry.Grant{Scopes: crawl}, time.Time{}},
		"no scope":         {"A", registry.Grant{}, time.Time{}},
		"unknown scope":    {"A", registry.Grant{Scopes: []registry.Scope{"root"}}, time.Time{}},
		"a scope twice":    {"A", registry.Grant{Scopes: append(crawl, crawl...)}, time.Time{}},
		"no region":        {"A", registry.Grant{Scopes: crawl, Regions: []string{"Kiel"}}, time.Time{}},
		"no state":         {"A", registry.Grant{Scopes: crawl, Regions: []string{"DE-XX"}}, time.Time{}},
		"small letters":    {"A", registry.Grant{Scopes: crawl, Regions: []string{"de-sh"}}, time.Time{}},
		"no country":       {"A", registry.Grant{Scopes: crawl, Regions: []string{"XQ-1"}}, time.Time{}},
		"too many regions": {"A", registry.Grant{Scopes: crawl, Regions: many}, time.Time{}},
		"no URI":           {"A", registry.Grant{Scopes: crawl, Organisation: "Kiel"}, time.Time{}},
		"expired":          {"A", registry.Grant{Scopes: crawl}, now.Add(-time.Second)},
	} {
		if _, value, err := registry.NewToken(now, "cli", tt.name, tt.grant, tt.expires); !errors.Is(err, registry.ErrInvalid) || value != "" {
			t.Errorf("%s: %q, %v", name, value, err)
		}
	}
	for _, region := range []string{"DE", "DE-SH", "AT", "AT-9", "BE", "FR-IDF"} {
		if err := (registry.Grant{Scopes: crawl, Regions: []string{region}}).Check(); err != nil {
			t.Errorf("%s: %v", region, err)
		}
	}
}

func TestGrantCovers(t *testing.T) {
	crawl := []registry.Scope{registry.ScopeCrawl}
	for name, tt := range map[string]struct {
		regions []string
		region  string
		want    bool
	}{
		"everywhere":               {nil, "DE-SH", true},
		"everywhere, not known":    {nil, "", true},
		"the same":                 {[]string{"DE-HH", "DE-SH"}, "DE-SH", true},
		"a part":                   {[]string{"DE"}, "DE-SH", true},
		"the whole of a part":      {[]string{"DE-SH"}, "DE", false},
		"another":                  {[]string{"DE-SH"}, "DE-ST", false},
		"begins the same":          {[]string{"DE-S"}, "DE-SH", false},
		"not known":                {[]string{"DE"}, "", false},
		"a country with one state": {[]string{"DE-BE"}, "BE", false},
	} {
		g := registry.Grant{Scopes: crawl, Regions: tt.regions}
		if got := g.Allows(registry.ScopeCrawl, tt.region); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
		if g.Allows(registry.ScopeAudit, tt.region) {
			t.Errorf("%s: allows what it has no scope for", name)
		}
	}
}

func TestGrantWithin(t *testing.T) {
	grant := func(scopes string, regions string, organisation string) (g registry.Grant) {
		for _, s := range strings.Fields(scopes) {
			g.Scopes = append(g.Scopes, registry.Scope(s))
		}
		g.Regions, g.Organisation = strings.Fields(regions), organisation
		return g
	}
	for name, tt := range map[string]struct {
		g, other registry.Grant
		want     bool
	}{
		"itself":               {grant("crawl", "DE", "u:a"), grant("crawl", "DE", "u:a"), true},
		"fewer scopes":         {grant("crawl", "", ""), grant("audit crawl", "", ""), true},
		"more scopes":          {grant("audit crawl", "", ""), grant("crawl", "", ""), false},
		"a part":               {grant("crawl", "DE-SH DE-HH", ""), grant("crawl", "DE", ""), true},
		"the whole":            {grant("crawl", "DE", ""), grant("crawl", "DE-SH", ""), false},
		"everywhere":           {grant("crawl", "", ""), grant("crawl", "DE", ""), false},
		"in one of them":       {grant("crawl", "AT DE-SH", ""), grant("crawl", "DE", ""), false},
		"bound":                {grant("crawl", "DE", "u:a"), grant("crawl", "DE", ""), true},
		"not bound":            {grant("crawl", "DE", ""), grant("crawl", "DE", "u:a"), false},
		"another organisation": {grant("crawl", "DE", "u:b"), grant("crawl", "DE", "u:a"), false},
	} {
		if got := tt.g.Within(tt.other); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestExpiry(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	for s, want := range map[string]time.Time{
		"":                     now.AddDate(1, 0, 0),
		"never":                {},
		"90d":                  now.AddDate(0, 0, 90),
		"2027-01-31":           time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		"2027-01-31T10:00:00Z": time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC),
	} {
		if got, err := registry.Expiry(s, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"0d", "-1d", "90", "d", "100000d", "31.01.2027", "2027-02-30", "Never", "0001-01-01T00:00:00Z"} {
		if got, err := registry.Expiry(s, now); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

func FuzzCutToken(f *testing.F) {
	f.Add("almd_" + strings.Repeat("a", 12) + "_" + strings.Repeat("2", 52))
	f.Add("almd__")
	f.Fuzz(func(t *testing.T, s string) {
		if id, secret, ok := registry.CutToken(s); ok && "almd_"+id+"_"+secret != s {
			t.Errorf("%q is cut into %q and %q", s, id, secret)
		}
	})
}
