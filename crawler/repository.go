// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"crypto/sha1" // Git names its objects with it.
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what a forge tells of a repository, in bytes where not said.
const (
	maxName        = 300 // also of titles
	maxDescription = 4096
	maxBranch      = 1024
	maxTopics      = 50 // topics
)

// TidyRepository brings what a forge listed into bounds: what adapters do with
// each repository before they work out its Version.
func TidyRepository(r *registry.Repository) {
	r.Description = text(r.Description, maxDescription)
	r.Topics = tidied(r.Topics, maxTopics, name, nil)
	r.Licence, r.Language = text(r.Licence, maxName), text(r.Language, maxName)
	r.Stars, r.Forks = max(r.Stars, 0), max(r.Forks, 0)
	r.Created, r.Pushed = Moment(r.Created), Moment(r.Pushed)
	if len(r.DefaultBranch) > maxBranch { // a part of it is another branch
		r.DefaultBranch = ""
	}
}

// text is what people wrote, at a length in bytes that can be shown.
func text(s string, most int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= most {
		return s
	}
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// Version is a Repo.Version: a digest of what an entry shows of a listed
// repository, its numbers of stars and forks aside, and of what else tells of a
// change.
func Version(r Repo, mark string) string {
	r.Stars, r.Forks = 0, 0
	listed, err := json.Marshal(r.Repository)
	if err != nil { // a date that no adapter should let pass
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(listed, "%s %s", r.State, mark))
	return hex.EncodeToString(sum[:16])
}

// Address is the web address of what lies at a path below a forge's own.
func Address(base *url.URL, path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return base.JoinPath(segments...).String()
}

// IsHash reports whether a text is a full hash of Git, SHA-1 or SHA-256.
func IsHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// BlobHash is Git's own name for a file of these bytes, in repositories that use
// SHA-1.
func BlobHash(content []byte) string {
	h := sha1.New()
	_, _ = fmt.Fprintf(h, "blob %d\x00", len(content)) // never fails
	_, _ = h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}
