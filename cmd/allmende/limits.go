// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/api"
)

// limitsConfig bounds what is asked of the API. A key that is not given has the
// value of defaultLimits; 0 is no limit.
type limitsConfig struct {
	Requests   *int           `yaml:"requests"` // of one address in a minute
	Work       *int           `yaml:"work"`     // files checked and dossiers made, the same way
	Logins     *int           `yaml:"logins"`   // with a token that is none, the same way
	Concurrent *int           `yaml:"concurrent"`
	Timeout    *time.Duration `yaml:"timeout"`
}

// Reading has no limit for an address: those who come through a proxy of theirs, or
// one of ours that is not named, have one address.
var defaultLimits = api.Limits{Work: 120, Logins: 120, Concurrent: 1024, Timeout: 20 * time.Second}

// The bounds of limits.
const (
	maxLimit        = 1_000_000
	maxAnswering    = time.Minute // the server gives up by then
	maxProxies      = 1000
	maxMetricsParts = 500 // of one metric, such as sources
)

// securityConfig is whom to tell of a weakness.
type securityConfig struct {
	Contact   oneOrMore `yaml:"contact"`
	Policy    string    `yaml:"policy"`
	Languages oneOrMore `yaml:"languages"`
}

var (
	limitsShape   = mapping(map[string]shape{"requests": single, "work": single, "logins": single, "concurrent": single, "timeout": single})
	securityShape = mapping(map[string]shape{"contact": singles.orScalar(), "policy": single, "languages": singles.orScalar()})

	languagePattern = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
)

// limits are those of the configuration, completed by the defaults.
func (c *config) limits() api.Limits {
	l := c.Limits
	d := defaultLimits
	return api.Limits{
		Requests: *cmp.Or(l.Requests, &d.Requests), Work: *cmp.Or(l.Work, &d.Work), Logins: *cmp.Or(l.Logins, &d.Logins),
		Concurrent: *cmp.Or(l.Concurrent, &d.Concurrent), Timeout: *cmp.Or(l.Timeout, &d.Timeout), TrustedProxies: c.proxies,
	}
}

// security is whom to tell of a weakness: who is named for that, or who runs the
// crawler.
func (c *config) security() api.Security {
	s := api.Security{Contact: c.Security.Contact, Policy: c.Security.Policy, Languages: c.Security.Languages}
	if len(s.Contact) == 0 && c.Contact != "" {
		s.Contact = []string{c.Contact}
	}
	return s
}

// conduct checks what is said of those who ask.
func (p *configProblems) conduct(top *yaml.Node, cfg *config) {
	n := value(top, "trustedProxies")
	if len(cfg.TrustedProxies) > maxProxies {
		p.at(n, "trustedProxies has more than %d networks", maxProxies)
		return
	}
	for i, s := range cfg.TrustedProxies {
		prefix, err := parseNetwork(s)
		if err != nil {
			p.at(item(n, i), "trustedProxies[%d] must be a network such as 10.0.0.0/8, or an address, not %q", i, s)
		}
		cfg.proxies = append(cfg.proxies, prefix)
	}
	n = value(top, "limits")
	for _, l := range []struct {
		name  string
		value *int
	}{{"requests", cfg.Limits.Requests}, {"work", cfg.Limits.Work}, {"logins", cfg.Limits.Logins}, {"concurrent", cfg.Limits.Concurrent}} {
		if l.value != nil && (*l.value < 0 || *l.value > maxLimit) {
			p.at(value(n, l.name), "limits.%s must be from 0, for no limit, to %d, not %d", l.name, maxLimit, *l.value)
		}
	}
	if t := cfg.Limits.Timeout; t != nil && (*t < time.Second || *t > maxAnswering) {
		p.at(value(n, "timeout"), "limits.timeout must be from 1s to %s, not %s", maxAnswering, *t)
	}
	n = value(top, "security")
	for i, c := range cfg.Security.Contact {
		if !isContact(c) {
			p.at(item(value(n, "contact"), i), "security.contact must be a mailto: or https:// address, not %q", c)
		}
	}
	if s := cfg.Security; len(s.Contact) == 0 && (s.Policy != "" || len(s.Languages) > 0) && cfg.Contact == "" {
		p.at(n, "security needs a contact")
	}
	if policy := cfg.Security.Policy; policy != "" {
		if u, err := baseURL(policy); err != nil || u.Scheme != "https" || !contactPattern.MatchString(policy) {
			p.at(value(n, "policy"), "security.policy must be an https:// address, not %q", policy)
		}
	}
	for i, l := range cfg.Security.Languages {
		if !languagePattern.MatchString(l) {
			p.at(item(value(n, "languages"), i), "security.languages must be language tags such as de, not %q", l)
		}
	}
	if cfg.Metrics != "" {
		if err := checkListen(cfg.Metrics); err != nil {
			p.at(value(top, "metrics"), "metrics: %v", err)
		}
	}
}

// parseNetwork reads a network, or an address for the network of that alone.
func parseNetwork(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		prefix, err := netip.ParsePrefix(s)
		return prefix.Masked(), err
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return a.Unmap().Prefix(a.Unmap().BitLen())
}

// checkListen reports what is no address to listen on.
func checkListen(s string) error {
	if _, _, err := net.SplitHostPort(s); err != nil {
		return fmt.Errorf("%q is no address to listen on; write it like 127.0.0.1:9464", s)
	}
	return nil
}
