// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// Problem is the body of every answer of 400 and above. Its title says what could
// not be done, and code and type are not in use.
type Problem struct {
	Title            string            `json:"title"`
	Detail           string            `json:"detail,omitempty"`
	Status           int               `json:"status"`
	ValidationErrors []ValidationError `json:"validationErrors,omitempty"`
}

// ValidationError is one field that breaks a rule.
type ValidationError struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
	Value string `json:"value"` // as it was sent, 255 characters of it at most
}

func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

var (
	errToken    = &Problem{Title: "token authentication failed", Status: http.StatusUnauthorized}
	errReadOnly = &Problem{Detail: "this node takes no writes", Status: http.StatusNotFound}
	errJSON     = &Problem{Detail: "invalid or malformed JSON", Status: http.StatusBadRequest}
	errUnknown  = &Problem{Detail: "unknown field in JSON input", Status: http.StatusUnprocessableEntity}
	errTooLarge = &Problem{Detail: "the body is too large", Status: http.StatusRequestEntityTooLarge}
	errType     = &Problem{Detail: "send application/merge-patch+json (RFC 7396)", Status: http.StatusUnsupportedMediaType}
	errDateTime = unprocessable("invalid date time format (RFC 3339 needed)")
	errCursor   = unprocessable("wrong cursor format in page[after] or page[before]")
	errBusy     = &Problem{Detail: "the catalogue cannot answer at the moment, try again in a few seconds", Status: http.StatusServiceUnavailable}
	errInternal = &Problem{Detail: "Internal Server Error", Status: http.StatusInternalServerError}
)

func unprocessable(detail string) *Problem {
	return &Problem{Detail: detail, Status: http.StatusUnprocessableEntity}
}

func notFound(what string) *Problem {
	return &Problem{Detail: what + " was not found", Status: http.StatusNotFound}
}

func conflict(detail string) *Problem {
	return &Problem{Detail: detail, Status: http.StatusConflict}
}

// invalid is the problem of fields that break rules.
func invalid(errs ...ValidationError) *Problem {
	const most = 10
	errs = errs[:min(len(errs), most)]
	var says []string
	for i, e := range errs {
		errs[i].Value = cut(e.Value, 255)
		if e.Rule == "required" {
			says = append(says, e.Field+" is required")
		} else {
			says = append(says, e.Field+" is invalid")
		}
	}
	p := unprocessable("invalid format: " + strings.Join(says, ", "))
	p.ValidationErrors = errs
	return p
}

// Refuse is the answer to what failed. An error that is no *Problem is one of ours.
func Refuse(o Operation, err error) Answer {
	var p *Problem
	var cause error
	if !errors.As(err, &p) {
		cause = err
		p = errInternal
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, registry.ErrConflict) {
			p = errBusy
		}
	}
	told := *p
	if told.Title == "" {
		told.Title = o.Title
	}
	body, err := encode(told)
	return Answer{Status: told.Status, Type: "application/problem+json", Body: body, Err: errors.Join(cause, err)}
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
