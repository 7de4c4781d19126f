// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const tokensPath = "/v1/tokens"

var errNoToken = &problem{Status: http.StatusNotFound, Detail: "There is no token with this id that you may see. /v1/tokens lists those there are."}

// tokenItem is a token without its secret.
type tokenItem struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Scopes       []registry.Scope `json:"scopes"`
	Regions      []string         `json:"regions"`
	Organisation string           `json:"organisation,omitempty"`
	Created      string           `json:"created"`
	By           string           `json:"by"`
	Expires      string           `json:"expires,omitempty"`
	Revoked      string           `json:"revoked,omitempty"`
	Used         string           `json:"used,omitempty"`
	Valid        bool             `json:"valid"`
	Token        string           `json:"token,omitempty"` // in the answer that makes it alone
}

type tokenList struct {
	Items []tokenItem `json:"items"`
	Links pageLinks   `json:"links"`
}

func newTokenItem(t *registry.Token, now time.Time) tokenItem {
	return tokenItem{
		ID: t.ID, Name: t.Name, Scopes: t.Scopes, Regions: orEmpty(t.Regions), Organisation: t.Organisation,
		Created: instant(t.Created), By: t.By, Expires: instant(t.Expires), Revoked: instant(t.Revoked), Used: instant(t.Used),
		Valid: t.Holds(now),
	}
}

// newToken is the body that asks for a token.
type newToken struct {
	Name         string           `json:"name"`
	Scopes       []registry.Scope `json:"scopes"`
	Regions      []string         `json:"regions"`
	Organisation string           `json:"organisation"`
	Expires      string           `json:"expires"`
}

// listTokens lists the tokens that allow no more than the caller's.
func (a *api) listTokens(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeTokens)
	if err != nil {
		return nil, err
	}
	p := readPage(c)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	list := tokenList{Items: []tokenItem{}}
	list.Links, err = documentPage(c, a, p, registry.DocumentList{Kind: registry.TokenDocument, After: p.after}, func(t *registry.Token) bool {
		if !t.Within(cl.grant) {
			return false
		}
		list.Items = append(list.Items, newTokenItem(t, a.now()))
		return true
	})
	if err != nil {
		return nil, err
	}
	return list.Links.onto(private(http.StatusOK, list))
}

// makeToken makes a token with no more than the caller's own scopes, regions and
// time. Its value is in this answer and nowhere else.
func (a *api) makeToken(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeTokens)
	if err != nil {
		return nil, err
	}
	var in newToken
	if err := readBody(c, &in); err != nil {
		return nil, err
	}
	now := a.now()
	expires, err := registry.Expiry(in.Expires, now)
	if err != nil {
		return nil, refused("/expires", err)
	}
	if in.Expires == "" && !cl.expires.IsZero() && cl.expires.Before(expires) {
		expires = cl.expires
	}
	grant := registry.Grant{Scopes: in.Scopes, Regions: in.Regions, Organisation: in.Organisation}
	t, value, err := registry.NewToken(now, cl.actor, in.Name, grant, expires)
	switch {
	case err != nil:
		return nil, refused("", err)
	case !t.Within(cl.grant):
		return nil, &problem{Status: http.StatusForbidden, Detail: "The new token would allow more than yours. It can have only scopes and regions that yours has, and its organisation where it has one."}
	case !cl.expires.IsZero() && (t.Expires.IsZero() || t.Expires.After(cl.expires)):
		return nil, &problem{Status: http.StatusForbidden, Detail: "The new token would hold for longer than yours, which expires at " + instant(cl.expires) + "."}
	}
	if err := a.put(c, cl, "token.create", t.ID, t.Describe(), t.Document()); err != nil {
		return nil, err
	}
	item := newTokenItem(t, now)
	item.Token = value
	return private(http.StatusCreated, item)
}

// revokeToken revokes a token that allows no more than the caller's. One that is
// revoked already stays so, and no line is written.
func (a *api) revokeToken(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeTokens)
	if err != nil {
		return nil, err
	}
	id := c.Param("token")
	if !registry.IsTokenID(id) {
		return nil, errNoToken
	}
	err = contended(func() error {
		doc, err := a.documents.Document(c.Request.Context(), registry.TokenDocument, id)
		if errors.Is(err, registry.ErrNotFound) {
			return errNoToken
		}
		if err != nil {
			return err
		}
		t, err := registry.ReadDocument[registry.Token](doc)
		switch {
		case err != nil:
			return err
		case !t.Within(cl.grant):
			return errNoToken
		case !t.Revoked.IsZero():
			return nil
		}
		t.Revoked = a.now().UTC().Truncate(time.Second)
		revoked := t.Document()
		revoked.Version = doc.Version
		return a.put(c, cl, "token.revoke", t.ID, t.Name, revoked)
	})
	if err != nil {
		return nil, err
	}
	return nothing(), nil
}
