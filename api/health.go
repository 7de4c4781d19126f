// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// patience is how long the catalogue may take to say that it is there.
const patience = 2 * time.Second

type health struct {
	Status   string        `json:"status"`
	Revision *registry.Rev `json:"revision,omitempty"`
}

// live says that the process answers.
func (a *api) live(*gin.Context) (*answer, error) {
	return uncached(health{Status: "live"})
}

// ready says that the catalogue can be read and searched, too.
func (a *api) ready(c *gin.Context) (*answer, error) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), patience)
	defer cancel()
	rev, err := a.catalogue.Rev(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: read the revision: %w", errBusy, err)
	}
	// Until the index is made who searches waits.
	if _, err := a.catalogue.Search(ctx, registry.Query{Limit: 1, Counted: []registry.Facet{}}); err != nil {
		return nil, fmt.Errorf("%w: search: %w", errBusy, err)
	}
	return uncached(health{Status: "ready", Revision: &rev})
}

func uncached(v any) (*answer, error) {
	ans, err := jsonAnswer(v)
	if err != nil {
		return nil, err
	}
	ans.etag, ans.cache = "", cacheNever
	return ans, nil
}
