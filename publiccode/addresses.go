// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// checkWebAddress returns "" for what is no http or https address, so that
// nothing else ever becomes a link.
func (d *decoder) checkWebAddress(v value, t string) string {
	if !isWebAddress(t) {
		d.add("PC0311", v.position(), v.path, t)
		return ""
	}
	return t
}

func isWebAddress(s string) bool {
	u, err := parseURL(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && reachable(u)
}

// reachable reports a host that can be one, with a port that can be one.
func reachable(u *url.URL) bool {
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return true
	}
	return isHost(strings.TrimSuffix(u.Hostname(), "."))
}

// parseURL refuses blanks, which net/url lets pass in a path.
func parseURL(s string) (*url.URL, error) {
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return nil, url.InvalidHostError(s)
	}
	return url.Parse(s)
}

// checkRepository accepts the address of a repository in any protocol.
func (d *decoder) checkRepository(v value, t string) string {
	switch u, err := parseURL(t); {
	case err == nil && (u.Scheme == "http" || u.Scheme == "https"):
		if !reachable(u) {
			d.add("PC0312", v.position(), v.path, t)
			return ""
		}
		return t
	case err == nil && u.Scheme != "" && u.Hostname() != "":
		d.add("PC0507", v.position(), v.path, t)
		return t
	case isSCP(t):
		d.add("PC0312", v.position(), v.path, t)
		return t
	}
	d.add("PC0312", v.position(), v.path, t)
	return ""
}

// isSCP reports the short form of ssh addresses: git@host:owner/name.
func isSCP(s string) bool {
	user, rest, ok := strings.Cut(s, "@")
	if !ok || strings.ContainsAny(user, "/:") {
		return false
	}
	host, path, ok := strings.Cut(rest, ":")
	return ok && isHost(host) && path != "" && !strings.ContainsFunc(path, unicode.IsSpace)
}

// checkURL reads url and holds it against the place where the file was found.
func (d *decoder) checkURL(v value, t string) string {
	if t = d.checkRepository(v, t); t == "" || d.options.RepositoryURL == "" {
		return t
	}
	here, named := repositoryID(d.options.RepositoryURL), repositoryID(t)
	if here != named && !inside(named, here) {
		d.add("PC0506", v.position(), v.path, t, d.options.RepositoryURL)
	}
	return t
}

// repositoryID is what two addresses of the same repository have in common:
// host and path in small letters, without .git, www. and trailing slash.
func repositoryID(s string) string {
	var host, p string
	if u, err := url.Parse(s); err == nil && u.Hostname() != "" {
		host, p = u.Hostname(), u.Path
		if port := u.Port(); port != "" && port != "443" && port != "80" && port != "22" {
			host += ":" + port
		}
	} else {
		_, rest, _ := strings.Cut(s, "@")
		host, p, _ = strings.Cut(rest, ":")
	}
	p = strings.TrimSuffix(strings.Trim(p, "/"), ".git")
	return strings.ToLower(strings.TrimPrefix(host, "www.") + "/" + strings.Trim(p, "/"))
}

// inside reports an address of a page within the repository.
func inside(named, here string) bool {
	rest, ok := strings.CutPrefix(named, here+"/")
	if !ok {
		return false
	}
	first, _, _ := strings.Cut(rest, "/")
	return first == "-" || first == "tree" || first == "blob" || first == "src"
}

func (d *decoder) checkURI(v value, t string) string {
	if !isURI(t) {
		d.add("PC0322", v.position(), v.path, t)
	}
	return t
}

// isURI checks the generic form of RFC 3986: a scheme and something after it.
func isURI(s string) bool {
	u, err := parseURL(s)
	if err != nil || u.Scheme == "" {
		return false
	}
	switch u.Scheme {
	case "http", "https", "ftp":
		return reachable(u)
	case "urn": // urn:namespace:specific, RFC 8141
		namespace, rest, ok := strings.Cut(u.Opaque, ":")
		return ok && len(namespace) >= 2 && rest != ""
	}
	return u.Opaque != "" || u.Host != "" || u.Path != ""
}

// checkEmail returns "" for what is no address.
func (d *decoder) checkEmail(v value, t string) string {
	if isEmail(t) {
		return t
	}
	// The standard up to 0.6 advised to write \x64 for the @ sign.
	if open := hiddenAt.Replace(t); isEmail(open) && strings.Contains(open[strings.IndexByte(open, '@'):], ".") {
		d.add("PC0324", v.position(), v.path, open)
		return open
	}
	d.add("PC0310", v.position(), v.path, t)
	return ""
}

// checkPhone keeps a number as written, also where it is none.
func (d *decoder) checkPhone(v value, t string) string {
	number := strings.TrimPrefix(t, "tel:")
	switch digits, ok := phoneDigits(number); {
	case d.version == preview: // which plans to ask for the form of E.164
		if rest, plus := strings.CutPrefix(t, "+"); !plus || !isNumber(rest) || rest[0] == '0' || len(rest) > 15 {
			d.add("PC0332", v.position(), v.path, t)
		}
	case !ok || digits < 3 || digits > 20:
		d.add("PC0328", v.position(), v.path, t)
	case !strings.HasPrefix(number, "+") && !strings.HasPrefix(number, "00") && !strings.HasPrefix(number, "(+"):
		d.add("PC0329", v.position(), v.path, t)
	}
	return t
}

// phoneDigits counts digits; the second result is false where there is anything
// but them, the usual separators and an extension. E.164 allows 15 digits.
func phoneDigits(s string) (int, bool) {
	for _, mark := range []string{"ext.", "ext", "x", "Durchwahl", "DW", "int."} {
		if number, extension, ok := strings.Cut(s, mark); ok && strings.Trim(extension, " 0123456789") == "" {
			s = number + extension
		}
	}
	n := 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			n++
		case !strings.ContainsRune("+ -‑–./()\u00a0", c):
			return n, false
		}
	}
	return n, true
}

var hiddenAt = strings.NewReplacer(`\x64`, "@", `\x40`, "@", "[at]", "@", "(at)", "@", " at ", "@")

// isEmail accepts what RFC 5321 calls a mailbox, without its rarely used
// quoted form, and addresses with letters beyond ASCII (RFC 6531).
func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || len(s) > 254 {
		return false
	}
	for _, c := range local {
		if c <= ' ' || c == 0x7f || strings.ContainsRune("()<>[]:;@\\,\"", c) {
			return false
		}
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	return isHost(domain)
}

func isHost(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range label {
			if c != '-' && c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
				return false
			}
		}
	}
	return true
}
