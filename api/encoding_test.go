// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func TestAccepted(t *testing.T) {
	for _, test := range []struct {
		fields   string // separated by |; "-" for no header
		coding   string
		encoding bool // identity is refused
	}{
		{"-", "", false},
		{"", "", false},
		{"gzip", "gzip", false},
		{"x-gzip", "gzip", false},
		{"GZip", "gzip", false},
		{"zstd", "zstd", false},
		{"gzip, deflate, br, zstd", "zstd", false},
		{"gzip|zstd", "zstd", false},
		{"zstd;q=0.5, gzip;q=0.6", "gzip", false},
		{"zstd ; q=0.500 ,\tgzip; Q=0.4", "zstd", false},
		{"zstd;q=0, gzip", "gzip", false},
		{"zstd;q=0, gzip;q=0.000", "", false},
		{"br, deflate", "", false},
		{"*", "zstd", false},
		{"*;q=0.1", "zstd", false},
		{"zstd;q=0, *", "gzip", false},
		{"gzip;q=0.1, *;q=0.2", "zstd", false},
		{"identity, gzip;q=0.9", "", false},
		{"identity;q=0.9, gzip", "gzip", false},
		{"identity, gzip", "gzip", false},
		{"identity;q=0", "", false}, // there is nothing else: it is sent as it is
		{"identity;q=0, gzip;q=0.1", "gzip", true},
		{"*;q=0, gzip", "gzip", true},
		{"*;q=0, identity, gzip;q=0.5", "", false},
		{"*;q=0", "", false},
		{"identity;q=0, *;q=0.5", "zstd", true},
		{"gzip;q=2, zstd;q=0.2", "zstd", false},
		{"gzip;q=, zstd;q=0.1234", "", false},
		{"gzip;level=9", "", false},
		{"gzip;q=-1|gzip;q=1e0|gzip;q=0x1|gzip;q=.5|gzip;q=1.1", "", false},
		{",,;, gzip ,", "gzip", false},
	} {
		var fields []string
		if test.fields != "-" {
			fields = strings.Split(test.fields, "|")
		}
		if got, want := accepted(fields), (acceptable{test.coding, test.encoding}); got != want {
			t.Errorf("%q: %+v, want %+v", test.fields, got, want)
		}
	}
}

func FuzzAccepted(f *testing.F) {
	for _, seed := range []string{"gzip;q=0.5, zstd", "*;q=0", "identity;q=0, x-gzip", "q=1", ";;,,\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		got := accepted([]string{field})
		if got.coding != "" && !slices.Contains(codings, got.coding) || got.encoding && got.coding == "" {
			t.Errorf("%+v", got)
		}
		if lower := strings.ToLower(field); got.coding != "" && !strings.Contains(lower, got.coding) && !strings.Contains(lower, "*") {
			t.Errorf("%q was not named", got.coding)
		}
	})
}

// uncoded is a body without its content coding.
func uncoded(t testing.TB, w *httptest.ResponseRecorder) []byte {
	t.Helper()
	var r io.Reader = w.Body
	switch coding := w.Header().Get("Content-Encoding"); coding {
	case "":
	case codingGzip:
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case codingZstd:
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(8<<20)) // as browsers do
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	default:
		t.Fatalf("Content-Encoding %q", coding)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// request makes one with headers given as name and value by turns.
func request(t testing.TB, method, target string, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// cached and uncached are handlers of the same catalogue.
func cachedAndNot(t testing.TB, c Catalogue) map[string]http.Handler {
	t.Helper()
	return map[string]http.Handler{
		"cached":   handlerOf(t, c, Options{CacheBytes: 1 << 20}),
		"uncached": handlerOf(t, c, Options{}),
	}
}

// TestEncodedAnswers asks in every coding, twice, by GET and HEAD, and holds the
// answers against that without one.
func TestEncodedAnswers(t *testing.T) {
	for name, h := range cachedAndNot(t, newShelf()) {
		for _, target := range []string{"/v1/software", "/v1/software/" + fullID, "/v1/openapi.json", "/v1/openapi.yaml", "/v1/licences/policies", "/v1/statistics.csv"} {
			plain := serve(h, request(t, http.MethodGet, target))
			whole := bytes.Clone(plain.Body.Bytes())
			tags := map[string]bool{plain.Header().Get("ETag"): true}
			for _, coding := range []string{codingGzip, codingZstd, codingGzip} {
				head := serve(h, request(t, http.MethodHead, target, "Accept-Encoding", coding))
				w := serve(h, request(t, http.MethodGet, target, "Accept-Encoding", coding))
				tag, sent := w.Header().Get("ETag"), w.Body.Len()
				tags[tag] = true
				want := coding
				if len(whole) < small {
					want = ""
				}
				if got := w.Header().Get("Content-Encoding"); w.Code != http.StatusOK || got != want {
					t.Errorf("%s %s: status %d in %q, want %q", name, target, w.Code, got, want)
				}
				if n := w.Header().Get("Content-Length"); n != strconv.Itoa(sent) || want != "" && sent >= len(whole) {
					t.Errorf("%s %s in %s: Content-Length %s of %d bytes, %d without", name, target, coding, n, sent, len(whole))
				}
				if !bytes.Equal(uncoded(t, w), whole) {
					t.Errorf("%s %s in %s: another body", name, target, coding)
				}
				if tag != tagIn(plain.Header().Get("ETag"), want) {
					t.Errorf("%s %s in %s: ETag %s, without %s", name, target, coding, tag, plain.Header().Get("ETag"))
				}
				w.Header().Del(headerRequestID)
				head.Header().Del(headerRequestID)
				if head.Body.Len() > 0 || !reflect.DeepEqual(head.Header(), w.Header()) {
					t.Errorf("%s HEAD %s in %s: %d bytes and\n%v, GET has\n%v", name, target, coding, head.Body.Len(), head.Header(), w.Header())
				}
			}
			if want := 3; len(whole) >= small && len(tags) != want {
				t.Errorf("%s %s: entity tags %v of three codings", name, target, tags)
			}
			if vary := plain.Header().Get("Vary"); !strings.HasSuffix(vary, "Accept-Encoding") {
				t.Errorf("%s %s: Vary %q", name, target, vary)
			}
		}
	}
}

// TestEncodedOrNot names what is sent as it is, whatever is accepted.
func TestEncodedOrNot(t *testing.T) {
	for name, h := range cachedAndNot(t, newShelf()) {
		for _, test := range []struct{ target, accept, want string }{
			{"/v1/regions", "gzip", ""},                           // small
			{"/v1/regions", "gzip, identity;q=0", codingGzip},     // and yet
			{"/v1/regions", "identity;q=0, *;q=0", ""},            // nothing is acceptable
			{"/v1/software", "br", ""},                            // not spoken
			{"/v1/software", "identity;q=0, br", ""},              // RFC 9110 lets us answer
			{"/v1/publiccode/" + fullID, "gzip, *", ""},           // a stranger's bytes, as they are
			{"/livez", "gzip, identity;q=0", ""},                  // not for keeping
			{"/v1/software?surprise=1", "zstd, identity;q=0", ""}, // a problem
		} {
			w := serve(h, request(t, http.MethodGet, test.target, "Accept-Encoding", test.accept, "Range", "bytes=0-9"))
			if got := w.Header().Get("Content-Encoding"); got != test.want || w.Code == http.StatusPartialContent {
				t.Errorf("%s %s with %q: status %d in %q, want %q", name, test.target, test.accept, w.Code, got, test.want)
			}
			if w.Header().Get("Accept-Ranges") != "" {
				t.Errorf("%s %s offers ranges", name, test.target)
			}
		}
	}
}

func FuzzCompress(f *testing.F) {
	f.Add([]byte("{}"), true)
	f.Add(bytes.Repeat([]byte("Fachverfahren "), 500), false)
	f.Fuzz(func(t *testing.T, body []byte, thorough bool) {
		for _, coding := range codings {
			w := httptest.NewRecorder()
			w.Header().Set("Content-Encoding", coding)
			w.Body.Write(compress(body, coding, thorough))
			if !bytes.Equal(uncoded(t, w), body) {
				t.Errorf("%s changed the body", coding)
			}
		}
	})
}
