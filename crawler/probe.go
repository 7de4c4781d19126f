// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// The kinds of forge.
const (
	GitHub    = "github"
	GitLab    = "gitlab"
	Forgejo   = "forgejo"   // and Gitea
	Bitbucket = "bitbucket" // Bitbucket Cloud
	Git       = "git"       // plain git; no answer gives it away, so it has to be configured
	Folder    = "folder"    // a folder of this machine, which has to be configured too
)

// Probe finds out what kind of forge serves an address, by the answer of the
// API that only that kind has. An address that serves none of them is
// registry.ErrInvalid.
func Probe(ctx context.Context, client *http.Client, base *url.URL) (string, error) {
	// There is one Bitbucket Cloud, and its API has a host of its own.
	if host := strings.TrimPrefix(strings.ToLower(base.Hostname()), "www."); host == "bitbucket.org" {
		return Bitbucket, nil
	}
	ctx = fetch.WithAttempts(fetch.WithLimit(ctx, 1<<20), 3)
	var tried []string
	for _, p := range probes {
		u := base.JoinPath(p.path).String()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
		if err != nil {
			return "", fmt.Errorf("%w: %w", registry.ErrInvalid, err)
		}
		req.Header.Set("Accept", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			if ctx.Err() != nil {
				return "", ctx.Err()
			}
			// Who cannot be reached for one question cannot for the others.
			if op := (*net.OpError)(nil); errors.As(err, &op) || errors.Is(err, fetch.ErrUnavailable) {
				return "", err
			}
			tried = append(tried, err.Error())
			continue
		}
		var answer probed
		err = json.NewDecoder(resp.Body).Decode(&answer)
		resp.Body.Close()
		answer.status, answer.isJSON = resp.StatusCode, err == nil
		switch {
		case resp.Header.Get("X-GitHub-Request-Id") != "":
			// GitHub signs every answer, also that to a path it does not have.
			return GitHub, nil
		case p.matches(answer):
			return p.kind, nil
		}
		tried = append(tried, fmt.Sprintf("%s: %s", u, resp.Status))
	}
	return "", fmt.Errorf("%w: %s answers like no forge that is known; name its kind under forges (asked %s)", registry.ErrInvalid, base.Redacted(), strings.Join(tried, "; "))
}

// probed is the answer to a probe.
type probed struct {
	status  int
	isJSON  bool
	Version string `json:"version"`
	Message string `json:"message"`
}

var probes = []struct {
	kind, path string
	matches    func(probed) bool
}{
	{Forgejo, "api/v1/version", func(a probed) bool {
		return a.status == http.StatusOK && a.Version != ""
	}},
	// GitLab tells strangers that they may not ask, in words of its own.
	{GitLab, "api/v4/version", func(a probed) bool {
		return a.status == http.StatusOK && a.Version != "" || strings.HasPrefix(a.Message, "401 ") || strings.HasPrefix(a.Message, "403 ")
	}},
	// Enterprise servers behind a proxy that strips the signature.
	{GitHub, "api/v3/meta", func(a probed) bool {
		return a.isJSON && a.status == http.StatusOK
	}},
}

// ServesGit reports whether a repository can be read by plain git at a path of
// an address (gitprotocol-http(5)).
func ServesGit(ctx context.Context, client *http.Client, base *url.URL, path string) bool {
	u := base.JoinPath(path, "info/refs")
	u.RawQuery = "service=git-upload-pack"
	req, err := http.NewRequestWithContext(fetch.WithAttempts(ctx, 2), http.MethodGet, u.String(), nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK && resp.Header.Get("Content-Type") == "application/x-git-upload-pack-advertisement"
}
