// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
)

// observe writes the access log and turns a panic into a problem.
func (a *api) observe(c *gin.Context) {
	start := time.Now()
	defer func() {
		if r := recover(); r != nil {
			if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(r)
			}
			c.Abort()
			a.log.ErrorContext(c.Request.Context(), "panic", "value", fmt.Sprint(r), "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				a.refuse(c, errInternal)
			}
		}
		a.log.InfoContext(c.Request.Context(), "request",
			"method", c.Request.Method, "path", logPath(c.Request.URL), "status", c.Writer.Status(),
			"bytes", max(c.Writer.Size(), 0), "duration", time.Since(start))
	}()
	c.Next()
}

// contentSecurityPolicy is that of answers for programs: nothing in them is run.
const contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'"

// protect sets the headers that all answers have. Anybody's page may use the
// API: it never looks at credentials, and no request changes an entry.
func (a *api) protect(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("API-Version", a.document.version)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "API-Version, Allow, Content-Disposition, ETag, Link, Location, Retry-After")
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	c.Next()
}

// preflight answers OPTIONS, a CORS preflight among them, at an address with
// these methods.
func preflight(methods string) gin.HandlerFunc {
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Allow", methods)
		h.Set("Access-Control-Allow-Methods", methods)
		h.Set("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match")
		h.Set("Access-Control-Max-Age", "86400")
		h.Set("Cache-Control", cacheNever)
		c.Writer.WriteHeader(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
	}
}

// logPath is the path in its escaped form, cut to what a log line bears.
func logPath(u *url.URL) string {
	path := u.EscapedPath()
	if len(path) > 256 {
		path = path[:256] + "..."
	}
	return path
}
