// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// head is what a repository says of itself before anything is fetched.
type head struct {
	url    string   // web address
	clone  *url.URL // where to fetch
	format *format
	offers map[string]bool // the capabilities, those with a value left out
	commit string          // newest of the default branch, in hex; "" where there is none
	branch string          // the default one; "" where HEAD leads to a commit of none
	tags   []tag           // in the host's order, that of their names

	files files // of the commit, once they are fetched
}

// tag is a tag as the first answer tells it.
type tag struct {
	name   string
	object string // hash of the tag itself, or of the commit where it is a mere name for one
	commit string // hash of what it leads to in the end
}

// shallow asks for the wanted commits without those before them.
func (h *head) shallow() string {
	if h.offers["shallow"] {
		return "deepen 1"
	}
	return ""
}

// version differs where the commit, the branch or a tag does.
func (h *head) version() string {
	if h.commit == "" {
		return ""
	}
	d := sha256.New()
	fmt.Fprintf(d, "%q\n", h.branch)
	for _, t := range h.tags {
		fmt.Fprintf(d, "%q %s\n", t.name, t.object)
	}
	return h.commit + "-" + hex.EncodeToString(d.Sum(nil)[:8])
}

// head asks what is at a clone address.
func (f *Forge) head(ctx context.Context, clone *url.URL) (*head, error) {
	u := *clone
	u.Path += "/info/refs"
	u.RawQuery = "service=git-upload-pack"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	body, last, err := f.do(req, f.maxAnswer)
	if err != nil {
		return nil, err
	}
	h, err := parseHead(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u.String(), err)
	}
	h.clone, h.url = clone, trimSuffix(clone)
	// As git does, go on where a redirect led to. That is the new address of the
	// repository if it is one of this host.
	if path, ok := strings.CutSuffix(last.URL.Path, "/info/refs"); ok {
		h.clone = &url.URL{Scheme: last.URL.Scheme, Host: last.URL.Host, Path: path}
		if address := trimSuffix(h.clone); strings.HasPrefix(h.clone.Path, f.base.Path+"/") && strings.EqualFold(h.clone.Hostname(), f.base.Hostname()) {
			h.url = address
		}
	}
	return h, nil
}

func trimSuffix(clone *url.URL) string {
	u := *clone
	u.Path = strings.TrimSuffix(u.Path, suffix)
	return u.String()
}

// parseHead reads the list of branches and tags that answers the first
// request: a line with the name of the service, then a line for each with its
// hash, HEAD first, the capabilities behind the first one.
func parseHead(body []byte) (*head, error) {
	l := lines{body}
	line, _, err := l.text()
	if errors.Is(err, errRefused) {
		return nil, err
	}
	if err != nil || string(line) != "# service=git-upload-pack" {
		return nil, fmt.Errorf("%w: it begins with %.40q; is it the address of a repository, and does the host serve smart HTTP?", errNotGit, body)
	}
	h := &head{format: sha1Format, offers: map[string]bool{}}
	headed, first := false, true // whether a branch of HEAD is known; whether the first line is still to come
	branches := map[string]string{}
	for {
		line, flush, err := l.text()
		switch {
		case err != nil:
			return nil, err
		case flush && first && len(l.rest) > 0: // after the name of the service
			continue
		case flush:
			if !headed || h.commit == "" {
				err = h.guess(branches)
			}
			return h, err
		case first && bytes.Equal(line, []byte("version 1")):
			continue
		case first:
			var offers []byte
			line, offers, _ = bytes.Cut(line, []byte{0})
			if headed, err = h.capabilities(string(offers)); err != nil {
				return nil, err
			}
			first = false
		}
		hash, name, ok := strings.Cut(string(line), " ")
		if hash == "shallow" && ok {
			continue
		}
		if !ok || !h.format.isHex(hash) || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
			return nil, fmt.Errorf("%w: %.80q is no branch and no tag", errDamaged, line)
		}
		if name == "HEAD" {
			h.commit = hash
		} else if branch, ok := strings.CutPrefix(name, "refs/heads/"); ok {
			branches[branch] = hash
		} else if name, ok := strings.CutPrefix(name, "refs/tags/"); ok {
			h.addTag(name, hash)
		}
	}
}

// addTag notes a line of a tag. One of the same name with ^{} follows that of a
// tag object and says where it leads.
func (h *head) addTag(name, hash string) {
	last := len(h.tags) - 1
	if bare, peeled := strings.CutSuffix(name, "^{}"); peeled && last >= 0 && h.tags[last].name == bare {
		h.tags[last].commit = hash
		return
	}
	h.tags = append(h.tags, tag{name, hash, hash})
}

// capabilities reads what the server can do. It reports whether the server
// tells the default branch.
func (h *head) capabilities(offers string) (headed bool, err error) {
	for _, offer := range strings.Fields(offers) {
		name, value, valued := strings.Cut(offer, "=")
		switch {
		case !valued:
			h.offers[name] = true
		case name == "object-format":
			if h.format = formats[value]; h.format == nil {
				return false, fmt.Errorf("the repository's hashes are of the unknown kind %.40q", value)
			}
		case name == "symref":
			if branch, ok := strings.CutPrefix(value, "HEAD:refs/heads/"); ok {
				if !utf8.ValidString(branch) || strings.ContainsFunc(branch, unicode.IsControl) {
					return false, fmt.Errorf("%w: %.80q is no branch", errDamaged, branch)
				}
				h.branch, headed = branch, true
			}
		}
	}
	return headed, nil
}

// guess finds the default branch where the server does not tell: HEAD leads to
// a branch that is not there yet, as in repositories made by git init whose
// first branch has another name, to a bare commit, or the server is old.
func (h *head) guess(branches map[string]string) error {
	var fit []string
	for branch, hash := range branches {
		if h.commit == "" || hash == h.commit {
			fit = append(fit, branch)
		}
	}
	if len(fit) == 1 {
		h.branch = fit[0]
	}
	for _, usual := range []string{"master", "main"} {
		if hash, ok := branches[usual]; ok && (h.commit == "" || hash == h.commit) {
			h.branch = usual
		}
	}
	switch {
	case h.commit != "" || len(branches) == 0:
	case h.branch == "":
		return fmt.Errorf("the repository has %d branches, but its HEAD leads to none of them: set it on the host with git symbolic-ref HEAD refs/heads/BRANCH", len(branches))
	default:
		h.commit = branches[h.branch]
	}
	return nil
}
