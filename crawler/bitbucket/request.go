// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// maxAnswer bounds answers in JSON, in bytes; a hundred repositories take a
// tenth of it.
const maxAnswer = 4 << 20

// answer is what came back with status 200.
type answer struct {
	body []byte
	file bool // the bytes of a file, not an answer in JSON
}

// list is a page of a list ("Pagination" in the API's introduction).
type list[T any] struct {
	Values []*T   `json:"values"`
	Next   string `json:"next"`
	Size   *int   `json:"size"` // of the whole list; many do not tell
}

// get asks for what is at a path of the API, of at most limit bytes.
func (f *Forge) get(ctx context.Context, path []string, query url.Values, limit int64) (answer, error) {
	u := *f.api
	var raw strings.Builder
	raw.WriteString(u.EscapedPath())
	for _, segment := range path {
		raw.WriteString("/" + url.PathEscape(segment))
	}
	u.Path, u.RawPath, u.RawQuery = u.Path+"/"+strings.Join(path, "/"), raw.String(), query.Encode()
	what := u.Redacted()
	req, err := http.NewRequestWithContext(fetch.WithLimit(ctx, limit), http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	resp, err := f.http.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", what, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return answer{}, fmt.Errorf("%s: %w", what, err)
	case resp.StatusCode != http.StatusOK:
		return answer{}, fmt.Errorf("%s: %w", what, failure(resp, body))
	case int64(len(body)) > limit:
		return answer{}, fmt.Errorf("%w: %s is over %d bytes", registry.ErrTooLarge, what, limit)
	}
	disposition, _, _ := strings.Cut(resp.Header.Get("Content-Disposition"), ";")
	return answer{body, strings.EqualFold(strings.TrimSpace(disposition), "attachment")}, nil
}

// ask is get for an answer in JSON.
func (f *Forge) ask(ctx context.Context, path []string, query url.Values, into any) error {
	a, err := f.get(fetch.WithValues(ctx, crawler.MaxValues), path, query, maxAnswer)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", f.api.JoinPath(path...).Redacted(), err)
	}
	return nil
}

// failure translates a status. Only Bitbucket's own word, which is in JSON, says
// that something is not there.
func failure(resp *http.Response, body []byte) error {
	var said struct {
		Type  string `json:"type"`
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	own := json.Unmarshal(body, &said) == nil && said.Type == "error"
	switch status := resp.StatusCode; {
	case status == http.StatusNotFound && own:
		return fmt.Errorf("%w: %.200q", registry.ErrNotFound, said.Error.Message)
	case status == http.StatusGone && own:
		return fmt.Errorf("%w: %.200q", registry.ErrGone, said.Error.Message)
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%w: status %d; a token may help: %.200q", registry.ErrForbidden, status, said.Error.Message)
	default:
		return fmt.Errorf("status %d: %.200q", status, said.Error.Message)
	}
}

// following is the query of the page that a page leads to: of the address no
// more is taken, so that no answer leads elsewhere. nil is the end.
func following(next string) (url.Values, error) {
	if next == "" {
		return nil, nil
	}
	u, err := url.Parse(next)
	if err != nil {
		return nil, fmt.Errorf("the address of the next page cannot be read: %.200q", next)
	}
	return u.Query(), nil
}
