// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package dossier

import (
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// maxAddresses is how many addresses of a security policy are named.
const maxAddresses = 5

// contact is an e-mail or web address in a text. Only those behind which one can
// report are wanted, so that a web address must speak of security itself.
var contact = regexp.MustCompile(`(?i)[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}|https://[^\s<>()"'\x60\]]{4,300}`)

var reporting = regexp.MustCompile(`(?i)secur|vulnerab|advisor|psirt|cert|sicherheit|schwachstelle`)

func security(s *registry.Software, text []byte) Security {
	var out Security
	i := slices.IndexFunc(s.Files, func(f registry.File) bool { return f.Role == registry.RoleSecurity })
	if i < 0 {
		return out
	}
	out.Policy = &s.Files[i]
	for _, found := range contact.FindAllString(string(text), -1) {
		found = strings.TrimRight(found, ".,;:!?*_")
		if strings.HasPrefix(strings.ToLower(found), "http") && !reporting.MatchString(found) || slices.Contains(out.Addresses, found) {
			continue
		}
		if out.Addresses = append(out.Addresses, found); len(out.Addresses) == maxAddresses {
			break
		}
	}
	return out
}
