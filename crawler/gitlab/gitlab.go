// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package gitlab reads GitLab instances over their REST API, version 4.
//
// A sweep takes one request for a hundred projects (two without a token), one
// for the root of each project that has to be looked into and one for each file
// that is there.
package gitlab

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
)

// Options change how a Forge works. The zero value is right for production.
type Options struct {
	Now func() time.Time // the clock; nil is time.Now
}

// Forge is one GitLab instance. It is safe for concurrent use.
type Forge struct {
	base *url.URL
	http *http.Client
	api  *gl.Client
	now  func() time.Time

	kinds        sync.Map    // what lies at a path, by path in lower case: kind
	graphQLLacks atomic.Bool // GraphQL is not there, or not as it is needed
}

var _ crawler.Forge = (*Forge)(nil)

// New makes the Forge of the instance at base, the address of its start page;
// that may have a path. The client authenticates, repeats and waits: nothing
// here does, and no request is made.
func New(base *url.URL, client *http.Client, opt Options) (*Forge, error) {
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("gitlab: %q is no http or https address of an instance", base.Redacted())
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	f := &Forge{
		base: &url.URL{Scheme: base.Scheme, Host: base.Host, Path: base.Path, RawPath: base.RawPath},
		http: withSaneLinks(client),
		now:  opt.Now,
	}
	var err error
	f.api, err = gl.NewClient("",
		gl.WithBaseURL(f.base.String()),
		gl.WithHTTPClient(f.http),
		gl.WithoutRetries(),
		gl.WithCustomLimiter(unlimited{}), // keeps the library from setting one of its own
	)
	if err != nil {
		return nil, fmt.Errorf("gitlab: %s: %w", base.Redacted(), err)
	}
	f.api.UserAgent = "" // the client sets it
	return f, nil
}

// unlimited lets every request pass; the client waits where GitLab says so.
type unlimited struct{}

func (unlimited) Wait(context.Context) error { return nil }
