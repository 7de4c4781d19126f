// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Faults of the emulator, by the share of requests or addresses that they
// strike. Those that pass go away when asked again, the others stay.
var (
	passing = map[string]float64{
		"http_500": .01, "http_502": .015, "http_503": .005, "rate_429": .001, "reset": .015,
		"slow_headers": .005, "slow_body": .005, "truncated": .015, "html_200": .01, "invalid_json": .01,
	}
	lasting = map[string]float64{"huge_file": .015, "redirect_loop": .01, "redirect_private": .01, "gzip_bomb": .01}
)

const (
	mostMemory   = 300 << 20 // that a crawl may take, in bytes
	whileLimited = "request_while_rate_limited"
	atOnce       = 32 // requests to a host that may be under way
)

// TestEmulatorFaults crawls forges that fail in every way that the emulator
// knows: whatever has a publiccode.yml to be read is an entry after the first
// crawl and stays one, whatever has none says why.
func TestEmulatorFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	source, corpus := emulatorSource(t)
	// Not this test binary, which takes more memory where it looks for races.
	binary := filepath.Join(t.TempDir(), "allmende")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	struck := map[string]int{}
	for _, tt := range []struct {
		name   string
		seed   int
		token  bool
		owners bool // every owner is a source, not the whole instances
	}{
		{"instances with a token", 1, true, false},
		{"owners without a token", 2, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			emu := startEmulator(t, source, corpus, "-faults", faultProfile(t, tt.seed), "-plain", "1", "-time-scale", "60", "-github-anonymous-budget", "1000000")
			c := &faultyCrawl{t: t, emu: emu, binary: binary, repos: emu.faultyRepos(t, corpus)}
			c.configure(tt.token, tt.owners)
			healthy, unreadable := c.sort(emu.expected(t, corpus))

			var before []string
			for _, name := range []string{"first", "half changed"} {
				if name != "first" {
					emu.post(t, "/_admin/advance", `{"fraction": 0.5, "rename": 0, "archive": 0, "delete": 0, "invalid": 0}`)
				}
				sum := c.crawl()
				got := entries(t, c.database)
				t.Logf("%s: %d of %d repositories, %d entries (%d healthy, %d unreadable), %d failures, %.1f s, at most %d MB",
					name, sum.Repositories, len(c.repos), len(got), len(healthy), len(unreadable), len(sum.Failures), sum.Seconds, c.memory>>20)
				for _, id := range without(healthy, got) {
					t.Errorf("%s: healthy, but no entry: %s: %+v", name, id, c.why(id))
				}
				if lost := without(before, got); len(lost) > 0 || sum.Gone > 0 {
					t.Errorf("%s: %d gone; no entries any more: %v", name, sum.Gone, lost)
				}
				for _, id := range without(unreadable, got) {
					v := c.why(id)
					if v == nil || v.Outcome != registry.Failed && v.Outcome != registry.Unreadable || !strings.Contains(v.Detail, "publiccode.y") {
						t.Errorf("%s: no publiccode.yml of %s can be read, but what is said is %+v", name, id, v)
					}
				}
				before = got
			}
			if c.memory > mostMemory {
				t.Errorf("%d MB of memory", c.memory>>20)
			}
			var stats struct {
				Violations map[string]int `json:"violations"`
				Examples   []any          `json:"examples"`
				Forges     map[string]struct{ Faults map[string]int }
			}
			emu.get(t, "/_stats", &stats)
			refusals := 0
			for _, forge := range stats.Forges {
				for kind, n := range forge.Faults {
					struck[kind] += n
				}
				refusals += forge.Faults["rate_429"]
			}
			// The emulator allows 150 ms to hear of a limit. On a busy machine that
			// is too short for what is under way.
			if late := stats.Violations[whileLimited]; late <= refusals*atOnce {
				delete(stats.Violations, whileLimited)
			}
			if len(stats.Violations) > 0 {
				t.Errorf("violations: %v %v", stats.Violations, stats.Examples)
			}
		})
	}
	for _, kinds := range []map[string]float64{passing, lasting} {
		for kind := range kinds {
			if struck[kind] == 0 {
				t.Errorf("%s never struck: %v", kind, struck)
			}
		}
	}
	t.Logf("faults: %v", struck)
}

func faultProfile(t *testing.T, seed int) string {
	t.Helper()
	odds := maps.Clone(passing)
	maps.Copy(odds, lasting)
	profile, err := json.Marshal(map[string]any{
		"seed": seed, "retry_after_seconds": 1, "slow_ms": 300,
		"huge_bytes": 100 << 20, "bomb_bytes": 1 << 30, "forges": map[string]any{"*": odds},
	})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(name, profile, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// faultyRepo is a repository as the emulator tells of it.
type faultyRepo struct {
	Forge      string
	ID         int
	FullName   string `json:"full_name"`
	WebURL     string `json:"web_url"`
	Publiccode string // its name

	Branch string `json:"default_branch"` // as the corpus has it
	Commit string `json:"head_commit"`
}

// faultyRepos are all repositories by their entries' IDs, with what the corpus
// says of their newest commit.
func (e *emulator) faultyRepos(t *testing.T, corpus string) map[string]faultyRepo {
	t.Helper()
	resp, err := http.Get(e.Admin + "/_admin/repos") //nolint:noctx // a loopback address
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	repos := map[string]faultyRepo{}
	for dec := json.NewDecoder(resp.Body); dec.More(); {
		var repo faultyRepo
		if err := dec.Decode(&repo); err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(repo.FullName, "/")
		meta, err := os.ReadFile(filepath.Join(corpus, "github.com", parts[0], parts[len(parts)-1], "meta.json"))
		if err == nil {
			err = json.Unmarshal(meta, &repo)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		repos[strings.TrimPrefix(repo.WebURL, "http://")] = repo
	}
	return repos
}

func (e *emulator) post(t *testing.T, path, body string) {
	t.Helper()
	resp, err := http.Post(e.Admin+path, "application/json", strings.NewReader(body)) //nolint:noctx // a loopback address
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatal(path, resp.Status)
	}
}

// faultyCrawl is the program at work on an emulator.
type faultyCrawl struct {
	t                        *testing.T
	emu                      *emulator
	binary, config, database string
	repos                    map[string]faultyRepo
	memory                   int // the most that a crawl took, in bytes; 0 where the system does not tell
}

func (c *faultyCrawl) configure(token, owners bool) {
	dir := c.t.TempDir()
	c.config, c.database = filepath.Join(dir, "allmende.yml"), filepath.Join(dir, "a.db")
	addresses := map[string]string{"github": c.emu.GitHub, "gitlab": c.emu.GitLab, "forgejo": c.emu.Forgejo}
	sources := map[string]bool{}
	for _, r := range c.repos {
		source := addresses[r.Forge]
		if owner, _, _ := strings.Cut(r.FullName, "/"); owners {
			source += "/" + owner
		}
		sources[source] = true
	}
	var config bytes.Buffer
	fmt.Fprintf(&config, "store: sqlite:%s\nforges:\n", c.database)
	for kind, address := range addresses {
		env := ""
		if token && kind == "github" {
			env = ", tokenEnv: ALLMENDE_TEST_TOKEN"
		}
		fmt.Fprintf(&config, "  - {url: %q, kind: %s, allowPrivate: true%s}\n", address, kind, env)
	}
	config.WriteString("publishers:\n  - id: all\n    name: Alle\n    sources:\n")
	for _, source := range slices.Sorted(maps.Keys(sources)) {
		fmt.Fprintf(&config, "      - %s\n", source)
	}
	if err := os.WriteFile(c.config, config.Bytes(), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// crawl runs the program once.
func (c *faultyCrawl) crawl() (sum sweepSummary) {
	c.t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(c.t.Context(), c.binary, "crawl", "--config", c.config, "--json")
	cmd.Env = append(os.Environ(), "ALLMENDE_TEST_TOKEN=ghp_emulator")
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			c.memory = max(c.memory, peakMemory(cmd.Process.Pid))
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == exitPartial) {
				c.t.Fatalf("crawl: %v\n%s\n%s", err, &out, &errs)
			}
			if err := json.Unmarshal(out.Bytes(), &sum); err != nil {
				c.t.Fatalf("%v in %s", err, &out)
			}
			return sum
		}
	}
}

var highWaterMark = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// peakMemory is the most that a process held so far, in bytes, see proc(5). The
// usage that the system tells at the end counts the process it was forked from.
func peakMemory(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	m := highWaterMark.FindSubmatch(status)
	if m == nil {
		return 0
	}
	kilobytes, _ := strconv.Atoi(string(m[1]))
	return kilobytes << 10
}

// sort tells those whose publiccode.yml can be read from those where a fault
// stays with an address of it. What it asks does not count.
func (c *faultyCrawl) sort(ids []string) (healthy, unreadable []string) {
	for _, id := range ids {
		if slices.ContainsFunc(c.repos[id].files(c.emu), func(address string) bool { return staysBroken(c.t, address) }) {
			unreadable = append(unreadable, id)
		} else {
			healthy = append(healthy, id)
		}
	}
	c.emu.post(c.t, "/_reset", "")
	return healthy, unreadable
}

// files are the addresses that its publiccode.yml may be read from.
func (r faultyRepo) files(emu *emulator) (addresses []string) {
	for _, name := range slices.Compact([]string{"publiccode.yml", r.Publiccode}) {
		for _, ref := range []string{"HEAD", cmp.Or(r.Branch, "main"), cmp.Or(r.Commit, "HEAD")} {
			addresses = append(addresses, map[string]string{
				"github":  fmt.Sprintf("%s/raw/%s/%s/%s", emu.GitHub, r.FullName, ref, name),
				"gitlab":  fmt.Sprintf("%s/api/v4/projects/%d/repository/files/%s/raw?ref=%s", emu.GitLab, r.ID, strings.ReplaceAll(name, ".", "%2E"), ref),
				"forgejo": fmt.Sprintf("%s/api/v1/repos/%s/raw/%s?ref=%s", emu.Forgejo, r.FullName, name, ref),
			}[r.Forge])
		}
	}
	return addresses
}

// staysBroken asks an address until it answers with the file, or with a fault
// that stays: no other redirects, packs or goes on for ever.
func staysBroken(t *testing.T, address string) bool {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for range 10 {
		resp, err := client.Get(address) //nolint:noctx // a loopback address
		if err != nil {
			continue // reset
		}
		size, err := io.Copy(io.Discard, io.LimitReader(resp.Body, publiccode.MaxSize+1))
		resp.Body.Close()
		switch {
		case resp.StatusCode == http.StatusFound, resp.Header.Get("Content-Encoding") != "", size > publiccode.MaxSize:
			return true
		case resp.StatusCode == http.StatusNotFound,
			err == nil && resp.StatusCode == http.StatusOK && !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html"):
			return false
		}
	}
	t.Fatalf("%s answers neither", address)
	return false
}

// why is what the program says of the last visit to a repository.
func (c *faultyCrawl) why(id string) *registry.Visit {
	c.t.Helper()
	out, errs, _ := command(c.t, "why", "--config", c.config, "--json", "http://"+id)
	var said registry.Standing
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		c.t.Fatalf("why %s: %v\n%s%s", id, err, out, errs)
	}
	return said.Visit
}
