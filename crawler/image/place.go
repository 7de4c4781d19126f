// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// Place is where an image lies: in the repository, or at an address.
type Place struct {
	Paths   []string // where it may be in the repository, the likeliest first; each fs.ValidPath
	Address string   // http or https; "" where there are Paths
}

// maxValue bounds what a publiccode.yml says of one image, in bytes.
const maxValue = 4096

// The pages on which forges show a file, as what follows the repository's own
// address: the branch comes next, then the path.
var (
	filePage = regexp.MustCompile(`^/(?:(?:src|raw|media)/branch|(?:-/)?(?:blob|raw))/(.+)$`)
	// rawHost serves the files of rawHostOf.
	rawHost, rawHostOf = "raw.githubusercontent.com", "github.com"

	githubPage  = regexp.MustCompile(`^(/[^/]+/[^/]+)/blob/`)
	gitlabPage  = regexp.MustCompile(`^(/.+)/-/blob/`)
	forgejoPage = regexp.MustCompile(`^(/[^/]+/[^/]+)/src/(branch|commit|tag)/`)
)

// Locate finds out where the image lies that the publiccode.yml in a folder ("."
// for the root) names: a path from the root, which many write from the folder,
// or an address. The address of a file on the
// repository's own default branch is a path too; the page on which a forge
// shows another repository's file becomes the address of the file. A value that
// is neither is registry.ErrInvalid.
func Locate(value, folder string, repo registry.Repository) (Place, error) {
	value = strings.TrimSpace(value)
	if value == "" || len(value) > maxValue {
		return Place{}, invalid("an image of %d characters; a path or an address is needed", len(value))
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" {
		return inTree(value, folder)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return Place{}, invalid("%q is neither a path nor a web address", value)
	}
	if name, ok := ownFile(u, repo); ok {
		return inTree(name, ".")
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	toFile(u)
	return Place{Address: u.String()}, nil
}

func inTree(name, folder string) (Place, error) {
	name = strings.TrimLeft(name, "/")
	var p Place
	for _, from := range []string{".", folder} {
		full := path.Join(from, name)
		// fs.ValidPath lets NUL pass.
		if fs.ValidPath(full) && full != "." && !strings.ContainsRune(full, 0) && !slices.Contains(p.Paths, full) {
			p.Paths = append(p.Paths, full)
		}
	}
	if len(p.Paths) == 0 {
		return Place{}, invalid("%q is no path in the repository", name)
	}
	return p, nil
}

// ownFile is the path of a file that an address names on the default branch.
func ownFile(u *url.URL, repo registry.Repository) (string, bool) {
	own, err := url.Parse(repo.URL)
	if err != nil || repo.DefaultBranch == "" {
		return "", false
	}
	rest, isRaw := u.Path, strings.EqualFold(u.Hostname(), rawHost) && strings.EqualFold(own.Hostname(), rawHostOf)
	if !isRaw && !strings.EqualFold(u.Host, own.Host) {
		return "", false
	}
	base := strings.TrimSuffix(own.Path, "/") + "/"
	if len(rest) < len(base) || !strings.EqualFold(rest[:len(base)], base) {
		return "", false
	}
	rest = rest[len(base)-1:]
	if !isRaw {
		m := filePage.FindStringSubmatch(rest)
		if m == nil {
			return "", false
		}
		rest = "/" + m[1]
	}
	for _, branch := range []string{repo.DefaultBranch, "refs/heads/" + repo.DefaultBranch, "HEAD"} {
		if name, ok := strings.CutPrefix(rest, "/"+branch+"/"); ok {
			return name, true
		}
	}
	return "", false
}

// toFile turns the address of a forge's page about a file into the file's.
func toFile(u *url.URL) {
	p := u.Path
	switch {
	case strings.EqualFold(u.Hostname(), rawHostOf):
		p = githubPage.ReplaceAllString(p, "$1/raw/")
	case gitlabPage.MatchString(p):
		p = gitlabPage.ReplaceAllString(p, "$1/-/raw/")
	default:
		p = forgejoPage.ReplaceAllString(p, "$1/raw/$2/")
	}
	if p != u.Path {
		u.Path, u.RawPath = p, ""
	}
}
