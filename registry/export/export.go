// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package export writes the whole catalogue in forms for other programs. Of one
// revision it always writes the same bytes.
package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Source is what is exported. Every store is one.
type Source interface {
	// Rev, All, Changes and History are those of registry.Store.
	Rev(ctx context.Context) (registry.Rev, error)
	All(ctx context.Context) iter.Seq2[*registry.Software, error]
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error]
}

// Format is a form of the catalogue.
type Format struct {
	Name  string // such as csv; catalogue. and the name is what the file is called
	Media string // type, with its parameters
	// begin writes what is before the entries, and returns what writes one of them.
	begin func(io.Writer) (func(*registry.Software) error, error)
}

// Formats are all there are.
func Formats() []Format {
	return []Format{
		{Name: "ndjson", Media: "application/x-ndjson", begin: beginNDJSON},
		{Name: "csv", Media: "text/csv; charset=utf-8; header=present", begin: beginCSV},
	}
}

// File is the name of the file in a format.
func (f Format) File() string { return "catalogue." + f.Name }

// Output is where a format is written to.
type Output struct {
	Format
	To io.Writer
}

// Written is what one output got.
type Written struct {
	Size   int64
	SHA256 string // hex
}

// Export is what was exported.
type Export struct {
	Rev     registry.Rev
	Changed time.Time // when that revision came; zero where there is none
	Entries int
	Written []Written // by output
}

// ErrBusy says that entries were moved or removed while they were read, each time
// anew.
var ErrBusy = fmt.Errorf("%w: the catalogue was being rearranged while it was read; try again", registry.ErrConflict)

// attempts is how often the catalogue is read until it holds still.
const attempts = 3

// Write writes the catalogue as it is at its newest revision, reading it once for
// all outputs, one entry in memory at a time. Entries that change meanwhile are
// written as they were; where some are moved or removed meanwhile it begins again
// with the outputs that open gives then, and gives up with ErrBusy in the end.
func Write(ctx context.Context, from Source, open func() ([]Output, error)) (*Export, error) {
	for range attempts {
		outputs, err := open()
		if err != nil {
			return nil, err
		}
		done, err := write(ctx, from, outputs)
		if !errors.Is(err, ErrBusy) {
			return done, err
		}
	}
	return nil, ErrBusy
}

func write(ctx context.Context, from Source, outputs []Output) (*Export, error) {
	rev, err := from.Rev(ctx)
	if err != nil {
		return nil, err
	}
	done := &Export{Rev: rev, Written: make([]Written, len(outputs))}
	if done.Changed, err = timeOf(ctx, from, rev); err != nil {
		return nil, err
	}
	sinks := make([]*sink, len(outputs))
	for i, out := range outputs {
		if sinks[i], err = newSink(out); err != nil {
			return nil, err
		}
	}
	for s, err := range from.All(ctx) {
		if err == nil && s.Rev > rev {
			s, err = former(ctx, from, s, rev)
		}
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue // it came later
		}
		done.Entries++
		for _, sink := range sinks {
			if err := sink.entry(s); err != nil {
				return nil, err
			}
		}
	}
	if err := undisturbed(ctx, from, rev); err != nil {
		return nil, err
	}
	for i, sink := range sinks {
		if done.Written[i], err = sink.end(); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// timeOf is when a revision came.
func timeOf(ctx context.Context, from Source, rev registry.Rev) (at time.Time, err error) {
	if rev == 0 {
		return at, nil
	}
	for c, err := range from.Changes(ctx, rev-1) {
		return c.Time, err
	}
	return at, nil
}

// former is an entry as it was at a revision; nil where it was not there.
func former(ctx context.Context, from Source, s *registry.Software, rev registry.Rev) (*registry.Software, error) {
	for r, err := range from.History(ctx, s.ID) {
		switch {
		case errors.Is(err, registry.ErrNotFound), errors.As(err, new(*registry.MovedError)):
			return nil, ErrBusy
		case err != nil:
			return nil, err
		case r.Rev > rev:
		case r.Software == nil:
			return nil, nil
		default:
			was := *r.Software
			was.FirstSeen = s.FirstSeen
			return &was, nil
		}
	}
	return nil, nil
}

// undisturbed is ErrBusy where the entries are others, or in another order, than at
// a revision.
func undisturbed(ctx context.Context, from Source, rev registry.Rev) error {
	for c, err := range from.Changes(ctx, rev) {
		if err != nil {
			return err
		}
		if c.Kind == registry.Removed || c.From != "" {
			return ErrBusy
		}
	}
	return nil
}

// sink writes one output, and takes its measure.
type sink struct {
	buffer *bufio.Writer
	entry  func(*registry.Software) error
	end    func() (Written, error)
}

func newSink(out Output) (*sink, error) {
	sum := sha256.New()
	count := &counter{}
	s := &sink{buffer: bufio.NewWriterSize(io.MultiWriter(out.To, sum, count), 64<<10)}
	var err error
	s.entry, err = out.begin(s.buffer)
	s.end = func() (Written, error) {
		err := s.buffer.Flush()
		return Written{Size: count.n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
	}
	return s, err
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}
