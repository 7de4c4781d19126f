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
	"io"
	"io/fs"
	"path"
	"runtime/debug"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// fileNames are where a publiccode.yml may lie, the one that counts first.
var fileNames = []string{"publiccode.yml", "publiccode.yaml"}

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

// visit reads one repository.
type visit struct {
	*sweep
	source Source
	forge  Forge
	id     registry.ID
	repo   Repo
	prev   *registry.Visit    // nil at the first visit
	entry  *registry.Software // the one there is; nil where there is none
}

// result is what a visit adds to the summary.
type result struct {
	log    *registry.Visit
	change registry.Kind // "" is unchanged
	entry  *registry.Software
}

func (r *result) count(sum *Summary) {
	sum.Repositories++
	if r.log.Outcome == registry.Unreadable {
		sum.Unreadable++
	}
	sum.countFindings(r.log.Findings)
	if r.entry == nil {
		return
	}
	sum.Entries++
	if r.entry.Incomplete() {
		sum.Incomplete++
	}
	switch r.change {
	case registry.Added, registry.Restored:
		sum.New++
	case registry.Updated, registry.Renamed:
		sum.Changed++
	default:
		sum.Unchanged++
	}
}

// run visits the repository. What is written last is the crawl log: after a
// crash the visit is repeated.
func (v *visit) run(ctx context.Context) (res *result, err error) {
	defer func() {
		if p := recover(); p != nil {
			v.Log.Error("panic in a visit", "repository", v.repo.URL, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("internal error while reading the repository: %v", p)
		}
	}()
	if v.entry, err = v.Store.Get(ctx, v.id); err != nil && !absent(err) {
		return nil, stored(err)
	}
	if v.unchanged() {
		return &result{log: v.prev, entry: v.entry}, nil
	}
	res, err = v.read(ctx)
	if err != nil {
		return nil, err
	}
	return res, stored(v.Store.PutVisit(ctx, res.log))
}

// absent reports whether an error of Get says that there is no entry.
func absent(err error) bool {
	var moved *registry.MovedError
	return errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone) || errors.As(err, &moved)
}

func (v *visit) unchanged() bool {
	p := v.prev
	if p != nil && p.Outcome == registry.Entry && v.entry == nil {
		return false
	}
	return p != nil && v.repo.Version != "" && p.Version == v.version() && p.Analyser == Analyser &&
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
	for _, part := range []string{v.repo.Version, string(v.repo.State), v.source.URL, p.ID, p.Name, p.Region, p.URI} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (v *visit) log(outcome registry.Outcome, detail string) *registry.Visit {
	return &registry.Visit{
		Repo: v.id, ForgeID: v.repo.ForgeID, Source: v.source.URL, Version: v.version(), Analyser: Analyser,
		Time: v.Now().UTC(), Outcome: outcome, Detail: detail,
	}
}

// read takes the repository from the forge to the registry.
func (v *visit) read(ctx context.Context) (*result, error) {
	switch v.repo.State {
	case Empty:
		return v.without(ctx, registry.Empty, "the repository has no commits", registry.FileGone)
	case Blocked:
		return v.without(ctx, registry.Blocked, "the forge has blocked or disabled the repository", registry.RepositoryGone)
	}
	tree, err := v.forge.Files(ctx, v.repo)
	if err != nil {
		return v.refused(ctx, err)
	}
	name, src, err := readFirst(tree, fileNames)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return v.without(ctx, registry.NoFile, "no publiccode.yml at the root of the default branch", registry.FileGone)
	case errors.Is(err, registry.ErrTooLarge):
		// The forge stopped before the end; to the parser any size over the limit is
		// the same.
		tooLarge := publiccode.Parse(make([]byte, publiccode.MaxSize+1), publiccode.Options{})
		return v.unreadable(ctx, tooLarge.Findings, fmt.Sprintf("%s is over %d bytes", name, MaxFileSize))
	case err != nil:
		return v.refused(ctx, err)
	}
	doc := publiccode.Parse(src, publiccode.Options{RepositoryURL: v.repo.URL})
	if doc.PublicCode == nil {
		return v.unreadable(ctx, doc.Findings, name+" cannot be read: "+firstError(doc.Findings))
	}
	if strings.TrimSpace(doc.PublicCode.Name) == "" {
		return v.unreadable(ctx, doc.Findings, name+" gives the software no name")
	}
	if other, ok := v.technicalFork(doc.PublicCode); ok {
		if v.entry != nil {
			if err := v.remove(ctx, v.entry.ID, registry.NotCatalogued); err != nil {
				return nil, stored(err)
			}
		}
		return &result{log: v.log(registry.TechnicalFork, "a fork whose url names another repository, "+other)}, nil
	}
	commit, err := tree.Commit()
	if err != nil {
		return v.refused(ctx, err)
	}
	sum := sha256.Sum256(src)
	software := &registry.Software{
		ID: v.id, Publisher: v.source.Publisher, Repository: v.repo.Repository,
		PublicCode: *doc.PublicCode, Findings: doc.Findings,
		Files: []registry.File{{Path: name, Commit: commit, Hash: hex.EncodeToString(sum[:]), Size: len(src), Bytes: src}},
	}
	change, err := v.Store.Put(ctx, software)
	if err != nil {
		return nil, stored(err)
	}
	log := v.log(registry.Entry, "")
	log.Findings = doc.Findings
	return &result{log: log, change: change.Kind, entry: software}, nil
}

// without is a visit that found the repository but no file in it.
func (v *visit) without(ctx context.Context, outcome registry.Outcome, detail string, why registry.Reason) (*result, error) {
	log := v.log(outcome, detail)
	if v.prev != nil {
		log.Misses = v.prev.Misses
	}
	if v.entry == nil {
		log.Misses = 0
		return &result{log: log}, nil
	}
	if _, err := v.miss(ctx, log, why); err != nil {
		return nil, stored(err)
	}
	if log.Misses >= missesUntilGone {
		log.Misses = 0
		return &result{log: log}, nil
	}
	return &result{log: log, entry: v.entry}, nil
}

// unreadable is a visit whose file cannot become an entry. An entry there is
// already keeps its last good version and says that it is stale.
func (v *visit) unreadable(ctx context.Context, findings []publiccode.Finding, detail string) (*result, error) {
	log := v.log(registry.Unreadable, detail)
	log.Findings = findings
	entry := v.entry
	if entry == nil {
		return &result{log: log}, nil
	}
	entry.Publisher, entry.Repository = v.source.Publisher, v.repo.Repository
	entry.Findings, entry.Stale = findings, detail
	change, err := v.Store.Put(ctx, entry)
	if err != nil {
		return nil, stored(err)
	}
	return &result{log: log, change: change.Kind, entry: entry}, nil
}

// refused sorts an error of the forge: what is not there or forbidden is an
// outcome, all else a failure of this visit.
func (v *visit) refused(ctx context.Context, err error) (*result, error) {
	switch {
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrGone):
		return v.without(ctx, registry.Missing, "listed, but not found: "+err.Error(), registry.RepositoryGone)
	case errors.Is(err, registry.ErrForbidden):
		return v.without(ctx, registry.Blocked, "the forge refuses it: "+err.Error(), registry.RepositoryGone)
	}
	return nil, err
}

// technicalFork reports whether the repository is a copy that speaks for
// another one, and for which.
func (v *visit) technicalFork(pc *publiccode.PublicCode) (string, bool) {
	if !v.repo.Fork {
		return "", false
	}
	other, err := registry.ParseID(pc.URL)
	if err != nil || other.Same(v.id) {
		return "", false
	}
	return string(other), true
}

// readFirst reads the first of the files that exists.
func readFirst(tree fs.FS, names []string) (string, []byte, error) {
	for _, name := range names {
		src, err := readFile(tree, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return name, nil, err
		}
		// Forges serve a symbolic link as a file that holds its target.
		if target, ok := linkTarget(name, src); ok {
			if linked, err := readFile(tree, target); err == nil {
				return target, linked, nil
			}
		}
		return name, src, nil
	}
	return "", nil, fs.ErrNotExist
}

func readFile(tree fs.FS, name string) ([]byte, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(src) > MaxFileSize {
		return nil, fmt.Errorf("%s: %w", name, registry.ErrTooLarge)
	}
	return src, nil
}

func linkTarget(name string, src []byte) (string, bool) {
	s := string(src)
	if len(s) > 512 || strings.ContainsAny(s, "\n: ") || !strings.HasSuffix(s, ".yml") && !strings.HasSuffix(s, ".yaml") {
		return "", false
	}
	target := path.Join(path.Dir(name), s)
	return target, fs.ValidPath(target) && target != name
}

func firstError(findings []publiccode.Finding) string {
	for _, f := range findings {
		if f.Severity == publiccode.Error {
			return fmt.Sprintf("line %d: %s", f.Line, f.Message("en"))
		}
	}
	return "no reason given"
}
