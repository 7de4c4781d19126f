// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const (
	receiverBody = `{"url": "https://receiver.example/allmende", "description": "Prüfung", "events": ["added", "removed"], "filters": {"region": ["SH"], "licence": ["EUPL-1.2"]}}`
	plainBody    = `{"url": "https://receiver.example/"}`
)

func (o *office) subscribe(t testing.TB, token, body string) webhook {
	t.Helper()
	return decode[webhook](t, o.ask(t, http.MethodPost, webhooksPath, token, body), http.StatusCreated)
}

func TestSubscribe(t *testing.T) {
	o := newOffice(t)
	token, value := o.makeToken(t, registry.Grant{Regions: []string{"DE-SH"}}, time.Time{})
	made := o.subscribe(t, value, receiverBody)
	if made.Secret == "" || !made.Enabled || made.By != "token:"+token.ID || !slices.Equal(made.Filters[registry.FacetRegion], []string{"DE-SH"}) {
		t.Errorf("made %+v", made)
	}
	w := o.ask(t, http.MethodGet, webhooksPath+"/"+made.ID, value, "")
	seen := decode[webhook](t, w, http.StatusOK)
	if secret := made.Secret; seen.Secret != "" || strings.Contains(w.Body.String(), secret) {
		t.Errorf("the secret is told again")
	}
	made.Secret = ""
	if diff := cmp.Diff(made, seen); diff != "" {
		t.Error(diff)
	}
	w = o.ask(t, http.MethodGet, webhooksPath, value, "")
	if list := decode[webhookList](t, w, http.StatusOK); len(list.Items) != 1 || strings.Contains(w.Body.String(), "whsec_") {
		t.Errorf("list %s", w.Body)
	}
	kept := o.subscription(t, made.ID)
	if kept.Cursor != 17 {
		t.Errorf("begins after the revision %d, want what there is", kept.Cursor)
	}
	if lines := o.lines(t); len(lines) != 1 || lines[0].Action != "webhook.create" || lines[0].Object != made.ID || strings.Contains(fmt.Sprint(lines), "whsec_") || lines[0].Detail != "receiver.example" {
		t.Errorf("audit log %+v", lines)
	}
}

func (o *office) subscription(t testing.TB, id string) *registry.Subscription {
	t.Helper()
	d, err := o.Document(t.Context(), registry.SubscriptionDocument, id)
	if err != nil {
		t.Fatal(err)
	}
	s, err := registry.ReadDocument[registry.Subscription](d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSubscriptionIsRefused(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	for name, tt := range map[string]struct{ body, at string }{
		"no address":     {`{}`, "/url"},
		"http":           {`{"url": "http://receiver.example/"}`, "/url"},
		"credentials":    {`{"url": "https://a:b@receiver.example/"}`, "/url"},
		"metadata":       {`{"url": "https://169.254.169.254/latest"}`, "/url"},
		"own machine":    {`{"url": "https://localhost/"}`, "/url"},
		"a licence":      {`{"url": "https://receiver.example/", "events": ["need"], "filters": {"licence": ["EUPL-1.2"]}}`, ""},
		"an event":       {`{"url": "https://receiver.example/", "events": ["vanished"]}`, ""},
		"a search":       {`{"url": "https://receiver.example/", "filters": {"q": ["akte"]}}`, "/filters/q"},
		"no region":      {`{"url": "https://receiver.example/", "filters": {"region": ["DE", "Hier"]}}`, "/filters/region/1"},
		"an empty value": {`{"url": "https://receiver.example/", "filters": {"publisher": [""]}}`, ""},
		"too many":       {`{"url": "https://receiver.example/", "filters": {"publisher": ["a"` + strings.Repeat(`, "a"`, 200) + `]}}`, ""},
		"a long word":    {`{"url": "https://receiver.example/", "description": "` + strings.Repeat("ä", 201) + `"}`, ""},
		"unknown":        {`{"url": "https://receiver.example/", "secret": "whsec_AAAA"}`, "/secret"},
	} {
		t.Run(name, func(t *testing.T) {
			p := decode[problem](t, o.ask(t, http.MethodPost, webhooksPath, value, tt.body), http.StatusBadRequest)
			if tt.at != "" && (len(p.Errors) != 1 || p.Errors[0].Location == nil || p.Errors[0].Location.Pointer != tt.at) {
				t.Errorf("faults %+v", p.Errors)
			}
		})
	}
	if kept := o.kept(t); len(kept) != 1 {
		t.Errorf("something was written: %v", kept)
	}
}

// TestReceiversOfTheOwnNetwork takes those that the operator allows, and no others.
func TestReceiversOfTheOwnNetwork(t *testing.T) {
	o := newOffice(t)
	o.Handler = handlerOf(t, o.shelf, Options{Documents: o.Documents, Receivers: []string{"http://10.0.0.1:8080"}})
	value := o.token(t, registry.Grant{})
	o.subscribe(t, value, `{"url": "http://10.0.0.1:8080/hook"}`)
	decode[problem](t, o.ask(t, http.MethodPost, webhooksPath, value, `{"url": "http://10.0.0.1:8081/hook"}`), http.StatusBadRequest)
}

func TestTooManySubscriptions(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	for range maxWebhooksOfOne {
		o.subscribe(t, value, plainBody)
	}
	decode[problem](t, o.ask(t, http.MethodPost, webhooksPath, value, plainBody), http.StatusConflict)
	o.subscribe(t, o.token(t, registry.Grant{}), plainBody)
}

// TestSubscriptionsOfOthersAreNotSeen has callers see those of tokens that allow no
// more than theirs, and do nothing with others.
func TestSubscriptionsOfOthersAreNotSeen(t *testing.T) {
	o := newOffice(t)
	scopes := []registry.Scope{registry.ScopeWebhooks}
	grants := map[string]registry.Grant{
		"all":    {Scopes: scopes},
		"land":   {Scopes: scopes, Regions: []string{"DE-SH"}},
		"fellow": {Scopes: scopes, Regions: []string{"DE-SH"}},
		"south":  {Scopes: scopes, Regions: []string{"DE-BY"}},
		"office": {Scopes: scopes, Regions: []string{"DE-SH"}, Organisation: "https://amt.example/"},
	}
	tokens, made := map[string]string{}, map[string]string{}
	for who, g := range grants {
		tokens[who] = o.token(t, g)
		made[who] = o.subscribe(t, tokens[who], plainBody).ID
	}
	none := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAudit, registry.ScopeTokens}})
	sees := map[string][]string{
		"all": {"all", "land", "fellow", "south", "office"}, "land": {"land", "fellow", "office"}, "fellow": {"land", "fellow", "office"},
		"south": {"south"}, "office": {"office"},
	}
	o.dead(t, made["south"])
	before := o.kept(t)
	for who, token := range tokens {
		var seen []string
		for _, item := range decode[webhookList](t, o.ask(t, http.MethodGet, webhooksPath, token, ""), http.StatusOK).Items {
			seen = append(seen, item.ID)
		}
		for whose, id := range made {
			if may := slices.Contains(sees[who], whose); may != slices.Contains(seen, id) {
				t.Errorf("%s sees the one of %s in the list: %v", who, whose, !may)
			}
			for what, body := range ofOneWebhook(id) {
				method, target, _ := strings.Cut(what, " ")
				for wrong, status := range map[string]int{none: http.StatusForbidden, "": http.StatusUnauthorized} {
					if w := o.ask(t, method, target, wrong, body); w.Code != status {
						t.Errorf("%s with a token without the scope, or none: status %d", what, w.Code)
					}
				}
				if slices.Contains(sees[who], whose) {
					continue
				}
				if w := o.ask(t, method, target, token, body); w.Code != http.StatusNotFound {
					t.Errorf("%s, of %s, by %s: status %d", what, whose, who, w.Code)
				}
			}
		}
	}
	if diff := cmp.Diff(before, o.kept(t)); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
}

// ofOneWebhook are all requests for one subscription, with their bodies.
func ofOneWebhook(id string) map[string]string {
	self := webhooksPath + "/" + id
	return map[string]string{
		"GET " + self: "", "PATCH " + self: `{"enabled": false}`, "DELETE " + self: "", "POST " + self + "/test": "",
		"GET " + self + "/deliveries": "", "GET " + self + "/dead-letters": "",
		"POST " + self + "/deliveries/" + id + "-000000000004/replay": "",
	}
}

// dead keeps a dead letter of a subscription, and a delivery that waits.
func (o *office) dead(t testing.TB, subscription string) (letter, waits *registry.Delivery) {
	t.Helper()
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	letter = registry.NewDelivery(at, subscription, &registry.Change{Rev: 4, ID: goneID, Kind: registry.Removed, Reason: registry.Declined, Time: at})
	letter.Attempts, letter.Tried, letter.Status, letter.Error, letter.Dead = 10, at, 500, "It answered with the status 500.", at
	waits = registry.NewDelivery(at, subscription, &registry.Change{Rev: 5, ID: fullID, From: movedID, Kind: registry.Renamed, Time: at})
	waits.Attempts, waits.Tried, waits.Next = 1, at, at.Add(time.Minute)
	if err := o.PutDocuments(t.Context(), letter.Document(0), waits.Document(0)); err != nil {
		t.Fatal(err)
	}
	return letter, waits
}

func TestChangeSubscription(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	made := o.subscribe(t, value, receiverBody)
	self := webhooksPath + "/" + made.ID
	change := func(body string, headers ...string) webhook {
		t.Helper()
		return decode[webhook](t, o.ask(t, http.MethodPatch, self, value, body, headers...), http.StatusOK)
	}
	off := change(`{"enabled": false}`)
	if off.Enabled || off.Disabled == "" || off.Reason == "" || off.URL != made.URL || off.Description != made.Description {
		t.Errorf("switched off: %+v", off)
	}
	decode[problem](t, o.ask(t, http.MethodPost, self+"/test", value, ""), http.StatusConflict)
	on := change(`{"enabled": true, "events": [], "filters": {}, "url": "https://other.example/"}`)
	if !on.Enabled || on.Disabled != "" || on.Reason != "" || len(on.Events) > 0 || len(on.Filters) > 0 || on.URL != "https://other.example/" {
		t.Errorf("switched on: %+v", on)
	}
	if kept := o.subscription(t, made.ID); kept.Secret != made.Secret || kept.Enabled.IsZero() || kept.Cursor != 17 {
		t.Errorf("kept %+v", kept)
	}
	decode[problem](t, o.ask(t, http.MethodPatch, self, value, `{"url": "https://127.0.0.1/"}`), http.StatusBadRequest)
	decode[problem](t, o.ask(t, http.MethodPatch, self, value, `{"description": "A"}`, "If-Match", `"another"`), http.StatusPreconditionFailed)
	etag := o.ask(t, http.MethodGet, self, value, "").Header().Get("ETag")
	change(`{"description": "A"}`, "If-Match", etag)
}

func TestTestOfASubscription(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	made := o.subscribe(t, value, plainBody)
	self := webhooksPath + "/" + made.ID
	before, err := o.Document(t.Context(), registry.SubscriptionDocument, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	test := decode[delivery](t, o.ask(t, http.MethodPost, self+"/test", value, ""), http.StatusAccepted)
	decode[problem](t, o.ask(t, http.MethodPost, self+"/test", value, ""), http.StatusConflict)
	list := decode[deliveryList](t, o.ask(t, http.MethodGet, self+"/deliveries", value, ""), http.StatusOK)
	if diff := cmp.Diff([]delivery{test}, list.Items); diff != "" {
		t.Error(diff)
	}
	after, err := o.Document(t.Context(), registry.SubscriptionDocument, made.ID)
	if err != nil || after.Version == before.Version {
		t.Errorf("the subscription is as it was, and so nobody looks for the test: %v", err)
	}
}

func TestReplay(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	self := webhooksPath + "/" + o.subscribe(t, value, plainBody).ID
	letter, waits := o.dead(t, strings.TrimPrefix(self, webhooksPath+"/"))
	for _, d := range []*registry.Delivery{letter, waits} {
		again := decode[delivery](t, o.ask(t, http.MethodPost, self+"/deliveries/"+d.ID+"/replay", value, ""), http.StatusAccepted)
		if again.ID != d.ID || again.Next != "" || again.Dead != "" {
			t.Errorf("%+v", again)
		}
	}
	if items := decode[deliveryList](t, o.ask(t, http.MethodGet, self+"/deliveries", value, ""), http.StatusOK).Items; len(items) != 2 || items[0].Attempts != 0 || items[1].Attempts != 1 {
		t.Errorf("waits %+v", items)
	}
	if items := decode[deliveryList](t, o.ask(t, http.MethodGet, self+"/dead-letters", value, ""), http.StatusOK).Items; len(items) != 0 {
		t.Errorf("dead %+v", items)
	}
	for _, id := range []string{"nichts", o.subscribe(t, value, plainBody).ID + "-000000000004", strings.TrimPrefix(self, webhooksPath+"/") + "-%00"} {
		decode[problem](t, o.ask(t, http.MethodPost, self+"/deliveries/"+id+"/replay", value, ""), http.StatusNotFound)
	}
	if w := o.ask(t, http.MethodDelete, self, value, ""); w.Code != http.StatusNoContent {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	for key := range o.kept(t) {
		if strings.HasPrefix(key, "delivery") || strings.HasPrefix(key, "dead-letter") {
			t.Errorf("%s is left", key)
		}
	}
	actions := map[string]int{}
	for _, l := range o.lines(t) {
		actions[l.Action]++
	}
	if diff := cmp.Diff(map[string]int{"webhook.create": 2, "webhook.replay": 2, "webhook.delete": 1}, actions); diff != "" {
		t.Error(diff)
	}
}

// TestEvent holds what is sent against the document.
func TestEvent(t *testing.T) {
	c := theContract(t)
	at := time.Date(2026, 5, 6, 7, 8, 9, 10_000_000, time.UTC)
	body := Event("https://catalogue.example/")
	wanted := &registry.BoardNeed{Need: adoption.Need{ID: "akte", Title: "Akte"}, Key: "github.com/amt/bedarf#akte", Proof: registry.ProvenSource, Said: at}
	for schema, d := range map[string]*registry.Delivery{
		"SoftwareEvent": registry.NewDelivery(at, "eins", &registry.Change{Rev: 5, ID: fullID, From: movedID, Kind: registry.Renamed, Time: at}),
		"NeedEvent":     registry.NewNeedDelivery(at, "eins", registry.NeedRef{Key: wanted.Key, Seq: 4, Added: true}),
		"TestEvent":     registry.NewDelivery(at, "eins", nil),
	} {
		var need *registry.BoardNeed
		if d.Need != nil {
			need = wanted
		}
		src, err := body("eins", d, need)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		c.mu.Lock()
		if err := c.validate("#/components/schemas/"+schema, v); err != nil {
			t.Errorf("%s: %v", src, err)
		}
		c.cover("#/components/schemas/"+schema, v)
		c.mu.Unlock()
		var e struct {
			Type      string
			Timestamp time.Time
			Data      struct {
				Links struct{ Self, Software, History string }
			}
		}
		if err := json.Unmarshal(src, &e); err != nil || !e.Timestamp.Equal(at) || e.Type != typeOf(d) {
			t.Errorf("%s: %v", src, err)
		}
		if d.Need != nil && (e.Type != "need.added" || e.Data.Links.Self != "https://catalogue.example/v1/needs/github.com/amt/bedarf%23akte") {
			t.Errorf("%s: links %+v", e.Type, e.Data.Links)
		}
		if d.Change != nil && e.Data.Links.History != "https://catalogue.example/v1/history/"+fullID {
			t.Errorf("links %+v", e.Data.Links)
		}
	}
}

// driveWebhooks drives the operations of subscriptions into every documented status.
func driveWebhooks(t *testing.T) {
	TestEvent(t)
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	scopeless := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAudit}})
	made := o.subscribe(t, value, receiverBody)
	o.dead(t, made.ID)
	self := webhooksPath + "/" + made.ID
	bare := &office{Handler: handlerOf(t, o.shelf, Options{})}
	ill := officeOver(t, ailing{o.Documents, errors.New("disk on fire")})
	slow := officeOver(t, ailing{o.Documents, errContended})
	requests := ofOneWebhook(made.ID)
	requests["GET "+webhooksPath], requests["POST "+webhooksPath] = "", receiverBody
	requests["GET "+webhooksPath+"?perPage=1"] = ""
	requests["GET "+self+"/deliveries?perPage=1"] = ""
	for what, body := range requests {
		method, target, _ := strings.Cut(what, " ")
		for _, token := range []string{"", scopeless} {
			o.ask(t, method, target, token, body)
		}
		o.ask(t, method, target+"?surprise=1", value, body)
		if method != http.MethodGet {
			o.ask(t, method, target, value, body, "If-Match", `"another"`)
		}
		for _, other := range []*office{bare, ill, slow} {
			other.ask(t, method, target, value, body)
		}
		if body != "" {
			o.ask(t, method, target, value, strings.Repeat(" ", maxBody+1))
			send(t, o, method, target, strings.NewReader(body), "Authorization", "Bearer "+value, "Content-Type", "text/plain")
		}
		o.ask(t, method, strings.ReplaceAll(target, made.ID, "nichts"), value, body)
	}
	made = o.subscribe(t, value, receiverBody)
	self = webhooksPath + "/" + made.ID
	letter, waits := o.dead(t, made.ID)
	for range 2 {
		o.ask(t, http.MethodPost, self+"/test", value, "")
	}
	if err := o.PutDocuments(t.Context(), registry.NewNeedDelivery(time.Now(), made.ID, registry.NeedRef{Key: "github.com/amt/bedarf#akte", Seq: 4}).Document(0)); err != nil {
		t.Fatal(err)
	}
	o.ask(t, http.MethodGet, self+"/deliveries", value, "")
	o.ask(t, http.MethodGet, self+"/dead-letters", value, "")
	for _, d := range []*registry.Delivery{letter, waits} {
		o.ask(t, http.MethodPost, self+"/deliveries/"+d.ID+"/replay", value, "")
	}
	o.ask(t, http.MethodPatch, self, value, `{"url": "https://a.example/", "description": "B", "events": ["added"], "filters": {"region": ["DE"]}, "enabled": false}`)
	o.ask(t, http.MethodGet, self, value, "")
	o.ask(t, http.MethodDelete, self, value, "")
	for range maxWebhooksOfOne + 1 {
		o.ask(t, http.MethodPost, webhooksPath, value, plainBody)
	}
}

// TestSubscriptionToNeedsBeginsNow: what was told before is not told to who comes later,
// nor to who asks for needs later.
func TestSubscriptionToNeedsBeginsNow(t *testing.T) {
	o := newOffice(t)
	o.needs(t)
	value := o.token(t, registry.Grant{})
	early := o.subscribe(t, value, plainBody)
	o.shelf.entries = append(o.shelf.entries, &registry.Software{ID: "gitlab.com/sued/zz", PublicCode: publiccode.PublicCode{Name: "Formular"}})
	if err := o.note(t); err != nil {
		t.Fatal(err)
	}
	head, _, err := registry.ReadNeedHead(t.Context(), o)
	if err != nil || head == 0 {
		t.Fatalf("the last event is %d: %v", head, err)
	}
	late := o.subscribe(t, value, `{"url": "https://receiver.example/", "events": ["need"], "filters": {"region": ["SH"], "category": ["data-collection"]}}`)
	if kept := o.subscription(t, late.ID); kept.NeedCursor != head || !kept.WantsNeeds() {
		t.Errorf("begins after %d, want %d", kept.NeedCursor, head)
	}
	if kept := o.subscription(t, early.ID); kept.WantsNeeds() {
		t.Error("needs are sent to who has not named them")
	}
	decode[webhook](t, o.ask(t, http.MethodPatch, webhooksPath+"/"+early.ID, value, `{"events": ["added", "need"]}`), http.StatusOK)
	if kept := o.subscription(t, early.ID); kept.NeedCursor != head {
		t.Errorf("begins after %d, want %d", kept.NeedCursor, head)
	}
}
