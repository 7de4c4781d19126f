// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package github reads GitHub, the cloud and Enterprise servers. With a token
// it asks over GraphQL, many repositories at once: a listing brings their
// publiccode.yml along, a description their folders. Without one it lists over
// REST. Files that did not come along are read from the raw file address, which
// costs no API budget.
//
// Authentication, repetition and waiting for rate limits are left to the
// *http.Client that is handed in. Only a GraphQL query that GitHub cannot answer
// is asked again here, in halves.
package github

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// kind is what registry.Repository.Forge says of repositories listed here.
const kind = "github"

// Options configure a Forge.
type Options struct {
	// Token says that the HTTP client sends a token, without which GitHub
	// refuses GraphQL.
	Token bool
	Now   func() time.Time // nil is time.Now
}

// Forge is one GitHub instance. It is safe for concurrent use.
type Forge struct {
	base    *url.URL // web address, without a slash at the end
	rest    *url.URL // with a slash at the end
	graphql string
	raw     *url.URL // above OWNER/REPO/REF/PATH, without a slash at the end
	cloud   bool
	http    *http.Client
	token   bool
	now     func() time.Time
	pause   time.Duration // before a smaller query
}

var _ crawler.Forge = (*Forge)(nil)

// New makes a Forge of the web address of an instance: https://github.com, or
// that of an Enterprise server, which has its APIs below /api.
func New(base *url.URL, client *http.Client, opt Options) (*Forge, error) {
	if base == nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("%w: %q is no web address of a GitHub instance", registry.ErrInvalid, base)
	}
	if client == nil {
		client = http.DefaultClient
	}
	web := &url.URL{Scheme: base.Scheme, Host: strings.ToLower(base.Host), Path: strings.TrimRight(base.Path, "/")}
	f := &Forge{base: web, http: client, token: opt.Token, now: opt.Now, pause: time.Second}
	if f.now == nil {
		f.now = time.Now
	}
	if host := strings.TrimPrefix(web.Hostname(), "www."); host == "github.com" {
		f.cloud = true
		f.base = &url.URL{Scheme: "https", Host: host}
		f.rest = &url.URL{Scheme: "https", Host: "api.github.com", Path: "/"}
		f.graphql = "https://api.github.com/graphql"
		f.raw = &url.URL{Scheme: "https", Host: "raw.githubusercontent.com"}
		return f, nil
	}
	f.rest = web.JoinPath("api/v3/")
	f.graphql = web.JoinPath("api/graphql").String()
	f.raw = web.JoinPath("raw")
	return f, nil
}

// name is what GitHub allows in the names of owners and repositories.
var name = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)

func validName(s string) bool { return name.MatchString(s) && s != "." && s != ".." }

// address is the web address of a repository. It is made here and not taken
// from an answer, so that no instance speaks for another.
func (f *Forge) address(fullName string) (string, error) {
	owner, name, _ := strings.Cut(fullName, "/")
	if !validName(owner) || !validName(name) {
		return "", fmt.Errorf("%s lists a repository as %.100q, which is no name", f.base.Host, fullName)
	}
	return f.base.String() + "/" + owner + "/" + name, nil
}

// names undoes address.
func (f *Forge) names(address string) (owner, name string, err error) {
	path, ok := strings.CutPrefix(address, f.base.String()+"/")
	owner, name, _ = strings.Cut(path, "/")
	if !ok || !validName(owner) || !validName(name) {
		return "", "", fmt.Errorf("%w: %.200q is no repository on %s", registry.ErrInvalid, address, f.base.Host)
	}
	return owner, name, nil
}

// licence leaves out what GitHub writes where it knows none.
func licence(spdx string) string {
	switch strings.ToUpper(spdx) {
	case "NOASSERTION", "NONE", "OTHER":
		return ""
	}
	return spdx
}

// version is a Repo.Version by a mark of what the forge tells of the content. The
// parent is left out, as not every listing has it.
func version(mark string, r crawler.Repo) string {
	r.Parent, r.Pushed = "", time.Time{}
	return crawler.Version(r, mark)
}

// client makes a client for one request. The library's client remembers rate
// limits and refuses by itself what the HTTP client would wait for; one that
// is new remembers nothing.
func (f *Forge) client() *github.Client {
	c := github.NewClient(f.http)
	c.BaseURL = f.rest
	c.UserAgent = "" // the HTTP client's
	return c
}

// translate makes an error of the library or the HTTP client one of ours. What
// was asked for goes in front.
func translate(err error, what string) error {
	if err == nil {
		return nil
	}
	var sentinel error
	var answer *github.ErrorResponse
	var second *github.TwoFactorAuthError
	switch {
	case errors.As(err, &second):
		sentinel = registry.ErrForbidden
	case errors.As(err, &answer) && answer.Response != nil:
		sentinel = fetch.Sentinel(answer.Response.StatusCode)
		if errors.Is(sentinel, registry.ErrNotFound) && answer.Message == "" {
			sentinel = nil // a proxy's word, not GitHub's
		}
	}
	if sentinel != nil {
		return fmt.Errorf("%s: %w: %w", what, sentinel, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
