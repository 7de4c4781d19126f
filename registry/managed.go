// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import "time"

// PublisherDocument is the kind of ManagedPublisher; its key is the publisher's ID.
const PublisherDocument DocumentKind = "publisher"

// ManagedPublisher is a publisher that was added by the API, with what is crawled
// in its name. Those of the configuration are not kept as documents.
type ManagedPublisher struct {
	Publisher
	Sources []ManagedSource `json:"sources"`
	By      string          `json:"by"` // who wrote it last, as AuditLine.Actor
	Time    time.Time       `json:"time"`
}

// ManagedSource is one thing to crawl, as under sources in the configuration.
type ManagedSource struct {
	URL     string   `json:"url"`
	Exclude []string `json:"exclude,omitempty"` // patterns of paths below the forge's address
	Folders []string `json:"folders,omitempty"` // patterns of folders with entries of their own
}

// Document is the publisher as a document of a version: 0 for a new one.
func (p *ManagedPublisher) Document(version int64) *Document {
	return &Document{Kind: PublisherDocument, Key: p.ID, Version: version, Body: body(p)}
}
