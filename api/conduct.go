// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// contentSecurityPolicy is that of answers for programs: nothing in them is run.
const contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'"

// headersOfAll are the headers that all answers have, by their canonical names.
// Anybody's page may use the API: without a token in the request there is nothing
// in an answer that is not for all, and browsers add no token by themselves. Pages
// elsewhere may show its badges, none may frame it.
func headersOfAll(version, base string) http.Header {
	h := http.Header{}
	for name, value := range map[string]string{
		"API-Version":                   version,
		"Access-Control-Allow-Origin":   "*",
		"Access-Control-Expose-Headers": "API-Version, Allow, Content-Disposition, ETag, Last-Modified, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id",
		"Content-Security-Policy":       contentSecurityPolicy,
		"Cross-Origin-Opener-Policy":    "same-origin",
		"Cross-Origin-Resource-Policy":  "cross-origin",
		"Permissions-Policy":            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
		"Referrer-Policy":               "no-referrer",
		"X-Content-Type-Options":        "nosniff",
		"X-Frame-Options":               "DENY",
	} {
		h.Set(name, value)
	}
	if strings.HasPrefix(base, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

// protect sets the headers that all answers have. The values are shared: they have
// no room behind them, so that who adds one copies them.
func (a *api) protect(c *gin.Context) {
	h := c.Writer.Header()
	for name, value := range a.headers {
		h[name] = value
	}
	c.Next()
}

// preflight answers OPTIONS, a CORS preflight among them, at an address with
// these methods.
func preflight(methods string) gin.HandlerFunc {
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Allow", methods)
		h.Set("Access-Control-Allow-Methods", methods)
		h.Set("Access-Control-Allow-Headers", "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, X-Request-Id")
		h.Set("Access-Control-Max-Age", "86400")
		h.Set("Cache-Control", cacheNever)
		c.Writer.WriteHeader(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
	}
}

// admit lets a request in, for as long as it may take, until what it returns is
// called; or says by its error why not. Health is for supervisors, who ask often and must not
// be turned away.
func (a *api) admit(c *gin.Context, r route) (func(), error) {
	if r.health {
		return func() {}, nil
	}
	if err := a.limits.take(c, r); err != nil {
		return nil, err
	}
	if r.lasting { // it has bounds of its own
		return func() {}, nil
	}
	leave, ok := a.limits.places.take()
	if !ok {
		return nil, errBusy
	}
	if a.limits.timeout == 0 {
		return leave, nil
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.limits.timeout)
	c.Request = c.Request.WithContext(ctx)
	return func() { cancel(); leave() }, nil
}
