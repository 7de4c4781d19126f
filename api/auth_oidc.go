// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/allmende-registry/allmende/registry"
)

// OIDC says whose bearer tokens are taken besides those of the registry: the JSON Web
// Tokens that an issuer of OpenID Connect signs.
type OIDC struct {
	Issuer   string // address, as the tokens name it
	Audience string // that the tokens are for
	// Claim has the roles or groups of the subject: its name, or with dots between
	// them those of the objects that lead to it, such as realm_access.roles; "" is
	// roles.
	Claim  string
	Grants []OIDCGrant
	// Client asks the issuer for its keys. It is to be bounded in time, and to keep
	// away from what is not to be reached.
	Client *http.Client
}

// OIDCGrant is what a value of the claim allows.
type OIDCGrant struct {
	Value string
	registry.Grant
}

// The bounds of what is asked of an issuer.
const (
	maxIssuerBody = 1 << 20
	maxSubject    = 200
	// issuerPause is the least time between two questions: whoever sends made-up
	// tokens is not to have the issuer asked for each.
	issuerPause = 5 * time.Second
)

// errUnreachable is an issuer that does not answer as one.
var errUnreachable = errors.New("the issuer cannot be asked")

// signatures are the algorithms that are taken: those with a public key.
var signatures = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

// NewOIDC makes a Verifier. The issuer is asked when the first token comes, and
// again when one is signed by a key that is not known yet. What it lacks is
// registry.ErrInvalid.
func NewOIDC(o OIDC) (Verifier, error) {
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil:
		return nil, fmt.Errorf("%w: the issuer is a web address, not %q", registry.ErrInvalid, o.Issuer)
	case o.Audience == "":
		return nil, fmt.Errorf("%w: the audience of the tokens is missing: without it those for other services would be taken", registry.ErrInvalid)
	case o.Client == nil:
		return nil, fmt.Errorf("%w: there is no client to ask the issuer with", registry.ErrInvalid)
	}
	for _, g := range o.Grants {
		if err := g.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", g.Value, err)
		}
	}
	o.Claim = cmp.Or(o.Claim, "roles")
	client := *o.Client
	client.Transport = &issuerTransport{next: cmp.Or[http.RoundTripper](client.Transport, http.DefaultTransport), now: time.Now}
	o.Client = &client
	return &issuer{OIDC: o}, nil
}

// issuer is a Verifier.
type issuer struct {
	OIDC
	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier // nil until the issuer was asked
}

// Verify checks the signature of a token, whose it is, whom it is for and whether it
// has expired.
func (i *issuer) Verify(ctx context.Context, token string) (string, registry.Grant, error) {
	verifier, err := i.discovered(ctx)
	if err != nil {
		return "", registry.Grant{}, err
	}
	var failure error
	t, err := verifier.Verify(context.WithValue(ctx, failureKey{}, &failure), token)
	switch {
	case failure != nil:
		return "", registry.Grant{}, failure
	case ctx.Err() != nil:
		return "", registry.Grant{}, ctx.Err()
	case err != nil:
		return "", registry.Grant{}, fmt.Errorf("%w: %w", registry.ErrForbidden, err)
	case t.Subject == "" || !readable(t.Subject, maxSubject):
		return "", registry.Grant{}, fmt.Errorf("%w: the token names no subject, or none that can be written down", registry.ErrForbidden)
	}
	var claims map[string]json.RawMessage
	if err := t.Claims(&claims); err != nil {
		return "", registry.Grant{}, fmt.Errorf("%w: %w", registry.ErrForbidden, err)
	}
	return t.Subject, i.grant(claimed(claims, i.Claim)), nil
}

// grant is what the first of the grants allows whose value is there, with the scopes
// of all further ones of the same regions and organisation.
func (i *issuer) grant(has []string) (g registry.Grant) {
	for _, more := range i.Grants {
		switch {
		case !slices.Contains(has, more.Value):
		case len(g.Scopes) == 0:
			g = more.Grant
			g.Scopes = slices.Clone(g.Scopes)
		case slices.Equal(g.Regions, more.Regions) && g.Organisation == more.Organisation:
			g.Scopes = append(g.Scopes, more.Scopes...)
		}
	}
	slices.Sort(g.Scopes)
	g.Scopes = slices.Compact(g.Scopes)
	return g
}

// claimed are the values of a claim: a list of texts, or one.
func claimed(claims map[string]json.RawMessage, name string) []string {
	raw, ok := claims[name]
	if first, rest, nested := strings.Cut(name, "."); !ok && nested {
		var inner map[string]json.RawMessage
		if json.Unmarshal(claims[first], &inner) != nil {
			return nil
		}
		return claimed(inner, rest)
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	return nil
}

// discovered is the verifier with what the issuer says of itself (OpenID Connect
// Discovery 1.0).
func (i *issuer) discovered(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.verifier != nil {
		return i.verifier, nil
	}
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), i.Client) // it has a timeout
	provider, err := oidc.NewProvider(ctx, i.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	var said struct {
		Keys       string   `json:"jwks_uri"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	said.Algorithms = slices.DeleteFunc(said.Algorithms, func(a string) bool { return !slices.Contains(signatures, a) })
	i.verifier = oidc.NewVerifier(i.Issuer, keySet{oidc.NewRemoteKeySet(ctx, said.Keys)}, &oidc.Config{
		ClientID: i.Audience, SupportedSigningAlgs: said.Algorithms,
	})
	return i.verifier, nil
}

// failureKey is where keySet leaves why the keys could not be had: the error of the
// verifier does not wrap it.
type failureKey struct{}

type keySet struct{ oidc.KeySet }

func (k keySet) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, jwt)
	if failure, ok := ctx.Value(failureKey{}).(*error); ok && errors.Is(err, errUnreachable) {
		*failure = err
	}
	return payload, err
}

// issuerTransport bounds how often and how much is asked of an issuer, and tells what
// it fails of from what is wrong with a token.
type issuerTransport struct {
	next http.RoundTripper
	now  func() time.Time
	mu   sync.Mutex
	last map[string]lastAsked // by address
}

// lastAsked is when an address was asked, and what came of it.
type lastAsked struct {
	at  time.Time
	err error
}

// errAskedJustNow is where what was learnt a moment ago stands: a token that it does
// not open is not valid.
var errAskedJustNow = errors.New("the issuer was asked a moment ago")

func (t *issuerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	address, now := r.URL.String(), t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, asked := t.last[address]; asked && now.Sub(last.at) < issuerPause {
		if last.err == nil {
			return nil, errAskedJustNow
		}
		return nil, last.err
	}
	res, err := t.ask(r)
	if t.last == nil {
		t.last = map[string]lastAsked{}
	}
	t.last[address] = lastAsked{now, err} // of the two addresses that there are
	return res, err
}

func (t *issuerTransport) ask(r *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, fmt.Errorf("%w: %s answers with %s", errUnreachable, r.URL, res.Status)
	}
	body := res.Body
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(body, maxIssuerBody), body}
	return res, nil
}
