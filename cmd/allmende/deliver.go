// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/api"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/deliver"
)

// webhooksConfig says what subscriptions may name beside what is public.
type webhooksConfig struct {
	// Receivers are hosts of the own network, such as
	// http://hooks.intern.example:8080; check puts them into their one form.
	Receivers []string `yaml:"receivers"`
}

var webhooksShape = mapping(map[string]shape{"receivers": singles})

func (p *configProblems) webhooks(n *yaml.Node, w *webhooksConfig) {
	for i, address := range w.Receivers {
		origin, err := registry.Origin(address)
		if err != nil {
			p.at(item(value(n, "receivers"), i), "webhooks.receivers[%d]: %v", i, err)
			continue
		}
		w.Receivers[i] = origin
	}
}

// deliverer sends what changes to those who subscribed. Their addresses are guarded
// where they are dialled: a name may lead elsewhere than when it was entered.
func (c *config) deliverer(s deliver.Store, changed func() <-chan struct{}, log *slog.Logger) *deliver.Deliverer {
	own := map[string]fetch.Host{}
	for _, origin := range c.Webhooks.Receivers {
		if u, err := url.Parse(origin); err == nil {
			own[fetch.HostPort(u)] = fetch.Host{AllowPrivate: true}
		}
	}
	return &deliver.Deliverer{
		Store: s, Transport: fetch.Transport(fetch.Options{UserAgent: userAgent(c.Contact), Hosts: own}),
		Body: api.Event(c.BaseURL), Changed: changed, Log: log,
	}
}

// delivering delivers beside what comes next, until stop is called.
func (c *config) delivering(ctx context.Context, s deliver.Store, changed func() <-chan struct{}, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var beside sync.WaitGroup
	beside.Go(func() { c.deliverer(s, changed, log).Run(ctx) })
	return func() {
		cancel()
		beside.Wait()
	}
}

// noting notes what is new of needs beside what comes next, until stop is called: for
// those who deliver it, in whatever process, and for the feed. What fits a need is
// searched for, so that a process with an index does it.
func (c *catalogue) noting(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	noter := &deliver.Noter{Store: c.store, Log: log, Board: func(ctx context.Context) (*registry.Board, error) {
		return registry.ReadBoard(ctx, c, nil, time.Now())
	}}
	var beside sync.WaitGroup
	beside.Go(func() { noter.Run(ctx) })
	return func() {
		cancel()
		beside.Wait()
	}
}
