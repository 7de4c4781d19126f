// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package export

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/allmende-registry/allmende/registry"
)

var update = flag.Bool("update", false, "write the schema anew")

const schemaFile = "software.schema.json"

// TestSchemaIsOfTheTypes holds the schema against the types; what they say of
// themselves is taken over with -update.
func TestSchemaIsOfTheTypes(t *testing.T) {
	here, err := filepath.Abs(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	made := reflected(t)
	if *update {
		if err := os.WriteFile(here, made, 0o644); err != nil { //nolint:gosec // to be read
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(bare(t, Schema), bare(t, made)); diff != "" {
		t.Errorf("the types have changed: go generate ./registry/export (-written +made)\n%s", diff)
	}
}

// reflected is the schema of a Line. Members may come: objects are open.
func reflected(t *testing.T) []byte {
	t.Helper()
	r := &jsonschema.Reflector{
		AllowAdditionalProperties: true, Anonymous: true,
		Namer: func(t reflect.Type) string { // several packages have an Organisation
			if t.Name() == "" {
				return ""
			}
			return path.Base(t.PkgPath()) + "." + t.Name()
		},
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			switch t {
			case reflect.TypeFor[json.RawMessage]():
				return &jsonschema.Schema{} // any value
			case reflect.TypeFor[registry.ID]():
				return &jsonschema.Schema{Type: "string"}
			}
			return nil
		},
	}
	t.Chdir("../..")
	for _, dir := range []string{"registry", "publiccode", "sbom", "adoption", "licence"} {
		if err := r.AddGoComments("github.com/allmende-registry/allmende", "./"+dir, jsonschema.WithFullComment()); err != nil {
			t.Fatal(err)
		}
	}
	for name, comment := range r.CommentMap {
		r.CommentMap[name] = strings.Join(strings.Fields(comment), " ")
	}
	s := r.Reflect(&Line{})
	s.Title = "An entry of the catalogue"
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// bare is a schema without its descriptions.
func bare(t *testing.T, schema []byte) any {
	t.Helper()
	var v any
	if err := json.NewDecoder(bytes.NewReader(schema)).Decode(&v); err != nil {
		t.Fatal(err)
	}
	var strip func(v any, names bool)
	strip = func(v any, names bool) {
		switch v := v.(type) {
		case map[string]any:
			if _, ok := v["description"].(string); ok && !names {
				delete(v, "description")
			}
			for name, w := range v {
				strip(w, name == "properties")
			}
		case []any:
			for _, w := range v {
				strip(w, false)
			}
		}
	}
	strip(v, false)
	return v
}
