// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/sbom"
)

// The errors that packages of the project tell apart. Adapters translate those
// of their libraries into these once; the API maps them to HTTP once.
var (
	ErrNotFound  = errors.New("not found")
	ErrGone      = errors.New("gone")
	ErrForbidden = errors.New("forbidden")
	ErrTooLarge  = errors.New("too large")
	ErrInvalid   = errors.New("invalid")
	ErrLocked    = errors.New("in use by another process")
	ErrConflict  = errors.New("changed by another meanwhile")
)

// MovedError says that an entry lives under another ID now: its repository was
// renamed.
type MovedError struct{ To ID }

func (e *MovedError) Error() string { return fmt.Sprintf("moved to %s", e.To) }

// Rev is a revision of the change log: 1 for the first change, then one more
// each; never reused.
type Rev int64

// Kind says what a change did to an entry.
type Kind string

// The kinds of change.
const (
	Added    Kind = "added"
	Updated  Kind = "updated"
	Renamed  Kind = "renamed"  // From is the former ID; the content may have changed too
	Removed  Kind = "removed"  // Reason says why
	Restored Kind = "restored" // From is the former ID where it came back under another one
)

// Reason is why an entry was removed.
type Reason string

// The reasons.
const (
	RepositoryGone Reason = "repository-gone" // the forge no longer lists or serves the repository
	FileGone       Reason = "file-gone"       // the repository has no publiccode.yml any more
	NotCatalogued  Reason = "not-catalogued"  // e.g. it turned into a technical fork
	Merged         Reason = "other-location"  // its publiccode.yml names another entry as its home, of which it is a location now
	Declined       Reason = "opted-out"       // its maintainers do not want it listed
	LeftOut        Reason = "excluded"        // the operator excludes it
)

// Change is one revision of the log. Everything downstream is a cursor on it.
type Change struct {
	Rev    Rev       `json:"rev"`
	ID     ID        `json:"id"`
	Kind   Kind      `json:"kind"`
	From   ID        `json:"from,omitempty"`
	Reason Reason    `json:"reason,omitempty"`
	Time   time.Time `json:"time"`
}

// Store keeps the catalogue. Every store passes registrytest.TestStore. All
// methods are safe for concurrent use; a read after a write in the same
// process sees it.
type Store interface {
	// Put writes an entry with its raw files and its change in one transaction.
	// Where nothing differs from what is stored the change has Rev 0 and
	// nothing is written. An entry of the same host with the same ForgeID and
	// the same folder under another ID is renamed: the former ID becomes an
	// alias. The parts of a repository share its ForgeID, and each is renamed
	// when it is put. A removed entry is restored. FirstSeen, Changed and Rev
	// of s are set.
	//
	// Two entries differ where their JSON does, FirstSeen, Changed and Rev
	// aside, and instants whatever their zone. Hash and Size of the files are
	// set from their Bytes; a file without Bytes is meant by its Hash and must
	// be stored already. What Check refuses, a Hash that is not that of the
	// Bytes, and one that is not stored, are ErrInvalid. After an error s is as
	// it was.
	//
	// Where s.Rev is not 0, as in what Get returned, the entry must be at that
	// revision still, else nothing is written and the error is ErrConflict.
	//
	// A new repository at a former ID takes the address, and the alias ends. A
	// repository that is renamed onto another entry's ID takes it too: the
	// other entry is removed before, with a change of its own, until its
	// ForgeID is seen elsewhere. The same ID with another ForgeID is the same
	// entry, and so is one that differs in case only. Aliases never form
	// chains.
	Put(ctx context.Context, s *Software) (Change, error)

	// Get returns the entry; *MovedError for an alias, ErrGone for a removed
	// one, ErrNotFound otherwise. IDs match without regard to case.
	Get(ctx context.Context, id ID) (*Software, error)

	// All yields the entries in order of ID, byte by byte, without the removed
	// ones. As with the other iterators, its consumer may write: what is
	// written meanwhile may be seen or not. An error is the last thing yielded.
	All(ctx context.Context) iter.Seq2[*Software, error]

	// Remove leaves a tombstone; the entry, its files and its history stay, see
	// Prune.
	// Removing what is removed already is no change (Rev 0). An alias is
	// *MovedError, an ID without entry ErrNotFound, no reason ErrInvalid.
	Remove(ctx context.Context, id ID, why Reason) (Change, error)

	// Changes yields the log after a revision, oldest first.
	Changes(ctx context.Context, after Rev) iter.Seq2[Change, error]

	// Rev is the newest revision, 0 for an empty registry.
	Rev(ctx context.Context) (Rev, error)

	// File returns the bytes of a raw file of an entry by its hash, also of
	// former versions and removed entries; ErrNotFound where there is none.
	File(ctx context.Context, hash string) ([]byte, error)

	// SBOM returns the bill of materials that was read from the raw file with
	// this hash, as Put was given it last; ErrNotFound where there is none.
	SBOM(ctx context.Context, hash string) (*sbom.Document, error)

	// PutDossier keeps a document for good, under its Hash, which is that of its
	// Bytes. Where it is kept already nothing is written. What Check refuses is
	// ErrInvalid. It is no change.
	PutDossier(ctx context.Context, d *Dossier) error

	// Dossier returns a document by its hash; ErrNotFound where there is none.
	Dossier(ctx context.Context, hash string) (*Dossier, error)

	// Dossiers yields the documents of an entry without their Bytes, the newest
	// first. An ID matches without regard to case, and not what it was called
	// before.
	Dossiers(ctx context.Context, id ID) iter.Seq2[*Dossier, error]

	// History yields the revisions of an entry, the newest first, also of the
	// time when it had another ID, and when it is removed. An alias is
	// *MovedError, an ID that never was an entry's ErrNotFound. What was written
	// before history was kept begins with its last state, and what was pruned with
	// the oldest one that was kept.
	History(ctx context.Context, id ID) iter.Seq2[*Revision, error]

	// At returns an entry as it was at a moment; ErrNotFound before its first
	// revision that is kept, ErrGone while it was removed, *MovedError for an
	// alias.
	At(ctx context.Context, id ID, at time.Time) (*Software, error)

	// PutDay writes the statistics of a day in place of what was there. What
	// Check refuses is ErrInvalid. It is no change.
	PutDay(ctx context.Context, d *Day) error

	// Days yields the statistics of the days from one to another, both included
	// and "" for open, the oldest first.
	Days(ctx context.Context, from, to string) iter.Seq2[*Day, error]

	// Prune drops for good what r does not keep. Of each entry the state that it
	// was in at r.History becomes the oldest one. Of an entry that was removed by
	// r.Removed its Tombstone stays and, of its history, the removal; it may be
	// restored. A visit goes whose repository, with its folders, has no entry, and
	// that was neither made nor named by a listing after r.Visits. A raw file goes,
	// with its SBOM, when no state rests on it any more, unless a dossier has its
	// hash. The log, aliases, states of sources, days and dossiers stay. It is no
	// change.
	//
	// It takes many small transactions: others read and write meanwhile, and what
	// was dropped before an error stays so. With r.DryRun nothing is.
	Prune(ctx context.Context, r Retention) (Pruned, error)

	// Aliases yields former IDs (key) and where they lead now (value).
	Aliases(ctx context.Context) (map[ID]ID, error)

	// Visit returns what the crawl log has of a repository; ErrNotFound where
	// it was never visited.
	Visit(ctx context.Context, repo ID) (*Visit, error)

	// PutVisit writes the crawl log's line for a repository, in place of the
	// one before, but for Seen, which stays as it is. What Check refuses is
	// ErrInvalid. It is no change.
	PutVisit(ctx context.Context, v *Visit) error

	// PutVisits is PutVisit for a page of repositories in one transaction, all
	// or none: many times quicker. Of two visits of one repository the last
	// one stays.
	PutVisits(ctx context.Context, visits []*Visit) error

	// Visits yields the crawl log of one source, or of all where source is "",
	// in order of the repositories; only the named outcomes where any are named.
	Visits(ctx context.Context, source string, outcomes ...Outcome) iter.Seq2[*Visit, error]

	// SourceState returns what is known of the crawl of a source; ErrNotFound
	// where it was never crawled.
	SourceState(ctx context.Context, source string) (*SourceState, error)

	// Checkpoint writes the state of a source and, in the same transaction,
	// sets Seen of the visits of the repositories to s.Started, to the
	// nanosecond and whatever the source of the visit. Repositories that were
	// never visited are passed over. What Check refuses is ErrInvalid. It is no
	// change.
	Checkpoint(ctx context.Context, s *SourceState, seen []ID) error

	// SourceStates yields what is known of all sources, in order of their
	// names, byte by byte.
	SourceStates(ctx context.Context) iter.Seq2[*SourceState, error]

	// Lock takes what may be done by one at a time, such as crawling, until
	// unlock is called or the process ends, however it ends. Where another
	// holds it, in this process or another, the error is ErrLocked at once.
	// Further calls of unlock do nothing. A name is of 1 to 64 of a-z, 0-9
	// and -, else the error is ErrInvalid.
	Lock(ctx context.Context, name string) (unlock func(), err error)

	// Dump yields all that the store holds as it is at one moment, while others
	// write: equal stores give equal records. Where a record cannot be read as
	// what it was written the error is ErrDamaged, and the next one follows if
	// there can be one; any other error is the last thing yielded.
	Dump(ctx context.Context) iter.Seq2[Record, error]

	// Load takes the records of a dump, all or none, and gives entries, changes
	// and times out again exactly as they were. A store that holds anything is
	// ErrNotEmpty and stays as it is. What CheckDump refuses is ErrInvalid; an
	// error of the stream ends it too.
	Load(ctx context.Context, dump iter.Seq2[Record, error]) error

	Close() error
}

// Outcome is what a visit of a repository came to.
type Outcome string

// The outcomes. Only the first one has an entry.
const (
	Entry         Outcome = "entry"
	NoFile        Outcome = "no-file"        // no publiccode.yml at the root of the default branch
	Unreadable    Outcome = "unreadable"     // the file is no YAML mapping, too large, or has no name
	TechnicalFork Outcome = "technical-fork" // the forge calls it a fork and url names another repository
	Empty         Outcome = "empty"          // no commits
	Blocked       Outcome = "blocked"        // the forge refuses it: taken down, private, disabled
	Failed        Outcome = "failed"         // the forge could not be asked; tried again in the next sweep
	Missing       Outcome = "missing"        // its source no longer lists it; gone at the second sweep
	Moved         Outcome = "moved"          // renamed; its entry has another ID now
	AtOther       Outcome = "other-location" // no fork, but its file names another entry as its home; see Visit.Of
	OptedOut      Outcome = "opted-out"      // a file in the repository asks not to be listed
	Excluded      Outcome = "excluded"       // the operator's patterns exclude it
)

// Visit is the crawl log's line for one repository: when it was last looked
// at, what came of it and why.
type Visit struct {
	Repo     ID        `json:"repo"`
	URL      string    `json:"url,omitempty"`   // web address as the forge listed it
	Forge    string    `json:"forge,omitempty"` // kind
	ForgeID  string    `json:"forgeId,omitempty"`
	Source   string    `json:"source"`            // the source URL that led to it
	Version  string    `json:"version,omitempty"` // the adapter's mark of the repository's state; "" where unknown
	Analyser int       `json:"analyser"`          // version of the code that read it
	Time     time.Time `json:"time"`
	Outcome  Outcome   `json:"outcome"`
	Detail   string    `json:"detail,omitempty"` // the reason in words, in English
	// Of is what the url of its file names, where that is another repository:
	// the one that a technical fork or another location speaks for.
	Of ID `json:"of,omitempty"`
	// Fork is what is kept of a fork; nil where the repository is none.
	Fork *Forked `json:"fork,omitempty"`
	// Parts are the entries of sub-folders that the visit found.
	Parts []ID `json:"parts,omitempty"`
	// Seen is when the listing that named the repository last began; zero
	// where none did. Only Checkpoint sets it, PutVisit keeps what is there.
	Seen time.Time `json:"seen,omitzero"`
	// Pending says that the SBOM which the forge itself makes is still to be
	// asked for.
	Pending bool `json:"pending,omitempty"`
	// Findings of the file, also where it is unreadable.
	Findings []publiccode.Finding `json:"findings,omitempty"`
	// Misses counts the sweeps in a row that did not find the repository or its
	// file; at the second one the entry is removed.
	Misses int `json:"misses,omitempty"`
}

// SourceState is how far the crawl of one source has come, and when the next one
// is due.
type SourceState struct {
	Source string `json:"source"` // URL as configured
	// Started is when the crawl began, Finished when it ended: a crawl that was
	// cut off has Finished before Started.
	Started  time.Time `json:"started,omitzero"`
	Finished time.Time `json:"finished,omitzero"`
	// After is where the listing goes on after the last page whose repositories
	// are all visited; "" is the beginning.
	After string `json:"after,omitempty"`
	// Next is when the source is due again, Interval the time it waits between
	// crawls; both are the scheduler's.
	Next     time.Time     `json:"next,omitzero"`
	Interval time.Duration `json:"interval,omitempty"` // nanoseconds
	// Error is why the last crawl did not come to its end, "" where it did;
	// Failures how many in a row did not.
	Error    string `json:"error,omitempty"`
	Failures int    `json:"failures,omitempty"`
	// Repositories is how many the listing had so far, Changes how many of them
	// came to an entry that is new, changed or gone.
	Repositories int `json:"repositories,omitempty"`
	Changes      int `json:"changes,omitempty"`
}
