// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/crawler/catalog"
	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/site"
)

// config is the one configuration file.
type config struct {
	Store   string `yaml:"store"`
	BaseURL string `yaml:"baseURL"`
	// Contact is a mailto: or https: address for who runs a forge that is
	// crawled; "" where none is given.
	Contact string `yaml:"contact"`
	// AskDomains says whether the domains of organisations are asked who speaks for
	// them; nil is yes.
	AskDomains *bool `yaml:"askDomains"`
	// DataLicence is the licence of the catalogue's data, an SPDX expression; "" says
	// nothing of it.
	DataLicence string `yaml:"dataLicence"`
	// Security is whom to tell of a weakness; Contact where it names nobody.
	Security securityConfig `yaml:"security"`
	// Limits bound what is asked of the API, and TrustedProxies are the networks, or
	// addresses, of proxies whose word on who asks is taken.
	Limits         limitsConfig `yaml:"limits"`
	TrustedProxies []string     `yaml:"trustedProxies"`
	// Metrics is the address to tell Prometheus of the process at; "" for none.
	Metrics string `yaml:"metrics"`
	// Interval is about how long serve waits between two crawls of a source
	// that says nothing else; never 0 after parseConfig.
	Interval time.Duration `yaml:"interval"`
	// Retention is how long what is over is kept.
	Retention retentionConfig `yaml:"retention"`
	// Exclude are patterns of repositories that no source brings into the
	// catalogue, by ID, those of ExcludeFile with them. See exclusions.
	Exclude     []string `yaml:"exclude"`
	ExcludeFile string   `yaml:"excludeFile"`
	// PolicyFiles are policies for licences beside those of the program.
	PolicyFiles []string          `yaml:"policies"`
	Forges      []forgeConfig     `yaml:"forges"`
	Publishers  []publisherConfig `yaml:"publishers"`
	Discover    []discoverConfig  `yaml:"discover"`
	Catalogues  []catalogueConfig `yaml:"catalogues"`
	// Pages are the operator's own pages, by the names that package site has.
	Pages map[site.Duty]pageConfig `yaml:"pages"`
	// Webhooks is what is sent to those who subscribed to changes.
	Webhooks webhooksConfig `yaml:"webhooks"`
	// OIDC is an issuer whose bearer tokens the API takes; nil for none.
	OIDC *oidcConfig `yaml:"oidc"`

	duties   map[site.Duty]site.DutyText // of Pages
	policies []licence.Policy            // those of the program, and of PolicyFiles
	proxies  []netip.Prefix              // of TrustedProxies
}

// forgeConfig is one forge instance.
type forgeConfig struct {
	URL  string `yaml:"url"`
	Kind string `yaml:"kind"`
	// Web is the address below which the repositories of a folder are known that
	// name no origin; "" leaves them out.
	Web              string    `yaml:"web"`
	Tokens           oneOrMore `yaml:"tokenEnv"` // names of environment variables
	WebhookSecretEnv string    `yaml:"webhookSecretEnv"`
	AllowPrivate     bool      `yaml:"allowPrivate"`

	base   *url.URL
	web    *url.URL // of Web; nil where there is none
	tokens []string // of the variables in Tokens, or the demo's
}

// publisherConfig is a publisher with what is crawled in its name.
type publisherConfig struct {
	identity `yaml:",inline"`
	Sources  []sourceConfig `yaml:"sources"`
}

// identity says who a publisher is.
type identity struct {
	ID     string `yaml:"id"`
	Name   string `yaml:"name"`
	Region string `yaml:"region"`
	URI    string `yaml:"uri"`
}

func (p identity) publisher() registry.Publisher {
	return registry.Publisher{ID: p.ID, Name: p.Name, Region: p.Region, URI: p.URI}
}

// publisherRef is a publisher outside the list of publishers: defined there, or
// the ID of one that is defined elsewhere, which check completes.
type publisherRef struct {
	identity
	defined bool
}

// UnmarshalYAML takes an ID in place of the mapping.
func (p *publisherRef) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&p.ID)
	}
	p.defined = true
	return n.Decode(&p.identity)
}

// sourceConfig is one thing to crawl.
type sourceConfig struct {
	// URL is the http or https address of an instance, an organisation or group
	// or a repository, or file:///FOLDER for repositories in a local folder.
	URL string `yaml:"url"`
	// Exclude are patterns of paths below the forge's address. See exclusions.
	Exclude []string `yaml:"exclude"`
	// Folders are patterns (path.Match) of folders in the repositories that may
	// have a publiccode.yml of their own.
	Folders []string `yaml:"folders"`
	// Interval is the time between two crawls by serve; 0 is that of the whole
	// configuration.
	Interval time.Duration `yaml:"interval"`
}

// UnmarshalYAML takes the address alone in place of the mapping.
func (s *sourceConfig) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&s.URL)
	}
	type plain sourceConfig
	return n.Decode((*plain)(s))
}

// discoverConfig asks for the search of a forge for repositories with a
// publiccode.yml that no source names.
type discoverConfig struct {
	Forge     string       `yaml:"forge"` // address of a GitHub
	Publisher publisherRef `yaml:"publisher"`
	Exclude   []string     `yaml:"exclude"` // by ID, as config.Exclude
}

// catalogueConfig is another catalogue, or a list, that repositories are taken
// from.
type catalogueConfig struct {
	URL  string       `yaml:"url"`  // address or path, see catalog.Open
	Kind catalog.Kind `yaml:"kind"` // "" to have it probed
	// Publisher answers for what the catalogue names no publisher of.
	Publisher    publisherRef `yaml:"publisher"`
	Exclude      []string     `yaml:"exclude"` // by ID, as config.Exclude
	AllowPrivate bool         `yaml:"allowPrivate"`
}

// oneOrMore is a list of strings; one alone may stand in place of a list.
type oneOrMore []string

// UnmarshalYAML takes a scalar for a list of one.
func (l *oneOrMore) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = make(oneOrMore, 1)
		return n.Decode(&(*l)[0])
	}
	return n.Decode((*[]string)(l))
}

// maxConfigSize bounds the configuration file and the file of exclusions, in
// bytes.
const maxConfigSize = 4 << 20

// loadConfig reads and checks the file. Every problem is named with its line.
func loadConfig(path string) (*config, error) {
	if path == "" {
		return nil, usageError(errors.New("no configuration: name the file with --config FILE"))
	}
	src, err := readBounded(path)
	if err != nil {
		return nil, usageError(fmt.Errorf("configuration: %w", err))
	}
	cfg, err := parseConfig(src)
	if err != nil {
		return nil, usageError(fmt.Errorf("configuration %s:\n%w", path, err))
	}
	if cfg.policies, err = readPolicies(cfg.PolicyFiles); err != nil {
		return nil, usageError(fmt.Errorf("policies of %s: %w", path, err))
	}
	if cfg.duties, err = readPages(cfg.Pages, readBounded); err != nil {
		return nil, usageError(fmt.Errorf("pages of %s: %w", path, err))
	}
	if cfg.ExcludeFile == "" {
		return cfg, nil
	}
	src, err = readBounded(cfg.ExcludeFile)
	if err != nil {
		return nil, usageError(fmt.Errorf("excludeFile of %s: %w", path, err))
	}
	patterns, err := parseExclusions(src)
	if err != nil {
		return nil, usageError(fmt.Errorf("excludeFile %s:\n%w", cfg.ExcludeFile, err))
	}
	cfg.Exclude = append(cfg.Exclude, patterns...)
	return cfg, nil
}

// readPolicies reads an operator's own policies for licences, and returns them
// behind those that come with the program.
func readPolicies(files []string) ([]licence.Policy, error) {
	all := slices.Clone(licence.Policies())
	for _, path := range files {
		src, err := readBounded(path)
		if err != nil {
			return nil, err
		}
		p, err := licence.ParsePolicy(src)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if slices.ContainsFunc(all, func(q licence.Policy) bool { return q.ID == p.ID }) {
			return nil, fmt.Errorf("%s: there is a policy with the id %q already; choose another", path, p.ID)
		}
		all = append(all, p)
	}
	return all, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxConfigSize+1))
	if err == nil && len(src) > maxConfigSize {
		err = fmt.Errorf("%s is over %d bytes", path, maxConfigSize)
	}
	return src, err
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
		p.check(child(&root), cfg)
	}
	return cfg, errors.Join(p.errs...)
}

// publishers lists who answers for what is crawled.
func (c *config) publishers() []registry.Publisher {
	list := make([]registry.Publisher, 0, len(c.Publishers))
	for _, p := range c.Publishers {
		list = append(list, p.publisher())
	}
	for _, d := range c.Discover {
		if d.Publisher.defined {
			list = append(list, d.Publisher.publisher())
		}
	}
	for _, cat := range c.Catalogues {
		if cat.Publisher.defined {
			list = append(list, cat.Publisher.publisher())
		}
	}
	return list
}

// publisherOf is who answers for an entry of a catalogue: whom the entry names,
// or whom the configuration gives for the catalogue. No catalogue can speak in
// the name of a publisher that is configured here.
func (c *config) publisherOf(cat catalogueConfig, named registry.Publisher) registry.Publisher {
	own := slices.ContainsFunc(c.publishers(), func(p registry.Publisher) bool { return p.ID == named.ID })
	if named.ID == "" || own {
		return cat.Publisher.publisher()
	}
	return named
}
