// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// contract is the OpenAPI document in a form that answers are held against.
// Its objects are closed: a member that is not described is an error, though
// clients have to expect new ones.
type contract struct {
	tree     map[string]any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	schemas  map[string]*jsonschema.Schema
	fits     map[string]*regexp.Regexp // of paths
	statuses map[string]bool           // "get /v1/software 200", seen in answers
	members  map[string]bool           // pointers of properties, seen in answers
}

var loadContract = sync.OnceValues(func() (*contract, error) {
	doc, err := readDocument()
	if err != nil {
		return nil, err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc.asJSON.body))
	if err != nil {
		return nil, err
	}
	tree := v.(map[string]any)
	closeObjects(tree["components"].(map[string]any)["schemas"])
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("openapi.json", tree); err != nil {
		return nil, err
	}
	return &contract{
		tree: tree, compiler: compiler, schemas: map[string]*jsonschema.Schema{}, fits: map[string]*regexp.Regexp{},
		statuses: map[string]bool{}, members: map[string]bool{},
	}, nil
})

func theContract(t testing.TB) *contract {
	t.Helper()
	c, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		for _, w := range v {
			closeObjects(w)
		}
	case []any:
		for _, w := range v {
			closeObjects(w)
		}
	}
}

// at follows a JSON pointer such as #/paths/~1software/get.
func (c *contract) at(pointer string) any {
	var v any = c.tree
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "#/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		m, _ := v.(map[string]any)
		v = m[token]
	}
	return v
}

// deref is where a pointer leads in the end.
func (c *contract) deref(pointer string) (string, map[string]any) {
	for {
		m, _ := c.at(pointer).(map[string]any)
		ref, ok := m["$ref"].(string)
		if !ok {
			return pointer, m
		}
		pointer = ref
	}
}

func under(pointer string, tokens ...string) string {
	for _, t := range tokens {
		pointer += "/" + strings.ReplaceAll(strings.ReplaceAll(t, "~", "~0"), "/", "~1")
	}
	return pointer
}

// paths are the documented paths, from the root, and where they stand.
func (c *contract) paths() map[string]string {
	root := c.tree["servers"].([]any)[0].(map[string]any)["url"].(string)
	list := map[string]string{}
	for path, item := range c.tree["paths"].(map[string]any) {
		base := root
		if own, ok := item.(map[string]any)["servers"].([]any); ok {
			base = own[0].(map[string]any)["url"].(string)
		}
		list[strings.TrimSuffix(base, "/")+path] = under("#/paths", path)
	}
	return list
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// operation is the documented path that serves an address: the one that has the
// most of it in so many words.
func (c *contract) operation(path string) (documented, pointer string) {
	for _, r := range new(api).routes() {
		if r.aliasOf != "" && r.path == path {
			path = r.aliasOf
		}
	}
	most := -1
	for p, at := range c.paths() {
		if p == path {
			return p, at
		}
		said := pathParameter.ReplaceAllString(p, "")
		fits := c.fits[p]
		if fits == nil {
			fits = regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(pathParameter.ReplaceAllString(p, "\x00")), "\x00", ".*") + "$")
			c.fits[p] = fits
		}
		if said != p && len(said) > most && fits.MatchString(path) {
			documented, pointer, most = p, at, len(said)
		}
	}
	return documented, pointer
}

// check holds an answer to any method but OPTIONS against the document.
func (c *contract) check(r *http.Request, w *http.Response, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	documented, at := c.operation(r.URL.Path)
	if documented == "" {
		if w.StatusCode != http.StatusNotFound {
			return fmt.Errorf("status %d at an address that is not documented", w.StatusCode)
		}
		return c.body(r, w, body, "#/components/responses/NotFound")
	}
	method := strings.ToLower(r.Method)
	if r.Method == http.MethodHead {
		method = "get"
	}
	if c.at(under(at, method)) == nil {
		if w.StatusCode != http.StatusMethodNotAllowed {
			return fmt.Errorf("status %d of %s, where %s is not documented", w.StatusCode, documented, method)
		}
		return nil
	}
	c.statuses[fmt.Sprintf("%s %s %d", method, documented, w.StatusCode)] = true
	pointer, response := c.deref(under(at, method, "responses", fmt.Sprint(w.StatusCode)))
	if response == nil {
		return fmt.Errorf("status %d of %s is not documented", w.StatusCode, documented)
	}
	headers, _ := response["headers"].(map[string]any)
	for name := range headers {
		pointer, header := c.deref(under(pointer, "headers", name))
		value, given := w.Header[http.CanonicalHeaderKey(name)]
		if !given {
			if header["required"] == true {
				return fmt.Errorf("status %d has no header %s", w.StatusCode, name)
			}
			continue
		}
		if err := c.validate(under(pointer, "schema"), value[0]); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
	}
	everywhere := []string{
		"Access-Control-Expose-Headers", "Content-Encoding", "Vary", "Content-Length", "Content-Security-Policy", "Content-Type", "Cross-Origin-Opener-Policy",
		"Cross-Origin-Resource-Policy", "Permissions-Policy", "Referrer-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
	}
	for name := range w.Header {
		if !slices.Contains(everywhere, name) && !slices.ContainsFunc(slices.Collect(maps.Keys(headers)), func(h string) bool { return strings.EqualFold(h, name) }) {
			return fmt.Errorf("header %s of status %d is not documented", name, w.StatusCode)
		}
	}
	return c.body(r, w, body, pointer)
}

func (c *contract) body(r *http.Request, w *http.Response, body []byte, response string) error {
	content, _ := c.at(response).(map[string]any)["content"].(map[string]any)
	if r.Method == http.MethodHead || content == nil {
		if len(body) > 0 {
			return fmt.Errorf("%s %d has a body: %.100q", r.Method, w.StatusCode, body)
		}
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(w.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("Content-Type %q: %w", w.Header.Get("Content-Type"), err)
	}
	if content[mediaType] == nil {
		return fmt.Errorf("Content-Type %s is not documented for %s", mediaType, response)
	}
	var v any = string(body)
	if mediaType == typeJSON || strings.HasSuffix(mediaType, "+json") {
		if v, err = jsonschema.UnmarshalJSON(bytes.NewReader(body)); err != nil {
			return err
		}
	}
	schema := c.form(under(response, "content", mediaType, "schema"), r.URL.Query().Has("fields"))
	if err := c.validate(schema, v); err != nil {
		return err
	}
	c.cover(schema, v)
	if mediaType == typeProblem {
		if status := fmt.Sprint(v.(map[string]any)["status"]); status != fmt.Sprint(w.StatusCode) {
			return fmt.Errorf("problem of status %s in an answer of %d", status, w.StatusCode)
		}
	}
	return nil
}

// form is the schema of an answer where there are two: one that is whole, and one
// with the members that were asked for.
func (c *contract) form(pointer string, sparse bool) string {
	forms, _ := c.at(under(pointer, "anyOf")).([]any)
	if len(forms) != 2 {
		return pointer
	}
	if sparse {
		forms = forms[1:]
	}
	return forms[0].(map[string]any)["$ref"].(string)
}

func (c *contract) validate(pointer string, v any) error {
	schema := c.schemas[pointer]
	if schema == nil {
		var err error
		if schema, err = c.compiler.Compile("openapi.json" + pointer); err != nil {
			return err
		}
		c.schemas[pointer] = schema
	}
	return schema.Validate(v)
}

// cover notes the described members that a valid value has.
func (c *contract) cover(pointer string, v any) {
	pointer, schema := c.deref(pointer)
	switch v := v.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for name, w := range v {
			if properties[name] != nil {
				at := under(pointer, "properties", name)
				c.members[at] = true
				c.cover(at, w)
			} else if _, ok := schema["additionalProperties"].(map[string]any); ok {
				c.cover(under(pointer, "additionalProperties"), w)
			}
		}
	case []any:
		for _, w := range v {
			c.cover(under(pointer, "items"), w)
		}
	}
}

// described are the members that the schemas describe.
func (c *contract) described() map[string]bool {
	list := map[string]bool{}
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		properties, _ := m["properties"].(map[string]any)
		for name, w := range properties {
			at := under(pointer, "properties", name)
			list[at] = true
			walk(at, w)
		}
		walk(under(pointer, "items"), m["items"])
		walk(under(pointer, "additionalProperties"), m["additionalProperties"])
	}
	for name, v := range c.at("#/components/schemas").(map[string]any) {
		walk(under("#/components/schemas", name), v)
	}
	return list
}

// templated turns paths in gin's notation into those of the document, filled
// those of the document into addresses.
var (
	templated = strings.NewReplacer("*id", "{id}", "*key", "{key}", ":id", "{id}", ":file", "{file}", ":sha256", "{sha256}", ":hash", "{hash}", ":name", "{name}", ":token", "{token}", ":webhook", "{webhook}", ":delivery", "{delivery}")
	filled    = strings.NewReplacer(
		"/licences/{id}", "/licences/EUPL-1.2", "{key}", "github.com/verbund/kreis%23formulare", compat.Path+"/software/{id}", compat.Path+compatFilled["software"], compat.Path+"/publishers/{id}", compat.Path+compatFilled["publishers"],
		compat.Path+"/catalogs/{id}", compat.Path+compatFilled["catalogs"], compat.Path+"/logs/{id}", compat.Path+compatFilled["logs"], "/publishers/{id}", "/publishers/nord", "{token}", "nichts", "{webhook}", "nichts", "{delivery}", "nichts", "{id}", fullID, "{file}", "publiccode-0.7.json", "{sha256}", billHash, "{hash}", madeHash, "{name}", "categories",
	)
)

func handlerOf(t testing.TB, c Catalogue, opt Options) http.Handler {
	t.Helper()
	if opt.Publishers == nil {
		opt.Publishers = []registry.Publisher{north, south, west, empty}
	}
	if opt.Dossiers == nil {
		opt.Dossiers = newDesk(c)
	}
	if opt.Compat == nil {
		opt.Compat = compatOf(c)
	}
	if opt.Stopping == nil { // streams end when they have told what there is
		stopping := make(chan struct{})
		close(stopping)
		opt.Stopping = stopping
	}
	h, err := New(c, opt)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks h and holds the answer against the contract. Headers are given as
// name and value by turns.
func get(t testing.TB, h http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, h, http.MethodGet, target, headers...)
}

func ask(t testing.TB, h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return send(t, h, method, target, nil, headers...)
}

// send asks h with a body.
func send(t testing.TB, h http.Handler, method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, body)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	var sent bytes.Buffer
	if body != nil {
		r.Body = io.NopCloser(io.TeeReader(r.Body, &sent))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, method) {
		err := theContract(t).check(r, w.Result(), w.Body.Bytes())
		if err == nil && w.Code < 300 {
			err = theContract(t).taken(r, sent.Bytes())
		}
		if err != nil {
			t.Errorf("%s %.200s: %v\n%.500s", method, target, err, w.Body)
		}
	}
	return w
}

// taken holds a JSON body that was taken against what the document says is.
func (c *contract) taken(r *http.Request, sent []byte) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || len(sent) == 0 || !strings.HasSuffix(media, "json") {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, at := c.operation(r.URL.Path)
	pointer, _ := c.deref(under(at, strings.ToLower(r.Method), "requestBody"))
	schema := under(pointer, "content", media, "schema")
	if c.at(schema) == nil {
		return nil
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(sent))
	if err != nil {
		return err
	}
	if err := c.validate(schema, v); err != nil {
		return fmt.Errorf("the body was taken, and the document does not know it: %w", err)
	}
	c.cover(schema, v)
	return nil
}

// decode reads an answer of the given status.
func decode[T any](t testing.TB, w *httptest.ResponseRecorder, status int) T {
	t.Helper()
	var v T
	if w.Code != status {
		t.Fatalf("status %d, want %d: %.500s", w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDocumentIsValidOpenAPI(t *testing.T) {
	served, err := readDocument()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(served.asYAML.body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("document is of version %s", doc.OpenAPI)
	}
}

// TestExamplesAreValid holds the examples of schemas, parameters, headers and
// responses against their schemas.
func TestExamplesAreValid(t *testing.T) {
	c := theContract(t)
	n := 0
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		if example, ok := m["example"]; ok && m["schema"] != nil {
			n++
			if err := c.validate(under(pointer, "schema"), example); err != nil {
				t.Errorf("%s: %v", pointer, err)
			}
		}
		if examples, ok := m["examples"].([]any); ok {
			for _, example := range examples {
				n++
				if err := c.validate(pointer, example); err != nil {
					t.Errorf("%s: %v", pointer, err)
				}
			}
		}
		for name, w := range m {
			if name != "example" && name != "examples" {
				walk(under(pointer, name), w)
			}
		}
	}
	walk("#", c.tree)
	if n < 50 {
		t.Errorf("only %d examples looked at", n)
	}
}

// TestRoutesAndDocument holds routes and document together in both directions.
func TestRoutesAndDocument(t *testing.T) {
	e, err := newEngine(newShelf(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	routed := map[string][]string{} // methods by path
	for _, r := range e.Routes() {
		path := templated.Replace(r.Path)
		routed[path] = append(routed[path], r.Method)
	}
	c := theContract(t)
	wanted := map[string][]string{} // methods by path
	declared := map[string]bool{}   // "get /v1/software"
	a := &api{}
	for _, r := range a.routes() {
		path := templated.Replace(r.path)
		operation, methods := "get", []string{"GET", "HEAD", "OPTIONS"}
		if r.method != "" {
			operation, methods = strings.ToLower(r.method), []string{"OPTIONS", r.method}
		}
		wanted[path] = append(wanted[path], methods...)
		path += r.end
		if r.aliasOf != "" {
			path = r.aliasOf
		}
		declared[operation+" "+path] = true
		at := c.paths()[path]
		if c.at(under(at, operation)) == nil {
			t.Errorf("%s %s is served and not documented", operation, path)
			continue
		}
		var query []string
		parameters, _ := c.at(under(at, operation, "parameters")).([]any)
		for _, p := range parameters {
			_, m := c.deref(p.(map[string]any)["$ref"].(string))
			if m["in"] == "query" {
				query = append(query, m["name"].(string))
			}
		}
		if !slices.Equal(query, r.query) {
			t.Errorf("%s: parameters %v are documented and %v are known", path, query, r.query)
		}
	}
	for path, methods := range routed {
		slices.Sort(methods)
		slices.Sort(wanted[path])
		if want := slices.Compact(wanted[path]); !slices.Equal(methods, want) {
			t.Errorf("%s answers %v, want %v", path, methods, want)
		}
	}
	for path, at := range c.paths() {
		for method := range c.at(at).(map[string]any) {
			if method != "servers" && !declared[method+" "+path] {
				t.Errorf("%s %s is documented and not served; HEAD and OPTIONS go without saying", method, path)
			}
		}
	}
}

// TestAnswersAndDocument drives every operation into every documented status,
// and sees every described member in an answer.
func TestAnswersAndDocument(t *testing.T) {
	whole := handlerOf(t, newShelf(), Options{})
	broken := handlerOf(t, failing{errors.New("disk on fire")}, Options{})
	slow := handlerOf(t, failing{fmt.Errorf("read: %w", context.DeadlineExceeded)}, Options{})
	c := theContract(t)
	for path := range c.paths() {
		target := filled.Replace(path)
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(t, whole, method, target)
			ask(t, whole, method, target, "If-None-Match", w.Header().Get("ETag"))
			ask(t, whole, method, target+"?surprise=1")
			for _, id := range []string{movedID, goneID, "github.com/nobody/nothing"} {
				ask(t, whole, method, strings.NewReplacer("{id}", id, "{file}", "nothing", "{sha256}", noHash, "{hash}", noHash, "{name}", "nothing").Replace(path))
			}
			ask(t, broken, method, target)
			ask(t, slow, method, target)
		}
	}
	get(t, whole, "/v1/software?q=akte&explain=true&facets="+strings.Join(facetNames, ","))
	get(t, whole, "/v1/software?q=nichts+dergleichen")
	get(t, whole, "/v1/software?q=nichts+dergleichen&facets=true&fields=name")
	get(t, whole, "/v1/software?category=document-management,nonsense")

	driveConduct(t)
	driveValidation(t, whole)
	driveLicences(t, whole)
	driveDossiers(t, whole, broken, slow)
	driveHistory(t, whole, broken, slow)
	driveFeeds(t, whole)
	driveBulk(t)
	driveWriting(t)
	driveCompat(t, broken, slow)
	driveReading(t, whole, broken, slow)
	driveAdoptions(t)
	driveNeeds(t)
	driveWebhooks(t)
	for _, h := range []http.Handler{whole, broken, slow} {
		w := get(t, h, "/v1/suggestions?q=A")
		get(t, h, "/v1/suggestions?q=A", "If-None-Match", w.Header().Get("ETag"))
	}

	var documented []string
	for path, at := range c.paths() {
		for method, operation := range c.at(at).(map[string]any) {
			if method == "servers" {
				continue
			}
			for status := range operation.(map[string]any)["responses"].(map[string]any) {
				documented = append(documented, method+" "+path+" "+status)
			}
		}
	}
	for _, s := range documented {
		if !c.statuses[s] {
			t.Errorf("%s is documented and never answered", s)
		}
	}
	for m := range c.described() {
		if !c.members[m] {
			t.Errorf("%s is described and in no answer", m)
		}
	}
}

// TestBothFormsOfTheDocumentAreOne reads the served forms and compares them.
func TestBothFormsOfTheDocumentAreOne(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	fromYAML, err := openapi3.NewLoader().LoadFromData(get(t, h, "/openapi.yaml").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	fromJSON, err := openapi3.NewLoader().LoadFromData(get(t, h, "/openapi.json").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	a, errA := json.Marshal(fromYAML)
	b, errB := json.Marshal(fromJSON)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("the YAML and the JSON form of the document differ")
	}
	if version := get(t, h, "/v1/publishers").Header().Get("API-Version"); version != fromJSON.Info.Version {
		t.Errorf("API-Version is %q, info.version %q", version, fromJSON.Info.Version)
	}
}

// TestVocabulariesOfTheDocument holds the enumerations of parameters against
// the vocabularies of the standard.
func TestVocabulariesOfTheDocument(t *testing.T) {
	c := theContract(t)
	for name, words := range map[string][]string{
		"Verdict": verdictNames(), "FacetName": facetNames, "LicenceCategory": licenceCategories, "RegionKind": regionKinds,
		"Scope": publiccode.Scopes(), "SoftwareTypeName": publiccode.SoftwareTypes(), "MaintenanceType": publiccode.MaintenanceTypes(),
		"YesOrNo": sbomStates, "ActivityLevel": activities,
		"Category": publiccode.Categories(), "Status": publiccode.Statuses(), "Profile": profileNames(), "StandardVersion": publiccode.SchemaVersions(),
	} {
		enum, _ := c.at(under("#/components/schemas", name, "enum")).([]any)
		documented := make([]string, len(enum))
		for i, v := range enum {
			documented[i], _ = v.(string)
		}
		if !slices.Equal(documented, words) {
			t.Errorf("schema %s has %v, the standard %v", name, documented, words)
		}
	}
	if enum := fmt.Sprint(c.at("#/components/parameters/place/schema/enum")); enum != fmt.Sprint(registry.Places()) {
		t.Errorf("the document has the places %s, the domain %v", enum, registry.Places())
	}
	if enum := fmt.Sprint(c.at("#/components/parameters/sort/schema/enum")); enum != fmt.Sprint(sorts) {
		t.Errorf("the document has the orders %s, the domain %v", enum, sorts)
	}
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
