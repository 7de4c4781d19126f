// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// localIssuer is an issuer of OpenID Connect with one key.
type localIssuer struct {
	*httptest.Server
	key   *ecdsa.PrivateKey
	down  atomic.Bool
	asked atomic.Int32
}

func newIssuer(t *testing.T) *localIssuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &localIssuer{key: key}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.asked.Add(1)
		if i.down.Load() {
			http.Error(w, "asleep", http.StatusBadGateway)
			return
		}
		var answer any
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			answer = map[string]any{
				"issuer": i.URL, "jwks_uri": i.URL + "/keys", "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token",
				"id_token_signing_alg_values_supported": []string{"ES256", "none", "HS256"},
			}
		case "/keys":
			answer = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}}
		default:
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", typeJSON)
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(i.Close)
	return i
}

// sign makes a token of claims, those that are not given as they should be.
func (i *localIssuer) sign(t *testing.T, key *ecdsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	all := map[string]any{
		"iss": i.URL, "aud": []string{"allmende"}, "sub": "anna", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		"roles": []string{"redaktion-sh"},
	}
	maps.Copy(all, claims)
	payload, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (i *localIssuer) verifier(t *testing.T, claim string) Verifier {
	t.Helper()
	v, err := NewOIDC(OIDC{
		Issuer: i.URL, Audience: "allmende", Claim: claim, Client: i.Client(), Grants: []OIDCGrant{
			{"redaktion-sh", registry.Grant{Scopes: []registry.Scope{registry.ScopeOverrides, registry.ScopeTokens}, Regions: []string{"DE-SH"}}},
			{"redaktion", registry.Grant{Scopes: []registry.Scope{registry.ScopeOverrides}}},
			{"crawl-sh", registry.Grant{Scopes: []registry.Scope{registry.ScopeCrawl}, Regions: []string{"DE-SH"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (i *localIssuer) office(t *testing.T, claim string) *office {
	t.Helper()
	o := &office{Documents: registrytest.NewDocuments(), shelf: newShelf(), crawling: newCrawling()}
	o.Handler = handlerOf(t, o.shelf, Options{Documents: o.Documents, Amend: o.amend, Crawling: o.crawling, Verifier: i.verifier(t, claim)})
	return o
}

func TestTokensOfAnIssuer(t *testing.T) {
	i := newIssuer(t)
	o := i.office(t, "")
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	unsigned := func(alg string) string {
		whole := strings.Split(i.sign(t, i.key, nil), ".")
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"`+alg+`","kid":"k"}`)) + "." + whole[1] + "."
	}
	good := i.sign(t, i.key, nil)
	for name, tt := range map[string]struct {
		token  string
		status int
	}{
		"good":               {good, http.StatusOK},
		"one role as text":   {i.sign(t, i.key, map[string]any{"roles": "redaktion"}), http.StatusOK},
		"one audience":       {i.sign(t, i.key, map[string]any{"aud": "allmende"}), http.StatusOK},
		"another audience":   {i.sign(t, i.key, map[string]any{"aud": []string{"intranet"}}), http.StatusUnauthorized},
		"another issuer":     {i.sign(t, i.key, map[string]any{"iss": "https://login.example"}), http.StatusUnauthorized},
		"expired":            {i.sign(t, i.key, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}), http.StatusUnauthorized},
		"not yet":            {i.sign(t, i.key, map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), http.StatusUnauthorized},
		"no subject":         {i.sign(t, i.key, map[string]any{"sub": ""}), http.StatusUnauthorized},
		"odd subject":        {i.sign(t, i.key, map[string]any{"sub": "anna\nroot"}), http.StatusUnauthorized},
		"no role":            {i.sign(t, i.key, map[string]any{"roles": nil}), http.StatusForbidden},
		"another role":       {i.sign(t, i.key, map[string]any{"roles": []string{"kantine"}}), http.StatusForbidden},
		"roles of odd form":  {i.sign(t, i.key, map[string]any{"roles": map[string]any{"redaktion": true}}), http.StatusForbidden},
		"another key":        {i.sign(t, stranger, nil), http.StatusUnauthorized},
		"without signature":  {unsigned("none"), http.StatusUnauthorized},
		"of a shared secret": {unsigned("HS256"), http.StatusUnauthorized},
		"changed":            {good[:len(good)-8] + "AAAAAAAA", http.StatusUnauthorized},
		"cut off":            {good[:len(good)/2], http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			w := o.ask(t, http.MethodPut, overridesOfFull, tt.token, `{"field": "developmentStatus", "value": "beta", "reason": "R"}`)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
		})
	}
	for _, l := range o.lines(t) {
		if l.Actor != "oidc:anna" {
			t.Errorf("audit log %+v", l)
		}
	}
	if asked := i.asked.Load(); asked > 4 {
		t.Errorf("the issuer was asked %d times", asked)
	}
}

func TestGrantsOfAnIssuer(t *testing.T) {
	i := newIssuer(t)
	for name, tt := range map[string]struct {
		claim  string
		claims map[string]any
		want   registry.Grant
	}{
		"one":               {"", map[string]any{"roles": []string{"redaktion"}}, registry.Grant{Scopes: []registry.Scope{"overrides"}}},
		"of one region":     {"", map[string]any{"roles": []string{"crawl-sh", "redaktion-sh"}}, registry.Grant{Scopes: []registry.Scope{"crawl", "overrides", "tokens"}, Regions: []string{"DE-SH"}}},
		"the first counts":  {"", map[string]any{"roles": []string{"crawl-sh", "redaktion"}}, registry.Grant{Scopes: []registry.Scope{"overrides"}}},
		"another claim":     {"groups", map[string]any{"groups": []string{"redaktion"}}, registry.Grant{Scopes: []registry.Scope{"overrides"}}},
		"inside":            {"realm_access.roles", map[string]any{"realm_access": map[string]any{"roles": []string{"redaktion"}}}, registry.Grant{Scopes: []registry.Scope{"overrides"}}},
		"a name with dots":  {"https://a.example/roles", map[string]any{"https://a.example/roles": []string{"redaktion"}}, registry.Grant{Scopes: []registry.Scope{"overrides"}}},
		"nothing there":     {"realm_access.roles", map[string]any{"realm_access": "roles"}, registry.Grant{}},
		"numbers, no texts": {"", map[string]any{"roles": []int{1}}, registry.Grant{}},
	} {
		t.Run(name, func(t *testing.T) {
			subject, got, err := i.verifier(t, tt.claim).Verify(t.Context(), i.sign(t, i.key, tt.claims))
			if err != nil || subject != "anna" || !slices.Equal(got.Scopes, tt.want.Scopes) || !slices.Equal(got.Regions, tt.want.Regions) {
				t.Errorf("%s: %+v, %v", subject, got, err)
			}
		})
	}
}

// TestIssuerThatDoesNotAnswer lets nobody pass, and does not say that the token was
// wrong.
func TestIssuerThatDoesNotAnswer(t *testing.T) {
	i := newIssuer(t)
	token := i.sign(t, i.key, nil)
	i.down.Store(true)
	o := i.office(t, "")
	for range 3 {
		w := o.ask(t, http.MethodGet, "/v1/tokens", token, "")
		decode[problem](t, w, http.StatusServiceUnavailable)
	}
	if asked := i.asked.Load(); asked != 1 {
		t.Errorf("asked %d times at once", asked)
	}
	i.Close()
	o = i.office(t, "")
	decode[problem](t, o.ask(t, http.MethodGet, "/v1/tokens", token, ""), http.StatusServiceUnavailable)
}

// TestKnownKeysOutliveTheIssuer verifies with what is known while the issuer sleeps.
func TestKnownKeysOutliveTheIssuer(t *testing.T) {
	i := newIssuer(t)
	o := i.office(t, "")
	decode[tokenList](t, o.ask(t, http.MethodGet, "/v1/tokens", i.sign(t, i.key, nil), ""), http.StatusOK)
	i.Close()
	decode[tokenList](t, o.ask(t, http.MethodGet, "/v1/tokens", i.sign(t, i.key, nil), ""), http.StatusOK)
}

func TestNewOIDCRefuses(t *testing.T) {
	for name, o := range map[string]OIDC{
		"no issuer":     {Audience: "a", Client: http.DefaultClient},
		"no address":    {Issuer: "login", Audience: "a", Client: http.DefaultClient},
		"no audience":   {Issuer: "https://login.example", Client: http.DefaultClient},
		"no client":     {Issuer: "https://login.example", Audience: "a"},
		"no such scope": {Issuer: "https://login.example", Audience: "a", Client: http.DefaultClient, Grants: []OIDCGrant{{"x", registry.Grant{Scopes: []registry.Scope{"all"}}}}},
	} {
		if _, err := NewOIDC(o); err == nil {
			t.Errorf("%s: is taken", name)
		}
	}
}
