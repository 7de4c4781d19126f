// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgejo"
	"github.com/allmende-registry/allmende/crawler/git"
	"github.com/allmende-registry/allmende/crawler/github"
	"github.com/allmende-registry/allmende/crawler/gitlab"
	"github.com/allmende-registry/allmende/registry"
)

// userAgent names the project and where to complain.
const userAgent = "Allmende/0.1 (+https://github.com/allmende-registry/allmende)"

var forgeKinds = []string{crawler.GitHub, crawler.GitLab, crawler.Forgejo, crawler.Git}

// wellKnown forges need no entry in the configuration.
var wellKnown = []forgeConfig{
	{URL: "https://github.com", Kind: crawler.GitHub, TokenEnv: "GITHUB_TOKEN"},
	{URL: "https://gitlab.com", Kind: crawler.GitLab, TokenEnv: "GITLAB_TOKEN"},
	{URL: "https://codeberg.org", Kind: crawler.Forgejo, TokenEnv: "CODEBERG_TOKEN"},
}

// forges connects sources to the forges that serve them.
type forges struct {
	client *fetch.Client
	list   []*forge
}

// forge is one instance, opened when its first source needs it.
type forge struct {
	forgeConfig

	mu     sync.Mutex
	opened crawler.Forge
}

// newForges reads the tokens from the environment. One that is named but not set
// is a warning: what is public can be read without it, if slower.
// standIns are the demo's, see fetch.Options.
func newForges(cfg *config, standIns map[string]string, log *slog.Logger) (*forges, error) {
	fs := &forges{}
	for _, f := range cfg.Forges {
		if f.TokenEnv != "" {
			if f.token = strings.TrimSpace(os.Getenv(f.TokenEnv)); f.token == "" {
				log.Warn("token is not set, crawling without it", "forge", f.URL, "variable", f.TokenEnv)
			}
		}
		fs.list = append(fs.list, &forge{forgeConfig: f})
	}
	for _, f := range wellKnown {
		base, err := baseURL(f.URL)
		if err != nil {
			return nil, err
		}
		f.base = base
		if fs.exact(base) == nil {
			f.token = strings.TrimSpace(os.Getenv(f.TokenEnv))
			fs.list = append(fs.list, &forge{forgeConfig: f})
		}
	}
	hosts := map[string]fetch.Host{}
	for _, f := range fs.list {
		h := fetch.Host{AllowPrivate: f.AllowPrivate}
		hosts[fetch.HostPort(f.base)] = h
		if f.token != "" {
			// Where the kind is not known yet, the header that all of them take.
			h.Header, h.Value = "Authorization", "Bearer "+f.token
			if f.Kind == crawler.Forgejo {
				h.Value = "token " + f.token
			}
			hosts[f.tokenHost()] = h
		}
	}
	fs.client = fetch.New(fetch.Options{UserAgent: userAgent, Hosts: hosts, StandIns: standIns, Logger: log})
	return fs, nil
}

// tokenHost is the one host that gets the forge's token.
func (f *forge) tokenHost() string {
	if f.base.Hostname() == "github.com" {
		return "api.github.com:443"
	}
	return fetch.HostPort(f.base)
}

func (fs *forges) exact(base *url.URL) *forge {
	for _, f := range fs.list {
		if f.base.String() == base.String() {
			return f
		}
	}
	return nil
}

// serving finds the forge of a source address: the one whose address is its
// longest beginning, else one to be probed at its host.
func (fs *forges) serving(source *url.URL) *forge {
	var best *forge
	for _, f := range fs.list {
		if fetch.HostPort(f.base) != fetch.HostPort(source) || f.base.Scheme != source.Scheme {
			continue
		}
		under := source.Path == f.base.Path || strings.HasPrefix(source.Path, f.base.Path+"/")
		if under && (best == nil || len(f.base.Path) > len(best.base.Path)) {
			best = f
		}
	}
	if best == nil {
		base := &url.URL{Scheme: source.Scheme, Host: source.Host}
		best = &forge{forgeConfig: forgeConfig{URL: base.String(), base: base}}
		fs.list = append(fs.list, best)
	}
	return best
}

// sources lists what the configuration asks to crawl.
func (fs *forges) sources(cfg *config) ([]crawler.Source, error) {
	var list []crawler.Source
	for _, p := range cfg.Publishers {
		for _, s := range p.Sources {
			u, err := baseURL(s)
			if err != nil {
				return nil, err
			}
			f := fs.serving(u)
			list = append(list, crawler.Source{
				URL:       s,
				Host:      fetch.HostPort(u),
				Path:      strings.TrimSuffix(strings.Trim(strings.TrimPrefix(u.Path, f.base.Path), "/"), ".git"),
				Publisher: p.publisher(),
				Open:      func(ctx context.Context) (crawler.Forge, error) { return fs.open(ctx, f) },
			})
		}
	}
	return list, nil
}

// open connects to a forge once. A failed probe is tried again by the next
// source.
func (fs *forges) open(ctx context.Context, f *forge) (crawler.Forge, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.opened != nil {
		return f.opened, nil
	}
	client := fs.client.HTTP()
	kind := f.Kind
	if kind == "" {
		var err error
		if kind, err = crawler.Probe(ctx, client, f.base); err != nil {
			return nil, err
		}
	}
	opened, err := connect(kind, f.base, client, f.token != "")
	if err != nil {
		return nil, err
	}
	f.opened = opened
	return opened, nil
}

func connect(kind string, base *url.URL, client *http.Client, token bool) (crawler.Forge, error) {
	switch kind {
	case crawler.GitHub:
		return github.New(base, client, github.Options{Token: token})
	case crawler.GitLab:
		return gitlab.New(base, client, gitlab.Options{})
	case crawler.Forgejo:
		return forgejo.New(base, client, forgejo.Options{})
	case crawler.Git:
		return git.New(base, client, git.Options{})
	}
	return nil, fmt.Errorf("%w: no adapter for forges of kind %q", registry.ErrInvalid, kind)
}
