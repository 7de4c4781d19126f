// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// shape says what may stand at a place of the configuration.
type shape struct {
	keys   map[string]shape // of a mapping; nil where none may stand
	list   *shape           // each item of a list; nil where none may stand
	scalar bool             // a single value may stand
}

func mapping(keys map[string]shape) shape { return shape{keys: keys} }
func listOf(item shape) shape             { return shape{list: &item} }
func (s shape) orScalar() shape           { s.scalar = true; return s }

var (
	single  = shape{scalar: true}
	singles = listOf(single)

	publisherKeys = map[string]shape{"id": single, "name": single, "region": single, "uri": single}

	configShape = mapping(map[string]shape{
		"store": single, "baseURL": single, "contact": single, "askDomains": single, "dataLicence": single, "interval": single,
		"security": securityShape, "limits": limitsShape, "trustedProxies": singles, "metrics": single,
		"pages":     pagesShape,
		"retention": mapping(map[string]shape{"history": single, "visits": single, "removed": single}),
		"exclude":   singles, "excludeFile": single, "policies": singles, "oidc": oidcShape, "webhooks": webhooksShape,
		"forges": listOf(mapping(map[string]shape{
			"url": single, "kind": single, "web": single, "tokenEnv": singles.orScalar(), "webhookSecretEnv": single, "allowPrivate": single,
		})),
		"publishers": listOf(mapping(with(publisherKeys, "sources", listOf(mapping(map[string]shape{
			"url": single, "exclude": singles, "folders": singles, "interval": single,
		}).orScalar())))),
		"discover": listOf(mapping(map[string]shape{
			"forge": single, "publisher": mapping(publisherKeys).orScalar(), "exclude": singles,
		})),
		"catalogues": listOf(mapping(map[string]shape{
			"url": single, "kind": single, "publisher": mapping(publisherKeys).orScalar(), "exclude": singles, "allowPrivate": single,
		})),
	})
)

func with(keys map[string]shape, name string, s shape) map[string]shape {
	keys = maps.Clone(keys)
	keys[name] = s
	return keys
}

// describe says what may stand there.
func (s shape) describe() string {
	var forms []string
	if s.scalar {
		forms = append(forms, "a single value")
	}
	if s.keys != nil {
		forms = append(forms, "a mapping")
	}
	if s.list != nil {
		forms = append(forms, "a list")
	}
	return strings.Join(forms, " or ")
}

// maxConfigNodes bounds what the walk looks at: aliases can make a small file
// large.
const maxConfigNodes = 1_000_000

type configProblems struct {
	errs   []error
	walked int
}

func (p *configProblems) at(n *yaml.Node, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("  line %d: %s", max(1, n.Line), fmt.Sprintf(format, args...)))
}

// strict looks for unknown and repeated keys and for lists and mappings in
// places where they cannot be, then decodes.
func (p *configProblems) strict(root *yaml.Node, cfg *config) {
	top := child(root)
	if top.Kind != yaml.MappingNode {
		p.at(top, "the configuration must be a mapping with the keys store, forges and publishers")
		return
	}
	p.walk(top, "", configShape)
	if len(p.errs) > 0 {
		return
	}
	if err := root.Decode(cfg); err != nil {
		p.errs = append(p.errs, err)
	}
}

func child(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		return n.Content[0]
	}
	return n
}

// walk goes no deeper than the shape does, so that an alias of itself ends it.
func (p *configProblems) walk(n *yaml.Node, path string, s shape) {
	if p.walked++; p.walked > maxConfigNodes {
		if p.walked == maxConfigNodes+1 {
			p.at(n, "the file has more than %d values", maxConfigNodes)
		}
		return
	}
	n = target(n)
	switch {
	case n.Kind == yaml.MappingNode && s.keys != nil:
		p.keys(n, path, s.keys)
	case n.Kind == yaml.SequenceNode && s.list != nil:
		for i, item := range n.Content {
			name := fmt.Sprintf("%s[%d]", path, i)
			if empty(target(item)) {
				p.at(item, "%s is empty", name)
				continue
			}
			p.walk(item, name, *s.list)
		}
	case n.Kind == yaml.ScalarNode && (s.scalar || empty(n)):
	default:
		p.at(n, "%s must be %s", path, s.describe())
	}
}

func (p *configProblems) keys(n *yaml.Node, path string, allowed map[string]shape) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := strings.TrimPrefix(path+"."+key.Value, ".")
		sub, known := allowed[key.Value]
		switch {
		case !known:
			p.at(key, "unknown key %s; known here: %s", name, strings.Join(slices.Sorted(maps.Keys(allowed)), ", "))
		case seen[key.Value]:
			p.at(key, "key %s is given twice", name)
		default:
			p.walk(value, name, sub)
		}
		seen[key.Value] = true
	}
}

// empty reports a key or item without a value.
func empty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// target is what an alias stands for.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// value is the node of a mapping's key, or the mapping where it has none.
func value(n *yaml.Node, key string) *yaml.Node {
	n = target(n)
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	}
	return n
}

func item(n *yaml.Node, i int) *yaml.Node {
	n = target(n)
	if n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i]
	}
	return n
}
