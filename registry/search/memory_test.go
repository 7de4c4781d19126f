// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// memory is a Source in memory.
type memory struct {
	mu      sync.Mutex
	entries map[registry.ID]*registry.Software
	log     []registry.Change
}

func newMemory(all ...*registry.Software) *memory {
	m := &memory{entries: map[registry.ID]*registry.Software{}}
	for _, s := range all {
		m.put(s)
	}
	return m
}

func (m *memory) put(s *registry.Software) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := *s
	m.entries[s.ID] = &c
	m.log = append(m.log, registry.Change{Rev: registry.Rev(len(m.log) + 1), ID: s.ID, Kind: registry.Updated})
}

func (m *memory) remove(id registry.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, id)
	m.log = append(m.log, registry.Change{Rev: registry.Rev(len(m.log) + 1), ID: id, Kind: registry.Removed})
}

func (m *memory) Rev(ctx context.Context) (registry.Rev, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return registry.Rev(len(m.log)), ctx.Err()
}

func (m *memory) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.entries[id]; s != nil {
		c := *s
		return &c, ctx.Err()
	}
	return nil, fmt.Errorf("%s: %w", id, registry.ErrNotFound)
}

func (m *memory) All(ctx context.Context) iter.Seq2[*registry.Software, error] {
	m.mu.Lock()
	var all []*registry.Software
	for _, s := range m.entries {
		all = append(all, s)
	}
	m.mu.Unlock()
	slices.SortFunc(all, func(a, b *registry.Software) int { return compareIDs(a.ID, b.ID) })
	return func(yield func(*registry.Software, error) bool) {
		for _, s := range all {
			if !yield(s, ctx.Err()) {
				return
			}
		}
	}
}

func (m *memory) Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	m.mu.Lock()
	log := slices.Clone(m.log[min(int(after), len(m.log)):])
	m.mu.Unlock()
	return func(yield func(registry.Change, error) bool) {
		for _, c := range log {
			if !yield(c, ctx.Err()) {
				return
			}
		}
	}
}

func compareIDs(a, b registry.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
