// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// Probe finds out what kind of catalogue is at a location, by what it answers:
// as a document, and where the address may be that of an API, at its lists. A
// location where there is none is registry.ErrInvalid.
func Probe(ctx context.Context, client *http.Client, where string) (Kind, error) {
	loc, err := parseLocation(where)
	if err != nil {
		return "", fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	ctx = fetch.WithAttempts(ctx, 3)
	var tried []string
	for _, place := range loc.places() {
		a, err := place.read(ctx, client, "")
		op := (*net.OpError)(nil)
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case loc.url == nil && err != nil, errors.As(err, &op), errors.Is(err, fetch.ErrUnavailable):
			return "", err // what cannot be reached cannot be for another question
		case err != nil:
			tried = append(tried, err.Error())
			continue
		}
		kind := recognise(a.body)
		// Where a document is found, or a list of an API, there it will be read.
		if kind.isAPI() && isAPIAddress(place.url) || kind != "" && !kind.isAPI() && place == loc {
			return kind, nil
		}
		tried = append(tried, fmt.Sprintf("%s has no form that is known", place))
	}
	return "", fmt.Errorf("%w: no catalogue at %s; name its kind, one of %s (%s)", registry.ErrInvalid, loc, kindNames(), strings.Join(tried, "; "))
}

// places are where to look: the lists of an API first where the address has no
// ending, since many a host has a page for people at its own address.
func (l location) places() []location {
	if l.url == nil || path.Ext(l.url.Path) != "" || isAPIAddress(l.url) {
		return []location{l}
	}
	return []location{{url: apiAddress(l.url, "software", nil)}, l}
}

func isAPIAddress(u *url.URL) bool {
	if u == nil {
		return false
	}
	p := strings.TrimRight(u.Path, "/")
	return strings.HasSuffix(p, "/"+lists[0]) || strings.HasSuffix(p, "/"+lists[1])
}

// recognise tells the kind by the content; "" for none.
func recognise(src []byte) Kind {
	src = bytes.TrimSpace(src)
	var object map[string]json.RawMessage
	if json.Unmarshal(src, &object) == nil {
		isList := func(key string) bool { return bytes.HasPrefix(object[key], []byte("[")) }
		switch {
		case isList("releases"), isList("projects"):
			return CodeJSON
		case isList("items") && object["links"] != nil:
			return Allmende
		case isList("data") && object["links"] != nil:
			return DevelopersItalia
		}
		return ""
	}
	if isPublishers(src) {
		return Publishers
	}
	// A list is one if its first entry can be used, or is at least a string.
	var first *Entry
	err := parseList(src, newListing(func(e Entry) bool {
		first = &e
		return false
	}))
	if errors.Is(err, errStopped) && first.Err == nil {
		return List
	}
	return ""
}

// isPublishers reports YAML, or JSON, that is a list of mappings with
// organisations or repositories.
func isPublishers(src []byte) bool {
	doc, err := parseYAML(src)
	if err != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.SequenceNode {
		return false
	}
	for _, n := range doc.Content[0].Content {
		n = target(n)
		if n.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i < len(n.Content); i += 2 {
			if key := publisherKey(n.Content[i].Value); slices.Contains(groupKeys, key) || slices.Contains(repoKeys, key) {
				return true
			}
		}
	}
	return false
}
