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
	"net/url"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// adoptionHomes are the names of repositories that an organisation may have for its
// adoptions.yml alone: they are asked for one also where that costs a request.
var adoptionHomes = []string{"adoptions", "allmende", ".allmende", ".profile"}

// Teller is a Tree that may not know the names in its root. One that is no Teller
// knows them once a file of the root was opened.
type Teller interface {
	// Tells reports whether it is known without a request that there is, or is
	// not, a file of this name in the root.
	Tells(name string) bool
}

// said is the adoptions.yml of a repository as a visit found it.
type said struct {
	src []byte
	err error // of reading it; fs.ErrNotExist where there is none
}

// mayConfirm reports whether what the repository says of adoptions is the word of a
// publisher: the operator named the source for it, and the forge knows of no other
// repository that it was copied from.
func (v *visit) mayConfirm() bool {
	return v.source.Configured && v.source.Publisher.ID != "" && !v.repo.Fork
}

// hear opens the adoptions.yml, unless that costs a request for nothing.
// withFile says that the repository has a publiccode.yml.
func (v *visit) hear(ctx context.Context, withFile bool) error {
	if !v.mayConfirm() {
		return nil
	}
	teller, ok := v.tree.(Teller)
	if told := !ok || teller.Tells(adoption.FileName); !told && !withFile && !v.isHome() {
		former, _, err := v.adoptions(ctx)
		if former == nil || err != nil {
			return err
		}
	}
	v.said = &said{}
	_, v.said.src, v.said.err = readFirst(v.tree, []string{adoption.FileName})
	if err := v.said.err; fetch.Hopeless(ctx, err) {
		return err
	}
	return nil
}

// isHome reports whether the operator named the repository itself as a source, or
// it has a name of adoptionHomes.
func (v *visit) isHome() bool {
	name := strings.ToLower(path.Base(string(v.id.Repository())))
	return claim(v.source.URL) == v.id.Key() || slices.Contains(adoptionHomes, name)
}

// adoptions are what the repository said until now, with their document's version;
// nil for none.
func (v *visit) adoptions(ctx context.Context) (*registry.Adoptions, int64, error) {
	d, err := v.Store.Document(ctx, registry.AdoptionsDocument, registry.AdoptionsFile(v.id))
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return nil, 0, nil
	case err != nil:
		return nil, 0, stored(err)
	}
	a, err := registry.ReadDocument[registry.Adoptions](d)
	return a, d.Version, stored(err)
}

// keepAdoptions writes down what the repository says of adoptions, before the
// visit's own line.
func (v *visit) keepAdoptions(ctx context.Context, log *registry.Visit) error {
	for {
		former, version, err := v.adoptions(ctx)
		if err != nil {
			return err
		}
		next, told := v.adoptionsNow(log, former)
		if !reflect.DeepEqual(former, next) {
			d := &registry.Document{Kind: registry.AdoptionsDocument, Key: registry.AdoptionsFile(v.id), Version: version}
			if next != nil {
				d = next.Document(version)
			}
			err := v.Store.PutDocuments(ctx, d)
			if errors.Is(err, registry.ErrConflict) {
				continue
			}
			if err != nil {
				return stored(err)
			}
			v.affect(v.id)
		}
		log.Findings = append(log.Findings, told.findings...)
		if told.detail != "" {
			log.Detail = strings.TrimPrefix(log.Detail+"; "+told.detail, "; ")
		}
		if told.again {
			log.Version = ""
		}
		return nil
	}
}

// told is what a visit's line has of an adoptions.yml.
type told struct {
	detail   string
	findings []publiccode.Finding
	again    bool // it is to be read again in the next sweep
}

// adoptionsNow is what holds after the visit; nil for nothing.
func (v *visit) adoptionsNow(log *registry.Visit, former *registry.Adoptions) (*registry.Adoptions, told) {
	withdrawn := log.Outcome == registry.Excluded || log.Outcome == registry.OptedOut || log.Outcome == registry.TechnicalFork
	switch {
	case withdrawn, !v.mayConfirm():
		return nil, told{}
	case v.said == nil && !slices.Contains([]registry.Outcome{registry.Empty, registry.Blocked, registry.Missing}, log.Outcome):
		return former, told{}
	case v.said == nil, errors.Is(v.said.err, fs.ErrNotExist):
		return v.missAdoptions(former)
	case v.said.err != nil && !errors.Is(v.said.err, registry.ErrTooLarge):
		return former, told{detail: fmt.Sprintf("%s could not be read: %v", adoption.FileName, v.said.err), again: true}
	}
	return v.readAdoptions(former)
}

// missAdoptions counts that the file was not found: at the second sweep in a row
// what it said goes.
func (v *visit) missAdoptions(former *registry.Adoptions) (*registry.Adoptions, told) {
	switch {
	case former == nil:
		return nil, told{}
	case former.Missed.IsZero():
		next := *former
		if !v.since.IsZero() {
			next.Missed = v.moment()
		}
		return &next, told{detail: "no " + adoption.FileName + " any more (1 of 2 sweeps until what it said is removed)", again: true}
	case !v.since.IsZero() && former.Missed.Before(v.since):
		return nil, told{detail: "no " + adoption.FileName + " any more: what it said is removed"}
	}
	return former, told{again: true}
}

// readAdoptions is what the file says. One that is no good leaves in place what
// the last good one said.
func (v *visit) readAdoptions(former *registry.Adoptions) (*registry.Adoptions, told) {
	sum := sha256.Sum256(v.said.src)
	hash := hex.EncodeToString(sum[:])
	read := &adoption.Result{}
	if v.said.err == nil {
		read = adoption.Parse(v.said.src, adoption.Options{Now: v.Now()})
	}
	t := told{findings: tellable(read)}
	publisher := v.source.Publisher
	bad := ""
	switch o := organisation(read); {
	case v.said.err != nil:
		bad = "is too large"
	case read.File == nil:
		bad = "cannot be read"
	case o.URI == "" || o.Name == "":
		bad = "does not say who speaks: organisation.uri or organisation.name is missing"
	case !registry.SpeaksWithin(publisher.Region, o.Region):
		t.findings = append(t.findings, adoption.Format.Finding("AD0901", "organisation.region", o.Region, publisher.Region))
		t.detail = fmt.Sprintf("%s speaks for an organisation of %s, but its publisher is of %s: it is not counted", adoption.FileName, o.Region, publisher.Region)
		return nil, t
	}
	next := &registry.Adoptions{
		Repository: v.id, Publisher: publisher, Hash: hash, Time: v.moment(), URL: fileAddress(v.repo.Repository, adoption.FileName),
	}
	if bad == "" {
		next.Organisation, next.Statements = read.File.Organisation, read.File.Adoptions
		if len(next.Document(0).Body) > registry.MaxDocument {
			bad = "is too large"
		}
	}
	if bad != "" {
		t.detail = adoption.FileName + " " + bad
		if former == nil {
			return nil, t
		}
		t.detail += "; what it said before still holds"
		next := *former
		next.Unread, next.Missed, next.Publisher = bad, time.Time{}, publisher
		return &next, t
	}
	// Nothing in a repository is newer than the last that happened to it.
	if pushed := v.repo.Pushed.UTC().Truncate(time.Millisecond); !pushed.IsZero() && pushed.Before(next.Time) {
		next.Time = pushed
	}
	if former != nil && former.Hash == hash {
		next.Time, next.Commit = former.Time, former.Commit
	} else if commit, err := v.tree.Commit(); err == nil {
		next.Commit = commit
	}
	public := 0
	for range next.Public() {
		public++
	}
	t.detail = adoption.FileName + " was read"
	if public > 0 {
		t.detail = fmt.Sprintf("%s of %s with %d public statements was read", adoption.FileName, next.Organisation.Name, public)
	}
	return next, t
}

func organisation(r *adoption.Result) adoption.Organisation {
	if r.File == nil {
		return adoption.Organisation{}
	}
	return r.File.Organisation
}

// tellable are the findings that anybody may see: they quote the file, so where
// something in it is restricted, or nothing is known of it, only what they are and
// where.
func tellable(r *adoption.Result) []publiccode.Finding {
	open := r.File != nil && !slices.ContainsFunc(r.File.Adoptions, func(s adoption.Statement) bool { return s.Visibility == adoption.Restricted })
	findings := slices.Clone(r.Findings)
	for i := range findings {
		if !open {
			findings[i].Args = nil
		}
	}
	return findings
}

// fileAddress is where people see a file of the default branch; the repository
// itself where the forge's own addresses are not known.
func fileAddress(r registry.Repository, name string) string {
	view, known := map[string]string{GitHub: "/blob/", GitLab: "/-/blob/", Forgejo: "/src/branch/", Bitbucket: "/src/"}[r.Forge]
	if !known || r.DefaultBranch == "" {
		return r.URL
	}
	return r.URL + view + (&url.URL{Path: r.DefaultBranch + "/" + name}).EscapedPath()
}

// moment is now as stores keep it.
func (v *visit) moment() time.Time { return v.Now().UTC().Truncate(time.Millisecond) }

// forget removes what a repository said that is there no more, or moved.
func (s *sweep) forget(ctx context.Context, id registry.ID) error {
	key := registry.AdoptionsFile(id)
	if _, err := s.Store.Document(ctx, registry.AdoptionsDocument, key); err != nil {
		if errors.Is(err, registry.ErrNotFound) {
			return nil
		}
		return err
	}
	s.affect(id)
	return s.Store.PutDocuments(ctx, &registry.Document{Kind: registry.AdoptionsDocument, Key: key})
}

// readAgain has the next crawl of a repository read it, though it may not have
// changed: a source can come back.
func (s *sweep) readAgain(ctx context.Context, id registry.ID) error {
	v, err := s.Store.Visit(ctx, id)
	if errors.Is(err, registry.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Version = ""
	return s.Store.PutVisit(ctx, v)
}

// withdraw removes what repositories say that no source is configured for any more:
// the operator's word is what confirms them.
func (s *sweep) withdraw(ctx context.Context) error {
	if len(s.claims) == 0 {
		return nil
	}
	for a, err := range registry.EachAdoptions(ctx, s.Store) {
		if err != nil {
			return err
		}
		if a.Repository == "" {
			continue
		}
		if src, ok := s.claims.Closest(a.Repository); !ok || !src.Configured {
			if err := s.forget(ctx, a.Repository); err != nil {
				return err
			}
			if err := s.readAgain(ctx, a.Repository); err != nil {
				return err
			}
		}
	}
	return nil
}
