// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
	By      string    `json:"by"`            // who made it, as AuditLine.Actor
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

// tokenForm is a token as its owner has it: a mark by which scanners for secrets
// know it, the ID, and a secret of 260 bits.
var tokenForm = regexp.MustCompile(`^almd_([a-z2-7]{12})_([a-z2-7]{52})$`)

// NewToken makes a token, by an actor as in AuditLine, and the value that its owner
// sends: it is kept nowhere. A zero expires is never.
// A name, expiry or grant that no token can have is ErrInvalid.
func NewToken(now time.Time, by, name string, g Grant, expires time.Time) (t *Token, value string, err error) {
	secret := strings.ToLower(rand.Text() + rand.Text())
	t = &Token{
		ID: strings.ToLower(rand.Text()[:12]), Name: name, Hash: hashSecret(secret), Grant: g,
		Created: now.UTC().Truncate(time.Millisecond), Expires: expires.UTC().Truncate(time.Second), By: by,
	}
	if err := t.check(now); err != nil {
		return nil, "", err
	}
	return t, "almd_" + t.ID + "_" + secret, nil
}

// The bounds of a token.
const (
	maxTokenName    = 200 // characters
	maxTokenRegions = 100
)

func (t *Token) check(now time.Time) error {
	switch {
	case strings.TrimSpace(t.Name) == "" || !readable(t.Name, maxTokenName):
		return fmt.Errorf("%w: the name of a token says what it is for, in %d characters at most", ErrInvalid, maxTokenName)
	case !t.Expires.IsZero() && !t.Expires.After(now):
		return fmt.Errorf("%w: the token would have expired already, at %s", ErrInvalid, t.Expires.Format(time.RFC3339))
	}
	return t.Grant.Check()
}

// tokenLife is how long a token holds where nothing is said, in years.
const tokenLife = 1

var daysForm = regexp.MustCompile(`^([1-9][0-9]{0,4})d$`)

// Expiry reads when a token expires: a number of days such as 90d, a day such as
// 2027-01-31, which is included, a moment of RFC 3339, or never, which is the zero
// time; "" is a year. Errors are ErrInvalid.
func Expiry(s string, now time.Time) (time.Time, error) {
	switch s {
	case "":
		return now.AddDate(tokenLife, 0, 0), nil
	case "never":
		return time.Time{}, nil
	}
	if m := daysForm.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[1])
		return now.AddDate(0, 0, n), err
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && !t.IsZero() {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%w: a token expires after days such as 90d, at the end of a day such as 2027-01-31, or never, not %.50q", ErrInvalid, s)
}

// CutToken takes a value apart into the ID of its token and its secret; ok is false
// for what has not the form.
func CutToken(value string) (id, secret string, ok bool) {
	if m := tokenForm.FindStringSubmatch(value); m != nil {
		return m[1], m[2], true
	}
	return "", "", false
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Opens reports whether a secret is that of the token, and the token holds at a
// moment.
func (t *Token) Opens(secret string, now time.Time) bool {
	same := subtle.ConstantTimeCompare([]byte(hashSecret(secret)), []byte(t.Hash)) == 1
	return same && t.Holds(now)
}

// Holds reports whether the token has neither expired nor been revoked.
func (t *Token) Holds(now time.Time) bool {
	return t.Revoked.IsZero() && (t.Expires.IsZero() || now.Before(t.Expires))
}

var tokenIDForm = regexp.MustCompile(`^[a-z2-7]{12}$`)

// IsTokenID reports whether a string has the form of the ID of a token.
func IsTokenID(s string) bool { return tokenIDForm.MatchString(s) }

// Describe says what the token allows, in one line.
func (t *Token) Describe() string {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	text := t.Name + ": " + strings.Join(scopes, ", ") + " for "
	if len(t.Regions) > 0 {
		text += strings.Join(t.Regions, ", ")
	} else {
		text += "everywhere"
	}
	if t.Organisation != "" {
		text += " and " + t.Organisation
	}
	if t.Expires.IsZero() {
		return text + ", never expires"
	}
	return text + ", until " + t.Expires.Format(time.RFC3339)
}

// Actor is the owner of the token in AuditLine.
func (t *Token) Actor() string { return "token:" + t.ID }

// Document is the token as a new document; its key is the ID.
func (t *Token) Document() *Document {
	return &Document{Kind: TokenDocument, Key: t.ID, Body: body(t)}
}

// Check reports a grant without a scope, with a scope or region that there is not,
// or with an organisation that is no URI, as ErrInvalid.
func (g Grant) Check() error {
	if len(g.Scopes) == 0 {
		return fmt.Errorf("%w: a scope is missing; there are %s", ErrInvalid, scopeNames())
	}
	for i, s := range g.Scopes {
		switch {
		case !slices.Contains(Scopes(), s):
			return fmt.Errorf("%w: there is no scope %.50q; there are %s", ErrInvalid, s, scopeNames())
		case slices.Contains(g.Scopes[:i], s):
			return fmt.Errorf("%w: the scope %s is named twice", ErrInvalid, s)
		}
	}
	if len(g.Regions) > maxTokenRegions {
		return fmt.Errorf("%w: more than %d regions", ErrInvalid, maxTokenRegions)
	}
	for _, r := range g.Regions {
		if err := checkRegion(r); err != nil {
			return err
		}
	}
	if o := g.Organisation; o != "" && (len(o) > maxAddress || !organisationForm.MatchString(o)) {
		return fmt.Errorf("%w: the organisation is a URI such as https://stadt.example/, not %.100q", ErrInvalid, o)
	}
	return nil
}

var organisationForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$`)

// checkRegion reports what is no code of ISO 3166-1 or 3166-2 as it is written
// here, such as DE-SH, as ErrInvalid.
func checkRegion(code string) error {
	country, _, divided := strings.Cut(code, "-")
	_, known := parseCountry(country)
	if len(country) == 2 && known {
		if !divided {
			return nil
		}
		if parsed, err := ParseRegion(code); err == nil && parsed == code {
			return nil
		}
	}
	return fmt.Errorf("%w: %.50q is no region; write a state such as DE-SH, or a country such as AT", ErrInvalid, code)
}

func scopeNames() string {
	names := make([]string, len(Scopes()))
	for i, s := range Scopes() {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// Within reports whether all that a grant allows another one allows too.
func (g Grant) Within(other Grant) bool {
	for _, s := range g.Scopes {
		if !other.Has(s) {
			return false
		}
	}
	if len(g.Regions) == 0 && len(other.Regions) > 0 {
		return false
	}
	for _, r := range g.Regions {
		if !other.covers(r) {
			return false
		}
	}
	return other.Organisation == "" || g.Organisation == other.Organisation
}

// Has reports whether it has a scope, in some region at least.
func (g Grant) Has(s Scope) bool { return slices.Contains(g.Scopes, s) }

// Allows reports whether it has a scope, in a region; "" is one that is not known,
// which only a grant for everywhere takes in.
func (g Grant) Allows(s Scope, region string) bool {
	return g.Has(s) && g.covers(region)
}

func (g Grant) covers(region string) bool {
	if len(g.Regions) == 0 {
		return true
	}
	return slices.ContainsFunc(g.Regions, func(r string) bool {
		return strings.EqualFold(r, region) || len(region) > len(r) && strings.EqualFold(r+"-", region[:len(r)+1])
	})
}
