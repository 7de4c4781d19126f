// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"fmt"
	"net/http"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/registry"
)

// failure translates an error of the library, which keeps the status in the
// response. what was asked for begins its message.
func failure(resp *gitea.Response, err error, what string) error {
	code := status(resp)
	switch code {
	case http.StatusNotFound:
		return fmt.Errorf("%s: %w", what, registry.ErrNotFound)
	case http.StatusGone:
		return fmt.Errorf("%s: %w", what, registry.ErrGone)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%s: %w: Forgejo answered %d; a token may help", what, registry.ErrForbidden, code)
	}
	if code < 300 {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: Forgejo answered %d: %.200q", what, code, err.Error())
}

// status is that of a response; 0 where there is none.
func status(resp *gitea.Response) int {
	if resp == nil || resp.Response == nil {
		return 0
	}
	return resp.StatusCode
}
