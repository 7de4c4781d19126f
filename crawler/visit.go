// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// fileNames are where a publiccode.yml may lie, the one that counts first.
var fileNames = []string{"publiccode.yml", "publiccode.yaml"}

// maxParts is how many sub-folders of a repository may be entries.
const maxParts = 200

// storeError is a failure of the store itself: it ends the sweep.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// stored marks what a store returned. What it refuses as invalid is the
// repository's own failure.
func stored(err error) error {
	if err == nil || errors.Is(err, registry.ErrInvalid) {
		return err
	}
	return &storeError{err}
}

// visit reads one repository, in two steps: look opens the publiccode.yml and
// says what the repository is; enter collects the rest and writes the entries.
// Between the two the forge describes several repositories at once.
type visit struct {
	*sweep
	source *Source
	since  time.Time // when the crawl began; zero for a visit out of turn
	forge  Forge
	id     registry.ID
	repo   Repo
	prev   *registry.Visit // nil at the first visit

	ends        *log // of its page
	tree        Tree
	said        map[*speech]*said // those that were looked for
	parts       []*part           // what becomes entries; none where look came to the end
	description Description
	notes       []string // what could not be read for now
}

// part is one publiccode.yml and the entry that it makes.
type part struct {
	id     registry.ID
	folder string // "" is the root
	name   string // of the file, with its folder
	src    []byte
	doc    *publiccode.Result
	entry  *registry.Software // the one there is; nil where there is none
	stale  string             // why the file is no good, where the entry keeps its last good version
}

// contained runs a step of the visit: whatever happens in it is this
// repository's failure, unless the store or the context ended.
func (v *visit) contained(ctx context.Context, step func(*visit) error) error {
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				v.Log.Error("panic in a visit", "repository", v.repo.URL, "panic", p, "stack", string(debug.Stack()))
				err = fmt.Errorf("internal error while reading the repository: %v", p)
			}
		}()
		return step(v)
	}()
	if err == nil {
		return nil
	}
	var broken *storeError
	if errors.As(err, &broken) || ctx.Err() != nil {
		return err
	}
	v.parts = nil
	v.tell(func(sum *Summary) { sum.Repositories++ })
	v.fail(v.repo.URL, err)
	log := v.log(registry.Failed, err.Error())
	if v.prev != nil {
		log.Misses, log.Parts, log.Of, log.Fork = v.prev.Misses, v.prev.Parts, v.prev.Of, v.prev.Fork
	}
	return v.Store.PutVisit(ctx, log)
}

// known reports whether the last visit saw the repository as it is listed.
func (v *visit) known() bool {
	p := v.prev
	return p != nil && !v.anew && v.repo.Version != "" && p.Version == v.version() && p.Analyser == Analyser &&
		p.Misses == 0 && p.Outcome != registry.Failed && p.Outcome != registry.Missing && p.Outcome != registry.Moved
}

// version is the repository's own with all else that decides what a visit
// comes to.
func (v *visit) version() string {
	if v.repo.Version == "" {
		return ""
	}
	h := sha256.New()
	p := v.source.Publisher
	pattern, _ := v.excluded()
	parts := []string{v.repo.Version, string(v.repo.State), v.source.URL, p.ID, p.Name, p.Region, p.URI, pattern, strconv.FormatBool(v.source.Configured)}
	for _, part := range append(parts, v.source.Folders...) {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (v *visit) excluded() (pattern string, excluded bool) {
	if v.source.Excluded == nil {
		return "", false
	}
	return v.source.Excluded(v.id)
}

func (v *visit) log(outcome registry.Outcome, detail string) *registry.Visit {
	return &registry.Visit{
		Repo: v.id, URL: v.repo.URL, Forge: v.repo.Forge, ForgeID: v.repo.ForgeID, Source: v.source.URL,
		Version: v.version(), Analyser: Analyser, Time: v.Now().UTC(), Outcome: outcome, Detail: detail,
		Fork: v.forked(outcome),
	}
}

// end writes what the visit came to into the crawl log, last of all: after a
// crash the visit is repeated. One that came to no entry is written with the
// others of its page.
func (v *visit) end(ctx context.Context, log *registry.Visit, entries ...entered) error {
	if err := v.keepSaid(ctx, log); err != nil {
		return err
	}
	if v.prev != nil && v.prev.Of != log.Of {
		v.affect(v.prev.Of)
	}
	for _, e := range entries {
		if len(e.entry.Forks) > 0 {
			v.forks.Store(true)
		}
	}
	if log.Of != "" && (v.prev == nil || v.prev.Of != log.Of || v.prev.Outcome != log.Outcome) {
		v.affect(log.Of)
	}
	if v.ends != nil && len(entries) == 0 && log.Check() == nil {
		v.ends.add(log)
	} else if err := v.Store.PutVisit(ctx, log); err != nil {
		return stored(err)
	}
	v.count(log, entries...)
	if log.Pending {
		v.mu.Lock()
		v.waiting = append(v.waiting, log)
		v.mu.Unlock()
	}
	return nil
}

// entered is an entry after a visit.
type entered struct {
	entry *registry.Software
	kind  registry.Kind // "" is unchanged
}

// count adds the visit to the summary.
func (v *visit) count(log *registry.Visit, entries ...entered) {
	v.tell(func(sum *Summary) {
		sum.Repositories++
		switch log.Outcome {
		case registry.Unreadable:
			sum.Unreadable++
		case registry.TechnicalFork:
			sum.Forks++
		case registry.AtOther:
			sum.Locations++
		}
		sum.countFindings(log.Findings)
		for _, e := range entries {
			sum.Entries++
			if log.Of != "" && e.entry.ID == log.Repo {
				v.homeless[log.Repo] = e.kind
			}
			if e.entry.Incomplete() {
				sum.Incomplete++
			}
			switch e.kind {
			case registry.Added, registry.Restored:
				sum.New++
				v.changes[v.source.URL]++
			case registry.Updated, registry.Renamed:
				sum.Changed++
				v.changes[v.source.URL]++
			default:
				sum.Unchanged++
			}
		}
	})
}

// look says what the repository is. Where it is, or becomes, an entry its parts
// are set.
func (v *visit) look(ctx context.Context) error {
	defer v.turns.take(v.id)()
	var err error
	if v.prev, err = v.Store.Visit(ctx, v.id); err != nil && !errors.Is(err, registry.ErrNotFound) {
		return stored(err)
	}
	if same, err := v.unchanged(ctx); same || err != nil {
		return err
	}
	if pattern, ok := v.excluded(); ok {
		return v.leave(ctx, v.log(registry.Excluded, "excluded by the pattern "+pattern), registry.LeftOut)
	}
	switch v.repo.State {
	case Empty:
		return v.without(ctx, registry.Empty, "the repository has no commits", registry.FileGone)
	case Blocked:
		return v.without(ctx, registry.Blocked, "the forge has blocked or disabled the repository", registry.RepositoryGone)
	}
	if v.tree, err = v.forge.Files(ctx, v.repo); err != nil {
		return v.refused(ctx, err)
	}
	root, err := v.open(ctx, "")
	var unusable *unusableError
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.As(err, &unusable) {
		var found []string
		if !errors.Is(err, fs.ErrNotExist) {
			found = append(found, fileNames[0])
		}
		if err := v.hear(ctx, found...); err != nil {
			return v.refused(ctx, err)
		}
	}
	switch {
	case errors.As(err, &unusable):
		return v.unreadable(ctx, unusable)
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return v.refused(ctx, err)
	default:
		if other := home(v.id, root.doc.PublicCode); other != "" {
			if ended, err := v.elsewhere(ctx, root, other); ended || err != nil {
				return err
			}
		}
		v.parts = append(v.parts, root)
	}
	if err := v.openFolders(ctx); err != nil {
		v.parts = nil
		return v.refused(ctx, err)
	}
	if len(v.parts) == 0 {
		return v.without(ctx, registry.NoFile, v.noFile(), registry.FileGone)
	}
	return nil
}

// noFile is where no publiccode.yml was found.
func (v *visit) noFile() string {
	detail := "no publiccode.yml at the root of the default branch"
	if len(v.source.Folders) > 0 {
		detail += ", nor in " + strings.Join(v.source.Folders, ", ")
	}
	return strings.Join(append([]string{detail}, v.notes...), "; ")
}

// unchanged ends the visit of a repository that is as it was.
func (v *visit) unchanged(ctx context.Context) (bool, error) {
	if !v.known() {
		return false, nil
	}
	var entries []entered
	for _, id := range append([]registry.ID{v.id}, v.prev.Parts...) {
		entry, err := v.Store.Get(ctx, id)
		switch {
		case err == nil:
			entries = append(entries, entered{entry: entry})
		case !registry.Absent(err):
			return false, stored(err)
		case v.prev.Outcome == registry.Entry && (id != v.id || len(v.prev.Parts) == 0):
			return false, nil // the registry lost what the log says is there
		}
	}
	v.count(v.prev, entries...)
	return true, nil
}

// unusableError is a publiccode.yml that cannot become an entry.
type unusableError struct {
	*part
	why string
}

func (e *unusableError) Error() string { return e.why }

// open reads the publiccode.yml of a folder: fs.ErrNotExist where there is none,
// *unusableError where it is no good.
func (v *visit) open(ctx context.Context, folder string) (*part, error) {
	p := &part{id: v.id, folder: folder}
	names := slices.Clone(fileNames)
	if folder != "" {
		var err error
		if p.id, err = v.id.In(folder); err != nil {
			return nil, err
		}
		for i := range names {
			names[i] = path.Join(folder, names[i])
		}
	}
	var err error
	if p.entry, err = v.Store.Get(ctx, p.id); err != nil && !registry.Absent(err) {
		return nil, stored(err)
	}
	p.name, p.src, err = readFirst(v.tree, names)
	switch {
	case errors.Is(err, registry.ErrTooLarge):
		// The forge stopped before the end; to the parser any size over the limit is
		// the same.
		p.src = make([]byte, publiccode.MaxSize+1)
	case err != nil:
		return nil, err
	}
	p.doc = publiccode.Parse(p.src, publiccode.Options{RepositoryURL: v.repo.URL})
	if why := p.unusable(); why != "" {
		return nil, &unusableError{p, why}
	}
	return p, nil
}

// unusable is why a file cannot become an entry, "" where it can.
func (p *part) unusable() string {
	switch {
	case len(p.src) > publiccode.MaxSize:
		return fmt.Sprintf("%s is over %d bytes", p.name, publiccode.MaxSize)
	case p.doc.PublicCode == nil:
		return p.name + " cannot be read: " + firstError(p.doc.Findings)
	case strings.TrimSpace(p.doc.PublicCode.Name) == "":
		return p.name + " gives the software no name"
	}
	return ""
}

// elsewhere ends the visit of a repository whose file names another one as its
// home. A fork speaks for that one and is no entry. What is no fork is another
// location of the other's entry where there is one, and else an entry with a
// finding: then the visit goes on.
func (v *visit) elsewhere(ctx context.Context, root *part, other registry.ID) (ended bool, err error) {
	if v.repo.Fork {
		log := v.log(registry.TechnicalFork, "a fork whose url names another repository, "+string(other))
		log.Of = other
		return true, v.leave(ctx, log, registry.NotCatalogued)
	}
	entry, err := v.live(ctx, other)
	if err != nil {
		return false, stored(err)
	}
	if entry == nil || entry.ID.Same(v.id) {
		return false, nil
	}
	log := v.log(registry.AtOther, atOther(entry.ID))
	log.Of, log.Findings = other, root.doc.Findings
	return true, v.leave(ctx, log, registry.Merged)
}

// openFolders looks for a publiccode.yml in the sub-folders that the operator
// names. One that is no good is noted and does not spoil the others.
func (v *visit) openFolders(ctx context.Context) error {
	for _, pattern := range v.source.Folders {
		folders, err := fs.Glob(v.tree, pattern)
		if err != nil {
			return fmt.Errorf("folders %q: %w", pattern, err)
		}
		for _, folder := range folders {
			if folder == "." || slices.ContainsFunc(v.parts, func(p *part) bool { return p.folder == folder }) {
				continue
			}
			if len(v.parts) > maxParts {
				v.note("more than %d sub-folders have a publiccode.yml; the others are left out", maxParts)
				return nil
			}
			p, err := v.open(ctx, folder)
			var unusable *unusableError
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case errors.As(err, &unusable):
				v.note("%s", unusable.why)
				if unusable.entry == nil {
					continue
				}
				unusable.stale = unusable.why
				v.parts = append(v.parts, unusable.part)
			case err != nil:
				return err
			default:
				v.parts = append(v.parts, p)
			}
		}
	}
	return nil
}

func (v *visit) note(format string, args ...any) {
	v.notes = append(v.notes, fmt.Sprintf(format, args...))
}
