// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"errors"
	"fmt"
	"net/http"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/registry"
)

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
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%s: %w: GitLab answered %d; a token may help", what, registry.ErrForbidden, resp.StatusCode)
	case http.StatusGone:
		return fmt.Errorf("%s: %w", what, registry.ErrGone)
	}
	return fmt.Errorf("%s: GitLab answered %d", what, resp.StatusCode)
}
