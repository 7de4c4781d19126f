// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"bytes"
	"net/url"
	"path"
	"strings"
)

// A domain can vouch for who speaks for it: with a file under /.well-known/ (RFC 8615)
// or with records in its DNS. Both are read here and not fetched.
const (
	// WellKnown is the path of the file. A line of it reads
	//
	//	namespace: https://code.example.org/musterhafen
	//
	// and may have, after a blank, the one URI of an organisation that it holds for.
	// Lines that read otherwise are nothing.
	WellKnown = "/.well-known/allmende-organisation.txt"
	// TXTLabel is what stands before the domain in the name of the records, each of
	// which is allmende-organisation= and what follows "namespace:" in the file.
	TXTLabel = "_allmende"

	txtKey = "allmende-organisation="
)

// The bounds of what a domain says.
const (
	MaxWellKnown = 64 << 10 // bytes of the file that are read
	maxVouchers  = 100
)

// Voucher is the word of a domain that whoever can write to a namespace of a forge
// speaks for it.
type Voucher struct {
	Namespace    string // web address of a repository, or of what repositories lie in
	Organisation string // the one URI that it holds for; "" for all of the domain
}

// ReadWellKnown reads the file of a domain, MaxWellKnown bytes of it at most.
func ReadWellKnown(src []byte) []Voucher {
	var out []Voucher
	for line := range bytes.Lines(src[:min(len(src), MaxWellKnown)]) {
		key, rest, ok := strings.Cut(string(line), ":")
		if ok && strings.EqualFold(strings.TrimSpace(key), "namespace") {
			out = appendVoucher(out, rest)
		}
	}
	return out
}

// ReadTXT reads the records of a domain.
func ReadTXT(records []string) []Voucher {
	var out []Voucher
	for _, r := range records {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(r), txtKey); ok && len(rest) <= 2*maxAddress {
			out = appendVoucher(out, rest)
		}
	}
	return out
}

func appendVoucher(all []Voucher, text string) []Voucher {
	words := strings.Fields(text)
	if len(words) < 1 || len(words) > 2 || len(all) == maxVouchers {
		return all
	}
	u, ok := webAddress(words[0])
	if !ok || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") == "" {
		return all // a whole host is nobody's namespace
	}
	v := Voucher{Namespace: words[0]}
	if len(words) == 2 {
		v.Organisation = words[1]
	}
	return append(all, v)
}

// ProofHost is the host whose word counts for an organisation's URI, in small letters
// and without www.; "" where there is none, as for a URN.
func ProofHost(uri string) string {
	u, ok := webAddress(uri)
	if !ok || u.User != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), "www.")
}

// Vouched reports whether a domain vouches for what a repository says in the name of
// an organisation. The vouchers must be those of ProofHost of its URI.
func Vouched(vouchers []Voucher, uri, repository string) bool {
	if ProofHost(uri) == "" {
		return false
	}
	for _, v := range vouchers {
		if (v.Organisation == "" || sameURI(v.Organisation, uri)) && within(v.Namespace, repository) {
			return true
		}
	}
	return false
}

// sameURI compares addresses but for a slash at the end and the case of their host.
func sameURI(a, b string) bool {
	ua, okA := webAddress(a)
	ub, okB := webAddress(b)
	if !okA || !okB {
		return false
	}
	ua.Host, ub.Host = strings.ToLower(ua.Host), strings.ToLower(ub.Host)
	return strings.TrimSuffix(ua.String(), "/") == strings.TrimSuffix(ub.String(), "/")
}

// within reports whether a repository is a namespace or lies in it. What a path
// resolves to counts, so that dots lead out of no namespace.
func within(namespace, repository string) bool {
	outer, okO := webAddress(namespace)
	inner, okI := webAddress(repository)
	if !okO || !okI || !strings.EqualFold(outer.Host, inner.Host) || inner.Scheme != "https" {
		return false
	}
	in, out := resolved(inner), resolved(outer)
	return in == out || strings.HasPrefix(in, out+"/")
}

func resolved(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(path.Clean("/"+u.Path)), ".git")
}
