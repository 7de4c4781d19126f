// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// homes are the names of repositories that an organisation may have for what it says
// alone: they are asked for its files also where that costs a request.
var homes = []string{"adoptions", "allmende", ".allmende", ".profile"}

// Teller is a Tree that may not know the names in its root. One that is no Teller
// knows them once a file of the root was opened.
type Teller interface {
	// Tells reports whether it is known without a request that there is, or is
	// not, a file of this name in the root.
	Tells(name string) bool
}

// speech is a kind of file in which an organisation speaks, and what is kept of it.
type speech struct {
	name string // of the file
	kind registry.DocumentKind
	// beside says whether the file is asked for, though that may cost a request, in a
	// repository that has the files before it; see hear.
	beside func(found []string) bool
	read   func(src []byte, now time.Time) utterance
	open   func(*registry.Document) (spoken, error)
}

// speeches are those there are, in the order in which they are looked for.
var speeches = []*speech{&adoptionsFile, &needsFile}

// spoken is a document of what an organisation says.
type spoken interface {
	Said() *registry.Word
	Document(version int64) *registry.Document
}

// utterance is a file as it was read.
type utterance struct {
	spoken   spoken // with no more of its Word than the organisation; nil where the file is unreadable
	public   string // what in it anybody may see, in words; "" for nothing
	findings []publiccode.Finding
	discreet bool // something in it is not for everybody
}

// said is a file of a repository as a visit found it.
type said struct {
	src []byte
	err error // of reading it; fs.ErrNotExist where there is none
}

// mayConfirm reports whether what the repository says is the word of a publisher: the
// operator named the source for it, and the forge knows of no other repository that it
// was copied from.
func (v *visit) mayConfirm() bool {
	return v.source.Configured && v.source.Publisher.ID != "" && !v.repo.Fork
}

// hear opens the files in which an organisation speaks, unless that costs a request
// for nothing. found are the files that the repository is known to have.
func (v *visit) hear(ctx context.Context, found ...string) error {
	if !v.mayConfirm() {
		return nil
	}
	v.said = map[*speech]*said{}
	teller, ok := v.tree.(Teller)
	for _, f := range speeches {
		if told := !ok || teller.Tells(f.name); !told && !f.beside(found) && !v.isHome() {
			former, _, err := f.former(ctx, v.Store, v.id)
			if err != nil {
				return err
			}
			if former == nil {
				continue
			}
		}
		s := &said{}
		v.said[f] = s
		_, s.src, s.err = readFirst(v.tree, []string{f.name})
		if fetch.Hopeless(ctx, s.err) {
			return s.err
		}
		if s.err == nil {
			found = append(found, f.name)
		}
	}
	return nil
}

// isHome reports whether the operator named the repository itself as a source, or
// it has a name of homes.
func (v *visit) isHome() bool {
	name := strings.ToLower(path.Base(string(v.id.Repository())))
	return claim(v.source.URL) == v.id.Key() || slices.Contains(homes, name)
}

// former is what a repository said until now, with its document's version; nil for
// nothing.
func (f *speech) former(ctx context.Context, store Store, id registry.ID) (spoken, int64, error) {
	d, err := store.Document(ctx, f.kind, registry.AdoptionsFile(id))
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return nil, 0, nil
	case err != nil:
		return nil, 0, stored(err)
	}
	s, err := f.open(d)
	return s, d.Version, stored(err)
}

// keepSaid writes down what the repository says, before the visit's own line.
func (v *visit) keepSaid(ctx context.Context, log *registry.Visit) error {
	for _, f := range speeches {
		told, err := v.keep(ctx, f, log.Outcome)
		if err != nil {
			return err
		}
		log.Findings = append(log.Findings, told.findings...)
		if told.detail != "" {
			log.Detail = strings.TrimPrefix(log.Detail+"; "+told.detail, "; ")
		}
		if told.again {
			log.Version = ""
		}
	}
	return nil
}

func (v *visit) keep(ctx context.Context, f *speech, outcome registry.Outcome) (told, error) {
	for {
		former, version, err := f.former(ctx, v.Store, v.id)
		if err != nil {
			return told{}, err
		}
		was := bodyOf(former)
		next, told := v.now(f, outcome, former)
		if body := bodyOf(next); !bytes.Equal(was, body) {
			err := v.Store.PutDocuments(ctx, &registry.Document{Kind: f.kind, Key: registry.AdoptionsFile(v.id), Version: version, Body: body})
			if errors.Is(err, registry.ErrConflict) {
				continue
			}
			if err != nil {
				return told, stored(err)
			}
			v.affect(v.id)
		}
		return told, nil
	}
}

// bodyOf is what is kept of s; nil for nothing.
func bodyOf(s spoken) json.RawMessage {
	if s == nil {
		return nil
	}
	return s.Document(0).Body
}

// told is what a visit's line has of a file.
type told struct {
	detail   string
	findings []publiccode.Finding
	again    bool // it is to be read again in the next sweep
}

// now is what holds after the visit, nil for nothing; former may be changed to be it.
func (v *visit) now(f *speech, outcome registry.Outcome, former spoken) (spoken, told) {
	withdrawn := outcome == registry.Excluded || outcome == registry.OptedOut || outcome == registry.TechnicalFork
	said := v.said[f]
	switch {
	case withdrawn, !v.mayConfirm():
		return nil, told{}
	case said == nil && !slices.Contains([]registry.Outcome{registry.Empty, registry.Blocked, registry.Missing}, outcome):
		return former, told{}
	case said == nil, errors.Is(said.err, fs.ErrNotExist):
		return v.misses(f, former)
	case said.err != nil && !errors.Is(said.err, registry.ErrTooLarge):
		return former, told{detail: fmt.Sprintf("%s could not be read: %v", f.name, said.err), again: true}
	}
	return v.reads(f, said, former)
}

// misses counts that the file was not found: at the second sweep in a row what it said
// goes.
func (v *visit) misses(f *speech, former spoken) (spoken, told) {
	if former == nil {
		return nil, told{}
	}
	switch missed := &former.Said().Missed; {
	case missed.IsZero():
		if !v.since.IsZero() {
			*missed = v.moment()
		}
		return former, told{detail: "no " + f.name + " any more (1 of 2 sweeps until what it said is removed)", again: true}
	case !v.since.IsZero() && missed.Before(v.since):
		return nil, told{detail: "no " + f.name + " any more: what it said is removed"}
	}
	return former, told{again: true}
}

// reads is what the file says. One that is no good leaves in place what the last good
// one said.
func (v *visit) reads(f *speech, said *said, former spoken) (spoken, told) {
	read := utterance{discreet: true}
	if said.err == nil {
		read = f.read(said.src, v.Now())
	}
	t := told{findings: read.tellable()}
	publisher := v.source.Publisher
	var who adoption.Organisation
	if read.spoken != nil {
		who = read.spoken.Said().Organisation
	}
	bad := ""
	switch {
	case said.err != nil:
		bad = "is too large"
	case read.spoken == nil:
		bad = "cannot be read"
	case who.URI == "" || who.Name == "":
		bad = "does not say who speaks: organisation.uri or organisation.name is missing"
	case !registry.SpeaksWithin(publisher.Region, who.Region):
		t.findings = append(t.findings, adoption.Format.Finding("AD0901", "organisation.region", who.Region, publisher.Region))
		t.detail = fmt.Sprintf("%s speaks for an organisation of %s, but its publisher is of %s: it is not counted", f.name, who.Region, publisher.Region)
		return nil, t
	default:
		v.place(f, said, former, read.spoken.Said())
		if len(bodyOf(read.spoken)) > registry.MaxDocument {
			bad = "is too large"
		}
	}
	if bad != "" {
		t.detail = f.name + " " + bad
		if former == nil {
			return nil, t
		}
		t.detail += "; what it said before still holds"
		was := former.Said()
		was.Unread, was.Missed, was.Publisher = bad, time.Time{}, publisher
		return former, t
	}
	t.detail = f.name + " was read"
	if read.public != "" {
		t.detail = fmt.Sprintf("%s of %s with %s was read", f.name, who.Name, read.public)
	}
	return read.spoken, t
}

// place completes the word of an organisation: where it stands, and since when.
func (v *visit) place(f *speech, said *said, former spoken, word *registry.Word) {
	sum := sha256.Sum256(said.src)
	word.Repository, word.Publisher, word.Hash = v.id, v.source.Publisher, hex.EncodeToString(sum[:])
	word.Time, word.URL = v.moment(), fileAddress(v.repo.Repository, f.name)
	// Nothing in a repository is newer than the last that happened to it.
	if pushed := v.repo.Pushed.UTC().Truncate(time.Millisecond); !pushed.IsZero() && pushed.Before(word.Time) {
		word.Time = pushed
	}
	if former != nil {
		was := former.Said()
		if registry.OrganisationKey(was.Organisation.URI) == registry.OrganisationKey(word.Organisation.URI) {
			word.Vouched = was.Vouched
		}
		if was.Hash == word.Hash {
			word.Time, word.Commit = was.Time, was.Commit
			return
		}
	}
	if commit, err := v.tree.Commit(); err == nil {
		word.Commit = commit
	}
}

// tellable are the findings that anybody may see: they quote the file, so where
// something in it is restricted, or nothing is known of it, only what they are and
// where.
func (u utterance) tellable() []publiccode.Finding {
	findings := slices.Clone(u.findings)
	for i := range findings {
		if u.discreet || u.spoken == nil {
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
	for _, f := range speeches {
		key := registry.AdoptionsFile(id)
		if _, err := s.Store.Document(ctx, f.kind, key); err != nil {
			if errors.Is(err, registry.ErrNotFound) {
				continue
			}
			return err
		}
		s.affect(id)
		if err := s.Store.PutDocuments(ctx, &registry.Document{Kind: f.kind, Key: key}); err != nil {
			return err
		}
	}
	return nil
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

// eachSaid calls do with what each repository says, until an error.
func (s *sweep) eachSaid(ctx context.Context, do func(*speech, spoken, int64) error) error {
	for _, f := range speeches {
		for d, err := range s.Store.ListDocuments(ctx, registry.DocumentList{Kind: f.kind}) {
			if err != nil {
				return err
			}
			said, err := f.open(d)
			if err != nil {
				return err
			}
			if said.Said().Repository == "" {
				continue
			}
			if err := do(f, said, d.Version); err != nil {
				return err
			}
		}
	}
	return nil
}

// withdraw removes what repositories say that no source is configured for any more:
// the operator's word is what confirms them.
func (s *sweep) withdraw(ctx context.Context) error {
	if len(s.claims) == 0 {
		return nil
	}
	return s.eachSaid(ctx, func(_ *speech, said spoken, _ int64) error {
		repository := said.Said().Repository
		if src, ok := s.claims.Closest(repository); ok && src.Configured {
			return nil
		}
		if err := s.forget(ctx, repository); err != nil {
			return err
		}
		return s.readAgain(ctx, repository)
	})
}
