// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// NewDocuments returns registry.Documents that keep them in memory, for tests of
// what uses some.
func NewDocuments() registry.Documents {
	return &memory{kept: map[documentName]registry.Document{}}
}

type memory struct {
	mu   sync.RWMutex
	last int64 // version given
	kept map[documentName]registry.Document
}

type documentName struct {
	kind registry.DocumentKind
	key  string
}

func (m *memory) PutDocuments(ctx context.Context, all ...*registry.Document) error {
	if err := registry.CheckDocuments(all); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range all {
		kept, ok := m.kept[documentName{d.Kind, d.Key}]
		if kept.Version != d.Version && (ok && d.Body != nil || d.Version != 0) {
			return fmt.Errorf("write %s %q: %w", d.Kind, d.Key, registry.ErrConflict)
		}
	}
	for _, d := range all {
		name := documentName{d.Kind, d.Key}
		if d.Body == nil {
			delete(m.kept, name)
			continue
		}
		m.last++
		d.Version = m.last
		var body bytes.Buffer
		if err := json.Compact(&body, d.Body); err != nil {
			return err // Check has had it
		}
		m.kept[name] = registry.Document{Kind: d.Kind, Key: d.Key, Version: d.Version, Body: body.Bytes()}
	}
	return nil
}

func (m *memory) Document(ctx context.Context, kind registry.DocumentKind, key string) (*registry.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	d, ok := m.kept[documentName{kind, key}]
	if !ok {
		return nil, fmt.Errorf("%s %q: %w", kind, key, registry.ErrNotFound)
	}
	d.Body = bytes.Clone(d.Body)
	return &d, nil
}

func (m *memory) ListDocuments(ctx context.Context, list registry.DocumentList) iter.Seq2[*registry.Document, error] {
	return func(yield func(*registry.Document, error) bool) {
		if err := list.Check(); err != nil {
			yield(nil, err)
			return
		}
		for _, d := range m.listed(list) {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(&d, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
		}
	}
}

func (m *memory) listed(list registry.DocumentList) (all []registry.Document) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	order := 1
	if list.Backward {
		order = -1
	}
	for name, d := range m.kept {
		if name.kind == list.Kind && strings.HasPrefix(name.key, list.Prefix) &&
			(list.After == "" || cmp.Compare(name.key, list.After) == order) {
			d.Body = bytes.Clone(d.Body)
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b registry.Document) int { return order * cmp.Compare(a.Key, b.Key) })
	return all
}
