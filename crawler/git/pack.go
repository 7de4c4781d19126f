// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of what a pack may ask of the reader. All are far above what a
// pack of 32 MiB of ordinary files needs.
const (
	maxObjects  = 1 << 18
	maxInflated = 512 << 20 // of all objects together, in bytes
	maxObject   = 8 << 20   // of an object whose content is looked at, in bytes
	maxHeld     = 64 << 20  // of objects that wait for what is made of them, in bytes
	maxChain    = 4095      // deltas one upon the other; git makes no longer chains
)

// errLarge is an object over maxObject.
var errLarge = fmt.Errorf("%w: an object over %d bytes", registry.ErrTooLarge, maxObject)

// pack is a pack of objects (gitformat-pack(5)) that is complete in itself. It
// keeps them compressed. It is not safe for concurrent use.
type pack struct {
	format  *format
	data    []byte // without the checksum at the end
	entries []entry
	index   map[string]int // entries by their object's hash

	// What is a delta is looked into only once an object is missed: most that
	// are asked for are none.
	byBase     map[int][]int    // deltas by their base's entry
	byBaseHash map[string][]int // deltas by their base's hash
	skipped    bool             // some delta was not applied, for the size of what it makes

	left int64 // of maxInflated
	zlib io.ReadCloser
}

// entry is an object in a pack.
type entry struct {
	start  int // in the pack
	stream int // where its zlib stream begins
	size   int64
	typ    objectType // that of a delta until it is applied
	base   int        // the entry that an applied delta changes, else -1
	full   int64      // size of the object; for deltas, once applied
	hash   string
}

// readPack reads what is in a pack and checks that it is whole.
func readPack(data []byte, f *format) (*pack, error) {
	if len(data) < 12+f.size || string(data[:4]) != "PACK" {
		return nil, fmt.Errorf("%w: no pack, or the beginning of one", errDamaged)
	}
	if v := binary.BigEndian.Uint32(data[4:]); v != 2 && v != 3 {
		return nil, fmt.Errorf("%w: a pack of version %d", errDamaged, v)
	}
	count := binary.BigEndian.Uint32(data[8:])
	if count > maxObjects {
		return nil, fmt.Errorf("%w: the pack has %d objects, over %d", registry.ErrTooLarge, count, maxObjects)
	}
	end := len(data) - f.size
	h := f.new()
	h.Write(data[:end])
	if !bytes.Equal(h.Sum(nil), data[end:]) {
		return nil, fmt.Errorf("%w: the pack's checksum does not fit; it may have been cut off", errDamaged)
	}
	p := &pack{
		format: f, data: data[:end], index: map[string]int{},
		byBase: map[int][]int{}, byBaseHash: map[string][]int{}, left: maxInflated,
	}
	at := 12
	for range count {
		var err error
		if at, err = p.readEntry(at); err != nil {
			return nil, err
		}
	}
	if at != end {
		return nil, fmt.Errorf("%w: the pack has %d bytes behind its last object", errDamaged, end-at)
	}
	return p, nil
}

// readEntry reads the object at an offset and returns that of the next one.
func (p *pack) readEntry(start int) (next int, err error) {
	e := entry{start: start, base: -1}
	at := start
	if e.typ, e.size, at, err = p.entryHeader(at); err != nil {
		return 0, err
	}
	number := len(p.entries)
	into := io.Discard
	var base int
	var baseHash string
	switch e.typ {
	case commitObject, treeObject, blobObject, tagObject:
	case offsetDelta:
		if base, at, err = p.baseOffset(start, at); err != nil {
			return 0, err
		}
	case hashDelta:
		if len(p.data)-at < p.format.size {
			return 0, fmt.Errorf("%w: the pack ends within an object", errDamaged)
		}
		baseHash = string(p.data[at : at+p.format.size])
		at += p.format.size
	default:
		return 0, fmt.Errorf("%w: an object of the unknown %s", errDamaged, e.typ)
	}
	if err := p.spend(e.size); err != nil {
		return 0, err
	}
	e.stream = at
	h := p.format.objectHash(e.typ, e.size)
	if e.typ < offsetDelta {
		into = h
	}
	if next, err = p.inflate(&e, into); err != nil {
		return 0, err
	}
	switch e.typ {
	case offsetDelta:
		p.byBase[base] = append(p.byBase[base], number)
	case hashDelta:
		p.byBaseHash[baseHash] = append(p.byBaseHash[baseHash], number)
	default:
		e.full, e.hash = e.size, string(h.Sum(nil))
		p.index[e.hash] = number
	}
	p.entries = append(p.entries, e)
	return next, nil
}

// entryHeader reads type and size: four bits of the size and the type in the
// first byte, seven more bits in each that follows.
func (p *pack) entryHeader(at int) (t objectType, size int64, next int, err error) {
	for shift := 0; ; {
		if at >= len(p.data) {
			return 0, 0, 0, fmt.Errorf("%w: the pack ends before its last object", errDamaged)
		}
		b := p.data[at]
		at++
		if shift == 0 {
			t, size, shift = objectType(b>>4&7), int64(b&15), 4
		} else {
			size |= int64(b&127) << shift
			shift += 7
		}
		if b < 128 {
			return t, size, at, nil
		}
		if shift > 53 {
			return 0, 0, 0, fmt.Errorf("%w: an object with a size that cannot be", errDamaged)
		}
	}
}

// baseOffset reads how far before a delta its base begins, and finds the
// base's entry.
func (p *pack) baseOffset(start, at int) (base, next int, err error) {
	distance := 0
	for first := true; ; first = false {
		if at >= len(p.data) || distance > len(p.data) {
			return 0, 0, fmt.Errorf("%w: a delta of nothing in the pack", errDamaged)
		}
		b := p.data[at]
		at++
		if !first {
			distance++
		}
		distance = distance<<7 | int(b&127)
		if b < 128 {
			break
		}
	}
	base, found := slices.BinarySearchFunc(p.entries, start-distance, func(e entry, at int) int { return e.start - at })
	if !found {
		return 0, 0, fmt.Errorf("%w: a delta of nothing in the pack", errDamaged)
	}
	return base, at, nil
}

// spend takes from what may still be inflated.
func (p *pack) spend(n int64) error {
	if p.left -= n; p.left < 0 || n < 0 {
		return fmt.Errorf("%w: the pack inflates to more than %d bytes", registry.ErrTooLarge, maxInflated)
	}
	return nil
}

// inflate writes the content of an entry, which must have exactly the size that
// it says, and returns the offset behind it.
func (p *pack) inflate(e *entry, to io.Writer) (end int, err error) {
	// The reader takes no byte too many from one that gives single bytes.
	src := bytes.NewReader(p.data[e.stream:])
	if p.zlib == nil {
		p.zlib, err = zlib.NewReader(src)
	} else {
		err = p.zlib.(zlib.Resetter).Reset(src, nil)
	}
	if err == nil {
		_, err = io.CopyN(to, p.zlib, e.size)
	}
	if err != nil {
		return 0, fmt.Errorf("%w: an object in the pack: %w", errDamaged, err)
	}
	if _, err := io.ReadFull(p.zlib, make([]byte, 1)); !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("%w: an object in the pack is longer than it says, or its checksum does not fit", errDamaged)
	}
	return len(p.data) - src.Len(), nil
}

// object is the content of an object of a type. One over the limit, or over
// maxObject, is registry.ErrTooLarge.
func (p *pack) object(hash string, t objectType, limit int64) ([]byte, error) {
	i, ok := p.index[hash]
	if !ok {
		if err := p.applyDeltas(t); err != nil {
			// Without its kind: it is not this object that is too large.
			return nil, fmt.Errorf("%w: %v", errDamaged, err) //nolint:errorlint // see above
		}
		if i, ok = p.index[hash]; !ok && p.skipped {
			return nil, errLarge
		} else if !ok {
			return nil, fmt.Errorf("%w: the %s %x is not in the pack", errDamaged, t, hash)
		}
	}
	switch e := &p.entries[i]; {
	case e.typ != t:
		return nil, fmt.Errorf("%w: %x is a %s, not a %s", errDamaged, hash, e.typ, t)
	case e.full > limit:
		return nil, fmt.Errorf("%w: %d bytes, over %d", registry.ErrTooLarge, e.full, limit)
	}
	return p.content(i)
}

// content is the content of an entry that is no delta, or one that was applied
// before.
func (p *pack) content(i int) ([]byte, error) {
	var chain []int
	for p.entries[i].base >= 0 {
		chain = append(chain, i)
		i = p.entries[i].base
	}
	content, err := p.stream(i)
	for _, i := range slices.Backward(chain) {
		if err != nil {
			return nil, err
		}
		content, err = p.patch(i, content)
	}
	return content, err
}

// stream is what an entry holds: the object, or the delta.
func (p *pack) stream(i int) ([]byte, error) {
	e := &p.entries[i]
	if e.size > maxObject {
		return nil, errLarge
	}
	var b bytes.Buffer
	b.Grow(int(e.size))
	_, err := p.inflate(e, &b)
	return b.Bytes(), err
}

// all yields the objects of a type, by their hash. Those that are over the
// bounds or damaged are left out, and skipped is set.
func (p *pack) all(t objectType) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		if err := p.applyDeltas(t); err != nil {
			p.skipped = true
		}
		for i := range p.entries {
			if p.entries[i].typ != t {
				continue
			}
			content, err := p.content(i)
			if err != nil {
				p.skipped = true
				continue
			}
			if !yield(p.entries[i].hash, content) {
				return
			}
		}
	}
}
