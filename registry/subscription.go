// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The kinds of Subscription and Delivery; a dead letter is a delivery that is not
// tried any more. The key of each is its ID.
const (
	SubscriptionDocument DocumentKind = "subscription"
	DeliveryDocument     DocumentKind = "delivery"
	DeadLetterDocument   DocumentKind = "dead-letter"
)

// Subscription has changes sent to an address. Who writes one of its deliveries
// from outside of package deliver writes the subscription with it, by which that
// sees it.
type Subscription struct {
	ID          string `json:"id"`
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
	// Secret signs what is sent, by Standard Webhooks: whsec_ and 32 bytes in
	// base64. Signing needs it, so that it is kept as it is.
	Secret string `json:"secret"`
	// Events are the kinds of change that are sent, and OfNeeds where it is about
	// needs; Filters what the entry has to be, as in Query, or the need. None are all
	// kinds of change.
	Events  []Kind             `json:"events,omitempty"`
	Filters map[Facet][]string `json:"filters,omitempty"`
	// Cursor is the revision up to which changes have been looked at, and NeedCursor
	// the NeedEvent.
	Cursor     Rev       `json:"cursor"`
	NeedCursor int64     `json:"needCursor,omitempty"`
	Created    time.Time `json:"created"`
	By         string    `json:"by"`    // who made it, as AuditLine.Actor
	Owner      Grant     `json:"owner"` // what they were allowed; who has that sees it too
	// Disabled is when it was switched off, and Reason why; zero while it is on.
	// Meanwhile nothing is sent, and Cursor stands still.
	Disabled time.Time `json:"disabled,omitzero"`
	Reason   string    `json:"reason,omitempty"`
	// Enabled is when it was last switched on again: what failed before is tried
	// at once then.
	Enabled time.Time `json:"enabled,omitzero"`
}

// The bounds of a subscription.
const (
	MaxReceiver           = 2048 // bytes of an address
	maxDescription        = 200  // characters
	maxFilterValues       = 100  // of all facets
	maxFilterValue        = 500  // characters
	subscriptionSecret    = 32   // bytes
	subscriptionSecretTag = "whsec_"
)

// NewSubscription makes a subscription to changes after a revision, by an actor as
// in AuditLine and what they are allowed. What it is about is still to be set.
func NewSubscription(now time.Time, by string, owner Grant, after Rev) *Subscription {
	secret := make([]byte, subscriptionSecret)
	_, _ = rand.Read(secret) // never fails
	owner.Scopes = []Scope{ScopeWebhooks}
	return &Subscription{
		ID: strings.ToLower(rand.Text()[:12]), Secret: subscriptionSecretTag + base64.StdEncoding.EncodeToString(secret),
		Cursor: after, Created: now.UTC().Truncate(time.Millisecond), By: by, Owner: owner,
	}
}

// Document is the subscription as a document of a version: 0 for a new one.
func (s *Subscription) Document(version int64) *Document {
	return &Document{Kind: SubscriptionDocument, Key: s.ID, Version: version, Body: body(s)}
}

// IsSubscriptionID reports whether a string has the form of the ID of a
// subscription.
func IsSubscriptionID(s string) bool { return tokenIDForm.MatchString(s) }

// Key is the secret as bytes; ErrDamaged where it is none.
func (s *Subscription) Key() ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Secret, subscriptionSecretTag))
	if err != nil || len(key) == 0 {
		return nil, fmt.Errorf("the secret of the subscription %s: %w", s.ID, ErrDamaged)
	}
	return key, nil
}

// Wants reports whether changes of a kind are sent.
func (s *Subscription) Wants(k Kind) bool { return len(s.Events) == 0 || slices.Contains(s.Events, k) }

// Kinds are the kinds of change.
func Kinds() []Kind { return []Kind{Added, Updated, Renamed, Removed, Restored} }

// OfNeeds is the event of a need that is new, or that something new fits. It is sent to
// those who name it.
const OfNeeds Kind = "need"

// Events are those that a subscription can be to.
func Events() []Kind { return append(Kinds(), OfNeeds) }

// WantsNeeds reports whether needs are sent.
func (s *Subscription) WantsNeeds() bool { return slices.Contains(s.Events, OfNeeds) }

// needFilters are the filters that a need can be held to.
var needFilters = []Facet{FacetRegion, FacetCategory}

// About reports whether a need is what the filters ask for.
func (s *Subscription) About(n *BoardNeed) bool {
	w := Word{Organisation: n.Organisation, Publisher: n.Publisher}
	regions, categories := s.Filters[FacetRegion], s.Filters[FacetCategory]
	return (len(regions) == 0 || w.Region() != "" && slices.ContainsFunc(regions, func(r string) bool { return SpeaksWithin(r, w.Region()) })) &&
		(len(categories) == 0 || slices.ContainsFunc(n.Categories, func(c string) bool { return slices.Contains(categories, c) }))
}

// Check reports what no subscription can be, as ErrInvalid. Receivers in own are
// taken whatever they are, see CheckReceiver.
func (s *Subscription) Check(own []string) error {
	if s.Description != "" && !readable(s.Description, maxDescription) {
		return fmt.Errorf("%w: the description has %d characters at most", ErrInvalid, maxDescription)
	}
	for i, k := range s.Events {
		switch {
		case !slices.Contains(Events(), k):
			return fmt.Errorf("%w: there is no event %.50q; there are added, updated, renamed, removed, restored and need", ErrInvalid, k)
		case slices.Contains(s.Events[:i], k):
			return fmt.Errorf("%w: the event %s is named twice", ErrInvalid, k)
		}
	}
	values := 0
	for f, all := range s.Filters {
		if !slices.Contains(AllFacets(), f) {
			return fmt.Errorf("%w: there is no filter %.50q", ErrInvalid, f)
		}
		if s.WantsNeeds() && !slices.Contains(needFilters, f) {
			return fmt.Errorf("%w: a need has no %s; a subscription to needs takes the filters region and category", ErrInvalid, f)
		}
		for _, v := range all {
			if values++; strings.TrimSpace(v) == "" || !readable(v, maxFilterValue) {
				return fmt.Errorf("%w: a value of the filter %s is empty, or no text", ErrInvalid, f)
			}
		}
	}
	if values > maxFilterValues {
		return fmt.Errorf("%w: more than %d values of filters", ErrInvalid, maxFilterValues)
	}
	return CheckReceiver(s.URL, own)
}

// CheckReceiver reports an address that nothing is sent to, as ErrInvalid: one
// without https, with credentials or a fragment, and one that is in the own network
// as far as its host tells without being looked up. What is looked up later has to
// be guarded then. An address whose origin is in own, such as
// http://hooks.intern.example:8080, is taken though it is not public.
func CheckReceiver(address string, own []string) error {
	u, err := url.Parse(address)
	switch {
	case len(address) > MaxReceiver:
		return fmt.Errorf("%w: the address has more than %d bytes", ErrInvalid, MaxReceiver)
	case err != nil || u.Hostname() == "" || u.Opaque != "" || !printableASCII.MatchString(address):
		return fmt.Errorf("%w: the address is no URL such as https://receiver.example/allmende", ErrInvalid)
	case u.User != nil:
		return fmt.Errorf("%w: credentials do not belong into the address; what is sent is signed", ErrInvalid)
	case u.Fragment != "":
		return fmt.Errorf("%w: an address with a fragment (#) cannot be sent to", ErrInvalid)
	case slices.Contains(own, origin(u)):
		return nil
	case !strings.EqualFold(u.Scheme, "https"):
		return fmt.Errorf("%w: the address has to begin with https://", ErrInvalid)
	case !publicHost(u.Hostname()):
		return fmt.Errorf("%w: the host of the address is not public", ErrInvalid)
	}
	return nil
}

var printableASCII = regexp.MustCompile(`^[!-~]+$`)

// origin is scheme, host and port, as of RFC 6454: the port where it is not the
// scheme's own.
func origin(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Hostname())
	if p := u.Port(); p != "" && p != map[string]string{"http": "80", "https": "443"}[scheme] {
		return scheme + "://" + net.JoinHostPort(host, p)
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return scheme + "://" + host
}

// Origin is the origin of an address as CheckReceiver takes it; ErrInvalid for what
// is no http or https address of a host alone.
func Origin(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%w: %.100q is no address of a host such as https://hooks.intern.example:8443", ErrInvalid, address)
	}
	return origin(u), nil
}

// localNames are top domains that lead nowhere or into the own network (RFC 6761,
// 6762, 8375 and 9476, and what ICANN keeps free for that).
var localNames = []string{"localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "invalid", "onion", "alt"}

// publicHost tells by the name alone.
func publicHost(host string) bool {
	host = strings.ToLower(strings.TrimRight(host, "."))
	if a, err := netip.ParseAddr(host); err == nil {
		a = a.Unmap().WithZone("")
		return a.IsGlobalUnicast() && !a.IsPrivate()
	}
	_, last, dotted := cutLast(host, ".")
	if !dotted || last == "" || last[0] >= '0' && last[0] <= '9' { // 2130706433 and 127.1 are addresses to some
		return false
	}
	return !slices.ContainsFunc(localNames, func(n string) bool { return host == n || strings.HasSuffix(host, "."+n) })
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// NeedRef names a NeedEvent.
type NeedRef struct {
	Key   string `json:"key"` // of the need
	Seq   int64  `json:"seq"`
	Added bool   `json:"added,omitempty"`
}

// Delivery is a change, or a NeedEvent, that is to be sent to a subscriber.
type Delivery struct {
	// ID is that of the message to its receiver, whatever happens to it here: the
	// subscription's and the revision, so that those of a subscription are in
	// their order.
	ID           string    `json:"id"`
	Subscription string    `json:"subscription"`
	Change       *Change   `json:"change,omitempty"`
	Need         *NeedRef  `json:"need,omitempty"` // with no Change either: a test
	Created      time.Time `json:"created"`
	Attempts     int       `json:"attempts,omitempty"`
	Tried        time.Time `json:"tried,omitzero"`   // when it was last
	Next         time.Time `json:"next,omitzero"`    // when it is tried again; zero for at once
	Status       int       `json:"status,omitempty"` // of the last answer; 0 where there was none
	Error        string    `json:"error,omitempty"`  // why the last attempt failed
	Dead         time.Time `json:"dead,omitzero"`    // of a dead letter: when it was given up
}

// NewDelivery is that of a change to a subscription; of no change a test.
func NewDelivery(now time.Time, subscription string, c *Change) *Delivery {
	d := &Delivery{ID: subscription + "-test-" + strings.ToLower(rand.Text()[:12]), Subscription: subscription, Change: c, Created: now.UTC().Truncate(time.Millisecond)}
	if c != nil {
		d.ID = fmt.Sprintf("%s-%012d", subscription, c.Rev)
	}
	return d
}

// NewNeedDelivery is that of a NeedEvent to a subscription.
func NewNeedDelivery(now time.Time, subscription string, of NeedRef) *Delivery {
	return &Delivery{
		ID: fmt.Sprintf("%s-need-%012d", subscription, of.Seq), Subscription: subscription, Need: &of,
		Created: now.UTC().Truncate(time.Millisecond),
	}
}

// IsTest reports whether it is one.
func (d *Delivery) IsTest() bool { return d.Change == nil && d.Need == nil }

// Document is the delivery as a document of a version, 0 for a new one: a dead
// letter where it is one.
func (d *Delivery) Document(version int64) *Document {
	kind := DeliveryDocument
	if !d.Dead.IsZero() {
		kind = DeadLetterDocument
	}
	return &Document{Kind: kind, Key: d.ID, Version: version, Body: body(d)}
}

// MaxDeliveries is how many deliveries of a subscription may wait at once; further
// changes are taken when half of that is left. MaxDeadLetters is how many dead
// letters of it are kept, and DeadLetterLife how long.
const (
	MaxDeliveries  = 1000
	MaxDeadLetters = 100
	DeadLetterLife = 30 * 24 * time.Hour
)
