// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// forgeNames are the products as they call themselves.
var forgeNames = map[string]string{
	"github": "GitHub", "gitlab": "GitLab", "forgejo": "Forgejo", "bitbucket": "Bitbucket", "git": "Git",
}

// sourceLink is the address of a file in the web view of its forge, at a
// commit or, without one, on the default branch, at a line where it is over 0.
// It is "" for a forge whose web view is not known.
func sourceLink(r registry.Repository, path, commit string, line int) string {
	base := webLink(r.URL)
	if base == "" {
		return ""
	}
	ref, branch := commit, ""
	if ref == "" {
		ref, branch = r.DefaultBranch, r.DefaultBranch
	}
	if ref == "" {
		return ""
	}
	var view string
	switch r.Forge {
	case "github":
		view = "/blob/"
	case "gitlab":
		view = "/-/blob/"
	case "forgejo":
		view = "/src/commit/"
		if branch != "" {
			view = "/src/branch/"
		}
	default:
		return ""
	}
	link := strings.TrimRight(base, "/") + view + escapeSegments(ref) + "/" + escapeSegments(path)
	if line > 0 {
		link += "#L" + strconv.Itoa(line)
	}
	return link
}

func escapeSegments(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

// maxAddress is the longest address that forges and browsers are sure to take,
// in bytes.
const maxAddress = 7000

// newIssueLink is the address of a forge's form for a new issue, filled in as
// far as it takes that; "" for a forge whose form is not known.
func newIssueLink(r registry.Repository, title, body string) string {
	base := webLink(r.URL)
	var form, titleName, bodyName string
	switch r.Forge {
	case "github", "forgejo":
		form, titleName, bodyName = "/issues/new", "title", "body"
	case "gitlab":
		form, titleName, bodyName = "/-/issues/new", "issue[title]", "issue[description]"
	}
	if base == "" || form == "" {
		return ""
	}
	link := strings.TrimRight(base, "/") + form + "?" + url.QueryEscape(titleName) + "=" + url.QueryEscape(title)
	if filled := link + "&" + url.QueryEscape(bodyName) + "=" + url.QueryEscape(body); len(filled) <= maxAddress {
		return filled
	}
	return link
}
