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
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

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
		return fmt.Sprintf("%.200s", e.Message)
	}
	return fmt.Sprintf("%.200s (%.40s)", e.Message, e.Type)
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

// below returns the errors of the field at a place and of all inside it; for
// "" those that name no place.
func (errs queryErrors) below(place string) queryErrors {
	var out queryErrors
	for _, e := range errs {
		if at := e.at(); at == place || place != "" && strings.HasPrefix(at, place+"/") {
			out = append(out, e)
		}
	}
	return out
}

// but leaves errors out.
func (errs queryErrors) but(ignored func(error) bool) queryErrors {
	return slices.DeleteFunc(slices.Clone(errs), func(e *queryError) bool { return ignored(e) })
}

// of is why there is nothing at a place: nil where that is no fault. Where
// something else failed, that may be the reason too.
func (errs queryErrors) of(place string) error {
	if why := errs.below(place).err(); why != nil {
		return why
	}
	return errs.but(final).err()
}

// err joins the errors, the first of many; nil for none.
func (errs queryErrors) err() error {
	var joined []error
	for _, e := range errs[:min(len(errs), maxTold)] {
		joined = append(joined, e)
	}
	return errors.Join(joined...)
}

// maxTold is how many errors of one kind are told.
const maxTold = 3

// answer is a query's data by alias; errs says what is missing in it.
type answer struct {
	data map[string]json.RawMessage
	errs queryErrors
}

// errNoGraphQL is an instance that does not answer queries, now or later: what
// it is asked then goes over REST. It says nothing of what was asked for.
var errNoGraphQL = errors.New("no GraphQL there")

// unanswered is how many of the smallest queries in a row may fail until no
// other is tried.
const unanswered = 3

// query runs a query. Without any data it fails.
func (f *Forge) query(ctx context.Context, what, query string) (answer, error) {
	client := f.client()
	req, err := client.NewRequest(http.MethodPost, f.graphql, map[string]string{"query": query})
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", what, err)
	}
	var body struct {
		Data   map[string]json.RawMessage `json:"data"`
		Errors queryErrors                `json:"errors"`
	}
	if _, err := client.Do(ctx, req, &body); err != nil {
		var status *github.ErrorResponse
		switch {
		case errors.As(err, &status) && status.Response != nil && slices.Contains(notThere, status.Response.StatusCode),
			errors.Is(err, fetch.ErrAstray), errors.Is(err, fetch.ErrGuarded):
			return answer{}, fmt.Errorf("%s: %w: %w", what, errNoGraphQL, err)
		}
		return answer{}, translate(err, what)
	}
	body.Errors = slices.DeleteFunc(body.Errors, func(e *queryError) bool { return e == nil })
	if i := slices.IndexFunc(body.Errors, func(e *queryError) bool { return e.Type == resourceLimits }); i >= 0 {
		return answer{}, fmt.Errorf("%s: %w", what, body.Errors[i])
	}
	if body.Data == nil {
		if err := body.Errors.err(); err != nil {
			return answer{}, fmt.Errorf("%s: %w", what, err)
		}
		return answer{}, fmt.Errorf("%s: the answer has no data", what)
	}
	return answer{body.Data, body.Errors}, nil
}

// notThere are the statuses of an address that has no GraphQL.
var notThere = []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone}

// resourceLimits is the type of the error where a query takes GitHub too much:
// then what is null beside it may well be there.
const resourceLimits = "RESOURCE_LIMITS_EXCEEDED"

// get decodes what stands under an alias; out is as it was where nothing does.
// The error says why there is nothing: registry.ErrNotFound where the forge
// gives no other reason.
func (a answer) get(alias string, out any) error {
	raw, ok := a.data[alias]
	if ok && string(raw) != "null" {
		return json.Unmarshal(raw, out)
	}
	why := a.errs.of(alias)
	if why == nil {
		why = a.errs.below("").err()
	}
	switch {
	case why != nil:
		return why
	case !ok:
		return errors.New("the answer lacks it")
	}
	return registry.ErrNotFound
}

// literal writes a text as GraphQL has it: as JSON does.
func literal(text string) string {
	b, err := json.Marshal(text)
	if err != nil { // not for a string
		panic(err)
	}
	return string(b)
}

// smallerHelps reports whether a query that failed may do with a smaller page:
// GitHub cuts off what takes it more than ten seconds, in various ways.
func smallerHelps(ctx context.Context, err error) bool {
	var refused *net.OpError
	var name *net.DNSError
	var fault *queryError
	var answer *github.ErrorResponse
	var primary *github.RateLimitError
	var secondary *github.AbuseRateLimitError
	switch {
	case errors.As(err, &primary),
		errors.As(err, &secondary),
		fetch.Hopeless(ctx, err),
		errors.Is(err, errNoGraphQL),
		errors.Is(err, registry.ErrNotFound),
		errors.Is(err, registry.ErrForbidden),
		errors.As(err, &name),
		errors.As(err, &refused) && refused.Op == "dial" && !errors.Is(err, fetch.ErrGuarded): // a redirect leads to the guard
		return false
	case errors.As(err, &fault):
		return fault.Extensions.Code == ""
	case errors.As(err, &answer):
		return answer.Response == nil || answer.Response.StatusCode >= 500
	}
	return true // a time-out, a reset, an answer that is too large or was cut off
}

// Sizes of queries.
const (
	pageSize    = 100  // the most that GitHub gives on a page
	maxLight    = 500  // repositories, in several pages, without their files
	maxInstance = 1000 // the same where the pages are only of node ids
	// quick is an answer after which a query of twice the size will do, with
	// GitHub's limit of ten seconds in mind.
	quick = 2 * time.Second
)

// pages is how much is asked for in one query: half after a failure, twice as
// much after a success.
type pages struct {
	size, most int
}

func (p *pages) shrink() bool {
	if p.size <= 1 {
		return false
	}
	p.size /= 2
	p.most = min(p.most, max(p.size, pageSize)) // what is unusual is not tried twice
	return true
}

// grow goes beyond an ordinary page only where the answer was quick.
func (p *pages) grow(took time.Duration) {
	if p.size < pageSize || took < quick {
		p.size = min(p.most, 2*p.size)
	}
}

// patience bounds the repetitions of a query that may be too large: a smaller
// one is the better second try.
func (p *pages) patience(ctx context.Context) context.Context {
	if p.size > 1 {
		return fetch.WithAttempts(ctx, 2)
	}
	return ctx
}

// smaller reports whether to ask again for less, after a pause in which the
// forge may recover. stop is the context's error.
func (f *Forge) smaller(ctx context.Context, size *pages, err error) (again bool, stop error) {
	if !smallerHelps(ctx, err) || !size.shrink() {
		return false, nil
	}
	pause := time.NewTimer(f.pause)
	defer pause.Stop()
	select {
	case <-pause.C:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// ofAll is the error of the last of several smallest queries that failed in a
// row. Where all their answers are endless, there is no GraphQL.
func ofAll(err error) error {
	if errors.Is(err, registry.ErrTooLarge) {
		return fmt.Errorf("%w: %w", errNoGraphQL, err)
	}
	return err
}

// each asks about things, as many at once as the size allows. ask answers for
// all that it is handed or says why it cannot; what it cannot answer for alone
// is given up. The error is one that smaller queries do not mend, or that all of
// them have.
func each[T any](ctx context.Context, f *Forge, size *pages, things []T, ask func(context.Context, []T) error, giveUp func(T, error)) error {
	for failed := 0; len(things) > 0; {
		n := min(size.size, len(things))
		began := f.now()
		err := ask(size.patience(ctx), things[:n])
		if err == nil {
			size.grow(f.now().Sub(began))
			things = things[n:]
			failed = 0
			continue
		}
		size.size = n
		switch again, stop := f.smaller(ctx, size, err); {
		case stop != nil:
			return stop
		case again:
			continue
		case !smallerHelps(ctx, err):
			return err
		}
		if failed++; failed == unanswered {
			return ofAll(err)
		}
		giveUp(things[0], err)
		things = things[1:]
		size.grow(0)
	}
	return nil
}
