// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"slices"
	"strings"
	"time"
)

// TokenDocument is the kind of Token; its key is the token's ID.
const TokenDocument DocumentKind = "token"

// Scope is what a token allows.
type Scope string

// The scopes. Reading what is public needs none.
const (
	ScopePublishers       Scope = "publishers"        // manage publishers and their sources
	ScopeCrawl            Scope = "crawl"             // ask for a visit or crawl out of turn
	ScopeAdoptions        Scope = "adoptions"         // say what an organisation uses
	ScopeOverrides        Scope = "overrides"         // correct what an entry says, with a reason
	ScopeWebhooks         Scope = "webhooks"          // subscribe to changes
	ScopeSecurity         Scope = "security"          // see restricted statements of every region
	ScopeAudit            Scope = "audit"             // read the audit log
	ScopeDevelopersItalia Scope = "developers-italia" // the write calls of that API
	ScopeTokens           Scope = "tokens"            // list, make and revoke tokens, with no more than its own scopes and regions
)

// Scopes are those there are.
func Scopes() []Scope {
	return []Scope{
		ScopePublishers, ScopeCrawl, ScopeAdoptions, ScopeOverrides, ScopeWebhooks, ScopeSecurity, ScopeAudit,
		ScopeDevelopersItalia, ScopeTokens,
	}
}

// Token is a key to the write calls of the API, as it is kept: of the secret there
// is only a hash.
type Token struct {
	ID   string `json:"id"`
	Name string `json:"name"` // what it is for, in words
	Hash string `json:"hash"` // SHA-256 of the secret, hex
	Grant
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"` // zero for never
	Revoked time.Time `json:"revoked,omitzero"`
	Used    time.Time `json:"used,omitzero"` // about when it was last used, to the minute
}

// Grant is what somebody may do.
type Grant struct {
	Scopes []Scope `json:"scopes"`
	// Regions are ISO 3166-2 codes for which it holds; a country's code takes in
	// its parts, and none means everywhere.
	Regions []string `json:"regions,omitempty"`
	// Organisation is the URI of the organisation that it speaks for; "" for any of
	// its regions.
	Organisation string `json:"organisation,omitempty"`
}

// Allows reports whether it has a scope, in a region; "" is one that is not known,
// which only a grant for everywhere takes in.
func (g Grant) Allows(s Scope, region string) bool {
	return slices.Contains(g.Scopes, s) && g.covers(region)
}

func (g Grant) covers(region string) bool {
	if len(g.Regions) == 0 {
		return true
	}
	return slices.ContainsFunc(g.Regions, func(r string) bool {
		return strings.EqualFold(r, region) || len(region) > len(r) && strings.EqualFold(r+"-", region[:len(r)+1])
	})
}
