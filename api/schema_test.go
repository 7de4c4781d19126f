// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

func TestSchemas(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, version := range publiccode.SchemaVersions() {
		w := get(t, h, "/v1/schema/publiccode-"+version+".json")
		want, err := publiccode.JSONSchema(version)
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), want) || w.Header().Get("ETag") != entityTag(want) {
			t.Errorf("%s: status %d, %d bytes, ETag %s", version, w.Code, w.Body.Len(), w.Header().Get("ETag"))
		}
	}
	for name, want := range map[string][]byte{"adoptions": adoption.JSONSchema(), "needs": adoption.NeedsJSONSchema()} {
		if w := get(t, h, "/v1/schema/"+name+".json"); w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), want) {
			t.Errorf("%s.json: status %d, %d bytes", name, w.Code, w.Body.Len())
		}
	}
	for _, file := range []string{"publiccode-0.8.json", "publiccode-0.7", "0.7.json", "..%2f..%2fetc", "a/b"} {
		if w := get(t, h, "/v1/schema/"+file); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", file, w.Code)
		}
	}
}

// TestSchemaAndValidationAgree on a file that is good and on one that is not.
func TestSchemaAndValidationAgree(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	document, err := jsonschema.UnmarshalJSON(get(t, h, "/v1/schema/publiccode-0.5.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for file, valid := range map[string]bool{goodFile: true, "name: Fahrradkeller\n": false} {
		var v any
		if err := yaml.Unmarshal([]byte(file), &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != valid {
			t.Errorf("the schema says %v of\n%s", err, file)
		}
		if got := decode[validation](t, post(t, h, validateURL, file), http.StatusOK).Valid; got != valid {
			t.Errorf("the validation says %v of\n%s", got, file)
		}
	}
}
