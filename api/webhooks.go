// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const webhooksPath = "/v1/webhooks"

// The bounds of subscriptions: of one maker, and of the node.
const (
	maxWebhooksOfOne = 20
	maxWebhooks      = 500
)

var (
	errNoWebhook    = &problem{Status: http.StatusNotFound, Detail: "There is no subscription with this id that you may see. /v1/webhooks lists those there are."}
	errNoDelivery   = &problem{Status: http.StatusNotFound, Detail: "No delivery with this id waits or failed: it was delivered, or it is too old."}
	errManyWebhooks = &problem{Status: http.StatusConflict, Detail: fmt.Sprintf("There are too many subscriptions: %d are made with one token at most, and %d of all. Delete one.", maxWebhooksOfOne, maxWebhooks)}
	errWebhookOff   = &problem{Status: http.StatusConflict, Detail: "The subscription is switched off. Switch it on first."}
	errTestWaits    = &problem{Status: http.StatusConflict, Detail: "A test waits to be sent already."}
)

// webhook is a subscription. The secret is in the answer that makes it alone.
type webhook struct {
	ID          string                      `json:"id"`
	URL         string                      `json:"url"`
	Description string                      `json:"description,omitempty"`
	Events      []registry.Kind             `json:"events"`
	Filters     map[registry.Facet][]string `json:"filters"`
	Enabled     bool                        `json:"enabled"`
	Disabled    string                      `json:"disabled,omitempty"`
	Reason      string                      `json:"reason,omitempty"`
	Created     string                      `json:"created"`
	By          string                      `json:"by"`
	Secret      string                      `json:"secret,omitempty"`
	Links       webhookLinks                `json:"links"`
}

type webhookLinks struct {
	Self        string `json:"self"`
	Deliveries  string `json:"deliveries"`
	DeadLetters string `json:"deadLetters"`
}

type webhookList struct {
	Items []webhook `json:"items"`
	Links pageLinks `json:"links"`
}

func (a *api) newWebhookItem(s *registry.Subscription) webhook {
	self := a.link(webhooksPath + "/" + s.ID)
	w := webhook{
		ID: s.ID, URL: s.URL, Description: s.Description, Events: orEmpty(s.Events), Filters: s.Filters,
		Enabled: s.Disabled.IsZero(), Disabled: instant(s.Disabled), Reason: s.Reason, Created: instant(s.Created), By: s.By,
		Links: webhookLinks{Self: self, Deliveries: self + "/deliveries", DeadLetters: self + "/dead-letters"},
	}
	if w.Filters == nil {
		w.Filters = map[registry.Facet][]string{}
	}
	return w
}

// newWebhook is the body that subscribes.
type newWebhook struct {
	URL         string                      `json:"url"`
	Description string                      `json:"description"`
	Events      []registry.Kind             `json:"events"`
	Filters     map[registry.Facet][]string `json:"filters"`
}

// webhookChange is the body that changes a subscription; what is absent stays.
type webhookChange struct {
	URL         *string                      `json:"url"`
	Description *string                      `json:"description"`
	Events      *[]registry.Kind             `json:"events"`
	Filters     *map[registry.Facet][]string `json:"filters"`
	Enabled     *bool                        `json:"enabled"`
}

func (change webhookChange) onto(s *registry.Subscription, now time.Time) {
	set(&s.URL, change.URL)
	set(&s.Description, change.Description)
	set(&s.Events, change.Events)
	set(&s.Filters, change.Filters)
	now = now.UTC().Truncate(time.Millisecond)
	switch {
	case change.Enabled == nil || *change.Enabled == s.Disabled.IsZero():
	case *change.Enabled:
		s.Disabled, s.Reason, s.Enabled = time.Time{}, "", now
	default:
		s.Disabled, s.Reason = now, "It was switched off by a call of the API."
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// checkWebhook puts the filters of a subscription into their one form, and reports
// what it cannot be. The text of a search is no filter: whether an entry is found by
// it depends on all others.
func (a *api) checkWebhook(s *registry.Subscription) error {
	for name, given := range s.Filters {
		at := "/filters/" + printable(string(name))
		i := slices.IndexFunc(filters, func(f filter) bool { return f.facet == name })
		if i < 0 {
			return badBody(at, codeUnknown, "There is no such filter. There are "+strings.Join(facetNames, ", ")+".")
		}
		for j, v := range given {
			read, ok := filters[i].read(v)
			if !ok {
				return badBody(fmt.Sprintf("%s/%d", at, j), codeForbidden, "This value is "+filters[i].not)
			}
			given[j] = read
		}
	}
	if err := registry.CheckReceiver(s.URL, a.receivers); err != nil {
		return refused("/url", err)
	}
	return refused("", s.Check(a.receivers))
}

// sees reports whether a caller sees a subscription: who made it does, and who is
// allowed all that they were.
func (cl caller) sees(s *registry.Subscription) bool {
	return s.By == cl.actor || s.Owner.Within(cl.grant)
}

// subscription is the one that the path names, with its version.
func (a *api) subscription(c *gin.Context, cl caller) (*registry.Subscription, int64, error) {
	id := c.Param("webhook")
	if !registry.IsSubscriptionID(id) {
		return nil, 0, errNoWebhook
	}
	doc, err := a.documents.Document(c.Request.Context(), registry.SubscriptionDocument, id)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, 0, errNoWebhook
	}
	if err != nil {
		return nil, 0, err
	}
	s, err := registry.ReadDocument[registry.Subscription](doc)
	if err == nil && !cl.sees(s) {
		err = errNoWebhook
	}
	return s, doc.Version, err
}

// listWebhooks lists the subscriptions that the caller sees.
func (a *api) listWebhooks(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	p := readPage(c)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	list := webhookList{Items: []webhook{}}
	list.Links, err = documentPage(c, a, p, registry.DocumentList{Kind: registry.SubscriptionDocument, After: p.after}, func(s *registry.Subscription) bool {
		if !cl.sees(s) {
			return false
		}
		list.Items = append(list.Items, a.newWebhookItem(s))
		return true
	})
	if err != nil {
		return nil, err
	}
	return list.Links.onto(private(http.StatusOK, list))
}

// getWebhook is one subscription.
func (a *api) getWebhook(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	s, _, err := a.subscription(c, cl)
	if err != nil {
		return nil, err
	}
	return written(http.StatusOK, a.newWebhookItem(s))
}

// makeWebhook subscribes to what changes from now on.
func (a *api) makeWebhook(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	var in newWebhook
	if err := readBody(c, &in); err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	rev, err := a.catalogue.Rev(ctx)
	if err != nil {
		return nil, err
	}
	s := registry.NewSubscription(a.now(), cl.actor, cl.grant, rev)
	s.URL, s.Description, s.Events, s.Filters = in.URL, in.Description, in.Events, in.Filters
	if s.NeedCursor, _, err = registry.ReadNeedHead(ctx, a.documents); err != nil {
		return nil, err
	}
	if err := a.checkWebhook(s); err != nil {
		return nil, err
	}
	if err := a.placeForWebhook(ctx, cl); err != nil {
		return nil, err
	}
	if err := a.put(c, cl, "webhook.create", s.ID, receiverOf(s), s.Document(0)); err != nil {
		return nil, err
	}
	item := a.newWebhookItem(s)
	item.Secret = s.Secret
	return private(http.StatusCreated, item)
}

// receiverOf is where a subscription leads as the audit log has it: what comes after
// the host may be secret.
func receiverOf(s *registry.Subscription) string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

func (a *api) placeForWebhook(ctx context.Context, cl caller) error {
	all, own := 0, 0
	for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: registry.SubscriptionDocument}) {
		if err != nil {
			return err
		}
		s, err := registry.ReadDocument[registry.Subscription](d)
		if err != nil {
			return err
		}
		all++
		if s.By == cl.actor {
			own++
		}
	}
	if all >= maxWebhooks || own >= maxWebhooksOfOne {
		return errManyWebhooks
	}
	return nil
}

// changeWebhook changes a subscription. What was looked at already is not looked at
// again.
func (a *api) changeWebhook(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	var change webhookChange
	if err := readBody(c, &change); err != nil {
		return nil, err
	}
	var s *registry.Subscription
	err = a.onWebhook(c, cl, "webhook.change", func(now *registry.Subscription) ([]*registry.Document, error) {
		s = now
		wanted := s.WantsNeeds()
		change.onto(s, a.now())
		if s.WantsNeeds() && !wanted { // it begins with what is new from now on
			var err error
			if s.NeedCursor, _, err = registry.ReadNeedHead(c.Request.Context(), a.documents); err != nil {
				return nil, err
			}
		}
		return nil, a.checkWebhook(s)
	})
	if err != nil {
		return nil, err
	}
	return written(http.StatusOK, a.newWebhookItem(s))
}

// onWebhook writes the subscription that the path names, with other documents: by
// that the deliverer sees that there is something new.
func (a *api) onWebhook(c *gin.Context, cl caller, action string, change func(*registry.Subscription) ([]*registry.Document, error)) error {
	return contended(func() error {
		s, version, err := a.changeableWebhook(c, cl)
		if err != nil {
			return err
		}
		others, err := change(s)
		if err != nil {
			return err
		}
		return a.put(c, cl, action, s.ID, receiverOf(s), append(others, s.Document(version))...)
	})
}

// changeableWebhook is the subscription as it is, which is what the request's
// conditions say.
func (a *api) changeableWebhook(c *gin.Context, cl caller) (*registry.Subscription, int64, error) {
	s, version, err := a.subscription(c, cl)
	if err != nil {
		return nil, 0, err
	}
	body, err := encode(a.newWebhookItem(s))
	if err != nil {
		return nil, 0, err
	}
	return s, version, precondition(c, entityTag(body))
}

// deleteWebhook ends a subscription, with all that waits.
func (a *api) deleteWebhook(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	err = contended(func() error {
		s, version, err := a.changeableWebhook(c, cl)
		if err != nil {
			return err
		}
		gone := []*registry.Document{{Kind: registry.SubscriptionDocument, Key: s.ID, Version: version}}
		for _, kind := range []registry.DocumentKind{registry.DeliveryDocument, registry.DeadLetterDocument} {
			for d, err := range a.documents.ListDocuments(c.Request.Context(), registry.DocumentList{Kind: kind, Prefix: s.ID + "-"}) {
				if err != nil {
					return err
				}
				gone = append(gone, &registry.Document{Kind: kind, Key: d.Key})
			}
		}
		return a.put(c, cl, "webhook.delete", s.ID, receiverOf(s), gone...)
	})
	if err != nil {
		return nil, err
	}
	return nothing(), nil
}
