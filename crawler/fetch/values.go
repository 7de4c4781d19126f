// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/allmende-registry/allmende/registry"
)

type valuesKey struct{}

// WithValues bounds how many values the JSON of answers to requests under the
// context may have: two bytes of text can take a thousand once they are
// decoded. More are an error that is registry.ErrTooLarge. Without it any
// number is allowed.
func WithValues(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, valuesKey{}, n)
}

// values refuses answers that have too many.
type values struct{ next http.RoundTripper }

func (t *values) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	most, bounded := req.Context().Value(valuesKey{}).(int)
	if err == nil && bounded && resp.StatusCode == http.StatusOK && exceeds(peek(resp), most) {
		return nil, &permanentError{fmt.Errorf("%w: %s has over %d values", registry.ErrTooLarge, req.URL.Redacted(), most)}
	}
	return resp, err
}

// exceeds reports whether a JSON text has more values than so many, its
// containers aside.
func exceeds(text []byte, most int) bool {
	if bytes.Count(text, []byte(",")) < most {
		return false
	}
	count, quoted, escaped := 1, false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			count++
		}
	}
	return count > most
}
