// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// newest tells the newest revision to any number who ask: the catalogue is asked by
// one at a time, for all who came before it was. So nobody gets one that was
// overtaken before they asked, by whatever process.
type newest struct {
	ask func(context.Context) (registry.Rev, error)

	mu   sync.Mutex
	next *asking // what is still to be asked; nil for nothing
	busy bool    // somebody asks, until there is no next
}

type asking struct {
	done chan struct{} // closed when the rest is there
	rev  registry.Rev
	err  error
}

func (n *newest) rev(ctx context.Context) (registry.Rev, error) {
	n.mu.Lock()
	if n.next == nil {
		n.next = &asking{done: make(chan struct{})}
	}
	mine := n.next
	if !n.busy {
		n.busy = true
		go n.work() // which goes on for the others when who came first gives up
	}
	n.mu.Unlock()
	select {
	case <-mine.done:
		return mine.rev, mine.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (n *newest) work() {
	for {
		runtime.Gosched() // who is about to ask does so first, and is answered by the same question
		n.mu.Lock()
		mine := n.next
		n.next = nil // who comes from here on is too late for this one
		n.busy = mine != nil
		n.mu.Unlock()
		if mine == nil {
			return
		}
		n.answer(mine)
	}
}

func (n *newest) answer(mine *asking) {
	defer close(mine.done)
	defer func() {
		if r := recover(); r != nil {
			mine.err = fmt.Errorf("read the newest revision: %v", r)
		}
	}()
	mine.rev, mine.err = n.ask(context.Background())
}
