// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

var (
	// errNotGit is an answer of something that is no git over smart HTTP.
	errNotGit = errors.New("not git's answer")
	// errDamaged is an answer of git that cannot be what it meant.
	errDamaged = errors.New("damaged answer")
	// errRefused is an answer in which git says why it gives none.
	errRefused = errors.New("git on the server refuses")
)

// do sends a request and reads an answer of at most limit bytes. It returns
// the last request of a chain of redirects.
func (f *Forge) do(req *http.Request, limit int64) ([]byte, *http.Request, error) {
	what := req.URL.Redacted()
	resp, err := f.http.Do(req.WithContext(fetch.WithLimit(req.Context(), limit)))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", what, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, nil, fmt.Errorf("%s: %w", what, registry.ErrNotFound)
	case http.StatusGone:
		return nil, nil, fmt.Errorf("%s: %w", what, registry.ErrGone)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return nil, nil, fmt.Errorf("%s: %w: the host answered %d; a token may help", what, registry.ErrForbidden, resp.StatusCode)
	default:
		return nil, nil, fmt.Errorf("%s: the host answered %d", what, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", what, err)
	case int64(len(body)) > limit:
		return nil, nil, fmt.Errorf("%w: %s is over %d bytes", registry.ErrTooLarge, what, limit)
	}
	return body, resp.Request, nil
}
