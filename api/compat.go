// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/registry"
)

// cacheBriefly is the Cache-Control of the compatible API: that of the original.
const cacheBriefly = "public, max-age=10"

// compatRoutes are the operations of package compat. Its own form of errors and its
// passing over unknown parameters are part of what its clients rely on.
func (a *api) compatRoutes() []route {
	var routes []route
	for _, o := range compat.Operations() {
		r := route{
			method: o.Method, path: compat.Path + strings.ReplaceAll(o.Path, "{id}", ":id"), query: o.Query,
			lenient: true, handle: a.compatible(o),
		}
		if r.method == http.MethodGet {
			r.method = ""
		}
		if r.keep = o.OfRevision; !r.keep {
			r.places = a.large
		}
		routes = append(routes, r)
	}
	return routes
}

// compatible is the handler of an operation.
func (a *api) compatible(o compat.Operation) handler {
	return func(c *gin.Context) (*answer, error) {
		if a.compat == nil {
			return nil, errNoResource
		}
		var by compat.Caller
		if o.Writes() {
			cl, err := a.caller(c)
			if err == nil {
				err = cl.has(registry.ScopeDevelopersItalia)
			}
			if err != nil {
				return nil, err
			}
			by = compat.Caller{Actor: cl.actor, Need: func(region string) error {
				var p *problem
				if err := cl.need(registry.ScopeDevelopersItalia, region); !errors.As(err, &p) {
					return err
				}
				return compatProblem(p)
			}}
		}
		from := a.compat.Serve(o, c.Request, c.Param("id"), by)
		if errors.Is(from.Err, context.Canceled) || errors.Is(from.Err, context.DeadlineExceeded) {
			return nil, from.Err
		}
		return a.compatAnswer(c, o, from), nil
	}
}

// inCompat reports whether a path is one of the compatible API, also where there is
// nothing.
func inCompat(path string) bool { return strings.HasPrefix(path, compat.Path+"/") }

// compatProblem is a problem of ours in the other form.
func compatProblem(p *problem) *compat.Problem {
	told := &compat.Problem{Title: http.StatusText(p.Status), Detail: p.Detail, Status: p.Status}
	switch p.Status {
	case http.StatusUnauthorized:
		told.Title, told.Detail = "token authentication failed", ""
	case http.StatusForbidden:
		told.Title = "token authentication failed"
	}
	return told
}

func (a *api) compatAnswer(c *gin.Context, o compat.Operation, from compat.Answer) *answer {
	ans := &answer{status: from.Status, contentType: from.Type, body: from.Body, cache: cachePrivate}
	switch {
	case from.Status >= http.StatusInternalServerError:
		a.log.ErrorContext(c.Request.Context(), "request failed", "method", c.Request.Method, "route", c.FullPath(), "error", from.Err)
		ans.cache = cacheNever
	case from.Status >= http.StatusBadRequest:
		ans.cache = cacheNever
	case from.Status == http.StatusOK && !o.Writes():
		ans.status, ans.cache, ans.etag = 0, cacheBriefly, entityTag(from.Body)
	}
	if from.Status == http.StatusServiceUnavailable {
		ans.header = map[string]string{"Retry-After": "5"}
	}
	return ans
}
