// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/export"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// exportable is a configuration with a registry of n entries.
func exportable(t *testing.T, n int) (configFile string, store registry.Store) {
	t.Helper()
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "allmende.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for s := range registrytest.Realistic(n) {
		if _, err := db.Put(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	configFile = filepath.Join(dir, "allmende.yml")
	config := "store: sqlite:" + filepath.Join(dir, "allmende.db") + "\ndataLicence: CC0-1.0\n" +
		"forges:\n  - {url: https://forge.example, kind: gitlab}\n" +
		"publishers:\n  - {id: amt, name: Amt, sources: [https://forge.example/amt]}\n"
	if err := os.WriteFile(configFile, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return configFile, db
}

func TestExportWritesFiles(t *testing.T) {
	config, store := exportable(t, 30)
	out := filepath.Join(t.TempDir(), "daten")
	var said, complaints bytes.Buffer
	args := []string{"export", "--config", config, "--out", out}
	if code := run(t.Context(), args, &said, &complaints); code != 0 {
		t.Fatalf("code %d: %s", code, &complaints)
	}
	files := filesIn(t, out)
	var m export.Manifest
	if err := json.Unmarshal(files["catalogue.json"], &m); err != nil {
		t.Fatal(err)
	}
	rev, err := store.Rev(t.Context())
	if err != nil || m.Revision != rev || m.Entries != 30 || m.Licence != "CC0-1.0" || m.Date.IsZero() || len(files) != 4 || !json.Valid(files[m.Schema]) {
		t.Errorf("%v: %+v, files %d", err, m, len(files))
	}
	for _, f := range m.Files {
		sum := sha256.Sum256(files[f.Name])
		if f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(files[f.Name])) || !strings.Contains(said.String(), f.SHA256) {
			t.Errorf("%+v", f)
		}
	}
	if table, err := csv.NewReader(bytes.NewReader(files["catalogue.csv"])).ReadAll(); err != nil || len(table) != 31 {
		t.Errorf("%d lines: %v", len(table), err)
	}
	if code := run(t.Context(), args, &said, &complaints); code != 0 {
		t.Fatal(&complaints)
	}
	for name, content := range filesIn(t, out) {
		if !bytes.Equal(content, files[name]) {
			t.Errorf("%s is another at the same revision", name)
		}
	}
	only := filepath.Join(t.TempDir(), "tabelle")
	if code := run(t.Context(), []string{"export", "--config", config, "--out", only, "--format", "csv"}, &said, &complaints); code != 0 {
		t.Fatal(&complaints)
	}
	if got := filesIn(t, only); got["catalogue.csv"] == nil || got["catalogue.ndjson"] != nil {
		t.Errorf("%d files", len(got))
	}
	for _, wrong := range [][]string{{"export", "--config", config}, {"export", "--config", config, "--out", out, "--format", "xls"}} {
		if code := run(t.Context(), wrong, io.Discard, io.Discard); code != exitUsage {
			t.Errorf("%v: code %d", wrong, code)
		}
	}
}

func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestServerTellsChanges follows a server through all that stands before its
// handlers, while this process writes to its registry, and to its end.
func TestServerTellsChanges(t *testing.T) {
	config, store := exportable(t, 3)
	ctx, stop := context.WithCancel(t.Context())
	address := make(chan string, 1)
	ended := make(chan int, 1)
	read, write := io.Pipe()
	go func() {
		ended <- run(ctx, []string{"serve", "--config", config, "--listen", "127.0.0.1:0", "--crawl=false"}, write, io.Discard)
	}()
	go func() {
		line, _ := bufio.NewReader(read).ReadString('\n')
		address <- strings.TrimSpace(strings.TrimPrefix(line, "serving on "))
		_, _ = io.Copy(io.Discard, read)
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, <-address+"v1/changes/events?after=2", nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	lines := bufio.NewScanner(w.Body)
	until := func(want string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		t.Fatalf("the stream ends before %q: %v", want, lines.Err())
	}
	until("id: 3")
	for s := range registrytest.Realistic(3) {
		s.PublicCode.Name += " neu"
		if _, err := store.Put(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	until("id: 6")
	until("event: updated")
	stop()
	for lines.Scan() { // until it ends by itself
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with code %d", code)
	}
}
