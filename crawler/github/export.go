// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

var _ crawler.Exporter = (*Forge)(nil)

// Export implements crawler.Exporter by what GitHub makes of its dependency
// graph: https://docs.github.com/rest/dependency-graph/sboms. The document is
// taken out of its envelope byte for byte. One that GitHub has not, refuses or
// makes too large is none, and so are all without a token: the sixty requests an
// hour that GitHub then allows are the listing's.
func (f *Forge) Export(ctx context.Context, r crawler.Repo) (*crawler.Export, error) {
	if !f.token {
		return nil, nil
	}
	owner, name, err := f.names(r.URL)
	if err != nil {
		return nil, err
	}
	u := f.rest.JoinPath("repos", owner, name, "dependency-graph", "sbom")
	// GitHub takes too long for some, and does no better after many tries.
	body, err := f.get(fetch.WithAttempts(ctx, 3), u, "application/vnd.github+json", crawler.MaxExportSize)
	switch {
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrForbidden), errors.Is(err, registry.ErrTooLarge):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("SBOM of %s/%s: %w", owner, name, err)
	}
	var envelope struct {
		SBOM json.RawMessage `json:"sbom"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, fmt.Errorf("SBOM of %s/%s: %w", owner, name, err)
	}
	if len(envelope.SBOM) == 0 || string(envelope.SBOM) == "null" {
		return nil, nil
	}
	return &crawler.Export{URL: u.String(), Bytes: envelope.SBOM}, nil
}
