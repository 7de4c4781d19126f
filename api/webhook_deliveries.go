// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// webhookEvent is what is sent to a subscriber: the payload of Standard Webhooks.
type webhookEvent struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"` // of what it tells
	Data      any    `json:"data"`      // change, need or tested
}

// tested is the data of a test.
type tested struct {
	Subscription string `json:"subscription"`
}

// The types of event: the first is followed by the kind of change.
const (
	eventOfSoftware  = "software."
	eventOfNeed      = "need.added"
	eventOfNeedMatch = "need.matched"
	eventOfTest      = "webhook.test"
)

// Event returns what makes the JSON that is sent of a delivery. What it tells of a
// change is what /v1/changes does, and of a need what /v1/needs does, with links that
// begin with the base URL of the node; there is nothing in it that is not public.
func Event(baseURL string) func(subscription string, d *registry.Delivery, n *registry.BoardNeed) ([]byte, error) {
	a := &api{base: strings.TrimRight(baseURL, "/")}
	return func(subscription string, d *registry.Delivery, n *registry.BoardNeed) ([]byte, error) {
		e := webhookEvent{Type: typeOf(d), Timestamp: d.Created.UTC().Format(time.RFC3339Nano), Data: tested{subscription}}
		if c := d.Change; c != nil {
			e.Timestamp, e.Data = c.Time.UTC().Format(time.RFC3339Nano), a.newChange(*c, c.ID)
		}
		if n != nil {
			e.Data = a.newNeed(n)
		}
		return encode(e)
	}
}

func typeOf(d *registry.Delivery) string {
	switch {
	case d.IsTest():
		return eventOfTest
	case d.Change != nil:
		return eventOfSoftware + string(d.Change.Kind)
	case d.Need.Added:
		return eventOfNeed
	}
	return eventOfNeedMatch
}

// delivery is one that waits or failed.
type delivery struct {
	ID       string       `json:"id"`
	Type     string       `json:"type"`
	Revision registry.Rev `json:"revision,omitempty"`
	Software registry.ID  `json:"software,omitempty"`
	Need     string       `json:"need,omitempty"` // key
	Created  string       `json:"created"`
	Attempts int          `json:"attempts"`
	Tried    string       `json:"tried,omitempty"`
	Next     string       `json:"next,omitempty"`
	Status   int          `json:"status,omitempty"`
	Error    string       `json:"error,omitempty"`
	Dead     string       `json:"dead,omitempty"`
}

type deliveryList struct {
	Items []delivery `json:"items"`
	Links pageLinks  `json:"links"`
}

func newDelivery(d *registry.Delivery) delivery {
	out := delivery{
		ID: d.ID, Type: typeOf(d), Created: instant(d.Created), Attempts: d.Attempts, Tried: instant(d.Tried),
		Next: instant(d.Next), Status: d.Status, Error: d.Error, Dead: instant(d.Dead),
	}
	if c := d.Change; c != nil {
		out.Revision, out.Software = c.Rev, c.ID
	}
	if d.Need != nil {
		out.Need = d.Need.Key
	}
	return out
}

// listDeliveries lists the deliveries of a subscription that wait, in order of their
// revisions, and listDeadLetters those that were given up.
func (a *api) listDeliveries(c *gin.Context) (*answer, error) {
	return a.deliveries(c, registry.DeliveryDocument)
}

func (a *api) listDeadLetters(c *gin.Context) (*answer, error) {
	return a.deliveries(c, registry.DeadLetterDocument)
}

func (a *api) deliveries(c *gin.Context, kind registry.DocumentKind) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	p := readPage(c)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	s, _, err := a.subscription(c, cl)
	if err != nil {
		return nil, err
	}
	list := deliveryList{Items: []delivery{}}
	list.Links, err = documentPage(c, a, p, registry.DocumentList{Kind: kind, Prefix: s.ID + "-", After: p.after}, func(d *registry.Delivery) bool {
		list.Items = append(list.Items, newDelivery(d))
		return true
	})
	if err != nil {
		return nil, err
	}
	return list.Links.onto(private(http.StatusOK, list))
}

// testWebhook has a test sent, once.
func (a *api) testWebhook(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	var test *registry.Delivery
	err = a.onWebhook(c, cl, "webhook.test", func(s *registry.Subscription) ([]*registry.Document, error) {
		if !s.Disabled.IsZero() {
			return nil, errWebhookOff
		}
		test = registry.NewDelivery(a.now(), s.ID, nil)
		for _, err := range a.documents.ListDocuments(c.Request.Context(), registry.DocumentList{Kind: registry.DeliveryDocument, Prefix: s.ID + "-test-"}) {
			if err == nil {
				err = errTestWaits
			}
			return nil, err
		}
		return []*registry.Document{test.Document(0)}, nil
	})
	if err != nil {
		return nil, err
	}
	return private(http.StatusAccepted, newDelivery(test))
}

// replayDelivery has a delivery that waits tried at once, and one that was given up
// sent anew.
func (a *api) replayDelivery(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeWebhooks)
	if err != nil {
		return nil, err
	}
	var again *registry.Delivery
	err = a.onWebhook(c, cl, "webhook.replay", func(s *registry.Subscription) (docs []*registry.Document, err error) {
		again, docs, err = a.replayed(c.Request.Context(), s, c.Param("delivery"))
		return docs, err
	})
	if err != nil {
		return nil, err
	}
	return private(http.StatusAccepted, newDelivery(again))
}

// replayed is a delivery of a subscription as it is to be tried again, and what is
// written for that.
func (a *api) replayed(ctx context.Context, s *registry.Subscription, id string) (*registry.Delivery, []*registry.Document, error) {
	if !readable(id, maxText) || !strings.HasPrefix(id, s.ID+"-") {
		return nil, nil, errNoDelivery
	}
	kind := registry.DeliveryDocument
	doc, err := a.documents.Document(ctx, kind, id)
	if errors.Is(err, registry.ErrNotFound) {
		kind = registry.DeadLetterDocument
		doc, err = a.documents.Document(ctx, kind, id)
	}
	if errors.Is(err, registry.ErrNotFound) {
		err = errNoDelivery
	}
	if err != nil {
		return nil, nil, err
	}
	d, err := registry.ReadDocument[registry.Delivery](doc)
	if err != nil {
		return nil, nil, err
	}
	d.Next = time.Time{}
	if kind == registry.DeliveryDocument {
		return d, []*registry.Document{d.Document(doc.Version)}, nil
	}
	d.Attempts, d.Dead = 0, time.Time{}
	doc.Body = nil
	return d, []*registry.Document{doc, d.Document(0)}, nil
}
