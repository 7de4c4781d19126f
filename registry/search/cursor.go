// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/allmende-registry/allmende/registry"
)

// place is where an entry stands in an order. It is complete in itself: the
// page after it is found though the entry is gone meanwhile.
type place struct {
	Query uint64      `json:"q"` // of what question, see fingerprint
	Rank  int64       `json:"r"` // score or time, the greater first
	Name  string      `json:"n"`
	ID    registry.ID `json:"i"`
}

func compare(a, b place) int {
	return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

func (p place) cursor() (string, error) {
	b, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// parseCursor reads a cursor that was made for the same question.
func parseCursor(s string, query uint64) (*place, error) {
	if s == "" {
		return nil, nil
	}
	var p place
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: this is no cursor; take it from the page before", registry.ErrInvalid)
	}
	if p.Query != query {
		return nil, fmt.Errorf("%w: the cursor belongs to another search or order; start at the first page", registry.ErrInvalid)
	}
	return &p, nil
}

// fingerprint tells questions apart by all that decides which entries come in
// which order.
func fingerprint(q *registry.Query, order registry.Sort) uint64 {
	h := fnv.New64a()
	write := func(s string) { _, _ = fmt.Fprintf(h, "%d:%s", len(s), s) }
	write(q.Text)
	write(string(order))
	write(q.Language)
	if q.AnyWord {
		write("any")
	}
	for _, f := range registry.AllFacets() {
		var keys []string
		for _, w := range q.Filters[f] {
			keys = append(keys, filterKey(w))
		}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			if k != "" {
				write(k)
			}
		}
		write("")
	}
	return h.Sum64()
}
