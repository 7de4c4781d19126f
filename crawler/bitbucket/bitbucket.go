// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package bitbucket reads Bitbucket Cloud over its REST API 2.0
// (https://developer.atlassian.com/cloud/bitbucket/rest/). Bitbucket Data
// Center has another API and is not read.
//
// A sweep takes one request for a hundred repositories, one for the root of each
// repository that has to be looked into, one for each file that is there, and
// for an entry one each for tags, a hundred commits and the number of issues.
//
// The package was made after the API's published description, without the real
// service at hand. What rests on it alone:
//
//   - fields can ask a list for mainbranch.target, the newest commit of the
//     default branch. Where it does not come along, the commit is asked for and
//     a repository has no version.
//   - q and sort take created_on in lists of repositories, which is how a
//     listing goes on where it was.
//   - A file has Content-Disposition: attachment, a folder has not.
//   - It is not described what happens to the former address of a repository
//     that was renamed. A redirect is followed, a 404 is that.
//   - The date of a commit is taken for that of its making, and lists of
//     commits to be in about that order.
package bitbucket

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// Options change how a Forge works. The zero value is right for production.
type Options struct {
	Now func() time.Time // the clock; nil is time.Now
}

// Forge is Bitbucket Cloud, or what stands in for it. It is safe for concurrent
// use.
type Forge struct {
	base *url.URL // web address, without a slash at the end
	api  *url.URL
	http *http.Client
	now  func() time.Time
}

var _ crawler.Forge = (*Forge)(nil)

// APIHost is the host of Bitbucket Cloud's API: the one that a token is for.
const APIHost = "api.bitbucket.org"

// New makes the Forge of a web address: https://bitbucket.org, or that of a
// stand-in, which has the API below /2.0. The client authenticates, repeats and
// waits: nothing here does, and no request is made.
func New(base *url.URL, client *http.Client, opt Options) (*Forge, error) {
	if base == nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("%w: %q is no web address of Bitbucket", registry.ErrInvalid, base)
	}
	if client == nil {
		client = http.DefaultClient
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	web := &url.URL{Scheme: base.Scheme, Host: strings.ToLower(base.Host), Path: strings.TrimRight(base.Path, "/")}
	f := &Forge{base: web, api: web.JoinPath("2.0"), http: client, now: opt.Now}
	if strings.TrimPrefix(web.Hostname(), "www.") == "bitbucket.org" {
		f.base = &url.URL{Scheme: "https", Host: "bitbucket.org"}
		f.api = &url.URL{Scheme: "https", Host: APIHost, Path: "/2.0"}
	}
	return f, nil
}

// name is what Bitbucket allows in the names of workspaces and repositories;
// projectKey in the keys of projects.
var (
	name       = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,128}$`)
	projectKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,127}$`)
	commitHash = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

func validName(s string) bool { return name.MatchString(s) && s != "." && s != ".." }

// address is the web address of a repository. It is made here and not taken
// from an answer.
func (f *Forge) address(fullName string) (string, error) {
	workspace, slug, _ := strings.Cut(fullName, "/")
	if !validName(workspace) || !validName(slug) {
		return "", fmt.Errorf("%s lists a repository as %.80q, which is no name", f.base.Host, fullName)
	}
	return f.base.String() + "/" + fullName, nil
}

// fullName undoes address.
func (f *Forge) fullName(address string) (string, error) {
	fullName, ok := strings.CutPrefix(address, f.base.String()+"/")
	if again, err := f.address(fullName); !ok || err != nil || again != address {
		return "", fmt.Errorf("%w: %q is no repository on %s", registry.ErrInvalid, address, f.base.Host)
	}
	return fullName, nil
}
