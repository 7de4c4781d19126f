// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
	"strconv"
	"strings"
	"time"
)

// format is the kind of hash by which a repository names its objects.
type format struct {
	name string
	size int // of a hash, in bytes
	new  func() hash.Hash
}

var (
	sha1Format   = &format{"sha1", sha1.Size, sha1.New}
	sha256Format = &format{"sha256", sha256.Size, sha256.New}
	formats      = map[string]*format{"sha1": sha1Format, "sha256": sha256Format}
)

// isHex reports whether a text is a hash in hex.
func (f *format) isHex(s string) bool {
	return len(s) == 2*f.size && strings.Trim(s, "0123456789abcdef") == ""
}

// objectHash begins the hash of an object, to which its content is still to be
// written.
func (f *format) objectHash(t objectType, size int64) hash.Hash {
	h := f.new()
	fmt.Fprintf(h, "%s %d\x00", t, size)
	return h
}

// objectType is the type of an object as a pack writes it.
type objectType byte

const (
	commitObject objectType = 1
	treeObject   objectType = 2
	blobObject   objectType = 3
	tagObject    objectType = 4
	offsetDelta  objectType = 6
	hashDelta    objectType = 7
)

func (t objectType) String() string {
	switch t {
	case commitObject:
		return "commit"
	case treeObject:
		return "tree"
	case blobObject:
		return "blob"
	case tagObject:
		return "tag"
	}
	return fmt.Sprintf("type %d", byte(t))
}

// rootOf is the hash of a commit's root folder.
func rootOf(commit []byte, f *format) (string, error) {
	line, _, _ := bytes.Cut(commit, []byte("\n"))
	name, ok := bytes.CutPrefix(line, []byte("tree "))
	if !ok || !f.isHex(string(name)) {
		return "", fmt.Errorf("%w: a commit that begins with %.60q", errDamaged, line)
	}
	raw, err := hex.DecodeString(string(name))
	return string(raw), err
}

// Modes of what is in a folder; all others are files.
const (
	folderMode    = "40000"
	submoduleMode = "160000"
)

// row is one thing in a folder.
type row struct{ mode, name, hash string }

// rows reads a folder: rows of mode, space, name, NUL, hash. An error is the
// last thing yielded.
func rows(folder []byte, f *format) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for len(folder) > 0 {
			mode, rest, ok := bytes.Cut(folder, []byte(" "))
			name, rest, ok2 := bytes.Cut(rest, []byte{0})
			if !ok || !ok2 || len(rest) < f.size {
				yield(row{}, fmt.Errorf("%w: a folder that breaks off", errDamaged))
				return
			}
			if !yield(row{strings.TrimLeft(string(mode), "0"), string(name), string(rest[:f.size])}, nil) {
				return
			}
			folder = rest[f.size:]
		}
	}
}

// lookUp finds a name in a folder.
func lookUp(folder []byte, name string, f *format) (mode, hash string, found bool, err error) {
	for r, err := range rows(folder, f) {
		if err != nil {
			return "", "", false, err
		}
		if r.name == name {
			return r.mode, r.hash, true, nil
		}
	}
	return "", "", false, nil
}

// signed is who made a commit or a tag, and when.
type signed struct {
	email string
	at    time.Time
}

// signature reads a line of an object's header: the role, a name, an address in
// angle brackets, seconds since 1970 and a time zone.
func signature(object []byte, role string) (signed, bool) {
	header, _, _ := bytes.Cut(object, []byte("\n\n"))
	for line := range bytes.SplitSeq(header, []byte("\n")) {
		who, ok := bytes.CutPrefix(line, []byte(role+" "))
		if !ok {
			continue
		}
		begin, end := bytes.LastIndexByte(who, '<'), bytes.LastIndexByte(who, '>')
		if begin < 0 || end < begin {
			return signed{}, false
		}
		seconds, _, _ := strings.Cut(strings.TrimSpace(string(who[end+1:])), " ")
		at, err := strconv.ParseInt(seconds, 10, 64)
		if err != nil || at < 0 || at > maxTime {
			return signed{}, false
		}
		return signed{strings.ToValidUTF8(string(who[begin+1:end]), "\uFFFD"), time.Unix(at, 0).UTC()}, true
	}
	return signed{}, false
}

// maxTime is the end of the year 9999, after which a date has no text in JSON.
const maxTime = 253402300799
