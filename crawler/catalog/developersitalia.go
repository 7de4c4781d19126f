// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// The lists of the API of Developers Italia.
// See https://github.com/italia/developers-italia-api
type (
	italianSoftware struct {
		URL    text `json:"url"`
		Active flag `json:"active"`
	}
	italianPublisher struct {
		ID            text            `json:"id"`
		AlternativeID text            `json:"alternativeId"`
		Description   text            `json:"description"` // its name
		Active        flag            `json:"active"`
		CodeHosting   json.RawMessage `json:"codeHosting"`
	}
	codeHosting struct {
		URL   text `json:"url"`
		Group flag `json:"group"` // true where it is missing
	}
)

// developersItalia reads the publishers with their organisations, then the
// software. A location that names one of the two lists means that list alone.
// What is not active is left out, and so are aliases: they redirect to the
// address that stands beside them.
func developersItalia(ctx context.Context, c *Catalogue, l *listing) (string, error) {
	base := strings.TrimRight(c.where.url.Path, "/")
	size := map[string]string{"page[size]": "100"}
	const cursor = "page[after]"
	if !strings.HasSuffix(base, "/software") {
		_, err := eachPage(ctx, c.client, apiAddress(c.where.url, "publishers", size), cursor, "", func(where string, p page) error {
			return each(where+", data", p.Data, l, func(where string, pub italianPublisher) error { return pub.list(where, l) })
		})
		// Not all that are compatible have publishers.
		if err != nil && (!errors.Is(err, registry.ErrNotFound) || strings.HasSuffix(base, "/publishers")) {
			return "", err
		}
	}
	if strings.HasSuffix(base, "/publishers") {
		return "", nil
	}
	_, err := eachPage(ctx, c.client, apiAddress(c.where.url, "software", size), cursor, "", func(where string, p page) error {
		return each(where+", data", p.Data, l, func(where string, s italianSoftware) error {
			if s.Active.set && !s.Active.value {
				return nil
			}
			return l.repository(where, string(s.URL), registry.Publisher{})
		})
	})
	return "", err
}

func (p italianPublisher) list(where string, l *listing) error {
	if p.Active.set && !p.Active.value {
		return nil
	}
	id := p.AlternativeID
	if id == "" {
		id = p.ID
	}
	pub := l.publisher(string(id), string(p.Description), "", "")
	if p.CodeHosting == nil || string(p.CodeHosting) == "null" {
		return nil
	}
	return each(where+".codeHosting", p.CodeHosting, l, func(where string, h codeHosting) error {
		if h.Group.set && !h.Group.value {
			return l.repository(where, string(h.URL), pub)
		}
		return l.group(where, string(h.URL), pub)
	})
}

// each decodes the items of a list and hands them over; what is no object is
// refused.
func each[T any](where string, list json.RawMessage, l *listing, take func(where string, item T) error) error {
	if list == nil {
		return fmt.Errorf("%w: %s is missing", registry.ErrInvalid, where)
	}
	var taken error
	err := eachItem(list, func(i int, raw json.RawMessage) error {
		at := fmt.Sprintf("%s[%d]", where, i)
		var item *T
		if err := json.Unmarshal(raw, &item); err != nil || item == nil {
			taken = l.refuse(at, string(raw), fmt.Errorf("%w: an object is expected", registry.ErrInvalid))
		} else {
			taken = take(at, *item)
		}
		return taken
	})
	if err != nil && taken == nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return err
}
