// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/allmende-registry/allmende/registry"
)

// errStopped is a reading whose consumer wants no more.
var errStopped = errors.New("stopped")

// The bounds of what a catalogue says of a publisher, in bytes.
const (
	maxPublisherID   = 64
	maxPublisherName = 200
	maxPublisherURI  = 2000
)

// twoSegments are the public forges on which a repository's path has at least
// two segments, and one segment is an organisation or a user.
var twoSegments = []string{"github.com", "gitlab.com", "codeberg.org", "bitbucket.org"}

// listing checks what a reader finds, leaves out what it has had, and hands the
// rest on. Its methods end a reading with their error.
type listing struct {
	yield func(Entry) bool
	seen  map[string]bool
	count int

	publishers map[string]string // by ID, what it was made of
	groups     map[string]registry.Publisher
}

func newListing(yield func(Entry) bool) *listing {
	return &listing{yield: yield, seen: map[string]bool{}, publishers: map[string]string{}, groups: map[string]registry.Publisher{}}
}

// repository takes the address of a repository.
func (l *listing) repository(where, address string, pub registry.Publisher) error {
	return l.part(where, address, "", pub)
}

// part takes the address of a repository, and a folder in it or "".
func (l *listing) part(where, address, folder string, pub registry.Publisher) error {
	id, web, err := parseAddress(address)
	if err != nil {
		return l.refuse(where, address, err)
	}
	path := strings.TrimPrefix(string(id), id.Host()+"/")
	if slices.Contains(twoSegments, id.Host()) && !strings.Contains(path, "/") {
		return l.refuse(where, address, fmt.Errorf("%w: it names an organisation or user, not a repository; to crawl all of it, make it a source", registry.ErrInvalid))
	}
	if pub.ID == "" {
		pub = l.groupOf(id)
	}
	return l.add(id, Entry{URL: web, Folder: folder, Publisher: pub, Where: where})
}

// group takes the address of an organisation, a user or a group.
func (l *listing) group(where, address string, pub registry.Publisher) error {
	if u, err := url.Parse(strings.TrimSpace(address)); err == nil && u.Host != "" && strings.Trim(u.Path, "/") == "" {
		return l.refuse(where, address, fmt.Errorf("%w: it names a whole forge, which no catalogue can ask for; to crawl all of it, make it a source", registry.ErrInvalid))
	}
	id, web, err := parseAddress(address)
	if err != nil {
		return l.refuse(where, address, err)
	}
	if l.groups[id.Key()].ID == "" {
		l.groups[id.Key()] = pub
	}
	return l.add(id, Entry{URL: web, Group: true, Publisher: pub, Where: where})
}

// groupOf is the publisher of the innermost group that holds a repository.
func (l *listing) groupOf(id registry.ID) registry.Publisher {
	for key := id.Key(); ; {
		i := strings.LastIndexByte(key, '/')
		if i < 0 {
			return registry.Publisher{}
		}
		key = key[:i]
		if pub := l.groups[key]; pub.ID != "" {
			return pub
		}
	}
}

// parseAddress gives the ID and the web address of what an address names.
func parseAddress(address string) (registry.ID, string, error) {
	if strings.TrimSpace(address) == "" {
		return "", "", fmt.Errorf("%w: no address", registry.ErrInvalid)
	}
	id, err := registry.ParseID(address)
	if err != nil {
		return "", "", err
	}
	scheme := "https://"
	if u, err := url.Parse(strings.TrimSpace(address)); err == nil && u.Scheme == "http" {
		scheme = "http://"
	}
	return id, scheme + string(id), nil
}

func (l *listing) add(id registry.ID, e Entry) error {
	key := id.Key() + "/" + e.Folder
	if e.Group {
		key += "//"
	}
	if l.seen[key] {
		return nil
	}
	l.seen[key] = true
	return l.hand(e)
}

// refuse reports what cannot be used.
func (l *listing) refuse(where, address string, err error) error {
	return l.hand(Entry{URL: cut(address), Where: where, Err: err})
}

func (l *listing) hand(e Entry) error {
	if l.count == maxEntries {
		return fmt.Errorf("%w: more than %d entries (at %s)", registry.ErrTooLarge, maxEntries, e.Where)
	}
	l.count++
	if !l.yield(e) {
		return errStopped
	}
	return nil
}

// publisher makes a publisher of what a catalogue says. It is zero where that
// is not even a name. Two that are told apart by the catalogue are by their IDs.
func (l *listing) publisher(id, name, region, uri string) registry.Publisher {
	id, name = strings.TrimSpace(id), clean(name, maxPublisherName)
	if id == "" {
		id = name
	}
	if name == "" {
		name = clean(id, maxPublisherName)
	}
	if name == "" {
		return registry.Publisher{}
	}
	slug := slugOf(id)
	if of, taken := l.publishers[slug]; taken && of != id || slug == "" {
		sum := sha256.Sum256([]byte(id))
		const hash = 8
		slug = strings.Trim(slug[:min(len(slug), maxPublisherID-hash-1)], "-") + "-" + hex.EncodeToString(sum[:])[:hash]
		slug = strings.TrimPrefix(slug, "-")
	}
	l.publishers[slug] = id
	p := registry.Publisher{ID: slug, Name: name}
	if code, err := registry.ParseRegion(region); err == nil {
		p.Region = code
	}
	if u, err := url.Parse(uri); err == nil && len(uri) <= maxPublisherURI && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil {
		p.URI = u.String()
	}
	return p
}

var german = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// slugOf writes what it can of a text in lower-case letters, digits and hyphens.
func slugOf(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(german.Replace(strings.ToLower(norm.NFC.String(cutTo(s, 4*maxPublisherID))))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == maxPublisherID {
			break
		}
	}
	return strings.TrimRight(b.String(), "-")
}

// clean makes one line of a text and bounds it.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, cutTo(s, 4*n))
	return cutTo(strings.Join(strings.Fields(s), " "), n)
}

// cut bounds what is repeated of a catalogue in messages.
func cut(s string) string {
	if short := cutTo(s, maxPublisherName); short != s {
		return short + "..."
	}
	return s
}

// cutTo cuts at the end of a character.
func cutTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
