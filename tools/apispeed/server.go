// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// server is a running allmende serve.
type server struct {
	address string // without a slash at its end
	command *exec.Cmd
	log     *os.File
}

// start starts the program with a cache of so many MiB and waits until it is
// ready. Its log goes to a file, as an operator's does.
func (m *measurement) start(ctx context.Context, cache string) (_ *server, err error) {
	config := filepath.Join(m.dir, "allmende.yml")
	if err := os.WriteFile(config, []byte("store: sqlite:"+m.db+"\n"), 0o600); err != nil {
		return nil, err
	}
	s := new(server)
	if s.log, err = os.Create(filepath.Join(m.dir, "server.log")); err != nil {
		return nil, err
	}
	args := []string{"serve", "--config", config, "--listen", "127.0.0.1:0", "--crawl=false"}
	if cache != "" {
		args = append(args, "--cache", cache)
	}
	s.command = exec.CommandContext(ctx, m.binary, args...) //nolint:gosec // what this command built
	s.command.Stderr = s.log
	out, err := s.command.StdoutPipe()
	if err == nil {
		err = s.command.Start()
	}
	if err != nil {
		return nil, errors.Join(err, s.log.Close())
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, address, ok := strings.Cut(strings.TrimSpace(line), "serving on ")
	if err != nil || !ok {
		s.stop()
		said, _ := os.ReadFile(s.log.Name())
		return nil, fmt.Errorf("it does not serve: %s", said)
	}
	s.address = strings.TrimSuffix(address, "/")
	for range 600 {
		if _, err := s.get(ctx, "/readyz"); err == nil {
			return s, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.stop()
	return nil, errors.New("it does not become ready")
}

// get asks once and returns the header of an answer of 200.
func (s *server) get(ctx context.Context, target string) (http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+target, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", "identity") // as wrk asks: each encoding has an entity tag of its own
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("%s: %s", target, resp.Status))
	}
	return resp.Header, errors.Join(err, resp.Body.Close())
}

func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
	_ = s.log.Close()
}

// ticks are those of a second in /proc.
const ticks = 100

// processor is the time of processors that the server has taken so far.
func (s *server) processor() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.command.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	var user, system int64
	if len(fields) < 13 {
		return 0
	}
	_, _ = fmt.Sscan(fields[11], &user)
	_, _ = fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * time.Second / ticks
}

// memory is the resident memory of the server now, and at most so far, in MB.
func (s *server) memory() (now, most int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		var kib int
		if _, err := fmt.Sscan(rest, &kib); err != nil {
			continue
		}
		switch name {
		case "VmRSS":
			now = kib * 1024 / 1e6
		case "VmHWM":
			most = kib * 1024 / 1e6
		}
	}
	return now, most
}
