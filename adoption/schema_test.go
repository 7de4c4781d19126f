// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/publiccode"
)

// object is what the test reads of the schema of a mapping.
type object struct {
	Schema      string            `json:"$schema"`
	Description string            `json:"description"`
	Type        any               `json:"type"`
	Const       string            `json:"const"`
	MaxLength   int               `json:"maxLength"`
	MaxItems    int               `json:"maxItems"`
	Pattern     string            `json:"pattern"`
	Enum        []string          `json:"enum"`
	Required    []string          `json:"required"`
	Properties  map[string]object `json:"properties"`
	Items       *object           `json:"items"`
	AnyOf       []object          `json:"anyOf"`
	Maximum     int64             `json:"maximum"`
	Additional  any               `json:"additionalProperties"`
}

// The schemas have the keys of the parser, with the same bounds and words.
func TestSchemaHasTheKeys(t *testing.T) {
	root := schemaOf(t, JSONSchema(), fileKeys)
	needs := schemaOf(t, NeedsJSONSchema(), needsKeys)
	organisation, statement := root.Properties["organisation"].Properties, root.Properties["adoptions"].Items.Properties
	together, need := root.Properties["comaintenance"].Items.Properties, needs.Properties["needs"].Items.Properties
	if !reflect.DeepEqual(needs.Properties["organisation"], root.Properties["organisation"]) {
		t.Error("the schemas tell different things of an organisation")
	}
	if got, want := root.Properties["adoptionsYmlVersion"].Const+needs.Properties["needsYmlVersion"].Const, Version+NeedsVersion; got != want {
		t.Errorf("versions %q, want %q", got, want)
	}
	if len(root.AnyOf) != 2 || !slices.Equal(slices.Concat(root.AnyOf[0].Required, root.AnyOf[1].Required), []string{"adoptions", "comaintenance"}) {
		t.Errorf("any of %v", root.AnyOf)
	}
	regions := []string{"DE"}
	for _, s := range states {
		regions = append(regions, s.region)
	}
	partner, visibilities := together["partners"].Items.Properties, []string{string(Public), string(Restricted)}
	funding := together["funding"].Items.Properties
	for name, c := range map[string]struct{ got, want []string }{
		"role":             {statement["role"].Enum, roleWords.words},
		"visibility":       {statement["visibility"].Enum, visibilities},
		"region":           {organisation["region"].AnyOf[0].Enum, regions},
		"partner’s region": {partner["region"].AnyOf[0].Enum, regions},
		"partner’s role":   {partner["role"].Enum, partnerWords.words},
		"seeks":            {together["seeks"].Enum, seeksWords.words},
		"funding":          {funding["status"].Enum, fundingWords.words},
		"offers":           {need["offers"].Items.Enum, offerWords.words},
		"categories":       {need["categories"].Items.Enum, publiccode.Categories()},
		"need’s":           {need["visibility"].Enum, visibilities},
		"id":               {[]string{need["id"].Pattern}, []string{idForm.String()}},
		"ags":              {[]string{organisation["ags"].Pattern}, []string{agsForm.String()}},
		"ars":              {[]string{organisation["ars"].Pattern}, []string{arsForm.String()}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: the schema has %v, the parser %v", name, c.got, c.want)
		}
	}
}

// schemaOf reads a schema and holds it against the keys of its format.
func schemaOf(t *testing.T, schema []byte, all []key) object {
	t.Helper()
	var root object
	if err := json.Unmarshal(schema, &root); err != nil {
		t.Fatal(err)
	}
	if root.Schema != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("it is in %s", root.Schema)
	}
	var compare func(path string, o object, keys []key)
	compare = func(path string, o object, keys []key) {
		var names, required []string
		for _, k := range keys {
			names = append(names, k.name)
			if k.required && k.unless == "" {
				required = append(required, k.name)
			}
		}
		if got := slices.Sorted(maps.Keys(o.Properties)); !slices.Equal(got, slices.Sorted(slices.Values(names))) {
			t.Errorf("%s: the schema has %v, the parser %v", path, got, names)
		}
		if !slices.Equal(o.Required, required) || o.Type != "object" || o.Additional != false {
			t.Errorf("%s: requires %v, want %v; type %s; others %v", path, o.Required, required, o.Type, o.Additional)
		}
		for _, k := range keys {
			p := o.Properties[k.name]
			if !strings.Contains(p.Description, "\n\nDeutsch: ") {
				t.Errorf("%s%s is described as %q", path, k.name, p.Description)
			}
			switch k.kind {
			case text:
				if p.Const == "" && (p.Type != "string" || p.MaxLength != k.most) {
					t.Errorf("%s%s is a %s of %d characters, want %d", path, k.name, p.Type, p.MaxLength, k.most)
				}
			case mapping:
				compare(path+k.name+".", p, k.keys)
			case list:
				if p.Type != "array" || p.MaxItems != k.most || p.Items == nil {
					t.Fatalf("%s%s is a %s of %d", path, k.name, p.Type, p.MaxItems)
				}
				compare(path+k.name+"[].", *p.Items, k.keys)
			case wordList:
				if p.Type != "array" || p.MaxItems != k.most || p.Items == nil || p.Items.Type != "string" || p.Items.MaxLength != maxName {
					t.Errorf("%s%s is a %s of %d", path, k.name, p.Type, p.MaxItems)
				}
			case sum:
				if p.Maximum != 999_999_999_999 || amountForm.MatchString(strconv.FormatInt(p.Maximum+1, 10)) || !amountForm.MatchString(strconv.FormatInt(p.Maximum, 10)) {
					t.Errorf("%s%s is up to %d", path, k.name, p.Maximum)
				}
				if k.keys != nil {
					if !reflect.DeepEqual(p.Type, []any{"integer", "object"}) {
						t.Errorf("%s%s is a %s", path, k.name, p.Type)
					}
					p.Type = "object"
					compare(path+k.name+".", p, k.keys)
				}
			}
		}
	}
	compare("", root, all)
	return root
}

func compiled(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7) // so that the schema must name its own
	const name = "https://schema.example/adoptions.json"
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// accepted reports whether the schema accepts a file, as an editor that reads YAML
// 1.2 hands it over.
func accepted(t *testing.T, s *jsonschema.Schema, src string) bool {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(src), &root); err != nil || len(root.Content) == 0 {
		return false
	}
	return s.Validate(plainValue(root.Content[0])) == nil
}

func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.AliasNode:
		return plainValue(n.Alias)
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainValue(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		all := []any{}
		for _, c := range n.Content {
			all = append(all, plainValue(c))
		}
		return all
	}
	switch {
	case !isPlain(n):
	case n.ShortTag() == "!!null":
		return nil
	case n.ShortTag() == "!!bool":
		return strings.EqualFold(n.Value, "true")
	case n.ShortTag() == "!!int" || n.ShortTag() == "!!float":
		return json.Number(n.Value)
	}
	return n.Value
}

// beyond are rules of severity error that no schema can know: they are about the
// text, such as 60.000 for 60, about facts, or about several keys together.
var beyond = []string{"AD0105", "AD0312", "AD0313", "AD0318", "AD0323", "AD0501", "AD0602", "AD0607"}

// The schema refuses what Parse calls an error, and what it accepts has none but of
// what no schema can know.
func TestSchemaAgreesWithParse(t *testing.T) {
	schemas := map[string]*jsonschema.Schema{}
	for _, f := range Formats() {
		schemas[f.FileName] = compiled(t, f.Schema())
	}
	try := func(name, file string) {
		r := checked(t, file)
		s := schemas[r.FileName()]
		refused := slices.ContainsFunc(r.Findings, func(f publiccode.Finding) bool {
			return f.Severity == publiccode.Error && !slices.Contains(beyond, f.Code)
		})
		if ok := accepted(t, s, file); ok && refused {
			t.Errorf("%s: the schema accepts, Parse says %v", name, codesOf(r))
		} else if !ok && len(r.Findings) == 0 {
			t.Errorf("%s: the schema refuses, Parse says nothing: %v", name, s.Validate(plainValue(parsed(t, file))))
		}
	}
	src, needs := base(t), file(t, "needs.yml")
	opening, _, _ := strings.Cut(src, "adoptions:")
	together := opening + "comaintenance:\n  - software: https://code.example.org/form/editor\n"
	for _, good := range []string{src, needs, together} {
		if r := checked(t, good); len(r.Findings) > 0 || !accepted(t, schemas[r.FileName()], good) {
			t.Fatalf("%v, or the schema refuses\n%s", codesOf(r), good)
		}
	}
	for _, rule := range Rules() {
		bad, good := rule.Example()
		for name, lines := range map[string]string{rule.Code + " bad": bad, rule.Code + " good": good} {
			if lines != "" {
				try(name, with(ruleBase(t, rule), lines))
			}
		}
	}
	// Each key with values of all kinds.
	values := []string{
		"", `""`, "text", `"1.0"`, "1.0", "true", "[]", "{}", "[a]", "{a: b}", "2026-01-31", "2026-13-01", "2027-01-31", "DE", "DE-SH", "de-sh", "FR-75", "xx", "DK",
		`"01"`, `"010"`, `"01099"`, `"01099901"`, `"010995099"`, `"010995099901"`, `"17"`, "https://a.example", "https://a.example/b", "https://u:p@a.example/b",
		"ftp://a.example/b", "https://a.example/b c", "urn:nbn:de", "urn:x", "uses", "Uses", "public", "restricted", "a@b.example", strings.Repeat("ä", 101),
		strings.Repeat("x", 501), "https://a.example/" + strings.Repeat("x", 2000), strings.Repeat("y", 2001), "coMaintainers", "open", "0", "60000", "-1", "1.5",
		"1000000000000", `"60000"`, "{amount: 5}", "{amount: 5, currency: CHF}", "{amount: 5, currency: chf}", "{amount: 5, currency: 7}", "{currency: EUR}",
		"{amount: [5]}", "CHF", "de", "de-DE", "german", "https://a.example/b#c", "http://a.example/b#c", "https://a.example/b#C", "https://a.example/#c",
		"[funds]", "[funds, funds]", "[pays]", "[it-security, other]", "[1]", "[[funds]]", "[{a: b}]", "gewerbe-2", "9gewerbe",
		"[" + strings.Repeat("funds, ", 20) + "funds]",
	}
	for _, section := range []struct {
		keys     []key
		before   string
		template string
	}{
		{fileKeys, "", src},
		{fileKeys, "", together},
		{organisationKeys, "  ", with(src, "organisation:\n  uri: https://o.example\n  name: Amt\n")},
		{statementKeys, "    ", src},
		{comaintenanceKeys, "    ", together},
		{needsKeys, "", needs},
		{needKeys, "    ", needs},
	} {
		for _, k := range section.keys {
			for _, v := range values {
				try(k.name+": "+v, replaced(section.template, section.before, k.name, v))
			}
		}
	}
	// Those of sections in sections.
	for _, section := range []struct {
		keys             []key
		template, before string
	}{
		{communityKeys, together + "    community:\n", ""},
		{partnerKeys, together + "    partners:\n", "- "},
		{joiningKeys, together + "    joining:\n", ""},
		{fundingKeys, together + "    funding:\n", "- "},
		{moneyKeys, needs + "    share:\n", ""},
		{procurementKeys, needs + "    procurement:\n", ""},
	} {
		for _, k := range section.keys {
			for _, v := range values {
				lines := "      " + section.before + k.name + ": " + v + "\n"
				for _, other := range section.keys {
					if other.required && other.name != k.name {
						lines += "      " + strings.Repeat(" ", len(section.before)) + other.name + ": " + map[string]string{"name": "Amt", "purpose": "Pflege", "status": "open", "amount": "5"}[other.name] + "\n"
					}
				}
				try(section.template+lines, section.template+lines)
			}
		}
	}
}

func parsed(t *testing.T, src string) *yaml.Node {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(src), &root); err != nil {
		t.Fatal(err)
	}
	return root.Content[0]
}

// replaced gives a key another value, or adds it to its section.
func replaced(src, before, name, v string) string {
	lines := strings.SplitAfter(src, "\n")
	for i, l := range lines {
		if strings.HasPrefix(strings.Replace(l, "  - ", "    ", 1), before+name+":") {
			dash := ""
			if strings.HasPrefix(l, "  - ") {
				dash = "  - "
			}
			rest := i + 1
			for before == "" && rest < len(lines) && strings.HasPrefix(lines[rest], " ") {
				rest++
			}
			if dash == "" {
				dash = before
			}
			return strings.Join(lines[:i], "") + dash + name + ": " + v + "\n" + strings.Join(lines[rest:], "")
		}
	}
	if before == "    " {
		return src + before + name + ": " + v + "\n"
	}
	return strings.Replace(src, "organisation:\n", "organisation:\n"+before+name+": "+v+"\n", 1)
}
