// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// compiled returns the schema of a version, ready to validate.
func compiled(t *testing.T, version string) *jsonschema.Schema {
	t.Helper()
	src, err := JSONSchema(version)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		t.Fatalf("%s: %v", version, err)
	}
	c := jsonschema.NewCompiler()
	const name = "https://schema.example/publiccode.json"
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatalf("%s: %v", version, err)
	}
	return s
}

// plainValue is what an editor that reads YAML 1.2 hands to a schema.
func plainValue(n *yaml.Node) any {
	n = resolve(n)
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := resolve(n.Content[i]), plainValue(n.Content[i+1])
			if inner, ok := value.(map[string]any); ok && key.ShortTag() == "!!merge" {
				for k, v := range inner {
					if _, taken := m[k]; !taken {
						m[k] = v
					}
				}
				continue
			}
			m[key.Value] = value
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			list = append(list, plainValue(c))
		}
		return list
	}
	if n.ShortTag() == "!!bool" {
		return strings.EqualFold(n.Value, "true")
	}
	if plain(n) {
		switch {
		case isNull(n):
			return nil
		case n.ShortTag() == "!!int" || n.ShortTag() == "!!float":
			if _, err := strconv.ParseFloat(n.Value, 64); err == nil && json.Valid([]byte(n.Value)) {
				return json.Number(n.Value)
			}
		}
	}
	return n.Value
}

// accepts reports what a schema says of a file that could be read.
func accepts(s *jsonschema.Schema, r *Result) error { return s.Validate(plainValue(r.root)) }

// words are what all versions have in common: the words for people, and the
// licences of SPDX.
var words = regexp.MustCompile(`(?m)^ *"(title|description|\$id)": .*\n|^ *"enumDescriptions": \[(?:.*\]|\n(?s:.*?)\n *\]),?\n|^ *"enum": \[\n *"EUPL(?s:.*?)\n *\],\n`)

// TestSchemaGolden holds every schema against what was reviewed: the newest in
// full, the others without what they have in common with it.
func TestSchemaGolden(t *testing.T) {
	for _, version := range SchemaVersions() {
		got, err := JSONSchema(version)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := JSONSchema(version); !bytes.Equal(got, again) {
			t.Errorf("%s: two runs differ", version)
		}
		golden := filepath.Join("testdata", "schema", version+".json")
		if version != newest.String() {
			golden = filepath.Join("testdata", "schema", version+".txt")
			got = words.ReplaceAll(got, nil)
		}
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs (write it anew with -update)", golden)
		}
	}
}

func TestSchemaOfUnknownVersion(t *testing.T) {
	for _, version := range []string{"", "0", "0.8", "0.5.0", "v0.5", "1.1"} {
		if b, err := JSONSchema(version); err == nil || b != nil || !strings.Contains(err.Error(), "0.7, 1.0") {
			t.Errorf("%q: %v", version, err)
		}
		if keys := Keys(version); keys != nil {
			t.Errorf("%q has keys", version)
		}
	}
}

// TestSchemaIsWhole holds that a schema refers only to itself, and that every
// line of it can be read.
func TestSchemaIsWhole(t *testing.T) {
	reference := regexp.MustCompile(`"\$ref": "([^"]*)"`)
	for _, version := range SchemaVersions() {
		src, err := JSONSchema(version)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Definitions map[string]json.RawMessage `json:"definitions"`
		}
		if err := json.Unmarshal(src, &doc); err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for _, m := range reference.FindAllStringSubmatch(string(src), -1) {
			name, here := strings.CutPrefix(m[1], "#/definitions/")
			if !here || doc.Definitions[name] == nil {
				t.Errorf("%s refers to %q", version, m[1])
			}
			used[name] = true
		}
		for name := range doc.Definitions {
			if !used[name] {
				t.Errorf("%s: nothing refers to %q", version, name)
			}
		}
	}
}

// at puts a version in the place of that of a file.
func at(src, version string) string {
	return regexp.MustCompile(`publiccodeYmlVersion: .*`).ReplaceAllString(src, `publiccodeYmlVersion: "`+version+`"`)
}

// beyondSchema are the reasons of the cases of rules that a schema cannot tell,
// by the code and a part of the text.
var beyondSchema = []struct{ code, text, why string }{
	{"PC0002", "", "an editor has decoded the file"},
	{"PC0003", "", "control characters"},
	{"PC0016", "", "a reader with merge keys refuses the file before"},
	{"PC0212", "", "which keys are names of the same country"},
	{"PC0010", "", "of a key that stands there twice a schema sees one"},
	{"PC0011", "", "a schema sees one document"},
	{"PC0102", "[~", "a list of nothing but empty entries"},
	{"PC0105", "[~", "a list of nothing but empty entries"},
	{"PC0201", "{}", "empty values are all alike to the schema"},
	{"PC0202", "{}", "empty values are all alike to the schema"},
	{"PC0203", "[]", "empty values are all alike to the schema"},
	{"PC0308", "ger", "which codes of three letters are those of libraries"},
	{"PC0311", "a.example:99999", "the numbers of ports"},
	{"PC0311", "a..example", "the parts of a host name"},
	{"PC0314", "README.md", "which endings are those of pictures"},
	{"PC0211", "", "a schema sees keys as text"},
	{"PC0308", "deu", "which languages have a code of two letters"},
	{"PC0313", "../", "a path that leads out of the repository"},
	{"PC0318", "geheim", "one word may be an identifier in the wrong case"},
	{"PC0325", "GPLv3", "one word may be an identifier in the wrong case"},
}

// TestSchemaAgreesWithParse holds that the schema of each version accepts what
// Parse accepts, and refuses what it refuses for reasons that a schema can tell.
func TestSchemaAgreesWithParse(t *testing.T) {
	both := 0
	for _, version := range SchemaVersions() {
		s := compiled(t, version)
		for _, c := range rules {
			for _, text := range []string{c.bad, c.good} {
				src, _, _ := marked(strings.Replace(base, c.old, text, 1))
				if !strings.Contains(c.old, "0.5") {
					src = at(src, version)
				}
				r := Parse([]byte(src), Options{})
				if r.root == nil || r.Checked != version {
					continue
				}
				err := accepts(s, r)
				beyond := slices.ContainsFunc(beyondSchema, func(b struct{ code, text, why string }) bool {
					return b.code == c.code && strings.Contains(text, b.text)
				})
				switch {
				case r.Valid() && err != nil && !strings.Contains(text, "legal\u200b"): // an invisible sign in a key
					t.Errorf("%s %s %.60q: valid, but refused: %v", version, c.code, text, err)
				case !r.Valid() && err == nil && !beyond:
					t.Errorf("%s %s %.60q: has %v, but is accepted", version, c.code, text, codesOf(r))
				case !r.Valid() && err != nil:
					both++
				}
			}
		}
	}
	if both < 300 {
		t.Errorf("only %d wrong files were refused", both)
	}
}

// TestSchemaOfCorpus holds the schemas against real files, where a collection of
// them lies beside the repository.
func TestSchemaOfCorpus(t *testing.T) {
	files, err := filepath.Glob("../../shared/corpus/forge/*/*/*/publiccode.y*ml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no corpus beside the repository")
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, version := range SchemaVersions() {
		schemas[version] = compiled(t, version)
	}
	var valid, invalid, refused, unreadable int
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := Parse(src, Options{})
		if r.root == nil {
			unreadable++
			continue
		}
		problem := accepts(schemas[r.Checked], r)
		switch {
		case r.Valid():
			valid++
			if problem != nil {
				t.Errorf("%s: valid, but refused: %v", file, problem)
			}
		case problem != nil:
			invalid++
			refused++
		default:
			invalid++
			t.Logf("%s: accepted in spite of %v", file, codesOf(r))
		}
	}
	t.Logf("%d valid files, all accepted unless listed; %d with errors, %d of them refused; %d unreadable", valid, invalid, refused, unreadable)
}

// TestLayOut holds that laying out changes nothing but blanks.
func TestLayOut(t *testing.T) {
	long := `"` + strings.Repeat("ü", lineWidth) + `"`
	for _, compact := range []string{
		`{}`, `[]`, `false`, `"a"`, `{"a":[1,2],"b":{"c":null}}`,
		`{"a\"]":` + long + `,"b":["]","\\","{,:"]}`,
		`[` + long + `,` + long + `]`, `[{"a":` + long + `},[],{}]`,
	} {
		var out, back bytes.Buffer
		layOut(&out, []byte(compact), 0)
		if err := json.Compact(&back, out.Bytes()); err != nil || back.String() != compact {
			t.Errorf("%s became %s: %v", compact, back.String(), err)
		}
	}
}

func codesOf(r *Result) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity == Error {
			out = append(out, f.Code)
		}
	}
	return slices.Compact(out)
}
