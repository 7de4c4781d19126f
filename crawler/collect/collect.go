// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package collect gathers what a visit takes from a repository besides its
// publiccode.yml: licences, SBOMs, the files by which a project explains itself,
// logo and screenshots. All of it is strangers': each file is bounded, and so
// are all together. One that cannot be had is a note, never the end.
package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// The bounds of one visit.
const (
	MaxFiles        = 60
	MaxBytes        = 32 << 20 // of all files
	MaxFile         = 4 << 20  // of one in the repository
	MaxAsset        = 16 << 20 // of one of a release, and of the forge's export
	MaxLicenceTexts = 30       // in LICENSES
	MaxSBOMs        = 5        // in the repository
	MaxReleaseSBOMs = 3
	MaxScreenshots  = 10
)

// Getter fetches an address outside. An error is registry.ErrNotFound or
// ErrGone where nothing is there, ErrTooLarge where the body is over limit
// bytes, ErrInvalid where the address is none to be asked; all else says that
// it could not be found out.
type Getter interface {
	Get(ctx context.Context, url string, limit int64) (body []byte, media string, err error)
}

// Visit is what is known of a repository when its publiccode.yml has been read.
type Visit struct {
	// Tree holds the files, with what crawler.Tree promises: a path that is
	// not there is fs.ErrNotExist, one over the limit registry.ErrTooLarge.
	Tree   fs.ReadDirFS
	Commit string        // that the files are of
	Root   []fs.DirEntry // Tree.ReadDir(".")
	Folder string        // that the publiccode.yml lies in; "" or "." for the root

	PublicCode *publiccode.PublicCode
	Repository registry.Repository
	Activity   *registry.Activity // nil where nothing is known
	// Undescribed says that the forge could not be asked for Activity and
	// Export: what came from there before stays.
	Undescribed bool

	Former []registry.File // of the visit before
	Getter Getter
}

// Reason is why something is not collected as it should be.
type Reason string

// The reasons.
const (
	Missing  Reason = "missing"   // publiccode.yml names an image that is not there
	Invalid  Reason = "invalid"   // it is not what its name says
	TooLarge Reason = "too-large" // one file over its limit
	TooMany  Reason = "too-many"  // over a limit of several files
	Failed   Reason = "failed"    // it could not be found out whether it is there: worth another try
	Kept     Reason = "kept"      // the same, and the former version stays
)

// Note says what is missing and why.
type Note struct {
	Path   string // of a file or a folder; "." is all of them
	Origin string // as registry.File has it
	Reason Reason
	Detail string // in English
}

func (n Note) String() string {
	at := n.Path
	if n.Origin != "" {
		at = n.Origin
	}
	return fmt.Sprintf("%s: %s (%s)", at, n.Detail, n.Reason)
}

// Result is what a visit collects.
type Result struct {
	// Files have a path, a role and a hash, and Bytes unless they are kept from
	// the former visit. Path and Origin are never twice the same.
	Files []registry.File
	Notes []Note
}

// Unsettled reports that the repository should be visited again although
// nothing in it has changed: the forge did not hand over a part of it.
// Addresses elsewhere do not count, they may be broken for ever.
func (r Result) Unsettled() bool {
	return slices.ContainsFunc(r.Notes, func(n Note) bool {
		return n.Origin == "" && (n.Reason == Failed || n.Reason == Kept)
	})
}

// Collect gathers the files, the most important first. Its error is that of
// ctx.
func Collect(ctx context.Context, v Visit) (Result, error) {
	v.Folder = path.Clean(v.Folder)
	c := collector{Visit: v, ctx: ctx, taken: map[*rule]int{}, found: map[registry.Role]bool{}}
	for _, step := range []func(){c.tree, c.logo, c.releases, c.screenshots, c.undescribed} {
		step()
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
	}
	return Result{Files: c.files, Notes: c.notes}, nil
}

// collector is a Collect under way.
type collector struct {
	Visit
	ctx   context.Context
	files []registry.File
	notes []Note
	bytes int
	full  bool
	taken map[*rule]int
	found map[registry.Role]bool // of which one is enough
}

func (c *collector) note(f registry.File, why Reason, detail string) {
	c.notes = append(c.notes, Note{Path: f.Path, Origin: f.Origin, Reason: why, Detail: detail})
}

func (c *collector) has(f registry.File) bool {
	return slices.ContainsFunc(c.files, func(g registry.File) bool { return g.Path == f.Path && g.Origin == f.Origin })
}

// add takes a file whose bytes or, when it is kept, hash and size are set.
func (c *collector) add(f registry.File) {
	if c.has(f) {
		return
	}
	if f.Hash == "" {
		sum := sha256.Sum256(f.Bytes)
		f.Hash, f.Size = hex.EncodeToString(sum[:]), len(f.Bytes)
	}
	if f.Origin == "" && f.Commit == "" {
		f.Commit = c.Commit
	}
	switch {
	case len(c.files) >= MaxFiles:
		if !c.full {
			c.note(registry.File{Path: "."}, TooMany, fmt.Sprintf("more than %d files; the others are left out", MaxFiles))
		}
		c.full = true
	case c.bytes+f.Size > MaxBytes:
		c.note(f, TooMany, fmt.Sprintf("all files together are over %d MiB with this one of %d bytes", MaxBytes>>20, f.Size))
	default:
		c.files = append(c.files, f)
		c.bytes += f.Size
	}
}

// failed sorts an error of reading f: what is not there is left out, what may
// be there is kept as it was.
func (c *collector) failed(f registry.File, limit int, err error) {
	switch {
	case c.ctx.Err() != nil, absent(err):
	case errors.Is(err, registry.ErrTooLarge):
		c.note(f, TooLarge, fmt.Sprintf("over %d MiB", limit>>20))
	case errors.Is(err, registry.ErrInvalid):
		c.note(f, Invalid, err.Error())
	default:
		c.keep(f, err)
	}
}

func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) ||
		errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone)
}

// keep takes over the former version of a file that could not be read.
func (c *collector) keep(f registry.File, err error) {
	for _, old := range c.Former {
		if old.Path == f.Path && old.Origin == f.Origin && old.Role == f.Role && old.Hash != "" {
			c.note(f, Kept, err.Error())
			c.add(old)
			return
		}
	}
	c.note(f, Failed, err.Error())
}

// keepAll takes over all former files that match.
func (c *collector) keepAll(match func(registry.File) bool) {
	for _, old := range c.Former {
		if old.Hash != "" && match(old) {
			c.add(old)
		}
	}
}

// read reads a file of the repository whole.
func (c *collector) read(name string) ([]byte, error) {
	src, err := readFile(c.Tree, name)
	if err != nil {
		return nil, err
	}
	if target, ok := c.linkTarget(name, src); ok {
		linked, err := readFile(c.Tree, target)
		if !absent(err) {
			return linked, err
		}
	}
	return src, nil
}

func readFile(tree fs.FS, name string) ([]byte, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(src) > MaxFile {
		return nil, registry.ErrTooLarge
	}
	return src, nil
}

// get fetches an address.
func (c *collector) get(f registry.File, limit int) (body []byte, err error) {
	body, _, err = c.Getter.Get(c.ctx, f.Origin, int64(limit))
	if err == nil && len(body) > limit {
		err = registry.ErrTooLarge
	}
	return body, err
}
