// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// applyDeltas applies the deltas to objects of a type, and those to what they
// make, so that all of them are in the index. Deltas in a circle are never
// reached: there is no object to begin with.
func (p *pack) applyDeltas(t objectType) error {
	for i := range p.entries {
		e := &p.entries[i]
		if e.typ != t || len(p.byBase[i]) == 0 && len(p.byBaseHash[e.hash]) == 0 {
			continue
		}
		content, err := p.content(i)
		if errors.Is(err, errLarge) {
			p.skipped = true
			continue
		}
		if err == nil {
			err = p.applyTo(i, content, 0, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// applyTo applies all deltas to an entry. held counts the bytes of the objects
// that it was made of.
func (p *pack) applyTo(i int, content []byte, held, depth int) error {
	base := p.entries[i]
	deltas := slices.Concat(p.byBase[i], p.byBaseHash[base.hash])
	delete(p.byBase, i)
	delete(p.byBaseHash, base.hash)
	if len(deltas) == 0 {
		return nil
	}
	if depth >= maxChain {
		return fmt.Errorf("%w: a chain of more than %d deltas", errDamaged, maxChain)
	}
	if held += len(content); held > maxHeld {
		p.skipped = true
		return nil
	}
	for _, d := range deltas {
		made, err := p.patch(d, content)
		if errors.Is(err, errLarge) {
			p.skipped = true
			continue
		}
		if err == nil {
			err = p.spend(int64(len(made)))
		}
		if err != nil {
			return err
		}
		h := p.format.objectHash(base.typ, int64(len(made)))
		h.Write(made)
		e := &p.entries[d]
		e.typ, e.base, e.full, e.hash = base.typ, i, int64(len(made)), string(h.Sum(nil))
		if _, ok := p.index[e.hash]; !ok {
			p.index[e.hash] = d
		}
		if err := p.applyTo(d, made, held, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// patch makes an object of a delta's entry and the content of its base. A delta
// is the sizes of both, then orders to copy from the base or to insert what
// follows (gitformat-pack(5), "Deltified representation").
func (p *pack) patch(delta int, base []byte) ([]byte, error) {
	orders, err := p.stream(delta)
	if err != nil {
		return nil, err
	}
	from, n := binary.Uvarint(orders)
	if n <= 0 || from != uint64(len(base)) {
		return nil, errDelta
	}
	orders = orders[n:]
	size, n := binary.Uvarint(orders)
	switch {
	case n <= 0:
		return nil, errDelta
	case size > maxObject:
		return nil, errLarge
	}
	orders = orders[n:]
	made := make([]byte, 0, size)
	for len(orders) > 0 {
		order := orders[0]
		orders = orders[1:]
		var piece []byte
		switch {
		case order == 0: // reserved
			return nil, errDelta
		case order < 128:
			if int(order) > len(orders) {
				return nil, errDelta
			}
			piece, orders = orders[:order], orders[order:]
		default:
			var at, length int
			if at, length, orders, err = copyOrder(order, orders); err != nil {
				return nil, err
			}
			if at < 0 || at > len(base) || length > len(base)-at {
				return nil, errDelta
			}
			piece = base[at : at+length]
		}
		if len(piece) > int(size)-len(made) {
			return nil, errDelta
		}
		made = append(made, piece...)
	}
	if len(made) != int(size) {
		return nil, errDelta
	}
	return made, nil
}

var errDelta = fmt.Errorf("%w: a delta in the pack that cannot be applied", errDamaged)

// copyOrder reads the operands of an order to copy: its lower bits say which
// of the four bytes of the offset and the three of the length follow.
func copyOrder(order byte, orders []byte) (at, length int, rest []byte, err error) {
	for bit := range 7 {
		if order&(1<<bit) == 0 {
			continue
		}
		if len(orders) == 0 {
			return 0, 0, nil, errDelta
		}
		if bit < 4 {
			at |= int(orders[0]) << (8 * bit)
		} else {
			length |= int(orders[0]) << (8 * (bit - 4))
		}
		orders = orders[1:]
	}
	if length == 0 {
		length = 1 << 16
	}
	return at, length, orders, nil
}
