// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// ID is the identity of a software on every node that crawls it: the canonical
// repository URL without scheme and .git, host lower-cased, such as
// github.com/it-at-m/refarch. A part of a repository, a folder with a
// publiccode.yml of its own, has the folder behind a segment that is a name on
// no forge: github.com/it-at-m/refarch/~/apps/form. The ID is the entry's path
// on the site and in the API.
type ID string

// partMark is the segment between a repository and a folder in it.
const partMark = "~"

// The bounds of an ID in bytes. A segment becomes the name of a folder on the
// static site.
const (
	maxID      = 1024
	maxSegment = 255
	maxAddress = 4096
)

// known are the public forges whose repositories have exactly two path
// segments (true) or may lie in subgroups (false). They answer under www. too.
var known = map[string]bool{
	"github.com":    true,
	"codeberg.org":  true,
	"bitbucket.org": true,
	"gitlab.com":    false,
}

var (
	// scpForm is what git calls scp-like syntax: user@host:path.
	scpForm = regexp.MustCompile(`^[A-Za-z0-9._-]+@([^/:@\[\]]+):([^:].*)$`)
	// hostForm is a DNS name, an IPv4 address or a bracketed IPv6 address, with
	// an optional port.
	hostForm = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$`)
)

// ParseID makes the ID of a repository's web or clone address: http, https,
// ssh, git, any of them with git+ before it, or git@host:path.
//
// A port stays part of the host unless it is 80 or 443, or that of ssh or git,
// which says nothing of the web address. User, query and fragment are dropped,
// and so is the path of a file or folder behind the repository's own, in the
// forms of GitHub, GitLab and Forgejo. A folder behind /~/ names a part of the
// repository and stays. A host in Unicode is turned into its ASCII form.
// ParseID("https://" + id) is id again. Errors are ErrInvalid.
func ParseID(rawURL string) (ID, error) {
	if len(rawURL) > maxAddress {
		return "", fmt.Errorf("%w: address of %d bytes; a repository's has at most %d", ErrInvalid, len(rawURL), maxAddress)
	}
	u, err := parseAddress(strings.TrimSpace(rawURL))
	if err != nil {
		return "", fmt.Errorf("%w: %q is no address of a repository: %w", ErrInvalid, rawURL, err)
	}
	host, err := canonicalHost(u)
	if err != nil {
		return "", fmt.Errorf("%w: %q: %w", ErrInvalid, rawURL, err)
	}
	path, err := canonicalPath(host, u.Path)
	if err != nil {
		return "", fmt.Errorf("%w: %q %w", ErrInvalid, rawURL, err)
	}
	id := ID(host + "/" + path)
	if len(id) > maxID {
		return "", fmt.Errorf("%w: ID of %d bytes; at most %d are allowed", ErrInvalid, len(id), maxID)
	}
	return id, nil
}

// ReadID is ParseID of an address, or of an ID that is given itself, as people write
// either.
func ReadID(s string) (ID, error) {
	s = strings.TrimSpace(s)
	if host, _, ok := strings.Cut(s, "/"); ok && !strings.ContainsAny(host, ":@") || ok && isHostPort(host) {
		s = "https://" + s
	}
	return ParseID(s)
}

// isHostPort tells HOST:PORT from a scheme and from git@host:path.
func isHostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && port != "" && strings.Trim(port, "0123456789") == ""
}

// EscapedPath is the ID as segments of an address's path: its slashes stay.
func (id ID) EscapedPath() string {
	segments := strings.Split(string(id), "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

func parseAddress(s string) (*url.URL, error) {
	if m := scpForm.FindStringSubmatch(s); m != nil && !strings.Contains(s, "://") {
		return &url.URL{Scheme: "ssh", Host: m[1], Path: m[2]}, nil
	}
	u, err := url.Parse(s)
	if err != nil {
		// The cause alone: url.Error repeats the address.
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, err
	}
	u.Scheme = strings.TrimPrefix(u.Scheme, "git+")
	switch u.Scheme {
	case "http", "https", "ssh", "git":
	default:
		return nil, fmt.Errorf("scheme %q is none of http, https, ssh, git", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("no host")
	}
	return u, nil
}

func canonicalHost(u *url.URL) (string, error) {
	host, port := u.Host, u.Port()
	host = strings.TrimSuffix(host, ":"+port)
	host = strings.TrimSuffix(host, ".")
	for i := range len(host) {
		if host[i] < utf8.RuneSelf {
			continue
		}
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", fmt.Errorf("host %q cannot be written in ASCII: %w", host, err)
		}
		host = ascii
		break
	}
	host = strings.ToLower(host)
	if name := strings.TrimPrefix(host, "www."); name != host {
		if _, ok := known[name]; ok {
			host = name
		}
	}
	// http on 443 and https on 80 lead to no other repository, and the ID
	// cannot tell the schemes apart.
	if web := u.Scheme == "http" || u.Scheme == "https"; web && port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	if !hostForm.MatchString(host) {
		return "", fmt.Errorf("%q is no host name", host)
	}
	return host, nil
}

func canonicalPath(host, path string) (string, error) {
	for _, r := range path {
		if r == utf8.RuneError || strings.ContainsRune(`\%?#`, r) || unicode.IsSpace(r) || !unicode.IsGraphic(r) {
			return "", fmt.Errorf("has the character %q in its path, which no repository's has", r)
		}
	}
	path = strings.Trim(path, "/")
	if path == "" {
		return "", fmt.Errorf("names no repository")
	}
	segments, folder := cutInside(host, strings.Split(path, "/"))
	segments = cutGit(segments)
	if len(segments) == 0 {
		return "", fmt.Errorf("names no repository")
	}
	for _, s := range slices.Concat(segments, folder) {
		switch {
		case s == "" || s == "." || s == "..":
			return "", fmt.Errorf("has an empty or relative path segment")
		case s == partMark:
			return "", fmt.Errorf("has the path segment ~ elsewhere than between a repository and a folder in it")
		case len(s) > maxSegment:
			return "", fmt.Errorf("has a path segment of %d bytes; at most %d are allowed", len(s), maxSegment)
		}
	}
	if len(folder) > 0 {
		segments = slices.Concat(segments, []string{partMark}, folder)
	}
	return strings.Join(segments, "/"), nil
}

// cutGit takes .git from the end of a repository's path.
func cutGit(segments []string) []string {
	for len(segments) > 0 {
		last := &segments[len(segments)-1]
		bare := strings.TrimSuffix(*last, ".git")
		if bare == *last {
			break
		}
		if *last = bare; bare == "" {
			segments = segments[:len(segments)-1]
		}
	}
	return segments
}

// cutInside takes away what points inside the repository, but for the folder of
// a part. The words that mark it are reserved on the forges: no group and no
// project can have them as names.
func cutInside(host string, segments []string) (repository, folder []string) {
	if known[host] && len(segments) > 2 {
		if segments[2] == partMark {
			folder = segments[3:]
		}
		return segments[:2], folder
	}
	for i := 1; i < len(segments); i++ {
		switch segments[i] {
		case partMark:
			return segments[:i], segments[i+1:]
		case "-": // GitLab: group/project/-/tree/main
			return segments[:i], nil
		}
		if i < 2 || i+1 == len(segments) {
			continue
		}
		switch next := segments[i+1]; segments[i] {
		case "tree", "blob": // GitHub Enterprise, and GitLab before version 13
			return segments[:i], nil
		case "src", "raw", "media", "commits": // Forgejo and Gitea: owner/name/src/branch/main
			if i == 2 && slices.Contains([]string{"branch", "commit", "tag"}, next) {
				return segments[:i], nil
			}
		}
	}
	return segments, nil
}

// Key is the ID with its case folded: the keys of two IDs are equal exactly
// where the IDs are Same.
func (id ID) Key() string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r) // as below, quicker
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return unicode.ToLower(least)
	}, string(id))
}

// Same reports whether two IDs name the same repository, or the same part of
// it: hosts and paths of the forges we know compare without regard to case, and
// so do folders here.
func (id ID) Same(other ID) bool { return strings.EqualFold(string(id), string(other)) }

// Host is the part before the first slash, with its port if it has one.
func (id ID) Host() string {
	host, _, _ := strings.Cut(string(id), "/")
	return host
}

// Repository is the ID of the repository that id is, or is a part of.
func (id ID) Repository() ID {
	repository, _, _ := strings.Cut(string(id), "/"+partMark+"/")
	return ID(repository)
}

// Folder is the path in the repository that id is a part of, as in fs.FS; "" for
// a whole repository.
func (id ID) Folder() string {
	_, folder, _ := strings.Cut(string(id), "/"+partMark+"/")
	return folder
}

// In is the ID of a part of the repository that id is, or is a part of. The
// folder is a path as in fs.FS; "" is the whole repository. A folder that no ID
// can name is ErrInvalid: the root as ".", one with a segment ~, with a space or
// one of \%?# in it, or with too long a path.
func (id ID) In(folder string) (ID, error) {
	in := id.Repository()
	if folder != "" {
		in += ID("/" + partMark + "/" + folder)
	}
	if err := in.check(); err != nil {
		return "", fmt.Errorf("folder %q of %s: %w", folder, id.Repository(), err)
	}
	return in, nil
}
