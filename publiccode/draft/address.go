// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

const gitConfig = ".git/config"

// originURL is the web address of the remote that the repository was cloned
// from, "" where there is none.
func originURL(r *repository) string {
	section := ""
	for line := range strings.Lines(string(r.read(gitConfig))) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && section == `[remote "origin"]` && strings.TrimSpace(key) == "url" {
			return repositoryURL(strings.Trim(strings.TrimSpace(value), `"`))
		}
	}
	return ""
}

// shorthands are those of package.json.
var shorthands = map[string]string{
	"github": "https://github.com/", "gitlab": "https://gitlab.com/", "bitbucket": "https://bitbucket.org/",
}

var (
	scpForm   = regexp.MustCompile(`^(?:[A-Za-z0-9_.-]+@)?([A-Za-z0-9.-]+\.[A-Za-z0-9.-]+):/*([^\s:]+)$`)
	ownerName = regexp.MustCompile(`^[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+$`)
	hostName  = regexp.MustCompile(`^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$`)
)

// repositoryURL turns the address of a repository, in any protocol and in the
// short forms of ssh and package.json, into the one of its web page, without
// user name, password and anything else that does not name the repository. It
// returns "" for what is no address of the open network.
func repositoryURL(s string) string {
	s = cleanLine(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "scm:"), "git:")
	s = strings.TrimPrefix(s, "git+")
	if kind, rest, ok := strings.Cut(s, ":"); ok && shorthands[kind] != "" && ownerName.MatchString(rest) {
		return shorthands[kind] + strings.TrimSuffix(rest, ".git")
	}
	if ownerName.MatchString(s) {
		return shorthands["github"] + strings.TrimSuffix(s, ".git")
	}
	if strings.HasPrefix(s, "//") { // what is left of git://
		s = "https:" + s
	} else if m := scpForm.FindStringSubmatch(s); m != nil && !strings.Contains(s, "://") {
		s = "https://" + m[1] + "/" + m[2]
	}
	u, err := url.Parse(s)
	if err != nil || !hostName.MatchString(u.Hostname()) || strings.Trim(u.Path, "/") == "" {
		return ""
	}
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http", "https":
	case "ssh", "git": // whose port is not the one of the web page
		u.Scheme, host = "https", strings.ToLower(u.Hostname())
	default:
		return ""
	}
	p := strings.TrimSuffix(path.Clean(u.Path), ".git")
	return (&url.URL{Scheme: u.Scheme, Host: host, Path: p}).String()
}

// webAddress returns an address of the web as it is, without user name and
// password; "" for anything else.
func webAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !hostName.MatchString(u.Hostname()) || strings.ContainsAny(s, " <>") {
		return ""
	}
	u.User = nil
	return u.String()
}

// sameAddress compares the addresses of repositories.
func sameAddress(a, b string) bool {
	bare := func(s string) string {
		s, _, _ = strings.Cut(strings.ToLower(s), "#")
		_, s, _ = strings.Cut(s, "://")
		return strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/"), ".git")
	}
	return bare(a) == bare(b)
}

func lastPart(address string) string {
	if u, err := url.Parse(address); err == nil {
		return path.Base(u.Path)
	}
	return ""
}

// squeeze reduces a name to what tells it apart: "Open-Halle" and "open halle"
// are the same.
func squeeze(s string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(" -_.:/", c) {
			return -1
		}
		return c
	}, strings.ToLower(s))
}
