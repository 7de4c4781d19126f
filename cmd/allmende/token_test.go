// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

func TestTokens(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	config := write(t, "config.yml", "store: sqlite:"+file+"\npublishers: []\n")
	for name, args := range map[string][]string{
		"no name":         {"--scope", "crawl"},
		"no scope":        {"--name", "A"},
		"no such scope":   {"--name", "A", "--scope", "all"},
		"no region":       {"--name", "A", "--scope", "crawl", "--region", "Kiel"},
		"no time":         {"--name", "A", "--scope", "crawl", "--expires", "soon"},
		"in the past":     {"--name", "A", "--scope", "crawl", "--expires", "2020-01-01"},
		"no organisation": {"--name", "A", "--scope", "crawl", "--organisation", "Kiel"},
	} {
		if out, errs, code := command(t, append([]string{"token", "create", "--config", config}, args...)...); code != 2 || out != "" {
			t.Errorf("%s: code %d: %s%s", name, code, out, errs)
		}
	}
	if out, errs, code := command(t, "token", "list", "--config", config); code != 2 || !strings.Contains(errs, "no registry") {
		t.Errorf("list before there is a registry: code %d: %s%s", code, out, errs)
	}

	out, errs, code := command(t, "token", "create", "--config", config, "--name", "Redaktion Kiel", "--scope", "overrides", "--scope", "crawl", "--region", "sh", "--expires", "90d")
	value := strings.TrimSuffix(out, "\n")
	id, secret, ok := registry.CutToken(value)
	if code != 0 || !ok {
		t.Fatalf("code %d: %s%s", code, out, errs)
	}
	if strings.Contains(errs, secret) || !strings.Contains(errs, "DE-SH") {
		t.Errorf("said beside it: %s", errs)
	}
	command(t, "token", "create", "--config", config, "--name", "Für immer", "--scope", "audit", "--expires", "never")

	out, errs, code = command(t, "token", "list", "--config", config)
	if code != 0 || !strings.Contains(out, id) || !strings.Contains(out, "overrides,crawl") || !strings.Contains(out, "never") || strings.Contains(out, secret) {
		t.Errorf("code %d: %s%s", code, out, errs)
	}
	var list []shownToken
	out, _, _ = command(t, "token", "list", "--json", "--config", config)
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 2 || strings.Contains(out, "hash") {
		t.Fatalf("%v: %s", err, out)
	}
	first := list[0]
	if first.ID != id || first.State != "valid" || first.By != "cli" || len(first.Regions) != 1 || first.Regions[0] != "DE-SH" ||
		first.Expires.Sub(first.Created).Round(time.Hour) != 90*24*time.Hour {
		t.Errorf("listed as %+v", first)
	}

	for name, arg := range map[string]string{"unknown": "aaaaaaaaaaaa", "the token": value, "odd": "a/../b"} {
		if out, errs, code := command(t, "token", "revoke", arg, "--config", config); code != 2 {
			t.Errorf("revoke %s: code %d: %s%s", name, code, out, errs)
		}
	}
	for range 2 {
		if out, errs, code := command(t, "token", "revoke", id, "--config", config); code != 0 || !strings.Contains(out, id) {
			t.Errorf("revoke: code %d: %s%s", code, out, errs)
		}
	}
	store, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	doc, err := store.Document(t.Context(), registry.TokenDocument, id)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := registry.ReadDocument[registry.Token](doc)
	if err != nil || kept.Opens(secret, time.Now()) {
		t.Errorf("a revoked token opens: %v", err)
	}

	out, errs, code = command(t, "audit", "--config", config)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || len(lines) != 3 || !regexp.MustCompile(`cli +token\.revoke +`+id).MatchString(lines[0]) || strings.Contains(out, secret) {
		t.Errorf("code %d: %s%s", code, out, errs)
	}
	out, _, _ = command(t, "audit", "--json", "--config", config)
	for line := range strings.Lines(out) {
		var l registry.AuditLine
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Actor != "cli" {
			t.Errorf("%v: %s", err, line)
		}
	}
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	if out, errs, code := command(t, "audit", "--since", later, "--config", config); code != 0 || out != "" {
		t.Errorf("since %s: code %d: %s%s", later, code, out, errs)
	}
	if _, _, code := command(t, "audit", "--since", "gestern", "--config", config); code != 2 {
		t.Errorf("since yesterday, in words: code %d", code)
	}
}

func TestOIDCConfiguration(t *testing.T) {
	const good = `store: sqlite:a.db
publishers: []
oidc:
  issuer: https://login.example/realms/amt
  audience: allmende
  claim: realm_access.roles
  grants:
    - {value: redaktion, scopes: [overrides, crawl], regions: [SH]}
`
	cfg, err := parseConfig([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.OIDC.Grants[0].grant(); len(got.Scopes) != 2 || got.Regions[0] != "DE-SH" {
		t.Errorf("grant %+v", got)
	}
	if v, err := cfg.verifier(); err != nil || v == nil {
		t.Errorf("verifier %v, %v", v, err)
	}
	for name, tt := range map[string]struct{ old, new, want string }{
		"no issuer":      {"issuer: https://login.example/realms/amt", "issuer: login", "line 4: oidc.issuer"},
		"without TLS":    {"https://login", "http://login", "line 4: oidc.issuer"},
		"no audience":    {"audience: allmende", "audience: ''", "line 5: oidc.audience"},
		"unknown key":    {"audience:", "audiance:", "audiance"},
		"no grants":      {"    - {value: redaktion, scopes: [overrides, crawl], regions: [SH]}\n", "", "oidc.grants"},
		"no value":       {"value: redaktion, ", "", "oidc.grants[0].value"},
		"no such scope":  {"crawl]", "root]", "root"},
		"no such region": {"[SH]", "[XX]", "oidc.grants[0].regions[0]"},
	} {
		_, err := parseConfig([]byte(strings.Replace(good, tt.old, tt.new, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	if cfg, err = parseConfig([]byte("store: sqlite:a.db\npublishers: []\n")); err != nil {
		t.Fatal(err)
	}
	if v, err := cfg.verifier(); err != nil || v != nil {
		t.Errorf("without an issuer: %v, %v", v, err)
	}
}

// tokenOf makes a token by the command and returns its value.
func tokenOf(t *testing.T, config string, flags ...string) string {
	t.Helper()
	out, errs, code := command(t, append([]string{"token", "create", "--config", config, "--name", "Prüfung"}, flags...)...)
	if code != 0 {
		t.Fatal(fmt.Sprint(code, out, errs))
	}
	return strings.TrimSpace(out)
}
