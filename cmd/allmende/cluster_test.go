// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
)

// clusterKills says how long TestClusterKilled goes on killing, such as 2m, in
// place of a few rounds.
const clusterKills = "ALLMENDE_KILL_FOR"

const clusterSecret = "Ebbe und Flut"

// member is a process of a cluster. Its token tells the forges who asks.
type member struct {
	args    []string
	cmd     *exec.Cmd
	token   string
	address string // of a server, with a slash at its end
	log     *bytes.Buffer
	ended   chan struct{}
}

// cluster is several processes over one registry, and the forges they crawl.
type cluster struct {
	*testing.T
	config string
	world  *forgetest.World
	kinds  map[string]string // host to kind of forge

	mu       sync.Mutex
	dead     map[string]bool           // tokens of processes that were killed
	asking   map[string]map[string]int // requests under way, by host and token
	requests int
	at       int
	reached  chan struct{} // closed at so many requests
	started  int
}

// watch counts requests, and finds two living processes at one host.
func (c *cluster) watch(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := cmp.Or(r.Header.Get("Authorization"), r.Header.Get("PRIVATE-TOKEN"))
		token = token[strings.LastIndexByte(token, ' ')+1:]
		c.mu.Lock()
		if c.requests++; c.requests == c.at {
			close(c.reached)
		}
		if c.asking[host] == nil {
			c.asking[host] = map[string]int{}
		}
		c.asking[host][token]++
		for other, n := range c.asking[host] {
			if n > 0 && other != token && !c.dead[other] && !c.dead[token] {
				c.Errorf("%s is asked by %s and %s at the same time", host, token, other)
			}
		}
		c.mu.Unlock()
		next.ServeHTTP(w, r)
		c.mu.Lock()
		c.asking[host][token]--
		c.mu.Unlock()
	})
}

// after waits until the forges were asked so often again, since it was called.
func (c *cluster) after(requests int) (wait func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.reached = c.requests+requests, make(chan struct{})
	return func() {
		c.Helper()
		select {
		case <-c.reached:
		case <-time.After(3 * time.Minute):
			c.Fatal("nobody crawls any more")
		}
	}
}

func (c *cluster) start(args ...string) *member {
	c.Helper()
	c.started++
	m := &member{args: args, token: fmt.Sprintf("ghp_member%d", c.started), log: &bytes.Buffer{}, ended: make(chan struct{})}
	m.cmd = program(c.Context(), append(args, "--config", c.config)...)
	m.cmd.Env = append(m.cmd.Env, "CLUSTER_TOKEN="+m.token, "CLUSTER_SECRET="+clusterSecret)
	m.cmd.Stderr = m.log
	stdout, err := m.cmd.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	if err := m.cmd.Start(); err != nil {
		c.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		_ = m.cmd.Wait()
		c.Fatalf("%s did not start: %v\n%s", args, err, m.log)
	}
	m.address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(line)
	go func() {
		defer close(m.ended)
		_, _ = io.Copy(io.Discard, stdout)
		_ = m.cmd.Wait()
	}()
	return m
}

// kill ends a process as a power cut would, and starts another in its place.
func (c *cluster) kill(m *member) *member {
	c.Helper()
	select {
	case <-m.ended:
		c.Fatalf("%s ended by itself\n%s", m.args, m.log)
	default:
	}
	c.mu.Lock()
	c.dead[m.token] = true
	c.mu.Unlock()
	_ = m.cmd.Process.Kill()
	<-m.ended
	return c.start(m.args...)
}

// push tells a server of a push, as the forge of the repository would.
func (c *cluster) push(m *member, id registry.ID) (accepted bool) {
	c.Helper()
	event := fmt.Sprintf(`{"ref":"refs/heads/main","project":{"path_with_namespace":%q},"repository":{"full_name":%[1]q}}`,
		strings.TrimPrefix(string(id), id.Host()+"/"))
	mac := hmac.New(sha256.New, []byte(clusterSecret))
	mac.Write([]byte(event))
	sum := hex.EncodeToString(mac.Sum(nil))
	req, err := http.NewRequestWithContext(c.Context(), http.MethodPost, m.address+"webhooks/"+id.Host(), strings.NewReader(event))
	if err != nil {
		c.Fatal(err)
	}
	switch c.kinds[id.Host()] {
	case crawler.GitHub:
		req.Header.Set("X-GitHub-Event", "push")
		req.Header.Set("X-Hub-Signature-256", "sha256="+sum)
	case crawler.GitLab:
		req.Header.Set("X-Gitlab-Event", "Push Hook")
		req.Header.Set("X-Gitlab-Token", clusterSecret)
	default:
		req.Header.Set("X-Forgejo-Event", "push")
		req.Header.Set("X-Forgejo-Signature", sum)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusAccepted
}

// TestClusterKilled lets two servers and three workers share one registry, and
// kills one of each again and again while they crawl, and while forges tell of
// pushes: nothing is lost, nothing comes twice, no host is asked by two at once,
// and at the end both servers show what the registry has.
func TestClusterKilled(t *testing.T) {
	const (
		rounds  = 8
		perHost = 40
		pushes  = 6 // a round
	)
	address := postgrestest.Address(t)
	c := &cluster{
		T: t, world: forgetest.New(), kinds: map[string]string{}, config: filepath.Join(t.TempDir(), "allmende.yml"),
		dead: map[string]bool{}, asking: map[string]map[string]int{},
	}
	config := fmt.Sprintf("store: %q\ninterval: 1m\nforges:\n", address)
	sources := "publishers:\n  - id: all\n    name: Alle\n    sources:\n"
	want := map[registry.ID]string{} // names
	var ids []registry.ID
	put := func(id registry.ID, name string) {
		path := strings.TrimPrefix(string(id), id.Host()+"/")
		c.world.Put(forgetest.Repo{Forge: c.kinds[id.Host()], Path: path, Files: map[string][]byte{
			"publiccode.yml": fmt.Appendf(nil, "name: %s\nurl: http://%s\n", name, id),
		}})
		want[id] = name
	}
	for kind, standIn := range map[string]func(*forgetest.World, string) http.Handler{
		crawler.GitHub: forgetest.GitHub, crawler.GitLab: forgetest.GitLab, crawler.Forgejo: forgetest.Forgejo,
	} {
		for range 2 {
			server := httptest.NewUnstartedServer(nil)
			host := server.Listener.Addr().String()
			server.Config.Handler = c.watch(host, standIn(c.world, "http://"+host))
			server.Start()
			t.Cleanup(server.Close)
			c.kinds[host] = kind
			config += fmt.Sprintf("  - {url: 'http://%s', kind: %s, allowPrivate: true, tokenEnv: CLUSTER_TOKEN, webhookSecretEnv: CLUSTER_SECRET}\n", host, kind)
			owner := "stadt" + host[strings.LastIndexByte(host, ':')+1:] // the two of a kind show one world
			sources += fmt.Sprintf("      - http://%s/%s\n", host, owner)
			for i := range perHost {
				id := registry.ID(fmt.Sprintf("%s/%s/r%02d", host, owner, i))
				put(id, fmt.Sprint("R", i))
				ids = append(ids, id)
			}
		}
	}
	if err := os.WriteFile(c.config, []byte(config+sources), 0o600); err != nil {
		t.Fatal(err)
	}

	var servers, workers []*member
	for range 2 {
		servers = append(servers, c.start("serve", "--listen", "127.0.0.1:0"))
	}
	for range 3 {
		workers = append(workers, c.start("worker", "--hosts", "2"))
	}
	until := time.Now()
	if given := os.Getenv(clusterKills); given != "" {
		d, err := time.ParseDuration(given)
		if err != nil {
			t.Fatal(err)
		}
		until = until.Add(d)
	}
	kills, versions := 0, 0
	c.after(1)() // they have begun
	for ; kills < rounds || time.Now().Before(until); kills++ {
		some := c.after(1 + rand.IntN(pushes))
		for range pushes {
			versions++
			id := ids[rand.IntN(len(ids))]
			put(id, fmt.Sprint("V", versions))
			for !c.push(servers[rand.IntN(len(servers))], id) {
				continue
			}
		}
		some()
		i, k := rand.IntN(len(servers)), rand.IntN(len(workers))
		servers[i], workers[k] = c.kill(servers[i]), c.kill(workers[k])
	}

	store, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	differs := func() (out []string) {
		for id, name := range want {
			if s, err := store.Get(t.Context(), id); err != nil {
				out = append(out, err.Error())
			} else if s.PublicCode.Name != name {
				out = append(out, fmt.Sprintf("%s is %s, and should be %s", id, s.PublicCode.Name, name))
			}
		}
		return out
	}
	for deadline := time.Now().Add(2 * time.Minute); len(differs()) > 0 && time.Now().Before(deadline); {
		continue
	}
	for _, d := range differs() {
		t.Error(d)
	}
	added := map[registry.ID]int{}
	for change, err := range store.Changes(t.Context(), 0) {
		switch {
		case err != nil:
			t.Fatal(err)
		case change.Kind == registry.Added:
			added[change.ID]++
		case change.Kind != registry.Updated:
			t.Errorf("%+v, though nothing ever went", change)
		}
	}
	if len(added) != len(want) {
		t.Errorf("%d entries, want %d", len(added), len(want))
	}
	for id, n := range added {
		if n != 1 || want[id] == "" {
			t.Errorf("%s was added %d times", id, n)
		}
	}
	agrees := func(m *member) {
		out, err := program(t.Context(), "verify", "--config", c.config, "--server", strings.TrimSuffix(m.address, "/")).CombinedOutput()
		if err != nil {
			t.Errorf("verify: %v\n%s", err, out)
		}
	}
	for _, m := range servers {
		agrees(m)
	}
	t.Logf("%d processes killed, %d pushes, %d requests", 2*kills, versions, c.requests)
	for _, m := range append(servers, workers...) {
		_ = m.cmd.Process.Kill()
		if <-m.ended; t.Failed() {
			t.Logf("%s:\n%s", m.args, m.log)
		}
	}
}
