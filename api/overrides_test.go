// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

const overridesOfFull = "/v1/overrides/" + fullID

func (l fieldList) field(name registry.OverrideField) fieldItem {
	i := slices.IndexFunc(l.Fields, func(f fieldItem) bool { return f.Field == name })
	if i < 0 {
		return fieldItem{}
	}
	return l.Fields[i]
}

func TestOverrideAndBack(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeOverrides}, Regions: []string{"DE-SH"}})
	before := decode[fieldList](t, o.ask(t, http.MethodGet, overridesOfFull, "", ""), http.StatusOK)
	if f := before.field(registry.OverrideLicence); f.Origin != originRepository || string(f.Value) != `"EUPL-1.2"` {
		t.Errorf("before: %+v", f)
	}
	if f := before.field(registry.OverridePublisher); f.Origin != originSource {
		t.Errorf("publisher before: %+v", f)
	}
	for field, tt := range map[registry.OverrideField]struct{ value, kept string }{
		registry.OverrideLicence:    {`"mit or eupl-1.2"`, `"MIT OR EUPL-1.2"`},
		registry.OverrideStatus:     {`"beta"`, `"beta"`},
		registry.OverrideCategories: {`["crm", "document-management"]`, `["crm","document-management"]`},
		registry.OverridePublisher: {
			`{"id": "kiel", "name": "Kiel", "region": "DE-SH", "uri": "https://kiel.example/"}`,
			`{"id":"kiel","name":"Kiel","region":"DE-SH","uri":"https://kiel.example/"}`,
		},
	} {
		t.Run(string(field), func(t *testing.T) {
			body := `{"field": "` + string(field) + `", "value": ` + tt.value + `, "reason": "Steht so im Vertrag"}`
			after := decode[fieldList](t, o.ask(t, http.MethodPut, overridesOfFull, value, body), http.StatusOK)
			f := after.field(field)
			if f.Origin != originOverride || string(f.Value) != tt.kept || f.Reason != "Steht so im Vertrag" || f.By != "Prüfung" || f.Time == "" || len(f.Was) == 0 {
				t.Errorf("after: %+v with %s", f, f.Value)
			}
			shown := decode[entry](t, o.ask(t, http.MethodGet, "/v1/software/"+fullID, "", ""), http.StatusOK)
			if !slices.ContainsFunc(shown.Overrides, func(c correction) bool { return c.Field == field && string(c.Value) == tt.kept && c.By == "Prüfung" }) {
				t.Errorf("the entry shows %+v", shown.Overrides)
			}
			again := decode[fieldList](t, o.ask(t, http.MethodDelete, overridesOfFull+"?field="+string(field), value, ""), http.StatusOK)
			if got, want := again.field(field), before.field(field); got.Origin != want.Origin || string(got.Value) != string(want.Value) {
				t.Errorf("taken back: %+v, want %+v", got, want)
			}
			decode[problem](t, o.ask(t, http.MethodDelete, overridesOfFull+"?field="+string(field), value, ""), http.StatusNotFound)
		})
	}
}

func TestOverrideIsRefused(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeOverrides}, Regions: []string{"DE-SH"}})
	for name, tt := range map[string]struct {
		target, body string
		status       int
		at           string
	}{
		"no such field":       {fullID, `{"field": "name", "value": "A", "reason": "R"}`, http.StatusBadRequest, "/field"},
		"no value":            {fullID, `{"field": "licence", "reason": "R"}`, http.StatusBadRequest, "/value"},
		"null":                {fullID, `{"field": "licence", "value": null, "reason": "R"}`, http.StatusBadRequest, "/value"},
		"no expression":       {fullID, `{"field": "licence", "value": "free for all", "reason": "R"}`, http.StatusBadRequest, "/value"},
		"no licence":          {fullID, `{"field": "licence", "value": "NONE", "reason": "R"}`, http.StatusBadRequest, "/value"},
		"no category":         {fullID, `{"field": "categories", "value": ["paper-folding"], "reason": "R"}`, http.StatusBadRequest, "/value"},
		"no categories":       {fullID, `{"field": "categories", "value": [], "reason": "R"}`, http.StatusBadRequest, "/value"},
		"twice":               {fullID, `{"field": "categories", "value": ["crm", "crm"], "reason": "R"}`, http.StatusBadRequest, "/value"},
		"no status":           {fullID, `{"field": "developmentStatus", "value": "done", "reason": "R"}`, http.StatusBadRequest, "/value"},
		"no publisher":        {fullID, `{"field": "publisher", "value": "Kiel", "reason": "R"}`, http.StatusBadRequest, "/value"},
		"publisher of more":   {fullID, `{"field": "publisher", "value": {"id": "kiel", "name": "Kiel", "region": "DE-SH", "ags": "01"}, "reason": "R"}`, http.StatusBadRequest, "/value"},
		"publisher elsewhere": {fullID, `{"field": "publisher", "value": {"id": "wien", "name": "Wien", "region": "AT-9"}, "reason": "R"}`, http.StatusForbidden, ""},
		"no reason":           {fullID, `{"field": "developmentStatus", "value": "beta", "reason": " "}`, http.StatusBadRequest, "/reason"},
		"another region":      {portID, `{"field": "developmentStatus", "value": "beta", "reason": "R"}`, http.StatusForbidden, ""},
		"no entry":            {"github.com/nobody/nothing", `{"field": "developmentStatus", "value": "beta", "reason": "R"}`, http.StatusNotFound, ""},
		"gone":                {goneID, `{"field": "developmentStatus", "value": "beta", "reason": "R"}`, http.StatusGone, ""},
		"moved":               {movedID, `{"field": "developmentStatus", "value": "beta", "reason": "R"}`, http.StatusPermanentRedirect, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := o.ask(t, http.MethodPut, "/v1/overrides/"+tt.target, value, tt.body)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if tt.at == "" {
				return
			}
			if p := decode[problem](t, w, tt.status); len(p.Errors) != 1 || p.Errors[0].Location == nil || p.Errors[0].Location.Pointer != tt.at {
				t.Errorf("faults %+v", p.Errors)
			}
		})
	}
	bound := o.token(t, registry.Grant{Organisation: "https://kiel.example/"})
	w := o.ask(t, http.MethodPut, overridesOfFull, bound, `{"field": "developmentStatus", "value": "beta", "reason": "R"}`)
	decode[problem](t, w, http.StatusForbidden)
	if lines := o.lines(t); len(lines) > 0 {
		t.Errorf("audit log %+v", lines)
	}
}

// TestOverrideForAnOrganisation has a token write what is that organisation's.
func TestOverrideForAnOrganisation(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{Organisation: "http://NORD.example"})
	w := o.ask(t, http.MethodPut, overridesOfFull, value, `{"field": "developmentStatus", "value": "beta", "reason": "R"}`)
	decode[fieldList](t, w, http.StatusOK)
}

// TestOverrideOfWhatWasSeen holds If-Match to what is there.
func TestOverrideOfWhatWasSeen(t *testing.T) {
	o := newOffice(t)
	value := o.token(t, registry.Grant{})
	etag := o.ask(t, http.MethodGet, overridesOfFull, "", "").Header().Get("ETag")
	put := func(status, etag string) (int, string) {
		w := o.ask(t, http.MethodPut, overridesOfFull, value, `{"field": "developmentStatus", "value": "`+status+`", "reason": "R"}`, "If-Match", etag)
		return w.Code, w.Header().Get("ETag")
	}
	code, after := put("beta", etag)
	if code != http.StatusOK || after == etag {
		t.Fatalf("status %d, ETag %s", code, after)
	}
	if got := o.ask(t, http.MethodGet, overridesOfFull, "", "").Header().Get("ETag"); got != after {
		t.Errorf("ETag %s, and the write said %s", got, after)
	}
	if code, _ := put("obsolete", etag); code != http.StatusPreconditionFailed {
		t.Errorf("with the ETag of before: status %d", code)
	}
	if code, _ := put("obsolete", after); code != http.StatusOK {
		t.Errorf("with the ETag of now: status %d", code)
	}
	w := o.ask(t, http.MethodDelete, overridesOfFull+"?field=developmentStatus", value, "", "If-Match", etag)
	decode[problem](t, w, http.StatusPreconditionFailed)
}

// TestOverrideOfARenamedEntry takes back what was corrected under a former id.
func TestOverrideOfARenamedEntry(t *testing.T) {
	o := newOffice(t)
	old := registry.Override{Field: registry.OverrideStatus, Value: []byte(`"beta"`), Reason: "R", By: "Amt"}
	if err := o.PutDocuments(t.Context(), old.Document(movedID, 0)); err != nil {
		t.Fatal(err)
	}
	for i, e := range o.shelf.entries {
		if e.ID == fullID {
			renamed := *e
			renamed.Correct([]registry.Override{old})
			o.shelf.entries[i] = &renamed
		}
	}
	w := o.ask(t, http.MethodDelete, overridesOfFull+"?field=developmentStatus", o.token(t, registry.Grant{}), "")
	decode[fieldList](t, w, http.StatusOK)
	if _, err := o.Document(t.Context(), registry.OverrideDocument, old.Key(movedID)); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("the override under the former id is there: %v", err)
	}
}

// TestOverrideThatIsNotLaidIn tells that the entry does not show it yet.
func TestOverrideThatIsNotLaidIn(t *testing.T) {
	o := newOffice(t)
	h := handlerOf(t, o.shelf, Options{Documents: o.Documents, Amend: func(context.Context, ...registry.ID) error { return errors.New("disk on fire") }})
	ill := &office{Handler: h, Documents: o.Documents}
	w := ill.ask(t, http.MethodPut, overridesOfFull, o.token(t, registry.Grant{}), `{"field": "developmentStatus", "value": "beta", "reason": "R"}`)
	decode[problem](t, w, http.StatusInternalServerError)
}
