// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// turns lets one at a time change the entries of a repository: a visit, a push
// that comes meanwhile, an SBOM that arrives late. Each reads what it changes
// when its turn has come.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn // by registry.ID.Key of the repository
}

type turn struct {
	sync.Mutex
	wanted int
}

func newTurns() *turns { return &turns{held: map[string]*turn{}} }

// take waits for the turn of a repository, until end is called.
func (t *turns) take(id registry.ID) (end func()) {
	key := id.Repository().Key()
	t.mu.Lock()
	own := t.held[key]
	if own == nil {
		own = &turn{}
		t.held[key] = own
	}
	own.wanted++
	t.mu.Unlock()
	own.Lock()
	return func() {
		own.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if own.wanted--; own.wanted == 0 {
			delete(t.held, key)
		}
	}
}
