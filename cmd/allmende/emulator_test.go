// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/registry/sqlite"
)

// TestEmulator drives the binary's own commands against the forge emulator over
// the corpus of real files, where both lie beside the project.
func TestEmulator(t *testing.T) {
	source, corpus := emulatorSource(t)
	emu := startEmulator(t, source, corpus)
	t.Setenv("ALLMENDE_TEST_TOKEN", "ghp_emulator")

	dir := t.TempDir()
	configFile := filepath.Join(dir, "allmende.yml")
	config := fmt.Sprintf(`store: sqlite:%s
forges:
  - {url: %q, kind: github, tokenEnv: ALLMENDE_TEST_TOKEN, allowPrivate: true}
  - {url: %q, allowPrivate: true}
  - {url: %q, allowPrivate: true}
publishers:
  - id: all
    name: Alle
    sources: [%q, %q, %q]
`, filepath.Join(dir, "a.db"), emu.GitHub, emu.GitLab, emu.Forgejo, emu.GitHub, emu.GitLab, emu.Forgejo)
	if err := os.WriteFile(configFile, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}

	first := crawlJSON(t, configFile, 0)
	want := emu.expected(t, corpus)
	if got := entries(t, filepath.Join(dir, "a.db")); !slices.Equal(got, want) {
		t.Errorf("%d entries, want %d; missing %v; too many %v", len(got), len(want), without(want, got), without(got, want))
	}
	if first.Entries != len(want) || first.New != len(want) {
		t.Errorf("first sweep: %+v", first)
	}
	second := crawlJSON(t, configFile, 0)
	if second.New != 0 || second.Changed != 0 || second.Gone != 0 || second.Entries != first.Entries ||
		second.Unchanged != first.Entries || second.Findings != first.Findings || second.Repositories != first.Repositories {
		t.Errorf("second sweep adds something: %+v\nfirst: %+v", second, first)
	}
	var stats struct {
		Violations map[string]int `json:"violations"`
		Examples   []any          `json:"examples"`
	}
	emu.get(t, "/_stats", &stats)
	if len(stats.Violations) > 0 {
		t.Errorf("violations: %v %v", stats.Violations, stats.Examples)
	}
	t.Logf("first sweep: %d repositories, %d entries, %d incomplete, %d unreadable, findings %+v, requests %v, %.1f s",
		first.Repositories, first.Entries, first.Incomplete, first.Unreadable, first.Findings, first.Requests, first.Seconds)
	t.Logf("second sweep: requests %v, %.1f s", second.Requests, second.Seconds)
}

type emulator struct {
	GitHub, GitLab, Forgejo, Admin string
}

// emulatorSource is where the emulator's source and the corpus lie.
func emulatorSource(t *testing.T) (source, corpus string) {
	t.Helper()
	shared, err := filepath.Abs("../../../shared")
	if err != nil {
		t.Fatal(err)
	}
	corpus = filepath.Join(shared, "corpus", "forge")
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("needs the corpus and the forge emulator beside the project")
	}
	return filepath.Join(shared, "forge-emulator"), corpus
}

// startEmulator starts it with more flags than those that every test needs.
func startEmulator(t *testing.T, source, corpus string, flags ...string) *emulator {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "emulator")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the emulator: %v\n%s", err, out)
	}
	flags = append([]string{
		"-corpus", corpus, "-rewrite", "-plain", "3", "-token", "github=ghp_emulator", "-github-secondary=false",
		"-gitlab-budget", "1000000", "-gitlab-anonymous-budget", "1000000", "-gitlab-endpoint-limits=false",
	}, flags...)
	cmd := exec.CommandContext(t.Context(), binary, flags...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	emu := &emulator{}
	if err := json.Unmarshal(line, emu); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return emu
}

func (e *emulator) get(t *testing.T, path string, v any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.Admin+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
}

// expected works out the entries there must be, by another way than the
// crawler's: the emulator's own list and a plain YAML decoder.
func (e *emulator) expected(t *testing.T, corpus string) []string {
	t.Helper()
	resp, err := http.Get(e.Admin + "/_admin/repos") //nolint:noctx // a loopback address
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var ids []string
	for dec := json.NewDecoder(resp.Body); dec.More(); {
		var repo struct {
			FullName   string `json:"full_name"`
			WebURL     string `json:"web_url"`
			Publiccode string
			Fork       bool
			Empty      bool
			Blocked    bool
		}
		if err := dec.Decode(&repo); err != nil {
			t.Fatal(err)
		}
		// The emulator's forks carry the file of the repository they come from.
		if repo.Publiccode == "" || repo.Fork || repo.Empty || repo.Blocked {
			continue
		}
		parts := strings.Split(repo.FullName, "/")
		src, err := os.ReadFile(filepath.Join(corpus, "github.com", parts[0], parts[len(parts)-1], repo.Publiccode))
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Name any `yaml:"name"`
		}
		if err := yaml.Unmarshal(src, &file); err != nil || file.Name == nil || strings.Contains(repo.Publiccode, "/") {
			continue
		}
		ids = append(ids, strings.TrimPrefix(repo.WebURL, "http://"))
	}
	slices.Sort(ids)
	return ids
}

// crawlJSON runs the crawl command as the command line would.
func crawlJSON(t *testing.T, configFile string, wantCode int) sweepSummary {
	t.Helper()
	out, errs, code := command(t, "crawl", "--config", configFile, "--json")
	if code != wantCode {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errs)
	}
	var sum sweepSummary
	dec := json.NewDecoder(strings.NewReader(out))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&sum); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return sum
}

// command runs a command line in this process.
func command(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), code
}

func entries(t *testing.T, path string) []string {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var ids []string
	for s, err := range store.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(s.ID))
	}
	slices.Sort(ids)
	return ids
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
