// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/url"
	"reflect"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// fields are the members of a JSON object that was sent, as far as they are known.
type fields map[string]json.RawMessage

// readFields reads a body. Any media type counts as JSON, and in a PATCH as a merge
// patch, but for the one that is something else.
func readFields(r *request, known ...string) (fields, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && media == "application/json-patch+json" {
		return nil, errType
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, errJSON
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	var f fields
	if json.Unmarshal(body, &f) != nil || f == nil {
		return nil, errJSON
	}
	for name := range f {
		if !contains(known, name) {
			return nil, errUnknown
		}
	}
	return f, nil
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// into decodes a member into a value; given is false where it is absent, and null
// leaves the zero value.
func (f fields) into(name string, v any) (given bool, err error) {
	raw, ok := f[name]
	if !ok {
		return false, nil
	}
	reflect.ValueOf(v).Elem().SetZero()
	if json.Unmarshal(raw, v) != nil {
		return false, errJSON
	}
	return true, nil
}

// all decodes several members in turn.
func (f fields) all(into map[string]any) error {
	for name, v := range into {
		if _, err := f.into(name, v); err != nil {
			return err
		}
	}
	return nil
}

// checker collects what is wrong with the fields of a body.
type checker []ValidationError

func (c *checker) add(field, rule, value string) {
	*c = append(*c, ValidationError{Field: field, Rule: rule, Value: value})
}

// text demands a text of n characters at most.
func (c *checker) text(field, value string, n int) {
	switch {
	case strings.TrimSpace(value) == "":
		c.add(field, "required", value)
	case len([]rune(value)) > n:
		c.add(field, "max", value)
	}
}

// address demands the web address of a repository, or of several, and gives its ID
// and its plain form.
func (c *checker) address(field, value string) (registry.ID, string) {
	if value == "" {
		c.add(field, "required", value)
		return "", ""
	}
	const most = 255
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(value) > most {
		c.add(field, "url", value)
		return "", ""
	}
	id, err := registry.ParseID(value)
	if err != nil {
		if strings.Trim(u.Path, "/") == "" && field == "codeHosting" {
			return "", u.Scheme + "://" + strings.ToLower(u.Host)
		}
		c.add(field, "url", value)
		return "", ""
	}
	return id, u.Scheme + "://" + string(id)
}

func (c checker) problem() error {
	if len(c) == 0 {
		return nil
	}
	return invalid(c...)
}

// refused makes a problem of what the registry refuses as invalid.
func refused(err error) error {
	if errors.Is(err, registry.ErrInvalid) {
		return unprocessable(cut(strings.TrimPrefix(err.Error(), registry.ErrInvalid.Error()+": "), 2048))
	}
	return err
}
