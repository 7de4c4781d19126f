// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// asProgram makes the test binary the program itself.
const asProgram = "ALLMENDE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	// Where indexes are kept of stores that are no file.
	cache, err := os.MkdirTemp("", "allmende")
	if err == nil {
		err = os.Setenv("CACHE_DIRECTORY", cache)
	}
	if err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(cache)
	os.Exit(code)
}

// program is a command line of the program in a process of its own.
func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "KILL_TEST_TOKEN=ghp_kill")
	return cmd
}

// tripwire counts the requests to stand-ins, and what was read of which
// repository, and cuts at a number of requests.
type tripwire struct {
	mu       sync.Mutex
	requests int
	at       int
	cut      func()
	licences map[string]int // reads by repository
}

func (w *tripwire) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.requests++
		if w.cut != nil && w.requests >= w.at {
			w.cut()
			w.cut = nil
		}
		if strings.Contains(r.URL.Path, "LICENSE") {
			w.licences[r.Host+repositoryOf(r.URL.Path)]++
		}
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
}

// repositoryOf is the part of a file's address that names its repository.
func repositoryOf(path string) string {
	before, _, _ := strings.Cut(path, "LICENSE")
	segments := strings.Split(before, "/")
	for i, s := range segments { // GitHub's raw address has the commit in it
		if len(s) == 40 {
			segments[i] = ""
		}
	}
	return strings.Join(segments, "/")
}

// set makes the wire cut after a number of further requests.
func (w *tripwire) set(after int, cut func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests, w.at, w.cut = 0, after, cut
}

// TestKilled ends a crawl at random points, as a power cut would, and starts it
// again: nothing is lost, nothing is there twice, and no more is read again than
// was under way.
func TestKilled(t *testing.T) {
	const (
		kills   = 20
		perHost = 90
		atOnce  = 24 // visits of a host
	)
	world := forgetest.New()
	wire := &tripwire{licences: map[string]int{}}
	kinds := map[string]func(*forgetest.World, string) http.Handler{
		crawler.GitHub: forgetest.GitHub, crawler.GitLab: forgetest.GitLab, crawler.Forgejo: forgetest.Forgejo,
	}
	dir := t.TempDir()
	database := filepath.Join(dir, "a.db")
	config := "store: sqlite:" + database + "\nforges:\n"
	sources := "publishers:\n  - id: all\n    name: Alle\n    sources:\n"
	want := map[string]bool{}
	for kind, standIn := range kinds {
		server := httptest.NewUnstartedServer(nil)
		address := "http://" + server.Listener.Addr().String()
		server.Config.Handler = wire.watch(standIn(world, address))
		server.Start()
		t.Cleanup(server.Close)
		token := ""
		if kind == crawler.GitHub {
			token = ", tokenEnv: KILL_TEST_TOKEN"
		}
		config += fmt.Sprintf("  - {url: %q, kind: %s, allowPrivate: true%s}\n", address, kind, token)
		for owner := range 3 {
			sources += fmt.Sprintf("      - %s/stadt%d\n", address, owner)
		}
		for i := range perHost {
			repo := forgetest.Repo{Forge: kind, Path: fmt.Sprintf("stadt%d/r%02d", i%3, i), Files: map[string][]byte{"README.md": []byte("# r\n")}}
			if i%3 != 0 {
				repo.Files["publiccode.yml"] = fmt.Appendf(nil, "name: R%d\nurl: %s/%s\n", i, address, repo.Path)
				repo.Files["LICENSE"] = fmt.Appendf(nil, "Licence %d of %s\n", i, kind)
				want[strings.TrimPrefix(address, "http://")+"/"+repo.Path] = true
			}
			world.Put(repo)
		}
	}
	configFile := filepath.Join(dir, "allmende.yml")
	if err := os.WriteFile(configFile, []byte(config+sources), 0o600); err != nil {
		t.Fatal(err)
	}

	killed := 0
	for range kills {
		ctx, cancel := context.WithCancel(t.Context())
		wire.set(1+rand.IntN(60), cancel)
		if err := program(ctx, "crawl", "--config", configFile).Run(); err != nil && ctx.Err() != nil {
			killed++
		}
		cancel()
	}
	wire.set(0, nil)
	out, err := program(t.Context(), "crawl", "--config", configFile, "--json").Output()
	if err != nil {
		t.Fatalf("last crawl: %v\n%s", err, out)
	}
	var sum sweepSummary
	if err := json.Unmarshal(out, &sum); err != nil {
		t.Fatal(err)
	}
	if killed == 0 || len(sum.Failures) > 0 || sum.Gone > 0 {
		t.Errorf("killed %d times; last crawl %+v", killed, sum)
	}
	for _, id := range entries(t, database) {
		if !want[id] {
			t.Errorf("%s is an entry, and should be none, or not twice", id)
		}
		delete(want, id)
	}
	for id := range want {
		t.Errorf("%s is lost", id)
	}
	again := 0
	for _, n := range wire.licences {
		again += n - 1
	}
	if most := killed * atOnce * len(kinds); again > most {
		t.Errorf("%d licences were read again after %d kills, at most %d were under way", again, killed, most)
	}
	t.Logf("killed %d times, %d of %d licences read again", killed, again, len(wire.licences))

	store, err := sqlite.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	// One change an entry: nothing came twice, nothing went in between.
	if rev, err := store.Rev(t.Context()); err != nil || int(rev) != 2*perHost {
		t.Errorf("revision %d, %v; want %d", rev, err, 2*perHost)
	}
}
