// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package gitlab reads GitLab instances: over GraphQL where they have it as it is
// needed, which everyone may ask, and over version 4 of their REST API elsewhere
// and for what only that tells.
//
// Over GraphQL a sweep takes one request for a hundred projects, or for as many
// small groups as fit, and one more for a hundred that are new or changed; that
// brings the publiccode.yml and the root along. Many groups and users of a small
// instance are found in the list of all projects. Over REST it takes one for a
// hundred projects (two without a token) and one for the root of each project
// that has to be looked into. A description takes two or three requests, and one
// for every hundred commits.
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

	kinds     sync.Map     // what lies at a path, by path in lower case: kind
	room      atomic.Int64 // what a query of groups may hold, see roomAtFirst
	noGraphQL atomic.Bool  // GraphQL is not there, or not as it is needed
	reticent  atomic.Bool  // nor does it tell what REST keeps from strangers
	stranger  atomic.Bool  // REST keeps things from us
	endless   atomic.Int32 // answers of GraphQL in a row that were too large
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
		http: sane(client),
		now:  opt.Now,
	}
	f.room.Store(roomAtFirst)
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
