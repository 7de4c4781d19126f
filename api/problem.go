// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// problem is the body of every answer of 400 and above: problem details by
// RFC 9457. Its type is always about:blank, so that title is the phrase of the
// status.
type problem struct {
	Type     string  `json:"type"`
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail"`
	Instance string  `json:"instance,omitempty"`
	Errors   []fault `json:"errors,omitempty"`

	header map[string]string // of the answer
}

func (p *problem) Error() string { return fmt.Sprintf("%d: %s", p.Status, p.Detail) }

// fault is one thing wrong with the input; the form is that of the Dutch API
// Design Rules.
type fault struct {
	In       string    `json:"in"` // query, or body
	Location *location `json:"location,omitempty"`
	Code     string    `json:"code"`
	Detail   string    `json:"detail"`
}

// location says which parameter is meant, and which of its values where there
// are several; or the JSON pointer (RFC 6901) of what is meant in the body.
type location struct {
	Name    string `json:"name,omitempty"`
	Index   *int   `json:"index,omitempty"`
	Pointer string `json:"pointer,omitempty"`
}

// The codes of faults.
const (
	codeUnknown   = "unknown"   // no such parameter here
	codeMissing   = "missing"   // has to be given
	codeRepeated  = "repeated"  // given twice, takes one value
	codeTooMany   = "too-many"  // more values than are taken
	codeMalformed = "malformed" // cannot be decoded, or has the wrong form
	codeForbidden = "forbidden" // not one of the values there are
)

var (
	errNoResource = &problem{Status: http.StatusNotFound, Detail: "There is nothing at this address. All addresses are in /v1/openapi.json."}
	errNoEntry    = &problem{Status: http.StatusNotFound, Detail: "The catalogue has no entry with this id. An id is the address of the repository without https:// and .git, such as github.com/owner/repo, without a slash at its end."}
	errNoFile     = &problem{Status: http.StatusNotFound, Detail: "The catalogue keeps no raw file of this entry."}
	errGone       = &problem{Status: http.StatusGone, Detail: "The catalogue had an entry with this id and has it no longer, in most cases because the repository or its publiccode.yml is not there any more. What it was, /v1/history/{id} tells."}
	errNotThen    = &problem{Status: http.StatusNotFound, Detail: "The catalogue has no state of an entry with this id from that time: it was added later, or never. /v1/history/{id} lists the states there are."}
	errGoneThen   = &problem{Status: http.StatusGone, Detail: "The entry with this id had been removed at that time. /v1/history/{id} lists the states there are."}
	errBusy       = &problem{Status: http.StatusServiceUnavailable, Detail: "The catalogue cannot answer at the moment. Try again in a few seconds."}
	errInternal   = &problem{Status: http.StatusInternalServerError, Detail: "Something went wrong on our side. The operator finds the cause in the log."}
)

// wrongMethod is the answer where only the listed methods are known.
func wrongMethod(allowed string) *problem {
	return &problem{Status: http.StatusMethodNotAllowed, Detail: "This address does not know the method. It knows " + allowed + "."}
}

func badRequest(faults []fault) *problem {
	details := make([]string, len(faults))
	for i, f := range faults {
		details[i] = f.Detail
	}
	return &problem{Status: http.StatusBadRequest, Detail: strings.Join(details, " "), Errors: faults}
}

// problemOf is the one place where errors become statuses.
func problemOf(err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, registry.ErrNotFound):
		return errNoEntry
	case errors.Is(err, registry.ErrGone):
		return errGone
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errBusy
	}
	return errInternal
}

// refuse answers with the problem that err comes to, and logs what the
// operator has to know and the client has not.
func (a *api) refuse(c *gin.Context, err error) {
	p := *problemOf(err)
	p.Type = "about:blank"
	p.Title = http.StatusText(p.Status)
	p.Instance = instance(c.Request.URL)
	if p.Status == http.StatusUnauthorized {
		a.limits.failed(c)
	}
	if p.Status >= 500 && !errors.Is(err, context.Canceled) {
		a.log.ErrorContext(c.Request.Context(), "request failed", "request", c.Writer.Header().Get(headerRequestID), "method", c.Request.Method, "path", logPath(c.Request.URL), "error", err)
	}
	var told any = p
	if inCompat(c.Request.URL.Path) {
		told = compatProblem(&p)
	}
	body, encodeErr := encode(told)
	if encodeErr != nil { // strings and integers: cannot be
		body = nil
	}
	ans := &answer{status: p.Status, contentType: typeProblem, body: body, cache: cacheNever, header: p.header}
	if p.Status == http.StatusServiceUnavailable {
		ans.header = map[string]string{"Retry-After": "5"}
	}
	ans.write(c)
}

// instance is the path that was asked for, as a URI reference. One that would
// lead elsewhere or is not worth repeating is left out.
func instance(u *url.URL) string {
	path := (&url.URL{Path: u.Path}).EscapedPath()
	if len(path) > 512 || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return ""
	}
	return path
}
