// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package links checks what a publiccode.yml leads to: that its web addresses
// answer, that its paths name files of the repository, and that its images are
// images. Both files and addresses are strangers': everything is bounded.
package links

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/publiccode"
)

// The bounds of one check.
const (
	maxAddresses = 100 // that are asked for; the rest is counted by a finding
	atOnce       = 4   // requests
	atOnceByHost = 2

	patience        = time.Minute      // for all addresses
	addressPatience = 20 * time.Second // for one, with its redirects
	headPatience    = 8 * time.Second  // for HEAD before GET, within that
)

// Check adds findings (PC0510 to PC0514, PC0701 to PC0710) for the addresses
// and files that a publiccode.yml names and that cannot be had. Paths are looked
// up in at.Files; without files a finding says that they were not checked.
//
// Requests go through the transport, which has to refuse private addresses by
// an error that is fetch.ErrGuarded; see fetch.Transport. Each address is asked for
// once, however often the file names it.
//
// What cannot be reached is a finding and no error: Check fails only where ctx
// ends, and then adds nothing.
func Check(ctx context.Context, result *publiccode.Result, at publiccode.Place, transport http.RoundTripper) error {
	c := checker{
		client: &http.Client{Transport: transport, CheckRedirect: checkRedirect},
		all:    patience, address: addressPatience, head: headPatience,
	}
	return c.check(ctx, result, at)
}

// checker holds what a check needs besides its subject.
type checker struct {
	client             *http.Client
	all, address, head time.Duration // patience
}

// verdict is a finding about what a reference leads to; its first argument is
// what the file says, those here follow.
type verdict struct {
	code string
	args []string
}

func (c *checker) check(ctx context.Context, result *publiccode.Result, at publiccode.Place) error {
	if result.PublicCode == nil {
		return nil
	}
	all := references(result)
	targets, byAddress := targetsOf(all)
	c.checkTargets(ctx, targets[:min(len(targets), maxAddresses)])
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if disconnected(targets) {
		for _, t := range targets {
			t.checked = t.checked && !t.silent()
		}
	}
	for _, r := range all {
		var verdicts []verdict
		if r.address == nil {
			verdicts = checkFile(at.Files, r)
		} else if t := byAddress[r.address.String()]; t.checked {
			verdicts = t.verdicts
		}
		for _, v := range verdicts {
			result.Add(v.code, r.key, slices.Concat([]string{r.value}, v.args)...)
		}
	}
	targets = slices.DeleteFunc(targets, func(t *target) bool { return t.checked })
	if len(targets) > 0 {
		result.Add("PC0514", "", strconv.Itoa(len(targets)), strconv.Itoa(len(byAddress)))
	}
	return nil
}

// target is an address to ask for.
type target struct {
	address  *url.URL
	kind     kind // the most that is asked of it
	verdicts []verdict
	checked  bool
}

// targetsOf lists each address once, in order.
func targetsOf(all []reference) (targets []*target, byAddress map[string]*target) {
	byAddress = map[string]*target{}
	for _, r := range all {
		if r.address == nil {
			continue
		}
		t := byAddress[r.address.String()]
		if t == nil {
			t = &target{address: r.address}
			byAddress[r.address.String()] = t
			targets = append(targets, t)
		}
		t.kind = max(t.kind, r.kind)
	}
	return targets, byAddress
}

func (t *target) has(codes ...string) bool {
	return slices.ContainsFunc(t.verdicts, func(v verdict) bool { return slices.Contains(codes, v.code) })
}

// silent reports that there was no answer, nor a host that could give one.
func (t *target) silent() bool { return t.has("PC0702", "PC0703") }

// disconnected reports that several hosts were asked and none answered: then
// the network is missing here, and not they. A private address says nothing.
func disconnected(targets []*target) bool {
	hosts := map[string]bool{}
	for _, t := range targets {
		switch {
		case !t.checked, t.has("PC0705"):
		case t.silent():
			hosts[fetch.HostPort(t.address)] = true
		default:
			return false
		}
	}
	return len(hosts) > 1
}

// checkTargets asks for addresses side by side, until all are done or time is
// up.
func (c *checker) checkTargets(ctx context.Context, targets []*target) {
	ctx, cancel := context.WithTimeout(ctx, c.all)
	defer cancel()
	slots := make(chan struct{}, atOnce)
	hosts := map[string]chan struct{}{}
	var done sync.WaitGroup
	for _, t := range targets {
		host := hosts[fetch.HostPort(t.address)]
		if host == nil {
			host = make(chan struct{}, atOnceByHost)
			hosts[fetch.HostPort(t.address)] = host
		}
		done.Go(func() {
			// The place at the host first: who waits for it must not keep
			// others from theirs.
			for _, queue := range []chan struct{}{host, slots} {
				select {
				case queue <- struct{}{}:
					defer func() { <-queue }()
				case <-ctx.Done():
					return
				}
			}
			verdicts := c.checkAddress(ctx, t)
			if ctx.Err() == nil {
				t.verdicts, t.checked = verdicts, true
			}
		})
	}
	done.Wait()
}
