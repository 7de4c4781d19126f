// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"net/url"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// Claims tell which of several sources a repository belongs to: the one that
// names it closest.
type Claims map[string]Source // by what the keys of its repositories begin with

// NewClaims makes the claims of sources. Of two with one address the first has
// the word.
func NewClaims(sources []Source) Claims {
	m := make(Claims, len(sources))
	for _, src := range sources {
		if key := claim(src.URL); m[key].URL == "" {
			m[key] = src
		}
	}
	return m
}

// claim is the address of a source in the form of registry.ID.Key.
func claim(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := u.Host
	if port := u.Port(); port == "80" || port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	path := strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git")
	return strings.TrimSuffix(registry.ID(host+"/"+path).Key(), "/")
}

// Closest is the source that names a repository, or a group, closest.
func (m Claims) Closest(id registry.ID) (Source, bool) {
	for key := id.Key(); ; {
		if src, ok := m[key]; ok {
			return src, true
		}
		i := strings.LastIndexByte(key, '/')
		if i < 0 {
			return Source{}, false
		}
		key = key[:i]
	}
}

// path is where a repository lies on the forge of a source that claims it.
func (m Claims) path(src Source, id registry.ID) (string, bool) {
	base := claim(src.URL)
	if path := claim("https://x/" + src.Path); path != "x" {
		base = strings.TrimSuffix(base, strings.TrimPrefix(path, "x"))
	}
	if !strings.HasPrefix(id.Key(), base+"/") {
		return "", false
	}
	return string(id.Repository())[len(base)+1:], true
}

// claimedElsewhere reports whether another configured source names a repository
// closer than the one that lists it: it is left to that one.
func (s *sweep) claimedElsewhere(src *Source, id registry.ID) bool {
	closest, ok := s.claims.Closest(id)
	return ok && closest.URL != src.URL && depth(closest.Path) > depth(src.Path)
}
