// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import "strings"

// The kinds of parties.
const (
	person       = "person"
	organisation = "organisation"
	tool         = "tool"
)

var partyKinds = map[string]string{"person": person, "organization": organisation, "organisation": organisation, "tool": tool}

// party reads a party as SPDX 2 writes it (SPDX 2.3, 6.8 and 7.5):
// "Organization: Name (contact)"; nil where it says nothing.
func (d *draft) party(s string) *Party {
	s = d.cut(strings.TrimSpace(s))
	if asserted(s) == "" {
		return nil
	}
	var p Party
	if kind, rest, found := strings.Cut(s, ":"); found && partyKinds[strings.ToLower(strings.TrimSpace(kind))] != "" {
		p.Kind, s = partyKinds[strings.ToLower(strings.TrimSpace(kind))], strings.TrimSpace(rest)
	} else {
		d.remark("parties that are not said to be a person, an organisation or a tool", s)
	}
	p.Name = s
	if open := strings.LastIndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") && p.Kind != tool {
		p.Name = strings.TrimSpace(s[:open])
		p.reach(strings.TrimSpace(s[open+1 : len(s)-1]))
	}
	if p.Name == "" && p.Email == "" && p.URL == "" {
		return nil
	}
	return &p
}

// reach sets where the party can be reached.
func (p *Party) reach(contact string) {
	switch {
	case strings.Contains(contact, "://"):
		p.URL = contact
	case strings.Contains(contact, "@"):
		p.Email = contact
	}
}

// asserted is a value, "" for the words that stand in place of one.
func asserted(s string) string {
	if s == "NOASSERTION" || s == "NONE" {
		return ""
	}
	return s
}

// hash reads a checksum; ok is false for one without a value.
func hash(algorithm, value string) (h Hash, ok bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	if value == "" {
		return h, false
	}
	name := strings.ToUpper(withoutDashes.Replace(strings.TrimSpace(algorithm)))
	if spelt, ok := algorithms[name]; ok {
		return Hash{Algorithm: spelt, Value: value}, true
	}
	return Hash{Algorithm: strings.TrimSpace(algorithm), Value: value}, true
}

var withoutDashes = strings.NewReplacer("-", "", "_", "")

// algorithms are the names of hash functions as CycloneDX spells them, by the
// letters and digits alone.
var algorithms = func() map[string]string {
	m := map[string]string{}
	for _, name := range []string{
		"MD2", "MD4", "MD5", "MD6", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512",
		"SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3",
		"Streebog-256", "Streebog-512", "ADLER32",
	} {
		m[strings.ToUpper(strings.ReplaceAll(name, "-", ""))] = name
	}
	return m
}()
