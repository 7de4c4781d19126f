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
	"strings"
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

// lookUp finds a name in a folder: a row of mode, space, name, NUL, hash. found
// is false where it is not there.
func lookUp(folder []byte, name string, f *format) (mode, hash string, found bool, err error) {
	for len(folder) > 0 {
		m, rest, ok := bytes.Cut(folder, []byte(" "))
		n, rest, ok2 := bytes.Cut(rest, []byte{0})
		if !ok || !ok2 || len(rest) < f.size {
			return "", "", false, fmt.Errorf("%w: a folder that breaks off", errDamaged)
		}
		if string(n) == name {
			return strings.TrimLeft(string(m), "0"), string(rest[:f.size]), true, nil
		}
		folder = rest[f.size:]
	}
	return "", "", false, nil
}
