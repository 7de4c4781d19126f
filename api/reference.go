// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"cmp"
	_ "embed" // for the page
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// referencePath is the page that describes the API to people.
const referencePath = "/api/"

//go:embed reference.html
var referenceHTML string

// referencePolicy lets the page have its own style, and nothing else.
const referencePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

var referenceTemplate = template.Must(template.New("reference").Funcs(template.FuncMap{
	"prose": prose,
	"dict": func(pairs ...any) map[string]any { // what a template needs beside the words
		m := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			m[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		return m
	},
}).Parse(referenceHTML))

// prose renders the Markdown of the document, which is the program's own.
func prose(markdown string) (template.HTML, error) {
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(markdown), &b); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// reference makes the page in a language when it is first asked for.
type reference map[string]func() (*answer, error)

func newReference(doc document, base string) reference {
	made := reference{}
	for _, lang := range []string{german, english} {
		made[lang] = sync.OnceValues(func() (*answer, error) {
			page := describe(doc, base)
			page.Lang, page.Say, page.Other = lang, referenceTexts[lang], german
			if lang == german {
				page.Other = english
			}
			for i, tag := range page.Tags {
				page.Tags[i].Head = cmp.Or(referenceSubjects[lang][tag.Name], tag.Name)
			}
			var b bytes.Buffer
			if err := referenceTemplate.Execute(&b, page); err != nil {
				return nil, fmt.Errorf("the page of the API: %w", err)
			}
			return &answer{
				contentType: typeHTML, body: b.Bytes(), etag: entityTag(b.Bytes()), cache: cacheMinute,
				vary: "Accept-Language", policy: referencePolicy,
			}, nil
		})
	}
	return made
}

func (a *api) getReference(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	lang := p.word("lang", german, english)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	return a.reference[cmp.Or(lang, preferred(c.Request))]()
}

// The page, as the template has it.
type (
	referencePage struct {
		Lang, Other, Title, Version, Intro string
		Say                                referenceWords
		Tags                               []referenceTag
		Schemas                            []referenceSchema
	}
	referenceTag struct {
		Name, Head, Description string
		Operations              []referenceOperation
	}
	referenceOperation struct {
		ID, Method, Path, Summary, Description, Curl string
		Parameters                                   []referenceValue
		BodyDescription                              string
		Body                                         []referenceContent
		Answers                                      []referenceAnswer
	}
	referenceAnswer struct {
		Status, Description string
		Content             []referenceContent
	}
	referenceContent struct {
		Type    string
		Kind    referenceKind
		Example string
	}
	// referenceValue is a parameter, or a member of an object.
	referenceValue struct {
		Name, In, Description, Example string
		Required                       bool
		Kind                           referenceKind
	}
	referenceSchema struct {
		Name, Description, Example string
		Kind                       referenceKind
		Members                    []referenceValue
	}
	// referenceKind is what a value may be: one of a schema by name, or of a JSON
	// type, or a list of these; with its bounds.
	referenceKind struct {
		List   bool
		Schema string
		Type   string
		Bounds []string
		Values []string
	}
)

// describe brings the document into the form of the page.
func describe(doc document, base string) referencePage {
	d := described{doc.tree}
	info := child(d.tree, "info")
	page := referencePage{Title: text(info, "title"), Version: doc.version, Intro: text(info, "description")}
	tags := map[string]int{}
	for _, t := range list(d.tree, "tags") {
		tags[text(t, "name")] = len(page.Tags)
		page.Tags = append(page.Tags, referenceTag{Name: text(t, "name"), Description: text(t, "description")})
	}
	root := text(list(d.tree, "servers")[0], "url")
	for path, item := range inOrder(child(d.tree, "paths")) {
		under := root
		if own := list(item, "servers"); len(own) > 0 {
			under = strings.TrimSuffix(text(own[0], "url"), "/")
		}
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			o := child(item, method)
			if o == nil {
				continue
			}
			op := d.operation(o, append(list(item, "parameters"), list(o, "parameters")...))
			op.Method, op.Path = strings.ToUpper(method), under+path
			op.Curl = d.curl(op, base)
			for _, tag := range words(o, "tags") {
				if i, ok := tags[tag]; ok {
					page.Tags[i].Operations = append(page.Tags[i].Operations, op)
				}
			}
		}
	}
	page.Tags = slices.DeleteFunc(page.Tags, func(t referenceTag) bool { return len(t.Operations) == 0 })
	for name, s := range inOrder(child(child(d.tree, "components"), "schemas")) {
		page.Schemas = append(page.Schemas, referenceSchema{
			Name: name, Description: text(s, "description"), Kind: d.kind(s), Members: d.members(s), Example: d.example(s),
		})
	}
	return page
}

// described is the document as decoded JSON.
type described struct{ tree map[string]any }

func (d described) operation(o map[string]any, parameters []map[string]any) referenceOperation {
	op := referenceOperation{ID: text(o, "operationId"), Summary: text(o, "summary"), Description: text(o, "description")}
	for _, p := range parameters {
		p = d.follow(p)
		op.Parameters = append(op.Parameters, referenceValue{
			Name: text(p, "name"), In: text(p, "in"), Description: text(p, "description"),
			Required: p["required"] == true, Kind: d.kind(child(p, "schema")), Example: d.example(p),
		})
	}
	if body := d.follow(child(o, "requestBody")); body != nil {
		op.BodyDescription, op.Body = text(body, "description"), d.content(body)
	}
	for status, answer := range inOrder(child(o, "responses")) {
		answer = d.follow(answer)
		op.Answers = append(op.Answers, referenceAnswer{
			Status: status, Description: text(answer, "description"), Content: d.content(answer),
		})
	}
	return op
}

func (d described) content(of map[string]any) []referenceContent {
	var all []referenceContent
	for mediaType, c := range inOrder(child(of, "content")) {
		all = append(all, referenceContent{Type: mediaType, Kind: d.kind(child(c, "schema")), Example: d.example(c)})
	}
	return all
}

func (d described) members(s map[string]any) []referenceValue {
	var all []referenceValue
	required := words(s, "required")
	for name, m := range inOrder(child(s, "properties")) {
		all = append(all, referenceValue{
			Name: name, Description: text(m, "description"), Required: slices.Contains(required, name), Kind: d.kind(m), Example: d.example(m),
		})
	}
	return all
}

// kind says what a schema lets through, in a line.
func (d described) kind(s map[string]any) referenceKind {
	k := referenceKind{Schema: schemaName(s), Type: text(s, "type")}
	if items := child(s, "items"); items != nil {
		bounds := boundsOf(s)
		k = d.kind(items)
		k.List, k.Bounds = true, append(bounds, k.Bounds...)
		return k
	}
	if k.Schema != "" {
		return k
	}
	if types := words(s, "type"); len(types) > 0 {
		k.Type = strings.Join(types, " | ")
	}
	if f := text(s, "format"); f != "" {
		k.Type += " (" + f + ")"
	}
	for _, several := range []string{"oneOf", "anyOf", "allOf"} {
		for _, one := range list(s, several) {
			if name := schemaName(one); name != "" {
				k.Values = append(k.Values, name)
			}
		}
	}
	if one, ok := s["const"]; ok {
		k.Values = append(k.Values, fmt.Sprint(one))
	}
	enum, _ := s["enum"].([]any)
	for _, v := range enum {
		k.Values = append(k.Values, fmt.Sprint(v))
	}
	k.Bounds = boundsOf(s)
	return k
}

// boundsOf are the bounds of a schema in the words of JSON Schema.
func boundsOf(s map[string]any) []string {
	var all []string
	for _, bound := range []string{"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default"} {
		if v, ok := s[bound]; ok {
			all = append(all, fmt.Sprintf("%s: %v", bound, v))
		}
	}
	return all
}

// curl is a command line that asks for an operation.
func (d described) curl(op referenceOperation, base string) string {
	path, query, headers := op.Path, url.Values{}, ""
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", cmp.Or(p.Example, p.Name))
		case p.In == "query" && p.Required:
			query.Set(p.Name, cmp.Or(p.Example, p.Name))
		case p.In == "header" && p.Required:
			headers += " -H " + quoted(p.Name+": "+cmp.Or(p.Example, p.Name))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	line := "curl " + quoted(cmp.Or(base, "http://127.0.0.1:8080")+path)
	if op.Method != http.MethodGet {
		line += " -X " + op.Method
	}
	if len(op.Body) > 0 {
		body := op.Body[0]
		line += " -H " + quoted("Content-Type: "+body.Type) + headers + " --data-binary " + quoted(cmp.Or(body.Example, "@file"))
		return line
	}
	return line + headers
}

// quoted is a word of the shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// example is the first example of something, text as itself and all else as JSON.
func (d described) example(of map[string]any) string {
	v, ok := of["example"]
	if examples, _ := of["examples"].([]any); !ok && len(examples) > 0 {
		v, ok = examples[0], true
	}
	if !ok {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case []any: // of a parameter
		if len(v) > 0 && of["in"] != nil {
			return fmt.Sprint(v[0])
		}
	}
	made, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return ""
	}
	return string(made)
}

// follow is what a reference in the document leads to, and else m itself.
func (d described) follow(m map[string]any) map[string]any {
	ref := text(m, "$ref")
	if ref == "" {
		return m
	}
	m = d.tree
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m = child(m, name)
	}
	return m
}

// schemaName is the name of the schema that s refers to; "" for none.
func schemaName(s map[string]any) string {
	name, ok := strings.CutPrefix(text(s, "$ref"), "#/components/schemas/")
	if !ok {
		return ""
	}
	return name
}

func text(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

func child(m map[string]any, key string) map[string]any {
	c, _ := m[key].(map[string]any)
	return c
}

func words(m map[string]any, key string) []string {
	values, _ := m[key].([]any)
	var all []string
	for _, v := range values {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

func list(m map[string]any, key string) []map[string]any {
	values, _ := m[key].([]any)
	var all []map[string]any
	for _, v := range values {
		if c, ok := v.(map[string]any); ok {
			all = append(all, c)
		}
	}
	return all
}

// inOrder yields the mappings in a mapping in order of their names.
func inOrder(m map[string]any) func(yield func(string, map[string]any) bool) {
	return func(yield func(string, map[string]any) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if c, ok := m[name].(map[string]any); ok && !yield(name, c) {
				return
			}
		}
	}
}
