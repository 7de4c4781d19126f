// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/api/mcp"
	"github.com/allmende-registry/allmende/registry"
)

// assistants answers AI assistants at mcp.Path. Its protocol is another one, so that
// it is no operation of the OpenAPI document; bounds and headers are those of all.
func (a *api) assistants() gin.HandlerFunc {
	answer := sync.OnceValue(func() http.Handler {
		opt := mcp.Options{BaseURL: a.base, Claims: a.claims, Version: a.document.version, Now: a.now, Logger: a.log}
		opt.Communities = func(ctx context.Context) ([]registry.CommunityEntry, error) {
			all, err := a.together(ctx)
			return all.communities, err
		}
		if a.documents != nil {
			opt.Board = func(ctx context.Context) (*registry.Board, error) { return a.board(ctx, registry.Grant{}) }
		}
		return mcp.New(a.catalogue, opt).Handler()
	})
	return func(c *gin.Context) {
		c.Request.Pattern = mcp.Path
		leave, err := a.admit(c, route{})
		if err != nil {
			a.refuse(c, err)
			return
		}
		defer leave()
		giveUp, ok := a.large.take()
		if !ok {
			a.refuse(c, errBusy)
			return
		}
		defer giveUp()
		// No page of another origin is answered, so that none may read.
		c.Writer.Header().Del("Access-Control-Allow-Origin")
		c.Writer.Header().Set("Cache-Control", cacheNever)
		c.Status(http.StatusOK) // where nothing else is said
		answer().ServeHTTP(c.Writer, c.Request)
	}
}
