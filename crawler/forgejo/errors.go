// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"errors"
	"fmt"
	"strings"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// errNull is an answer that has null where a list should be. An empty list is
// not meant: what is not listed is removed from the catalogue.
var errNull = errors.New("null in place of a list")

// noMessage is how the library's error begins where the answer is not Forgejo's
// own, such as a proxy's page.
const noMessage = "unknown API error"

// failure translates an error of the library, which keeps the status in the
// response. what was asked for begins its message. Only Forgejo's own word says
// that something is not there.
func failure(resp *gitea.Response, err error, what string) error {
	code := status(resp)
	sentinel := fetch.Sentinel(code)
	switch {
	case code < 300:
		return fmt.Errorf("%s: %w", what, err)
	case errors.Is(sentinel, registry.ErrForbidden):
		return fmt.Errorf("%s: %w: Forgejo answered %d; a token may help", what, sentinel, code)
	case sentinel != nil && !strings.HasPrefix(err.Error(), noMessage):
		return fmt.Errorf("%s: %w", what, sentinel)
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
