// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Bounds of what is fetched, in bytes and in files.
const (
	maxBody     = 32 << 20
	maxUnpacked = 128 << 20
	maxEntry    = 1 << 20 // of a file of an archive that is read
	maxEntries  = 20_000
)

func newClient() *http.Client {
	return &http.Client{
		Timeout: time.Minute,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) >= 5 || via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
				return fmt.Errorf("led on to %s, which is not followed", req.URL)
			}
			return nil
		},
	}
}

// get fetches an address.
func (r *refresh) get(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "allmende-licences (+https://github.com/allmende-registry/allmende)")
	res, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, res.Status)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("%s: over %d MiB", url, maxBody>>20)
	}
	return body, nil
}

// getJSON fetches an address and decodes what is there.
func (r *refresh) getJSON(ctx context.Context, url string, into any) error {
	body, err := r.get(ctx, url)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	return nil
}

// getArchive fetches a tar.gz and hands over the files that want names, each
// with its path.
func (r *refresh) getArchive(ctx context.Context, url string, want func(path string) bool, take func(path string, content []byte) error) error {
	body, err := r.get(ctx, url)
	if err != nil {
		return err
	}
	if err := unpack(body, want, take); err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	return nil
}

func unpack(archive []byte, want func(path string) bool, take func(path string, content []byte) error) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	files := tar.NewReader(io.LimitReader(unzipped, maxUnpacked))
	for range maxEntries {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || !want(h.Name) {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(files, maxEntry+1))
		if err != nil {
			return err
		}
		if len(content) > maxEntry {
			return fmt.Errorf("%s: over %d MiB", h.Name, maxEntry>>20)
		}
		if err := take(h.Name, content); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	return fmt.Errorf("over %d files", maxEntries)
}

// commit is the last one of a GitHub repository that touched a path.
func (r *refresh) commit(ctx context.Context, repository, path string) (sha, day string, err error) {
	var commits []struct {
		SHA    string `json:"sha"`
		Commit struct {
			Committer struct {
				Date time.Time `json:"date"`
			} `json:"committer"`
		} `json:"commit"`
	}
	url := r.from.githubAPI + "/repos/" + repository + "/commits?per_page=1&path=" + path
	if err := r.getJSON(ctx, url, &commits); err != nil {
		return "", "", err
	}
	if len(commits) == 0 || !isHash.MatchString(commits[0].SHA) {
		return "", "", fmt.Errorf("%s: no commit", url)
	}
	return commits[0].SHA, commits[0].Commit.Committer.Date.Format(time.DateOnly), nil
}
