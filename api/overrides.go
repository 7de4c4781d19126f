// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const overridesPath = "/v1/overrides/"

var errNoOverride = &problem{Status: http.StatusNotFound, Detail: "This field of the entry is not overridden."}

// Origins of a value.
const (
	originOverride   = "override"
	originRepository = "repository" // its publiccode.yml
	originSource     = "source"     // the source that led to it
)

// correction is an override as an entry shows it.
type correction struct {
	Field  registry.OverrideField `json:"field"`
	Value  json.RawMessage        `json:"value"`
	Was    json.RawMessage        `json:"was,omitempty"`
	Reason string                 `json:"reason"`
	By     string                 `json:"by"`
	Time   string                 `json:"time"`
}

// fieldItem is a field that can be overridden, with its value and where that is
// from.
type fieldItem struct {
	Field  registry.OverrideField `json:"field"`
	Origin string                 `json:"origin"`
	Value  json.RawMessage        `json:"value,omitempty"`
	Was    json.RawMessage        `json:"was,omitempty"`
	Reason string                 `json:"reason,omitempty"`
	By     string                 `json:"by,omitempty"`
	Time   string                 `json:"time,omitempty"`
}

type fieldList struct {
	Software registry.ID   `json:"software"`
	Fields   []fieldItem   `json:"fields"`
	Links    overrideLinks `json:"links"`
}

type overrideLinks struct {
	Self     string `json:"self"`
	Software string `json:"software"`
}

func newCorrection(o registry.Override) correction {
	return correction{Field: o.Field, Value: o.Value, Was: o.Was, Reason: o.Reason, By: o.By, Time: instant(o.Time)}
}

// fields are those of an entry that can be overridden.
func (a *api) fields(s *registry.Software) (fieldList, error) {
	list := fieldList{
		Software: s.ID,
		Links:    overrideLinks{Self: a.link(overridesPath + s.ID.EscapedPath()), Software: a.link(softwarePath + s.ID.EscapedPath())},
	}
	values := map[registry.OverrideField]any{
		registry.OverridePublisher: newPublisher(s.Publisher), registry.OverrideLicence: s.PublicCode.Legal.License,
		registry.OverrideStatus: s.PublicCode.DevelopmentStatus, registry.OverrideCategories: s.PublicCode.Categories,
	}
	for _, name := range registry.OverrideFields() {
		i := slices.IndexFunc(s.Overrides, func(o registry.Override) bool { return o.Field == name })
		if i >= 0 {
			o := newCorrection(s.Overrides[i])
			list.Fields = append(list.Fields, fieldItem{
				Field: name, Origin: originOverride, Value: o.Value, Was: o.Was, Reason: o.Reason, By: o.By, Time: o.Time,
			})
			continue
		}
		item := fieldItem{Field: name, Origin: originRepository}
		if name == registry.OverridePublisher {
			item.Origin = originSource
		}
		value, err := json.Marshal(values[name])
		if err != nil {
			return list, err
		}
		if none := string(value); none != `""` && none != "null" && none != "[]" {
			item.Value = value
		}
		list.Fields = append(list.Fields, item)
	}
	return list, nil
}

func overridesOf(id registry.ID) string { return overridesPath + id.EscapedPath() }

// getOverrides tells of each field that can be overridden where its value is from.
func (a *api) getOverrides(c *gin.Context) (*answer, error) {
	s, elsewhere, err := a.lookUp(c, c.Param("id"), overridesOf)
	if s == nil {
		return elsewhere, err
	}
	list, err := a.fields(s)
	if err != nil {
		return nil, err
	}
	return jsonAnswer(list)
}

// newOverride is the body that overrides a field.
type newOverride struct {
	Field  registry.OverrideField `json:"field"`
	Value  json.RawMessage        `json:"value"`
	Reason string                 `json:"reason"`
}

// putOverride corrects a field of an entry.
func (a *api) putOverride(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeOverrides)
	if err != nil {
		return nil, err
	}
	var in newOverride
	if err := readBody(c, &in); err != nil {
		return nil, err
	}
	o := registry.Override{Field: in.Field, Value: in.Value, Reason: in.Reason, By: cl.name, Time: a.now().UTC()}
	if !slices.Contains(registry.OverrideFields(), o.Field) {
		return nil, refused("/field", o.CheckValue())
	}
	if err := o.CheckValue(); err != nil {
		return nil, refused("/value", err)
	}
	if err := o.CheckReason(); err != nil {
		return nil, refused("/reason", err)
	}
	if o.Field == registry.OverridePublisher {
		to, err := registry.ReadDocument[registry.Publisher](&registry.Document{Body: o.Value})
		if err != nil {
			return nil, err
		}
		if err := cl.may(registry.ScopeOverrides, *to); err != nil {
			return nil, err
		}
	}
	return a.override(c, cl, o.Field, func(*registry.Document) (json.RawMessage, error) { return json.Marshal(o) })
}

// deleteOverride takes a correction back.
func (a *api) deleteOverride(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeOverrides)
	if err != nil {
		return nil, err
	}
	p := parseParameters(c.Request.URL.RawQuery)
	field := p.word("field", fieldNames()...)
	p.required("field", "name the field whose value is to be that of the repository again")
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	return a.override(c, cl, registry.OverrideField(field), func(kept *registry.Document) (json.RawMessage, error) {
		if kept.Version == 0 {
			return nil, errNoOverride
		}
		return nil, nil
	})
}

func fieldNames() []string {
	return each(registry.OverrideFields(), func(f registry.OverrideField) string { return string(f) })
}

// override writes what change makes of the override of a field, nil for none, and
// lays it into the entry. kept is what there is, of version 0 where nothing is.
func (a *api) override(c *gin.Context, cl caller, field registry.OverrideField,
	change func(kept *registry.Document) (json.RawMessage, error),
) (*answer, error) {
	ctx := c.Request.Context()
	var s *registry.Software
	var elsewhere *answer
	err := contended(func() (err error) {
		s, elsewhere, err = a.lookUp(c, c.Param("id"), overridesOf)
		if s == nil {
			return err
		}
		if err := cl.may(registry.ScopeOverrides, s.Publisher); err != nil {
			return err
		}
		list, err := a.fields(s)
		if err != nil {
			return err
		}
		body, err := encode(list)
		if err != nil {
			return err
		}
		if err := precondition(c, entityTag(body)); err != nil {
			return err
		}
		kept, err := a.keptOverride(ctx, s, field)
		if err != nil {
			return err
		}
		body, err = change(kept)
		if err != nil {
			return err
		}
		action := "override.put"
		if body == nil {
			action = "override.delete"
		}
		kept.Body = body
		return a.put(c, cl, action, string(s.ID), string(field), kept)
	})
	if err != nil || s == nil {
		return elsewhere, err
	}
	if err := a.amend(ctx, s.ID); err != nil {
		return nil, err
	}
	if s, err = a.catalogue.Get(ctx, s.ID); err != nil {
		return nil, err
	}
	list, err := a.fields(s)
	if err != nil {
		return nil, err
	}
	return written(http.StatusOK, list)
}

// keptOverride is the document of an override of a field, also one that was made
// when the entry had another id; of version 0 where there is none.
func (a *api) keptOverride(ctx context.Context, s *registry.Software, field registry.OverrideField) (*registry.Document, error) {
	key := registry.Override{Field: field}.Key(s.ID)
	kept, err := a.documents.Document(ctx, registry.OverrideDocument, key)
	if !errors.Is(err, registry.ErrNotFound) {
		return kept, err
	}
	kept = &registry.Document{Kind: registry.OverrideDocument, Key: key}
	if !slices.ContainsFunc(s.Overrides, func(o registry.Override) bool { return o.Field == field }) {
		return kept, nil
	}
	for d, err := range a.documents.ListDocuments(ctx, registry.DocumentList{Kind: registry.OverrideDocument}) {
		if err != nil {
			return nil, err
		}
		former, ok := strings.CutSuffix(d.Key, " "+string(field))
		if !ok {
			continue
		}
		var moved *registry.MovedError
		if _, err := a.catalogue.Get(ctx, registry.ID(former)); errors.As(err, &moved) && moved.To.Same(s.ID) {
			return d, nil
		}
	}
	return kept, nil
}
