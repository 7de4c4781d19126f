// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package forgejo reads Forgejo and Gitea instances over the REST API that
// they share.
//
// A sweep takes one request for fifty repositories of the instance or of an
// owner, and one for the root of each repository that has to be looked into. A
// description takes one for each fifty commits of the last year, at most ten,
// one for the tags, and one each for languages, releases and open issues where
// there are any. Folders other than the root take one request together, each
// file takes one.
package forgejo

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
)

// Options change how a Forge works. The zero value is right for production.
type Options struct {
	Now func() time.Time // the clock; nil is time.Now
}

// Forge is one Forgejo or Gitea instance. It is safe for concurrent use.
type Forge struct {
	base *url.URL
	http *http.Client
	now  func() time.Time
}

var _ crawler.Forge = (*Forge)(nil)

// New makes the Forge of the instance at base, the address of its start page;
// that may have a path. The client authenticates, repeats and waits: nothing
// here does, and no request is made.
func New(base *url.URL, client *http.Client, opt Options) (*Forge, error) {
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("forgejo: %q is no http or https address of an instance", base.Redacted())
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Forge{
		base: &url.URL{Scheme: base.Scheme, Host: base.Host, Path: base.Path, RawPath: base.RawPath},
		http: client,
		now:  opt.Now,
	}, nil
}

// api is the library's client for one context: it takes none with a call. What it
// decodes is bounded.
func (f *Forge) api(ctx context.Context) (*gitea.Client, error) {
	return f.client(fetch.WithValues(ctx, crawler.MaxValues))
}

func (f *Forge) client(ctx context.Context) (*gitea.Client, error) {
	return gitea.NewClient(f.base.String(),
		gitea.SetHTTPClient(f.http),
		gitea.SetContext(ctx),
		gitea.SetGiteaVersion(""), // keeps the library from asking for it
	)
}

// address is the web address of what lies at a path of the instance.
func (f *Forge) address(path string) string { return crawler.Address(f.base, path) }
