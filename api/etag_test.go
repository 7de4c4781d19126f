// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"strings"
	"testing"
)

func TestKnown(t *testing.T) {
	const tag, zipped = `"abc"`, `"abc-gzip"`
	for _, test := range []struct {
		fields string // separated by |
		etag   string
		want   string // "" for none
	}{
		{``, tag, ``},
		{`"abc"`, tag, tag},
		{`W/"abc"`, tag, tag},
		{`w/"abc"`, tag, ``},
		{`"x", W/"y" ,	"abc"`, tag, tag},
		{`"x"|"abc"`, tag, tag},
		{`"x"`, tag, ``},
		{`"ABC"`, tag, ``},
		{`*`, tag, tag},
		{`*`, zipped, zipped},
		{`"x", *`, tag, tag},
		{`"abc-gzip"`, tag, zipped}, // what the client has is current
		{`W/"abc-zstd"`, zipped, `"abc-zstd"`},
		{`"abc"`, zipped, tag},
		{`"x", "abc-gzip", "abc"`, tag, zipped},
		{`"abc-br"`, tag, ``},
		{`"-gzip"`, tag, ``},
		{`"a,b", "abc"`, tag, tag},
		{`abc`, tag, ``},
		{`"abc`, tag, ``},
		{`"x" junk "abc"`, tag, ``},
		{`,,, "abc"`, tag, tag},
		{`W/`, tag, ``},
	} {
		got, ok := known(strings.Split(test.fields, "|"), test.etag)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%s against %s: %s, %t, want %s", test.fields, test.etag, got, ok, test.want)
		}
	}
}

func FuzzKnown(f *testing.F) {
	for _, seed := range []string{`"abc"`, `W/"abc", *`, `"`, `"x""abc"`, `"abc-gzip"`, ", ,\t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		tag, ok := known([]string{field}, `"abc"`)
		if ok && tagOf(tag) != `"abc"` || !ok && tag != "" {
			t.Errorf("%q, %t", tag, ok)
		}
		if ok && !strings.Contains(field, tag) && !strings.Contains(field, "*") {
			t.Errorf("%s was not named", tag)
		}
	})
}

// TestConditionalInEachCoding asks for what the client has, in each coding, under the
// tag of each.
func TestConditionalInEachCoding(t *testing.T) {
	for name, h := range cachedAndNot(t, newShelf()) {
		for _, target := range []string{"/v1/software", "/v1/software/" + fullID, "/v1/licences/policies"} {
			tags := map[string]string{}
			for _, coding := range []string{"identity", codingGzip, codingZstd} {
				tags[coding] = serve(h, request(t, http.MethodGet, target, "Accept-Encoding", coding)).Header().Get("ETag")
			}
			for accept, own := range tags {
				for _, test := range []struct {
					match string
					want  string // the ETag of a 304; "" for the whole answer
				}{
					{own, own},
					{"W/" + own, own},
					{`"other", ` + own + `, "third"`, own},
					{"*", own},
					{tags["identity"], tags["identity"]},
					{tags[codingGzip], tags[codingGzip]},
					{"W/" + tags[codingZstd], tags[codingZstd]},
					{`"other"`, ""},
					{`"` + strings.Trim(own, `"`) + `-br"`, ""},
					{strings.Trim(own, `"`), ""},
				} {
					for _, method := range []string{http.MethodGet, http.MethodHead} {
						w := serve(h, request(t, method, target, "Accept-Encoding", accept, "If-None-Match", test.match))
						status, tag := http.StatusNotModified, test.want
						if test.want == "" {
							status, tag = http.StatusOK, own
						}
						if w.Code != status || w.Header().Get("ETag") != tag {
							t.Errorf("%s %s %s in %s with %s: status %d, ETag %s, want %d, %s", name, method, target, accept, test.match, w.Code, w.Header().Get("ETag"), status, tag)
						}
						if w.Code == http.StatusNotModified && (w.Body.Len() > 0 || w.Header().Get("Content-Encoding") != "" || w.Header().Get("Content-Length") != "" ||
							w.Header().Get("Vary") == "" || w.Header().Get("Cache-Control") != cacheMinute) {
							t.Errorf("%s %s: a 304 with %d bytes and %v", name, target, w.Body.Len(), w.Header())
						}
					}
				}
			}
		}
	}
}
