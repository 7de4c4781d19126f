// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

// converse runs a command line with what a person types.
func converse(t *testing.T, typed string, args ...string) (out, errs string, code int) {
	t.Helper()
	in, err := os.Open(write(t, "typed", typed))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	stdin := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = stdin }()
	return command(t, args...)
}

// folder makes a repository of pairs of path and content.
func repositoryFolder(t *testing.T, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i+1 < len(pairs); i += 2 {
		path := filepath.Join(dir, pairs[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(pairs[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func kellerFolder(t *testing.T) string {
	return repositoryFolder(t,
		"README.md", "# Radkeller\n\nDer Radkeller zeigt, wo noch Plätze für Fahrräder frei sind.\n",
		"LICENSE", "GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007\n",
		".git/config", "[remote \"origin\"]\n\turl = https://ada:geheim@git.example.org/stadt/radkeller.git\n",
	)
}

const long = "Der Radkeller zeigt, wo in den Häusern der Stadt noch Plätze für Fahrräder frei sind, und vergibt sie an alle, die dort arbeiten oder zu Besuch kommen oder wohnen."

func TestNewAsks(t *testing.T) {
	for lang, tt := range map[string]struct {
		typed []string
		said  []string
		check func(*publiccode.PublicCode) bool
	}{
		"de": {
			[]string{
				"",                     // name: the proposal
				"web, 9", "web, linux", // platforms: no such number
				"fertig", "9", "stable", // developmentStatus: no such word, no such number, a word
				"4",                                              // softwareType by number
				"",                                               // shortDescription: the proposal
				"zu kurz", ".", long, "", "Zweite Zeile", "", "", // longDescription: too short at first, then two paragraphs
				"", "Plätze finden, auch nachts", "Plätze vergeben", "", // features: none at first
				"AGPL 3", "2", // the licence: misspelt, then by number
				"community",
				"Ada Beispiel",
				"ada", "ada@radkeller.example", // no address at first
				"vielleicht", "nein",
				"de, en",
			},
			[]string{"Enter", "9 steht nicht zur Wahl.", "Vorschlag aus README.md: Radkeller", "fertig", "Webanwendung", "Diese Angabe ist Pflicht.", "AGPL-3.0-or-later", "publiccode.yml ist geschrieben.", "Die Datei ist gültig."},
			func(p *publiccode.PublicCode) bool {
				return p.DevelopmentStatus == "stable" && p.SoftwareType == "standalone/web" && p.Legal.License == "AGPL-3.0-or-later" &&
					strings.Join(strings.Fields(p.Description["de"].LongDescription), " ") == long+" Zweite Zeile" && slices.Equal(p.Description["de"].Features, []string{"Plätze finden, auch nachts", "Plätze vergeben"}) &&
					p.Maintenance.Contacts[0].Email == "ada@radkeller.example" && !p.Localisation.LocalisationReady
			},
		},
		"en": {
			[]string{
				"Bicycle cellar",
				"web",
				"beta",
				"standalone/web",
				"Where there is room for bicycles",
				long, ".",
				"Find a place", "",
				"EUPL-1.2",
				"contract",
				"Keller: GmbH", // the contractor
				"soon", "2030-12-31",
				"yes",
				"de",
			},
			[]string{"Proposal from README.md: Radkeller", "LICENSE leaves open", "The file is valid.", "publiccode.yml is written."},
			func(p *publiccode.PublicCode) bool {
				return p.Name == "Bicycle cellar" && p.Legal.License == "EUPL-1.2" && p.Maintenance.Contractors[0].Name == "Keller: GmbH" && p.Maintenance.Contractors[0].Until == "2030-12-31" &&
					p.Localisation.LocalisationReady && p.Description["de"].ShortDescription == "Where there is room for bicycles"
			},
		},
	} {
		t.Run(lang, func(t *testing.T) {
			dir := kellerFolder(t)
			out, errs, code := converse(t, strings.Join(tt.typed, "\n")+"\n", "new", "--dir", dir, "--lang", lang)
			if code != 0 {
				t.Fatalf("exit code %d:\n%s%s", code, out, errs)
			}
			for _, want := range tt.said {
				if !strings.Contains(strings.ReplaceAll(out, "Eingabetaste", "Enter"), want) {
					t.Errorf("%q is not said in\n%s", want, out)
				}
			}
			src, err := os.ReadFile(filepath.Join(dir, "publiccode.yml"))
			if err != nil {
				t.Fatal(err)
			}
			res := publiccode.Parse(src, publiccode.Options{})
			for _, f := range res.Findings {
				if f.Severity != publiccode.Advice {
					t.Errorf("%s %s", f.Code, f.Message("en"))
				}
			}
			if p := res.PublicCode; p == nil || p.URL != "https://git.example.org/stadt/radkeller" || !tt.check(p) || strings.Contains(string(src)+out, "geheim") {
				t.Errorf("not what was answered:\n%s", src)
			}
			if strings.Contains(string(src), "bitte prüfen") || strings.Contains(string(src), "please check") {
				t.Errorf("what a person has answered is still marked as a guess:\n%s", src)
			}
		})
	}
}

func TestNewEndsEarly(t *testing.T) {
	dir := kellerFolder(t)
	for lang, want := range map[string]string{"de": "es wurde nichts geschrieben", "en": "nothing was written"} {
		out, errs, code := converse(t, "\nweb\n", "new", "--dir", dir, "--lang", lang)
		if code != exitUsage || !strings.Contains(errs, want) || !strings.Contains(errs, "--yes") {
			t.Errorf("exit code %d, %s%s", code, out, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "publiccode.yml")); err == nil {
		t.Error("a file is there")
	}
	if out, errs, code := converse(t, strings.Repeat("x", maxAnswer+1), "new", "--dir", dir); code != exitUsage {
		t.Errorf("an endless line: exit code %d, %s%s", code, out, errs)
	}
}

func TestNewWithoutQuestions(t *testing.T) {
	dir := kellerFolder(t)
	out, errs, code := command(t, "new", "--dir", dir, "--yes", "--lang", "en")
	src, err := os.ReadFile(filepath.Join(dir, "publiccode.yml"))
	if code != exitFindings || err != nil {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
	}
	for _, want := range []string{"name: Radkeller (README.md)", "developmentStatus: ", "AGPL-3.0-only, AGPL-3.0-or-later", "not valid yet"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said in\n%s", want, out)
		}
	}
	if !strings.Contains(string(src), "name: Radkeller  # please check: from README.md\n") {
		t.Errorf("the guess is not marked:\n%s", src)
	}

	// What validate finds is what was said to be missing.
	report, _, _ := command(t, "validate", "--lang", "en", filepath.Join(dir, "publiccode.yml"))
	if !strings.Contains(report, "developmentStatus") {
		t.Error(report)
	}

	if out, errs, code := command(t, "new", "--dir", dir, "--yes"); code != exitUsage || !strings.Contains(errs, "allmende fix") {
		t.Errorf("the file was written over: exit code %d, %s%s", code, out, errs)
	}
	if err := os.Rename(filepath.Join(dir, "publiccode.yml"), filepath.Join(dir, "publiccode.yaml")); err != nil {
		t.Fatal(err)
	}
	set := []string{"new", "--dir", dir, "--lang", "de", "--non-interactive"}
	if _, errs, code := command(t, set...); code != exitUsage || !strings.Contains(errs, "publiccode.yaml") {
		t.Errorf("a file beside it: exit code %d, %s", code, errs)
	}
	for _, s := range []string{
		"legal.license=AGPL-3.0-or-later", "maintenance.type=none", "platforms=web,linux", "developmentStatus=beta", "softwareType=standalone/web", "localisation.localisationReady=true",
		"localisation.availableLanguages=de,en", "description.de.features=Suchen, auch nachts", "description.de.features=Finden", "description.de.longDescription=" + long,
	} {
		set = append(set, "--set", s)
	}
	out, errs, code = command(t, append(set, "--output", "-")...)
	res := publiccode.Parse([]byte(out), publiccode.Options{})
	if code != 0 || !res.Valid() || !slices.Equal(res.PublicCode.Description["de"].Features, []string{"Suchen, auch nachts", "Finden"}) || !slices.Equal(res.PublicCode.Platforms, []string{"web", "linux"}) {
		t.Errorf("exit code %d, %v:\n%s%s", code, res.Findings, out, errs)
	}
	if out, errs, code := command(t, append(set, "--force")...); code != 0 || !strings.Contains(out, "publiccode.yaml ist geschrieben") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "publiccode.yml")); err == nil {
		t.Error("now there are two files")
	}
}

func TestNewCommandLine(t *testing.T) {
	dir := repositoryFolder(t)
	for _, tt := range []struct {
		want string
		args []string
	}{
		{"KEY=VALUE", []string{"--set", "name"}},
		{"farbe", []string{"--set", "farbe=blau"}},
		{"fertig", []string{"--set", "developmentStatus=fertig"}},
		{"description.de", []string{"--set", "name=a", "--set", "description.de=x"}},
		{"/does/not/exist", []string{"--dir", "/does/not/exist"}},
		{"argument", []string{"x"}},
		{"fr", []string{"--lang", "fr"}},
		{"/does/not", []string{"--yes", "--output", "/does/not/exist.yml"}},
	} {
		args := append([]string{"new", "--dir", dir, "--yes"}, tt.args...)
		if out, errs, code := command(t, args...); code != exitUsage || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: exit code %d, %s%s", args, code, out, errs)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
