// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler/forgetest"
)

// served is a serve command in this process.
type served struct {
	address string // with a slash at its end
	stop    func() (code int)

	mu  sync.Mutex
	log bytes.Buffer
}

func (s *served) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

func (s *served) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// serve starts the command on a free port. It is stopped, and must end well,
// with the test at the latest.
func serve(t *testing.T, config string, flags ...string) *served {
	t.Helper()
	s := &served{}
	ctx, cancel := context.WithCancel(t.Context())
	read, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--config", config, "--listen", "127.0.0.1:0"}, flags...), stdout, s)
		stdout.Close()
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		go io.Copy(io.Discard, read)
		return <-ended
	})
	t.Cleanup(func() {
		if code := s.stop(); code != 0 {
			t.Errorf("serve ended with code %d\n%s", code, s.logged())
		}
	})
	line := make([]byte, 200)
	n, err := read.Read(line)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.logged())
	}
	if s.address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(string(line[:n])); s.address == "" {
		t.Fatalf("no address in %s", line[:n])
	}
	return s
}

// until asks again and again until what is answered, with the status before
// it, has the words.
func (s *served) until(t *testing.T, path, words string) {
	t.Helper()
	var got string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		status, body := fetchURL(t, s.address+path)
		if got = fmt.Sprintf("%d %s", status, body); strings.Contains(got, words) {
			return
		}
	}
	t.Fatalf("/%s never has %q, but %.300s\n%s", path, words, got, s.logged())
}

// push sends an event of Forgejo as it signs it.
func (s *served) push(t *testing.T, host, repository, secret string) (status int) {
	t.Helper()
	event := fmt.Sprintf(`{"ref":"refs/heads/main","repository":{"full_name":%q}}`, repository)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(event))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.address+"webhooks/"+host, strings.NewReader(event))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forgejo-Event", "push")
	req.Header.Set("X-Forgejo-Signature", hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// A server crawls by itself what is configured and what a catalogue leads to,
// takes push events, and keeps its schedule when it is started again.
func TestServeCrawls(t *testing.T) {
	t.Setenv("SERVE_TEST_SECRET", "Ebbe")
	world := forgetest.New()
	address := forgeOf(t, world)
	host := strings.TrimPrefix(address, "http://")
	world.Put(software(address, "stadt/wahl", "Wahl"))
	world.Put(software(address, "amt/rad", "Rad"))
	dir := t.TempDir()
	list := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(list, []byte(address+"/amt/rad\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s/a.db
forges: [{url: %q, kind: forgejo, allowPrivate: true, webhookSecretEnv: SERVE_TEST_SECRET}]
publishers: [{id: a, name: A, sources: ["%s/stadt"]}]
catalogues: [{url: %q, publisher: {id: b, name: B}}]
`, dir, address, address, list))

	s := serve(t, config)
	s.until(t, "v1/software/"+host+"/stadt/wahl", `"name":"Wahl"`)
	s.until(t, "v1/software/"+host+"/amt/rad", `"publisher":{"id":"b"`)

	for _, name := range []string{"stadt/wahl", "amt/rad"} {
		world.Put(software(address, name, "Neu "+name))
		if status := s.push(t, host, name, "Ebbe"); status != http.StatusAccepted {
			t.Errorf("%s: status %d", name, status)
		}
		s.until(t, "v1/software/"+host+"/"+name, `"name":"Neu `+name+`"`)
	}
	if status := s.push(t, host, "stadt/wahl", "Flut"); status != http.StatusUnauthorized {
		t.Errorf("other secret: status %d", status)
	}
	if status := s.push(t, host, "nie/gesehen", "Ebbe"); status != http.StatusOK {
		t.Errorf("nobody's repository: status %d", status)
	}

	beside := serve(t, config, "--crawl=false")
	beside.until(t, "v1/software/"+host+"/stadt/wahl", "Neu stadt/wahl")
	world.Put(software(address, "stadt/wahl", "Noch neuer"))
	if status := beside.push(t, host, "stadt/wahl", "Ebbe"); status != http.StatusAccepted {
		t.Errorf("a push to a server that does not crawl: status %d", status)
	}
	beside.until(t, "v1/software/"+host+"/stadt/wahl", "Noch neuer")

	for _, source := range []string{address + "/stadt", address + "/amt/rad"} {
		for planned, tries := false, 0; !planned; tries++ {
			out, errs, _ := command(t, "why", "--json", "--config", config, source)
			if planned = strings.Contains(out, `"next"`); tries == 1000 {
				t.Fatalf("%s is never due again: %s%s", source, out, errs)
			}
		}
	}
	if code := s.stop(); code != 0 {
		t.Errorf("code %d", code)
	}
	again := serve(t, config)
	again.until(t, "v1/software/"+host+"/amt/rad", "Neu amt/rad")
	world.Put(software(address, "stadt/wahl", "Dritte"))
	again.push(t, host, "stadt/wahl", "Ebbe")
	again.until(t, "v1/software/"+host+"/stadt/wahl", "Dritte")
	if strings.Contains(again.logged(), "msg=crawling") {
		t.Errorf("crawled again what was not due:\n%s", again.logged())
	}
}
