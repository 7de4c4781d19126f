// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/allmende-registry/allmende/registry"
)

// snapshot is what an index was made of, so that a start need not read and analyse
// all entries anew. What is made of it is not kept.
type snapshot struct {
	// Program made it: another one may analyse otherwise.
	Program string
	// Last is the last change that it knows. The log of another store, or of this
	// one put back to a copy and gone on with, has another one at its revision.
	Last registry.Change

	Words      []string
	Spoken     []byte
	Shown      []string
	Docs       []savedDoc
	Stream     []byte
	Starts     []uint32
	Values     [facets]savedColumn
	Publishers map[string]string
}

type savedDoc struct {
	ID                     registry.ID
	Name                   string
	Pushed, First, Changed int64
	Released, Stars, Used  int32
	Quality                int16
	Archived               bool
	Confirmed              []int32
}

type savedColumn struct {
	Keys, Spellings []string
	IDs, Starts     []uint32
}

// snapshotMark is what a file begins with, before the SHA-256 of the rest.
const snapshotMark = "allmende index 1\n"

// errSnapshot is why a snapshot is of no use.
var errSnapshot = errors.New("the snapshot of the search index is not used")

// Save writes the index to a file, for the Load of a later start of the same
// program, which is told by any name. An index that is empty is not written.
func (x *Index) Save(ctx context.Context, path, program string) error {
	c := x.catalogue.Load()
	if c == nil || c.size() == 0 {
		return nil
	}
	last, err := x.changeAt(ctx, c.rev)
	if err != nil {
		return fmt.Errorf("save the search index: %w", err)
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c.snapshot(program, last)); err != nil {
		return fmt.Errorf("save the search index: %w", err)
	}
	if err := replace(path, b.Bytes()); err != nil {
		return fmt.Errorf("save the search index: %w", err)
	}
	return nil
}

// replace writes a file so that it is there as a whole or not at all.
func replace(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	sum := sha256.Sum256(content)
	for _, part := range [][]byte{[]byte(snapshotMark), sum[:], content} {
		_, _ = w.Write(part) // Flush tells
	}
	err = errors.Join(w.Flush(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Load fills an index that is still empty from a file that Save wrote; the next
// Refresh catches up with what changed since. An error says why the file is of no
// use: it is missing, damaged, of another program or of another log. The index is
// then as it was, and Refresh reads all entries.
func (x *Index) Load(ctx context.Context, path, program string) error {
	select {
	case x.turn <- struct{}{}:
		defer func() { <-x.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if x.catalogue.Load() != nil {
		return fmt.Errorf("%w: the index is filled already", errSnapshot)
	}
	s, err := readSnapshot(path)
	if err != nil {
		return err
	}
	if s.Program != program {
		return fmt.Errorf("%w: another program wrote %s", errSnapshot, path)
	}
	last, err := x.changeAt(ctx, s.Last.Rev)
	if err != nil {
		return err
	}
	if !same(last, s.Last) {
		return fmt.Errorf("%w: %s belongs to another log", errSnapshot, path)
	}
	x.catalogue.Store(newCatalogue(s.Last.Rev, s.draft().seal()))
	return nil
}

func readSnapshot(path string) (*snapshot, error) {
	b, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	head := len(snapshotMark) + sha256.Size
	if len(b) < head || string(b[:len(snapshotMark)]) != snapshotMark {
		return nil, fmt.Errorf("%w: %s is none, or of another form", errSnapshot, path)
	}
	if sha256.Sum256(b[head:]) != [sha256.Size]byte(b[len(snapshotMark):head]) {
		return nil, fmt.Errorf("%w: %s is damaged", errSnapshot, path)
	}
	var s snapshot
	if err := gob.NewDecoder(bytes.NewReader(b[head:])).Decode(&s); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errSnapshot, path, err)
	}
	return &s, nil
}

// changeAt is the change of a revision.
func (x *Index) changeAt(ctx context.Context, rev registry.Rev) (registry.Change, error) {
	for c, err := range x.source.Changes(ctx, rev-1) {
		if err != nil || c.Rev == rev {
			return c, err
		}
		break
	}
	return registry.Change{}, fmt.Errorf("%w: the log has no change %d", errSnapshot, rev)
}

func same(a, b registry.Change) bool {
	if !a.Time.Equal(b.Time) {
		return false
	}
	a.Time = b.Time
	return a == b
}

// snapshot has all layers in one.
func (c *catalogue) snapshot(program string, last registry.Change) *snapshot {
	d := newDraft()
	for _, l := range c.layers {
		d.take(l.texts(l.dead))
	}
	s := &snapshot{Program: program, Last: last, Words: d.words, Stream: d.stream, Starts: d.starts, Publishers: d.names}
	for i := range d.words {
		s.Spoken = append(s.Spoken, byte(d.spoken[i]))
		s.Shown = append(s.Shown, d.shown[i].as)
	}
	for i := range d.docs {
		e := &d.docs[i]
		s.Docs = append(s.Docs, savedDoc{e.id, e.name, e.pushed, e.first, e.changed, e.released, e.stars, e.used, e.quality, e.archived, e.confirmed})
	}
	for f := range d.values {
		v := &d.values[f]
		s.Values[f] = savedColumn{v.keys, v.spellings, v.ids, v.starts}
	}
	return s
}

func (s *snapshot) draft() *draft {
	d := &draft{terms: &terms{words: s.Words}, stream: s.Stream, starts: s.Starts, names: s.Publishers}
	for i := range s.Words {
		d.spoken = append(d.spoken, language(s.Spoken[i]))
		d.shown = append(d.shown, written{as: s.Shown[i]})
	}
	for i := range s.Docs {
		e := &s.Docs[i]
		d.docs = append(d.docs, doc{e.ID, e.Name, e.Pushed, e.First, e.Changed, e.Released, e.Stars, e.Used, e.Quality, e.Archived, e.Confirmed})
	}
	for f := range d.values {
		v := &s.Values[f]
		d.values[f] = column{number: map[string]uint32{}, keys: v.Keys, spellings: v.Spellings, ids: v.IDs, starts: v.Starts}
		for i, key := range v.Keys {
			if key != "" {
				d.values[f].number[key] = uint32(i) //nolint:gosec // fewer than 2^32
			}
		}
	}
	return d
}
