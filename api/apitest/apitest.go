// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package apitest makes requests out of an OpenAPI document, good ones and bad ones,
// and says of answers whether they keep what holds for all of them. It is for tests.
package apitest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Mark is in every value that is made up. No page of HTML and no header may have it
// as it stands.
const Mark = `<mark"'&>`

// Generator makes requests. The same document, seed and samples make the same ones.
type Generator struct {
	rnd        *rand.Rand
	tree       map[string]any
	operations []operation
	// Samples are values that parameters have beside their examples, by the name of
	// the parameter: such as ids of entries that there are. A parameter of a path has
	// them by the name and the operation too ("getDossier.hash").
	Samples map[string][]string
	// Tokens are bearer tokens.
	Tokens []string
}

// operation is one of the document.
type operation struct {
	id, method, path string
	parameters       []parameter
	bodies           map[string][]string // examples by media type; nil where there is no body
}

type parameter struct {
	name, in string
	schema   map[string]any
	examples []string
}

// New reads an OpenAPI document in JSON.
func New(document []byte, seed uint64) (*Generator, error) {
	g := &Generator{rnd: rand.New(rand.NewPCG(seed, seed))}
	if err := json.Unmarshal(document, &g.tree); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	root := server(g.tree)
	paths := mapping(g.tree["paths"])
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := mapping(paths[path])
		under := root
		if item["servers"] != nil {
			under = server(item)
		}
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			o := mapping(item[method])
			if o == nil {
				continue
			}
			id, _ := o["operationId"].(string)
			g.operations = append(g.operations, operation{
				id: id, method: strings.ToUpper(method), path: under + path,
				parameters: append(g.parameters(item), g.parameters(o)...), bodies: g.bodies(o),
			})
		}
	}
	if len(g.operations) == 0 {
		return nil, fmt.Errorf("the OpenAPI document has no operation")
	}
	return g, nil
}

// Operations are the ids of all operations.
func (g *Generator) Operations() []string {
	ids := make([]string, len(g.operations))
	for i, o := range g.operations {
		ids[i] = o.id
	}
	return ids
}

func server(of map[string]any) string {
	servers, _ := of["servers"].([]any)
	if len(servers) == 0 {
		return ""
	}
	address, _ := mapping(servers[0])["url"].(string)
	return strings.TrimSuffix(address, "/")
}

func mapping(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// follow is what a reference leads to, and else v itself.
func (g *Generator) follow(v any) map[string]any {
	m := mapping(v)
	for range 10 {
		ref, ok := m["$ref"].(string)
		if !ok {
			break
		}
		m = g.tree
		for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			m = mapping(m[name])
		}
	}
	return m
}

func (g *Generator) parameters(of map[string]any) []parameter {
	given, _ := of["parameters"].([]any)
	var all []parameter
	for _, v := range given {
		p := g.follow(v)
		made := parameter{schema: g.follow(p["schema"])}
		made.name, _ = p["name"].(string)
		made.in, _ = p["in"].(string)
		if list, ok := p["example"].([]any); ok {
			for _, e := range list {
				made.examples = append(made.examples, fmt.Sprint(e))
			}
		} else if p["example"] != nil {
			made.examples = append(made.examples, fmt.Sprint(p["example"]))
		}
		all = append(all, made)
	}
	return all
}

func (g *Generator) bodies(o map[string]any) map[string][]string {
	content := mapping(g.follow(o["requestBody"])["content"])
	if content == nil {
		return nil
	}
	bodies := map[string][]string{}
	for mediaType, v := range content {
		c := mapping(v)
		bodies[mediaType] = nil
		for _, example := range append([]any{c["example"]}, examplesOf(g.follow(c["schema"]))...) {
			switch example := example.(type) {
			case nil:
			case string:
				bodies[mediaType] = append(bodies[mediaType], example)
			default:
				if text, err := json.Marshal(example); err == nil {
					bodies[mediaType] = append(bodies[mediaType], string(text))
				}
			}
		}
	}
	return bodies
}

func examplesOf(schema map[string]any) []any {
	examples, _ := schema["examples"].([]any)
	return examples
}

// Next makes a request to a base address without a slash at its end, and names the
// operation that it was made for.
func (g *Generator) Next(base string) (r *http.Request, operationID string) {
	o := g.operations[g.rnd.IntN(len(g.operations))]
	method := o.method
	switch g.rnd.IntN(20) {
	case 0:
		method = g.pick([]string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "X"})
	case 1:
		if method == http.MethodGet {
			method = http.MethodHead
		}
	}
	path, query := o.path, []string{}
	header := http.Header{}
	for _, p := range o.parameters {
		switch p.in {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.name+"}", g.segment(o, p))
		case "query":
			query = append(query, g.query(p)...)
		case "header":
			if g.rnd.IntN(3) == 0 {
				header.Set(p.name, clean(g.value(p)))
			}
		}
	}
	if g.rnd.IntN(12) == 0 {
		query = append(query, escape(g, g.hostile())+"="+escape(g, g.hostile()))
	}
	if g.rnd.IntN(60) == 0 {
		path += g.pick([]string{"/", "//", "/..", "/%2e%2e/", ";a=b", ".html", "%00", "/" + escape(g, g.hostile())})
	}
	body := g.body(o, header)
	g.headers(header)
	target := path
	if len(query) > 0 {
		target += "?" + strings.Join(query, "&")
	}
	u, err := url.Parse(base)
	if err != nil {
		panic(fmt.Sprintf("apitest: the base address: %v", err))
	}
	// Opaque is sent as it stands, with escapes that are none.
	u.Opaque = "//" + u.Host + printable(target)
	r = &http.Request{Method: method, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if body != nil {
		r.Body, r.ContentLength = readCloser{bytes.NewReader(body)}, int64(len(body))
	}
	return r, o.id
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// printable leaves what a request line can bear: everything else would be another
// request.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return '+'
		}
		return r
	}, s)
}

// clean leaves what a header can bear.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

func (g *Generator) pick(from []string) string { return from[g.rnd.IntN(len(from))] }

// segment is the value of a parameter of a path.
func (g *Generator) segment(o operation, p parameter) string {
	known := append(slices.Clone(p.examples), g.Samples[o.id+"."+p.name]...)
	if len(g.Samples[o.id+"."+p.name]) == 0 {
		known = append(known, g.Samples[p.name]...)
	}
	if len(known) > 0 && g.rnd.IntN(4) > 0 {
		v := g.pick(known)
		if g.rnd.IntN(10) == 0 {
			return url.PathEscape(v)
		}
		return (&url.URL{Path: v}).EscapedPath()
	}
	return escape(g, g.value(p))
}

// query is a parameter of a query, not at all, once, or more often.
func (g *Generator) query(p parameter) []string {
	times := 0
	switch n := g.rnd.IntN(20); {
	case n < 3:
		times = 1
	case n == 3:
		times = 2
	case n == 4 && g.rnd.IntN(20) == 0:
		times = 150
	}
	if p.schema["type"] == "string" && len(p.examples) > 0 && times == 0 && g.rnd.IntN(3) == 0 {
		times = 1 // it may be required
	}
	var all []string
	for range times {
		all = append(all, escape(g, p.name)+"="+escape(g, g.value(p)))
	}
	return all
}

// value is one that the parameter allows, or any.
func (g *Generator) value(p parameter) string {
	if g.rnd.IntN(4) == 0 {
		return g.hostile()
	}
	schema := p.schema
	if items := mapping(schema["items"]); items != nil {
		schema = g.follow(items)
	}
	if enum, _ := schema["enum"].([]any); len(enum) > 0 {
		return fmt.Sprint(enum[g.rnd.IntN(len(enum))])
	}
	known := append(slices.Clone(p.examples), g.Samples[p.name]...)
	for _, e := range examplesOf(schema) {
		known = append(known, fmt.Sprint(e))
	}
	if schema["type"] == "integer" {
		known = append(known, "0", "1", "2", "25", "100", "-1", "9223372036854775807", "1e3")
	}
	if len(known) == 0 {
		return g.hostile()
	}
	return g.pick(known)
}

// hostile are values that no parameter is for.
func (g *Generator) hostile() string {
	switch g.rnd.IntN(16) {
	case 0:
		return ""
	case 1:
		return Mark + strings.Repeat("a", 1<<g.rnd.IntN(14))
	case 2:
		return strings.Repeat("wort* ", 1+g.rnd.IntN(400))
	case 3:
		return Mark + "\x00\x01\x1f"
	case 4:
		return "\xff\xfe" + Mark
	case 5:
		return "../../../../etc/passwd"
	case 6:
		return "%s%n%x%d" + Mark
	case 7:
		return "' OR 1=1; DROP TABLE software; --"
	case 8:
		return fmt.Sprint(g.rnd.Uint64())
	case 9:
		return "-" + fmt.Sprint(g.rnd.Uint64())
	case 10:
		return "\u202e\u0000\U0001f9e8ẞß\u0301" + Mark
	case 11:
		return strings.Repeat("(", g.rnd.IntN(2000)) + `"`
	case 12:
		return "null,true,[],{}," + Mark
	case 13:
		return "http://169.254.169.254/" + Mark
	case 14:
		return "line\r\nSet-Cookie: " + Mark
	}
	random := make([]byte, g.rnd.IntN(64))
	for i := range random {
		random[i] = byte(g.rnd.UintN(256))
	}
	return string(random)
}

// escape writes a value for an address, now and then wrongly.
func escape(g *Generator, s string) string {
	switch g.rnd.IntN(12) {
	case 0:
		return s // unescaped, as far as a request line bears it
	case 1:
		return url.PathEscape(s)
	case 2:
		return strings.ReplaceAll(url.QueryEscape(s), "%", "%25")
	case 3:
		return url.QueryEscape(s) + g.pick([]string{"%", "%2", "%zz", "%ff", "%c0%ae", "%u0041", ";", "&", "#"})
	}
	return url.QueryEscape(s)
}

// body is one that the operation takes, one broken, or any.
func (g *Generator) body(o operation, header http.Header) []byte {
	if o.bodies == nil {
		if g.rnd.IntN(20) > 0 {
			return nil
		}
		header.Set("Content-Type", "application/json")
		return []byte(g.hostile())
	}
	types := slices.Sorted(maps.Keys(o.bodies))
	mediaType := g.pick(types)
	header.Set("Content-Type", mediaType)
	if g.rnd.IntN(8) == 0 {
		header.Set("Content-Type", g.pick([]string{"", "text/html", "application/x-www-form-urlencoded", "multipart/form-data", mediaType + "; charset=utf-16", "application/" + Mark}))
	}
	body := []byte("{}")
	if examples := o.bodies[mediaType]; len(examples) > 0 {
		body = []byte(g.pick(examples))
	}
	switch g.rnd.IntN(12) {
	case 0:
		return nil
	case 1:
		return []byte(g.hostile())
	case 2:
		return body[:g.rnd.IntN(len(body)+1)]
	case 3:
		return []byte(strings.Repeat("[", 1<<(4+g.rnd.IntN(12))))
	case 4:
		return []byte(strings.Repeat(`{"a":`, 1<<(4+g.rnd.IntN(10))))
	case 5:
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(bytes.Repeat([]byte{' '}, 1<<20)) // into memory
		_ = z.Close()
		header.Set("Content-Encoding", "gzip")
		return b.Bytes()
	case 6:
		if g.rnd.IntN(10) == 0 {
			return bytes.Repeat([]byte("a: b\n"), 1<<18)
		}
	case 7, 8: // something of it is something else
		if len(body) > 2 {
			body = slices.Clone(body)
			for range 1 + g.rnd.IntN(4) {
				body[g.rnd.IntN(len(body))] = byte(g.rnd.UintN(256))
			}
		}
	case 9:
		return g.mutated(body)
	}
	return body
}

// mutated is JSON of which one member has become something else.
func (g *Generator) mutated(body []byte) []byte {
	var object map[string]any
	if json.Unmarshal(body, &object) != nil || len(object) == 0 {
		return body
	}
	name := g.pick(slices.Sorted(maps.Keys(object)))
	object[name] = []any{nil, true, 1e300, -1, g.hostile(), []any{nil, map[string]any{}}, map[string]any{"a": g.hostile()}}[g.rnd.IntN(7)]
	if g.rnd.IntN(4) == 0 {
		delete(object, name)
	}
	if g.rnd.IntN(4) == 0 {
		object[g.hostile()] = g.hostile()
	}
	changed, err := json.Marshal(object)
	if err != nil {
		return body
	}
	return changed
}

// headers adds some that any request may have.
func (g *Generator) headers(h http.Header) {
	for name, values := range map[string][]string{
		"Accept":            {"*/*", "application/json", "application/sarif+json", "text/html;q=0.1", ";;;", Mark},
		"Accept-Encoding":   {"gzip", "zstd, gzip;q=0.5", "identity;q=0", "br", Mark},
		"Accept-Language":   {"en", "de-DE,de;q=0.9", "x-" + strings.Repeat("a", 500), "*;q=0"},
		"If-None-Match":     {"*", `"a"`, `W/"a", "b`, Mark},
		"If-Match":          {"*", `"a"`, "1", Mark},
		"If-Modified-Since": {"Sun, 22 Nov 2026 10:00:00 GMT", "yesterday"},
		"Range":             {"bytes=0-1", "bytes=-1,0-", "lines=1"},
		"Origin":            {"https://evil.example", "null"},
		"X-Forwarded-For":   {"203.0.113.1", "::1, unknown", Mark},
		"Forwarded":         {"for=203.0.113.1", `for="` + Mark},
		"X-Request-Id":      {"abc", Mark},
		"Last-Event-ID":     {"7", "-1", Mark},
	} {
		if g.rnd.IntN(10) == 0 {
			h.Set(name, g.pick(values))
		}
	}
	if g.rnd.IntN(500) == 0 {
		h.Set("Expect", "200-ok")
	}
	switch g.rnd.IntN(6) {
	case 0:
		h.Set("Authorization", g.pick([]string{"Bearer", "Bearer " + Mark, "Basic YTpi", "Bearer a.b.c", "Bearer " + strings.Repeat("x", 5000)}))
	case 1, 2, 3:
		if len(g.Tokens) > 0 {
			h.Set("Authorization", "Bearer "+g.pick(g.Tokens))
		}
	}
}

// Answer is an answer as it was sent, its body without the content coding.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Judge says what an answer to a request for an operation breaks of what holds for
// all answers: no status of 500 and above but 503, whole JSON, problem details for
// what went wrong, and nothing in a page or a header that was made up by who asks.
// Answers of the server itself, to what is no request, are without an API-Version and
// not judged.
func (g *Generator) Judge(operationID string, ans *Answer) error {
	body := ans.Body
	if ans.Header.Get("API-Version") == "" {
		if ans.Status < 400 || ans.Status >= 500 && ans.Status != http.StatusNotImplemented && ans.Status != http.StatusHTTPVersionNotSupported {
			return fmt.Errorf("status %d without an API-Version", ans.Status)
		}
		return nil
	}
	if ans.Status >= 500 && ans.Status != http.StatusServiceUnavailable {
		return fmt.Errorf("status %d", ans.Status)
	}
	for name, values := range ans.Header {
		for _, v := range values {
			if strings.Contains(v, Mark) || strings.Contains(v, `<mark`) && name != "Link" {
				return fmt.Errorf("header %s repeats what was asked: %q", name, v)
			}
		}
	}
	if len(body) == 0 {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(ans.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("content type %q: %w", ans.Header.Get("Content-Type"), err)
	}
	if ans.Header.Get("X-Content-Type-Options") != "nosniff" {
		return fmt.Errorf("browsers may guess the content type")
	}
	switch {
	case strings.HasSuffix(mediaType, "ndjson"):
		for line := range bytes.Lines(body) {
			if !json.Valid(line) {
				return fmt.Errorf("a line of the body is no JSON: %.200q", line)
			}
		}
	case strings.HasSuffix(mediaType, "json"):
		if !json.Valid(body) {
			return fmt.Errorf("the body is no JSON: %.200q", body)
		}
	case bytes.Contains(body, []byte("<mark")) && !g.raw(mediaType):
		return fmt.Errorf("%s repeats what was asked: %.300q", mediaType, body)
	}
	if ans.Status >= 400 && mediaType != "application/problem+json" && !strings.HasPrefix(operationID, "compat") {
		return fmt.Errorf("status %d with %s", ans.Status, mediaType)
	}
	return nil
}

// ErrBrokenOff is that a server has hung up on what is no request of HTTP at all, as
// it may.
var ErrBrokenOff = errors.New("the server hung up on what is no request")

// Send sends a request that Next made; nothing is followed.
func Send(via http.RoundTripper, r *http.Request) (*Answer, error) {
	ans, err := send(via, r)
	if err != nil {
		if _, malformed := url.ParseRequestURI(strings.TrimPrefix(r.URL.Opaque, "//"+r.URL.Host)); malformed != nil {
			return nil, ErrBrokenOff
		}
	}
	return ans, err
}

func send(via http.RoundTripper, r *http.Request) (*Answer, error) {
	resp, err := via.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil {
		body, err = unpacked(resp.Header.Get("Content-Encoding"), body)
	}
	return &Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}, err
}

// unpacked is a body without its content coding.
func unpacked(coding string, body []byte) ([]byte, error) {
	if coding == "" || len(body) == 0 {
		return body, nil
	}
	var r io.Reader
	switch coding {
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		r = z
	case "zstd":
		z, err := zstd.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	default:
		return nil, fmt.Errorf("content coding %q", coding)
	}
	return io.ReadAll(r)
}

// raw reports a type that no browser runs anything of.
func (g *Generator) raw(mediaType string) bool {
	return mediaType == "text/plain" || mediaType == "text/csv" || mediaType == "application/yaml" || mediaType == "text/event-stream"
}
