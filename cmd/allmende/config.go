// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/registry"
)

// config is the one configuration file.
type config struct {
	Store      string            `yaml:"store"`
	BaseURL    string            `yaml:"baseURL"`
	Forges     []forgeConfig     `yaml:"forges"`
	Publishers []publisherConfig `yaml:"publishers"`
}

type forgeConfig struct {
	URL          string `yaml:"url"`
	Kind         string `yaml:"kind"`
	TokenEnv     string `yaml:"tokenEnv"`
	AllowPrivate bool   `yaml:"allowPrivate"`

	base  *url.URL
	token string // of TokenEnv, or the demo's
}

type publisherConfig struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Region  string   `yaml:"region"`
	URI     string   `yaml:"uri"`
	Sources []string `yaml:"sources"`
}

func (p publisherConfig) publisher() registry.Publisher {
	return registry.Publisher{ID: p.ID, Name: p.Name, Region: p.Region, URI: p.URI}
}

// maxConfigSize bounds the configuration file, in bytes.
const maxConfigSize = 4 << 20

// loadConfig reads and checks the file. Every problem is named with its line.
func loadConfig(path string) (*config, error) {
	if path == "" {
		return nil, usageError(errors.New("no configuration: name the file with --config FILE"))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError(fmt.Errorf("configuration: %w", err))
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxConfigSize+1))
	if err != nil {
		return nil, usageError(fmt.Errorf("configuration: %w", err))
	}
	if len(src) > maxConfigSize {
		return nil, usageError(fmt.Errorf("configuration: %s is over %d bytes", path, maxConfigSize))
	}
	cfg, err := parseConfig(src)
	if err != nil {
		return nil, usageError(fmt.Errorf("configuration %s:\n%w", path, err))
	}
	return cfg, nil
}

// parseConfig decodes strictly; the error joins all problems, a line each.
func parseConfig(src []byte) (*config, error) {
	var root yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(src))
	if err := dec.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the file is empty; it needs at least store and publishers")
		}
		return nil, err
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file holds more than one YAML document")
	}
	cfg := &config{}
	p := &configProblems{}
	p.strict(&root, cfg)
	if len(p.errs) == 0 {
		p.check(&root, cfg)
	}
	return cfg, errors.Join(p.errs...)
}

type configProblems struct{ errs []error }

func (p *configProblems) at(n *yaml.Node, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("  line %d: %s", max(1, n.Line), fmt.Sprintf(format, args...)))
}

// shape says which keys a mapping may have; nil ends the walk.
type shape map[string]shape

var configShape = shape{
	"store": nil, "baseURL": nil,
	"forges":     {"url": nil, "kind": nil, "tokenEnv": nil, "allowPrivate": nil},
	"publishers": {"id": nil, "name": nil, "region": nil, "uri": nil, "sources": nil},
}

// strict looks for unknown and repeated keys, then decodes.
func (p *configProblems) strict(root *yaml.Node, cfg *config) {
	top := child(root)
	if top.Kind != yaml.MappingNode {
		p.at(top, "the configuration must be a mapping with the keys store, forges and publishers")
		return
	}
	p.keys(top, "", configShape)
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

func (p *configProblems) keys(n *yaml.Node, path string, allowed shape) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := strings.TrimPrefix(path+"."+key.Value, ".")
		sub, known := allowed[key.Value]
		switch {
		case !known:
			names := make([]string, 0, len(allowed))
			for k := range allowed {
				names = append(names, k)
			}
			slices.Sort(names)
			p.at(key, "unknown key %s; known here: %s", name, strings.Join(names, ", "))
		case seen[key.Value]:
			p.at(key, "key %s is given twice", name)
		case sub != nil && value.Kind == yaml.SequenceNode:
			for j, item := range value.Content {
				if item.Kind != yaml.MappingNode {
					p.at(item, "%s[%d] must be a mapping", name, j)
					continue
				}
				p.keys(item, fmt.Sprintf("%s[%d]", name, j), sub)
			}
		}
		seen[key.Value] = true
	}
}

var (
	idPattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	envPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// check holds the values against what they mean.
func (p *configProblems) check(root *yaml.Node, cfg *config) {
	top := child(root)
	if kind, rest, _ := strings.Cut(cfg.Store, ":"); kind != "sqlite" || rest == "" {
		p.at(value(top, "store"), "store must be sqlite:PATH, such as sqlite:data/allmende.db, not %q", cfg.Store)
	}
	if cfg.BaseURL != "" {
		if _, err := baseURL(cfg.BaseURL); err != nil {
			p.at(value(top, "baseURL"), "baseURL: %v", err)
		}
	}
	known := map[string]bool{}
	for i := range cfg.Forges {
		f := &cfg.Forges[i]
		n := item(value(top, "forges"), i)
		base, err := baseURL(f.URL)
		if err != nil {
			p.at(value(n, "url"), "forges[%d].url: %v", i, err)
			continue
		}
		f.base = base
		if known[base.String()] {
			p.at(value(n, "url"), "forges[%d].url: %s is named twice", i, base)
		}
		known[base.String()] = true
		if f.Kind != "" && !slices.Contains(forgeKinds, f.Kind) {
			p.at(value(n, "kind"), "forges[%d].kind must be one of %s, or left out to have it probed, not %q", i, strings.Join(forgeKinds, ", "), f.Kind)
		}
		if f.TokenEnv != "" && !envPattern.MatchString(f.TokenEnv) {
			p.at(value(n, "tokenEnv"), "forges[%d].tokenEnv is the NAME of an environment variable; secrets do not belong into this file", i)
		}
	}
	ids := map[string]bool{}
	sources := map[string]bool{}
	for i := range cfg.Publishers {
		pub := &cfg.Publishers[i]
		n := item(value(top, "publishers"), i)
		if !idPattern.MatchString(pub.ID) {
			p.at(value(n, "id"), "publishers[%d].id must be of lower-case letters, digits and hyphens, not %q", i, pub.ID)
		}
		if ids[pub.ID] {
			p.at(value(n, "id"), "publishers[%d].id: %q is given twice", i, pub.ID)
		}
		ids[pub.ID] = true
		if strings.TrimSpace(pub.Name) == "" {
			p.at(value(n, "name"), "publishers[%d].name is missing", i)
		}
		if pub.Region != "" {
			code, err := registry.ParseRegion(pub.Region)
			if err != nil {
				p.at(value(n, "region"), "publishers[%d].region: %v", i, err)
			}
			pub.Region = code
		}
		if pub.URI != "" {
			if _, err := baseURL(pub.URI); err != nil {
				p.at(value(n, "uri"), "publishers[%d].uri: %v", i, err)
			}
		}
		for j, src := range pub.Sources {
			sn := item(value(n, "sources"), j)
			u, err := baseURL(src)
			switch {
			case err != nil:
				p.at(sn, "publishers[%d].sources[%d]: %v", i, j, err)
			case sources[u.String()]:
				p.at(sn, "publishers[%d].sources[%d]: %s is named twice", i, j, u)
			default:
				sources[u.String()] = true
			}
		}
	}
}

// value is the node of a mapping's key, or the mapping where it has none.
func value(n *yaml.Node, key string) *yaml.Node {
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
	if n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i]
	}
	return n
}

// baseURL parses an http address without query, fragment and credentials.
func baseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is no URL", s)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("%q must begin with https:// or http:// and name a host", s)
	case u.User != nil:
		return nil, errors.New("credentials do not belong into a URL here; use tokenEnv of the forge")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q must have no query and no fragment", s)
	}
	u.Host = strings.ToLower(u.Host)
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

// storePath is the path of the database file. A relative one is taken from the
// working directory.
func (c *config) storePath() string {
	return filepath.FromSlash(strings.TrimPrefix(c.Store, "sqlite:"))
}

// publishers lists who answers for the sources.
func (c *config) publishers() []registry.Publisher {
	list := make([]registry.Publisher, 0, len(c.Publishers))
	for _, p := range c.Publishers {
		list = append(list, p.publisher())
	}
	return list
}
