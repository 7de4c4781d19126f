// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// urnForm is a URN (RFC 8141, section 2) without its optional parts.
var urnForm = regexp.MustCompile(`(?i)^urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[a-z0-9()+,.:=@;$_!*'%/~-]+$`)

// checkURI returns "" for what cannot name an organisation.
func (d *decoder) checkURI(v value, t string) string {
	if urnForm.MatchString(t) {
		return t
	}
	u, ok := webAddress(t)
	if !ok {
		d.report("AD0302", v, withoutUser(t))
		return ""
	}
	if u.User != nil {
		u.User = nil
		d.report("AD0303", v, u.String())
		return ""
	}
	return t
}

// checkSoftware returns the address of the repository without what may be secret in
// it; "" where there is none.
func (d *decoder) checkSoftware(v value, t string) string {
	u, ok := webAddress(t)
	if !ok {
		meant := webForm(t)
		if u, ok = webAddress(meant); !ok || !holdsRepository(u) {
			d.report("AD0304", v, withoutUser(t))
			return ""
		}
		d.report("AD0305", v, withoutUser(t), meant)
		return meant
	}
	if secret := u.User != nil; secret {
		u.User = nil
		d.report("AD0303", v, u.String())
	}
	if !holdsRepository(u) {
		d.report("AD0304", v, u.String())
		return ""
	}
	plain := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if short := repository(plain); short != u.String() {
		d.report("AD0306", v, u.String(), short)
	}
	if u.Scheme == "http" {
		d.report("AD0307", v, u.String())
	}
	return plain.String()
}

// checkPage returns "" for what is no address of a page.
func (d *decoder) checkPage(v value, t string) string {
	u, ok := webAddress(t)
	switch {
	case !ok:
		d.report("AD0322", v, withoutUser(t))
		return ""
	case u.User != nil:
		u.User = nil
		d.report("AD0303", v, u.String())
	}
	return u.String()
}

// checkJoins returns the address of the need of another organisation: of a repository,
// as short as it can be, and an ID.
func (d *decoder) checkJoins(v value, t string) string {
	address, id, _ := strings.Cut(t, "#")
	u, ok := webAddress(address)
	if !ok || u.Scheme != "https" || !holdsRepository(u) || !idForm.MatchString(id) {
		d.report("AD0603", v, withoutUser(t))
		return ""
	}
	short := repository(url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}) + "#" + id
	if secret := u.User != nil; secret {
		d.report("AD0303", v, short)
	} else if short != t {
		d.report("AD0306", v, t, short)
	}
	return short
}

// webAddress reads an address of the web whose host can be one.
func webAddress(s string) (*url.URL, bool) {
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return nil, false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, false
		}
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return u, true
	}
	return u, isHost(strings.TrimSuffix(u.Hostname(), "."))
}

func isHost(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(c rune) bool { return c != '-' && c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			return false
		}
	}
	return true
}

// twoSteps are forges whose repositories all have an owner and a name.
var twoSteps = map[string]bool{"github.com": true, "gitlab.com": true, "codeberg.org": true, "bitbucket.org": true}

// holdsRepository reports a path that can be a repository's.
func holdsRepository(u *url.URL) bool {
	least := 1
	if twoSteps[strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")] {
		least = 2
	}
	steps := strings.FieldsFunc(u.Path, func(c rune) bool { return c == '/' })
	return len(steps) >= least && !strings.Contains(u.Path, "//")
}

// pages is what follows the repository in the address of one of its pages, on GitHub,
// GitLab and Forgejo.
var pages = regexp.MustCompile(`^(/[^/]+/[^/]+(?:/[^/]+)*?)/(?:tree|blob|src/branch|src/tag|src/commit)/.+$`)

// repository is the address of a repository as its forge shows it.
func repository(u url.URL) string {
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), ".")
	if host := strings.TrimPrefix(u.Host, "www."); twoSteps[host] {
		u.Host = host
	}
	path, _, _ := strings.Cut(u.Path+"/", "/-/")
	u.Path = strings.TrimSuffix(pages.ReplaceAllString(strings.TrimRight(path, "/"), "$1"), ".git")
	return u.String()
}

// canonical is what two addresses of one repository have in common.
func canonical(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	_, rest, _ := strings.Cut(repository(*u), "://")
	return strings.ToLower(rest)
}

// scpForm is what git calls scp-like syntax: user@host:path.
var scpForm = regexp.MustCompile(`^[A-Za-z0-9._-]+@([^/:@]+):([^:]+)$`)

// webForm is the web address that an address for git, or one without its beginning,
// most likely stands for.
func webForm(s string) string {
	if m := scpForm.FindStringSubmatch(s); m != nil {
		return "https://" + m[1] + "/" + strings.TrimSuffix(strings.Trim(m[2], "/"), ".git")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
	case u.Host != "" && (u.Scheme == "ssh" || u.Scheme == "git" || strings.HasPrefix(u.Scheme, "git+")):
		return "https://" + u.Hostname() + strings.TrimSuffix(u.Path, ".git")
	case u.Scheme == "" && u.Host == "" && strings.Contains(s[:strings.IndexByte(s+"/", '/')], "."):
		return repository(url.URL{Scheme: "https", Host: s[:strings.IndexByte(s+"/", '/')], Path: u.Path[strings.IndexByte(u.Path+"/", '/'):]})
	}
	return ""
}

var user = regexp.MustCompile(`//[^/@]*@`)

// withoutUser keeps a password out of a message.
func withoutUser(s string) string { return user.ReplaceAllString(s, "//") }
