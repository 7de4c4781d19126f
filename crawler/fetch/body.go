// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// defaultLimit bounds a body where the context does not.
const defaultLimit = 16 << 20

// A body of more than largeBody bytes is read while at most so many others are:
// many at once, such as small ones that unpack to much, would not fit the
// memory.
const (
	largeBody   = 1 << 20
	largeAtOnce = 3
)

// exchangeTimeout bounds one request with its whole answer.
const exchangeTimeout = 90 * time.Second

type limitKey struct{}

// WithLimit bounds the body of responses to requests under the context, in
// bytes after decompression. A larger body is an error that is
// registry.ErrTooLarge. Without it 16 MiB are allowed.
func WithLimit(ctx context.Context, n int64) context.Context {
	return context.WithValue(ctx, limitKey{}, n)
}

// errDamaged is an answer that arrived but cannot be what the server meant.
var errDamaged = errors.New("damaged answer")

// bodies reads every answer whole before it is handed on, so that a reset, a
// truncated or an endless body, a page of HTML in place of data and broken
// JSON are errors of the request, where they can be repeated.
type bodies struct {
	next  http.RoundTripper
	large chan struct{} // has one for each large body that is being read
}

func (t *bodies) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), exchangeTimeout,
		fmt.Errorf("no complete answer within %s", exchangeTimeout))
	defer cancel()
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil && req.Context().Err() == nil {
			return nil, cause
		}
		return nil, err
	}
	defer resp.Body.Close()
	limit := int64(defaultLimit)
	if n, ok := req.Context().Value(limitKey{}).(int64); ok {
		limit = n
	}
	if resp.StatusCode >= 300 {
		// Nobody needs more of an error's explanation, and it must not turn
		// the status into another error.
		limit = min(limit, 64<<10)
	} else if resp.ContentLength > limit {
		return nil, tooLarge(req, limit)
	}
	body, err := t.read(ctx, resp.Body, limit+1)
	switch {
	case err != nil && req.Context().Err() != nil:
		return nil, req.Context().Err()
	case err != nil:
		return nil, fmt.Errorf("%w: the body broke off: %w", errDamaged, err)
	case int64(len(body)) > limit && resp.StatusCode < 300:
		return nil, tooLarge(req, limit)
	}
	body = body[:min(int64(len(body)), limit)]
	if resp.StatusCode == http.StatusOK && !attached(resp.Header) {
		if err := plausible(resp.Header.Get("Content-Type"), body); err != nil {
			return nil, err
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	resp.Request = req
	return resp, nil
}

// read reads to the end, at most limit bytes.
func (t *bodies) read(ctx context.Context, r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, min(limit, largeBody)))
	if err != nil || int64(len(body)) < largeBody || limit <= largeBody {
		return body, err
	}
	select {
	case t.large <- struct{}{}:
		defer func() { <-t.large }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	return io.ReadAll(io.MultiReader(bytes.NewReader(body), io.LimitReader(r, limit-largeBody)))
}

func tooLarge(req *http.Request, limit int64) error {
	return &permanentError{fmt.Errorf("%w: %s is over %d bytes", registry.ErrTooLarge, req.URL.Redacted(), limit)}
}

// attached reports whether an answer is a file as it lies in a repository, which
// may well be HTML or broken JSON. No page for people says so.
func attached(h http.Header) bool {
	disposition, _, _ := strings.Cut(h.Get("Content-Disposition"), ";")
	return strings.EqualFold(strings.TrimSpace(disposition), "attachment")
}

// plausible holds an answer against its type. Forges serve raw files as plain
// text and everything else as JSON: a page of HTML is a proxy or a sign-in
// form speaking.
func plausible(contentType string, body []byte) error {
	media, _, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "text/html":
		return fmt.Errorf("%w: a page of HTML in place of data", errDamaged)
	case (media == "application/json" || strings.HasSuffix(media, "+json")) && !json.Valid(body):
		return fmt.Errorf("%w: invalid JSON", errDamaged)
	}
	return nil
}
