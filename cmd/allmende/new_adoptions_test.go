// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

const saidByHarbour = `adoptionsYmlVersion: "1.0"
organisation:
  uri: https://www.musterhafen.example
  name: Stadt Musterhafen
  region: DE-SH
adoptions:
  - software: https://git.example.org/stadt/radkeller
    role: uses
`

const neededByHarbour = `needsYmlVersion: "1.0"
organisation:
  uri: https://www.musterhafen.example
  name: Stadt Musterhafen
  region: DE-SH
needs:
  - id: Stellplätze
    title: Stellplätze für Räder vergeben
`

// An adoptions.yml is known by its name, in a directory too, else by its content.
func TestValidateAdoptions(t *testing.T) {
	wrong := strings.Replace(saidByHarbour, "role: uses", "role: user", 1)
	alone := repository(t, map[string]string{"adoptions.yml": wrong})
	both := repository(t, map[string]string{"adoptions.yml": wrong, "publiccode.yml": warned})
	all := repository(t, map[string]string{"adoptions.yml": saidByHarbour, "publiccode.yml": warned, "needs.yml": neededByHarbour})
	foreign := repository(t, map[string]string{"ours.yml": neededByHarbour, "needs.yml": "organisation: {}\n"})
	named := repository(t, map[string]string{"ours.yml": wrong, "adoptions.yml": "organisation: {}\n", "publiccode.yml": saidByHarbour})
	outside := repository(t, nil)
	if err := os.Symlink(write(t, "secret.yml", "password: geheim\n"), filepath.Join(outside, "adoptions.yml")); err != nil {
		t.Skip(err)
	}
	for name, tt := range map[string]struct {
		args  []string
		code  int
		wants []string
	}{
		"directory":           {[]string{alone}, 1, []string{"error AD0315", "not valid (adoptions.yml 1.0, 1 error)"}},
		"with publiccode.yml": {[]string{both}, 1, []string{"publiccode.yml: ok (publiccode.yml 0.5", "error AD0315", "2 files checked, 1 valid"}},
		"all three":           {[]string{all}, 1, []string{"adoptions.yml: ok", "error AD0601", "3 files checked, 2 valid"}},
		"needs by content":    {[]string{filepath.Join(foreign, "ours.yml")}, 1, []string{"error AD0601", "not valid (needs.yml 1.0, 1 error)"}},
		"needs by name":       {[]string{foreign}, 1, []string{"error AD0101", "not valid (unknown version"}},
		"by content":          {[]string{filepath.Join(named, "ours.yml")}, 1, []string{"error AD0315"}},
		"by name":             {[]string{filepath.Join(named, "adoptions.yml")}, 1, []string{"error AD0101", "unknown version"}},
		"not by content":      {[]string{filepath.Join(named, "publiccode.yml")}, 1, []string{"error PC0101"}},
		"profile":             {[]string{"--profile", "opencode", "--online", alone}, 1, []string{"error AD0315"}},
		"link out of it":      {[]string{outside}, 2, []string{"escapes"}},
	} {
		out, errs, code := command(t, append([]string{"validate", "--lang", "en"}, tt.args...)...)
		for _, want := range tt.wants {
			if code != tt.code || !strings.Contains(out+errs, want) {
				t.Errorf("%s: exit code %d, want %d, with %q in\n%s%s", name, code, tt.code, want, out, errs)
			}
		}
	}
	for name, want := range map[string]string{"": "AD0315", "x/adoptions.yml": "AD0315", "publiccode.yml": "PC0101"} {
		var out bytes.Buffer
		cmd := validateCommand()
		cmd.SilenceErrors = true
		cmd.SetIn(strings.NewReader(wrong))
		cmd.SetOut(&out)
		cmd.SetArgs([]string{"--stdin-filename", name, "-"})
		if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(out.String(), want) {
			t.Errorf("standard input as %q: %v: %s", name, err, out.String())
		}
	}
	for _, path := range []string{filepath.Join(alone, "adoptions.yml"), filepath.Join(foreign, "ours.yml")} {
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, errs, code := command(t, "fix", path)
		if after, err := os.ReadFile(path); err != nil || code != 2 || !bytes.Equal(before, after) || !strings.Contains(errs, "is not mended") {
			t.Errorf("fix: exit code %d: %s", code, errs)
		}
	}
}

func TestNewAdoptions(t *testing.T) {
	until := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	sooner := time.Now().AddDate(0, 6, 0).Format(time.DateOnly)
	for lang, tt := range map[string]struct {
		typed []string
		want  []adoption.Statement
		said  []string
	}{
		"de": {
			[]string{
				"Musterhafen", "https://www.musterhafen.example", "", "Stadt Musterhafen", "SH", "DE-SH", "",
				"Radkeller", "https://git.example.org/stadt/radkeller", "9", "4", "", "1.4.2024", "2024-04-01", "", "Plätze: \"alle\" #1", "", "",
				"",
			},
			[]adoption.Statement{{
				Software: "https://git.example.org/stadt/radkeller", Role: adoption.Uses, Since: "2024-04-01", ConfirmedUntil: until, Purpose: "Plätze: \"alle\" #1",
			}},
			[]string{"kann keine Organisation bezeichnen", "Diese Angabe ist Pflicht", "ist keine Rolle", "ist kein Datum nach ISO 8601", "Die Datei ist gültig."},
		},
		"en": {
			[]string{
				"urn:de:musterland:amt", "Office", "DE-NI", "03",
				"https://git.example.org/a/b", "operates", "1.10", "", sooner, "", "office@a.example", "2",
				"https://git.example.org/a/c", "1", "", "", "", "", "", "",
				"",
			},
			[]adoption.Statement{
				{
					Software: "https://git.example.org/a/b", Role: adoption.Operates, Version: "1.10", ConfirmedUntil: sooner,
					Contact: "office@a.example", Visibility: adoption.Restricted,
				},
				{Software: "https://git.example.org/a/c", Role: adoption.Maintains, ConfirmedUntil: until},
			},
			[]string{"1  maintains", "An empty answer means: in a year: " + until, "Whoever can read the repository can read them.", "The file is valid."},
		},
	} {
		if lang == "de" {
			tt.typed[4] = "Nordsee"
		}
		t.Chdir(t.TempDir())
		out, errs, code := converse(t, strings.Join(tt.typed, "\n")+"\n", "new", "adoptions", "--lang", lang)
		for _, want := range tt.said {
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("%s: exit code %d, with %q in\n%s%s", lang, code, want, out, errs)
			}
		}
		src, err := os.ReadFile("adoptions.yml")
		if err != nil {
			t.Fatal(err)
		}
		file := adoption.Parse(src, adoption.Options{}).File
		if len(file.Adoptions) != len(tt.want) {
			t.Fatalf("%s: %d statements in\n%s", lang, len(file.Adoptions), src)
		}
		for i, want := range tt.want {
			if file.Adoptions[i] != want {
				t.Errorf("%s: %+v, want %+v", lang, file.Adoptions[i], want)
			}
		}
		if _, errs, code := command(t, "new", "adoptions", "--yes"); code != 2 || !strings.Contains(errs, "exists already") {
			t.Errorf("over a file: exit code %d: %s", code, errs)
		}
	}
}

func TestNewAdoptionsWithoutQuestions(t *testing.T) {
	t.Chdir(t.TempDir())
	samples := adoption.Parse(samplesOf(t, "adoptions", "  # - software: https://"), adoption.Options{})
	if len(samples.Findings) > 0 || len(samples.File.Adoptions) != 1 || samples.File.Adoptions[0].Visibility != adoption.Public {
		t.Errorf("the samples have %v: %+v", samples.Findings, samples.File)
	}
	if _, errs, code := converse(t, "https://a.example\n", "new", "adoptions", "--lang", "de"); code != 2 || !strings.Contains(errs, "es wurde nichts geschrieben") {
		t.Errorf("answers that end: exit code %d: %s", code, errs)
	}
	if _, err := os.Stat("adoptions.yml"); err == nil {
		t.Error("a file was written")
	}
}

// samplesOf is the file that all samples of a template are together.
func samplesOf(t *testing.T, format, first string) []byte {
	t.Helper()
	out, errs, code := command(t, "new", format, "--yes", "--lang", "de", "--output", "-")
	if code != 1 || !strings.Contains(out, first) || !strings.Contains(out, "# Wer spricht.") || !strings.Contains(errs, "noch nicht gültig") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	var lines []string
	for line := range strings.Lines(out) {
		trimmed := strings.TrimLeft(line, " ")
		sample, commented := strings.CutPrefix(trimmed, "# ")
		key, _, isKey := strings.Cut(sample, ": ")
		if commented && isKey && adoption.Hint("organisation."+key, "de")+adoption.Hint(format+"[]."+strings.TrimPrefix(key, "- "), "de") != "" {
			line = line[:len(line)-len(trimmed)] + sample
		}
		lines = append(lines, line)
	}
	return []byte(strings.Join(lines, ""))
}
