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

// MaxFileSize is the largest raw file that is read, in bytes; MaxExportSize the
// largest document that a forge makes itself; MaxValues how many values an
// answer in JSON has at the most that is decoded, see fetch.WithValues. The page
// of a list has a fifth of them.
const (
	MaxFileSize   = 4 << 20
	MaxExportSize = 16 << 20
	MaxValues     = 100_000
)

// Forge reads one forge instance over its own protocol. Every adapter that can
// list passes conformance.TestForge (crawler/forgetest/conformance).
// Implementations are safe for concurrent use and translate their client's
// errors into those of package registry.
type Forge interface {
	// Repos lists the public repositories under paths of the forge: "" is the
	// whole instance, else an organisation, a user, a group with all its
	// subgroups, or one repository. Several paths may share requests. Each path
	// ends with a Progress that is Done, with an error where it could not be
	// listed to its end: registry.ErrNotFound where nothing is there. A
	// repository that was renamed is listed under its new address, each once a
	// path. An error of the iterator ends the listing of all paths that are not
	// done and is the last thing yielded; what was yielded before it stands.
	Repos(ctx context.Context, listings []Listing) iter.Seq2[Page, error]

	// Describe completes what the listing told of repositories that are, or
	// become, entries, in as few requests as the forge allows. It returns one
	// Description for each, in their order. The error is one that holds for all
	// of them, such as that of the context.
	Describe(ctx context.Context, repos []Repo) ([]Description, error)

	// Files hands over the files of a listed or described repository's default
	// branch. ctx bounds all reads from them.
	Files(ctx context.Context, r Repo) (Tree, error)
}

// Listing is a path to list, from the place that a former listing of it came to.
type Listing struct {
	Path  string
	After string // a Progress.After of the same path; "" is the beginning
	// Known reports whether the last visit saw the repository in the state that
	// its Version tells, so that no files of it need to come along. It asks for
	// URL, State and Version alone and is quick; nil knows nothing.
	Known func(Repo) bool
}

// Page is a part of a listing: what came with one answer.
type Page struct {
	Repos    []Repo
	Progress []Progress // of each path that the page belongs to, at most one
}

// Progress says how far the listing of a path is with a page.
type Progress struct {
	Path string
	// After is where to go on after this page, for Listing.After: it holds
	// also after hours and in another process, and leaves out nothing that was
	// there all the time.
	After string
	Done  bool
	Err   error // why the path could not be listed to its end; only with Done
}

// Description is what a forge tells of one repository beyond its listing.
type Description struct {
	// Repo is the repository as it was handed in, with what the forge knows
	// better now. Its Native may hold folders and files that came along.
	Repo     Repo
	Activity *registry.Activity // nil where the forge tells nothing
	// Err is why the repository could not be described: whoever asked goes on
	// with what the listing told.
	Err error
}

// Exporter is a Forge that makes an SBOM of a repository itself. As forges allow
// few of them a minute it is asked for apart from all else, see fetch.WithPatience.
type Exporter interface {
	// Export returns nil where there is none. The repository's URL is enough.
	Export(ctx context.Context, r Repo) (*Export, error)
}

// Comparer is a Forge that tells how far a fork and what it was made of are apart. It
// is asked for that apart from all else, as an Exporter is.
type Comparer interface {
	// Compare compares the default branches of two repositories of the forge; URL,
	// ForgeID and DefaultBranch of both are enough. What it returns is made by
	// Apart. registry.ErrNotFound is the word of a forge that has no comparisons, or
	// none of these two; ErrNoComparison that it is of no use to ask it.
	Compare(ctx context.Context, base, fork Repo) (*registry.Comparison, error)
}

// Export is a document that a forge makes of a repository.
type Export struct {
	URL   string // where it comes from
	Bytes []byte
}

// Tree is the root of a repository's default branch. Opening and listing read
// over the network, unless the listing or the description brought the file or
// folder along: fs.ErrNotExist means that the forge said so,
// registry.ErrTooLarge that the file is over MaxFileSize,
// registry.ErrForbidden that the forge refuses it. Only files can be opened, by
// their path; a symbolic link opens as a file that holds its target or as the
// target, as the forge serves it.
type Tree interface {
	fs.FS
	// ReadDir lists a folder, "." being the root, in order of the names. The
	// entries tell names and whether they are folders; Info may read over the
	// network. A folder with more than MaxDirEntries may be cut short there.
	fs.ReadDirFS
	// Commit is the full hash of the commit that the files are of.
	Commit() (string, error)
}

// MaxDirEntries is how many entries of one folder are listed.
const MaxDirEntries = 1000

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
	Path  string // the Listing.Path that it was listed for
	State State
	// Version differs whenever the content of the default branch may differ;
	// "" where the listing does not tell, then the repository is always read.
	Version string
	// Err says why the repository, which is there, can be no entry; nil where it
	// can.
	Err error
	// Native is the adapter's own, such as files that the listing brought; it
	// can be compared: a pointer.
	Native any
}
