// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Bounds of one query.
const (
	graphQLTokens = 10_000
	graphQLDepth  = 24      // of the answer, in names and indexes
	graphQLFields = 200_000 // of the answer
	graphQLPage   = 100
)

// graphQLRequest is the body of a request.
type graphQLRequest struct {
	Query     string         `json:"query"`
	Operation string         `json:"operationName"`
	Variables map[string]any `json:"variables"`
}

// graphQLAnswer is the body of an answer.
type graphQLAnswer struct {
	Data   any             `json:"data,omitempty"`
	Errors []*graphQLError `json:"errors,omitempty"`
}

// graphQLError is one error in an answer. Resolvers return it to set a type.
type graphQLError struct {
	Type       string            `json:"type,omitempty"`
	Message    string            `json:"message"`
	Path       []any             `json:"path,omitempty"`
	Extensions map[string]string `json:"extensions,omitempty"`
}

func (e *graphQLError) Error() string { return e.Message }

// graphQLObject is an object that can be asked for its fields, each a value or
// a graphQLField.
type graphQLObject struct {
	kind   string   // the name of its type
	also   []string // the interfaces that the type has
	fields map[string]any
}

// graphQLField is a field that is worked out when it is asked for. It resolves
// to nil, a scalar, a *graphQLObject or a []any of these.
type graphQLField struct {
	args    []string // names of the arguments that it takes
	resolve func(args map[string]any) (any, error)
}

// runGraphQL answers a query over an object that stands for the type Query.
// What the query asks for and no object has is an error that names it; then
// there is no data.
func runGraphQL(root *graphQLObject, request graphQLRequest) graphQLAnswer {
	fail := func(format string, args ...any) graphQLAnswer {
		return graphQLAnswer{Errors: []*graphQLError{{Message: fmt.Sprintf(format, args...)}}}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Name: "query", Input: request.Query}, graphQLTokens)
	if err != nil {
		return fail("Parse error: %s", err)
	}
	op := doc.Operations.ForName(request.Operation)
	switch {
	case op == nil:
		return fail("No operation named %q", request.Operation)
	case op.Operation != ast.Query:
		return fail("This API can only be read, it takes no %s", op.Operation)
	}
	q := &query{fragments: doc.Fragments, variables: make(map[string]any)}
	for _, v := range op.VariableDefinitions {
		value, given := request.Variables[v.Variable]
		switch {
		case given && value != nil:
			q.variables[v.Variable] = value
		case !given && v.DefaultValue != nil:
			if q.variables[v.Variable], err = v.DefaultValue.Value(nil); err != nil {
				return fail("Variable $%s: %s", v.Variable, err)
			}
		case v.Type.NonNull:
			return fail("Variable $%s of type %s was provided invalid value", v.Variable, v.Type)
		default:
			q.variables[v.Variable] = nil
		}
	}
	data := q.object(root, []ast.SelectionSet{op.SelectionSet}, nil)
	if len(q.invalid) > 0 {
		return graphQLAnswer{Errors: q.invalid}
	}
	return graphQLAnswer{Data: data, Errors: q.failed}
}

// query is one run of a query.
type query struct {
	fragments ast.FragmentDefinitionList
	variables map[string]any
	fields    int             // resolved so far
	invalid   []*graphQLError // the query is wrong
	failed    []*graphQLError // a field could not be resolved
}

func (q *query) refuse(code, format string, args ...any) {
	e := &graphQLError{Message: fmt.Sprintf(format, args...), Extensions: map[string]string{"code": code}}
	for _, other := range q.invalid {
		if other.Message == e.Message {
			return
		}
	}
	q.invalid = append(q.invalid, e)
}

// object resolves the fields that the selections ask of an object.
func (q *query) object(o *graphQLObject, sets []ast.SelectionSet, path []any) any {
	if len(path) > graphQLDepth {
		q.refuse("maxDepth", "Query is nested deeper than %d levels", graphQLDepth)
		return nil
	}
	var keys []string
	asked := make(map[string][]*ast.Field) // fields of one name in the answer are one field
	visited := make(map[string]bool)
	for _, set := range sets {
		q.collect(o, set, visited, func(f *ast.Field) {
			if asked[f.Alias] == nil {
				keys = append(keys, f.Alias)
			}
			asked[f.Alias] = append(asked[f.Alias], f)
		})
	}
	out := make(map[string]any, len(keys))
	for _, key := range keys {
		if len(q.invalid) > 0 {
			return nil
		}
		if q.fields++; q.fields > graphQLFields {
			q.refuse("maxFields", "Query asks for more than %d fields", graphQLFields)
			return nil
		}
		fields := asked[key]
		below := append(slices.Clone(path), key)
		value, err := q.resolve(o, fields)
		if err != nil {
			failure := &graphQLError{Message: err.Error()}
			errors.As(err, &failure)
			q.failed = append(q.failed, &graphQLError{Type: failure.Type, Message: failure.Message, Path: below})
			out[key] = nil
			continue
		}
		var sub []ast.SelectionSet
		for _, f := range fields {
			if len(f.SelectionSet) > 0 {
				sub = append(sub, f.SelectionSet)
			}
		}
		out[key] = q.value(value, fields[0].Name, sub, below)
	}
	return out
}

// collect hands over the fields of a selection that apply to an object.
func (q *query) collect(o *graphQLObject, set ast.SelectionSet, visited map[string]bool, add func(*ast.Field)) {
	applies := func(kind string) bool { return kind == "" || kind == o.kind || slices.Contains(o.also, kind) }
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if q.included(s.Directives) {
				add(s)
			}
		case *ast.InlineFragment:
			if q.included(s.Directives) && applies(s.TypeCondition) {
				q.collect(o, s.SelectionSet, visited, add)
			}
		case *ast.FragmentSpread:
			f := q.fragments.ForName(s.Name)
			switch {
			case f == nil:
				q.refuse("useAndDefineFragment", "Fragment %s was used, but not defined", s.Name)
			case !visited[s.Name] && q.included(s.Directives) && applies(f.TypeCondition):
				visited[s.Name] = true
				q.collect(o, f.SelectionSet, visited, add)
			}
		}
	}
}

// included applies the directives @skip and @include.
func (q *query) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		arg := d.Arguments.ForName("if")
		if arg == nil || d.Name != "skip" && d.Name != "include" {
			q.refuse("undefinedDirective", "Directive @%s is not defined", d.Name)
			continue
		}
		if yes, _ := arg.Value.Value(q.variables); (yes == true) != (d.Name == "include") {
			return false
		}
	}
	return true
}

// resolve works out one field of an object.
func (q *query) resolve(o *graphQLObject, fields []*ast.Field) (any, error) {
	f := fields[0]
	for _, other := range fields[1:] {
		if other.Name != f.Name {
			q.refuse("fieldConflict", "Field '%s' has a field conflict: %s or %s?", f.Alias, f.Name, other.Name)
			return nil, nil
		}
	}
	if f.Name == "__typename" {
		return o.kind, nil
	}
	value, ok := o.fields[f.Name]
	if !ok {
		q.refuse("undefinedField", "Field '%s' doesn't exist on type '%s'", f.Name, o.kind)
		return nil, nil
	}
	field, _ := value.(graphQLField)
	args := make(map[string]any, len(f.Arguments))
	for _, a := range f.Arguments {
		if !slices.Contains(field.args, a.Name) {
			q.refuse("argumentNotAccepted", "Field '%s' doesn't accept argument '%s'", f.Name, a.Name)
			return nil, nil
		}
		v, err := a.Value.Value(q.variables)
		if err != nil {
			return nil, err
		}
		args[a.Name] = v
	}
	if field.resolve == nil {
		return value, nil
	}
	return field.resolve(args)
}

// value completes what a field resolved to.
func (q *query) value(v any, name string, sub []ast.SelectionSet, path []any) any {
	switch v := v.(type) {
	case *graphQLObject:
		if v == nil {
			return nil
		}
		if len(sub) == 0 {
			q.refuse("selectionMismatch", "Field must have selections (field '%s' returns %s but has no selections. Did you mean '%s { ... }'?)", name, v.kind, name)
			return nil
		}
		return q.object(v, sub, path)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			// An error stands for an item that failed alone.
			if err, ok := item.(*graphQLError); ok {
				q.failed = append(q.failed, &graphQLError{Type: err.Type, Message: err.Message, Path: append(slices.Clone(path), i)})
				continue
			}
			out[i] = q.value(item, name, sub, append(slices.Clone(path), i))
		}
		return out
	}
	if len(sub) > 0 && v != nil && reflect.TypeOf(v).Kind() != reflect.Pointer {
		q.refuse("selectionMismatch", "Selections can't be made on scalars (field '%s')", name)
	}
	return v
}

// paging are the arguments of a connection.
var paging = []string{"first", "after"}

// connection pages through a list. Each item has a key, which its cursor is
// made of.
func connection[T any](kind string, items []T, key func(T) string, object func(T) any, args map[string]any) (any, error) {
	first, bounded := whole(args["first"])
	if first < 0 || first > graphQLPage {
		return nil, &graphQLError{Type: "EXCESSIVE_PAGINATION", Message: fmt.Sprintf("Requesting %d records on the connection exceeds the `first` limit of %d records.", first, graphQLPage)}
	}
	if !bounded { // then there is only the number
		unbounded := graphQLField{resolve: func(map[string]any) (any, error) {
			return nil, &graphQLError{Type: "MISSING_PAGINATION_BOUNDARIES", Message: "You must provide a `first` value to properly paginate the connection."}
		}}
		return &graphQLObject{kind: kind + "Connection", fields: map[string]any{
			"totalCount": len(items), "nodes": unbounded, "edges": unbounded, "pageInfo": unbounded,
		}}, nil
	}
	cursor := func(item T) string { return base64.StdEncoding.EncodeToString([]byte("cursor:" + key(item))) }
	from := 0
	if after, _ := args["after"].(string); after != "" {
		at := slices.IndexFunc(items, func(item T) bool { return cursor(item) == after })
		if at < 0 {
			return nil, &graphQLError{Type: "INVALID_CURSOR_ARGUMENTS", Message: fmt.Sprintf("`%s` does not appear to be a valid cursor.", after)}
		}
		from = at + 1
	}
	page := items[from:min(len(items), from+first)]
	nodes, edges := []any{}, []any{}
	var start, end any
	for i, item := range page {
		node := object(item)
		nodes = append(nodes, node)
		edges = append(edges, &graphQLObject{kind: kind + "Edge", fields: map[string]any{"cursor": cursor(item), "node": node}})
		if i == 0 {
			start = cursor(item)
		}
		end = cursor(item)
	}
	return &graphQLObject{kind: kind + "Connection", fields: map[string]any{
		"totalCount": len(items),
		"nodes":      nodes,
		"edges":      edges,
		"pageInfo": &graphQLObject{kind: "PageInfo", fields: map[string]any{
			"startCursor": start, "endCursor": end,
			"hasPreviousPage": from > 0, "hasNextPage": from+len(page) < len(items),
		}},
	}}, nil
}

// whole reads an integer: from the query's text or from JSON.
func whole(v any) (int, bool) {
	switch v := v.(type) {
	case int64:
		return int(v), true
	case float64:
		return int(v), v == float64(int(v))
	}
	return 0, false
}

// words splits a list of names.
func words(names string) []string { return strings.Fields(names) }
