// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/report"
)

// warned is a file with no error and at least one warning or advice.
const warned = `publiccodeYmlVersion: "0.5"
name: Fahrradkeller
url: https://git.example/fahrradkeller
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
description:
  de:
    shortDescription: Vermietet Stellplätze.
    longDescription: Die Stadt vermietet Stellplätze für Fahrräder in ihren Kellern. Wer einen sucht, sieht auf einer Karte, wo einer frei ist, bucht ihn für einen Tag oder ein Jahr und bekommt den Schlüssel auf das Telefon.
    features: [Buchung]
legal:
  license: GPL-3.0
maintenance:
  type: internal
  contacts:
    - name: Ada Beispiel
localisation:
  localisationReady: false
  availableLanguages: [de]
`

func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestValidatePaths(t *testing.T) {
	one := repository(t, map[string]string{"publiccode.yaml": warned})
	both := repository(t, map[string]string{"publiccode.yml": warned, "publiccode.yaml": "name: A\n"})
	none := repository(t, map[string]string{"README.md": "x"})
	// The guard refuses the address before anything is asked.
	guarded := repository(t, map[string]string{"publiccode.yml": "name: A\nurl: http://127.0.0.1:1/x\n"})
	outside := write(t, "secret.yml", "password: geheim\n")
	link := repository(t, nil)
	if err := os.Symlink(outside, filepath.Join(link, "publiccode.yml")); err != nil {
		t.Skip(err)
	}
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"directory":              {[]string{one}, 0, filepath.Join(one, "publiccode.yaml") + ": ok (publiccode.yml 0.5"},
		"both names":             {[]string{both}, 0, "delete one"},
		"the first of both":      {[]string{both}, 0, filepath.Join(both, "publiccode.yml") + ": ok"},
		"neither":                {[]string{none}, 2, "publiccode.yml or publiccode.yaml"},
		"link out of the folder": {[]string{link}, 2, "escapes"},
		"one file of two":        {[]string{one, filepath.Join(none, "x\x1b[2J.yml")}, 2, `x\x1b[2J.yml" cannot be read`},
		"fail on warnings":       {[]string{"--fail-on", "warning", one}, 1, "valid, but objected to"},
		"version":                {[]string{"--version", "1.0", one}, 0, "checked against 1.0"},
		"online":                 {[]string{"--online", guarded}, 1, "127.0.0.1"},
		"unknown version":        {[]string{"--version", "7", one}, 2, "--version"},
		"unknown severity":       {[]string{"--fail-on", "hint", one}, 2, "--fail-on"},
		"unknown colour":         {[]string{"--color", "blue", one}, 2, "--color"},
		"colour":                 {[]string{"--color", "always", one}, 0, "\x1b[1;33mwarning PC"},
		"unknown profile":        {[]string{"--profile", "opncode", one}, 2, "opencode"},
		"no profile file":        {[]string{"--profile", "does/not/exist.yml", one}, 2, "does/not/exist.yml"},
		"two reports":            {[]string{"--format", "json", "--format", "sarif", one}, 2, "NAME=FILE"},
		"report without a file":  {[]string{"--format", "json=", one}, 2, "name a file"},
		"output for nothing":     {[]string{"--format", "json=x", "--output", "y", one}, 2, "--output"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := command(t, append([]string{"validate", "--lang", "en"}, tt.args...)...)
			if code != tt.code || !strings.Contains(out+errs, tt.want) {
				t.Errorf("exit code %d, want %d, with %q in\n%s%s", code, tt.code, tt.want, out, errs)
			}
			if strings.Contains(out+errs, "geheim") || strings.Contains(errs, "\x1b") {
				t.Errorf("what nobody asked to see: %q%q", out, errs)
			}
		})
	}
}

func TestValidateHere(t *testing.T) {
	t.Chdir(repository(t, map[string]string{"publiccode.yml": warned}))
	out, errs, code := command(t, "validate", "--lang", "en", "--format", "github")
	if code != 0 || !strings.HasPrefix(out, "::warning file=publiccode.yml,line=") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	out, errs, code = command(t, "validate", "--quiet", "--fail-on", "advice", "--format", "text", "--format", "gitlab=quality.json")
	if code != 1 || out+errs != "" {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	var issues []map[string]any
	written, err := os.ReadFile("quality.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &issues); err != nil || len(issues) == 0 {
		t.Errorf("%v: %s", err, written)
	}
	if out, _, _ := command(t, "validate", "--color", "always", "--output", "text"); out != "" {
		t.Errorf("both to a file and to standard output: %s", out)
	}
	if text, err := os.ReadFile("text"); err != nil || !bytes.Contains(text, []byte("publiccode.yml:")) || bytes.Contains(text, []byte("\x1b")) {
		t.Errorf("%v: %q", err, text)
	}
}

func TestValidateStandardInput(t *testing.T) {
	for _, name := range []string{"", "sub/publiccode.yml"} {
		var out bytes.Buffer
		cmd := validateCommand()
		cmd.SilenceErrors = true
		cmd.SetIn(strings.NewReader("name: 1\n"))
		cmd.SetOut(&out)
		cmd.SetArgs([]string{"--format", "json", "--stdin-filename", name, "-"})
		if err := cmd.ExecuteContext(t.Context()); err == nil || err.Error() != "" {
			t.Errorf("the file has errors, but: %v", err)
		}
		want := `"path": "sub/publiccode.yml"`
		if name == "" {
			want = `"path": "-"`
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}

func TestColor(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if paintable(&bytes.Buffer{}) {
		t.Error("a buffer is no terminal")
	}
	pipe, _, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if paintable(pipe) {
		t.Error("a pipe is no terminal")
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	defer terminal.Close()
	for _, tt := range []struct {
		noColor, term string
		want          bool
	}{{"", "xterm", true}, {"1", "xterm", false}, {"", "dumb", false}} {
		t.Setenv("NO_COLOR", tt.noColor)
		t.Setenv("TERM", tt.term)
		if got := paintable(terminal); got != tt.want {
			t.Errorf("NO_COLOR=%q TERM=%q: %v", tt.noColor, tt.term, got)
		}
	}
}

func TestExplain(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"German":    {[]string{"--lang", "de", "PC0101"}, 0, []string{"PC0101 (Fehler)", "Was zu tun ist:", "https://"}},
		"adoptions": {[]string{"--lang", "de", "ad0315"}, 0, []string{"AD0315 (Fehler)", "role: operates", "docs/adoptions.md#roles"}},
		"English":   {[]string{"--lang", "en", "pc0416", "PC0101"}, 0, []string{"PC0416 (warning)", "PC0101 (error)", "What to do:"}},
		"all":       {[]string{"--lang", "en"}, 0, []string{"PC0001  ", "PC0507  ", "AD0101  "}},
		"unknown":   {[]string{"PC9999"}, 2, []string{"PC9999"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := command(t, append([]string{"explain"}, tt.args...)...)
			for _, want := range tt.want {
				if code != tt.code || !strings.Contains(out+errs, want) {
					t.Errorf("exit code %d, want %d, with %q in\n%s%s", code, tt.code, want, out, errs)
				}
			}
		})
	}
}

// TestFormatsAreDocumented keeps the guide complete.
func TestFormatsAreDocumented(t *testing.T) {
	guide, err := os.ReadFile("../../docs/integrations.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range report.Formats {
		if !bytes.Contains(guide, []byte("`"+name+"`")) {
			t.Errorf("docs/integrations.md does not name the format %s", name)
		}
	}
	for _, p := range publiccode.Profiles() {
		if !bytes.Contains(guide, []byte("`"+p.Name+"`")) {
			t.Errorf("docs/integrations.md does not name the profile %s", p.Name)
		}
	}
}

// TestReportKeepsWhatIsChecked holds that a report never takes the place of the
// file that it is about.
func TestReportKeepsWhatIsChecked(t *testing.T) {
	file := write(t, "publiccode.yml", "name: A\n")
	out, errs, code := command(t, "validate", "--format", "json="+file, file)
	if code != 2 || !strings.Contains(out+errs, "overwrite") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != "name: A\n" {
		t.Errorf("%q, %v", content, err)
	}
}
