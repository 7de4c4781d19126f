// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// memory is what the index follows: the entries of the demo.
type memory struct {
	all    map[registry.ID]*registry.Software
	byName map[string]registry.ID // by the last part of the ID
}

func (m *memory) Rev(context.Context) (registry.Rev, error) { return registry.Rev(len(m.all)), nil }

func (m *memory) Changes(context.Context, registry.Rev) iter.Seq2[registry.Change, error] {
	return func(func(registry.Change, error) bool) {}
}

func (m *memory) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		for _, s := range m.all {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (m *memory) Get(_ context.Context, id registry.ID) (*registry.Software, error) {
	if s, ok := m.all[id]; ok {
		return s, nil
	}
	return nil, registry.ErrNotFound
}

// samples reads the entries of a running demo, or of one that it starts.
func samples(ctx context.Context, address string) (*memory, error) {
	if address == "" {
		started, stop, err := startDemo(ctx)
		if err != nil {
			return nil, fmt.Errorf("starting the demo: %w", err)
		}
		defer stop()
		address = started
	}
	address = strings.TrimSuffix(address, "/")
	m := &memory{all: map[registry.ID]*registry.Software{}, byName: map[string]registry.ID{}}
	for next := "/v1/software?perPage=100"; next != ""; {
		var list struct {
			Items []struct{ ID registry.ID }
			Links struct{ Next string }
		}
		if err := get(ctx, address+next, &list); err != nil {
			return nil, err
		}
		for _, item := range list.Items {
			var s registry.Software
			if err := get(ctx, address+"/v1/software/"+string(item.ID), &s); err != nil {
				return nil, err
			}
			name := path.Base(string(s.ID))
			if other, ok := m.byName[name]; ok {
				return nil, fmt.Errorf("%s and %s end alike", other, s.ID)
			}
			m.all[s.ID], m.byName[name] = &s, s.ID
		}
		next = list.Links.Next
	}
	return m, nil
}

func get(ctx context.Context, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)

// startDemo starts `allmende demo` and returns its address and how to end it.
func startDemo(ctx context.Context) (address string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "allmende-relevance-")
	if err != nil {
		return "", nil, err
	}
	stop = func() { os.RemoveAll(dir) }
	program := filepath.Join(dir, "allmende")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/allmende-registry/allmende/cmd/allmende").CombinedOutput(); err != nil {
		stop()
		return "", nil, fmt.Errorf("%w\n%s", err, out)
	}
	demo := exec.CommandContext(ctx, program, "demo", "--listen", "127.0.0.1:0")
	demo.Stderr = os.Stderr
	out, err := demo.StdoutPipe()
	if err == nil {
		err = demo.Start()
	}
	if err != nil {
		stop()
		return "", nil, err
	}
	stop = func() {
		_ = demo.Process.Signal(os.Interrupt) // it tidies up after itself
		_ = demo.Wait()
		os.RemoveAll(dir)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address := listening.FindString(lines.Text()); address != "" {
			return address, stop, nil
		}
	}
	stop()
	return "", nil, errors.New("it ended without naming its address")
}
