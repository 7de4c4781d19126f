// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/bitbucket"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/folder"
	"github.com/allmende-registry/allmende/crawler/forgejo"
	"github.com/allmende-registry/allmende/crawler/git"
	"github.com/allmende-registry/allmende/crawler/github"
	"github.com/allmende-registry/allmende/crawler/gitlab"
	"github.com/allmende-registry/allmende/registry"
)

// userAgent names the project and where to complain: to who runs this crawler,
// or else to the project.
func userAgent(contact string) string {
	if contact == "" {
		contact = "https://github.com/allmende-registry/allmende"
	}
	return "Allmende/0.1 (+" + contact + ")"
}

// wellKnown forges need no entry in the configuration; what an entry leaves open
// is as it stands here.
var wellKnown = []forgeConfig{
	{URL: "https://github.com", Kind: crawler.GitHub, Tokens: []string{"GITHUB_TOKEN"}},
	{URL: "https://gitlab.com", Kind: crawler.GitLab, Tokens: []string{"GITLAB_TOKEN"}},
	{URL: "https://codeberg.org", Kind: crawler.Forgejo, Tokens: []string{"CODEBERG_TOKEN"}},
	{URL: "https://bitbucket.org", Kind: crawler.Bitbucket, Tokens: []string{"BITBUCKET_TOKEN"}},
}

// forges connects sources to the forges that serve them.
type forges struct {
	client  *fetch.Client
	domains *crawler.Domains // nil where none are to be asked

	mu   sync.Mutex
	list []*forge
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
		f.readTokens(log)
		fs.list = append(fs.list, &forge{forgeConfig: f})
	}
	for _, f := range wellKnown {
		base, err := baseURL(f.URL)
		if err != nil {
			return nil, err
		}
		known := fs.exact(base)
		if known == nil {
			known = &forge{forgeConfig: forgeConfig{URL: f.URL, base: base}}
			fs.list = append(fs.list, known)
		}
		known.Kind = cmp.Or(known.Kind, f.Kind)
		if len(known.Tokens) == 0 {
			known.Tokens = f.Tokens
			known.readTokens(slog.New(slog.DiscardHandler))
		}
	}
	hosts := map[string]fetch.Host{}
	for _, p := range cfg.Publishers {
		for _, src := range p.Sources {
			if u, err := sourceURL(src.URL); err == nil && u.Host != "" {
				hosts[fetch.HostPort(u)] = fetch.Host{}
			}
		}
	}
	hosts["raw.githubusercontent.com:443"] = fetch.Host{}
	for _, c := range cfg.Catalogues {
		if u, err := url.Parse(c.URL); err == nil && u.Host != "" {
			hosts[fetch.HostPort(u)] = fetch.Host{AllowPrivate: c.AllowPrivate}
		}
	}
	for _, f := range fs.list {
		h := fetch.Host{AllowPrivate: f.AllowPrivate || hosts[fetch.HostPort(f.base)].AllowPrivate}
		hosts[fetch.HostPort(f.base)] = h
		if len(f.tokens) == 0 {
			if api := f.tokenHost(); api != fetch.HostPort(f.base) {
				hosts[api] = fetch.Host{}
			}
			continue
		}
		// Where the kind is not known yet, the form that all of them take.
		scheme := "Bearer "
		if f.Kind == crawler.Forgejo {
			scheme = "token "
		}
		h.Header = "Authorization"
		for _, token := range f.tokens {
			h.Tokens = append(h.Tokens, scheme+token)
		}
		hosts[f.tokenHost()] = h
	}
	fs.client = fetch.New(fetch.Options{UserAgent: userAgent(cfg.Contact), Hosts: hosts, StandIns: standIns, Logger: log})
	if standIns == nil && (cfg.AskDomains == nil || *cfg.AskDomains) {
		fs.domains = crawler.NewDomains(fetch.Transport(fetch.Options{UserAgent: userAgent(cfg.Contact)}), net.DefaultResolver)
	}
	return fs, nil
}

// readTokens takes the forge's tokens from the environment, unless it has some.
func (f *forgeConfig) readTokens(log *slog.Logger) {
	if len(f.tokens) > 0 {
		return
	}
	for _, name := range f.Tokens {
		if token := strings.TrimSpace(os.Getenv(name)); token != "" {
			f.tokens = append(f.tokens, token)
		} else {
			log.Warn("token is not set, crawling without it", "forge", f.URL, "variable", name)
		}
	}
}

// tokenHost is the one host that gets the forge's token.
func (f *forge) tokenHost() string {
	if host, ok := apiHosts[f.base.Hostname()]; ok {
		return host
	}
	return fetch.HostPort(f.base)
}

// apiHosts are the forges whose API has a host of its own.
var apiHosts = map[string]string{"github.com": "api.github.com:443", "bitbucket.org": "api.bitbucket.org:443"}

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
	fs.mu.Lock()
	defer fs.mu.Unlock()
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
		if source.Scheme == "file" {
			base.Path = source.Path
		}
		best = &forge{forgeConfig: forgeConfig{URL: base.String(), base: base}}
		fs.list = append(fs.list, best)
	}
	return best
}

// open connects to a forge once. A failed probe is tried again by the next
// source. path is what is asked of it: a host that serves plain git is known by
// its repositories alone.
func (fs *forges) open(ctx context.Context, f *forge, path string) (crawler.Forge, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.opened != nil {
		return f.opened, nil
	}
	client := fs.client.HTTP()
	kind := f.Kind
	if kind == "" && f.base.Scheme == "file" {
		kind = crawler.Folder
	}
	if kind == "" {
		var err error
		kind, err = crawler.Probe(ctx, client, f.base)
		switch {
		case !errors.Is(err, registry.ErrInvalid):
		case path == "":
			err = fmt.Errorf("%w; a host that serves plain git alone cannot be listed: name its repositories one by one", err)
		case crawler.ServesGit(ctx, client, f.base, path):
			kind, err = crawler.Git, nil
		default:
			err = fmt.Errorf("%w; nor is there a git repository at %s", err, path)
		}
		if err != nil {
			return nil, err
		}
	}
	opened, err := f.connect(kind, client)
	if err != nil {
		return nil, err
	}
	f.opened = opened
	return opened, nil
}

func (f *forge) connect(kind string, client *http.Client) (crawler.Forge, error) {
	base := f.base
	if (kind == crawler.Folder) != (base.Scheme == "file") {
		return nil, fmt.Errorf("%w: %s: kind %q and the address do not go together", registry.ErrInvalid, base, kind)
	}
	switch kind {
	case crawler.GitHub:
		return github.New(base, client, github.Options{Token: len(f.tokens) > 0})
	case crawler.GitLab:
		return gitlab.New(base, client, gitlab.Options{})
	case crawler.Forgejo:
		return forgejo.New(base, client, forgejo.Options{})
	case crawler.Bitbucket:
		return bitbucket.New(base, client, bitbucket.Options{})
	case crawler.Git:
		return git.New(base, client, git.Options{})
	case crawler.Folder:
		return folder.New(base.Path, folder.Options{Base: f.web})
	}
	return nil, fmt.Errorf("%w: no adapter for forges of kind %q", registry.ErrInvalid, kind)
}
