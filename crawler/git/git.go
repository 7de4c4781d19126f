// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package git reads repositories on hosts that serve plain git over smart HTTP,
// whatever the software behind it: git http-backend, gitolite, cgit, Gerrit. It
// speaks version 0 of the protocol (gitprotocol-http(5), gitprotocol-pack(5)),
// whose first answer already tells the newest commit.
//
// An unchanged repository takes one request. Another one takes two where the
// host serves only the whole newest commit; where it offers filters and objects
// by their hash it takes one for the folders and one for each file opened. What
// an entry tells beyond its files takes two more, where the host offers filters:
// the dates of the tags, and the commits of twelve months.
package git

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// defaultMaxAnswer bounds an answer where the options do not.
const defaultMaxAnswer = 32 << 20

// Options change how a Forge works. The zero value is right for production.
type Options struct {
	// MaxAnswer is the largest answer that is taken, in bytes: the list of
	// branches and tags, or the packed files of a commit. 0 is 32 MiB.
	MaxAnswer int64
	Now       func() time.Time // the clock; nil is time.Now
}

// Forge is one host, or a folder of one. It is safe for concurrent use.
type Forge struct {
	base      *url.URL
	http      *http.Client
	maxAnswer int64
	now       func() time.Time
}

var _ crawler.Forge = (*Forge)(nil)

// New makes the Forge of the repositories below base. The client
// authenticates, repeats and waits: nothing here does, and no request is made.
func New(base *url.URL, client *http.Client, opt Options) (*Forge, error) {
	if base == nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("%w: %q is no http or https address of a git host", registry.ErrInvalid, base)
	}
	if client == nil {
		client = http.DefaultClient
	}
	if opt.MaxAnswer <= 0 {
		opt.MaxAnswer = defaultMaxAnswer
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	path := strings.Trim(base.Path, "/")
	if path != "" {
		path = "/" + path
	}
	return &Forge{
		base:      &url.URL{Scheme: base.Scheme, Host: base.Host, Path: path},
		http:      client,
		maxAnswer: opt.MaxAnswer,
		now:       opt.Now,
	}, nil
}
