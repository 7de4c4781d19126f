// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCommandLine(t *testing.T) {
	good := write(t, "config.yml", "store: sqlite:"+filepath.Join(t.TempDir(), "a.db")+"\npublishers: []\n")
	for name, tt := range map[string]struct {
		args []string
		code int
		want string // in what is printed
	}{
		"help":                  {[]string{"--help"}, 0, "allmende demo"},
		"nothing":               {nil, 0, "Exit codes"},
		"unknown command":       {[]string{"craw1"}, 2, "craw1"},
		"unknown flag":          {[]string{"crawl", "--confg", "x"}, 2, "--confg"},
		"no configuration":      {[]string{"crawl"}, 2, "--config"},
		"configuration missing": {[]string{"serve", "--config", "/does/not/exist"}, 2, "/does/not/exist"},
		"nothing to crawl":      {[]string{"crawl", "--config", good}, 0, "repositories  0"},
		"build without folder":  {[]string{"build", "--config", good}, 2, "--out"},
		"address in use":        {[]string{"serve", "--config", good, "--listen", "256.0.0.1:1"}, 2, "256.0.0.1"},
		"validate nothing":      {[]string{"validate"}, 2, "publiccode.yml"},
		"validate no file":      {[]string{"validate", "/does/not/exist.yml"}, 2, "/does/not/exist.yml"},
		"validate format":       {[]string{"validate", "--format", "xml", good}, 2, "xml"},
		"validate language":     {[]string{"validate", "--lang", "fr", good}, 2, "fr"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := command(t, tt.args...)
			if code != tt.code || !strings.Contains(out+errs, tt.want) {
				t.Errorf("exit code %d, want %d, with %q in\n%s%s", code, tt.code, tt.want, out, errs)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	// The project's own file is a valid one.
	valid, err := os.ReadFile("../../publiccode.yml")
	if err != nil {
		t.Fatal(err)
	}
	good := write(t, "publiccode.yml", string(valid))
	bad := write(t, "publiccode.yml", "publiccodeYmlVersion: '0.5'\nname: A\ndevelopmentStatus: finished\n")

	out, errs, code := command(t, "validate", "--format", "json", "--lang", "en", good, bad)
	if code != 1 {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	var report struct {
		Files []struct {
			Path     string
			Format   string
			Version  string
			Valid    bool
			Findings []struct {
				Code, Severity, Key, Message, Help, Standard string
				Line, Column, EndLine, EndColumn             int
				Edits                                        []publiccode.Edit
			}
			Checked   string
			Unchecked []string
		}
	}
	dec := json.NewDecoder(strings.NewReader(out))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if len(report.Files) != 2 || !report.Files[0].Valid || report.Files[1].Valid || report.Files[1].Version != "0.5" {
		t.Fatalf("%+v", report)
	}
	found := false
	for _, f := range report.Files[1].Findings {
		if !regexp.MustCompile(`^PC\d{4}$`).MatchString(f.Code) || f.Line < 1 || f.Column < 1 || f.EndLine < f.Line || f.Message == "" || !strings.HasPrefix(f.Standard, "https://") {
			t.Errorf("%+v", f)
		}
		if f.Key == "developmentStatus" {
			found = f.Line == 3 && f.Severity == "error" && strings.Contains(f.Message, "finished")
		}
	}
	if !found {
		t.Errorf("the wrong status is not named at its place: %+v", report.Files[1].Findings)
	}

	if out, _, code := command(t, "validate", "--lang", "en", good); code != 0 || !strings.Contains(out, good+": ok (publiccode.yml 0.7") {
		t.Errorf("exit code %d: %s", code, out)
	}
	out, _, code = command(t, "validate", "--lang", "de", bad)
	if code != 1 || !strings.Contains(out, bad+":3:") || !strings.Contains(out, bad+": nicht gültig (publiccode.yml 0.5") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestCrawlReportsWhatFailed(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer broken.Close()
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s
forges: [{url: %q, kind: forgejo, allowPrivate: true}]
publishers:
  - {id: a, name: A, sources: [%q]}
  - {id: b, name: B, sources: ["http://127.0.0.1:1/guarded"]}
`, filepath.Join(t.TempDir(), "a.db"), broken.URL, broken.URL+"/org"))
	sum := crawlJSON(t, config, exitPartial)
	if len(sum.Failures) != 2 {
		t.Fatalf("%+v", sum.Failures)
	}
	all := sum.Failures[0].Error + sum.Failures[1].Error
	if !strings.Contains(all, "401") || !strings.Contains(all, "allowPrivate") {
		t.Errorf("failures do not say why: %+v", sum.Failures)
	}
}

// runDemo starts the demo on a free port and returns its address. It is
// stopped, and must end well, with the test.
func runDemo(t *testing.T) string {
	t.Helper()
	address, lines := startDemo(t)
	go func() {
		for lines.Scan() { // what it prints has to go somewhere
		}
	}()
	return address
}

// startDemo is runDemo with arguments. What it prints after the address has to be
// read from lines.
func startDemo(t *testing.T, args ...string) (address string, lines *bufio.Scanner) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"demo", "--listen", "127.0.0.1:0"}, args...), stdout, os.Stderr)
		stdout.Close()
		ended <- code
	}()
	t.Cleanup(func() {
		read.Close()
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("the demo ended with code %d", code)
		}
	})
	form := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	lines = bufio.NewScanner(read)
	for lines.Scan() {
		t.Log(lines.Text())
		if strings.HasPrefix(lines.Text(), "FAILED") {
			t.Error("the demo's crawl has a failure")
		}
		if a := form.FindString(lines.Text()); a != "" {
			return a, lines
		}
	}
	t.Fatal("the demo prints no address")
	return "", nil
}

func fetchURL(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestDemo(t *testing.T) {
	base := runDemo(t)
	var list struct {
		Total int
		Items []struct{ ID, Name string }
		Links struct{ Next string }
	}
	status, body := fetchURL(t, base+"v1/software?perPage=100")
	if err := json.Unmarshal([]byte(body), &list); err != nil || status != http.StatusOK {
		t.Fatalf("%d, %v: %s", status, err, body)
	}
	if list.Total < 30 || len(list.Items) != list.Total {
		t.Fatalf("%d entries of %d", len(list.Items), list.Total)
	}
	hosts := map[string]int{}
	for _, item := range list.Items {
		host, _, _ := strings.Cut(item.ID, "/")
		hosts[host]++
		for _, prefix := range []string{"software/", "en/software/", "v1/software/"} {
			url := base + prefix + item.ID
			if prefix != "v1/software/" {
				url += "/"
			}
			if status, body := fetchURL(t, url); status != http.StatusOK || !strings.Contains(body, item.ID) {
				t.Errorf("%s: status %d", url, status)
			}
		}
	}
	if len(hosts) != 3 {
		t.Errorf("entries by host: %v", hosts)
	}
	for _, path := range []string{"", "en/", "software/", "regions/DE-SH/", "openapi.json", "readyz"} {
		if status, _ := fetchURL(t, base+path); status != http.StatusOK {
			t.Errorf("/%s: status %d", path, status)
		}
	}
	if status, _ := fetchURL(t, base+"software/github.example/no/such/"); status != http.StatusNotFound {
		t.Errorf("an entry that is not there: status %d", status)
	}
	if status, body := fetchURL(t, base+"v1/software?q=Bauantrag"); status != http.StatusOK || !strings.Contains(body, "github.example") && !strings.Contains(body, "gitlab.example") && !strings.Contains(body, "forgejo.example") {
		t.Errorf("search: status %d, %s", status, body)
	}
}
