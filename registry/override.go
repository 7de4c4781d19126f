// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/spdx"
)

// OverrideDocument is the kind of Override; its key is the ID of the entry, a space
// and the field.
const OverrideDocument DocumentKind = "override"

// Override is a value of an entry that somebody corrected. It stays in place of what
// the repository says, visit for visit, until it is taken back.
type Override struct {
	Field  OverrideField   `json:"field"`
	Value  json.RawMessage `json:"value"`
	Was    json.RawMessage `json:"was,omitempty"` // what the repository says; nil for nothing
	Reason string          `json:"reason"`        // why, for readers
	By     string          `json:"by"`            // name of the token, or subject
	Time   time.Time       `json:"time"`
}

// OverrideField is a field that can be overridden.
type OverrideField string

// The fields.
const (
	OverridePublisher  OverrideField = "publisher"         // a Publisher
	OverrideCategories OverrideField = "categories"        // a list of publiccode.yml categories
	OverrideStatus     OverrideField = "developmentStatus" // a word of publiccode.yml
	OverrideLicence    OverrideField = "licence"           // legal.license: an SPDX expression
)

// OverrideFields are those there are.
func OverrideFields() []OverrideField {
	return []OverrideField{OverridePublisher, OverrideCategories, OverrideStatus, OverrideLicence}
}

// Key is the key of the document of an override of an entry.
func (o Override) Key(id ID) string { return string(id) + " " + string(o.Field) }

// Document is the override of an entry as a document of a version: 0 for a new one.
func (o Override) Document(id ID, version int64) *Document {
	return &Document{Kind: OverrideDocument, Key: o.Key(id), Version: version, Body: body(o)}
}

// The bounds of an override.
const (
	maxReason             = 2000 // characters
	maxOverrideCategories = 50
)

// CheckReason reports a reason that is empty or too long, as ErrInvalid.
func (o Override) CheckReason() error {
	if strings.TrimSpace(o.Reason) == "" || !readable(o.Reason, maxReason) {
		return fmt.Errorf("%w: reason says to readers why the value is corrected, in %d characters at most", ErrInvalid, maxReason)
	}
	return nil
}

// CheckValue holds the value against its field and puts it into its one form. What
// does not fit is ErrInvalid.
func (o *Override) CheckValue() error {
	switch o.Field {
	case OverridePublisher:
		return checked(&o.Value, "an object with id, name, region and uri", (*Publisher).Check)
	case OverrideCategories:
		return checked(&o.Value, "a list of categories", checkCategories)
	case OverrideStatus:
		return checked(&o.Value, "a word", func(status *string) error {
			if !slices.Contains(publiccode.Statuses(), *status) {
				return fmt.Errorf("%w: developmentStatus is one of %s, not %.50q", ErrInvalid, strings.Join(publiccode.Statuses(), ", "), *status)
			}
			return nil
		})
	case OverrideLicence:
		return checked(&o.Value, "an SPDX expression", func(licence *string) error {
			e, _, err := spdx.Parse(*licence)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrInvalid, err)
			}
			*licence = e.String()
			return nil
		})
	}
	return fmt.Errorf("%w: there is no field %.50q that can be overridden; there are %v", ErrInvalid, o.Field, OverrideFields())
}

// checked reads a value as what its field holds, and writes it as it was checked.
func checked[T any](value *json.RawMessage, form string, check func(*T) error) error {
	v := new(T)
	if string(*value) == "null" || len(*value) == 0 {
		return fmt.Errorf("%w: the value is missing: %s", ErrInvalid, form)
	}
	if err := jsonv2.Unmarshal(*value, v, jsonv2.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("%w: the value is %s: %w", ErrInvalid, form, err)
	}
	if err := check(v); err != nil {
		return err
	}
	*value = body(v)
	return nil
}

func checkCategories(list *[]string) error {
	if len(*list) == 0 || len(*list) > maxOverrideCategories {
		return fmt.Errorf("%w: categories are 1 to %d of the vocabulary of publiccode.yml", ErrInvalid, maxOverrideCategories)
	}
	for i, c := range *list {
		switch {
		case !slices.Contains(publiccode.Categories(), c):
			return fmt.Errorf("%w: %.50q is no category of the vocabulary of publiccode.yml", ErrInvalid, c)
		case slices.Contains((*list)[:i], c):
			return fmt.Errorf("%w: the category %s is named twice", ErrInvalid, c)
		}
	}
	return nil
}

// publisherForm is the ID of a publisher.
var publisherForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// IsPublisherID reports whether a string can be the ID of a publisher.
func IsPublisherID(s string) bool { return publisherForm.MatchString(s) }

// maxPublisherName is in characters.
const maxPublisherName = 200

// Check reports a publisher whose ID, name, region or URI is none, as ErrInvalid.
func (p *Publisher) Check() error {
	if !IsPublisherID(p.ID) {
		return fmt.Errorf("%w: the id of a publisher is of lower-case letters, digits and hyphens, not %.50q", ErrInvalid, p.ID)
	}
	if strings.TrimSpace(p.Name) == "" || !readable(p.Name, maxPublisherName) {
		return fmt.Errorf("%w: the name of a publisher is missing, or of more than %d characters", ErrInvalid, maxPublisherName)
	}
	if p.Region != "" {
		if err := checkRegion(p.Region); err != nil {
			return err
		}
	}
	if p.URI == "" {
		return nil
	}
	u, err := url.Parse(p.URI)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(p.URI) > maxAddress {
		return fmt.Errorf("%w: the uri of a publisher is a web address, not %.100q", ErrInvalid, p.URI)
	}
	return nil
}

func readable(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, unicode.IsControl)
}
