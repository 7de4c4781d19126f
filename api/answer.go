// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
)

// The values of Cache-Control. An answer may be reused for a minute: a crawl
// takes longer than that to bring anything new. What is named by its hash never
// changes (RFC 8246).
const (
	cacheMinute  = "public, max-age=60"
	cacheForever = "public, max-age=31536000, immutable"
	cacheNever   = "no-store"
	cachePrivate = "private, no-store" // what differs by who asks
)

const (
	typeJSON    = "application/json"
	typeProblem = "application/problem+json"
	typeText    = "text/plain; charset=utf-8"
	typeHTML    = "text/html; charset=utf-8"
	typeSPDX    = "application/spdx+json"
	typeYAML    = "application/yaml"
	typeCSV     = "text/csv; charset=utf-8"
	typeEvents  = "text/event-stream"
)

// answer is a complete response, made before its first byte is sent.
type answer struct {
	status      int // 200 where 0
	contentType string
	body        []byte
	coding      string // Content-Encoding of the body; "" for none
	etag        string // strong entity tag with its quotes; "" for none
	cache       string // Cache-Control
	vary        string
	policy      string            // Content-Security-Policy of a page; "" for that of all answers
	header      map[string]string // what else there is
	// stream writes the body in place of body, when the head has been written.
	stream func(*gin.Context)
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

// write sends the answer in the coding that the client likes best, unless the client
// has it already.
func (ans *answer) write(c *gin.Context) {
	h := c.Writer.Header()
	coding, vary := ans.coding, ans.vary
	if ans.encodable() {
		if coding == "" {
			coding = ans.codingFor(accepted(c.Request.Header["Accept-Encoding"]))
		}
		if vary != "" {
			vary += ", "
		}
		vary += "Accept-Encoding"
	}
	if ans.cache != "" {
		h.Set("Cache-Control", ans.cache)
	}
	if vary != "" {
		h.Set("Vary", vary)
	}
	if ans.policy != "" {
		h.Set("Content-Security-Policy", ans.policy) // a 304 too: it updates what is kept (RFC 9111, section 3.2)
	}
	if ans.etag != "" {
		etag := tagIn(tagOf(ans.etag), coding)
		if tag, ok := known(c.Request.Header["If-None-Match"], etag); ok {
			h.Set("ETag", tag)
			c.Writer.WriteHeader(http.StatusNotModified)
			c.Writer.WriteHeaderNow()
			return
		}
		h.Set("ETag", etag)
	}
	ans = ans.in(coding, false)
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	for k, v := range ans.header {
		h.Set(k, v)
	}
	if ans.contentType != "" {
		h.Set("Content-Type", ans.contentType)
	}
	if ans.stream == nil {
		h.Set("Content-Length", strconv.Itoa(len(ans.body)))
	}
	status := ans.status
	if status == 0 {
		status = http.StatusOK
	}
	c.Writer.WriteHeader(status)
	c.Writer.WriteHeaderNow()
	switch {
	case c.Request.Method == http.MethodHead:
	case ans.stream != nil:
		ans.stream(c)
	default:
		// An error here means that the client has gone: there is nobody to tell.
		_, _ = c.Writer.Write(ans.body)
	}
}
