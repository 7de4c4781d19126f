// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command requests measures what a crawl costs: it starts a forge emulator,
// crawls it three times with the real program (first, with nothing changed,
// after one repository in a hundred changed), and prints the requests to the
// APIs of the forges beside the floor and the limits that the project sets
// itself, with time and memory.
//
//	go run ./tools/requests -emulator FOLDER -corpus FOLDER [-owners] [-- flags of the emulator]
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	var m measurement
	flag.StringVar(&m.emulator, "emulator", "../shared/forge-emulator", "source of the forge emulator")
	flag.StringVar(&m.corpus, "corpus", "../shared/corpus/forge", "repositories for it")
	flag.BoolVar(&m.owners, "owners", false, "every organisation and user as a source, not whole instances")
	flag.BoolVar(&m.anonymous, "anonymous", false, "GitLab and Forgejo without a token")
	flag.Parse()
	m.flags = flag.Args()
	if err := m.run(); err != nil {
		fmt.Fprintln(os.Stderr, "requests:", err)
		os.Exit(1)
	}
}

type measurement struct {
	emulator, corpus  string
	owners, anonymous bool
	flags             []string
	dir               string
	listeners         map[string]string
}

// limits are what the project allows itself: n repositories, e of them with a
// publiccode.yml.
var limits = map[string]struct{ first, again func(n, e float64) float64 }{
	"github":  {func(n, e float64) float64 { return n/65 + 1.5*e }, func(n, _ float64) float64 { return n / 80 }},
	"gitlab":  {func(n, e float64) float64 { return n/40 + 4*e }, func(n, _ float64) float64 { return n / 80 }},
	"forgejo": {func(n, e float64) float64 { return n + n/30 + 6*e }, func(n, _ float64) float64 { return n / 40 }},
}

var forges = []string{"github", "gitlab", "forgejo"}

// tokens are such as each forge gives out.
var tokens = map[string]string{"github": "ghp_measure", "gitlab": "glpat-measure", "forgejo": "measure"}

func (m *measurement) run() error {
	var err error
	if m.dir, err = os.MkdirTemp("", "allmende-requests-"); err != nil {
		return err
	}
	defer os.RemoveAll(m.dir)
	for binary, folder := range map[string]string{"emulator": m.emulator, "allmende": "."} {
		target := "./cmd/allmende"
		if binary == "emulator" {
			target = "."
		}
		build := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(m.dir, binary), target)
		build.Dir = folder
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", binary, err, out)
		}
	}
	stop, err := m.start()
	if err != nil {
		return err
	}
	defer stop()
	repos, err := m.repositories()
	if err != nil {
		return err
	}
	if err := m.configure(repos); err != nil {
		return err
	}
	for _, name := range []string{"first", "nothing changed", "1 % changed"} {
		if strings.HasPrefix(name, "1 %") {
			if err := m.call(http.MethodPost, "/_admin/advance", `{"fraction":0.01}`, nil); err != nil {
				return err
			}
		}
		if err := m.crawl(name, repos); err != nil {
			return err
		}
	}
	return nil
}

// start starts the emulator and returns how to end it.
func (m *measurement) start() (stop func(), err error) {
	args := append([]string{
		"-corpus", m.corpus, "-rewrite", "-github-secondary=false",
		"-github-budget", "100000000", "-github-graphql-budget", "100000000",
		"-gitlab-budget", "100000000", "-gitlab-anonymous-budget", "100000000", "-gitlab-endpoint-limits=false",
	}, m.flags...)
	cmd := exec.CommandContext(context.Background(), filepath.Join(m.dir, "emulator"), args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill() // it has nothing to lose
		_ = cmd.Wait()
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &m.listeners)
	}
	if err != nil {
		stop()
		return nil, fmt.Errorf("the emulator's listeners: %w", err)
	}
	return stop, nil
}

type repository struct {
	Forge      string `json:"forge"`
	FullName   string `json:"full_name"`
	PublicCode string `json:"publiccode"`
}

func (m *measurement) repositories() ([]repository, error) {
	resp, err := http.Get(m.listeners["admin"] + "/_admin/repos") //nolint:noctx // a loopback address
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var repos []repository
	for dec := json.NewDecoder(resp.Body); ; {
		var r repository
		switch err := dec.Decode(&r); err {
		case nil:
			repos = append(repos, r)
		case io.EOF:
			return repos, nil
		default:
			return nil, err
		}
	}
}

func (m *measurement) configure(repos []repository) error {
	var config, sources bytes.Buffer
	fmt.Fprintf(&config, "store: sqlite:%s\nforges:\n", filepath.Join(m.dir, "a.db"))
	sources.WriteString("publishers:\n  - id: all\n    name: All\n    sources:\n")
	for _, f := range forges {
		token := ", tokenEnv: TOKEN_" + strings.ToUpper(f)
		if m.anonymous && f != "github" {
			token = ""
		}
		fmt.Fprintf(&config, "  - {url: %q, kind: %s, allowPrivate: true%s}\n", m.listeners[f], f, token)
		if !m.owners {
			fmt.Fprintf(&sources, "      - %s\n", m.listeners[f])
			continue
		}
		var owners []string
		for _, r := range repos {
			if owner, _, _ := strings.Cut(r.FullName, "/"); r.Forge == f {
				owners = append(owners, owner)
			}
		}
		slices.Sort(owners)
		for _, owner := range slices.Compact(owners) {
			fmt.Fprintf(&sources, "      - %s/%s\n", m.listeners[f], owner)
		}
	}
	config.Write(sources.Bytes())
	return os.WriteFile(m.config(), config.Bytes(), 0o600)
}

func (m *measurement) config() string { return filepath.Join(m.dir, "allmende.yml") }

// crawl runs the program once and prints what it cost.
func (m *measurement) crawl(name string, repos []repository) error {
	if err := m.call(http.MethodPost, "/_reset", "", nil); err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), filepath.Join(m.dir, "allmende"), "crawl", "--config", m.config(), "--json")
	for f, token := range tokens {
		cmd.Env = append(cmd.Env, "TOKEN_"+strings.ToUpper(f)+"="+token)
	}
	cmd.Env = append(cmd.Env, os.Environ()...)
	started := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("crawl: %w\n%s", err, out)
	}
	wall := time.Since(started)
	var sum struct{ Entries, New, Changed, Gone, Pending int }
	if err := json.Unmarshal(out, &sum); err != nil {
		return err
	}
	var stats struct {
		Forges map[string]struct {
			Routes map[string]struct{ Requests int } `json:"routes"`
		} `json:"forges"`
		Violations map[string]int `json:"violations"`
	}
	if err := m.call(http.MethodGet, "/_stats", "", &stats); err != nil {
		return err
	}
	rows := []string{
		"| " + name + " | repositories | with a file | requests | limit | floor | raw files |",
		"| --- | --- | --- | --- | --- | --- | --- |",
	}
	for _, f := range forges {
		var n, e float64
		for _, r := range repos {
			if r.Forge == f {
				n++
				if r.PublicCode != "" {
					e++
				}
			}
		}
		requests, raw := 0, 0
		for route, r := range stats.Forges[f].Routes {
			if strings.Contains(route, "raw") {
				raw += r.Requests
			} else {
				requests += r.Requests
			}
		}
		limit, page := limits[f].first(n, e), 100.0
		if name != "first" {
			limit = limits[f].again(n, e)
		}
		if strings.HasPrefix(name, "1 %") {
			limit += 6 * n / 100
		}
		if f == "forgejo" {
			page = 50
		}
		rows = append(rows, fmt.Sprintf("| %s | %.0f | %.0f | %d | %.0f | %.0f | %d |", f, n, e, requests, limit, math.Ceil(n/page), raw))
	}
	fmt.Println(strings.Join(rows, "\n"))
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
	fmt.Printf("\n%.1f s, %d MB; %d entries, %d new, %d changed, %d gone, %d SBOMs left for later; violations %v\n\n",
		wall.Seconds(), peak, sum.Entries, sum.New, sum.Changed, sum.Gone, sum.Pending, stats.Violations)
	return nil
}

// call asks the emulator itself.
func (m *measurement) call(method, path, body string, answer any) error {
	req, err := http.NewRequest(method, m.listeners["admin"]+path, strings.NewReader(body)) //nolint:noctx // a loopback address
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(answer)
}
