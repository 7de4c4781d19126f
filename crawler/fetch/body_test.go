// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// gate is a reader that notes that it was reached and waits to be opened.
type gate struct {
	reached *atomic.Int32
	open    chan struct{}
}

func (g gate) Read([]byte) (int, error) {
	g.reached.Add(1)
	<-g.open
	return 0, io.EOF
}

// TestFewLargeBodiesAtOnce reads more large bodies than there may be at a time;
// small ones pass them meanwhile.
func TestFewLargeBodiesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bodies{large: make(chan struct{}, largeAtOnce)}
		var reached atomic.Int32
		open := make(chan struct{})
		const large = 2 * largeAtOnce
		for range large {
			go func() {
				r := io.MultiReader(strings.NewReader(strings.Repeat("x", largeBody)), gate{&reached, open})
				if body, err := b.read(t.Context(), r, 2*largeBody); err != nil || len(body) != largeBody {
					t.Errorf("%d bytes, %v", len(body), err)
				}
			}()
		}
		synctest.Wait()
		if n := reached.Load(); n != largeAtOnce {
			t.Errorf("%d large bodies at once, want %d", n, largeAtOnce)
		}
		if body, err := b.read(t.Context(), strings.NewReader("small"), 2*largeBody); err != nil || string(body) != "small" {
			t.Errorf("%q, %v", body, err)
		}
		close(open)
		synctest.Wait()
		if n := reached.Load(); n != large {
			t.Errorf("%d bodies were read on, want %d", n, large)
		}
	})
}
