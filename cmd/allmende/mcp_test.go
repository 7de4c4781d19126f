// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/registry"
)

// The command answers an assistant that starts it, from a registry of its own or
// from a node that serves.
func TestAssistantStartsProgram(t *testing.T) {
	cat, address := compatible(t)
	entry := &registry.Software{ID: "github.com/nordland/akte", Repository: registry.Repository{URL: "https://github.com/nordland/akte"}}
	entry.PublicCode.Name = "Fachverfahren Akte"
	if _, err := cat.Put(t.Context(), entry); err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(t.TempDir(), "registry.db")
	own, err := openStore(t.Context(), "sqlite:"+store)
	if err != nil {
		t.Fatal(err)
	}
	entry.Rev = 0
	if _, err := own.Put(t.Context(), entry); err != nil {
		t.Fatal(err)
	}
	if err := own.Close(); err != nil {
		t.Fatal(err)
	}
	config := write(t, "allmende.yml", fmt.Sprintf("store: %q\npublishers: [{id: nord, name: Nordland}]\n", "sqlite:"+store))

	for name, flags := range map[string][]string{
		"config": {"--config", config}, "server": {"--server", strings.TrimSuffix(address, compat.Path)},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := mcpCommand()
			cmd.SetArgs(flags)
			in, questions := io.Pipe()
			answers, out := io.Pipe()
			var log bytes.Buffer
			cmd.SetIn(in)
			cmd.SetOut(out)
			cmd.SetErr(&log)
			ended := make(chan error, 1)
			go func() { ended <- cmd.ExecuteContext(t.Context()) }()
			lines := bufio.NewScanner(answers)
			lines.Buffer(nil, 1<<20)
			ask := func(question, want string) {
				t.Helper()
				if _, err := fmt.Fprintln(questions, question); err != nil {
					t.Fatal(err)
				}
				if want == "" {
					return
				}
				if !lines.Scan() || !strings.Contains(lines.Text(), want) {
					t.Errorf("to %s: %.500s, want %s; %v %s", question, lines.Text(), want, lines.Err(), log.String())
				}
			}
			ask(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"probe","version":"1"}}}`, `"name":"allmende"`)
			ask(`{"jsonrpc":"2.0","method":"notifications/initialized"}`, "")
			ask(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search_software","arguments":{"query":"Akten"}}}`, "Fachverfahren Akte")
			if err := questions.Close(); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err != nil {
				t.Errorf("it ended with %v: %s", err, log.String())
			}
		})
	}
	for _, args := range [][]string{{"mcp"}, {"mcp", "--config", config, "--server", address}} {
		if code := run(t.Context(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: code %d", args, code)
		}
	}
}
