// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of what is written about the use of tokens.
const (
	usedEvery = time.Minute
	usedWait  = 2 * time.Second // for the store; a request does not fail by it
	maxBearer = 16 << 10        // bytes of a token
)

// errUnauthorized is the one answer to a missing, unknown, expired and revoked
// token: it does not tell which.
var errUnauthorized = &problem{
	Status: http.StatusUnauthorized,
	Detail: "This takes a token: send Authorization: Bearer and a token that is known here, has not expired and was not revoked. Whoever runs the node makes one with 'allmende token create'.",
	header: map[string]string{"WWW-Authenticate": "Bearer"},
}

// Verifier tells who a bearer token of an OpenID Connect issuer belongs to, and
// what they may do here. The error is registry.ErrForbidden for a token that is not
// valid; any other one says that it cannot be known at the moment.
type Verifier interface {
	Verify(ctx context.Context, token string) (subject string, grant registry.Grant, err error)
}

// caller is who asks. The zero caller is anybody.
type caller struct {
	grant registry.Grant
	actor string // as in registry.AuditLine
	name  string // for readers: the name of the token, or the subject
	// expires is when the token does; zero for never, and for those of an issuer.
	expires time.Time
}

// caller tells who asks: a token that is sent has to be valid, also where none is
// needed. What is no bearer token is not for us, such as what a proxy before the
// node asked for.
func (a *api) caller(c *gin.Context) (caller, error) {
	value, ok := bearer(c.Request.Header.Values("Authorization"))
	switch {
	case !ok:
		return caller{}, errUnauthorized
	case value == "":
		return caller{}, nil
	}
	if id, secret, ok := registry.CutToken(value); ok {
		return a.tokenCaller(c.Request.Context(), id, secret)
	}
	if a.verifier == nil || strings.Count(value, ".") != 2 {
		return caller{}, errUnauthorized
	}
	subject, grant, err := a.verifier.Verify(c.Request.Context(), value)
	switch {
	case errors.Is(err, registry.ErrForbidden):
		return caller{}, errUnauthorized
	case err != nil:
		return caller{}, fmt.Errorf("%w: %w", errIssuer, err)
	}
	return caller{grant: grant, actor: "oidc:" + subject, name: subject}, nil
}

// errIssuer is the answer while the issuer cannot be asked for its keys.
var errIssuer = &problem{Status: http.StatusServiceUnavailable, Detail: "The token cannot be checked at the moment, as its issuer does not answer. Try again in a few seconds."}

// bearer is the token in the Authorization header (RFC 6750, section 2.1): "" where
// there is none, and not ok where there is more than one or it has not the form of
// one.
func bearer(fields []string) (token string, ok bool) {
	for _, f := range fields {
		scheme, rest, _ := strings.Cut(strings.TrimLeft(f, " \t"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			continue
		}
		rest = strings.Trim(rest, " \t")
		if token != "" || rest == "" || len(rest) > maxBearer || strings.ContainsFunc(rest, notInToken) {
			return "", false
		}
		token = rest
	}
	return token, true
}

// notInToken is what b64token of RFC 6750 does not have.
func notInToken(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~+/=", r))
}

func (a *api) tokenCaller(ctx context.Context, id, secret string) (caller, error) {
	if a.documents == nil {
		return caller{}, errUnauthorized
	}
	doc, err := a.documents.Document(ctx, registry.TokenDocument, id)
	if errors.Is(err, registry.ErrNotFound) {
		return caller{}, errUnauthorized
	}
	if err != nil {
		return caller{}, fmt.Errorf("%w: read the token %s: %w", errUnreadable, id, err)
	}
	t, err := registry.ReadDocument[registry.Token](doc)
	if err != nil {
		return caller{}, fmt.Errorf("%w: %w", errInternal, err)
	}
	now := a.now()
	if !t.Opens(secret, now) {
		return caller{}, errUnauthorized
	}
	a.use(ctx, doc, t, now)
	return caller{grant: t.Grant, actor: t.Actor(), name: t.Name, expires: t.Expires}, nil
}

// errUnreadable is the answer where the store does not say who asks: nobody passes.
var errUnreadable = &problem{Status: http.StatusServiceUnavailable, Detail: "The token cannot be checked at the moment. Try again in a few seconds."}

// uses keeps when the use of a token was last written down, or tried to be.
type uses struct {
	mu sync.Mutex
	at map[string]time.Time // by id of tokens that there are
}

// due reports whether it is to be written down now, which it then counts as.
func (u *uses) due(id string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.Sub(u.at[id]) < usedEvery {
		return false
	}
	if u.at == nil {
		u.at = map[string]time.Time{}
	}
	u.at[id] = now
	return true
}

// use writes down that a token is used. It is no matter where that fails, or where
// the token was changed meanwhile.
func (a *api) use(ctx context.Context, doc *registry.Document, t *registry.Token, now time.Time) {
	if now.Sub(t.Used) < usedEvery || !a.uses.due(t.ID, now) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), usedWait)
	defer cancel()
	t.Used = now.UTC().Truncate(usedEvery)
	used := t.Document()
	used.Version = doc.Version
	if err := a.documents.PutDocuments(ctx, used); err != nil && !errors.Is(err, registry.ErrConflict) {
		a.log.WarnContext(ctx, "the last use of a token is not written down", "token", t.ID, "error", err)
	}
}

// need is the problem of a caller who may not do what a scope is for in a region,
// as in registry.Grant.Allows; nil where they may.
func (cl caller) need(s registry.Scope, region string) error {
	if err := cl.has(s); err != nil {
		return err
	}
	if cl.grant.Allows(s, region) {
		return nil
	}
	where := "what is in no known region, which takes a token for everywhere"
	if region != "" {
		where = "the region " + region
	}
	return &problem{
		Status: http.StatusForbidden,
		Detail: fmt.Sprintf("The token does not hold for %s. It holds for %s.", where, strings.Join(cl.grant.Regions, ", ")),
	}
}

// may is need for what belongs to a publisher. A token that speaks for an
// organisation holds for that publisher alone.
func (cl caller) may(s registry.Scope, p registry.Publisher) error {
	if err := cl.need(s, p.Region); err != nil {
		return err
	}
	if o := cl.grant.Organisation; o != "" && registry.OrganisationKey(o) != registry.OrganisationKey(p.URI) {
		return &problem{Status: http.StatusForbidden, Detail: "The token speaks for " + o + " alone, which is not the uri of the publisher."}
	}
	return nil
}

// has is need for what has no region.
func (cl caller) has(s registry.Scope) error {
	switch {
	case cl.actor == "":
		return errUnauthorized
	case !cl.grant.Has(s):
		return &problem{Status: http.StatusForbidden, Detail: fmt.Sprintf("The token has no scope %s.", s)}
	}
	return nil
}
