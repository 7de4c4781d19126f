// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/crawler/forgetest"
)

// spoiler is what goes wrong with the answers of a stand-in that are JSON, or with
// all where it has a status. What is nil stays as it is.
type spoiler struct {
	asked  func(r *http.Request)                  // before the stand-in sees the request
	json   func(v any) any                        // what is in the answer
	header func(h http.Header)                    // what stands above it
	body   func() (mediaType string, body []byte) // in place of the answer
	status int                                    // of that; 0 is 200
}

// spoilers are those of the worlds that have one: NewServer looks them up with
// each request.
var spoilers sync.Map // of spoiler, by *forgetest.World

// spoilt serves what a world's spoiler leaves of the answers of its stand-in.
func spoilt(w *forgetest.World, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		found, ok := spoilers.Load(w)
		if !ok {
			next.ServeHTTP(rw, r)
			return
		}
		s := found.(spoiler)
		if s.asked != nil {
			s.asked(r)
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		header := answer.Header()
		header.Del("Content-Length")
		var v any
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		isJSON := strings.HasPrefix(header.Get("Content-Type"), "application/json") && dec.Decode(&v) == nil
		if isJSON && s.json != nil {
			body, _ = json.Marshal(s.json(v)) // it was JSON
		}
		spoils := isJSON || s.status != 0
		if spoils && s.header != nil {
			s.header(header)
		}
		if spoils && s.body != nil {
			media, text := s.body()
			header.Set("Content-Type", media)
			body, answer.Code = text, cmp.Or(s.status, http.StatusOK)
		}
		for name, values := range header {
			rw.Header()[name] = values
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(body) // the client went away
	})
}

// each changes every value inside a JSON value, the inner ones first.
func each(v any, key string, change func(v any, key string) any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = each(v[k], k, change)
		}
	case []any:
		for i := range v {
			v[i] = each(v[i], key, change)
		}
	}
	return change(v, key)
}

// nulls puts null behind the first object of every list.
func nulls(v any) any {
	return each(v, "", func(v any, _ string) any {
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			return v
		}
		if _, object := list[0].(map[string]any); !object {
			return v
		}
		return append([]any{list[0], nil}, list[1:]...)
	})
}
