// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"net/http"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/api"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// oidcConfig says whose sign-in is taken in place of tokens of the registry.
type oidcConfig struct {
	Issuer   string `yaml:"issuer"`
	Audience string `yaml:"audience"`
	// Claim names where the tokens have roles or groups, see api.OIDC.
	Claim        string            `yaml:"claim"`
	AllowPrivate bool              `yaml:"allowPrivate"` // the issuer may be in the own network
	Grants       []oidcGrantConfig `yaml:"grants"`
}

// oidcGrantConfig is what a role or group allows.
type oidcGrantConfig struct {
	Value        string   `yaml:"value"`
	Scopes       []string `yaml:"scopes"`
	Regions      []string `yaml:"regions"`
	Organisation string   `yaml:"organisation"`
}

var oidcShape = mapping(map[string]shape{
	"issuer": single, "audience": single, "claim": single, "allowPrivate": single,
	"grants": listOf(mapping(map[string]shape{"value": single, "scopes": singles, "regions": singles, "organisation": single})),
})

// issuerTimeout bounds one question to an issuer.
const issuerTimeout = 10 * time.Second

// oidc checks what is said of an issuer, and puts regions into their one form.
func (p *configProblems) oidc(n *yaml.Node, o *oidcConfig) {
	if o == nil {
		return
	}
	u, err := baseURL(o.Issuer)
	switch {
	case err != nil:
		p.at(value(n, "issuer"), "oidc.issuer: %v", err)
	case u.Scheme != "https" && !o.AllowPrivate:
		p.at(value(n, "issuer"), "oidc.issuer must begin with https://")
	}
	if o.Audience == "" {
		p.at(value(n, "audience"), "oidc.audience is missing: without it tokens for other services would be taken")
	}
	list := value(n, "grants")
	if len(o.Grants) == 0 {
		p.at(list, "oidc.grants is missing: without one nobody may do anything")
	}
	for i := range o.Grants {
		g := &o.Grants[i]
		if g.Value == "" {
			p.at(item(list, i), "oidc.grants[%d].value is missing: the role or group that it is for", i)
		}
		for j, region := range g.Regions {
			code, err := registry.ParseRegion(region)
			if err != nil {
				p.at(item(value(item(list, i), "regions"), j), "oidc.grants[%d].regions[%d]: %v", i, j, err)
				continue
			}
			g.Regions[j] = code
		}
		if err := g.grant().Check(); err != nil {
			p.at(item(list, i), "oidc.grants[%d]: %v", i, err)
		}
	}
}

func (g oidcGrantConfig) grant() registry.Grant {
	grant := registry.Grant{Regions: g.Regions, Organisation: g.Organisation}
	for _, s := range g.Scopes {
		grant.Scopes = append(grant.Scopes, registry.Scope(s))
	}
	return grant
}

// verifier checks the tokens of the configured issuer; nil where there is none.
func (c *config) verifier() (api.Verifier, error) {
	o := c.OIDC
	if o == nil {
		return nil, nil
	}
	u, err := baseURL(o.Issuer)
	if err != nil {
		return nil, usageError(fmt.Errorf("oidc.issuer: %w", err))
	}
	transport := fetch.Transport(fetch.Options{
		UserAgent: userAgent(c.Contact), Hosts: map[string]fetch.Host{fetch.HostPort(u): {AllowPrivate: o.AllowPrivate}},
	})
	options := api.OIDC{
		Issuer: o.Issuer, Audience: o.Audience, Claim: o.Claim, Client: &http.Client{
			Transport: transport, Timeout: issuerTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	for _, g := range o.Grants {
		options.Grants = append(options.Grants, api.OIDCGrant{Value: g.Value, Grant: g.grant()})
	}
	return api.NewOIDC(options)
}
