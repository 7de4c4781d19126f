// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// location is where a catalogue lies: an address or a file.
type location struct {
	url  *url.URL // nil for a file
	path string
}

func (l location) String() string {
	if l.url == nil {
		return l.path
	}
	return l.url.Redacted()
}

func parseLocation(s string) (location, error) {
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") {
		return location{path: filepath.FromSlash(s)}, nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return location{}, fmt.Errorf("%q is no address", cut(s))
	case u.Scheme == "file" && u.Host == "" && u.Opaque == "" && u.RawQuery == "" && u.Fragment == "" && u.Path != "":
		return location{path: filepath.FromSlash(u.Path)}, nil
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return location{}, fmt.Errorf("%q must be an https:// address, file:///PATH, or a path that begins with / or ./", cut(s))
	case u.User != nil:
		return location{}, errors.New("credentials do not belong into the address of a catalogue")
	case u.Fragment != "":
		return location{}, fmt.Errorf("%q must have no fragment", cut(s))
	}
	return location{url: u}, nil
}

// answer is a document, or the page of an API.
type answer struct {
	body []byte // without a byte order mark
	tag  string // the entity tag; "" where there is none
}

// read fetches the document at the location; ErrUnchanged where it still has
// the tag.
func (l location) read(ctx context.Context, client *http.Client, tag string) (answer, error) {
	if l.url == nil {
		body, err := readFile(l.path)
		return answer{body: body}, err
	}
	return get(ctx, client, l.url, tag)
}

func readFile(path string) ([]byte, error) {
	// A pipe or a device would block, or never end.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: it is no regular file", registry.ErrInvalid)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f)
}

func readAll(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err == nil && len(body) > maxSize {
		err = fmt.Errorf("%w: over %d bytes", registry.ErrTooLarge, maxSize)
	}
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), err
}

func get(ctx context.Context, client *http.Client, u *url.URL, tag string) (answer, error) {
	req, err := http.NewRequestWithContext(fetch.WithLimit(ctx, maxSize), http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	req.Header.Set("Accept", "application/json, */*;q=0.5")
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return answer{}, statusError(resp, u, tag)
	}
	body, err := readAll(resp.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	return answer{body: body, tag: resp.Header.Get("ETag")}, nil
}

func statusError(resp *http.Response, u *url.URL, tag string) error {
	var kind error
	switch resp.StatusCode {
	case http.StatusNotModified:
		if tag != "" {
			return ErrUnchanged
		}
		kind = registry.ErrInvalid
	case http.StatusNotFound:
		kind = registry.ErrNotFound
	case http.StatusGone:
		kind = registry.ErrGone
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		kind = registry.ErrForbidden
	default:
		return fmt.Errorf("%s answers %s", u.Redacted(), resp.Status)
	}
	return fmt.Errorf("%w: %s answers %s", kind, u.Redacted(), resp.Status)
}
