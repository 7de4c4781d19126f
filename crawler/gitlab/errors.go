// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"errors"
	"fmt"
	"net/http"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// errNull is an answer that has null where a list should be. An empty list is
// not meant: what is not listed is removed from the catalogue.
var errNull = errors.New("null in place of a list")

// failure translates an error of the library. what was asked for begins its
// message.
func failure(err error, what string) error {
	if errors.Is(err, gl.ErrNotFound) {
		return fmt.Errorf("%s: %w", what, registry.ErrNotFound)
	}
	if answer := (*gl.ErrorResponse)(nil); errors.As(err, &answer) {
		return refusal(answer.Response, what)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// refusal is the error of an answer that is no success.
func refusal(resp *http.Response, what string) error {
	switch sentinel := fetch.Sentinel(resp.StatusCode); {
	case errors.Is(sentinel, registry.ErrForbidden):
		return fmt.Errorf("%s: %w: GitLab answered %d; a token may help", what, sentinel, resp.StatusCode)
	case errors.Is(sentinel, registry.ErrGone):
		return fmt.Errorf("%s: %w", what, sentinel)
	}
	return fmt.Errorf("%s: GitLab answered %d", what, resp.StatusCode)
}
