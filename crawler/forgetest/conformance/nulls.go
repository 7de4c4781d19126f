// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/allmende-registry/allmende/crawler/forgetest"
)

// withNulls puts null into the lists that a stand-in answers with, where its
// world says so.
func withNulls(w *forgetest.World, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !w.Nulls {
			next.ServeHTTP(rw, r)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		var v any
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		if strings.HasPrefix(answer.Header().Get("Content-Type"), "application/json") && dec.Decode(&v) == nil {
			body, _ = json.Marshal(nulls(v)) // it was JSON
			answer.Header().Del("Content-Length")
		}
		for name, values := range answer.Header() {
			rw.Header()[name] = values
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(body) // the client went away
	})
}

// nulls puts null behind the first object of every list.
func nulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = nulls(v[key])
		}
	case []any:
		var out []any
		for i, e := range v {
			out = append(out, nulls(e))
			if _, object := e.(map[string]any); object && i == 0 {
				out = append(out, nil)
			}
		}
		if out != nil {
			return out
		}
	}
	return v
}
