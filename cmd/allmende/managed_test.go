// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// send sends a request with a token to a server, and returns status and body.
func (s *served) send(t *testing.T, method, path, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// A server takes up a publisher that is added by the API without a restart, visits
// what it is asked for, and shows what is corrected at once.
func TestServeManaged(t *testing.T) {
	t.Setenv("MANAGED_TEST_SECRET", "Ebbe")
	world := forgetest.New()
	address := forgeOf(t, world)
	host := strings.TrimPrefix(address, "http://")
	world.Put(software(address, "stadt/wahl", "Wahl"))
	world.Put(software(address, "kreis/rad", "Rad"))
	dir := t.TempDir()
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s/a.db
forges: [{url: %q, kind: forgejo, allowPrivate: true, webhookSecretEnv: MANAGED_TEST_SECRET}]
publishers: [{id: a, name: A, region: BY, sources: ["%s/stadt"]}]
`, dir, address, address))
	s := serve(t, config)
	s.until(t, "v1/software/"+host+"/stadt/wahl", `"name":"Wahl"`)
	token := tokenOf(t, config, "--scope", "publishers", "--scope", "crawl", "--scope", "overrides", "--region", "SH")

	body := func(source string) string {
		return fmt.Sprintf(`{"name": "Kreis", "region": "DE-SH", "sources": [{"url": %q}]}`, source)
	}
	for name, tt := range map[string]struct {
		source string
		status int
	}{
		"another's":       {address + "/stadt", http.StatusConflict},
		"of another's":    {address + "/stadt/wahl", http.StatusForbidden},
		"a folder":        {"file:///etc", http.StatusBadRequest},
		"credentials":     {"https://a:b@git.example/x", http.StatusBadRequest},
		"a private forge": {"http://127.0.0.1:9/kreis", http.StatusBadRequest},
		"no forge":        {"http://localhost:9", http.StatusBadRequest},
	} {
		if status, answer := s.send(t, http.MethodPut, "v1/publishers/kreis", token, body(tt.source)); status != tt.status {
			t.Errorf("%s: status %d: %s", name, status, answer)
		}
	}
	if status, answer := s.send(t, http.MethodPut, "v1/publishers/a", token, body(address+"/kreis")); status != http.StatusConflict {
		t.Errorf("that of the configuration: status %d: %s", status, answer)
	}
	if status, answer := s.send(t, http.MethodPut, "v1/publishers/kreis", token, body(address+"/kreis")); status != http.StatusCreated {
		t.Fatalf("status %d: %s", status, answer)
	}
	s.until(t, "v1/software/"+host+"/kreis/rad", `"publisher":{"id":"kreis"`)
	s.until(t, "v1/publishers", `"id":"kreis"`)
	s.until(t, "v1/sources?url="+address+"/kreis", `"state":"read"`)

	world.Put(software(address, "kreis/rad", "Neues Rad"))
	if status, answer := s.send(t, http.MethodPost, "v1/crawls", token, fmt.Sprintf(`{"url": "%s/kreis/rad"}`, address)); status != http.StatusAccepted {
		t.Errorf("visit: status %d: %s", status, answer)
	}
	s.until(t, "v1/software/"+host+"/kreis/rad", `"name":"Neues Rad"`)
	world.Put(software(address, "kreis/boot", "Boot"))
	if status, answer := s.send(t, http.MethodPost, "v1/crawls", token, fmt.Sprintf(`{"url": "%s/kreis"}`, address)); status != http.StatusAccepted {
		t.Errorf("crawl: status %d: %s", status, answer)
	}
	s.until(t, "v1/software/"+host+"/kreis/boot", `"name":"Boot"`)

	override := `{"field": "developmentStatus", "value": "obsolete", "reason": "Wird nicht mehr gepflegt"}`
	if status, answer := s.send(t, http.MethodPut, "v1/overrides/"+host+"/stadt/wahl", token, override); status != http.StatusForbidden {
		t.Errorf("override elsewhere: status %d: %s", status, answer)
	}
	if status, answer := s.send(t, http.MethodPut, "v1/overrides/"+host+"/kreis/rad", token, override); status != http.StatusOK {
		t.Errorf("override: status %d: %s", status, answer)
	}
	if _, shown := fetchURL(t, s.address+"v1/software/"+host+"/kreis/rad"); !strings.Contains(shown, `"status":"obsolete"`) || !strings.Contains(shown, "Wird nicht mehr gepflegt") {
		t.Errorf("shown at once: %.300s", shown)
	}
	if _, page := fetchURL(t, s.address+"software/"+host+"/kreis/rad/"); !strings.Contains(page, "Wird nicht mehr gepflegt") || !strings.Contains(page, "Prüfung") {
		t.Error("the page does not show who corrected what")
	}
	// It outlives the next visit.
	world.Put(software(address, "kreis/rad", "Drittes Rad"))
	s.send(t, http.MethodPost, "v1/crawls", token, fmt.Sprintf(`{"url": "%s/kreis/rad"}`, address))
	s.until(t, "v1/software/"+host+"/kreis/rad", `"name":"Drittes Rad"`)
	s.until(t, "v1/software/"+host+"/kreis/rad", `"status":"obsolete"`)

	// A server that does not crawl knows it, too.
	beside := serve(t, config, "--crawl=false")
	world.Put(software(address, "kreis/rad", "Viertes Rad"))
	if status := beside.push(t, host, "kreis/rad", "Ebbe"); status != http.StatusAccepted {
		t.Errorf("a push to a server that does not crawl: status %d", status)
	}
	beside.until(t, "v1/software/"+host+"/kreis/rad", `"name":"Viertes Rad"`)
	beside.stop()

	if status, answer := s.send(t, http.MethodDelete, "v1/publishers/kreis", token, ""); status != http.StatusNoContent {
		t.Errorf("delete: status %d: %s", status, answer)
	}
	if status, answer := s.send(t, http.MethodPost, "v1/crawls", token, fmt.Sprintf(`{"url": "%s/kreis"}`, address)); status != http.StatusNotFound {
		t.Errorf("crawl of what was removed: status %d: %s", status, answer)
	}
	s.send(t, http.MethodPut, "v1/publishers/kreis", token, body(address+"/kreis"))
	s.stop()
	world.Put(software(address, "kreis/bahn", "Bahn"))
	if out, errs, code := command(t, "crawl", "--config", config); code != 0 {
		t.Errorf("crawl: code %d: %s%s", code, out, errs)
	}
	if out, errs, code := command(t, "why", "--config", config, address+"/kreis/bahn"); code != 0 {
		t.Errorf("why: code %d: %s%s", code, out, errs)
	}
	out, _, _ := command(t, "audit", "--config", config)
	if n := strings.Count(out, "\n"); n != 8 { // token, 3 of publishers, 3 crawls, 1 override
		t.Errorf("%d lines in the audit log, and not one for each write:\n%s", n, out)
	}
}

// What another process wrote is found by looking.
func TestSourcesLook(t *testing.T) {
	s := listed(t, "store: sqlite:a.db\npublishers: [{id: a, name: A, sources: [https://github.com/amt]}]\n")
	documents := registrytest.NewDocuments()
	s.documents = documents
	look := func(want bool, list ...string) {
		t.Helper()
		changed, err := s.look(t.Context())
		if err != nil || changed != want {
			t.Errorf("changed: %v, %v", changed, err)
		}
		if got := urls(s.known()); !slices.Equal(got, list) {
			t.Errorf("sources %v, want %v", got, list)
		}
	}
	put := func(version int64, id string, addresses ...string) *registry.Document {
		t.Helper()
		p := registry.ManagedPublisher{Publisher: registry.Publisher{ID: id, Name: id}}
		for _, a := range addresses {
			p.Sources = append(p.Sources, registry.ManagedSource{URL: a})
		}
		d := p.Document(version)
		if err := documents.PutDocuments(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	look(false, "https://github.com/amt of a")
	d := put(0, "b", "https://github.com/Amt", "https://github.com/kreis", "file://etc")
	look(true, "https://github.com/amt of a", "https://github.com/kreis of b")
	look(false, "https://github.com/amt of a", "https://github.com/kreis of b")
	put(0, "c", "https://github.com/kreis", "https://github.com/stadt")
	put(0, "a", "https://github.com/unter-anderem-namen")
	look(true, "https://github.com/amt of a", "https://github.com/kreis of b", "https://github.com/stadt of c")
	put(d.Version, "b")
	look(true, "https://github.com/amt of a", "https://github.com/kreis of c", "https://github.com/stadt of c")
	if err := documents.PutDocuments(t.Context(), &registry.Document{Kind: registry.PublisherDocument, Key: "c"}); err != nil {
		t.Fatal(err)
	}
	look(true, "https://github.com/amt of a")
}

// The issuer of tokens is kept out of the own network unless that is allowed.
func TestIssuerIsGuarded(t *testing.T) {
	var issuer *httptest.Server
	asked := 0
	issuer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if strings.HasPrefix(r.URL.Path, "/.well-known") {
			fmt.Fprintf(w, `{"issuer": %q, "jwks_uri": "%s/keys", "id_token_signing_alg_values_supported": ["ES256"]}`, issuer.URL, issuer.URL)
			return
		}
		fmt.Fprint(w, `{"keys": []}`)
	}))
	defer issuer.Close()
	for _, allowed := range []bool{false, true} {
		cfg := &config{OIDC: &oidcConfig{Issuer: issuer.URL, Audience: "a", AllowPrivate: allowed}}
		v, err := cfg.verifier()
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = v.Verify(t.Context(), "e30.e30.e30")
		if err == nil || errors.Is(err, registry.ErrForbidden) != allowed || asked > 0 != allowed {
			t.Errorf("allowPrivate %v: %v, asked %d times", allowed, err, asked)
		}
	}
}
