// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// TestNeedsReachSubscribers has a node with a store and an index tell a receiver of a
// need, over HTTP: of what fits it, of what fits it later, and of nothing restricted.
func TestNeedsReachSubscribers(t *testing.T) {
	got := make(chan string, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- string(body)
	}))
	defer receiver.Close()
	cfg, err := parseConfig(fmt.Appendf(nil, "store: %q\nbaseURL: https://catalogue.example\nwebhooks:\n  receivers: [%q]\npublishers:\n  - {id: nord, name: Nord, region: DE-SH, sources: [\"https://git.example/nord\"]}\n",
		"sqlite:"+filepath.Join(t.TempDir(), "a.db"), receiver.URL))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	cat, err := openCatalogue(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cat.Close()
	handler, err := cat.handler(siteOptions(cfg, log))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	fits := func(name string) {
		t.Helper()
		src := []byte("name: " + name + "\n")
		_, err := cat.Put(t.Context(), &registry.Software{
			ID: registry.ID("git.example/nord/" + strings.ToLower(name)), PublicCode: publiccode.PublicCode{Name: name, Categories: []string{"document-management"}},
			Publisher: registry.Publisher{ID: "nord", Name: "Nord", Region: "DE-SH"}, Repository: registry.Repository{URL: "https://git.example/nord/" + strings.ToLower(name), Forge: "git"},
			Files: []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: src}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	noted := func() { // what a node does every few seconds
		t.Helper()
		err := registry.ErrConflict
		for errors.Is(err, registry.ErrConflict) { // while the node does, too
			var b *registry.Board
			if b, err = registry.ReadBoard(t.Context(), cat, nil, time.Now()); err == nil {
				err = registry.NoteNeeds(t.Context(), cat, b, time.Now())
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	noted()
	token, value, err := registry.NewToken(time.Now(), "cli", "Prüfung", registry.Grant{Scopes: []registry.Scope{registry.ScopeWebhooks}}, time.Time{})
	if err == nil {
		err = cat.PutDocuments(t.Context(), token.Document())
	}
	if err != nil {
		t.Fatal(err)
	}
	subscribe, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/webhooks",
		strings.NewReader(fmt.Sprintf(`{"url": %q, "events": ["need"], "filters": {"region": ["DE-SH"], "category": ["document-management"]}}`, receiver.URL+"/bedarf")))
	if err != nil {
		t.Fatal(err)
	}
	subscribe.Header.Set("Authorization", "Bearer "+value)
	subscribe.Header.Set("Content-Type", "application/json")
	resp, err := server.Client().Do(subscribe)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("status %d", resp.StatusCode)
	}

	fits("Fristenkalender")
	said := &registry.Needs{
		Word: registry.Word{
			Organisation: adoption.Organisation{URI: "https://stadt.example/", Name: "Stadt", Region: "DE-SH"}, Repository: "git.example/stadt/bedarf", Time: time.Now().UTC(),
			Publisher: registry.Publisher{ID: "nord", Name: "Nord", Region: "DE-SH"},
		},
		Needs: []adoption.Need{
			{ID: "geheim", Title: "Fristenkalender der Leitstelle", Categories: []string{"document-management"}, Visibility: adoption.Restricted},
			{ID: "fristen", Title: "Fristenkalender", Categories: []string{"document-management"}},
			{ID: "anderes", Title: "Fristenkalender mit Karte", Categories: []string{"gis"}},
		},
	}
	if err := cat.PutDocuments(t.Context(), said.Document(0)); err != nil {
		t.Fatal(err)
	}
	defer cfg.delivering(t.Context(), cat.store, nil, log)()
	defer cat.noting(t.Context(), log)()

	next := func(kind, solution string) {
		t.Helper()
		var e struct {
			Type string
			Data struct {
				Key       string
				Solutions []struct{ ID string }
				Links     struct{ Self string }
			}
		}
		select {
		case body := <-got:
			if err := json.Unmarshal([]byte(body), &e); err != nil {
				t.Fatal(err)
			}
			if e.Type != kind || e.Data.Key != "git.example/stadt/bedarf#fristen" || len(e.Data.Solutions) != 1 || e.Data.Solutions[0].ID != solution || strings.Contains(body, "Leitstelle") {
				t.Errorf("want %s with %s: %s", kind, solution, body)
			}
		case <-time.After(time.Minute):
			t.Fatalf("nothing of %s was sent", kind)
		}
		answer, err := server.Client().Get(server.URL + strings.TrimPrefix(e.Data.Links.Self, "https://catalogue.example"))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("the link leads to the status %d", answer.StatusCode)
		}
	}
	next("need.added", "git.example/nord/fristenkalender")
	fits("Fristenkalender-Nord")
	noted()
	next("need.matched", "git.example/nord/fristenkalender-nord")
}
