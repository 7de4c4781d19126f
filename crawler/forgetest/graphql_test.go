// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"encoding/json"
	"strings"
	"testing"
)

func graphQLWorld() *graphQLObject {
	g := &github{base: "https://github.example", world: New(
		Repo{Forge: "github", Path: "stadt/wahl", ID: 1, Topics: []string{"a", "b", "c"}, Files: map[string][]byte{
			"publiccode.yml": []byte("name: Wahl\n"), "bin": {0, 1}, "docs/x.md": []byte("x"),
		}},
		Repo{Forge: "github", Path: "stadt/gabel", ID: 2, Parent: "stadt/wahl", Files: map[string][]byte{"x": nil}},
		Repo{Forge: "github", Path: "stadt/leer", ID: 3},
	)}
	return g.query()
}

func TestGraphQL(t *testing.T) {
	for name, tt := range map[string]struct {
		query     string
		variables map[string]any
		want      string
	}{
		"aliases and arguments": {
			query: `{ a: repository(owner: "stadt", name: "wahl") { n: name } b: repository(owner: "stadt", name: "leer") { name isEmpty } }`,
			want:  `{"data":{"a":{"n":"wahl"},"b":{"isEmpty":true,"name":"leer"}}}`,
		},
		"variables and defaults": {
			query:     `query($owner: String!, $name: String = "leer") { repository(owner: $owner, name: $name) { nameWithOwner } }`,
			variables: map[string]any{"owner": "stadt"},
			want:      `{"data":{"repository":{"nameWithOwner":"stadt/leer"}}}`,
		},
		"fragments": {
			query: `{ repositoryOwner(login: "STADT") { __typename ...o ... on User { id } ... on Organization { login } } } fragment o on RepositoryOwner { databaseId: login }`,
			want:  `{"data":{"repositoryOwner":{"__typename":"Organization","databaseId":"stadt","login":"stadt"}}}`,
		},
		"fields are merged": {
			query: `{ repository(owner: "stadt", name: "gabel") { parent { name } parent { isFork } } }`,
			want:  `{"data":{"repository":{"parent":{"isFork":false,"name":"wahl"}}}}`,
		},
		"directives": {
			query:     `query($yes: Boolean!) { repository(owner: "stadt", name: "wahl") { name @skip(if: $yes) isFork @include(if: $yes) } }`,
			variables: map[string]any{"yes": true},
			want:      `{"data":{"repository":{"isFork":false}}}`,
		},
		"first page": {
			query: `{ repository(owner: "stadt", name: "wahl") { repositoryTopics(first: 2) { totalCount nodes { topic { name } } pageInfo { hasNextPage endCursor } } } }`,
			want:  `{"data":{"repository":{"repositoryTopics":{"nodes":[{"topic":{"name":"a"}},{"topic":{"name":"b"}}],"pageInfo":{"endCursor":"Y3Vyc29yOmI=","hasNextPage":true},"totalCount":3}}}}`,
		},
		"last page": {
			query:     `query($after: String) { repository(owner: "stadt", name: "wahl") { repositoryTopics(first: 2, after: $after) { edges { node { topic { name } } } pageInfo { hasNextPage hasPreviousPage } } } }`,
			variables: map[string]any{"after": "Y3Vyc29yOmI="},
			want:      `{"data":{"repository":{"repositoryTopics":{"edges":[{"node":{"topic":{"name":"c"}}}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true}}}}}`,
		},
		"number alone": {
			query: `{ repositoryOwner(login: "stadt") { repositories(privacy: PUBLIC) { totalCount } } }`,
			want:  `{"data":{"repositoryOwner":{"repositories":{"totalCount":3}}}}`,
		},
		"order": {
			query: `{ repositoryOwner(login: "stadt") { repositories(first: 5, orderBy: {field: NAME, direction: DESC}, isFork: false) { nodes { name } } } }`,
			want:  `{"data":{"repositoryOwner":{"repositories":{"nodes":[{"name":"wahl"},{"name":"leer"}]}}}}`,
		},
		"objects": {
			query: `{ repository(owner: "stadt", name: "wahl") {
				yml: object(expression: "HEAD:publiccode.yml") { __typename ... on Blob { text byteSize isBinary isTruncated } }
				bin: object(expression: "main:bin") { ... on Blob { text isBinary } }
				dir: object(expression: "HEAD:docs") { __typename }
				none: object(expression: "HEAD:none") { oid } } }`,
			want: `{"data":{"repository":{"bin":{"isBinary":true,"text":null},"dir":{"__typename":"Tree"},"none":null,"yml":{"__typename":"Blob","byteSize":11,"isBinary":false,"isTruncated":false,"text":"name: Wahl\n"}}}}`,
		},
		"one item fails": {
			query: `{ nodes(ids: ["R_1", "R_9"]) { ... on Repository { name } } }`,
			want:  `{"data":{"nodes":[{"name":"wahl"},null]},"errors":[{"type":"NOT_FOUND","message":"Could not resolve to a node with the global id of 'R_9'","path":["nodes",1]}]}`,
		},
		"not found": {
			query: `{ x: repository(owner: "stadt", name: "none") { name } }`,
			want:  `{"data":{"x":null},"errors":[{"type":"NOT_FOUND","message":"Could not resolve to a Repository with the name 'stadt/none'.","path":["x"]}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			answer := runGraphQL(graphQLWorld(), graphQLRequest{Query: tt.query, Variables: tt.variables})
			got, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestGraphQLErrors(t *testing.T) {
	var nested strings.Builder
	for range 12 {
		nested.WriteString("...f ")
	}
	for name, tt := range map[string]struct{ query, want string }{
		"unknown field":      {`{ repository(owner: "stadt", name: "wahl") { colour } }`, "Field 'colour' doesn't exist on type 'Repository'"},
		"unknown root":       {`{ repo { name } }`, "Field 'repo' doesn't exist on type 'Query'"},
		"unknown argument":   {`{ repository(id: 1) { name } }`, "'id'"},
		"argument on scalar": {`{ repository(owner: "stadt", name: "wahl") { name(x: 1) } }`, "'x'"},
		"unknown fragment":   {`{ ...f }`, "Fragment f"},
		"unknown directive":  {`{ repository(owner: "stadt", name: "wahl") { name @x } }`, "@x"},
		"no selection":       {`{ repository(owner: "stadt", name: "wahl") }`, "must have selections"},
		"selection":          {`{ repository(owner: "stadt", name: "wahl") { name { x } } }`, "scalars"},
		"conflict":           {`{ repository(owner: "stadt", name: "wahl") { x: name x: isFork } }`, "conflict"},
		"mutation":           {`mutation { x }`, "mutation"},
		"syntax":             {`{ repository(`, "Parse error"},
		"nothing":            {``, "No operation"},
		"no variable":        {`query($x: String!) { repositoryOwner(login: $x) { login } }`, "$x"},
		"page of everything": {`{ repositoryOwner(login: "stadt") { repositories { nodes { name } } } }`, "`first`"},
		"page too large":     {`{ repositoryOwner(login: "stadt") { repositories(first: 101) { totalCount } } }`, "101"},
		"bad cursor":         {`{ repositoryOwner(login: "stadt") { repositories(first: 1, after: "x") { totalCount } } }`, "cursor"},
		"bad order":          {`{ repositoryOwner(login: "stadt") { repositories(first: 1, orderBy: {field: SIZE}) { totalCount } } }`, "SIZE"},
		"fragment in itself": {`{ repositoryOwner(login: "stadt") { ...f } } fragment f on RepositoryOwner { repositories(first: 9) { nodes { owner { ...f } } } }`, "nested deeper"},
		"fragment in fields": {`{ ...f } fragment f on Query { repository(owner: "a", name: "b") { name } ` + nested.String() + `}`, "Could not resolve"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := runGraphQL(graphQLWorld(), graphQLRequest{Query: tt.query})
			if len(answer.Errors) == 0 || !strings.Contains(answer.Errors[0].Message, tt.want) {
				got, _ := json.Marshal(answer)
				t.Errorf("%s does not say %q", got, tt.want)
			}
		})
	}
}

func FuzzGraphQL(f *testing.F) {
	f.Add(`query($x: String = "a") { repository(owner: $x, name: "wahl") { ...f } } fragment f on Repository { name }`, "{}")
	f.Add(`{ nodes(ids: [1, {a: 2}, "R_1"]) { id ... on Repository @skip(if: 1) { object(expression: "HEAD:") { oid } } } }`, `{"x": [1]}`)
	root := graphQLWorld()
	f.Fuzz(func(t *testing.T, query, variables string) {
		request := graphQLRequest{Query: query}
		if json.Unmarshal([]byte(variables), &request.Variables) != nil {
			return
		}
		answer := runGraphQL(root, request)
		if _, err := json.Marshal(answer); err != nil {
			t.Fatal(err)
		}
		if answer.Data == nil && len(answer.Errors) == 0 {
			t.Fatalf("neither data nor errors for %q", query)
		}
	})
}
