// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/allmende-registry/allmende/api/apitest"
	"github.com/allmende-registry/allmende/registry"
)

// TestDemoWithstandsRequests sends requests that are made out of the OpenAPI document
// to the catalogue of the demo, with the store, the index and the site that a server
// has.
func TestDemoWithstandsRequests(t *testing.T) {
	requests := 4000
	if testing.Short() {
		requests = 500
	}
	cfg, log := sampleCrawl(t)
	none := 0
	cfg.Limits = limitsConfig{Work: &none, Logins: &none}
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
	client := server.Client()
	resp, err := client.Get(server.URL + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	g, err := apitest.New(document, 7)
	if err != nil {
		t.Fatal(err)
	}
	g.Samples = map[string][]string{"file": {"publiccode-0.7.json"}, "getLicence.id": {"EUPL-1.2"}}
	for e, err := range cat.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		g.Samples["id"] = append(g.Samples["id"], string(e.ID))
		for _, f := range e.Files {
			if f.Role == registry.RoleSBOM {
				g.Samples["sha256"] = append(g.Samples["sha256"], f.Hash)
			}
		}
	}
	good := 0
	for range requests {
		r, operation := g.Next(server.URL)
		if operation == "streamChanges" || r.URL.Query().Has("wait") {
			continue // they wait for what does not come
		}
		ans, err := apitest.Send(client.Transport, r.WithContext(t.Context()))
		if errors.Is(err, apitest.ErrBrokenOff) {
			continue
		}
		if err == nil {
			err = g.Judge(operation, ans)
		}
		if err != nil {
			t.Fatalf("%s %.300s %.200s: %v", r.Method, r.URL.Opaque, r.Header, err)
		}
		if ans.Status == http.StatusOK {
			good++
		}
	}
	if good < requests/10 {
		t.Errorf("%d of %d requests were good ones", good, requests)
	}
}
