// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// The values of Cache-Control. An answer may be reused for a minute: a crawl
// takes longer than that to bring anything new. What is named by its hash never
// changes (RFC 8246).
const (
	cacheMinute  = "public, max-age=60"
	cacheForever = "public, max-age=31536000, immutable"
	cacheNever   = "no-store"
)

const (
	typeJSON    = "application/json"
	typeProblem = "application/problem+json"
	typeText    = "text/plain; charset=utf-8"
	typeHTML    = "text/html; charset=utf-8"
	typeSPDX    = "application/spdx+json"
	typeYAML    = "application/yaml"
	typeCSV     = "text/csv; charset=utf-8"
)

// answer is a complete response, made before its first byte is sent.
type answer struct {
	status      int // 200 where 0
	contentType string
	body        []byte
	etag        string // strong entity tag with its quotes; "" for none
	cache       string // Cache-Control
	vary        string
	policy      string            // Content-Security-Policy of a page; "" for that of all answers
	header      map[string]string // what else there is
}

// jsonAnswer encodes v and tags it with the hash of its bytes.
func jsonAnswer(v any) (*answer, error) {
	body, err := encode(v)
	if err != nil {
		return nil, err
	}
	return &answer{contentType: typeJSON, body: body, etag: entityTag(body), cache: cacheMinute}, nil
}

// encode writes JSON as it is read by people too: <, > and & as themselves,
// which nosniff and the content type make safe.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return b.Bytes(), nil
}

// entityTag is the strong validator of a body (RFC 9110, section 8.8.3).
func entityTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func (ans *answer) write(c *gin.Context) {
	h := c.Writer.Header()
	if ans.cache != "" {
		h.Set("Cache-Control", ans.cache)
	}
	if ans.vary != "" {
		h.Set("Vary", ans.vary)
	}
	if ans.policy != "" {
		h.Set("Content-Security-Policy", ans.policy) // a 304 too: it updates what is kept (RFC 9111, section 3.2)
	}
	if ans.etag != "" {
		h.Set("ETag", ans.etag)
		if matches(c.Request.Header.Values("If-None-Match"), ans.etag) {
			c.Writer.WriteHeader(http.StatusNotModified)
			c.Writer.WriteHeaderNow()
			return
		}
	}
	for k, v := range ans.header {
		h.Set(k, v)
	}
	if ans.contentType != "" {
		h.Set("Content-Type", ans.contentType)
	}
	h.Set("Content-Length", strconv.Itoa(len(ans.body)))
	status := ans.status
	if status == 0 {
		status = http.StatusOK
	}
	c.Writer.WriteHeader(status)
	c.Writer.WriteHeaderNow()
	if c.Request.Method != http.MethodHead {
		// An error here means that the client has gone: there is nobody to tell.
		_, _ = c.Writer.Write(ans.body)
	}
}

// matches evaluates If-None-Match (RFC 9110, section 13.1.2) against the
// current entity tag: weak comparison, and * for any. A field that breaks the
// grammar matches as far as it could be read.
func matches(fields []string, etag string) bool {
	for _, f := range fields {
		for f = strings.TrimLeft(f, " \t,"); f != ""; f = strings.TrimLeft(f, " \t,") {
			if f[0] == '*' {
				return true
			}
			tag := strings.TrimPrefix(f, "W/")
			if tag[:min(1, len(tag))] != `"` {
				break
			}
			end := strings.IndexByte(tag[1:], '"')
			if end < 0 {
				break
			}
			if tag[:end+2] == etag {
				return true
			}
			f = tag[end+2:]
		}
	}
	return false
}
