// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/catalog"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

var forgeKinds = []string{crawler.GitHub, crawler.GitLab, crawler.Forgejo, crawler.Bitbucket, crawler.Git, crawler.Folder}

// The bounds of an interval: nothing on a forge is worth asking for more often,
// and less often than that what has gone would stay for months.
const (
	minInterval = time.Minute
	maxInterval = 31 * 24 * time.Hour
)

var (
	idPattern      = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	envPattern     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	contactPattern = regexp.MustCompile(`^[!-'*-~]{1,200}$`) // printable, without what ends a comment in a header
)

// check holds the values against what they mean, and completes them.
func (p *configProblems) check(top *yaml.Node, cfg *config) {
	if err := checkStore(cfg.Store); err != nil {
		p.at(value(top, "store"), "%v", err)
	}
	if cfg.BaseURL != "" {
		if _, err := baseURL(cfg.BaseURL); err != nil {
			p.at(value(top, "baseURL"), "baseURL: %v", err)
		}
	}
	if _, _, err := spdx.Parse(cfg.DataLicence); err != nil && cfg.DataLicence != "" {
		p.at(value(top, "dataLicence"), "dataLicence must be an SPDX expression, such as CC0-1.0: %v", err)
	}
	if cfg.Contact != "" && !isContact(cfg.Contact) {
		p.at(value(top, "contact"), "contact must be a mailto: or https:// address, such as mailto:crawler@software.example, not %q", cfg.Contact)
	}
	p.interval(value(top, "interval"), "interval", cfg.Interval)
	if cfg.Interval == 0 {
		cfg.Interval = crawler.DefaultInterval
	}
	p.retention(value(top, "retention"), cfg.Retention)
	p.conduct(top, cfg)
	p.exclusions(value(top, "exclude"), "exclude", cfg.Exclude, idExclusion)
	p.forges(value(top, "forges"), cfg)
	p.publishers(top, cfg)
	p.discover(value(top, "discover"), cfg)
	p.catalogues(value(top, "catalogues"), cfg)
	p.oidc(value(top, "oidc"), cfg.OIDC)
	p.webhooks(value(top, "webhooks"), &cfg.Webhooks)
}

func (p *configProblems) interval(n *yaml.Node, name string, d time.Duration) {
	if d != 0 && (d < minInterval || d > maxInterval) {
		p.at(n, "%s must be from 1m to %dh, not %s", name, int(maxInterval.Hours()), d)
	}
}

func (p *configProblems) retention(n *yaml.Node, r retentionConfig) {
	for _, key := range []struct {
		name string
		period
	}{{"history", r.History}, {"visits", r.Visits}, {"removed", r.Removed}} {
		if key.period == "" {
			continue
		}
		if _, _, _, err := key.parts(); err != nil {
			p.at(value(n, key.name), "retention.%s %v", key.name, err)
		}
	}
}

// exclusions checks patterns and puts them into their one form.
func (p *configProblems) exclusions(n *yaml.Node, name string, patterns []string, parse func(string) (string, error)) {
	if len(patterns) > maxExclusions {
		p.at(n, "%s has more than %d patterns", name, maxExclusions)
		return
	}
	for i, pattern := range patterns {
		clean, err := parse(pattern)
		if err != nil {
			p.at(item(n, i), "%s[%d]: %v", name, i, err)
		}
		patterns[i] = clean
	}
}

func (p *configProblems) forges(list *yaml.Node, cfg *config) {
	known := map[string]bool{}
	for i := range cfg.Forges {
		f := &cfg.Forges[i]
		n := item(list, i)
		name := fmt.Sprintf("forges[%d]", i)
		base, err := sourceURL(f.URL)
		if err != nil {
			p.at(value(n, "url"), "%s.url: %v", name, err)
			continue
		}
		f.base = base
		if known[base.String()] {
			p.at(value(n, "url"), "%s.url: %s is named twice", name, base)
		}
		known[base.String()] = true
		local := base.Scheme == "file"
		if local && f.Kind == "" {
			f.Kind = crawler.Folder
		}
		switch {
		case f.Kind != "" && !slices.Contains(forgeKinds, f.Kind):
			p.at(value(n, "kind"), "%s.kind must be one of %s, or left out to have it probed, not %q", name, strings.Join(forgeKinds, ", "), f.Kind)
		case local != (f.Kind == crawler.Folder):
			p.at(value(n, "kind"), "%s: kind folder and an address file:///FOLDER belong together", name)
		}
		if f.Web != "" {
			f.web, err = baseURL(f.Web)
			switch {
			case err != nil:
				p.at(value(n, "web"), "%s.web: %v", name, err)
			case !local:
				p.at(value(n, "web"), "%s.web is for folders alone: on a forge, url is the address of its repositories", name)
			}
		}
		for j, env := range f.Tokens {
			at := item(value(n, "tokenEnv"), j)
			switch {
			case !envPattern.MatchString(env):
				p.at(at, "%s.tokenEnv is the NAME of an environment variable, or a list of names; secrets do not belong into this file", name)
			case slices.Contains(f.Tokens[:j], env):
				p.at(at, "%s.tokenEnv: %s is named twice", name, env)
			}
		}
		if env := f.WebhookSecretEnv; env != "" && !envPattern.MatchString(env) {
			p.at(value(n, "webhookSecretEnv"), "%s.webhookSecretEnv is the NAME of an environment variable; secrets do not belong into this file", name)
		}
	}
}

// publishers checks all who answer for something, wherever they are defined,
// and the sources.
func (p *configProblems) publishers(top *yaml.Node, cfg *config) {
	defined := map[string]identity{}
	define := func(n *yaml.Node, name string, pub *identity) {
		p.identity(n, name, pub)
		if _, twice := defined[pub.ID]; twice {
			p.at(value(n, "id"), "%s.id: %q is given twice; to name a publisher again, write publisher: %s", name, pub.ID, pub.ID)
		}
		defined[pub.ID] = *pub
	}
	sources := map[string]bool{}
	for i := range cfg.Publishers {
		n := item(value(top, "publishers"), i)
		name := fmt.Sprintf("publishers[%d]", i)
		define(n, name, &cfg.Publishers[i].identity)
		for j := range cfg.Publishers[i].Sources {
			p.source(item(value(n, "sources"), j), fmt.Sprintf("%s.sources[%d]", name, j), &cfg.Publishers[i].Sources[j], sources)
		}
	}
	type reference struct {
		node *yaml.Node
		name string
		*publisherRef
	}
	var refs []reference
	for i := range cfg.Discover {
		n := value(item(value(top, "discover"), i), "publisher")
		refs = append(refs, reference{n, fmt.Sprintf("discover[%d].publisher", i), &cfg.Discover[i].Publisher})
	}
	for i := range cfg.Catalogues {
		n := value(item(value(top, "catalogues"), i), "publisher")
		refs = append(refs, reference{n, fmt.Sprintf("catalogues[%d].publisher", i), &cfg.Catalogues[i].Publisher})
	}
	for _, r := range refs {
		if r.defined {
			define(target(r.node), r.name, &r.identity)
		}
	}
	for _, r := range refs {
		of, known := defined[r.ID]
		switch {
		case known:
			r.identity = of
		case r.ID == "":
			p.at(r.node, "%s is missing: a mapping with id and name, or the id of a publisher", r.name)
		default:
			p.at(r.node, "%s: there is no publisher %q; define it here as a mapping with id and name, or under publishers", r.name, r.ID)
		}
	}
}

func (p *configProblems) identity(n *yaml.Node, name string, pub *identity) {
	if !idPattern.MatchString(pub.ID) {
		p.at(value(n, "id"), "%s.id must be of lower-case letters, digits and hyphens, not %q", name, pub.ID)
	}
	if strings.TrimSpace(pub.Name) == "" {
		p.at(value(n, "name"), "%s.name is missing", name)
	}
	if pub.Region != "" {
		code, err := registry.ParseRegion(pub.Region)
		if err != nil {
			p.at(value(n, "region"), "%s.region: %v", name, err)
		}
		pub.Region = code
	}
	if pub.URI != "" {
		if _, err := baseURL(pub.URI); err != nil {
			p.at(value(n, "uri"), "%s.uri: %v", name, err)
		}
	}
}

func (p *configProblems) source(n *yaml.Node, name string, src *sourceConfig, known map[string]bool) {
	u, err := sourceURL(src.URL)
	switch {
	case err != nil:
		p.at(value(n, "url"), "%s: %v", name, err)
	case known[u.String()]:
		p.at(value(n, "url"), "%s: %s is named twice", name, u)
	default:
		known[u.String()] = true
	}
	p.exclusions(value(n, "exclude"), name+".exclude", src.Exclude, pathExclusion)
	for i, pattern := range src.Folders {
		if err := checkFolder(pattern); err != nil {
			p.at(item(value(n, "folders"), i), "%s.folders[%d]: %v", name, i, err)
		}
	}
	p.interval(value(n, "interval"), name+".interval", src.Interval)
}

// checkFolder reports what is no pattern of folders in a repository.
func checkFolder(pattern string) error {
	_, err := path.Match(pattern, "")
	switch {
	case err != nil:
		return fmt.Errorf("%q is no pattern: %w", pattern, err)
	case pattern == "." || pattern == "" || path.IsAbs(pattern) || path.Clean(pattern) != pattern || strings.HasPrefix(pattern, ".."):
		return fmt.Errorf("a folder is given by its path below the root, such as apps/*, not %q", pattern)
	case strings.Contains(pattern, "**"):
		return errors.New("** is not understood here; name each level, such as apps/*/*")
	}
	return nil
}

func (p *configProblems) discover(list *yaml.Node, cfg *config) {
	known := map[string]bool{}
	for i := range cfg.Discover {
		d := &cfg.Discover[i]
		n := item(list, i)
		name := fmt.Sprintf("discover[%d]", i)
		u, err := baseURL(d.Forge)
		switch {
		case err != nil:
			p.at(value(n, "forge"), "%s.forge: %v", name, err)
		case known[u.String()]:
			p.at(value(n, "forge"), "%s.forge: %s is named twice", name, u)
		case !cfg.isGitHub(u):
			p.at(value(n, "forge"), "%s.forge: only GitHub can be searched; %s is neither https://github.com nor named under forges with kind github", name, u)
		default:
			known[u.String()] = true
		}
		p.exclusions(value(n, "exclude"), name+".exclude", d.Exclude, idExclusion)
	}
}

func (c *config) isGitHub(u *url.URL) bool {
	for _, f := range c.Forges {
		if f.base != nil && f.base.String() == u.String() && f.Kind != "" {
			return f.Kind == crawler.GitHub
		}
	}
	return u.String() == "https://github.com"
}

func (p *configProblems) catalogues(list *yaml.Node, cfg *config) {
	known := map[string]bool{}
	for i := range cfg.Catalogues {
		c := &cfg.Catalogues[i]
		n := item(list, i)
		name := fmt.Sprintf("catalogues[%d]", i)
		switch err := catalog.Check(c.URL, c.Kind); {
		case errors.Is(err, catalog.ErrKind):
			p.at(value(n, "kind"), "%s.kind: %v", name, err)
		case err != nil:
			p.at(value(n, "url"), "%s.url: %v", name, err)
		case known[c.URL]:
			p.at(value(n, "url"), "%s.url: %s is named twice", name, c.URL)
		default:
			known[c.URL] = true
		}
		p.exclusions(value(n, "exclude"), name+".exclude", c.Exclude, idExclusion)
	}
}

// isContact reports an address that can stand in the User-Agent.
func isContact(s string) bool {
	if !contactPattern.MatchString(s) {
		return false
	}
	if address, ok := strings.CutPrefix(s, "mailto:"); ok {
		parsed, err := mail.ParseAddress(address)
		return err == nil && parsed.Address == address
	}
	u, err := baseURL(s)
	return err == nil && u.Scheme == "https"
}

// sourceURL parses the address of a source: one that baseURL takes, or
// file:///FOLDER.
func sourceURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "file" {
		return baseURL(s)
	}
	switch {
	case u.Host != "" || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q must be file:/// and the path of a folder on this machine", s)
	case path.Clean(u.Path) != strings.TrimRight(u.Path, "/"):
		return nil, fmt.Errorf("%q must name a folder by its whole path, without . and .. in it, and not the root of the disk", s)
	}
	u.Path, u.RawPath = path.Clean(u.Path), ""
	return u, nil
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
