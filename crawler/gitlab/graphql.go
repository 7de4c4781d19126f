// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// graphQLPath is where GraphQL is, below the instance's address.
const graphQLPath = "/api/graphql"

// maxEndless is how many answers in a row may be too large, each to a smaller
// query than the one before, until no other is tried.
const maxEndless = 6

// errNoGraphQL is an instance that has no GraphQL, or another than is needed:
// what it is asked then goes over REST.
var errNoGraphQL = errors.New("no GraphQL as it is needed")

// complexityError is a query that GitLab finds too costly. limit is 200 for
// strangers and 250 for those with a token, if nobody changed it.
type complexityError struct{ score, limit int }

func (e *complexityError) Error() string {
	return fmt.Sprintf("a query of complexity %d is over the limit of %d", e.score, e.limit)
}

var tooComplex = regexp.MustCompile(`complexity of (\d{1,9}), which exceeds max complexity of (\d{1,9})`)

// query asks GraphQL, which decodes into data. Errors beside data are an error:
// GitLab gives up on a query that takes too long, and the answer then lacks
// parts.
func (f *Forge) query(ctx context.Context, text string, variables map[string]any, data any) error {
	address := f.base.JoinPath(graphQLPath).String()
	body, err := json.Marshal(map[string]any{"query": text, "variables": variables})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.http.Do(req)
	switch {
	case errors.Is(err, fetch.ErrAstray), errors.Is(err, fetch.ErrGuarded):
		return f.withoutGraphQL(err.Error())
	case errors.Is(err, registry.ErrTooLarge) && f.endless.Add(1) == maxEndless:
		return f.withoutGraphQL(err.Error())
	case err != nil:
		return err
	}
	defer resp.Body.Close()
	f.endless.Store(0)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		return fmt.Errorf("%s: GitLab answered %d", address, resp.StatusCode)
	case resp.StatusCode != http.StatusOK:
		f.reticent.Store(true)
		return f.withoutGraphQL(fmt.Sprintf("answered %d", resp.StatusCode))
	}
	var answer struct {
		Data   json.RawMessage
		Errors []*struct{ Message string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return f.withoutGraphQL("an answer that is none")
	}
	if len(answer.Errors) > 0 {
		message := "no reason given"
		if first := answer.Errors[0]; first != nil {
			message = first.Message
		}
		if m := tooComplex.FindStringSubmatch(message); m != nil {
			score, _ := strconv.Atoi(m[1]) // both are digits
			limit, _ := strconv.Atoi(m[2])
			return &complexityError{score, limit}
		}
		if answer.Data == nil {
			return f.withoutGraphQL(message) // the query is not valid there
		}
		return fmt.Errorf("%s: %.200q", address, message)
	}
	if len(answer.Data) == 0 || string(answer.Data) == "null" || json.Unmarshal(answer.Data, data) != nil {
		return f.withoutGraphQL("an answer that is none")
	}
	return nil
}

// withoutGraphQL makes REST the way to read the instance from now on.
func (f *Forge) withoutGraphQL(why string) error {
	f.noGraphQL.Store(true)
	return fmt.Errorf("%s: %w: %.200s", f.base, errNoGraphQL, why)
}

// lessHelps reports whether asking for less may go well where a query failed.
func lessHelps(ctx context.Context, err error) bool {
	return err != nil && !errors.Is(err, errNoGraphQL) && !fetch.Hopeless(ctx, err)
}

// patience bounds the repetitions of a query that can be made smaller: that is
// the better second try.
func patience(ctx context.Context) context.Context { return fetch.WithAttempts(ctx, 2) }

// inParts asks for things in as large parts as GitLab answers: at most a page,
// a tenth where that fails, down to one. ask gets the things of one part. The
// things that fail alone are handed to lost, which may be nil.
func inParts[T any](ctx context.Context, things []T, ask func(context.Context, []T) error, lost func(T, error)) error {
	for size := pageSize; len(things) > 0; {
		n := min(size, len(things))
		asked := ctx
		if n > 1 {
			asked = patience(ctx)
		}
		err := ask(asked, things[:n])
		costly := (*complexityError)(nil)
		switch {
		case err == nil:
			size = min(pageSize, 2*n)
		case !lessHelps(ctx, err):
			return err
		case errors.As(err, &costly) && n > 1:
			size = n / 2
			continue
		case n > 1:
			size = max(1, n/10)
			continue
		case lost == nil:
			return err
		default:
			lost(things[0], err)
		}
		things = things[n:]
	}
	return nil
}
