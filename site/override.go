// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// corrected is a value of the entry that somebody corrected, in words.
type corrected struct {
	Field, Value string
	Was          string // what the repository says; "" for nothing
	Reason, By   string
	Time         time.Time
}

// correctable are the names of the fields and their values in words.
var correctable = map[registry.OverrideField]struct {
	name  string // key of the text
	words func(value json.RawMessage, lang string) string
}{
	registry.OverridePublisher:  {"facet.publisher", spelt(func(p registry.Publisher, _ string) string { return p.Name })},
	registry.OverrideLicence:    {"facet.licence", spelt(func(expression, _ string) string { return expression })},
	registry.OverrideStatus:     {"facet.status", spelt(publiccode.StatusLabel)},
	registry.OverrideCategories: {"facet.category", spelt(categoriesInWords)},
}

// spelt reads a value as what its field holds.
func spelt[T any](words func(T, string) string) func(json.RawMessage, string) string {
	return func(value json.RawMessage, lang string) string {
		var v T
		if len(value) == 0 || json.Unmarshal(value, &v) != nil {
			return ""
		}
		return shorten(words(v, lang), maxLine)
	}
}

func categoriesInWords(codes []string, lang string) string {
	labels := make([]string, 0, min(len(codes), maxItems))
	for _, code := range codes[:min(len(codes), maxItems)] {
		labels = append(labels, publiccode.CategoryLabel(code, lang))
	}
	return strings.Join(labels, ", ")
}

func (d *detail) readOverrides(overrides []registry.Override, lang string) {
	for _, o := range first(d, overrides) {
		field, known := correctable[o.Field]
		if !known {
			continue
		}
		d.Corrected = append(d.Corrected, corrected{
			Field: say(lang, field.name), Value: field.words(o.Value, lang), Was: field.words(o.Was, lang),
			Reason: shorten(o.Reason, maxLine), By: shorten(o.By, maxName), Time: o.Time,
		})
	}
}
