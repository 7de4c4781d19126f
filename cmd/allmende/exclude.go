// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of patterns: how many of them in one list, and the length of one
// in bytes.
const (
	maxExclusions = 100_000
	maxExclusion  = 1024
)

// exclusions are patterns of paths: * stands for any part of one segment, **
// for any number of segments, and upper and lower case do not matter. Those
// without either are found by a look-up.
type exclusions struct {
	exact map[string]bool
	globs []string
}

func newExclusions(patterns []string) exclusions {
	e := exclusions{exact: map[string]bool{}}
	for _, p := range patterns {
		if strings.ContainsAny(p, `*?[{\`) {
			e.globs = append(e.globs, p)
		} else {
			e.exact[p] = true
		}
	}
	return e
}

// match finds the first pattern that a path fits.
func (e exclusions) match(path string) (pattern string, ok bool) {
	path = fold(path)
	if e.exact[path] {
		return path, true
	}
	for _, p := range e.globs {
		if doublestar.MatchUnvalidated(p, path) {
			return p, true
		}
	}
	return "", false
}

// fold makes strings that differ in case equal, as IDs are compared.
func fold(s string) string { return registry.ID(s).Key() }

// pathExclusion puts a pattern of paths on one forge into its one form.
func pathExclusion(s string) (string, error) {
	p := strings.Trim(strings.TrimSpace(s), "/")
	for strings.HasSuffix(p, ".git") {
		p = strings.TrimRight(strings.TrimSuffix(p, ".git"), "/")
	}
	switch {
	case p == "":
		return "", errors.New("the pattern is empty")
	case len(p) > maxExclusion:
		return "", fmt.Errorf("a pattern has at most %d bytes", maxExclusion)
	case !utf8.ValidString(p) || strings.ContainsFunc(p, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }):
		return "", fmt.Errorf("%q has a space or a character that cannot be seen, which no path has", s)
	case strings.Contains(p, "://"):
		return "", fmt.Errorf("%q must be the path of a repository on its forge, such as group/*, without the forge's address", s)
	case !doublestar.ValidatePattern(p):
		return "", fmt.Errorf("%q is no pattern; * stands for a part of a segment, ** for any segments", s)
	}
	for segment := range strings.SplitSeq(p, "/") {
		switch {
		case segment == "":
			return "", fmt.Errorf("%q has an empty segment", s)
		case strings.Contains(segment, "**") && segment != "**":
			return "", fmt.Errorf("%q: ** must be a whole segment, such as group/**", s)
		}
	}
	return fold(p), nil
}

// idExclusion puts a pattern of IDs, host first, into its one form.
func idExclusion(s string) (string, error) {
	bare := strings.TrimSpace(s)
	for _, scheme := range []string{"https://", "http://"} {
		bare = strings.TrimPrefix(bare, scheme)
	}
	p, err := pathExclusion(bare)
	if err == nil && !strings.Contains(p, "/") {
		err = fmt.Errorf("%q must name a host and a path, such as github.com/organisation/*", s)
	}
	return p, err
}

// parseExclusions reads the file of exclusions: a pattern of IDs a line, # for
// comments. The error joins all problems, a line each.
func parseExclusions(src []byte) ([]string, error) {
	var patterns []string
	var errs []error
	no := 0
	for line := range bytes.Lines(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))) {
		no++
		text, _, _ := strings.Cut(string(line), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p, err := idExclusion(text)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("  line %d: %w", no, err))
		case len(patterns) == maxExclusions:
			return nil, fmt.Errorf("  line %d: more than %d patterns", no, maxExclusions)
		default:
			patterns = append(patterns, p)
		}
		if len(errs) == maxExclusionErrors {
			errs = append(errs, errors.New("  and more"))
			break
		}
	}
	return patterns, errors.Join(errs...)
}

const maxExclusionErrors = 100

// excluder decides for one source: all are patterns of IDs for the whole
// configuration or for a catalogue, own are those of the source, for paths
// below the forge's address.
func excluder(all exclusions, own exclusions, forge *url.URL) func(registry.ID) (pattern string, excluded bool) {
	prefix := forgePrefix(forge)
	return func(id registry.ID) (string, bool) {
		if pattern, ok := all.match(string(id)); ok {
			return pattern, true
		}
		path, under := strings.CutPrefix(fold(string(id)), prefix)
		if !under {
			_, path, _ = strings.Cut(string(id), "/")
		}
		return own.match(path)
	}
}

// forgePrefix is what the IDs of a forge's repositories begin with, folded.
func forgePrefix(forge *url.URL) string {
	const repository = "owner/name"
	id, err := registry.ParseID(forge.JoinPath(repository).String())
	if err != nil {
		return forge.Host + "/"
	}
	return fold(strings.TrimSuffix(string(id), repository))
}
