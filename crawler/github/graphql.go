// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// The queries. All of them cost one point of GitHub's budget, whatever the
// size of the page.
const (
	ownerQuery = `query($login: String!, $first: Int!, $after: String) {
  repositoryOwner(login: $login) {
    repositories(first: $first, after: $after, privacy: PUBLIC, ownerAffiliations: [OWNER], orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { endCursor hasNextPage }
      nodes { ...described }
    }
  }
}` + described

	singleQuery = `query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { ...described }
}` + described

	nodesQuery = `query($ids: [ID!]!) {
  nodes(ids: $ids) { ...described }
}` + described

	described = `
fragment described on Repository {
  databaseId nameWithOwner description isPrivate
  isFork parent { nameWithOwner isPrivate }
  isArchived isDisabled isLocked isEmpty
  defaultBranchRef { name target { oid } }
  createdAt pushedAt stargazerCount forkCount
  licenseInfo { spdxId } primaryLanguage { name }
  repositoryTopics(first: 20) { nodes { topic { name } } }
  yml: object(expression: "HEAD:publiccode.yml") { ...file }
  yaml: object(expression: "HEAD:publiccode.yaml") { ...file }
}
fragment file on GitObject {
  __typename oid
  ... on Blob { byteSize isBinary isTruncated text }
}`
)

// carried are the files that a query brings along, by their alias in it.
var carried = map[string]string{"yml": "publiccode.yml", "yaml": "publiccode.yaml"}

// queryError is one of the errors in a GraphQL answer.
type queryError struct {
	Type    string `json:"type"` // such as NOT_FOUND
	Message string `json:"message"`
	Path    []any  `json:"path"` // names and indexes of the field that failed
	// Extensions has a code where the query is at fault and not its execution.
	Extensions struct {
		Code string `json:"code"`
	} `json:"extensions"`
}

func (e *queryError) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Message + " (" + e.Type + ")"
}

func (e *queryError) Unwrap() error {
	switch e.Type {
	case "NOT_FOUND":
		return registry.ErrNotFound
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		return registry.ErrForbidden
	}
	return nil
}

// at is the failed field's place, such as nodes/3/licenseInfo.
func (e *queryError) at() string {
	var b strings.Builder
	for i, part := range e.Path {
		if i > 0 {
			b.WriteByte('/')
		}
		fmt.Fprint(&b, part)
	}
	return b.String()
}

type queryErrors []*queryError

// below returns the errors of the field at a place and of all inside it.
func (errs queryErrors) below(place string) queryErrors {
	var out queryErrors
	for _, e := range errs {
		if at := e.at(); at == place || strings.HasPrefix(at, place+"/") {
			out = append(out, e)
		}
	}
	return out
}

// err joins the errors; nil for none.
func (errs queryErrors) err() error {
	joined := make([]error, len(errs))
	for i, e := range errs {
		joined[i] = e
	}
	return errors.Join(joined...)
}

// query runs a query and decodes its data into data, of which errs says what
// is missing. Without any data it fails.
func (f *Forge) query(ctx context.Context, what, query string, variables map[string]any, data any) (errs queryErrors, err error) {
	body := map[string]any{"query": query, "variables": variables}
	client := f.client()
	req, err := client.NewRequest(http.MethodPost, f.graphql, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors queryErrors     `json:"errors"`
	}
	if _, err := client.Do(ctx, req, &answer); err != nil {
		return nil, translate(err, what)
	}
	if len(answer.Data) == 0 || string(answer.Data) == "null" {
		if len(answer.Errors) == 0 {
			return nil, fmt.Errorf("%s: the answer has no data", what)
		}
		return nil, fmt.Errorf("%s: %w", what, answer.Errors.err())
	}
	if err := json.Unmarshal(answer.Data, data); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return answer.Errors, nil
}

// smallerHelps reports whether a query that failed may do with a smaller page:
// GitHub cuts off what takes it more than ten seconds, in various ways.
func smallerHelps(ctx context.Context, err error) bool {
	var refused *net.OpError
	var name *net.DNSError
	var fault *queryError
	var answer *github.ErrorResponse
	switch {
	case ctx.Err() != nil,
		errors.Is(err, fetch.ErrUnavailable),
		errors.Is(err, registry.ErrNotFound),
		errors.Is(err, registry.ErrForbidden),
		errors.As(err, &name),
		errors.As(err, &refused) && refused.Op == "dial":
		return false
	case errors.As(err, &fault):
		return fault.Extensions.Code == ""
	case errors.As(err, &answer):
		return answer.Response == nil || answer.Response.StatusCode >= 500
	}
	return true // a time-out, a reset, an answer that is too large or was cut off
}

// pages is the size of the pages asked for: half of it after a failure, twice
// as much after a success.
type pages struct{ size int }

func (p *pages) shrink() bool {
	if p.size <= 1 {
		return false
	}
	p.size /= 2
	return true
}

func (p *pages) grow() { p.size = min(pageSize, 2*p.size) }

// patience bounds the repetitions of a page that may be too large: a smaller
// one is the better second try.
func (p *pages) patience(ctx context.Context) context.Context {
	if p.size > 1 {
		return fetch.WithAttempts(ctx, 2)
	}
	return ctx
}
