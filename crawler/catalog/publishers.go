// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of a list of publishers, whose tree takes a thousand times the
// memory of a dense text: bytes, and those of them that mean something in YAML,
// without which there is no further node or token.
const (
	maxYAML       = 4 << 20
	maxIndicators = 150_000
	indicators    = "\n\r,:-?[]{}!&*|>'\"%@`#"
)

// The keys of a publisher, as the crawler of Developers Italia has had them over
// time, in lower case and without hyphens and underscores.
// See https://github.com/italia/publiccode-crawler
var (
	codeKeys  = []string{"codiceipa", "alternativeid", "id"}
	nameKeys  = []string{"name"}
	groupKeys = []string{"orgs", "organizations", "organisations", "groups"}
	repoKeys  = []string{"repos", "repositories"}
)

// parsePublishers reads a publishers.yml: a list of publishers, each with
// addresses of organisations and of repositories.
func parsePublishers(src []byte, l *listing) error {
	doc, err := parseYAML(src)
	if err != nil {
		return err
	}
	if len(doc.Content) == 0 {
		return nil
	}
	root := target(doc.Content[0])
	if root.Kind != yaml.SequenceNode {
		return fmt.Errorf("%w: line %d: a list of publishers is expected", registry.ErrInvalid, root.Line)
	}
	for _, n := range root.Content {
		n = target(n)
		if n.Kind != yaml.MappingNode {
			if err := l.refuse(line(n), n.Value, fmt.Errorf("%w: a publisher is expected, with name, orgs and repos", registry.ErrInvalid)); err != nil {
				return err
			}
			continue
		}
		if err := parsePublisher(n, l); err != nil {
			return err
		}
	}
	return nil
}

func parseYAML(src []byte) (doc yaml.Node, err error) {
	if len(src) > maxYAML {
		return doc, fmt.Errorf("%w: over %d bytes, the most that a list of publishers may have", registry.ErrTooLarge, maxYAML)
	}
	n := 0
	for _, b := range src {
		if strings.IndexByte(indicators, b) >= 0 {
			n++
		}
	}
	if n > maxIndicators {
		return doc, fmt.Errorf("%w: more than a list of publishers may have; divide it", registry.ErrTooLarge)
	}
	err = yaml.NewDecoder(bytes.NewReader(src)).Decode(&doc)
	if err != nil && !errors.Is(err, io.EOF) {
		return doc, fmt.Errorf("%w: no YAML: %w", registry.ErrInvalid, err)
	}
	return doc, nil
}

func parsePublisher(n *yaml.Node, l *listing) error {
	keys := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := publisherKey(n.Content[i].Value)
		if keys[key] == nil {
			keys[key] = target(n.Content[i+1])
		}
	}
	code, name := scalar(keys, codeKeys), scalar(keys, nameKeys)
	if name == "" {
		// In the first form, id was the name and codice-iPA the code.
		name = scalar(keys, []string{"id"})
	}
	if name == "_" {
		code, name = "", "" // stands for nobody: a collection of others' software
	}
	pub := l.publisher(code, name, "", "")
	for _, part := range []struct {
		keys []string
		take func(where, address string, pub registry.Publisher) error
	}{{groupKeys, l.group}, {repoKeys, l.repository}} {
		for _, key := range part.keys {
			if err := eachAddress(keys[key], key, l, func(where, address string) error { return part.take(where, address, pub) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// publisherKey makes one of the spellings of a key: codiceIPA, codice-iPA.
func publisherKey(s string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s))
}

// eachAddress hands over the strings of a list; one alone stands for a list.
func eachAddress(n *yaml.Node, key string, l *listing, take func(where, address string) error) error {
	switch {
	case n == nil || n.ShortTag() == "!!null":
		return nil
	case n.Kind == yaml.ScalarNode:
		return take(line(n), n.Value)
	case n.Kind != yaml.SequenceNode:
		return l.refuse(line(n), key, fmt.Errorf("%w: a list of addresses is expected", registry.ErrInvalid))
	}
	for _, item := range n.Content {
		item = target(item)
		var err error
		if item.Kind == yaml.ScalarNode {
			err = take(line(item), item.Value)
		} else {
			err = l.refuse(line(item), key, fmt.Errorf("%w: an address is expected", registry.ErrInvalid))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func scalar(keys map[string]*yaml.Node, names []string) string {
	for _, name := range names {
		if n := keys[name]; n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
			return n.Value
		}
	}
	return ""
}

func line(n *yaml.Node) string { return fmt.Sprintf("line %d", n.Line) }

// target is what an alias stands for.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}
