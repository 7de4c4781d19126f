// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// getTimeout bounds a Get as a whole: nothing depends on it, and the next visit
// tries again.
const getTimeout = 15 * time.Second

// Get fetches what is at an address that a repository names: an image, a
// release's asset. Its errors are registry.ErrNotFound and ErrGone where nothing
// is there, ErrForbidden where it is refused, ErrTooLarge over limit bytes,
// ErrInvalid for what is no address to be asked, or a private one; all else could not be found
// out. media is without parameters, "" where the server does not say.
func (c *Client) Get(ctx context.Context, address string, limit int64) (body []byte, media string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, "", fmt.Errorf("%w: no web address", registry.ErrInvalid)
	}
	ctx, cancel := context.WithTimeout(WithAttempts(WithLimit(ctx, limit), 1), getTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	resp, err := c.http.Do(req)
	switch {
	case errors.Is(err, ErrGuarded):
		return nil, "", fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	case err != nil:
		return nil, "", err
	}
	defer resp.Body.Close()
	if err := ofStatus(resp); err != nil {
		return nil, "", err
	}
	body, err = io.ReadAll(resp.Body)
	media, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return body, media, err
}

// ofStatus makes an error of an answer that is not 200.
func ofStatus(resp *http.Response) error {
	switch sentinel := Sentinel(resp.StatusCode); {
	case resp.StatusCode == http.StatusOK:
		return nil
	case sentinel != nil:
		return fmt.Errorf("%w: %s answered %s", sentinel, resp.Request.URL.Host, resp.Status)
	}
	return fmt.Errorf("%s answered %s", resp.Request.URL.Host, resp.Status)
}

// Sentinel is the error of package registry that a status stands for, nil where
// it stands for none.
func Sentinel(status int) error {
	switch status {
	case http.StatusNotFound:
		return registry.ErrNotFound
	case http.StatusGone:
		return registry.ErrGone
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return registry.ErrForbidden
	}
	return nil
}

// Refused reports whether an error is one of a Sentinel: the host has answered,
// and will not say anything else.
func Refused(err error) bool {
	return errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone) || errors.Is(err, registry.ErrForbidden)
}
