// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
)

// headerRequestID names a request in the answer and in the log, so that who asks
// about one can be told what happened.
const headerRequestID = "X-Request-Id"

// requestIDs are those that a trusted proxy may give.
var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// observe names the request, writes the access log, and turns a panic into a
// problem. The log has no address, no query, no header and of the path only its
// route. Whoever handed over the request finds the route in its Pattern.
func (a *api) observe(c *gin.Context) {
	start := time.Now()
	route := c.FullPath()
	c.Request.Pattern = route
	id := a.requestID(c.Request)
	c.Writer.Header()[headerRequestID] = []string{id}
	defer func() {
		if r := recover(); r != nil {
			if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(r)
			}
			c.Abort()
			a.log.ErrorContext(c.Request.Context(), "panic", "request", id, "value", fmt.Sprint(r), "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				a.refuse(c, errInternal)
			}
		}
		a.log.InfoContext(c.Request.Context(), "request", "request", id,
			"method", method(c.Request.Method), "route", route, "status", c.Writer.Status(),
			"bytes", max(c.Writer.Size(), 0), "duration", time.Since(start))
	}()
	c.Next()
}

// requestID is what a trusted proxy calls the request, or a name of our own.
func (a *api) requestID(r *http.Request) string {
	if given := r.Header.Get(headerRequestID); given != "" && a.limits.trusts(r) && requestIDs.MatchString(given) {
		return given
	}
	return rand.Text()
}

// method is one of HTTP's own, or "other": a client can make up any.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// logPath is the path in its escaped form, cut to what a log line bears.
func logPath(u *url.URL) string {
	path := u.EscapedPath()
	if len(path) > 256 {
		path = path[:256] + "..."
	}
	return path
}
