// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package crawler takes the one way that data goes: from a source to the forge
// that serves it, to its repositories, to their files, to the registry.
package crawler

import (
	"context"
	"io/fs"
	"iter"

	"github.com/allmende-registry/allmende/registry"
)

// MaxFileSize is the largest raw file that is read, in bytes.
const MaxFileSize = 1 << 20

// Forge reads one forge instance over its own protocol. Every adapter that can
// list passes conformance.TestForge (crawler/forgetest/conformance).
// Implementations are safe for concurrent use and translate their client's
// errors into those of package registry.
type Forge interface {
	// Repos lists the public repositories under a path of the forge: "" is the
	// whole instance, else an organisation, a user, a group with all its
	// subgroups, or one repository. A path that is not there is
	// registry.ErrNotFound. A repository that was renamed is listed under its
	// new address. An error ends the listing and is the last thing yielded;
	// what was yielded before it stands.
	Repos(ctx context.Context, path string) iter.Seq2[Repo, error]

	// Files hands over the files of a listed repository's default branch.
	// ctx bounds all reads from them.
	Files(ctx context.Context, r Repo) (Tree, error)
}

// Tree is the root of a repository's default branch. Opening reads over the
// network, unless the listing brought the file along: fs.ErrNotExist means
// that the forge said so, registry.ErrTooLarge that the file is over
// MaxFileSize, registry.ErrForbidden that the forge refuses it. Only files
// can be opened, by their path; a symbolic link opens as a file that holds its
// target or as the target, as the forge serves it.
type Tree interface {
	fs.FS
	// Commit is the full hash of the commit that the files are of.
	Commit() (string, error)
}

// State is what keeps a listed repository from being read.
type State string

// The states. The zero value can be read.
const (
	Readable State = ""
	Empty    State = "empty"   // has no commits
	Blocked  State = "blocked" // taken down, disabled
)

// Repo is a repository as its forge lists it.
type Repo struct {
	registry.Repository
	State State
	// Version differs whenever the content of the default branch may differ;
	// "" where the listing does not tell, then the repository is always read.
	Version string
	// Native is the adapter's own, such as files that the listing brought.
	Native any
}
