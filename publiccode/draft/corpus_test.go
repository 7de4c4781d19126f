// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

// TestCorpus drafts real repositories without looking at the description that
// they have, and counts how often both agree, where a collection of them lies
// beside the repository.
func TestCorpus(t *testing.T) {
	folders, err := filepath.Glob("../../../shared/corpus/forge/*/*/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) == 0 {
		t.Skip("no corpus beside the repository")
	}
	type count struct{ declared, known, undecided, same int }
	var names, licences, texts count
	for _, folder := range folders {
		root, err := os.OpenRoot(folder)
		if err != nil {
			t.Fatal(err)
		}
		d := FromRepository(root.FS(), filepath.Base(folder))
		root.Close()
		for _, lang := range []string{"de", "en"} {
			src := d.YAML(lang)
			checkDraft(t, d, src)
			if string(src) != string(d.Clone().YAML(lang)) {
				t.Errorf("%s: two runs differ", folder)
			}
		}
		declared := declaredIn(folder)
		if declared == nil {
			continue
		}
		verbose := func(what string, args ...any) {
			if os.Getenv("CORPUS") == what {
				t.Log(append([]any{folder[len("../../../shared/corpus/forge/"):]}, args...)...)
			}
		}
		if declared.Name != "" {
			names.declared++
			if guess := d.values["name"].Text(); squeeze(guess) == squeeze(declared.Name) {
				names.same++
			} else {
				verbose("name", guess, "/", declared.Name)
			}
		}
		if len(licenceFilesIn(folder)) > 0 && publiccode.ValidLicence(declared.Legal.License) {
			licences.declared++
			v := d.values["legal.license"]
			guess := v.Text()
			if v.Confidence == Missing {
				guess = v.Choices[0]
				licences.undecided++
			}
			if guess != "" {
				licences.known++
			}
			if guess != "" && family(guess) == family(declared.Legal.License) {
				licences.same++
			} else {
				verbose("licence", guess, v.Source, "/", declared.Legal.License)
			}
		}
		texts.declared++
		if languages := d.Languages(); len(languages) > 0 {
			texts.known++
			verbose("text", languages, "\n    ", d.values["description."+languages[0]+".shortDescription"].Text())
			if _, ok := declared.Description[languages[0]]; ok {
				texts.same++
			}
		}
	}
	t.Logf("name: %d of %d equal", names.same, names.declared)
	t.Logf("licence: of %d with a licence text %d recognised (%d without deciding on later versions), %d of the declared family", licences.declared, licences.known, licences.undecided, licences.same)
	t.Logf("text: %d of %d have a description to propose, %d in a language of the declared", texts.known, texts.declared, texts.same)
}

func licenceFilesIn(folder string) []string {
	found, _ := filepath.Glob(folder + "/*")
	return slices.DeleteFunc(found, func(p string) bool {
		name := filepath.Base(p)
		return !licenceFile.MatchString(name) && name != "LICENSES"
	})
}

func declaredIn(folder string) *publiccode.PublicCode {
	for _, name := range []string{"publiccode.yml", "publiccode.yaml"} {
		if src, err := os.ReadFile(filepath.Join(folder, name)); err == nil {
			return publiccode.Parse(src, publiccode.Options{}).PublicCode
		}
	}
	return nil
}

// checkDraft holds a written file against the draft: it is YAML, says what was
// meant and nothing else, and all that is wrong with it is what is missing.
func checkDraft(t *testing.T, d *Draft, src []byte) {
	t.Helper()
	res := publiccode.Parse(src, publiccode.Options{})
	p := res.PublicCode
	if p == nil {
		t.Fatalf("no YAML: %v\n%s", res.Findings, src)
	}
	for _, f := range res.Findings {
		if f.Severity == publiccode.Error && !slices.Contains([]string{"PC0101", "PC0102", "PC0105", "PC0108"}, f.Code) {
			t.Errorf("%s: %s\n%s", f.Code, f.Message("en"), src)
		}
	}
	if p.Name != d.values["name"].Text() || p.SoftwareVersion != d.values["softwareVersion"].Text() || p.Legal.License != d.values["legal.license"].Text() {
		t.Errorf("name %q, version %q, licence %q in\n%s", p.Name, p.SoftwareVersion, p.Legal.License, src)
	}
	for lang, text := range p.Description {
		at := "description." + lang + "."
		if want := d.values[at+"shortDescription"].Text(); text.ShortDescription != want {
			t.Errorf("short description %q, want %q", text.ShortDescription, want)
		}
		if want := d.values[at+"longDescription"].Text(); strings.Join(strings.Fields(text.LongDescription), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("long description %q, want %q", text.LongDescription, want)
		}
		if want := d.values[at+"features"].Texts; !slices.Equal(text.Features, want) {
			t.Errorf("features %q, want %q", text.Features, want)
		}
	}
}
